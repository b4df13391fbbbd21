"""The study of the Gradients page: exact beside simulated, the sweep, the switch, progress, and what is kept."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.engine.player import Order, Player
from gumbelviz.engine.studies import gradient_sweep, gradients_study
from gumbelviz.engine.studies.gradient_switch import make_switch, noise_of
from gumbelviz.engine.studies.gradients_study import GradientsStudy
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.maths import concrete
from gumbelviz.maths.gradient_moments import exact_moments
from gumbelviz.maths.gradients import BY_ID
from gumbelviz.maths.objectives import Bit
from gumbelviz.model.edits import EDITS
from gumbelviz.model.gradient_report import MOST_OPTIONS, GradientReport
from gumbelviz.model.gradient_words import describe_agreement, describe_best, describe_gradients
from gumbelviz.model.settings import Settings, Transport, make_settings

INF = math.inf
ROWS = list(BY_ID)
GS, ST = ROWS.index("gumbel_softmax"), ROWS.index("straight_through")


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short sweeps are as good as long ones."""
    monkeypatch.setattr(gradient_sweep, "MOST", 16_384)
    monkeypatch.setattr(gradients_study, "MOST", 65_536)


def settings(logits: list[float], tab: str = "estimators", **fields: object) -> Settings:
    return edit(make_settings(logits, None, **fields), "gradient tab", tab)


def edit(settings: Settings, name: str, value: object = None) -> Settings:
    return EDITS[name][0](settings, value)


def finish(study: GradientsStudy, moment: Moment) -> GradientReport:
    for _ in range(10_000):
        if not study.busy(moment):
            return study.report(moment)
        study.work(moment, lambda: False)
    raise AssertionError("The study does not come to rest.")


def moment(draws: int, shown: int | None = None) -> Moment:
    return Moment(draws, draws - 1 if shown is None else shown, running=False)


TOY = settings([-1.0, 0.0], temperature=1.0)


def test_the_toy_points_the_wrong_way_and_says_so() -> None:
    report = finish(GradientsStudy(TOY), moment(50_000))
    here = report.here
    assert here is not None
    assert here.draws == 50_000
    assert here.exact[0] == pytest.approx(0.019661, abs=5e-7)
    assert here.known_mean[GS, 0] == pytest.approx(-0.014534, abs=5e-7)
    assert here.mean[GS, 0] == pytest.approx(-0.014534, abs=5 * 0.063 / math.sqrt(50_000))
    assert here.disagreement < 5
    words = describe_gradients(TOY, report)
    assert "Gumbel-Softmax (−0.0145)" in words
    assert "the truth is +0.0197" in words
    assert "ReinMax" not in words
    assert "agree" in describe_agreement(here)


def test_the_sweep_lies_on_its_curves() -> None:
    report = finish(GradientsStudy(TOY), moment(1))
    sweep = report.sweep
    assert sweep is not None
    assert sweep.progress == 1.0
    assert sweep.seconds_left is None
    assert sweep.dot_draws == 16_384
    at = [int(np.argmin(abs(np.log(sweep.exact.taus / tau)))) for tau in sweep.dots.taus]
    # Dots stand at temperatures of the curve; 5 standard errors, 55 comparisons of biased ones.
    assert sweep.exact.taus[at] == pytest.approx(sweep.dots.taus)
    for row in range(len(ROWS)):
        far = abs(sweep.dots.bias[row] - sweep.exact.bias[row][at])
        assert np.all(far < 5 * sweep.dots.bias_error[row] + 1e-9)
        assert sweep.dots.variance[row] == pytest.approx(sweep.exact.variance[row][at], rel=0.2, abs=1e-12)


