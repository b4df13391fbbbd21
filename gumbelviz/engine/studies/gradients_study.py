"""What the Gradients page wants to know: estimators here, a sweep over the temperature, this draw's slopes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.gradient_stream import CONDITIONAL, GradientStream
from gumbelviz.engine.studies.gradient_sweep import MOST_EXACT, GradientSweep
from gumbelviz.engine.studies.gradient_switch import make_switch
from gumbelviz.engine.study import Moment
from gumbelviz.maths.gradient_moments import UNKNOWN, Moments, exact_moments
from gumbelviz.maths.gradients import ESTIMATORS, EstimatorId
from gumbelviz.maths.objectives import corner_values, make_objective
from gumbelviz.model.frame import freeze
from gumbelviz.model.gradient_report import MOST_OPTIONS, EstimatorLine, GradientReport, Here, Switch
from gumbelviz.model.settings import Settings

Floats = NDArray[np.float64]
NUMBERS, FEWEST, MOST = 2**22, 2_048, 2**20
"""Draws times options of the running means, and the least and the most draws."""
FIRST = 4_096
"""Draws after which a change is answered, before the sweep goes on."""
ENOUGH = 100
"""Draws from which on means are compared with exact ones."""
GROWTH = 1.25
"""With many options figures are worked out anew after so many times the draws: that takes a while."""
FEW = 16
_LINES = tuple(
    EstimatorLine(row.id, row.name, row.source, row.biased, row.remark, row.forward, row.backward, row.by_winner)
    for row in ESTIMATORS
)


class GradientsStudy:
    """The study of the Gradients page.

    Parameters
    ----------
    settings
    clock
        Returns seconds, for the time left; injected so that tests need not wait.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._settings = settings
        self._begin()

    def _begin(self) -> None:
        """Forget everything: scores, objective, scale or seed changed."""
        settings = self._settings
        options, chosen = len(settings.options), settings.pages.gradients
        self._possible = options <= MOST_OPTIONS
        targets = (chosen.bit_target,) if chosen.objective == "bit" else chosen.targets_for(options)
        self._objective = make_objective(chosen.objective, options, chosen.values_for(options), targets)
        self._corners = corner_values(self._objective, options) if self._possible else np.zeros(options)
        freeze(self._corners)
        self._switch: tuple[object, Switch] | None = None
        if self._possible:
            self._sweep = GradientSweep(
                settings.scores, settings.scale, self._objective, settings.seed, self._clock
            )
            self._target = min(max(NUMBERS // options, FEWEST), MOST)
            self._point()

    def _point(self) -> None:
        """Turn to another temperature."""
        settings = self._settings
        scale = settings.scale
        known: dict[EstimatorId, Moments] = {row.id: UNKNOWN for row in ESTIMATORS}
        if len(settings.options) <= MOST_EXACT:
            known = exact_moments(
                settings.scores / scale, settings.temperature / scale, self._objective, CONDITIONAL, quick=True
            )
        nothing = np.full(len(settings.options), math.nan)
        means = [known[row.id].mean for row in ESTIMATORS]
        variances = [known[row.id].variance for row in ESTIMATORS]
        self._known_mean = np.array([nothing if mean is None else mean / scale for mean in means])
        self._known_variance = np.array([nothing if v is None else v / scale**2 for v in variances])
        freeze(self._known_mean)
        freeze(self._known_variance)
        self._restart()

    def _restart(self) -> None:
        settings = self._settings
        self._stream = GradientStream(
            settings.scores, settings.temperature, settings.scale, self._objective, settings.seed
        )
        self._adding: Iterator[None] | None = None
        self._here: Here | None = None
        # The stream of the page begins again too, and soon is where it was: no reason to follow it back.
        self._excused = True

    def change(self, settings: Settings) -> None:
        """Answer other settings from now on; what still holds under them is kept."""
        before, self._settings = self._settings, settings
        if _law(before) != _law(settings):
            self._begin()
        elif self._possible and before.temperature != settings.temperature:
            self._point()
        else:
            self._excused = True

    # Work.

    def busy(self, moment: Moment) -> bool:
        """Tell whether there is work to do now."""
        if not self._possible:
            return self._switch_left(moment)
        tab = self._settings.pages.gradients.tab
        return self._draws_left(moment) or self._switch_left(moment) or (tab == "estimators" and not self._sweep.done)

    def work(self, moment: Moment, stop: Callable[[], bool]) -> None:
        """Do some, in pieces of a few milliseconds at most; `stop`, asked after each, says when to come back."""
        while self.busy(moment):
            if self._switch_left(moment):
                self._switch = self._switch_key(moment), make_switch(self._settings, moment.shown)
            elif self._draws_left(moment) and (self._stream.draws < FIRST or self._sweep_rests):
                self._add(moment)
            else:
                self._sweep.step()
            if stop():
                return

    @property
    def _sweep_rests(self) -> bool:
        return self._sweep.done or self._settings.pages.gradients.tab != "estimators"

    def _add(self, moment: Moment) -> None:
        if self._adding is None:
            wanted = self._draws_wanted(moment)
            self._adding = self._adding_draws(wanted - self._stream.draws)
        if next(self._adding, self) is self:
            self._adding = None

    def _adding_draws(self, missing: int) -> Iterator[None]:
        stream = self._stream
        yield from stream.steps(min(missing, stream.chunk if stream.draws else FIRST))
        last = stream.draws >= self._target or missing <= stream.chunk
        if self._few or last or self._here is None or stream.draws >= GROWTH * self._here.draws:
            for row in ESTIMATORS:
                if row.by_winner:
                    yield from stream.figure(row.id)
            self._here = self._look()

    @property
    def _few(self) -> bool:
        return len(self._settings.options) <= FEW

    def _draws_wanted(self, moment: Moment) -> int:
        if moment.draws < self._stream.draws and not self._excused and self._adding is None:
            # Somebody started again from draw 0.
            self._restart()
        if moment.draws >= self._stream.draws:
            self._excused = False
        return min(moment.draws, self._target)

    def _draws_left(self, moment: Moment) -> bool:
        wanted = self._draws_wanted(moment)
        return self._adding is not None or self._stream.draws < wanted

    def _switch_key(self, moment: Moment) -> object:
        settings = self._settings
        option = settings.pages.gradients.option_for(len(settings.options))
        return moment.shown, option, settings.pins, settings.location, settings.temperature

    def _switch_left(self, moment: Moment) -> bool:
        if self._settings.pages.gradients.tab != "switch":
            return False
        return self._switch is None or self._switch[0] != self._switch_key(moment)

    def _look(self) -> Here:
        stream = self._stream
        mean = np.array([stream.mean(row.id) for row in ESTIMATORS])
        variance = np.array([stream.variance(row.id) for row in ESTIMATORS])
        freeze(mean)
        freeze(variance)
        return Here(
            self._sweep.gradient, self._known_mean, self._known_variance, stream.draws, mean, variance,
            self._disagreement(mean, stream.draws),
        )  # fmt: skip

    def _disagreement(self, mean: Floats, draws: int) -> float:
        """With the exact variance, not the simulated one: rare events that did not come yet must not look certain."""
        if draws < ENOUGH:
            return math.nan
        error = np.sqrt(self._known_variance / draws)
        # Single precision, and quadrature: what is smaller than this is not looked at.
        slack = 1e-5 * abs(self._known_mean).max(initial=0.0, where=~np.isnan(self._known_mean))
        distances = abs(mean - self._known_mean) / (error + slack + 1e-300)
        return float(np.nanmax(distances)) if not np.isnan(distances).all() else math.nan

    # Reports.

    def report(self, moment: Moment) -> GradientReport:
        """Return what is known so far, in read-only arrays made for this report."""
        settings = self._settings
        chosen = settings.pages.gradients
        options = len(settings.options)
        option = chosen.option_for(options)
        report = GradientReport(options, option, _LINES, self._corners, possible=self._possible)
        if chosen.tab == "switch" and self._switch is not None:
            report = replace(report, switch=self._switch[1])
        if not self._possible:
            return report
        here = self._here or self._nothing_drawn()
        sweep = self._sweep.report(option, chosen.batch) if chosen.tab == "estimators" else None
        return replace(report, here=here, sweep=sweep)

    def _nothing_drawn(self) -> Here:
        unknown = np.full_like(self._known_mean, math.nan)
        freeze(unknown)
        return Here(self._sweep.gradient, self._known_mean, self._known_variance, 0, unknown, unknown, math.nan)


def _law(settings: Settings) -> tuple[object, ...]:
    chosen = settings.pages.gradients
    numbers: tuple[float, ...] = ()
    if chosen.objective == "bit":
        numbers = (chosen.bit_target,)
    elif chosen.objective == "quadratic":
        numbers = chosen.targets
    elif chosen.objective == "linear":
        numbers = chosen.values
    return settings.logits, settings.scale, settings.seed, chosen.objective, numbers
