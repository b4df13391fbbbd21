"""Plays a simulation like a recording: run, pause, step, hold one draw. Has no thread; the time is given to it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from gumbelviz.engine.inspection import check_frame
from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.study import Moment, Paced, Study, make_study
from gumbelviz.model.frame import Frame
from gumbelviz.model.parameters import MANY_OPTIONS
from gumbelviz.model.scene import Page
from gumbelviz.model.settings import Settings, Transport

STINT = 0.003
"""Seconds of work between two looks at what else there is to do."""
FIRST_STINT = 0.001
"""The same for the first look after a change: a moved slider wants an answer, and gets more draws right after."""
LINGER = 0.4
"""Seconds that a draw stays on display while draws come faster than can be read."""
READABLE_SPEED = 5.0
"""Draws per second up to which every single draw is shown."""
CATCH_UP = 10_000_000
"""Most draws that are made again after a change while the stream is paused."""
AT_REST = 0.15
"""Seconds after a change until exact soft means are worked out, which can take longer than a screen tick."""
FRAMES_APART = 0.1
"""Seconds between two frames of very many options, each of which holds many numbers."""
LONGEST_STEP = 0.25
"""Seconds of wall time that count at most between two stints, so that a sleeping computer does not catch up."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the store wants played: the newest settings and transport, numbered, for the page that is looked at."""

    settings: Settings
    transport: Transport
    revision: int
    page: Page = "pipeline"


