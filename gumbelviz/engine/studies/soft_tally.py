"""Soft choices of the same draws at many temperatures, added up.

A draw is known by how far each option lies behind the winner, d = p - max p <= 0, in units of nothing else
than scores; every temperature reads that off: y = exp(d / tau) / S with S = sum exp(d / tau), so that the
largest share is 1 / S and the entropy log S - sum y d / tau.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.model.frame import freeze
from gumbelviz.model.temperature_report import SHARP, Simulated

Floats = NDArray[np.float64]

_FAINTEST = -100.0
"""Smallest exponent: what underflows leaves the fast path, and adds nothing to any sum."""


class Crowd:
    """The unmasked options, and the columns in which they are reported.

    Parameters
    ----------
    logits : (K,)
    scale : float
    seed : int
    shown
        The options with a column of their own; the others share one more.
    """

    def __init__(self, logits: Floats, scale: float, seed: int, shown: tuple[int, ...]) -> None:
        self.live = np.flatnonzero(np.isfinite(logits))
        self.scale = scale
        self._scores = (logits[self.live] - logits[self.live].max())[:, None]
        self._stream = Stream(seed, self.live, len(logits))
        self.columns = len(shown) + (len(shown) < len(logits))
        place = {int(option): row for row, option in enumerate(self.live)}
        self._shown = [(column, place[i]) for column, i in enumerate(shown) if i in place]
        self._rest = self.columns > len(shown)

    def behind(self, first: int, count: int) -> Floats:
        """Return how far options lie behind the winner in draws `first` to `first + count - 1`, (L, N), at most 0."""
        bits = np.empty((count, len(self.live)), np.uint32).T if len(self.live) > count else np.empty(
            (len(self.live), count), np.uint32)  # fmt: skip
        self._stream.read(first, bits)
        noisy: Floats = self._scores + self.scale * gumbel_of_bits(bits)
        noisy -= noisy.max(axis=0)
        return noisy

    def gather(self, shares: Floats) -> Floats:
        """Put shares of the live options, (L, ...), into the columns of a report, (S, ...)."""
        gathered = np.zeros((self.columns, *shares.shape[1:]))
        for column, row in self._shown:
            gathered[column] = shares[row]
        if self._rest:
            gathered[-1] = np.maximum(shares.sum(axis=0) - gathered[:-1].sum(axis=0), 0.0)
        return gathered


def soften(behind: Floats, tau: float) -> tuple[Floats, Floats, Floats]:
    """Return soft choices (L, N), their largest shares (N,) and their entropies (N,), at any temperature."""
    if tau == 0.0:
        shares = np.zeros_like(behind)
        np.put_along_axis(shares, behind.argmax(axis=0)[None, :], 1.0, axis=0)
        return shares, np.ones(behind.shape[1]), np.zeros(behind.shape[1])
    with np.errstate(over="ignore"):  # a temperature of 1e-300 makes exponents infinite, which is as it should be
        exponents = np.maximum(behind / tau, _FAINTEST)
    shares = np.exp(exponents)
    total = shares.sum(axis=0)
    shares /= total
    return shares, 1.0 / total, np.log(total) - np.einsum("kn,kn->n", shares, exponents)


class SoftTally:
    """Sums over the draws so far, at each of `taus`."""

    def __init__(self, taus: tuple[float, ...], columns: int) -> None:
        self.taus = taus
        self.draws = 0
        self._result: Simulated | None = None
        self._counts = np.zeros((len(taus), 1))
        # Share of each column, largest share, entropy, one-hot: one row of sums and one of squares for each.
        self._sums = np.zeros((len(taus), columns + 3))
        self._squares = np.zeros((len(taus), columns + 3))

    def add(self, crowd: Crowd, behind: Floats) -> Iterator[None]:
        """Add some draws, (L, N), one temperature at a time; `draws` counts them when all are through."""
        for place, tau in enumerate(self.taus):
            shares, largest, entropy = soften(behind, tau)
            values = np.concatenate([crowd.gather(shares), [largest, entropy, largest > SHARP]])
            self._sums[place] += values.sum(axis=1)
            self._squares[place] += np.einsum("sn,sn->s", values, values)
            self._counts[place] += behind.shape[1]
            self._result = None
            yield
        self.draws += behind.shape[1]

    def result(self) -> Simulated:
        """Return means and twice their standard errors; NaN at temperatures without a draw.

        The same object comes back until there are more draws, so that nobody needs to draw it twice.
        """
        if self._result is not None and self._result.draws == self.draws:
            return self._result
        counts = np.where(self._counts > 0, self._counts, math.nan)
        means = self._sums / counts
        bands = 2.0 * np.sqrt(np.maximum(self._squares / counts - means**2, 0.0) / counts)
        parts: list[Floats] = [part for both in zip(_cut(means), _cut(bands), strict=True) for part in both]
        self._result = Simulated(self.draws, *parts)
        return self._result


def _cut(values: Floats) -> tuple[Floats, ...]:
    parts = values[:, :-3].copy(), values[:, -3].copy(), values[:, -2].copy(), values[:, -1].copy()
    for part in parts:
        freeze(part)
    return parts
