"""Windows of two hundred sizes, from 320 x 240 to 7680 x 4320: no exception, and nothing clipped from 1024 x 640."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.views.look import FONT, load_fonts
from gumbelviz.views.pages.table import PAGES

pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support"), pytest.mark.timeout(600)]
TOP = Path(__file__).parents[2]
WHOLE = 1024, 640
"""From this size on nothing may be clipped."""
CORNERS = ((320, 240), (1024, 640), (7680, 4320), (320, 4320), (7680, 240), (1024, 4320), (7680, 640))


@pytest.fixture
def program(qapp: QApplication) -> Iterator[Program]:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()
    made = Program(load_builtin("movie-night"), "light")
    made.window.resize(1280, 720)
    made.window.show()
    yield made
    end(qapp, made)


def clipped(window: QWidget) -> list[str]:
    """Name the buttons and labels that have less room than their words, or hang over an edge of what holds them."""
    found = []
    for part in window.findChildren(QWidget):
        if not isinstance(part, (QAbstractButton, QLabel)) or not part.isVisible() or not part.isEnabled():
            continue
        words = part.text()
        if not words or (isinstance(part, QLabel) and (part.wordWrap() or words.endswith("…"))):
            continue
        parent = part.parentWidget()
        inside = QRect(QPoint(), parent.size()).contains(part.geometry()) if parent is not None else True
        scrolls = any(isinstance(holder, QScrollArea) for holder in holders(part))
        needed = part.fontMetrics().horizontalAdvance(words.replace("&", "")) if isinstance(part, QLabel) else 0
        if isinstance(part, QAbstractButton):
            needed = part.minimumSizeHint().width()
        if (not inside and not scrolls) or part.width() + 1 < needed:
            found.append(f"{type(part).__name__} “{words[:30]}” {part.width()} of {needed}, inside: {inside}")
    return found


def holders(part: QWidget) -> list[QWidget]:
    found, holder = [], part.parentWidget()
    while holder is not None:
        found.append(holder)
        holder = holder.parentWidget()
    return found


def sizes(seed: int, count: int) -> list[tuple[int, int]]:
    chance = random.Random(seed)
    drawn = [
        (round(320 * (7680 / 320) ** chance.random()), round(240 * (4320 / 240) ** chance.random()))
        for _ in range(count)
    ]
    return [*CORNERS, *drawn][:count]


def look_at(program: Program, wanted: list[tuple[int, int]]) -> None:
    program.show_still(2_000)
    for i, (width, height) in enumerate(wanted):
        page = PAGES[i % len(PAGES)].id
        program.turn(page)
        program.window.resize(width, height)
        QApplication.processEvents()
        picture = program.window.grab()
        assert not picture.isNull()
        if width >= WHOLE[0] and height >= WHOLE[1]:
            assert clipped(program.window) == [], f"{page} at {width} x {height}"


def test_some_sizes(qtbot: QtBot, program: Program) -> None:
    look_at(program, [(1024, 640)] * len(PAGES) + sizes(1, 16))


@pytest.mark.long
def test_two_hundred_sizes(qtbot: QtBot, program: Program) -> None:
    look_at(program, sizes(2, 200))


def test_a_clipped_button_is_noticed(qtbot: QtBot, program: Program) -> None:
    program.show_still(100)
    QApplication.processEvents()
    assert clipped(program.window) == []
    tab = program.window.toolbar.findChildren(QAbstractButton)[0]
    tab.setFixedWidth(9)
    QApplication.processEvents()
    assert clipped(program.window) != []


@pytest.mark.parametrize("ratio", ["1.5", *(pytest.param(more, marks=pytest.mark.long) for more in ("1.25", "2", "3"))])
def test_screens_with_more_pixels(ratio: str, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    words = ["main.py", "render", "movie-night", "--output", str(picture), "--size", "1280x720", "--draws", "1000"]
    environment = os.environ | {"QT_SCALE_FACTOR": ratio}
    result = subprocess.run([sys.executable, *words], cwd=TOP, env=environment, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")
    image = QImage(str(picture))
    # A picture has the size that was asked for, whatever the screen.
    assert (image.width(), image.height()) == (1280, 720)
