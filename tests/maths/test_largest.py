"""The largest share: its mean against brute force, closed forms and draws, its law against single marginals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from gumbelviz.maths.largest import largest_mean
from gumbelviz.maths.marginals import largest_sf, marginal_cdf

Reals = NDArray[np.float64]
INF = math.inf
THREE = [2.0, 1.2, 0.4]


def mean_of_two(gap: float, tau: float) -> float:
    """Return E[sigmoid(|D| / tau)], D = gap + L with L logistic, by a trapezoidal sum on each side of the kink."""
    total = 0.0
    for sign in (-1.0, 1.0):
        u = np.exp(np.arange(-34.0, 6.0, 0.02))  # D = sign u
        density = special.expit(sign * u - gap) * special.expit(gap - sign * u)
        total += 0.02 * float((special.expit(u / tau) * density * u).sum())
    return total


@pytest.mark.parametrize("tau", [0.01, 0.3, 1.0, 1.001, 5.0, 100.0])
@pytest.mark.parametrize("gap", [0.0, 0.5, 12.0])
def test_two_options_in_closed_form(gap: float, tau: float) -> None:
    assert largest_mean([gap, 0.0], tau) == pytest.approx(mean_of_two(gap, tau), abs=2e-10)


def by_brute_force(logits: list[float], tau: float, step: float) -> float:
    """Return E[max y] as a sum over a grid of all noises; good to about 1e-3 in spite of the kinks of max."""
    noise = np.arange(-3.8, 22.0, step)
    weight = step * np.exp(-noise - np.exp(-noise))
    total = 0.0
    for first, w in zip(noise, weight, strict=True):
        scores = np.stack(np.broadcast_arrays(
            logits[0] + first, (logits[1] + noise)[:, None], (logits[2] + noise)[None, :]
        ))  # fmt: skip
        shares = special.softmax(scores / tau, axis=0).max(axis=0)
        total += float(w * (weight @ shares @ weight))
    return total


@pytest.mark.parametrize("tau", [0.5, 1.0, 3.0])
def test_three_options_by_brute_force(tau: float) -> None:
    assert largest_mean(THREE, tau) == pytest.approx(by_brute_force(THREE, tau, 0.2), abs=2e-3)


def largest_of(scores: Reals, tau: float) -> Reals:
    """Return the largest share of each draw, plainly."""
    shares: Reals = 1.0 / np.exp((scores - scores.max(axis=0)) / tau).sum(axis=0)
    return shares


def test_the_race_agrees_with_draws() -> None:
    # 200,000 draws: the standard error is below 6e-4, so 5 of them are a false alarm in 1 of 1.7 million runs per
    # case, and a mean that is off by 0.005 is found with a power above 0.99.
    noise = np.random.default_rng(11).gumbel(size=(7, 200_000))
    logits = np.array([2.0, 1.2, 0.4, 0.0, -0.5, -3.0, 1.0])
    scores = logits[:, None] + noise
    broken = -noise + logits[:, None]  # minus-Gumbel noise is another law
    for tau in (0.1, 0.5, 1.0, 2.0, 10.0):
        largest = largest_of(scores, tau)
        exact, error = largest_mean(logits, tau), float(largest.std()) / math.sqrt(largest.size)
        assert abs(largest.mean() - exact) < 5 * error
        assert abs(largest_of(broken, tau).mean() - exact) > 5 * error


def test_many_options_agree_with_draws() -> None:
    # 20,000 draws; as above, 5 standard errors of at most 2e-3.
    logits = np.linspace(-2.0, 2.0, 100)
    scores = logits[:, None] + np.random.default_rng(5).gumbel(size=(100, 20_000))
    for tau in (0.3, 1.0, 3.0):
        largest = largest_of(scores, tau)
        error = float(largest.std()) / math.sqrt(largest.size)
        assert abs(largest.mean() - largest_mean(logits, tau)) < 5 * error


def test_both_sides_of_temperature_one_meet() -> None:
    below, above = largest_mean(THREE, 1.0 - 1e-9), largest_mean(THREE, 1.0 + 1e-9)
    assert below == pytest.approx(above, abs=1e-8)


def test_the_limits_are_exact() -> None:
    assert largest_mean(THREE, 0.0) == largest_sf(0.99, THREE, 0.0) == 1.0
    assert largest_mean(THREE, INF) == 1.0 / 3.0
    assert largest_sf(0.99, THREE, INF) == 0.0
    assert largest_mean([5.0], 2.0) == largest_sf(0.99, [5.0], 2.0) == 1.0
    assert largest_mean(THREE, 1e-4) == pytest.approx(1.0, abs=1e-3)
    assert largest_mean(THREE, 1e5) == pytest.approx(1.0 / 3.0, abs=1e-4)


def test_it_falls_with_the_temperature() -> None:
    values = [largest_mean(THREE, float(tau)) for tau in np.logspace(-3, 4, 29)]
    assert all(a > b for a, b in itertools.pairwise(values))


def test_masked_options_and_far_ones_add_nothing() -> None:
    assert largest_mean([2.0, -INF, 1.2, 0.4], 0.7) == pytest.approx(largest_mean(THREE, 0.7), rel=1e-13)
    assert largest_mean([*THREE, -1e6], 0.7) == pytest.approx(largest_mean(THREE, 0.7), abs=1e-9)
    assert largest_sf(0.9, [2.0, -INF, 1.2, 0.4], 0.7) == largest_sf(0.9, THREE, 0.7)


@pytest.mark.parametrize("scale", [0.2, 3.0])
def test_a_scale_divides_scores_and_temperature(scale: float) -> None:
    rescaled = [z / scale for z in THREE]
    assert largest_mean(THREE, 0.6, scale) == pytest.approx(largest_mean(rescaled, 0.6 / scale), rel=1e-12)
    assert largest_sf(0.9, THREE, 0.6, scale) == pytest.approx(largest_sf(0.9, rescaled, 0.6 / scale), rel=1e-9)


@pytest.mark.parametrize("tau", [0.01, 0.2, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("logits", [[1.0, 0.0], THREE, [60.0, 0.0, -1.0, -50.0], list(np.linspace(-2, 2, 12))])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_above_one_half_the_law_is_the_sum_of_the_marginals(logits: list[float], tau: float, share: float) -> None:
    one_by_one = sum(1.0 - float(marginal_cdf(share, i, logits, tau)) for i in range(len(logits)))
    assert largest_sf(share, logits, tau) == pytest.approx(one_by_one, abs=1e-10)


def test_two_laws_of_the_largest_share_agree() -> None:
    # With two options max y >= 1/2, and E[max y] = 1/2 + the integral of the law above it.
    nodes, weights = np.polynomial.legendre.leggauss(60)
    shares = 0.75 + 0.25 * nodes
    for tau in (0.5, 1.0, 4.0):
        law = np.array([largest_sf(float(share), [0.7, 0.0], tau) for share in shares])
        assert 0.5 + 0.25 * float(weights @ law) == pytest.approx(largest_mean([0.7, 0.0], tau), abs=2e-4)


def test_what_never_happens_is_zero_and_costs_no_grid() -> None:
    assert largest_sf(0.99, list(np.zeros(100)), 100.0) == 0.0
    assert largest_sf(0.99, THREE, 1e6) == 0.0


def test_what_has_no_meaning_is_refused_in_a_sentence() -> None:
    calls: tuple[Callable[[], float], ...] = (
        lambda: largest_mean(np.zeros(101), 1.0),
        lambda: largest_mean(THREE, -1.0),
        lambda: largest_sf(0.4, THREE, 1.0),
        lambda: largest_sf(1.0, THREE, 1.0),
        lambda: largest_sf(0.9, np.zeros(101), 1.0),
        lambda: largest_sf(0.99, [1e4, 0.0, 0.0], 200.0),
    )
    for call in calls:
        with pytest.raises(ValueError, match=r"\.$"):
            call()
