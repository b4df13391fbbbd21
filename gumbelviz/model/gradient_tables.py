"""The numbers behind the pictures of the Gradients page, for the part in front."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gumbelviz.model import gradient_pictures as words
from gumbelviz.model.gradient_report import GradientReport
from gumbelviz.model.number_table import NumberTable, Rows, in_rows, leading_options
from gumbelviz.model.pipeline_words import describe_scores

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.gradient_report import Here, Sweep, Switch
    from gumbelviz.model.number_table import Cell
    from gumbelviz.model.settings import Settings


def gradient_tables(settings: Settings, frame: Frame) -> tuple[NumberTable, ...]:
    """Return the tables of the part in front; none before its study has answered."""
    report = frame.study
    if not isinstance(report, GradientReport) or report.options != len(settings.options):
        return ()
    own = (*_goal(settings), _scores(settings, frame))
    tab = settings.pages.gradients.tab
    if tab == "switch":
        return (*_of_switch(settings, report.switch), *own) if report.switch is not None else own
    if report.here is None:
        return own
    tables = [_estimators(settings, report, report.here, "table" if tab == "table" else "arrows")]
    if tab == "estimators" and report.sweep is not None:
        tables += [_of_sweep(settings, report, report.sweep, quantity) for quantity in words.QUANTITIES]
    return (*tables, *own)


def _scores(settings: Settings, frame: Frame) -> NumberTable:
    shown = leading_options(settings, frame)
    return NumberTable(
        "scores", "Scores", describe_scores(settings, frame), ("option", "score z"),
        lambda: tuple((settings.options[i].name, "masked" if settings.options[i].logit == -math.inf
                       else settings.options[i].logit) for i in shown),
    )  # fmt: skip


def _goal(settings: Settings) -> tuple[NumberTable, ...]:
    chosen, count = settings.pages.gradients, len(settings.options)
    if chosen.objective not in ("quadratic", "linear"):
        return ()
    numbers = chosen.targets_for(count) if chosen.objective == "quadratic" else chosen.values_for(count)
    shown = leading_options(settings)
    kind = "target" if chosen.objective == "quadratic" else "value"
    return (
        NumberTable("goal", f"{kind.capitalize()}s of the objective", words.describe_goal(settings), ("option", kind),
                    lambda: tuple((settings.options[i].name, numbers[i]) for i in shown)),
    )  # fmt: skip


def _estimators(settings: Settings, report: GradientReport, here: Here, id: str) -> NumberTable:
    """Return each estimator for each score that has arrows; the table of estimators lists the hidden ones too."""
    shown = words.arrow_options(settings, report.option)
    hidden = settings.pages.gradients.hidden if id == "arrows" else ()

    def fill() -> Rows:
        rows: list[tuple[Cell, ...]] = [
            ("exact", settings.options[k].name, float(here.exact[k]), 0.0, 0.0, float(here.exact[k])) for k in shown
        ]
        for i, line in enumerate(report.lines):
            if line.id in hidden:
                continue
            for k in shown:
                spread = math.sqrt(float(here.variance[i, k])) if here.draws > 1 else math.nan
                error = spread / math.sqrt(here.draws) if here.draws > 1 else math.nan
                found = float(here.mean[i, k]), error, spread, float(here.known_mean[i, k])
                row = [None if math.isnan(value) else value for value in found]
                rows.append((line.name, settings.options[k].name, *row))
        return tuple(rows)

    return NumberTable(
        id, "Which way each estimator pushes the scores", words.describe_arrows(settings, report, here),
        ("estimator", "score of", "mean, simulated", "standard error", "standard deviation per draw", "mean, exact"),
        fill, "An empty cell is not known.",
    )  # fmt: skip


def _of_sweep(settings: Settings, report: GradientReport, sweep: Sweep, quantity: str) -> NumberTable:
    hidden = settings.pages.gradients.hidden
    listed = [
        (i, line.name)
        for i, line in enumerate(report.lines)
        if line.id not in hidden and (quantity != "bias" or line.biased)
    ]

    def fill() -> Rows:
        rows: list[tuple[Cell, ...]] = []
        for kind, curves in (("exact", sweep.exact), ("simulated", sweep.dots)):
            values = getattr(curves, quantity)
            cells = in_rows(curves.taus, *(values[i] for i, _ in listed))
            rows += [(row[0], kind, *row[1:]) for row in cells]
        return tuple(rows)

    return NumberTable(
        quantity, words.TITLES[quantity],
        words.describe_sweep(settings, report, sweep, quantity),
        ("temperature", "how", *(name for _, name in listed)), fill, "An empty cell is not known.",
    )  # fmt: skip


def _of_switch(settings: Settings, switch: Switch) -> tuple[NumberTable, ...]:
    if max((*switch.cells, switch.option)) >= len(settings.options):
        return ()
    names = tuple(settings.options[i].name for i in switch.cells)
    return (
        NumberTable("switch", "One choice against one score", words.describe_switch(settings, switch),
                    (f"score of {settings.options[switch.option].name}", "hard choice", "mean hard choice",
                     "soft choice"),
                    lambda: in_rows(switch.scores, [int(z > switch.threshold) for z in switch.scores.tolist()],
                                    switch.mean, switch.soft)),
        NumberTable("jacobian", "Slopes of the soft choice of this draw", words.describe_jacobian(settings, switch),
                    ("share of", *(f"against the score of {name}" for name in names)),
                    lambda: in_rows(names, *switch.jacobian.T)),
    )  # fmt: skip
