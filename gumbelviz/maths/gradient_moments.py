"""Exact mean and variance of the gradient estimators, where a finite sum or a quadrature gives them.

An estimator that depends on the winner alone takes K values: a finite sum. For those that go back through the
soft choice of two or three options, the lags w_j >= 0 of the losers behind the winner i have the density

    (K-1)! e^(z_i) prod_j e^(z_j + w_j) / (e^(z_i) + sum_j e^(z_j + w_j))^K

(the product of the Gumbel densities, integrated over the winner's score), and y_j / y_i = e^(-w_j / tau). That
is integrated by Gauss-Legendre rules on panels that are narrow where the soft choice changes (w of the order of
tau) and where the density does (w around z_i - z_j). Given the winner the Rao-Blackwellised estimator is the
mean of M independent straight-through ones. With a linear objective E[J(y)' c] needs only E[y y'], which is known
for up to 100 options.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths.concrete import probabilities
from gumbelviz.maths.expectations import MOST_OPTIONS, expectations
from gumbelviz.maths.gradients import BY_ID, Estimator, EstimatorId, Sample, exact, pull_back
from gumbelviz.maths.objectives import Linear, Objective, corner_slopes, corner_values
from gumbelviz.maths.refusals import check_logits, check_temperature

Reals = NDArray[np.float64]

MOST_SUMMED = 1_024
"""Options up to which finite sums are made: they take K^2 numbers."""
MOST_INTEGRATED = 3
"""Options that can win up to which expectations are integrated over the lags."""
LEAST_TEMPERATURE = 1e-9
"""Temperature below which nothing is integrated: there are ever more panels, for a switch that dims no more."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Exact mean and variance of one draw's gradient, each (K,) or None where it is not known."""

    mean: Reals | None
    variance: Reals | None


UNKNOWN = Moments(None, None)


@dataclass(frozen=True, slots=True)
class _Rule:
    """How finely to integrate: where tails end, width of a panel in units of what changes, points in it."""

    tail: float
    width: float
    points: int


_NEVER_WINS = -600.0
_FINE = _Rule(36.0, 2.0, 10)
_QUICK = _Rule(17.0, 4.0, 6)


def exact_moments(
    logits: ArrayLike,
    temperature: float,
    objective: Objective,
    conditional_draws: int = 1,
    quick: bool = False,
) -> dict[EstimatorId, Moments]:
    """Return what is known exactly of every estimator.

    Parameters
    ----------
    logits : (K,)
    temperature : float
    objective
    conditional_draws : int
        M of the Rao-Blackwellised estimator.
    quick : bool
        For three options take a rule that is ten times faster, with an error of about 1e-4 of the largest in place of
        1e-11: enough for a picture.

    Raises
    ------
    ValueError
        For logits or temperature without meaning.
    """
    z, tau = check_logits(logits), check_temperature(temperature)
    known: dict[EstimatorId, Moments] = dict.fromkeys(BY_ID, UNKNOWN)
    known.update(winner_moments(z, objective))
    known.update(soft_moments(z, tau, objective, conditional_draws, quick))
    return known


def winner_moments(logits: ArrayLike, objective: Objective) -> dict[EstimatorId, Moments]:
    """Return mean and variance of the estimators that depend on the winner alone, for up to 1,024 options.

    The means of the REINFORCE family are the exact gradient, and known for any number.
    """
    z = check_logits(logits)
    shares = probabilities(z)
    rows = [row for row in BY_ID.values() if row.by_winner]
    if z.size > MOST_SUMMED:
        gradient = exact(z, corner_values(objective, z.size))
        return {row.id: UNKNOWN if row.biased else Moments(gradient, None) for row in rows}
    return {row.id: _of_winners(winner_gradients(row, z, objective), shares) for row in rows}


def winner_gradients(
    row: Estimator, logits: Reals, objective: Objective, winners: NDArray[np.intp] | None = None
) -> Reals:
    """Return the gradient for each of some winners, (K, W): all options, unless they are given."""
    options = logits.size
    places = np.arange(options) if winners is None else winners
    hard = np.zeros((options, places.size))
    hard[places, np.arange(places.size)] = 1.0
    sample = Sample(logits, 1.0, hard)
    # The winners are given, whatever the noise: cached properties look there first.
    sample.__dict__.update(hard=hard, winners=places)
    return row.function(sample, objective)


def soft_moments(
    logits: ArrayLike, temperature: float, objective: Objective, conditional_draws: int = 1, quick: bool = False
) -> dict[EstimatorId, Moments]:
    """Return what is known of the estimators that go back through the soft choice."""
    z, tau = check_logits(logits), check_temperature(temperature)
    open_options = z > -math.inf
    count = int(np.count_nonzero(open_options))
    ids: tuple[EstimatorId, ...] = ("gumbel_softmax", "straight_through_gumbel_softmax", "rao_blackwell")
    if tau == 0 or tau == math.inf or count == 1:
        nothing = np.zeros(z.size)
        return dict.fromkeys(ids, Moments(nothing, nothing))
    if tau < LEAST_TEMPERATURE:
        return dict.fromkeys(ids, UNKNOWN)
    if count <= MOST_INTEGRATED:
        # Far apart, what counts is in the tails that the quick rule leaves out.
        spread = float(np.ptp(z[open_options]))
        rule = _QUICK if quick and count > 2 and spread <= _QUICK.tail / 2 else _FINE
        return _integrated(z, tau, objective, conditional_draws, rule)
    if isinstance(objective, Linear) and count <= MOST_OPTIONS:
        law = expectations(z, tau)
        products = law.covariance + np.outer(law.mean, law.mean)
        # sum_j E[y_i y_j] (c_i - c_j): the same as (diag E y - E y y') c, with nothing to cancel.
        c = objective.values
        mean = np.sum(products * (c[:, np.newaxis] - c), axis=1) / tau
        return dict.fromkeys(ids, Moments(mean, None))
    return dict.fromkeys(ids, UNKNOWN)


