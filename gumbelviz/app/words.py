"""Words about the numbers on the screen: the note of a scene, filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gumbelviz.model.numbers import write_short, write_tenth
from gumbelviz.model.scene import NOTE_PLACES
from gumbelviz.model.settings import Settings

if TYPE_CHECKING:
    from gumbelviz.model.frame import Draw, Floats


def fill_note(note: str, settings: Settings, draw: Draw, probabilities: Floats | Sequence[float] | None = None) -> str:
    """Return `note` with its places, such as ``{soft:2}``, filled with the numbers of `draw`.

    Parameters
    ----------
    note
        Words with places from the closed list in `gumbelviz.model.scene`. What else stands in braces, and
        places of options that do not exist, stay as they are: the file may come from a stranger.
    settings, draw
        What the numbers are taken from; `draw` belongs to `settings`.
    probabilities
        The chance that each option wins, (K,), from `Frame.theory`; without it those places stay.
    """

    def fill(place: re.Match[str]) -> str:
        if place["whole"]:
            return write_short(settings.temperature if place["whole"] == "temperature" else settings.scale)
        i = int(place["option"]) - 1
        if i >= len(settings.options):
            return place[0]
        if place["of"] == "probability":
            return place[0] if probabilities is None else write_share(float(probabilities[i]))
        if place["of"] == "soft":
            return write_share(float(draw.soft[i]))
        if place["of"] == "noise":
            return write_tenth(float(draw.noise[i]))
        if place["of"] == "noisy":
            return write_tenth(float(draw.perturbed[i]))
        return settings.options[i].name if place["of"] == "name" else write_tenth(settings.options[i].logit)

    return NOTE_PLACES.sub(fill, note)


def write_share(share: float) -> str:
    """Return a share of 1 in per cent: "50%" where that is exact, "45.0%" where it is rounded.

    Shares that would round to nothing or to all say that they are not: "<0.1%", ">99.9%".
    """
    percent = 100.0 * share
    if abs(percent - round(percent)) < 1e-9:
        return f"{round(percent)}%"
    if percent < 0.05:
        return "<0.1%"
    if percent >= 99.95:
        return ">99.9%"
    return f"{percent:.1f}%"
