"""Charts with one row per option: what bars and switches have in common."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar, cast

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_marker, draw_pin
from gumbelviz.views.plots.row import LEAST_PITCH, Row
from gumbelviz.views.spoken import describe

Chart = TypeVar("Chart", bound="RowChart")
Measured = TypeVar("Measured")


def kept(measure: Callable[[Chart], Measured]) -> Callable[[Chart], Measured]:
    """Keep what a chart measured of itself until something changes: a row asks for the same widths many times."""
    name = measure.__name__

    @functools.wraps(measure)
    def recall(self: Chart) -> Measured:
        if name not in self.measured:
            self.measured[name] = measure(self)
        return cast("Measured", self.measured[name])

    return recall


class RowChart(QWidget):
    """Rows with names on the left. Knows where things are; the kinds of chart draw what belongs there.

    Signals
    -------
    wished(name, value, final)
        A person wants something changed; `final` is False while a drag goes on.
    menuRequested(option, place)
        A person asked for the menu of an option, at a place on the screen.
    scrolled(rows)
        A person wants to see what lies so many rows further down; only where `scrolls`.
    resized()
        There is room for more rows, or for fewer.
    """

    wished = Signal(str, object, bool)
    menuRequested = Signal(int, object)
    scrolled = Signal(int)
    resized = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self.measured: dict[str, object] = {}
        self._rows: tuple[Row, ...] = ()
        self._current = 0
        self._editor: QLineEdit | None = None
        self._editing: Callable[[str], None] | None = None
        self._title = title
        self.caption = ""
        self.remark = ""
        self.names_width = 0.0
        self.can_rename = False
        self.show_swatches = False
        self.scrolls = False
        self.widest_rank = ""
        self._wheel = 0
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.rearrange()

    def rearrange(self) -> None:
        """Measure anew, and paint."""
        self.measured.clear()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rearrange()
        self.resized.emit()

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Show `rows`; nothing is painted again where nothing changed."""
        if rows != self._rows:
            # The row that the keyboard acts on stays with its option when ranks change.
            chosen = self._rows[self._current].option if self._rows else -1
            options = [row.option for row in rows]
            same_place = min(self._current, max(len(rows) - 1, 0))
            self._current = options.index(chosen) if chosen >= 0 and chosen in options else same_place
            self._rows = rows
            describe(self, "; ".join(f"{row.name} {row.text}" for row in rows[:20]))
            self.rearrange()

    def set_caption(self, caption: str, remark: str = "") -> None:
        """Write a line above the rows and a quiet text below them."""
        if (caption, remark) != (self.caption, self.remark):
            self.caption, self.remark = caption, remark
            self.rearrange()

    # Places, all in widget pixels.

    @property
    def _edge(self) -> float:
        return self._look.px(14)

    @kept
    def _top(self) -> float:
        return self._look.px(38 if self.caption else 16)

    @kept
    def _remark_height(self) -> float:
        """Room for the remark; none where the rows need it more."""
        if not self.remark:
            return 0.0
        metrics = QFontMetricsF(self._look.font(13))
        width = max(self.width() - 2 * self._edge, 1.0)
        flags = Qt.TextFlag.TextWordWrap.value
        height = metrics.boundingRect(QRectF(0, 0, width, 1e4), flags, self.remark).height() + self._look.px(8)
        room = self.height() - self._top() - self._look.px(10) - height
        return height if room >= len(self._rows) * self._look.px(20) else 0.0

    @kept
    def _pitch(self) -> float:
        room = self.height() - self._top() - self._look.px(10) - self._remark_height()
        return min(max(room / max(len(self._rows), 1), 1.0), float(self._look.px(84)))

    @property
    def capacity(self) -> int:
        """How many rows can be read at this size."""
        return max(int((self.height() - self._top() - self._look.px(10)) / self._look.px(LEAST_PITCH)), 3)

    def _row_rect(self, place: int) -> QRectF:
        pitch = self._pitch()
        return QRectF(0, self._top() + place * pitch, self.width(), pitch)

    @kept
    def _type_size(self) -> float:
        """Names shrink a little before rows would touch."""
        return min(15.0, max(1.0, 0.8 * self._pitch() / (self._look.zoom * self._look.theme.text)))

    def _bar_height(self) -> float:
        return min(float(self._look.px(30)), 0.66 * self._pitch())

    def _swatch_width(self) -> float:
        return self._look.px(18) if self.show_swatches else 0.0

    def _name_rect(self, place: int) -> QRectF:
        row = self._row_rect(place)
        left = self._edge + self._swatch_width()
        if self._rows[place].rank:
            left += self._rank_width()
        return QRectF(left, row.top(), self._names_end() - left, row.height())

    @kept
    def _rank_width(self) -> float:
        """Room for the numbers before the names; none where there are none."""
        metrics = QFontMetricsF(self._look.font(self._rank_size()))
        # As wide as any rank, so that the names do not move when the ranks of some rows change.
        # In a narrow chart the names need the room more.
        wide = self.widest_rank and self.width() >= self._look.px(236)
        return metrics.horizontalAdvance(self.widest_rank) + self._look.px(7) if wide else 0.0

    def _rank_size(self) -> float:
        return min(12.5, self._type_size())

    @kept
    def _names_end(self) -> float:
        """Where the names end: as wide as the longest needs, at most half of the chart."""
        longest = self._longest_name(self._name_size())
        if self._has_room_for_remarks():
            small = QFontMetricsF(self._look.font(12.5))
            remarks = (small.horizontalAdvance(row.remark) + self._look.px(14) * row.pinned for row in self._rows)
            longest = max(longest, *remarks)
        left = self._edge + self._swatch_width() + self._rank_width()
        return left + max(min(longest + 2, self._most_names()), 0.0) + self._look.px(12)

    def _most_names(self) -> float:
        """The width that names may take, so that there is room for what stands beside them."""
        left = self._edge + self._swatch_width() + self._rank_width()
        return min(0.46 * self.width(), self.width() - left - self._content_room())

    def _longest_name(self, size: float) -> float:
        metrics = QFontMetricsF(self._look.font(size, bold=True))
        room = self._rank_width()
        # The row for the rest has no rank, and begins where the ranks do; with nothing beside it, it may be long.
        named = [row for row in self._rows[:40] if not row.is_bare_rest]
        return max((metrics.horizontalAdvance(row.name) - room * (not row.rank) for row in named), default=0.0)

    @kept
    def _name_size(self) -> float:
        """A name may shrink a little before it is cut."""
        size = self._type_size()
        longest, most = self._longest_name(size), max(self._most_names(), 1.0)
        return size if longest <= most else max(size * most / longest, 0.78 * size)

    def _has_room_for_remarks(self) -> bool:
        return self._pitch() > self._look.px(46)

    def _content_room(self) -> float:
        """The least width that what stands beside the names needs."""
        return float(self._look.px(90))

    def row_at(self, position: QPointF) -> int:
        """Return the place of the row under `position`, or -1."""
        if not self._rows or position.y() < self._top():
            return -1
        place = int((position.y() - self._top()) / self._pitch())
        return place if place < len(self._rows) else -1

    # Painting.

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.caption:
                self._paint_caption_line(painter)
            for place, row in enumerate(self._rows):
                self._paint_row(painter, place, row)
            if self._remark_height():
                self._paint_remark(painter)

    def _paint_caption_line(self, painter: QPainter) -> None:
        painter.setFont(self._look.font(13))
        painter.setPen(self._look.color("quiet"))
        where = QRectF(self._edge, self._look.px(4), self.width() - 2 * self._edge, self._look.px(30))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        caption = painter.fontMetrics().elidedText(self.caption, Qt.TextElideMode.ElideRight, int(where.width()))
        painter.drawText(where, flags, caption)

    def _paint_remark(self, painter: QPainter) -> None:
        painter.setFont(self._look.font(13))
        painter.setPen(self._look.color("quiet"))
        top = self.height() - self._remark_height() - self._look.px(4)
        if self._rows:
            top = min(self._row_rect(len(self._rows)).top() + self._look.px(4), top)
        where = QRectF(self._edge, top, self.width() - 2 * self._edge, self._remark_height())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(where, flags | Qt.TextFlag.TextWordWrap, self.remark)

    def _paint_row(self, painter: QPainter, place: int, row: Row) -> None:
        rect = self._row_rect(place)
        look = self._look
        if row.winner:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("wash"))
            inset = min(look.px(4), 0.06 * rect.height())
            painter.drawRoundedRect(rect.adjusted(look.px(6), inset, -look.px(6), -inset), look.px(8), look.px(8))
        if self.hasFocus() and place == self._current:
            painter.setPen(QPen(look.color("accent"), max(2.0 * look.zoom, 1.5)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(look.px(5), 1.5, -look.px(5), -1.5), look.px(8), look.px(8))
        if self.show_swatches and row.option >= 0:
            painter.setPen(Qt.PenStyle.NoPen)
            center = QPointF(self._edge + look.px(5), rect.center().y())
            draw_marker(painter, look, row.color, center, min(look.px(5), 0.3 * rect.height()))
        if row.rank and self._rank_width():
            painter.setFont(look.font(self._rank_size()))
            painter.setPen(look.color("quiet"))
            left = self._edge + self._swatch_width()
            where = QRectF(left, rect.top(), self._rank_width() - look.px(7), rect.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.rank)
        self._paint_name(painter, place, row)
        self.paint_content(painter, place, row)

    def _paint_name(self, painter: QPainter, place: int, row: Row) -> None:
        look, rect = self._look, self._name_rect(place)
        if row.is_bare_rest:
            rect.setRight(self.width() - self._edge)
        painter.setFont(look.font(self._name_size(), bold=not row.quiet))
        painter.setPen(look.color("quiet" if row.quiet else "ink"))
        tall = self._has_room_for_remarks() and bool(row.remark)
        line = rect.adjusted(0, -look.px(9), 0, -look.px(9)) if tall else rect
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(line, flags, self._fit(painter, row.name, rect.width() - look.px(8)))
        if tall:
            painter.setFont(look.font(12.5))
            painter.setPen(look.color("quiet"))
            if row.pinned:
                painter.setBrush(look.color("quiet"))
                center = QPointF(rect.left() + look.px(5), rect.center().y() + look.px(11))
                draw_pin(painter, center, look.px(11))
            below = rect.adjusted(look.px(14) if row.pinned else 0, look.px(11), self.width(), look.px(11))
            painter.drawText(below, flags, row.remark)

    def paint_content(self, painter: QPainter, place: int, row: Row) -> None:
        """Draw what is right of the name."""
        raise NotImplementedError

    def _fit(self, painter: QPainter, text: str, width: float) -> str:
        return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, max(int(width), 0))

    def _ink(self, row: Row) -> QColor:
        return self._look.color("quiet" if row.quiet else "ink")

    # Typing into a row.

    def edit(self, where: QRectF, text: str, done: Callable[[str], None]) -> None:
        """Open a field over `where`; `done` gets the text when Enter is pressed or the field is left."""
        self.close_editor()
        editor = QLineEdit(text, self)
        editor.setFont(self._look.font(15))
        editor.setAccessibleName(f"{self._title}, value")
        height = float(self._look.px(30))
        width = max(where.width(), self._look.px(84))
        left = min(where.left(), self.width() - width - 2)
        top = min(max(where.center().y() - height / 2, 0), self.height() - height)
        editor.setGeometry(round(left), round(top), round(width), round(height))
        editor.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        editor.selectAll()
        self._editor, self._editing = editor, done
        editor.editingFinished.connect(self._edited)
        editor.installEventFilter(self)
        editor.show()
        editor.setFocus()

    def _edited(self) -> None:
        editor, done = self._editor, self._editing
        if editor is None:
            return
        text = editor.text()
        modified = editor.isModified()
        self.close_editor()
        if done is not None and modified:
            done(text)

    def close_editor(self) -> None:
        """Close the field without taking its text."""
        if self._editor is not None:
            editor, self._editor, self._editing = self._editor, None, None
            had_focus = editor.hasFocus()
            editor.hide()
            editor.deleteLater()
            if had_focus:
                self.setFocus()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is not self._editor:
            return False
        if isinstance(event, QFocusEvent) and event.lostFocus():
            # Qt calls a field finished only where its text was changed; here leaving it is the end in any case.
            if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
                self._edited()
        elif event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape:
                self.close_editor()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                # Taken here: the field would pass the key on to the chart, which would open it again.
                self._edited()
                return True
        return False

    def choose(self, option: int) -> None:
        """Let the keyboard act on the row of `option`, where it is shown."""
        for place, row in enumerate(self._rows):
            if row.option == option:
                self._current = place
                self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.scrolls:
            event.ignore()
            return
        # Touchpads send many small steps: a row is a third of a notch of a wheel.
        self._wheel -= event.angleDelta().y()
        rows = int(self._wheel / 40)
        self._wheel -= 40 * rows
        if rows:
            self.scrolled.emit(rows)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(60), self._look.px(40))

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(260), self._look.px(220))
