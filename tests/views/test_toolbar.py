"""The strip under the menus: buttons for commands, the speed, and what gives way where there is little room."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.actions import COMMANDS
from gumbelviz.model.parameters import SPEED
from gumbelviz.model.settings import Transport
from gumbelviz.views.look import FONT, THEMES, Look, dress, load_fonts, stylesheet
from gumbelviz.views.toolbar import BUTTONS, LECTURE, Toolbar

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


class Strip:
    """The toolbar in a window, with actions that only note that they were triggered."""

    def __init__(self, qtbot: QtBot, look: Look | None = None) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.bar = Toolbar()
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bar)
        self.done: list[str] = []
        self.wishes: list[tuple[str, object, bool]] = []
        self.bar.wished.connect(lambda *wish: self.wishes.append(wish))
        texts = {command.id: command.text for command in COMMANDS if command is not None}
        self.actions = {id: QAction(texts[id], self.window) for id in (*BUTTONS, LECTURE)}
        self.actions["freeze"].setCheckable(True)
        for id, action in self.actions.items():
            action.triggered.connect(lambda _checked=False, id=id: self.done.append(id))
        self.bar.set_actions(self.actions)
        self.wear(look or Look())
        self.bar.set_transport(Transport())
        self.bar.set_scene_title("Ice cream")
        self.window.resize(1280, 60)
        self.window.show()
        QApplication.processEvents()

    def wear(self, look: Look) -> None:
        self.window.setStyleSheet(stylesheet(look))
        dress(self.bar, look)

    def button(self, id: str) -> QToolButton:
        return self.bar._buttons[id]


@pytest.fixture
def strip(qtbot: QtBot) -> Iterator[Strip]:
    made = Strip(qtbot)
    yield made
    made.window.hide()


def test_every_button_stands_for_a_command() -> None:
    assert set(BUTTONS) <= {command.id for command in COMMANDS if command is not None}


@pytest.mark.parametrize("id", BUTTONS)
def test_a_button_does_its_command(strip: Strip, id: str) -> None:
    QTest.mouseClick(strip.button(id), LEFT)
    assert strip.done == [id]


def test_run_becomes_pause(strip: Strip) -> None:
    assert strip.actions["run"].text() == "Run"
    play = strip.button("run").icon().pixmap(16, 16).toImage()
    strip.bar.set_transport(Transport(running=True))
    assert strip.actions["run"].text() == "Pause"
    assert strip.button("run").accessibleName() == "Pause"
    assert strip.button("run").icon().pixmap(16, 16).toImage() != play
    strip.bar.set_transport(Transport(running=False))
    assert strip.button("run").icon().pixmap(16, 16).toImage() == play


def test_run_is_as_wide_as_pause(strip: Strip) -> None:
    before = strip.button("run").width()
    strip.bar.set_transport(Transport(running=True))
    QApplication.processEvents()
    assert strip.button("run").width() == before
    assert strip.button("run").sizeHint().width() <= before


def test_freeze_shows_that_it_is_on(strip: Strip) -> None:
    strip.bar.set_transport(Transport(frozen=True, cursor=3))
    assert strip.actions["freeze"].isChecked()
    strip.bar.set_transport(Transport(cursor=3))
    assert not strip.actions["freeze"].isChecked()


@pytest.mark.parametrize(
    ("speed", "words"), [(1.0, "1/s"), (30.0, "30/s"), (1e5, "100 k/s"), (math.inf, "as fast as possible")]
)
def test_the_speed_is_said(strip: Strip, speed: float, words: str) -> None:
    strip.bar.set_transport(Transport(speed=speed))
    assert strip.bar.speed_label.text() == words
    assert strip.wishes == []
    assert strip.bar.speed.value() == pytest.approx(1000 * SPEED.place(speed), abs=1)


def test_the_speed_slider_wishes_from_one_to_as_fast_as_possible(strip: Strip) -> None:
    speed = strip.bar.speed
    QTest.mouseClick(speed, LEFT, NO_KEYS, QPoint(0, 8))
    assert strip.wishes[-1] == ("speed", 1.0, True)
    QTest.mouseClick(speed, LEFT, NO_KEYS, QPoint(speed.width() - 1, 8))
    assert strip.wishes[-1] == ("speed", math.inf, True)
    QTest.mouseClick(speed, LEFT, NO_KEYS, QPoint(speed.width() // 2, 8))
    middle = strip.wishes[-1][1]
    assert isinstance(middle, float)
    assert 100.0 < middle < 10_000.0
    assert middle == float(f"{middle:.2g}")


def test_the_scene_is_said_whole_to_screen_readers(strip: Strip) -> None:
    title = "A title that is much longer than there is room for in a button"
    strip.bar.set_scene_title(title)
    assert strip.bar.scene_button.text().endswith("…")
    assert len(strip.bar.scene_button.text()) < 40
    assert strip.bar.scene_button.accessibleName() == f"Scene: {title}"


def test_a_title_is_not_a_shortcut(strip: Strip) -> None:
    """An ampersand in somebody's title must show, and must not underline what follows it."""
    strip.bar.set_scene_title("R&D")
    assert strip.bar.scene_button.shortcut().isEmpty()
    assert strip.bar.scene_button.text().count("&") == 2


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("zoom", [0.75, 1.0, 1.5])
def test_where_there_is_little_room_pictures_stand_for_words(strip: Strip, theme: str, zoom: float) -> None:
    look = Look(THEMES[theme], zoom)
    strip.wear(look)
    strip.bar.set_transport(Transport(running=True))
    seen = []
    for width in (2600, 1280, 1024, 700):
        strip.window.resize(round(width * zoom), strip.window.height())
        QApplication.processEvents()
        parts = [part for part in strip.bar.findChildren(QWidget) if part.isVisible()]
        assert all(strip.bar.rect().contains(part.geometry()) for part in parts if part.parentWidget() is strip.bar)
        style = strip.button("back").toolButtonStyle()
        seen.append((strip.bar.speed_label.isVisible(), style == Qt.ToolButtonStyle.ToolButtonTextBesideIcon))
        for part in parts:
            if isinstance(part, QToolButton | QPushButton) and width > 700:
                assert part.sizeHint().width() <= part.width() + 1, part.accessibleName()
    # First the speed falls silent, then the buttons; nothing comes back in a narrower window.
    assert seen[0] == (True, True)
    assert seen[-1] == (False, False)
    assert seen == sorted(seen, reverse=True)


