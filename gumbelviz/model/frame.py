"""One finished picture of a run: read-only numbers, and the revision of the settings that they answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Verdict = Literal["too few draws", "agrees", "disagrees"]


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw, seen through every stage of the pipeline. All arrays are (K,), in double precision.

    Attributes
    ----------
    index
        Which draw of the stream this is, from 0.
    noise, perturbed, soft
        Noise G, noisy scores z + G, soft choice y.
    quantile, density
        The share of all noise that lies below this draw's value, and the noise's density there.
    winner
        The option that argmax keeps.
    tied
        All options that share the largest noisy score, where there is more than one.
    margin
        How far the winner is ahead of the second; infinity where there is no second.
    """

    index: int
    noise: Floats
    quantile: Floats
    density: Floats
    perturbed: Floats
    soft: Floats
    winner: int
    tied: tuple[int, ...]
    margin: float


@dataclass(frozen=True, slots=True)
class Histograms:
    """Counts of the watched options, one row each: (W, cells).

    `edges` has one number more than there are cells; the last noise cell is open to the right.
    """

    counts: Integers
    edges: Floats


@dataclass(frozen=True, slots=True)
class Agreement:
    """Does the run agree with theory? In figures and in a word, and if not, in which respects.

    `disagreeing` names what differs: counting, winners, noise, soft means, soft shares.
    """

    chi_square: float
    p_value: float
    largest_difference: float
    verdict: Verdict
    disagreeing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Many options from the most to the least probable, and what of them fits into a picture.

    All logarithms are to base 10. Of K options L can win; M cells of neighbouring ranks, equally wide on a
    logarithmic axis, hold them.

    Attributes
    ----------
    order
        The places of the options, best first, masked ones last, (K,).
    ranks
        The rank of each option, from 1, (K,).
    live
        How many of them can win: L.
    log_probabilities
        Of each option, (K,); minus infinity for masked ones.
    floor
        The lowest logarithm of a probability that a picture needs to show.
    winning_score
        Location of the largest noisy score, scale * logsumexp(scores / scale), to which that of the noise is
        added: it is a Gumbel number with the scale of the noise.
    starts
        Where each cell begins in `order`, (M,).
    log_ranks
        The rank at which each cell is drawn, (M,).
    curve
        Options through which the exact curves are drawn, (M or M + 1,): the first of each cell, and the last.
    groups, group_log_probabilities
        Where wider groups of neighbours begin in `order`, the last one ending with the options that can win;
        and their mean probability, (P,).
    funnel
        Probabilities at which the frequencies that are to be expected are worked out, (F,).
    """

    order: Integers
    ranks: Integers
    live: int
    log_probabilities: Floats
    floor: float
    winning_score: float
    starts: Integers
    log_ranks: Floats
    curve: Integers
    groups: Integers
    group_log_probabilities: Floats
    funnel: Floats


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a frame says of many options, thinned for a picture. Logarithms are to base 10.

    Attributes
    ----------
    noisy_low, noisy_high
        Smallest and largest noisy score of this draw in each cell of `Ranking`, (M,).
    soft_low, soft_high
        The same for the logarithm of the soft choice; -400 stands for 0.
    mean_low, mean_high
        The same for the logarithm of the mean soft choice of all draws.
    dots, stacked
        Options that have won, one for each place where a dot is drawn, and how many options have theirs
        there, (D,).
    winners
        How many options have won at least once.
    group_frequencies
        How often the options of a wider group have won, the mean of them, (P,).
    funnel_low, funnel_high
        Logarithms of the frequencies two standard errors around `Ranking.funnel`, (F,); the lower one may be
        minus infinity.
    """

    noisy_low: Floats
    noisy_high: Floats
    soft_low: Floats
    soft_high: Floats
    mean_low: Floats
    mean_high: Floats
    dots: Integers
    stacked: Integers
    winners: int
    group_frequencies: Floats
    funnel_low: Floats
    funnel_high: Floats


@dataclass(frozen=True, slots=True)
class Theory:
    """What is known without drawing anything, for one revision of the settings.

    Attributes
    ----------
    probabilities
        P(option wins), (K,).
    frequency_band
        Two standard errors of the observed frequency for one draw, (K,); divide by the root of the draws.
    soft_mean
        E[y], (K,), or None where it is simulated only.
    noise_curve
        Places and heights of the noise's density, two arrays of the same length. The noisy score of an
        option has the same curve, moved by its score.
    soft_cells
        Chances of the cells of each watched soft choice: exactly 0, those of `Frame.soft_histograms`, exactly 1,
        (W, 66). Differences of the distribution function, because the density has poles at 0 and 1. None where it is
        not known (yet).
    ranking
        The options by rank, or None where there are few enough for a bar each.
    """

    probabilities: Floats
    frequency_band: Floats
    soft_mean: Floats | None
    noise_curve: tuple[Floats, Floats]
    soft_cells: Floats | None = None
    ranking: Ranking | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What the study of one page has found so far; each page has a kind of its own, derived from this."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything a page needs to draw, for one moment of a run.

    Attributes
    ----------
    revision
        The store's number for the settings that this answers.
    draws, draws_per_second
        How many draws stand behind the tallies, and how fast they came lately (0 while nothing runs).
    draw
        The draw on display.
    wins, soft_mean, soft_variance
        Per option, (K,): how often it won; mean and variance of its soft choice.
    watched
        The options with histograms, (W,): all of them for few options, else the most probable ones.
    noise_histograms
        Counts of the standardised noise (G - location) / scale.
    pooled_noise
        The same over all options, watched or not, (cells,).
    soft_histograms
        Counts of the soft choices that are neither exactly 0 nor exactly 1 in the precision of the stream.
    soft_exact
        Counts of soft choices of exactly 0 and exactly 1, (W, 2).
    grid
        With three options that can win, the joint histogram of the soft choices of the first two of them,
        (64, 64) on [0, 1] x [0, 1]; else None.
    noise_mean, noise_variance
        Over all options and draws, in the units of the scores.
    ranked
        What of many options fits into a picture, or None where there is a bar for each.
    study
        What the page that is looked at asked for beside the stream, or None.
    """

    revision: int
    draws: int
    draws_per_second: float
    draw: Draw
    wins: Integers
    soft_mean: Floats
    soft_variance: Floats
    watched: Integers
    noise_histograms: Histograms
    pooled_noise: Integers
    soft_histograms: Histograms
    soft_exact: Integers
    grid: Integers | None
    noise_mean: float
    noise_variance: float
    theory: Theory
    agreement: Agreement
    ranked: Ranked | None = None
    study: Report | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """The run stopped because of our own fault; sent in place of a frame."""

    revision: int
    message: str
    details: str = field(repr=False)


def freeze(array: NDArray[np.generic]) -> None:
    """Make `array` read-only in place, so that a frame can be shared between threads."""
    array.setflags(write=False)
