"""The Learning page: every number of options, every task, every look; what its controls wish; going back in time."""

from __future__ import annotations

import functools
import math
from dataclasses import replace as with_fields
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.studies.learning_study import LearningStudy
from gumbelviz.engine.study import Moment
from gumbelviz.model.edits import EDITS
from gumbelviz.model.frame import Frame
from gumbelviz.model.learning_report import LearningReport
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, Transport, make_settings
from gumbelviz.model.training_estimators import DEFAULT, ESTIMATORS
from gumbelviz.views.controls.chips import Chip
from gumbelviz.views.look import DARK, FONT, LECTURE, LIGHT, Look, dress, load_fonts
from gumbelviz.views.pages import learning_rows as rows
from gumbelviz.views.pages.learning import LearningPage
from gumbelviz.views.plots.fan_plot import MOST_POINTS, thinned

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
REST = Moment(1, 0, running=False, hurried=True)
SHORT = (("learning steps", 40.0), ("learning repeats", 4.0), ("learning batch", 4.0))


@pytest.fixture(autouse=True)
def fonts(qapp: QApplication) -> None:
    if FONT not in QFontDatabase.families():
        load_fonts()


def chosen(options: int, *edits: tuple[str, Any]) -> Settings:
    settings = make_settings([0.3 * i for i in range(options)])
    for name, value in (*edits, *SHORT):
        settings = EDITS[name][0](settings, value)
    return settings


@functools.cache
def trained(settings: Settings, steps: int = 10**9) -> Frame:
    study = LearningStudy(settings)
    while study.busy(REST) and study.report(REST).done < steps:
        study.work(REST, lambda: steps < 10**9)
    return with_fields(Simulation(settings).frame(index=0), study=study.report(REST))


def report_of(frame: Frame) -> LearningReport:
    assert isinstance(frame.study, LearningReport)
    return frame.study


def shown(qtbot: QtBot, settings: Settings, look: Look | None = None, frame: Frame | None = None) -> LearningPage:
    page = LearningPage()
    qtbot.addWidget(page)
    page.resize(1240, 600)
    dress(page, look or Look())
    page.show_scene(Scene(title="x", settings=settings))
    page.show_transport(Transport())
    page.show()
    page.draw(settings, frame or trained(settings))
    return page


@pytest.mark.parametrize("options", [1, 2, 3, 7, 13, 300])
def test_any_number_of_options_is_drawn(qtbot: QtBot, options: int) -> None:
    settings = chosen(options)
    page = shown(qtbot, settings)
    assert not page.grab().isNull()
    names = rows.river_of(settings, report_of(trained(settings)), "reinmax").names
    assert names[0] == "Option 1" or options > 12
    assert ("more" in names[-1]) == (options > 12)


@pytest.mark.parametrize("task", ["robot", "bit", "router"])
@pytest.mark.parametrize(("look", "size"), [
    (Look(DARK), (1600, 700)), (Look(LECTURE), (1248, 520)), (Look(LIGHT, 1.5), (1600, 670)),
    (Look(LIGHT, 3.0), (1280, 500)),
])  # fmt: skip
def test_every_task_in_every_look(qtbot: QtBot, task: str, look: Look, size: tuple[int, int]) -> None:
    page = shown(qtbot, chosen(3, ("learning task", task)), look)
    page.resize(*size)
    assert not page.grab().isNull()
    for chip in page.findChildren(Chip):
        assert chip.isVisible()


def test_masked_options_and_the_ends_of_the_temperature(qtbot: QtBot) -> None:
    for tau in (0.0, math.inf):
        settings = chosen(3, ("logit", (1, -math.inf)), ("temperature", tau), ("scale", 2.0))
        page = shown(qtbot, settings)
        assert not page.grab().isNull()


def test_what_is_refused_is_said_and_leaves_no_picture(qtbot: QtBot) -> None:
    page = shown(qtbot, chosen(1_001))
    assert "1,001" in page._words.toolTip()
    assert not page.grab().isNull()
    assert not page._run.isVisible()
    # Another scene brings everything back.
    settings = chosen(3)
    page.show_scene(Scene(title="x", settings=settings))
    page.draw(settings, trained(settings))
    assert page._run.isVisible()
    assert len(page._score._lines) == 4


def test_a_frame_without_this_study_or_of_another_one_changes_nothing(qtbot: QtBot) -> None:
    settings = chosen(3)
    page = shown(qtbot, settings)
    before = page.grab().toImage()
    page.draw(settings, with_fields(trained(settings), study=None))
    for other in (chosen(4), chosen(3, ("learning task", "bit")), chosen(3, ("learning estimator", "exact"))):
        page.draw(settings, with_fields(trained(settings), study=trained(other).study))
    assert page.grab().toImage() == before


