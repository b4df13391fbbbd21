"""What the picture of the Simplex page shows, in a sentence; every number comes from the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumbelviz.model.numbers import write_count, write_number
from gumbelviz.model.pipeline_words import write_temperature

if TYPE_CHECKING:
    from gumbelviz.model.frame import Floats
    from gumbelviz.model.settings import Settings
    from gumbelviz.model.simplex_report import SimplexReport

_PICTURES = {2: "a segment", 3: "a triangle", 4: "a tetrahedron"}


def describe_simplex(settings: Settings, report: SimplexReport) -> str:
    """Say whose soft choices are shown, where this draw is, and where the dots lie."""
    names = [settings.options[i].name for i in report.corners]
    if len(names) == 1:
        return f"Only {names[0]} can be chosen: every soft choice is the same point."
    tau = write_temperature(report.unit_temperature)
    lead = f"Soft choices of {', '.join(names[:-1])} and {names[-1]} on {_PICTURES[len(names)]}, at temperature {tau}"
    if report.limit == "hard":
        return f"{lead}: every soft choice is a corner. This draw: {_shares(names, report.point)}."
    if report.limit == "flat":
        return f"{lead}: every soft choice is the centre."
    parts = [f"This draw: {_shares(names, report.point)}", f"P(win): {_shares(names, report.probabilities)}"]
    if report.soft_mean is not None:
        parts.append(f"E[y]: {_shares(names, report.soft_mean)}")
    if report.winners.size:
        dots = f"{write_count(report.winners.size)} newest draws as dots, mean: {_shares(names, report.dots_mean)}"
        parts.append(dots)
    return f"{lead}. {'. '.join(parts)}."


def _shares(names: list[str], shares: Floats) -> str:
    return ", ".join(f"{name} {write_number(float(y), 3)}" for name, y in zip(names, shares, strict=True))
