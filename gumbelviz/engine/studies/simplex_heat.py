"""The exact density of three options as a picture, made in pieces: coarse at once, fine when there is time."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gumbelviz.maths import concrete
from gumbelviz.maths.expectations import Reals
from gumbelviz.maths.triangle import cells_of
from gumbelviz.model.frame import freeze
from gumbelviz.model.simplex_report import HeatMap

COARSE, FINE = 56, 448
"""Pixels along the side of the triangle."""
_PIECE = 3072
_MARGIN = 2.5  # pixels beyond the edges, so that smoothing on the screen finds colours there
_BRIGHT = 0.985  # part of the triangle that is darker than the brightest colour, where the density diverges
_DECADES = 4.0  # of density that the colours span at most


@dataclass(frozen=True, slots=True)
class Grid:
    """The pixels of a triangle: log shares (3, P) at their centres, kept inside; and where they are (P,), flat."""

    height: int
    width: int
    log_shares: Reals
    places: NDArray[np.intp]
    inside: NDArray[np.bool_]

    def picture(self, values: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return an image (H, W) of values (P,)."""
        image = np.zeros(self.height * self.width, np.uint8)
        image[self.places] = values
        return image.reshape(self.height, self.width)


@functools.lru_cache(maxsize=4)
def make_grid(width: int) -> Grid:
    """Return the pixels of a triangle of that width, the first corner on top, the second at the lower left."""
    height = round(width * math.sqrt(0.75))
    x = (np.arange(width) + 0.5) / width
    first = 1.0 - (np.arange(height)[:, None] + 0.5) / height
    third = x - 0.5 * first
    shares = np.stack(np.broadcast_arrays(first, 1.0 - first - third, third)).reshape(3, -1)
    least = shares.min(axis=0)
    places = np.flatnonzero(least > -_MARGIN / width)
    kept = np.maximum(shares[:, places], 0.3 / width)
    return Grid(height, width, np.log(kept / kept.sum(axis=0)), places, least[places] > 0.0)


@functools.lru_cache(maxsize=2)
def pixel_cells(width: int, steps: int) -> tuple[Grid, NDArray[np.int64]]:
    """Return the pixels of a triangle, and the cell that each belongs to, (P,)."""
    grid = make_grid(width)
    return grid, cells_of(np.exp(grid.log_shares), steps)


class HeatDrawing:
    """The density of one set of parameters, drawn piece by piece.

    Parameters
    ----------
    logits : (3,)
        In units of the noise scale, like the temperature.
    temperature : float
    """

    def __init__(self, logits: Reals, temperature: float) -> None:
        self._logits, self._temperature = logits, temperature
        self._values: Reals | None = None
        self._done = 0
        self.heat: HeatMap | None = None

    @property
    def finished(self) -> bool:
        """True once the fine picture is there."""
        return self.heat is not None and self.heat.fine

    def work(self) -> None:
        """Do one more piece, two milliseconds or so."""
        if self.heat is None:
            grid = make_grid(COARSE)
            density = self._density(grid.log_shares)
            self._set_range(density[grid.inside])
            self.heat = self._picture(grid, density, fine=False)
            return
        grid = make_grid(FINE)
        if self._values is None:
            self._values = np.empty(grid.places.size)
        piece = slice(self._done, self._done + _PIECE)
        self._values[piece] = self._density(grid.log_shares[:, piece])
        self._done = piece.stop
        if self._done >= grid.places.size:
            self.heat = self._picture(grid, self._values, fine=True)
            self._values = None

    def _density(self, log_shares: Reals) -> Reals:
        return concrete.log_density(log_shares, self._logits, self._temperature)

    def _set_range(self, density: Reals) -> None:
        """The range of colours, from the coarse picture alone, so that the fine one looks the same."""
        tallest = self._density(concrete.log_relax(self._logits, self._temperature))
        diverges = self._temperature < 2.0
        high = float(np.quantile(density, _BRIGHT)) if diverges else max(float(density.max()), float(tallest))
        low = max(float(density.min()), high - _DECADES * math.log(10.0))
        self._clipped_low = float(density.min()) < low
        self._clipped_high = diverges
        self._low, self._high = low, max(high, low + 0.05)

    def _picture(self, grid: Grid, density: Reals, fine: bool) -> HeatMap:
        levels = grid.picture(levels_of(density, self._low, self._high))
        freeze(levels)
        return HeatMap(levels, self._low, self._high, self._clipped_low, self._clipped_high, fine)


def levels_of(density: Reals, low: float, high: float) -> NDArray[np.uint8]:
    """Return log densities as numbers from 0 at `low` to 255 at `high`."""
    scaled = (np.clip(density, low, high) - low) * (255.0 / (high - low))
    return np.rint(scaled).astype(np.uint8)
