"""Bars that are dragged, typed, stepped, renamed, moved and removed, with the real mouse and the real keyboard."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFontDatabase, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.plots.bars import BarChart, Handle
from gumbelviz.views.plots.row import Row
from gumbelviz.views.plots.switches import SwitchChart

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Key = Qt.Key
Modifier = Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton
SCORES = Handle("logit", 0.1, 2, -1e6, 1e6)
THREE = (
    Row(0, "Drama", 0, 2.0, "2.0", winner=True),
    Row(1, "Comedy", 1, 1.2, "1.2"),
    Row(2, "Sci-fi", 2, -0.8, "−0.8"),
)


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


class Board:
    """A chart in a window, the wishes that it made, and a hand for the mouse."""

    def __init__(self, qtbot: QtBot, chart: BarChart, rows: tuple[Row, ...] = THREE) -> None:
        self.chart = chart
        self.wishes: list[tuple[str, object, bool]] = []
        self.menus: list[tuple[int, QPoint]] = []
        chart.wished.connect(lambda *wish: self.wishes.append(wish))
        chart.menuRequested.connect(lambda *menu: self.menus.append(menu))
        self.window = QWidget()
        qtbot.addWidget(self.window)
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(chart)
        chart.set_look(Look())
        chart.set_range(-1.0, 5.0)
        chart.set_rows(rows)
        self.window.resize(320, 260)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def focus(self, place: int = 0) -> None:
        self.chart.setFocus()
        assert self.chart.hasFocus()
        for _ in range(place):
            QTest.keyClick(self.chart, Key.Key_Down)
        assert self.wishes == []

    def type(self, text: str) -> None:
        editor = self.editor
        if text.isascii():
            QTest.keyClicks(editor, text)
        else:
            # QTest has only the keys of an English keyboard.
            editor.insert(text)
        QTest.keyClick(editor, Key.Key_Return)

    @property
    def editor(self) -> QLineEdit:
        editors = [editor for editor in self.chart.findChildren(QLineEdit) if editor.isVisible()]
        assert len(editors) == 1
        return editors[0]

    @property
    def editors(self) -> int:
        return sum(editor.isVisible() for editor in self.chart.findChildren(QLineEdit))

    def bar_end(self, place: int) -> QPoint:
        """A point on the bar, a little short of where it ends."""
        value = self.chart._rows[place].value
        assert value is not None
        x = 0.5 * (self.chart._x(0.0) + self.chart._x(value))
        return QPoint(round(x), round(self.chart._row_rect(place).center().y()))

    def press(self, point: QPoint) -> None:
        QTest.mousePress(self.chart, LEFT, Modifier.NoModifier, point)

    def move(self, point: QPoint, modifiers: Modifier = Modifier.NoModifier) -> None:
        # QTest knows no modifiers for a move; the application sends it like one from the system.
        where = QPointF(point)
        event = QMouseEvent(
            QEvent.Type.MouseMove, where, self.chart.mapToGlobal(where), Qt.MouseButton.NoButton, LEFT, modifiers
        )
        QApplication.sendEvent(self.chart, event)

    def release(self, point: QPoint, modifiers: Modifier = Modifier.NoModifier) -> None:
        QTest.mouseRelease(self.chart, LEFT, modifiers, point)

    def click(self, point: QPoint) -> None:
        QTest.mouseClick(self.chart, LEFT, Modifier.NoModifier, point)

    def drag(self, start: QPoint, *stops: QPoint, modifiers: Modifier = Modifier.NoModifier) -> None:
        self.press(start)
        for stop in stops:
            self.move(stop, modifiers)
        self.release(stops[-1], modifiers)


def full_chart(handle: Handle = SCORES) -> BarChart:
    chart = BarChart("Scores", handle)
    chart.can_rename = chart.can_remove = chart.show_swatches = True
    return chart


@pytest.fixture
def board(qtbot: QtBot) -> Iterator[Board]:
    """Scores as on the page: everything can be done to them."""
    made = Board(qtbot, full_chart())
    yield made
    made.chart.close_editor()


def values(board: Board) -> list[float]:
    """The numbers that were wished for, in order."""
    return [value[1] for name, value, _ in board.wishes if isinstance(value, tuple)]


# Painting ---------------------------------------------------------------------------------------------------

KINDS = {
    "plain": Row(0, "Drama", 0, 2.0, "2.0"),
    "negative": Row(0, "Drama", 0, -0.5, "−0.5"),
    "beyond the axis": Row(0, "Drama", 0, -1e6, "−1.0e6"),
    "zero": Row(0, "Drama", 0, 0.0, "0.0"),
    "masked": Row(0, "Drama", 0, None, "masked", quiet=True),
    "rest": Row(-1, "988 more", 0, None, "", quiet=True),
    "rest with a share": Row(-1, "988 more", 0, 0.4, "40.0%", quiet=True),
    "exact": Row(0, "Drama", 0, 2.0, "2.0", exact=2.1),
    "band": Row(0, "Drama", 0, 2.0, "2.0", exact=2.1, band=0.5),
    "hair-thin band": Row(0, "Drama", 0, 2.0, "2.0", exact=2.1, band=1e-9),
    "pinned": Row(0, "Drama", 0, 2.0, "2.0", pinned=True, remark="quantile 0.873"),
    "winner": Row(0, "Drama", 0, 2.0, "2.0", winner=True),
    "hatch": Row(0, "Drama", 8, 2.0, "2.0"),
    "second hatch": Row(0, "Drama", 17, 2.0, "2.0", exact=1.0),
    "large colour": Row(0, "Drama", 2**31 - 1, 2.0, "2.0"),
    "no name": Row(0, "", 0, 2.0, "2.0"),
    "long name": Row(0, "A name that goes on and on " * 7, 0, 2.0, "2.0"),
    "other script": Row(0, "选项 🍦 خيار", 0, 2.0, "2.0"),
}


def picture(chart: QWidget) -> bytes:
    image = chart.grab().toImage()
    return bytes(image.constBits())


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_row_is_painted(qtbot: QtBot, kind: str, theme: str) -> None:
    chart = full_chart()
    chart.crowned = True
    qtbot.addWidget(chart)
    chart.set_look(Look(THEMES[theme]))
    chart.set_range(-1.0, 5.0)
    chart.resize(260, 200)
    chart.set_caption("a caption that is longer than the chart is wide, and is cut", "and a remark")
    empty = picture(chart)
    chart.set_rows((KINDS[kind], THREE[1]))
    assert picture(chart) != empty


@pytest.mark.parametrize("size", [(1, 1), (60, 40), (120, 80), (2000, 30), (40, 2000)])
@pytest.mark.parametrize("count", [0, 1, 12, 200])
def test_no_size_and_no_number_of_rows_is_too_much(qtbot: QtBot, size: tuple[int, int], count: int) -> None:
    for chart in (full_chart(), SwitchChart("Switches")):
        qtbot.addWidget(chart)
        chart.set_look(Look())
        rows = tuple(Row(i, f"Option {i}", i, 1.0, "1.0", remark="quantile", exact=0.5, band=0.2) for i in range(count))
        chart.set_rows(rows)
        chart.set_caption("caption", "remark")
        chart.resize(*size)
        chart.grab()
        for place in range(count):
            assert chart._row_rect(place).height() >= 1.0


def test_what_is_marked_differs_from_what_is_not(qtbot: QtBot) -> None:
    chart = full_chart()
    chart.crowned = True
    qtbot.addWidget(chart)
    chart.set_look(Look())
    chart.set_range(-1.0, 5.0)
    chart.resize(320, 200)
    plain = Row(0, "Drama", 0, 2.0, "2.0", remark="quantile 0.873")
    pictures = set()
    for row in (plain, replace(plain, winner=True), replace(plain, pinned=True), replace(plain, quiet=True),
                replace(plain, exact=2.5), replace(plain, exact=2.5, band=0.3), replace(plain, color=7),
                replace(plain, value=-0.5), replace(plain, value=None)):  # fmt: skip
        chart.set_rows((row,))
        pictures.add(picture(chart))
    assert len(pictures) == 9


def test_the_bar_ends_where_the_axis_says(qtbot: QtBot, board: Board) -> None:
    """Found by its colour in the picture, not by the chart's own arithmetic."""
    image = board.chart.grab().toImage()
    for place, row in enumerate(THREE):
        assert row.value is not None
        color = Look().option_color(row.color)
        y = round(board.chart._row_rect(place).center().y())
        inked = [
            x
            for x in range(round(board.chart._axis()[0]), image.width())
            if image.pixelColor(x, y).rgb() == color.rgb()
        ]
        ends = sorted((board.chart._x(0.0), board.chart._x(row.value)))
        # The zero line is painted first, and the bar over half of it.
        assert abs(inked[0] - ends[0]) <= 2.0
        assert abs(inked[-1] + 1 - ends[1]) <= 2.0
        assert inked == list(range(inked[0], inked[-1] + 1))


