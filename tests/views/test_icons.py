"""Pictures on buttons, and the marker shapes that stand for options."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from gumbelviz.views.icons import icon
from gumbelviz.views.look import MARKERS
from gumbelviz.views.plots.markers import draw_crown, draw_pin, marker_path

NAMES = ("play", "pause", "back", "step", "restart", "freeze", "down")
INK = QColor("#2457D6")


def image_of(name: str, size: int = 32, ratio: float = 1.0) -> QImage:
    return icon(name, INK, size, ratio).pixmap(size, size).toImage()


def alphas(image: QImage) -> list[list[int]]:
    return [[image.pixelColor(x, y).alpha() for x in range(image.width())] for y in range(image.height())]


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_has_a_picture_in_the_ink_that_was_asked_for(qapp: QApplication, name: str) -> None:
    image = image_of(name)
    assert (image.width(), image.height()) == (32, 32)
    pixels = [image.pixelColor(x, y) for x, y in itertools.product(range(32), range(32))]
    solid = [color for color in pixels if color.alpha() == 255]
    assert 20 < len(solid) < 0.7 * 32 * 32
    assert all(max(abs(a - b) for a, b in zip(c.getRgb(), INK.getRgb(), strict=True)) <= 2 for c in solid)  # type: ignore[call-overload]


def test_no_two_icons_look_alike(qapp: QApplication) -> None:
    drawn = [alphas(image_of(name)) for name in NAMES]
    for one, other in itertools.combinations(drawn, 2):
        differing = sum((a > 127) != (b > 127) for row, line in zip(one, other, strict=True)
                        for a, b in zip(row, line, strict=True))  # fmt: skip
        assert differing > 40


def test_back_is_step_in_a_mirror(qapp: QApplication) -> None:
    back = alphas(image_of("back"))
    step = [row[::-1] for row in alphas(image_of("step"))]
    assert max(abs(a - b) for one, other in zip(back, step, strict=True) for a, b in zip(one, other, strict=True)) < 40


@pytest.mark.parametrize("name", NAMES)
def test_on_a_dense_screen_an_icon_is_the_same_size_and_sharper(qapp: QApplication, name: str) -> None:
    pixmap = icon(name, INK, 16, 2.0).pixmap(16, 16)
    sharp = icon(name, INK, 16, 2.0).availableSizes()[0]
    assert (sharp.width(), sharp.height()) == (32, 32)
    assert not pixmap.isNull()


def test_an_icon_that_does_not_exist_is_a_mistake(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        icon("rocket", INK, 16)


def painted(shape: str) -> QImage:
    image = QImage(41, 41, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(INK)
        center = QPointF(20.5, 20.5)
        if shape == "crown":
            draw_crown(painter, center, 20)
        elif shape == "pin":
            draw_pin(painter, center, 20)
        else:
            painter.drawPath(marker_path(shape, center, 10))
    return image


SHAPES = (*MARKERS, "crown", "pin")


@pytest.mark.parametrize("shape", SHAPES)
def test_a_marker_is_filled_and_about_as_large_as_asked(qapp: QApplication, shape: str) -> None:
    image = painted(shape)
    inked = [(x, y) for x, y in itertools.product(range(41), range(41)) if image.pixelColor(x, y).alpha() > 127]
    reach = max(max(abs(x - 20), abs(y - 20)) for x, y in inked)
    assert 8 <= reach <= 13
    assert len(inked) > 70


def test_no_two_markers_look_alike(qapp: QApplication) -> None:
    drawn = {shape: alphas(painted(shape)) for shape in SHAPES}
    for one, other in itertools.combinations(SHAPES, 2):
        differing = sum((a > 127) != (b > 127) for row, line in zip(drawn[one], drawn[other], strict=True)
                        for a, b in zip(row, line, strict=True))  # fmt: skip
        assert differing > 25, (one, other)


@pytest.mark.parametrize("shape", MARKERS)
def test_a_marker_moves_with_its_centre(shape: str) -> None:
    here, there = marker_path(shape, QPointF(0, 0), 5), marker_path(shape, QPointF(100, 50), 5)
    assert there.boundingRect().center() - here.boundingRect().center() == QPointF(100, 50)
    assert marker_path(shape, QPointF(0, 0), 10).boundingRect().width() == pytest.approx(
        2 * here.boundingRect().width()
    )
