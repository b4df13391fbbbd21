"""The numbers behind the pictures of the Learning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.model import learning_words as words
from gumbelviz.model.learning_report import LearningReport
from gumbelviz.model.number_table import (
    MOST_POINTS,
    MOST_ROWS,
    NumberTable,
    Rows,
    few_places,
    few_remark,
    in_rows,
    leading_options,
)
from gumbelviz.model.numbers import write_count
from gumbelviz.model.training_estimators import BY_ID

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.learning_report import Ends, Spots
    from gumbelviz.model.settings import Settings

QUARTILES = ("lower quartile", "median", "upper quartile")


def learning_tables(settings: Settings, frame: Frame) -> tuple[NumberTable, ...]:
    """Return the tables of the page; only what was chosen before its study has recorded a step."""
    report = frame.study
    choices = settings.pages.learning
    worth = (_worth(settings),) if choices.task == "robot" else ()
    fits = isinstance(report, LearningReport) and (report.options, report.task, report.estimators) == (
        len(settings.options), choices.task, choices.estimators,
    )  # fmt: skip
    if not isinstance(report, LearningReport) or not fits or report.refused or not len(report.at):
        return worth
    names = tuple(BY_ID[name].name for name in report.estimators)
    few = few_places(len(report.at), MOST_POINTS)
    remark = few_remark(len(report.at), len(few), "recorded steps; “Save numbers…” has all of them")
    steps, score = report.at[few], words.score_of(report)[:, few]
    what = "loss" if report.accuracy is None else "right answers"
    thirds = tuple(f"{name}, {part}" for name in names for part in QUARTILES)
    tables = [
        NumberTable("loss", f"{what.capitalize()} over the steps", words.describe_loss(report), ("step", *thirds),
                    lambda: in_rows(steps, *(score[e, :, q] for e in range(len(names)) for q in range(3))), remark),
        *(_river(settings, report, e, few, remark) for e in range(len(names))),
        NumberTable("signal", "Signal over noise of the gradient", words.describe_signal(report), ("step", *names),
                    lambda: in_rows(steps, *report.signal_to_noise[:, few]), remark),
        NumberTable("temperature", "Temperature over the steps", words.describe_training_tau(report),
                    ("step", "temperature"), lambda: in_rows(steps, report.taus[few]), remark),
        _ends(report, report.ends, names, what),
    ]  # fmt: skip
    if report.spots is not None:
        tables += [_spots(report, report.spots, e) for e in range(len(names))]
    return (*tables, *worth)


def _river(
    settings: Settings, report: LearningReport, place: int, few: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    remark: str,
) -> NumberTable:  # fmt: skip
    estimator = report.estimators[place]
    return NumberTable(
        f"river {estimator}", f"Probabilities, {BY_ID[estimator].name}", words.describe_river(settings, report, place),
        ("step", *words.stream_names(settings, report)),
        lambda: in_rows(report.at[few], *report.river[place, few].T), remark,
    )  # fmt: skip


def _ends(report: LearningReport, ends: Ends | None, names: tuple[str, ...], what: str) -> NumberTable:
    def fill() -> Rows:
        if ends is None:
            return ()
        sources = (ends.low, ends.middle, ends.high)
        return in_rows(ends.taus, *(source[e] for e in range(len(names)) for source in sources))

    return NumberTable(
        "ends", f"{what.capitalize()} at the end, against a fixed temperature", words.describe_ends(report, ends),
        ("temperature", *(f"{name}, {part}" for name in names for part in QUARTILES)), fill,
        "An empty cell is still to come.",
    )  # fmt: skip


def _spots(report: LearningReport, spots: Spots, place: int) -> NumberTable:
    estimator = report.estimators[place]
    count = min(len(spots.classes), MOST_ROWS)

    def fill() -> Rows:
        experts = (spots.experts[place][:count] + 1).tolist()
        right = ["right" if good else "wrong" for good in spots.right[place][:count].tolist()]
        classes = spots.classes[:count].astype(np.int64)
        return in_rows(spots.places[:count, 0], spots.places[:count, 1], classes, experts, right)

    remark = f"The first {count} of {write_count(len(spots.classes))} points." if count < len(spots.classes) else ""
    return NumberTable(
        f"points {estimator}", f"Where the points go, {BY_ID[estimator].name}",
        words.describe_spots(report, spots, place), ("x", "y", "class", "expert", "answer"), fill, remark,
    )  # fmt: skip


def _worth(settings: Settings) -> NumberTable:
    worths, shown = settings.pages.learning.worths(len(settings.options)), leading_options(settings)
    return NumberTable(
        "worth", "What each option is worth", words.describe_worth(settings), ("option", "worth"),
        lambda: tuple((settings.options[i].name, worths[i]) for i in shown),
    )  # fmt: skip
