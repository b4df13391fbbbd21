"""The law of one share: against closed forms, a brute-force sum over the noise, exact moments and draws."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from gumbelviz.maths import checks, concrete
from gumbelviz.maths.marginals import marginal_cdf, marginal_pdf

Reals = NDArray[np.float64]
INF = math.inf
Y = np.array([1e-6, 0.001, 0.05, 0.2, 1 / 3, 0.45, 0.5, 0.7, 0.9, 0.99, 1 - 1e-6])


def by_brute_force(y: Reals, own: float, others: list[float], tau: float, step: float) -> Reals:
    """Return P(y_i <= y) as the mean over the others' noises of P(own noise <= V - z_i + tau logit y)."""
    noise = np.arange(-3.8, 34.0, step)
    weight = step * np.exp(-noise - np.exp(-noise))
    total = np.zeros(y.size)
    scores = [noise + z for z in others]
    for outer in itertools.product(range(noise.size), repeat=len(others) - 2):
        fixed = [scores[k][n] for k, n in enumerate(outer)]
        rest = np.stack(np.meshgrid(*scores[-2:], indexing="ij"))
        parts = np.concatenate([rest, np.broadcast_to(np.reshape(fixed, (-1, 1, 1)), (len(fixed), *rest[0].shape))])
        top = parts.max(axis=0)
        common = top + tau * np.log(np.exp((parts - top) / tau).sum(axis=0))
        hazard = np.exp(own - common)
        mass = np.prod([weight[n] for n in outer]) * np.outer(weight, weight)
        for k, lead in enumerate(tau * special.logit(y)):
            total[k] += (mass * np.exp(-hazard * math.exp(-lead))).sum()
    return total


@pytest.mark.parametrize(("tau", "step"), [(0.2, 0.05), (0.5, 0.12), (1.0, 0.2), (3.0, 0.2), (20.0, 0.2)])
@pytest.mark.parametrize(("own", "others"), [(1.0, [0.0, -1.0]), (-1.0, [1.0, 0.0])])
def test_three_options_by_brute_force(tau: float, step: float, own: float, others: list[float]) -> None:
    exact = by_brute_force(Y, own, others, tau, step)
    np.testing.assert_allclose(marginal_cdf(Y, 1, [others[0], own, others[1]], tau), exact, atol=1e-10)


@pytest.mark.parametrize("tau", [1.0, 4.0])
def test_four_options_by_brute_force(tau: float) -> None:
    y = np.array([0.05, 0.25, 0.6])
    exact = by_brute_force(y, 0.3, [1.0, 0.0, -1.0], tau, 0.27)
    np.testing.assert_allclose(marginal_cdf(y, 0, [0.3, 1.0, 0.0, -1.0], tau), exact, atol=1e-9)


def test_two_options_in_closed_form() -> None:
    # y_1 = sigmoid((gap + L) / tau), L logistic
    lead = 0.4 * special.logit(Y) - 0.7
    np.testing.assert_allclose(marginal_cdf(Y, 0, [0.7, 0.0], 0.4), special.expit(lead), rtol=1e-12)
    exact = special.expit(lead) * special.expit(-lead) * 0.4 / (Y * (1 - Y))
    np.testing.assert_allclose(marginal_pdf(Y, 0, [0.7, 0.0], 0.4), exact, rtol=1e-12)
    np.testing.assert_allclose(np.exp(concrete.log_density(np.log([Y, 1 - Y]), [0.7, 0], 0.4)), exact, rtol=1e-9)
    np.testing.assert_allclose(marginal_cdf(Y, 0, [0.0, 0.0], 1), Y, rtol=1e-12)


@pytest.mark.parametrize(
    ("logits", "tau"),
    [
        ([1.0, 0.0, -1.0], 0.01),
        ([1.0, 0.0, -1.0], 100.0),
        ([0.0] * 5, 0.3),
        (list(np.linspace(-3, 3, 12)), 0.7),
        (list(np.linspace(-3, 3, 12)), 3.0),
        ([0.0] * 30, 10.0),
        ([60.0, 0.0, -1.0, -50.0], 2.0),
        ([-5.0, 4.0, -200.0, 4.0], 30.0),
        (list(np.linspace(0, 1, 100)), 1.0),
        ([0.0] * 100, 3.0),
        (list(np.linspace(0, 1, 100)), 30.0),
    ],
)
def test_moments_of_the_law_are_the_exact_ones(logits: list[float], tau: float) -> None:
    # E[y] = integral of 1 - F, E[y^2] = integral of 2 y (1 - F); trapezoidal in the coordinate logit(y)
    exact, step = concrete.expectations(logits, tau), min(0.15, 0.25 / tau)
    u = np.arange(-36, 36, step)
    y = special.expit(u)
    weight = step * y * special.expit(-u)
    for i in (0, 1, len(logits) - 1):
        above = 1 - marginal_cdf(y, i, logits, tau)
        assert weight @ above == pytest.approx(exact.mean[i], abs=1e-10)
        second = exact.variance[i] + exact.mean[i] ** 2
        assert 2 * (weight * y) @ above == pytest.approx(second, abs=1e-10)