def test_what_is_silent_is_still_said_to_screen_readers(strip: Strip) -> None:
    strip.window.resize(700, 60)
    QApplication.processEvents()
    for id in BUTTONS:
        assert strip.button(id).accessibleName()
        assert "&" not in strip.button(id).accessibleName()
        assert strip.button(id).toolTip()


def test_a_single_page_needs_no_tabs_and_two_do(strip: Strip) -> None:
    strip.bar.set_pages((("pipeline", "Pipeline"),))
    assert not strip.bar._tabs.isVisible()
    strip.bar.set_pages((("pipeline", "Pipeline"), ("noise", "Noise")))
    assert strip.bar._tabs.isVisible()
    tab = next(button for button in strip.bar._tabs.findChildren(QPushButton) if button.text() == "Noise")
    QTest.mouseClick(tab, LEFT)
    assert strip.wishes == [("page", "noise", True)]
    assert tab.isChecked()


def test_clicking_a_button_does_not_take_the_keyboard(strip: Strip) -> None:
    """Space and the arrow keys stay what they are for the whole window."""
    for id in BUTTONS:
        assert not strip.button(id).focusPolicy() & Qt.FocusPolicy.ClickFocus
        assert strip.button(id).focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("zoom", [1.0, 1.5, 3.0])
def test_tabs_become_a_menu_before_they_are_cut(strip: Strip, zoom: float) -> None:
    """Down to a width where nothing fits any more: words are whole, and the strip asks itself for room only once."""
    strip.wear(Look(zoom=zoom))
    names = "Pipeline", "Noise", "Simplex", "Temperature", "Learning"
    strip.bar.set_pages(tuple((name.lower(), name) for name in names))
    strip.bar.set_page("simplex")
    for width in (2600, 1600, 1280, 1000, 640, 320, 1280, 2600):
        strip.window.resize(width, 60)
        QApplication.processEvents()
        tabs, button = strip.bar._tabs.isVisible(), strip.bar.page_button.isVisible()
        assert tabs != button
        for tab in strip.bar._page_tabs.values():
            assert not tabs or tab.width() >= tab.sizeHint().width()
    assert strip.bar.page_button.text() == "Simplex"
    strip.bar._page_menu.actions()[1].trigger()
    assert strip.wishes[-1] == ("page", "noise", True)
    strip.bar.set_page("margins")
    assert not any(tab.isChecked() for tab in strip.bar._page_tabs.values())


@pytest.mark.parametrize("zoom", [1.0, 1.5])
def test_the_height_is_the_same_whatever_is_shown(strip: Strip, zoom: float) -> None:
    """A height that followed the parts once had the window lay itself out for ever."""
    strip.wear(Look(zoom=zoom))
    heights = set()
    for width in range(500, 2600, 50):
        strip.window.resize(width, 200)
        QApplication.processEvents()
        heights.add(strip.bar.height())
    assert len(heights) == 1
