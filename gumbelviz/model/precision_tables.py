"""The numbers behind the pictures of the Precision page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumbelviz.model.number_table import MOST_ROWS, NumberTable, Rows, in_rows
from gumbelviz.model.numbers import write_count
from gumbelviz.model.pipeline_words import write_draws
from gumbelviz.model.precision_report import PrecisionReport
from gumbelviz.model.precision_words import describe_landing, describe_precision

if TYPE_CHECKING:
    import numpy as np

    from gumbelviz.model.frame import Frame
    from gumbelviz.model.number_table import Cell
    from gumbelviz.model.precision_report import Landing
    from gumbelviz.model.settings import Settings

_ARITHMETIC = ("common formula, single", "common formula, double", "ours, single", "ours, double")
_PAIR = ("First", "Second")
_COUNTED = (
    ("draws", "draws"), ("draws not a number", "nan"), ("draws with a y exactly 0", "zeros"),
    ("draws with a y exactly 1", "ones"), ("draws with a log y lost", "lost"), ("smallest y", "smallest"),
    ("smallest log y", "smallest_log"), ("largest relative error of y", "worst"),
    ("largest |frequency − probability|", "largest_difference"),
)  # fmt: skip


def precision_tables(settings: Settings, frame: Frame) -> tuple[NumberTable, ...]:
    """Return the tables of the page; none before its study has answered."""
    report = frame.study
    if not isinstance(report, PrecisionReport):
        return ()
    places = report.live.tolist()
    if not report.pair and max(places, default=0) >= len(settings.options):
        return ()
    names = _PAIR if report.pair else tuple(settings.options[i].name for i in places)
    sentence = (
        f"Four kinds of arithmetic on the same {write_draws(report.draws)}, the common formula and ours in single "
        f"and in double precision. {describe_precision(report, names)}"
    )
    return (
        NumberTable("comparison", "Four kinds of arithmetic, the same draws", sentence, ("what", *_ARITHMETIC),
                    lambda: _compared(report)),
        _winners(report, names, sentence),
        *(_landed(report, landing) for landing in report.landings),
    )  # fmt: skip


def _compared(report: PrecisionReport) -> Rows:
    rows: list[tuple[Cell, ...]] = [
        in_rows([title], *([getattr(outcome, field)] for outcome in report.outcomes))[0] for title, field in _COUNTED
    ]
    rows.append(("agrees with softmax", *(outcome.verdict for outcome in report.outcomes)))
    return tuple(rows)


def _winners(report: PrecisionReport, names: tuple[str, ...], sentence: str) -> NumberTable:
    order = (-report.probabilities).argsort(kind="stable")[:MOST_ROWS]

    def frequencies(wins: np.ndarray[tuple[int, ...], np.dtype[np.int64]], draws: int) -> list[float]:
        return (wins[order] / max(draws, 1)).tolist()  # type: ignore[no-any-return]

    def fill() -> Rows:
        shares = (frequencies(outcome.wins, outcome.draws) for outcome in report.outcomes)
        return in_rows([names[i] for i in order.tolist()], report.probabilities[order], report.rounded[order], *shares)

    missing = len(names) - len(order)
    return NumberTable(
        "winners", "Who wins", sentence,
        ("option", "exact probability", "with rounded scores", *_ARITHMETIC), fill,
        f"The {len(order)} most probable options; {write_count(missing)} more have no row." if missing else "",
    )  # fmt: skip


def _landed(report: PrecisionReport, landing: Landing) -> NumberTable:
    words = f"Noise on the numbers of {landing.precision} precision"
    return NumberTable(
        landing.precision, words, f"{words}: {describe_landing(landing, report.size)}.",
        ("distance from the score", "chance to land there"), lambda: in_rows(landing.places, landing.shares),
        "" if len(landing.shares) else "There are too many numbers to tell apart.",
    )  # fmt: skip
