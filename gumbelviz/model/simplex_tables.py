"""The numbers behind the picture of the Simplex page: marks, newest draws, this draw's way, the density of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.model.number_table import MOST_ROWS, NumberTable, Rows, few_places, in_rows
from gumbelviz.model.numbers import write_count
from gumbelviz.model.simplex_report import SimplexReport
from gumbelviz.model.simplex_words import describe_simplex

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.settings import Settings


def simplex_tables(settings: Settings, frame: Frame) -> tuple[NumberTable, ...]:
    """Return the tables of the page; none before its study has answered."""
    report = frame.study
    if not isinstance(report, SimplexReport) or report.options != len(settings.options):
        return ()
    names = tuple(settings.options[i].name for i in report.corners)
    sentence = describe_simplex(settings, report)

    def marks() -> Rows:
        found = (
            ("this draw", report.point), ("P(win)", report.probabilities), ("E[y]", report.soft_mean),
            ("mean of the dots", report.dots_mean if report.winners.size else None),
            ("standard error of that mean", report.dots_error if report.winners.size else None),
            ("top of the bump inside", report.mode),
        )  # fmt: skip
        return tuple((name, *shares.tolist()) for name, shares in found if shares is not None)

    def dots() -> Rows:
        newest = np.argsort(-report.addresses, kind="stable")[:MOST_ROWS]
        winners = [names[corner] for corner in report.winners[newest].tolist()]
        return in_rows(report.addresses[newest], winners, *report.dots[:, newest])

    def trail() -> Rows:
        few = few_places(report.trail.shape[1])
        return in_rows(*report.trail[:, few])

    count = report.winners.size
    remark = f"The newest {MOST_ROWS} of {write_count(count)} dots." if count > MOST_ROWS else ""
    shares = tuple(f"share of {name}" for name in names)
    tables = [
        NumberTable("picture", "Marks in the picture", sentence, ("mark", *shares), marks),
        NumberTable("dots", "Newest draws", sentence, ("draw", "winner", *shares), dots, remark),
        NumberTable("trail", "Way of this draw, from temperature infinity to 0", sentence, shares, trail),
    ]
    segment = report.segment
    if segment is not None:
        tables.append(
            NumberTable("segment", "Density along the segment", sentence, (shares[0], "density, exact"),
                        lambda: in_rows(segment.places, segment.density))
        )  # fmt: skip
        tables.append(
            NumberTable("quantiles", "Quantiles along the segment", sentence, ("chance to lie below", shares[0]),
                        lambda: in_rows(segment.chances, segment.quantiles))
        )  # fmt: skip
    return tuple(tables)
