"""Does a run agree with theory: tests on tallies, with their rates of false alarm.

A test read once may use its p-value. A run that is watched reads its test again with every picture, and a
p-value would sooner or later fall below any threshold (law of the iterated logarithm). The verdict of
`agreement` therefore rests on e-processes (`evidence`), which over a whole run, however long and however
often read, exceed 1/alpha with probability at most alpha.

Sources: Pearson 1900 (chi-square), Cochran 1954 (pooling), Kolmogorov 1933, Stephens 1970 (finite n).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths import special
from gumbelviz.maths.evidence import ShareBets, average

Reals = NDArray[np.float64]
Check = Literal["counting", "winners", "noise", "soft means", "soft shares"]
Verdict = Literal["too few draws", "agrees", "disagrees"]

LEAST_EXPECTED = 25.0  # draws expected in a cell of the chi-square test; smaller cells are pooled
FEWEST_DRAWS = 400  # below, two standard errors of a share can exceed 0.05: agreement would mean little
FALSE_ALARM = 1e-10  # per run; a new run at every screen tick still stays below 1e-6 alarms a minute

CHECKS: tuple[Check, ...] = ("counting", "winners", "noise", "soft means", "soft shares")

# What single precision and 32 random bits may do to a share or a mean without being called broken.
RELATIVE = 1e-5
ABSOLUTE = 1e-7  # of cells and means: 1 - U is known to 2^-25, so that much may change cells
RARE = 2.0**-32  # of winners: the rarest thing that 32 bits can do
SUMS = 5e-5  # relative, of means: sums of equal numbers over a block were seen to be wrong by 1.4e-5

_ROUNDING = 1e-9
_SUMMED_DEGREES = 12  # of freedom, up to which the tail of chi-square is summed by ourselves


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """Pearson's statistic, its degrees of freedom after pooling, and the chance of a larger one."""

    statistic: float
    degrees: int
    p_value: float


@dataclass(frozen=True, slots=True)
class KolmogorovSmirnov:
    """The largest distance between two distribution functions and the chance of a larger one."""

    distance: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a run compares with theory.

    `chi_square` and `p_value` are for reading at one moment; `log_evidence` (natural log of the evidence
    against theory) decides the verdict and may be watched for ever. `disagreeing` says by which of the
    `CHECKS` a run disagrees.
    """

    chi_square: float
    p_value: float
    largest_difference: float
    log_evidence: float
    verdict: Verdict
    disagreeing: tuple[Check, ...] = ()


def chi_square(counts: ArrayLike, probabilities: ArrayLike) -> ChiSquare:
    """Return Pearson's chi-square test of counts (K,) against probabilities (K,).

    Cells with fewer than 25 expected draws are pooled, smallest expectation first: which ones depends on
    the expectations only, never on the counts. False alarms: read once, P(p_value < alpha) is alpha to
    within a few per cent of alpha for alpha above 1e-4. A draw in a cell of probability 0 gives p = 0; with
    one cell left there is nothing to test and p = 1.

    Raises
    ------
    ValueError
        If counts are negative, or probabilities are not probabilities, or their numbers differ.
    """
    seen, expected_shares = _check(counts, probabilities)
    if seen[expected_shares == 0].sum() > 0:
        return ChiSquare(math.inf, int(np.count_nonzero(expected_shares)), 0.0)
    observed, expected = _pooled(seen, seen.sum() * expected_shares)
    degrees = max(observed.size - 1, 0)
    if degrees == 0:
        return ChiSquare(0.0, 0, 1.0)
    statistic = float(np.sum((observed - expected) ** 2 / expected))
    return ChiSquare(statistic, degrees, chi_square_tail(degrees, statistic))


def largest_difference(counts: ArrayLike, probabilities: ArrayLike) -> float:
    """Return max_i |counts_i / n - probabilities_i|; 0 without draws. Raises as `chi_square`."""
    seen, expected_shares = _check(counts, probabilities)
    draws = seen.sum()
    return float(abs(seen / draws - expected_shares).max()) if draws > 0 else 0.0


def frequency_errors(probabilities: ArrayLike, draws: float) -> Reals:
    """Return two standard errors of a frequency, 2 sqrt(p (1 - p) / draws), elementwise.

    Read once, a frequency falls outside p plus or minus this for 4.6 % of runs (large draws p); some of
    many bars usually do. Infinite without draws, unless p is 0 or 1.

    Raises
    ------
    ValueError
        If a probability is outside 0 to 1 or the number of draws is negative.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("A probability must lie between 0 and 1.")
    if not draws >= 0:
        raise ValueError("The number of draws cannot be negative.")
    spread = np.sqrt(p * (1 - p))
    if draws == 0:
        return np.where(spread > 0, math.inf, 0.0)
    widths: Reals = 2 * spread / math.sqrt(draws)
    return widths


