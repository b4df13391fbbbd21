"""Where training comes to rest: the chance of a one at which the mean Gumbel-Softmax gradient vanishes.

A bit b is 1 with chance sigmoid(theta), and E (b - t)^2 is to be made small. The exact gradient never vanishes, so
that theta runs off to the better end. The mean of the Gumbel-Softmax gradient

    E[2 (y - t) y (1 - y) / tau],   y = sigmoid((theta + L) / tau),   L ~ Logistic(0, 1)

belongs to another loss, E (y - t)^2, and may vanish on the way there (Tucker et al. 2017, the toy with one bit).
"""

from __future__ import annotations

import math

from gumbelviz.maths.gradient_moments import soft_moments
from gumbelviz.maths.objectives import Bit

_STEP, _FARTHEST = 0.25, 12.0
_CLOSE, _TRIES = 1e-12, 60
_TINIEST = 1e-9


def mean_gradient(theta: float, temperature: float, target: float) -> float:
    """Return the mean Gumbel-Softmax gradient with respect to theta, by quadrature.

    At temperatures below 1e-9 it is that of 1e-9: nearly the limit, which finer and finer panels would only repeat.
    """
    tau = max(temperature, _TINIEST) if temperature > 0 else temperature
    moments = soft_moments([theta, 0.0], tau, Bit(target))["gumbel_softmax"]
    assert moments.mean is not None, "two options are always integrated"
    return float(moments.mean[0])


def resting_chance(theta: float, temperature: float, target: float) -> float:
    """Return the chance of a one at which descent on the mean gradient comes to rest, from `theta`.

    0 or 1 where that is nearer than 1e-5, or never. At temperatures 0 and infinity nothing moves: the chance stays.
    """
    if temperature == 0 or temperature == math.inf:
        return _sigmoid(theta)
    downhill = -math.copysign(1.0, mean_gradient(theta, temperature, target))
    near, slope = theta, mean_gradient(theta, temperature, target)
    far, step = theta, _STEP
    while abs(far := far + downhill * step) <= _FARTHEST:
        step *= 2
        beyond = mean_gradient(far, temperature, target)
        if beyond * downhill >= 0.0:
            return _sigmoid(_between(near, slope, far, beyond, temperature, target))
        near, slope = far, beyond
    return 0.0 if downhill < 0 else 1.0


def _between(a: float, slope_a: float, b: float, slope_b: float, temperature: float, target: float) -> float:
    """Return where the mean gradient vanishes, between two places at which its signs differ.

    By straight lines, the end that stays weighing half (the Illinois rule; Dowell and Jarratt 1971).
    """
    kept = 0
    for _ in range(_TRIES):
        if slope_b == slope_a or abs(b - a) < _CLOSE:
            break
        middle = b - slope_b * (b - a) / (slope_b - slope_a)
        slope = mean_gradient(middle, temperature, target)
        if slope == 0.0:
            return middle
        if (slope > 0) == (slope_b > 0):
            b, slope_b = middle, slope
            slope_a /= 2 if kept == 1 else 1
            kept = 1
        else:
            a, slope_a = middle, slope
            slope_b /= 2 if kept == -1 else 1
            kept = -1
        if abs(slope) < _CLOSE:
            return middle
    return (a + b) / 2


def _sigmoid(theta: float) -> float:
    return 1 / (1 + math.exp(-theta))
