"""The logarithm of the gamma function of positive numbers, without SciPy: the first picture cannot wait for it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

STIRLING_FROM = 20.0
"""From here on Stirling's series with the terms below is exact to 2e-15."""
_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)


def log_gamma(x: Reals) -> Reals:
    """Return log Gamma(x) for x > 0, to about 1e-14 of max(1, |log Gamma(x)|).

    Below 20 by Gamma(x) = Gamma(x + 20) / (x (x + 1) ... (x + 19)), above by Stirling's series
    (Abramowitz and Stegun 1964, 6.1.15 and 6.1.40).
    """
    x = np.asarray(x, dtype=np.float64)
    small = x < STIRLING_FROM
    product = np.ones_like(x)
    if small.any():
        low = x[small]
        factors = low[:, None] + np.arange(STIRLING_FROM)
        product[small] = np.prod(factors, axis=1)
    far = np.where(small, x + STIRLING_FROM, x)
    result: Reals = (far - 0.5) * np.log(far) - far + _HALF_LOG_TAU + stirling_rest(far) - np.log(product)
    return result


def stirling_rest(x: Reals) -> Reals:
    """Return log Gamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2) for x from 20 on (below, not used)."""
    inverse = 1 / np.maximum(x, STIRLING_FROM)
    square = inverse * inverse
    rest: Reals = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    return rest
