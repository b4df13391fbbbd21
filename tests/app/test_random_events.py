"""Twenty thousand random but seeded mouse, key and wheel events over all pages; a warning of Qt is a failure."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.model.settings import check_settings
from gumbelviz.views.look import FONT, load_fonts

pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support"), pytest.mark.timeout(900)]
Key, Mods, Buttons = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton
KEYS = (
    Key.Key_Space, Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End, Key.Key_Return,
    Key.Key_Escape, Key.Key_Tab, Key.Key_Backtab, Key.Key_Delete, Key.Key_Backspace, Key.Key_F, Key.Key_F2, Key.Key_P,
    Key.Key_BracketLeft, Key.Key_BracketRight, Key.Key_PageUp, Key.Key_PageDown, Key.Key_Minus, Key.Key_Period,
    *(Key(Key.Key_0 + digit) for digit in range(10)), Key.Key_X, Key.Key_Comma,
)  # fmt: skip
WITH_CONTROL = (
    Key.Key_Z, Key.Key_Y, Key.Key_C, Key.Key_V, Key.Key_R, Key.Key_G, Key.Key_O, Key.Key_S, Key.Key_N, Key.Key_Plus,
    Key.Key_Minus, Key.Key_0, Key.Key_A, Key.Key_Left, Key.Key_Home,
)  # fmt: skip
EVENTS, SEEDS = 2_000, 10
"""Events of one run, and how many runs make the twenty thousand."""


class Person:
    """Somebody who does anything at all."""

    def __init__(self, program: Program, seed: int) -> None:
        self.program, self.window = program, program.window
        self.random = random.Random(seed)
        self.done = 0
        self._closer = QTimer(self.window)
        self._closer.timeout.connect(self._close)
        self._closer.start(2)

    def _close(self) -> None:
        """Turn down whatever dialog or menu has opened; it would wait for a person for ever."""
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            popup.close()
        elif isinstance(modal, QDialog):
            modal.reject()
        elif modal is not None and modal is not self.window:
            modal.close()

    def _somewhere(self) -> tuple[QWidget, QPoint]:
        parts = [part for part in self.window.findChildren(QWidget) if part.isVisible() and part.width() > 0]
        part = self.random.choice(parts)
        return part, QPoint(self.random.randrange(part.width()), self.random.randrange(max(part.height(), 1)))

    def act(self) -> None:
        """Do one thing."""
        kind = self.random.random()
        part, place = self._somewhere()
        if kind < 0.35:
            self._press(part, place)
        elif kind < 0.5:
            self._turn_wheel(part, place)
        elif kind < 0.55:
            QTest.mouseDClick(part, Buttons.LeftButton, Mods.NoModifier, place)
        elif kind < 0.6:
            QTest.mouseClick(part, Buttons.RightButton, Mods.NoModifier, place)
        elif kind < 0.93:
            self._type()
        else:
            QTest.keyClick(self.window, Key(Key.Key_1 + self.random.randrange(6)))
        self.done += 1
        QApplication.processEvents()

    def _press(self, part: QWidget, place: QPoint) -> None:
        modifiers = self.random.choice((Mods.NoModifier, Mods.NoModifier, Mods.ShiftModifier))
        QTest.mousePress(part, Buttons.LeftButton, modifiers, place)
        for _ in range(self.random.randrange(4)):
            place = place + QPoint(self.random.randrange(-90, 91), self.random.randrange(-60, 61))
            QTest.mouseMove(part, place)
            QApplication.processEvents()
        QTest.mouseRelease(part, Buttons.LeftButton, modifiers, place)

    def _turn_wheel(self, part: QWidget, place: QPoint) -> None:
        turn = QPoint(0, self.random.choice((-120, 120, -30, 360)))
        where, there = QPointF(place), QPointF(part.mapToGlobal(place))
        event = QWheelEvent(where, there, QPoint(), turn, Buttons.NoButton, Mods.NoModifier,
                            Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
        assert event.type() == QEvent.Type.Wheel
        QApplication.sendEvent(part, event)

    def _type(self) -> None:
        target = QApplication.focusWidget() or self.window
        if self.random.random() < 0.2:
            QTest.keyClick(target, self.random.choice(WITH_CONTROL), Mods.ControlModifier)
        else:
            QTest.keyClick(target, self.random.choice(KEYS), self.random.choice((Mods.NoModifier, Mods.ShiftModifier)))


@pytest.fixture
def program(qapp: QApplication) -> Iterator[Program]:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()
    made = Program(load_builtin("movie-night"), "light")
    made.window.resize(1280, 720)
    made.window.show()
    made.window.activateWindow()
    made.start()
    yield made
    end(qapp, made)


def live_through(
    qtbot: QtBot, program: Program, seed: int, events: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(program, seed)
    answers = random.Random(seed)

    def answer(box: QMessageBox) -> int:
        return answers.choice((QMessageBox.StandardButton.Discard, QMessageBox.StandardButton.Cancel))

    monkeypatch.setattr(QMessageBox, "exec", answer)
    while person.done < events:
        person.act()
        assert program.window.isVisible()
        assert "went wrong" not in program.window.message, f"event {person.done} of seed {seed}"
        assert "simulation stopped" not in program.window.message, f"event {person.done} of seed {seed}"
    check_settings(program.store.state.settings)
    # Whatever has been done, the window answers.
    program.turn("pipeline")
    program.store.watch(running=True)
    program.restart()

    def answered() -> bool:
        return program._frame is not None and program._frame.revision == program.store.state.revision

    qtbot.waitUntil(answered, timeout=30_000)
    while program.store.undo_label is not None:
        program.store.undo()
    qtbot.waitUntil(answered, timeout=30_000)


def test_a_few_hundred_events(qtbot: QtBot, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    live_through(qtbot, program, 99, 250, monkeypatch)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(SEEDS))
def test_twenty_thousand_events(
    qtbot: QtBot, program: Program, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_through(qtbot, program, seed, EVENTS, monkeypatch)
