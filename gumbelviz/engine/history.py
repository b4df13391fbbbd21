"""The course of a run in bounded memory: whenever it is full, every other step is forgotten."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gumbelviz.model.frame import freeze

Reals = NDArray[np.float64]
CAPACITY = 512
"""Most steps that are kept; a picture is hardly wider."""


class History:
    """Rows of numbers, one per recorded step.

    The recorded steps are always evenly spaced, apart from the last one of a run: all of them, then every second,
    every fourth, and so on.

    Parameters
    ----------
    shapes
        The shape of each kind of number, by name.
    capacity
        Most rows that are kept; even.
    """

    def __init__(self, shapes: dict[str, tuple[int, ...]], capacity: int = CAPACITY) -> None:
        self._columns = {name: np.zeros((capacity, *shape)) for name, shape in shapes.items()}
        self._at = np.zeros(capacity, np.int64)
        self._capacity = capacity
        self.rows = 0
        self.stride = 1

    def wants(self, step: int) -> bool:
        """Tell whether a step is to be recorded."""
        return step % self.stride == 0

    def record(self, step: int, values: dict[str, Reals | float]) -> None:
        """Add a row; what is recorded at one step replaces what was there."""
        if self.rows and self._at[self.rows - 1] == step:
            self.rows -= 1
        elif self.rows == self._capacity:
            self._thin()
        self._at[self.rows] = step
        for name, value in values.items():
            self._columns[name][self.rows] = value
        self.rows += 1

    def _thin(self) -> None:
        half = self._capacity // 2
        for array in (self._at, *self._columns.values()):
            array[:half] = array[::2].copy()
        self.rows = half
        self.stride *= 2

    def steps(self) -> NDArray[np.int64]:
        """Return the recorded steps, read-only, (S,)."""
        steps = self._at[: self.rows].copy()
        freeze(steps)
        return steps

    def column(self, name: str) -> Reals:
        """Return a read-only copy of what was recorded, (S, ...)."""
        column = self._columns[name][: self.rows].copy()
        freeze(column)
        return column
