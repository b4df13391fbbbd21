"""The study of the Simplex page: what it reports, and what it keeps while settings change."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.stream import SingleNoise, Stream
from gumbelviz.engine.studies import simplex_tally
from gumbelviz.engine.studies.simplex_study import SimplexStudy
from gumbelviz.engine.study import Moment
from gumbelviz.maths import concrete
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.simplex_choices import SimplexChoices
from gumbelviz.model.simplex_report import SimplexReport

INF = math.inf
BASE = make_settings([2.0, 1.2, 0.4], temperature=0.5, seed=3)
NOW = Moment(60_000, 59_999, running=False)


def with_choices(settings: Settings, **fields: object) -> Settings:
    return replace(settings, pages=replace(settings.pages, simplex=SimplexChoices(**fields)))  # type: ignore[arg-type]


def settle(study: SimplexStudy, moment: Moment = NOW) -> SimplexReport:
    for _ in range(100_000):
        if not study.busy(moment):
            break
        study.work(moment, lambda: True)
    assert not study.busy(moment)
    report = study.report(moment)
    assert isinstance(report, SimplexReport)
    return report


def report_of(settings: Settings, moment: Moment = NOW) -> SimplexReport:
    return settle(SimplexStudy(settings), moment)


def test_dots_are_draws_of_the_stream() -> None:
    report = report_of(BASE)
    assert report.dots.shape == (3, 2000)
    assert report.addresses.max() == NOW.draws - 1
    simulation = Simulation(BASE)
    for place in (0, 7, 1999):
        draw = simulation.draw(int(report.addresses[place]))
        assert report.dots[:, place] == pytest.approx(draw.soft, abs=1e-5)
        assert report.winners[place] == draw.winner


def test_dots_keep_their_noise_while_temperature_and_scores_move() -> None:
    study = SimplexStudy(BASE)
    before = settle(study)
    warmer = replace(BASE, temperature=2.0)
    study.change(warmer)
    # The draws are made again after a change; dots are there all the while.
    report = study.report(Moment(100, 99, running=False))
    assert isinstance(report, SimplexReport)
    assert np.array_equal(report.addresses, before.addresses)
    draw = Simulation(warmer).draw(int(report.addresses[5]))
    assert report.dots[:, 5] == pytest.approx(draw.soft, abs=1e-5)


def test_the_point_and_its_trail_are_those_of_the_draw_on_display() -> None:
    draw = Simulation(BASE).draw(NOW.shown)
    report = report_of(BASE)
    assert report.point == pytest.approx(draw.soft, abs=1e-9)
    assert report.trail[:, 0] == pytest.approx(np.full(3, 1 / 3))
    assert report.trail[:, -1].tolist() == [float(i == draw.winner) for i in range(3)]
    nearest = np.abs(report.trail - report.point[:, None]).sum(axis=0).min()
    assert nearest < 0.05


@pytest.mark.parametrize("logits", [[2.0, 1.2, 0.4], [1.0, 3.0, 2.0, 0.0, -1.0, 0.5, 1.5]])
def test_three_of_more_are_the_concrete_of_those_three(logits: list[float]) -> None:
    """The mean of 2,000 dots within five standard errors of the exact mean of the three alone."""
    settings = replace(make_settings(logits, temperature=0.7), pages=BASE.pages)
    report = report_of(settings)
    three = [logits[i] for i in report.corners]
    assert report.probabilities == pytest.approx(concrete.probabilities(three))
    assert report.soft_mean == pytest.approx(concrete.mean(three, 0.7), abs=1e-9)
    assert (np.abs(report.dots_mean - concrete.mean(three, 0.7)) < 5 * report.dots_error).all()
    assert report.dots.sum(axis=0) == pytest.approx(np.ones(report.dots.shape[1]), abs=1e-5)


def test_the_heat_map_is_the_density_in_its_colours() -> None:
    study = SimplexStudy(BASE)
    study.work(NOW, lambda: True)
    first = study.report(NOW)
    assert isinstance(first, SimplexReport)
    assert first.heat is not None
    report = settle(study)
    heat = report.heat
    assert heat is not None and heat.fine
    height, width = heat.levels.shape
    assert heat.levels.dtype == np.uint8 and width > 100
    # The middle column from the top corner down to the middle of the edge of the other two.
    for down in (0.35, 0.6, 0.8):
        y = np.array([1.0 - down, down / 2, down / 2])
        density = float(concrete.log_density(np.log(y), [2.0, 1.2, 0.4], 0.5))
        level = heat.levels[round(down * (height - 1)), width // 2]
        expected = 255 * (density - heat.low) / (heat.high - heat.low)
        assert abs(float(level) - min(max(expected, 0.0), 255.0)) < 8.0


def test_draws_in_cells_agree_with_the_exact_chances_and_a_broken_sampler_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Chi-square over all cells of 60,000 draws; alpha 1e-6."""
    settings = with_choices(BASE, streamed=True)
    streamed = report_of(settings).streamed
    assert streamed is not None and streamed.p_value is not None
    assert streamed.draws == NOW.draws
    assert streamed.p_value > 1e-6

    class Weak(SingleNoise):
        def log_exponential(self, bits: np.ndarray, out: np.ndarray) -> None:
            super().log_exponential(bits, out)
            out *= np.float32(0.9)

    monkeypatch.setattr(simplex_tally, "SingleNoise", Weak)
    broken = report_of(settings).streamed
    assert broken is not None and broken.p_value is not None
    assert broken.p_value < 1e-6


