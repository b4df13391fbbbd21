"""Ranks, cells of neighbouring ranks, and a scatter without doubles, against the slow way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gumbelviz.maths import concrete, ranks

RANDOM = np.random.default_rng(5)


def test_ranking_is_a_stable_sort() -> None:
    logits = [1.0, 3.0, -math.inf, 3.0, 2.0, -math.inf]
    assert ranks.ranking(logits).tolist() == [1, 3, 4, 0, 2, 5]
    with pytest.raises(ValueError, match=r"not a number|NaN"):
        ranks.ranking([1.0, math.nan])


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_log_probabilities(scale: float) -> None:
    logits = RANDOM.normal(0.0, 4.0, 300)
    expected = np.log10(concrete.probabilities(logits, scale))
    np.testing.assert_allclose(ranks.log10_probabilities(logits, scale), expected, rtol=1e-12)
    far = ranks.log10_probabilities([0.0, -1e6, -math.inf])
    # Where the probability itself is 0 in double precision.
    assert far[1] == pytest.approx(-1e6 / math.log(10.0))
    assert far[2] == -math.inf


@pytest.mark.parametrize("count", [1, 2, 3, 13, 100, 1000, 131_072])
@pytest.mark.parametrize("per_decade", [5, 80])
def test_cells_hold_every_rank_once_and_are_narrow(count: int, per_decade: int) -> None:
    starts = ranks.log_cells(count, per_decade)
    assert starts[0] == 0
    assert np.all(np.diff(starts) > 0)
    assert starts[-1] < count
    ends = np.append(starts[1:], count)
    many = ends - starts > 1
    # A cell of several ranks is about 1 / per_decade of a decade wide, a little more where ranks are rounded.
    widths = np.log10(ends[many] / (starts[many] + 1.0))
    assert np.all(widths <= 1.6 / per_decade)
    assert len(starts) <= per_decade * math.log10(count) + 2


def test_extremes_of_cells_are_those_of_the_slow_way() -> None:
    values = RANDOM.normal(size=1000)
    starts = ranks.log_cells(1000, 20)
    low, high = ranks.cell_extremes(values, starts)
    cells = np.split(values, starts[1:])
    assert low.tolist() == [cell.min() for cell in cells]
    assert high.tolist() == [cell.max() for cell in cells]


def test_dots_stand_for_all_points_and_keep_the_first() -> None:
    x, y = RANDOM.normal(size=5000), np.round(RANDOM.normal(size=5000), 1)
    kept, counts = ranks.distinct_dots(x, y)
    assert counts.sum() == 5000
    assert len(set(kept.tolist())) == len(kept) < 5000
    # Every point has a dot within a cell of a 240 x 240 grid, and none before it in that cell.
    width, height = np.ptp(x) / 239, np.ptp(y) / 239
    for i in range(0, 5000, 37):
        near = (abs(x[kept] - x[i]) <= width) & (abs(y[kept] - y[i]) <= height)
        assert near.any()
    assert 0 in kept


def test_dots_of_nothing_and_of_one_place() -> None:
    nothing = np.zeros(0)
    kept, counts = ranks.distinct_dots(nothing, nothing)
    assert kept.size == counts.size == 0
    same = np.full(7, 2.5)
    kept, counts = ranks.distinct_dots(same, same)
    assert (kept.tolist(), counts.tolist()) == ([0], [7])
