"""Dots stamped into a picture with NumPy: thousands in the time QPainter takes for hundreds."""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

Pixels = NDArray[np.uint32]
_PHASES = 4
_HALO = 1.1
_HALO_STRENGTH = 0.34


class Sheet:
    """A picture of opaque pixels that QPainter and NumPy can both write to."""

    def __init__(self, width: int, height: int) -> None:
        self.pixels: Pixels = np.zeros((height, width), np.uint32)
        self.image = QImage(self.pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]


@functools.lru_cache(maxsize=32)
def _disc(radius: float, halo: bool) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
    """Offsets dx, dy (P,) around the pixel of a dot, and how much each is covered, 0 to 256: (P, phases^2).

    The outer ones come first, so that the edge of one dot does not cut into the middle of another.
    """
    reach = math.ceil(radius + (_HALO if halo else 0.0) + 0.5)
    dy, dx = (grid.ravel() for grid in np.mgrid[-reach : reach + 1, -reach : reach + 1])
    phase = (np.arange(_PHASES) + 0.5) / _PHASES - 0.5
    distance = np.hypot(dx - phase[None, :, None], dy - phase[:, None, None]).reshape(_PHASES**2, -1)
    covered = np.clip(radius + 0.5 - distance, 0.0, 1.0)
    if halo:
        around = np.clip(radius + _HALO + 0.5 - distance, 0.0, 1.0)
        covered = np.where(covered >= 1.0, 0.0, around * _HALO_STRENGTH)
    order = np.argsort(-np.hypot(dx, dy), kind="stable")
    order = order[covered.max(axis=0)[order] > 0.04]
    return dx[order], dy[order], np.rint(256.0 * covered[:, order].T).astype(np.uint32)


def stamp(
    sheet: Sheet,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    colors: Pixels,
    radius: float,
    halo: QColor | None = None,
) -> None:
    """Put a dot of `radius` at every pixel place (x, y), (N,), in its color 0xRRGGBB, (N,).

    Dots beyond the edges are left out. With `halo` each has a soft ring of that colour, so that pale dots stand out
    from a pale ground.
    """
    width, height = sheet.size
    margin = math.ceil(radius + _HALO) + 1
    with np.errstate(invalid="ignore"):
        kept = (x >= margin) & (x < width - margin) & (y >= margin) & (y < height - margin)
    if not kept.all():
        x, y, colors = x[kept], y[kept], colors[kept]
    column, row = x.astype(np.int64), y.astype(np.int64)
    phase = ((y - row) * _PHASES).astype(np.int64) * _PHASES + ((x - column) * _PHASES).astype(np.int64)
    center = row * width + column
    flat = sheet.pixels.reshape(-1)
    if halo is not None:
        ring = np.full(center.size, halo.rgb() & 0xFFFFFF, np.uint32)
        _blend(flat, center, phase, _disc(radius, True), width, ring)
    _blend(flat, center, phase, _disc(radius, False), width, colors)


def _blend(
    flat: Pixels,
    center: NDArray[np.int64],
    phase: NDArray[np.int64],
    disc: tuple[NDArray[np.int64], NDArray[np.int64], Pixels],
    width: int,
    colors: Pixels,
) -> None:
    """Mix the dots' colours in, one pixel of the disc at a time for all dots."""
    # Red and blue are mixed in one product, green in another.
    red_blue, green = colors & 0xFF00FF, colors & 0x00FF00
    for dx, dy, covered in zip(*disc, strict=True):
        places = center + (dy * width + dx)
        if covered.min() == 256:
            flat[places] = colors | np.uint32(0xFF000000)
            continue
        share = covered[phase]
        under = flat[places]
        rest = 256 - share
        mixed = ((under & 0xFF00FF) * rest + red_blue * share) >> 8 & 0xFF00FF
        mixed |= ((under & 0x00FF00) * rest + green * share) >> 8 & 0x00FF00
        mixed |= 0xFF000000
        flat[places] = mixed
