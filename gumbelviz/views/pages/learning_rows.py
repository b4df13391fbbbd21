"""What the Learning page shows: reports put into lines, rows and words."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gumbelviz.model.learning_report import LearningReport
from gumbelviz.model.numbers import write_count, write_number, write_percent, write_short
from gumbelviz.model.settings import Settings
from gumbelviz.model.training_estimators import BY_ID, EstimatorWords
from gumbelviz.views.look import Look
from gumbelviz.views.plots.fan_plot import FanLine
from gumbelviz.views.plots.river_plot import River
from gumbelviz.views.plots.row import Row
from gumbelviz.views.plots.ticks import Ticks, plain_ticks

Floats = NDArray[np.float64]
RATIOS = (-1.0, 2.0)
"""Powers of ten between which the signal-to-noise ratio is shown; less cannot be told from nothing."""
RATIO_TICKS: Ticks = ((-1.0, "≤ 0.1"), (0.0, "1"), (1.0, "10"), (2.0, "100"))
_BITS = ("b = 1", "b = 0")
_STALLED, _NEAR = 0.1, 0.02
"""Shares of the way from the first loss to the best at which a training is said to be stuck, or there."""


def color_of(look: Look, row: EstimatorWords) -> QColor:
    """The colour of an estimator: one of the palette, or the ink for the exact gradient."""
    return look.option_color(row.color) if row.color >= 0 else look.color("ink")


def marker_of(look: Look, row: EstimatorWords) -> str:
    """The shape that goes with it."""
    return look.marker(row.color) if row.color >= 0 else "circle"


def score(report: LearningReport) -> Floats:
    """What the first plot shows: the loss, or the router's accuracy, (E, S, 3)."""
    return report.loss if report.accuracy is None else report.accuracy


def score_words(report: LearningReport) -> tuple[str, str]:
    """What the first plot shows, in full and in short."""
    what = "Loss" if report.accuracy is None else "Right answers on new points"
    if report.repeats == 1:
        return f"{what}, of a single training", what
    return f"{what}: median and middle half of {write_count(report.repeats)} trainings", f"{what}: median, middle half"


def score_lines(look: Look, report: LearningReport) -> tuple[FanLine, ...]:
    """Median and quartiles over the steps."""
    steps = report.at.astype(np.float64)
    return tuple(
        _line(look, name, steps, curve[:, 1], curve[:, 0], curve[:, 2])
        for name, curve in zip(report.estimators, score(report), strict=True)
    )


def ratio_lines(look: Look, report: LearningReport) -> tuple[FanLine, ...]:
    """The signal-to-noise ratio over the steps, on a logarithmic axis that ends at what can be told from noise."""
    steps = report.at.astype(np.float64)
    lines = []
    for name, ratio in zip(report.estimators, report.signal_to_noise, strict=True):
        known = np.isfinite(ratio)
        shown = np.clip(ratio[known], 10.0 ** RATIOS[0], 10.0 ** RATIOS[1])
        lines.append(_line(look, name, steps[known], np.log10(shown)))
    return tuple(lines)


def end_lines(look: Look, report: LearningReport) -> tuple[FanLine, ...]:
    """Where trainings ended, over the logarithm of the temperature."""
    ends = report.ends
    if ends is None:
        return ()
    lines = []
    for place, name in enumerate(report.estimators):
        known = np.isfinite(ends.middle[place])
        middle, low, high = (curve[place][known] for curve in (ends.middle, ends.low, ends.high))
        lines.append(_line(look, name, np.log10(ends.taus[known]), middle, low, high, dots=True))
    return tuple(lines)


def tau_line(look: Look, report: LearningReport) -> tuple[FanLine, ...]:
    """The temperature over the steps, on a logarithmic axis from 0.01 to 100."""
    logs = np.log10(np.clip(report.taus, 0.01, 100.0))
    return (FanLine(look.color("accent"), "circle", report.at.astype(np.float64), logs),)


def _line(
    look: Look, name: str, xs: Floats, ys: Floats, low: Floats | None = None, high: Floats | None = None,
    dots: bool = False,
) -> FanLine:  # fmt: skip
    row = BY_ID[name]
    return FanLine(color_of(look, row), marker_of(look, row), xs, ys, low, high, dots)


def score_view(report: LearningReport, before: tuple[float, float] | None) -> tuple[float, float]:
    """Lower and upper end of the axis of `score`, rounded outwards; never narrower than `before`."""
    if report.accuracy is not None:
        low = float(report.accuracy.min(initial=0.5))
        return (math.floor(low * 10) / 10 if before is None else min(before[0], math.floor(low * 10) / 10)), 1.0
    values = report.loss
    low = min(report.best, float(values.min(initial=report.best)))
    high = max(float(values.max(initial=report.best)), low + 1e-6)
    span = high - low
    grid = 10.0 ** math.floor(math.log10(span)) / 4.0
    low, high = math.floor((low - 0.06 * span) / grid) * grid, math.ceil((high + 0.03 * span) / grid) * grid
    return (low, high) if before is None else (min(low, before[0]), max(high, before[1]))


def score_ticks(report: LearningReport, view: tuple[float, float]) -> Ticks:
    """Numbers beside that axis."""
    ticks = plain_ticks(view[0], view[1], 6)
    if report.accuracy is None:
        return ticks
    return tuple((share, write_percent(share, 0)) for share, _ in ticks)


def step_ticks(steps: int) -> Ticks:
    """Numbers below an axis of steps."""
    return tuple((step, write_count(round(step))) for step, _ in plain_ticks(0.0, float(steps), 5))


