"""Noticing that a person did what a step asks for.

Once done stays done: what was tried out may be put back. The kinds of `ConditionKind` mean:

==================  =========================================================================
temperature below   the temperature is at most the value
temperature above   it is at least the value
draws               at least so many draws were made since the last restart
new draw            another draw is on display than at the beginning of the step
score changed       a score differs from the beginning; an option that came or went counts too
noise changed       a pinned noise value, the location, the scale or the seed differs
option changed      the options differ in number, order, name or colour
page changed        another page is looked at
choice changed      something that belongs to one page alone differs
revealed            the answer to the question was revealed
trained             a training was started since the beginning of the step, and is finished
==================  =========================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gumbelviz.model.lecture import ConditionKind, Step
from gumbelviz.model.scene import Page
from gumbelviz.model.settings import Settings, Transport


@dataclass(frozen=True, slots=True)
class Moment:
    """What can be seen of the program at one time.

    Attributes
    ----------
    settings, transport, page
        As in the store.
    draws, draw
        Of the newest frame that answers the settings: how many draws were made, and which one is on display.
    revealed
        True from the moment when the answer to the step's question was revealed.
    trained
        True where the training on the Learning page is finished, for the settings above.
    """

    settings: Settings
    transport: Transport
    page: Page
    draws: int = 0
    draw: int = 0
    revealed: bool = False
    trained: bool = False


class Watch:
    """Says whether the task of a step is done.

    Parameters
    ----------
    step
    begin
        The first moment of the step, when its scene stands on the screen and nobody has touched it. A step without a
        task is never done.
    """

    def __init__(self, step: Step, begin: Moment) -> None:
        self._task = step.task
        self._begin = begin
        self._done = False

    @property
    def done(self) -> bool:
        """True once the task was done."""
        return self._done

    def see(self, now: Moment) -> bool:
        """Look at what is on the screen now, and return whether the task is done, now or before."""
        if self._task is not None and not self._done:
            self._done = _CONDITIONS[self._task.when](self._begin, now, self._task.value or 0.0)
        return self._done


def _options(settings: Settings) -> list[tuple[str, int]]:
    return [(option.name, option.color) for option in settings.options]


def _noise(settings: Settings) -> tuple[object, ...]:
    return settings.pins, settings.location, settings.scale, settings.seed


def _trained(begin: Moment, now: Moment, value: float) -> bool:
    # Other numbers start a training by themselves, and so does another page that is turned back from.
    started = (
        now.transport.study != begin.transport.study
        or now.settings != begin.settings
        or (not begin.trained and begin.page == now.page)
    )
    return started and now.trained


_CONDITIONS: dict[ConditionKind, Callable[[Moment, Moment, float], bool]] = {
    "temperature below": lambda begin, now, value: now.settings.temperature <= value,
    "temperature above": lambda begin, now, value: now.settings.temperature >= value,
    "draws": lambda begin, now, value: now.draws >= value,
    "new draw": lambda begin, now, value: now.draw != begin.draw,
    "score changed": lambda begin, now, value: now.settings.logits != begin.settings.logits,
    "noise changed": lambda begin, now, value: _noise(now.settings) != _noise(begin.settings),
    "option changed": lambda begin, now, value: _options(now.settings) != _options(begin.settings),
    "page changed": lambda begin, now, value: now.page != begin.page,
    "choice changed": lambda begin, now, value: now.settings.pages != begin.settings.pages,
    "revealed": lambda begin, now, value: now.revealed,
    "trained": _trained,
}
