"""Playing a simulation by a clock that the test holds in its hand."""

import math
from collections.abc import Callable
from itertools import count, pairwise

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.engine import player
from gumbelviz.engine.player import AT_REST, FRAMES_APART, LINGER, LONGEST_STEP, STINT, Order, Player
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Frame
from gumbelviz.model.parameters import MANY_OPTIONS
from gumbelviz.model.settings import Settings, Transport, make_settings

SETTINGS = make_settings([1.0, 2.0, 3.0], seed=6)


class Clock:
    """Seconds that pass when the test says so, and `step` more whenever somebody looks."""

    def __init__(self, step: float = 0.0) -> None:
        self.now = 100.0
        self.step = step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


class Desk:
    """A player, its clock, and the orders a store would send."""

    def __init__(self, settings: Settings = SETTINGS, step: float = 0.0) -> None:
        self.clock = Clock(step)
        self.made: list[Simulation] = []
        self.player = Player(self.clock, self._make)
        self.settings = settings
        self.transport = Transport()
        self._revisions = count(1)

    def _make(self, settings: Settings) -> Simulation:
        self.made.append(Simulation(settings))
        return self.made[-1]

    def order(self, settings: Settings | None = None, **transport: object) -> None:
        self.settings = settings or self.settings
        self.transport = replace(self.transport, **transport)
        self.player.accept(Order(self.settings, self.transport, next(self._revisions)))

    def settle(self) -> Frame:
        """Work until nothing is left to do now."""
        for _ in range(100_000):
            if self.player.wait != 0.0:
                return self.player.frame()
            self.player.work()
        raise AssertionError("there is always more to do")

    def after(self, seconds: float) -> Frame:
        """Let time pass in the steps in which a screen would look, then return what there is to see."""
        steps = math.ceil(seconds / 0.1 - 1e-9)
        for _ in range(steps):
            self.clock.now += seconds / steps
            self.player.work()
        return self.player.frame()

    @property
    def draws(self) -> int:
        return self.made[-1].draws


def test_without_an_order_there_is_nothing_to_do() -> None:
    desk = Desk()
    assert desk.player.wait is None
    desk.player.work()
    assert desk.player.progress == (0, 0, False, 0)
    desk.player.close()


def test_a_paused_player_shows_the_first_draw_and_rests() -> None:
    desk = Desk()
    desk.order()
    frame = desk.settle()
    assert (frame.draws, frame.draw.index, frame.revision, frame.draws_per_second) == (1, 0, 1, 0.0)
    desk.after(5.0)
    assert desk.draws == 1
    assert desk.player.wait is None


def test_exact_means_come_once_the_settings_rest() -> None:
    desk = Desk()
    desk.order()
    desk.settle()
    assert desk.player.frame().theory.soft_mean is None
    assert desk.player.wait == pytest.approx(AT_REST)
    before = desk.player.progress
    frame = desk.after(AT_REST + 0.01)
    assert desk.player.progress != before
    assert frame.theory.soft_mean is not None
    assert frame.theory.soft_cells is None
    # The laws of the soft choices follow, one at a time, so that a slider that moves on need not wait for all.
    pieces = 0
    while desk.player.wait == 0.0:
        assert pieces <= len(SETTINGS.options) + 1
        desk.player.work()
        pieces += 1
    assert pieces >= len(SETTINGS.options)
    assert desk.player.frame().theory.soft_cells is not None
    assert desk.player.wait is None


def test_a_slider_that_moves_on_puts_exact_means_off() -> None:
    desk = Desk()
    for i in range(10):
        desk.order(replace(SETTINGS, temperature=0.5 + 0.1 * i))
        assert desk.after(AT_REST / 2).theory.soft_mean is None
    assert desk.after(AT_REST).theory.soft_mean is not None
    # A new name changes no mean: it stays.
    desk.order(replace(desk.settings, location=1.0))
    desk.player.work()
    assert desk.player.frame().theory.soft_mean is not None


