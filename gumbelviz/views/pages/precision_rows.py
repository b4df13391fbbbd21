"""What the table of the Precision page shows: a report put into lines."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable

from gumbelviz.model.frame import Verdict
from gumbelviz.model.numbers import write_count, write_number, write_percent
from gumbelviz.model.precision_report import Outcome, PrecisionReport
from gumbelviz.model.precision_words import write_share, write_size
from gumbelviz.model.settings import Settings
from gumbelviz.views.plots.comparison import Cell, Group, Line

Outcomes = tuple[Outcome, ...]

GROUPS = (Group("Common formula", ("single", "double")), Group("Ours", ("single", "double")))
FIXED_LINES = 10
"""Lines that stand whatever the number of options."""
PAIR = ("First", "Second")


def live_names(settings: Settings, report: PrecisionReport) -> tuple[str, ...]:
    """The names of the options that the report counts."""
    return PAIR if report.pair else tuple(settings.options[i].name for i in report.live.tolist())


def lines_of(settings: Settings, report: PrecisionReport, most: int) -> tuple[Line, ...]:
    """All rows, with at most `most` of them for single options."""
    outcomes = report.outcomes
    return (
        _counts("draws not a number (NaN)", outcomes, lambda outcome: outcome.nan, "bad",
                "Draws in which a share is not a number: nothing that is computed from them can be used."),
        _counts("draws with a y exactly 0", outcomes, lambda outcome: outcome.zeros, "ink",
                "The share is too small for the precision. Its logarithm is minus infinity."),
        _counts("draws with a y exactly 1", outcomes, lambda outcome: outcome.ones, "ink",
                "The others' shares are lost against 1. Its logarithm is 0, and its slope too."),
        _counts("draws with a log y lost", outcomes, lambda outcome: outcome.lost, "bad",
                "Some log y is minus infinity, or 0, although the true one is not. The common way takes the "
                "logarithm of y; ours never forms y for it."),
        _numbers("smallest y", outcomes, lambda outcome: outcome.smallest, write_size,
                 "The smallest share of any draw."),
        _numbers("smallest log y", outcomes, lambda outcome: outcome.smallest_log, lambda value: write_number(value, 1),
                 "The smallest logarithm of a share of any draw."),
        _numbers("largest relative error of y", outcomes, lambda outcome: outcome.worst, write_size,
                 "Against the same noise in twice the precision of double, over all y that are normal numbers; "
                 "a y of exactly 0 is counted above."),
        Line("Who wins · line: softmax"),
        *_winners(settings, report, most),
        Line("agrees with softmax", tuple(_verdict(outcome.verdict) for outcome in outcomes),
             "A test that may be watched all day, with a false alarm in less than one of 10^10 runs."),
    )  # fmt: skip


def corner_of(report: PrecisionReport) -> str:
    """How many draws the table speaks of."""
    if report.draws < report.target:
        return f"{write_count(report.draws)} of {write_count(report.target)} draws"
    return f"{write_count(report.draws)} draws"


def _counts(label: str, outcomes: Outcomes, count: Callable[[Outcome], int], tone: str, tip: str) -> Line:
    cells = []
    for outcome in outcomes:
        number = count(outcome)
        share = number / outcome.draws if outcome.draws else 0.0
        words = write_share(number, outcome.draws) if outcome.draws else "–"
        cells.append(Cell(words, "quiet" if number == 0 else tone, share))
    return Line(label, tuple(cells), tip)


def _numbers(
    label: str, outcomes: Outcomes, number: Callable[[Outcome], float], write: Callable[[float], str], tip: str
) -> Line:
    values = [number(outcome) for outcome in outcomes]
    return Line(label, tuple(Cell(write(value), "quiet" if math.isnan(value) else "ink") for value in values), tip)


def _winners(settings: Settings, report: PrecisionReport, most: int) -> tuple[Line, ...]:
    names = live_names(settings, report)
    count = len(names)
    leaders = tuple(range(count))
    if count > most:
        leaders = tuple(heapq.nlargest(max(most - 1, 1), range(count), key=report.probabilities.tolist().__getitem__))
    lines = []
    for i in leaders:
        exact = float(report.probabilities[i])
        color = i if report.pair else settings.options[int(report.live[i])].color
        cells = tuple(_frequency(int(outcome.wins[i]), outcome, exact) for outcome in report.outcomes)
        lines.append(Line(names[i], cells, "", write_percent(exact), color))
    if count > len(leaders):
        chosen = list(leaders)
        exact = max(1.0 - float(report.probabilities[chosen].sum()), 0.0)
        cells = tuple(
            _frequency(int(outcome.wins.sum() - outcome.wins[chosen].sum()), outcome, exact)
            for outcome in report.outcomes
        )
        lines.append(Line(f"{write_count(count - len(leaders))} more", cells, "", write_percent(exact)))
    return tuple(lines)


def _frequency(wins: int, outcome: Outcome, exact: float) -> Cell:
    if not outcome.draws:
        return Cell("–", "quiet", 0.0, exact)
    share = wins / outcome.draws
    return Cell(write_percent(share), "ink" if wins else "quiet", share, exact)


def _verdict(verdict: Verdict) -> Cell:
    words, tone = {
        "agrees": ("✓ yes", "good"),
        "disagrees": ("✗ no", "bad"),
        "too few draws": ("too few draws", "quiet"),
    }[verdict]
    return Cell(words, tone)
