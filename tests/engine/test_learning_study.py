"""The study of the Learning page: comes to rest, keeps to its pace, begins again only where it must."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gumbelviz.engine.player import Order, Player
from gumbelviz.engine.studies.learning_study import END_TAUS, LearningStudy, shown_columns
from gumbelviz.engine.study import Moment, Paced, make_study
from gumbelviz.model.edits import EDITS
from gumbelviz.model.settings import Settings, Transport, make_settings

REST = Moment(1, 0, running=False)
SHORT = (("learning steps", 30.0), ("learning repeats", 4.0), ("learning batch", 4.0))


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def chosen(settings: Settings, *edits: tuple[str, Any]) -> Settings:
    for name, value in edits:
        settings = EDITS[name][0](settings, value)
    return settings


def short(options: int = 3, *edits: tuple[str, Any]) -> Settings:
    return chosen(make_settings([0.0] * options), *edits, *SHORT)


def finish(study: LearningStudy) -> LearningStudy:
    for _ in range(100_000):
        if not study.busy(REST):
            return study
        study.work(REST, lambda: False)
    raise AssertionError("the study does not come to rest")


@pytest.mark.parametrize("options", [1, 2, 3, 7, 13, 300])
@pytest.mark.parametrize("goal", ["target", "reward"])
def test_the_robot_comes_to_rest_for_any_number_of_options(options: int, goal: str) -> None:
    report = finish(LearningStudy(short(options, ("learning goal", goal)))).report(REST)
    estimators, steps = len(report.estimators), len(report.at)
    columns = len(report.shown) + (len(report.shown) < options)
    assert report.done == report.steps == report.at[-1] == 30
    assert report.loss.shape == (estimators, steps, 3)
    assert report.river.shape == (estimators, steps, columns)
    assert report.signal_to_noise.shape == (estimators, steps)
    assert report.progress == 1.0
    assert report.ends is not None
    assert report.ends.middle.shape == (estimators, len(END_TAUS))
    np.testing.assert_allclose(report.river.sum(axis=2), 1.0)
    assert np.all(np.isfinite(report.ends.middle))
    assert np.all(report.loss[:, :, 1] >= report.best - 1e-12)
    for array in (report.at, report.taus, report.loss, report.river, report.signal_to_noise, report.ends.middle):
        assert not array.flags.writeable


def test_the_best_loss_is_that_of_the_best_option_that_is_not_masked() -> None:
    worths = ((0, 0.1), (1, 0.9), (2, 0.4))
    settings = chosen(make_settings([0.0, -math.inf, 0.0]), *(("worth", worth) for worth in worths), *SHORT)
    report = LearningStudy(settings).report(REST)
    targets = np.array([0.1, 0.9, 0.4])
    assert report.best == pytest.approx(np.sum((np.array([0.0, 0.0, 1.0]) - targets) ** 2))
    rewards = LearningStudy(chosen(settings, ("learning goal", "reward"))).report(REST)
    assert rewards.best == pytest.approx(0.6)


@pytest.mark.parametrize("task", ["bit", "router"])
def test_the_other_tasks_do_not_depend_on_the_options(task: str) -> None:
    reports = []
    for logits in ([0.0, 0.0], [1.0] * 5):
        settings = chosen(make_settings(logits), ("learning task", task), *SHORT)
        reports.append(finish(LearningStudy(settings)).report(REST))
    assert np.array_equal(reports[0].loss, reports[1].loss)
    assert reports[0].river.shape[2] == {"bit": 2, "router": 4}[task]
    assert (reports[0].accuracy is not None) == (task == "router")


def test_estimators_without_a_temperature_end_as_they_did() -> None:
    report = finish(LearningStudy(short())).report(REST)
    assert report.ends is not None
    for place, name in enumerate(report.estimators):
        same = np.all(report.ends.middle[place] == report.ends.middle[place, 0])
        assert same == (name in ("reinmax", "reinforce_mean_baseline"))
        if same:
            assert report.ends.middle[place, 0] == report.loss[place, -1, 1]


def test_at_the_same_temperature_the_ends_are_those_of_the_training() -> None:
    report = finish(LearningStudy(short(3, ("temperature", 0.5)))).report(REST)
    assert report.ends is not None
    column = END_TAUS.index(0.5)
    np.testing.assert_array_equal(report.ends.middle[:, column], report.loss[:, -1, 1])
    np.testing.assert_array_equal(report.ends.low[:, column], report.loss[:, -1, 0])


def test_all_estimators_at_once_and_no_temperature_at_all() -> None:
    everything = [("learning estimator", name) for name in ("straight_through", "rao_blackwell", "reinforce",
                                                            "reinforce_optimal", "exact")]  # fmt: skip
    for tau in (0.0, math.inf):
        report = finish(LearningStudy(short(4, *everything, ("temperature", tau)))).report(REST)
        assert len(report.estimators) == 9
        frozen = report.estimators.index("gumbel_softmax")
        assert np.all(report.loss[frozen] == report.loss[frozen, 0])


@pytest.mark.parametrize("kind", ["exponential", "linear", "cosine", "page"])
def test_the_temperature_of_each_step_is_recorded(kind: str) -> None:
    settings = short(3, ("temperature", 2.0), ("learning schedule", kind), ("learning floor", 0.25))
    report = finish(LearningStudy(settings)).report(REST)
    first, last = (5.0, 0.1) if kind == "page" else (2.0, 0.25)
    assert report.taus[0] == pytest.approx(first)
    assert report.taus[-1] == pytest.approx(last, rel=0.4 if kind == "page" else 1e-9)
    assert np.all(np.diff(report.taus) <= 1e-12)


@pytest.mark.parametrize(("options", "batch"), [(1_001, 8.0), (1_000, 64.0)])
def test_what_is_too_much_is_refused_in_a_sentence(options: int, batch: float) -> None:
    study = LearningStudy(chosen(make_settings([0.0] * options), ("learning batch", batch)))
    assert not study.busy(REST)
    report = study.report(REST)
    assert report.refused.endswith(".")
    assert "1,00" in report.refused
    assert report.progress == 1.0


def test_with_very_many_options_fewer_train_side_by_side() -> None:
    assert LearningStudy(make_settings([0.0] * 1_000)).report(REST).repeats == 4
    assert LearningStudy(make_settings([0.0] * 10)).report(REST).repeats == 32


def test_the_columns_of_many_options_are_those_of_the_most_worth() -> None:
    settings = chosen(make_settings([0.0] * 40), ("worth", (33, 0.95)))
    shown = shown_columns(settings)
    assert len(shown) == 9
    assert 33 in shown and 1 in shown
    assert list(shown) == sorted(shown)


def test_it_begins_again_only_where_it_must() -> None:
    settings = short()
    study = finish(LearningStudy(settings))
    for name, value in (("learning pace", 5.0), ("rename", (0, "Other")), ("color", (0, 3)), ("learning theta", 2.0)):
        settings = EDITS[name][0](settings, value)
        study.change(settings)
        assert not study.busy(REST)
    begins_again: tuple[tuple[str, Any], ...] = (
        ("worth", (0, 0.9)), ("temperature", 0.7), ("learning rate", 0.1), ("seed", 8),
        ("learning estimator", "exact"), ("scale", 2.0),
    )  # fmt: skip
    for name, value in begins_again:
        settings = EDITS[name][0](settings, value)
        study.change(settings)
        assert study.report(REST).done == 0
        study.work(Moment(1, 0, running=False, hurried=True), lambda: False)
        assert not study.busy(REST)


def test_a_changed_score_matters_only_where_the_training_starts_from_it() -> None:
    equal = finish(LearningStudy(short()))
    base = short()
    scene = finish(LearningStudy(chosen(base, ("learning start", "scene"))))
    moved = EDITS["logit"][0](base, (0, 2.0))
    scene.change(EDITS["learning start"][0](moved, "scene"))
    assert scene.busy(REST)
    equal.change(moved)
    finish(equal)
    assert np.all(equal.report(REST).river[:, 0] == pytest.approx(1 / 3))


def test_a_piece_of_work_is_one_step_of_one_estimator() -> None:
    study = LearningStudy(short())
    for _ in range(4):
        assert study.report(REST).done == 0
        study.work(REST, lambda: True)
    assert study.report(REST).done == 1


def test_it_keeps_to_its_pace() -> None:
    clock = Clock()
    study = LearningStudy(short(3, ("learning pace", 10.0)), clock)
    assert isinstance(study, Paced)
    study.work(REST, lambda: False)
    assert study.report(REST).done == 1
    assert 0.0 < study.due() <= 0.1
    for _ in range(100):
        clock.now += 0.01
        study.work(REST, lambda: False)
    assert 10 <= study.report(REST).done <= 12
    # A computer that slept does not catch up.
    clock.now += 1_000.0
    study.work(REST, lambda: False)
    assert study.report(REST).done <= 18
    # Nobody watches: no pace.
    study.work(Moment(1, 0, running=False, hurried=True), lambda: False)
    assert not study.busy(REST)
    assert study.due() == 0.0


def test_the_time_that_is_left() -> None:
    clock = Clock()
    study = LearningStudy(short(3, ("learning pace", 10.0)), clock)
    for _ in range(20):
        clock.now += 0.1
        study.work(REST, lambda: False)
    report = study.report(REST)
    assert report.seconds_left is not None
    assert report.seconds_left >= (30 - report.done) / 10.0


def test_a_player_waits_for_the_next_step_and_pauses() -> None:
    clock = Clock()
    player = Player(clock, study=lambda page, settings: LearningStudy(settings, clock))
    settings = short(3, ("learning pace", 4.0))
    player.accept(Order(settings, Transport(), 1, "learning"))
    for _ in range(20):
        player.work()
        clock.now += 0.01
    wait = player.wait
    assert wait is not None
    assert 0.0 < wait <= 0.25
    player.accept(Order(settings, Transport(study_stopped=True), 2, "learning"))
    before = player.frame().study
    clock.now += 10.0
    player.work()
    after = player.frame().study
    assert before is not None and after is not None
    assert before.done == after.done  # type: ignore[attr-defined]
    # Gone on with, not begun again.
    player.accept(Order(settings, Transport(), 3, "learning"))
    for _ in range(40):
        player.work()
        clock.now += 0.01
    gone_on = player.frame().study
    assert gone_on is not None
    assert gone_on.done > after.done  # type: ignore[attr-defined]


def test_the_page_has_this_study() -> None:
    assert isinstance(make_study("learning", short()), LearningStudy)
