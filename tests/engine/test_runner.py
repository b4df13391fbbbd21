"""The worker thread with its real player: orders in, frames out, and an end in every state."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.engine.player import Order, Player
from gumbelviz.engine.runner import Runner
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Failure, Frame
from gumbelviz.model.settings import Settings, Transport, make_settings

SETTINGS = make_settings([1.0, 2.0, 3.0], seed=6)
PAUSED, RUNNING = Transport(), Transport(running=True)
PATIENCE = 60.0
"""Seconds after which a test gives up; nothing here takes long."""


class Nudges:
    """Counts the calls, and lets a test wait for the next one."""

    def __init__(self) -> None:
        self._calls = threading.Semaphore(0)
        self.threads: list[threading.Thread] = []

    def __call__(self) -> None:
        self.threads.append(threading.current_thread())
        self._calls.release()

    def wait(self) -> None:
        assert self._calls.acquire(timeout=PATIENCE)

    @property
    def count(self) -> int:
        return len(self.threads)


@contextmanager
def started(player: Player | None = None) -> Iterator[tuple[Runner, Nudges]]:
    nudges = Nudges()
    runner = Runner(nudges, player)
    runner.start()
    try:
        yield runner, nudges
    finally:
        assert runner.stop(PATIENCE)


def wait_for(runner: Runner, wanted: Callable[[Frame | Failure], bool]) -> Frame | Failure:
    """Take letters until one fits."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        letter = runner.outbox.take(1.0)
        if letter is not None and wanted(letter):
            return letter
    raise AssertionError("no such letter came")


def frame_with(runner: Runner, revision: int, fits: Callable[[Frame], bool] = lambda frame: True) -> Frame:
    found = wait_for(runner, lambda letter: isinstance(letter, Frame) and letter.revision == revision and fits(letter))
    assert isinstance(found, Frame)
    return found


def failure_of(runner: Runner) -> Failure:
    found = wait_for(runner, lambda letter: isinstance(letter, Failure))
    assert isinstance(found, Failure)
    return found


def is_running(name: str = "gumbelviz-engine") -> bool:
    return any(thread.name == name for thread in threading.enumerate())


# ---------------------------------------------------------------------------------------- orders and frames


def test_an_order_is_answered_with_its_revision() -> None:
    with started() as (runner, _):
        for revision, transport in ((3, PAUSED), (4, RUNNING), (9, PAUSED)):
            runner.order(Order(SETTINGS, transport, revision))
            assert frame_with(runner, revision).revision == revision


def test_a_running_stream_goes_on_by_itself_and_stands_still_when_paused() -> None:
    with started() as (runner, _):
        runner.order(Order(SETTINGS, RUNNING, 1))
        first = frame_with(runner, 1)
        frame_with(runner, 1, lambda frame: frame.draws > first.draws + 100_000)
        runner.order(Order(SETTINGS, PAUSED, 2))
        at_rest = frame_with(runner, 2)
        while (letter := runner.outbox.take(0.3)) is not None:
            assert isinstance(letter, Frame)
            assert letter.draws == at_rest.draws
        alone = Simulation(SETTINGS)
        alone.advance(at_rest.draws)
        assert np.array_equal(alone.frame().wins, at_rest.wins)


def test_a_paused_window_gets_the_exact_means_and_the_whole_catch_up() -> None:
    with started() as (runner, _):
        runner.order(Order(SETTINGS, RUNNING, 1))
        frame_with(runner, 1, lambda frame: frame.draws > 200_000)
        runner.order(Order(SETTINGS, PAUSED, 2))
        reached = frame_with(runner, 2, lambda frame: frame.theory.soft_mean is not None).draws
        warmer = replace(SETTINGS, temperature=2.0)
        runner.order(Order(warmer, PAUSED, 3))
        last = frame_with(runner, 3, lambda frame: frame.theory.soft_mean is not None and frame.draws == reached)
        assert last.theory.soft_mean is not None
        assert last.theory.soft_mean.sum() == pytest.approx(1.0)


class Gate(Simulation):
    """A simulation that waits, like one of very many options, until it is let go on."""

    entered = threading.Event()
    opened = threading.Event()

    def advance(
        self, until: int, stop: Callable[[], bool] = bool, abandon: Callable[[], bool] = bool
    ) -> None:
        self.entered.set()
        assert self.opened.wait(PATIENCE)
        super().advance(until, stop, abandon)


@pytest.fixture
def gate() -> Iterator[type[Gate]]:
    Gate.entered.clear()
    Gate.opened.clear()
    yield Gate
    Gate.opened.set()


