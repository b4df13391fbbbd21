"""The tests of a run: right false-alarm rates on right samplers, and alarms on broken ones.

Seeds are fixed. Each claim about a rate states alpha, power, n and the discrepancy.
"""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special, stats

from gumbelviz.maths import checks, concrete, gumbel
from gumbelviz.maths.evidence import ShareBets

Reals = NDArray[np.float64]
Generator = np.random.Generator

LOGITS = np.array([1.0, 0.0, -1.0])
CHANCES = concrete.probabilities(LOGITS)


def binomial_bound(rate: float, runs: int) -> float:
    """Return 4.5 standard errors of a frequency: passed by chance once in 150 000."""
    return 4.5 * math.sqrt(rate * (1 - rate) / runs)


# ------------------------------------------------------------------------------------------ chi-square


def test_chi_square_agrees_with_scipy() -> None:
    counts, p = np.array([505, 280, 215]), np.array([0.5, 0.3, 0.2])
    found, expected = checks.chi_square(counts, p), stats.chisquare(counts, 1000 * p)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)
    assert found.degrees == 2


@pytest.mark.parametrize("draws", [200, 5000])
def test_chi_square_raises_false_alarms_as_stated(draws: int) -> None:
    # 20 000 right runs, six cells, two of them pooled at n = 200
    p = np.array([0.4, 0.25, 0.2, 0.1, 0.04, 0.01])
    runs = np.random.default_rng(1).multinomial(draws, p, size=20_000)
    values = np.array([checks.chi_square(counts, p).p_value for counts in runs])
    for alpha in (0.2, 0.05, 0.01):
        assert abs(np.mean(values < alpha) - alpha) < binomial_bound(alpha, 20_000) + 0.05 * alpha


def test_pooling_depends_on_expectations_only() -> None:
    p = np.array([0.001, 0.5, 0.002, 0.497])
    for counts in ([0, 500, 0, 500], [500, 0, 500, 0]):
        assert checks.chi_square(counts, p).degrees == 1  # 1 and 2 expected: pooled with the 497
    assert checks.chi_square([9, 50, 9, 5], [0.25] * 4).degrees == 1  # four of 18.25: two of 36.5
    assert checks.chi_square([20, 20, 10], [0.26, 0.26, 0.48]).degrees == 0  # 13 and 13, and 24 left over
    assert checks.chi_square([995, 2, 3], [0.995, 0.003, 0.002]).p_value == 1  # 2 and 3: all in one
    assert checks.chi_square([900, 40, 60], [0.9, 0.04, 0.06]).degrees == 2


def test_chi_square_at_the_ends() -> None:
    assert checks.chi_square([500, 1, 499], [0.5, 0, 0.5]).p_value == 0
    assert checks.chi_square([500, 0, 500], [0.5, 0, 0.5]) == checks.ChiSquare(0, 1, 1)
    assert checks.chi_square([7], [1]) == checks.ChiSquare(0, 0, 1)
    assert checks.chi_square([0, 0], [0.5, 0.5]).p_value == 1


# ------------------------------------------------------------------------------- evidence and agreement


@pytest.mark.parametrize("p", [[0.5, 0.3, 0.2], [0.98, 0.01, 0.01], [1 / 3] * 3, [0.9999999, 5e-8, 5e-8]])
def test_evidence_is_a_fair_bet(p: list[float]) -> None:
    # the likelihood ratio has mean 1 under theory: exactly, summed over all outcomes of six draws
    total = 0.0
    for counts in itertools.product(range(7), repeat=3):
        if sum(counts) == 6:
            total += stats.multinomial.pmf(counts, 6, p) * math.exp(checks.log_evidence(counts, p))
    assert total == pytest.approx(1, rel=1e-9)


def test_evidence_holds_for_runs_that_are_watched_and_chi_square_does_not() -> None:
    # 400 right runs of 1 000 000 draws, read 60 times each on the way, against thresholds of 1/20 and 1/100.
    # Ville: at most 5 % and 1 % of runs ever pass. The same looks at p < 0.05 fool a third of the runs.
    rng, runs = np.random.default_rng(2), 400
    looks = np.unique(np.geomspace(10, 1e6, 60).astype(int))
    ever, fooled, bets = np.zeros(runs), 0, ShareBets.against(CHANCES)
    for run in range(runs):
        counts = np.cumsum(rng.multinomial(np.diff(looks, prepend=0), CHANCES), axis=0)
        if run < 100:
            fooled += any(checks.chi_square(seen, CHANCES).p_value < 0.05 for seen in counts)
        ever[run] = max(bets.log_evidence(seen)[0] for seen in counts)
    for alpha in (0.05, 0.01):
        assert np.mean(ever >= -math.log(alpha)) <= alpha + binomial_bound(alpha, runs)
    assert fooled > 30
    assert checks.FALSE_ALARM * 3600 < 1e-6  # a new run at each of 60 ticks a second


