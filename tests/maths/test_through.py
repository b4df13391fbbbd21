"""Estimators in two halves: against the exact gradient, known numbers, and variants that are broken on purpose.

Statistical tests have fixed seeds and a bound of 5 standard errors on each of a few components: a right estimator
fails less than once in 1e5 seeds. Each test that compares means also shows a broken variant that it catches.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.maths.through import THROUGH, Choice, bend, choose, softmax

Reals = NDArray[np.float64]
THETA, TARGET = -1.0, 0.45
LOGITS, TARGETS = np.array([1.0, 2.0, 3.0]), np.array([0.2, 0.5, 0.3])
MASKED = np.array([0.5, -math.inf, -1.0, 2.0])
HARD_ONLY = ("reinforce", "reinforce_mean_baseline", "reinforce_optimal", "straight_through", "reinmax", "exact")


def bit_gradient(name: str, tau: float, cells: int = 20_000) -> float:
    """The mean gradient of theta in the toy with one bit: the logistic noise by its quantiles, not by chance."""
    u = (np.arange(cells) + 0.5) / cells
    noise = np.stack([np.log(u) - np.log1p(-u), np.zeros(cells)])
    row = THROUGH[name]
    choice = choose(row, np.array([[THETA], [0.0]]), noise, tau)
    shares = choice.soft if row.soft_forward else choice.hard
    slope = np.stack([2.0 * (shares[0] - TARGET), np.zeros(cells)])
    losses = np.array([[(1.0 - TARGET) ** 2], [TARGET**2]])
    return float(row.back(choice, slope, losses)[0].mean())


@pytest.mark.parametrize(
    ("name", "tau", "expected"),
    [
        ("exact", 1.0, 0.019661), ("gumbel_softmax", 0.1, 0.010714), ("gumbel_softmax", 0.25, -0.000709),
        ("gumbel_softmax", 0.5, -0.011636), ("gumbel_softmax", 1.0, -0.014534), ("gumbel_softmax", 2.0, -0.007050),
        ("straight_through_gumbel_softmax", 1.0, -0.038053), ("straight_through", 1.0, -0.071197),
        ("reinforce", 1.0, 0.019661), ("reinforce_mean_baseline", 1.0, 0.019661), ("reinmax", 1.0, 0.019661),
    ],
)  # fmt: skip
def test_the_toy_with_one_bit(name: str, tau: float, expected: float) -> None:
    # Exact facts of the issue. Hard choices change sides between two quantiles, which leaves about 1e-5.
    assert bit_gradient(name, tau) == pytest.approx(expected, abs=1.2e-5)


def quadratic(logits: Reals, targets: Reals, name: str, tau: float, draws: int, seed: int) -> Reals:
    """Gradients of the squared distance from the targets, (K, N)."""
    rng = np.random.default_rng(seed)
    row = THROUGH[name]
    noise = rng.gumbel(size=(len(logits), draws))
    exponentials = rng.standard_exponential((4, len(logits), draws)) if row.siblings else None
    choice = choose(row, logits[:, np.newaxis], noise, tau, exponentials)
    shares = choice.soft if row.soft_forward else choice.hard
    return row.back(choice, 2.0 * (shares - targets[:, np.newaxis]), corner_losses(targets)[:, np.newaxis])


def corner_losses(targets: Reals) -> Reals:
    losses: Reals = 1.0 - 2.0 * targets + (targets**2).sum()
    return losses


def exact_gradient(logits: Reals, losses: Reals) -> Reals:
    p = softmax(logits)
    gradient: Reals = p * (losses - p @ losses)
    return gradient


def off(gradients: Reals, expected: Reals) -> float:
    """How many standard errors the mean of some gradients is off, in the worst component."""
    error = gradients.std(axis=1, ddof=1) / math.sqrt(gradients.shape[1])
    return float(np.max(np.abs(gradients.mean(axis=1) - expected) / np.maximum(error, 1e-12)))


@pytest.mark.parametrize(
    ("name", "first"),
    [("gumbel_softmax", -0.009840), ("straight_through_gumbel_softmax", -0.037394), ("rao_blackwell", -0.037394)],
)
def test_three_options_have_the_bias_that_is_known(name: str, first: float) -> None:
    gradients = quadratic(LOGITS, TARGETS, name, 1.0, 100_000, 11)
    error = gradients[0].std() / math.sqrt(gradients.shape[1])
    assert abs(gradients[0].mean() - first) < 5 * error
    # The same test tells them from the exact gradient, +0.025198, by a wide margin.
    exact = exact_gradient(LOGITS, corner_losses(TARGETS))
    assert exact[0] == pytest.approx(0.025198, abs=1e-6)
    assert abs(gradients[0].mean() - exact[0]) > 20 * error


def mean_over_winners(name: str, logits: Reals, slopes: Reals, losses: Reals) -> tuple[Reals, Reals]:
    """Exact mean and total variance of an estimator that sees only the winner; `slopes` (K, K), a column for each."""
    p, row, identity = softmax(logits), THROUGH[name], np.eye(len(logits))
    choice = Choice(p[:, np.newaxis], identity, identity, None, 1.0)
    back = row.back(choice, slopes, np.broadcast_to(losses[:, np.newaxis], identity.shape))
    mean = back @ p
    return mean, ((back - mean[:, np.newaxis]) ** 2).sum(axis=0) @ p


@pytest.mark.parametrize("options", [2, 3, 10])
@pytest.mark.parametrize("name", [n for n in HARD_ONLY if n != "straight_through"])
def test_unbiased_on_a_quadratic_for_every_number_of_options(name: str, options: int) -> None:
    rng = np.random.default_rng(options)
    for _ in range(5):
        logits, targets = rng.normal(size=options), rng.random(options)
        slopes = 2.0 * (np.eye(options) - targets[:, np.newaxis])
        mean, _ = mean_over_winners(name, logits, slopes, corner_losses(targets))
        np.testing.assert_allclose(mean, exact_gradient(logits, corner_losses(targets)), atol=1e-14)
        biased, _ = mean_over_winners("straight_through", logits, slopes, corner_losses(targets))
        assert np.abs(biased - mean).max() > 1e-3


def test_no_constant_baseline_has_less_variance_than_the_optimal_one() -> None:
    logits, losses = np.array([0.3, -1.0, 0.8, 0.0]), np.array([1.0, 0.2, -0.7, 2.0])
    slopes = np.zeros((4, 4))
    _, least = mean_over_winners("reinforce_optimal", logits, slopes, losses)
    for constant in np.linspace(-2.0, 3.0, 101):
        # Taking a constant off every loss is a baseline.
        _, variance = mean_over_winners("reinforce", logits, slopes, losses - constant)
        assert variance >= least - 1e-12
    _, with_mean = mean_over_winners("reinforce_mean_baseline", logits, slopes, losses)
    assert with_mean > least + 1e-3


def test_with_two_options_the_optimal_baseline_leaves_no_variance() -> None:
    _, variance = mean_over_winners("reinforce_optimal", np.array([0.4, -1.0]), np.zeros((2, 2)), np.array([3.0, 1.0]))
    assert variance == pytest.approx(0.0, abs=1e-25)


def test_siblings_win_where_they_should_and_have_the_right_law() -> None:
    rng = np.random.default_rng(5)
    row, draws = THROUGH["rao_blackwell"], 40_000
    choice = choose(row, LOGITS[:, None], rng.gumbel(size=(3, draws)), 0.7, rng.standard_exponential((2, 3, draws)))
    assert choice.siblings is not None
    for sibling in choice.siblings:
        assert np.array_equal(sibling.argmax(axis=0), choice.hard.argmax(axis=0))
    plain = choose(THROUGH["gumbel_softmax"], LOGITS[:, None], rng.gumbel(size=(3, draws)), 0.7)
    # Over all winners, a sibling has the law of the soft choice itself.
    error = np.sqrt(plain.soft.var(axis=1) * 2 / draws)
    assert np.all(np.abs(choice.siblings[0].mean(axis=1) - plain.soft.mean(axis=1)) < 5 * error)
    fresh = rng.gumbel(size=(3, draws)) + LOGITS[:, None]
    assert np.mean(fresh.argmax(axis=0) == choice.hard.argmax(axis=0)) < 0.7


def test_averaging_over_siblings_keeps_the_mean_and_takes_variance_away() -> None:
    plain = quadratic(LOGITS, TARGETS, "straight_through_gumbel_softmax", 0.5, 200_000, 1)
    averaged = quadratic(LOGITS, TARGETS, "rao_blackwell", 0.5, 100_000, 2)
    error = np.hypot(plain.std(axis=1) / math.sqrt(200_000), averaged.std(axis=1) / math.sqrt(100_000))
    assert np.all(np.abs(plain.mean(axis=1) - averaged.mean(axis=1)) < 5 * error)
    assert np.all(averaged.var(axis=1) < 0.9 * plain.var(axis=1))
    # Broken: siblings of independent noise, as if the winner did not matter.
    rng = np.random.default_rng(3)
    noise = rng.gumbel(size=(3, 100_000))
    choice = choose(THROUGH["straight_through_gumbel_softmax"], LOGITS[:, None], noise, 0.5)
    other = choose(THROUGH["gumbel_softmax"], LOGITS[:, None], rng.gumbel(size=noise.shape), 0.5).soft
    broken = bend(other, 2.0 * (choice.hard - TARGETS[:, None])) / 0.5
    assert off(broken, plain.mean(axis=1)) > 20


@pytest.mark.parametrize("name", list(THROUGH))
@pytest.mark.parametrize("tau", [0.0, 0.01, 0.5, 100.0, math.inf])
def test_a_masked_option_gets_no_gradient_and_nothing_overflows(name: str, tau: float) -> None:
    targets = np.array([0.1, 0.9, 0.3, 0.4])
    back = quadratic(MASKED, targets, name, tau, 500, 4)
    assert np.all(np.isfinite(back))
    assert np.all(back[1] == 0.0)
    np.testing.assert_allclose(back.sum(axis=0), 0.0, atol=1e-10)
    if tau in (0.0, math.inf) and THROUGH[name].tempered:
        assert np.all(back == 0.0)


@pytest.mark.parametrize("name", list(THROUGH))
def test_each_column_may_have_scores_of_its_own(name: str) -> None:
    rng = np.random.default_rng(8)
    row = THROUGH[name]
    scores, noise = rng.normal(size=(3, 5, 1)), rng.gumbel(size=(3, 5, 4))
    exponentials = rng.standard_exponential((2, 3, 5, 4))
    slope, losses = rng.normal(size=(3, 5, 4)), rng.normal(size=(3, 1, 1))
    together = row.back(choose(row, scores, noise, 0.6, exponentials), slope, losses)
    for repeat in range(5):
        choice = choose(row, scores[:, repeat], noise[:, repeat], 0.6, exponentials[:, :, repeat])
        np.testing.assert_allclose(together[:, repeat], row.back(choice, slope[:, repeat], losses[:, 0]), rtol=1e-13)


def test_an_exact_tie_keeps_the_first() -> None:
    choice = choose(THROUGH["reinmax"], np.zeros((3, 1)), np.array([[1.0], [2.0], [2.0]]), 1.0)
    assert choice.hard[:, 0].tolist() == [0.0, 1.0, 0.0]
