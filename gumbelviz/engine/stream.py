"""Seeded noise in which every draw has an address.

Draw n of seed s is always the same noise, on every machine and whatever the scores, the temperature, the
number of threads or the order in which draws are asked for:

* With up to `SEPARATE` options, option k reads its own generator, seeded from (s, k), and draw n is number n
  of it. Adding an option at the end therefore leaves the noise of the others alone.
* Above that, all options read one generator in which each draw owns a stretch of `WIDE_STRIDE` numbers.

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
WIDE_STRIDE = 2**16 + 1
"""Words of 64 bits per draw, enough for 131,072 options; odd, so that strides never line up with the period."""
_WIDE_KEY = 2**32 - 1
_HALF = 2.0**-33
_STEP = 2.0**-32
_MIDDLE = np.uint32(2**31)
_TOP = np.uint32(2**32 - 1)
_LN2 = math.log(2.0)
LOG2_LN2 = math.log2(_LN2)
"""What `SingleNoise` leaves out: log2 E = its numbers + log2(ln 2)."""


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
        self._options = options
        self.separate = width <= SEPARATE
        keys = [int(k) for k in options] if self.separate else [_WIDE_KEY]
        self._generators = [PCG64DXSM(SeedSequence(seed, spawn_key=(k,))) for k in keys]
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
        generator = self._generators[0]
        words = int(self._options[-1]) // 2 + 1
        dense = len(self._options) == int(self._options[-1]) + 1
        for n in range(out.shape[1]):
            self._seek((first + n) * WIDE_STRIDE)
            row = generator.random_raw(words).view(np.uint32)
            out[:, n] = row[: len(self._options)] if dense else row[self._options]
            self._word += words

    def _seek(self, word: int) -> None:
        if word != self._word:
            for generator in self._generators:
                generator.advance(word - self._word)
            self._word = word


def gumbel_of_bits(bits: Bits) -> NDArray[np.float64]:
    """Return the standard Gumbel numbers of `bits`, in double precision: the definition of the noise."""
    exponential: NDArray[np.float64] = -np.log(bits * _STEP + _HALF)
    # Close to 1 a logarithm loses digits; there U is written as 1 - (2^32 - r - 1/2) / 2^32.
    late = bits > _MIDDLE
    exponential[late] = -np.log1p(-((_TOP - bits[late]) * _STEP + _HALF))
    return np.negative(np.log(exponential))


class SingleNoise:
    """The same numbers in single precision, quickly: log2(-log2 U), from which G = -ln 2 log2(-log2 U) - ln ln 2.

    Where U is above 1 - 2^-10 single precision has lost its last digits, which would show as gaps in the right
    tail after some 1e7 draws: these 1 in 1,024 are redone in double precision.

    Parameters
    ----------
    size
        The most numbers that will be asked for at once.
    """

    _CAREFUL = np.uint32(2**32 - 2**22)

    def __init__(self, size: int) -> None:
        # One spare word, because the marks are searched eight at a time.
        self._late = np.zeros(size + 8, np.bool_)

    def log2_exponential(self, bits: Bits, out: NDArray[np.float32]) -> None:
        """Fill `out` with log2 of E / ln 2 of `bits`; both are flat, of the same length."""
        np.multiply(bits, np.float32(_STEP), out=out, dtype=np.float32, casting="unsafe")
        np.add(out, np.float32(_HALF), out=out)
        np.log2(out, out=out)
        np.negative(out, out=out)
        np.log2(out, out=out)
        redo = self._find_late(bits)
        out[redo] = np.log2(-np.log1p(-((_TOP - bits[redo]) * _STEP + _HALF)) / _LN2)

    def _find_late(self, bits: Bits) -> NDArray[np.intp]:
        """Places of the few bits near the top: eight marks are looked at as one word, which is 5 times quicker."""
        whole = -(-bits.size // 8) * 8
        self._late[bits.size : whole] = False
        np.greater(bits, self._CAREFUL, out=self._late[: bits.size])
        words = np.flatnonzero(self._late[:whole].view(np.uint64))
        near = (8 * words[:, None] + np.arange(8)).ravel()
        late: NDArray[np.intp] = near[self._late[near]]
        return late
