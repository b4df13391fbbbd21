"""Exact curves against the temperature, point by point: what is worked out once is kept."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.studies.soft_tally import Crowd
from gumbelviz.maths.expectations import MOST_OPTIONS, Expectations, expectations
from gumbelviz.maths.largest import largest_mean
from gumbelviz.maths.marginals import largest_sf
from gumbelviz.model.frame import freeze
from gumbelviz.model.temperature_report import LIMITS, SHARP, Exact

Floats = NDArray[np.float64]

POINTS = 65
"""Points of a curve over four decades: with straight lines between them the eye sees no corner."""
COARSE = 8
"""Every so manieth point makes the coarse curve."""
MOST_KEPT = 512
"""Points off the grid that are kept: where a cursor was dragged."""
_TAUS = tuple(float(tau) for tau in np.logspace(-2.0, 2.0, POINTS))


@dataclass(slots=True)
class _Point:
    """One temperature: E[y] of each column, E[max y], expected entropy, P(max y > 0.99)."""

    mean: Floats
    entropy: float
    sharp: float | None = None
    largest: float | None = None


class ExactCurves:
    """Curves of some options.

    Parameters
    ----------
    logits : (K,)
    scale : float
    crowd
        Knows which columns are wanted.
    """

    def __init__(self, logits: Floats, scale: float, crowd: Crowd) -> None:
        self._logits, self._scale, self._crowd = logits, scale, crowd
        self._live = logits[crowd.live]
        self.possible = len(self._live) <= MOST_OPTIONS
        self._points: dict[float, _Point] = {}
        self._limits: Exact | None = None
        self._curves: Exact | None = None

    def has_mean(self, tau: float) -> bool:
        """Tell whether E[y] is known at this temperature."""
        return tau in self._points

    def has(self, tau: float) -> bool:
        """Tell whether everything is."""
        point = self._points.get(tau)
        return point is not None and point.largest is not None

    def work_out(self, tau: float) -> None:
        """Work out the next of what is missing at this temperature: the means, the share, the largest share."""
        point = self._points.get(tau)
        if point is None:
            self._work_out_mean(tau)
        elif point.sharp is None:
            point.sharp = self._share_of_sharp(tau)
        elif point.largest is None:
            point.largest = largest_mean(self._live, tau, self._scale)

    def _work_out_mean(self, tau: float) -> None:
        if len(self._points) > MOST_KEPT:
            self._points = {kept: self._points[kept] for kept in (*_TAUS, *LIMITS) if kept in self._points}
        found: Expectations = expectations(self._live, tau, self._scale)
        mean = self._crowd.gather(found.mean)
        freeze(mean)
        self._points[tau] = _Point(mean, found.entropy)

    def _share_of_sharp(self, tau: float) -> float:
        try:
            return largest_sf(SHARP, self._live, tau, self._scale)
        except ValueError:
            # Scores so far apart that the law at such a temperature is beyond the grid: simulation alone shows it.
            return math.nan

    def sweep(self, coarse: bool) -> Iterator[bool]:
        """Work out the points of the curve, a part of one at a time."""
        for tau in _TAUS[:: COARSE if coarse else 1] if self.possible else ():
            while not self.has(tau):
                self.work_out(tau)
                yield False
            self._curves = None

    @property
    def progress(self) -> tuple[float, float]:
        """How much of the curve is done, from 0 to 1, and how long it takes in pieces of drawing, by experience."""
        if not self.possible:
            return 1.0, 0.0
        return sum(self.has(tau) for tau in _TAUS) / POINTS, POINTS * (4.0 + len(self._live))

    def mean(self, tau: float) -> Floats:
        """Return E[y] of each column, (S,); NaN where it is not known."""
        point = self._points.get(tau)
        return point.mean if point is not None else np.full(self._crowd.columns, math.nan)

    def point(self, tau: float) -> Exact | None:
        """Return everything at one temperature, or None."""
        return self._gather((tau,)) if self.has(tau) else None

    def curves(self) -> Exact | None:
        """Return the curve as far as it is known, or None."""
        if self._curves is None:
            known = tuple(tau for tau in _TAUS if self.has(tau))
            self._curves = self._gather(known) if known else None
        return self._curves

    def limits(self) -> Exact | None:
        """Return the values at temperatures 0 and infinity."""
        if self._limits is None and self.possible:
            for tau in LIMITS:
                while not self.has(tau):
                    self.work_out(tau)
            self._limits = self._gather(LIMITS)
        return self._limits

    def _gather(self, taus: tuple[float, ...]) -> Exact:
        points = [self._points[tau] for tau in taus]
        arrays = (
            np.array(taus),
            np.stack([point.mean for point in points]),
            np.array([point.largest for point in points], np.float64),
            np.array([point.entropy for point in points]),
            np.array([point.sharp for point in points], np.float64),
        )
        for array in arrays:
            freeze(array)
        return Exact(*arrays)