@pytest.mark.parametrize("tau", [0.3, 1.0, 5.0])
def test_the_density_is_the_slope(tau: float) -> None:
    y, step = np.linspace(0.02, 0.98, 25), 1e-4
    f = {k: marginal_cdf(y + k * step, 2, [0.5, 0.0, -0.3, 1.0], tau) for k in (-2, -1, 1, 2)}
    slope = (8 * (f[1] - f[-1]) - (f[2] - f[-2])) / (12 * step)
    np.testing.assert_allclose(marginal_pdf(y, 2, [0.5, 0.0, -0.3, 1.0], tau), slope, rtol=1e-5, atol=1e-5)


def test_draws_follow_the_law() -> None:
    # n = 200 000 for each of five options: p < 1e-4 in one of them has chance 5e-4; distances of 0.005 are seen
    logits, tau = np.array([0.5, 0.0, -0.5, 1.0, 0.2]), 0.8
    noise = np.random.default_rng(11).gumbel(size=(5, 200_000))
    y = concrete.relax(concrete.perturb(logits, noise), tau)
    wrong = concrete.relax(concrete.perturb(logits, 0.95 * noise), tau)
    edges = np.linspace(0, 1, 65)
    seen = []
    for i in range(5):
        cells = np.diff(marginal_cdf(edges, i, logits, tau))
        assert checks.kolmogorov_smirnov_cells(np.histogram(y[i], edges)[0], cells).p_value > 1e-4
        seen.append(checks.kolmogorov_smirnov_cells(np.histogram(wrong[i], edges)[0], cells).p_value)
    assert min(seen) < 1e-6


@pytest.mark.parametrize("tau", [0.05, 1.0, 40.0])
def test_laws(tau: float) -> None:
    logits = [1.0, 0.3, -0.5, 0.0]
    chances = marginal_cdf(np.linspace(0, 1, 101), 1, logits, tau)
    assert np.all(np.diff(chances) >= -1e-12)
    assert (chances[0], chances[-1]) == (0, 1)
    shifted = marginal_cdf(Y, 1, np.add(logits, 5.0), tau)
    np.testing.assert_allclose(shifted, marginal_cdf(Y, 1, logits, tau), atol=1e-11)
    permuted = marginal_cdf(Y, 0, [0.3, 0.0, 1.0, -0.5], tau)
    np.testing.assert_allclose(permuted, marginal_cdf(Y, 1, logits, tau), atol=1e-11)
    scaled = marginal_cdf(Y, 1, np.multiply(logits, 3.0), 3 * tau, 3.0)
    np.testing.assert_allclose(scaled, marginal_cdf(Y, 1, logits, tau), atol=1e-11)
    masked = marginal_cdf(Y, 2, [1.0, -INF, 0.3, -0.5, 0.0], tau)
    np.testing.assert_array_equal(masked, marginal_cdf(Y, 1, logits, tau))


def test_the_exact_ends() -> None:
    y = [-0.1, 0.0, 0.2, 1 / 3, 0.9, 1.0, 2.0]
    logits = [1.0, 0.0, -1.0]
    loss = 1 - concrete.probabilities(logits)[0]
    np.testing.assert_allclose(marginal_cdf(y, 0, logits, 0), [0, *[loss] * 4, 1, 1], rtol=1e-14)
    np.testing.assert_array_equal(marginal_cdf(y, 0, logits, INF), [0, 0, 0, 1, 1, 1, 1])
    np.testing.assert_array_equal(marginal_cdf(y, 1, [0.0, -INF], 1), [0, 1, 1, 1, 1, 1, 1])
    np.testing.assert_array_equal(marginal_cdf(y, 0, [0.0, -INF], 1), [0, 0, 0, 0, 0, 1, 1])
    assert marginal_cdf(0.5, 0, [1000.0, 0.0, -1000.0], 1) == 0
    assert marginal_cdf(0.5, 2, [1000.0, 0.0, -1000.0], 1) == 1
    assert isinstance(marginal_cdf(0.5, 0, logits, 1), float)


@pytest.mark.parametrize("function", [marginal_cdf, marginal_pdf])
def test_what_has_no_meaning_is_refused(function: Any) -> None:
    with pytest.raises(ValueError, match="no option 4 among 3"):
        function([0.5], 3, [0, 0, 0], 1)
    with pytest.raises(ValueError, match="up to 100 options"):
        function([0.5], 0, np.zeros(101), 1)
    with pytest.raises(ValueError, match="up to temperature 100"):
        function([0.5], 0, np.zeros(3), 101)
    with pytest.raises(ValueError, match="cannot be negative"):
        function([0.5], 0, np.zeros(3), -1)
    with pytest.raises(ValueError, match="share"):
        function([math.nan], 0, np.zeros(3), 1)


def test_a_density_that_does_not_exist_is_refused() -> None:
    for y in (0.0, 1.0, -1.0):
        with pytest.raises(ValueError, match="strictly between 0 and 1"):
            marginal_pdf(y, 0, [0, 0, 0], 1)
    for logits, tau in (([0, 0, 0], 0), ([0, 0, 0], INF), ([-INF, 0, 0], 1), ([0, -INF], 1)):
        with pytest.raises(ValueError, match="no density"):
            marginal_pdf(0.5, 0, logits, tau)