@pytest.mark.parametrize("speed", [1.0, 5.0, 30.0, 1000.0])
def test_draws_come_at_the_speed_that_was_asked_for(speed: float) -> None:
    desk = Desk()
    desk.order()
    desk.settle()
    desk.order(running=True, speed=speed)
    desk.after(10.0)
    assert desk.draws == pytest.approx(1 + 10 * speed, abs=1.01)
    desk.after(10.0)
    assert desk.draws == pytest.approx(1 + 20 * speed, abs=1.01)


def test_between_two_draws_the_player_says_how_long_it_can_wait() -> None:
    desk = Desk()
    desk.order(running=True, speed=4.0)
    desk.settle()
    assert desk.player.wait == pytest.approx(0.25)
    desk.after(0.1)
    assert desk.player.wait == pytest.approx(0.15)
    desk.after(0.1501)
    assert desk.draws == 2
    desk.order(speed=1e6)
    assert desk.player.wait is not None
    assert desk.player.wait == 0.0 or desk.player.wait >= 0.008  # no spinning between two draws


def test_as_fast_as_possible_works_in_stints() -> None:
    desk = Desk(step=STINT / 5)
    desk.order(running=True, speed=math.inf)
    desk.player.work()
    assert desk.draws == desk.made[0].first_slice
    for _ in range(4):
        before = desk.draws
        desk.player.work()
        # The clock is read a few times a stint: some slices each, and never for ever.
        assert 1 <= (desk.draws - before) / desk.made[0].slice <= 10
        assert desk.player.wait == 0.0


def test_work_is_interrupted_within_a_slice() -> None:
    desk = Desk()
    desk.order(running=True, speed=math.inf)
    desk.player.work(lambda: True)
    first = desk.made[0].first_slice
    assert desk.draws == first
    # Where an order waits, the slice that is under way is dropped; where a frame is waited for, it is the last.
    desk.player.work(lambda: True)
    assert desk.draws == first
    desk.player.work(awaited=lambda: True)
    assert desk.draws == 2 * first


@pytest.mark.parametrize("speed", [math.inf, 1e12])
def test_a_lower_speed_is_heard_at_once(speed: float) -> None:
    """Coming from a speed that the computer did not reach."""
    desk = Desk(step=0.001)
    desk.order(running=True, speed=speed)
    for _ in range(5):
        desk.player.work()
    fast = desk.draws
    desk.clock.step = 0.0
    desk.order(speed=5.0)
    desk.after(2.0)
    assert desk.draws == pytest.approx(fast + 10, abs=1.01)


@pytest.mark.parametrize("speed", [3.0, 1e12, math.inf])
def test_pausing_stops_at_once_and_running_goes_on_from_there(speed: float) -> None:
    desk = Desk(step=0.0005)
    desk.order(running=True, speed=speed)
    for _ in range(20):
        desk.player.work()
    reached = desk.draws
    desk.order(running=False)
    desk.settle()
    desk.after(3.0)
    assert desk.draws == reached
    desk.order(running=True, speed=10.0)
    desk.clock.step = 0.0
    desk.after(1.0)
    assert desk.draws == pytest.approx(reached + 10, abs=1.01)


def test_a_computer_that_slept_does_not_catch_up() -> None:
    desk = Desk()
    desk.order(running=True, speed=100.0)
    desk.settle()
    desk.clock.now += 8 * 3600.0
    desk.player.work()
    assert desk.draws <= 1 + 100.0 * LONGEST_STEP


def test_paused_time_is_not_made_up_for() -> None:
    desk = Desk()
    desk.order()
    desk.settle()
    desk.clock.now += 3600.0
    desk.order(running=True, speed=100.0)
    desk.player.work()
    assert desk.draws == 1


# ------------------------------------------------------------------------------------- stepping and holding


