"""Running statistics of a stream that merge exactly: counts are integers, sums are added block by block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELLS = 64
NOISE_EDGES = np.linspace(-3.2, 9.6, CELLS + 1)
"""Cells of the standard Gumbel noise. None lies below; the last cell also holds everything above."""
SOFT_EDGES = np.linspace(0.0, 1.0, CELLS + 1)
BEYOND = 23.0
"""No standard noise of the stream is larger; a clamped zero would be (its Gumbel number is 46 or 87)."""
for _edges in (NOISE_EDGES, SOFT_EDGES):
    _edges.setflags(write=False)  # every frame hands out these two
_PAIRED_FROM = 8192


@dataclass(slots=True)
class Tally:
    """What is remembered of a number of draws of K options, W of them watched.

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
    noise_cells, soft_cells : (W, CELLS)
        Histograms of the watched options.
    noise_beyond
        How many numbers of the noise, over all options, lie above `BEYOND`.
    """

    draws: int
    wins: NDArray[np.int64]
    soft_sum: NDArray[np.float64]
    soft_squares: NDArray[np.float64]
    noise_sum: float
    noise_squares: float
    noise_cells: NDArray[np.int64]
    soft_cells: NDArray[np.int64]
    noise_beyond: int = 0

    @classmethod
    def empty(cls, options: int, watched: int) -> Tally:
        """Return the tally of no draws."""
        return cls(
            0,
            np.zeros(options, np.int64),
            np.zeros(options),
            np.zeros(options),
            0.0,
            0.0,
            np.zeros((watched, CELLS), np.int64),
            np.zeros((watched, CELLS), np.int64),
        )

    def add(self, other: Tally) -> None:
        """Add what `other` counted. Added in the same order, the sums come out the same to the last bit."""
        self.draws += other.draws
        self.wins += other.wins
        self.soft_sum += other.soft_sum
        self.soft_squares += other.soft_squares
        self.noise_sum += other.noise_sum
        self.noise_squares += other.noise_squares
        self.noise_cells += other.noise_cells
        self.soft_cells += other.soft_cells
        self.noise_beyond += other.noise_beyond


def count_cells(cells: NDArray[np.int16]) -> NDArray[np.int64]:
    """Return how often each of the `CELLS` cells occurs in each row of `cells`, shape (W, N) -> (W, CELLS).

    Long rows are counted two numbers at a time, as one number in base `CELLS`: half the increments.
    """
    rows, length = cells.shape
    if length < _PAIRED_FROM or length % 2:
        offsets = np.arange(0, rows * CELLS, CELLS)
        flat = np.bincount((cells + offsets[:, None]).ravel(), minlength=rows * CELLS)
        return flat.reshape(rows, CELLS)
    half = length // 2
    counts = np.empty((rows, CELLS), np.int64)
    for row, numbers in zip(counts, cells, strict=True):
        pair = numbers[:half] * np.int16(CELLS)
        pair += numbers[half:]
        table = np.bincount(pair, minlength=CELLS * CELLS).reshape(CELLS, CELLS)
        np.add(table.sum(axis=0), table.sum(axis=1), out=row)
    return counts
