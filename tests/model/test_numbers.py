"""Numbers written for people, and read back."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumbelviz.model.numbers import (
    read_number,
    write_count,
    write_number,
    write_percent,
    write_rate,
    write_short,
    write_tenth,
)

WRITTEN = [
    (0.0, 2, "0.00"),
    (-0.0, 2, "0.00"),
    (1.0, 0, "1"),
    (-1.5, 1, "−1.5"),
    (2.675, 2, "2.67"),  # the nearest double lies below
    (0.005, 2, "0.01"),
    (0.0049, 2, "4.9e−3"),
    (-0.0049, 2, "−4.9e−3"),
    (1e-300, 3, "1.0e−300"),
    (999.995, 2, "1,000.00"),
    (1234567.0 / 10, 1, "123,456.7"),
    (-12345.678, 3, "−12,345.678"),
    (999_999.0, 0, "999,999"),
    (1e6, 2, "1.0e6"),
    (-2.5e17, 2, "−2.5e17"),
    (math.inf, 2, "∞"),
    (-math.inf, 2, "−∞"),
    (math.nan, 2, "–"),
]


@pytest.mark.parametrize(("value", "decimals", "text"), WRITTEN)
def test_numbers_are_written_as_people_read_them(value: float, decimals: int, text: str) -> None:
    assert write_number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (2.5, "2.5"), (-0.1, "−0.1"), (0.12345, "0.1235"), (100.0, "100"), (1e7, "1.0e7"), (1000.0, "1,000"),
     (0.0, "0"), (-0.0, "0"), (math.inf, "∞"), (1e-5, "1.0e−5")],
)  # fmt: skip
def test_short_numbers_have_no_zeros_at_the_end(value: float, text: str) -> None:
    assert write_short(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3.0"), (-0.1, "−0.1"), (0.25, "0.25"), (2.9000000000000004, "2.9"), (0.0, "0.0"), (10.1, "10.1"),
     (1e6, "1.0e6"), (0.004, "4.0e−3"), (-math.inf, "−∞"), (1200.5, "1,200.5")],
)  # fmt: skip
def test_tenths_have_a_second_decimal_only_where_it_says_something(value: float, text: str) -> None:
    assert write_tenth(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0.0%"), (1.0, "100.0%"), (0.4502, "45.0%"), (0.0004, "<0.1%"), (1e-9, "<0.1%"), (0.0005, "0.1%")],
)
def test_shares_are_written_as_per_cent(share: float, text: str) -> None:
    assert write_percent(share) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0.0, "0/s"), (5.0, "5/s"), (999.4, "999/s"), (999.6, "1.0 k/s"), (1234.0, "1.2 k/s"), (9949.0, "9.9 k/s"),
     (9951.0, "10 k/s"), (420_000.0, "420 k/s"), (999_960.0, "1.0 M/s"), (31e6, "31 M/s"), (2.5e9, "2.5 G/s")],
)  # fmt: skip
def test_rates_take_a_few_characters(rate: float, text: str) -> None:
    assert write_rate(rate) == text


@settings(derandomize=True, deadline=None)
@given(st.floats(0, 1e12))
def test_a_rate_never_takes_more_than_eight_characters(rate: float) -> None:
    assert len(write_rate(rate)) <= 8
    assert "1000" not in write_rate(rate) or rate > 9e11


# ------------------------------------------------------------------------------------------------ reading

READ = [
    ("3", 3.0),
    (" 2.5 ", 2.5),
    ("−0.1", -0.1),
    ("-0.1", -0.1),
    ("+4", 4.0),
    ("0,5", 0.5),
    ("1,5", 1.5),
    ("−12,25", -12.25),
    ("0,125", 0.125),
    ("1,000", 1000.0),
    ("1,000,000", 1e6),
    ("12,345.678", 12345.678),
    ("−1,234.5", -1234.5),
    ("1e6", 1e6),
    ("2.0e−3", 0.002),
    ("1,5e3", 1500.0),
    ("inf", math.inf),
    ("∞", math.inf),
    ("−∞", -math.inf),
    ("-inf", -math.inf),
    ("50%", 0.5),
    ("12,5 %", 0.125),
    ("1\N{NO-BREAK SPACE}000", 1000.0),
    (".5", 0.5),
    ("5.", 5.0),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_what_people_type_is_read(text: str, value: float) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "1 2", "1,2,3", "1,00,000", "1.000,5", "1,000,0", "0,000,000", "1_000", "nan", "NaN", "0x10", "%",
     "5%%", "1e", "--1", "1/2", "−", ","],
)  # fmt: skip
def test_what_is_no_number_is_refused_and_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"^“.*” is not a number\.$") as caught:
        read_number(text)
    assert text.strip() in str(caught.value) or text.lower() == "nan"


@settings(derandomize=True, deadline=None, max_examples=500)
@given(st.one_of(st.floats(-1e300, 1e300), st.floats(-1e4, 1e4), st.just(math.inf)), st.integers(0, 6))
def test_what_is_written_is_read_back_as_closely_as_it_was_written(value: float, decimals: int) -> None:
    """Half a unit of the last decimal, or a twentieth in the scientific form, which has two digits."""
    for text in (write_number(value, decimals), write_short(value, decimals)):
        if math.isinf(value):
            assert read_number(text) == value
            continue
        error = 0.05 * abs(value) if "e" in text else 0.5 * 10.0**-decimals
        assert abs(read_number(text) - value) <= error * (1 + 1e-9) + 1e-300
        assert "-" not in text
        assert read_number(text) != 0.0 or "−" not in text


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.floats(-1e5, 1e5).map(lambda value: round(value, 6)))
def test_a_field_that_is_entered_shows_the_number_itself(value: float) -> None:
    """Fields show six decimals while they are typed in, so that leaving them changes nothing."""
    text = write_short(value, 6)
    if "e" not in text:
        assert read_number(text) == value


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 10**15))
def test_counts_can_be_read_back(count: int) -> None:
    assert read_number(write_count(count)) == count


@settings(derandomize=True, deadline=None)
@given(st.floats(0.0, 1.0))
def test_per_cents_can_be_read_back(share: float) -> None:
    text = write_percent(share, 3)
    if text.startswith("<"):
        assert 0.0 < share < 0.5 * read_number(text[1:])
    else:
        assert read_number(text) == pytest.approx(share, abs=5.1e-6)