def _of_winners(gradients: Reals, shares: Reals) -> Moments:
    """Return the moments of a gradient that is column i of `gradients` (K, K) with chance `shares[i]`."""
    mean: Reals = gradients @ shares
    return Moments(mean, (gradients - mean[:, np.newaxis]) ** 2 @ shares)


def _integrated(
    z: Reals, tau: float, objective: Objective, conditional_draws: int, rule: _Rule
) -> dict[EstimatorId, Moments]:
    places = np.flatnonzero(z > -math.inf)
    own = z[places] - z.max()
    slopes = corner_slopes(objective, z.size)
    relaxed, straight, chances = [], [], []
    for winner, place in enumerate(places):
        if own[winner] < _NEVER_WINS:
            continue
        weights, soft = _given_winner(own, winner, tau, rule)
        shares = np.zeros((z.size, weights.size))
        shares[places] = soft
        relaxed.append((pull_back(shares, objective.slope(shares)) / tau, weights))
        straight.append((pull_back(shares, slopes[:, [place]]) / tau, weights))
        chances.append(weights.sum())
    relaxed_mean = _total([gradients @ weights for gradients, weights in relaxed])
    straight_mean = _total([gradients @ weights for gradients, weights in straight])
    given = [gradients @ weights / chance for (gradients, weights), chance in zip(straight, chances, strict=True)]
    between = _total([chance * (mine - straight_mean) ** 2 for mine, chance in zip(given, chances, strict=True)])
    within = _total([_squares(*pair, mine) for pair, mine in zip(straight, given, strict=True)])
    return {
        "gumbel_softmax": Moments(relaxed_mean, _total([_squares(*pair, relaxed_mean) for pair in relaxed])),
        "straight_through_gumbel_softmax": Moments(straight_mean, between + within),
        "rao_blackwell": Moments(straight_mean, between + within / conditional_draws),
    }


def _squares(gradients: Reals, weights: Reals, centre: Reals) -> Reals:
    """Return the weighted sum of squared distances from `centre`, (K,); subtracted first, so nothing cancels."""
    distances = gradients - centre[:, np.newaxis]
    squares: Reals = (distances * distances) @ weights
    return squares


def _total(parts: list[Reals]) -> Reals:
    total: Reals = np.sum(parts, axis=0)
    return total


def _given_winner(z: Reals, winner: int, tau: float, rule: _Rule) -> tuple[Reals, Reals]:
    """Return weights (M,) that sum to P(winner), and the soft choices there, (K, M); z (K,) finite, K <= 3."""
    losers = [j for j in range(z.size) if j != winner]
    lags, widths, rises = [], [], []
    for j in losers:
        places, steps = _panels(z[winner] - z[j], tau, rule)
        lags.append(places)
        widths.append(steps)
        rises.append(np.exp(z[j] - z[winner] + places))
    if len(losers) == 1:
        weights = widths[0] * rises[0] / (1 + rises[0]) ** 2
        ratios = [np.exp(-lags[0] / tau)]
    else:
        total = 1 + rises[0][:, np.newaxis] + rises[1]
        first, second = (widths[0] * rises[0])[:, np.newaxis] / total, widths[1] * rises[1] / total
        weights = (2 * first * second / total).ravel()
        left, right = np.exp(-lags[0] / tau), np.exp(-lags[1] / tau)
        ratios = [np.repeat(left, right.size), np.tile(right, left.size)]
    soft = np.empty((z.size, weights.size))
    soft[winner] = 1 / (1 + sum(ratios))
    for j, ratio in zip(losers, ratios, strict=True):
        soft[j] = soft[winner] * ratio
    return weights, soft


def _panels(lead: float, tau: float, rule: _Rule) -> tuple[Reals, Reals]:
    """Return points and weights on [0, infinity) for the lag of an option that starts `lead` behind the winner."""
    start, top = max(lead - rule.tail, 0.0), max(lead, 0.0) + rule.tail
    near = rule.width * min(tau, 1.0)
    edges = [k * near for k in range(math.ceil(rule.tail / rule.width) + 1)]
    # Up to the place where the density begins to change the integrand is nothing, or an exponential.
    while edges[-1] < start:
        edges.append(min(2 * edges[-1], start))
    while edges[-1] < top:
        edges.append(min(edges[-1] + min(edges[-1], rule.width), top))
    points, weights = np.polynomial.legendre.leggauss(rule.points)
    starts, widths = np.array(edges[:-1])[:, np.newaxis], np.diff(edges)[:, np.newaxis]
    return (starts + widths * (points + 1) / 2).ravel(), (widths * weights / 2).ravel()
