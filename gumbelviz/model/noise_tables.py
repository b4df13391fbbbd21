"""The numbers behind the pictures of the Noise page, for the part in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.model import noise_words as words
from gumbelviz.model.noise_report import NoiseReport
from gumbelviz.model.number_table import (
    MOST_ROWS,
    NumberTable,
    Rows,
    few_places,
    few_remark,
    in_rows,
    leading_options,
)
from gumbelviz.model.numbers import write_count

if TYPE_CHECKING:
    from gumbelviz.model.frame import Floats, Frame
    from gumbelviz.model.noise_report import Comparison, CurveFacts, Family, InverseMap, Scales
    from gumbelviz.model.settings import Settings


def noise_tables(settings: Settings, frame: Frame) -> tuple[NumberTable, ...]:
    """Return the tables of the part in front; none before its study has answered."""
    report = frame.study
    if not isinstance(report, NoiseReport) or report.options != len(settings.options):
        return ()
    if report.family is not None:
        return _of_family(report.family)
    if report.inverse is not None:
        return _of_map(report.inverse)
    if report.comparison is not None:
        return _of_comparison(settings, report.comparison)
    return _of_scales(settings, report.scales) if report.scales is not None else ()


def _of_family(family: Family) -> tuple[NumberTable, ...]:
    curves = family.curves

    def fill() -> Rows:
        fields = ("location", "scale", "height", "median", "mean", "deviation")
        return in_rows(range(1, len(curves) + 1), *([getattr(curve, name) for curve in curves] for name in fields))

    columns = ("curve", "location = mode", "scale", "height", "median", "mean", "standard deviation")
    points = [
        NumberTable(
            f"points {i}", f"Points of curve {i}", words.describe_densities(family),
            ("x", "density f(x)", "P(G ≤ x)"), lambda curve=curve: _points(curve, family.low, family.high),  # type: ignore[misc]
            _thinned(curve, family.low, family.high),
        )
        for i, curve in enumerate(curves, 1)
    ]  # fmt: skip
    return (
        NumberTable("density", "Densities of the noise", words.describe_densities(family), columns, fill),
        NumberTable("distribution", "Distribution functions of the noise", words.describe_functions(family), columns,
                    fill),
        *points,
    )  # fmt: skip


def _seen(curve: CurveFacts, low: float, high: float) -> slice:
    """The points of a curve along the axis that is shown."""
    return slice(*np.searchsorted(curve.x, (low, high)).tolist())


def _points(curve: CurveFacts, low: float, high: float) -> Rows:
    seen = _seen(curve, low, high)
    xs, density, share = curve.x[seen], curve.density[seen], curve.share[seen]
    few = few_places(len(xs))
    return in_rows(xs[few], density[few], share[few])


def _thinned(curve: CurveFacts, low: float, high: float) -> str:
    count = len(curve.x[_seen(curve, low, high)])
    return few_remark(count, len(few_places(count)), "points, evenly spread")


def _of_map(found: InverseMap) -> tuple[NumberTable, ...]:
    law, rain = found.law, found.rain

    def fill() -> Rows:
        marks = (
            ("the chosen number", found.level, found.noise), ("mode", found.mode_level, law.location),
            ("median", 0.5, law.median), ("mean", found.mean_level, law.mean),
        )  # fmt: skip
        return tuple(marks)

    def landed() -> Rows:
        edges = law.location + law.scale * rain.edges
        counts = rain.counts[-1].astype(np.int64)
        return in_rows(edges[:-1], edges[1:], counts)

    return (
        NumberTable("map", "Inverse map", words.describe_map(found), ("what", "uniform number u", "noise g"), fill),
        NumberTable("map points", "Points of the inverse map", words.describe_map(found),
                    ("noise g", "density", "P(G ≤ g) = u"), lambda: _points(law, found.low, found.high),
                    _thinned(law, found.low, found.high)),
        NumberTable("rain", "Rain: the numbers of the stream", words.describe_rain(found),
                    ("uniform number u", "noise g"),
                    lambda: in_rows(rain.level[:MOST_ROWS], law.location + law.scale * rain.noise[:MOST_ROWS]),
                    f"The first {min(MOST_ROWS, len(rain.level))} of {write_count(len(rain.level))} numbers."),
        NumberTable("landed", "Rain: where it lands", words.describe_rain(found),
                    ("noise from", "to", "how many of all numbers"), landed,
                    "The last cell also holds everything above it."),
    )  # fmt: skip


def _of_comparison(settings: Settings, comparison: Comparison) -> tuple[NumberTable, ...]:
    shown, trial, gumbel = leading_options(settings), comparison.chosen, comparison.gumbel
    names = [settings.options[i].name for i in shown]

    def of(values: Floats) -> list[float]:
        return [float(values[i]) for i in shown]

    def paths() -> Rows:
        # The two trials are looked at after the same numbers of draws, as far as each has come.
        found = dict(zip(gumbel.path_draws.tolist(), gumbel.path_distance.tolist(), strict=True))
        other = dict(zip(trial.path_draws.tolist(), trial.path_distance.tolist(), strict=True))
        return tuple((round(n), found.get(n), other.get(n)) for n in sorted({*found, *other}))

    law = next(law for law in comparison.laws if law.id == trial.noise)
    missing = len(settings.options) - len(shown)
    remark = f"The {len(shown)} highest scores; {write_count(missing)} more options have no row." if missing else ""
    return (
        NumberTable("laws", "Noises to try", words.describe_laws(comparison), ("noise", "exact distance from softmax"),
                    lambda: tuple((law.name, law.distance) for law in comparison.laws)),
        NumberTable("wins", f"How often each option won with {law.name} noise",
                    words.describe_other_wins(settings, comparison),
                    ("option", "wins", "frequency", "exact with this noise", "softmax(z / (T β))"),
                    lambda: in_rows(names, [int(trial.wins[i]) for i in shown], of(trial.frequencies),
                                    [None] * len(shown) if trial.exact is None else of(trial.exact),
                                    of(comparison.softmax)), remark),
        NumberTable("falling", "Distance from softmax", words.describe_falling(comparison),
                    ("draws", "total variation, Gumbel", f"total variation, {law.name}"), paths),
    )  # fmt: skip


def _of_scales(settings: Settings, scales: Scales) -> tuple[NumberTable, ...]:
    shown = leading_options(settings)
    names = [settings.options[i].name for i in shown]
    missing = len(settings.options) - len(shown)
    remark = f"The {len(shown)} highest scores; {write_count(missing)} more options have no row." if missing else ""

    def effects() -> Rows:
        winners = settings.options
        return tuple(
            (effect.scale, winners[effect.winner].name, effect.chance, effect.soft, effect.mean)
            for effect in scales.effects
        )

    def table(id: str, title: str, shares: Floats | None) -> NumberTable:
        return NumberTable(
            id, title, words.describe_scaled(settings, scales, title, shares), ("option", title),
            lambda: () if shares is None else in_rows(names, [float(shares[i]) for i in shown]), remark,
        )  # fmt: skip

    return (
        NumberTable("effects", "What each scale changes", words.describe_effects(settings, scales),
                    ("scale", "winner with that scale at 1", "largest change of a chance to win",
                     "of a soft choice of this draw", "of a mean soft choice"), effects),
        table("chances", "Chance to win", scales.chances),
        table("soft", "Soft choice of this draw", scales.soft),
        table("mean", "Mean soft choice", scales.mean),
    )  # fmt: skip