def test_the_numbers_stay_inside_and_clear_of_their_bars(board: Board) -> None:
    for place, row in enumerate(THREE):
        assert row.value is not None
        number = board.chart._value_rect(place)
        assert number.right() <= board.chart.width()
        assert number.left() > board.chart._x(row.value)


def test_the_same_rows_are_not_painted_again(qtbot: QtBot, board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(board.chart, "update", lambda: asked.append(True))
    board.chart.set_rows(tuple(replace(row) for row in THREE))
    board.chart.set_caption("", "")
    board.chart.set_range(-1.0, 5.0)
    assert asked == []
    board.chart.set_rows(THREE[:2])
    assert asked != []


def test_screen_readers_get_the_rows(board: Board) -> None:
    assert board.chart.accessibleName() == "Scores"
    assert board.chart.accessibleDescription() == "Drama 2.0; Comedy 1.2; Sci-fi −0.8"


def test_a_tiny_range_is_widened_and_zero_stays(qtbot: QtBot) -> None:
    chart = BarChart("Flat")
    qtbot.addWidget(chart)
    chart.set_look(Look())
    chart.resize(300, 200)
    chart.set_rows(THREE)
    chart.set_range(0.0, 0.0)
    assert chart._x(1.0) > chart._x(0.0)


def test_switches_show_one_winner(qtbot: QtBot) -> None:
    chart = SwitchChart("Hard choice")
    qtbot.addWidget(chart)
    chart.set_look(Look())
    chart.resize(260, 200)

    def show(winner: int) -> bytes:
        chart.set_rows(tuple(Row(i, f"Option {i}", i, float(i == winner), str(int(i == winner)), winner=i == winner)
                             for i in range(3)))  # fmt: skip
        return picture(chart)

    assert len({show(0), show(1), show(2)}) == 3
    # Nothing happens on a click: it is a picture of what argmax did.
    QTest.mouseClick(chart, LEFT, Modifier.NoModifier, QPoint(130, 100))
    QTest.mouseDClick(chart, LEFT, Modifier.NoModifier, QPoint(130, 100))


# The mouse --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("by", [-37, 23, 41])
def test_a_dragged_bar_follows_the_pointer(board: Board, place: int, by: int) -> None:
    chart = board.chart
    chart.set_range(-6.0, 10.0)
    start = board.bar_end(place)
    stops = [start + QPoint(round(by * share), 0) for share in (0.25, 0.5, 0.75, 1.0)]
    before = THREE[place].value
    assert before is not None
    board.drag(start, *stops)
    assert [(name, final) for name, _, final in board.wishes] == [("logit", False)] * 4 + [("logit", True)]
    assert {value[0] for _, value, _ in board.wishes if isinstance(value, tuple)} == {place}
    left, right = chart._axis()
    pixel = 16.0 / (right - left)
    moved = [round(by * share) for share in (0.25, 0.5, 0.75, 1.0, 1.0)]
    for value, pixels in zip(values(board), moved, strict=True):
        assert value == pytest.approx(before + pixels * pixel, abs=pixel)
        assert value == round(value, 2)
    # The end of the bar would stand where the pointer took it.
    assert chart._x(values(board)[-1]) - chart._x(before) == pytest.approx(by, abs=1.0)


def test_a_drag_with_shift_is_ten_times_finer(board: Board) -> None:
    start = board.bar_end(0)
    board.drag(start, start + QPoint(40, 0))
    coarse = values(board)[-1] - 2.0
    board.wishes.clear()
    board.drag(start, start + QPoint(40, 0), modifiers=Modifier.ShiftModifier)
    fine = values(board)[-1] - 2.0
    assert fine == pytest.approx(coarse / 10, abs=0.011)
    assert fine > 0.0


def test_a_drag_that_comes_back_ends_too(board: Board) -> None:
    """Without a last word of it, Undo would take this drag and the next one for the same."""
    start = board.bar_end(0)
    board.drag(start, start + QPoint(30, 0), start)
    assert board.wishes[-1] == ("logit", (0, 2.0), True)


def test_a_click_on_a_bar_wishes_nothing(board: Board) -> None:
    board.click(board.bar_end(0))
    assert board.wishes == []
    assert board.editors == 0


def test_only_the_left_button_drags(board: Board) -> None:
    start = board.bar_end(0)
    QTest.mousePress(board.chart, Qt.MouseButton.RightButton, Modifier.NoModifier, start)
    board.move(start + QPoint(30, 0))
    QTest.mouseRelease(board.chart, Qt.MouseButton.RightButton, Modifier.NoModifier, start + QPoint(30, 0))
    assert board.wishes == []


def test_a_move_without_a_press_only_points(board: Board) -> None:
    board.move(board.bar_end(0))
    assert board.wishes == []
    assert board.chart.cursor().shape() == Qt.CursorShape.SizeHorCursor
    board.move(board.chart._value_rect(1).center().toPoint())
    assert board.chart.cursor().shape() == Qt.CursorShape.IBeamCursor
    board.move(QPoint(200, 2))
    assert board.chart.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_drag_ends_at_the_limits(qtbot: QtBot) -> None:
    handle = Handle("probability", 0.01, 4, 0.0, 1.0)
    rows = (Row(0, "Yes", 0, 0.6, "60.0%"), Row(1, "No", 1, 0.4, "40.0%"))
    board = Board(qtbot, full_chart(handle), rows)
    board.chart.set_range(0.0, 1.0)
    start = board.bar_end(0)
    board.drag(start, start + QPoint(5000, 0))
    board.drag(start, start - QPoint(5000, 0))
    assert [value for value, (_, _, final) in zip(values(board), board.wishes, strict=True) if final] == [1.0, 0.0]


def test_the_axis_stands_still_under_a_drag(board: Board) -> None:
    """The store answers each wish while the bar is held; the range it asks for comes when the hand lets go."""
    chart, start = board.chart, board.bar_end(0)
    board.press(start)
    board.move(start + QPoint(10, 0))
    zero = chart._x(0.0)
    chart.set_range(-4.0, 40.0)
    chart.set_rows((replace(THREE[0], value=2.3, text="2.3"), *THREE[1:]))
    assert chart._x(0.0) == pytest.approx(zero, abs=1.0)
    board.move(start + QPoint(20, 0))
    board.release(start + QPoint(20, 0))
    assert chart._per_pixel() == pytest.approx(44.0 / (chart._axis()[1] - chart._axis()[0]))


def test_what_a_drag_says_depends_on_the_pointer_alone(board: Board) -> None:
    """Rows that follow the drag do not feed back into it."""

    def answer(name: str, value: tuple[int, float], final: bool) -> None:
        rows = list(board.chart._rows)
        rows[value[0]] = replace(rows[value[0]], value=value[1], text=f"{value[1]:.1f}")
        board.chart.set_rows(tuple(rows))

    board.chart.wished.connect(answer)
    start = board.bar_end(0)
    pixel = board.chart._per_pixel()
    board.drag(start, *(start + QPoint(i, 0) for i in range(1, 31)))
    assert values(board)[-1] == pytest.approx(2.0 + 30 * pixel, abs=2 * pixel)


def test_rows_may_vanish_under_a_drag(board: Board) -> None:
    """Another scene can open while a bar is held."""
    start = board.bar_end(2)
    board.press(start)
    board.move(start + QPoint(10, 0))
    board.chart.set_rows(THREE[:1])
    board.move(start + QPoint(20, 0))
    board.release(start + QPoint(20, 0))
    board.chart.grab()


def test_rows_may_vanish_while_one_is_moved_or_edited(board: Board) -> None:
    name = board.chart._name_rect(2).center().toPoint()
    board.press(name)
    board.move(board.chart._name_rect(1).center().toPoint())
    board.chart.set_rows(THREE[:1])
    board.move(board.chart._name_rect(0).center().toPoint())
    board.release(board.chart._name_rect(0).center().toPoint())
    board.chart.set_rows(THREE)
    board.click(board.chart._name_rect(2).center().toPoint())
    board.wishes.clear()
    assert board.editors == 1
    board.chart.set_rows(())
    assert board.editors == 0
    assert board.wishes == []


def test_a_drag_stays_with_its_option_where_others_overtake_it(board: Board) -> None:
    """Among many options rows are ranked, and a dragged score changes its rank under the hand."""
    start = board.bar_end(1)
    board.press(start)
    board.move(start + QPoint(30, 0))
    board.chart.set_rows((replace(THREE[1], value=2.4, text="2.4"), THREE[0], THREE[2]))
    board.move(start + QPoint(40, 0))
    board.release(start + QPoint(40, 0))
    assert [value[0] for _, value, _ in board.wishes if isinstance(value, tuple)] == [1, 1, 1]
    assert values(board) == sorted(values(board))


def test_a_click_on_the_swatch_asks_for_a_colour(board: Board) -> None:
    rect = board.chart._row_rect(1)
    board.click(QPoint(round(board.chart._edge + 5), round(rect.center().y())))
    assert board.wishes == [("choose color", 1, True)]


def test_a_click_on_the_cross_removes(board: Board) -> None:
    board.move(board.bar_end(1))
    board.click(board.chart._cross_rect(1).center().toPoint())
    assert board.wishes == [("remove", 1, True)]


def test_the_last_row_has_no_cross(qtbot: QtBot) -> None:
    board = Board(qtbot, full_chart(), THREE[:1])
    board.click(board.chart._cross_rect(0).center().toPoint())
    assert "remove" not in [name for name, _, _ in board.wishes]


def test_the_cross_is_shown_only_under_the_pointer(board: Board) -> None:
    plain = picture(board.chart)
    board.move(board.bar_end(1))
    assert picture(board.chart) != plain
    QApplication.sendEvent(board.chart, QEvent(QEvent.Type.Leave))
    assert picture(board.chart) == plain


def test_a_click_on_the_number_opens_it(board: Board) -> None:
    board.click(board.chart._value_rect(1).center().toPoint())
    assert board.editor.text() == "1.2"
    assert board.editor.selectedText() == "1.2"
    board.type("3,25")
    assert board.wishes == [("logit", (1, 3.25), True)]
    assert board.editors == 0
    assert board.chart.hasFocus()


def test_a_click_on_the_name_opens_it(board: Board) -> None:
    board.click(board.chart._name_rect(2).center().toPoint())
    board.type("Western")
    assert board.wishes == [("rename", (2, "Western"), True)]


def test_a_double_click_on_the_number_opens_it_too(board: Board) -> None:
    """The first click opens the field, which the second one then falls on."""
    board.click(board.chart._value_rect(1).center().toPoint())
    QTest.mouseDClick(board.editor, LEFT)
    board.editor.selectAll()
    board.type("7")
    assert board.wishes == [("logit", (1, 7.0), True)]


def test_a_double_click_on_a_bar_wishes_nothing(board: Board) -> None:
    board.click(board.bar_end(1))
    QTest.mouseDClick(board.chart, LEFT, Modifier.NoModifier, board.bar_end(1))
    board.release(board.bar_end(1))
    assert board.wishes == []
    assert board.editors == 0


def test_a_drag_may_begin_on_the_number(board: Board) -> None:
    """A number that is pushed along moves its bar; a hand that trembles still opens it."""
    point = board.chart._value_rect(1).center().toPoint()
    board.drag(point, point + QPoint(2, 0))
    assert board.wishes == []
    assert board.editors == 1
    QTest.keyClick(board.editor, Key.Key_Escape)
    board.drag(point, point + QPoint(2, 0), point + QPoint(15, 0), point + QPoint(30, 0))
    assert [(name, final) for name, _, final in board.wishes] == [("logit", False)] * 2 + [("logit", True)]
    assert values(board)[-1] == pytest.approx(1.2 + 30 * board.chart._per_pixel(), abs=board.chart._per_pixel())
    assert board.editors == 0


def test_a_name_dragged_up_and_down_moves_its_row(board: Board) -> None:
    rows = list(THREE)

    def answer(name: str, value: tuple[int, int], final: bool) -> None:
        # The store's answer: the same rows in their new order, numbered by place.
        source, target = value
        rows.insert(target, rows.pop(source))
        board.chart.set_rows(tuple(replace(row, option=i) for i, row in enumerate(rows)))

    board.chart.wished.connect(answer)
    names = [board.chart._name_rect(place).center().toPoint() for place in range(3)]
    board.drag(names[0], names[0] + QPoint(0, 3), names[1], names[2], names[1])
    assert board.wishes == [
        ("move", (0, 1), False), ("move", (1, 2), False), ("move", (2, 1), False), ("move", (1, 1), True),
    ]  # fmt: skip
    assert [row.name for row in rows] == ["Comedy", "Drama", "Sci-fi"]
    assert board.editors == 0


def test_what_cannot_be_changed_only_shows(qtbot: QtBot) -> None:
    board = Board(qtbot, BarChart("Chances"))
    board.drag(board.bar_end(0), board.bar_end(0) + QPoint(30, 0))
    board.click(board.chart._value_rect(0).center().toPoint())
    QTest.keyClick(board.chart, Key.Key_Right)
    assert board.wishes == []
    assert board.editors == 0
    assert board.chart.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_the_row_for_the_rest_cannot_be_touched(qtbot: QtBot) -> None:
    board = Board(qtbot, full_chart(), (*THREE, KINDS["rest with a share"]))
    for point in (board.bar_end(3), board.chart._value_rect(3).center().toPoint(), QPoint(20, board.bar_end(3).y())):
        board.drag(point, point + QPoint(20, 0))
        board.click(point)
    board.focus(3)
    for key in (Key.Key_Right, Key.Key_Return, Key.Key_Delete, Key.Key_F2):
        QTest.keyClick(board.chart, key)
    QTest.keyClick(board.chart, Key.Key_Up, Modifier.AltModifier)
    QApplication.sendEvent(board.chart, context_menu(board, 3, QContextMenuEvent.Reason.Keyboard))
    assert [wish for wish in board.wishes if wish[0] != "move"] == []
    assert all(value != (-1, 2) for _, value, _ in board.wishes)
    assert board.menus == []
    assert board.editors == 0


def test_a_masked_row_can_be_typed_but_not_dragged(qtbot: QtBot) -> None:
    board = Board(qtbot, full_chart(), (THREE[0], replace(KINDS["masked"], option=1)))
    middle = QPoint(200, round(board.chart._row_rect(1).bottom() - 3))
    board.drag(middle, middle + QPoint(30, 0))
    assert [wish for wish in board.wishes if wish[0] == "logit"] == []
    board.wishes.clear()
    board.focus(1)
    QTest.keyClick(board.chart, Key.Key_Right)
    assert board.wishes == []
    QTest.keyClick(board.chart, Key.Key_Return)
    board.type("1.5")
    assert board.wishes == [("logit", (1, 1.5), True)]


# The keyboard -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "modifier", "wanted"),
    [
        (Key.Key_Right, Modifier.NoModifier, 2.1),
        (Key.Key_Left, Modifier.NoModifier, 1.9),
        (Key.Key_Right, Modifier.ShiftModifier, 2.01),
        (Key.Key_Left, Modifier.ShiftModifier, 1.99),
        (Key.Key_PageUp, Modifier.NoModifier, 3.0),
        (Key.Key_PageDown, Modifier.NoModifier, 1.0),
    ],
)
def test_arrow_keys_step_the_bar(board: Board, key: Key, modifier: Modifier, wanted: float) -> None:
    board.focus()
    QTest.keyClick(board.chart, key, modifier)
    assert board.wishes == [("logit", (0, wanted), True)]


