"""The newest draws of the stream, a fixed number of them, with their noise kept.

A draw keeps its place in the list, and its noise, while scores and temperature change; new draws take the places of
the oldest as the stream goes on. Where draws come by the million, only the newest of each picture move in, a
small part at a time: a cloud that is replaced as a whole 60 times a second cannot be looked at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.maths.expectations import Reals

RENEWALS = 64
"""Pictures it takes at least until all draws have been replaced: about a second."""
REMADE = 10_000_000
"""Draws that a player makes again after a change; where the stream was further, new draws move in from there on."""
_PIECE = 8192
_WIDE_NUMBERS = 400_000
"""Numbers made at most between two looks at the clock where each draw has them all in one row."""


class NewestDraws:
    """Standard Gumbel noise of some options in the newest draws.

    Parameters
    ----------
    size
        How many draws are kept.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._stream: Stream | None = None
        self._key: tuple[int, tuple[int, ...], int] | None = None
        self._clear(0)

    def _clear(self, rows: int) -> None:
        self.addresses: NDArray[np.int64] = np.empty(0, np.int64)
        """Which draws they are, (D,), in the order of their places."""
        self.noise: Reals = np.empty((rows, 0))
        """Their noise, (n, D)."""
        self._oldest = 0
        self._seen = 0
        self._stale: NDArray[np.intp] = np.empty(0, np.intp)

    def read_from(self, seed: int, options: tuple[int, ...], width: int) -> None:
        """Keep the noise of these options; draws keep their addresses."""
        if self._key == (seed, options, width):
            return
        same_noise = self._key is not None and self._key[0] == seed and self._key[1] == options
        same_noise = same_noise and self._stream is not None
        self._key = seed, options, width
        before = self._stream
        self._stream = Stream(seed, np.array(sorted(options), np.int64), width)
        if same_noise and before is not None and before.separate == self._stream.separate:
            return
        self.noise = np.zeros((len(options), self.addresses.size))
        self._stale = np.arange(self.addresses.size)

    def resize(self, size: int) -> None:
        """Keep another number of draws."""
        if size < self.addresses.size:
            order = np.roll(np.arange(self.addresses.size), -self._oldest)[-size:]
            self.addresses, self.noise = self.addresses[order], self.noise[:, order]
            self._oldest, self._stale = 0, np.arange(size) if self._stale.size else self._stale
        elif size > self._size:
            # Those before the ones that are kept were forgotten: start over, from the same newest one.
            self._clear(self.noise.shape[0])
        self._size = size

    def hold(self) -> None:
        """The stream begins again with other settings: keep what there is until it has come as far."""
        self._seen = min(self._seen, REMADE)

    def forget(self) -> None:
        """The stream begins again from draw 0."""
        self._clear(self.noise.shape[0])

    def is_behind(self, draws: int) -> bool:
        """Tell whether `update` would do something."""
        return self._stale.size > 0 or draws > self._seen

    def update(self, draws: int) -> bool:
        """Let newer draws in, or read noise that is missing; False where there is more of it to do at once."""
        if self._stale.size:
            self._read_stale()
            return self._stale.size == 0
        missing = self._size - self.addresses.size
        count = min(max(draws - self._seen, 0), max(missing, self._size // RENEWALS, 1))
        if count:
            self._let_in(np.arange(draws - count, draws), min(missing, count))
            self._read_stale()
        self._seen = max(self._seen, draws)
        return self._stale.size == 0

    def _let_in(self, new: NDArray[np.int64], more: int) -> None:
        """Give the first `more` of the new draws places of their own, and the others those of the oldest."""
        start = self.addresses.size
        self.addresses = np.concatenate([self.addresses, new[:more]])
        self.noise = np.concatenate([self.noise, np.zeros((self.noise.shape[0], more))], axis=1)
        oldest = (self._oldest + np.arange(new.size - more)) % self._size
        self.addresses[oldest] = new[more:]
        self._oldest = int((self._oldest + oldest.size) % self._size)
        self._stale = np.concatenate([np.arange(start, start + more), oldest])

    def _read_stale(self) -> None:
        """Read a piece of the noise that is missing, in runs of neighbouring draws."""
        assert self._stream is not None
        assert self._key is not None
        piece = _PIECE if self._stream.separate else min(max(_WIDE_NUMBERS // (max(self._key[1]) + 1), 4), 256)
        places = self._stale[:piece]
        self._stale = self._stale[places.size :]
        addresses = self.addresses[places]
        borders = np.flatnonzero(np.diff(addresses) != 1) + 1
        rows = np.argsort(np.argsort(self._key[1]))
        for run in np.split(places, borders):
            bits = np.empty((len(rows), run.size), np.uint32)
            self._stream.read(int(self.addresses[run[0]]), bits)
            self.noise[:, run] = gumbel_of_bits(bits)[rows]
