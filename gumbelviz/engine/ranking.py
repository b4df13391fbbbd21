"""Many options made small enough for a picture: once for the settings, and once for each frame."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gumbelviz.maths import checks, ranks
from gumbelviz.model.frame import Draw, Floats, Integers, Ranked, Ranking, freeze

Number = TypeVar("Number", np.int64, np.float64)
CELLS_PER_DECADE = 80
"""Some 350 cells for 131,072 ranks: about as many as a column of the window has pixels."""
GROUPS_PER_DECADE = 5
SMALLEST_GROUP = 4
LOWEST_LOG = -400.0
"""Stands for the logarithm of 0: below that of every positive number."""
_DEEPEST = 9.0
"""Powers of ten below the most probable option that a picture shows; what lies deeper is not drawn in a lifetime."""
_FUNNEL = 65


def make_ranking(scores: Floats, scale: float) -> Ranking:
    """Rank the options with these scores (K,), and divide them into cells and groups."""
    order = ranks.ranking(scores)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(1, len(order) + 1)
    live = int(np.count_nonzero(np.isfinite(scores)))
    logs = ranks.log10_probabilities(scores, scale)
    starts = ranks.log_cells(live, CELLS_PER_DECADE)
    ends = np.append(starts[1:], live)
    groups = _groups(live)
    sums = np.add.reduceat(10.0 ** logs[order[:live]], groups)
    means = _log(sums / np.diff(np.append(groups, live)))
    curve = order[starts if starts[-1] == live - 1 else np.append(starts, live - 1)]
    floor = max(float(logs[order[live - 1]]), float(logs[order[0]]) - _DEEPEST)
    funnel = np.linspace(floor - 1.0, 0.0, _FUNNEL)
    best = order[0]
    winning = float(scores[best]) - scale * math.log(10.0) * float(logs[best])
    # The middle of a cell on the logarithmic axis: the geometric mean of its first and last rank.
    middles = 0.5 * (np.log10(starts + 1.0) + np.log10(ends.astype(np.float64)))
    for array in (order, place, logs, starts, middles, curve, groups, means, funnel):
        freeze(array)
    return Ranking(order, place, live, logs, floor, winning, starts, middles, curve, groups, means, funnel)


def _groups(live: int) -> Integers:
    """Where groups of at least `SMALLEST_GROUP` neighbours begin; smaller ones say nothing that dots do not."""
    groups = ranks.log_cells(live, GROUPS_PER_DECADE)
    sizes = np.diff(np.append(groups, live))
    if sizes[-1] < SMALLEST_GROUP:
        groups, sizes = groups[:-1], sizes[:-1]
    return groups[sizes >= SMALLEST_GROUP]


def summarize(ranking: Ranking, draw: Draw, wins: Integers, soft_mean: Floats, draws: int) -> Ranked:
    """Thin one draw and the winners of all `draws` for a picture."""
    order, starts = ranking.order[: ranking.live], ranking.starts
    noisy_low, noisy_high = ranks.cell_extremes(draw.perturbed[order], starts)
    soft_low, soft_high = (_log(values) for values in ranks.cell_extremes(draw.soft[order], starts))
    mean_low, mean_high = (_log(values) for values in ranks.cell_extremes(soft_mean[order], starts))
    ordered = wins[order]
    won = order[ordered > 0]
    kept, stacked = ranks.distinct_dots(ranking.log_probabilities[won], np.log10(wins[won].astype(np.float64)))
    sizes = np.diff(np.append(ranking.groups, ranking.live))
    frequencies = np.add.reduceat(ordered, ranking.groups) / (sizes * max(draws, 1))
    shares = 10.0**ranking.funnel
    band = checks.frequency_errors(np.minimum(shares, 1.0), draws)
    low, high = _log(np.maximum(shares - band, 0.0)), _log(np.minimum(shares + band, 1.0))
    low[low == LOWEST_LOG] = -math.inf
    dots = won[kept]
    strokes = noisy_low, noisy_high, soft_low, soft_high, mean_low, mean_high
    for array in (*strokes, dots, stacked, frequencies, low, high):
        freeze(array)
    return Ranked(*strokes, dots, stacked, len(won), frequencies, low, high)


def pool(ranking: Ranking, values: NDArray[Number]) -> NDArray[Number]:
    """Add up `values` (K,) in each cell of neighbouring ranks; options that cannot win are one cell more."""
    starts = ranking.starts
    if ranking.live < len(ranking.order):
        starts = np.append(starts, ranking.live)
    pooled: NDArray[Number] = np.add.reduceat(values[ranking.order], starts)
    return pooled


def _log(values: Floats) -> Floats:
    logs = np.full(len(values), LOWEST_LOG)
    np.log10(values, out=logs, where=values > 0.0)
    return logs