def test_steps_end_at_the_limits(qtbot: QtBot) -> None:
    rows = (Row(0, "Yes", 0, 0.995, "99.5%"), Row(1, "No", 1, 0.005, "0.5%"))
    board = Board(qtbot, full_chart(Handle("probability", 0.01, 4, 0.0, 1.0)), rows)
    board.focus()
    QTest.keyClick(board.chart, Key.Key_Right)
    QTest.keyClick(board.chart, Key.Key_Down)
    QTest.keyClick(board.chart, Key.Key_Left)
    assert values(board) == [1.0, 0.0]


def test_up_and_down_walk_and_stop_at_the_ends(board: Board) -> None:
    board.focus()
    stepped = []
    for walk in (Key.Key_Up, Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Up):
        QTest.keyClick(board.chart, walk)
        QTest.keyClick(board.chart, Key.Key_Right)
        value = board.wishes[-1][1]
        assert isinstance(value, tuple)
        stepped.append(value[0])
    assert stepped == [0, 1, 2, 2, 1]


def test_the_focus_can_be_seen(board: Board) -> None:
    board.chart.clearFocus()
    plain = picture(board.chart)
    board.focus()
    first = picture(board.chart)
    QTest.keyClick(board.chart, Key.Key_Down)
    assert len({plain, first, picture(board.chart)}) == 3
    board.chart.clearFocus()
    assert picture(board.chart) == plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2.0),
        ("-inf", -math.inf),
        ("−∞", -math.inf),
        ("inf", math.inf),
        ("1e-3", 0.001),
        ("50%", 0.5),
        ("-0,5", -0.5),
    ],
)
def test_a_typed_number_is_passed_on_exactly(board: Board, text: str, value: float) -> None:
    """Whether it has a meaning is for the store to say."""
    board.focus()
    QTest.keyClick(board.chart, Key.Key_Return)
    board.type(text)
    assert board.wishes == [("logit", (0, value), True)]


