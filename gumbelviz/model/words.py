"""Sentences about a draw and about a run, for the window, for screen readers and for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumbelviz.model.numbers import INFINITY, write_count, write_number, write_short

if TYPE_CHECKING:
    from gumbelviz.model.frame import Agreement, Draw
    from gumbelviz.model.settings import Settings


def describe_draw(settings: Settings, draw: Draw) -> str:
    """One sentence: who wins draw n, by how much, and how soft the choice is."""
    count, winner = len(settings.options), settings.options[draw.winner].name
    if count <= 3:
        soft = "soft " + " / ".join(_share(float(y)) for y in draw.soft)
    else:
        soft = f"soft {_share(float(draw.soft[draw.winner]))} for {winner}"
    temperature = INFINITY if settings.temperature == float("inf") else write_short(settings.temperature, 3)
    end = f"{soft} at temperature {temperature}"
    start = f"Draw {write_count(draw.index)}:"
    if draw.tied:
        return f"{start} an exact tie, argmax keeps {winner}; {end}"
    if count == 1:
        return f"{start} {winner} is the only option; {end}"
    margin = "alone" if draw.margin == float("inf") else f"by {write_number(draw.margin, 2)}"
    return f"{start} {winner} wins {margin}; {end}"


def _share(value: float) -> str:
    return "<0.01" if 0.0 < value < 0.005 else write_number(value, 2)


def describe_agreement(agreement: Agreement) -> tuple[str, str, str]:
    """Return whether a run agrees with theory in words, the figures behind it, and their short form.

    Where it disagrees, the words say in what, with two names at most: "disagrees with theory: winners, noise".
    """
    words = {
        "agrees": "✓ agrees with theory",
        "too few draws": "too few draws to judge",
        "disagrees": "disagrees with theory",
    }[agreement.verdict]
    if agreement.disagreeing:
        first, rest = agreement.disagreeing[:2], len(agreement.disagreeing) - 2
        words += ": " + ", ".join(first) + (f" and {rest} more" if rest > 0 else "")
    p_value = f"χ² p = {write_number(agreement.p_value, 2)}"
    difference = agreement.largest_difference
    decimals = 5 if difference < 0.001 else 4
    return words, f"largest |frequency − probability| = {difference:.{decimals}f} · {p_value}", p_value
