"""Playing the annealing: the document follows, one step back for a whole play, and whoever takes over ends it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.app.annealer import LONGEST_STEP, Annealer
from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.app.store import Store
from gumbelviz.model.edits import EDITS
from gumbelviz.model.play import Play
from gumbelviz.model.schedule import temperature_at
from gumbelviz.model.settings import Settings, Transport
from gumbelviz.views.look import FONT, load_fonts
from gumbelviz.views.pages.pipeline import PipelinePage
from gumbelviz.views.pages.temperature import TemperaturePage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SCENE = load_builtin("movie-night")


class Desk:
    """An annealer whose clock is moved by hand; 10,000 steps take 10 seconds."""

    def __init__(self, **wishes: object) -> None:
        self.now = 0.0
        self.store = Store(SCENE, Transport())
        self.shown: list[Play] = []
        self.annealer = Annealer(self.store, self.shown.append, lambda: self.now)
        for name, value in wishes.items():
            self.store.edit(f"schedule {name}", value)
        self.undos = self.undo_steps()

    def wait(self, seconds: float, tick: float = 0.1) -> None:
        for _ in range(round(seconds / tick)):
            self.now += tick
            self.annealer.tick()

    def undo_steps(self) -> int:
        return len(self.store._undo)

    @property
    def settings(self) -> Settings:
        return self.store.state.settings

    @property
    def temperature(self) -> float:
        return self.settings.temperature

    def scheduled(self, step: float) -> float:
        return temperature_at(self.settings.pages.temperature, step)


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.annealer.set_active(False)


def test_the_temperature_follows_the_schedule(desk: Desk) -> None:
    desk.annealer.wish("anneal play", None)
    assert desk.temperature == desk.scheduled(0.0) == 5.0
    for second in range(1, 10):
        desk.wait(1.0)
        assert desk.annealer.play.step == pytest.approx(1000.0 * second)
        assert desk.temperature == desk.scheduled(desk.annealer.play.step)
    desk.wait(2.0)
    assert desk.annealer.play == Play(10_000.0, False)
    assert desk.temperature == pytest.approx(0.1)
    assert desk.shown[-1] == desk.annealer.play
    assert not desk.annealer._timer.isActive()


def test_a_whole_play_is_one_step_back(desk: Desk) -> None:
    desk.annealer.wish("anneal play", None)
    desk.wait(4.0)
    desk.annealer.wish("anneal pause", None)
    desk.wait(1.0)
    desk.annealer.wish("anneal play", None)
    desk.wait(20.0)
    assert desk.undo_steps() == desk.undos + 1
    assert desk.store.undo_label == "anneal the temperature"
    desk.store.undo()
    assert desk.settings == SCENE.settings
    assert desk.store.redo_label == "anneal the temperature"
    desk.store.redo()
    assert desk.temperature == pytest.approx(0.1)
    # Another play is another step.
    desk.annealer.wish("anneal play", None)
    desk.wait(1.0)
    assert desk.undo_steps() == desk.undos + 2


def test_a_play_does_not_cut_the_drag_of_a_score_into_steps(desk: Desk) -> None:
    desk.annealer.wish("anneal play", None)
    for n in range(20):
        desk.wait(0.1)
        desk.store.edit("logit", (0, 1.0 + 0.1 * n), final=False)
    desk.store.edit("logit", (0, 4.0))
    assert desk.annealer.play.playing
    assert desk.undo_steps() == desk.undos + 2


def test_pause_holds_and_stop_goes_back_to_the_first_step(desk: Desk) -> None:
    desk.annealer.wish("anneal play", None)
    desk.wait(3.0)
    desk.annealer.wish("anneal pause", None)
    held = desk.temperature
    desk.wait(3.0)
    assert desk.temperature == held
    assert desk.annealer.play.step == pytest.approx(3000.0)
    desk.annealer.wish("anneal stop", None)
    assert desk.annealer.play == Play()
    assert desk.temperature == held


def test_it_plays_over_and_over(qapp: QApplication) -> None:
    desk = Desk(loop=True)
    desk.annealer.wish("anneal play", None)
    desk.wait(23.0)
    assert desk.annealer.play.playing
    assert desk.annealer.play.step == pytest.approx(3000.0)
    assert desk.undo_steps() == desk.undos + 1
    desk.annealer.set_active(False)


@pytest.mark.parametrize("hand", ["slider", "undo", "open"])
def test_whoever_takes_the_temperature_in_hand_ends_the_play(desk: Desk, hand: str) -> None:
    desk.annealer.wish("anneal play", None)
    desk.wait(2.0)
    if hand == "slider":
        desk.store.edit("temperature", 7.0)
    elif hand == "undo":
        desk.store.undo()
    else:
        desk.store.open(replace(SCENE, title="Other"))
        assert desk.annealer.play == Play()
    assert not desk.annealer.play.playing
    temperature = desk.temperature
    desk.wait(2.0)
    assert desk.temperature == temperature
    if hand == "slider":
        # Going on later is a step of its own, back to what the hand had set.
        desk.annealer.wish("anneal play", None)
        desk.wait(1.0)
        desk.store.undo()
        assert desk.temperature == 7.0


def test_a_step_can_be_looked_up_and_a_drag_of_the_head_is_one_step_back(desk: Desk) -> None:
    for step in (1000.0, 2000.0, 99_999.0):
        desk.annealer.wish("anneal seek", step, False)
    desk.annealer.wish("anneal seek", 4000.0, True)
    assert desk.annealer.play == Play(4000.0)
    assert desk.temperature == desk.scheduled(4000.0)
    desk.annealer.wish("anneal seek", 5000.0, True)
    assert desk.undo_steps() == desk.undos + 2
    desk.annealer.wish("anneal play", None)
    desk.wait(1.0)
    assert desk.annealer.play.step == pytest.approx(6000.0)


def test_fewer_steps_take_the_head_back(desk: Desk) -> None:
    desk.annealer.wish("anneal seek", 9000.0)
    desk.store.edit("schedule steps", 500.0)
    assert desk.annealer.play.step == 500.0


def test_no_time_passes_while_nobody_looks_and_a_long_pause_is_no_jump(desk: Desk) -> None:
    desk.annealer.wish("anneal play", None)
    assert desk.annealer._timer.isActive()
    desk.annealer.set_active(False)
    assert not desk.annealer._timer.isActive()
    desk.now += 5.0
    desk.annealer.set_active(True)
    assert desk.annealer._timer.isActive()
    desk.annealer.tick()
    assert desk.annealer.play.step == 0.0
    desk.now += 1000.0
    desk.annealer.tick()
    assert desk.annealer.play.step == pytest.approx(1000.0 * LONGEST_STEP)


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    if FONT not in QFontDatabase.families():
        load_fonts()
    program = Program(SCENE)
    program.window.resize(1280, 720)
    program.window.show()
    program.start()
    yield program
    program.quit_now()
    end(qapp, program)


def test_other_pages_follow_the_play(qtbot: QtBot, program: Program) -> None:
    now = [0.0]
    program.annealer._clock = lambda: now[0]
    program.wish("schedule", "paper")
    program.turn("temperature")
    program.wish("anneal play", None)
    program.turn("pipeline")
    page = program.pager.page
    assert isinstance(page, PipelinePage)
    for _ in range(12):
        now[0] += 0.25
        program.annealer.tick()

    def answered() -> bool:
        frame = program._frame
        return frame is not None and frame.revision == program.store.state.revision

    assert program.annealer.play.playing
    program.annealer.wish("anneal pause", None)
    program.store.watch(running=False)
    qtbot.waitUntil(answered, timeout=20_000)
    expected = max(0.5, math.exp(-5e-4 * 3000.0))
    assert program.store.state.settings.temperature == pytest.approx(expected)
    assert page._temperature._slider.knob_center().x() > 0
    assert page._settings is not None
    assert page._settings.temperature == pytest.approx(expected)
    # Turned back, the page shows where the play stands.
    program.turn("temperature")
    temperature = program.pager.page
    assert isinstance(temperature, TemperaturePage)
    assert temperature._play == program.annealer.play
    program.wish("anneal stop", None)
    assert temperature._play == Play()


def test_the_play_ends_with_the_program(qapp: QApplication, qtbot: QtBot, program: Program) -> None:
    program.wish("anneal play", None)
    assert program.annealer._timer.isActive()
    program.stop()
    assert not program.annealer._timer.isActive()


def test_follow_is_no_step_back_and_leaves_redo_alone() -> None:
    store = Store(SCENE, Transport())
    store.edit("temperature", 2.0)
    store.undo()
    store.follow("anneal", 3.0)
    assert store.state.settings.temperature == 3.0
    assert store.undo_label is None
    assert store.redo_label == "change the temperature"
    assert "anneal" in EDITS