@pytest.mark.parametrize(("draws", "shift"), [(10**4, 0.06), (10**6, 0.0055), (10**8, 0.0006)])
def test_agreement_finds_small_shifts(draws: int, shift: float) -> None:
    # alpha = 1e-10 for ever; power above 99 % (300 runs, none or one missed) for the shift given
    p = np.array([0.5, 0.3, 0.2])
    wrong = p + shift * np.array([1, -0.5, -0.5])
    runs = np.random.default_rng(3).multinomial(draws, wrong, size=300)
    found = [checks.agreement(counts, p).verdict == "disagrees" for counts in runs]
    assert np.mean(found) > 0.99


def test_a_right_run_agrees_once_there_are_enough_draws() -> None:
    rng = np.random.default_rng(4)
    for draws, verdict in ((0, "too few draws"), (399, "too few draws"), (400, "agrees"), (10**9, "agrees")):
        found = checks.agreement(rng.multinomial(draws, CHANCES), CHANCES)
        assert found.verdict == verdict
        assert found.p_value > 1e-4
    assert found.largest_difference < 1e-4
    assert found.chi_square == checks.chi_square(rng.multinomial(0, CHANCES), CHANCES).statistic or found.p_value < 1


def test_gross_errors_are_seen_before_there_are_enough_draws() -> None:
    assert checks.agreement([0, 0, 60], [0.5, 0.3, 0.2]).verdict == "disagrees"
    assert checks.agreement([9, 1], [1, 0]).verdict == "disagrees"
    assert checks.agreement([0, 2], [1, 1e-300]).verdict == "disagrees"
    assert checks.agreement([500], [1]).verdict == "agrees"
    assert math.isinf(checks.log_evidence([9, 1], [1, 0]))
    assert checks.log_evidence([9], [1]) == 0


def test_evidence_is_accurate_for_very_long_runs() -> None:
    # log gamma of 1e12 loses 12 digits to cancellation; what is left must still decide at 23
    p = np.array([0.5, 0.3, 0.2])
    assert abs(checks.log_evidence(1e12 * p, p)) < 15
    assert checks.log_evidence(1e12 * (p + [1e-4, -1e-4, 0]), p) > 1000


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_options_does_not_matter(counts: list[int], random: Any) -> None:
    p = concrete.probabilities(np.linspace(0, 2, len(counts)))
    order = list(range(len(counts)))
    random.shuffle(order)
    one, two = checks.agreement(counts, p), checks.agreement(np.take(counts, order), p[order])
    assert one.verdict == two.verdict
    assert one.log_evidence == pytest.approx(two.log_evidence, rel=1e-9, abs=1e-6)


# -------------------------------------------------------------------------------------- broken samplers


def right(rng: Generator, count: int) -> Any:
    return concrete.choose(concrete.perturb(LOGITS, rng.gumbel(size=(3, count))))


def minus_gumbel(rng: Generator, count: int) -> Any:
    return np.argmax(LOGITS[:, np.newaxis] - rng.gumbel(size=(3, count)), axis=0)


def weak_noise(rng: Generator, count: int) -> Any:
    return np.argmax(LOGITS[:, np.newaxis] + 0.99 * rng.gumbel(size=(3, count)), axis=0)


def normal_noise(rng: Generator, count: int) -> Any:
    return np.argmax(LOGITS[:, np.newaxis] + math.sqrt(gumbel.variance()) * rng.normal(size=(3, count)), axis=0)


def one_noise_for_all(rng: Generator, count: int) -> Any:
    return np.argmax(LOGITS[:, np.newaxis] + rng.gumbel(size=(1, count)), axis=0)


def shared_by_two(rng: Generator, count: int) -> Any:
    noise = rng.gumbel(size=(3, count))
    noise[2] = noise[1]
    return np.argmax(LOGITS[:, np.newaxis] + noise, axis=0)


def absorbed(rng: Generator, count: int) -> Any:
    noise = rng.gumbel(size=(3, count)).astype(np.float32)
    return np.argmax((LOGITS + 1e8).astype(np.float32)[:, np.newaxis] + noise, axis=0)


