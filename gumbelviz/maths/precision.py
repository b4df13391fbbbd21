"""What floating point does to the trick: the formula that libraries use, and a careful one, in one precision.

Everything here is computed in the precision of the noise that is given, float32 or float64, as a library
computes it. (`concrete` always computes in float64; `careful` is its way, kept inside float32.)

The common formula, as in `torch.nn.functional.gumbel_softmax` and its like: noise -log(exponential), logits +
noise, divided by the temperature, softmax. The softmax subtracts its largest exponent, but by then the noise
has been added to the raw logits. It fails where

* a logit is so large that the noise is lost between two neighbouring numbers: options tie, the first wins;
* the temperature is 0: infinity less infinity is NaN;
* an exponential draw is exactly 0: its noise is plus infinity, and the draw is NaN;
* a share is too small or too close to 1 for the precision: log y is minus infinity, or 0.

The careful way subtracts the largest logit before the noise, keeps log y, and takes temperature 0 for what it
is. Logits are float64 and must be finite: masked options are left out beforehand.

Sources: Jang, Gu and Poole 2017; PyTorch, torch/nn/functional.py and ATen/core/TransformationHelper.h.
"""

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gumbelviz.maths import gumbel
from gumbelviz.maths.compensated import quotient, two_sum

Reals = NDArray[np.float64]
Floats = NDArray[np.floating[Any]]
Bits = NDArray[np.uint32]
Float = type[np.float32] | type[np.float64]

_TOP = np.uint32(2**32 - 1)


@dataclass(frozen=True, slots=True)
class Sample:
    """Soft choices y and log y, (K, N), and winners, (N,); a draw that is NaN has the winner -1."""

    y: Floats
    log_y: Floats
    winners: NDArray[np.intp]


def exponentials(bits: Bits, precision: Float) -> Floats:
    """Return the exponential draws of 32 random bits each, made the way libraries make them: -log(1 - V).

    In single precision V has 24 bits and can be exactly 0, and so can the draw, once in 2^24 = 16.8 million
    numbers. In double precision V has 53 bits there, which are exactly 0 for nobody; here it is the 32 bits
    and half a step. V counts down as the bits count up, so that this is the noise of `engine.stream`, up to
    rounding.
    """
    down: Bits = _TOP - bits
    v: Floats
    if precision is np.float32:
        v = (down >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)
    else:
        v = (down + 0.5) * 2.0**-32
    result: Floats = -np.log1p(-v)
    return result


def noise_of(exponential: Floats) -> Floats:
    """Return the Gumbel noise -log(exponential): plus infinity where that is exactly 0."""
    with np.errstate(divide="ignore"):
        result: Floats = -np.log(exponential)
    return result


def naive(logits: Reals, noise: Floats, temperature: float) -> Sample:
    """Return softmax((logits + noise) / temperature) the common way; logits (K,), noise (K, N)."""
    precision: Float = noise.dtype.type
    with np.errstate(all="ignore"):
        raw: Floats = np.asarray(logits, dtype=noise.dtype)
        scores: Floats = (raw[:, np.newaxis] + noise) / precision(temperature)
        weights = np.exp(scores - scores.max(axis=0))
        y = weights / weights.sum(axis=0)
        winners = np.where(np.isnan(y).any(axis=0), -1, y.argmax(axis=0))
        return Sample(y, np.log(y), winners)


def careful(logits: Reals, noise: Floats, temperature: float) -> Sample:
    """Return the same the way `concrete` goes about it, in the precision of the noise."""
    precision = _precision_of(noise)
    with np.errstate(all="ignore"):
        # In the precision that the logits came in: only their distances are rounded to that of the noise.
        relative = (logits - logits.max()).astype(precision)
        scores: Floats = relative[:, np.newaxis] + noise
        winners = scores.argmax(axis=0)
        hard = np.arange(logits.size)[:, np.newaxis] == winners
        if precision(temperature) == 0:  # also a temperature that this precision cannot tell from 0
            return Sample(hard.astype(precision), np.where(hard, 0.0, -math.inf).astype(precision), winners)
        steps = (scores - scores.max(axis=0)) / precision(temperature)
        weights = np.exp(steps)
        others = np.where(hard, precision(0), weights).sum(axis=0)
        return Sample(weights / (1 + others), steps - np.log1p(others), winners)


