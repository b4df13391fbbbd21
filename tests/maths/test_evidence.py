"""Bets that may be read for ever: fair against every member of the null, sharp against the rest."""

import itertools
import math

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from gumbelviz.maths import concrete
from gumbelviz.maths.checks import ABSOLUTE, RELATIVE, allow
from gumbelviz.maths.evidence import MeanBets, ShareBets, _Climb, average

Reals = NDArray[np.float64]
ALARM = math.log(1e10)


# --------------------------------------------------------------------------------------------- of shares

P = np.array([0.5, 0.3, 0.2])
CORNERS = [np.array(e) for e in itertools.product((-0.06, 0.0, 0.06), repeat=3) if abs(sum(e)) < 1e-12]


@pytest.mark.parametrize("error", CORNERS, ids=str)
def test_no_member_of_the_null_makes_the_bets_pay(error: Reals) -> None:
    """The mean over all outcomes of eight draws, exactly, for laws at the edges of what is allowed."""
    bets = ShareBets.against(P, P - 0.06, P + 0.06)
    truth, total = P + error, 0.0
    for counts in itertools.product(range(9), repeat=3):
        if sum(counts) == 8:
            total += stats.multinomial.pmf(counts, 8, truth) * math.exp(bets.log_evidence(counts)[0])
    assert 0 < total <= 1 + 1e-12


def test_without_an_allowance_the_bets_are_exactly_fair_and_with_one_they_are_not_better() -> None:
    fair, careful = ShareBets.against(P), ShareBets.against(P, *allow(P, 1e-3, 1e-4))
    total = 0.0
    for counts in itertools.product(range(9), repeat=3):
        if sum(counts) == 8:
            plain = fair.log_evidence(counts)[0]
            total += stats.multinomial.pmf(counts, 8, P) * math.exp(plain)
            assert careful.log_evidence(counts)[0] <= plain + 1e-9
    assert total == pytest.approx(1, rel=1e-9)


def test_the_bound_on_the_null_is_close_to_its_supremum() -> None:
    """What the bound gives away against the best of 200 000 laws in the box: under a hundredth at 1e6 draws."""
    rng, draws = np.random.default_rng(1), 10**6
    low, high = allow(P, 2e-3, 0.0)
    counts = rng.multinomial(draws, P + [0.003, -0.002, -0.001])
    inside = rng.uniform(low[:2], high[:2], size=(200_000, 2))
    laws = np.column_stack([inside, 1 - inside.sum(axis=1)])
    laws = laws[(laws[:, 2] >= low[2]) & (laws[:, 2] <= high[2])]
    best = (counts * np.log(laws / P)).sum(axis=1).max()
    bound = ShareBets.against(P).log_evidence(counts)[0] - ShareBets.against(P, low, high).log_evidence(counts)[0]
    assert best - 1e-9 <= bound <= best + 0.01 * best


@pytest.mark.parametrize("draws", [10**6, 10**9, 10**13])
def test_roundings_are_no_evidence_and_larger_errors_are(draws: int) -> None:
    bets = ShareBets.against(P, *allow(P, RELATIVE, ABSOLUTE))
    within = np.array([RELATIVE * 0.2, -RELATIVE * 0.1, -RELATIVE * 0.1])
    assert bets.log_evidence(draws * (P + within))[0] < 0
    if draws > 10**12:
        assert bets.log_evidence(draws * (P + 10 * within))[0] > ALARM
        assert ShareBets.against(P).log_evidence(draws * (P + within))[0] > ALARM  # what the allowance is for


def test_a_cell_that_cannot_be_hit_is_proof() -> None:
    bets = ShareBets.against([0.5, 0.5, 0.0], *allow(np.array([0.5, 0.5, 0.0]), RELATIVE, ABSOLUTE))
    np.testing.assert_array_equal(bets.log_evidence([5, 5, 1]), [math.inf])
    assert bets.log_evidence([5, 5, 0])[0] < 1
    assert ShareBets.against([1.0]).log_evidence([7])[0] == 0
    assert ShareBets.against(P).log_evidence([0, 0, 0])[0] == 0


