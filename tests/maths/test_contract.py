"""The contract of the maths room: names, argument order, shapes; and the facts and rules that no other test names.

Where the rules of /design/mathematics.md are tested: 1 (refusals, masks) test_concrete.py and test_gumbel.py; 2 (shift
first) test_concrete.py and below; 3 (exact ends) test_concrete.py and test_expectations.py; 4 (log y, faces) below; 5
(zeros of an exponential) test_concrete.py, test_watch.py and test_broken_samplers.py; 6 (three options) test_checks.py;
7 (E[y] is not P) test_expectations.py; 8 (alpha, power, broken samplers) test_checks.py and test_broken_samplers.py.
"""

from __future__ import annotations

import inspect
import itertools
import math
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.maths import checks, concrete, gumbel

Reals = NDArray[np.float64]
INF = math.inf

SIGNATURES = [
    *((gumbel, name, "(x, loc=0.0, scale=1.0)") for name in ("pdf", "logpdf", "cdf", "logcdf", "sf")),
    *((gumbel, name, "(q, loc=0.0, scale=1.0)") for name in ("ppf", "isf")),
    *((gumbel, name, "(loc=0.0, scale=1.0)") for name in ("mean", "variance", "median", "mode", "entropy")),
    (concrete, "probabilities", "(logits, scale=1.0)"),
    (concrete, "perturb", "(logits, noise)"),
    (concrete, "choose", "(perturbed)"),
    (concrete, "relax", "(perturbed, temperature)"),
    (concrete, "log_relax", "(perturbed, temperature)"),
    (concrete, "log_density", "(log_y, logits, temperature, scale=1.0)"),
    *(
        (concrete, name, "(logits, temperature, scale=1.0)")
        for name in ("mean", "variance", "covariance", "expected_entropy", "expectations")
    ),
]


@pytest.mark.parametrize(("room", "name", "expected"), SIGNATURES, ids=[row[1] for row in SIGNATURES])
def test_names_and_argument_order(room: ModuleType, name: str, expected: str) -> None:
    signature = inspect.signature(getattr(room, name))
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    assert str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty)) == expected
    assert all(p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for p in plain)


@pytest.mark.parametrize(("options", "count"), [(1, 1), (2, 5), (3, 3), (5, 2), (4, 0)])
def test_arrays_of_draws_are_options_by_draws(options: int, count: int) -> None:
    logits = np.linspace(0, 1, options)
    noise = np.random.default_rng(1).gumbel(size=(options, count))
    scores = concrete.perturb(logits, noise)
    assert scores.shape == (options, count)
    winners = concrete.choose(scores)
    assert (winners.shape, winners.dtype.kind) == ((count,), "i")
    shares, logs = concrete.relax(scores, 0.7), concrete.log_relax(scores, 0.7)
    assert shares.shape == logs.shape == (options, count)
    np.testing.assert_allclose(shares.sum(axis=0), 1, rtol=1e-14)  # one column is one draw
    np.testing.assert_array_equal(shares.argmax(axis=0), winners)
    assert concrete.log_density(logs, logits, 0.7).shape == (count,)
    assert concrete.probabilities(logits).shape == concrete.mean(logits, 0.7).shape == (options,)
    assert concrete.covariance(logits, 0.7).shape == (options, options)


# ------------------------------------------------------------------------------------------------ rules


def test_log_y_is_kept_where_single_precision_has_only_0_and_1() -> None:
    """Rule 4, at tau = 0.1 and K = 2: a share rounds to 1 where the other is below 2^-25, that is |L| > tau 25 ln 2.

    200 000 draws, 4.5 standard errors: alpha = 7e-6.
    """
    noise = np.random.default_rng(2).gumbel(size=(2, 200_000)).astype(np.float32)
    scores = concrete.perturb([0.0, 0.0], noise)
    lost = np.mean((concrete.relax(scores, 0.1) == 1).any(axis=0))
    expected = 2 / (1 + math.exp(0.1 * 25 * math.log(2)))
    assert lost == pytest.approx(expected, abs=4.5 * math.sqrt(expected * (1 - expected) / 200_000))
    assert expected > 0.2
    logs = concrete.log_relax(scores, 0.1)
    assert np.isfinite(logs).all()
    assert np.mean(logs.max(axis=0) == 0) < 1e-3  # what y has lost
    density = concrete.log_density(concrete.log_relax(scores.astype(np.float64), 0.1), [0.0, 0.0], 0.1)
    assert np.isfinite(density).all()


