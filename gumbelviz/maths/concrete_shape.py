"""Where the density of the soft choice is high: corners, faces, a bump inside; and its law on a segment.

Temperatures are in units of the noise scale throughout, logits too: `logits / scale`, `temperature / scale`.

Where n of K shares vanish together the density grows without bound for tau < n / (K - n) (see
`concrete.log_density`): corners attract below tau = K - 1, faces below 1 / (K - 1). Setting the gradient of the log
density to zero, with one multiplier for sum y = 1, gives for every option the same number c in

    h(y_i) = z_i - c,    h(y) = tau log y + log(tau + 1 - K y),

where h rises up to y = tau / K and falls after. A maximum has every share but the largest on the rising side; along
that family, walked by the largest share, it is where the sum of all shares reaches 1 from below. (On the rising
side the Hessian of the log density, restricted to directions of sum 0, stays negative definite, because its
determinant is a positive multiple of the derivative of that sum.)
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths import marginals, special

Reals = NDArray[np.float64]

_HALVINGS = 48
_FINEST = 1e-13


def inner_mode(logits: ArrayLike, temperature: float) -> Reals | None:
    """Return the highest point inside the simplex, (K,), or None where there is no bump inside.

    There is none at tau <= 1, always one from tau = K - 1 upward, and in between it depends on the logits: equal
    ones have it at the centre from tau = 1 on. Corners may attract at the same time.

    Parameters
    ----------
    logits : (K,)
        Finite, in units of the noise scale; K >= 2.
    temperature : float
        Above 0 and below infinity, in units of the noise scale.
    """
    z = np.asarray(logits, dtype=np.float64)
    tau, options = float(temperature), z.size
    if tau <= 1.0:
        return None
    behind = z - z.max()
    top = int(np.argmax(z))
    others = np.delete(behind, top)
    highest = min(1.0, (tau + 1.0) / options)

    def shares(largest: Reals) -> Reals:
        level = _level(np.log(largest), tau, options)
        return _rising_side(others[:, None] + level, tau, options)

    even = np.linspace(0.0, 1.0, 130)[1:-1]
    crowded = 1.0 - np.geomspace(_FINEST, even[0], 40)
    walk = highest * np.unique(np.concatenate([even, crowded]))
    excess = walk + shares(walk).sum(axis=0) - 1.0
    reached = np.flatnonzero(excess >= 0.0)
    if reached.size == 0:
        # With logits far apart the bump is closer to the corner than numbers can tell.
        return None if tau < options - 1.0 else _near_corner(others, top, tau)
    first = int(reached[0])
    low, high = (walk[first - 1] if first else 0.0), walk[first]
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        over = middle + float(shares(np.array([middle])).sum()) >= 1.0
        low, high = (low, middle) if over else (middle, high)
    rest: Reals = shares(np.array([high]))[:, 0]
    mode = np.insert(rest, top, 1.0 - rest.sum())
    return np.asarray(mode, dtype=np.float64)


def _level(log_y: Reals, tau: float, options: int) -> Reals:
    level: Reals = tau * log_y + np.log(np.maximum(tau + 1.0 - options * np.exp(log_y), 1e-300))
    return level


def _rising_side(level: Reals, tau: float, options: int) -> Reals:
    """Return the y <= tau / K with h(y) = `level`, elementwise; the largest such y where the level is too high."""
    high = np.full(level.shape, math.log(min(tau / options, 1.0)))
    # tau log y + log(tau + 1) >= h(y) on this side, so that the answer lies above this.
    low = np.minimum((level - math.log(tau + 1.0)) / tau, high)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        over = _level(middle, tau, options) >= level
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    shares: Reals = np.exp(high)
    return shares


def _near_corner(others: Reals, top: int, tau: float) -> Reals:
    """Return the mode where all shares but one are too small for rounding: h(y) = tau log y + log(tau + 1)."""
    level = math.log(max(tau + 1.0 - (others.size + 1), 1e-300))
    small = np.exp((others + level - math.log(tau + 1.0)) / tau)
    mode: Reals = np.insert(small, top, 1.0 - small.sum())
    return mode


def segment_turn(lead: float, temperature: float) -> float | None:
    """Return the one share y_1 at which the density of two options turns, or None at temperature 1.

    It is the mode above temperature 1 and the antimode below. At exactly 1 the density is monotone, or constant
    for equal scores.

    Parameters
    ----------
    lead : float
        z_1 - z_2, in units of the noise scale.
    temperature : float
        Above 0 and below infinity, in units of the noise scale.
    """
    tau = float(temperature)
    if tau == 1.0:
        return None
    # Weights w_1 : w_2 = (tau + 1 - 2 y) : (tau - 1 + 2 y) on one side, exp(lead) (y / (1 - y))^-tau on the other.
    edge = math.inf if tau > 1.0 else 2.0 * math.atanh(tau)
    low, high = max(-edge, -600.0), min(edge, 600.0)
    for _ in range(200):
        middle = 0.5 * (low + high)
        y, rest = float(special.expit(middle)), float(special.expit(-middle))
        above = math.log(max(tau - y + rest, 1e-300)) - math.log(max(tau + y - rest, 1e-300))
        rising = above + tau * middle - lead
        if (rising < 0.0) == (tau > 1.0):
            low = middle
        else:
            high = middle
    return float(special.expit(0.5 * (low + high)))


def segment_quantiles(q: ArrayLike, lead: float, temperature: float) -> Reals:
    """Return the shares y_1 below which a part q of all draws lies: expit((lead + logit q) / tau), elementwise.

    `lead` is z_1 - z_2; both it and the temperature are in units of the noise scale (Maddison, Mnih and Teh 2017).
    """
    shares: Reals = special.expit((lead + special.logit(np.asarray(q, dtype=np.float64))) / temperature)
    return shares


def flat_chance(below: float, option: int, logits: ArrayLike, temperature: float, scale: float = 1.0) -> float:
    """Return P(dy_j / dz_j < `below`), where dy_j / dz_j = y_j (1 - y_j) / tau.

    The slope is small at both ends of the share: y_j < r or y_j > 1 - r with r (1 - r) = tau `below`.

    Raises
    ------
    ValueError
        As `marginals.marginal_cdf`, for more options or a higher temperature than that can do.
    """
    product = temperature * below
    if product >= 0.25 or temperature == math.inf or temperature == 0.0:
        return 1.0
    # The smaller root, without cancellation.
    root = 2.0 * product / (1.0 + math.sqrt(1.0 - 4.0 * product))
    ends = marginals.marginal_cdf(np.array([root, 1.0 - root]), option, logits, temperature, scale)
    return float(min(max(ends[0] + 1.0 - ends[1], 0.0), 1.0))