def test_lists_are_judged_each_for_itself() -> None:
    rng = np.random.default_rng(2)
    laws = [rng.dirichlet(np.full(size, 0.2)) for size in (64, 3, 1, 30)]
    counts = [rng.multinomial(1000 * k, law) for k, law in enumerate(laws)]
    parts = [ShareBets.against(law, *allow(law, 1e-3, 1e-3), groups=8) for law in laws]
    joined = ShareBets.joined([ShareBets.joined(parts[:2]), *parts[2:]])
    apart = [part.log_evidence(c)[0] for part, c in zip(parts, counts, strict=True)]
    np.testing.assert_allclose(joined.log_evidence(np.concatenate(counts)), apart, rtol=1e-9, atol=1e-9)
    means = [MeanBets.against([m], [0.1], 0.0, 1.0) for m in (0.3, 0.6)]
    both = MeanBets.joined(means).log_evidence([100, 200], [40.0, 90.0])
    assert both[0] == pytest.approx(means[0].log_evidence(100, [40.0])[0])
    assert both[1] == pytest.approx(means[1].log_evidence(200, [90.0])[0])


def test_cells_are_pooled_by_theory_alone() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        law = rng.dirichlet(np.full(64, 0.2))
        bets = ShareBets.against(law, groups=8)
        pooled, cells = np.bincount(bets.labels, law), np.bincount(bets.labels)
        assert (np.diff(bets.labels) >= 0).all()
        assert len(pooled) <= 8
        assert (pooled[cells > 1] < 1 / 8 + law.max()).all()
        np.testing.assert_allclose(bets.low, pooled, rtol=1e-12)
        assert bets.log_evidence(np.round(1e6 * law))[0] < 0  # counts as expected are no evidence


def test_growth_keeps_its_digits_where_gamma_functions_lose_them() -> None:
    starts = np.array([[1e-11, 1e-3, 1.0, 19.99, 20.0, 1e6, 1e11]])
    table = _Climb.of(starts)
    for steps in (0.0, 1.0, 3.0, 1e4, 1e9):
        with mpmath.workdps(50):
            for value, start in zip(table.log_growth(np.full(7, steps))[0], starts[0], strict=True):
                a, n = mpmath.mpf(float(start)), mpmath.mpf(steps)
                exact = mpmath.loggamma(a + n) - mpmath.loggamma(a) - n * mpmath.log(a)
                assert abs(value - exact) <= 1e-13 * abs(exact) + 1e-5 * (n > 1e4) + 1e-12


# --------------------------------------------------------------------------------------------- of means

LAWS = [
    ([0.0, 1.0], [0.7, 0.3]),
    ([0.0, 1.0], [0.999, 0.001]),
    ([0.0, 0.5, 1.0], [0.2, 0.5, 0.3]),
    ([0.3, 0.31], [0.5, 0.5]),
    ([0.0, 0.2, 0.9], [0.05, 0.9, 0.05]),
]


@pytest.mark.parametrize(("values", "chances"), LAWS)
@pytest.mark.parametrize("draws", [1, 4])
def test_bets_on_a_mean_are_fair_whatever_the_law(values: list[float], chances: list[float], draws: int) -> None:
    """Exactly, over all outcomes: the capital's mean is at most 1, if mean, variance and range are right."""
    mean = float(np.dot(values, chances))
    variance = float(np.dot(np.square(values), chances)) - mean**2
    bets = MeanBets.against([mean], [variance], 0.0, 1.0)
    total = 0.0
    for outcome in itertools.product(range(len(values)), repeat=draws):
        chance = math.prod(chances[k] for k in outcome)
        total += chance * math.exp(bets.log_evidence(draws, [sum(values[k] for k in outcome)])[0])
    assert total <= 1 + 1e-12


def test_the_price_of_a_bet_is_that_of_the_two_point_law() -> None:
    """Bennett's bound is attained, so that a smaller price would be unfair; for small rates it is r^2 v / 2."""
    mean, variance, room = 0.3, 0.02, 0.7
    bets = MeanBets.against([mean], [variance], 0.0, 1.0)
    inflated, far = variance * (1 + 1e-4), room + math.sqrt(variance * (1 + 1e-4))
    for rate, price in list(zip(bets.rates[:, 0], bets.costs[:, 0], strict=True))[:22]:
        weight = inflated / (far**2 + inflated)
        growth = (1 - weight) * math.expm1(-rate * inflated / far) + weight * math.expm1(rate * far)
        assert price == pytest.approx(math.log1p(growth), rel=1e-6)
    np.testing.assert_allclose(bets.costs[15:22, 0], bets.rates[15:22, 0] ** 2 * inflated / 2, rtol=1e-3)
    assert (bets.costs > 0).all()


