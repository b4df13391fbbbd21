"""Soft choices between 0 and 1: a range that holds still, and means that can be read."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.model.numbers import write_number
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.plots import soft_histogram
from gumbelviz.views.plots.soft_histogram import Mean, SoftHistogramPlot

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Floats = NDArray[np.float64]
EDGES = np.linspace(0.0, 1.0, 65)
COLORS = (QColor("#0072B2"), QColor("#C27F00"))


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def heights(highest: float) -> Floats:
    rising = np.linspace(0.1, 1.0, 64) * highest
    return shares(rising, rising[::-1])


def shares(*densities: Floats) -> Floats:
    """The shares of the cells, with nothing at exactly 0 and exactly 1."""
    return np.array([[0.0, *density / 64, 0.0] for density in densities])


@pytest.fixture
def plot(qtbot: QtBot) -> SoftHistogramPlot:
    made = SoftHistogramPlot("Soft choices")
    qtbot.addWidget(made)
    made.set_look(Look())
    made.resize(320, 260)
    made.show()
    made.set_series(COLORS)
    made.set_histograms(EDGES, heights(2.0), (Mean(0, 0.62), Mean(1, 0.38)))
    QApplication.processEvents()
    return made


def top(plot: SoftHistogramPlot) -> float:
    return float(plot._box.viewRange()[1][1])


def test_the_range_is_from_0_to_1_with_room_for_both_ends(plot: SoftHistogramPlot) -> None:
    low, high = plot._box.viewRange()[0]
    assert -0.12 < low < 0.0
    assert 1.0 < high < 1.12
    assert top(plot) > 2.0


def test_the_height_holds_still_while_the_histograms_wobble(plot: SoftHistogramPlot) -> None:
    before = top(plot)
    moved: list[object] = []
    plot._box.sigRangeChanged.connect(lambda *_: moved.append(True))
    for highest in (2.1, 1.9, 2.2, 1.4, 2.0):
        plot.set_histograms(EDGES, heights(highest), (Mean(0, 0.62), Mean(1, 0.38)))
        assert top(plot) == before
    assert moved == []


@pytest.mark.parametrize("highest", [2.5, 40.0, 0.9, 1e-6])
def test_the_height_follows_where_it_is_outgrown_or_much_too_high(plot: SoftHistogramPlot, highest: float) -> None:
    plot.set_histograms(EDGES, heights(highest), ())
    # Above the highest cell there is room for the diamonds, but not too much.
    assert highest < top(plot) < 2.5 * highest


def test_it_comes_back_from_the_hard_limit(plot: SoftHistogramPlot) -> None:
    """At temperature 0 everything is in two cells; the height must not stay there."""
    spike = np.zeros(64)
    spike[[0, -1]] = 32.0
    plot.set_histograms(EDGES, shares(spike, spike), ())
    assert top(plot) > 32.0
    plot.set_histograms(EDGES, heights(2.0), ())
    assert top(plot) < 5.0


def test_before_the_first_draw_there_is_a_range_all_the_same(qtbot: QtBot) -> None:
    empty = SoftHistogramPlot("Soft choices")
    qtbot.addWidget(empty)
    empty.set_look(Look())
    empty.set_series(COLORS)
    empty.set_histograms(EDGES, shares(np.zeros(64), np.zeros(64)), ())
    empty.resize(300, 200)
    empty.grab()
    assert top(empty) > 0.0


def test_histograms_are_hidden_with_their_options(plot: SoftHistogramPlot) -> None:
    plot.set_series(COLORS[:1])
    assert [fill.isVisible() for fill in plot._fills] == [True, False]
    plot.set_series((*COLORS, QColor("#009E73")))
    assert [fill.isVisible() for fill in plot._fills] == [True, True, True]


def test_the_shape_is_the_one_that_was_given(plot: SoftHistogramPlot) -> None:
    given = heights(2.0)
    given[:, [0, -1]] = [[0.02, 0.0], [0.0, 0.03]]
    plot.set_histograms(EDGES, given, ())
    for fill, row in zip(plot._fills, 64 * given, strict=True):
        path = fill._path
        ys = [path.elementAt(i).y for i in range(path.elementCount())]
        cells = [row[0], 0.0, *row[1:-1], 0.0, row[-1]]
        assert ys == pytest.approx([0.0, *np.repeat(cells, 2), 0.0])


def test_the_law_is_a_line_over_the_histogram(plot: SoftHistogramPlot) -> None:
    assert not any(line.isVisible() for line in plot._lines)
    plot.set_histograms(EDGES, heights(2.0), (), heights(2.2))
    assert all(line.isVisible() for line in plot._lines[:2])
    ys = [plot._lines[0]._path.elementAt(i).y for i in range(plot._lines[0]._path.elementCount())]
    assert max(ys) == pytest.approx(2.2)
    plot.set_histograms(EDGES, heights(2.0), ())
    assert not any(line.isVisible() for line in plot._lines)


def test_exactly_0_and_exactly_1_can_hold_everything(plot: SoftHistogramPlot) -> None:
    hard = np.zeros((2, 66))
    hard[:, [0, -1]] = [[0.4, 0.6], [0.6, 0.4]]
    plot.set_histograms(EDGES, hard, ())
    assert top(plot) > 64 * 0.6
    assert plot._outer == (0.6, 0.6)
    plot.set_histograms(EDGES, heights(2.0), ())
    assert top(plot) < 5.0


def image_of(plot: SoftHistogramPlot) -> QImage:
    image: QImage = plot.grab().toImage()
    return image


def test_a_mean_stands_where_it_belongs(plot: SoftHistogramPlot) -> None:
    """Found by the colour of its line in the picture."""
    plot.set_series(())
    plot.set_histograms(EDGES, np.zeros((0, 66)), (Mean(2, 0.25),))
    image = image_of(plot)
    color = Look().option_color(2)
    y = round(plot.plot_rect().center().y())
    columns = [x for x in range(image.width()) if image.pixelColor(x, y).rgb() == color.rgb()]
    assert columns
    assert all(abs(x + 0.5 - plot.place(0.25, 0.0).x()) <= 2.0 for x in columns)


def test_the_line_stands_at_the_exact_mean_and_the_diamond_at_the_simulated_one(plot: SoftHistogramPlot) -> None:
    plot.set_series(())
    plot.set_histograms(EDGES, np.zeros((0, 66)), (Mean(2, 0.25, 0.75),))
    image, color = image_of(plot), Look().option_color(2)
    middle, top = round(plot.plot_rect().center().y()), round(plot.plot_rect().top()) + 9
    line = [x for x in range(image.width()) if image.pixelColor(x, middle).rgb() == color.rgb()]
    diamond = [x for x in range(image.width()) if image.pixelColor(x, top).rgb() == color.rgb()]
    assert line and all(abs(x + 0.5 - plot.place(0.75, 0.0).x()) <= 2.0 for x in line)
    assert abs(min(diamond) - plot.place(0.25, 0.0).x()) < 12


def test_a_mean_that_moved_is_painted_anew(plot: SoftHistogramPlot) -> None:
    before = image_of(plot)
    plot.set_histograms(EDGES, heights(2.0), (Mean(0, 0.70), Mean(1, 0.30)))
    assert image_of(plot) != before


def written(plot: SoftHistogramPlot, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Which means are written as numbers, in the order of painting."""
    numbers: list[float] = []

    def note(value: float, decimals: int = 2) -> str:
        numbers.append(value)
        return write_number(value, decimals)

    monkeypatch.setattr(soft_histogram, "write_number", note)
    image = QImage(400, 400, QImage.Format.Format_ARGB32)
    with QPainter(image) as painter:
        plot.paint_marks(painter)
    return numbers


