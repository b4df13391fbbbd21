"""The trick itself: rules, refusals, laws, and the log density against 60-digit references."""

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special

from gumbelviz.maths import concrete

Reals = NDArray[np.float64]
INF = math.inf

logit_lists = st.lists(st.floats(-30, 30), min_size=3, max_size=8)
temperatures = st.floats(0.01, 100)


def relative_error(value: float, exact: Any) -> float:
    return float(abs((mpmath.mpf(float(value)) - exact) / exact))


def draws(logits: Any, count: int, seed: int) -> Reals:
    return concrete.perturb(logits, np.random.default_rng(seed).gumbel(size=(len(logits), count)))


# ---------------------------------------------------------------------------------------- probabilities


def test_probabilities_of_the_article() -> None:
    # logits 3.0 and 2.5: 1 / (1 + exp(-0.5)) = 0.62245933120185456 (mpmath)
    np.testing.assert_allclose(
        concrete.probabilities([3.0, 2.5]), [0.62245933120185456, 0.37754066879814544], rtol=1e-15
    )


def test_probabilities_keep_thirteen_digits() -> None:
    rng = np.random.default_rng(1)
    with mpmath.workdps(40):
        for _ in range(100):
            logits, scale = rng.uniform(-350, 350, 4), 10 ** rng.uniform(0, 2)
            weights = [mpmath.exp(mpmath.mpf(z) / mpmath.mpf(scale)) for z in logits]
            for value, weight in zip(concrete.probabilities(logits, scale), weights, strict=True):
                if weight / sum(weights) > 1e-300:
                    assert relative_error(value, weight / sum(weights)) <= 1e-13


@settings(derandomize=True, deadline=None)
@given(logit_lists, st.floats(-1e3, 1e3), st.floats(0.1, 10), st.randoms(use_true_random=False))
def test_laws_of_the_probabilities(logits: list[float], shift: float, scale: float, random: Any) -> None:
    chances = concrete.probabilities(logits, scale)
    assert chances.sum() == pytest.approx(1, abs=1e-14)
    shifted = concrete.probabilities(np.add(logits, shift), scale)
    np.testing.assert_allclose(shifted, chances, rtol=1e-10)
    scaled = concrete.probabilities(np.divide(logits, scale))
    np.testing.assert_allclose(scaled, chances, rtol=1e-12)
    order = list(range(len(logits)))
    random.shuffle(order)
    permuted = concrete.probabilities(np.take(logits, order), scale)
    np.testing.assert_allclose(permuted, chances[order], rtol=1e-13)


# ---------------------------------------------------------------------------- perturb, choose and relax


def test_perturb_subtracts_the_largest_logit_first() -> None:
    # rule 2: added to raw float32 logits of 1e8 the noise would be absorbed
    noise = np.random.default_rng(2).gumbel(size=(3, 5000)).astype(np.float32)
    np.testing.assert_array_equal(concrete.perturb([1e8, 1e8, 1e8], noise), noise)
    winners = concrete.choose(concrete.perturb([1e8, 1e8, 1e8], noise))
    assert abs(np.bincount(winners) / 5000 - 1 / 3).max() < 0.03
    absorbed = np.argmax(np.full((3, 1), 1e8, np.float32) + noise, axis=0)
    assert np.mean(absorbed == 0) > 0.9


def test_shapes_and_precision_follow_the_noise() -> None:
    single = concrete.perturb([1, 2, 3], np.zeros(3))
    np.testing.assert_array_equal(single, [-2, -1, 0])
    assert concrete.choose(single) == 2
    assert concrete.relax(single, 1).shape == (3,)
    assert isinstance(concrete.log_density(concrete.log_relax(single, 1), [1, 2, 3], 1), float)
    many = concrete.perturb([1, 2, 3], np.zeros((3, 4)))
    assert (many.shape, concrete.choose(many).shape) == ((3, 4), (4,))
    for dtype in (np.float32, np.float64):
        scores = concrete.perturb([1, 2, 3], np.zeros((3, 4), dtype))
        assert scores.dtype == concrete.relax(scores, 1).dtype == concrete.log_relax(scores, 1).dtype == dtype


def test_ties_go_to_the_first() -> None:
    scores = np.array([[0.0, 1.0], [2.0, 1.0], [2.0, 1.0]])
    np.testing.assert_array_equal(concrete.choose(scores), [1, 0])
    np.testing.assert_array_equal(concrete.relax(scores, 0), [[0, 1], [1, 0], [0, 0]])


