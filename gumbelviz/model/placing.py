"""Choosing the noise of this draw by where its soft choice shall be."""

from __future__ import annotations

import math
from typing import TypeAlias

from msgspec.structs import replace

from gumbelviz.model.settings import Settings, check_noise

Placed: TypeAlias = tuple[tuple[int, ...], tuple[float, ...], tuple[float, ...]]
DECIMALS = 4


def place_draw(settings: Settings, value: Placed) -> Settings:
    """Pin the noise of some options so that their soft choices have given proportions.

    Soft choices y_i are in proportion exp((z_i + G_i) / tau), so the noise must be G_i = tau log y_i - z_i + c. Any
    c does; the one with the least sum of squared changes is the mean of what G_i was before less the rest.

    Parameters
    ----------
    settings
        At a temperature above 0 and below infinity.
    value
        Which options; the shares they shall have among themselves, above 0; and the noise they have now.

    Raises
    ------
    ValueError
        With a sentence, where no noise can do that.
    """
    places, shares, noise = value
    if not 0.0 < settings.temperature < math.inf:
        raise ValueError("At this temperature every soft choice is one of few points, and none can be chosen.")
    if len({len(places), len(shares), len(noise)}) != 1 or len(places) < 2 or len(set(places)) != len(places):
        raise ValueError("A soft choice is placed among two options or more, with a share and a noise for each.")
    if not all(0.0 < share < math.inf for share in shares):
        raise ValueError("A share of a soft choice is above 0.")
    if not all(0 <= i < len(settings.options) and settings.logits[i] > -math.inf for i in places):
        raise ValueError("Only options that can be chosen have a share.")
    wanted = [settings.temperature * math.log(y) - settings.logits[i] for i, y in zip(places, shares, strict=True)]
    shift = math.fsum(now - want for now, want in zip(noise, wanted, strict=True)) / len(places)
    options = list(settings.options)
    for i, want in zip(places, wanted, strict=True):
        options[i] = replace(options[i], pinned=round(check_noise(want + shift), DECIMALS))
    return replace(settings, options=tuple(options))
