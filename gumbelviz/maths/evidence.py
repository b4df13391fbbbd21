"""Evidence against theory that may be read as often as one likes: e-processes.

An e-process is a number E that starts at 1, is never negative and has mean at most 1 at any time, fixed or
chosen while watching, if theory is right: the capital of a gambler who bets against theory at fair odds. So
P(ever E >= 1/alpha) <= alpha, over a whole run of any length (Ville 1939). The logarithm of E is what these
functions return. An average of e-processes with fixed weights is one again, and so is an average over many
kinds of bets that covers every size of discrepancy (Robbins 1970, "the method of mixtures").

The engine computes in single precision from 32 random bits, and theory does not. Each null hypothesis is
therefore a little wider than theory: every share or mean may be wrong by an allowance. Evidence is the
capital against the member of the null that fits the run best, and what holds for each member holds for the
least (universal inference: Wasserman, Ramdas and Balakrishnan 2020). The allowances (`checks`) are below
the statistical error of 1e8 draws; they are why a run of 1e12 does not call roundings a broken sampler.

Sources: Ville 1939; Robbins 1970; Bennett 1962; Howard, Ramdas, McAuliffe and Sekhon 2021 (sums of bounded
numbers, watched); Ramdas, Grunwald, Vovk and Shafer 2023 (e-processes).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths.log_gamma import STIRLING_FROM, log_gamma, stirling_rest

Reals = NDArray[np.float64]
Labels = NDArray[np.intp]

_CONCENTRATIONS = 10.0 ** np.arange(1, 13, 2)  # c: the other laws lie about 1/sqrt(c) from theory
_LEAST_CENTRE = 1e-12  # no other law is centred on a share below: a bet against nothing wins nothing
_NOTHING = 1e-300
_STEEPEST = 2.0 ** -np.arange(22.0)  # of the bets on a mean, in units of 1 / standard deviation
_HIGHEST_STAKE = 30.0  # the most that one draw may multiply the capital by is about exp(30)


@dataclass(frozen=True, slots=True)
class ShareBets:
    """Bets against the shares of cells, for H lists of cells, C in all; made by `against` and `joined`.

    Cells are pooled into G groups. The lists lie one behind the other: reading many costs little more than
    reading one.

    Attributes
    ----------
    labels : (C,)
        The group of each cell.
    owners : (G,)
        The list of each group.
    low, high : (G,)
        The shares of the groups that the null hypothesis allows.
    starts : (A, G)
        The Dirichlet parameters of the A mixtures of other laws.
    """

    labels: Labels
    owners: Labels
    low: Reals
    high: Reals
    starts: Reals
    _firsts: Labels
    _fractions: Reals
    _climb: _Climb

    @classmethod
    def against(
        cls, shares: ArrayLike, low: ArrayLike | None = None, high: ArrayLike | None = None, groups: int | None = None
    ) -> ShareBets:
        """Prepare bets against the shares (C,) of one list, each known to lie between `low` and `high`.

        With `groups`, neighbouring cells are pooled so that about that many are left, each with a like share
        of the draws: by theory alone, so that pooling favours no outcome. Fewer cells are quicker, and see
        a smooth discrepancy sooner.
        """
        centre = np.asarray(shares, dtype=np.float64)
        labels = np.arange(centre.size) if groups is None else _pooled(centre, groups)
        least, greatest = (centre if edge is None else np.asarray(edge, np.float64) for edge in (low, high))
        middle = np.maximum(np.bincount(labels, centre), _LEAST_CENTRE)
        middle /= middle.sum()
        starts = np.vstack([np.ones(middle.size), _CONCENTRATIONS[:, np.newaxis] * middle])
        owners = np.zeros(middle.size, np.intp)
        lows, highs = (np.bincount(labels, edge).astype(np.float64) for edge in (least, greatest))
        return cls._made(labels, owners, lows, highs, starts)

    @classmethod
    def joined(cls, parts: Sequence[ShareBets]) -> ShareBets:
        """Return all bets of `parts` in one."""
        groups = np.cumsum([0, *(part.low.size for part in parts)])
        lists = np.cumsum([0, *(int(part.owners[-1]) + 1 for part in parts)])
        return cls._made(
            np.concatenate([part.labels + first for part, first in zip(parts, groups[:-1], strict=True)]),
            np.concatenate([part.owners + first for part, first in zip(parts, lists[:-1], strict=True)]),
            np.concatenate([part.low for part in parts]),
            np.concatenate([part.high for part in parts]),
            np.concatenate([part.starts for part in parts], axis=1),
        )

    @classmethod
    def _made(cls, labels: Labels, owners: Labels, low: Reals, high: Reals, starts: Reals) -> ShareBets:
        firsts = np.flatnonzero(np.diff(owners, prepend=-1))
        totals = np.add.reduceat(starts, firsts, axis=1)
        climb = _Climb.of(np.concatenate([starts, totals], axis=1))
        return cls(labels, owners, low, high, starts, firsts, starts / totals[:, owners], climb)

    def log_evidence(self, counts: ArrayLike) -> Reals:
        """Return log E of each list, (H,), for the counts so far, (C,): the lists one behind the other.

            E = mean over a of  (B(a + counts) / B(a))  /  sup over the null of prod_i q_i^counts_i ,

        with other laws drawn from Dirichlet distributions: one uniform, six centred on theory with
        concentrations 10 to 1e11, one for each size of discrepancy. For the q that is true, this is at most
        the likelihood ratio of a mixture to q, a martingale of mean 1. The supremum over low <= q <= high
        with sum 1 is replaced by the bound sum_i n_i log q_i - n (sum_i q_i - 1) at q = n_i / n clipped to
        the box (Lagrange, multiplier n), which is no smaller and equal without clipping.

        What it sees: a discrepancy with draws x KL(truth, null) above log(1/alpha) plus (G - 1)/2 times the
        log of draws / concentration.
        """
        groups = self.low.size
        seen = np.bincount(self.labels, np.asarray(counts, dtype=np.float64), groups)
        draws = np.add.reduceat(seen, self._firsts)
        fitting = np.clip(seen / np.maximum(draws, 1.0)[self.owners], self.low, self.high)
        lean = seen * np.log(self._fractions / np.maximum(fitting, _NOTHING))
        growth = self._climb.log_growth(np.concatenate([seen, draws]))
        bets = np.add.reduceat(lean + growth[:, :groups], self._firsts, axis=1) - growth[:, groups:]
        allowed = draws * (np.add.reduceat(fitting, self._firsts) - 1)
        result = _log_mean(bets) + allowed
        forbidden = np.add.reduceat(seen * (self.high == 0), self._firsts) > 0
        return np.where(forbidden, math.inf, result)


@dataclass(frozen=True, slots=True)
class MeanBets:
    """Bets against the means of M bounded quantities; made by `against`.

    Attributes
    ----------
    means : (M,)
    rates, costs : (J, M)
        Each bet's stake on the sum, and what one draw costs it.
    """

    means: Reals
    rates: Reals
    costs: Reals

    @classmethod
    def against(
        cls, means: ArrayLike, variances: ArrayLike, lowest: ArrayLike, highest: ArrayLike, slack: ArrayLike = 0.0
    ) -> MeanBets:
        """Prepare bets against means (M,) of numbers within [lowest, highest] of variance at most (M,).

        A mean may be wrong by `slack`, and the variance is taken slightly larger (1e-4 of itself, and the
        square of the slack).
        """
        mean = np.atleast_1d(np.asarray(means, dtype=np.float64))
        error = np.broadcast_to(np.asarray(slack, dtype=np.float64), mean.shape)
        variance = np.asarray(variances, dtype=np.float64) * (1 + 1e-4) + np.maximum(error**2, 1e-30)
        rates, costs = [], []
        for sign, reach in ((1.0, np.asarray(highest) - mean), (-1.0, mean - np.asarray(lowest))):
            room = np.maximum(reach, 0.0) + error + np.sqrt(variance)
            stake = np.minimum(_STEEPEST[:, np.newaxis] / np.sqrt(variance), _HIGHEST_STAKE / room)
            rates.append(sign * stake)
            costs.append(_bennett(stake, variance, room) + stake * error)
        return cls(mean, np.concatenate(rates), np.concatenate(costs))

    @classmethod
    def joined(cls, parts: Sequence[MeanBets]) -> MeanBets:
        """Return all bets of `parts` in one."""
        means = np.concatenate([part.means for part in parts])
        rates = np.concatenate([part.rates for part in parts], axis=1)
        return cls(means, rates, np.concatenate([part.costs for part in parts], axis=1))

    def log_evidence(self, draws: ArrayLike, sums: ArrayLike) -> Reals:
        """Return log E of each quantity, (M,), from its draws and its sum so far: nothing else is needed.

            E = mean over rates r of  exp(r (sum - draws mean) - draws (psi(r) + |r| slack)) ,
            psi(r) = log( (b^2 exp(-r v / b) + v exp(r b)) / (b^2 + v) ) .

        Of all numbers with mean 0 and variance at most v that do not exceed b, the two-point law with values
        -v/b and b has the largest mean of exp(r X), r > 0 (Bennett 1962); so each term is multiplied, draw
        by draw, by a factor of mean at most 1, whatever the law. For small r psi is r^2 v / 2, as for normal
        numbers: the check is as sharp as a known standard error allows. 22 rates, each half of the one
        before, on both sides: from 1 to 5e-7 standard deviations' worth, the best for 60 to 1e14 draws.

        What it sees: a mean that is wrong by more than the slack plus sqrt(2 v (log(1/alpha) + 4) / draws).
        """
        numbers = np.asarray(draws, dtype=np.float64)
        lead = np.asarray(sums, dtype=np.float64) - numbers * self.means
        legal = np.isfinite(lead)  # an infinite sum, or none, belongs to no theory
        bets = self.rates * np.where(legal, lead, 0.0) - numbers * self.costs
        return np.where(legal, _log_mean(bets), math.inf)


def average(*log_evidence: ArrayLike) -> float:
    """Return the log of the plain average of e-values, given their logs: an e-value again."""
    logs = np.concatenate([np.ravel(np.asarray(part, dtype=np.float64)) for part in log_evidence])
    return float(np.logaddexp.reduce(logs)) - math.log(logs.size)


def _bennett(rate: Reals, variance: Reals, bound: Reals) -> Reals:
    """Return psi(rate); written with expm1, for at rate 1e-6 psi is 1e-12 and will be multiplied by 1e12."""
    square = bound**2
    low, high = np.expm1(-rate * variance / bound), np.expm1(rate * bound)
    result: Reals = np.log1p((square * low + variance * high) / (square + variance))
    return result


def _log_mean(logs: Reals) -> Reals:
    """Return the log of the mean over the first axis, given finite logs."""
    top = logs.max(axis=0)
    result: Reals = top + np.log(np.exp(logs - top).sum(axis=0) / len(logs))
    return result


def _pooled(shares: Reals, groups: int) -> Labels:
    """Return a group for each cell (C,): by which of `groups` equal parts of the draws its middle lies in."""
    middles = np.cumsum(shares) - shares / 2
    parts = np.clip(np.floor(groups * middles / shares.sum()), 0, groups - 1)
    labels: Labels = np.cumsum(np.diff(parts, prepend=parts[:1]) > 0)
    return labels


@dataclass(frozen=True, slots=True)
class _Climb:
    """Numbers from which gamma functions are climbed, with what depends on them alone."""

    values: Reals
    small: NDArray[np.bool_]
    logs: Reals
    known: Reals

    @classmethod
    def of(cls, values: Reals) -> _Climb:
        small = values < STIRLING_FROM
        return cls(values, small, np.log(values), np.where(small, log_gamma(values), stirling_rest(values)))

    def log_growth(self, steps: Reals) -> Reals:
        """Return log(Gamma(start + steps) / Gamma(start) / start^steps), by Stirling's series from 20 on.

        A difference of two log gammas of 1e11 would have lost everything behind the third decimal.
        """
        end = self.values + steps
        growth = (end - 0.5) * np.log1p(steps / self.values) - steps + stirling_rest(end)
        growth[self.small] = log_gamma(end[self.small]) - (steps * self.logs)[self.small]
        result: Reals = growth - self.known
        return result
