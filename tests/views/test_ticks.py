"""Ticks stand at round numbers inside the axis, and are written shortly."""

from __future__ import annotations

import math

import pytest

from gumbelviz.views.plots.ticks import plain_ticks, rank_ticks, share_ticks


def texts(ticks: tuple[tuple[float, str], ...]) -> list[str]:
    return [text for _, text in ticks]


def test_ranks() -> None:
    assert texts(rank_ticks(0.0, 5.12, 6)) == ["1", "10", "100", "1k", "10k", "100k"]
    assert texts(rank_ticks(0.0, 5.12, 3)) == ["1", "100", "10k"]
    assert texts(rank_ticks(0.0, math.log10(13), 5)) == ["1", "2", "5", "10"]


def test_shares() -> None:
    assert texts(share_ticks(-6.2, 0.0, 3)) == ["10⁻⁶", "10⁻³", "1"]
    assert texts(share_ticks(-2.3, 0.06, 4)) == ["0.01", "0.1", "1"]
    assert texts(share_ticks(-1.0, 0.0, 5)) == ["0.1", "0.2", "0.5", "1"]
    assert texts(share_ticks(-3.4, -3.0, 5))[-1] == "10⁻³"
    assert "5·10⁻⁴" in texts(share_ticks(-3.4, -3.0, 5))


def test_plain_numbers() -> None:
    assert texts(plain_ticks(-3.0, 11.0, 3)) == ["0", "5", "10"]
    assert texts(plain_ticks(-0.31, 0.32, 5)) == ["−0.2", "0", "0.2"]
    assert texts(plain_ticks(-1e6, 1e6, 2)) == ["−1.0e6", "0", "1.0e6"]


@pytest.mark.parametrize("low", [-9.3, -1.28, -0.03])
@pytest.mark.parametrize("span", [0.4, 1.3, 3.0, 12.0])
@pytest.mark.parametrize("most", [1, 2, 5, 9])
def test_all_lie_inside_and_rise(low: float, span: float, most: int) -> None:
    for make in (rank_ticks, share_ticks, plain_ticks):
        places = [place for place, _ in make(low, low + span, most)]
        assert all(low - 1e-6 <= place <= low + span + 1e-6 for place in places)
        assert places == sorted(set(places))
        assert len(places) <= max(most, 6) + 1
