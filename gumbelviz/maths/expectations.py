"""Exact means of the soft choice: E[y], its covariance and the expected entropy, each by one integral over
the line.

With a second, independent Gumbel noise G' the soft choice becomes the chance of a hard one (max-stability;
Gumbel 1954):

    y_i = P(argmax_j (p_j + tau G'_j) = i  given p),    so    E[y_i] = P(argmax_j (z_j + G_j + tau G'_j) =
    i).

The X_j = z_j + W_j, W = G + tau G', are independent. With F, f the distribution function and density of W
and P(x) = prod_j F(x - z_j) that of the largest X,

    E[y_i]       =     integral of  f_i / F_i              P(x) dx          f_i = f(x - z_i), F_i = F(x -
    z_i) E[y_i y_j]   = tau integral of (f_i / F_i) (f_j / F_j) P(x) dx          i != j, since dE[y_i]/dz_j
    = -E[y_i y_j] / tau E[entropy y] = E[G' of the winner] - gamma                              since d(tau
    logsumexp(p / tau)) / dtau = entropy

F is a mixture over one of the two noises. All integrands are analytic in a strip of half width pi/2 around
the line and die out on both sides, so that the trapezoidal rule converges exponentially: halving the step
squares the error (Trefethen and Weideman 2014). Above temperature 1 everything is divided by tau, which
exchanges the two noises and keeps the strip as wide.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths.gumbel import EULER_GAMMA
from gumbelviz.maths.refusals import check_logits, check_scale, check_temperature

Reals = NDArray[np.float64]

MOST_OPTIONS = 100

_STEP = 0.25  # error about exp(-pi^2 / step) = 1e-17
_NOISE = np.arange(-15, 145) * _STEP  # from -3.75 to 36: the Gumbel density is below 1e-15 outside
_NOISE_WEIGHT = _STEP * np.exp(-_NOISE - np.exp(-_NOISE))
_IMPOSSIBLE = 1e-290  # so far below that P(x) is 0 for every purpose
_LOWEST, _HIGHEST = -9.0, 42.0  # where the largest of the X_j falls, around logsumexp(z), but for 1e-16


@dataclass(frozen=True, slots=True)
class Expectations:
    """What the soft choice y is on average; arrays (K,) and (K, K)."""

    mean: Reals
    covariance: Reals
    entropy: float

    @property
    def variance(self) -> Reals:
        """The variance of each share, (K,)."""
        return np.diag(self.covariance).copy()


def expectations(logits: ArrayLike, temperature: float, scale: float = 1.0) -> Expectations:
    """Return mean, covariance and expected entropy (nats) of the soft choice.

    Exact to 1e-14, the entropy to 1e-12 (tests/maths/test_references.py). About 3 ms for 10 options.

    At temperature 0 the one-hot law, at infinity the uniform point.

    Raises
    ------
    ValueError
        Above 100 unmasked options (simulate instead), a negative or NaN temperature, logits without
        meaning.
    """
    z, beta = check_logits(logits), check_scale(scale)
    tau = check_temperature(temperature) / beta
    open_options = z > -math.inf
    z = (z[open_options] - z.max()) / beta
    if z.size > MOST_OPTIONS:
        raise ValueError(f"Exact means are computed for up to {MOST_OPTIONS} options; beyond, simulate them.")
    if tau == math.inf or z.size == 1:
        mean, entropy = np.full(z.size, 1 / z.size), math.log(z.size)
        products = np.outer(mean, mean)
    elif tau == 0:
        mean = np.exp(z) / np.exp(z).sum()
        products, entropy = np.diag(mean), 0.0
    else:
        mean, products, entropy = _by_quadrature(z, tau)
    covariance = products - np.outer(mean, mean)
    np.fill_diagonal(covariance, np.maximum(np.diag(covariance), 0.0))  # rounding must not make a root NaN
    full_mean = np.zeros(open_options.size)
    full_mean[open_options] = mean
    full_covariance = np.zeros((open_options.size, open_options.size))
    full_covariance[np.ix_(open_options, open_options)] = covariance
    return Expectations(full_mean, full_covariance, entropy)


def mean(logits: ArrayLike, temperature: float, scale: float = 1.0) -> Reals:
    """Return E[y], (K,): not the chance of winning, but for temperature 0. Raises as `expectations`."""
    return expectations(logits, temperature, scale).mean


def variance(logits: ArrayLike, temperature: float, scale: float = 1.0) -> Reals:
    """Return the variance of each share, (K,). Raises as `expectations`."""
    return expectations(logits, temperature, scale).variance


def covariance(logits: ArrayLike, temperature: float, scale: float = 1.0) -> Reals:
    """Return the covariance of the shares, (K, K); its rows sum to 0. Raises as `expectations`."""
    return expectations(logits, temperature, scale).covariance


def expected_entropy(logits: ArrayLike, temperature: float, scale: float = 1.0) -> float:
    """Return E[-sum_i y_i log y_i] in nats, from 0 (temperature 0) to log K (infinity).

    Raises as `expectations`.
    """
    return expectations(logits, temperature, scale).entropy


def _by_quadrature(z: Reals, tau: float) -> tuple[Reals, Reals, float]:
    """Return E[y], E[y y'] and expected entropy; z (K,) finite, largest 0, 0 < tau < infinity, K >= 2."""
    swapped = tau > 1
    spread = 1 / tau if swapped else tau
    z = z / tau if swapped else z

    centre = math.log(np.exp(z).sum())
    x = np.arange(_LOWEST, centre + _HIGHEST, _STEP)
    below = x - z[:, np.newaxis]  # (K, M): the argument of F for option j
    chance, hazard, noise = _sum_of_noises(below, spread)
    largest = _STEP * np.prod(chance, axis=0)

    mean = hazard @ largest
    products = min(tau, 1.0) * (hazard * largest) @ hazard.T  # z in units of tau above 1
    np.fill_diagonal(products, 0.0)
    np.fill_diagonal(products, mean - products.sum(axis=1))  # the shares sum to 1
    # E[the noise that tau multiplies, of the winner]: the mixed one, or what the mixed one leaves
    winner_noise = (below * hazard - spread * noise if swapped else noise) @ largest
    return mean, products, max(0.0, float(winner_noise.sum()) - EULER_GAMMA)


def _sum_of_noises(w: Reals, spread: float) -> tuple[Reals, Reals, Reals]:
    """Return F(w), f(w) / F(w) and E[U | W = w] f(w) / F(w) of W = G + spread U, spread <= 1; w (K, M).

    F(w) = E exp(-t) and f(w) = E t exp(-t) with t = exp(-(w - spread U)): one table of exp(-t) serves all
    three.
    """
    tilt = np.exp(spread * _NOISE)
    columns = np.stack([_NOISE_WEIGHT, _NOISE_WEIGHT * tilt, _NOISE_WEIGHT * tilt * _NOISE], axis=1)
    rates = np.exp(-w)
    integrals = np.empty((*w.shape, 3))
    table = np.empty((w.shape[1], tilt.size))
    for rate, row in zip(rates, integrals, strict=True):  # one option at a time stays in the cache
        np.multiply(-rate[:, np.newaxis], tilt, out=table)
        np.matmul(np.exp(table, out=table), columns, out=row)
    chance = integrals[..., 0]
    divisor = np.where(chance > _IMPOSSIBLE, chance, math.inf)
    return chance, rates * integrals[..., 1] / divisor, rates * integrals[..., 2] / divisor
