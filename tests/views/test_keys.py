"""What the mouse can drag the keyboard can move: the same wishes, fine steps, typed numbers, and a way out."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end, make_application
from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.model.scene import Page
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.views.plots.keys import Entry, surface_of
from gumbelviz.views.plots.tetrahedron_plot import TetrahedronPlot

Key, Shift, Control = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
Plain = Qt.KeyboardModifier.NoModifier
SETTINGS = make_settings([2.0, 1.2, 0.4], seed=7)


class Desk:
    """The program on one part of a page, with a frame of it, and what was wished for."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.wishes: list[tuple[str, object, bool]] = []
        self._grant = program.wish

    def open(self, page: Page, wish: str = "", part: object = "", settings: Settings | None = None) -> None:
        if settings is not None:
            self.program.store.edit("options", (settings.options, "logits"))
        if wish:
            self.program.wish(wish, part)
        if page == "learning":
            self.program.wish("learning steps", 20.0)
        self.program.store.watch(running=False)
        self.program.store.turn(page)
        self.program.open_pages()
        self.show()
        shown = self.program.pager.page
        assert shown is not None
        shown.wished.connect(lambda name, value, final: self.wishes.append((name, value, final)))

    def show(self) -> None:
        """Show a frame that answers the present settings."""
        state = self.program.store.state
        simulation = Simulation(state.settings)
        simulation.advance(50)
        frame = simulation.frame(state.revision)
        study = make_study(state.page, state.settings)
        if study is not None:
            moment, start = Moment(frame.draws, frame.draw.index, running=False, hurried=True), time.monotonic()
            while study.busy(moment) and time.monotonic() - start < 0.1:
                study.work(moment, lambda: False)
            frame = replace(frame, study=study.report(moment))
        self.program._draw(frame)

    @property
    def settings(self) -> Settings:
        return self.program.store.state.settings

    def picture(self, name: str, place: int = 0) -> Any:
        page = self.program.pager.page
        assert page is not None
        widget = page.pictures()[name][place]
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        self.program.window.activateWindow()
        widget.setFocus()
        QApplication.processEvents()
        self.wishes.clear()
        return widget

    def press(self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Plain) -> list[Any]:
        """Press a key; what was wished for, and that the window's own shortcut on it rested."""
        before, draws = len(self.wishes), self.program.store.state.transport
        QTest.keyClick(widget, key, modifier)
        assert self.program.store.state.transport == draws
        return self.wishes[before:]

    def type(self, widget: QWidget, text: str) -> list[Any]:
        """Press Enter, type, and press Enter again."""
        before = len(self.wishes)
        QTest.keyClick(widget, Key.Key_Return)
        entry = widget.findChild(Entry)
        assert entry is not None
        assert entry.accessibleName()
        entry.setText(text)
        QTest.keyClick(entry, Key.Key_Return)
        QApplication.sendPostedEvents(None, 52)  # deferred deletions
        assert widget.findChild(Entry) is None
        return self.wishes[before:]

    def drag(self, widget: QWidget, start: QPointF, by: tuple[int, int], escape: bool = False) -> list[Any]:
        """Drag with the mouse, and press Escape before letting go where that is asked for."""
        before, surface = len(self.wishes), surface_of(widget)
        left, here = Qt.MouseButton.LeftButton, start.toPoint()
        QTest.mousePress(surface, left, Plain, here)
        QTest.mouseMove(surface, here + QPoint(by[0] // 2, by[1] // 2))
        QTest.mouseMove(surface, here + QPoint(*by))
        if escape:
            QTest.keyClick(widget, Key.Key_Escape)
        QTest.mouseRelease(surface, left, Plain, here + QPoint(*by))
        return self.wishes[before:]


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    application = make_application()
    program = Program(load_builtin("movie-night"), theme="light")
    program.window.resize(1600, 900)
    program.window.show()
    yield Desk(program)
    end(application, program)


Parts = tuple[Page, str, str]
TAU_PLOTS: list[tuple[Parts, str]] = [
    *((("temperature", "temperature tab", "curves"), name) for name in ("mean", "largest", "entropy", "sharp")),
    *((("gradients", "gradient tab", "estimators"), name) for name in ("bias", "variance", "error")),
]  # fmt: skip


@pytest.mark.parametrize(("part", "name"), TAU_PLOTS, ids=[name for _, name in TAU_PLOTS])
def test_the_cursor_of_a_temperature_is_stepped_typed_and_dragged(desk: Desk, part: Parts, name: str) -> None:
    desk.open(*part)
    plot = desk.picture(name)
    tau = desk.settings.temperature
    (wish, warmer, final), = desk.press(plot, Key.Key_Right)
    assert (wish, final) == ("temperature", True)
    assert tau < warmer < 1.2 * tau
    assert desk.settings.temperature == warmer
    (_, finer, _), = desk.press(plot, Key.Key_Right, Shift)
    assert 0.0 < finer - warmer < warmer - tau
    assert desk.press(plot, Key.Key_Home)[0][1] == 0.0
    assert desk.press(plot, Key.Key_End)[0][1] == math.inf
    assert desk.type(plot, "0,75") == [("temperature", 0.75, True)]
    dragged = desk.drag(plot, QPointF(surface_of(plot).rect().center()), (30, 0))
    assert {name for name, _, _ in dragged} == {"temperature"}
    assert [final for _, _, final in dragged][-1]


def test_what_is_typed_and_is_no_number_is_complained_about(desk: Desk) -> None:
    desk.open("temperature", "temperature tab", "curves")
    plot = desk.picture("mean")
    (name, sentence, _), = desk.type(plot, "warm")
    assert name == "complain"
    assert "warm" in str(sentence)
    assert desk.settings.temperature == 0.5


def test_escape_closes_the_field_and_nothing_is_changed(desk: Desk) -> None:
    desk.open("temperature", "temperature tab", "curves")
    plot = desk.picture("mean")
    QTest.keyClick(plot, Key.Key_Return)
    entry = plot.findChild(Entry)
    assert entry is not None
    entry.setText("3")
    QTest.keyClick(entry, Key.Key_Escape)
    assert desk.wishes == []
    assert plot.hasFocus()


def test_the_score_of_the_switch_is_stepped_typed_and_dragged(desk: Desk) -> None:
    desk.open("gradients", "gradient tab", "switch")
    plot = desk.picture("switch")
    assert desk.press(plot, Key.Key_Right) == [("logit", (0, 2.1), True)]
    desk.show()
    assert desk.press(plot, Key.Key_Left, Shift) == [("logit", (0, 2.09), True)]
    assert desk.type(plot, "−1") == [("logit", (0, -1.0), True)]
    dragged = desk.drag(plot, QPointF(plot.rect().center()), (20, 0))
    assert {name for name, _, _ in dragged} == {"logit"}


def test_arrows_choose_whose_score_is_looked_at_as_a_click_does(desk: Desk) -> None:
    desk.open("gradients", "gradient tab", "estimators")
    chart = desk.picture("arrows")
    assert desk.press(chart, Key.Key_Right) == [("gradient option", 1, True)]
    desk.show()
    column = chart._column_rect(0).center().toPoint()
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, Plain, column)
    assert desk.wishes[-1] == ("gradient option", 0, True)


@pytest.mark.parametrize("name", ["density", "distribution"])
def test_curves_are_chosen_moved_and_widened(desk: Desk, name: str) -> None:
    desk.open("noise", "noise view", "curves")
    plot = desk.picture(name)
    assert desk.press(plot, Key.Key_Right) == [("curve location", (0, 0.1), True)]
    desk.show()
    assert desk.press(plot, Key.Key_Left, Shift) == [("curve location", (0, 0.09), True)]
    assert desk.press(plot, Key.Key_Down) == []
    (wish, (place, scale), _), = desk.press(plot, Key.Key_PageUp)
    assert (wish, place) == ("curve scale", 1)
    assert 1.0 < scale < 1.5
    QTest.keyClick(plot, Key.Key_Return)
    focus = desk.program.window.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "Curve 2, location"


def test_a_curve_is_dragged_and_let_go(desk: Desk) -> None:
    desk.open("noise", "noise view", "curves")
    plot = desk.picture("density")
    facts = plot._family.curves[0]
    start, before = plot._point(facts, facts.location), desk.settings
    assert {name for name, _, _ in desk.drag(plot, start, (40, 0))} == {"curve location"}
    assert desk.settings != before
    desk.program.undo()
    assert desk.settings == before
    dragged = desk.drag(plot, start, (40, 0), escape=True)
    assert dragged[-1] == ("cancel drag", None, True)
    assert desk.settings == before
    assert desk.program.store.undo_label is None


def test_the_uniform_number_is_stepped_typed_and_dragged(desk: Desk) -> None:
    desk.open("noise", "noise view", "inverse")
    plot = desk.picture("map")
    assert desk.press(plot, Key.Key_Up) == [("noise level", 0.81, True)]
    desk.show()
    assert desk.press(plot, Key.Key_Down, Shift) == [("noise level", 0.809, True)]
    assert desk.type(plot, "0.25") == [("noise level", 0.25, True)]
    dragged = desk.drag(plot, plot.plot_rect().center(), (0, 30))
    assert {name for name, _, _ in dragged} == {"noise level"}


def test_noise_in_the_density_is_chosen_pinned_typed_and_given_back(desk: Desk) -> None:
    desk.open("pipeline")
    plot = desk.picture("all noise")
    mark = plot._marks[0]
    assert desk.press(plot, Key.Key_Right) == [("pin", (0, round(mark.x + 0.1, 3)), True)]
    desk.press(plot, Key.Key_Down)
    assert desk.type(plot, "1.5") == [("pin", (1, 1.5), True)]
    desk.show()
    assert desk.press(plot, Key.Key_Delete) == [("pin", (1, None), True)]
    assert desk.settings.options[1].pinned is None
    # The page turns the wish for P into the value that the mark has.
    assert [name for name, _, _ in desk.press(plot, Key.Key_P)] == ["pin"]
    desk.show()
    at = plot.place(plot._marks[2].x, plot._marks[2].y)
    assert {name for name, _, _ in desk.drag(plot, at, (25, 0))} == {"pin"}


@pytest.mark.parametrize("name", ["all noise", "noise"])
def test_escape_gives_dragged_noise_back(desk: Desk, name: str) -> None:
    desk.open("pipeline")
    picture, before = desk.picture(name), desk.settings
    if name == "noise":
        start = QPointF(picture._x(0.0) + 2, picture._row_rect(0).center().y())
    else:
        start = picture.place(picture._marks[0].x, picture._marks[0].y)
    dragged = desk.drag(picture, start, (30, 0), escape=True)
    assert [wish for wish, _, _ in dragged] == ["pin", "pin", "cancel drag"]
    assert desk.settings == before
    assert desk.program.store.undo_label is None


def test_escape_lets_go_of_a_slider(desk: Desk) -> None:
    desk.open("pipeline")
    page, before = desk.program.pager.page, desk.settings
    slider = page._temperature._slider  # type: ignore[union-attr]
    desk.program.window.activateWindow()
    slider.setFocus()
    desk.drag(slider, slider.knob_center(), (30, 0), escape=True)
    assert desk.settings == before
    place = slider.value()
    assert place == round(1000 * page._temperature._parameter.place(0.5))  # type: ignore[union-attr]


def test_escape_puts_a_row_back_where_it_was(desk: Desk) -> None:
    desk.open("pipeline")
    chart, before = desk.picture("scores"), desk.settings
    start = chart._name_rect(0).center()
    dragged = desk.drag(chart, start, (0, round(2.0 * chart._pitch())), escape=True)
    assert dragged[0][0] == "move"
    assert desk.settings == before


def test_a_schedule_is_played_through_and_drawn(desk: Desk) -> None:
    desk.open("temperature", "temperature tab", "annealing")
    plot = desk.picture("schedule")
    (name, step, final), = desk.press(plot, Key.Key_Right)
    assert (name, step, final) == ("anneal seek", pytest.approx(100.0), True)
    (name, stroke, final), = desk.press(plot, Key.Key_Up)
    assert (name, final) == ("schedule draw", True)
    begin, first, finish, last = stroke
    assert begin == finish == pytest.approx(0.01)
    assert first == last > plot._taus[2]
    (name, stroke, _), = desk.type(plot, "2")
    assert (name, stroke[1]) == ("schedule draw", 2.0)
    assert 2.0 in desk.settings.pages.temperature.drawn
    before = desk.settings
    dragged = desk.drag(plot, plot.plot_rect().center(), (60, 20), escape=True)
    assert dragged[0][0] == "schedule draw"
    assert desk.settings == before


def test_a_training_is_scrubbed(desk: Desk) -> None:
    desk.open("learning", "learning task", "robot")
    page = desk.program.pager.page
    for name in ("loss", "signal", "temperature"):
        plot = desk.picture(name)
        desk.press(plot, Key.Key_Home)
        assert page._cursor == 0.0  # type: ignore[union-attr]
        desk.press(plot, Key.Key_Right)
        here = page._cursor  # type: ignore[union-attr]
        assert here == 1.0
        desk.press(plot, Key.Key_End)
        assert page._cursor is None  # type: ignore[union-attr]
    assert desk.wishes == []


@pytest.mark.parametrize("logits", [[1.0, 0.3], [2.0, 1.2, 0.4]])
def test_this_draw_moves_on_the_simplex_and_comes_back(desk: Desk, logits: list[float]) -> None:
    desk.open("simplex", settings=make_settings(logits, seed=7))
    page = desk.program.pager.page
    picture = page.picture  # type: ignore[union-attr]
    assert picture is not None
    picture.setFocus()
    (name, (corners, shares, _), final), = desk.press(picture, Key.Key_Left)
    assert (name, final) == ("place draw", True)
    assert len(shares) == len(corners) == len(logits)
    desk.show()
    assert [name for name, _, _ in desk.press(picture, Key.Key_Delete)] == ["unpin all"]
    desk.show()
    before = desk.settings
    dragged = desk.drag(picture, picture.this_draw(), (-20, 0), escape=True)
    assert dragged[-1][0] == "cancel drag"
    assert desk.settings == before


def test_the_tetrahedron_turns_and_this_draw_moves(desk: Desk) -> None:
    four = make_settings([1.0, 0.3, 0.5, -0.2], seed=7)
    desk.program.store.edit("options", (four.options, "logits"))
    desk.open("simplex", "simplex layer", ("solid", True))
    page = desk.program.pager.page
    picture = page.picture  # type: ignore[union-attr]
    assert isinstance(picture, TetrahedronPlot)
    picture.setFocus()
    turned = picture._yaw, picture._pitch
    assert desk.press(picture, Key.Key_Right) == []
    assert (picture._yaw, picture._pitch) != turned
    (name, (corners, shares, _), final), = desk.press(picture, Key.Key_Up, Control)
    assert (name, len(corners), final) == ("place draw", 4, True)
    assert sum(shares) == pytest.approx(1.0)
    turned = picture._yaw, picture._pitch
    corner = QPointF(5.0, 5.0)
    assert desk.drag(picture, corner, (40, 10)) == []
    assert (picture._yaw, picture._pitch) != turned
    turned = picture._yaw, picture._pitch
    desk.drag(picture, corner, (40, 10), escape=True)
    assert (picture._yaw, picture._pitch) == pytest.approx(turned)


def test_every_dragged_picture_has_a_visible_focus(desk: Desk) -> None:
    """A picture looks different with the keyboard on it."""
    parts: list[tuple[Parts, str]] = [
        (("noise", "noise view", "curves"), "density"), (("noise", "noise view", "inverse"), "map"),
        (("temperature", "temperature tab", "curves"), "mean"), (("gradients", "gradient tab", "switch"), "switch"),
        (("gradients", "gradient tab", "estimators"), "error"), (("gradients", "gradient tab", "estimators"), "arrows"),
        (("learning", "learning task", "bit"), "loss"), (("temperature", "temperature tab", "annealing"), "schedule"),
    ]  # fmt: skip
    for part, name in parts:
        desk.open(*part)
        picture = desk.picture(name)
        assert picture.hasFocus()
        shown = picture.grab().toImage()
        picture.clearFocus()
        QApplication.processEvents()
        assert picture.grab().toImage() != shown, name
