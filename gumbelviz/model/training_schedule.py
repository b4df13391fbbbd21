"""The temperature at each step of a training, in the shapes of the Temperature page."""

from __future__ import annotations

import math
from collections.abc import Callable

from msgspec.structs import replace

from gumbelviz.model.schedule import temperature_at
from gumbelviz.model.settings import Settings
from gumbelviz.model.temperature_choices import TemperatureChoices

_HOTTEST = 1e6
"""What a falling temperature starts from where the scene has an infinite one."""


def temperature_of_step(settings: Settings) -> Callable[[int], float]:
    """Return the function from a step of the Learning page's training to its temperature.

    The schedule of the Temperature page is stretched or squeezed to the steps of the training.
    """
    choices = settings.pages.learning
    steps, first = choices.steps, settings.temperature
    if choices.schedule == "fixed":
        return lambda step: first
    if choices.schedule == "page":
        page = settings.pages.temperature
        return lambda step: temperature_at(page, step / steps * page.steps)
    hot = min(first, _HOTTEST)
    rate = max(math.log(max(hot, choices.floor) / choices.floor) / steps, 0.0)
    shape = replace(
        TemperatureChoices(), kind=choices.schedule, start=hot, end=min(choices.floor, hot), rate=rate, steps=steps
    )
    return lambda step: temperature_at(shape, step)