def test_the_exact_branches() -> None:
    scores = draws([0.5, -INF, 0.0, 1.0], 50, 3)
    hard, flat = concrete.relax(scores, 0), concrete.relax(scores, INF)
    np.testing.assert_array_equal(hard.argmax(axis=0), concrete.choose(scores))
    np.testing.assert_array_equal(np.sort(hard, axis=0)[-2:], [[0] * 50, [1] * 50])
    np.testing.assert_array_equal(flat, np.repeat([[1 / 3], [0], [1 / 3], [1 / 3]], 50, axis=1))
    np.testing.assert_array_equal(np.exp(concrete.log_relax(scores, 0)), hard)
    np.testing.assert_allclose(np.exp(concrete.log_relax(scores, INF)), flat, rtol=1e-15)
    np.testing.assert_allclose(concrete.relax(scores, 1e-9), hard, atol=1e-12)
    np.testing.assert_allclose(concrete.relax(scores, 1e9), flat, atol=1e-7)


def test_a_masked_option_is_never_chosen() -> None:
    logits = [0.5, -INF, 0.0]
    scores = draws(logits, 1000, 4)
    assert not np.any(concrete.choose(scores) == 1)
    np.testing.assert_array_equal(concrete.relax(scores, 0.7)[1], 0)
    np.testing.assert_array_equal(concrete.log_relax(scores, 0.7)[1], -INF)
    np.testing.assert_array_equal(concrete.relax(scores, 0.7)[[0, 2]], concrete.relax(scores[[0, 2]], 0.7))
    assert concrete.probabilities(logits)[1] == 0
    np.testing.assert_array_equal(concrete.probabilities([-INF, 7]), [0, 1])


@pytest.mark.parametrize("spread", [1.0, 1000.0])
def test_soft_choices_keep_thirteen_digits(spread: float) -> None:
    rng = np.random.default_rng(5)
    with mpmath.workdps(40):
        for _ in range(200):
            scores = rng.uniform(-spread, spread, rng.integers(2, 6))
            tau = 10 ** rng.uniform(-3, 3)
            shares, log_shares = concrete.relax(scores, tau), concrete.log_relax(scores, tau)
            exponents = [(mpmath.mpf(s) - mpmath.mpf(scores.max())) / mpmath.mpf(tau) for s in scores]
            others = sum(mpmath.exp(e) for e in exponents if e != 0)
            for share, log_share, exponent in zip(shares, log_shares, exponents, strict=True):
                exact = exponent - mpmath.log1p(others)
                if exact < -1e-300:
                    assert relative_error(log_share, exact) <= 1e-13, (scores, tau)
                if exact > -708:  # ten times tighter than promised: the rests are kept
                    assert relative_error(share, mpmath.exp(exact)) <= 1e-14, (scores, tau)


@settings(derandomize=True, deadline=None)
@given(logit_lists, temperatures, st.floats(-100, 100))
def test_laws_of_the_soft_choice(scores: list[float], tau: float, shift: float) -> None:
    shares = concrete.relax(scores, tau)
    assert shares.sum() == pytest.approx(1, abs=1e-14)
    np.testing.assert_allclose(concrete.relax(np.add(scores, shift), tau), shares, rtol=1e-9, atol=1e-300)
    np.testing.assert_array_equal(concrete.relax(scores[::-1], tau).argmax(), shares[::-1].argmax())
    np.testing.assert_allclose(np.exp(concrete.log_relax(scores, tau)), shares, rtol=1e-12)


def test_slope_of_the_soft_choice() -> None:
    # dy_i / dz_j = y_i (delta_ij - y_j) / tau
    scores, tau, step = np.array([0.3, -0.2, 1.1]), 0.6, 1e-6
    shares = concrete.relax(scores, tau)
    for j in range(3):
        nudge = step * (np.arange(3) == j)
        slope = (concrete.relax(scores + nudge, tau) - concrete.relax(scores - nudge, tau)) / (2 * step)
        np.testing.assert_allclose(slope, shares * ((np.arange(3) == j) - shares[j]) / tau, atol=1e-9)


def test_worked_examples_of_the_article() -> None:
    # hiring: 2.0 against 2.2 is 45.02 % to 54.98 % at tau = 1; the printed 55 / 45 is swapped
    hiring = concrete.perturb([1.8, 1.7], np.array([0.2, 0.5]))
    np.testing.assert_allclose(concrete.relax(hiring, 1), [0.45016600268752, 0.54983399731248], rtol=1e-12)
    # ice cream: both scores are 2.9, 50 / 50 at every temperature above 0
    ice_cream = concrete.perturb([3.0, 2.5], np.array([-0.1, 0.4]))
    for tau in (0.01, 1, 100):
        np.testing.assert_allclose(concrete.relax(ice_cream, tau), [0.5, 0.5], atol=1e-14)


