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

_STEP, _FARTHEST = 0.25, 30.0
_HALVINGS = 60


def mean_gradient(theta: float, temperature: float, target: float) -> float:
    """Return the mean Gumbel-Softmax gradient with respect to theta, by quadrature."""
    moments = soft_moments([theta, 0.0], temperature, Bit(target))["gumbel_softmax"]
    assert moments.mean is not None, "two options are always integrated"
    return float(moments.mean[0])


def resting_chance(theta: float, temperature: float, target: float) -> float:
    """Return the chance of a one at which descent on the mean gradient comes to rest, from `theta`.

    0 or 1 where it never does. At temperatures 0 and infinity nothing moves: the chance stays what it is.
    """
    if temperature == 0 or temperature == math.inf:
        return _sigmoid(theta)
    downhill = -math.copysign(1.0, mean_gradient(theta, temperature, target))
    near = theta
    while abs(near) <= _FARTHEST:
        far = near + downhill * _STEP
        if mean_gradient(far, temperature, target) * downhill >= 0.0:
            return _sigmoid(_between(near, far, temperature, target))
        near = far
    return 0.0 if downhill < 0 else 1.0


def _between(near: float, far: float, temperature: float, target: float) -> float:
    """Return where the mean gradient vanishes, between two places at which its signs differ."""
    sign = mean_gradient(near, temperature, target) > 0
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        if middle in (near, far):
            break
        if (mean_gradient(middle, temperature, target) > 0) == sign:
            near = middle
        else:
            far = middle
    return (near + far) / 2


def _sigmoid(theta: float) -> float:
    return 1 / (1 + math.exp(-theta))
