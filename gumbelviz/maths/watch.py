"""Everything that a run tallies, watched at once: prepared for one theory, read with every picture.

Five checks (`checks.CHECKS`), each an e-value that stays valid however long and often a run is read:

* counting: the books balance. Every draw has one winner and one cell per histogram, and its soft choices
  sum to 1.
* winners: their counts against the probabilities.
* noise: the cells of its histogram, one by one for its tails and pooled for its shape; how much lies beyond
  what the stream can reach; its mean and its second moment.
* soft means: E[y] and E[y^2] of every option, where they are known.
* soft shares: the histogram of each option whose law is known, against differences of the distribution
  function (densities have poles at 0 and 1).

What is not known, bets nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths import gumbel
from gumbelviz.maths.checks import ABSOLUTE, RARE, RELATIVE, SUMS, Agreement, Check, agreement, allow
from gumbelviz.maths.evidence import MeanBets, ShareBets, average
from gumbelviz.maths.expectations import Expectations
from gumbelviz.maths.tallies import BEYOND, Account

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_MOST_GROUPS = 256  # of winners: more options are pooled by their rank
_HISTOGRAM_GROUPS = 16
_NUDGE = 1e-6  # how far, relatively, single precision may move a share across the edge of a cell
_LOWEST_NOISE = -3.2  # -log(-log 2^-33) = -3.13 is the least of the stream
_SUM_ERROR = 1e-4  # of the sum of all soft choices, per draw


@dataclass(frozen=True, slots=True)
class Watch:
    """The bets against one theory. K options take part (masked ones are left out); made by `over`.

    Attributes
    ----------
    probabilities : (K,)
    order : (K,)
        The options from the most to the least probable.
    shares
        Bets on the winners in that order, on the noise twice, on what lies beyond, and on soft shares.
    means
        Bets on the noise and its square, then on the soft choices and their squares, if they are known.
    rows
        Which rows of the tally's soft histograms have a known law.
    options
        How many draw noise.
    """

    probabilities: Reals
    order: NDArray[np.intp]
    shares: ShareBets
    means: MeanBets
    rows: list[int]
    options: int
    _columns: tuple[int, int]

    @classmethod
    def over(
        cls,
        probabilities: ArrayLike,
        noise_edges: Reals,
        soft_edges: Reals,
        expectations: Expectations | None = None,
        laws: Sequence[Reals | None] = (),
        options: int | None = None,
    ) -> Watch:
        """Prepare the bets.

        Parameters
        ----------
        probabilities : (K,)
            Of winning; none is 0 unless it underflows.
        noise_edges, soft_edges : (C + 1,)
            Edges of the C cells of the histograms. The outer cells take in what lies outside; counts may
            also have one more cell at each end for that.
        expectations
            Of the soft choice of the K options, where they are known.
        laws
            For each row of the soft histograms its distribution function at `places_of` the edges, or None.
        options
            How many options draw noise, where winners come pooled; else K.
        """
        chances = np.asarray(probabilities, dtype=np.float64)
        order = np.argsort(-chances, kind="stable")
        ranked = chances[order]
        pooling = _MOST_GROUPS if chances.size > _MOST_GROUPS else None
        noise, moments = _bets_on_noise(tuple(noise_edges.tolist()))
        shares = [ShareBets.against(ranked, *allow(ranked, RELATIVE, RARE), groups=pooling), noise]
        for law in laws:
            if law is not None:
                share, low, high = _soft_cells(law)
                shares.append(ShareBets.against(share, low, high, groups=_HISTOGRAM_GROUPS))
        means = [moments] if expectations is None else [moments, _bets_on_soft(expectations)]
        rows = [row for row, law in enumerate(laws) if law is not None]
        columns = noise_edges.size - 1, soft_edges.size - 1
        drawing = options or chances.size
        return cls(chances, order, ShareBets.joined(shares), MeanBets.joined(means), rows, drawing, columns)

    def agreement(self, tally: Account) -> Agreement:
        """Return how the draws so far compare with theory: see `checks.agreement`."""
        numbers = tally.draws * self.options
        noise = _folded(tally.noise_cells.sum(axis=0, keepdims=True), self._columns[0]).ravel()
        soft = _folded(tally.soft_cells[self.rows], self._columns[1]).ravel()
        beyond = [max(numbers - tally.noise_beyond, 0), tally.noise_beyond]
        shares = self.shares.log_evidence(np.concatenate([tally.wins[self.order], noise, noise, beyond, soft]))

        known = self.means.means.size > 2
        sums = np.array([tally.noise_sum, tally.noise_squares])
        if known:
            sums = np.concatenate([sums, tally.soft_sum, tally.soft_squares])
        draws = np.full(sums.size, tally.draws)
        draws[:2] = numbers
        means = self.means.log_evidence(draws, sums)

        found: dict[Check, float] = {
            "counting": 0.0 if _books_balance(tally) else math.inf,
            "winners": float(shares[0]),
            "noise": average(shares[1:4], average(means[:2])),
            "soft means": average(means[2:]) if known else 0.0,
            "soft shares": average(shares[4:]) if self.rows else 0.0,
        }
        return agreement(tally.wins, self.probabilities, found)


def _books_balance(tally: Account) -> bool:
    draws = tally.draws
    rows = (tally.noise_cells.sum(axis=1), tally.soft_cells.sum(axis=1))
    counted = tally.wins.sum() == draws and all((row == draws).all() for row in rows)
    return bool(counted and abs(tally.soft_sum.sum() - draws) <= _SUM_ERROR * draws)


@lru_cache(maxsize=4)
def _bets_on_noise(edges: tuple[float, ...]) -> tuple[ShareBets, MeanBets]:
    """Return bets against the cells of standard noise, all and pooled, and against what lies beyond; and
    against E[G] and E[G^2] of noise within its range. The same for all settings: kept, for sliders move fast.
    """
    cells = _between(gumbel.cdf(np.array(edges[1:-1])))
    above = np.array([gumbel.cdf(BEYOND), gumbel.sf(BEYOND)])
    shares = [
        ShareBets.against(cells, *allow(cells, RELATIVE, ABSOLUTE)),
        ShareBets.against(cells, *allow(cells, RELATIVE, ABSOLUTE), groups=_HISTOGRAM_GROUPS),
        ShareBets.against(above, *allow(above, RELATIVE, RARE)),
    ]
    mean, variance = gumbel.mean(), gumbel.variance()
    third = gumbel.SKEWNESS * variance**1.5
    fourth = (gumbel.EXCESS_KURTOSIS + 3) * variance**2 + 4 * mean * third + 6 * mean**2 * variance + mean**4
    second = variance + mean**2
    lowest, highest = [_LOWEST_NOISE, 0.0], [BEYOND, BEYOND**2]
    slack = SUMS * np.array([1.0, second])
    moments = MeanBets.against([mean, second], [variance, fourth - second**2], lowest, highest, slack)
    return ShareBets.joined(shares), moments


def _bets_on_soft(exact: Expectations) -> MeanBets:
    """Return bets against E[y] and E[y^2] of every option.

    Of y^2 the variance is at most that of a number that is 0 or 1, and at most E (y^2 - m^2)^2 <= (1 + m)^2
    Var y.
    """
    mean, variance = exact.mean, exact.variance
    second = variance + mean**2
    spread = np.minimum(second * (1 - second), (1 + mean) ** 2 * variance)
    means = np.concatenate([mean, second])
    return MeanBets.against(means, np.concatenate([variance, spread]), 0.0, 1.0, SUMS * means + ABSOLUTE)


def _between(chances: Reals) -> Reals:
    """Return the shares of the cells between the chances to lie below each inner edge."""
    return np.maximum(np.diff(chances, prepend=0.0, append=1.0), 0.0)


def places_of(edges: Reals) -> Reals:
    """Return where the law of a share must be known for its histogram to be watched: the C - 1 inner of C + 1
    edges, and a little to their left and right, (3, C - 1).
    """
    return np.outer([1, 1 - _NUDGE, 1 + _NUDGE], edges[1:-1])


def _soft_cells(law: Reals) -> Reals:
    """Return the shares of the cells of a share y, and the least and greatest that rounding allows, (3, C)."""
    chances, before, after = law
    shares = _between(chances)
    error = RELATIVE * shares + ABSOLUTE
    low = np.concatenate([before[:1], before[1:] - after[:-1], 1 - after[-1:]])
    high = np.concatenate([after[:1], after[1:] - before[:-1], 1 - before[-1:]])
    return np.stack([shares, np.maximum(low - error, 0.0), high + error])


def _folded(cells: Integers, columns: int) -> Integers:
    """Return counts (H, columns), with what has cells of its own below and above added to the outer ones."""
    if cells.shape[1] == columns:
        return cells
    folded = cells[:, 1:-1].copy()
    folded[:, 0] += cells[:, 0]
    folded[:, -1] += cells[:, -1]
    return folded