# ----------------------------------------------------------------------------------------- log density


def exact_log_density(log_y: Any, logits: Any, tau: float) -> Any:
    """Return the formula of Maddison, Mnih and Teh 2017 as it stands, in the working precision of mpmath."""
    t, z = mpmath.mpf(float(tau)), [mpmath.mpf(float(v)) for v in logits]
    logs = [mpmath.mpf(float(v)) for v in log_y]
    a = [zi - t * li for zi, li in zip(z, logs, strict=True)]
    total = max(a) + mpmath.log(sum(mpmath.exp(v - max(a)) for v in a))
    options = len(z)
    return mpmath.loggamma(options) + (options - 1) * mpmath.log(t) + sum(a) - sum(logs) - options * total


def test_log_density_keeps_thirteen_digits_down_to_1e_300() -> None:
    # Where the log density passes through 0 no formula keeps relative digits: there the error is
    # compared with 0.02 per option (a density 2 % off 1).
    rng = np.random.default_rng(6)
    with mpmath.workdps(60):
        for k in range(600):
            options = int(rng.choice([2, 3, 4, 10, 100], p=[0.3, 0.3, 0.2, 0.17, 0.03]))
            logits = rng.normal(size=options) * rng.choice([0.1, 1, 5])
            tau = rng.choice([10 ** rng.uniform(-2, 1), 1 / (options - 1), 0.5, 1.0])
            if k % 3 == 0:
                log_y = concrete.log_relax(logits + rng.gumbel(size=options), tau)
            else:
                log_y = -(10 ** rng.uniform(-2, math.log10(690.7), options))
                log_y[rng.integers(options)] = 0.0
                log_y -= special.logsumexp(log_y)
            exact = exact_log_density(log_y, logits, tau)
            error = abs(mpmath.mpf(float(concrete.log_density(log_y, logits, tau))) - exact)
            assert error <= 1e-13 * max(abs(exact), 0.02 * options), (options, tau, log_y)


@pytest.mark.parametrize("options", [2, 3, 7])
@pytest.mark.parametrize("tau", [0.1, 1.0, 4.0])
def test_log_density_at_the_barycentre(options: int, tau: float) -> None:
    # (K-1)! tau^(K-1)
    middle = np.full(options, -math.log(options))
    exact = math.factorial(options - 1) * tau ** (options - 1)
    assert np.exp(concrete.log_density(middle, np.zeros(options), tau)) == pytest.approx(exact, rel=1e-13)


def test_two_equal_options_at_temperature_one_are_uniform() -> None:
    y = np.linspace(0, 1, 21)
    with np.errstate(divide="ignore"):
        log_y = np.log([y, 1 - y])
    np.testing.assert_allclose(concrete.log_density(log_y, [0.4, 0.4], 1), np.zeros(21), atol=1e-14)


def test_two_options_are_a_logistic_seen_through_a_sigmoid() -> None:
    y, tau, gap = np.linspace(0.001, 0.999, 50), 0.4, 0.7
    logit = tau * (np.log(y) - np.log1p(-y)) - gap
    exact = -logit - 2 * np.logaddexp(0, -logit) + math.log(tau) - np.log(y) - np.log1p(-y)
    value = concrete.log_density(np.log([y, 1 - y]), [gap, 0], tau)
    np.testing.assert_allclose(value, exact, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("tau", "limit"), [(0.4, INF), (0.5, None), (0.6, -INF)])
def test_the_density_at_a_face(tau: float, limit: float | None) -> None:
    # K = 3: infinity, a constant, 0 for tau below, at, above 1 / (K - 1)
    logits = [0.3, -0.2, 1.0]
    face = np.log([0.25, 0.75, 1.0])
    face[2] = -INF
    value = concrete.log_density(face, logits, tau)
    if limit is None:
        near = np.log([0.25, 0.75, 1.0]) + [0, 0, -600.0]
        assert value == pytest.approx(float(concrete.log_density(near, logits, tau)), rel=1e-12)
        assert abs(value) < 10
    else:
        assert value == limit


@pytest.mark.parametrize(("tau", "limit"), [(1.9, INF), (2.0, None), (2.1, -INF)])
def test_the_density_at_a_corner(tau: float, limit: float | None) -> None:
    # two of three shares vanish together: the border is 2 / (3 - 2)
    logits = [0.3, -0.2, 1.0]
    value = concrete.log_density([0.0, -INF, -INF], logits, tau)
    if limit is None:
        assert value == pytest.approx(float(concrete.log_density([0, -300, -300], logits, tau)), rel=1e-12)
    else:
        assert value == limit


