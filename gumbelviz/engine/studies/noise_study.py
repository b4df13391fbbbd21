"""The study of the Noise page: works for the part of the page that is in front, and keeps what the others had."""

from __future__ import annotations

from collections.abc import Callable

from gumbelviz.engine.studies.noise_curves import family, inverse_map, make_rain, rain_key
from gumbelviz.engine.studies.noise_scales import ScaleEffects, scales_key
from gumbelviz.engine.studies.noise_trials import Trials, trials_key
from gumbelviz.engine.study import Moment
from gumbelviz.model.noise_report import Comparison, Family, InverseMap, NoiseReport, Rain
from gumbelviz.model.settings import Settings


class NoiseStudy:
    """Exact curves at once; trials with another noise piece by piece, whether the stream runs or not."""

    def __init__(self, settings: Settings) -> None:
        self._family: Family | None = None
        self._rain: tuple[object, Rain] | None = None
        self._inverse: InverseMap | None = None
        self._trials: tuple[object, Trials] | None = None
        self._comparison: Comparison | None = None
        self._effects: tuple[object, ScaleEffects] | None = None
        self.change(settings)

    def change(self, settings: Settings) -> None:
        """Answer other settings from now on; trials go on where nothing changed that they depend on."""
        self._settings = settings
        view = settings.pages.noise.view
        if view == "curves":
            self._family = family(settings.pages.noise.curves, self._family)
        elif view == "inverse":
            if self._rain is None or self._rain[0] != rain_key(settings):
                self._rain = rain_key(settings), make_rain(settings)
            self._inverse = inverse_map(settings, self._rain[1])
        elif view == "other":
            if self._trials is None or self._trials[0] != trials_key(settings):
                self._trials, self._comparison = (trials_key(settings), Trials(settings)), None
        elif self._effects is None or self._effects[0] != scales_key(settings):
            self._effects = scales_key(settings), ScaleEffects(settings)

    def busy(self, moment: Moment) -> bool:
        """Tell whether the part in front still has something to work out."""
        view = self._settings.pages.noise.view
        if view == "other":
            return self._trials is not None and not self._trials[1].done
        return view == "scales" and self._effects is not None and not self._effects[1].done

    def work(self, moment: Moment, stop: Callable[[], bool]) -> None:
        """Work out some of it, in pieces of about a millisecond."""
        view = self._settings.pages.noise.view
        while self.busy(moment):
            if view == "other" and self._trials is not None:
                self._trials[1].work()
                self._comparison = None
            elif self._effects is not None:
                self._effects[1].work()
            if stop():
                return

    def report(self, moment: Moment) -> NoiseReport:
        """Return what the part in front shows."""
        view, options = self._settings.pages.noise.view, len(self._settings.options)
        if view == "curves":
            return NoiseReport(options, family=self._family)
        if view == "inverse":
            return NoiseReport(options, inverse=self._inverse)
        if view == "other" and self._trials is not None:
            trials = self._trials[1]
            if self._comparison is None:
                self._comparison = trials.comparison()
            return NoiseReport(options, comparison=self._comparison)
        return NoiseReport(
            options, scales=self._effects[1].scales(moment.shown) if self._effects is not None else None
        )
