"""The Temperature page on real reports: every number of options, look and size, and what each part wishes for."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.studies import temperature_study
from gumbelviz.engine.studies.temperature_study import TemperatureStudy
from gumbelviz.engine.study import Moment
from gumbelviz.model.edits import EDITS
from gumbelviz.model.frame import Frame
from gumbelviz.model.parameters import TEMPERATURE
from gumbelviz.model.play import Play
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, Transport, make_settings
from gumbelviz.model.temperature_report import TemperatureReport
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.pages import temperature_rows as rows
from gumbelviz.views.pages.temperature import TemperaturePage
from gumbelviz.views.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
INF = math.inf
COUNTS = (1, 2, 7, 13, 160)
TABS = ("panels", "curves", "annealing")


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()
    # Pictures of a short sweep are as good as those of a long one.
    monkeypatch.setattr(temperature_study, "MOST_DRAWS", 256)
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
    import dataclasses

    simulation = Simulation(settings)
    simulation.advance(draws)
    frame = simulation.frame()
    study = TemperatureStudy(settings)
    moment = Moment(draws, frame.draw.index, running=False)
    left = iter(range(10**6 if work is None else work))
    while study.busy(moment) and next(left, None) is not None:
        study.work(moment, lambda: True)
    return dataclasses.replace(frame, study=study.report(moment))


class Stage:
    """The page in a window, dressed, and the wishes that it made."""

    def __init__(self, qtbot: QtBot, look: Look | None = None, size: tuple[int, int] = (1280, 720)) -> None:
        self.window = Window()
        qtbot.addWidget(self.window)
        self.window.set_look(look or Look())
        self.page = TemperaturePage()
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


def report_of(frame: Frame) -> TemperatureReport:
    assert isinstance(frame.study, TemperatureReport)
    return frame.study


def strays(page: TemperaturePage) -> list[str]:
    """Parts that stand outside their parents, or words that are wider than their place."""
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
    return found


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("count", COUNTS)
def test_it_draws_any_number_of_options(qtbot: QtBot, count: int, tab: str) -> None:
    stage = Stage(qtbot)
    settings = edit(options(count, masked=count > 3, scale=1.3), "temperature tab", tab)
    stage.show(settings)
    assert not stage.window.grab().isNull()
    assert strays(stage.page) == []
    assert stage.wishes == []


@pytest.mark.parametrize("tab", TABS)
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
    qtbot: QtBot, tab: str, theme: str, size: tuple[int, int], zoom: float
) -> None:
    stage = Stage(qtbot, Look(THEMES[theme], zoom), size)
    settings = edit(options(3), "temperature tab", tab)
    stage.show(settings, run(settings, work=40))
    assert not stage.window.grab().isNull()
    assert strays(stage.page) == []


def test_what_is_cut_is_found(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Look(zoom=3.0), (800, 500))
    settings = edit(options(3), "temperature tab", "annealing")
    stage.show(settings, run(settings, work=1))
    assert strays(stage.page)


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("temperature", [0.0, INF, 1e-4])
def test_it_draws_at_the_limits_of_the_temperature(qtbot: QtBot, temperature: float, tab: str) -> None:
    stage = Stage(qtbot)
    settings = edit(options(3, temperature=temperature), "temperature tab", tab)
    stage.show(settings, run(settings, work=40))
    assert not stage.window.grab().isNull()


def test_a_frame_without_its_report_or_of_other_options_leaves_the_picture(qtbot: QtBot) -> None:
    import dataclasses

    stage = Stage(qtbot)
    settings = options(3)
    frame = stage.show(settings)
    picture = stage.page._strip.cards[0].picture._picture
    assert picture is not None
    stage.page.draw(settings, dataclasses.replace(frame, study=None))
    stage.page.draw(options(7), frame)
    assert stage.page._strip.cards[0].picture._picture is picture


@pytest.mark.parametrize("work", [0, 1, 9])
@pytest.mark.parametrize("tab", ["panels", "curves"])
def test_half_finished_work_is_drawn_calmly(qtbot: QtBot, tab: str, work: int) -> None:
    stage = Stage(qtbot)
    settings = edit(options(7), "temperature tab", tab)
    stage.show(settings, run(settings, work=work))
    assert not stage.window.grab().isNull()


# Panels.


def test_panels_say_what_the_report_says(qtbot: QtBot) -> None:
    settings = options(3)
    frame = run(settings, 120)
    report = report_of(frame)
    assert report.panels is not None
    pictures = rows.panel_pictures(settings, report, report.panels)
    assert len(pictures) == 6
    hard, flat = pictures[0], pictures[5]
    assert sorted(hard.draw) == [0.0, 0.0, 1.0]
    assert hard.draw[frame.draw.winner] == 1.0
    assert flat.draw == pytest.approx((1 / 3,) * 3)
    assert hard.exact == pytest.approx(hard.chances)
    assert all(picture.chances == hard.chances for picture in pictures)
    assert hard.captions == ("draw 119", "the 8 before it", "mean of 120")
    # At temperature 0 the mean is how often each option won.
    assert hard.mean == pytest.approx(tuple(frame.wins / 120))


def test_a_panel_is_typed_stepped_added_removed_and_reset(qtbot: QtBot) -> None:
    stage = Stage(qtbot, size=(1600, 900))
    stage.show(options(3))
    field = stage.page._strip.cards[2].field
    assert field.text() == "0.50"
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "inf")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Up)
    field.selectAll()
    QTest.keyClicks(field, "warm")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.button("+ Add panel").click()
    stage.page._strip.cards[4]._cross.click()
    stage.button("Reset").click()
    assert stage.wishes == [
        ("panel", (2, INF), True),
        ("panel", (2, 0.548), True),
        ("complain", "“warm” is not a number.", True),
        ("panel add", 0.5, True),
        ("panel remove", 4, True),
        ("panel reset", None, True),
    ]


def test_panels_that_do_not_fit_are_counted(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Look(zoom=1.5))
    stage.show(options(3))
    shown = sum(card.isVisible() for card in stage.page._strip.cards)
    assert 1 <= shown < 6
    assert stage.page._words.accessibleName().startswith(f"{6 - shown} more: no room")
    assert not stage.button("+ Add panel").isEnabled()


def test_a_single_panel_cannot_be_removed(qtbot: QtBot) -> None:
    settings = options(3)
    for _ in range(5):
        settings = edit(settings, "panel remove", 0)
    stage = Stage(qtbot)
    stage.show(settings)
    assert not stage.page._strip.cards[0]._cross.isVisible()
    assert [card.isVisible() for card in stage.page._strip.cards[:2]] == [True, False]


# Curves.


def curves(qtbot: QtBot, settings: Settings | None = None) -> tuple[Stage, Frame]:
    stage = Stage(qtbot, size=(1600, 900))
    settings = edit(settings or options(3, temperature=0.5), "temperature tab", "curves")
    return stage, stage.show(settings)


def test_the_cursor_is_dragged_to_a_temperature(qtbot: QtBot) -> None:
    stage, _ = curves(qtbot)
    plot = stage.page._curves.entropy_plot

    def pixel(tau: float) -> QPoint:
        return QPoint(round(plot.place(TEMPERATURE.place(tau), 0.0).x()), plot.height() // 2)

    view = plot.viewport()
    QTest.mousePress(view, LEFT, NO_KEYS, pixel(1.0))
    QTest.mouseMove(view, pixel(10.0))
    QTest.mouseMove(view, pixel(INF) + QPoint(60, 0))
    QTest.mouseRelease(view, LEFT, NO_KEYS, pixel(0.0) - QPoint(60, 0))
    assert {name for name, _, _ in stage.wishes} == {"temperature"}
    taus = [value for _, value, _ in stage.wishes]
    assert taus[0] == pytest.approx(1.0, rel=0.05)
    assert taus[1] == pytest.approx(10.0, rel=0.05)
    assert taus[2:] == [INF, 0.0]
    assert [final for _, _, final in stage.wishes] == [False, False, False, True]


def test_the_lines_are_those_of_the_report(qtbot: QtBot) -> None:
    stage, frame = curves(qtbot)
    report = report_of(frame)
    lines = stage.page._curves.mean_plot._lines
    assert len(lines) == 3
    assert report.exact is not None
    assert report.here is not None
    assert report.dots is not None
    for place, line in enumerate(lines):
        assert line.level == pytest.approx(float(report.chances[place]))
        assert line.here == float(report.here.mean[0, place])
        np.testing.assert_array_equal(line.ys[1:-1], report.exact.mean[:, place])
        np.testing.assert_array_equal(line.dot_ys, report.dots.mean[:, place])
        assert line.xs[0] == 0.0
        assert line.xs[-1] == 1.0
        # At temperature 0 E[y] is P(win); at infinity all options get the same.
        assert line.ys[0] == pytest.approx(line.level)
        assert line.ys[-1] == pytest.approx(1 / 3)
    assert stage.page._curves.sharp_plot._lines[0].ys[0] == 1.0


def test_nothing_is_painted_again_while_nothing_changes(qtbot: QtBot) -> None:
    stage, frame = curves(qtbot)
    plot = stage.page._curves.mean_plot
    painted = []
    plot.paint_marks = lambda painter: painted.append(1)  # type: ignore[method-assign]
    settings = stage.page._settings
    assert settings is not None
    stage.page.draw(settings, frame)
    QApplication.processEvents()
    assert painted == []
    stage.page.show_scene(Scene(title="Test", settings=replace(settings, temperature=3.0)))
    QApplication.processEvents()
    assert painted


def test_the_table_reads_the_cursor(qtbot: QtBot) -> None:
    settings = edit(options(3, temperature=0.5), "temperature tab", "curves")
    report = report_of(run(settings))
    assert report.here is not None
    lines = rows.readouts(settings, report)
    assert lines[0].name == "At τ = 0.5, exact"
    assert lines[2].numbers == (f"{report.here.mean[0, 0]:.4f}", f"{report.chances[0]:.4f}")
    assert lines[5].numbers == (f"{report.here.largest[0]:.4f}",)
    # While the engine is still at another temperature, no number stands there.
    moved = rows.readouts(replace(settings, temperature=2.0), report)
    assert moved[0].name.startswith("At τ = 2")
    assert moved[2].numbers[0] == moved[5].numbers[0] == "–"


def test_many_options_are_said_to_be_simulated(qtbot: QtBot) -> None:
    stage, frame = curves(qtbot, options(160))
    report = report_of(frame)
    lines = rows.readouts(options(160), report)
    assert "simulated, 256 draws" in lines[0].name
    assert lines[2].numbers[0].startswith("≈")
    assert "up to 100 options" in stage.page._words.accessibleName()


def test_the_sweep_is_cancelled_and_started_again(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    settings = edit(options(3), "temperature tab", "curves")
    stage.show(settings, run(settings, work=60))
    assert "%" in stage.page._progress.words
    stage.button("Cancel").click()
    stage.page.show_transport(Transport(study_stopped=True))
    assert stage.page._progress.words.startswith("Sweep cancelled at")
    stage.button("Again").click()
    stage.page.show_transport(Transport(study=1))
    stage.show(settings)
    assert stage.page._progress.words == "Sweep over τ: done"
    assert stage.wishes == [("study stop", None, True), ("study again", None, True)]


def test_panels_are_not_left_without_draws_by_a_cancelled_sweep(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    settings = edit(options(3), "temperature tab", "curves")
    stage.show(settings, run(settings, work=60))
    stage.page.show_transport(Transport(study_stopped=True))
    stage.button("Panels").click()
    assert stage.wishes == [("temperature tab", "panels", True), ("study again", None, True)]


# Annealing.


def annealing(qtbot: QtBot) -> Stage:
    stage = Stage(qtbot, size=(1600, 900))
    stage.show(edit(options(3), "temperature tab", "annealing"))
    return stage


def test_a_schedule_is_chosen_set_and_played(qtbot: QtBot) -> None:
    stage = annealing(qtbot)
    stage.button("Cosine").click()
    stage.button("Loop").click()
    stage.button("Play").click()
    stage.page.show_play(Play(2500.0, playing=True))
    assert "step 2,500 of 10,000" in stage.page._controls._where.text()
    stage.button("Pause").click()
    stage.button("Stop").click()
    assert stage.wishes == [
        ("schedule", "cosine", True),
        ("schedule loop", True, True),
        ("anneal play", None, True),
        ("anneal pause", None, True),
        ("anneal stop", None, True),
    ]


def test_numbers_that_a_schedule_does_not_use_are_dimmed(qtbot: QtBot) -> None:
    stage = annealing(qtbot)
    settings = edit(edit(options(3), "temperature tab", "annealing"), "schedule", "linear")
    stage.show(settings)
    controls = stage.page._controls
    assert [controls._rows[name].isEnabled() for name in ("start", "end", "rate", "steps")] == [True, True, False, True]


def test_a_schedule_is_drawn_by_hand(qtbot: QtBot) -> None:
    stage = annealing(qtbot)
    plot = stage.page._schedule_plot

    def pixel(share: float, tau: float) -> QPoint:
        return plot.place(share, TEMPERATURE.place(tau)).toPoint()

    view = plot.viewport()
    QTest.mousePress(view, LEFT, NO_KEYS, pixel(0.3, 10.0))
    QTest.mouseMove(view, pixel(0.5, 1.0))
    QTest.mouseRelease(view, LEFT, NO_KEYS, pixel(0.8, 1.0))
    assert [(name, final) for name, _, final in stage.wishes] == [
        ("schedule draw", False), ("schedule draw", False), ("schedule draw", True)
    ]  # fmt: skip
    settings = edit(options(3), "temperature tab", "annealing")
    for name, value, _ in stage.wishes:
        settings = edit(settings, name, value)
    drawn = settings.pages.temperature.drawn
    assert drawn[32] == pytest.approx(1.0, rel=0.1)
    assert drawn[48] == pytest.approx(1.0, rel=0.1)
    assert drawn[20] == pytest.approx(10.0, rel=0.2)


def test_the_head_is_dragged_and_stepped(qtbot: QtBot) -> None:
    stage = annealing(qtbot)
    plot = stage.page._schedule_plot
    stage.page.show_play(Play(5000.0))
    foot = plot.head_place().toPoint()
    QTest.mousePress(plot.viewport(), LEFT, NO_KEYS, foot)
    QTest.mouseRelease(plot.viewport(), LEFT, NO_KEYS, QPoint(round(plot.place(0.75, 0.0).x()), foot.y()))
    QTest.keyClick(plot, Qt.Key.Key_Right)
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert [name for name, _, _ in stage.wishes] == ["anneal seek"] * 4
    steps = [float(value) for _, value, _ in stage.wishes if isinstance(value, float)]
    assert steps[0] == pytest.approx(5000.0, abs=30.0)
    assert steps[1] == pytest.approx(7500.0, abs=30.0)
    assert steps[2] == pytest.approx(5100.0)
    assert steps[3] == 0.0


def test_the_picture_beside_the_schedule_is_that_of_the_stream(qtbot: QtBot) -> None:
    settings = edit(options(13), "temperature tab", "annealing")
    frame = run(settings, 400)
    picture = rows.live_picture(settings, report_of(frame), frame)
    assert len(picture.draw) == 10
    assert sum(picture.draw) == pytest.approx(1.0)
    assert sum(picture.mean) == pytest.approx(1.0, abs=1e-5)
    assert sum(picture.exact) == pytest.approx(1.0)
    assert picture.newest == ()


# The left side.


def test_scores_and_the_temperature_can_be_changed_here(qtbot: QtBot) -> None:
    stage = Stage(qtbot, size=(1600, 900))
    stage.show(options(3))
    chart = stage.page._scores
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    slider = stage.page._temperature._slider
    QTest.mouseClick(slider, LEFT, NO_KEYS, QPoint(slider.width() - 2, slider.height() // 2))
    assert stage.wishes[0] == ("logit", (0, 2.1), True)
    assert stage.wishes[-1] == ("temperature", INF, True)


def test_every_control_has_a_name_and_can_be_reached(qtbot: QtBot) -> None:
    for tab in TABS:
        stage = Stage(qtbot, size=(1600, 900))
        settings = edit(options(3), "temperature tab", tab)
        stage.show(settings, run(settings, work=1))
        for button in stage.page.findChildren(QPushButton):
            assert button.accessibleName() or button.text()
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert stage.page._curves.mean_plot.accessibleName()
        assert QPointF(stage.page._schedule_plot.head_place()).x() >= 0