def clamped(rng: Generator, count: int) -> Any:
    # uniform numbers kept away from 0 and 1, a common "fix", with a large epsilon
    uniform = np.clip(rng.uniform(size=(3, count)), 0.05, 0.95)
    return np.argmax(LOGITS[:, np.newaxis] + gumbel.ppf(uniform), axis=0)


def logs_of_chances_twice(rng: Generator, count: int) -> Any:
    return np.argmax(CHANCES[:, np.newaxis] + rng.gumbel(size=(3, count)), axis=0)


@pytest.mark.parametrize(
    ("sampler", "draws"),
    [
        (minus_gumbel, 100_000),
        (weak_noise, 4_000_000),
        (normal_noise, 100_000),
        (one_noise_for_all, 500),
        (shared_by_two, 10_000),
        (absorbed, 1000),
        (clamped, 100_000),
        (logs_of_chances_twice, 1000),
    ],
)
def test_broken_samplers_are_caught(sampler: Callable[[Generator, int], Any], draws: int) -> None:
    # alpha = 1e-10; caught in 3 of 3 runs at the n given (draws x KL divergence is above 50)
    for seed in range(3):
        counts = np.bincount(sampler(np.random.default_rng(seed), draws), minlength=3)
        assert checks.agreement(counts, CHANCES).verdict == "disagrees"


def test_the_right_sampler_is_not() -> None:
    for seed in range(20):
        counts = np.bincount(right(np.random.default_rng(seed), 100_000), minlength=3)
        found = checks.agreement(counts, CHANCES)
        assert (found.verdict, found.p_value > 1e-4) == ("agrees", True)


def test_two_options_cannot_tell_gumbel_from_minus_gumbel() -> None:
    # mathematics.md, rule 6: why every test here has three options
    logits = np.array([1.0, 0.0])
    noise = np.random.default_rng(5).gumbel(size=(2, 1_000_000))
    counts = np.bincount(np.argmax(logits[:, np.newaxis] - noise, axis=0), minlength=2)
    assert checks.agreement(counts, concrete.probabilities(logits)).verdict == "agrees"


# ---------------------------------------------------------------------------------- Kolmogorov-Smirnov


@pytest.mark.parametrize("count", [20, 500])
def test_kolmogorov_smirnov_raises_false_alarms_as_stated(count: int) -> None:
    samples = np.random.default_rng(6).gumbel(size=(5000, count))
    values = np.array([checks.kolmogorov_smirnov(row, gumbel.cdf).p_value for row in samples])
    for alpha in (0.2, 0.05, 0.01):
        assert abs(np.mean(values < alpha) - alpha) < binomial_bound(alpha, 5000) + 0.05 * alpha


