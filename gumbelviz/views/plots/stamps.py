"""Dots stamped into a picture with NumPy: thousands in the time QPainter takes for hundreds.

Few calls on long arrays: beside a worker thread at full speed every call costs a wait for the interpreter lock.
"""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

Pixels = NDArray[np.uint32]
Places = NDArray[np.int32]
_PHASES = 4
_HALO = 1.1
_HALO_STRENGTH = 0.34
_RED_BLUE, _GREEN, _OPAQUE = np.uint32(0xFF00FF), np.uint32(0x00FF00), np.uint32(0xFF000000)
_EIGHT = np.uint32(8)


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
def _disc(radius: float, halo: bool) -> tuple[Places, Places, NDArray[np.float64], NDArray[np.float64]]:
    """Offsets dx, dy (P,) around the pixel of a dot; how much is covered by the disc, and by its ring: (P, phases^2).

    The outer offsets come first, so that the edge of one dot does not cut into the middle of another.
    """
    reach = math.ceil(radius + (_HALO if halo else 0.0) + 0.5)
    dy, dx = (grid.ravel().astype(np.int32) for grid in np.mgrid[-reach : reach + 1, -reach : reach + 1])
    phase = (np.arange(_PHASES) + 0.5) / _PHASES - 0.5
    distance = np.hypot(dx - phase[None, :, None], dy - phase[:, None, None]).reshape(_PHASES**2, -1)
    disc = np.clip(radius + 0.5 - distance, 0.0, 1.0)
    ring = np.clip(radius + _HALO + 0.5 - distance, 0.0, 1.0) * (_HALO_STRENGTH if halo else 0.0)
    order = np.argsort(-np.hypot(dx, dy), kind="stable")
    order = order[np.maximum(disc, ring).max(axis=0)[order] > 0.06]
    return dx[order], dy[order], disc[:, order].T, ring[:, order].T


@functools.lru_cache(maxsize=32)
def _mixes(
    radius: float, palette: tuple[int, ...], halo: int | None
) -> tuple[Places, Places, Pixels, Pixels]:
    """Offsets; what is left of the ground, of 256, (P, phases^2); what is added to it, (P, palette * phases^2)."""
    dx, dy, disc, ring = _disc(radius, halo is not None)
    rest = (1.0 - ring) * (1.0 - disc)
    channels = []
    for shift in (16, 8, 0):
        dark = ((halo or 0) >> shift & 255) * ring * (1.0 - disc)
        mixed = [dark + (color >> shift & 255) * disc for color in palette]
        channels.append(np.floor(np.stack(mixed, axis=1)).astype(np.uint32))
    added = (channels[0] << np.uint32(16)) | (channels[1] << _EIGHT) | channels[2] | _OPAQUE
    kept = np.floor(256.0 * rest).astype(np.uint32)
    return dx, dy, kept, added.reshape(len(dx), -1)


def stamp(
    sheet: Sheet,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    colors: NDArray[np.intp],
    palette: tuple[int, ...],
    radius: float,
    halo: QColor | None = None,
) -> None:
    """Put a dot of `radius` at every pixel place (x, y), (N,).

    Dots beyond the edges are left out. With `halo` each has a soft ring of that colour, so that pale dots stand out
    from a pale ground.

    Parameters
    ----------
    sheet
        Where to.
    x, y : (N,)
    colors : (N,)
        The place in `palette` of each dot's colour.
    palette
        Colours as 0xRRGGBB.
    radius
        In pixels.
    halo
        The colour of the ring, or None.
    """
    width, height = sheet.size
    margin = math.ceil(radius + _HALO) + 1
    kept = (x >= margin) & (x < width - margin) & (y >= margin) & (y < height - margin)
    if not kept.all():
        x, y, colors = x[kept], y[kept], colors[kept]
    dx, dy, rest, added = _mixes(radius, palette, None if halo is None else halo.rgb() & 0xFFFFFF)
    quarter_x, quarter_y = (x * _PHASES).astype(np.int32), (y * _PHASES).astype(np.int32)
    phase = (quarter_y % _PHASES) * _PHASES + quarter_x % _PHASES
    center = (quarter_y // _PHASES) * np.int32(width) + quarter_x // _PHASES
    places = (dy * np.int32(width) + dx)[:, None] + center
    flat = sheet.pixels.reshape(-1)
    under = flat.take(places)
    share = rest.take(phase, axis=1)
    # Red and blue in one product, green in another.
    red_blue = under & _RED_BLUE
    red_blue *= share
    red_blue >>= _EIGHT
    red_blue &= _RED_BLUE
    under &= _GREEN
    under *= share
    under >>= _EIGHT
    under &= _GREEN
    under |= red_blue
    under += added.take(colors * _PHASES**2 + phase, axis=1)
    flat[places] = under
