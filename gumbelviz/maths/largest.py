"""The largest share of a soft choice: its exact mean, E[max y].

Write the perturbed scores as a race: T_i = exp(-p_i) are independent exponential times of rates q_i, the
chances to win, and the smallest of them, T, is exponential of rate 1 and independent of who won. The others
are late by R_j = T_j - T, which has forgotten T (an exponential has no memory), so that

    1 / max y = S = 1 + sum_(j != winner) (1 + R_j / T)^(-1/tau).

With 1/S = integral of exp(-s S) ds the expectation is a product over the options,

    E[max y] = integral e^-t dt  integral e^-s ds  sum_w q_w prod_(j != w) phi(s, q_j t),
    phi(s, a) = a integral of e^(-a v) exp(-s (1 + v)^(-1/tau)) dv,

and phi is one matrix product for all options. Below temperature 1 the variable of the inner integral is w
with 1 + v = (1 + w)^tau, which puts no more than a quarter turn between the integrand and its branch cuts:
in the logarithms of s, t, and v or w everything is analytic in a strip of half width pi/2, and the
trapezoidal rule converges exponentially, as in `gumbelviz.maths.expectations`.

Derived here; the race is that of Maddison, Tarlow and Minka 2014. tests/maths/test_largest.py holds it against
the law of the largest share, brute force and draws.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths.refusals import check_logits, check_scale, check_temperature

Reals = NDArray[np.float64]

MOST_OPTIONS = 100

_STEP = 0.35  # error about |Gamma(1 + 2 pi i / step)| = 1e-11
_TIMES = np.arange(-73, 12) * _STEP  # log t and log s, from 8e-12 to 47
_TIME_WEIGHT = _STEP * np.exp(_TIMES - np.exp(_TIMES))
_NOTHING = 33.0  # exp(-33) is nothing beside 1
_OVER = 3.7  # log of 40, by which every exponential race of rate 1 is over


def largest_mean(logits: ArrayLike, temperature: float, scale: float = 1.0) -> float:
    """Return E[max y], from 1 (temperature 0) to 1/K (infinity), with an error below about 1e-10.

    Raises
    ------
    ValueError
        Above 100 unmasked options (simulate instead), a negative or NaN temperature, logits or scale without
        meaning.
    """
    scores, beta = check_logits(logits), check_scale(scale)
    tau = check_temperature(temperature) / beta
    z: Reals = (scores[scores > -math.inf] - scores.max()) / beta
    if z.size > MOST_OPTIONS:
        raise ValueError(f"Exact means are computed for up to {MOST_OPTIONS} options; beyond, simulate them.")
    if z.size == 1 or tau == 0:
        return 1.0
    if tau == math.inf:
        return 1.0 / z.size
    z = np.maximum(z, -_NOTHING * (1.0 + tau))  # lower ones add nothing, nor do they here
    log_q = z - math.log(np.exp(z).sum())
    left = _late_comers(log_q, tau)
    without_winner = np.prod(left, axis=1) * np.einsum("j,sjt->st", np.exp(log_q), 1.0 / left)
    mean = float(_TIME_WEIGHT @ without_winner @ _TIME_WEIGHT)
    return min(max(mean, 1.0 / z.size), 1.0)


def _late_comers(log_q: Reals, tau: float) -> Reals:
    """Return phi(s, q_j t), (S, K, T), as 1 - a integral of e^(-a v) (1 - exp(-s (1 + v)^(-1/tau))) dv."""
    log_a = (log_q[:, np.newaxis] + _TIMES).ravel()
    last = _OVER - float(log_a.min())
    if tau > 1.0:
        v = np.exp(np.arange(-_NOTHING, last, _STEP))
        slope, part = v, np.exp(-np.log1p(v) / tau)
    else:
        # Where tau is well below 1, late comers no longer count long before the race is over.
        last = min(last / tau, (_NOTHING + _OVER) / max(1.0 - tau, 1e-9))
        w = np.exp(np.arange(-_NOTHING, last, _STEP))
        part = 1.0 / (1.0 + w)
        v = np.expm1(tau * np.log1p(w))
        slope = tau * w * part * (1.0 + v)
    a = np.exp(log_a)
    late = a * np.exp(-np.multiply.outer(v, a))  # (V, K T)
    late *= (_STEP * slope)[:, np.newaxis]
    s = np.exp(_TIMES)
    noticed = -np.expm1(-np.multiply.outer(s, part))  # (S, V)
    left: Reals = np.maximum(1.0 - noticed @ late, np.exp(-s)[:, np.newaxis])
    return left.reshape(s.size, log_q.size, _TIMES.size)