@pytest.mark.parametrize("text", ["abc", "nan", "1 2 3", "0x1f", "--1"])
def test_a_typed_word_is_complained_of(board: Board, text: str) -> None:
    board.focus()
    QTest.keyClick(board.chart, Key.Key_Return)
    board.type(text)
    assert board.wishes == [("complain", f"“{text}” is not a number.", True)]
    assert board.editors == 0


def test_a_share_is_typed_in_per_cent_too(qtbot: QtBot) -> None:
    from gumbelviz.views.pages.pipeline import _share

    rows = (Row(0, "Yes", 0, 0.6, "60.0%"), Row(1, "No", 1, 0.4, "40.0%"))
    board = Board(qtbot, full_chart(Handle("probability", 0.01, 4, 0.0, 1.0, typed=_share)), rows)
    board.focus()
    for text in ("62", "0.62", "62%", "1", "100"):
        QTest.keyClick(board.chart, Key.Key_Return)
        board.type(text)
    assert values(board) == [0.62, 0.62, 0.62, 1.0, 1.0]


def test_escape_leaves_the_number_as_it_was(board: Board) -> None:
    board.focus()
    QTest.keyClick(board.chart, Key.Key_Return)
    QTest.keyClicks(board.editor, "9")
    QTest.keyClick(board.editor, Key.Key_Escape)
    assert board.wishes == []
    assert board.editors == 0
    assert board.chart.hasFocus()


