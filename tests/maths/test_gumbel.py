"""The noise against 40-digit references (mpmath, computed here) and the textbook numbers."""

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gumbelviz.maths import gumbel

SMALLEST_NORMAL = 2.3e-308
TOLERANCE = 1e-13


def reference(name: str, x: float, loc: float, scale: float) -> Any:
    """Return the function `name` of the float64 numbers given, to 40 digits."""
    z = (mpmath.mpf(x) - mpmath.mpf(loc)) / mpmath.mpf(scale)
    hazard = mpmath.exp(-z)
    values = {
        "pdf": lambda: mpmath.exp(-z - hazard) / mpmath.mpf(scale),
        "logpdf": lambda: -z - hazard - mpmath.log(mpmath.mpf(scale)),
        "cdf": lambda: mpmath.exp(-hazard),
        "logcdf": lambda: -hazard,
        "sf": lambda: -mpmath.expm1(-hazard),
    }
    return values[name]()


def relative_error(value: float, exact: Any) -> float:
    return float(abs((mpmath.mpf(float(value)) - exact) / exact))


@pytest.mark.parametrize("name", ["pdf", "logpdf", "cdf", "logcdf", "sf"])
@pytest.mark.parametrize("standard", [True, False])
def test_tails_and_middle_keep_thirteen_digits(name: str, standard: bool) -> None:
    rng = np.random.default_rng(20)
    # below z = -6.56 the distribution function is no longer a normal float64
    z = np.concatenate([rng.uniform(-10, 700, 80), rng.uniform(-6.57, -5, 120), rng.uniform(-5, 8, 80), [-10, 0, 700]])
    loc = np.zeros(z.size) if standard else rng.normal(size=z.size) * 10 ** rng.uniform(-2, 2, z.size)
    scale = np.ones(z.size) if standard else 10 ** rng.uniform(-2, 2, z.size)
    x = loc + scale * z
    values = getattr(gumbel, name)(x, loc, scale)
    compared = 0
    with mpmath.workdps(40):
        for value, *arguments in zip(values, x, loc, scale, strict=True):
            exact = reference(name, *arguments)
            if abs(exact) > SMALLEST_NORMAL and abs(value) > SMALLEST_NORMAL:
                assert relative_error(value, exact) <= TOLERANCE, arguments
                compared += 1
            else:
                assert abs(value) <= 2 * SMALLEST_NORMAL
    assert compared > 200


@pytest.mark.parametrize(("quantile", "sign"), [(gumbel.ppf, 1), (gumbel.isf, -1)])
def test_quantiles_keep_thirteen_digits(quantile: Callable[[Any], Any], sign: int) -> None:
    rng = np.random.default_rng(21)
    root = math.exp(-1) if sign == 1 else -math.expm1(-1)  # where the quantile is 0 and the formula cancels
    q = np.concatenate(
        [
            rng.uniform(size=100),
            10 ** rng.uniform(-300, 0, 100),
            1 - 10 ** rng.uniform(-15.9, 0, 60),
            root + rng.normal(size=100) * 10 ** rng.uniform(-17, -2, 100),
            [0.25, 0.5, 0.75, root, np.nextafter(root, 0), np.nextafter(root, 1)],
        ]
    )
    with mpmath.workdps(40):
        for share, value in zip(q, quantile(q), strict=True):
            log_below = mpmath.log(share) if sign == 1 else mpmath.log1p(-mpmath.mpf(share))
            assert relative_error(value, -mpmath.log(-log_below)) <= TOLERANCE, share


def test_agrees_with_the_max_type_law_of_scipy_and_not_with_its_mirror() -> None:
    x = np.linspace(-4, 12, 33)
    np.testing.assert_allclose(gumbel.pdf(x, 0.7, 1.9), stats.gumbel_r.pdf(x, 0.7, 1.9), rtol=1e-13)
    np.testing.assert_allclose(gumbel.cdf(x, 0.7, 1.9), stats.gumbel_r.cdf(x, 0.7, 1.9), rtol=1e-13)
    assert np.max(abs(gumbel.pdf(x) - stats.gumbel_l.pdf(x))) > 0.1


def test_textbook_moments() -> None:
    # Gumbel 1954; NIST Engineering Statistics Handbook 1.3.6.6.16; digits from mpmath.euler, zeta(3)
    assert gumbel.mean(2, 3) == pytest.approx(2 + 3 * 0.57721566490153286, rel=1e-15)
    assert gumbel.variance(2, 3) == pytest.approx(9 * 1.6449340668482264, rel=1e-15)
    assert gumbel.median(2, 3) == pytest.approx(2 + 3 * 0.36651292058166433, rel=1e-15)
    assert gumbel.mode(2, 3) == 2
    assert gumbel.pdf(2, 2, 3) == pytest.approx(1 / (3 * math.e), rel=1e-15)
    assert gumbel.entropy(2, 3) == pytest.approx(math.log(3) + 1.5772156649015329, rel=1e-15)
    assert abs(gumbel.SKEWNESS - 1.1395470994) < 5e-11
    assert (gumbel.mean(), gumbel.mode()) == (gumbel.EULER_GAMMA, 0)


