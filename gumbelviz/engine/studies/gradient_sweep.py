"""Bias, variance and mean squared error of every estimator against the temperature: exact curves, simulated dots."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.gradient_stream import CONDITIONAL, GradientStream
from gumbelviz.maths.gradient_moments import Moments, soft_moments, winner_moments
from gumbelviz.maths.gradients import ESTIMATORS, EstimatorId, exact
from gumbelviz.maths.objectives import Objective, corner_values
from gumbelviz.model.frame import freeze
from gumbelviz.model.gradient_report import Sweep, SweepCurves

Floats = NDArray[np.float64]
TAUS = tuple(float(tau) for tau in np.logspace(math.log10(0.05), 1.0, 41))
DOT_TAUS = tuple(float(tau) for tau in np.logspace(math.log10(0.05), 1.0, 11))
NUMBERS, FEWEST, MOST = 2**18, 1_024, 2**16
"""Draws times options of each dot, and the least and the most draws."""
MOST_EXACT = 128
"""Options up to which exact figures are worked out in a moment."""
_FIRST = 2_048
_LONGEST_GAP = 0.5
"""Seconds between two turns that count as work: a page that was not looked at does not."""


class GradientSweep:
    """A sweep over the temperature that is worked on piece by piece.

    Parameters
    ----------
    logits
        (K,), in units of the scores.
    scale
        Of the noise; temperatures of the sweep are in units of the scores too.
    objective
    seed
    clock
        Returns seconds, for the time left.
    """

    def __init__(
        self,
        logits: Floats,
        scale: float,
        objective: Objective,
        seed: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._logits, self._scale, self._objective = logits, scale, objective
        rows, options = len(ESTIMATORS), len(logits)
        self.gradient = exact(logits / scale, corner_values(objective, options)) / scale
        self._mean = np.full((rows, len(TAUS), options), math.nan)
        self._variance = np.full_like(self._mean, math.nan)
        self._dot_mean = np.full((rows, len(DOT_TAUS), options), math.nan)
        self._dot_variance = np.full_like(self._dot_mean, math.nan)
        self._draws = 0
        self._target = min(max(NUMBERS // options, FEWEST), MOST)
        soft: list[EstimatorId] = [row.id for row in ESTIMATORS if not row.by_winner]
        every: list[EstimatorId] = [row.id for row in ESTIMATORS]
        # All dots see the same winners, which the first stream counts for those that look at nothing else.
        self._streams = [
            GradientStream(logits, tau, scale, objective, seed, soft if i else every)
            for i, tau in enumerate(DOT_TAUS)
        ]
        self._work = self._working()
        self.done = False
        self._units, self._unit = 1, 0
        self._spent, self._worked_at = 0.0, -math.inf
        self._version = 0
        self._kept: tuple[object, Sweep] | None = None

    def step(self) -> None:
        """Do a piece of the work."""
        now = self._clock()
        self.done = next(self._work, True)
        after = self._clock()
        gap = after - self._worked_at
        self._spent += gap if gap < _LONGEST_GAP else after - now
        self._worked_at = after

    def _working(self) -> Iterator[bool]:
        chunks = [stream.chunk for stream in self._streams]
        rounds = -(-self._target // chunks[0])
        self._units = len(TAUS) + rounds * len(DOT_TAUS)
        self._take_winners()
        yield False
        # From both ends and the middle inwards, so that a curve is there early.
        for place in sorted(range(len(TAUS)), key=lambda i: (i % 8 != 0, i % 2 != 0, i)):
            self._take_exact(place)
            self._unit += 1
            yield False
        while self._draws < self._target:
            count = min(_FIRST if not self._draws else chunks[0], self._target - self._draws)
            for stream in self._streams:
                yield from (False for _ in stream.steps(count))
                self._unit += 1
            self._draws += count
            yield from (False for _ in self._take_dots())
        self._unit = self._units

    def _take_winners(self) -> None:
        if len(self._logits) <= MOST_EXACT:
            self._take(winner_moments(self._logits / self._scale, self._objective), slice(None))

    def _take_exact(self, place: int) -> None:
        if len(self._logits) > MOST_EXACT:
            return
        tau = TAUS[place] / self._scale
        known = soft_moments(self._logits / self._scale, tau, self._objective, CONDITIONAL, quick=True)
        self._take(known, slice(place, place + 1))

    def _take(self, known: dict[EstimatorId, Moments], places: slice) -> None:
        for i, row in enumerate(ESTIMATORS):
            moments = known.get(row.id)
            if moments is not None and moments.mean is not None:
                self._mean[i, places] = moments.mean / self._scale
            if moments is not None and moments.variance is not None:
                self._variance[i, places] = moments.variance / self._scale**2
        self._version += 1

    def _take_dots(self) -> Iterator[None]:
        first = self._streams[0]
        for i, row in enumerate(ESTIMATORS):
            if row.by_winner:
                yield from first.figure(row.id)
            for place, stream in enumerate(self._streams):
                source = first if row.by_winner else stream
                self._dot_mean[i, place] = source.mean(row.id)
                self._dot_variance[i, place] = source.variance(row.id)
        self._version += 1

    def report(self, option: int, batch: float) -> Sweep:
        """Return the figures of one component for batches of that size."""
        progress = 1.0 if self.done else min(self._unit / self._units, 0.999)
        left = None
        if 0.02 < progress < 1.0 and self._spent > 0.0:
            left = self._spent * (1.0 - progress) / progress
        key = option, batch, self._version
        if self._kept is None or self._kept[0] != key:
            self._kept = key, self._make(option, batch)
        kept = self._kept[1]
        return Sweep(kept.exact, kept.dots, kept.dot_draws, kept.best, progress, left)

    def _make(self, option: int, batch: float) -> Sweep:
        gradient = self.gradient[option]
        none = np.zeros(self._mean.shape[:2])
        exact_curves = _curves(_TAUS, self._mean[..., option] - gradient, none, self._variance[..., option], batch)
        variance = self._dot_variance[..., option]
        error = np.sqrt(variance / max(self._draws, 1))
        dots = _curves(_DOT_TAUS, self._dot_mean[..., option] - gradient, error, variance, batch)
        best = np.full((len(ESTIMATORS), 2), math.nan)
        for i, row in enumerate(ESTIMATORS):
            curves = exact_curves if not np.isnan(exact_curves.error[i]).all() else dots
            if not row.by_winner and not np.isnan(curves.error[i]).all():
                place = int(np.nanargmin(curves.error[i]))
                best[i] = curves.taus[place], curves.error[i, place]
        freeze(best)
        return Sweep(exact_curves, dots, self._draws, best, 0.0, None)


def _curves(taus: Floats, off: Floats, off_error: Floats, variance: Floats, batch: float) -> SweepCurves:
    unbiased = np.array([not row.biased for row in ESTIMATORS])[:, np.newaxis]
    bias = np.where(unbiased & ~np.isnan(off), 0.0, abs(off))
    # What a square of a simulated mean is too large by, on average, is its own variance.
    square = np.where(unbiased, 0.0, np.maximum(bias**2 - off_error**2, 0.0))
    error = square + variance / batch
    for array in (bias, off_error, variance, error):
        freeze(array)
    return SweepCurves(taus, bias, off_error, variance, error)


_TAUS, _DOT_TAUS = np.array(TAUS), np.array(DOT_TAUS)
freeze(_TAUS)
freeze(_DOT_TAUS)