@pytest.mark.parametrize("tau", [0.3, 0.8, 2.5])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_the_density_integrates_to_one_and_has_the_exact_mean(tau: float, scale: float) -> None:
    logits = np.array([0.5, 0.0, -0.7])
    # in coordinates u = log(y_1 / y_3), v = log(y_2 / y_3) the volume element is y_1 y_2 y_3 du dv
    step, extent = 0.35 * min(1.0, scale / tau), 40 * scale / tau
    grid = np.arange(-extent, extent, step)
    scores = np.stack([*np.meshgrid(grid, grid), np.zeros((grid.size, grid.size))]).reshape(3, -1)
    log_y = scores - special.logsumexp(scores, axis=0)
    weight = step**2 * np.exp(concrete.log_density(log_y, logits, tau, scale) + log_y.sum(axis=0))
    assert weight.sum() == pytest.approx(1, abs=1e-9)
    shares = np.exp(log_y)
    np.testing.assert_allclose(shares @ weight, concrete.mean(logits, tau, scale), atol=1e-9)
    np.testing.assert_allclose(
        shares**2 @ weight - (shares @ weight) ** 2, concrete.variance(logits, tau, scale), atol=1e-9
    )
    entropy = -(shares * log_y).sum(axis=0) @ weight
    assert concrete.expected_entropy(logits, tau, scale) == pytest.approx(entropy, abs=1e-9)


def test_masked_options_are_left_out_of_the_density() -> None:
    log_y = np.log([0.2, 0.3, 0.5])
    wide = np.array([log_y[0], -INF, log_y[1], log_y[2]])
    value = concrete.log_density(log_y, [1, 2, 3], 0.7)
    assert concrete.log_density(wide, [1, -INF, 2, 3], 0.7) == value
    assert concrete.log_density(np.log([0.2, 0.3, 0.4, 0.1]), [1, -INF, 2, 3], 0.7) == -INF
    assert concrete.log_density([0.0, -INF], [1, -INF], 0.7) == 0


# --------------------------------------------------------------------- the winner: its score, its margin


def test_the_winning_score_is_gumbel_at_logsumexp() -> None:
    assert concrete.winning_score_location([1, 2, 3]) == pytest.approx(3.4076059644443803, rel=1e-15)
    assert concrete.winning_score_location([1, 2, -INF], 0.5) == pytest.approx(
        0.5 * math.log(math.exp(2) + math.exp(4)), rel=1e-15
    )
    assert concrete.winning_score_location([1e3, -1e3]) == 1e3


def test_margin_against_two_options_in_closed_form() -> None:
    # K = 2: y_1 / y_2 = exp((gap + L) / tau) with L logistic
    ratio, tau, gap = np.array([1.0, 1.5, 4.0, 100.0]), 0.7, 0.9
    lead = tau * np.log(ratio)
    exact = special.expit(gap - lead) + special.expit(-gap - lead)
    np.testing.assert_allclose(concrete.margin_sf(ratio, [gap, 0], tau), exact, rtol=1e-14)


def test_margin_against_draws() -> None:
    # n = 200 000, 10 frequencies, each allowed 4.5 standard errors: alpha = 7e-5; sees errors of 0.5 %
    logits, count = [0.5, 0.0, -1.0, 0.2], 200_000
    top = np.sort(concrete.log_relax(draws(logits, count, 7), 0.5), axis=0)
    ratios = np.geomspace(1.1, 1e4, 10)
    seen = np.mean((top[-1] - top[-2])[:, np.newaxis] > np.log(ratios), axis=0)
    exact = concrete.margin_sf(ratios, logits, 0.5)
    assert np.all(abs(seen - exact) < 4.5 * np.sqrt(exact * (1 - exact) / count))


def test_margin_at_the_ends() -> None:
    logits = [1.0, 0.5, 0.0]
    np.testing.assert_allclose(concrete.margin_sf([0, 0.5, 1], logits, 2), 1, rtol=1e-15)
    np.testing.assert_array_equal(concrete.margin_sf([2, 1e300, INF], logits, 0), [1, 1, 0])
    np.testing.assert_array_equal(concrete.margin_sf([0.9, 1, 2], logits, INF), [1, 0, 0])
    assert concrete.margin_sf(INF, logits, 2) == 0
    assert concrete.margin_sf(1e9, [4.0], 2) == 1
    assert concrete.margin_sf(3.0, logits, 2, 0.5) == pytest.approx(
        float(concrete.margin_sf(3.0, [2.0, 1.0, 0.0], 4)), rel=1e-15
    )


