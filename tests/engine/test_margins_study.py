"""The Margins page's study: it agrees with theory, and says so when the noise is not what it should be."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from gumbelviz.engine.stream import Bits, gumbel_of_bits
from gumbelviz.engine.studies import margins_study
from gumbelviz.engine.studies.margins_study import FEWEST_WINS, MarginsStudy
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.model.margins_report import OTHERS, MarginsReport
from gumbelviz.model.settings import Settings, make_settings

NOW = Moment(0, 0, False)
THREE = make_settings([2.0, 1.2, 0.4])
Reals = NDArray[np.float64]


def finished(settings: Settings) -> MarginsReport:
    study = MarginsStudy(settings)
    study.work(NOW, lambda: False)
    assert not study.busy(NOW)
    report = study.report(NOW)
    assert report.draws == report.target == report.wins.sum()
    return report


def test_the_page_has_this_study() -> None:
    assert isinstance(make_study("margins", THREE), MarginsStudy)


@pytest.mark.parametrize(
    "settings",
    [
        THREE,
        make_settings([0.0, 0.0]),
        make_settings([30.0, 0.0, 1.0]),
        make_settings([-math.inf, 1.0, 0.5, -math.inf, 0.0], scale=2.5, location=-40.0, temperature=0.0),
        make_settings([1.5 - 0.4 * i for i in range(7)]),
        make_settings([0.1 * (i % 20) for i in range(1_000)], temperature=math.inf),
    ],
    ids=["three", "pair", "clear", "masked", "seven", "thousand"],
)
def test_it_agrees_with_theory(settings: Settings) -> None:
    """False alarms of the verdict are 1e-10; the means within five standard errors (6e-7)."""
    report = finished(settings)
    assert report.margins is not None
    for spread, deviation in ((report.margins, 2.5), (report.scores, 1.283)):
        assert spread.check.verdict == "agrees"
        assert spread.check.distance_p > 1e-6
        assert abs(spread.mean - spread.exact_mean) < 5 * deviation * settings.scale / math.sqrt(report.draws)
        width = spread.edges[1] - spread.edges[0]
        covered = spread.curve[1].mean() * width * len(spread.heights[0])
        assert 0.99 < covered <= 1.0 + 1e-9
        # Each histogram covers the same as the curve, nearly, but for a winner that never wins.
        areas = spread.heights.sum(axis=1) * width
        assert np.all((abs(areas - covered) < 0.01) | (areas == 0))


def _wide(noise: Reals) -> Reals:
    return 1.03 * noise


def _turned(noise: Reals) -> Reals:
    return 2 * 0.5772156649 - noise


def _gaussian(noise: Reals) -> Reals:
    generator = np.random.default_rng(1)
    return generator.normal(0.5772156649, math.pi / math.sqrt(6), noise.shape)


@pytest.mark.parametrize("broken", [_wide, _turned, _gaussian])
def test_other_noise_is_found_out(monkeypatch: pytest.MonkeyPatch, broken: Callable[[Reals], Reals]) -> None:
    """A million draws; noise 3 % too wide has n KL = 800 against a limit near 300 (180 cells): power above 0.999."""

    def noise_of(bits: Bits) -> Reals:
        return broken(gumbel_of_bits(bits))

    monkeypatch.setattr(margins_study, "gumbel_of_bits", noise_of)
    report = finished(THREE)
    assert report.margins is not None
    assert "disagrees" in (report.margins.check.verdict, report.scores.check.verdict)


def test_a_score_that_knows_its_winner_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The largest score moved by 0.03 for one winner and back for the others: only the split by winner shows it."""
    study = MarginsStudy(THREE)
    real = np.take_along_axis

    def shifted(array: Reals, indices: NDArray[np.intp], axis: int) -> Reals:
        found = real(array, indices, axis)
        return np.asarray(found + np.where(indices == 0, 0.03, -0.046))

    monkeypatch.setattr(np, "take_along_axis", shifted)
    study.work(NOW, lambda: False)
    assert study.report(NOW).scores.check.verdict == "disagrees"


def test_a_single_option_has_no_margin() -> None:
    report = finished(make_settings([3.0, -math.inf]))
    assert report.margins is None
    assert report.winners == (0,)
    assert report.scores.check.verdict == "agrees"


def test_rare_winners_are_counted_together() -> None:
    report = finished(make_settings([5.0, -9.0, 4.0, -10.0, 3.0]))
    assert report.winners == (0, 2, 4, OTHERS)
    assert report.wins[-1] < FEWEST_WINS
    assert finished(make_settings([0.0] * 1_000)).winners == (OTHERS,)


def test_only_what_matters_starts_it_again() -> None:
    study = MarginsStudy(THREE)
    study.work(NOW, lambda: False)
    before = study.report(NOW)
    study.change(replace(THREE, temperature=2.0, location=1.0))
    after = study.report(NOW)
    assert after.draws == before.draws
    assert after.ratio_chance < before.ratio_chance
    assert math.isclose(after.location, before.location + 1.0)
    np.testing.assert_array_equal(after.wins, before.wins)
    for change in (replace(THREE, seed=8), replace(THREE, scale=2.0), make_settings([2.0, 1.2, 0.5])):
        study.change(change)
        assert study.report(NOW).draws == 0


def test_it_stops_when_asked_and_comes_out_the_same() -> None:
    whole = finished(THREE)
    study = MarginsStudy(THREE)
    while study.busy(NOW):
        study.work(NOW, lambda: True)
    np.testing.assert_array_equal(study.report(NOW).scores.heights, whole.scores.heights)
