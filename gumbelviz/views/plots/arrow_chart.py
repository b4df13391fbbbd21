"""Arrows from a zero line: which way each estimator pushes each score, and how far."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.keys import SIDEWAYS, Action, Key, KeyTaker, paint_focus
from gumbelviz.views.plots.markers import draw_marker
from gumbelviz.views.spoken import announce, describe, teach


@dataclass(frozen=True, slots=True)
class Arrow:
    """One estimator's gradient for one score.

    Attributes
    ----------
    value
        Where the arrow ends; not a number where nothing is known.
    known
        The exact mean, marked with a tick, or not a number.
    error
        Two standard errors of `value`.
    spread
        Standard deviation of what one step would use.
    texts
        The numbers in words, from the longest to the shortest.
    wrong
        True where the sign is wrong.
    """

    value: float
    known: float
    error: float
    spread: float
    texts: tuple[str, ...]
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class ArrowRow:
    """One estimator: name, colour, and an arrow for each column."""

    name: str
    color: QColor
    place: int | None
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class ArrowColumn:
    """One score: the option's name and place in the palette, and which option it is."""

    name: str
    color: int
    option: int
    chosen: bool


class ArrowChart(KeyTaker, QWidget):
    """Rows of arrows under one another, so that their lengths can be compared.

    Signals
    -------
    chosen(option)
        A person clicked the column of that option.
    """

    chosen = Signal(int)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._look = Look()
        self._rows: tuple[ArrowRow, ...] = ()
        self._columns: tuple[ArrowColumn, ...] = ()
        self._reach = 1.0
        self._note = ""
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 60)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        teach(self, "Left and Right choose whose score is looked at.")
        self.setToolTip(
            "Arrow: mean so far, its whisker two standard errors. Tick: exact mean. Pale line: where one batch falls."
        )

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    def set_arrows(self, columns: tuple[ArrowColumn, ...], rows: tuple[ArrowRow, ...], reach: float) -> None:
        """Show arrows on an axis from minus `reach` to `reach`; nothing is painted where nothing changed."""
        if (columns, rows, reach) != (self._columns, self._rows, self._reach):
            self._columns, self._rows, self._reach = columns, rows, reach
            told = (f"{row.name}: {', '.join(arrow.texts[0] for arrow in row.arrows)}" for row in rows)
            describe(self, "; ".join(told))
            self.update()

    def set_note(self, note: str) -> None:
        """Say this where there are no arrows."""
        if note != self._note:
            self._note = note
            self.update()

    # Places.

    def _names_width(self) -> float:
        metrics = QFontMetricsF(self._name_font())
        widest = max((metrics.horizontalAdvance(row.name) for row in self._rows), default=0.0)
        return min(widest + self._look.px(44), 0.34 * self.width())

    def _head(self) -> float:
        return float(self._look.px(30 if len(self._columns) > 1 else 8))

    def _pitch(self) -> float:
        return (self.height() - self._head() - self._look.px(6)) / max(len(self._rows), 1)

    def _name_font(self) -> QFont:
        return self._look.font(self._type(), bold=True)

    def _type(self) -> float:
        unit = self._look.zoom * self._look.theme.text
        return max(min(15.0, 0.62 * self._pitch() / unit), 8.0)

    def _column_rect(self, place: int) -> QRectF:
        left = self._names_width()
        width = (self.width() - left - self._look.px(8)) / max(len(self._columns), 1)
        return QRectF(left + place * width, 0.0, width, self.height())

    def _axis(self, place: int) -> tuple[float, float, str]:
        """Zero, half width and how the numbers are written in one column."""
        rect = self._column_rect(place)
        room, form = self._numbers(rect.width())
        half = max((rect.width() - room - self._look.px(16)) / 2, 4.0)
        return rect.left() + half + self._look.px(4), half, form

    def _numbers(self, width: float) -> tuple[float, str]:
        """Room for the numbers of a column: the longest form of them that leaves the arrows half of it."""
        metrics = QFontMetricsF(self._look.font(self._type()))
        forms = len(self._rows[0].arrows[0].texts) if self._rows and self._rows[0].arrows else 0
        for form in range(forms):
            texts = (arrow.texts[form] for row in self._rows for arrow in row.arrows)
            widest = max(metrics.horizontalAdvance(text) for text in texts) + self._look.px(8)
            if widest < (0.34, 0.44, 0.6)[max(form, 3 - forms)] * width:
                return widest, str(form)
        return 0.0, ""

    # Painting.

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not self._rows and self._note:
                painter.setFont(self._look.font(15))
                painter.setPen(self._look.color("quiet"))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._note)
            for place, column in enumerate(self._columns):
                self._paint_column(painter, place, column)
            self._paint_names(painter)
            paint_focus(painter, self, self._look)

    def _paint_names(self, painter: QPainter) -> None:
        look, pitch = self._look, self._pitch()
        painter.setFont(look.font(self._type(), bold=True))
        metrics = painter.fontMetrics()
        left = look.px(34)
        room = int(self._names_width() - left - look.px(6))
        for i, row in enumerate(self._rows):
            rect = QRectF(left, self._head() + i * pitch, room, pitch)
            painter.setPen(Qt.PenStyle.NoPen)
            if row.place is not None:
                size = min(0.2 * pitch, look.px(5))
                draw_marker(painter, look, row.place, QPointF(look.px(20), rect.center().y()), size)
            painter.setPen(look.color("ink"))
            name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_column(self, painter: QPainter, place: int, column: ArrowColumn) -> None:
        look, pitch, head = self._look, self._pitch(), self._head()
        zero, half, form = self._axis(place)
        rect = self._column_rect(place)
        if len(self._columns) > 1:
            painter.setFont(look.font(14, bold=column.chosen))
            metrics = painter.fontMetrics()
            name = metrics.elidedText(column.name, Qt.TextElideMode.ElideRight, int(rect.width() - look.px(30)))
            wide = metrics.horizontalAdvance(name)
            painter.setPen(Qt.PenStyle.NoPen)
            start = max(zero - wide / 2, rect.left() + look.px(16))
            draw_marker(painter, look, column.color, QPointF(start - look.px(10), head / 2), look.px(5))
            painter.setPen(look.color("ink" if column.chosen else "quiet"))
            painter.drawText(QRectF(start, 0, wide + 2, head), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(look.pen("quiet", 1.0))
        painter.drawLine(QPointF(zero, head), QPointF(zero, self.height() - look.px(6)))
        painter.setFont(look.font(self._type()))
        for i, row in enumerate(self._rows):
            if place < len(row.arrows):
                middle = head + (i + 0.5) * pitch
                self._paint_arrow(painter, row, row.arrows[place], zero, half, middle, pitch)
                if form:
                    arrow = row.arrows[place]
                    painter.setPen(look.color("bad" if arrow.wrong else "ink"))
                    where = QRectF(rect.left(), head + i * pitch, rect.width() - look.px(8), pitch)
                    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                    painter.drawText(where, flags, arrow.texts[int(form)])

    def _paint_arrow(
        self, painter: QPainter, row: ArrowRow, arrow: Arrow, zero: float, half: float, y: float, pitch: float
    ) -> None:
        if math.isnan(arrow.value):
            return
        look, scale = self._look, half / self._reach
        at = min(max(arrow.value * scale, -half), half)
        thick = min(float(look.px(7)), 0.24 * pitch)
        if arrow.spread > 0.0 and not math.isnan(arrow.spread):
            ends = [min(max((arrow.value + side * arrow.spread) * scale, -half), half) for side in (-1, 1)]
            pale = look.pale((row.place,), 0.34) if row.place is not None else look.color("track")
            painter.setPen(QPen(pale, max(look.px(3), 1)))
            painter.drawLine(QPointF(zero + ends[0], y), QPointF(zero + ends[1], y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(row.color)
        tip = min(1.25 * thick, abs(at))
        side = math.copysign(1.0, at)
        shaft = at - side * tip
        painter.drawRect(QRectF(min(zero, zero + shaft), y - thick / 2, abs(shaft), thick))
        if tip > 0.5:
            points = [(zero + shaft, y - 1.25 * thick), (zero + at, y), (zero + shaft, y + 1.25 * thick)]
            painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
        if not math.isnan(arrow.error) and arrow.error * scale > 1.5:
            painter.setPen(QPen(look.color("ink"), max(1.3 * look.zoom, 1.0)))
            ends = [min(max((arrow.value + s * arrow.error) * scale, -half), half) for s in (-1, 1)]
            painter.drawLine(QPointF(zero + ends[0], y), QPointF(zero + ends[1], y))
        if not math.isnan(arrow.known) and abs(arrow.known * scale) <= half:
            x = zero + arrow.known * scale
            painter.setPen(QPen(look.color("ink"), max(1.6 * look.zoom, 1.0)))
            painter.drawLine(QPointF(x, y - 1.9 * thick), QPointF(x, y + 1.9 * thick))

    def key_action(self, key: Key, by: float, fine: bool) -> Action | None:
        return (lambda: self._walk(int(SIDEWAYS[key]))) if key in SIDEWAYS and len(self._columns) > 1 else None

    def _walk(self, by: int) -> None:
        here = next((place for place, column in enumerate(self._columns) if column.chosen), 0)
        column = self._columns[min(max(here + by, 0), len(self._columns) - 1)]
        self.chosen.emit(column.option)
        announce(self, f"gradient for the score of {column.name}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place, column in enumerate(self._columns):
            if self._column_rect(place).contains(event.position()):
                self.chosen.emit(column.option)
