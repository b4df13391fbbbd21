"""What one sees on the Margins page, in words; every number comes from the run or from theory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gumbelviz.model.numbers import INFINITY, write_count, write_number, write_percent, write_short

if TYPE_CHECKING:
    from gumbelviz.model.margins_report import Check, MarginsReport

VERDICTS = {
    "agrees": ("✓ agrees with theory", "good"),
    "disagrees": ("✗ disagrees with theory", "bad"),
    "too few draws": ("too few draws to judge", "quiet"),
}
"""The words for a verdict, and the role of the label that says them."""


def describe_check(check: Check) -> tuple[str, str]:
    """The figures behind a verdict, and their short form."""
    decimals = 5 if check.distance < 0.001 else 4
    first, second = write_number(check.distance_p, 2), write_number(check.chi_square_p, 2)
    return (
        f"Kolmogorov–Smirnov distance {check.distance:.{decimals}f}, p = {first} · χ² p = {second}",
        f"KS p = {first} · χ² p = {second}",
    )


def describe_margins(report: MarginsReport) -> str:
    """Say what the margins mean for the soft choice."""
    if report.margins is None:
        return "With a single option there is no second, and so no margin."
    temperature = INFINITY if math.isinf(report.temperature) else write_short(report.temperature, 3)
    chance = report.ratio_chance
    share = "every draw" if chance == 1 else "no draw" if chance == 0 else f"{write_percent(chance)} of the draws"
    return (
        f"The winner is ahead by {write_number(report.margins.mean, 3)} on average "
        f"(exact {write_number(report.margins.exact_mean, 3)}). The temperature does not change that; it turns a "
        f"margin d into the ratio e^(d / τ) of the two largest soft choices. At temperature {temperature} the largest "
        f"is more than {write_count(round(report.ratio))} times the second in {share}."
    )


def describe_scores(report: MarginsReport) -> str:
    """Say what the law of the largest score is, and that it does not know the winner."""
    law = f"Gumbel({write_number(report.location, 2)}, {write_short(report.scale, 3)})"
    if report.margins is None:
        return f"The largest noisy score is that of the single option: {law}."
    return (
        f"Whoever wins, the largest noisy score has the same law, {law}: knowing how high the winner scored tells "
        "nothing about who it is."
    )
