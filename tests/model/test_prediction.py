"""Shares that are dragged: always 100 per cent, in proportion, and exactly what stands under the hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumbelviz.model.prediction import even_shares, farthest, move_share, whole_percents

COUNTS = st.integers(2, 12)


@st.composite
def moves(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    count = draw(COUNTS)
    return count, draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, 100)), max_size=20))


@given(moves())
def test_shares_always_add_up_and_the_hand_has_what_it_holds(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    count, dragged = drawn
    shares = even_shares(count)
    for place, percent in dragged:
        shares = move_share(shares, place, percent / 100.0)
        assert math.fsum(shares) == pytest.approx(1.0, abs=1e-12)
        assert min(shares) >= 0.0
        whole = whole_percents(shares, place)
        assert sum(whole) == 100
        assert min(whole) >= 0
        assert whole[place] == percent
    assert sum(whole_percents(shares)) == 100


def test_the_others_keep_their_proportions() -> None:
    assert move_share((0.5, 0.3, 0.2), 0, 0.0) == pytest.approx((0.0, 0.6, 0.4))
    assert move_share((0.5, 0.3, 0.2), 2, 0.6) == pytest.approx((0.25, 0.15, 0.6))


def test_proportions_of_nothing_are_even() -> None:
    assert move_share((1.0, 0.0, 0.0), 0, 0.4) == pytest.approx((0.4, 0.3, 0.3))


def test_ends_and_a_single_option() -> None:
    assert move_share((0.5, 0.5), 0, 1.7) == (1.0, 0.0)
    assert move_share((0.5, 0.5), 0, -3.0) == (0.0, 1.0)
    assert move_share((1.0,), 0, 0.2) == (1.0,)
    assert whole_percents((1.0,)) == (100,)


def test_whole_percents_go_to_the_largest_remainders() -> None:
    assert whole_percents((1 / 3, 1 / 3, 1 / 3)) == (34, 33, 33)
    assert whole_percents((0.125, 0.125, 0.75)) == (13, 12, 75)
    assert whole_percents((0.606, 0.272, 0.122)) == (61, 27, 12)
    assert whole_percents((0.292, 0.292, 0.416)) == (29, 29, 42)


def test_the_farthest_is_the_first_of_equals() -> None:
    assert farthest((0.5, 0.3, 0.2), (0.5, 0.2, 0.3)) == 1
    assert farthest((0.1, 0.1, 0.8), (0.5, 0.3, 0.2)) == 2