def test_moments_are_those_of_the_density() -> None:
    x = np.arange(-5, 45, 0.05)
    weight = 0.05 * gumbel.pdf(x)
    mean = weight @ x
    variance = weight @ (x - mean) ** 2
    assert weight.sum() == pytest.approx(1, abs=1e-13)
    assert mean == pytest.approx(gumbel.mean(), abs=1e-12)
    assert variance == pytest.approx(gumbel.variance(), abs=1e-12)
    assert weight @ (x - mean) ** 3 / variance**1.5 == pytest.approx(gumbel.SKEWNESS, abs=1e-11)
    assert weight @ (x - mean) ** 4 / variance**2 - 3 == pytest.approx(gumbel.EXCESS_KURTOSIS, abs=1e-10)
    assert -weight @ gumbel.logpdf(x) == pytest.approx(gumbel.entropy(), abs=1e-12)


numbers = st.floats(-30, 30)
scales = st.floats(0.01, 100)


@settings(derandomize=True, deadline=None)
@given(numbers, numbers, scales)
def test_location_and_scale_only_move_the_law(x: float, loc: float, scale: float) -> None:
    z = (x - loc) / scale
    assert gumbel.cdf(x, loc, scale) == pytest.approx(float(gumbel.cdf(z)), rel=1e-9, abs=1e-300)
    assert gumbel.cdf(x, loc, scale) + gumbel.sf(x, loc, scale) == pytest.approx(1, abs=3e-16)


@settings(derandomize=True, deadline=None)
@given(st.floats(1e-300, 1 - 1e-9), numbers, scales)
def test_quantile_undoes_the_distribution_function(q: float, loc: float, scale: float) -> None:
    assert gumbel.cdf(gumbel.ppf(q, loc, scale), loc, scale) == pytest.approx(q, rel=1e-9)


@settings(derandomize=True, deadline=None)
@given(st.floats(-3, 30), st.integers(1, 10**6))
def test_the_largest_of_n_is_gumbel_again(x: float, n: int) -> None:
    assert n * gumbel.logcdf(x) == pytest.approx(float(gumbel.logcdf(x, math.log(n))), rel=1e-12)


def test_infinities_are_legal_and_nan_passes_through() -> None:
    x = np.array([-math.inf, -1e300, -800.0, math.inf])
    np.testing.assert_array_equal(gumbel.pdf(x), [0, 0, 0, 0])
    np.testing.assert_array_equal(gumbel.logpdf(x), [-math.inf] * 4)
    np.testing.assert_array_equal(gumbel.cdf(x), [0, 0, 0, 1])
    np.testing.assert_array_equal(gumbel.sf(x), [1, 1, 1, 0])
    np.testing.assert_array_equal(gumbel.logcdf(x), [-math.inf, -math.inf, -math.inf, 0])
    np.testing.assert_array_equal(gumbel.ppf([0, 1]), [-math.inf, math.inf])
    np.testing.assert_array_equal(gumbel.isf([0, 1]), [math.inf, -math.inf])
    for function in (gumbel.pdf, gumbel.logpdf, gumbel.cdf, gumbel.logcdf, gumbel.sf):
        assert math.isnan(float(function(math.nan)))


def test_shapes_and_precision_follow_the_arguments() -> None:
    column, row = np.zeros((3, 1)), np.ones(4)
    assert gumbel.pdf(column, row, 2.0).shape == (3, 4)
    assert gumbel.ppf(np.full((3, 1), 0.3), row).shape == (3, 4)
    assert isinstance(gumbel.pdf(0.3), float)
    assert gumbel.cdf(np.zeros(3, np.float32)).dtype == np.float32
    assert gumbel.cdf(np.zeros(3, np.float32), np.zeros(3)).dtype == np.float64
    assert gumbel.cdf([0, 1]).dtype == np.float64


@pytest.mark.parametrize("scale", [0, -1, math.nan, math.inf, [1, 0]])
def test_a_scale_that_is_no_scale_is_refused(scale: Any) -> None:
    for function in (gumbel.pdf, gumbel.logpdf, gumbel.cdf, gumbel.logcdf, gumbel.sf):
        with pytest.raises(ValueError, match="scale must be a finite number above zero"):
            function(0.5, 0.0, scale)
    for quantile in (gumbel.ppf, gumbel.isf):
        with pytest.raises(ValueError, match="scale must be"):
            quantile(0.5, 0.0, scale)
    for moment in (gumbel.mean, gumbel.variance, gumbel.median, gumbel.mode, gumbel.entropy):
        with pytest.raises(ValueError, match="scale must be"):
            moment(0.0, scale)


@pytest.mark.parametrize("loc", [math.nan, math.inf])
def test_a_location_that_is_no_number_is_refused(loc: float) -> None:
    with pytest.raises(ValueError, match="location must be"):
        gumbel.pdf(0.5, loc)
    with pytest.raises(ValueError, match="location must be"):
        gumbel.mean(loc)


@pytest.mark.parametrize("q", [-0.1, 1.1, math.nan, [0.5, 2]])
def test_a_quantile_of_no_probability_is_refused(q: Any) -> None:
    for function in (gumbel.ppf, gumbel.isf):
        with pytest.raises(ValueError, match="probability from 0 to 1"):
            function(q)
