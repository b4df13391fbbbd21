"""The study of the Simplex page beside a stream that goes on: what moves in, what stays, and work that ends."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.studies.newest_draws import REMADE, NewestDraws
from gumbelviz.engine.studies.simplex_heat import FINE, HeatDrawing, make_grid
from gumbelviz.engine.studies.simplex_study import SimplexStudy
from gumbelviz.engine.studies.simplex_tally import STEPS, TriangleTally
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.maths import checks, concrete, triangle
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.simplex_report import SimplexReport

THREE = make_settings([2.0, 1.2, 0.4])
SEVEN = make_settings([2.0, 1.2, 0.4, -1.0, 0.9, 1.5, -math.inf])
PAUSED = Moment(100_000, 5, running=False)
FALSE_ALARM = 1e-6


def choosing(settings: Settings, **choices: Any) -> Settings:
    return replace(settings, pages=replace(settings.pages, simplex=replace(settings.pages.simplex, **choices)))


def finish(study: SimplexStudy, moment: Moment = PAUSED) -> SimplexReport:
    """Work in the smallest pieces until there is nothing left to do."""
    pieces = 0
    while study.busy(moment):
        study.work(moment, lambda: True)
        pieces += 1
        assert pieces < 100_000
    return study.report(moment)


def soft_of(settings: Settings, index: int, corners: tuple[int, ...]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The oracle: the draw as the simulation shows it, renormalised."""
    draw = Simulation(settings).draw(index)
    shares = draw.soft[list(corners)]
    return np.asarray(shares / shares.sum())


def test_the_table_of_studies_has_it() -> None:
    assert isinstance(make_study("simplex", THREE), SimplexStudy)


@pytest.mark.parametrize("settings", [THREE, SEVEN, replace(THREE, scale=2.5, location=1.0)], ids=["3", "7", "scale"])
def test_dots_are_the_newest_draws_of_the_stream(settings: Settings) -> None:
    report = finish(SimplexStudy(settings))
    assert report.addresses.tolist() == list(range(98_000, 100_000))
    for place in (0, 77, 1999):
        oracle = soft_of(settings, int(report.addresses[place]), report.corners)
        np.testing.assert_allclose(report.dots[:, place], oracle, rtol=1e-9)
        assert report.winners[place] == int(np.argmax(oracle))
    np.testing.assert_allclose(report.point, soft_of(settings, PAUSED.shown, report.corners), rtol=1e-9)


def test_corners_may_be_chosen_in_any_order() -> None:
    settings = choosing(SEVEN, corners=(5, 3, 0))
    report = finish(SimplexStudy(settings))
    assert report.corners == (5, 3, 0)
    for place in (0, 1000):
        np.testing.assert_allclose(report.dots[:, place], soft_of(settings, int(report.addresses[place]), (5, 3, 0)))
    assert report.soft_mean is not None
    np.testing.assert_allclose(report.soft_mean, concrete.mean([1.5, -1.0, 2.0], 0.5), rtol=1e-9)
    np.testing.assert_allclose(report.probabilities, concrete.probabilities([1.5, -1.0, 2.0]))


def test_a_moved_slider_moves_the_dots_and_keeps_their_noise() -> None:
    study = SimplexStudy(THREE)
    before = finish(study)
    for changed in (replace(THREE, temperature=0.9), replace(THREE, temperature=0.9, scale=2.0)):
        study.change(changed)
        # The stream begins again; the dots wait for it.
        for draws in (1, 4096, 90_000, 100_000):
            report = finish(study, Moment(draws, 5, running=False))
            assert np.array_equal(report.addresses, before.addresses)
        np.testing.assert_allclose(report.dots[:, 9], soft_of(changed, int(report.addresses[9]), (0, 1, 2)))


def test_new_draws_move_in_a_few_at_a_time_as_the_stream_goes_on() -> None:
    study = SimplexStudy(THREE)
    before = finish(study)
    report = finish(study, Moment(5_000_000, 5, running=True))
    new = np.setdiff1d(report.addresses, before.addresses)
    assert new.tolist() == list(range(5_000_000 - new.size, 5_000_000))
    assert 0 < new.size < 100
    for _ in range(100):
        report = finish(study, Moment(5_000_000 + 500_000 * (_ + 1), 5, running=True))
    assert report.addresses.min() > 5_000_000
    assert np.unique(report.addresses).size == 2000


def test_at_a_slow_pace_the_dots_are_exactly_the_newest() -> None:
    study = SimplexStudy(choosing(THREE, dots_shown=500))
    for draws in range(1, 700, 3):
        report = finish(study, Moment(draws, 0, running=True))
    assert sorted(report.addresses) == list(range(draws - 500, draws))