def test_an_untouched_number_is_not_wished_for(board: Board) -> None:
    """Rounded for the eye, it would come back changed."""
    board.focus()
    QTest.keyClick(board.chart, Key.Key_Return)
    QTest.keyClick(board.editor, Key.Key_Return)
    assert board.wishes == []


def test_leaving_the_field_takes_the_number(board: Board) -> None:
    board.focus()
    QTest.keyClick(board.chart, Key.Key_Return)
    QTest.keyClicks(board.editor, "4")
    board.window.setFocus()
    board.editor.clearFocus() if board.editors else None
    assert board.wishes == [("logit", (0, 4.0), True)]


def test_a_second_field_takes_the_place_of_the_first(board: Board) -> None:
    board.click(board.chart._value_rect(0).center().toPoint())
    board.click(board.chart._value_rect(2).center().toPoint())
    assert board.editor.text() == "−0.8"
    board.type("-1")
    assert board.wishes == [("logit", (2, -1.0), True)]


def test_delete_removes_but_not_the_last(qtbot: QtBot, board: Board) -> None:
    board.focus(1)
    QTest.keyClick(board.chart, Key.Key_Delete)
    assert board.wishes == [("remove", 1, True)]
    board.wishes.clear()
    board.chart.set_rows(THREE[:1])
    QTest.keyClick(board.chart, Key.Key_Delete)
    assert board.wishes == []


