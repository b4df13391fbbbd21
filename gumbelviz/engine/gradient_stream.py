"""Gradients, estimator by estimator, over the draws of the stream: their means and variances so far.

Draw n of seed s has the noise that it has everywhere else. What the Rao-Blackwellised estimator draws anew comes
from generators of the same seed that no option has. An estimator that looks at the winner alone takes at most K
values; it is tallied by counting winners, which gives the same mean and variance as adding up its gradients.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.maths.gradient_moments import MOST_SUMMED, winner_gradients
from gumbelviz.maths.gradients import BY_ID, ESTIMATORS, EstimatorId, Sample
from gumbelviz.maths.objectives import Objective
from gumbelviz.model.parameters import MOST_OPTIONS

Floats = NDArray[np.float64]
CONDITIONAL = 8
"""Choices that the Rao-Blackwellised estimator draws anew for each winner."""
CHUNK = 16_384
"""Numbers (draws times options) that are worked on at once: they stay in the cache."""
ALL: tuple[EstimatorId, ...] = tuple(row.id for row in ESTIMATORS)


class NoiseSource:
    """The noise of the stream, and more of it, by the number of the draw.

    Parameters
    ----------
    logits
        (K,); masked options get noise 0, which nobody looks at.
    seed
    conditional
        How many choices are drawn anew for each winner.
    """

    def __init__(self, logits: Floats, seed: int, conditional: int = CONDITIONAL) -> None:
        self._live = np.flatnonzero(logits > -math.inf)
        self._options = len(logits)
        self._own = Stream(seed, self._live, self._options)
        # Places that no option has; a multiple of the size of a group of options.
        self._fresh = [Stream(seed, self._live + (m + 1) * MOST_OPTIONS, self._options) for m in range(conditional)]

    def noise(self, first: int, count: int) -> Floats:
        """Return standard Gumbel noise of `count` draws, (K, N)."""
        return self._read(self._own, first, count)

    def fresh(self, first: int, count: int) -> Floats:
        """Return the noise that is drawn anew for the same draws, (M, K, N)."""
        return np.stack([self._read(stream, first, count) for stream in self._fresh])

    def _read(self, stream: Stream, first: int, count: int) -> Floats:
        bits = np.empty((len(self._live), count), np.uint32)
        stream.read(first, bits)
        if len(self._live) == self._options:
            return gumbel_of_bits(bits)
        noise = np.zeros((self._options, count))
        noise[self._live] = gumbel_of_bits(bits)
        return noise


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

    def add(self, columns: Floats) -> None:
        """Take in some columns, (K, N); they are overwritten."""
        count = columns.shape[1]
        mean = columns.mean(axis=1, dtype=np.float64)
        columns -= mean[:, np.newaxis].astype(columns.dtype)
        # What rounding left of the mean after it was taken off.
        rest = columns.mean(axis=1, dtype=np.float64)
        squares = np.einsum("kn,kn->k", columns, columns, dtype=np.float64)
        total = self.count + count
        step = mean + rest - self.mean
        self.mean = self.mean + step * (count / total)
        self._squares = self._squares + squares + step * step * (self.count * count / total)
        self.count = total

    @property
    def variance(self) -> Floats:
        """Of one column, estimated without bias, (K,); not a number before the second column."""
        if self.count < 2:
            return np.full_like(self.mean, math.nan)
        variance: Floats = self._squares / (self.count - 1)
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
        self._temperature = temperature / scale
        self._objective = objective
        self._source = NoiseSource(self._logits, seed, conditional)
        self.options = len(self._logits)
        self.chunk = max(CHUNK // self.options, 1)
        self.draws = 0
        self._estimators = tuple(estimators)
        self._counted = self.options <= MOST_SUMMED
        self._wins = np.zeros(self.options, np.int64)
        self._running = {
            key: Running(self.options)
            for key in self._estimators
            if not (self._counted and BY_ID[key].by_winner)
        }
        self._tables: dict[EstimatorId, Floats] = {}

    def advance(self, draws: int) -> None:
        """Add the next `draws` draws, in chunks that stay small."""
        end = self.draws + draws
        while self.draws < end:
            # Chunks lie at multiples of their size, so that the sums do not depend on how they were asked for.
            count = min(self.chunk - self.draws % self.chunk, end - self.draws)
            self._add(self.draws, count)
            self.draws += count

    def _add(self, first: int, count: int) -> None:
        fresh = self._source.fresh(first, count) if "rao_blackwell" in self._running else None
        sample = Sample(self._logits, self._temperature, self._source.noise(first, count), fresh)
        for key, running in self._running.items():
            running.add(np.array(BY_ID[key].function(sample, self._objective)))
        self._wins += np.bincount(sample.winners, minlength=self.options)

    @property
    def wins(self) -> NDArray[np.int64]:
        """How often each option won, (K,)."""
        return self._wins.copy()

    def mean(self, key: EstimatorId) -> Floats:
        """The mean gradient so far, (K,); not a number before the first draw."""
        if not self.draws:
            return np.full(self.options, math.nan)
        if key in self._running:
            return self._running[key].mean / self._scale
        return self._table(key) @ (self._wins / self.draws) / self._scale

    def variance(self, key: EstimatorId) -> Floats:
        """The variance of one draw's gradient, estimated without bias, (K,); not a number before the second draw."""
        if self.draws < 2:
            return np.full(self.options, math.nan)
        if key in self._running:
            return self._running[key].variance / self._scale**2
        table = self._table(key)
        distances = table - (table @ (self._wins / self.draws))[:, np.newaxis]
        variance: Floats = (distances * distances) @ (self._wins / (self.draws - 1)) / self._scale**2
        return variance

    def _table(self, key: EstimatorId) -> Floats:
        """The gradient for each winner, (K, K)."""
        if key not in self._tables:
            self._tables[key] = winner_gradients(BY_ID[key], self._logits, self._objective)
        return self._tables[key]
