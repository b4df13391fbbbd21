"""Where the density turns: against plain searches of the density itself, and quantiles against draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize

from gumbelviz.maths import concrete, concrete_shape

Floats = NDArray[np.float64]
LOGITS = [[0.0, 0.0, 0.0], [2.0, 1.2, 0.4], [1.0, 1.0, 0.0], [3.0, 0.0, -1.0]]


def climb(logits: list[float], temperature: float) -> Floats | None:
    """The oracle: climb from many points, in the simplex itself, and keep a top that is not at an edge."""

    def shares(free: Floats) -> Floats:
        return np.append(free, 1.0 - free.sum())

    def below(free: Floats) -> float:
        y = shares(free)
        return 1e6 if y.min() <= 1e-9 else -float(concrete.log_density(np.log(y), logits, temperature))

    best = None
    for start in np.random.default_rng(5).dirichlet(3.0 * np.ones(len(logits)), 6):
        found = optimize.minimize(below, start[:-1], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-11})
        y = shares(found.x)
        if y.min() > 2e-4 and (best is None or found.fun < best[0]):
            best = float(found.fun), y
    return None if best is None else best[1]


@pytest.mark.parametrize("logits", LOGITS, ids=str)
@pytest.mark.parametrize("temperature", [0.9, 1.5, 1.9, 2.0, 3.0])
def test_the_bump_inside_is_where_climbing_ends(logits: list[float], temperature: float) -> None:
    mode, climbed = concrete_shape.inner_mode(logits, temperature), climb(logits, temperature)
    if climbed is None:
        assert mode is None
    else:
        assert mode is not None
        np.testing.assert_allclose(mode, climbed, atol=2e-5)
    if temperature >= len(logits) - 1:
        assert mode is not None


def test_equal_scores_have_a_bump_in_the_centre_from_temperature_1_on() -> None:
    """The Hessian at the centre is K^2 (1 - tau^2) times a square."""
    assert concrete_shape.inner_mode([0.0, 0.0, 0.0], 0.999) is None
    mode = concrete_shape.inner_mode([0.0, 0.0, 0.0], 1.01)
    assert mode is not None
    np.testing.assert_allclose(mode, 1.0 / 3.0, atol=1e-9)


def test_scores_far_apart_still_have_their_bump() -> None:
    for logits in ([20.0, 0.0, 0.0], [60.0, 0.0, -5.0], [1e5, 0.0, 0.0]):
        mode = concrete_shape.inner_mode(logits, 2.2)
        assert mode is not None
        assert mode.sum() == pytest.approx(1.0)
        assert mode[0] > 0.999


@pytest.mark.parametrize("lead", [-3.0, -0.5, 0.0, 0.5, 4.0])
@pytest.mark.parametrize("temperature", [0.2, 0.6, 0.95, 1.05, 1.7, 6.0])
def test_two_options_turn_once(lead: float, temperature: float) -> None:
    """A mode above temperature 1, an antimode below: on a fine grid of logits."""
    odds = np.linspace(-25.0, 25.0, 200_001)
    log_shares = concrete.log_relax(np.stack([odds, np.zeros_like(odds)]), 1.0)
    density = concrete.log_density(log_shares, [lead, 0.0], temperature)
    best = (np.argmax if temperature > 1.0 else np.argmin)(density)
    turn = concrete_shape.segment_turn(lead, temperature)
    assert turn is not None
    assert turn == pytest.approx(float(np.exp(log_shares[0, best])), abs=1e-4)


def test_at_temperature_1_two_options_do_not_turn() -> None:
    assert concrete_shape.segment_turn(0.5, 1.0) is None


def test_quantiles_of_the_segment_are_those_of_draws() -> None:
    """Two million draws, seed fixed: a share below a quantile is off by 5 standard errors in less than 1e-6."""
    q = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    draws = 2_000_000
    noise = np.random.default_rng(6).gumbel(size=(2, draws))
    shares = concrete.relax(concrete.perturb([0.8, 0.0], noise), 0.7)[0]
    quantiles = concrete_shape.segment_quantiles(q, 0.8, 0.7)
    below = (shares[:, None] <= quantiles).mean(axis=0)
    assert (np.abs(below - q) < 5.0 * np.sqrt(q * (1.0 - q) / draws)).all()
    # The same test sees a lead that is off by a fiftieth.
    wrong = (shares[:, None] <= concrete_shape.segment_quantiles(q, 0.82, 0.7)).mean(axis=0)
    assert (np.abs(wrong - q) > 5.0 * np.sqrt(q * (1.0 - q) / draws)).any()


@pytest.mark.parametrize(("temperature", "below"), [(0.1, 1e-6), (0.3, 1e-3), (1.0, 1e-2)])
def test_the_chance_of_a_flat_slope_is_that_of_draws(temperature: float, below: float) -> None:
    draws, logits = 1_000_000, [2.0, 1.2, 0.4]
    noise = np.random.default_rng(7).gumbel(size=(3, draws))
    shares = concrete.relax(concrete.perturb(logits, noise), temperature)
    for option in range(3):
        chance = concrete_shape.flat_chance(below, option, logits, temperature)
        others = np.delete(shares, option, axis=0).sum(axis=0)
        found = float((shares[option] * others < temperature * below).mean())
        assert abs(found - chance) < 5.0 * math.sqrt(chance * (1.0 - chance) / draws)
        assert 0.0005 < chance < 0.9995


def test_where_no_slope_can_be_that_large_all_are_flat() -> None:
    assert concrete_shape.flat_chance(0.3, 0, [0.0, 0.0, 0.0], 1.0) == 1.0
    assert concrete_shape.flat_chance(1e-6, 0, [0.0, 0.0, 0.0], 0.0) == 1.0
    assert concrete_shape.flat_chance(1e-6, 0, [0.0, 0.0, 0.0], math.inf) == 1.0
