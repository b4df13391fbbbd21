"""What one sees on the Precision page, in words; every number comes from the run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.model.numbers import write_count, write_number, write_percent, write_short

if TYPE_CHECKING:
    from gumbelviz.model.precision_report import Landing, PrecisionReport

WORTH_SAYING = 1e-3
"""Share of draws from which a loss is what there is to say."""


def write_share(count: int, draws: int) -> str:
    """Return a count of draws as people read it: 0, 98.2%, all, or the bare count where it is small."""
    if count == 0:
        return "0"
    if count == draws:
        return "all"
    share = count / draws
    if share > 0.9995:
        return ">99.9%"
    return write_percent(share) if share >= WORTH_SAYING else write_count(count)


def write_size(value: float) -> str:
    """Return a number of any size in a few characters: 8, 0.25, 1e8, 2.4e−7."""
    if value == 0 or not math.isfinite(value):
        return write_short(value)
    if 0.001 <= abs(value) < 1e5:
        return write_short(value, 4)
    return write_number(value, 0 if abs(value) >= 1 else 4).replace(".0e", "e")


def describe_landing(landing: Landing, size: float) -> str:
    """Say how far numbers lie apart, and how much of the noise that leaves."""
    start = f"{landing.precision} near {write_size(size)}: steps of {write_size(landing.spacing)}"
    if not len(landing.shares):
        return f"{start} · the noise keeps its digits"
    return f"{start} · {write_percent(float(landing.shares.max()))} lands on one"


def describe_precision(report: PrecisionReport, names: tuple[str, ...]) -> str:
    """Say in two or three sentences what stands out; `names` are those of the live options, in order."""
    naive, naive_double, ours, _ = report.outcomes
    if not ours.draws:
        return ""
    if report.temperature == 0:
        return _at_zero(report)
    if naive.verdict == "disagrees":
        return _absorbed(report, names)
    # Of the shares that are lost: taken from all draws, also of those that still have to be made again.
    if naive.lost >= WORTH_SAYING * naive.draws:
        kept = write_number(ours.smallest_log, 1)
        return (
            f"In single precision {write_share(naive.ones, naive.draws)} of the draws have a share y that is exactly "
            f"1, and {write_share(naive.zeros, naive.draws)} one that is exactly 0; in double "
            f"{write_share(naive_double.ones, naive_double.draws)} and "
            f"{write_share(naive_double.zeros, naive_double.draws)}. No formula can help that, but log y taken from "
            f"such a share is lost. Ours keeps log y itself, down to {kept}."
        )
    text = (
        f"Nothing breaks here: no share is off by more than {write_size(naive.worst)} of itself in single precision, "
        f"and {write_size(naive_double.worst)} in double."
    )
    if naive.nan:
        times = f"{write_count(naive.nan)} draw{'s' if naive.nan > 1 else ''}"
        text += f" But in single precision an exponential draw was exactly 0 in {times}: NaN."
    return text


def _at_zero(report: PrecisionReport) -> str:
    naive, naive_double, ours, _ = report.outcomes
    spoiled = "no draw is" if not ours.nan else f"{write_share(ours.nan, ours.draws)} are"
    agrees = {"agrees": "the winners agree with softmax", "disagrees": "the winners disagree with softmax"}
    return (
        f"At temperature 0 the common formula divides by 0: {write_share(naive.nan, naive.draws)} of its draws are NaN "
        f"in single precision, {write_share(naive_double.nan, naive_double.draws)} in double, and nobody wins. Ours "
        f"takes the limit for what it is, argmax: {spoiled} NaN, "
        f"{agrees.get(ours.verdict, 'the draws are still few')}."
    )


def _absorbed(report: PrecisionReport, names: tuple[str, ...]) -> str:
    naive, _, ours, _ = report.outcomes
    off = int(np.argmax(abs(naive.wins / naive.draws - report.probabilities)))
    got, exact = naive.wins[off] / naive.draws, float(report.probabilities[off])
    text = (
        f"Near {write_size(report.size)} single-precision numbers are {write_size(report.landings[0].spacing)} apart, "
        f"and the noise is lost between them: {names[off]} wins {write_percent(got)} of the draws instead of "
        f"{write_percent(exact)}."
    )
    rounded = float(report.rounded[off])
    if abs(rounded - exact) >= WORTH_SAYING:
        text += f" Rounding the scores alone would make it {write_percent(rounded)}."
    return (
        f"{text} Subtracting the largest score before the noise gives {write_percent(ours.wins[off] / ours.draws)} "
        "in the same precision."
    )
