"""What the Margins page is told: how far winners were ahead, and how high they scored."""

from __future__ import annotations

from dataclasses import dataclass

from gumbelviz.model.frame import Floats, Integers, Report, Verdict

OTHERS = -1
"""Stands for all options that are not told apart."""


@dataclass(frozen=True, slots=True)
class Check:
    """A comparison of counts with theory: the largest distance of the distribution functions, tests, a word.

    Attributes
    ----------
    distance, distance_p
        Kolmogorov and Smirnov's distance, and the chance of a larger one.
    chi_square_p
        The chance of larger differences between the counts of all cells.
    verdict
        May be watched for ever: a false alarm in less than one of 10^10 runs.
    """

    distance: float
    distance_p: float
    chi_square_p: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Spread:
    """A histogram and the law it should have.

    Attributes
    ----------
    edges
        (M + 1,) rising; what lies outside is in no cell, but is counted for the check.
    heights
        (G, M): observed densities, one row per group.
    curve
        Places and heights of the exact density, from differences of the distribution function.
    mean, exact_mean
        Over all draws, in the units of the scores.
    check
        Of the groups and cells together.
    """

    edges: Floats
    heights: Floats
    curve: tuple[Floats, Floats]
    mean: float
    exact_mean: float
    check: Check


@dataclass(frozen=True, slots=True)
class MarginsReport(Report):
    """The margins and the largest noisy scores so far.

    Attributes
    ----------
    draws, target
        How many draws are counted, and how many will be.
    margins
        One group; None where a single option is not masked, which has no second.
    scores
        One group for each of `winners`.
    winners, wins
        Options by place, `OTHERS` for all others together, and how often each won.
    ratio, ratio_chance
        The exact chance that the largest soft choice is more than `ratio` times the second.
    temperature
        At which that is so.
    location, scale
        Of the law of the largest noisy score.
    """

    draws: int
    target: int
    margins: Spread | None
    scores: Spread
    winners: tuple[int, ...]
    wins: Integers
    ratio: float
    ratio_chance: float
    temperature: float
    location: float
    scale: float
