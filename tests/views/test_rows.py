"""What charts of rows have in common: places, widths that are measured once, and the field that opens over a row."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontDatabase, QFontMetricsF, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.plots.row import Row
from gumbelviz.views.plots.rows import RowChart

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ROWS = tuple(Row(i, name, i, 1.0, "1.0") for i, name in enumerate(("Drama", "Comedy", "Sci-fi")))


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


class NamesOnly(RowChart):
    """Notes which rows were painted."""

    def __init__(self) -> None:
        super().__init__("Names")
        self.painted: list[int] = []

    def paint_content(self, painter: QPainter, place: int, row: Row) -> None:
        self.painted.append(place)


@pytest.fixture
def chart(qtbot: QtBot) -> NamesOnly:
    made = NamesOnly()
    qtbot.addWidget(made)
    made.set_look(Look())
    made.resize(300, 240)
    made.set_rows(ROWS)
    made.show()
    return made


def test_every_row_is_painted_once(chart: NamesOnly) -> None:
    QApplication.processEvents()
    chart.painted.clear()
    chart.grab()
    assert chart.painted == [0, 1, 2]


def test_rows_lie_one_under_the_other_and_inside(chart: NamesOnly) -> None:
    rects = [chart._row_rect(place) for place in range(3)]
    assert rects[0].top() >= 0.0
    assert rects[-1].bottom() <= chart.height()
    for above, below in itertools.pairwise(rects):
        assert above.bottom() == pytest.approx(below.top())


def test_a_point_is_in_the_row_that_is_painted_there(chart: NamesOnly) -> None:
    for place in range(3):
        rect = chart._row_rect(place)
        assert chart.row_at(rect.center()) == place
        assert chart.row_at(QPointF(5, rect.top() + 0.5)) == place
        assert chart.row_at(QPointF(5, rect.bottom() - 0.5)) == place
    assert chart.row_at(QPointF(50, 2)) == -1
    assert chart.row_at(QPointF(50, chart._row_rect(2).bottom() + 1)) == -1
    chart.set_rows(())
    assert chart.row_at(QPointF(50, 100)) == -1


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("zoom", [0.75, 1.0, 2.0])
def test_names_get_the_width_they_need_where_there_is_room(chart: NamesOnly, theme: str, zoom: float) -> None:
    look = Look(THEMES[theme], zoom)
    chart.set_look(look)
    chart.resize(look.px(300), look.px(240))
    metrics = QFontMetricsF(look.font(chart._type_size(), bold=True))
    longest = max(metrics.horizontalAdvance(row.name) for row in ROWS)
    assert chart._names_end() > chart._edge + longest
    # About half at most, however long they are.
    chart.set_rows((replace(ROWS[0], name="Supercalifragilistic " * 9),))
    assert chart._names_end() < 0.6 * chart.width()


def test_names_shrink_before_rows_touch(chart: NamesOnly) -> None:
    roomy = chart._type_size()
    chart.set_rows(tuple(Row(i, f"Option {i}", i, 1.0, "1.0") for i in range(14)))
    assert 9.0 <= chart._type_size() < roomy
    assert chart._type_size() * 1.1 < chart._pitch()


@pytest.mark.parametrize(
    "change",
    [
        lambda chart: chart.resize(500, 400),
        lambda chart: chart.set_look(Look(THEMES["lecture"], 1.5)),
        lambda chart: chart.set_rows(tuple(replace(row, name=row.name * 2) for row in ROWS)),
        lambda chart: chart.set_caption("chance to win", "Without noise: always Drama."),
    ],
    ids=["size", "look", "rows", "caption"],
)
def test_what_was_measured_is_measured_anew_after_a_change(qtbot: QtBot, chart: NamesOnly, change: object) -> None:
    def measures(of: NamesOnly) -> tuple[object, ...]:
        return of._top(), of._pitch(), of._type_size(), of._names_end(), of._remark_height(), of._row_rect(2)

    before = measures(chart)
    assert callable(change)
    change(chart)
    QApplication.processEvents()
    after = measures(chart)
    assert after != before
    fresh = NamesOnly()
    qtbot.addWidget(fresh)
    fresh.set_look(chart._look)
    fresh.resize(chart.size())
    fresh.set_caption(chart.caption, chart.remark)
    fresh.set_rows(chart._rows)
    fresh.show()
    assert measures(fresh) == after


def test_a_remark_gives_way_to_rows(chart: NamesOnly) -> None:
    chart.set_caption("", "Without noise: always Drama.\nWith noise: another wins 42.3%.")
    assert chart._remark_height() > 20
    chart.resize(300, 100)
    assert chart._remark_height() == 0.0
    chart.grab()


def test_the_present_row_stays_among_the_rows(chart: NamesOnly) -> None:
    chart._current = 2
    chart.set_rows(ROWS[:1])
    assert chart._current == 0
    chart.set_rows(())
    assert chart._current == 0
    chart.grab()


def test_the_kinds_of_chart_must_say_what_they_draw(qtbot: QtBot) -> None:
    bare = RowChart("Bare")
    qtbot.addWidget(bare)
    bare.set_rows(ROWS)
    with qtbot.capture_exceptions() as errors:
        bare.grab()
        bare.grab()
    assert [kind for kind, _, _ in errors] == [NotImplementedError]


# The field over a row ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    [QRectF(10, 10, 40, 20), QRectF(290, 200, 60, 20), QRectF(0, 0, 5, 5), QRectF(120, 235, 90, 2)],
)
def test_the_field_lies_inside_the_chart_and_is_large_enough(chart: NamesOnly, where: QRectF) -> None:
    chart.edit(where, "2.5", lambda _text: None)
    editor = chart.findChild(QLineEdit)
    assert editor is not None
    assert chart.rect().contains(editor.geometry())
    assert editor.width() >= chart._look.px(84)
    assert editor.accessibleName()
    chart.close_editor()


def test_the_text_is_taken_once(qtbot: QtBot, chart: NamesOnly) -> None:
    """Enter takes it, and so does leaving the field, which Enter brings about."""
    taken: list[str] = []
    chart.activateWindow()
    qtbot.waitUntil(chart.isActiveWindow)
    chart.edit(QRectF(10, 10, 40, 20), "2.5", taken.append)
    editor = chart.findChild(QLineEdit)
    assert editor is not None
    assert editor.hasFocus()
    QTest.keyClicks(editor, "7")
    QTest.keyClick(editor, Qt.Key.Key_Enter)
    QApplication.processEvents()
    assert taken == ["7"]


def test_closing_takes_nothing_and_leaves_nothing_behind(qtbot: QtBot, chart: NamesOnly) -> None:
    taken: list[str] = []
    chart.edit(QRectF(10, 10, 40, 20), "2.5", taken.append)
    editor = chart.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "7")
    with qtbot.waitSignal(editor.destroyed):
        chart.close_editor()
        chart.close_editor()
    assert taken == []
    assert chart.findChildren(QLineEdit) == []
