"""The frame clock: newest frame, nothing stale, words rarely, and rest where nothing happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.app import loop as loop_module
from gumbelviz.app.loop import QUIET_TICKS, WORDS_EVERY, Loop
from gumbelviz.engine.player import Order
from gumbelviz.engine.runner import Runner
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Failure, Frame
from gumbelviz.model.settings import Transport, make_settings

SETTINGS = make_settings([2.0, 1.5])
FRAME = Simulation(SETTINGS).frame()


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Desk:
    """A loop on a runner whose thread was not started, with everything it hands on noted."""

    def __init__(self) -> None:
        self.drawn: list[tuple[int, bool]] = []
        self.spoken: list[int] = []
        self.failed: list[str] = []
        self.oldest = 0
        self.stalls = 0
        self.running = True
        self.loop = Loop(self._draw, self._speak, self._fail, self._wanted, lambda: self.running, self._stall)
        self.runner = Runner(self.loop.nudged.emit)
        self.loop.attach(self.runner)

    def _draw(self, frame: Frame, words: bool = True) -> None:
        self.drawn.append((frame.revision, words))

    def _speak(self, frame: Frame) -> None:
        self.spoken.append(frame.revision)

    def _fail(self, failure: Failure) -> None:
        self.failed.append(failure.message)

    def _stall(self) -> None:
        self.stalls += 1

    def _wanted(self, frame: Frame) -> bool:
        return frame.revision >= self.oldest

    def put(self, revision: int, **fields: object) -> None:
        self.runner.outbox.put(replace(FRAME, revision=revision, **fields))  # type: ignore[arg-type]

    def revisions(self) -> list[int]:
        return [revision for revision, _ in self.drawn]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(loop_module, "time", made)
    return made


@pytest.fixture
def desk(qapp: QApplication, clock: Clock) -> Desk:
    return Desk()


def test_without_a_frame_nothing_is_drawn(desk: Desk) -> None:
    desk.loop.tick()
    assert desk.drawn == []
    assert desk.spoken == []


def test_without_a_runner_the_clock_may_tick(qapp: QApplication) -> None:
    loop = Loop(lambda *_: None, lambda *_: None, lambda *_: None, lambda _: True, lambda: False, lambda: None)
    loop.tick()
    loop.set_active(True)
    loop.set_active(False)


def test_a_frame_is_drawn_once(desk: Desk, clock: Clock) -> None:
    desk.put(1)
    desk.loop.tick()
    clock.now += 0.016
    desk.loop.tick()
    assert desk.revisions() == [1]


def test_of_several_frames_the_newest_is_drawn(desk: Desk) -> None:
    for revision in (1, 2, 3):
        desk.put(revision)
    desk.loop.tick()
    assert desk.revisions() == [3]


def test_a_stale_frame_is_not_drawn(desk: Desk) -> None:
    desk.oldest = 5
    desk.put(4)
    desk.loop.tick()
    assert desk.drawn == []
    assert desk.spoken == []
    desk.put(5)
    desk.loop.tick()
    assert desk.revisions() == [5]


def test_a_frame_that_grew_stale_while_its_words_waited_is_not_drawn_again(desk: Desk, clock: Clock) -> None:
    """An option was added in between: the old frame has a number too few."""
    desk.put(1)
    desk.loop.tick()
    clock.now += 0.016
    desk.put(1, draws=10)
    desk.loop.tick()
    before = list(desk.drawn)
    desk.oldest = 2
    for _ in range(30):
        clock.now += 0.016
        desk.loop.tick()
    assert desk.drawn == before
    assert desk.spoken == [1]


def test_words_are_spoken_rarely_and_curves_follow_the_screen(desk: Desk, clock: Clock) -> None:
    ticks = 100
    for tick in range(ticks):
        desk.put(1, draws=tick, draws_per_second=1e6)
        desk.loop.tick()
        clock.now += 0.016
    assert len(desk.drawn) == ticks
    assert len(desk.spoken) <= ticks * 0.016 / WORDS_EVERY + 2
    assert len(desk.spoken) >= ticks * 0.016 / WORDS_EVERY - 2
    # The page is told of each frame whether it will be read.
    assert sum(words for _, words in desk.drawn) == len(desk.spoken)


def test_an_edit_is_read_at_once(desk: Desk, clock: Clock) -> None:
    for revision in (1, 2, 3, 4):
        desk.put(revision)
        desk.loop.tick()
        clock.now += 0.001
    assert desk.spoken == [1, 2, 3, 4]


def test_the_last_words_come_even_if_no_frame_does(desk: Desk, clock: Clock) -> None:
    """The stream stops between two readings: the last count must be read all the same."""
    desk.put(1, draws=1)
    desk.loop.tick()
    clock.now += 0.05
    desk.put(1, draws=2)
    desk.loop.tick()
    assert desk.spoken == [1]
    clock.now += 0.05
    desk.loop.tick()
    assert desk.spoken == [1]
    clock.now += WORDS_EVERY
    desk.loop.tick()
    assert desk.spoken == [1, 1]
    clock.now += 10.0
    desk.loop.tick()
    assert desk.spoken == [1, 1]


def test_a_failure_is_handed_on_and_nothing_is_drawn(desk: Desk) -> None:
    desk.runner.outbox.put(Failure(3, "It broke.", "Traceback"))
    desk.loop.tick()
    desk.loop.tick()
    assert desk.failed == ["It broke."]
    assert desk.drawn == []


def test_the_clock_ticks_only_while_somebody_can_see_it(qtbot: QtBot, desk: Desk) -> None:
    timer = desk.loop._timer
    assert not timer.isActive()
    desk.loop.set_active(True)
    assert timer.isActive()
    desk.put(1)
    qtbot.waitUntil(lambda: desk.revisions() == [1])
    desk.loop.set_active(False)
    assert not timer.isActive()
    desk.put(2)
    desk.loop.nudged.emit()
    QApplication.processEvents()
    assert desk.revisions() == [1]
    # What was left is drawn as soon as it can be seen.
    desk.loop.set_active(True)
    assert desk.revisions() == [1, 2]
    desk.loop.set_active(False)


def test_a_paused_clock_comes_to_rest_and_a_nudge_wakes_it(desk: Desk) -> None:
    desk.loop.set_active(True)
    for _ in range(QUIET_TICKS + 5):
        desk.loop.tick()
    assert desk.loop._timer.isActive()
    desk.running = False
    for _ in range(QUIET_TICKS + 5):
        desk.loop.tick()
    assert not desk.loop._timer.isActive()
    desk.put(1)
    desk.loop.nudged.emit()
    QApplication.processEvents()
    assert desk.revisions() == [1]
    assert desk.loop._timer.isActive()
    desk.loop.set_active(False)


def test_a_nudge_is_answered_in_the_window_s_own_thread(qtbot: QtBot, desk: Desk) -> None:
    """With the real thread: frames come through the mailbox, and are drawn here."""
    import threading

    seen: list[int] = []
    draw: Callable[..., None] = desk._draw

    def note(frame: Frame, words: bool = True) -> None:
        seen.append(threading.get_ident())
        draw(frame, words)

    desk.loop._draw = note
    desk.loop.set_active(True)
    desk.runner.start()
    try:
        desk.runner.order(Order(SETTINGS, Transport(running=False), 7))
        qtbot.waitUntil(lambda: 7 in desk.revisions(), timeout=20_000)
    finally:
        assert desk.runner.stop()
        desk.loop.set_active(False)
    assert set(seen) == {threading.get_ident()}


def test_an_engine_that_hangs_is_noticed_once_each_time(desk: Desk, clock: Clock) -> None:
    desk.put(1)
    for _ in range(3):
        desk.loop.tick()
        clock.now += 0.9 * loop_module.STALLED_AFTER
        assert desk.stalls == 0
        desk.put(1)
    desk.loop.tick()
    for _ in range(5):
        desk.loop.tick()
        clock.now += 0.4 * loop_module.STALLED_AFTER
    assert desk.stalls == 1
    # It answered after all, and hangs again.
    desk.put(1)
    for _ in range(5):
        desk.loop.tick()
        clock.now += 0.4 * loop_module.STALLED_AFTER
    assert desk.stalls == 2


def test_a_paused_or_hidden_window_waits_for_nothing(desk: Desk, clock: Clock) -> None:
    desk.running = False
    for _ in range(5):
        desk.loop.tick()
        clock.now += loop_module.STALLED_AFTER
    desk.running = True
    desk.loop.tick()
    desk.loop.set_active(False)
    clock.now += 10.0 * loop_module.STALLED_AFTER
    desk.loop.tick()
    assert desk.stalls == 0
