"""Running statistics of a stream that merge exactly: counts are integers, sums are added block by block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

NOISE_CELLS = 64
NOISE_EDGES = np.linspace(-3.2, 9.6, NOISE_CELLS + 1)
"""Cells of the standard Gumbel noise. None lies below; the last cell also holds everything above."""
INNER_CELLS = 64
SOFT_EDGES = np.linspace(0.0, 1.0, INNER_CELLS + 1)
SOFT_CELLS = INNER_CELLS + 2
"""Cells of a soft choice: exactly 0, the cells between `SOFT_EDGES`, exactly 1."""
for _edges in (NOISE_EDGES, SOFT_EDGES):
    _edges.setflags(write=False)  # every frame hands out these two
BEYOND = 23.0
"""No standard noise of the stream is larger; a clamped zero would be (its Gumbel number is 46 or 87)."""
JOINT_CELLS = NOISE_CELLS * SOFT_CELLS
_LONG = 16_384
"""Cells of an option that are counted at once: enough that clearing a table of 4,224 counts costs little."""


@dataclass(slots=True)
class Tally:
    """What is remembered of a number of draws of K options, histograms apart.

    Attributes
    ----------
    draws
        How many draws were counted.
    wins : (K,)
        How often each option won.
    soft_sum, soft_squares : (K,)
        Sums of the soft choices and of their squares.
    noise_sum, noise_squares
        The same for the standard noise, over all options.
    noise_beyond
        How many numbers of the noise, over all options, lie above `BEYOND`.
    """

    draws: int
    wins: NDArray[np.int64]
    soft_sum: NDArray[np.float64]
    soft_squares: NDArray[np.float64]
    noise_sum: float = 0.0
    noise_squares: float = 0.0
    noise_beyond: int = 0

    @classmethod
    def empty(cls, options: int) -> Self:
        """Return the tally of no draws."""
        return cls(0, np.zeros(options, np.int64), np.zeros(options), np.zeros(options))

    def add(self, other: Tally) -> None:
        """Add what `other` counted. Added in the same order, the sums come out the same to the last bit."""
        self.draws += other.draws
        self.wins += other.wins
        self.soft_sum += other.soft_sum
        self.soft_squares += other.soft_squares
        self.noise_sum += other.noise_sum
        self.noise_squares += other.noise_squares
        self.noise_beyond += other.noise_beyond


def _no_cells() -> NDArray[np.int64]:
    return np.zeros((0, 0), np.int64)


@dataclass(slots=True)
class Account(Tally):
    """A tally with its histograms: everything there is to compare with theory.

    Attributes
    ----------
    noise_cells : (W, ...)
        Histograms of the noise of W watched options.
    soft_cells : (W, ...)
        Those of their soft choices.
    """

    noise_cells: NDArray[np.int64] = field(default_factory=_no_cells)
    soft_cells: NDArray[np.int64] = field(default_factory=_no_cells)

    def add(self, other: Tally) -> None:
        """Add what `other` counted, and its histograms where it has some."""
        Tally.add(self, other)
        if isinstance(other, Account):
            empty = self.noise_cells.size == self.soft_cells.size == 0
            self.noise_cells = other.noise_cells.copy() if empty else self.noise_cells + other.noise_cells
            self.soft_cells = other.soft_cells.copy() if empty else self.soft_cells + other.soft_cells


class JointCells:
    """Histograms of some options: the noise cell and the soft cell of a draw are counted as one number.

    One count in a table of `NOISE_CELLS` x `SOFT_CELLS` serves two histograms. Cells are gathered until there
    are many of each option; what has been gathered is counted when it is asked for.

    Parameters
    ----------
    rows
        How many rows of cells, one for each watched option (and whatever else is counted beside).
    most
        The most draws that are put in at once.
    """

    def __init__(self, rows: int, most: int) -> None:
        # Of options that are very many few draws are made at once, and clearing tables costs nothing beside them.
        self._cells = np.empty((rows, max(most, min(64 * most, _LONG))), np.int16)
        self._filled = 0
        self._counts = np.zeros((rows, JOINT_CELLS), np.int64)

    def room(self, draws: int) -> NDArray[np.int16]:
        """Return where the cells of the next `draws` draws go, (rows, draws): to fill, and then to `keep`."""
        if self._filled + draws > self._cells.shape[1]:
            self._count()
        return self._cells[:, self._filled : self._filled + draws]

    def keep(self, draws: int) -> None:
        """Let what was put into the last room count."""
        self._filled += draws

    def counts(self) -> NDArray[np.int64]:
        """Return how often each joint cell occurred since the beginning: (rows, JOINT_CELLS), a copy."""
        self._count()
        return self._counts.copy()

    def clear(self) -> None:
        """Forget everything."""
        self._filled = 0
        self._counts[:] = 0

    def _count(self) -> None:
        for counts, cells in zip(self._counts, self._cells[:, : self._filled], strict=True):
            counts += np.bincount(cells, minlength=JOINT_CELLS)
        self._filled = 0


def split_joint(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the noise histograms (W, NOISE_CELLS) and soft histograms (W, SOFT_CELLS) in joint counts (W, ...)."""
    table = counts.reshape(-1, NOISE_CELLS, SOFT_CELLS)
    return table.sum(axis=2), table.sum(axis=1)


def count_pooled(cells: NDArray[np.int16]) -> NDArray[np.int64]:
    """Return how often each of the `NOISE_CELLS` cells occurs in flat `cells`, two numbers at a time."""
    half = cells.size // 2
    pairs = cells[:half] * np.int16(NOISE_CELLS)
    pairs += cells[half : 2 * half]
    table = np.bincount(pairs, minlength=NOISE_CELLS * NOISE_CELLS).reshape(NOISE_CELLS, NOISE_CELLS)
    counts: NDArray[np.int64] = table.sum(axis=0) + table.sum(axis=1)
    if cells.size % 2:
        counts[cells[-1]] += 1
    return counts
