"""Bumps, turning points and flat slopes, against searches on a grid and against draws."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gumbelviz.maths import concrete
from gumbelviz.maths.concrete_shape import flat_chance, inner_mode, segment_quantiles, segment_turn

Point = np.ndarray[tuple[int], np.dtype[np.float64]]


def highest_inside(logits: list[float], tau: float) -> Point:
    """The highest point of a grid on the triangle."""
    steps = 200
    i, j = np.meshgrid(np.arange(1, steps), np.arange(1, steps), indexing="ij")
    inside = i + j < steps
    y = np.stack([i, j, steps - i - j])[:, inside] / steps
    best: Point = y[:, np.argmax(concrete.log_density(np.log(y), logits, tau))]
    return best


@pytest.mark.parametrize("tau", [0.3, 0.9, 1.3, 1.9, 2.0, 2.5, 6.0])
@pytest.mark.parametrize("logits", [[0.0, 0.0, 0.0], [0.4, 0.0, -0.3], [2.0, 1.2, 0.4]])
def test_the_bump_inside_is_where_a_grid_finds_it(logits: list[float], tau: float) -> None:
    mode = inner_mode(logits, tau)
    if tau >= 2.0:
        assert mode is not None
    if tau <= 1.0:
        assert mode is None
    # Below that corners attract, and the highest point of a grid is there.
    if tau >= 2.5 and mode is not None and mode.min() > 0.01:
        assert mode == pytest.approx(highest_inside(logits, tau), abs=0.011)
    if mode is not None:
        assert mode.sum() == pytest.approx(1.0)
    if mode is not None and mode.min() > 1e-6:
        up = concrete.log_density(np.log(mode), logits, tau)
        for direction in ([1.0, -1.0, 0.0], [0.0, 1.0, -1.0], [1.0, 0.0, -1.0]):
            for step in (1e-3, -1e-3):
                nudged = mode * np.exp(step * np.array(direction))
                nudged /= nudged.sum()
                assert concrete.log_density(np.log(nudged), logits, tau) <= up + 1e-12


def test_equal_scores_have_their_bump_in_the_centre() -> None:
    for tau in (1.5, 2.0, 4.0):
        assert inner_mode([0.7, 0.7, 0.7], tau) == pytest.approx(np.full(3, 1 / 3), abs=1e-6)


@pytest.mark.parametrize("lead", [-3.0, -0.4, 0.0, 1.0])
@pytest.mark.parametrize("tau", [0.2, 0.7, 1.4, 5.0])
def test_two_options_turn_where_a_grid_finds_it(lead: float, tau: float) -> None:
    """One inner mode above temperature 1, one antimode below."""
    y = np.linspace(1e-4, 1 - 1e-4, 200_001)
    density = concrete.log_density(np.log([y, 1.0 - y]), [lead, 0.0], tau)
    turn = segment_turn(lead, tau)
    assert turn is not None
    best = y[np.argmax(density) if tau > 1.0 else np.argmin(density)]
    if 1e-3 < turn < 1 - 1e-3:
        assert turn == pytest.approx(best, abs=2e-5)
    assert segment_turn(lead, 1.0) is None


def test_quantiles_of_two_options() -> None:
    from gumbelviz.maths.marginals import marginal_cdf

    q = np.array([0.01, 0.25, 0.5, 0.9])
    places = segment_quantiles(q, 0.8, 0.6)
    assert marginal_cdf(places, 0, [0.8, 0.0], 0.6) == pytest.approx(q, abs=1e-12)


@pytest.mark.parametrize("tau", [0.05, 0.5, 2.0])
def test_flat_slopes_are_as_frequent_as_said(tau: float) -> None:
    """1e6 draws, six standard errors: alpha 2e-9; a chance wrong by 0.003 would be found."""
    logits, below = [1.0, 0.0, -0.5], 1e-3
    noise = np.random.default_rng(4).gumbel(size=(3, 10**6))
    y = concrete.relax(concrete.perturb(logits, noise), tau)
    for option in range(3):
        seen = float(np.mean(y[option] * (1.0 - y[option]) / tau < below))
        chance = flat_chance(below, option, logits, tau)
        assert abs(seen - chance) < 6.0 * math.sqrt(max(chance * (1 - chance), 1e-7) / 1e6)
    # A slope is at most 1 / (4 tau).
    assert flat_chance(0.26 / tau, 0, logits, tau) == 1.0
