"""The soft choices of three options as the stream makes them, counted in the cells of the triangle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import SingleNoise, Stream
from gumbelviz.engine.studies.simplex_heat import levels_of, pixel_cells
from gumbelviz.maths import checks, triangle
from gumbelviz.maths.expectations import Reals
from gumbelviz.model.frame import freeze
from gumbelviz.model.simplex_report import HeatMap, Streamed

STEPS = 40
PIXELS = 320
MOST_TALLIED = 100_000_000
MOST_WIDE = 50_000
"""The same where each draw has all its numbers in one row, which takes longer to read."""
_PIECE, _WIDE_PIECE = 16_384, 128
_FAINTEST = np.float32(-69.0)


class TriangleTally:
    """Counts draws 0, 1, 2, ... of the stream, and works out the exact chance of every cell.

    Parameters
    ----------
    seed, options, width
        Which stream, which three options of how many.
    logits : (3,)
        In units of the noise scale, like the temperature.
    temperature : float
        Above 0 and below infinity.
    """

    def __init__(
        self, seed: int, options: tuple[int, ...], width: int, logits: Reals, temperature: float
    ) -> None:
        self._logits, self._temperature = logits, temperature
        self._stream = Stream(seed, np.array(sorted(options), np.int64), width)
        self._rows = np.argsort(np.argsort(options))
        self._piece = _PIECE if self._stream.separate else _WIDE_PIECE
        self._most = MOST_TALLIED if self._stream.separate else MOST_WIDE
        self._noise = SingleNoise(3 * self._piece)
        self._bits = np.empty((3, self._piece), np.uint32)
        self._log_e = np.empty(3 * self._piece, np.float32)
        self._offsets = ((logits - logits.max()) / temperature).astype(np.float32)[:, None]
        self._slope = np.float32(1.0 / temperature)
        self._chances: Reals = np.zeros(2 * STEPS * STEPS)
        self._rows_known = 0
        self.counts: NDArray[np.int64] = np.zeros(2 * STEPS * STEPS, np.int64)
        """How many draws fell in each cell, in the order of `triangle.cells_of`."""
        self.draws = 0
        """How many draws were counted."""

    @property
    def chances(self) -> Reals | None:
        """The exact chance of every cell, or None until all are known."""
        return self._chances if self._rows_known == STEPS else None

    def busy(self, draws: int) -> bool:
        """Tell whether there is something to do while the stream has made that many draws."""
        return self.draws < min(draws, self._most) or self._rows_known < STEPS

    def work(self, draws: int) -> None:
        """Do one more piece: a row of exact chances, or some thousand draws."""
        if self._rows_known < STEPS and (self.draws >= self._piece or self.draws >= min(draws, self._most)):
            row, cells = self._rows_known, 2 * STEPS
            found = triangle.row_probabilities(row, STEPS, self._logits, self._temperature)
            self._chances[row * cells : (row + 1) * cells] = found
            self._rows_known += 1
        else:
            self.count(min(self._piece, min(draws, self._most) - self.draws))

    def count(self, count: int) -> None:
        """Count the next draws, at most as many as fit one piece."""
        bits = self._bits.ravel()[: 3 * count].reshape(3, count)
        log_e = self._log_e[: 3 * count].reshape(3, count)
        self._stream.read(self.draws, bits)
        with np.errstate(divide="ignore"):
            self._noise.log_exponential(bits, log_e)
        # p / tau, up to what all three share.
        y = self._offsets - self._slope * log_e[self._rows]
        y -= y.max(axis=0)
        np.maximum(y, _FAINTEST, out=y)
        np.exp(y, out=y)
        y /= y.sum(axis=0)
        self.counts += np.bincount(triangle.cells_of(y, STEPS), minlength=self.counts.size)
        self.draws += count

    def streamed(self, heat: HeatMap) -> Streamed:
        """Return the counts as a picture in the colours of `heat`, and how they compare with the exact chances."""
        grid, cells = pixel_cells(PIXELS, STEPS)
        # The area of the whole triangle is 1/2 in dy_1 dy_2.
        with np.errstate(divide="ignore"):
            density = np.log(self.counts * (2.0 * STEPS**2 / max(self.draws, 1)))
        levels = grid.picture(levels_of(density, heat.low, heat.high)[cells])
        freeze(levels)
        p_value = largest = None
        if self.chances is not None and self.draws > 0:
            chances = self.chances / self.chances.sum()
            p_value = checks.chi_square(self.counts[chances > 0.0], chances[chances > 0.0]).p_value
            largest = float(np.abs(self.counts / self.draws - chances).max())
        return Streamed(levels, self.draws, STEPS * STEPS, p_value, largest)
