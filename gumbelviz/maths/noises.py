"""Other noises one can try instead of Gumbel's, one row each, and who wins with them.

Every row has the mean gamma = 0.5772... and the variance pi^2 / 6 of the standard Gumbel law, so that the
noises differ in shape alone. The mean cancels in argmax(z + noise); a noise of scale beta is beta times the
unit one, so that its winners are those of the scores z / beta.

With independent noise of density f and distribution function F the chance that option i wins is

    P(i) = integral of  f(x - z_i)  prod_(j != i) F(x - z_j)  dx .

Only Gumbel's noise makes this softmax(z) for every number of options (Yellott 1977, "The relationship between
Luce's choice axiom, Thurstone's theory of comparative judgment, and the double exponential distribution").
With two options only the difference of the two noises counts. It is symmetric, so that a noise and its mirror
image choose alike: two options cannot tell Gumbel from minus-Gumbel.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths import gumbel, special
from gumbelviz.maths.gumbel import EULER_GAMMA
from gumbelviz.maths.refusals import check_logits, check_scale

Reals = NDArray[np.float64]

MOST_OPTIONS = 128
"""Above, the integrals take longer than a screen tick by far: simulate."""

DEVIATION = math.pi / math.sqrt(6.0)
"""Standard deviation of the standard Gumbel law, and so of every row."""
_HALF_WIDTH = math.sqrt(3.0) * DEVIATION
_LOGISTIC_SCALE = 1.0 / math.sqrt(2.0)  # its variance is (pi scale)^2 / 3

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANEL = 0.5  # the densities are analytic within 2 of the line: 16 nodes a panel leave an error below 1e-15
_IMPOSSIBLE = 1e-290  # so far down that the product of all F is 0 for every purpose


@dataclass(frozen=True, slots=True)
class Noise:
    """One law of noise, with mean gamma and variance pi^2 / 6.

    Attributes
    ----------
    id, name
        How programs and people call it.
    pdf, cdf
        Density and distribution function at any real x, elementwise.
    ppf
        The quantile of q, 0 < q < 1: what turns uniform numbers into this noise.
    reach
        Where all but 1e-17 of it lies; an exact end where the law has one.
    kinks
        Where the density is not smooth: integrals are cut there.
    """

    id: str
    name: str
    pdf: Callable[[Reals], Reals]
    cdf: Callable[[Reals], Reals]
    ppf: Callable[[Reals], Reals]
    reach: tuple[float, float]
    kinks: tuple[float, ...] = ()


def _minus_pdf(x: Reals) -> Reals:
    return gumbel.pdf(2 * EULER_GAMMA - x)


def _minus_cdf(x: Reals) -> Reals:
    return gumbel.sf(2 * EULER_GAMMA - x)


def _minus_ppf(q: Reals) -> Reals:
    return 2 * EULER_GAMMA - gumbel.isf(q)


def _gaussian_pdf(x: Reals) -> Reals:
    standard = (x - EULER_GAMMA) / DEVIATION
    density: Reals = np.exp(-0.5 * standard * standard) / (DEVIATION * math.sqrt(2 * math.pi))
    return density


def _gaussian_cdf(x: Reals) -> Reals:
    share: Reals = special.ndtr((x - EULER_GAMMA) / DEVIATION)
    return share


def _gaussian_ppf(q: Reals) -> Reals:
    x: Reals = EULER_GAMMA + DEVIATION * special.ndtri(q)
    return x


def _uniform_pdf(x: Reals) -> Reals:
    return np.where(abs(x - EULER_GAMMA) <= _HALF_WIDTH, 0.5 / _HALF_WIDTH, 0.0)


def _uniform_cdf(x: Reals) -> Reals:
    return np.clip(0.5 + 0.5 * (x - EULER_GAMMA) / _HALF_WIDTH, 0.0, 1.0)


def _uniform_ppf(q: Reals) -> Reals:
    return EULER_GAMMA + _HALF_WIDTH * (2.0 * q - 1.0)


def _logistic_pdf(x: Reals) -> Reals:
    share = special.expit((x - EULER_GAMMA) / _LOGISTIC_SCALE)
    other = special.expit((EULER_GAMMA - x) / _LOGISTIC_SCALE)
    density: Reals = share * other / _LOGISTIC_SCALE
    return density


def _logistic_cdf(x: Reals) -> Reals:
    share: Reals = special.expit((x - EULER_GAMMA) / _LOGISTIC_SCALE)
    return share


def _logistic_ppf(q: Reals) -> Reals:
    x: Reals = EULER_GAMMA + _LOGISTIC_SCALE * special.logit(q)
    return x


_FIRST = EULER_GAMMA - DEVIATION  # where the exponential noise begins


def _exponential_pdf(x: Reals) -> Reals:
    after = np.maximum(x - _FIRST, 0.0) / DEVIATION
    return np.where(x >= _FIRST, np.exp(-after) / DEVIATION, 0.0)


def _exponential_cdf(x: Reals) -> Reals:
    return -np.expm1(-np.maximum(x - _FIRST, 0.0) / DEVIATION)


def _exponential_ppf(q: Reals) -> Reals:
    return _FIRST - DEVIATION * np.log1p(-q)


NOISES = (
    Noise("gumbel", "Gumbel", gumbel.pdf, gumbel.cdf, gumbel.ppf, (-4.0, 40.0)),
    Noise(
        "gaussian", "Gaussian", _gaussian_pdf, _gaussian_cdf, _gaussian_ppf,
        (EULER_GAMMA - 9.0 * DEVIATION, EULER_GAMMA + 9.0 * DEVIATION),
    ),
    Noise(
        "uniform", "Uniform", _uniform_pdf, _uniform_cdf, _uniform_ppf,
        (EULER_GAMMA - _HALF_WIDTH, EULER_GAMMA + _HALF_WIDTH),
        (EULER_GAMMA - _HALF_WIDTH, EULER_GAMMA + _HALF_WIDTH),
    ),
    Noise(
        "logistic", "Logistic", _logistic_pdf, _logistic_cdf, _logistic_ppf,
        (EULER_GAMMA - 40.0 * _LOGISTIC_SCALE, EULER_GAMMA + 40.0 * _LOGISTIC_SCALE),
    ),
    Noise(
        "exponential", "Exponential", _exponential_pdf, _exponential_cdf, _exponential_ppf,
        (_FIRST, _FIRST + 40.0 * DEVIATION), (_FIRST,),
    ),
    Noise(
        "minus-gumbel", "Minus-Gumbel", _minus_pdf, _minus_cdf, _minus_ppf,
        (2 * EULER_GAMMA - 40.0, 2 * EULER_GAMMA + 4.0),
    ),
)  # fmt: skip
"""Gumbel's first, then the others."""

