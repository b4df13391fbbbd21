"""Gradients, estimator by estimator, over the draws of the stream: their means and variances so far.

Draw n of seed s has the noise that it has everywhere else. What the Rao-Blackwellised estimator draws anew comes
from generators of the same seed that no option has. An estimator that looks at the winner alone takes at most K
values; it is tallied by counting winners, which gives the same mean and variance as adding up its gradients.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.gradient_kernel import GradientKernel
from gumbelviz.engine.stream import Bits, Stream
from gumbelviz.maths.gradient_moments import winner_gradients
from gumbelviz.maths.gradients import BY_ID, ESTIMATORS, EstimatorId
from gumbelviz.maths.objectives import Objective, Slopes, slopes_by_option
from gumbelviz.model.parameters import MOST_OPTIONS

Floats = NDArray[np.float64]
CONDITIONAL = 8
"""Choices that the Rao-Blackwellised estimator draws anew for each winner."""
CHUNK, WIDE_CHUNK, MANY = 16_384, 65_536, 16
"""Numbers (draws times options) that are worked on at once; above so many options more, because each has a generator
of its own that must be called."""
BLOCK = 65_536
"""Numbers in a block of winners whose gradients are worked out at once."""
ALL: tuple[EstimatorId, ...] = tuple(row.id for row in ESTIMATORS)


class NoiseBits:
    """The bits of the stream, and more of them, by the number of the draw.

    Parameters
    ----------
    live
        Places of the options that can win, (L,).
    options
        How many options there are in all.
    seed
    conditional
        How many choices are drawn anew for each winner.
    """

    def __init__(self, live: NDArray[np.int64], options: int, seed: int, conditional: int) -> None:
        self._live = live
        self._own = Stream(seed, live, options)
        # Places that no option has; a multiple of the size of a group of options.
        self._fresh = [Stream(seed, live + (m + 1) * MOST_OPTIONS, options) for m in range(conditional)]

    def own(self, first: int, count: int) -> Bits:
        """Return the bits of `count` draws, (L, N)."""
        return self._read(self._own, first, count)

    def fresh(self, m: int, first: int, count: int) -> Bits:
        """Return those for the choices that are drawn anew for the `m`-th time."""
        return self._read(self._fresh[m], first, count)

    def _read(self, stream: Stream, first: int, count: int) -> Bits:
        bits = np.empty((len(self._live), count), np.uint32)
        stream.read(first, bits)
        return bits


class Running:
    """Mean and variance of columns that come in chunks (Chan, Golub and LeVeque 1983).

    Parameters
    ----------
    options
        How many rows there are.
    """

    def __init__(self, options: int) -> None:
        self.count = 0
        self.mean = np.zeros(options)
        self._squares = np.zeros(options)

    def add(self, columns: NDArray[np.floating]) -> None:
        """Take in some columns, (K, N); they are overwritten."""
        count = columns.shape[1]
        # A mean in the precision of the columns is near enough to take off; what is left of it is small.
        near = columns.mean(axis=1)
        columns -= near[:, np.newaxis]
        rest = columns.sum(axis=1).astype(np.float64) / count
        squares = np.einsum("kn,kn->k", columns, columns).astype(np.float64) - count * rest * rest
        total = self.count + count
        step = near + rest - self.mean
        self.mean = self.mean + step * (count / total)
        self._squares = self._squares + squares + step * step * (self.count * count / total)
        self.count = total

    @property
    def variance(self) -> Floats:
        """Of one column, estimated without bias, (K,); not a number before the second column."""
        if self.count < 2:
            return np.full_like(self.mean, math.nan)
        variance: Floats = np.maximum(self._squares, 0.0) / (self.count - 1)
        return variance


class GradientStream:
    """Draws, and what each estimator made of them so far. All gradients are with respect to the scores.

    Parameters
    ----------
    logits
        (K,), minus infinity masks.
    temperature, scale
        The temperature, and the scale of the noise.
    objective
    seed
    estimators
        Which of them; all by default.
    conditional
        How many choices the Rao-Blackwellised one draws anew.
    """

    def __init__(
        self,
        logits: Sequence[float] | Floats,
        temperature: float,
        scale: float,
        objective: Objective,
        seed: int,
        estimators: Sequence[EstimatorId] = ALL,
        conditional: int = CONDITIONAL,
    ) -> None:
        self._scale = scale
        self._logits = np.asarray(logits, dtype=np.float64) / scale
        self._objective = objective
        self._live = np.flatnonzero(self._logits > -math.inf)
        self.options = len(self._logits)
        numbers = CHUNK if len(self._live) <= MANY else WIDE_CHUNK
        self.chunk = max(numbers // len(self._live), 1)
        self.draws = 0
        self._bits = NoiseBits(self._live, self.options, seed, conditional)
        self._conditional = conditional
        tau = temperature / scale
        self._moving = 0 < tau < math.inf
        slopes = slopes_by_option(objective, self.options)
        slopes = Slopes(slopes.a[self._live], slopes.b[self._live], slopes.power)
        # At the limits of the temperature the soft choice has no slope; winners are looked at all the same.
        self._kernel = GradientKernel(self._logits[self._live], tau if self._moving else 1.0, slopes, self.chunk)
        self._factor = 1.0 / (tau * scale) if self._moving else 0.0
        self._wins = np.zeros(self.options, np.int64)
        # The Rao-Blackwellised one comes last: it overwrites the soft choice.
        self._soft = [row.id for row in ESTIMATORS if row.id in estimators and not row.by_winner]
        self._hard = [row.id for row in ESTIMATORS if row.id in estimators and row.by_winner]
        self._running = {key: Running(len(self._live)) for key in self._soft}
        self._figures: dict[EstimatorId, tuple[Floats, Floats]] = {}
        self._figured = 0

    def advance(self, draws: int) -> None:
        """Add the next `draws` draws, in chunks that stay small."""
        for _ in self.steps(draws):
            pass

    def steps(self, draws: int) -> Iterator[None]:
        """Do the same in pieces of a millisecond or so; what it yields between them is of no interest."""
        end = self.draws + draws
        while self.draws < end:
            # Chunks lie at multiples of their size, so that the sums do not depend on how they were asked for.
            count = min(self.chunk - self.draws % self.chunk, end - self.draws)
            yield from self._add(self.draws, count)
            self.draws += count
            yield

    def _add(self, first: int, count: int) -> Iterator[None]:
        with np.errstate(all="ignore"):
            wins = self._kernel.choose(self._bits.own(first, count))
        self._wins[self._live] += wins
        for key in self._soft if self._moving else ():
            with np.errstate(all="ignore"):
                gradients = self._soft_gradients(key)
            if key == "rao_blackwell":
                for m in range(self._conditional):
                    with np.errstate(all="ignore"):
                        gradients += self._kernel.conditional(self._bits.fresh(m, first, count))
                    yield
                gradients /= np.float32(self._conditional)
            self._running[key].add(gradients)

    def _soft_gradients(self, key: EstimatorId) -> NDArray[np.float32]:
        if key == "gumbel_softmax":
            return self._kernel.relaxed()
        if key == "straight_through_gumbel_softmax":
            return self._kernel.straight()
        return self._kernel.nothing()

    @property
    def wins(self) -> NDArray[np.int64]:
        """How often each option won, (K,)."""
        return self._wins.copy()

    def mean(self, key: EstimatorId) -> Floats:
        """The mean gradient so far, (K,); not a number before the first draw."""
        if not self.draws:
            return np.full(self.options, math.nan)
        if key in self._running:
            return self._spread_out(self._running[key].mean)
        return self._counted(key)[0]

    def variance(self, key: EstimatorId) -> Floats:
        """The variance of one draw's gradient, estimated without bias, (K,); not a number before the second draw."""
        if self.draws < 2:
            return np.full(self.options, math.nan)
        if key in self._running:
            running = self._running[key]
            return self._spread_out(running.variance if running.count else np.zeros(len(self._live)), 2)
        return self._counted(key)[1]

    def _spread_out(self, numbers: Floats, power: int = 1) -> Floats:
        """Return numbers of the options that can win as those of all options, in units of the scores."""
        whole = np.zeros(self.options)
        whole[self._live] = numbers * self._factor**power
        return whole

    def _counted(self, key: EstimatorId) -> tuple[Floats, Floats]:
        if self._figured != self.draws or key not in self._figures:
            for _ in self.figure(key):
                pass
        return self._figures[key]

    def figure(self, key: EstimatorId) -> Iterator[None]:
        """Work out mean and variance of an estimator that looks at the winner alone, in pieces, from the counts."""
        if self._figured != self.draws:
            self._figures.clear()
            self._figured = self.draws
        wins, draws = self._wins.copy(), self.draws
        winners = np.flatnonzero(wins)
        size = max(BLOCK // self.options, 1)
        total, mean, squares = 0, np.zeros(self.options), np.zeros(self.options)
        for start in range(0, len(winners), size):
            block = winners[start : start + size]
            weights = wins[block].astype(np.float64)
            gradients = winner_gradients(BY_ID[key], self._logits, self._objective, block) / self._scale
            count = int(weights.sum())
            own = gradients @ weights / count
            distances = gradients - own[:, np.newaxis]
            step = own - mean
            squares += (distances * distances) @ weights + step * step * (total * count / (total + count))
            mean += step * (count / (total + count))
            total += count
            yield
        if draws == self._figured:
            self._figures[key] = mean, squares / (draws - 1) if draws > 1 else np.full(self.options, math.nan)