def kolmogorov_smirnov(samples: ArrayLike, cdf: Callable[[Reals], Reals]) -> KolmogorovSmirnov:
    """Return the Kolmogorov-Smirnov test of samples (N,) against a continuous distribution function.

    False alarms: read once, P(p_value < alpha) is alpha to within a few per cent of alpha for N >= 20
    (Stephens 1970).

    Raises
    ------
    ValueError
        If there is no sample, or one is not a number.
    """
    ordered = np.sort(np.asarray(samples, dtype=np.float64).ravel())
    if ordered.size == 0 or np.isnan(ordered[-1]):
        raise ValueError("The test needs at least one sample, and only numbers.")
    expected = np.asarray(cdf(ordered), dtype=np.float64)
    steps = np.arange(ordered.size + 1) / ordered.size
    distance = float(max((steps[1:] - expected).max(), (expected - steps[:-1]).max()))
    return KolmogorovSmirnov(distance, _kolmogorov_tail(distance, ordered.size))


def kolmogorov_smirnov_cells(counts: ArrayLike, probabilities: ArrayLike) -> KolmogorovSmirnov:
    """Return the Kolmogorov-Smirnov test of a histogram: counts (M,) of all draws in neighbouring cells.

    The distance is seen at the edges only and is never larger than that of the samples: false alarms are at
    most those of `kolmogorov_smirnov`, fewer with few cells. The outer cells must take in the tails. Raises
    as `chi_square`.
    """
    seen, shares = _check(counts, probabilities)
    draws = seen.sum()
    if draws == 0:
        return KolmogorovSmirnov(0.0, 1.0)
    distance = float(abs(np.cumsum(seen)[:-1] / draws - np.cumsum(shares)[:-1]).max(initial=0.0))
    return KolmogorovSmirnov(distance, _kolmogorov_tail(distance, float(draws)))


def mean_score(means: ArrayLike, exact_means: ArrayLike, exact_variances: ArrayLike, draws: float) -> Reals:
    """Return (mean - exact mean) / (exact standard deviation / sqrt(draws)), elementwise.

    Read once, |score| > 3.9 has probability 1e-4 for each mean; a watched score exceeds any limit in the
    end. A quantity that cannot vary scores 0 if it is right (to 1e-9) and infinity if not; without draws
    every score is 0.

    Raises
    ------
    ValueError
        If a variance or the number of draws is negative.
    """
    spread = np.sqrt(_not_negative(exact_variances, "A variance"))
    if not draws >= 0:
        raise ValueError("The number of draws cannot be negative.")
    exact = np.asarray(exact_means, dtype=np.float64)
    difference = np.asarray(means, dtype=np.float64) - exact
    if draws == 0:
        return np.zeros(np.broadcast_shapes(difference.shape, spread.shape))
    right = abs(difference) <= _ROUNDING * np.maximum(abs(exact), 1.0)
    fixed = np.where(right, 0.0, np.copysign(math.inf, difference))
    safe = np.where(spread > 0, spread, 1.0)
    scores: Reals = np.where(spread > 0, difference * math.sqrt(draws) / safe, fixed)
    return scores


def log_evidence(counts: ArrayLike, probabilities: ArrayLike, relative: float = 0.0, absolute: float = 0.0) -> float:
    """Return the log of the evidence of counts (K,) against probabilities (K,): see `evidence.ShareBets`.

    With `relative` and `absolute`, against all probabilities that differ from these by no more than that;
    an option of probability 0 stays impossible. False alarms: over a whole run of any length, read as often
    as one likes, P(ever E >= 1/alpha) <= alpha exactly, for any K. Raises as `chi_square`.
    """
    seen, shares = _check(counts, probabilities)
    return float(ShareBets.against(shares, *allow(shares, relative, absolute)).log_evidence(seen)[0])