@pytest.mark.parametrize("options", [2, 3, 4])
@pytest.mark.parametrize("border", ["below", "at", "above"])
def test_on_every_face_the_density_is_infinite_a_constant_or_nothing_and_never_nan(options: int, border: str) -> None:
    """Rule 4: n vanishing shares of K; the border is n / (K - n), which for n = 1 is 1 / (K - 1)."""
    logits = np.linspace(-1, 2, options)
    for zeros in range(1, options):
        for gone in itertools.combinations(range(options), zeros):
            log_y = np.full(options, -math.log(options - zeros))
            log_y[list(gone)] = -INF
            tau = zeros / (options - zeros) * {"below": 0.8, "at": 1.0, "above": 1.25}[border]
            value = float(concrete.log_density(log_y, logits, tau))
            assert not math.isnan(value)
            assert {"below": value == INF, "at": math.isfinite(value), "above": value == -INF}[border]


def test_a_huge_common_shift_changes_nothing_in_either_precision() -> None:
    """Rules 2 and 3: logits of 1e8 and of 0 give the same draws, bit for bit, at every temperature."""
    noise = np.random.default_rng(3).gumbel(size=(3, 1000))
    for dtype in (np.float32, np.float64):
        near = concrete.perturb([0.0, 2.0, -INF], noise.astype(dtype))
        far = concrete.perturb([1e8, 1e8 + 2, -INF], noise.astype(dtype))
        np.testing.assert_array_equal(near, far)
        for tau in (0.0, 0.01, 1.0, 100.0, INF):
            np.testing.assert_array_equal(concrete.relax(near, tau), concrete.relax(far, tau))
            assert not np.isnan(concrete.relax(far, tau)).any()


# ------------------------------------------------------------------------------------------------ facts


def test_the_largest_score_is_gumbel_whoever_won() -> None:
    """max_i p_i ~ Gumbel(logsumexp z, 1), independent of the winner (Gumbel 1954; Maddison, Tarlow and Minka 2014).

    300 000 draws, three groups of at least 27 000: alpha = 3e-4 for the three; sees a shift of 0.04 in one of them.
    """
    logits = np.array([1.0, 0.0, -1.0])
    scores = logits[:, np.newaxis] + np.random.default_rng(4).gumbel(size=(3, 300_000))
    winners, best = concrete.choose(scores), scores.max(axis=0)
    location = concrete.winning_score_location(logits)

    def law(x: Reals) -> Reals:
        return gumbel.cdf(x, location)

    for i in range(3):
        assert checks.kolmogorov_smirnov(best[winners == i], law).p_value > 1e-4
        assert checks.kolmogorov_smirnov(best[winners == i] + 0.04, law).p_value < 1e-4
        # given that it won, a score no longer has its own law
        own = checks.kolmogorov_smirnov(best[winners == i], lambda x, i=i: gumbel.cdf(x, logits[i]))  # type: ignore[misc]
        assert own.p_value < 1e-9


def test_what_the_noise_does_to_a_gap() -> None:
    """The difference of two noises is logistic, with standard deviation pi / sqrt 3 = 1.81."""
    assert math.sqrt(2 * gumbel.variance()) == pytest.approx(math.pi / math.sqrt(3), rel=1e-15)
    assert math.sqrt(2 * gumbel.variance()) == pytest.approx(1.81, abs=0.005)


@pytest.mark.parametrize("scale", [0.25, 3.0])
def test_a_noise_scale_is_the_standard_case_with_other_logits_and_temperature(scale: float) -> None:
    logits, tau = np.array([1.0, 0.4, -2.0]), 0.7
    standard = logits / scale, tau / scale
    scores = concrete.perturb(logits, scale * np.array([[0.3], [1.0], [-0.2]]))
    same = concrete.perturb(logits / scale, np.array([[0.3], [1.0], [-0.2]]))
    np.testing.assert_allclose(concrete.log_relax(scores, tau), concrete.log_relax(same, tau / scale), rtol=1e-13)
    log_y = concrete.log_relax(scores, tau)
    found = concrete.log_density(log_y, logits, tau, scale)
    np.testing.assert_allclose(found, concrete.log_density(log_y, *standard), rtol=1e-13)
    np.testing.assert_allclose(concrete.mean(logits, tau, scale), concrete.mean(*standard), rtol=1e-13)
    np.testing.assert_allclose(concrete.variance(logits, tau, scale), concrete.variance(*standard), rtol=1e-12)
    location = scale * concrete.winning_score_location(logits / scale)
    assert concrete.winning_score_location(logits, scale) == pytest.approx(location, rel=1e-14)
    np.testing.assert_allclose(gumbel.pdf(2.0, 0.0, scale), gumbel.pdf(2.0 / scale) / scale, rtol=1e-14)
