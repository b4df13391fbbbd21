"""What the Temperature page wants to know: panels side by side, and a sweep over the temperature.

All temperatures see the same draws, those of the stream. Only the part of the page that is looked at is worked
on; what was found stays until scores, scale or seed change.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.engine.studies.exact_curves import ExactCurves
from gumbelviz.engine.studies.soft_tally import Crowd, SoftTally
from gumbelviz.engine.study import Moment
from gumbelviz.maths import concrete
from gumbelviz.model.frame import freeze
from gumbelviz.model.settings import Settings
from gumbelviz.model.temperature_report import Panels, Simulated, TemperatureReport

Floats = NDArray[np.float64]

MOST_SHOWN, LEADERS = 12, 9
"""Above so many options the leaders have columns of their own, and the rest share one."""
NEWEST = 8
"""How many draws before the one on display are shown."""
MOST_DRAWS = 65_536
MOST_NUMBERS = 2**23
"""Most draws of a sweep, and most draws times options."""
FEWEST_DRAWS = 64
PIECE = 8_192
"""Numbers (draws times options) in one piece of work: about a millisecond at a handful of temperatures."""
DOT_TAUS = tuple(float(tau) for tau in np.logspace(-2.0, 2.0, 25))
"""Where the sweep simulates."""
_LONGEST_GAP = 0.5
"""Seconds between two turns that count as work: a page that was not looked at does not."""


class TemperatureStudy:
    """The study of the Temperature page.

    Parameters
    ----------
    settings
    clock
        Returns seconds, for the time left; injected so that tests need not wait.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begin(settings)

    def _begin(self, settings: Settings) -> None:
        self._settings = settings
        logits = np.array(settings.logits)
        self._logits = logits
        self._shown = shown_columns(logits)
        self._crowd = Crowd(logits, settings.scale, settings.seed, self._shown)
        self._chances = self._crowd.gather(concrete.probabilities(logits, settings.scale)[self._crowd.live])
        freeze(self._chances)
        self._top = _axis_end(max(float(self._chances[: len(self._shown)].max()), 1.0 / len(self._crowd.live)))
        self._all = Stream(settings.seed, np.arange(len(logits)), len(logits))
        live = len(self._crowd.live)
        self._piece = max(PIECE // live, 1)
        self._target = max(min(MOST_DRAWS, MOST_NUMBERS // live), FEWEST_DRAWS)
        self._exact = ExactCurves(logits, settings.scale, self._crowd)
        self._dots = SoftTally(DOT_TAUS, self._crowd.columns)
        self._sweep = self._sweeping()
        self._swept = False
        self._spent = self._wall = 0.0
        self._worked_at = -math.inf
        self._point()
        self._lay_panels()

    def _point(self) -> None:
        """Turn to the temperature at the cursor."""
        self._here = SoftTally((self._settings.temperature,), self._crowd.columns)

    def _lay_panels(self) -> None:
        self._taus = self._settings.pages.temperature.taus
        self._tally = SoftTally(self._taus, self._crowd.columns)
        self._adding: Iterator[None] | None = None
        self._tiles: dict[int, Floats] = {}
        self._draw: tuple[int, Floats] | None = None
        self._excused = False

    def change(self, settings: Settings) -> None:
        """Answer other settings from now on; what still holds under them is kept."""
        before, self._settings = self._settings, settings
        if _law(before) != _law(settings):
            self._begin(settings)
            return
        # The stream begins again, and soon is where it was: no reason to forget what was drawn.
        self._excused = True
        if before.temperature != settings.temperature:
            self._point()
        if before.pages.temperature.taus != settings.pages.temperature.taus:
            self._lay_panels()
        elif (before.pins, before.location) != (settings.pins, settings.location):
            self._draw = None

    # Work.

    def busy(self, moment: Moment) -> bool:
        """Tell whether there is work to do now."""
        tab = self._settings.pages.temperature.tab
        if tab == "panels":
            return (
                self._draw is None
                or self._draw[0] != moment.shown
                or self._panel_left() is not None
                or self._tile_left(moment) is not None
                or self._tally.draws < self._draws_wanted(moment)
            )
        return tab == "curves" and (not self._swept or self._cursor_left())

    def work(self, moment: Moment, stop: Callable[[], bool]) -> None:
        """Do some, in pieces of a few milliseconds at most; `stop`, asked after each, says when to come back."""
        began = self._clock()
        sweeping = False
        while self.busy(moment):
            if self._settings.pages.temperature.tab == "panels":
                self._work_on_panels(moment)
            elif self._cursor_left():
                self._work_at_cursor()
            else:
                sweeping = True
                self._swept = next(self._sweep, True)
            if stop():
                break
        if sweeping:
            now = self._clock()
            gap = now - self._worked_at
            self._wall += gap if gap < _LONGEST_GAP else now - began
            self._spent += now - began
            self._worked_at = now

    def _work_on_panels(self, moment: Moment) -> None:
        if self._draw is None or self._draw[0] != moment.shown:
            self._draw = moment.shown, self._soft_at_panels(moment.shown, pinned=True)
        elif (tau := self._panel_left()) is not None:
            self._exact.work_out(tau)
        elif (index := self._tile_left(moment)) is not None:
            wanted = self._wanted_tiles(moment)
            self._tiles = {old: tile for old, tile in self._tiles.items() if old in wanted}
            self._tiles[index] = self._soft_at_panels(index)
        else:
            self._add_to_panels(moment)

    def _add_to_panels(self, moment: Moment) -> None:
        if moment.draws >= self._tally.draws:
            self._excused = False
        if self._adding is None:
            first = self._tally.draws
            count = min(self._piece, self._draws_wanted(moment) - first)
            self._adding = self._tally.add(self._crowd, self._crowd.behind(first, count))
        if next(self._adding, True):
            self._adding = None

    def _draws_wanted(self, moment: Moment) -> int:
        if moment.draws < self._tally.draws and not self._excused and self._adding is None:
            # Somebody started again from draw 0.
            self._tally = SoftTally(self._taus, self._crowd.columns)
        return min(moment.draws, self._target)

    def _panel_left(self) -> float | None:
        if not self._exact.possible:
            return None
        return next((tau for tau in self._taus if not self._exact.has_mean(tau)), None)

    def _wanted_tiles(self, moment: Moment) -> range:
        return range(moment.shown - 1, max(moment.shown - 1 - NEWEST, -1), -1)

    def _tile_left(self, moment: Moment) -> int | None:
        return next((index for index in self._wanted_tiles(moment) if index not in self._tiles), None)

    def _soft_at_panels(self, index: int, pinned: bool = False) -> Floats:
        """Return the soft choice of one draw at the temperature of each panel, (P, S)."""
        bits = np.empty((len(self._logits), 1), np.uint32)
        self._all.read(index, bits)
        noise = self._settings.location + self._settings.scale * gumbel_of_bits(bits[:, 0])
        if pinned:
            for i, pin in enumerate(self._settings.pins):
                if pin is not None:
                    noise[i] = pin
        noisy = (self._logits + noise)[:, None]
        shares = [concrete.relax(noisy, tau)[self._crowd.live, 0] for tau in self._taus]
        columns = self._crowd.gather(np.stack(shares, axis=1)).T
        freeze(columns)
        return columns

    def _cursor_left(self) -> bool:
        if self._exact.possible:
            return not self._exact.has(self._settings.temperature)
        return self._here.draws < self._target

    def _work_at_cursor(self) -> None:
        if self._exact.possible:
            self._exact.work_out(self._settings.temperature)
        else:
            self._add_whole(self._here)

    def _add_whole(self, tally: SoftTally) -> None:
        for _ in self._adding_to(tally):
            pass

    def _adding_to(self, tally: SoftTally) -> Iterator[None]:
        count = min(self._piece, self._target - tally.draws)
        return tally.add(self._crowd, self._crowd.behind(tally.draws, count))

    def _sweeping(self) -> Iterator[bool]:
        """The sweep, in pieces: a coarse curve, a first handful of draws, the fine curve, all draws."""
        yield from self._exact.sweep(coarse=True)
        yield from (False for _ in self._adding_to(self._dots))
        yield from self._exact.sweep(coarse=False)
        while self._dots.draws < self._target:
            yield from (False for _ in self._adding_to(self._dots))

    # Reports.

    def report(self, moment: Moment) -> TemperatureReport:
        """Return what is known so far, in read-only arrays made for this report."""
        settings = self._settings
        tab = settings.pages.temperature.tab
        live = len(self._crowd.live)
        report = TemperatureReport(
            self._shown, len(self._logits), live, math.log(live), self._top, self._chances, settings.temperature
        )
        if tab == "panels":
            return replace(report, panels=self._panels(moment))
        if tab != "curves":
            return report
        progress, left = self._progress()
        return replace(
            report,
            exact=self._exact.curves(),
            limits=self._exact.limits(),
            dots=self._dots.result(),
            dot_taus=_DOT_TAUS,
            here=self._exact.point(settings.temperature),
            here_simulated=self._here_simulated(),
            progress=progress,
            seconds_left=left,
        )

    def _panels(self, moment: Moment) -> Panels | None:
        if self._draw is None:
            return None
        index, draw = self._draw
        tiles = [self._tiles[i] for i in self._wanted_tiles(moment) if i in self._tiles]
        newest = np.stack(tiles) if tiles else np.empty((0, *draw.shape))
        exact = np.stack([self._exact.mean(tau) for tau in self._taus])
        for array in (newest, exact):
            freeze(array)
        return Panels(self._taus, index, draw, newest, self._tally.result(), exact)

    def _here_simulated(self) -> Simulated | None:
        return None if self._exact.possible or not self._here.draws else self._here.result()

    def _progress(self) -> tuple[float, float | None]:
        if self._swept:
            return 1.0, None
        done, cost = self._exact.progress
        drawn = self._dots.draws / self._target
        # What an exact point costs beside a piece of draws is only known once both were tried.
        pieces = self._target / self._piece * len(DOT_TAUS)
        share = (done * cost + drawn * pieces) / (cost + pieces)
        if share < 0.02 or self._wall <= 0.0:
            return share, None
        return share, self._wall * (1.0 - share) / share


_DOT_TAUS = np.array(DOT_TAUS)
freeze(_DOT_TAUS)


def shown_columns(logits: Floats) -> tuple[int, ...]:
    """Return the options with columns of their own: all of a few, of many the most probable, best first."""
    if len(logits) <= MOST_SHOWN:
        return tuple(range(len(logits)))
    return tuple(int(i) for i in np.argsort(-logits, kind="stable")[:LEADERS])


def _axis_end(largest: float) -> float:
    """Return a round number with some room above `largest`."""
    ends = (n * size for size in (0.001, 0.01, 0.1) for n in (1, 2, 3, 4, 5, 6, 8))
    return next((round(end, 3) for end in ends if 1.05 * largest <= end), 1.0)


def _law(settings: Settings) -> tuple[object, ...]:
    return settings.logits, settings.scale, settings.seed
