"""The study of the temperature: exact against simulated, the stream's own draws, progress, and what is kept."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.engine.player import Order, Player
from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.engine.studies import soft_tally, temperature_study
from gumbelviz.engine.studies.temperature_study import DOT_TAUS, NEWEST, TemperatureStudy
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.maths import concrete
from gumbelviz.maths.largest import largest_mean
from gumbelviz.maths.marginals import largest_sf
from gumbelviz.model.edits import EDITS
from gumbelviz.model.settings import Settings, Transport, make_settings
from gumbelviz.model.temperature_report import Simulated, TemperatureReport

INF = math.inf
LOGITS = [2.0, 1.2, 0.4]


def settings(logits: list[float], tab: str = "panels", **fields: object) -> Settings:
    return on_tab(make_settings(logits, None, **fields), tab)


def on_tab(settings: Settings, tab: str) -> Settings:
    return EDITS["temperature tab"][0](settings, tab)


def finish(study: TemperatureStudy, moment: Moment) -> TemperatureReport:
    while study.busy(moment):
        study.work(moment, lambda: False)
    return study.report(moment)


def moment(draws: int, shown: int | None = None) -> Moment:
    return Moment(draws, draws - 1 if shown is None else shown, running=False)


def small(monkeypatch: pytest.MonkeyPatch, draws: int) -> None:
    """Let sweeps be content with fewer draws."""
    monkeypatch.setattr(temperature_study, "MOST_DRAWS", draws)


def count_steps(limit: int) -> Callable[[], bool]:
    left = iter(range(limit))
    return lambda: next(left, None) is None


def test_it_is_the_study_of_its_page() -> None:
    assert isinstance(make_study("temperature", settings(LOGITS)), TemperatureStudy)


@pytest.mark.parametrize("logits", [[0.3], [3.0, 2.5], LOGITS, [1.0, -INF, 0.0, 2.0], [0.1 * i for i in range(20)]])
def test_panels_show_the_draws_of_the_stream_at_other_temperatures(logits: list[float]) -> None:
    chosen = settings(logits, scale=1.5)
    report = finish(TemperatureStudy(chosen), moment(500))
    panels = report.panels
    assert panels is not None
    assert panels.index == 499
    simulation = Simulation(chosen)
    shown = list(report.shown)
    for place, tau in enumerate(panels.taus):
        other = Simulation(replace(chosen, temperature=tau))
        assert other.draw(499).winner == simulation.draw(499).winner
        np.testing.assert_allclose(panels.draw[place][: len(shown)], other.draw(499).soft[shown], atol=1e-12)
        for n, tile in enumerate(panels.newest):
            np.testing.assert_allclose(tile[place][: len(shown)], other.draw(498 - n).soft[shown], atol=1e-12)
    assert len(panels.newest) == NEWEST
    np.testing.assert_allclose(panels.draw.sum(axis=1), 1.0)
    np.testing.assert_allclose(report.chances.sum(), 1.0)


def test_the_means_of_panels_are_those_of_the_draws_so_far() -> None:
    chosen = settings(LOGITS)
    report = finish(TemperatureStudy(chosen), moment(300))
    assert report.panels is not None
    assert report.panels.simulated.draws == 300
    for place, tau in enumerate(report.panels.taus):
        simulation = Simulation(replace(chosen, temperature=tau))
        soft = np.stack([simulation.draw(n).soft for n in range(300)])
        np.testing.assert_allclose(report.panels.simulated.mean[place], soft.mean(axis=0), atol=1e-12)
        band = 2.0 * soft.std(axis=0) / math.sqrt(300)
        np.testing.assert_allclose(report.panels.simulated.mean_band[place], band, atol=1e-8)
        np.testing.assert_allclose(report.panels.exact[place], concrete.mean(LOGITS, tau), atol=1e-12)


def test_pins_hold_for_the_draw_on_display_alone() -> None:
    chosen = EDITS["pin"][0](settings(LOGITS), (2, 9.0))
    report = finish(TemperatureStudy(chosen), moment(20))
    assert report.panels is not None
    assert report.panels.draw[0].tolist() == [0.0, 0.0, 1.0]
    np.testing.assert_allclose(report.panels.draw[2], Simulation(chosen).draw(19).soft, atol=1e-12)
    plain = finish(TemperatureStudy(settings(LOGITS)), moment(20)).panels
    assert plain is not None
    np.testing.assert_array_equal(report.panels.newest, plain.newest)


def deviations(simulated: Simulated, exact: tuple[np.ndarray, ...]) -> np.ndarray:
    """How many standard errors each simulated value lies from the exact one."""
    values = (simulated.mean, simulated.largest[:, None], simulated.entropy[:, None], simulated.sharp[:, None])
    bands = (simulated.mean_band, simulated.largest_band[:, None], simulated.entropy_band[:, None],
             simulated.sharp_band[:, None])  # fmt: skip
    errors = [2.0 * abs(v - e) / np.maximum(b, 1e-7) for v, b, e in zip(values, bands, exact, strict=True)]
    return np.concatenate([error.ravel() for error in errors])


def exact_at_dots(logits: list[float], scale: float) -> tuple[np.ndarray, ...]:
    found = [concrete.expectations(logits, tau, scale) for tau in DOT_TAUS]
    return (
        np.stack([one.mean for one in found]),
        np.array([[largest_mean(logits, tau, scale)] for tau in DOT_TAUS]),
        np.array([[one.entropy] for one in found]),
        np.array([[largest_sf(0.99, logits, tau, scale)] for tau in DOT_TAUS]),
    )


@pytest.mark.parametrize(("logits", "scale"), [(LOGITS, 1.0), ([1.0, -INF, 0.0, -1.0, 2.0], 2.0)])
def test_dots_land_on_the_curves(logits: list[float], scale: float, monkeypatch: pytest.MonkeyPatch) -> None:
    # 32,768 draws, some 150 values (not independent): 6 standard errors are a false alarm in less than 1 of a
    # million seeds where many draws count. A share of one-hot draws of which less than 30 are expected is no normal
    # variable and left out.
    small(monkeypatch, 32_768)
    chosen = settings(logits, "curves", scale=scale)
    exact = exact_at_dots(logits, scale)
    exact[3][exact[3] < 1e-3] = math.nan
    report = finish(TemperatureStudy(chosen), moment(1))
    assert report.dots is not None
    assert report.dots.draws == 32_768
    assert np.nanmax(deviations(report.dots, exact)) < 6.0
    # A stream with minus-Gumbel noise is found out, so that the test has power.
    monkeypatch.setattr(f"{soft_tally.__name__}.gumbel_of_bits", lambda bits: -gumbel_of_bits(bits))
    broken = finish(TemperatureStudy(chosen), moment(1))
    assert broken.dots is not None
    assert np.nanmax(deviations(broken.dots, exact)) > 12.0


def test_the_curves_and_the_cursor_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 128)
    chosen = settings(LOGITS, "curves", temperature=0.37)
    report = finish(TemperatureStudy(chosen), moment(1))
    assert report.exact is not None
    assert report.here is not None
    assert report.limits is not None
    assert report.exact.taus[0] == 0.01
    assert report.exact.taus[-1] == 100.0
    np.testing.assert_allclose(report.here.mean[0], concrete.mean(LOGITS, 0.37), atol=1e-14)
    assert report.here.largest[0] == largest_mean(LOGITS, 0.37)
    assert report.here.entropy[0] == concrete.expected_entropy(LOGITS, 0.37)
    assert report.here.sharp[0] == largest_sf(0.99, LOGITS, 0.37)
    assert report.limits.largest.tolist() == [1.0, 1.0 / 3.0]
    assert report.limits.sharp.tolist() == [1.0, 0.0]
    np.testing.assert_allclose(report.limits.entropy, [0.0, math.log(3.0)], atol=1e-12)
    np.testing.assert_allclose(report.limits.mean[0], report.chances, atol=1e-12)
    assert report.exact.mean.max() <= report.top
    for array in (report.exact.mean, report.here.mean, report.chances, report.dot_taus):
        assert array is not None
        assert not array.flags.writeable


@pytest.mark.parametrize("temperature", [0.0, INF])
def test_the_cursor_reaches_the_limits(temperature: float, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 64)
    report = finish(TemperatureStudy(settings(LOGITS, "curves", temperature=temperature)), moment(1))
    assert report.here is not None
    assert report.here.largest[0] == (1.0 if temperature == 0.0 else 1.0 / 3.0)


def test_one_option_has_nothing_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 64)
    report = finish(TemperatureStudy(settings([0.0, -INF, -INF], "curves")), moment(1))
    assert report.exact is not None
    assert report.dots is not None
    assert (report.exact.largest == 1.0).all()
    assert (report.exact.entropy == 0.0).all()
    assert (report.dots.sharp == 1.0).all()
    assert report.live == 1


def test_above_a_hundred_options_everything_is_simulated_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 128)
    logits = [3.0 * math.cos(1.7 * i) for i in range(150)]
    report = finish(TemperatureStudy(settings(logits, "curves")), moment(1))
    assert report.exact is report.limits is report.here is None
    assert report.here_simulated is not None
    assert report.here_simulated.draws == 128
    assert len(report.chances) == len(report.shown) + 1 == 10
    np.testing.assert_allclose(report.here_simulated.mean.sum(), 1.0)
    assert report.progress == 1.0


def test_masked_options_do_not_count_towards_the_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 64)
    study = TemperatureStudy(settings([1.0, 0.0, 2.0, *[-INF] * 200], "curves"))
    study.work(moment(1), count_steps(12))
    report = study.report(moment(1))
    assert report.here is not None
    np.testing.assert_allclose(report.here.mean[0].sum(), 1.0)
    assert report.live == 3


def test_the_sweep_tells_how_far_it_is_and_how_long_it_takes() -> None:
    now = [0.0]

    def clock() -> float:
        now[0] += 0.001
        return now[0]

    study = TemperatureStudy(settings(LOGITS, "curves"), clock)
    assert study.report(moment(1)).progress == 0.0
    shares, left = [], []
    while study.busy(moment(1)):
        study.work(moment(1), count_steps(20))
        report = study.report(moment(1))
        shares.append(report.progress)
        left.append(report.seconds_left)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert left[-1] is None
    told = [seconds for seconds in left[:-1] if seconds is not None]
    assert len(told) > 10
    assert told[-1] < 0.2 * max(told)


def test_it_stops_between_pieces_and_goes_on_where_it_was() -> None:
    study = TemperatureStudy(settings(LOGITS, "curves"))
    study.work(moment(1), lambda: True)
    assert study.busy(moment(1))
    study.work(moment(1), count_steps(60))
    before = study.report(moment(1))
    assert before.exact is not None
    assert 0 < len(before.exact.taus) < 65
    # Another part of the page, another temperature, another colour: what is known stays.
    away = on_tab(study._settings, "annealing")
    study.change(replace(away, temperature=3.0))
    assert not study.busy(moment(1))
    study.change(EDITS["color"][0](on_tab(away, "curves"), (0, 5)))
    after = study.report(moment(1))
    assert after.exact is not None
    np.testing.assert_array_equal(after.exact.taus, before.exact.taus)
    # Other scores: nothing of it holds.
    study.change(EDITS["logit"][0](on_tab(away, "curves"), (0, -1.0)))
    assert study.report(moment(1)).exact is None


def test_panels_keep_their_draws_while_the_temperature_moves_but_not_after_a_restart() -> None:
    chosen = settings(LOGITS)
    study = TemperatureStudy(chosen)
    finish(study, moment(2000))
    study.change(replace(chosen, temperature=0.8))
    report = finish(study, moment(10))  # the stream begins again, and soon is where it was
    assert report.panels is not None
    assert report.panels.simulated.draws == 2000
    finish(study, moment(2500))
    report = finish(study, moment(3))  # somebody pressed Restart
    assert report.panels is not None
    assert report.panels.simulated.draws == 3


def test_a_change_of_panels_shows_at_once() -> None:
    chosen = settings(LOGITS)
    study = TemperatureStudy(chosen)
    finish(study, moment(100))
    study.change(EDITS["panel add"][0](chosen, 3.0))
    assert study.report(moment(100)).panels is None  # never a picture of other panels
    panels = finish(study, moment(100)).panels
    assert panels is not None
    assert panels.taus[4] == 3.0
    assert panels.draw.shape == (7, 3)


def test_the_player_plays_it_and_cancels_it() -> None:
    now = [0.0]

    def clock() -> float:
        now[0] += 0.0005
        return now[0]

    player = Player(clock)
    chosen = settings(LOGITS, "curves")

    def progress() -> float:
        report = player.frame().study
        assert isinstance(report, TemperatureReport)
        return report.progress

    player.accept(Order(chosen, Transport(), 1, "temperature"))
    for _ in range(20):
        player.work()
    first = progress()
    assert 0.0 < first < 1.0
    player.accept(Order(chosen, Transport(study_stopped=True), 2, "temperature"))
    for _ in range(20):
        player.work()
    assert progress() == first
    player.accept(Order(chosen, Transport(study=1), 3, "temperature"))
    assert progress() < first


def test_noise_is_that_of_the_stream() -> None:
    # The same bits in both layouts: up to 128 options each has its own generator, above they share one.
    for count in (5, 200):
        logits = np.linspace(0.0, 1.0, count)
        crowd = soft_tally.Crowd(logits, 1.0, 7, (0, 1))
        bits = np.empty((count, 4), np.uint32)
        Stream(7, np.arange(count), count).read(10, bits)
        noisy = logits[:, None] + gumbel_of_bits(bits)
        np.testing.assert_allclose(crowd.behind(10, 4), noisy - noisy.max(axis=0), atol=1e-12)
