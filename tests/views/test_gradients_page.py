"""The Gradients page on real reports: every number of options, look and size, and what each part wishes for."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.studies import gradient_sweep, gradients_study
from gumbelviz.engine.studies.gradients_study import GradientsStudy
from gumbelviz.engine.study import Moment
from gumbelviz.model.edits import EDITS
from gumbelviz.model.frame import Frame
from gumbelviz.model.gradient_report import MOST_OPTIONS, GradientReport
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, Transport, make_settings
from gumbelviz.views.controls.check_box import CheckBox
from gumbelviz.views.controls.slider import Slider
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.pages import gradients_rows as rows
from gumbelviz.views.pages.gradients import GradientsPage
from gumbelviz.views.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
INF = math.inf
COUNTS = (1, 2, 3, 7, 13, 160)
TABS = ("estimators", "switch", "table")
KINDS = ("bit", "quadratic", "linear", "cubic")


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()
    # Pictures of a short sweep are as good as those of a long one.
    monkeypatch.setattr(gradient_sweep, "MOST", 512)
    monkeypatch.setattr(gradient_sweep, "FEWEST", 128)
    monkeypatch.setattr(gradients_study, "MOST", 4_096)
    yield


def options(count: int, masked: bool = False, **fields: object) -> Settings:
    logits = [2.0 * math.cos(1.7 * i) for i in range(count)]
    if masked:
        logits = [-INF if i % 3 == 1 else z for i, z in enumerate(logits)]
    return make_settings(logits, None, **fields)


def edit(settings: Settings, name: str, value: object = None) -> Settings:
    return EDITS[name][0](settings, value)


def run(settings: Settings, draws: int = 300, work: int | None = None) -> Frame:
    """A real frame with a real report of a study at rest, or after so many pieces of work."""
    simulation = Simulation(settings)
    simulation.advance(draws)
    frame = simulation.frame()
    study = GradientsStudy(settings)
    moment = Moment(draws, frame.draw.index, running=False)
    left = iter(range(10**6 if work is None else work))
    while study.busy(moment) and next(left, None) is not None:
        study.work(moment, lambda: True)
    return dataclasses.replace(frame, study=study.report(moment))


TOY = make_settings([-1.0, 0.0], ["Yes", "No"], temperature=1.0)


class Stage:
    """The page in a window, dressed, and the wishes that it made."""

    def __init__(self, qtbot: QtBot, look: Look | None = None, size: tuple[int, int] = (1280, 720)) -> None:
        self.window = Window()
        qtbot.addWidget(self.window)
        self.window.set_look(look or Look())
        self.page = GradientsPage()
        self.window.add_page(self.page)
        self.window.show_page(self.page)
        self.wishes: list[tuple[str, object, bool]] = []
        self.page.wished.connect(lambda *wish: self.wishes.append(wish))
        self.window.resize(*size)
        self.window.show()

    def show(self, settings: Settings, frame: Frame | None = None) -> Frame:
        frame = frame or run(settings)
        self.page.show_scene(Scene(title="Test", settings=settings))
        self.page.draw(settings, frame)
        QApplication.processEvents()
        return frame

    def button(self, text: str) -> QPushButton:
        return next(b for b in self.page.findChildren(QPushButton) if b.text() == text and b.isVisible())


def report_of(frame: Frame) -> GradientReport:
    assert isinstance(frame.study, GradientReport)
    return frame.study


def strays(page: QWidget) -> list[str]:
    """Parts that stand outside their parents, or words that are larger than their place."""
    found = []
    for widget in page.findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisible() or parent is None or widget.width() == 0:
            continue
        if not parent.rect().contains(widget.geometry()) and parent.objectName() != "qt_scrollarea_viewport":
            found.append(f"{type(widget).__name__} {widget.accessibleName()} {widget.geometry()} in {parent.rect()}")
        if isinstance(widget, (QPushButton, QLabel)) and widget.property("role") in ("segment", "compact", "primary"):
            need = widget.fontMetrics().horizontalAdvance(widget.text())
            if need > widget.width():
                found.append(f"“{widget.text()}” needs {need} of {widget.width()}")
        if isinstance(widget, QLabel) and widget.wordWrap() and widget.heightForWidth(widget.width()) > widget.height():
            found.append(f"“{widget.text()}” is cut")
    return found


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("count", COUNTS)
def test_it_draws_any_number_of_options(qtbot: QtBot, count: int, tab: str) -> None:
    stage = Stage(qtbot)
    settings = edit(options(count, masked=count > 3, scale=1.3), "gradient tab", tab)
    settings = edit(settings, "objective", "quadratic" if count in (3, 13) else "linear" if count == 7 else "bit")
    stage.show(settings)
    assert not stage.window.grab().isNull()
    assert strays(stage.page) == []
    assert stage.wishes == []


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("kind", ["bit", "quadratic"])
@pytest.mark.parametrize(
    ("theme", "size", "zoom"),
    [
        ("light", (1600, 900), 1.0),
        ("lecture", (1280, 720), 1.0),
        ("dark", (1280, 720), 1.5),
        ("light", (2560, 1440), 2.0),
    ],
)
def test_nothing_is_cut_at_any_look_and_size(
    qtbot: QtBot, tab: str, kind: str, theme: str, size: tuple[int, int], zoom: float
) -> None:
    stage = Stage(qtbot, Look(THEMES[theme], zoom), size)
    settings = edit(edit(options(3), "gradient tab", tab), "objective", kind)
    stage.show(settings, run(settings, work=60))
    assert not stage.window.grab().isNull()
    assert strays(stage.page) == []


def test_what_is_cut_is_found(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Look(zoom=3.0), (800, 500))
    stage.show(TOY, run(TOY, work=1))
    assert strays(stage.page)


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("temperature", [0.0, INF, 1e-4])
def test_it_draws_at_the_limits_of_the_temperature(qtbot: QtBot, temperature: float, tab: str) -> None:
    stage = Stage(qtbot)
    settings = edit(options(3, temperature=temperature), "gradient tab", tab)
    stage.show(settings, run(settings, work=60))
    assert not stage.window.grab().isNull()


@pytest.mark.parametrize("work", [0, 1, 5, 30])
@pytest.mark.parametrize("tab", TABS)
def test_half_finished_work_is_drawn_calmly(qtbot: QtBot, tab: str, work: int) -> None:
    stage = Stage(qtbot)
    settings = edit(options(7), "gradient tab", tab)
    stage.show(settings, run(settings, work=work))
    assert not stage.window.grab().isNull()


def test_a_frame_without_its_report_or_of_other_options_leaves_the_picture(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    frame = stage.show(TOY)
    arrows = stage.page._arrows._rows
    assert arrows
    stage.page.draw(TOY, dataclasses.replace(frame, study=None))
    stage.page.draw(options(7), frame)
    assert stage.page._arrows._rows is arrows


def test_too_many_options_leave_no_old_picture(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.show(TOY)
    many = make_settings([0.0] * (MOST_OPTIONS + 1))
    stage.show(many)
    assert stage.page._arrows._rows == ()
    assert "Too many" in stage.page._arrows._note
    assert "1,000" in stage.page._seen.text
    assert not stage.window.grab().isNull()
    stage.show(TOY)
    assert stage.page._arrows._rows


# What is shown.


def test_the_arrows_say_what_the_report_says(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    report = report_of(stage.show(TOY))
    assert report.here is not None
    shown = {row.name: row.arrows[0] for row in stage.page._arrows._rows}
    assert "REINFORCE, best baseline" not in shown
    assert shown["exact"].value == report.here.exact[0]
    for i, line in enumerate(report.lines):
        if line.name in shown:
            arrow = shown[line.name]
            assert arrow.value == report.here.mean[i, 0]
            assert arrow.known == report.here.known_mean[i, 0]
            assert arrow.error == pytest.approx(2 * math.sqrt(report.here.variance[i, 0] / 300))
            assert arrow.wrong == (line.id not in ("reinforce", "reinmax"))
    assert "point the wrong way" in stage.page._seen.text
    assert "Gumbel-Softmax: −0.0" in stage.page._arrows.accessibleDescription()


def test_three_options_have_three_columns_and_the_batch_narrows_the_spread() -> None:
    settings = edit(options(3), "objective", "quadratic")
    report = report_of(run(settings))
    assert report.here is not None
    single, _ = rows.arrow_rows(Look(), settings, report, report.here)
    batched, _ = rows.arrow_rows(Look(), edit(settings, "batch", 100.0), report, report.here)
    assert [len(row.arrows) for row in single] == [3] * 7
    assert batched[2].arrows[1].spread == pytest.approx(single[2].arrows[1].spread / 10)
    assert [column.option for column in rows.arrow_columns(settings, report)] == [0, 1, 2]


def test_lines_of_the_sweep_are_logarithms_of_the_report() -> None:
    report = report_of(run(TOY))
    sweep = report.sweep
    assert sweep is not None
    lines = rows.sweep_lines(report, sweep, "bias", ())
    biased = [i for i, line in enumerate(report.lines) if line.biased]
    assert len(lines) == len(biased)
    assert 10.0 ** lines[0].xs == pytest.approx(sweep.exact.taus)
    assert 10.0 ** lines[0].ys == pytest.approx(sweep.exact.bias[biased[0]])
    # ReinMax is unbiased here: what was simulated of its bias is noise, and not shown.
    assert len(lines[-1].ys) == len(lines[-1].dot_ys) == 0
    best = rows.sweep_lines(report, sweep, "error", ())[3].best
    assert best is not None
    assert 10.0 ** best[1] == pytest.approx(np.nanmin(sweep.exact.error[3]))


def test_words_of_the_switch_are_its_numbers() -> None:
    settings = edit(TOY, "gradient tab", "switch")
    switch = report_of(run(settings)).switch
    assert switch is not None
    hard, mean, soft = rows.switch_curves(Look(), settings, switch)
    assert hard.slope == 0.0
    assert "slope 0 " in hard.words
    assert mean.value == pytest.approx(1 / (1 + math.e))
    assert "0.269 · slope +0.197" in mean.words
    assert soft.slope == pytest.approx(switch.jacobian[0, 0])
    cells = rows.jacobian_slopes(settings, switch).cells
    assert cells[0][0][0] == pytest.approx(-cells[0][1][0])
    assert "sum to 0" in rows.jacobian_words(switch)


# What a person can do.


def test_the_objective_is_chosen_and_its_target_set(qtbot: QtBot) -> None:
    stage = Stage(qtbot, size=(1600, 900))
    stage.show(TOY)
    for text, kind in (("Squares", "quadratic"), ("Values", "linear"), ("Cubic", "cubic"), ("One bit", "bit")):
        QTest.mouseClick(stage.button(text), LEFT)
        assert stage.wishes[-1] == ("objective", kind, True)
    QTest.mouseClick(stage.button("t = 0.499"), LEFT)
    assert stage.wishes[-1] == ("bit target", 0.499, True)
    slider = next(s for s in stage.page.findChildren(Slider) if s.accessibleName().startswith("Target"))
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert stage.wishes[-1][0] == "bit target"


@pytest.mark.parametrize(("kind", "wish"), [("quadratic", "objective target"), ("linear", "objective value")])
def test_targets_and_values_are_dragged_as_bars(qtbot: QtBot, kind: str, wish: str) -> None:
    stage = Stage(qtbot, size=(1600, 900))
    stage.show(edit(options(3), "objective", kind))
    chart = stage.page._goal._targets if kind == "quadratic" else stage.page._goal._values
    start = QPointF(chart._x(0.0), chart._row_rect(1).center().y()).toPoint()
    QTest.mousePress(chart, LEFT, NO_KEYS, start)
    QTest.mouseMove(chart, start + QPoint(30, 0))
    QTest.mouseRelease(chart, LEFT, NO_KEYS, start + QPoint(30, 0))
    moved = [(value, final) for name, value, final in stage.wishes if name == wish]
    assert moved[-1][0][0] == 1  # type: ignore[index]
    assert moved[-1][0][1] > 0.0  # type: ignore[index]
    assert moved[-1][1]


def test_tabs_are_turned_and_a_cancelled_sweep_does_not_stop_the_others(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.show(TOY)
    QTest.mouseClick(stage.button("Switch and dimmer"), LEFT)
    assert stage.wishes == [("gradient tab", "switch", True)]
    stage.page.show_transport(Transport(study_stopped=True))
    QTest.mouseClick(stage.button("What runs"), LEFT)
    assert stage.wishes[-1] == ("study again", None, True)


def test_the_sweep_is_cancelled(qtbot: QtBot) -> None:
    stage = Stage(qtbot, size=(1600, 900))
    stage.show(TOY, run(TOY, work=8))
    QTest.mouseClick(stage.button("Cancel"), LEFT)
    assert stage.wishes[-1] == ("study stop", None, True)


def test_the_next_score_is_looked_at(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.show(options(3))
    QTest.mouseClick(stage.button("›"), LEFT)
    assert stage.wishes[-1] == ("gradient option", 1, True)
    QTest.mouseClick(stage.button("‹"), LEFT)
    assert stage.wishes[-1] == ("gradient option", 2, True)
    arrows = stage.page._arrows
    QTest.mouseClick(arrows, LEFT, NO_KEYS, QPoint(arrows.width() - 40, arrows.height() // 2))
    assert stage.wishes[-1] == ("gradient option", 2, True)


def test_the_temperature_is_dragged_in_a_plot(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.show(TOY)
    plot = stage.page._plots["error"]
    for tau in (0.5, 2.0):
        where = QPoint(round(plot._x(math.log10(tau))), plot.height() // 2)
        QTest.mousePress(plot, LEFT, NO_KEYS, where)
        assert stage.wishes[-1][2] is False
        QTest.mouseRelease(plot, LEFT, NO_KEYS, where)
        name, value, final = stage.wishes[-1]
        assert (name, final) == ("temperature", True)
        assert value == pytest.approx(tau, rel=0.05)


def test_curves_are_painted_anew_only_where_they_changed(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    frame = stage.show(TOY)
    plot = stage.page._plots["variance"]
    plot.grab()
    kept = plot._picture
    assert kept is not None
    stage.show(edit(TOY, "temperature", 0.4), frame)
    before = plot.grab().toImage()
    assert plot._picture is kept
    stage.show(edit(TOY, "temperature", 3.0), frame)
    assert plot.grab().toImage() != before
    stage.show(edit(TOY, "show estimator", ("reinmax", False)), frame)
    plot.grab()
    assert plot._picture is not kept


def test_the_score_is_dragged_and_stepped_in_the_switch(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.show(edit(TOY, "gradient tab", "switch"))
    plot = stage.page._switch
    where = plot._at(1.5, 0.5).toPoint()
    QTest.mousePress(plot, LEFT, NO_KEYS, where)
    QTest.mouseRelease(plot, LEFT, NO_KEYS, where)
    name, value, final = stage.wishes[-1]
    assert (name, final) == ("logit", True)
    assert value[0] == 0  # type: ignore[index]
    assert value[1] == pytest.approx(1.5, abs=0.05)  # type: ignore[index]
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert stage.wishes[-1] == ("logit", (0, -0.9), True)
    QTest.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert stage.wishes[-1] == ("logit", (0, -1.01), True)


def test_an_axis_under_the_hand_stands_still(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    settings = edit(TOY, "gradient tab", "switch")
    stage.show(settings)
    plot = stage.page._switch
    before, where = plot._range, plot._at(5.0, 0.5).toPoint()
    QTest.mousePress(plot, LEFT, NO_KEYS, where)
    stage.show(edit(settings, "logit", (0, 5.0)))
    assert plot._range == before
    QTest.mouseRelease(plot, LEFT, NO_KEYS, where)
    stage.show(edit(settings, "logit", (0, 5.0)))
    assert plot._range != before


def test_estimators_are_hidden_in_the_table(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.show(edit(TOY, "gradient tab", "table"))
    boxes = [box for box in stage.page.findChildren(CheckBox) if box.isVisible()]
    assert [box.isChecked() for box in boxes] == [True, False, False, True, True, True, True, True]
    boxes[3].click()
    assert stage.wishes == [("show estimator", ("gumbel_softmax", False), True)]


def test_cells_follow_the_draw(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    settings = edit(options(3), "gradient tab", "switch")
    stage.show(settings, run(settings, draws=5))
    before = stage.page._jacobian._slopes
    stage.show(settings, run(settings, draws=6))
    assert stage.page._jacobian._slopes != before
    assert "Option 1:" in stage.page._jacobian.accessibleDescription()


@pytest.mark.parametrize("kind", KINDS)
def test_every_control_has_a_name_for_those_who_cannot_see(qtbot: QtBot, kind: str) -> None:
    stage = Stage(qtbot, size=(1600, 900))
    stage.show(edit(TOY, "objective", kind))
    for widget in stage.page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert widget.accessibleName() or (isinstance(widget, QPushButton) and widget.text()), widget
