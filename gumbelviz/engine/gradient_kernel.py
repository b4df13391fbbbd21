"""The gradients that go back through soft choices, in single precision, many draws at a time.

The formulas are those of `gumbelviz.maths.gradients`, which is what the tests compare with. Whatever is the same
for several estimators is computed once: the soft choice, the slopes at the winner. Arrays are (K, n), options that
can win only, and nothing is allocated from chunk to chunk.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import Bits, SingleNoise
from gumbelviz.maths.objectives import Slopes

Singles = NDArray[np.float32]
_LOWEST = np.float32(-60.0)
"""Exponents are not looked at below: results that underflow would be slow, and nobody could tell them from 0."""
_STEP, _HALF = np.float32(2.0**-32), np.float32(2.0**-33)
_LEAST = np.float32(2.0**-26)
"""An exponential number that rounding would make 0: then the winner is so far ahead that all slopes are 0."""


class GradientKernel:
    """Turns bits into gradients, up to the factor 1 / temperature.

    Parameters
    ----------
    logits
        (K,), finite.
    temperature
        Above 0 and finite.
    slopes
        Of the objective, for these options.
    size
        The most draws that will be asked for at once.
    """

    def __init__(self, logits: NDArray[np.float64], temperature: float, slopes: Slopes, size: int) -> None:
        options = len(logits)
        relative = logits - logits.max()
        self._z = relative.astype(np.float32)[:, np.newaxis]
        weights = np.exp(relative)
        self._weights = (weights / weights.sum()).astype(np.float32)[:, np.newaxis]
        self._log_weights = (relative - math.log(weights.sum())).astype(np.float32)[:, np.newaxis]
        # Above 1e30 times a gap of scores is as good as infinitely far behind.
        self._rate = np.float32(min(1.0 / temperature, 1e30))
        self._a = slopes.a.astype(np.float32)[:, np.newaxis]
        self._b = slopes.b.astype(np.float32)[:, np.newaxis]
        self._power = slopes.power
        self._same = not slopes.b.any()
        self._noise = SingleNoise(options * size)
        self._ones = np.ones(options, np.float32)
        self._wide = np.empty((7, options * size), np.float32)
        self._narrow = np.empty((3, size), np.float32)
        self._draws = 0

    @property
    def same(self) -> bool:
        """True where slopes are the same everywhere, so that Gumbel-Softmax is its straight-through version."""
        return self._same

    def choose(self, bits: Bits) -> NDArray[np.int64]:
        """Look at the draws of `bits`, (K, n), and return how often each option won."""
        scores, won, lost, at_winner, soft, _, _ = self._arrays(bits.shape[1])
        top, _, _ = self._rows()
        self._noise.log_exponential(bits, scores)
        np.subtract(self._z, scores, out=scores)
        np.maximum.reduce(scores, axis=0, out=top)
        np.subtract(scores, top, out=scores)
        np.equal(scores, 0, out=won)
        wins: NDArray[np.int64] = won.sum(axis=1, dtype=np.float64).astype(np.int64)
        if wins.sum() != bits.shape[1]:
            # Of equal scores the first wins.
            won[:] = (won > 0) & (np.cumsum(won, axis=0) == 1)
            wins = won.sum(axis=1, dtype=np.float64).astype(np.int64)
        np.subtract(1, won, out=lost)
        np.multiply(self._b, won, out=at_winner)
        np.add(at_winner, self._a, out=at_winner)
        np.multiply(scores, self._rate, out=soft)
        self._soften(soft)
        return wins

    def nothing(self) -> Singles:
        """Return zeros, to add gradients to."""
        return np.zeros((len(self._ones), self._draws), np.float32)

    def relaxed(self) -> Singles:
        """Return the gradients of Gumbel-Softmax for the draws that were looked at last."""
        _, _, _, _, soft, product, result = self._arrays(self._draws)
        # f'(y) in the place of the result.
        if self._power == 2:
            np.multiply(soft, soft, out=result)
            np.multiply(result, self._b, out=result)
        else:
            np.multiply(soft, self._b, out=result)
        np.add(result, self._a, out=result)
        return self._pull_back(soft, result, product, result)

    def straight(self) -> Singles:
        """Return the gradients of straight-through Gumbel-Softmax for the same draws."""
        _, _, _, at_winner, soft, product, result = self._arrays(self._draws)
        return self._pull_back(soft, at_winner, product, result)

    def conditional(self, bits: Bits) -> Singles:
        """Return the same for soft choices that are drawn anew from `bits`, given the winners; spoils `straight`.

        With E standard exponential, weights w of sum 1 and i the winner, scores are -log E_i for the winner and
        -log(E_k / w_k + E_i) for the others (Maddison, Tarlow and Minka 2014).
        """
        late, won, lost, at_winner, soft, product, result = self._arrays(self._draws)
        _, top, _ = self._rows()
        np.copyto(late, bits, casting="unsafe")
        np.multiply(late, _STEP, out=late)
        np.add(late, _HALF, out=late)
        np.log(late, out=late)
        np.negative(late, out=late)
        np.maximum(late, _LEAST, out=late)
        np.multiply(late, won, out=product)
        np.dot(self._ones, product, out=top)
        np.multiply(self._weights, top, out=product)
        np.add(late, product, out=late)
        np.log(late, out=late)
        np.log(top, out=top)
        np.subtract(late, self._log_weights, out=late)
        np.subtract(top, late, out=soft)
        np.multiply(soft, lost, out=soft)
        np.multiply(soft, self._rate, out=soft)
        self._soften(soft)
        return self._pull_back(soft, at_winner, product, result)

    def _arrays(self, draws: int) -> list[Singles]:
        self._draws = draws
        options = len(self._ones)
        return [array[: options * draws].reshape(options, draws) for array in self._wide]

    def _rows(self) -> list[Singles]:
        return [array[: self._draws] for array in self._narrow]

    def _soften(self, exponents: Singles) -> None:
        """Turn exponents, of which the largest is 0, into shares."""
        _, _, total = self._rows()
        np.maximum(exponents, _LOWEST, out=exponents)
        np.exp(exponents, out=exponents)
        np.dot(self._ones, exponents, out=total)
        np.divide(1, total, out=total)
        np.multiply(exponents, total, out=exponents)

    def _pull_back(self, soft: Singles, slopes: Singles, product: Singles, out: Singles) -> Singles:
        """Fill `out` with y (v - y.v)."""
        _, _, mean = self._rows()
        np.multiply(soft, slopes, out=product)
        np.dot(self._ones, product, out=mean)
        np.multiply(soft, mean, out=out)
        np.subtract(product, out, out=out)
        return out