def test_a_step_forward_adds_one_draw_and_a_step_back_shows_the_one_before() -> None:
    desk = Desk()
    desk.order()
    shown = [desk.settle()]
    for _ in range(4):
        desk.order(cursor=shown[-1].draw.index + 1)
        shown.append(desk.settle())
    assert [frame.draw.index for frame in shown] == [0, 1, 2, 3, 4]
    assert [frame.draws for frame in shown] == [1, 2, 3, 4, 5]
    for i in (3, 2, 3, 0):
        desk.order(cursor=i)
        frame = desk.settle()
        assert (frame.draw.index, frame.draws) == (i, 5)
        assert np.array_equal(frame.draw.noise, shown[i].draw.noise)


def test_a_step_after_a_run_adds_one_draw_to_it() -> None:
    desk = Desk(step=0.001)
    desk.order(running=True, speed=math.inf)
    desk.player.work()
    desk.player.frame()
    reached = desk.draws
    desk.order(running=False, cursor=reached)
    frame = desk.settle()
    assert (frame.draws, frame.draw.index) == (reached + 1, reached)


def test_a_draw_far_ahead_is_shown_and_not_drawn_up_to() -> None:
    desk = Desk()
    desk.order()
    desk.settle()
    desk.order(cursor=10**12)
    frame = desk.settle()
    assert (frame.draws, frame.draw.index) == (1, 10**12)


def test_a_frozen_draw_stays_while_running_goes_on() -> None:
    desk = Desk()
    desk.order(running=True, speed=50.0)
    held = desk.after(2.0).draw.index
    desk.order(frozen=True, cursor=held)
    before = desk.draws
    frame = desk.after(5.0)
    assert frame.draw.index == held
    assert desk.draws > before + 200
    desk.order(frozen=False, cursor=None)
    assert desk.after(1.0).draw.index > held + 200


def test_slow_draws_are_all_shown_and_fast_ones_only_now_and_then() -> None:
    def seen(speed: float) -> list[int]:
        desk = Desk()
        desk.order(running=True, speed=speed)
        found: list[int] = []
        for _ in range(300):
            desk.clock.now += 0.016
            desk.player.work()
            found.append(desk.player.frame().draw.index)
        return sorted(set(found))

    assert seen(5.0) == list(range(24)) or seen(5.0) == list(range(25))
    fast = seen(200.0)
    assert all(b - a >= 200 * LINGER - 5 for a, b in pairwise(fast[1:]))
    assert 8 <= len(fast) <= 300 * 0.016 / LINGER + 2


def test_what_was_on_display_when_the_stream_was_paused_stays() -> None:
    desk = Desk()
    desk.order(running=True, speed=200.0)
    shown = desk.after(3.0).draw.index
    assert desk.after(LINGER / 2).draw.index == shown
    desk.order(running=False)
    frame = desk.settle()
    assert frame.draw.index == shown
    assert frame.draw.index < frame.draws - 10


# ------------------------------------------------------------------------------------------------- changes


def test_a_restart_begins_again_at_draw_0() -> None:
    desk = Desk(step=0.001)
    desk.order(running=True, speed=math.inf)
    desk.player.work()
    desk.player.frame()
    desk.order(running=False)
    desk.order(run=1)
    frame = desk.settle()
    assert (frame.draws, frame.draw.index) == (1, 0)


def run_to(desk: Desk, least: int) -> int:
    """Run as fast as possible to `least` draws or more, and pause."""
    desk.order(running=True, speed=math.inf)
    while desk.draws < least:
        desk.player.work(lambda: desk.draws >= least)
    desk.order(running=False)
    desk.settle()
    return desk.draws


CHANGES = [
    replace(SETTINGS, temperature=2.0),
    replace(SETTINGS, scale=2.0),
    replace(SETTINGS, seed=99),
    make_settings([1.0, 2.0, 4.0], seed=6),
    make_settings([1.0, 2.0, 3.0, 0.0], seed=6),
]


@pytest.mark.parametrize("changed", CHANGES)
def test_a_change_while_paused_tells_of_the_same_number_of_draws(changed: Settings) -> None:
    desk = Desk()
    reached = run_to(desk, 50_000)
    desk.order(changed)
    frame = desk.settle()
    assert frame.draws == reached
    slow = Simulation(changed)
    slow.advance(reached)
    assert np.array_equal(frame.wins, slow.frame().wins)


