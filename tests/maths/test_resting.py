"""Where training on the mean Gumbel-Softmax gradient comes to rest."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gumbelviz.maths.resting import mean_gradient, resting_chance


def by_hand(theta: float, tau: float, target: float) -> float:
    """E[2 (y - t) y (1 - y) / tau] over logistic noise, by a fine sum over its quantiles."""
    u = (np.arange(2_000_000) + 0.5) / 2_000_000
    y = 1 / (1 + np.exp(-(theta + np.log(u / (1 - u))) / tau))
    return float(np.mean(2 * (y - target) * y * (1 - y) / tau))


@pytest.mark.parametrize(("theta", "tau", "target"), [(-1.0, 1.0, 0.45), (0.5, 0.3, 0.45), (2.0, 2.0, 0.6)])
def test_the_mean_gradient_is_what_the_formula_says(theta: float, tau: float, target: float) -> None:
    assert mean_gradient(theta, tau, target) == pytest.approx(by_hand(theta, tau, target), abs=1e-8)


def test_the_number_of_the_toy() -> None:
    # mathematics.md: at temperature 1 training stops at p = 0.3770, where the mean gradient is -0.014534 at -1.
    assert mean_gradient(-1.0, 1.0, 0.45) == pytest.approx(-0.014534, abs=5e-7)
    assert resting_chance(-1.0, 1.0, 0.45) == pytest.approx(0.3770, abs=5e-5)


@pytest.mark.parametrize(("theta", "tau"), [(-1.0, 0.2), (-3.0, 0.5), (1.5, 1.0), (-1.0, 2.0), (1.5, 5.0)])
def test_all_the_way_there_it_goes_downhill(theta: float, tau: float) -> None:
    chance = resting_chance(theta, tau, 0.45)
    rest = math.log(chance / (1 - chance))
    assert abs(mean_gradient(rest, tau, 0.45)) < 1e-9
    downhill = math.copysign(1.0, rest - theta)
    for place in np.linspace(theta, rest, 25)[:-1]:
        assert mean_gradient(float(place), tau, 0.45) * downhill < 0
    assert mean_gradient(rest + 0.05 * downhill, tau, 0.45) * downhill > 0


def test_where_it_never_rests_and_where_nothing_moves() -> None:
    assert resting_chance(-1.0, 0.1, 0.45) == 0.0
    assert resting_chance(3.0, 0.05, 0.9) == 1.0
    for tau in (0.0, math.inf):
        assert resting_chance(-1.0, tau, 0.45) == pytest.approx(1 / (1 + math.e))
