"""Many options in a few hundred numbers: ranks, cells of neighbouring ranks, and a scatter without doubles.

A picture of 131,072 options has some hundreds of pixels. On a logarithmic axis of ranks the first options
have a cell of their own, and later ones share it with neighbours; of a cell the smallest and the largest
value are kept, so that the picture is the one that all points would give.

Arrays over options are (K,); `order` (L,) holds the places of the options that can win, best first.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths.refusals import check_logits, check_scale

Reals = NDArray[np.float64]
Places = NDArray[np.int64]

_GRID = 240
"""Cells of the scatter along each side: finer than the pixels of the dots that are drawn."""


def ranking(logits: ArrayLike) -> Places:
    """Return the places of all options from the highest logit to the lowest, (K,); of ties the first first.

    Raises
    ------
    ValueError
        For logits without meaning.
    """
    order: Places = np.argsort(-check_logits(logits), kind="stable").astype(np.int64)
    return order


def log10_probabilities(logits: ArrayLike, scale: float = 1.0) -> Reals:
    """Return log10 P(argmax = i) = log10 softmax(logits / scale), (K,), finite even where P itself underflows.

    Raises
    ------
    ValueError
        For logits without meaning, or a scale that is not above zero.
    """
    scores = check_logits(logits)
    scores = (scores - scores.max()) / check_scale(scale)
    result: Reals = (scores - np.log(np.exp(scores).sum())) / np.log(10.0)
    return result


def log_cells(count: int, per_decade: int) -> Places:
    """Return where cells of equal width on a logarithmic axis of `count` ranks begin, (M,), counted from 0.

    The first ranks, which lie further apart than a cell is wide, get one each.
    """
    steps = int(np.log10(count) * per_decade) + 1
    starts = np.unique(np.round(10.0 ** (np.arange(steps + 1) / per_decade)).astype(np.int64) - 1)
    inside: Places = starts[starts < count]
    return inside


def cell_extremes(values: Reals, starts: Places) -> tuple[Reals, Reals]:
    """Return the smallest and the largest of `values` (L,) in each cell, (M,) both."""
    return np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)


def distinct_dots(x: Reals, y: Reals) -> tuple[Places, Places]:
    """Return which of the points (D,) are to be drawn, and how many points each of them stands for.

    Of the points that fall into one cell of a fine grid the first is kept.
    """
    if not x.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    keys = _cells(x) * _GRID + _cells(y)
    # Written backwards, so that what stays is the first of each cell; 10 times quicker than sorting.
    first = np.full(_GRID * _GRID, -1)
    first[keys[::-1]] = np.arange(x.size - 1, -1, -1)
    counts = np.bincount(keys, minlength=_GRID * _GRID)
    used = np.flatnonzero(counts)
    return first[used], counts[used]


def _cells(values: Reals) -> Places:
    low, high = float(values.min()), float(values.max())
    width = max(high - low, 1e-9) / (_GRID - 1)
    cells: Places = ((values - low) / width).astype(np.int64)
    return cells