def river_of(settings: Settings, report: LearningReport, estimator: str) -> River:
    """The river of one estimator."""
    place = report.estimators.index(estimator) if estimator in report.estimators else 0
    names: tuple[str, ...]
    colors: tuple[int, ...]
    if report.task == "bit":
        names, colors = _BITS, (0, 1)
    elif report.task == "router":
        count = report.river.shape[2]
        names, colors = tuple(f"Expert {i + 1}" for i in range(count)), tuple(range(count))
    else:
        names = tuple(settings.options[i].name for i in report.shown)
        colors = tuple(settings.options[i].color for i in report.shown)
        missing = report.options - len(report.shown)
        if missing:
            names, colors = (*names, f"{write_count(missing)} more"), (*colors, -1)
    return River(report.at.astype(np.float64), report.river[place], names, colors)


def worth_rows(settings: Settings, shown: tuple[int, ...]) -> tuple[Row, ...]:
    """What each option is worth to the robot."""
    worths = settings.pages.learning.worths(len(settings.options))
    rows = []
    for i in shown:
        option = settings.options[i]
        masked = option.logit == -math.inf
        text = "masked" if masked else write_short(worths[i], 3)
        rows.append(Row(i, option.name, option.color, None if masked else worths[i], text, quiet=masked))
    missing = len(settings.options) - len(shown)
    return (*rows, Row(-1, f"{write_count(missing)} more", 0, None, "", quiet=True)) if missing else tuple(rows)


def worth_leaders(settings: Settings, most: int) -> tuple[int, ...]:
    """All options where there are few, else those that are worth most, in their own order."""
    count = len(settings.options)
    if count <= most:
        return tuple(range(count))
    worths = settings.pages.learning.worths(count)
    return tuple(sorted(sorted(range(count), key=lambda i: -worths[i])[: most - 1]))


def row_at(report: LearningReport, step: float | None) -> int:
    """Which recorded step is shown: the one at the cursor, or the newest."""
    if step is None:
        return len(report.at) - 1
    return max(int(np.searchsorted(report.at, step + 0.5, side="right")) - 1, 0)


def write_score(report: LearningReport, value: float) -> str:
    """A loss with four decimals, or an accuracy in per cent."""
    return write_number(value, 4) if report.accuracy is None else write_percent(value)


def numbers_at(report: LearningReport, row: int) -> dict[str, str]:
    """The median of each estimator at a recorded step."""
    if row < 0:
        return {}
    medians = score(report)[:, row, 1]
    return {name: write_score(report, float(v)) for name, v in zip(report.estimators, medians, strict=True)}


def sentence(report: LearningReport, row: int) -> tuple[str, str]:
    """What there is to see, in one line, and the same in fewer words."""
    if report.refused:
        return report.refused, report.refused
    if row < 0:
        return "", ""
    step = f"Step {write_count(int(report.at[row]))}"
    medians = score(report)[:, row, 1]
    if report.accuracy is not None:
        best, worst = int(np.argmax(medians)), int(np.argmin(medians))
        lead = f"{step}: {_name(report, best)} gives {write_percent(float(medians[best]))} right answers"
        if best == worst:
            return f"{lead}.", f"{lead}."
        rest = f"{_name(report, worst)} {write_percent(float(medians[worst]))}"
        return f"{lead}, {rest}, with hard choices on points not seen before.", f"{lead}, {rest}."
    way = float(report.loss[0, 0, 1]) - report.best
    least = f"the least possible is {write_number(report.best, 4)}"
    stuck = [i for i, loss in enumerate(medians) if loss - report.best > max(_STALLED * way, 1e-9)]
    there = [i for i, loss in enumerate(medians) if loss - report.best <= _NEAR * abs(way)]
    worst = int(np.argmax(medians))
    if row == 0 or not stuck:
        best = int(np.argmin(medians))
        words = f"{step}: the loss of {_name(report, best)} is {write_number(float(medians[best]), 4)}; {least}."
        return words, words
    verb = "stands still" if _stands_still(report, worst, row) else "is"
    lead = f"{step}: {_name(report, worst)} {verb} at {write_number(float(medians[worst]), 4)}; {least}."
    if there and report.at[row] == report.done:
        return f"{lead[:-1]}, and {_name(report, there[0])} gets there.", lead
    return lead, lead


def explanation(report: LearningReport, row: int) -> str:
    """Why it is so, in a few sentences."""
    if report.refused or row < 0:
        return ""
    if report.task == "router":
        return (
            "Each expert is one straight line, and each of the four heaps of points needs another. Nothing is learned "
            "unless the router learns, through its own choice. At test time that is hard, without noise."
        )
    if "gumbel_softmax" not in report.estimators:
        return "One answer is best, but by little. An estimator that is biased may miss it, however long it trains."
    place = report.estimators.index("gumbel_softmax")
    share = write_number(float(report.river[place, row, 0]), 3)
    best = 1 if float(report.loss[place, row, 1]) < report.best else 0
    return (
        "Gumbel-Softmax makes the loss of soft choices small, not that of the hard ones that count. It is now at "
        f"P(b = 1) = {share}; best is {'0' if best == 0 else '1'}. A smaller τ has less of this bias, and more noise."
    )


def _name(report: LearningReport, place: int) -> str:
    return BY_ID[report.estimators[place]].name


def _stands_still(report: LearningReport, place: int, row: int) -> bool:
    """Over the last third of the steps the median moved less than the band around it is wide."""
    earlier = row - max(row // 3, 8)
    if earlier <= 0:
        return False
    low, middle, high = report.loss[place, row]
    return abs(float(report.loss[place, earlier, 1] - middle)) <= max(float(high - low), 1e-9)