def test_the_numbers_are_those_of_the_report(qtbot: QtBot) -> None:
    settings = chosen(3)
    page = shown(qtbot, settings)
    report = report_of(trained(settings))
    for place, name in enumerate(report.estimators):
        assert page._chips[name].isChecked()
        assert page._chips[name]._number == f"{report.loss[place, -1, 1]:.4f}"
    assert not page._chips["exact"].isChecked()
    assert page._chips["exact"]._number == ""


def test_going_back_shows_what_was(qtbot: QtBot) -> None:
    settings = chosen(3)
    page = shown(qtbot, settings)
    report = report_of(trained(settings))
    page._run.scrubbed.emit(0.25)
    assert page._run.words.startswith("step 10 of 40")
    assert page._chips["reinmax"]._number == f"{report.loss[report.estimators.index('reinmax'), 10, 1]:.4f}"
    assert "Step 10" in page._words.toolTip()
    # A new frame leaves the cursor where it is; the right end follows the newest step again.
    page.draw(settings, trained(settings))
    assert page._run.words.startswith("step 10 of 40")
    page._run.scrubbed.emit(1.0)
    assert page._run.words.startswith("step 40 of 40")
    # A training that has begun again is not as far as the cursor.
    page._run.scrubbed.emit(0.9)
    page.draw(settings, trained(settings, 5))
    assert page._run.words.startswith("step 5 of 40")


def test_the_arrow_keys_go_through_the_steps_one_by_one(qtbot: QtBot) -> None:
    page = shown(qtbot, chosen(3))
    slider = page._run._slider
    slider.setFocus()
    for step in (39, 38, 37):
        QTest.keyClick(slider, Qt.Key.Key_Left)
        assert page._run.words.startswith(f"step {step} of 40")
    for step in (38, 39, 40, 40):
        QTest.keyClick(slider, Qt.Key.Key_Right)
        assert page._run.words.startswith(f"step {step} of 40")
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert page._run.words.startswith("step 0 of 40")


def test_the_cursor_can_be_dragged_in_a_plot(qtbot: QtBot) -> None:
    page = shown(qtbot, chosen(3))
    page.grab()
    where = page._score.place(20.0, 0.6)
    QTest.mouseClick(page._score.viewport(), Qt.MouseButton.LeftButton, pos=where.toPoint())
    assert page._run.words.startswith("step 20 of 40")


def test_the_river_is_that_of_the_estimator_that_was_chosen(qtbot: QtBot) -> None:
    settings = chosen(3)
    page = shown(qtbot, settings)
    assert page._river_of == DEFAULT[0]
    menu = {action.text(): action for action in page._river_menu.actions()}
    assert len(menu) == 4
    menu["ReinMax"].trigger()
    assert page._river._river is not None
    report = report_of(trained(settings))
    np.testing.assert_array_equal(page._river._river.shares, report.river[report.estimators.index("reinmax")])
    # Where it trains no more, another one is shown.
    without = chosen(3, ("learning estimator", "reinmax"))
    page.show_scene(Scene(title="x", settings=without))
    page.draw(without, trained(without))
    assert page._river_of == DEFAULT[0]