def test_arrows_are_slopes_and_flat_ones_are_counted() -> None:
    report = report_of(with_choices(BASE, arrows=True, slope_of=1))
    slopes = report.slopes
    assert slopes is not None and slopes.option == 1
    y = report.dots[1]
    assert slopes.flat == np.count_nonzero(y * (1 - y) / 0.5 < slopes.below)
    assert slopes.below == 1e-6
    error = math.sqrt(max(slopes.flat_chance or 0.0, 1e-4) / slopes.draws)
    assert slopes.flat_chance is not None and abs(slopes.flat / slopes.draws - slopes.flat_chance) < 6 * error
    steps = slopes.ends - slopes.feet
    assert np.abs(steps.sum(axis=0)).max() < 1e-9


@pytest.mark.parametrize("temperature", [0.0, 1e-3, 0.3, 1.0, 5.0, 1e4, INF])
@pytest.mark.parametrize(
    "logits", [[1.0], [1.0, 0.3], [2.0, 1.2, 0.4], [2.0, 1.2, 0.4, 0.0], [1.0, -INF, 0.5], [1e4, 0.0, 0.0], [0.0] * 200]
)
def test_every_number_of_options_and_every_limit(logits: list[float], temperature: float) -> None:
    for solid in (False, True):
        settings = with_choices(
            make_settings(logits, temperature=temperature, scale=2.0), solid=solid, means=True, arrows=True,
            streamed=True,
        )  # fmt: skip
        report = report_of(settings, Moment(3000, 10, running=False))
        for array in (report.dots, report.trail, report.point, report.probabilities):
            assert np.isfinite(array).all()
        assert report.limit == ("hard" if temperature == 0.0 else "flat" if temperature == INF else None)
        if temperature == 0.0 and len(logits) > 1:
            assert set(np.unique(report.dots)) <= {0.0, 1.0}
        assert (report.segment is not None) <= (len(report.corners) == 2)


def test_four_options_stand_at_the_corners_of_a_tetrahedron() -> None:
    report = report_of(with_choices(make_settings([2.0, 1.2, 0.4, 0.0]), solid=True))
    assert report.corners == (0, 1, 2, 3)
    assert report.dots.shape[0] == 4


def test_the_noise_of_the_dots_is_the_noise_of_their_options() -> None:
    settings = with_choices(make_settings([0.0] * 6, seed=9), corners=(5, 0, 2))
    report = report_of(settings)
    assert report.corners == (5, 0, 2)
    bits = np.empty((6, 1), np.uint32)
    Stream(9, np.arange(6), 6).read(int(report.addresses[0]), bits)
    draw = Simulation(settings).draw(int(report.addresses[0]))
    shares = draw.soft[[5, 0, 2]]
    assert report.dots[:, 0] == pytest.approx(shares / shares.sum(), abs=1e-5)
