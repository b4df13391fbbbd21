"""More work beside the stream, for the page that is being looked at: sweeps, other noises, grids.

A study is played by the same `Player` as the stream, in turns of a few milliseconds, and knows neither threads
nor clocks. A page that is not looked at has its study rest; it goes on when the page is turned back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gumbelviz.model.frame import Report
from gumbelviz.model.scene import Page
from gumbelviz.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Moment:
    """How far the stream is: draws `0` to `draws - 1` are tallied, `shown` is on display, and whether it runs.

    `hurried` is True where nobody watches, and no study should keep to a pace.
    """

    draws: int
    shown: int
    running: bool
    hurried: bool = False


class Study(Protocol):
    """Settings in, reports out, a little at a time."""

    def change(self, settings: Settings) -> None:
        """Answer other settings from now on; what still holds under them is kept."""

    def busy(self, moment: Moment) -> bool:
        """Tell whether there is work to do now."""

    def work(self, moment: Moment, stop: Callable[[], bool]) -> None:
        """Do some, in pieces of a few milliseconds at most; `stop`, asked after each, says when to come back."""

    def report(self, moment: Moment) -> Report:
        """Return what is known so far, in read-only arrays made for this report."""


@runtime_checkable
class Paced(Study, Protocol):
    """A study that can keep to a pace."""

    def due(self) -> float:
        """Seconds until the next piece of its work is due, 0 for now."""


def make_study(page: Page, settings: Settings) -> Study | None:
    """Return a fresh study for `page`, or None where the frames of the stream are all it needs."""
    maker = _MAKERS.get(page)
    return None if maker is None else maker(settings)


def _study_learning(settings: Settings) -> Study:
    from gumbelviz.engine.studies.learning_study import LearningStudy

    return LearningStudy(settings)


def _study_margins(settings: Settings) -> Study:
    from gumbelviz.engine.studies.margins_study import MarginsStudy

    return MarginsStudy(settings)


def _study_noise(settings: Settings) -> Study:
    from gumbelviz.engine.studies.noise_study import NoiseStudy

    return NoiseStudy(settings)


def _study_precision(settings: Settings) -> Study:
    from gumbelviz.engine.studies.precision_study import PrecisionStudy

    return PrecisionStudy(settings)


def _study_simplex(settings: Settings) -> Study:
    from gumbelviz.engine.studies.simplex_study import SimplexStudy

    return SimplexStudy(settings)


def _study_temperature(settings: Settings) -> Study:
    from gumbelviz.engine.studies.temperature_study import TemperatureStudy

    return TemperatureStudy(settings)


_MAKERS: dict[Page, Callable[[Settings], Study]] = {
    "learning": _study_learning,
    "margins": _study_margins,
    "noise": _study_noise,
    "precision": _study_precision,
    "simplex": _study_simplex,
    "temperature": _study_temperature,
}
"""Each imports its module only when its page is looked at."""
