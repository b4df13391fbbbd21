"""A small lecture, and a program that can be driven through it: for the tests of lecture mode."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.model.frame import Frame
from gumbelviz.model.lecture import Lecture, Question, Step, Task
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import make_settings
from gumbelviz.views.lecture.stage import Stage

FILMS = Scene(
    title="Films", settings=make_settings([2.0, 1.2, 0.4], names=["Drama", "Comedy", "Sci-fi"], temperature=0.5)
)
TASK = Task(text="Drag the temperature down to {goal}.", when="temperature below", value=0.1)
FREQUENCIES = Question(text="How often does each win?", kind="frequencies", after="{name:1}: {probability:1}.")
ANSWERS = Question(text="Who?", kind="answers", answers=("Drama", "Comedy", "Nobody"), right=0, after="Always.")

LECTURE = Lecture(
    title="Films",
    steps=(
        Step(title="τ is {temperature}", words="**Only** τ moves.", notes="Say it *slowly*.", scene=FILMS,
             parts=("noisy", "soft", "draw"), controls=("temperature", "step"), highlight=("soft",), draw=5, task=TASK),
        Step(title="How often?", scene=FILMS, parts=("hard",), controls=("run",), question=FREQUENCIES, draws=1000),
        Step(title="Which one?", scene=FILMS, controls=("step",), question=ANSWERS,
             task=Task(text="Reveal it.", when="revealed")),
        Step(title="The end", scene=FILMS, running=True, speed=1000.0, controls=("pages",)),
    ),
)  # fmt: skip


class Lecturer:
    """A program with the small lecture chosen, and what a test does with it."""

    def __init__(self, qtbot: QtBot, lecture: Lecture = LECTURE, scene: str = "ice-cream") -> None:
        self.qtbot = qtbot
        self.program = Program(load_builtin(scene), "dark")
        self.window = self.program.window
        self.window.resize(1280, 720)
        self.window.show()
        self.window.activateWindow()
        self.program.store.watch(running=False)
        self.program.start()
        self.settle()
        self.mode = self.program.lecture
        self.mode.choose(lecture)

    @property
    def stage(self) -> Stage:
        assert self.mode._stage is not None
        return self.mode._stage

    @property
    def frame(self) -> Frame:
        assert self.program._frame is not None
        return self.program._frame

    def place(self) -> int:
        """Which step is shown."""
        return self.mode.place

    def presenting(self) -> bool:
        """Whether the lecture is on."""
        return self.mode.on

    def running(self) -> bool:
        """Whether the stream runs."""
        return self.program.store.state.transport.running

    def page(self) -> str:
        """Which page is looked at."""
        return self.program.store.state.page

    def settle(self) -> Frame:
        """Wait until the picture answers everything that was asked for."""

        def answered() -> bool:
            frame = self.program._frame
            return frame is not None and frame.revision == self.program.store.state.revision

        self.qtbot.waitUntil(answered, timeout=20_000)
        # The window's system answers for its size a little later.
        QApplication.processEvents()
        return self.frame

    def read(self) -> None:
        """Wait until the words of the step have their numbers."""
        self.settle()
        player = self.mode._player
        assert player is not None
        self.qtbot.waitUntil(lambda: player._frame is not None, timeout=20_000)

    def start(self) -> None:
        """Press F5."""
        self.press(Qt.Key.Key_F5)
        assert self.mode.on
        self.read()

    def press(self, *keys: Qt.Key, on: QWidget | None = None) -> None:
        """Press keys where the keyboard is, or on a widget."""
        # The platform without a screen forgets now and then which window is in front.
        self.window.activateWindow()
        QApplication.processEvents()
        for key in keys:
            QTest.keyClick(on or QApplication.focusWidget() or self.window, key)
            QApplication.processEvents()

    def wait(self, seconds: float) -> None:
        """Let the event loop run."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            QApplication.processEvents()
            time.sleep(0.005)
