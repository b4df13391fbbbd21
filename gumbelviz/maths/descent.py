"""Gradient descent, plain or with Adam, in place on arrays.

Source: Kingma and Ba 2015, algorithm 1, with its default beta_1 = 0.9, beta_2 = 0.999 and epsilon = 1e-8.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
FIRST, SECOND, TINY = 0.9, 0.999, 1e-8


class Plain:
    """x <- x - rate * gradient."""

    def __init__(self, rate: float) -> None:
        self._rate = rate

    def move(self, values: Sequence[Reals], gradients: Sequence[Reals]) -> None:
        """Move each of `values` in place, against its gradient of the same shape."""
        for value, gradient in zip(values, gradients, strict=True):
            value -= self._rate * gradient


class Adam:
    """Steps of about `rate`, whatever the size of the gradients.

    The moments belong to the values of the first call; every call has to bring the same ones.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._step = 0
        self._moments: list[tuple[Reals, Reals]] = []

    def move(self, values: Sequence[Reals], gradients: Sequence[Reals]) -> None:
        """Move each of `values` in place, against its gradient of the same shape."""
        if not self._moments:
            self._moments = [(np.zeros_like(value), np.zeros_like(value)) for value in values]
        self._step += 1
        mean_part = 1.0 - FIRST**self._step
        square_part = 1.0 - SECOND**self._step
        for value, gradient, (mean, square) in zip(values, gradients, self._moments, strict=True):
            mean *= FIRST
            mean += (1.0 - FIRST) * gradient
            square *= SECOND
            square += (1.0 - SECOND) * np.square(gradient)
            value -= self._rate * (mean / mean_part) / (np.sqrt(square / square_part) + TINY)
