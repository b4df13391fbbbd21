"""Where pieces go: everything fits, nothing overlaps, and what is alone is as large as it can be."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumbelviz.views.pages.arrangement import LEAST_HEIGHT, LEAST_WIDTH, Arrangement, Need, Place, arrange

needs = st.builds(
    Need,
    wide=st.floats(30.0, 900.0),
    high=st.floats(20.0, 500.0),
    head=st.sampled_from([0.0, 32.0]),
    row=st.integers(0, 3),
    grows=st.booleans(),
)


def overlap(a: Place, b: Place) -> bool:
    x = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    y = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    return x > 1e-6 and y > 1e-6


def check(found: Arrangement, width: float, height: float, groups: tuple[tuple[Need, ...], ...]) -> None:
    places = (*found.pictures, *found.side, *found.line)
    wanted = [need for group in groups for need in group]
    for need, place in zip(wanted, places, strict=True):
        assert place.width >= need.wide * found.factor - 1e-6
        assert place.height >= need.high * found.factor - 1e-6
        assert place.x >= -1e-6
        assert place.y >= need.head * found.factor - 1e-6
        assert place.x + place.width <= width + 1e-6
        assert place.y + place.height <= height + 1e-6
    assert not any(overlap(a, b) for a, b in itertools.combinations(places, 2))


@given(
    pictures=st.lists(needs, min_size=1, max_size=7),
    side=st.lists(needs, max_size=3),
    line=st.lists(needs, max_size=4),
    width=st.floats(900.0, 3840.0),
    height=st.floats(450.0, 2160.0),
    fixed=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_everything_fits_and_nothing_overlaps(
    pictures: list[Need], side: list[Need], line: list[Need], width: float, height: float, fixed: bool
) -> None:
    groups = tuple(pictures), tuple(side), tuple(line)
    found = arrange(width, height, *groups, fixed=fixed, margin=20.0)
    if found.factor > 0.05:
        check(found, width, height, groups)
    assert found.factor <= max((width - 40.0) / LEAST_WIDTH, 0.1)
    assert found.factor <= max(height / LEAST_HEIGHT, 0.1)


def test_a_piece_alone_has_all_the_room() -> None:
    found = arrange(1600.0, 700.0, (Need(400.0, 200.0),))
    (place,) = found.pictures
    assert place.width == 1600.0
    assert place.height > 0.95 * 700.0 - 16.0 * found.factor
    assert found.factor == pytest.approx(min(1600.0 / LEAST_WIDTH, 700.0 / LEAST_HEIGHT))


def test_rows_follow_the_shape_of_the_room() -> None:
    pair = Need(400.0, 200.0, row=0), Need(400.0, 200.0, row=1)
    wide, tall = arrange(1800.0, 500.0, pair), arrange(700.0, 900.0, pair)
    assert wide.pictures[0].y == wide.pictures[1].y
    assert tall.pictures[0].x == tall.pictures[1].x
    # The rows that were asked for are kept where others would be hardly larger.
    near = arrange(1000.0, 560.0, pair)
    assert near.pictures[0].x == near.pictures[1].x


def test_a_column_beside_and_a_line_below_keep_what_they_need() -> None:
    found = arrange(1600.0, 800.0, (Need(400.0, 200.0),), (Need(280.0, 200.0),), (Need(280.0, 90.0),))
    (picture,), (side,), (line,) = found.pictures, found.side, found.line
    assert side.x + side.width < picture.x
    assert picture.y + picture.height < line.y
    assert line.width <= 1.8 * 280.0 * found.factor + 1e-6


def test_in_a_narrow_room_what_stood_beside_stands_below() -> None:
    picture, goal = Need(640.0, 240.0), Need(310.0, 190.0, grows=False)
    wide = arrange(1800.0, 700.0, (picture,), (goal,), (Need(280.0, 92.0),))
    assert wide.side[0].x + wide.side[0].width < wide.pictures[0].x
    narrow = arrange(700.0, 560.0, (picture,), (goal,), (Need(280.0, 92.0),))
    assert narrow.side[0].y > narrow.pictures[0].y + narrow.pictures[0].height
    check(narrow, 700.0, 560.0, ((picture,), (goal,), (Need(280.0, 92.0),)))


def test_columns_of_equal_need_are_equally_wide() -> None:
    found = arrange(1600.0, 700.0, tuple(Need(205.0, 150.0, 36.0) for _ in range(5)), fixed=True)
    assert len({round(place.width, 6) for place in found.pictures}) == 1
