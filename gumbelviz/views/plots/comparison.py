"""A table that compares: one column per way to do it, one row per thing that is counted."""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_marker
from gumbelviz.views.spoken import describe


@dataclass(frozen=True, slots=True)
class Cell:
    """One entry: its words, the colour of the theme they have, and a bar of 0 to 1 where there is one.

    `exact` is where theory would have the bar end.
    """

    text: str
    tone: str = "ink"
    share: float | None = None
    exact: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `color` is the option it speaks of, and a row without cells is a heading."""

    label: str
    cells: tuple[Cell, ...] = ()
    tip: str = ""
    remark: str = ""
    color: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Some columns under one heading."""

    title: str
    columns: tuple[str, ...]


class ComparisonTable(QWidget):
    """Rows as high as there is room for, up to a comfortable height."""

    def __init__(self, title: str, groups: tuple[Group, ...]) -> None:
        super().__init__()
        self._look = Look()
        self._title = title
        self._groups = groups
        self._lines: tuple[Line, ...] = ()
        self._corner = ""
        self._progress = 1.0
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(60, 60)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    def set_lines(self, corner: str, progress: float, lines: tuple[Line, ...]) -> None:
        """Show these rows; `corner` says of what, and a line under it how much of it is done."""
        if (corner, progress, lines) == (self._corner, self._progress, self._lines):
            return
        self._corner, self._progress, self._lines = corner, progress, lines
        heads = [f"{group.title}, {column}" for group in self._groups for column in group.columns]
        spoken = [
            f"{line.label}: " + ", ".join(f"{head} {cell.text}" for head, cell in zip(heads, line.cells, strict=True))
            for line in lines
            if line.cells
        ]
        describe(self, f"{corner}. " + "; ".join(spoken))
        self.update()

    def fitting_lines(self) -> int:
        """How many rows can be read at the present height."""
        return int((self.height() - 2 * self._margin()) / (1.25 * self._look.px(13.5))) - 2

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(600), self._look.px(28) * (len(self._lines) + 2))

    # Places.

    def _margin(self) -> float:
        return float(self._look.px(12))

    def _row_height(self) -> float:
        return min((self.height() - 2 * self._margin()) / (len(self._lines) + 2), float(self._look.px(33)))

    def _type_size(self) -> float:
        """In the units of `Look.font`: what fits the rows."""
        return max(min(100.0 * self._row_height() / self._look.px(100) / 1.42, 15.0), 9.0)

    def _label_width(self) -> float:
        metrics = QFontMetricsF(self._look.font(self._type_size()))
        widest = max((metrics.horizontalAdvance(line.label) for line in self._lines if line.cells), default=0.0)
        remarks = max((metrics.horizontalAdvance(line.remark) for line in self._lines if line.remark), default=0.0)
        wanted = widest + self._look.px(30) + (remarks and min(remarks + self._look.px(12), 0.12 * self.width()))
        return min(wanted, 0.34 * self.width())

    def _columns(self) -> list[QRectF]:
        """The rectangle of each column, with a wider gap between two groups."""
        left, gap = self._margin() + self._label_width(), float(self._look.px(14))
        counts = [len(group.columns) for group in self._groups]
        room = self.width() - self._margin() - left - gap * len(counts)
        width = max(room / sum(counts), 1.0)
        return [
            QRectF(left + gap * (number + 1) + (before + i) * width, self._margin(), width, self.height())
            for number, before in enumerate((0, *accumulate(counts[:-1])))
            for i in range(counts[number])
        ]

    def _row_rect(self, place: int) -> QRectF:
        """The rectangle of row `place`; the heads are rows -2 and -1."""
        height = self._row_height()
        return QRectF(self._margin(), self._margin() + (place + 2) * height, self.width() - 2 * self._margin(), height)

    # Painting.

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            columns = self._columns()
            self._paint_heads(painter, columns)
            for place, line in enumerate(self._lines):
                self._paint_line(painter, self._row_rect(place), line, columns)

    def _paint_heads(self, painter: QPainter, columns: list[QRectF]) -> None:
        look, size = self._look, self._type_size()
        upper, lower = self._row_rect(-2), self._row_rect(-1)
        middle = Qt.AlignmentFlag.AlignVCenter
        first = 0
        for group in self._groups:
            last = first + len(group.columns) - 1
            left, right = columns[first].left(), columns[last].right()
            painter.setFont(look.font(min(size + 1.5, 16.0), bold=True))
            painter.setPen(look.color("ink"))
            words = painter.fontMetrics().elidedText(group.title, Qt.TextElideMode.ElideRight, int(right - left))
            painter.drawText(QRectF(left, upper.top(), right - left, upper.height()), middle, words)
            painter.setFont(look.font(size))
            painter.setPen(look.color("quiet"))
            for name, column in zip(group.columns, columns[first : last + 1], strict=True):
                painter.drawText(QRectF(column.left(), lower.top(), column.width(), lower.height()), middle, name)
            painter.setPen(look.pen("line", 1.0))
            painter.drawLine(QPointF(left, lower.bottom()), QPointF(right - look.px(8), lower.bottom()))
            first = last + 1
        painter.setFont(look.font(size))
        painter.setPen(look.color("quiet"))
        room = QRectF(lower.left(), lower.top(), self._label_width(), lower.height())
        painter.drawText(room, middle, self._corner)
        if self._progress < 1.0:
            track = QRectF(room.left(), room.bottom() - look.px(2), room.width() - look.px(10), look.px(3))
            painter.fillRect(track, look.color("track"))
            track.setWidth(track.width() * self._progress)
            painter.fillRect(track, look.color("accent"))

    def _paint_line(self, painter: QPainter, rect: QRectF, line: Line, columns: list[QRectF]) -> None:
        look, size = self._look, self._type_size()
        middle = Qt.AlignmentFlag.AlignVCenter
        if not line.cells:
            painter.setFont(look.font(size, bold=True))
            painter.setPen(look.color("ink"))
            painter.drawText(rect, middle, line.label)
            return
        left, room = rect.left(), self._label_width() - look.px(8)
        if line.color is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            draw_marker(painter, look, line.color, QPointF(left + look.px(6), rect.center().y()), look.px(5))
            left += look.px(19)
            room -= look.px(19)
        painter.setFont(look.font(size))
        metrics = QFontMetricsF(painter.font())
        if line.remark:
            wide = metrics.horizontalAdvance(line.remark)
            painter.setPen(look.color("quiet"))
            painter.drawText(QRectF(left + room - wide, rect.top(), wide + 1, rect.height()), middle, line.remark)
            room -= wide + look.px(8)
        painter.setPen(look.color("ink"))
        words = metrics.elidedText(line.label, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, rect.top(), room, rect.height()), middle, words)
        for cell, column in zip(line.cells, columns, strict=True):
            self._paint_cell(painter, QRectF(column.left(), rect.top(), column.width(), rect.height()), cell, line)

    def _paint_cell(self, painter: QPainter, rect: QRectF, cell: Cell, line: Line) -> None:
        look, size = self._look, self._type_size()
        bold = cell.tone in ("bad", "good")
        painter.setFont(look.font(size, bold=bold))
        painter.setPen(look.color(cell.tone))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, cell.text)
        if cell.share is None:
            return
        start = rect.left() + QFontMetricsF(look.font(size, bold=True)).horizontalAdvance("100.0%") + look.px(8)
        whole = rect.right() - look.px(12) - start
        if whole < look.px(14):
            return
        height = min(0.5 * rect.height(), float(look.px(13)))
        track = QRectF(start, rect.center().y() - height / 2, whole, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("track"))
        painter.drawRoundedRect(track, look.px(2), look.px(2))
        if cell.share > 0.0:
            painter.setBrush(look.option_color(line.color) if line.color is not None else look.color(cell.tone))
            bar = QRectF(track)
            bar.setWidth(max(cell.share * whole, 1.0))
            painter.drawRoundedRect(bar, min(look.px(2), bar.width() / 2), min(look.px(2), bar.width() / 2))
        if cell.exact is not None:
            painter.setPen(look.pen("ink", 2.0))
            x, reach = start + cell.exact * whole, height / 2 + look.px(2)
            painter.drawLine(QPointF(x, rect.center().y() - reach), QPointF(x, rect.center().y() + reach))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = int((event.pos().y() - self._margin()) // max(self._row_height(), 1.0)) - 2
            tip = self._lines[place].tip if 0 <= place < len(self._lines) else ""
            QToolTip.showText(event.globalPos(), html.escape(tip), self)
            return True
        return super().event(event)
