"""The gradient estimators against exact values, and broken variants of them, which must be told apart.

Monte Carlo means are compared with exact ones within 5 standard errors: one comparison raises a false alarm once in
1.7 million, all of this file together once in about 2,000, and the seeds are fixed. A mean that is off by 8 standard
errors is found with probability 0.999; the draws are so many that each broken variant is off by more than 10.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.maths import concrete
from gumbelviz.maths.gradient_moments import Moments, exact_moments
from gumbelviz.maths.gradients import (
    BY_ID,
    ESTIMATORS,
    EstimatorId,
    Sample,
    conditional_scores,
    exact,
    least_variance_baseline,
    pull_back,
)
from gumbelviz.maths.objectives import (
    Bit,
    Cubic,
    Linear,
    Objective,
    Quadratic,
    corner_slopes,
    corner_values,
    make_objective,
)

Reals = NDArray[np.float64]
DRAWS = 40_000
AGAIN = 3
LIMIT = 5.0
TOY = [-1.0, 0.0]
THREE = Quadratic([0.2, 0.5, 0.3])


def noise(options: int, draws: int = DRAWS, seed: int = 1) -> tuple[Reals, Reals]:
    rng = np.random.default_rng(seed)
    return rng.gumbel(size=(options, draws)), rng.gumbel(size=(AGAIN, options, draws))


def far_off(gradients: Reals, mean: Reals) -> float:
    """The largest distance from the exact mean, in standard errors."""
    error = np.maximum(gradients.std(axis=1) / math.sqrt(gradients.shape[1]), 1e-13)
    return float(np.max(abs(gradients.mean(axis=1) - mean) / error))


def mean_of(moments: Moments) -> Reals:
    assert moments.mean is not None
    return moments.mean


def variance_of(moments: Moments) -> Reals:
    assert moments.variance is not None
    return moments.variance


# Facts ------------------------------------------------------------------------------------------------------


def test_the_toy_has_its_known_gradients() -> None:
    # Issue 5, "Exact facts to agree with".
    toy = Bit(0.45)
    assert exact(TOY, corner_values(toy, 2))[0] == pytest.approx(0.019661, abs=5e-7)
    for tau, mean in ((0.1, 0.010714), (0.25, -0.000709), (0.5, -0.011636), (1, -0.014534), (2, -0.007050)):
        assert mean_of(exact_moments(TOY, tau, toy)["gumbel_softmax"])[0] == pytest.approx(mean, abs=5e-7)
    known = exact_moments(TOY, 1.0, toy)
    assert mean_of(known["straight_through_gumbel_softmax"])[0] == pytest.approx(-0.038053, abs=5e-7)
    assert mean_of(known["straight_through"])[0] == pytest.approx(-0.071197, abs=5e-7)
    for unbiased in ("reinforce", "reinforce_mean_baseline", "reinforce_optimal", "reinmax"):
        assert mean_of(known[unbiased])[0] == pytest.approx(0.019661, abs=5e-7)


def test_three_options_have_their_known_gradients() -> None:
    logits = [1.0, 2.0, 3.0]
    known = exact_moments(logits, 1.0, THREE)
    assert exact(logits, corner_values(THREE, 3))[0] == pytest.approx(0.025198, abs=5e-7)
    assert mean_of(known["gumbel_softmax"])[0] == pytest.approx(-0.009840, abs=5e-7)
    assert mean_of(known["straight_through_gumbel_softmax"])[0] == pytest.approx(-0.037394, abs=5e-7)


def test_the_best_baseline_of_two_options_leaves_no_variance() -> None:
    shares = np.array([0.3, 0.7])
    values = np.array([2.0, 5.0])
    assert least_variance_baseline(shares, values) == pytest.approx(0.7 * 2.0 + 0.3 * 5.0, rel=1e-14)
    known = exact_moments(np.log(shares), 1.0, Linear(values))["reinforce_optimal"]
    assert known.variance is not None
    assert known.variance.max() < 1e-28


def test_the_best_baseline_is_the_best() -> None:
    shares, values = np.array([0.1, 0.2, 0.3, 0.4]), np.array([3.0, -1.0, 0.5, 2.0])

    def total_variance(baseline: float) -> float:
        gradients = (values - baseline) * (np.eye(4) - shares[:, np.newaxis])
        return float(((gradients**2) @ shares).sum())

    best = least_variance_baseline(shares, values)
    assert total_variance(best) < min(total_variance(best - 1e-3), total_variance(best + 1e-3))


@pytest.mark.parametrize("options", [2, 3, 10])
def test_reinmax_is_unbiased_on_every_quadratic(options: int) -> None:
    rng = np.random.default_rng(options)
    for _ in range(5):
        logits, objective = 2 * rng.normal(size=options), Quadratic(rng.normal(size=options))
        mean = mean_of(exact_moments(logits, 1.0, objective)["reinmax"])
        assert mean == pytest.approx(exact(logits, corner_values(objective, options)), abs=1e-13)
        assert exact_moments(logits, 1.0, Cubic())["reinmax"].mean != pytest.approx(
            exact(logits, corner_values(Cubic(), options)), abs=1e-4
        )


def test_the_exact_gradient_is_the_slope_of_the_mean() -> None:
    logits, values = np.array([0.3, -1.0, 2.0, -math.inf]), np.array([1.0, -2.0, 0.5, 9.0])
    gradient = exact(logits, values)
    for k in range(3):
        step = 1e-5 * np.eye(4)[k]
        above, below = (concrete.probabilities(logits + s) @ values for s in (step, -step))
        assert gradient[k] == pytest.approx((above - below) / 2e-5, abs=1e-9)
    assert gradient[3] == 0
    with pytest.raises(ValueError, match="one finite value"):
        exact([0.0, 1.0], [1.0])


# Twenty settings --------------------------------------------------------------------------------------------

SETTINGS: list[tuple[list[float], float, Objective]] = [
    (TOY, 1.0, Bit(0.45)),
    (TOY, 0.25, Bit(0.499)),
    ([1.5, 0.0], 2.0, Cubic()),
    ([0.0, 0.0], 0.5, Quadratic([0.45, 0.55])),
    ([-3.0, 2.0], 1.0, Linear([1.0, -2.0])),
    ([0.7, 0.2], 10.0, Cubic()),
    ([0.5, 1.0], 0.1, Quadratic([1.0, -1.0])),
    ([1.0, 2.0, 3.0], 1.0, THREE),
    ([1.0, 2.0, 3.0], 0.3, THREE),
    ([0.0, 0.0, 0.0], 0.7, Cubic()),
    ([2.0, -1.0, 0.5], 3.0, Linear([0.0, 1.0, 2.0])),
    ([2.0, 1.9, 1.2], 0.5, Bit(0.3)),
    ([-2.0, 1.0, 1.5], 1.0, Quadratic([2.0, 0.0, -1.0])),
    ([0.0, 3.0, -1.0], 20.0, THREE),
    ([1.0, -math.inf, 2.0, 3.0], 1.0, Quadratic([0.2, 5.0, 0.5, 0.3])),
    (list(np.linspace(0, 2, 10)), 1.0, Linear(np.arange(10.0))),
    (list(np.linspace(-1, 1, 10)), 0.4, Linear(np.cos(np.arange(10.0)))),
    (list(np.linspace(3, 0, 10)), 1.0, Quadratic(np.linspace(0, 0.2, 10))),
    ([0.0] * 10, 1.0, Cubic()),
    ([2.0, *[0.0] * 9], 0.7, Bit(0.4)),
]


@pytest.mark.parametrize("number", range(len(SETTINGS)))
def test_means_and_variances_agree_with_draws(number: int) -> None:
    logits, tau, objective = SETTINGS[number]
    grains, fresh = noise(len(logits), seed=number)
    known = exact_moments(logits, tau, objective, AGAIN)
    compared = 0
    for row in ESTIMATORS:
        gradients = row.per_draw(logits, tau, grains, objective, fresh)
        assert gradients.shape == grains.shape
        assert abs(gradients.sum(axis=0)).max() < 1e-11 / min(tau, 1.0)
        mean, variance = known[row.id].mean, known[row.id].variance
        if mean is not None:
            compared += 1
            assert far_off(gradients, mean) < LIMIT, row.id
        if mean is not None and variance is not None and variance.max() > 1e-20:
            squares = (gradients - mean[:, np.newaxis]) ** 2
            assert far_off(squares, variance) < LIMIT, row.id
    assert len(SETTINGS) == 20
    assert compared == 8 if len(logits) < 10 or isinstance(objective, Linear) else compared == 5


def test_estimators_without_exact_mean_agree_with_the_gradient_that_they_define() -> None:
    # Ten options: the mean of J(y)' f'(y) by another route, the slope of E f(y) at fixed noise.
    logits, tau = np.linspace(1, 0, 10), 1.0
    grains, _ = noise(10)
    objective = Quadratic(np.linspace(0, 0.2, 10))
    gradients = BY_ID["gumbel_softmax"].per_draw(logits, tau, grains, objective)
    for k in (0, 9):
        step = 1e-5 * np.eye(10)[k]
        sides = [objective.value(concrete.relax((logits + s)[:, None] + grains, tau)) for s in (step, -step)]
        assert gradients[k] == pytest.approx((sides[0] - sides[1]) / 2e-5, abs=1e-8)


# Broken variants --------------------------------------------------------------------------------------------


def _wrong_sign(sample: Sample, objective: Objective) -> Reals:
    return -BY_ID["gumbel_softmax"].function(sample, objective)


def _no_temperature(sample: Sample, objective: Objective) -> Reals:
    return pull_back(sample.soft, objective.slope(sample.soft))


def _other_noise(sample: Sample, objective: Objective) -> Reals:
    other = Sample(sample.logits, sample.temperature, sample.noise[:, ::-1])
    return sample.through(sample.soft, objective.slope(other.hard))


def _through_the_conditioning(sample: Sample, objective: Objective) -> Reals:
    """Differentiates the scores that were drawn anew as well: their top moves with p, the others with both."""
    assert sample.fresh is not None
    slopes, columns = objective.slope(sample.hard), np.arange(sample.winners.size)
    shares = concrete.probabilities(sample.logits)[:, np.newaxis]
    total = np.zeros_like(sample.noise)
    for fresh in sample.fresh:
        scores = conditional_scores(sample.logits, sample.winners, fresh)
        inner = sample.through(concrete.relax(scores, sample.temperature), slopes)
        own = np.exp(scores - concrete.perturb(sample.logits, fresh))
        own[sample.winners, columns] = 0.0
        total += own * inner + shares * np.sum((1 - own) * inner, axis=0)
    return total / len(sample.fresh)


def _wrong_half(sample: Sample, objective: Objective) -> Reals:
    slopes = objective.slope(sample.hard)
    halfway = (sample.hard + sample.shares) / 2
    return 2 * pull_back(halfway, slopes) - pull_back(sample.shares, slopes)


def _minus_noise(sample: Sample, objective: Objective) -> Reals:
    mirrored = Sample(sample.logits, sample.temperature, -sample.noise)
    return BY_ID["straight_through_gumbel_softmax"].function(mirrored, objective)


BROKEN: list[tuple[EstimatorId, Callable[[Sample, Objective], Reals]]] = [
    ("gumbel_softmax", _wrong_sign),
    ("gumbel_softmax", _no_temperature),
    ("straight_through_gumbel_softmax", _other_noise),
    ("straight_through_gumbel_softmax", _minus_noise),
    ("rao_blackwell", _through_the_conditioning),
    ("reinmax", _wrong_half),
]


@pytest.mark.parametrize(("of", "broken"), BROKEN, ids=[function.__name__ for _, function in BROKEN])
def test_broken_variants_are_caught(of: EstimatorId, broken: Callable[[Sample, Objective], Reals]) -> None:
    logits, tau, objective = np.array([1.0, 2.0, 3.0]), 0.5, Quadratic([0.2, 0.5, -0.3])
    grains, fresh = noise(3)
    mean = mean_of(exact_moments(logits, tau, objective, AGAIN)[of])
    sample = Sample(logits, tau, grains, fresh)
    assert far_off(BY_ID[of].function(sample, objective), mean) < LIMIT
    assert far_off(broken(sample, objective), mean) > 10


# Conditional noise ------------------------------------------------------------------------------------------


def test_noise_drawn_anew_keeps_the_winner_and_the_law() -> None:
    logits = np.array([1.0, -0.5, 2.0, -math.inf])
    grains, fresh = noise(4)
    perturbed = concrete.perturb(logits, grains)
    winners = concrete.choose(perturbed)
    again = conditional_scores(logits, winners, fresh[0])
    assert np.array_equal(concrete.choose(again), winners)
    assert np.all(again[3] == -math.inf)
    # Over all winners together the scores have the law they had, one by one and in pairs; 5 standard errors.
    for a, b in ((0, 1), (1, 2), (0, 2), (2, 2)):
        both = np.stack([x[a] * x[b] for x in (perturbed, again)])
        singles = np.stack([x[a] for x in (perturbed, again)])
        for pair in (both, singles):
            error = math.hypot(*pair.std(axis=1)) / math.sqrt(DRAWS)
            assert abs(pair[0].mean() - pair[1].mean()) < 5 * error
    # Given the winner its score is still Gumbel at logsumexp(z): the winner does not matter (mean gamma + ...).
    top = np.take_along_axis(again, winners[np.newaxis], 0)[0]
    for k in range(3):
        mine = top[winners == k]
        location = concrete.winning_score_location(logits) - logits.max()
        assert abs(mine.mean() - location - 0.5772156649) < 5 * mine.std() / math.sqrt(mine.size)


def test_noise_drawn_anew_without_the_cut_is_caught() -> None:
    logits = np.array([1.0, -0.5, 2.0])
    grains, fresh = noise(3)
    winners = concrete.choose(concrete.perturb(logits, grains))
    free = concrete.perturb(logits, fresh[0])
    assert np.mean(concrete.choose(free) == winners) < 0.9


# Limits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tau", [0.0, math.inf])
def test_at_the_limits_the_soft_choice_has_no_slope(tau: float) -> None:
    grains, fresh = noise(3, 100)
    known = exact_moments([1.0, 2.0, 3.0], tau, THREE)
    for row in ESTIMATORS:
        gradients = row.per_draw([1.0, 2.0, 3.0], tau, grains, THREE, fresh)
        assert np.all(gradients == 0) != row.by_winner
        if not row.by_winner:
            assert not mean_of(known[row.id]).any()
            assert not variance_of(known[row.id]).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("tau", [1e-6, 1e-3, 1e3, 1e6])
def test_extreme_temperatures_give_finite_gradients_of_the_right_type(tau: float, dtype: type) -> None:
    grains, fresh = noise(3, 1_000)
    grains, fresh = grains.astype(dtype), fresh.astype(dtype)
    for row in ESTIMATORS:
        gradients = row.per_draw([0.0, 1.0, -math.inf], tau, grains, THREE, fresh)
        assert gradients.dtype == dtype
        assert np.isfinite(gradients).all()
        assert not gradients[2].any()
    for moments in exact_moments([0.0, 1.0, -math.inf], tau, THREE).values():
        assert np.isfinite(mean_of(moments)).all()
        assert (variance_of(moments) >= 0).all()


def test_single_precision_keeps_small_slopes() -> None:
    # The soft choice is 1 but for 1e-9: (1 - y) y formed from y alone would be 0.
    shares = concrete.relax(np.array([[0.0], [-20.7]], np.float32), 1.0)
    pulled = pull_back(shares, np.array([[0.0], [1.0]], np.float32))
    assert pulled[1, 0] == pytest.approx(math.exp(-20.7), rel=1e-5)
    assert pulled[0, 0] == pytest.approx(-math.exp(-20.7), rel=1e-5)


def test_as_the_temperature_falls_the_bias_goes_and_the_variance_comes() -> None:
    logits = [1.0, 2.0, 3.0]
    gradient = exact(logits, corner_values(THREE, 3))
    rows = [exact_moments(logits, tau, THREE)["gumbel_softmax"] for tau in (0.003, 0.03, 0.3)]
    bias = [abs(mean_of(row) - gradient).max() for row in rows]
    assert bias[0] < 0.12 * bias[1] < 0.04 * bias[2]
    spread = [variance_of(row).max() for row in rows]
    assert spread[0] > 9 * spread[1] > 20 * spread[2]


@pytest.mark.parametrize("tau", [0.01, 0.2, 1.0, 7.0])
def test_the_quick_rule_is_good_enough_for_a_picture(tau: float) -> None:
    for objective in (THREE, Cubic(), Linear([1.0, 5.0, -2.0])):
        fine, quick = (exact_moments([1.0, 0.0, 3.0], tau, objective, 4, quick=q) for q in (False, True))
        for key, moments in fine.items():
            mean, variance = mean_of(moments), variance_of(moments)
            assert quick[key].mean == pytest.approx(mean, abs=2e-4 * abs(mean).max() + 1e-9)
            assert quick[key].variance == pytest.approx(variance, abs=2e-3 * variance.max())


@pytest.mark.parametrize("logits", [[1.0, 0.0], [2.0, 0.0, 1.0], [0.0, 40.0, 5.0], [0.0, -900.0, 1.0]])
@pytest.mark.parametrize("tau", [0.02, 1.0, 30.0])
def test_the_quadrature_agrees_with_the_covariance(logits: list[float], tau: float) -> None:
    # E[J(y)' c] from E[y y'], which is computed by another integral.
    objective = Linear(np.arange(len(logits)) ** 2.0)
    law = concrete.expectations(logits, tau)
    products = law.covariance + np.outer(law.mean, law.mean)
    wanted = (np.diag(law.mean) - products) @ objective.values / tau
    keys: tuple[EstimatorId, ...] = ("gumbel_softmax", "straight_through_gumbel_softmax")
    for key in keys:
        mean = exact_moments(logits, tau, objective)[key].mean
        assert mean == pytest.approx(wanted, abs=1e-10 / tau)


def test_more_conditional_draws_leave_the_variance_between_winners() -> None:
    logits = [1.0, 2.0, 3.0]
    at = {m: variance_of(exact_moments(logits, 1.0, THREE, m)["rao_blackwell"]) for m in (1, 2, 10**9)}
    single = exact_moments(logits, 1.0, THREE)["straight_through_gumbel_softmax"].variance
    assert at[1] == pytest.approx(single, rel=1e-12)
    assert at[2] == pytest.approx((at[1] + at[10**9]) / 2, rel=1e-6)
    assert (at[10**9] < at[1]).all()


# Objectives -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("objective", [Linear([1.0, -2.0, 3.0]), THREE, Cubic(), Bit(0.499)], ids=lambda o: o.id)
def test_slopes_are_the_derivatives_of_values(objective: Objective) -> None:
    shares = np.random.default_rng(1).dirichlet([1.0, 1.0, 1.0], 5).T
    slopes = np.broadcast_to(objective.slope(shares), shares.shape)
    for k in range(3):
        step = np.zeros((3, 1))
        step[k] = 1e-5
        wanted = (objective.value(shares + step) - objective.value(shares - step)) / 2e-5
        assert slopes[k] == pytest.approx(wanted, abs=1e-8)
    assert corner_values(objective, 3) == pytest.approx(objective.value(np.eye(3)))
    assert corner_slopes(objective, 3).shape == (3, 3)


def test_values_of_very_many_corners_are_the_same_list() -> None:
    objective = Quadratic(np.linspace(0, 1, 2_001))
    one_by_one = corner_values(objective, 2_001)
    t = objective.targets
    assert one_by_one == pytest.approx((t @ t) - 2 * t + 1, rel=1e-12)


def test_objectives_without_meaning_are_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="3 options but 2 values"):
        make_objective("linear", 3, values=[1.0, 2.0])
    with pytest.raises(ValueError, match="2 options but 1 target;"):
        make_objective("quadratic", 2, targets=[1.0])
    with pytest.raises(ValueError, match="target of option 2 is not a number"):
        make_objective("quadratic", 2, targets=[1.0, math.nan])
    with pytest.raises(ValueError, match="value of option 1 is inf"):
        make_objective("linear", 1, values=[math.inf])


# The table --------------------------------------------------------------------------------------------------


def test_the_table_says_which_are_biased() -> None:
    assert [row.id for row in ESTIMATORS] == list(BY_ID)
    assert len({row.name for row in ESTIMATORS}) == 8
    for row in ESTIMATORS:
        means = [mean_of(exact_moments(z, tau, f)[row.id]) for z, tau, f in SETTINGS[:14]]
        gradients = [exact(z, corner_values(f, len(z))) for z, _, f in SETTINGS[:14]]
        off = max(abs(mean - gradient).max() for mean, gradient in zip(means, gradients, strict=True))
        assert (off > 1e-3) == row.biased
        assert all([row.source, row.forward, row.backward, row.remark])


def test_fresh_noise_is_asked_for() -> None:
    grains, _ = noise(3, 10)
    with pytest.raises(ValueError, match="fresh noise"):
        BY_ID["rao_blackwell"].per_draw([1.0, 2.0, 3.0], 1.0, grains, THREE)


def test_one_option_has_no_gradient() -> None:
    grains, fresh = noise(1, 10)
    for row in ESTIMATORS:
        assert not row.per_draw([2.0], 0.5, grains, Cubic(), fresh).any()
    assert not exact([2.0], [3.0]).any()


def test_very_many_options() -> None:
    logits = np.linspace(0, 5, 1_500)
    known = exact_moments(logits, 1.0, Quadratic(np.zeros(1_500)))
    assert known["reinforce"].mean is not None
    assert known["reinforce"].variance is None
    assert known["reinmax"].mean is None