def test_a_larger_batch_is_best_at_a_lower_temperature() -> None:
    study = GradientsStudy(TOY)
    finish(study, moment(1))
    best = []
    for batch in (1.0, 1e3, 1e5):
        study.change(edit(TOY, "batch", batch))
        sweep = study.report(moment(1)).sweep
        assert sweep is not None
        assert sweep.progress == 1.0
        variance = sweep.exact.variance[GS] / batch
        assert sweep.exact.error[GS] == pytest.approx(sweep.exact.bias[GS] ** 2 + variance)
        best.append(float(sweep.best[GS, 0]))
        assert sweep.best[GS, 1] == pytest.approx(np.min(sweep.exact.error[GS]))
        assert np.isnan(sweep.best[ST]).all()
        words, short = describe_best(study.report(moment(1)), (), batch)
        assert f"batch of {batch:,.0f}" in words and f"batch of {batch:,.0f}" in short
        assert words.rpartition("= ")[2] == short.rpartition("= ")[2]
    assert best[0] > best[1] > best[2]


def test_a_moved_temperature_keeps_the_sweep_and_a_moved_score_does_not() -> None:
    study = GradientsStudy(TOY)
    finish(study, moment(1_000))
    study.change(replace(TOY, temperature=0.3))
    report = study.report(moment(1_000))
    assert report.sweep is not None
    assert report.sweep.progress == 1.0
    assert report.here is not None
    # Exact figures answer at once, before any draw.
    assert report.here.draws == 0
    known = exact_moments([-1.0, 0.0], 0.3, Bit(0.45))["gumbel_softmax"].mean
    assert report.here.known_mean[GS] == pytest.approx(known, rel=1e-4)
    study.change(edit(replace(TOY, temperature=0.3), "logit", (0, 0.5)))
    again = study.report(moment(1_000)).sweep
    assert again is not None
    assert again.progress < 1.0


def test_draws_follow_the_stream_and_begin_again_with_it() -> None:
    study = GradientsStudy(TOY)
    first = finish(study, moment(7)).here
    more = finish(study, moment(5_000)).here
    assert first is not None
    assert more is not None
    assert (first.draws, more.draws) == (7, 5_000)
    again = finish(study, moment(3)).here
    assert again is not None
    assert again.draws == 3
    most = finish(study, moment(10**9)).here
    assert most is not None
    assert most.draws == 65_536


def test_other_draws_than_those_of_the_definition_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    study = GradientsStudy(TOY)
    monkeypatch.setattr(study._stream, "_factor", 1.05 * study._stream._factor)
    here = finish(study, moment(65_536)).here
    assert here is not None
    assert here.disagreement < 6
    monkeypatch.setattr(study._stream, "_factor", -study._stream._factor)
    study._restart()
    monkeypatch.setattr(study._stream, "_factor", -study._stream._factor)
    here = finish(study, moment(65_536)).here
    assert here is not None
    assert here.disagreement > 20
    assert "✗" in describe_agreement(here)


# Switch and dimmer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tau", [0.0, 0.05, 1.0, 30.0, INF])
@pytest.mark.parametrize("logits", [[2.0], [1.0, 0.0], [1.0, 2.0, 3.0], [1.0, -INF, 0.5, 2.0]])
def test_the_switch_is_what_the_definitions_give(logits: list[float], tau: float) -> None:
    chosen = settings(logits, "switch", temperature=tau, scale=1.5, location=0.3)
    noise = noise_of(chosen, 5)
    switch = make_switch(chosen, 5)
    for place in range(0, len(switch.scores), 24):
        z = np.array(logits)
        z[0] = switch.scores[place]
        assert switch.mean[place] == pytest.approx(concrete.probabilities(z, 1.5)[0])
        soft = concrete.relax((z + noise)[:, None], tau)[:, 0]
        assert switch.soft[place] == pytest.approx(soft[0], abs=1e-12)
        assert (switch.scores[place] > switch.threshold) == (np.argmax(z + noise) == 0)
    soft = concrete.relax((np.array(logits) + noise)[:, None], tau)[:, 0]
    assert switch.values[2] == pytest.approx(soft[0], abs=1e-12)
    assert switch.slopes[0] == 0.0
    if 0 < tau < INF:
        jacobian = (np.diag(soft) - np.outer(soft, soft)) / tau
        assert switch.jacobian == pytest.approx(jacobian, abs=1e-12)
        assert switch.slopes[2] == pytest.approx(jacobian[0, 0], abs=1e-12)
    else:
        assert not switch.jacobian.any()
    assert abs(switch.jacobian.sum(axis=0)).max() < 1e-12
    assert abs(switch.jacobian.sum(axis=1)).max() < 1e-12


