"""Exact curves of the Gumbel law, the inverse map, and the first draws of the stream that fall through it."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.maths import gumbel
from gumbelviz.maths.noises import DEVIATION
from gumbelviz.model.frame import freeze
from gumbelviz.model.noise_choices import ARTICLE_AXIS_END, ARTICLE_DENSITIES, Curve
from gumbelviz.model.noise_report import CurveFacts, Cut, Family, InverseMap, Rain
from gumbelviz.model.settings import Settings

DROPS = 4096
"""How many numbers fall before the rain is over: enough for a histogram that has the shape of the density."""
MOST_RAINED = 7
"""So many options have their numbers in the rain."""
FIRST_CELL, LAST_CELL = -3.25, 23.0
"""The stream's noise lies between -3.13 and 22.88."""
CELL = 0.25
_NEAR = np.linspace(-4.5, 12.0, 1001)
_STANDARD = np.concatenate([[-1e3, -100.0, -20.0], _NEAR, np.geomspace(13.0, 40.0, 40), [100.0, 1e3]])
"""Places of a standard curve: close where it bends, and far enough out to reach the end of any axis."""
_ARTICLE = {(curve.location, curve.scale) for curve in ARTICLE_DENSITIES}


def law(location: float, scale: float, color: int) -> CurveFacts:
    """Return all that is shown of one Gumbel law."""
    x = location + scale * _STANDARD
    density, share = gumbel.pdf(x, location, scale), gumbel.cdf(x, location, scale)
    for array in (x, density, share):
        freeze(array)
    return CurveFacts(
        location, scale, color, x, density, share,
        height=float(gumbel.pdf(location, location, scale)),
        median=gumbel.median(location, scale),
        mean=gumbel.mean(location, scale),
        deviation=scale * DEVIATION,
    )  # fmt: skip


def family(curves: tuple[Curve, ...], before: Family | None = None) -> Family:
    """Return the curves with the axis that shows them; those that are in `before` are taken from there."""
    known = {(fact.location, fact.scale, fact.color): fact for fact in before.curves} if before is not None else {}
    facts = tuple(
        known.get((curve.location, curve.scale, curve.color)) or law(curve.location, curve.scale, curve.color)
        for curve in curves
    )
    low, high = _axis([(curve.location, curve.scale) for curve in curves])
    top = max(fact.height for fact in facts)
    return Family(facts, low, high, top, _cut(curves))


def _axis(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    """Ends that leave out less than 1e-6 of any curve on the left and 0.1 % on the right, on whole steps."""
    low = min(location - 2.7 * scale for location, scale in pairs)
    high = max(location + 6.9 * scale for location, scale in pairs)
    least = (high - low) / 12.0
    power = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= 0.8 * least)
    return step * math.floor(low / step), step * math.ceil(high / step)


def _cut(curves: tuple[Curve, ...]) -> Cut | None:
    """What the article's own axis would leave out, where these are the article's densities."""
    if {(curve.location, curve.scale) for curve in curves} != _ARTICLE:
        return None
    beyond = [float(gumbel.sf(ARTICLE_AXIS_END, curve.location, curve.scale)) for curve in curves]
    worst = int(np.argmax(beyond))
    return Cut(worst, beyond[worst], ARTICLE_AXIS_END)


def inverse_map(settings: Settings, rain: Rain) -> InverseMap:
    """Return the map from uniform numbers to the noise of the scene, at the level that was chosen."""
    location, scale, level = settings.location, settings.scale, settings.pages.noise.level
    noise = float(gumbel.ppf(level, location, scale))
    low, high = location - 2.6 * scale, location + 6.8 * scale
    return InverseMap(
        law(location, scale, 0),
        level,
        noise,
        float(gumbel.pdf(noise, location, scale)),
        mode_level=float(gumbel.cdf(location, location, scale)),
        mean_level=float(gumbel.cdf(gumbel.mean(location, scale), location, scale)),
        low=low,
        high=high,
        rain=rain,
    )


def rain_key(settings: Settings) -> tuple[object, ...]:
    """The part of the settings that the rain depends on."""
    places = _rained(settings)
    return settings.seed, len(settings.options), places, tuple(settings.options[i].color for i in places)


def _rained(settings: Settings) -> tuple[int, ...]:
    """The first options that are not masked."""
    unmasked = (i for i, option in enumerate(settings.options) if option.logit > -math.inf)
    return tuple(itertools.islice(unmasked, MOST_RAINED))


def make_rain(settings: Settings) -> Rain:
    """Return the first numbers of the stream, draw by draw and option by option, and their histograms."""
    places = np.array(_rained(settings), np.int64)
    draws = -(-DROPS // len(places))
    bits: NDArray[np.uint32] = np.empty((len(places), draws), np.uint32)
    Stream(settings.seed, places, len(settings.options)).read(0, bits)
    noise = gumbel_of_bits(bits).T.ravel()[:DROPS]
    level = gumbel.cdf(noise)
    colors = np.array([settings.options[int(i)].color for i in places], np.int64)
    color = np.tile(colors, draws)[:DROPS]
    edges = np.arange(FIRST_CELL, LAST_CELL + CELL / 2, CELL)
    fell = np.zeros((DROPS + 1, len(edges) - 1), np.uint16)
    fell[np.arange(1, DROPS + 1), ((noise - FIRST_CELL) / CELL).astype(int)] = 1
    counts = np.cumsum(fell, axis=0, dtype=np.uint16)
    for array in (level, noise, color, edges, counts):
        freeze(array)
    return Rain(level, noise, color, edges, counts)
