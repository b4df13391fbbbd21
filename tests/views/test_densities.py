"""Exact densities over histograms, and marks that are dragged along the axis with the real mouse."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontDatabase, QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.maths import gumbel
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.plots.densities import DensityPlot, Mark
from gumbelviz.views.plots.plot import Plot, StepFill

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Floats = NDArray[np.float64]
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
RED = QColor("#FF0000")
XS = np.linspace(-3.0, 9.0, 241)
CURVE = (XS, np.asarray(gumbel.pdf(XS, 0.0, 1.0)))
EDGES = np.linspace(-3.0, 9.0, 65)


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def shown(qtbot: QtBot, plot: Plot, look: Look | None = None) -> None:
    qtbot.addWidget(plot)
    plot.set_look(look or Look())
    plot.resize(360, 220)
    plot.show()
    QApplication.processEvents()


@pytest.fixture
def plot(qtbot: QtBot) -> DensityPlot:
    made = DensityPlot("Noise", draggable=True)
    shown(qtbot, made)
    made.set_series((RED,))
    made.set_curve(CURVE, (0.0,))
    made.set_histograms(EDGES, [np.asarray(gumbel.pdf(0.5 * (EDGES[1:] + EDGES[:-1]), 0.0, 1.0))], (0.0,))
    made.set_range(-2.6, 6.8, 0.45)
    made.set_marks((Mark(0, 0, 0.0, 0.36), Mark(1, 1, 3.0, 0.05)))
    QApplication.processEvents()
    return made


def image_of(plot: Plot) -> QImage:
    image: QImage = plot.grab().toImage()
    return image


# Places -----------------------------------------------------------------------------------------------------


def test_places_in_pixels_and_in_units_belong_together(plot: DensityPlot) -> None:
    rect = plot.plot_rect()
    assert plot.place(-2.6, 0.0).x() == pytest.approx(rect.left(), abs=1e-6)
    # pyqtgraph's rectangle has half a pixel for a border.
    assert plot.place(6.8, 0.45).x() == pytest.approx(rect.right(), abs=1.0)
    assert plot.place(0.0, 0.45).y() == pytest.approx(rect.top(), abs=1.0)
    assert plot.place(0.0, 0.0).y() == pytest.approx(rect.bottom(), abs=1.0)
    for x in (-2.0, 0.0, 3.21, 6.5):
        assert plot.data_x(plot.place(x, 0.1)) == pytest.approx(x)
    assert plot.viewport().rect().toRectF().contains(rect)


@pytest.mark.parametrize("size", [(360, 220), (800, 300), (150, 500)])
def test_what_is_drawn_stands_where_the_places_say(qtbot: QtBot, size: tuple[int, int]) -> None:
    """One cell from 2 to 3, found by its colour in the picture."""
    made = DensityPlot("Noise")
    shown(qtbot, made)
    made.set_series((RED,))
    made.resize(*size)
    made.set_range(0.0, 10.0, 1.0)
    made.set_histograms(np.array([2.0, 3.0]), [np.array([0.8])], (0.0,))
    QApplication.processEvents()
    image = image_of(made)
    fill = QColor(RED)
    y = round(made.place(0.0, 0.4).y())
    columns = [x for x in range(image.width()) if image.pixelColor(x, y).green() < 0.9 * 255]
    assert fill.red() == 255
    assert abs(columns[0] - made.place(2.0, 0.0).x()) <= 1.5
    assert abs(columns[-1] + 1 - made.place(3.0, 0.0).x()) <= 1.5
    x = round(made.place(2.5, 0.0).x())
    rows = [y for y in range(image.height()) if image.pixelColor(x, y).green() < 0.9 * 255]
    assert abs(rows[0] - made.place(0.0, 0.8).y()) <= 1.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("zoom", [0.75, 1.0, 2.5])
def test_every_look_is_painted(plot: DensityPlot, theme: str, zoom: float) -> None:
    look = Look(THEMES[theme], zoom)
    plot.set_look(look)
    plot.set_series((RED,))
    plot.set_curve(CURVE, (0.0,))
    QApplication.processEvents()
    image = image_of(plot)
    assert image.pixelColor(2, 2) == look.color("card")


def test_numbers_on_the_axis_have_real_minus_signs(plot: DensityPlot) -> None:
    words = plot._axis.tickStrings([-2.0, -0.5, 0.0, 2.0], 1.0, 0.5)
    assert words == ["−2.0", "−0.5", "0", "2.0"]


def test_a_plot_does_not_move_by_itself(plot: DensityPlot) -> None:
    """No wheel, no drag, no menu: the range is ours."""
    before = plot._box.viewRange()
    middle = plot.plot_rect().center().toPoint()
    QTest.mousePress(plot.viewport(), LEFT, NO_KEYS, middle)
    QTest.mouseMove(plot.viewport(), middle + QPoint(60, 20))
    QTest.mouseRelease(plot.viewport(), LEFT, NO_KEYS, middle + QPoint(60, 20))
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.RightButton, NO_KEYS, middle)
    assert plot._box.viewRange() == before
    assert not plot._box.menuEnabled()


@pytest.mark.parametrize(
    "ranges",
    [(0.0, 0.0, 1.0), (1.0, 0.0, 1.0), (0.0, 1.0, 0.0), (-math.inf, 1.0, 1.0), (0.0, math.nan, 1.0), (0, 1, math.inf)],
)
def test_a_range_without_meaning_is_not_taken(plot: DensityPlot, ranges: tuple[float, float, float]) -> None:
    before = plot._box.viewRange()
    plot.set_range(*ranges)
    assert plot._box.viewRange() == before


# Curves and histograms --------------------------------------------------------------------------------------


def counted(plot: DensityPlot) -> list[object]:
    """Notes each time one of the curves gets new data."""
    changes: list[object] = []
    for curve in plot._curves:
        curve.sigPlotChanged.connect(changes.append)
    return changes


def test_curves_are_updated_only_where_they_changed(plot: DensityPlot) -> None:
    changes = counted(plot)
    plot.set_curve(CURVE, (0.0,))
    assert changes == []
    plot.set_curve(CURVE, (0.5,))
    assert len(changes) == 1
    plot.set_curve((CURVE[0], CURVE[1]), (0.5,))
    assert len(changes) == 2


def test_curves_are_moved_by_their_offsets(plot: DensityPlot) -> None:
    plot.set_series((RED, QColor("#00FF00"), QColor("#0000FF")))
    plot.set_curve(CURVE, (0.0, 1.5, -2.0))
    for curve, offset in zip(plot._curves, (0.0, 1.5, -2.0), strict=True):
        xs, ys = curve.getData()
        assert np.array_equal(xs, CURVE[0] + offset)
        assert np.array_equal(ys, CURVE[1])


def test_items_are_made_once_and_hidden_when_not_needed(plot: DensityPlot) -> None:
    many = tuple(QColor(i, 0, 0) for i in range(5))
    plot.set_series(many)
    items = list(plot._curves)
    plot.set_series(many[:2])
    assert [curve.isVisible() for curve in plot._curves] == [True, True, False, False, False]
    assert [fill.isVisible() for fill in plot._fills] == [True, True, False, False, False]
    plot.set_series(many[1:])
    assert plot._curves == items
    assert [curve.isVisible() for curve in items] == [True, True, True, True, False]
    # New colours are a new picture: the same curve must be drawn again.
    changes = counted(plot)
    plot.set_curve(CURVE, (0.0, 0.1, 0.2, 0.3))
    assert len(changes) == 4


def test_a_histogram_is_one_shape_of_steps() -> None:
    fill = StepFill()
    edges, heights = np.array([0.0, 1.0, 3.0, 4.0]), np.array([2.0, 0.0, 5.0])
    fill.set_data(edges, heights)
    path = fill._path
    points = [(path.elementAt(i).x, path.elementAt(i).y) for i in range(path.elementCount())]
    assert points == [(0, 0), (0, 2), (1, 2), (1, 0), (3, 0), (3, 5), (4, 5), (4, 0)]
    bounds = fill.boundingRect()
    assert (bounds.left(), bounds.top(), bounds.right(), bounds.bottom()) == (0.0, 0.0, 4.0, 5.0)


def test_an_empty_histogram_has_an_outline_all_the_same() -> None:
    fill = StepFill()
    assert fill.boundingRect().isEmpty()
    fill.set_data(np.array([0.0, 1.0]), np.array([0.0]))
    assert fill.boundingRect().width() == 1.0
    assert fill.boundingRect().height() > 0.0


def test_a_histogram_fills_the_colour_it_was_given(qapp: QApplication) -> None:
    def paint(outline: bool) -> QImage:
        fill = StepFill()
        fill.set_colors(RED, Look().line(QColor("#0000FF")) if outline else None)
        fill.set_data(np.array([10.0, 20.0, 30.0]), np.array([10.0, 20.0]))
        image = QImage(40, 40, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.white)
        with QPainter(image) as painter:
            fill.paint(painter, None)
        return image

    plain, lined = paint(False), paint(True)
    assert plain.pixelColor(15, 5) == RED
    assert plain.pixelColor(25, 15) == RED
    assert plain.pixelColor(15, 15) == QColor("#FFFFFF")
    assert plain.pixelColor(5, 5) == QColor("#FFFFFF")
    blue = [lined.pixelColor(x, y).blue() > lined.pixelColor(x, y).red() for x in range(40) for y in range(40)]
    assert any(blue)


# Marks ------------------------------------------------------------------------------------------------------


def test_a_mark_is_painted_at_its_place(plot: DensityPlot) -> None:
    look = Look()
    image = image_of(plot)
    for mark in plot._marks:
        point = plot.place(mark.x, mark.y).toPoint()
        assert image.pixelColor(point).rgb() == look.option_color(mark.color).rgb()


def test_marks_outside_the_range_are_not_drawn(plot: DensityPlot) -> None:
    plot.set_marks(())
    empty = image_of(plot)
    plot.set_marks((Mark(0, 0, -50.0, 0.1), Mark(1, 1, 50.0, 0.1), Mark(2, 2, 1e6, 0.0, winner=True)))
    assert image_of(plot) == empty
    # Nor in the margin, where there would be room for them.
    beyond = plot.data_x(QPointF(plot.plot_rect().right() + 6, 50))
    plot.set_marks((Mark(0, 0, beyond, 0.1),))
    assert image_of(plot) == empty
    plot.set_marks((Mark(0, 0, 1.0, 0.1),))
    assert image_of(plot) != empty


def test_a_pin_and_a_crown_can_be_seen(plot: DensityPlot) -> None:
    pictures = []
    for mark in (Mark(0, 0, 1.0, 0.1), Mark(0, 0, 1.0, 0.1, pinned=True), Mark(0, 0, 1.0, 0.1, winner=True)):
        plot.set_marks((mark,))
        pictures.append(image_of(plot))
    assert pictures[0] != pictures[1]
    assert pictures[0] != pictures[2]
    assert pictures[1] != pictures[2]


def move(plot: DensityPlot, point: QPoint, buttons: Qt.MouseButton = LEFT) -> None:
    where = QPointF(point)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, plot.viewport().mapToGlobal(where), Qt.MouseButton.NoButton, buttons, NO_KEYS
    )
    QApplication.sendEvent(plot.viewport(), event)


@pytest.fixture
def wishes(plot: DensityPlot) -> list[tuple[str, object, bool]]:
    made: list[tuple[str, object, bool]] = []
    plot.wished.connect(lambda *wish: made.append(wish))
    return made


Wishes = list[tuple[str, object, bool]]


@pytest.mark.parametrize("option", [0, 1])
@pytest.mark.parametrize("by", [-30, 12, 55])
def test_a_dragged_mark_is_pinned_near_the_pointer(plot: DensityPlot, wishes: Wishes, option: int, by: int) -> None:
    mark = plot._marks[option]
    start = plot.place(mark.x, mark.y).toPoint()
    stops = [start + QPoint(round(share * by), 7) for share in (0.5, 1.0)]
    QTest.mousePress(plot.viewport(), LEFT, NO_KEYS, start)
    for stop in stops:
        move(plot, stop)
    QTest.mouseRelease(plot.viewport(), LEFT, NO_KEYS, stops[-1])
    assert [(name, final) for name, _, final in wishes] == [("pin", False), ("pin", False), ("pin", True)]
    pixel = 9.4 / plot.plot_rect().width()
    for (_, value, _), stop in zip(wishes, (*stops, stops[-1]), strict=True):
        assert isinstance(value, tuple)
        assert value[0] == option
        assert value[1] == pytest.approx(plot.data_x(QPointF(stop)), abs=pixel)
        assert value[1] == round(value[1], 2)


def test_a_drag_ends_at_the_edge_of_the_plot(plot: DensityPlot, wishes: Wishes) -> None:
    start = plot.place(0.0, 0.36).toPoint()
    QTest.mousePress(plot.viewport(), LEFT, NO_KEYS, start)
    move(plot, start + QPoint(5000, 0))
    move(plot, start - QPoint(5000, 0))
    QTest.mouseRelease(plot.viewport(), LEFT, NO_KEYS, start)
    ends = [value[1] for _, value, _ in wishes[:2] if isinstance(value, tuple)]
    assert ends == pytest.approx([6.8, -2.6], abs=9.4 / plot.plot_rect().width())


def test_of_two_marks_the_nearer_one_is_taken(plot: DensityPlot, wishes: Wishes) -> None:
    plot.set_marks((Mark(4, 0, 1.0, 0.2), Mark(9, 1, 1.3, 0.2)))
    QTest.mousePress(plot.viewport(), LEFT, NO_KEYS, plot.place(1.25, 0.2).toPoint())
    move(plot, plot.place(2.0, 0.2).toPoint())
    QTest.mouseRelease(plot.viewport(), LEFT, NO_KEYS, plot.place(2.0, 0.2).toPoint())
    value = wishes[-1][1]
    assert isinstance(value, tuple)
    assert value[0] == 9


def test_the_empty_plot_cannot_be_dragged(plot: DensityPlot, wishes: Wishes) -> None:
    start = plot.place(5.5, 0.2).toPoint()
    QTest.mousePress(plot.viewport(), LEFT, NO_KEYS, start)
    move(plot, start + QPoint(-20, 0))
    QTest.mouseRelease(plot.viewport(), LEFT, NO_KEYS, start)
    assert wishes == []


def test_a_click_on_a_mark_wishes_nothing(plot: DensityPlot, wishes: Wishes) -> None:
    """Only a move pins: a click would shift the value to wherever in the mark it fell."""
    QTest.mouseClick(plot.viewport(), LEFT, NO_KEYS, plot.place(0.0, 0.36).toPoint() + QPoint(5, 0))
    assert wishes == []


def test_a_double_click_toggles_the_pin_once(plot: DensityPlot, wishes: Wishes) -> None:
    """As a window system sends it: press, release, double click, release."""
    point = plot.place(0.0, 0.36).toPoint()
    QTest.mouseClick(plot.viewport(), LEFT, NO_KEYS, point)
    QTest.mouseDClick(plot.viewport(), LEFT, NO_KEYS, point)
    assert wishes == [("toggle pin", 0, True)]


def test_the_pointer_shows_what_can_be_dragged(plot: DensityPlot) -> None:
    move(plot, plot.place(0.0, 0.36).toPoint(), Qt.MouseButton.NoButton)
    assert plot.viewport().cursor().shape() == Qt.CursorShape.SizeHorCursor
    move(plot, plot.place(5.5, 0.2).toPoint(), Qt.MouseButton.NoButton)
    assert plot.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor


def test_where_nothing_can_be_dragged_the_mouse_does_nothing(qtbot: QtBot) -> None:
    made = DensityPlot("Noisy scores")
    shown(qtbot, made)
    made.set_range(-2.6, 6.8, 0.45)
    made.set_marks((Mark(0, 0, 0.0, 0.36),))
    wished: Wishes = []
    made.wished.connect(lambda *wish: wished.append(wish))
    point = made.place(0.0, 0.36).toPoint()
    QTest.mousePress(made.viewport(), LEFT, NO_KEYS, point)
    move(made, point + QPoint(20, 0))
    QTest.mouseRelease(made.viewport(), LEFT, NO_KEYS, point + QPoint(20, 0))
    QTest.mouseDClick(made.viewport(), LEFT, NO_KEYS, point)
    assert wished == []


def test_marks_that_cannot_be_painted_are_reported_once(
    qtbot: QtBot, plot: DensityPlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the painter is handed back as it was: Qt warns of a state that was saved and not restored."""
    tries: list[Callable[..., None]] = []

    def fail(painter: QPainter) -> None:
        tries.append(fail)
        painter.save()
        painter.restore()
        raise ArithmeticError("no marks today")

    monkeypatch.setattr(plot, "paint_marks", fail)
    with qtbot.capture_exceptions() as errors:
        for _ in range(3):
            plot.grab()
    assert [kind for kind, _, _ in errors] == [ArithmeticError]
    assert len(tries) == 1