def test_a_pinned_noise_moves_the_switch() -> None:
    chosen = edit(settings([1.0, 0.0], "switch"), "pin", (0, 3.0))
    assert noise_of(chosen, 5)[0] == 3.0
    assert make_switch(chosen, 5).threshold == pytest.approx(noise_of(chosen, 5)[1] - 3.0)


def test_of_many_options_the_leading_ones_have_cells() -> None:
    chosen = edit(settings(list(np.linspace(0, 3, 50)), "switch"), "gradient option", 4)
    switch = make_switch(chosen, 0)
    assert 4 in switch.cells
    assert len(switch.cells) == 8
    assert not switch.whole


def test_a_switch_is_made_for_the_draw_on_display_only_where_it_is_looked_at() -> None:
    study = GradientsStudy(TOY)
    assert finish(study, moment(10)).switch is None
    study.change(edit(TOY, "gradient tab", "switch"))
    first = finish(study, moment(10, 3)).switch
    second = finish(study, moment(10, 4)).switch
    assert first is not None
    assert second is not None
    assert first.threshold != second.threshold


# All kinds of settings --------------------------------------------------------------------------------------

KINDS = [
    settings([2.0]),
    settings([2.0, -INF]),
    settings([1.0, 2.0, -INF, 0.5], temperature=0.0),
    settings([1.0, 2.0, 0.5], temperature=INF),
    settings([1.0, 2.0, 0.5], scale=2.0, temperature=0.7),
    edit(settings([0.1 * i for i in range(13)]), "objective", "linear"),
    edit(settings([0.1 * i for i in range(7)]), "objective", "quadratic"),
    edit(settings([0.01 * i for i in range(200)]), "objective", "cubic"),
]


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_any_settings_come_to_rest_and_have_words(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradient_sweep, "MOST", 512)
    monkeypatch.setattr(gradient_sweep, "FEWEST", 256)
    chosen = KINDS[number]
    report = finish(GradientsStudy(chosen), moment(2_000))
    assert report.here is not None
    assert report.sweep is not None
    assert report.sweep.progress == 1.0
    assert describe_gradients(chosen, report)
    assert math.isnan(report.here.disagreement) or report.here.disagreement < 6
    for array in (report.here.mean, report.here.known_mean, report.sweep.exact.bias, report.corners):
        assert not array.flags.writeable


def test_masked_options_say_so() -> None:
    chosen = edit(settings([1.0, 0.0, -INF]), "gradient option", 2)
    assert "masked" in describe_gradients(chosen, finish(GradientsStudy(chosen), moment(100)))


def test_too_many_options_are_refused_calmly() -> None:
    chosen = settings([0.0] * (MOST_OPTIONS + 1))
    study = GradientsStudy(chosen)
    assert not study.busy(moment(10))
    report = study.report(moment(10))
    assert not report.possible
    assert "1,000" in describe_gradients(chosen, report)
    study.change(TOY)
    assert finish(study, moment(10)).possible


def test_pieces_are_short_and_stop_is_asked_after_each() -> None:
    study, asked = GradientsStudy(TOY), []

    def stop() -> bool:
        asked.append(1)
        return len(asked) % 3 == 0

    while study.busy(moment(20_000)):
        study.work(moment(20_000), stop)
    assert len(asked) > 60


def test_the_player_cancels_and_starts_it_again() -> None:
    now = [0.0]

    def clock() -> float:
        now[0] += 0.001
        return now[0]

    player = Player(clock)
    player.accept(Order(TOY, Transport(), 1, "gradients"))
    player.work()
    player.accept(Order(TOY, Transport(study_stopped=True), 2, "gradients"))
    before = player.frame().study
    player.work()
    after = player.frame().study
    assert isinstance(before, GradientReport)
    assert isinstance(after, GradientReport)
    assert before.sweep is not None
    assert after.sweep is not None
    assert before.sweep.progress == after.sweep.progress < 1.0
    assert isinstance(make_study("gradients", TOY), GradientsStudy)