def chi_square_tail(degrees: int, statistic: float) -> float:
    """Return P(chi-square > statistic) for a whole number of degrees of freedom from 1 on.

    Up to 12 degrees by the finite sums of Abramowitz and Stegun 1964, 26.4.4 and 26.4.5, whose terms are all
    positive: they need no library that takes long to load.
    """
    half = 0.5 * statistic
    if degrees > _SUMMED_DEGREES:
        return float(special.chdtrc(degrees, statistic))
    odd = degrees % 2
    total = math.erfc(math.sqrt(half)) if odd else 0.0
    # half^j exp(-half) / Gamma(j + 1), for j = 0, 1, ... or 1/2, 3/2, ...
    power = 0.5 * odd
    term = math.exp(-half) * (math.sqrt(half) / math.gamma(1.5) if odd else 1.0)
    while power < 0.5 * degrees - 0.25:
        total += term
        power += 1.0
        term *= half / power
    return min(total, 1.0)


def agreement(
    counts: ArrayLike, probabilities: ArrayLike, log_evidences: Mapping[Check, float] | None = None
) -> Agreement:
    """Return the comparison of winner counts (K,) with probabilities (K,), and a verdict on the whole run.

    Besides the winners, `log_evidences` may bring the logs of e-values of the other checks in `CHECKS` (see
    `watch.Watch`), and replace that of the winners; a check that is missing makes no bet, E = 1.

    "disagrees" if the average of the five e-values is 1e10 or more, else "too few draws" below 400 draws,
    else "agrees". False alarms: at most 1e-10 per run, however long and however often it is read, by Ville's
    inequality, for an average of e-processes is an e-process. Even with a new run at each of 60 screen
    ticks a second this is below 1e-6 per minute. The checks that reach 1e10 themselves are named; where the
    average does, there is one.

    Power: with three options of similar probability and 1e6 draws a shift of 0.0055 in one of them is found
    in over 99 % of runs (tests/maths/test_checks.py); for broken samplers see
    tests/maths/test_broken_samplers.py. Raises as `chi_square`.
    """
    test = chi_square(counts, probabilities)
    found = dict(log_evidences or {})
    if "winners" not in found:
        found["winners"] = log_evidence(counts, probabilities, RELATIVE, RARE)
    logs = [found.get(check, 0.0) for check in CHECKS]
    evidence, alarm = average(logs), -math.log(FALSE_ALARM)
    draws = float(np.sum(np.asarray(counts, dtype=np.float64)))
    verdict: Verdict = "agrees"
    if evidence >= alarm:
        verdict = "disagrees"
    elif draws < FEWEST_DRAWS:
        verdict = "too few draws"
    named = tuple(check for check, log in zip(CHECKS, logs, strict=True) if log >= alarm)
    largest = largest_difference(counts, probabilities)
    return Agreement(
        test.statistic, test.p_value, largest, evidence, verdict, named if verdict == "disagrees" else ()
    )


def allow(shares: Reals, relative: float, absolute: float) -> tuple[Reals, Reals]:
    """Return the least and the greatest share that may stand for each of `shares`; 0 stays 0."""
    error = np.where(shares > 0, relative * shares + absolute, 0.0)
    return np.maximum(shares - error, 0.0), shares + error


def _pooled(observed: Reals, expected: Reals) -> tuple[Reals, Reals]:
    """Return observed and expected counts, pooled from the smallest expectation up until each reaches 25."""
    order = np.argsort(expected, kind="stable")
    order = order[expected[order] > 0]
    if order.size == 0:
        return observed[:0], expected[:0]
    starts, gathered = [0], 0.0
    for i, cell in enumerate(expected[order], start=1):
        gathered += cell
        if gathered >= LEAST_EXPECTED and i < order.size:
            starts.append(i)
            gathered = 0.0
    if gathered < LEAST_EXPECTED and len(starts) > 1:
        starts.pop()
    return np.add.reduceat(observed[order], starts), np.add.reduceat(expected[order], starts)


def _kolmogorov_tail(distance: float, draws: float) -> float:
    root = math.sqrt(draws)
    return float(special.kolmogorov((root + 0.12 + 0.11 / root) * distance))


def _check(counts: ArrayLike, probabilities: ArrayLike) -> tuple[Reals, Reals]:
    seen = _not_negative(counts, "A count")
    shares = _not_negative(probabilities, "A probability")
    if seen.ndim != 1 or seen.shape != shares.shape or seen.size == 0:
        raise ValueError(f"Counts of shape {seen.shape} do not fit probabilities of shape {shares.shape}.")
    if abs(shares.sum() - 1) > _ROUNDING:
        raise ValueError(f"The probabilities sum to {shares.sum():g}, not to 1.")
    return seen, shares / shares.sum()


def _not_negative(values: ArrayLike, name: str) -> Reals:
    numbers = np.asarray(values, dtype=np.float64)
    if not np.all((numbers >= 0) & (numbers < math.inf)):
        raise ValueError(f"{name} must be a number from 0 upwards.")
    return numbers