def test_what_the_controls_wish(qtbot: QtBot) -> None:
    page = shown(qtbot, chosen(3))
    wishes: list[tuple[str, object, bool]] = []
    page.wished.connect(lambda *wish: wishes.append(wish))
    for text, wish in (("Router", ("learning task", "router")), ("Reward", ("learning goal", "reward")),
                       ("Scene", ("learning start", "scene")), ("Adam", ("learning optimiser", "adam")),
                       ("Restart", ("study again", None)), ("Save numbers…", ("export numbers", None))):  # fmt: skip
        button = next(b for b in page.findChildren(QPushButton) if b.text() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert wishes.pop() == (*wish, True)
    page._controls._schedules.actions()[3].trigger()
    assert wishes.pop() == ("learning schedule", "cosine", True)
    QTest.mouseClick(page._chips["exact"], Qt.MouseButton.LeftButton, pos=QPoint(60, 8))
    assert wishes.pop() == ("learning estimator", "exact", True)
    assert not wishes


def test_a_chip_that_was_refused_does_not_stay_as_it_was_clicked(qtbot: QtBot) -> None:
    settings = chosen(3, *(("learning estimator", name) for name in DEFAULT[1:]))
    page = shown(qtbot, settings)
    QTest.mouseClick(page._chips[DEFAULT[0]], Qt.MouseButton.LeftButton, pos=QPoint(10, 8))
    assert page._chips[DEFAULT[0]].isChecked()


def test_space_ticks_a_chip_and_does_not_start_the_stream(qtbot: QtBot) -> None:
    page = shown(qtbot, chosen(3))
    wishes: list[tuple[str, object, bool]] = []
    page.wished.connect(lambda *wish: wishes.append(wish))
    page._chips["reinforce"].setFocus()
    QTest.keyClick(page._chips["reinforce"], Qt.Key.Key_Space)
    assert wishes == [("learning estimator", "reinforce", True)]


def test_dragging_a_bar_says_what_an_option_is_worth(qtbot: QtBot) -> None:
    page = shown(qtbot, chosen(3))
    page.resize(1240, 760)
    page.grab()
    wishes: list[tuple[str, object, bool]] = []
    page.wished.connect(lambda *wish: wishes.append(wish))
    chart = page._controls._worth
    start = chart._row_rect(0).center()
    bar = QPointF(chart._x(0.1), start.y()).toPoint()
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=bar)
    QTest.mouseMove(chart, bar + QPoint(20, 0))
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=bar + QPoint(20, 0))
    assert [(name, final) for name, _, final in wishes] == [("worth", False), ("worth", True)]
    value = wishes[-1][1]
    assert isinstance(value, tuple)
    assert value[0] == 0
    assert 0.2 < value[1] <= 1.0


def test_the_button_pauses_goes_on_and_trains_again(qtbot: QtBot) -> None:
    settings = chosen(3)
    running = trained(settings, 12)
    page = shown(qtbot, settings, frame=running)
    wishes: list[str] = []
    page.wished.connect(lambda name, _value, _final: wishes.append(name))
    button = page._run._pause
    assert button.text() == "Pause"
    button.click()
    page.show_transport(Transport(study_stopped=True))
    page.draw(settings, running)
    assert "paused" in page._run.words
    assert button.text() == "Continue"
    button.click()
    page.show_transport(Transport())
    page._run._cancel.click()
    page.show_transport(Transport(study_stopped=True))
    page.draw(settings, running)
    assert "cancelled" in page._run.words
    assert button.text() == "Train again"
    assert not page._run._cancel.isEnabled()
    button.click()
    assert wishes == ["study stop", "study go on", "study stop", "study again"]
    page.show_transport(Transport(study=1))
    page.draw(settings, trained(settings))
    assert button.text() == "Train again"


def test_a_training_is_drawn_as_it_grows(qtbot: QtBot) -> None:
    settings = chosen(3)
    page = shown(qtbot, settings, frame=trained(settings, 3))
    assert len(page._score._lines[0].xs) == 4
    page.draw(settings, trained(settings, 20))
    assert len(page._score._lines[0].xs) == 21
    assert page._ends._words == "comes after the training"
    page.draw(settings, trained(settings))
    assert page._ends._words == ""


def test_nothing_is_drawn_again_where_nothing_changed(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = chosen(3)
    page = shown(qtbot, settings)
    calls: list[int] = []
    monkeypatch.setattr(page, "_draw_report", lambda *_: calls.append(1))
    for _ in range(5):
        page.draw(settings, trained(settings), words=False)
    assert not calls


@pytest.mark.parametrize("count", [0, 1, 2, MOST_POINTS, MOST_POINTS + 1, 5_000])
def test_thinning_keeps_both_ends(count: int) -> None:
    few = thinned(count)
    assert len(few) <= MOST_POINTS
    assert len(set(few.tolist())) == len(few)
    if count:
        assert few[0] == 0 and few[-1] == count - 1


def test_the_sentence_names_who_is_stuck_and_who_gets_there() -> None:
    settings = chosen(2)
    report = report_of(trained(settings))
    at = np.array([0, 100])
    losses = np.zeros((4, 2, 3)) + np.array([0.8, 0.5])[None, :, None]
    losses[2:, 1] = 0.2
    made = with_fields(report, at=at, done=100, steps=100, loss=losses, best=0.2)
    words, _ = rows.sentence(made, 1)
    assert words == "Step 100: Gumbel-Softmax is at 0.5000; the least possible is 0.2000, and ReinMax gets there."
    assert "least possible" in rows.sentence(made, 0)[0]
    assert rows.sentence(made, -1) == ("", "")


def test_every_estimator_is_told_apart_by_colour_and_shape() -> None:
    for look in (Look(LIGHT), Look(DARK)):
        signs = {(rows.color_of(look, row).name(), rows.marker_of(look, row)) for row in ESTIMATORS}
        assert len(signs) == len(ESTIMATORS)
