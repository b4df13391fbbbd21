"""The law of the winner's margin, against integrals, identities and draws."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from scipy import integrate

from gumbelviz.maths import concrete, margins

LOGITS = (2.0, 1.2, 0.4)


def test_the_margin_is_the_log_of_the_ratio_of_the_soft_choices() -> None:
    distances = np.array([0.0, 0.3, 1.0, 4.0])
    for tau in (0.5, 1.0, 3.0):
        ratios = concrete.margin_sf(np.exp(distances / tau), LOGITS, tau, 2.0)
        np.testing.assert_allclose(margins.survival(distances, LOGITS, 2.0), ratios, rtol=1e-13)


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_the_mean_is_the_integral_of_the_survival(scale: float) -> None:
    for logits in (LOGITS, (0.0, -math.inf, 5.0), (0.0,) * 7):
        area, _ = integrate.quad(lambda d, z=logits: float(margins.survival(d, z, scale)), 0.0, 60.0 * scale, limit=200)
        assert math.isclose(margins.mean(logits, scale), area, rel_tol=1e-8)


def test_draws_have_this_law() -> None:
    """200,000 draws: five standard errors at four distances (false alarms 2e-6); noise 2 % too wide is seen."""
    noise = np.random.default_rng(1).gumbel(size=(3, 200_000))
    distances = np.array([0.2, 0.7, 1.5, 3.0])
    exact = margins.survival(distances, LOGITS)

    def errors(scale: float) -> np.ndarray:
        ordered = np.sort(np.array(LOGITS)[:, np.newaxis] + scale * noise, axis=0)
        shares = (ordered[-1] - ordered[-2] > distances[:, np.newaxis]).mean(axis=1)
        return np.asarray(abs(shares - exact) / np.sqrt(exact * (1 - exact) / noise.shape[1]))

    assert errors(1.0).max() < 5
    assert errors(1.02).max() > 5


def test_a_single_option_has_no_second() -> None:
    for logits in ((3.0,), (3.0, -math.inf)):
        assert margins.survival(np.array([0.0, 9.0]), logits).tolist() == [1.0, 1.0]
        assert margins.mean(logits) == margins.lead(logits) == math.inf


def test_extremes_are_calm() -> None:
    assert margins.survival(1e300, LOGITS) == 0.0
    assert math.isclose(float(margins.survival(0.0, LOGITS)), 1.0, rel_tol=1e-15)
    assert margins.survival(np.array([990.0, 1_010.0]), (1_000.0, 0.0))[0] > 0.999
    assert math.isclose(margins.lead((1_000.0, 0.0)), 1_000.0)
    assert math.isclose(margins.mean((1_000.0, 0.0)), 1_000.0)


@pytest.mark.parametrize("distance", [-1.0, math.nan])
def test_a_distance_without_meaning_is_refused(distance: float) -> None:
    with pytest.raises(ValueError, match="margin"):
        margins.survival(distance, LOGITS)


@pytest.mark.parametrize("logits", [(2.0, 1.2, 0.4), (40.0, 0.0, 0.0), (1_000.0, 0.0, -5.0), (0.0, 0.0), (-3.0, 7.0)])
def test_log_odds_have_all_digits(logits: tuple[float, ...]) -> None:
    odds = concrete.log_odds(np.array(logits))
    with mp.workdps(900):
        weights = [mp.exp(mp.mpf(z)) for z in logits]
        for i, found in enumerate(odds):
            exact = mp.log(weights[i] / (mp.fsum(weights) - weights[i]))
            assert abs(mp.mpf(float(found)) - exact) < 1e-14 * max(1, abs(exact))
