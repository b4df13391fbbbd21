"""Dots stamped with NumPy: where, how large, in which colour, and what happens at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gumbelviz.views.plots.stamps import Sheet, stamp

GROUND = 0xFF203040


def sheet(width: int = 40, height: int = 30) -> Sheet:
    made = Sheet(width, height)
    made.pixels[:] = GROUND
    return made


def put(made: Sheet, x: list[float], y: list[float], palette: tuple[int, ...] = (0xFFFFFF,), **more: object) -> None:
    colors = np.arange(len(x)) % len(palette)
    stamp(made, np.array(x), np.array(y), colors, palette, 2.5, **more)  # type: ignore[arg-type]


def light(made: Sheet) -> NDArray[np.float64]:
    """How far each pixel is from the ground to white, 0 to 1, by its green."""
    green = (made.pixels >> 8 & 255).astype(np.float64)
    return np.asarray((green - 0x30) / (255 - 0x30))


@pytest.mark.parametrize(("x", "y"), [(20.5, 15.5), (20.1, 15.9), (19.75, 14.25)])
def test_a_dot_has_its_area_and_its_middle(x: float, y: float) -> None:
    made = sheet()
    put(made, [x], [y])
    covered = light(made)
    assert covered.sum() == pytest.approx(np.pi * 2.5**2, rel=0.06)
    rows, columns = np.mgrid[0:30, 0:40]
    assert (covered * (columns + 0.5)).sum() / covered.sum() == pytest.approx(x, abs=0.2)
    assert (covered * (rows + 0.5)).sum() / covered.sum() == pytest.approx(y, abs=0.2)


def test_qt_sees_what_numpy_wrote() -> None:
    made = sheet()
    put(made, [20.5], [15.5], (0xD55E00,))
    assert made.image.pixelColor(20, 15) == QColor("#D55E00")
    assert made.image.pixelColor(2, 2) == QColor("#203040")


def test_each_dot_has_its_own_colour() -> None:
    made = sheet()
    put(made, [8.5, 20.5, 32.5], [15.5, 15.5, 15.5], (0xFF0000, 0x00FF00, 0x0000FF))
    assert [made.pixels[15, x] for x in (8, 20, 32)] == [0xFFFF0000, 0xFF00FF00, 0xFF0000FF]


def test_the_edge_of_a_dot_does_not_cut_into_its_neighbour() -> None:
    made = sheet()
    put(made, [18.5, 21.5], [15.5, 15.5])
    assert (light(made)[15, 17:23] == 1.0).all()


def test_dots_beyond_the_edges_are_left_out() -> None:
    made = sheet()
    put(made, [-5.0, 39.9, 20.0, 1e9, 20.0], [15.0, 15.0, -1e9, 15.0, 29.9])
    assert (made.pixels == GROUND).all()
    stamp(made, np.empty(0), np.empty(0), np.empty(0, np.intp), (0xFFFFFF,), 2.5)
    assert (made.pixels == GROUND).all()


def test_a_ring_is_darker_than_the_ground_and_pixels_stay_opaque() -> None:
    made = sheet()
    put(made, [20.5], [15.5], halo=QColor("#000000"))
    assert light(made).min() < -0.02
    assert light(made).max() == 1.0
    assert (made.pixels >> 24 == 255).all()
