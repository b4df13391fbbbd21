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
_LOWEST = -60.0
"""Exponents are not looked at below: results that underflow would be slow, and nobody could tell them from 0."""
_STEP, _HALF = np.float32(2.0**-32), np.float32(2.0**-33)
_LEAST = np.float32(2.0**-26)
"""An exponential number that rounding would make 0: then the winner is so far ahead that all slopes are 0."""
_FAR = 80.0
"""Options farther behind than this have weights that single precision cannot divide by."""
_SQUARINGS = {0.5: -1, 1.0: 0, 2.0: 1, 4.0: 2, 8.0: 3}
"""Powers that are a root, or squares of squares: ten times as quick as a logarithm and an exponential."""


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
        self._far = float(relative.min()) < -_FAR
        self._per_weight = 1 / np.maximum(self._weights, np.float32(1e-37))
        # Above 1e30 times a gap of scores is as good as infinitely far behind.
        self._rate = np.float32(min(1.0 / temperature, 1e30))
        # The largest base there is: the most of an exponential number over the least, over the least weight.
        longest = math.log(24.0 / float(_LEAST)) - float(self._log_weights.min())
        self._may_underflow = float(self._rate) * longest > -_LOWEST
        self._squarings = _SQUARINGS.get(float(self._rate))
        self._a = slopes.a.astype(np.float32)[:, np.newaxis]
        self._b = slopes.b.astype(np.float32)[:, np.newaxis]
        self._power = slopes.power
        self._ones = np.ones(options, np.float32)
        self._sums = np.stack([self._ones, self._a[:, 0]])
        self._noise = SingleNoise(options * size)
        self._wide = np.empty((8, options * size), np.float32)
        self._narrow = np.empty((4, size), np.float32)
        self._pair = np.empty(2 * size, np.float32)
        # NumPy is quick with two arrays, and five times slower with an array and a bare number.
        self._lowest = np.full(options * size, _LOWEST, np.float32)
        self._draws = 0

    def choose(self, bits: Bits) -> NDArray[np.int64]:
        """Look at the draws of `bits`, (K, n), and return how often each option won."""
        scores, won, lost, at_winner, soft, _, _, _ = self._arrays(bits.shape[1])
        top, of_winner, *_ = self._rows()
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
        if not self._far:
            np.multiply(lost, self._per_weight, out=lost)
        np.dot(self._b[:, 0], won, out=of_winner)
        np.multiply(self._b, won, out=at_winner)
        np.add(at_winner, self._a, out=at_winner)
        np.multiply(scores, self._rate, out=soft)
        self._soften(soft)
        return wins

    def relaxed(self) -> Singles:
        """Return the gradients of Gumbel-Softmax for the draws that were looked at last."""
        _, _, _, _, soft, product, result, _ = self._arrays(self._draws)
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
        _, _, _, at_winner, soft, product, result, _ = self._arrays(self._draws)
        return self._pull_back(soft, at_winner, product, result)

    def begin(self) -> None:
        """Begin to average over soft choices that are drawn anew; spoils what `relaxed` and `straight` need."""
        first, second = self._arrays(self._draws)[6:]
        first[:] = 0
        second[:] = 0

    def add(self, bits: Bits) -> None:
        """Draw soft choices anew from `bits`, (K, n), given the winners.

        With E = -log U standard exponential, weights w of sum 1 and i the winner, scores are -log E_i for the
        winner and -log(E_k / w_k + E_i) for the others (Maddison, Tarlow and Minka 2014). The soft choice then is
        proportional to 1 for the winner, and to (1 + E_k / (w_k E_i)) to the power -1 / temperature.
        """
        _, won, lost, _, soft, product, shares, means = self._arrays(self._draws)
        top, of_winner, total, mean = self._rows()
        np.copyto(product, bits, casting="unsafe")
        np.multiply(product, _STEP, out=product)
        np.add(product, _HALF, out=product)
        # Minus E, because signs can be mended where there is less of it.
        np.log(product, out=product)
        np.einsum("kn,kn->n", won, product, out=top)
        np.minimum(top, -_LEAST, out=top)
        if self._far:
            self._add_far(product)
        else:
            np.divide(1, top, out=top)
            np.multiply(product, lost, out=soft)
            np.multiply(soft, top, out=soft)
            np.add(soft, 1, out=soft)
            self._raise(soft)
        sums = self._pair[: 2 * self._draws].reshape(2, self._draws)
        np.dot(self._sums, soft, out=sums)
        np.divide(1, sums[0], out=total)
        np.add(sums[1], of_winner, out=mean)
        np.multiply(mean, total, out=mean)
        np.multiply(soft, total, out=soft)
        np.add(shares, soft, out=shares)
        np.multiply(soft, mean, out=soft)
        np.add(means, soft, out=means)

    def _add_far(self, minus: Singles) -> None:
        """The same soft choice, up to a factor, where weights are too small to divide by; `minus` is spoilt."""
        _, _, lost, _, soft, _, _, _ = self._arrays(self._draws)
        top = self._rows()[0]
        np.multiply(self._weights, top, out=soft)
        np.add(minus, soft, out=soft)
        np.negative(soft, out=soft)
        np.log(soft, out=soft)
        np.negative(top, out=top)
        np.log(top, out=top)
        np.subtract(soft, self._log_weights, out=soft)
        np.subtract(top, soft, out=soft)
        np.multiply(soft, lost, out=soft)
        np.multiply(soft, self._rate, out=soft)
        np.maximum(soft, self._lowest[: soft.size].reshape(soft.shape), out=soft)
        np.exp(soft, out=soft)

    def _raise(self, base: Singles) -> None:
        """Raise `base`, at least 1, to the power -1 / temperature, in place."""
        if self._squarings is not None:
            np.reciprocal(base, out=base)
            if self._squarings < 0:
                np.sqrt(base, out=base)
            for _ in range(self._squarings):
                np.multiply(base, base, out=base)
            return
        np.log(base, out=base)
        np.multiply(base, -self._rate, out=base)
        if self._may_underflow:
            np.maximum(base, self._lowest[: base.size].reshape(base.shape), out=base)
        np.exp(base, out=base)

    def mean_of(self, count: int) -> Singles:
        """Return the mean of the gradients of so many choices that were drawn anew."""
        _, _, _, at_winner, _, _, shares, means = self._arrays(self._draws)
        np.multiply(shares, at_winner, out=shares)
        np.subtract(shares, means, out=shares)
        np.multiply(shares, np.float32(1.0 / count), out=shares)
        return shares

    def _arrays(self, draws: int) -> list[Singles]:
        self._draws = draws
        options = len(self._ones)
        return [array[: options * draws].reshape(options, draws) for array in self._wide]

    def _rows(self) -> list[Singles]:
        return [array[: self._draws] for array in self._narrow]

    def _soften(self, exponents: Singles) -> None:
        """Turn exponents, of which the largest is 0, into shares."""
        total = self._rows()[2]
        np.maximum(exponents, self._lowest[: exponents.size].reshape(exponents.shape), out=exponents)
        np.exp(exponents, out=exponents)
        np.dot(self._ones, exponents, out=total)
        np.divide(1, total, out=total)
        np.multiply(exponents, total, out=exponents)

    def _pull_back(self, soft: Singles, slopes: Singles, product: Singles, out: Singles) -> Singles:
        """Fill `out` with y (v - y.v)."""
        mean = self._rows()[2]
        np.multiply(soft, slopes, out=product)
        np.dot(self._ones, product, out=mean)
        np.multiply(soft, mean, out=out)
        np.subtract(product, out, out=out)
        return out
