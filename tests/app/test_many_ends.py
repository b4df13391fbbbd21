"""A thousand windows opened, used and closed at random moments, with an engine that dawdles: nothing is left behind."""

from __future__ import annotations

import random
import threading
import time

import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import BUILT_IN, load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.engine.simulation import Simulation
from gumbelviz.views.look import FONT, load_fonts
from gumbelviz.views.pages.table import PAGES

pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support"), pytest.mark.timeout(3_600)]
SCENES = tuple(scene for scene in BUILT_IN if scene != "next-word")
RUNS = 10
"""The thousand come in so many runs, each of a seed of its own."""


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def wait(chance: random.Random) -> None:
    """Let some milliseconds of the window's life pass, or none."""
    until = time.monotonic() + chance.choice((0.0, 0.001, 0.01, 0.05)) * chance.random()
    QApplication.processEvents()
    while time.monotonic() < until:
        QApplication.processEvents()


def open_and_close(qapp: QApplication, chance: random.Random) -> None:
    program = Program(load_builtin(chance.choice(SCENES)), "light")
    program.window.resize(800, 600)
    program.window.show()
    wait(chance)
    if chance.random() < 0.95:
        program.start()
    for _ in range(chance.randrange(5)):
        wait(chance)
        act = chance.randrange(6)
        if act == 0:
            program.turn(chance.choice(PAGES).id)
        elif act == 1:
            program.run()
        elif act == 2:
            program.restart()
        elif act == 3:
            program.wish("temperature", chance.choice((0.0, 0.1, 1.0, 7.0)), chance.random() < 0.5)
        elif act == 4:
            program.files.open_builtin(chance.choice(SCENES))
        else:
            program.window.setVisible(not program.window.isVisible())
    wait(chance)
    if chance.random() < 0.5:
        program.quit_now()
    assert program.stop()
    end(qapp, program)
    assert [t.name for t in threading.enumerate() if t.name.startswith(("gumbelviz", "draws")) and t.is_alive()] == []


def open_many(qapp: QApplication, monkeypatch: pytest.MonkeyPatch, seed: int, count: int) -> None:
    chance, dawdle = random.Random(seed), random.Random(seed)
    advance, frame = Simulation.advance, Simulation.frame
    # Whoever is asked about changes lets them go.
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: QMessageBox.StandardButton.Discard)

    def dawdling_advance(self: Simulation, *arguments: object) -> None:
        time.sleep(dawdle.choice((0.0, 0.0, 0.002, 0.03)))
        advance(self, *arguments)  # type: ignore[arg-type]

    def dawdling_frame(self: Simulation, *arguments: object, **named: object) -> object:
        time.sleep(dawdle.choice((0.0, 0.0, 0.002, 0.02)))
        return frame(self, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Simulation, "advance", dawdling_advance)
    monkeypatch.setattr(Simulation, "frame", dawdling_frame)
    for _ in range(count):
        open_and_close(qapp, chance)


def test_a_few_windows(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    open_many(qapp, monkeypatch, 77, 12)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(RUNS))
def test_a_thousand_windows(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    open_many(qapp, monkeypatch, seed, 1_000 // RUNS)
