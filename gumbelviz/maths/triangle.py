"""The simplex of three options cut into small triangles, and the exact chance that a soft choice falls in each.

With M steps a side the lines y_i = m / M cut the triangle into M^2 small triangles of equal area, half of them
upright. Cell `2 (i M + j) + inverted` holds the soft choices with i = floor(M y_1) and j = floor(M y_2); the
tables have 2 M^2 entries, of which those with i + j >= M stay empty.

Ratios of soft choices are differences of Gumbel variables, whose joint law is the bivariate logistic one
(Gumbel 1961): with D = z_1 - z_2, E = z_3 - z_2, in units of the noise scale,

    P(y_1 / y_2 <= s, y_3 / y_2 <= t) = 1 / (1 + exp(D) s^-tau + exp(E) t^-tau).

On the ray y_1 = s y_2 from the third corner, where x = tau log s - D has the standard logistic law, the third
share is below that of the ratio t with chance (F / F_inf)^2 = expit(softplus(-x) - E + tau log t)^2. One smooth
integral over x is left per cell, however steep the density is: nothing diverges, at the corners either.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths import special
from gumbelviz.maths.refusals import check_logits, check_scale, check_temperature

Reals = NDArray[np.float64]

_FARTHEST = 38.0  # exp(-38) of the logistic law is left out on either side
_STEP = 0.11
_TURNS = np.arange(-29, 30) * _STEP
_INNER = 0.5 * math.pi * np.sinh(_TURNS)
_PLACES = special.expit(2.0 * _INNER)  # tanh-sinh: nodes on (0, 1), crowded at both ends
_WEIGHTS = 0.25 * math.pi * _STEP * np.cosh(_TURNS) / np.cosh(_INNER) ** 2


def cells_of(shares: ArrayLike, steps: int) -> NDArray[np.int64]:
    """Return the cell of each soft choice; shares (3, N), cells (N,)."""
    y = np.asarray(shares)
    first, second = y[0] * steps, y[1] * steps
    i, j = first.astype(np.int64), second.astype(np.int64)
    # A corner belongs to its cell; and two shares can sum to just over 1.
    np.minimum(i, steps - 1, out=i)
    np.minimum(j, steps - 1 - i, out=j)
    inverted = (first - i) + (second - j) > 1.0
    cells: NDArray[np.int64] = 2 * (i * steps + j) + (inverted & (i + j < steps - 1))
    return cells


def row_probabilities(
    row: int, steps: int, logits: ArrayLike, temperature: float, scale: float = 1.0
) -> NDArray[np.float64]:
    """Return the chance of every cell with floor(M y_1) = `row`: (2 M,).

    Good to about 1e-8 of all draws for tau / beta from 0.05 upward, to 2e-5 at 0.01.

    Parameters
    ----------
    row, steps
        Which row of cells, and M.
    logits : (3,)
        Finite.
    temperature : float
        Above 0 and below infinity.
    scale : float
        Scale of the noise.

    Raises
    ------
    ValueError
        For logits, a temperature or a scale without meaning here.
    """
    z, tau = check_logits(logits) / check_scale(scale), check_temperature(temperature) / scale
    if z.shape != (3,) or not np.isfinite(z).all() or not 0.0 < tau < math.inf:
        raise ValueError("Cells of the triangle need three options that can be chosen, and a temperature between.")
    side = 1.0 / steps
    b = np.arange(steps - row, dtype=np.float64) * side
    a = np.full(b.size, row * side, np.float64)
    # From whole numbers: a level of 1e-17 where 0 is meant would cut off the farthest rays.
    c = b[::-1]
    law = _Law(z[0] - z[1], z[2] - z[1], tau)
    result = np.zeros(2 * steps)
    result[: 2 * b.size : 2] = law.upright(a, b, c, side)
    result[1 : 2 * b.size - 1 : 2] = law.inverted(a[:-1], b[:-1], c[1:], side)
    return result


def cell_probabilities(steps: int, logits: ArrayLike, temperature: float, scale: float = 1.0) -> Reals:
    """Return the chance of every cell, (2 M^2,), in the order of `cells_of`. Raises as `row_probabilities`."""
    return np.concatenate([row_probabilities(row, steps, logits, temperature, scale) for row in range(steps)])


class _Law:
    """The joint law of the ratios y_1 / y_2 and y_3 / y_2."""

    def __init__(self, lead: float, third: float, tau: float) -> None:
        self._lead, self._third, self._tau = lead, third, tau

    def upright(self, a: Reals, b: Reals, c: Reals, side: float) -> Reals:
        """P(y_1 >= a, y_2 >= b, y_3 >= c); the corner opposite the third edge lies on the ray a : b."""
        with np.errstate(divide="ignore", invalid="ignore"):
            start, bend, end = np.log(a / (b + side)), np.log(a / b), np.log((a + side) / b)
        bend = np.where(np.isnan(bend), 0.0, bend)
        left = self._integrate(start, bend, _on_first(a), _on_third(c))
        return left + self._integrate(bend, end, _on_second(b), _on_third(c))

    def inverted(self, a: Reals, b: Reals, c: Reals, side: float) -> Reals:
        """P(y_1 <= a + side, y_2 <= b + side, y_3 <= c + side) within the triangle between those lines."""
        with np.errstate(divide="ignore"):
            start, bend, end = np.log(a / (b + side)), np.log((a + side) / (b + side)), np.log((a + side) / b)
        top = _on_third(np.minimum(c + side, 1.0))
        left = self._integrate(start, bend, top, _on_second(b + side))
        return left + self._integrate(bend, end, top, _on_first(a + side))

    def _integrate(self, start: Reals, end: Reals, high: _Edge, low: _Edge) -> Reals:
        """Chance of the rays from log s = `start` to `end`, between two edges.

        Cut where the law has its humps: x = 0, around s = 1, and where the third option begins to matter.
        """
        tau, lead = self._tau, self._lead
        first = np.clip(tau * start - lead, -_FARTHEST, _FARTHEST)
        last = np.clip(tau * end - lead, first, _FARTHEST)
        humps = np.sort([0.0, -self._third, self._third - lead, -lead - 8.0 * tau, -lead, -lead + 8.0 * tau])
        knots = np.clip(humps, first[:, None], last[:, None])
        borders = np.column_stack([first, knots, last])
        cells, panels = np.nonzero(np.diff(borders, axis=1) > 0.0)
        left = borders[cells, panels][:, None]
        width = borders[cells, panels + 1][:, None] - left
        x = left + width * _PLACES
        log_s = (x + lead) / tau
        density = special.expit(x) * special.expit(-x)
        crowd = np.logaddexp(0.0, -x) - self._third
        above = special.expit(crowd + tau * high(cells, log_s))
        below = special.expit(crowd + tau * low(cells, log_s))
        chance = (width * density * (above**2 - below**2)) @ _WEIGHTS
        totals = np.zeros(first.size)
        np.add.at(totals, cells, np.maximum(chance, 0.0))
        return totals


class _Edge:
    """The edges y = level of some cells as log t, t = y_3 / y_2, along rays y_1 = s y_2 from the third corner."""

    def __init__(self, level: Reals, which: int) -> None:
        self._level, self._which = level, which

    def __call__(self, cells: NDArray[np.intp], log_s: Reals) -> Reals:
        """Return log t for log s (panels, nodes) of the cells (panels,)."""
        level = self._level[cells][:, None]
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            s = np.exp(log_s)
            if self._which == 2:
                third: Reals = np.log(level) - np.log1p(-level) + np.logaddexp(0.0, log_s)
                return third
            inner = s * (1.0 - level) - level if self._which == 0 else 1.0 - level * (1.0 + s)
            # Rounding at a corner of the cell may leave a hair on the wrong side of an edge of the triangle.
            log_t = np.log(np.maximum(inner, 0.0)) - np.log(level)
        edge: Reals = np.where(level == 0.0, math.inf, log_t)
        return edge


def _on_first(level: Reals) -> _Edge:
    return _Edge(level, 0)


def _on_second(level: Reals) -> _Edge:
    return _Edge(level, 1)


def _on_third(level: Reals) -> _Edge:
    return _Edge(level, 2)
