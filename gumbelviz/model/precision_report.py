"""What the Precision page is told: what became of the same draws in four kinds of arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from gumbelviz.model.frame import Floats, Integers, Report, Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """One formula in one precision.

    Attributes
    ----------
    formula, precision
        ``"naive"`` or ``"careful"``, ``"single"`` or ``"double"``.
    draws, nan
        How many draws were made, and how many of them are not a number.
    zeros, ones, lost
        In how many draws a share is exactly 0, exactly 1, and in how many a log share is gone.
    smallest, smallest_log
        The smallest share and log share; NaN where there is none.
    worst
        Largest relative error of a share that is a normal number; NaN where there is none.
    wins
        How often each option won, (W,); draws that are NaN have no winner.
    largest_difference, verdict
        How far a frequency is from its exact probability, and whether the counts agree with theory.
    """

    formula: str
    precision: str
    draws: int
    nan: int
    zeros: int
    ones: int
    lost: int
    smallest: float
    smallest_log: float
    worst: float
    wins: Integers
    largest_difference: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a large score plus noise can land.

    Attributes
    ----------
    precision
        ``"single"`` or ``"double"``.
    spacing
        From the score to the next number.
    places, shares
        Distances from the score at which there is a number, and the exact chance to land on each. Empty where
        there are too many to tell apart.
    """

    precision: str
    spacing: float
    places: Floats
    shares: Floats


@dataclass(frozen=True, slots=True)
class PrecisionReport(Report):
    """The comparison so far.

    Attributes
    ----------
    draws, target
        How many draws all outcomes have at least, and how many they will have.
    temperature, offset, pair
        What was chosen: with `pair` two equal scores stand in for those of the document.
    live
        Places of the options that are not masked, (W,); of the pair 0 and 1.
    probabilities, rounded
        P(win), exact (W,), and what it would be if the scores alone were rounded to single precision.
    outcomes
        Naive and careful, each in single and in double precision, in this order.
    size, scale
        The largest score with its offset (or the scale of the noise where that is larger), and that scale.
    landings
        Single and double.
    noise_curve
        The density of the noise at distances from the score.
    """

    draws: int
    target: int
    temperature: float
    offset: float
    pair: bool
    live: Integers
    probabilities: Floats
    rounded: Floats
    outcomes: tuple[Outcome, Outcome, Outcome, Outcome]
    size: float
    scale: float
    landings: tuple[Landing, Landing]
    noise_curve: tuple[Floats, Floats]