def test_of_many_means_the_largest_are_written(plot: SoftHistogramPlot, monkeypatch: pytest.MonkeyPatch) -> None:
    means = tuple(Mean(i, share) for i, share in enumerate((0.05, 0.3, 0.1, 0.25, 0.2, 0.06, 0.04)))
    plot.set_histograms(EDGES, heights(2.0), means)
    assert sorted(written(plot, monkeypatch)) == [0.1, 0.2, 0.25, 0.3]


def test_where_there_is_no_room_nothing_is_written(plot: SoftHistogramPlot, monkeypatch: pytest.MonkeyPatch) -> None:
    plot.resize(120, 60)
    QApplication.processEvents()
    assert written(plot, monkeypatch) == []


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("theme", THEMES)
def test_means_at_the_ends_stay_on_the_plot(plot: SoftHistogramPlot, value: float, theme: str) -> None:
    plot.set_look(Look(THEMES[theme], 1.5))
    plot.set_series(COLORS)
    plot.set_histograms(EDGES, heights(2.0), (Mean(0, value), Mean(1, 1.0 - value)))
    assert plot.plot_rect().contains(plot.place(value, 0.5))
    plot.grab()


def test_equal_means_are_all_painted(plot: SoftHistogramPlot) -> None:
    """At an infinite temperature every option gets the same share."""
    plot.set_histograms(EDGES, heights(2.0), tuple(Mean(i, 0.1) for i in range(10)))
    plot.grab()
