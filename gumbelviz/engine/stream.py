"""Seeded noise in which every draw has an address.

Draw n of seed s is always the same noise, on every machine and whatever the scores, the temperature, the
number of threads or the order in which draws are asked for:

* With up to `SEPARATE` options, option k reads its own generator, seeded from (s, k), and draw n is number n
  of it. Adding an option at the end therefore leaves the noise of the others alone.
* Above that, `GROUP` options share a generator, seeded from (s, number of the group, GROUP), in which each draw
  owns as many numbers. Here too an option at the end leaves the noise of the others alone.

The generator is PCG64 DXSM, which can jump to any place in under a microsecond and is as fast as SFC64.
The raw material is 32 bits a number. What the bits mean is defined once, in double precision:

    U = (r + 1/2) / 2^32,    E = -log(U),    G = -log(E)

so that a standard Gumbel number lies between -3.13 and 22.88 and is never infinite: there is nothing to clamp.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.random import PCG64DXSM, SeedSequence
from numpy.typing import NDArray

Bits = NDArray[np.uint32]
SEPARATE = 128
GROUP = 256
"""Options that share a generator where there are many: few calls, and few numbers that nobody asked for."""
_GROUP_WORDS = GROUP // 2
_HALF = 2.0**-33
_STEP = 2.0**-32
_MIDDLE = np.uint32(2**31)
_TOP = np.uint32(2**32 - 1)


class Stream:
    """The raw bits of a seed.

    Parameters
    ----------
    seed
        A whole number of at least 0.
    options
        The places of the options that are wanted, in rising order; masked ones are left out.
    width
        How many options there are in all; decides which of the two layouts is read.
    """

    def __init__(self, seed: int, options: NDArray[np.int64], width: int) -> None:
        self.separate = width <= SEPARATE
        if self.separate:
            keys: list[tuple[int, ...]] = [(int(k),) for k in options]
        else:
            groups = np.unique(options // GROUP)
            # Where the options of each group stand, in the output and in the group.
            self._ranges = [slice(*np.searchsorted(options, (g * GROUP, (g + 1) * GROUP))) for g in groups]
            self._places = [options[r] - g * GROUP for g, r in zip(groups, self._ranges, strict=True)]
            keys = [(int(g), GROUP) for g in groups]
        self._generators = [PCG64DXSM(SeedSequence(seed, spawn_key=key)) for key in keys]
        self._word = 0

    def read(self, first: int, out: Bits) -> None:
        """Fill `out`, shape (K, N), with the bits of draws `first` to `first + N - 1`."""
        if self.separate:
            self._read_separate(first, out)
        else:
            self._read_wide(first, out)

    def _read_separate(self, first: int, out: Bits) -> None:
        skip = first % 2
        words = (skip + out.shape[1] + 1) // 2
        self._seek(first // 2)
        for row, generator in zip(out, self._generators, strict=True):
            row[:] = generator.random_raw(words).view(np.uint32)[skip : skip + out.shape[1]]
        self._word += words

    def _read_wide(self, first: int, out: Bits) -> None:
        draws = out.shape[1]
        self._seek(first * _GROUP_WORDS)
        for generator, rows, places in zip(self._generators, self._ranges, self._places, strict=True):
            numbers = generator.random_raw(draws * _GROUP_WORDS).view(np.uint32).reshape(draws, GROUP)
            # A run of neighbours is copied in one piece.
            dense = len(places) == places[-1] + 1
            out.T[:, rows] = numbers[:, : len(places)] if dense else numbers[:, places]
        self._word += draws * _GROUP_WORDS

    def _seek(self, word: int) -> None:
        if word != self._word:
            for generator in self._generators:
                generator.advance(word - self._word)
            self._word = word


def gumbel_of_bits(bits: Bits) -> NDArray[np.float64]:
    """Return the standard Gumbel numbers of `bits`, in double precision: the definition of the noise."""
    return np.negative(np.log(exponential_of_bits(bits)))


def exponential_of_bits(bits: Bits) -> NDArray[np.float64]:
    """Return E = -log U of `bits`, from which G = -log E: the Gumbel number's quantile is exp(-E)."""
    exponential: NDArray[np.float64] = -np.log(bits * _STEP + _HALF)
    # Close to 1 a logarithm loses digits; there U is written as 1 - (2^32 - r - 1/2) / 2^32.
    late = bits > _MIDDLE
    exponential[late] = -np.log1p(-((_TOP - bits[late]) * _STEP + _HALF))
    return exponential


class SingleNoise:
    """The same numbers in single precision, quickly: log E, which is -G in units of ln of the logarithm's base.

    Where U is above 1 - 2^-10 single precision has lost its last digits, which would show as gaps in the right
    tail after some 1e7 draws: these 1 in 1,024 are redone in double precision.

    Parameters
    ----------
    size
        The most numbers that will be asked for at once.
    log, nat
        The logarithm to use, and ln of its base.
    """

    _CAREFUL = np.uint32(2**32 - 2**22)

    def __init__(self, size: int, log: np.ufunc = np.log, nat: float = 1.0) -> None:
        self._log, self._nat = log, nat
        self._between = np.float32(math.log(nat) / nat)
        # Spare words, because the marks are searched eight at a time.
        self._late = np.zeros(size + 8, np.bool_)

    def log_exponential(self, bits: Bits, out: NDArray[np.float32]) -> None:
        """Fill `out` with log E of `bits`, both (K, n); `out` lies in one piece, row by row or column by column."""
        if not out.flags.c_contiguous:
            bits, out = bits.T, out.T
        np.copyto(out, bits, casting="unsafe")
        np.multiply(out, np.float32(_STEP), out=out)
        np.add(out, np.float32(_HALF), out=out)
        self._log(out, out=out)
        np.negative(out, out=out)
        self._log(out, out=out)
        if self._nat != 1.0:
            # -log2 U is E / ln 2.
            np.add(out, self._between, out=out)
        late = self._find_late(bits)
        rows, columns = np.divmod(late, bits.shape[1])
        exponential = -np.log1p(-((_TOP - bits[rows, columns]) * _STEP + _HALF))
        out[rows, columns] = np.log(exponential) / self._nat

    def _find_late(self, bits: Bits) -> NDArray[np.intp]:
        """Places of the few bits near the top: eight marks are looked at as one word, which is 5 times quicker."""
        whole = -(-bits.size // 8) * 8
        self._late[bits.size : whole] = False
        np.greater(bits, self._CAREFUL, out=self._late[: bits.size].reshape(bits.shape))
        # As booleans, of which the search skips the false ones.
        words = np.flatnonzero(self._late[:whole].view(np.uint64) != 0)
        near = (8 * words[:, None] + np.arange(8)).ravel()
        late: NDArray[np.intp] = near[self._late[near]]
        return late