def reference(logits: Reals, noise: Floats, temperature: float) -> Reals:
    """Return y of the same noise, (K, N), good to a few parts in 1e16 whatever the logits and the temperature.

    Exponents are carried in twice the precision of float64 (`compensated`), so that neither a logit of 1e8
    nor a temperature of 1e-3 costs digits. The noise is taken as it is: its own rounding is part of the draw.
    """
    grains = noise.astype(np.float64)
    rise, rise_rest = two_sum(logits, -logits.max(keepdims=True))
    with np.errstate(all="ignore"):  # plus infinity makes NaN, as it must
        scores, rests = two_sum(rise[:, np.newaxis], grains)
        rests = rests + rise_rest[:, np.newaxis]
        top = np.expand_dims(scores.argmax(axis=0), 0)
        hard = np.arange(logits.size)[:, np.newaxis] == top
        if temperature == 0:
            one_hot: Reals = hard.astype(np.float64)
            return one_hot
        behind, lost = two_sum(scores, -np.take_along_axis(scores, top, axis=0))
        rests = rests - np.take_along_axis(rests, top, axis=0) + lost
        steps, more = quotient(behind, np.zeros(()), np.asarray(temperature))
        weights = np.exp(steps) * (1 + (more + rests / temperature))
        # Along a row NumPy sums in pairs, which keeps the last digits of a long sum, but is slow for a short one.
        total = weights.sum(axis=0) if logits.size < 32 else np.ascontiguousarray(weights.T).sum(axis=1)
        shares: Reals = weights / total
    return shares


def _precision_of(noise: Floats) -> Float:
    return np.float32 if noise.dtype == np.float32 else np.float64


@dataclass(slots=True)
class Tally:
    """What became of some draws.

    Attributes
    ----------
    draws, nan
        How many there were, and how many of them are NaN.
    zeros, ones
        In how many draws some y is exactly 0, and exactly 1.
    lost
        In how many some log y is minus infinity, or 0, although the true one is not and the precision has it.
    smallest, smallest_log
        The smallest y and the smallest log y; infinity before there was one.
    worst
        The largest relative error of a y against `reference`, over all y that are normal numbers.
    wins
        How often each option won, (K,).
    """

    wins: NDArray[np.int64]
    draws: int = 0
    nan: int = 0
    zeros: int = 0
    ones: int = 0
    lost: int = 0
    smallest: float = math.inf
    smallest_log: float = math.inf
    worst: float = 0.0

    @classmethod
    def empty(cls, options: int) -> "Tally":
        """Return the tally of no draws."""
        return cls(np.zeros(options, np.int64))

    def add(self, sample: Sample, exact: Reals, hard: bool) -> None:
        """Count the draws of `sample`, whose true shares are `exact`; `hard` where those are 0 or 1 themselves."""
        y, log_y = sample.y, sample.log_y
        good = sample.winners >= 0
        self.draws += y.shape[1]
        if not good.all():
            self.nan += int(np.count_nonzero(~good))
            y, log_y, exact = y[:, good], log_y[:, good], exact[:, good]
        if not y.shape[1]:
            return
        zero, one = y == 0, y == 1
        self.zeros += int(np.count_nonzero(zero.any(axis=0)))
        self.ones += int(np.count_nonzero(one.any(axis=0)))
        if not hard:
            full = log_y == 0
            # log y of a winner is minus what the others have, as long as that can be told from 0.
            visible = np.where(full, 0.0, exact).sum(axis=0) > np.finfo(y.dtype).smallest_subnormal
            gone = (log_y == -math.inf).any(axis=0) | (full.any(axis=0) & visible)
            self.lost += int(np.count_nonzero(gone))
        self.smallest = min(self.smallest, float(y.min()))
        self.smallest_log = min(self.smallest_log, float(log_y.min()))
        with np.errstate(all="ignore"):
            errors = np.where(y >= np.finfo(y.dtype).tiny, abs(y - exact) / exact, 0.0)
        self.worst = max(self.worst, float(errors.max()))
        self.wins += np.bincount(sample.winners[good], minlength=self.wins.size)


def spacing(size: float, precision: Float) -> float:
    """Return the distance from `size` to the next larger number of that precision."""
    return float(np.spacing(precision(size)))


def landing_places(
    size: float, scale: float, precision: Float, low: float, high: float, most: int
) -> tuple[Reals, Reals] | None:
    """Return where the sum of `size` and noise of that scale can land, and how often it does.

    Parameters
    ----------
    size, scale
        The logit, rounded to `precision` first, and the scale of the noise.
    low, high
        The distances from the logit between which places are wanted.
    most
        The most places to the left, and to the right, of the logit.

    Returns
    -------
    places, shares
        Distances from the logit, rising, and the probability that the sum is rounded to each: the noise
        between the two midpoints. None where there are more than `most` places on a side.
    """
    centre = precision(size)
    places = [0.0]
    for end, way in ((low, -math.inf), (high, math.inf)):
        here, count = centre, 0
        while abs(places[0 if way < 0 else -1]) < abs(end):
            here = np.nextafter(here, precision(way))
            if (count := count + 1) > most or not math.isfinite(here):
                return None
            places.insert(0 if way < 0 else len(places), float(here) - float(centre))
    middles = np.array([-math.inf, *(0.5 * (a + b) for a, b in itertools.pairwise(places)), math.inf])
    shares = np.diff(gumbel.cdf(middles, 0.0, scale))
    return np.array(places), shares