class Player:
    """Answers orders with frames.

    Parameters
    ----------
    clock
        Returns seconds; injected so that tests need not wait.
    make
        Builds the simulation of some settings.
    study
        Builds the study of a page, where it has one.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        make: Callable[[Settings], Simulation] = Simulation,
        study: Callable[[Page, Settings], Study | None] = make_study,
    ) -> None:
        self._clock = clock
        self._make = make
        self._make_study = study
        self._order: Order | None = None
        self._simulation: Simulation | None = None
        self._target = 0.0
        self._worked_at = clock()
        self._changed_at = -math.inf
        self._rested = False
        self._shown = 0
        self._shown_at = -math.inf
        self._framed_at = -math.inf
        self._rate = _Rate()
        self._studies: dict[Page, tuple[int, Settings, Study]] = {}
        self._study: Study | None = None
        self._studied = 0
        self._refining = True

    def accept(self, order: Order) -> None:
        """Play `order` from now on."""
        before, self._order = self._order, order
        drawn = self._simulation.draws if self._simulation is not None else 0
        restarted = before is None or before.transport.run != order.transport.run
        changed = before is None or _tally_key(before.settings) != _tally_key(order.settings)
        if restarted or changed or self._simulation is None:
            # What was asked for, not what was reached: a slider moves on before all draws are made again.
            wanted = max(drawn, 1.0 if math.isinf(self._target) else self._target, 1.0)
            if self._simulation is None:
                self._simulation = self._make(order.settings)
            else:
                self._simulation.change(order.settings)
            self._target = 1.0 if restarted else min(wanted, float(CATCH_UP))
            self._rate = _Rate()
            self._changed_at, self._rested, self._refining = self._clock(), False, True
            if restarted:
                self._shown, self._shown_at = 0, -math.inf
        else:
            self._simulation.show(order.settings)
            if before is not None and before.transport.running and _pace(before.transport) != _pace(order.transport):
                self._target = min(self._target, max(float(drawn), 1.0))
        cursor = order.transport.cursor
        if cursor is not None and cursor <= max(self._simulation.draws, self._target):
            self._target = max(self._target, cursor + 1.0)
        if not order.transport.running:
            self._shown_at = -math.inf
        self._turn(order)
        self._worked_at = self._clock()

    def work(self, interrupted: Callable[[], bool] = bool) -> None:
        """Draw for one stint, or less where there is less to do or `interrupted` says so."""
        if self._order is None or self._simulation is None:
            return
        now = self._clock()
        transport = self._order.transport
        if transport.running:
            self._target += transport.speed * min(now - self._worked_at, LONGEST_STEP)
            if math.isinf(transport.speed):
                self._target = math.inf
        self._worked_at = now
        self._rested = now - self._changed_at >= AT_REST
        if self._rested and self._simulation.refine():
            self._studied += 1
            self._refining = True
        elif self._rested:
            self._refining = False
        until = self._simulation.draws + 10**12 if math.isinf(self._target) else int(self._target)
        stint = STINT
        if not self._simulation.draws:
            stint, until = FIRST_STINT, min(until, self._simulation.slice)
        self._simulation.advance(until, lambda: interrupted() or self._clock() - now >= stint)
        self._rate.note(self._clock(), self._simulation.draws)
        if self._has_to_study():
            assert self._study is not None
            began = self._clock()
            self._study.work(self._moment, lambda: interrupted() or self._clock() - began >= stint)
            self._studied += 1

    def _turn(self, order: Order) -> None:
        """Take up the study of the page that is looked at now; those of other pages rest where they are."""
        number, settings, study = self._studies.get(order.page, (None, None, None))
        if number != order.transport.study:
            study = self._make_study(order.page, order.settings)
        elif study is not None and settings != order.settings:
            study.change(order.settings)
        self._study = study
        if study is not None:
            self._studies[order.page] = order.transport.study, order.settings, study

    @property
    def _moment(self) -> Moment:
        assert self._order is not None
        assert self._simulation is not None
        return Moment(self._simulation.draws, self._shown, self._order.transport.running)

    def _has_to_study(self) -> bool:
        if self._study is None or self._order is None or self._order.transport.study_stopped:
            return False
        return self._study.busy(self._moment)

    @property
    def wait(self) -> float | None:
        """Seconds until there is something to do: 0 for now, None for never."""
        if self._order is None or self._simulation is None:
            return None
        missing = self._target - self._simulation.draws
        if missing >= 1.0:
            return 0.0
        if self._has_to_study():
            return self._study.due() if isinstance(self._study, Paced) else 0.0
        if not self._order.transport.running:
            if self._rested:
                return 0.0 if self._refining else None
            return max(self._changed_at + AT_REST - self._clock(), 0.008)
        return max((1.0 - missing) / self._order.transport.speed, 0.008)

    @property
    def frame_due(self) -> float:
        """Seconds until there should be another frame, 0 for now; the answer to an order need not wait."""
        if self._order is None or len(self._order.settings.options) <= MANY_OPTIONS:
            return 0.0
        return max(self._framed_at + FRAMES_APART - self._clock(), 0.0)

    @property
    def progress(self) -> tuple[int, int, bool, int]:
        """Changes whenever there is something new to show."""
        draws = self._simulation.draws if self._simulation is not None else 0
        return self._shown, draws, self._rested, self._studied

    def frame(self) -> Frame:
        """Return a picture of the present state; exact soft means come once the settings have come to rest."""
        assert self._order is not None
        assert self._simulation is not None
        transport = self._order.transport
        self._framed_at = self._clock()
        rate = self._rate.per_second if transport.running else 0.0
        frame = self._simulation.frame(self._order.revision, self._displayed(transport), rate, self._rested)
        check_frame(frame, len(self._order.settings.options))
        return frame if self._study is None else replace(frame, study=self._study.report(self._moment))

    def _displayed(self, transport: Transport) -> int:
        """Which draw to show: the one that is held, else the newest, but no more than can be read."""
        assert self._simulation is not None
        if transport.cursor is not None:
            self._shown = transport.cursor
            return self._shown
        newest = max(self._simulation.draws - 1, 0)
        now = self._clock()
        if not transport.running:
            # What was on display when the stream was paused stays, whatever is changed: noise has an address.
            return self._shown
        if transport.speed <= READABLE_SPEED or now - self._shown_at >= LINGER:
            self._shown, self._shown_at = newest, now
        return self._shown

    def _forget(self) -> None:
        self._simulation = None
        self._studies.clear()
        self._study = None

    def close(self) -> None:
        """Let the simulation go; the next order makes a new one."""
        self._forget()


class _Rate:
    """Draws per second over about the last second."""

    def __init__(self) -> None:
        self._start: tuple[float, int] | None = None
        self.per_second = 0.0

    def note(self, now: float, draws: int) -> None:
        if self._start is None:
            self._start = (now, draws)
        elapsed = now - self._start[0]
        if elapsed >= 1.0 or (self.per_second == 0.0 and elapsed >= 0.2):
            self.per_second = (draws - self._start[1]) / elapsed
            if elapsed >= 1.0:
                self._start = (now, draws)


def _pace(transport: Transport) -> float:
    """Draws per second that are asked for."""
    return transport.speed if transport.running else 0.0


def _tally_key(settings: Settings) -> tuple[object, ...]:
    """The part of the settings that the tallies depend on."""
    return settings.logits, settings.temperature, settings.scale, settings.seed