def test_watched_runs_of_the_right_law_pass_a_threshold_as_rarely_as_stated() -> None:
    """400 right runs, read 60 times each up to 1 000 000 draws, against thresholds of 1/20 and 1/100.

    The law: 500 soft choices of three options, one as likely as the other, so that mean and variance are
    known exactly. Bound: 4.5 standard errors above 5 % and 1 %. The same looks at two standard errors fool
    most runs.
    """
    rng, runs = np.random.default_rng(3), 400
    choices = concrete.relax(concrete.perturb([1.0, 0.0, -1.0], rng.gumbel(size=(3, 500))), 0.5)
    mean, variance = choices.mean(axis=1), choices.var(axis=1)
    bets = MeanBets.against(mean, variance, 0.0, 1.0)
    looks = np.unique(np.geomspace(10, 1e6, 60).astype(int))
    ever, fooled = np.zeros(runs), 0
    for run in range(runs):
        counts = rng.multinomial(np.diff(looks, prepend=0), np.full(500, 1 / 500))
        sums = np.cumsum(counts @ choices.T, axis=0)
        ever[run] = max(average(bets.log_evidence(n, seen)) for n, seen in zip(looks, sums, strict=True))
        scores = (sums - np.outer(looks, mean)) / np.sqrt(np.outer(looks, variance))
        fooled += bool((abs(scores) > 2).any())
    for alpha in (0.05, 0.01):
        assert np.mean(ever >= -math.log(alpha)) <= alpha + 4.5 * math.sqrt(alpha * (1 - alpha) / runs)
    assert fooled > 0.5 * runs


@pytest.mark.parametrize(
    ("draws", "variance"), [(10**4, 0.2), (10**6, 0.2), (10**6, 0.001), (10**9, 0.2), (10**9, 1e-6)]
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_wrong_mean_is_seen_as_soon_as_stated(draws: int, variance: float, sign: int) -> None:
    # alpha = 1e-10; the sum at its expectation, that is power 1/2; an eighth more for rates that halve
    bets = MeanBets.against([0.4], [variance], 0.0, 1.0)
    shift = 1.125 * math.sqrt(2 * variance * (ALARM + 4) / draws)
    assert bets.log_evidence(draws, [draws * (0.4 + sign * shift)])[0] > ALARM
    assert bets.log_evidence(draws, [draws * (0.4 + 0.5 * sign * shift)])[0] < ALARM


def test_a_slack_forgives_roundings_for_ever() -> None:
    slack = RELATIVE * 0.4 + ABSOLUTE
    for variance in (0.2, 0.0):
        bets = MeanBets.against([0.4], [variance], 0.0, 1.0, slack)
        for draws in (10**3, 10**8, 10**13):
            assert bets.log_evidence(draws, [draws * (0.4 + 0.9 * slack)])[0] <= 0
        assert bets.log_evidence(10**13, [10**13 * (0.4 + 10 * slack)])[0] > ALARM


def test_what_is_no_number_is_proof_and_nothing_drawn_is_nothing() -> None:
    bets = MeanBets.against([0.4, 0.5], [0.1, 0.1], 0.0, 1.0)
    np.testing.assert_array_equal(bets.log_evidence(10, [math.inf, 5.0])[0], math.inf)
    assert bets.log_evidence(10, [math.nan, 5.0])[0] == math.inf
    assert bets.log_evidence(10, [math.nan, 5.0])[1] < 0
    np.testing.assert_array_equal(bets.log_evidence(0, [0.0, 0.0]), [0.0, 0.0])


def test_averages_of_evidence() -> None:
    assert average([0.0, 0.0], 0.0) == pytest.approx(0, abs=1e-15)
    assert average([math.log(4.0)], [-math.inf, -math.inf, -math.inf]) == pytest.approx(0, abs=1e-15)
    assert average(math.inf, [0.0]) == math.inf
