"""How the player plays a page's own work beside the stream; the study here counts to ten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from gumbelviz.engine.player import Order, Player
from gumbelviz.engine.study import Moment, Study, make_study
from gumbelviz.model.frame import Report
from gumbelviz.model.scene import Page
from gumbelviz.model.settings import Settings, Transport, make_settings

SETTINGS = make_settings([2.0, 1.0, 0.0])
PAUSED = Transport()


@dataclass(frozen=True, slots=True)
class Counted(Report):
    number: int
    temperature: float


class Counting:
    """Counts to ten, one at a time, and starts again where the temperature changes."""

    def __init__(self, settings: Settings) -> None:
        self.number, self.settings = 0, settings

    def change(self, settings: Settings) -> None:
        self.number, self.settings = 0, settings

    def busy(self, moment: Moment) -> bool:
        return self.number < 10

    def work(self, moment: Moment, stop: Callable[[], bool]) -> None:
        while self.busy(moment):
            self.number += 1
            if stop():
                return

    def report(self, moment: Moment) -> Report:
        return Counted(self.number, self.settings.temperature)


def counting(page: Page, settings: Settings) -> Study | None:
    return Counting(settings) if page == "simplex" else None


class Desk:
    """A player whose clock moves a millisecond with each look at it."""

    def __init__(self) -> None:
        self.now, self.revision = 0.0, 0
        self.player = Player(self._clock, study=counting)

    def _clock(self) -> float:
        self.now += 0.001
        return self.now

    def play(self, page: Page, settings: Settings = SETTINGS, transport: Transport = PAUSED) -> None:
        self.revision += 1
        self.player.accept(Order(settings, transport, self.revision, page))
        self.player.work()

    def finish(self) -> None:
        for _ in range(300):
            self.player.work()

    def number(self) -> int | None:
        study = self.player.frame().study
        return study.number if isinstance(study, Counted) else None


def test_a_page_without_a_study_has_none() -> None:
    desk = Desk()
    desk.play("pipeline")
    assert desk.number() is None
    assert make_study("pipeline", SETTINGS) is None


def test_a_study_goes_on_while_the_stream_is_paused_and_then_rests() -> None:
    desk = Desk()
    desk.play("simplex")
    first = desk.number()
    assert first is not None
    assert 0 < first < 10
    assert desk.player.wait == 0.0
    progress = desk.player.progress
    desk.player.work()
    assert desk.player.progress != progress
    desk.finish()
    assert desk.number() == 10
    progress = desk.player.progress
    desk.finish()
    assert desk.player.progress == progress
    assert desk.player.wait is None


def test_a_page_that_is_not_looked_at_costs_nothing_and_goes_on_later() -> None:
    desk = Desk()
    desk.play("simplex")
    first = desk.number()
    desk.play("pipeline")
    desk.finish()
    assert desk.number() is None
    desk.play("simplex", transport=replace(PAUSED, study_stopped=True))
    assert desk.number() == first


def test_other_settings_reach_a_study_even_when_they_changed_elsewhere() -> None:
    desk = Desk()
    desk.play("simplex")
    desk.finish()
    warmer = replace(SETTINGS, temperature=3.0)
    desk.play("pipeline", warmer)
    desk.play("simplex", warmer)
    study = desk.player.frame().study
    assert isinstance(study, Counted)
    assert study.temperature == 3.0
    assert study.number < 10


def test_work_can_be_cancelled_and_started_again() -> None:
    desk = Desk()
    desk.play("simplex")
    before = desk.number()
    desk.play("simplex", transport=replace(PAUSED, study_stopped=True))
    desk.finish()
    assert desk.number() == before
    desk.play("simplex", transport=replace(PAUSED, study=1))
    again = desk.number()
    assert again is not None
    assert again < 10
    desk.finish()
    assert desk.number() == 10


def test_a_closed_player_forgets_its_studies() -> None:
    desk = Desk()
    desk.play("simplex")
    desk.finish()
    desk.player.close()
    desk.play("simplex")
    assert desk.number() != 10
