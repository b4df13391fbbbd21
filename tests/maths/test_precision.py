"""What floating point does: the common formula fails where libraries fail, the careful one and the reference do not."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.engine.stream import gumbel_of_bits
from gumbelviz.maths import concrete, precision

SINGLE, DOUBLE = np.float32, np.float64
TOP = 2**32 - 1


def bits_of(seed: int, options: int, draws: int) -> NDArray[np.uint32]:
    return np.random.default_rng(seed).integers(0, 2**32, (options, draws), dtype=np.uint32)


def library_noise(bits: NDArray[np.uint32], dtype: precision.Float) -> precision.Floats:
    return precision.noise_of(precision.exponentials(bits, dtype))


# Noise.


def test_an_exponential_is_exactly_zero_for_the_256_highest_bits_in_single_precision_only() -> None:
    bits = np.array([TOP, TOP - 255, TOP - 256], dtype=np.uint32)
    single, double = precision.exponentials(bits, SINGLE), precision.exponentials(bits, DOUBLE)
    assert single.dtype == SINGLE
    assert (single == 0).tolist() == [True, True, False]
    assert precision.noise_of(single)[0] == math.inf
    assert (double > 0).all()


@pytest.mark.parametrize(("dtype", "close"), [(SINGLE, 2e-4), (DOUBLE, 1e-13)])
def test_library_noise_is_the_noise_of_the_stream_up_to_rounding(dtype: precision.Float, close: float) -> None:
    bits = bits_of(1, 1, 20_000)[0]
    bits = bits[bits < TOP - 2**20]  # beyond, 24 bits have only a few steps left
    assert np.abs(library_noise(bits, dtype) - gumbel_of_bits(bits)).max() < close


# The common formula.


def test_the_common_formula_is_that_of_the_libraries_step_by_step() -> None:
    """In scalars of single precision, so that no array operation can do it in another."""
    logits, tau = np.array([2.0, 1.2, 0.4]), SINGLE(0.7)
    noise = library_noise(bits_of(2, 3, 50), SINGLE)
    sample = precision.naive(logits, noise, 0.7)
    for n in range(50):
        scores = [SINGLE(SINGLE(z) + g) / tau for z, g in zip(logits, noise[:, n], strict=True)]
        weights = [np.exp(SINGLE(score - max(scores))) for score in scores]
        total = SINGLE(SINGLE(weights[0] + weights[1]) + weights[2])
        # One unit in the last place: vectorised exp may round otherwise than the scalar one.
        np.testing.assert_allclose(sample.y[:, n], [w / total for w in weights], rtol=2.5e-7)
    assert sample.y.dtype == sample.log_y.dtype == SINGLE


@pytest.mark.parametrize("dtype", [SINGLE, DOUBLE])
def test_at_temperature_zero_the_common_formula_is_nan_and_the_careful_one_is_argmax(dtype: precision.Float) -> None:
    logits, noise = np.array([2.0, 1.2, -3.0]), library_noise(bits_of(3, 3, 500), dtype)
    sample = precision.naive(logits, noise, 0.0)
    assert np.isnan(sample.y).any(axis=0).all()
    assert (sample.winners == -1).all()
    ours = precision.careful(logits, noise, 0.0)
    np.testing.assert_array_equal(ours.y, concrete.relax(concrete.perturb(logits, noise), 0.0))
    assert set(np.unique(ours.log_y)) == {0.0, -math.inf}


def test_an_infinite_noise_makes_a_draw_nan() -> None:
    noise = np.array([[math.inf, 0.0], [0.0, 1.0], [0.5, -1.0]], dtype=SINGLE)
    sample = precision.naive(np.array([0.0, 0.1, 0.2]), noise, 0.5)
    assert sample.winners.tolist() == [-1, 1]
    tally = precision.Tally.empty(3)
    tally.add(sample, precision.reference(np.array([0.0, 0.1, 0.2]), noise, 0.5), hard=False)
    assert (tally.draws, tally.nan, tally.wins.tolist()) == (2, 1, [0, 1, 0])


@pytest.mark.parametrize("options", [2, 3])
def test_at_logits_of_1e8_in_single_precision_the_first_option_wins_as_often_as_rounding_says(options: int) -> None:
    """The exact frequency follows from where the sums can land; 200,000 draws, five standard errors (1e-6)."""
    found = precision.landing_places(1e8, 1.0, SINGLE, -4.0, 20.0, 50)
    assert found is not None
    _, shares = found
    below = np.cumsum(shares)
    exact = float((shares * below ** (options - 1)).sum())
    if options == 2:
        assert abs(exact - 0.98) < 0.005  # the 98 % of design/mathematics.md
    draws = 200_000
    noise = library_noise(bits_of(4, options, draws), SINGLE)
    sample = precision.naive(np.full(options, 1e8), noise, 0.5)
    frequency = np.count_nonzero(sample.winners == 0) / draws
    assert abs(frequency - exact) < 5 * math.sqrt(exact * (1 - exact) / draws)
    ours = precision.careful(np.full(options, 1e8), noise, 0.5)
    fair = 1 / options
    assert abs(np.count_nonzero(ours.winners == 0) / draws - fair) < 5 * math.sqrt(fair * (1 - fair) / draws)


# The careful way.


@pytest.mark.parametrize("temperature", [0.001, 0.1, 0.5, 3.0])
@pytest.mark.parametrize("offset", [0.0, 1e8])
def test_the_careful_way_is_that_of_concrete(temperature: float, offset: float) -> None:
    logits = np.array([2.0, 1.25, 0.5, -1.0]) + offset
    for dtype, close in ((SINGLE, 3e-5), (DOUBLE, 1e-12)):
        noise = library_noise(bits_of(5, 4, 2_000), dtype)
        ours = precision.careful(logits, noise, temperature)
        scores = concrete.perturb(logits, noise)
        np.testing.assert_array_equal(ours.winners, concrete.choose(scores))
        np.testing.assert_allclose(ours.log_y, concrete.log_relax(scores, temperature), rtol=close, atol=1e-45)
        assert np.isfinite(ours.log_y).all()
        assert ours.y.dtype == ours.log_y.dtype == dtype


def test_a_temperature_that_single_precision_takes_for_zero_is_zero() -> None:
    noise = library_noise(bits_of(6, 3, 100), SINGLE)
    ours = precision.careful(np.zeros(3), noise, 1e-60)
    np.testing.assert_array_equal(ours.y, precision.careful(np.zeros(3), noise, 0.0).y)


# The reference.


@pytest.mark.parametrize("temperature", [0.001, 0.1, 2.0])
@pytest.mark.parametrize("logits", [(2.0, 1.2, 0.4), (1e8 + 2.0, 1e8 + 1.2, 1e8 + 0.4), (700.0, 0.0, -1e5)])
def test_the_reference_has_all_digits(temperature: float, logits: tuple[float, ...]) -> None:
    """Against 50 digits (mpmath), for the numbers that are shares in double precision."""
    noise = library_noise(bits_of(7, 3, 60), SINGLE)
    shares = precision.reference(np.array(logits), noise, temperature)
    with mp.workdps(50):
        for n in range(noise.shape[1]):
            raised = [
                mp.exp((mp.mpf(z) - max(logits) + mp.mpf(float(g))) / mp.mpf(temperature) if z > -1e9 else 0)
                for z, g in zip(logits, noise[:, n], strict=True)
            ]
            for share, exact in zip(shares[:, n], [r / mp.fsum(raised) for r in raised], strict=True):
                if exact > 1e-290:
                    assert abs(mp.mpf(float(share)) - exact) / exact < 2e-15


def test_the_reference_keeps_its_digits_for_a_thousand_options() -> None:
    noise = library_noise(bits_of(8, 1_000, 3), DOUBLE)
    shares = precision.reference(np.linspace(0.0, 3.0, 1_000), noise, 0.5)
    assert max(abs(math.fsum(column) - 1) for column in shares.T) < 1e-15


def test_errors_are_seen_and_small_ones_are_not_made_up() -> None:
    logits, bits = np.array([2.0, 1.2, 0.4]), bits_of(9, 3, 5_000)
    worst = {}
    for dtype in (SINGLE, DOUBLE):
        noise = library_noise(bits, dtype)
        exact = precision.reference(logits, noise, 0.01)
        for way in (precision.naive, precision.careful):
            tally = precision.Tally.empty(3)
            tally.add(way(logits, noise, 0.01), exact, hard=False)
            worst[way.__name__, dtype] = tally.worst
    assert 1e-6 < worst["careful", SINGLE] < worst["naive", SINGLE] < 1e-3
    assert 1e-15 < worst["careful", DOUBLE] < worst["naive", DOUBLE] < 1e-11


# The tally.


def test_a_tally_counts_what_it_says() -> None:
    tiny = np.finfo(SINGLE).smallest_subnormal
    y = np.array([[0.5, 1.0, 1.0, np.nan], [0.5, 0.0, tiny, np.nan], [0.0, 0.0, 0.0, np.nan]], dtype=SINGLE)
    log_y = np.array([[-0.69, 0.0, 0.0, np.nan], [-0.69, -500.0, -103.3, np.nan], [-200.0, -300.0, -400.0, np.nan]])
    exact = np.array([[0.5, 1.0, 1.0, 0.3], [0.4, 1e-200, 1e-44, 0.3], [0.1, 1e-300, 0.0, 0.4]])
    sample = precision.Sample(y, log_y.astype(SINGLE), np.array([0, 0, 0, -1]))
    tally = precision.Tally.empty(3)
    for _ in range(2):
        tally.add(sample, exact, hard=False)
    assert (tally.draws, tally.nan, tally.zeros, tally.ones) == (8, 2, 6, 4)
    # In the third draw log y = 0 although 1e-44 could be told from 0; in the second nothing could be kept.
    assert tally.lost == 2
    assert tally.smallest == 0.0
    assert tally.smallest_log == -500.0
    assert math.isclose(tally.worst, 0.25)
    assert tally.wins.tolist() == [6, 0, 0]


def test_the_careful_log_shares_are_never_lost() -> None:
    logits, bits = np.array([1.0, 0.0, -1.0]), bits_of(10, 3, 20_000)
    for dtype in (SINGLE, DOUBLE):
        noise = library_noise(bits, dtype)
        exact = precision.reference(logits, noise, 0.02)
        naive, ours = precision.Tally.empty(3), precision.Tally.empty(3)
        naive.add(precision.naive(logits, noise, 0.02), exact, hard=False)
        ours.add(precision.careful(logits, noise, 0.02), exact, hard=False)
        assert naive.lost > 1_000
        assert ours.lost == 0
        assert math.isfinite(ours.smallest_log)


# Numbers on a line.


def test_numbers_near_1e8_are_8_apart_in_single_precision() -> None:
    assert precision.spacing(1e8, SINGLE) == 8.0
    assert precision.spacing(1e8, DOUBLE) == 2.0**-26


@pytest.mark.parametrize(("size", "scale"), [(1e8, 1.0), (3e7, 2.0), (2.0**24, 0.5), (1e8, 0.01)])
def test_landing_places_are_where_rounded_sums_fall(size: float, scale: float) -> None:
    """400,000 sums rounded by NumPy; each share within five standard errors."""
    found = precision.landing_places(size, scale, SINGLE, -3.5 * scale, 9.5 * scale, 24)
    assert found is not None
    places, shares = found
    assert math.isclose(shares.sum(), 1.0)
    noise = scale * gumbel_of_bits(bits_of(11, 1, 400_000)[0])
    landed = (SINGLE(size) + noise.astype(SINGLE)).astype(DOUBLE) - DOUBLE(SINGLE(size))
    inner = slice(1, -1) if len(places) > 2 else slice(None)
    for place, share in zip(places[inner], shares[inner], strict=True):
        band = 5 * math.sqrt(share * (1 - share) / len(landed)) + 3 / len(landed)
        assert abs(np.count_nonzero(landed == place) / len(landed) - share) < band


def test_too_many_places_are_not_listed() -> None:
    assert precision.landing_places(1.0, 1.0, SINGLE, -4.0, 9.0, 24) is None
    assert precision.landing_places(1e8, 1.0, DOUBLE, -4.0, 9.0, 24) is None