def test_a_restart_forgets_and_other_noise_is_read_again() -> None:
    study = SimplexStudy(THREE)
    finish(study)
    restarted = finish(study, Moment(3, 2, running=False))
    assert sorted(restarted.addresses) == [0, 1, 2]
    study = SimplexStudy(THREE)
    finish(study)
    other = replace(THREE, seed=8)
    study.change(other)
    report = finish(study)
    np.testing.assert_allclose(report.dots[:, 3], soft_of(other, int(report.addresses[3]), (0, 1, 2)))


def test_after_a_change_the_dots_do_not_wait_for_ever() -> None:
    draws = NewestDraws(500)
    draws.read_from(7, (0, 1, 2), 3)
    draws.update(10**9)
    draws.hold()
    assert not draws.is_behind(REMADE)
    assert draws.is_behind(REMADE + 1)


def test_more_and_fewer_dots() -> None:
    study = SimplexStudy(THREE)
    for count in (500, 20_000, 3_000):
        study.change(choosing(THREE, dots_shown=count))
        report = finish(study)
        assert sorted(report.addresses) == list(range(100_000 - count, 100_000))
        np.testing.assert_allclose(report.dots[:, -1], soft_of(THREE, int(report.addresses[-1]), (0, 1, 2)))


def test_the_first_answer_to_a_change_is_coarse_and_at_once() -> None:
    study = SimplexStudy(THREE)
    fine = finish(study).heat
    assert fine is not None
    assert fine.fine
    assert fine.levels.shape[1] == FINE
    study.change(replace(THREE, temperature=0.7))
    study.work(PAUSED, lambda: True)
    report = study.report(PAUSED)
    assert report.heat is not None
    assert not report.heat.fine
    last = finish(study).heat
    assert last is not None
    assert last.fine
    # The colours mean the same before and after.
    assert (last.low, last.high) == (report.heat.low, report.heat.high)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_the_heat_map_is_the_density(temperature: float) -> None:
    logits = np.array([0.0, -0.8, -1.6])
    drawing = HeatDrawing(logits, temperature)
    while not drawing.finished:
        drawing.work()
    heat, grid = drawing.heat, make_grid(FINE)
    assert heat is not None
    assert heat.clipped_high == (temperature < 2.0)
    density = concrete.log_density(grid.log_shares[:, ::997], logits, temperature)
    wanted = np.clip((density - heat.low) / (heat.high - heat.low), 0.0, 1.0) * 255.0
    np.testing.assert_allclose(heat.levels.ravel()[grid.places[::997]], wanted, atol=0.51)


def agreement(counts: Any, chances: Any) -> float:
    assert counts[chances == 0.0].sum() == 0
    return checks.chi_square(counts[chances > 0.0], chances[chances > 0.0] / chances.sum()).p_value


def test_the_streamed_density_agrees_with_the_exact_one_cell_by_cell() -> None:
    """1,000,000 draws, fixed seed, false alarm below 1e-6; another temperature is seen with power all but 1."""
    tally = TriangleTally(7, (0, 1, 2), 3, np.array([0.0, -0.8, -1.6]), 0.5)
    while tally.busy(1_000_000):
        tally.work(1_000_000)
    assert tally.draws == tally.counts.sum() == 1_000_000
    assert tally.chances is not None
    assert agreement(tally.counts, tally.chances) > FALSE_ALARM
    assert agreement(tally.counts, triangle.cell_probabilities(STEPS, [0.0, -0.8, -1.6], 0.52)) < FALSE_ALARM


def test_the_tally_counts_the_draws_of_the_stream() -> None:
    """One by one against the simulation, in double precision; chosen corners of seven, out of order."""
    corners = (5, 3, 0)
    logits = np.array([SEVEN.logits[i] for i in corners])
    tally = TriangleTally(SEVEN.seed, corners, 7, logits - logits.max(), SEVEN.temperature)
    tally.count(300)
    simulation = Simulation(SEVEN)
    shares = np.array([simulation.draw(n).soft[list(corners)] for n in range(300)]).T
    cells = triangle.cells_of(shares / shares.sum(axis=0), STEPS)
    assert np.array_equal(tally.counts, np.bincount(cells, minlength=tally.counts.size))


def test_the_comparison_comes_to_rest_and_says_how_it_went() -> None:
    report = finish(SimplexStudy(choosing(THREE, streamed=True)))
    assert report.streamed is not None
    assert report.streamed.draws == PAUSED.draws
    assert report.streamed.p_value is not None
    assert report.streamed.p_value > FALSE_ALARM
    assert report.streamed.largest is not None
    assert report.streamed.largest < 5.0 / math.sqrt(PAUSED.draws)


def test_the_trail_goes_from_the_centre_through_this_draw_to_its_corner() -> None:
    report = finish(SimplexStudy(THREE))
    np.testing.assert_allclose(report.trail[:, 0], 1.0 / 3.0)
    winner = int(np.argmax(report.point))
    np.testing.assert_allclose(report.trail[:, -1], np.eye(3)[winner])
    distance = np.abs(report.trail - report.point[:, None]).max(axis=0).min()
    assert distance < 0.05
    steps = np.abs(np.diff(report.trail, axis=1)).max(axis=0)
    assert steps.max() < 0.08