class Diary(Player):
    """A player that notes what it was asked."""

    def __init__(self, make: Callable[[Settings], Simulation] = Simulation) -> None:
        super().__init__(make=make)
        self.accepted: list[int] = []

    def accept(self, order: Order) -> None:
        self.accepted.append(order.revision)
        super().accept(order)


def test_only_the_newest_order_is_played(gate: type[Gate]) -> None:
    diary = Diary(gate)
    with started(diary) as (runner, _):
        runner.order(Order(SETTINGS, RUNNING, 1))
        assert gate.entered.wait(PATIENCE)
        for revision in (2, 3, 4):
            runner.order(Order(replace(SETTINGS, seed=revision), PAUSED, revision))
        gate.opened.set()
        frame = frame_with(runner, 4)
        assert np.array_equal(frame.draw.noise, Simulation(replace(SETTINGS, seed=4)).draw(frame.draw.index).noise)
        assert diary.accepted == [1, 4]


def test_a_new_order_interrupts_a_long_stint() -> None:
    """The clock of this player stands still, so that no stint ever ends by itself."""
    with started(Player(clock=lambda: 0.0)) as (runner, _):
        for revision in range(1, 20):
            runner.order(Order(replace(SETTINGS, seed=revision), RUNNING, revision))
            time.sleep(0)
        runner.order(Order(SETTINGS, PAUSED, 20))
        assert frame_with(runner, 20).revision == 20


def test_the_nudge_comes_once_per_order_from_the_worker() -> None:
    now = [0.0]
    with started(Player(clock=lambda: now[0])) as (runner, nudges):
        for revision in range(1, 6):
            runner.order(Order(SETTINGS, Transport(cursor=revision - 1), revision))
            nudges.wait()
            letter = runner.outbox.take()
            assert isinstance(letter, Frame)
            assert letter.revision == revision
            assert nudges.count == revision
        # And once more when it comes to rest: the screen's clock may rest already.
        now[0] = 10.0
        nudges.wait()
        assert frame_with(runner, 5).theory.soft_mean is not None
        assert runner.outbox.take(0.05) is None
        assert nudges.count == 6
        assert {thread.name for thread in nudges.threads} == {"gumbelviz-engine"}


def test_frames_do_not_pile_up_where_nobody_takes_them() -> None:
    with started() as (runner, nudges):
        runner.order(Order(SETTINGS, RUNNING, 1))
        nudges.wait()
        first = frame_with(runner, 1)
        while runner.outbox.empty:
            time.sleep(0.001)
        # What lies there grows old until it is taken; the next one is fresh.
        frame_with(runner, 1)
        assert frame_with(runner, 1, lambda frame: frame.draws > first.draws).draws > first.draws
        assert nudges.count == 1


# ------------------------------------------------------------------------------------------------- failures


class Faulty(Simulation):
    """Fails at negative scores, while drawing."""

    def advance(
        self, until: int, stop: Callable[[], bool] = bool, abandon: Callable[[], bool] = bool
    ) -> None:
        if min(self.settings.logits) < 0.0:
            raise ZeroDivisionError("as it was told to")
        super().advance(until, stop, abandon)


class Unpicturable(Simulation):
    """Fails to make a picture of negative scores."""

    def frame(self, *args: Any, **kwargs: Any) -> Frame:
        if min(self.settings.logits) < 0.0:
            raise ZeroDivisionError("as it was told to")
        return super().frame(*args, **kwargs)


class Roomless(Simulation):
    """Has no memory for negative scores, new or changed to."""

    def __init__(self, settings: Settings) -> None:
        self._refuse(settings)
        super().__init__(settings)

    def change(self, settings: Settings) -> None:
        self._refuse(settings)
        super().change(settings)

    @staticmethod
    def _refuse(settings: Settings) -> None:
        if min(settings.logits) < 0.0:
            raise MemoryError


BAD = make_settings([-1.0, 2.0])
FAULTS: list[tuple[Callable[[Settings], Simulation], str]] = [
    (Faulty, "The simulation stopped: ZeroDivisionError: as it was told to"),
    (Unpicturable, "The simulation stopped: ZeroDivisionError: as it was told to"),
    (Roomless, "There is not enough memory for this many options."),
]


@pytest.mark.parametrize(("make", "message"), FAULTS, ids=["advance", "frame", "make"])
@pytest.mark.parametrize("transport", [PAUSED, RUNNING])
def test_a_fault_is_told_once_and_the_next_order_works(
    make: Callable[[Settings], Simulation], message: str, transport: Transport
) -> None:
    with started(Player(make=make)) as (runner, nudges):
        runner.order(Order(SETTINGS, transport, 1))
        nudges.wait()
        if not transport.running:
            nudges.wait()  # it has come to rest
        before = nudges.count
        runner.order(Order(BAD, transport, 2))
        nudges.wait()
        failure = failure_of(runner)
        assert failure.revision == 2
        assert failure.message == message
        assert "Traceback" in failure.details
        assert "as it was told to" in failure.details or "MemoryError" in failure.details
        assert runner.outbox.take(0.1) is None
        assert nudges.count == before + 1
        runner.order(Order(BAD, transport, 3))
        assert failure_of(runner).revision == 3
        runner.order(Order(SETTINGS, PAUSED, 4))
        assert frame_with(runner, 4).draws >= 1