def test_f2_renames(board: Board) -> None:
    board.focus(1)
    QTest.keyClick(board.chart, Key.Key_F2)
    assert board.editor.selectedText() == "Comedy"
    board.type("Farce")
    assert board.wishes == [("rename", (1, "Farce"), True)]


def test_alt_and_arrows_reorder(board: Board) -> None:
    board.focus(1)
    QTest.keyClick(board.chart, Key.Key_Down, Modifier.AltModifier)
    QTest.keyClick(board.chart, Key.Key_Down, Modifier.AltModifier)
    assert board.wishes == [("move", (1, 2), True)]
    QTest.keyClick(board.chart, Key.Key_Up, Modifier.AltModifier)
    assert board.wishes[1:] == [("move", (2, 1), True)]


def test_noise_is_pinned_and_unpinned_by_keys(qtbot: QtBot) -> None:
    board = Board(qtbot, BarChart("Noise", Handle("pin", 0.1, 2, -1e6, 1e6)))
    board.focus()
    QTest.keyClick(board.chart, Key.Key_P)
    QTest.keyClick(board.chart, Key.Key_Delete)
    QTest.keyClick(board.chart, Key.Key_Right)
    assert board.wishes == [("toggle pin", 0, True), ("pin", (0, None), True), ("pin", (0, 2.1), True)]
    board.wishes.clear()
    QTest.keyClick(board.chart, Key.Key_F2)
    QTest.keyClick(board.chart, Key.Key_Down, Modifier.AltModifier)
    assert board.wishes == []
    assert board.editors == 0


