"""The numbers a person can set: their domains, and the way between a value and its place on a slider."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumbelviz.model.parameters import LOCATION, PARAMETERS, SCALE, SPEED, TEMPERATURE, Parameter
from gumbelviz.model.settings import Settings, Transport

ROWS = list(PARAMETERS.values())
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
any_row = st.sampled_from(ROWS)
shares = st.floats(0.0, 1.0)


def plain_part(row: Parameter) -> tuple[float, float]:
    """Where the typical values begin and end on the slider."""
    return row.place(row.typical[0]), row.place(row.typical[1])


@each
def test_a_row_is_complete(row: Parameter) -> None:
    assert PARAMETERS[row.id] is row
    assert row.name == row.name.lower()
    assert row.help.endswith(".")
    assert row.help[0].isupper()
    low, high = row.typical
    assert row.lowest <= low < high <= row.highest
    assert row.check(row.default) == row.default
    assert row.decimals >= 0
    for limit in (row.low_limit, row.high_limit):
        assert limit is None or row.check(limit) == limit
    if row.spacing == "log":
        assert low > 0


def test_defaults_are_those_of_new_settings() -> None:
    settings = Settings(())
    assert (settings.temperature, settings.location, settings.scale) == (0.5, 0.0, 1.0)
    assert settings.temperature == TEMPERATURE.default
    assert settings.location == LOCATION.default
    assert settings.scale == SCALE.default
    assert Transport().speed == SPEED.default


@each
def test_the_ends_of_the_domain_are_taken_and_what_lies_beyond_is_refused(row: Parameter) -> None:
    inside = math.nextafter(row.lowest, math.inf) if row.open_below else row.lowest
    assert row.check(inside) == inside
    assert row.check(row.highest) == row.highest
    outside = [math.nan, -math.inf, math.nextafter(row.lowest, -math.inf)]
    if row.open_below:
        outside.append(row.lowest)
    if row.highest < math.inf:
        outside += [math.nextafter(row.highest, math.inf), math.inf]
    for value in outside:
        with pytest.raises(ValueError, match=rf"^The {row.name} must be (above|at least) .*, not .*\.$"):
            row.check(value)


def test_a_whole_number_becomes_a_float() -> None:
    assert isinstance(TEMPERATURE.check(1), float)


def test_the_sentences_say_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"^The temperature must be at least 0, not -1\.$"):
        TEMPERATURE.check(-1)
    with pytest.raises(ValueError, match=r"^The speed must be above 0, not 0\.$"):
        SPEED.check(0)
    with pytest.raises(ValueError, match=r"^The location must be at least -1e\+06 and at most 1e\+06, not nan\.$"):
        LOCATION.check(math.nan)


# ------------------------------------------------------------------------------------------------ sliders


def test_the_ends_of_the_temperature_slider_are_exact() -> None:
    assert TEMPERATURE.value_at(0.0) == 0.0
    assert TEMPERATURE.value_at(1.0) == math.inf
    assert TEMPERATURE.place(0.0) == 0.0
    assert TEMPERATURE.place(math.inf) == 1.0
    # Beside the ends lie the plain ones, and a temperature beyond them is not yet the limit.
    assert TEMPERATURE.value_at(0.04) == 0.01
    assert TEMPERATURE.value_at(0.96) == pytest.approx(100.0)
    for tiny in (5e-324, 1e-6, 0.0099):
        assert TEMPERATURE.place(tiny) == TEMPERATURE.place(0.01) == 0.06
    for huge in (101.0, 1e300):
        assert TEMPERATURE.place(huge) == TEMPERATURE.place(100.0) == 0.94
    assert TEMPERATURE.place(1.0) == pytest.approx(0.5)


def test_the_speed_slider_ends_in_as_fast_as_possible() -> None:
    assert SPEED.value_at(1.0) == math.inf
    assert SPEED.place(math.inf) == 1.0
    assert SPEED.value_at(0.0) == 1.0


@each
def test_plain_ends_give_the_typical_ends(row: Parameter) -> None:
    left, right = plain_part(row)
    assert row.value_at(left) == pytest.approx(row.typical[0], rel=1e-12)
    assert row.value_at(right) == pytest.approx(row.typical[1], rel=1e-12)
    assert (left == 0.0) is (row.low_limit is None)
    assert (right == 1.0) is (row.high_limit is None)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(any_row, shares)
def test_a_place_comes_back_from_its_value(row: Parameter, share: float) -> None:
    left, right = plain_part(row)
    place = left + share * (right - left)
    assert row.place(row.value_at(place)) == pytest.approx(place, abs=1e-12)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(any_row, shares)
def test_a_typical_value_comes_back_from_its_place(row: Parameter, share: float) -> None:
    low, high = row.typical
    value = low * (high / low) ** share if row.spacing == "log" else low + share * (high - low)
    assert row.value_at(row.place(value)) == pytest.approx(value, rel=1e-11, abs=1e-12)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(any_row, shares, shares)
def test_further_right_is_never_less(row: Parameter, a: float, b: float) -> None:
    assert row.value_at(min(a, b)) <= row.value_at(max(a, b))
    first, second = sorted((row.value_at(a), row.value_at(b)))
    assert row.place(first) <= row.place(second)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(any_row, st.floats(-0.5, 1.5))
def test_every_place_stands_for_a_value_that_may_be_set(row: Parameter, place: float) -> None:
    assert row.check(row.value_at(place)) == row.value_at(place)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(any_row, st.floats(allow_nan=False))
def test_every_value_that_may_be_set_has_a_place(row: Parameter, value: float) -> None:
    try:
        row.check(value)
    except ValueError:
        return
    assert 0.0 <= row.place(value) <= 1.0