def test_after_a_fault_the_next_order_starts_afresh() -> None:
    """What broke may have left half a block behind in the tallies."""

    class Torn(Simulation):
        """The first of its kind leaves its tallies torn; those after it are sound."""

        made = 0

        def __init__(self, settings: Settings) -> None:
            super().__init__(settings)
            type(self).made += 1
            self.torn = self.made == 1

        def advance(
        self, until: int, stop: Callable[[], bool] = bool, abandon: Callable[[], bool] = bool
    ) -> None:
            super().advance(until, stop, abandon)
            if self.torn:
                self._tally.wins += 1
                raise ZeroDivisionError

    with started(Player(make=Torn)) as (runner, _):
        runner.order(Order(SETTINGS, PAUSED, 1))
        failure_of(runner)
        runner.order(Order(SETTINGS, PAUSED, 2))
        frame = frame_with(runner, 2)
        assert frame.wins.sum() == frame.draws >= 1


# ------------------------------------------------------------------------------------------------- stopping


def test_a_runner_that_never_started_has_stopped() -> None:
    runner = Runner(lambda: None)
    assert runner.stop()
    assert not is_running()


def test_stopping_an_idle_one() -> None:
    runner = Runner(lambda: None)
    runner.start()
    assert is_running()
    assert runner.stop(PATIENCE)
    assert not is_running()
    assert runner.stop(PATIENCE)


@pytest.mark.parametrize(
    "transport", [PAUSED, RUNNING, Transport(running=True, speed=1.0), Transport(running=True, speed=1e5)]
)
def test_stopping_one_that_plays(transport: Transport) -> None:
    runner = Runner(lambda: None)
    runner.start()
    runner.order(Order(SETTINGS, transport, 1))
    frame_with(runner, 1)
    assert runner.stop(PATIENCE)
    assert not is_running()


def test_stopping_one_that_failed() -> None:
    runner = Runner(lambda: None, Player(make=Faulty))
    runner.start()
    runner.order(Order(BAD, RUNNING, 1))
    failure_of(runner)
    assert runner.stop(PATIENCE)
    assert not is_running()


def test_stopping_before_the_order_was_begun() -> None:
    """Again and again, because it is a race."""
    for revision in range(30):
        runner = Runner(lambda: None)
        runner.start()
        runner.order(Order(SETTINGS, RUNNING, revision))
        assert runner.stop(PATIENCE)
    assert not is_running()


def test_one_that_hangs_is_reported_and_ends_when_it_can(gate: type[Gate]) -> None:
    runner = Runner(lambda: None, Player(make=gate))
    runner.start()
    runner.order(Order(SETTINGS, RUNNING, 1))
    assert gate.entered.wait(PATIENCE)
    assert runner.stop(within=0.2) is False
    assert is_running()
    gate.opened.set()
    assert runner.stop(PATIENCE)
    assert not is_running()


def test_the_thread_does_not_keep_the_program_alive() -> None:
    with started():
        thread = next(thread for thread in threading.enumerate() if thread.name == "gumbelviz-engine")
        assert thread.daemon


def test_many_orders_from_a_dragged_slider_end_at_the_last() -> None:
    revisions = count(1)
    with started() as (runner, nudges):
        for _ in range(200):
            revision = next(revisions)
            runner.order(Order(replace(SETTINGS, temperature=0.01 * revision), RUNNING, revision))
        last = frame_with(runner, 200, lambda frame: frame.draws > 1000)
        assert nudges.count <= 200
        assert math.isfinite(last.noise_variance)


def test_frames_of_very_many_options_are_rare_but_the_answer_and_the_last_one_come() -> None:
    settings = make_settings([0.0] * 20_000)
    with started(Player()) as (runner, _):
        runner.order(Order(settings, replace(RUNNING, speed=math.inf), 1))
        frame_with(runner, 1)
        began, frames = time.monotonic(), 0
        while time.monotonic() - began < 0.55:
            frames += runner.outbox.take() is not None
            time.sleep(0.002)
        # However slow the machine: in half a second there are not more than five tenths, and the one at its start.
        assert frames <= 6
        frame_with(runner, 1)
        runner.order(Order(settings, replace(PAUSED, cursor=3), 2))
        frame = frame_with(runner, 2)
        assert frame.draw.index == 3