# -------------------------------------------------------------------------------------------- refusals

ANY_LOGITS: list[Callable[[Any], Any]] = [
    concrete.probabilities,
    concrete.winning_score_location,
    lambda z: concrete.perturb(z, np.zeros(np.size(z))),
    lambda z: concrete.mean(z, 1.0),
    lambda z: concrete.variance(z, 1.0),
    lambda z: concrete.expected_entropy(z, 1.0),
    lambda z: concrete.margin_sf(2.0, z, 1.0),
    lambda z: concrete.log_density(np.zeros(np.size(z)), z, 1.0),
]


@pytest.mark.parametrize("function", ANY_LOGITS)
@pytest.mark.parametrize(
    ("logits", "sentence"),
    [
        ([0, math.nan], "option 2 is not a number"),
        ([INF, 0], "option 1 is plus infinity"),
        ([1e200, 0], "option 1 is too large"),
        ([-INF, -INF], "Every option is masked"),
        ([], "There are no options"),
        ([[0, 1]], "one number per option"),
    ],
)
def test_logits_without_meaning_are_refused(function: Callable[[Any], Any], logits: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        function(logits)


ANY_TEMPERATURE: list[Callable[[float], Any]] = [
    lambda tau: concrete.relax([0, 1], tau),
    lambda tau: concrete.log_relax([0, 1], tau),
    lambda tau: concrete.mean([0, 1], tau),
    lambda tau: concrete.margin_sf(2.0, [0, 1], tau),
    lambda tau: concrete.log_density(np.log([0.5, 0.5]), [0, 1], tau),
]


@pytest.mark.parametrize("function", ANY_TEMPERATURE)
def test_temperatures_without_meaning_are_refused(function: Callable[[float], Any]) -> None:
    with pytest.raises(ValueError, match="temperature cannot be negative"):
        function(-0.1)
    with pytest.raises(ValueError, match="temperature is not a number"):
        function(math.nan)


@pytest.mark.parametrize("scale", [0, -1, math.nan, INF])
def test_scales_without_meaning_are_refused(scale: float) -> None:
    for refuse in (
        lambda: concrete.probabilities([0, 1], scale),
        lambda: concrete.mean([0, 1], 1, scale),
        lambda: concrete.margin_sf(2, [0, 1], 1, scale),
        lambda: concrete.log_density(np.log([0.5, 0.5]), [0, 1], 1, scale),
        lambda: concrete.winning_score_location([0, 1], scale),
    ):
        with pytest.raises(ValueError, match="noise scale must be a finite number above zero"):
            refuse()
    with pytest.raises(ValueError, match="too extreme"):
        concrete.probabilities([0, 1], 1e-200)


def test_other_things_without_meaning_are_refused() -> None:
    with pytest.raises(ValueError, match="does not fit 2 options"):
        concrete.perturb([0, 1], np.zeros((3, 4)))
    with pytest.raises(ValueError, match="noise value is not finite"):
        concrete.perturb([0, 1], np.array([0, INF]))
    for function in (concrete.choose, lambda scores: concrete.relax(scores, 1)):
        with pytest.raises(ValueError, match="not a number"):
            function([0, math.nan])
        with pytest.raises(ValueError, match="plus infinity"):
            function([0, INF])
        with pytest.raises(ValueError, match="masked"):
            function([[0, -INF], [1, -INF]])
        with pytest.raises(ValueError, match="no options"):
            function(np.zeros((0, 3)))
        with pytest.raises(ValueError, match="options by draws"):
            function(np.zeros((2, 3, 4)))
    with pytest.raises(ValueError, match="ratio of two shares"):
        concrete.margin_sf(-1, [0, 1], 1)
    with pytest.raises(ValueError, match="corner of the simplex"):
        concrete.log_density(np.log([0.5, 0.5]), [0, 1], 0)
    with pytest.raises(ValueError, match="same point"):
        concrete.log_density(np.log([0.5, 0.5]), [0, 1], INF)
    with pytest.raises(ValueError, match="must sum to 1"):
        concrete.log_density([0, 0], [0, 1], 1)
    with pytest.raises(ValueError, match="must sum to 1"):
        concrete.log_density([math.nan, 0], [0, 1], 1)
    with pytest.raises(ValueError, match="do not fit 2 options"):
        concrete.log_density([0, 0, 0], [0, 1], 1)