def test_kolmogorov_smirnov_agrees_with_scipy() -> None:
    samples = np.random.default_rng(7).gumbel(size=2000)
    found, exact = checks.kolmogorov_smirnov(samples, gumbel.cdf), stats.kstest(samples, "gumbel_r")
    assert found.distance == pytest.approx(exact.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(exact.pvalue, rel=0.01)
    for shift in np.linspace(-0.6, 0, 7):  # few samples: without Stephens' correction up to 40 % off
        few = shift + samples[:20]
        exact_value = stats.kstest(few, "gumbel_r").pvalue
        assert checks.kolmogorov_smirnov(few, gumbel.cdf).p_value == pytest.approx(exact_value, rel=0.05)


def test_kolmogorov_smirnov_sees_the_wrong_sign_and_the_wrong_scale() -> None:
    # n = 200 000: distance 0.0037 between scales 1 and 0.99; p below 1e-4 for a distance of 0.005
    rng = np.random.default_rng(8)
    edges = np.array([-math.inf, *np.linspace(-2, 6, 81), math.inf])
    cells = np.diff(gumbel.cdf(edges))
    for samples, limit in ((-rng.gumbel(size=2000), 1e-20), (0.98 * rng.gumbel(size=200_000), 1e-6)):
        assert checks.kolmogorov_smirnov(samples, gumbel.cdf).p_value < limit
        counts = np.diff(np.searchsorted(np.sort(samples), edges))
        assert checks.kolmogorov_smirnov_cells(counts, cells).p_value < limit


def test_a_histogram_never_shows_more_than_its_samples() -> None:
    edges = np.array([-math.inf, *np.linspace(-2, 6, 41), math.inf])
    cells = np.diff(gumbel.cdf(edges))
    for seed in range(200):
        samples = np.random.default_rng(seed).gumbel(size=1000)
        counts = np.diff(np.searchsorted(np.sort(samples), edges))
        whole, seen = (
            checks.kolmogorov_smirnov(samples, gumbel.cdf),
            checks.kolmogorov_smirnov_cells(counts, cells),
        )
        assert seen.distance <= whole.distance + 1e-12
        assert seen.p_value >= whole.p_value - 1e-9
    assert checks.kolmogorov_smirnov_cells([0, 0], [0.5, 0.5]) == checks.KolmogorovSmirnov(0, 1)


# -------------------------------------------------------------------------------- frequencies and means


def test_frequency_errors_are_two_standard_errors() -> None:
    np.testing.assert_allclose(checks.frequency_errors([0.5, 0.1, 0, 1], 100), [0.1, 0.06, 0, 0], rtol=1e-15)
    np.testing.assert_array_equal(checks.frequency_errors([0.5, 0, 1], 0), [math.inf, 0, 0])
    runs = np.random.default_rng(9).multinomial(10_000, CHANCES, size=20_000) / 10_000
    outside = np.mean(abs(runs - CHANCES) > checks.frequency_errors(CHANCES, 10_000), axis=0)
    assert np.all(abs(outside - 2 * special.ndtr(-2)) < binomial_bound(0.0455, 20_000) + 0.002)


def test_largest_difference() -> None:
    assert checks.largest_difference([60, 20, 20], [0.5, 0.3, 0.2]) == pytest.approx(0.1)
    assert checks.largest_difference([0, 0], [0.5, 0.5]) == 0


def test_scores_of_means_are_standard_normal_and_see_weak_noise() -> None:
    # 400 right runs of 2000 draws; then noise of scale 0.98, n = 400 000: about 8 expected, 5 asked for
    rng, tau, runs, count = np.random.default_rng(10), 0.7, 400, 2000
    exact = concrete.expectations(LOGITS, tau)
    y = concrete.relax(concrete.perturb(LOGITS, rng.gumbel(size=(3, runs * count))), tau)
    means = y.reshape(3, runs, count).mean(axis=2).T
    scores = checks.mean_score(means, exact.mean, exact.variance, count)
    assert np.all(abs(scores.mean(axis=0)) < 4.5 / math.sqrt(runs))
    assert np.all(abs((scores**2).mean(axis=0) - 1) < 4.5 * math.sqrt(2 / runs))
    weak = concrete.relax(concrete.perturb(LOGITS, 0.98 * rng.gumbel(size=(3, 400_000))), tau)
    assert abs(checks.mean_score(weak.mean(axis=1), exact.mean, exact.variance, 400_000)).max() > 5


def test_scores_of_what_cannot_vary() -> None:
    scores = checks.mean_score([1.0, 0.5, 0.4], [1.0, 0.5, 0.5], [0, 0, 0], 10)
    np.testing.assert_array_equal(scores, [0, 0, -math.inf])
    np.testing.assert_array_equal(checks.mean_score([0.3, 0.7], [0.5, 0.5], [0.1, 0.1], 0), [0, 0])


# -------------------------------------------------------------------------------------------- refusals

COUNTED: list[Callable[[Any, Any], Any]] = [
    checks.chi_square,
    checks.largest_difference,
    checks.log_evidence,
    checks.agreement,
    checks.kolmogorov_smirnov_cells,
]


@pytest.mark.parametrize("function", COUNTED)
def test_counts_and_probabilities_without_meaning_are_refused(function: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(ValueError, match="A count must be a number from 0 upwards"):
        function([-1, 2], [0.5, 0.5])
    with pytest.raises(ValueError, match="A count must be"):
        function([math.nan, 2], [0.5, 0.5])
    with pytest.raises(ValueError, match="A probability must be"):
        function([1, 2], [1.5, -0.5])
    with pytest.raises(ValueError, match=r"sum to 0\.9, not to 1"):
        function([1, 2], [0.5, 0.4])
    with pytest.raises(ValueError, match="do not fit"):
        function([1, 2, 3], [0.5, 0.5])
    with pytest.raises(ValueError, match="do not fit"):
        function([], [])


def test_other_things_without_meaning_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        checks.frequency_errors([1.2], 10)
    for draws in (-1, math.nan):
        with pytest.raises(ValueError, match="number of draws cannot be negative"):
            checks.frequency_errors([0.2], draws)
        with pytest.raises(ValueError, match="number of draws cannot be negative"):
            checks.mean_score([0.2], [0.2], [1], draws)
    with pytest.raises(ValueError, match="A variance must be"):
        checks.mean_score([0.2], [0.2], [-1], 10)
    for samples in ([], [0.5, math.nan]):
        with pytest.raises(ValueError, match="at least one sample"):
            checks.kolmogorov_smirnov(samples, gumbel.cdf)
