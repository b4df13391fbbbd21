"""The numbers behind the pictures of the Margins page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.model.margins_report import OTHERS, MarginsReport
from gumbelviz.model.margins_words import VERDICTS, describe_check, describe_margins, describe_scores
from gumbelviz.model.number_table import NumberTable, Rows, in_rows, write_beside
from gumbelviz.model.pipeline_words import write_draws

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.margins_report import Spread
    from gumbelviz.model.settings import Settings


def margins_tables(settings: Settings, frame: Frame) -> tuple[NumberTable, ...]:
    """Return the tables of the page; none before its study has answered."""
    report = frame.study
    if not isinstance(report, MarginsReport) or max(report.winners, default=0) >= len(settings.options):
        return ()
    names = tuple("others" if i == OTHERS else settings.options[i].name for i in report.winners)
    tables = []
    if report.margins is not None:
        tables.append(_spread("margin", "Density of the winner’s margin", describe_margins(report), report,
                              report.margins, ("density, simulated",)))  # fmt: skip
    tables.append(_spread("largest", "Density of the largest noisy score, by who won", describe_scores(report), report,
                          report.scores, tuple(f"{name} won, density" for name in names)))  # fmt: skip
    wins = NumberTable(
        "winners", "Who won", describe_scores(report), ("winner", "wins"), lambda: in_rows(names, report.wins)
    )
    return (*tables, wins)


def _spread(
    id: str, title: str, words: str, report: MarginsReport, spread: Spread, headings: tuple[str, ...]
) -> NumberTable:
    def fill() -> Rows:
        edges = spread.edges
        exact = np.interp(0.5 * (edges[1:] + edges[:-1]), *spread.curve)
        return in_rows(edges[:-1], edges[1:], exact, *spread.heights)

    verdict = VERDICTS[spread.check.verdict][0].lstrip("✓✗ ").capitalize()
    sentence = (
        f"{title}, {write_draws(report.draws)}, mean {write_beside(spread.mean, spread.exact_mean)}. {words} "
        f"{verdict}: {describe_check(spread.check)[0]}."
    )
    return NumberTable(id, title, sentence, ("from", "to", "density in the middle, exact", *headings), fill)