def context_menu(board: Board, place: int, reason: QContextMenuEvent.Reason) -> QContextMenuEvent:
    point = board.chart._row_rect(place).center().toPoint() if reason == QContextMenuEvent.Reason.Mouse else QPoint()
    return QContextMenuEvent(reason, point, board.chart.mapToGlobal(point))


def test_the_menu_key_asks_for_the_menu_of_the_present_row(board: Board) -> None:
    board.focus(2)
    QApplication.sendEvent(board.chart, context_menu(board, 0, QContextMenuEvent.Reason.Keyboard))
    assert [place for place, _ in board.menus] == [2]
    where = board.chart.mapFromGlobal(board.menus[0][1])
    assert board.chart._row_rect(2).contains(QPointF(where))


def test_the_right_button_asks_for_the_menu_of_its_row(board: Board) -> None:
    QApplication.sendEvent(board.chart, context_menu(board, 1, QContextMenuEvent.Reason.Mouse))
    assert [place for place, _ in board.menus] == [1]
    board.menus.clear()
    outside = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(100, 2), board.chart.mapToGlobal(QPoint(100, 2)))
    QApplication.sendEvent(board.chart, outside)
    assert board.menus == []


def override(chart: BarChart, key: Key, modifier: Modifier = Modifier.NoModifier) -> bool:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
    event.ignore()
    QApplication.sendEvent(chart, event)
    return event.isAccepted()