def test_an_exact_tie_ends_between_two_corners() -> None:
    options = tuple(replace(o, pinned=g) for o, g in zip(THREE.options, (-1.0, -0.2, -5.0), strict=True))
    report = finish(SimplexStudy(replace(THREE, options=options)))
    np.testing.assert_allclose(report.trail[:, -1], [0.5, 0.5, 0.0])


def test_slopes_are_those_of_the_soft_choice() -> None:
    """Against a difference quotient; and all dots are counted."""
    study = SimplexStudy(choosing(replace(THREE, temperature=0.1), arrows=True, slope_of=1))
    report = finish(study)
    slopes = report.slopes
    assert slopes is not None
    assert slopes.option == 1
    step = 1e-6
    noisy = 0.1 * np.log(np.maximum(slopes.feet, 1e-300))
    moved = noisy + step * np.array([[0.0], [1.0], [0.0]])
    slope = (concrete.relax(moved, 0.1) - concrete.relax(noisy, 0.1)) / step
    longest = 1.0 / (4.0 * 0.1)
    np.testing.assert_allclose((slopes.ends - slopes.feet) / slopes.longest, slope / longest, atol=1e-4)
    y = report.dots[1]
    others = report.dots[0] + report.dots[2]
    assert slopes.flat == int((y * others / 0.1 < 1e-6).sum())
    assert slopes.draws == 2000
    assert slopes.flat_chance is not None
    # 2,000 draws, 5 standard errors: false alarm below 1e-6.
    error = math.sqrt(slopes.flat_chance * (1.0 - slopes.flat_chance) / 2000)
    assert abs(slopes.flat / 2000 - slopes.flat_chance) < 5.0 * error


@pytest.mark.parametrize(("temperature", "limit"), [(0.0, "hard"), (math.inf, "flat")])
def test_the_limits_have_points_but_no_density(temperature: float, limit: str) -> None:
    report = finish(SimplexStudy(choosing(replace(THREE, temperature=temperature), arrows=True, streamed=True)))
    assert report.limit == limit
    assert report.heat is None
    assert report.streamed is None
    assert report.slopes is not None
    assert report.slopes.flat == report.slopes.draws
    wanted = {0.0, 1.0} if limit == "hard" else {1.0 / 3.0}
    assert set(report.dots.ravel().tolist()) == wanted


@pytest.mark.parametrize("logits", [[1.0], [1.0, -math.inf], [1.0, 0.5], [1.0, 0.5, -math.inf], [1e6, 0.0, -1e6]])
@pytest.mark.parametrize("temperature", [0.0, 1e-300, 0.5, 1.0, 1e6, math.inf])
def test_few_masked_and_extreme_options_are_answered(logits: list[float], temperature: float) -> None:
    settings = choosing(make_settings(logits, temperature=temperature), arrows=True, streamed=True)
    report = finish(SimplexStudy(settings))
    assert report.corners == tuple(i for i, z in enumerate(logits) if z > -math.inf)
    assert np.isfinite(report.dots).all()
    assert np.isfinite(report.trail).all()
    assert report.soft_mean is not None
    assert (report.segment is not None) == (len(report.corners) == 2 and 0.01 <= temperature <= 1000.0)


def test_two_options_have_their_curve() -> None:
    report = finish(SimplexStudy(make_settings([0.5, 0.0], temperature=2.0)))
    segment = report.segment
    assert segment is not None
    area = np.trapezoid(segment.density, segment.places)
    assert area == pytest.approx(1.0, abs=2e-3)
    assert segment.turn == pytest.approx(float(segment.places[np.argmax(segment.density)]), abs=0.01)


def test_a_thousand_options() -> None:
    logits = np.random.default_rng(1).normal(0.0, 2.0, 1000)
    settings = choosing(make_settings(list(logits)), dots_shown=500, corners=(999, 4, 500))
    report = finish(SimplexStudy(settings), Moment(5000, 7, running=False))
    assert report.corners == (999, 4, 500)
    np.testing.assert_allclose(report.dots[:, 11], soft_of(settings, int(report.addresses[11]), (999, 4, 500)))
    np.testing.assert_allclose(report.point, soft_of(settings, 7, (999, 4, 500)))


def test_what_a_report_carries_cannot_be_written_to() -> None:
    report = finish(SimplexStudy(choosing(THREE, arrows=True, streamed=True)))
    assert report.heat is not None
    assert report.slopes is not None
    arrays = (report.dots, report.addresses, report.winners, report.trail, report.point, report.soft_mean,
              report.dots_mean, report.dots_error, report.heat.levels, report.slopes.feet)  # fmt: skip
    for array in arrays:
        assert array is not None
        assert not array.flags.writeable