def test_a_drag_faster_than_the_draws_does_not_lose_any() -> None:
    """Each order comes before the draws of the one before were made again."""
    desk = Desk(step=0.001)
    reached = run_to(desk, 40 * Simulation(SETTINGS).slice)
    for i in range(20):
        desk.order(replace(SETTINGS, temperature=0.1 + 0.01 * i))
        desk.player.work(lambda: True)
        assert desk.draws < reached
        # Nor does a new name on the way, or looking at another draw.
        desk.order(replace(desk.settings, location=0.1 * i), cursor=i)
    assert desk.settle().draws == reached


def test_a_change_makes_no_more_draws_again_than_a_person_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "CATCH_UP", 5000)
    for cursor in (None, 60_000):
        desk = Desk()
        run_to(desk, 60_001)
        desk.order(cursor=cursor)
        desk.order(replace(SETTINGS, temperature=2.0))
        frame = desk.settle()
        assert frame.draws == 5000
        assert cursor is None or frame.draw.index == cursor


def test_names_colours_pins_and_location_keep_the_tallies() -> None:
    desk = Desk()
    reached = run_to(desk, 10_000)
    wins = desk.player.frame().wins
    first, *others = SETTINGS.options
    options = (replace(first, name="Other", color=5, pinned=9.0), *others)
    desk.order(replace(SETTINGS, options=options, location=1.5, score_input="probabilities"))
    frame = desk.settle()
    assert frame.draws == reached
    assert np.array_equal(frame.wins, wins)
    assert frame.draw.noise[0] == 9.0
    assert frame.draw.winner == 0


def test_a_changed_stream_that_runs_goes_on_running() -> None:
    desk = Desk()
    desk.order(running=True, speed=100.0)
    desk.after(2.0)
    desk.order(replace(SETTINGS, temperature=3.0))
    frame = desk.after(1.0)
    assert frame.draws == pytest.approx(301, abs=2)


def test_the_rate_is_what_was_drawn_lately() -> None:
    desk = Desk()
    desk.order(running=True, speed=50.0)
    assert desk.after(5.0).draws_per_second == pytest.approx(50.0, rel=0.1)
    desk.order(speed=10.0)
    assert desk.after(5.0).draws_per_second == pytest.approx(10.0, rel=0.15)
    desk.order(running=False)
    assert desk.settle().draws_per_second == 0.0


def failing_once(settings: Settings) -> Callable[[Settings], Simulation]:
    tries = count()

    def make(asked: Settings) -> Simulation:
        if asked == settings and next(tries) == 0:
            raise MemoryError
        return Simulation(asked)

    return make


def test_after_a_failure_the_same_order_is_tried_again() -> None:
    played = Player(Clock(), failing_once(SETTINGS))
    with pytest.raises(MemoryError):
        played.accept(Order(SETTINGS, Transport(), 1))
    assert played.wait is None
    played.accept(Order(SETTINGS, Transport(), 2))
    played.work()
    assert (played.frame().revision, played.frame().draws) == (2, 1)


def test_a_closed_player_forgets_its_simulation() -> None:
    played = Player(Clock())
    played.accept(Order(SETTINGS, Transport(), 1))
    played.work()
    played.close()
    assert played.wait is None
    played.close()


def test_frames_of_very_many_options_come_ten_times_a_second() -> None:
    many = make_settings([0.001 * i for i in range(MANY_OPTIONS + 1)], seed=3)
    desk = Desk(many)
    assert desk.player.frame_due == 0.0
    desk.order()
    desk.player.work()
    assert desk.player.frame_due == 0.0
    desk.player.frame()
    assert desk.player.frame_due == pytest.approx(FRAMES_APART)
    desk.clock.now += 0.75 * FRAMES_APART
    assert desk.player.frame_due == pytest.approx(0.25 * FRAMES_APART)
    desk.clock.now += 0.75 * FRAMES_APART
    assert desk.player.frame_due == 0.0
    few = Desk()
    few.order()
    few.player.frame()
    assert few.player.frame_due == 0.0