def test_keys_that_mean_something_here_are_taken_from_the_window(board: Board) -> None:
    taken = [Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_PageUp, Key.Key_Return, Key.Key_Enter,
             Key.Key_Delete, Key.Key_F2]  # fmt: skip
    assert all(override(board.chart, key) for key in taken)
    assert override(board.chart, Key.Key_Up, Modifier.AltModifier)
    assert override(board.chart, Key.Key_Left, Modifier.ShiftModifier)
    for key in (Key.Key_Space, Key.Key_Home, Key.Key_F, Key.Key_F11, Key.Key_P):
        assert not override(board.chart, key), key
    assert not override(board.chart, Key.Key_Right, Modifier.ControlModifier)


def test_a_chart_that_only_shows_takes_no_keys(qtbot: QtBot) -> None:
    chart = BarChart("Chances")
    qtbot.addWidget(chart)
    chart.set_rows(THREE)
    assert not override(chart, Key.Key_Right)


def test_without_rows_keys_do_nothing(board: Board) -> None:
    board.chart.set_rows(())
    board.focus()
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Return, Key.Key_Delete):
        QTest.keyClick(board.chart, key)
    assert board.wishes == []
    board.chart.grab()


def test_keys_unknown_to_qt_are_let_through(board: Board) -> None:
    """Media keys and the like: a number that is no name of Qt must not raise."""
    board.focus()
    for code in (0, 0x01FFFFFF, 0x1100):
        event = QKeyEvent(QEvent.Type.KeyPress, code, Modifier.NoModifier)
        QApplication.sendEvent(board.chart, event)
    assert board.wishes == []