_BY_ID = {noise.id: noise for noise in NOISES}


def noise_of(noise_id: str) -> Noise:
    """Return the row with that id.

    Raises
    ------
    ValueError
        Where there is none.
    """
    if noise_id not in _BY_ID:
        raise ValueError(f"There is no noise “{noise_id}”; there is {', '.join(_BY_ID)}.")
    return _BY_ID[noise_id]


def winner_probabilities(noise: Noise, logits: ArrayLike, scale: float = 1.0) -> Reals:
    """Return P(argmax(z + scale noise) = i), (K,), exact to about 1e-12 by one integral over the line.

    Raises
    ------
    ValueError
        For logits or a scale without meaning, or more than 128 unmasked options (simulate instead).
    """
    z, beta = check_logits(logits), check_scale(scale)
    unmasked = z > -math.inf
    if np.count_nonzero(unmasked) > MOST_OPTIONS:
        raise ValueError(f"Exact chances with other noise are computed for up to {MOST_OPTIONS} options.")
    chances = np.zeros(z.size)
    chances[unmasked] = _by_quadrature(noise, (z[unmasked] - z.max()) / beta)
    return chances


def _by_quadrature(noise: Noise, z: Reals) -> Reals:
    """Return the chances for finite scores (K,), the largest 0."""
    if z.size == 1:
        return np.ones(1)
    low, high = noise.reach
    cuts = np.concatenate([[low, high], *(z + kink for kink in noise.kinks)])
    cuts = np.unique(cuts[(cuts >= low) & (cuts <= high)])
    panels = np.maximum(np.ceil(np.diff(cuts) / _PANEL), 1).astype(int)
    pieces = zip(cuts[:-1], cuts[1:], panels, strict=True)
    edges = np.concatenate([*(np.linspace(a, b, n, endpoint=False) for a, b, n in pieces), cuts[-1:]])
    half = np.diff(edges)[:, np.newaxis] / 2
    x = (edges[:-1, np.newaxis] + half + half * _NODES).ravel()
    weights = (half * _WEIGHTS).ravel()

    below = x - z[:, np.newaxis]  # (K, M)
    share = noise.cdf(below)
    all_below = weights * np.prod(share, axis=0)
    hazard = noise.pdf(below) / np.where(share > _IMPOSSIBLE, share, math.inf)
    mass: Reals = hazard @ all_below
    # What the tails leave out, and rounding, is shared out: the chances sum to 1.
    chances: Reals = mass / mass.sum()
    return chances


def total_variation(p: ArrayLike, q: ArrayLike) -> float:
    """Return half the sum of |p_i - q_i|: the largest difference in probability that any event shows."""
    return 0.5 * float(np.abs(np.asarray(p, dtype=np.float64) - np.asarray(q, dtype=np.float64)).sum())


def total_variation_error(frequencies: ArrayLike, probabilities: ArrayLike, draws: int) -> float:
    """Return the standard error of `total_variation(frequencies, probabilities)` after so many draws.

    By the delta method: where the signs s_i of the differences are settled, the distance is the linear function
    half sum_i s_i (f_i - p_i) of the frequencies, and the variance of one draw's term is that of s over f.
    """
    f, p = np.asarray(frequencies, dtype=np.float64), np.asarray(probabilities, dtype=np.float64)
    signs = np.sign(f - p)
    mean = float(signs @ f)
    return 0.5 * math.sqrt(max(float((signs * signs) @ f) - mean * mean, 0.0) / max(draws, 1))


def chance_variation(probabilities: ArrayLike, draws: int) -> float:
    """Return the total variation that chance alone shows after so many draws of these very probabilities.

    Each difference is about normal with variance p (1 - p) / n, whose mean size is the root of 2 / pi times its
    deviation.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    return 0.5 * math.sqrt(2.0 / (math.pi * max(draws, 1))) * float(np.sqrt(p * (1.0 - p)).sum())
