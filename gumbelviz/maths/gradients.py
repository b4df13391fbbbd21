"""Gradients of E f(choice) with respect to the scores: the exact one, and every estimator, one row each.

Scores z (K,), p = softmax(z), noise G (K, N), winner D = argmax(z + G) as a one-hot column, soft choice
y = softmax((z + G) / tau). With J(y) = (diag y - y y') / tau and A(p) = diag p - p p' the estimators are

    REINFORCE                    (f(D) - b) (D - p),   b = 0, E f(D), or what makes the total variance least
    Gumbel-Softmax               J(y)' f'(y)
    straight-through GS          J(y)' f'(D), the same noise in y and D
    straight-through             A(p) f'(D)
    Rao-Blackwellised            the mean of J(y)' f'(D) over noise drawn anew given D
    ReinMax                      (2 A(q) - A(p) / 2) f'(D),   q = (p + D) / 2, whatever the temperature

With noise of scale beta take scores z / beta and temperature tau / beta, and divide the gradients by beta.
At temperatures 0 and infinity the soft choice has slope 0 in every draw, and so has what goes back through it.

Sources: Williams 1992; Greensmith, Bartlett and Baxter 2004 (baselines); Jang, Gu and Poole 2017; Maddison,
Mnih and Teh 2017; Bengio, Leonard and Courville 2013; Paulus, Maddison and Krause 2021; Liu, Dong, Liu, Yu and
Gao 2023.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths.concrete import choose, perturb, probabilities, relax
from gumbelviz.maths.objectives import Objective, corner_values
from gumbelviz.maths.refusals import check_logits, check_temperature

Reals = NDArray[np.float64]
EstimatorId = Literal[
    "reinforce",
    "reinforce_mean_baseline",
    "reinforce_optimal",
    "gumbel_softmax",
    "straight_through_gumbel_softmax",
    "straight_through",
    "rao_blackwell",
    "reinmax",
]


def exact(logits: ArrayLike, values: ArrayLike) -> Reals:
    """Return the gradient of E[values_i], i ~ softmax(logits), with respect to the logits: p_k (v_k - E v), (K,).

    The value of a masked option does not matter.

    Raises
    ------
    ValueError
        For logits without meaning, or values that are not one finite number for each option.
    """
    shares = probabilities(logits)
    worth = np.asarray(values, dtype=np.float64)
    if worth.shape != shares.shape or not np.isfinite(worth).all():
        raise ValueError(f"Give one finite value for each of the {shares.size} options.")
    return pull_back(shares[:, np.newaxis], worth[:, np.newaxis])[:, 0]


def pull_back(shares: Reals, slopes: Reals) -> Reals:
    """Return (diag y - y y') v = y_i sum_j y_j (v_i - v_j) of every column; (K, N), or (K, 1) to broadcast.

    Slopes are taken relative to that of the largest share, so that nothing cancels where it is nearly 1.
    """
    top = np.expand_dims(np.argmax(shares, axis=0), 0)
    if slopes.shape[1] == 1:
        relative = slopes - slopes[top, 0]
    else:
        relative = slopes - np.take_along_axis(slopes, np.broadcast_to(top, (1, slopes.shape[1])), axis=0)
    result: Reals = shares * (relative - np.sum(shares * relative, axis=0))
    return result


def least_variance_baseline(shares: Reals, values: Reals) -> float:
    """Return the constant b of least total variance: the mean of f weighted with p_i |e_i - p|^2; both (K,)."""
    lengths = (1 - shares) ** 2 + _sum_of_others(shares**2)
    weights = shares * lengths
    total = float(weights.sum())
    return float(weights @ values) / total if total > 0 else float(shares @ values)


def conditional_scores(logits: ArrayLike, winners: NDArray[np.intp], fresh: Reals) -> Reals:
    """Return perturbed scores (K, N) drawn anew, given who wins, from fresh Gumbel noise of the same shape.

    The winner's score is Gumbel at logsumexp(z), whoever wins; the others are Gumbel at z_j, cut off at it
    (Maddison, Tarlow and Minka 2014; Paulus, Maddison and Krause 2021, appendix B).
    """
    free = perturb(logits, fresh)
    z = check_logits(logits)
    z = z - z.max()
    columns = np.arange(free.shape[1])
    top = np.asarray(fresh)[winners, columns] + math.log(np.exp(z).sum())
    # Scores are relative to the largest, so that nothing overflows but what is far below, and rightly so.
    with np.errstate(over="ignore", divide="ignore"):
        scores: Reals = -np.log(np.exp(-free) + np.exp(-top))
    scores[winners, columns] = top
    return scores


@dataclass(frozen=True)
class Sample:
    """N draws of noise, and everything that estimators want to know of them, each worked out when asked for.

    Attributes
    ----------
    logits : (K,)
    temperature : float
    noise : (K, N)
        Standard Gumbel numbers.
    fresh : (M, K, N) or None
        More of them, for the M choices that are drawn anew given each winner.
    """

    logits: Reals
    temperature: float
    noise: Reals
    fresh: Reals | None = None

    @cached_property
    def shares(self) -> Reals:
        """p, (K, 1)."""
        return probabilities(self.logits)[:, np.newaxis].astype(self.noise.dtype)

    @cached_property
    def perturbed(self) -> Reals:
        """The noisy scores z + G, (K, N)."""
        return perturb(self.logits, self.noise)

    @cached_property
    def winners(self) -> NDArray[np.intp]:
        """The place of D, (N,)."""
        return choose(self.perturbed)

    @cached_property
    def hard(self) -> Reals:
        """D, (K, N)."""
        hard: Reals = np.zeros_like(self.perturbed)
        hard[self.winners, np.arange(self.winners.size)] = 1
        return hard

    @cached_property
    def soft(self) -> Reals:
        """y, (K, N)."""
        return relax(self.perturbed, self.temperature)

    def through(self, soft: Reals, slopes: Reals) -> Reals:
        """Return J(y)' v, (K, N); 0 where the soft choice does not move with the scores."""
        if self.temperature == 0 or self.temperature == math.inf:
            return np.zeros_like(soft)
        return pull_back(soft, slopes) / soft.dtype.type(self.temperature)


@dataclass(frozen=True, slots=True)
class Estimator:
    """One way to estimate the gradient from draws.

    Attributes
    ----------
    id
        The name that scripts rest on.
    name, source
        For people.
    biased
        False where its mean is the exact gradient for every objective.
    remark
        When it is biased, in a few words.
    forward, backward
        What runs forward and what backward.
    differentiates
        True where it asks for f', and not only for f of the winner.
    by_winner
        True where a draw's gradient depends on its winner alone.
    function
        One gradient per draw, (K, N).
    """

    id: EstimatorId
    name: str
    source: str
    biased: bool
    remark: str
    forward: str
    backward: str
    differentiates: bool
    by_winner: bool
    function: Callable[[Sample, Objective], Reals]

    def per_draw(
        self,
        logits: ArrayLike,
        temperature: float,
        noise: ArrayLike,
        objective: Objective,
        fresh: ArrayLike | None = None,
    ) -> Reals:
        """Return one gradient per draw, (K, N).

        Parameters
        ----------
        logits : (K,)
        temperature : float
        noise : (K, N)
            Standard Gumbel numbers; in single precision the gradients are too.
        objective
        fresh : (M, K, N)
            More of them, for the Rao-Blackwellised estimator only.

        Raises
        ------
        ValueError
            For numbers without meaning, or fresh noise that is missing.
        """
        tau = check_temperature(temperature)
        grains = _floats(noise)
        more = None if fresh is None else _floats(fresh)
        return self.function(Sample(check_logits(logits), tau, grains, more), objective)


def _reinforce(sample: Sample, objective: Objective) -> Reals:
    return _score_function(sample, objective, 0.0)


def _reinforce_mean_baseline(sample: Sample, objective: Objective) -> Reals:
    values = corner_values(objective, sample.logits.size)
    return _score_function(sample, objective, float(sample.shares[:, 0] @ values))


def _reinforce_optimal(sample: Sample, objective: Objective) -> Reals:
    values = corner_values(objective, sample.logits.size)
    shares = probabilities(sample.logits)
    return _score_function(sample, objective, least_variance_baseline(shares, values))


def _score_function(sample: Sample, objective: Objective, baseline: float) -> Reals:
    gains = objective.value(sample.hard) - sample.noise.dtype.type(baseline)
    return gains * (sample.hard - sample.shares)


def _gumbel_softmax(sample: Sample, objective: Objective) -> Reals:
    return sample.through(sample.soft, objective.slope(sample.soft))


def _straight_through_gumbel_softmax(sample: Sample, objective: Objective) -> Reals:
    return sample.through(sample.soft, objective.slope(sample.hard))


def _straight_through(sample: Sample, objective: Objective) -> Reals:
    gradients = pull_back(sample.shares, objective.slope(sample.hard))
    return np.broadcast_to(gradients, sample.noise.shape)


def _rao_blackwell(sample: Sample, objective: Objective) -> Reals:
    if sample.fresh is None or sample.fresh.ndim != 3 or sample.fresh.shape[1:] != sample.noise.shape:
        raise ValueError("The Rao-Blackwellised estimator needs fresh noise: choices by options by draws.")
    slopes = objective.slope(sample.hard)
    total: Reals = np.zeros_like(sample.noise)
    for fresh in sample.fresh:
        # The scores are drawn anew and then held: only the softmax is differentiated, not the conditioning.
        scores = conditional_scores(sample.logits, sample.winners, fresh)
        total += sample.through(relax(scores, sample.temperature), slopes)
    result: Reals = total / total.dtype.type(sample.fresh.shape[0])
    return result


def _reinmax(sample: Sample, objective: Objective) -> Reals:
    slopes = objective.slope(sample.hard)
    halfway = (sample.hard + sample.shares) / 2
    result: Reals = 2 * pull_back(halfway, slopes) - pull_back(sample.shares, slopes) / 2
    return result


ESTIMATORS: tuple[Estimator, ...] = (
    Estimator(
        "reinforce", "REINFORCE", "Williams 1992", False, "never",
        "hard choice D", "f(D) · (D − p): only the value of f, never its slope",
        False, True, _reinforce,
    ),
    Estimator(
        "reinforce_mean_baseline", "REINFORCE, mean baseline", "Williams 1992", False, "never",
        "hard choice D", "(f(D) − E f) · (D − p)",
        False, True, _reinforce_mean_baseline,
    ),
    Estimator(
        "reinforce_optimal", "REINFORCE, best baseline", "Greensmith et al. 2004", False, "never",
        "hard choice D", "(f(D) − b) · (D − p), b of least variance",
        False, True, _reinforce_optimal,
    ),
    Estimator(
        "gumbel_softmax", "Gumbel-Softmax", "Jang 2017, Maddison 2017", True, "less as τ → 0",
        "soft choice y", "slope of f at y, through the softmax at y",
        True, False, _gumbel_softmax,
    ),
    Estimator(
        "straight_through_gumbel_softmax", "Straight-through GS", "Jang et al. 2017", True, "less as τ → 0",
        "hard choice D", "slope of f at D, through the softmax at y",
        True, False, _straight_through_gumbel_softmax,
    ),
    Estimator(
        "straight_through", "Straight-through", "Bengio et al. 2013", True, "unless f is linear",
        "hard choice D", "slope of f at D, through the softmax of the scores",
        True, True, _straight_through,
    ),
    Estimator(
        "rao_blackwell", "Rao-Blackwellised ST", "Paulus et al. 2021", True, "as straight-through GS",
        "hard choice D", "straight-through GS, averaged over noise with that winner",
        True, False, _rao_blackwell,
    ),
    Estimator(
        "reinmax", "ReinMax", "Liu et al. 2023", True, "unless f is quadratic",
        "hard choice D", "slope of f at D, through softmaxes at p and (p + D) / 2",
        True, True, _reinmax,
    ),
)  # fmt: skip
"""The order in which tables show them."""

BY_ID = {row.id: row for row in ESTIMATORS}


def _floats(noise: ArrayLike) -> Any:
    grains = np.asarray(noise)
    return grains if grains.dtype == np.float32 else grains.astype(np.float64)


def _sum_of_others(numbers: Reals) -> Reals:
    """Return the sum without each number itself, (K,): no difference, so that small ones keep their digits."""
    before = np.concatenate([[0.0], np.cumsum(numbers)[:-1]])
    after = np.concatenate([np.cumsum(numbers[::-1])[-2::-1], [0.0]])
    result: Reals = before + after
    return result
