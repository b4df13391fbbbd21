"""The Gumbel-Softmax trick itself: perturb the logits, then take the largest or a softmax.

Logits z (K,), noise G (K, N), perturbed scores p = z + G, hard choice argmax p, soft choice y = softmax(p /
tau). One row per option, one column per draw; a single draw (K,) works too. A logit of minus infinity masks
its option: y = 0, log y = -infinity. Temperatures 0 (one-hot) and infinity (uniform over the unmasked
options) are exact. With noise of scale beta everything is the standard case with logits z / beta and
temperature tau / beta.

Whoever prefers one import finds the exact means of `expectations` here as well.

Sources: Maddison, Tarlow and Minka 2014 (the perturbed scores); Jang, Gu and Poole 2017 (Gumbel-Softmax);
Maddison, Mnih and Teh 2017 (the same law as "Concrete", with its density).
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths import special
from gumbelviz.maths.compensated import accurate_sum, quotient, two_product, two_sum
from gumbelviz.maths.expectations import (
    Expectations,
    covariance,
    expectations,
    expected_entropy,
    mean,
    variance,
)
from gumbelviz.maths.refusals import LARGEST, check_logits, check_scale, check_scores, check_temperature

__all__ = [
    "Expectations",
    "behind_sf",
    "choose",
    "covariance",
    "expectations",
    "expected_entropy",
    "log_density",
    "log_odds",
    "log_relax",
    "margin_sf",
    "mean",
    "perturb",
    "probabilities",
    "relax",
    "variance",
    "winning_score_location",
]

Reals = NDArray[np.float64]
Winners = NDArray[np.intp]

_OFF_THE_SIMPLEX = 1e-4  # float32 shares miss a sum of one by about 1e-6


def probabilities(logits: ArrayLike, scale: float = 1.0) -> Reals:
    """Return P(argmax = i) = softmax(logits / scale), shape (K,).

    The location of the noise cancels and the temperature does not enter (Maddison, Tarlow and Minka 2014).

    Raises
    ------
    ValueError
        If a logit is NaN or plus infinity, all are masked, there is none, or the scale is not above zero.
    """
    return _softmax(check_logits(logits), check_scale(scale))


def perturb(logits: ArrayLike, noise: ArrayLike) -> Reals:
    """Return scores (K, N): logits less the largest logit, plus noise (K, N). Noise (K,) gives (K,).

    Subtracting first changes no choice and keeps the noise: added to a raw logit of 1e8 in single precision
    it would be absorbed, and the first option would win nearly always. Float32 noise gives float32 scores.

    Raises
    ------
    ValueError
        For logits without meaning, noise of another shape, or noise that is not finite (an infinite noise
        comes from an exponential draw of exactly 0: draw again).
    """
    scores = check_logits(logits)
    grains = np.asarray(noise)
    if grains.dtype != np.float32:
        grains = grains.astype(np.float64)
    if grains.ndim not in (1, 2) or grains.shape[0] != scores.size:
        raise ValueError(f"Noise of shape {grains.shape} does not fit {scores.size} options: one row per option.")
    if not np.isfinite(grains).all():
        raise ValueError("A noise value is not finite: draw it again.")
    with np.errstate(over="ignore"):  # far below in float32 is as good as masked
        relative = (scores - scores.max()).astype(grains.dtype)
    result: Reals = (relative if grains.ndim == 1 else relative[:, np.newaxis]) + grains
    return result


def choose(perturbed: ArrayLike) -> Winners:
    """Return the winner of every draw, argmax over the options: integers (N,); of ties the first.

    Raises
    ------
    ValueError
        If a score is NaN or plus infinity, or a draw has no option left.
    """
    check_scores(perturbed)
    winners: Winners = np.argmax(np.asarray(perturbed), axis=0)
    return winners


def relax(perturbed: ArrayLike, temperature: float) -> Reals:
    """Return the soft choices y = softmax(perturbed / temperature), (K, N); each column sums to 1.

    At temperature 0 one-hot on `choose`, at infinity uniform over the unmasked options. Float32 in gives
    float32 out.

    Raises
    ------
    ValueError
        For a negative or NaN temperature, or scores without meaning (see `choose`).
    """
    scores, tau = check_scores(perturbed), check_temperature(temperature)
    if tau == 0:
        shares = _one_hot(scores)
    elif tau == math.inf:
        shares = _uniform(scores)
    else:
        shares = _softmax(scores, tau)
    return _like(shares, perturbed)


def log_relax(perturbed: ArrayLike, temperature: float) -> Reals:
    """Return log y, (K, N), without forming y: finite and with all digits where y itself is exactly 0 or 1.

    Raises
    ------
    ValueError
        As `relax`.
    """
    scores, tau = check_scores(perturbed), check_temperature(temperature)
    if tau == 0 or tau == math.inf:
        with np.errstate(divide="ignore"):
            log_shares = np.log(_one_hot(scores) if tau == 0 else _uniform(scores))
    else:
        steps, rests, others = _below_the_winner(scores, tau)
        log_shares = steps - (np.log1p(others) - rests)
    return _like(log_shares, perturbed)


def log_density(log_y: ArrayLike, logits: ArrayLike, temperature: float, scale: float = 1.0) -> Reals:
    """Return the log density of the soft choice at y = exp(log_y), with respect to dy_1 ... dy_(K-1).

        ln p(y) = ln (K-1)! + (K-1) ln tau + sum_i (z_i - (tau+1) ln y_i) - K logsumexp_i (z_i - tau ln y_i)

    (Maddison, Mnih and Teh 2017, definition 1; Jang, Gu and Poole 2017, appendix B).

    Where n of the K shares are 0 the density tends to infinity, a constant or 0 for tau below, at or above
    n / (K - n), along the way on which the vanishing shares stay equal; that limit is returned. Masked
    options are left out.

    Parameters
    ----------
    log_y : (K, N) or (K,)
        Log shares; their exponentials sum to 1 in each column.
    logits : (K,)
    temperature : float
        Above 0 and below infinity.
    scale : float
        Scale of the noise.

    Returns
    -------
    (N,) or a single number
        The log density; plus or minus infinity on a face, never NaN.

    Raises
    ------
    ValueError
        For shares that do not sum to 1, a temperature at which the law has no density, logits without
        meaning.
    """
    z, beta = check_logits(logits), check_scale(scale)
    tau = check_temperature(temperature) / beta
    if tau == 0:
        raise ValueError("At temperature 0 every soft choice is a corner of the simplex: it has no density.")
    if tau > LARGEST:
        raise ValueError("At infinite temperature every soft choice is the same point: it has no density.")
    columns = _check_log_shares(log_y, z.size)
    single = columns.ndim == 1
    columns = columns[:, np.newaxis] if single else columns

    masked = z == -math.inf
    result = np.full(columns.shape[1], -math.inf)
    inside = np.all(columns[masked] == -math.inf, axis=0)
    z, columns = z[~masked] / beta, columns[~masked]
    zeros = np.count_nonzero(columns == -math.inf, axis=0)
    for n in np.unique(zeros[inside]):
        here = inside & (zeros == n)
        if n == 0:
            result[here] = _log_density_inside(columns[:, here], z, tau)
        else:
            result[here] = _log_density_on_face(columns[:, here], z, tau, int(n))
    answer: Reals = result[0] if single else result
    return answer


def winning_score_location(logits: ArrayLike, scale: float = 1.0) -> float:
    """Return the location of the largest perturbed score: max_i (z_i + G_i) ~ Gumbel(location, scale).

    The location is scale logsumexp(logits / scale), for noise of location 0. The largest score does not
    depend on which option it belongs to (Gumbel 1954; Maddison, Tarlow and Minka 2014).
    """
    z, beta = check_logits(logits), check_scale(scale)
    _, _, others = _below_the_winner(z, beta)
    return float(z.max() + beta * math.log1p(float(others)))


def behind_sf(gap: float, logits: ArrayLike, scale: float = 1.0) -> Reals:
    """Return P(option i is behind the winner by more than `gap`), (K,); `gap` >= 0, in units of the scores.

    It is not, exactly if it would still win with its logit raised by the gap: the chance of that is
    1 / (1 + exp(-gap / scale) / odds_i) with the odds of winning p_i / (1 - p_i) (Gumbel 1954). A masked option is
    always behind.

    Raises
    ------
    ValueError
        If the gap is negative or NaN, or as `probabilities`.
    """
    z, beta = check_logits(logits), check_scale(scale)
    if not gap >= 0:
        raise ValueError("An option is behind by 0 or more.")
    unmasked = z > -math.inf
    chance = np.ones(z.size)
    own = (z[unmasked] - z.max()) / beta
    chance[unmasked] = special.expit(-(log_odds(own) + gap / beta)) if own.size > 1 else 0.0
    return chance


def margin_sf(ratio: ArrayLike, logits: ArrayLike, temperature: float, scale: float = 1.0) -> Reals:
    """Return P(largest share / second largest share > ratio), elementwise.

    sum_i q_i / (q_i + (1 - q_i) R^tau) with q the probabilities of winning: given its winner, option i
    beats the rest by more than tau log R exactly if it would still win with its logit lowered by that much
    (Gumbel 1954; standard noise assumed, tau / scale otherwise). A single unmasked option has no second: 1.

    Raises
    ------
    ValueError
        If a ratio is NaN or below 0, or as `relax`.
    """
    z, beta = check_logits(logits), check_scale(scale)
    tau = check_temperature(temperature) / beta
    factors = np.asarray(ratio, dtype=np.float64)
    if not np.all(factors >= 0):
        raise ValueError("The margin is a ratio of two shares: give numbers from 0 upwards.")
    z = (z[z > -math.inf] - z.max()) / beta
    if z.size == 1:
        chance = np.ones_like(factors)
    elif tau == 0:
        chance = np.where(factors < math.inf, 1.0, 0.0)
    elif tau == math.inf:
        chance = np.where(factors < 1, 1.0, 0.0)
    else:
        lead = tau * np.log(np.maximum(factors, 1.0))[..., np.newaxis]
        chance = special.expit(log_odds(z) - lead).sum(axis=-1)
    answer: Reals = np.minimum(chance, 1.0)[()]
    return answer


def log_odds(z: Reals) -> Reals:
    """Return log(q / (1 - q)) of the chances to win q = softmax(z), (K,); z finite, K >= 2."""
    top = int(z.argmax())
    relative = z - z[top]
    weights = np.exp(relative)
    weights[top] = 0.0
    # Whatever any but the best option competes with has the best one in it, and so cannot cancel.
    odds: Reals = relative - np.log1p(np.maximum(weights.sum() - weights, 0.0))
    odds[top] = -special.logsumexp(np.delete(relative, top))
    return odds


def _below_the_winner(scores: Reals, temperature: float) -> tuple[Reals, Reals, Reals]:
    """Return d / tau, the rest of it that float64 misses, and the sum of exp(d / tau) without the winner.

    d = scores - max(scores) <= 0, (K, N) or (K,). Leaving the winner's 1 out of the sum keeps all digits of
    log1p(sum).
    """
    steps, rests = quotient(scores, scores.max(axis=0), np.asarray(temperature))
    weights = np.exp(steps) * (1 + rests)
    np.put_along_axis(weights, np.expand_dims(scores.argmax(axis=0), 0), 0.0, axis=0)
    return steps, rests, weights.sum(axis=0)


def _softmax(scores: Reals, temperature: float) -> Reals:
    steps, rests, others = _below_the_winner(scores, temperature)
    shares: Reals = np.exp(steps) * (1 + rests) / (1 + others)
    return shares


def _one_hot(scores: Reals) -> Reals:
    shares = np.zeros_like(scores)
    np.put_along_axis(shares, np.expand_dims(scores.argmax(axis=0), 0), 1.0, axis=0)
    return shares


def _uniform(scores: Reals) -> Reals:
    open_options = scores > -math.inf
    shares: Reals = open_options / np.count_nonzero(open_options, axis=0)
    return shares


def _check_log_shares(log_y: ArrayLike, options: int) -> Reals:
    columns = np.asarray(log_y, dtype=np.float64)
    if columns.ndim not in (1, 2) or columns.shape[0] != options:
        raise ValueError(f"Log shares of shape {columns.shape} do not fit {options} options: one row per option.")
    with np.errstate(over="ignore"):
        totals = np.exp(columns).sum(axis=0)
    if not np.all(abs(totals - 1) <= _OFF_THE_SIMPLEX):  # also true of NaN
        raise ValueError("These are not log shares: their exponentials must sum to 1 in every draw.")
    return columns


def _log_density_inside(log_y: Reals, z: Reals, tau: float) -> Reals:
    """Return the log density where every share is above 0; log_y (K, N), z (K,), all finite.

    With m the option of the largest a_i = z_i - tau log y_i the density is
    log (K-1)! + (K-1) log tau + sum_i ((a_i - a_m) - log y_i) - K log(1 + sum_(i != m) exp(a_i - a_m)).
    Its terms grow like log y and cancel in part, exactly so at tau = 1 / (K-1): hence the compensated sum.
    """
    options = z.size
    top = np.expand_dims(np.argmax(z[:, np.newaxis] - tau * log_y, axis=0), 0)
    log_top = np.take_along_axis(log_y, top, axis=0)
    rise, rise_rest = two_sum(z[:, np.newaxis], -z[top])
    fall, fall_rest = two_sum(log_y, -log_top)
    slope, slope_rest = two_product(np.asarray(tau), fall)
    step, step_rest = two_sum(rise, -slope)
    step_rest = step_rest + (rise_rest - slope_rest - tau * fall_rest)
    weights = np.exp(step) * (1 + step_rest)
    np.put_along_axis(weights, top, 0.0, axis=0)
    constant = special.gammaln(options) + (options - 1) * math.log(tau)
    crowding = constant - options * np.log1p(weights.sum(axis=0))
    return accurate_sum([*step, *-log_y, *step_rest, crowding])


def _log_density_on_face(log_y: Reals, z: Reals, tau: float, zeros: int) -> Reals:
    """Return the limit of the log density as `zeros` shares vanish together; log_y (K, N), z (K,)."""
    options = z.size
    excess = tau * (options - zeros) - zeros
    if excess != 0:
        return np.full(log_y.shape[1], -math.inf if excess > 0 else math.inf)
    gone = log_y == -math.inf
    columns = np.broadcast_to(z[:, np.newaxis], log_y.shape)
    vanishing = special.logsumexp(np.where(gone, columns, -math.inf), axis=0)
    kept = np.where(gone, 0.0, log_y).sum(axis=0)
    constant = special.gammaln(options) + (options - 1) * math.log(tau)
    limit: Reals = constant + z.sum() - options * vanishing - (tau + 1) * kept
    return limit


def _like(result: Reals, given: ArrayLike) -> Reals:
    answer: Reals = result.astype(np.float32) if np.asarray(given).dtype == np.float32 else result
    return answer
