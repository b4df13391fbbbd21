"""The rests are exactly what rounding dropped (fractions are the oracle)."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gumbelviz.maths.compensated import accurate_sum, quotient, two_product, two_sum

numbers = st.floats(-1e50, 1e50).filter(lambda x: x == 0 or abs(x) > 1e-50)


@settings(derandomize=True, deadline=None)
@given(numbers, numbers)
def test_sum_and_product_are_exact_with_their_rest(a: float, b: float) -> None:
    x, y = np.float64(a), np.float64(b)
    total, lost = two_sum(x, y)  # type: ignore[arg-type]
    assert Fraction(float(total)) + Fraction(float(lost)) == Fraction(a) + Fraction(b)
    product, lost = two_product(x, y)  # type: ignore[arg-type]
    assert Fraction(float(product)) + Fraction(float(lost)) == Fraction(a) * Fraction(b)


@settings(derandomize=True, deadline=None)
@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
def test_quotient_has_twice_the_digits(x: float, shift: float, divisor: float) -> None:
    value, rest = quotient(np.asarray(x), np.asarray(shift), np.asarray(divisor))
    exact = (Fraction(x) - Fraction(shift)) / Fraction(divisor)
    assert abs(Fraction(float(value)) + Fraction(float(rest)) - exact) <= abs(exact) * Fraction(1, 2**100)


def test_infinities_have_no_rest() -> None:
    value, rest = quotient(np.array([-np.inf, np.inf, 1.0]), np.asarray(2.0), np.asarray(1e-320))
    np.testing.assert_array_equal(value, [-np.inf, np.inf, -np.inf])
    np.testing.assert_array_equal(rest, [0, 0, 0])


def test_a_sum_that_cancels_keeps_its_digits() -> None:
    terms = [np.array([1e16, 1.0]), np.array([3.25, 2.0]), np.array([-1e16, 3.0])]
    np.testing.assert_array_equal(accurate_sum(terms), [3.25, 6.0])
