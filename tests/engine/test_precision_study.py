"""The Precision page's study: it comes to rest, shows the known failures, and starts again only where it must."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.engine.studies import precision_study
from gumbelviz.engine.studies.precision_study import PrecisionStudy
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.model.edits import EDITS
from gumbelviz.model.precision_choices import PRESETS
from gumbelviz.model.precision_report import Outcome, PrecisionReport
from gumbelviz.model.settings import Settings, make_settings

NOW = Moment(0, 0, False)
THREE = make_settings([2.0, 1.2, 0.4])


@pytest.fixture(autouse=True)
def fewer_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to see every failure, and quick."""
    monkeypatch.setattr(precision_study, "TARGET_ELEMENTS", 120_000)


def chosen(settings: Settings, preset: str, **choices: object) -> Settings:
    settings = EDITS["precision preset"][0](settings, preset)
    for name, value in choices.items():
        settings = EDITS[f"precision {name}"][0](settings, value)
    return settings


def finished(settings: Settings) -> PrecisionReport:
    study = PrecisionStudy(settings)
    study.work(NOW, lambda: False)
    assert not study.busy(NOW)
    report = study.report(NOW)
    assert report.draws == report.target
    assert all(outcome.draws == report.target for outcome in report.outcomes)
    return report


def by_name(report: PrecisionReport) -> dict[str, Outcome]:
    return {f"{outcome.formula} {outcome.precision}": outcome for outcome in report.outcomes}


def test_the_page_has_this_study() -> None:
    assert isinstance(make_study("precision", THREE), PrecisionStudy)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_ours_agrees_with_softmax_whatever_the_example(preset: object) -> None:
    """60,000 draws and more; the verdict's false alarms are 1e-10, so that none of these runs by chance."""
    outcomes = by_name(finished(chosen(THREE, preset.id)))  # type: ignore[attr-defined]
    for name in ("careful single", "careful double"):
        assert (outcomes[name].nan, outcomes[name].lost, outcomes[name].verdict) == (0, 0, "agrees")


def test_two_logits_of_1e8() -> None:
    report = finished(chosen(THREE, "large logits"))
    outcomes = by_name(report)
    assert report.pair
    assert report.live.tolist() == [0, 1]
    naive = outcomes["naive single"]
    assert abs(naive.wins[0] / naive.draws - 0.982) < 0.004
    assert naive.verdict == "disagrees"
    assert naive.largest_difference > 0.4
    assert outcomes["naive double"].verdict == "agrees"
    single, double = report.landings
    assert single.spacing == 8.0
    assert abs(single.shares.max() - naive.wins[0] / naive.draws) < 0.005
    assert not len(double.places)


def test_temperature_zero() -> None:
    outcomes = by_name(finished(chosen(THREE, "zero")))
    for name in ("naive single", "naive double"):
        outcome = outcomes[name]
        assert (outcome.nan, outcome.wins.sum(), outcome.verdict) == (outcome.draws, 0, "disagrees")
        assert math.isnan(outcome.smallest)
        assert math.isnan(outcome.worst)
    assert outcomes["careful single"].wins.tolist() == outcomes["careful double"].wins.tolist()


def test_rounded_shares() -> None:
    """The share of draws in which the loser is below 2^-24 of the winner: P(|Logistic| > 24 ln 2 / 10)."""
    exact = 2 / (1 + 2.0 ** (24 * 0.1))
    outcomes = by_name(finished(chosen(THREE, "rounded shares")))
    naive = outcomes["naive single"]
    assert abs(naive.ones / naive.draws - exact) < 5 * math.sqrt(exact * (1 - exact) / naive.draws)
    assert naive.lost == naive.ones
    assert naive.ones > 4 * outcomes["naive double"].ones


def test_scores_that_are_rounded_are_told_from_noise_that_is_lost() -> None:
    report = finished(chosen(THREE, "plain", offset=1e8))
    np.testing.assert_allclose(report.rounded, 1 / 3)
    assert report.probabilities[0] > 0.6
    assert by_name(report)["naive single"].wins[0] > 0.9 * report.draws


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
@pytest.mark.parametrize(
    "settings",
    [
        make_settings([1.0]),
        make_settings([-math.inf, 1.0, 0.5, -math.inf, 0.0]),
        make_settings([2.0, 1.2, 0.4], scale=2.5, location=3.0, temperature=math.inf),
        make_settings([0.1 * (i % 20) for i in range(1_000)]),
        make_settings([1e6, -1e6, 0.0], scale=1e-6),
    ],
    ids=["one", "masked", "scaled", "thousand", "extreme"],
)
def test_every_scene_makes_sense(settings: Settings, preset: object) -> None:
    report = finished(chosen(settings, preset.id))  # type: ignore[attr-defined]
    for outcome in report.outcomes:
        assert outcome.wins.sum() + outcome.nan == outcome.draws
    assert math.isclose(report.probabilities.sum(), 1.0)
    assert by_name(report)["careful double"].verdict != "disagrees"


def test_it_stops_when_asked_and_comes_out_the_same() -> None:
    whole = finished(chosen(THREE, "plain"))
    study = PrecisionStudy(chosen(THREE, "plain"))
    pieces = 0
    while study.busy(NOW):
        study.work(NOW, lambda: True)
        pieces += 1
    # Every piece is at most one kind of arithmetic on one block.
    assert pieces >= 4 * whole.target * 3 / precision_study.ELEMENTS
    assert study.report(NOW).outcomes[0].wins.tolist() == whole.outcomes[0].wins.tolist()


def test_only_what_matters_starts_it_again() -> None:
    study = PrecisionStudy(THREE)
    study.work(NOW, lambda: False)
    before = study.report(NOW)
    renamed = EDITS["rename"][0](replace(THREE, temperature=3.0, location=2.0), (0, "Other"))
    study.change(renamed)
    assert study.report(NOW) is before
    for change in (
        replace(THREE, seed=8),
        replace(THREE, scale=2.0),
        make_settings([2.0, 1.2, 0.5]),
        chosen(THREE, "plain", offset=100.0),
        chosen(THREE, "plain", temperature=0.6),
        chosen(THREE, "plain", scores="pair"),
    ):
        study.change(change)
        assert study.report(NOW).draws == 0
        assert study.busy(NOW)


def test_a_report_is_read_only_and_sensible_before_the_first_draw() -> None:
    report = PrecisionStudy(THREE).report(NOW)
    assert report.draws == 0
    assert all(outcome.verdict == "too few draws" for outcome in report.outcomes)
    arrays = (report.live, report.probabilities, report.rounded, report.outcomes[0].wins, *report.noise_curve)
    assert not any(array.flags.writeable for array in arrays)
