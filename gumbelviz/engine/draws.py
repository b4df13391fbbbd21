"""Many draws of the stream in double precision, a block at a time: every number of each, not what they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import Stream, exponential_of_bits
from gumbelviz.maths import concrete
from gumbelviz.model.settings import Settings

Reals = NDArray[np.float64]

BLOCK_NUMBERS = 2**16
"""Noise values in a block: a few milliseconds of work, and small enough to stay in the cache."""


@dataclass(frozen=True, slots=True)
class Block:
    """Draws `first` to `first + N - 1`: noise G, noisy scores z + G and soft choices y, (K, N), and winners (N,)."""

    first: int
    noise: Reals
    perturbed: Reals
    soft: Reals
    winners: NDArray[np.int64]


def draw_blocks(settings: Settings, first: int, count: int) -> Iterator[Block]:
    """Yield draws `first` to `first + count - 1` of the stream of `settings`, in order.

    They are the numbers that `Simulation.draw` returns for each of them, from the same bits: the same to the last
    digit, but for soft choices among eight options or more, whose sums are rounded in another order (1e-15). Pinned
    noise is left out: it belongs to the one draw on display, not to the stream.
    """
    scores = settings.scores[:, np.newaxis]
    width = len(settings.options)
    stream = Stream(settings.seed, np.arange(width), width)
    most = max(BLOCK_NUMBERS // width, 1)
    for start in range(first, first + count, most):
        bits = np.empty((width, min(most, first + count - start)), np.uint32)
        stream.read(start, bits)
        noise = settings.location - settings.scale * np.log(exponential_of_bits(bits))
        perturbed = scores + noise
        soft = concrete.relax(perturbed, settings.temperature)
        yield Block(start, noise, perturbed, soft, concrete.choose(perturbed).astype(np.int64))
