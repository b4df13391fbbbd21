"""Pictures of very many options on logarithmic axes: places, ticks, and the option under the pointer or the keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_crown, draw_marker
from gumbelviz.views.plots.ticks import Ticks
from gumbelviz.views.spoken import told

Floats = NDArray[np.float64]
TYPE_SIZE = 12.5
NOTE_HEIGHT = 18


@dataclass(frozen=True, slots=True)
class Spot:
    """An option that is marked: which, where, and whether it has won this draw."""

    option: int
    color: int
    x: float
    y: float
    winner: bool = False


class LogPlot(QWidget):
    """Axes, marks, and a small card with the words about one option.

    The kinds of plot say where an option stands and which one is near; the page says what there is to tell.
    Coordinates are logarithms to base 10, or plain numbers on an axis that is not logarithmic.

    Signals
    -------
    picked(option)
        A person clicked an option, or pressed Enter on it.
    """

    picked = Signal(int)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._look = Look()
        self._title = title
        self._x_range, self._y_range = (0.0, 1.0), (0.0, 1.0)
        self._spots: tuple[Spot, ...] = ()
        self._pointed = -1
        self._by_key = False
        self._rect: QRectF | None = None
        self._tell: Callable[[int], str] = lambda option: ""
        self.note: tuple[str, ...] = ()
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(40, 30)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.rearrange()

    def rearrange(self) -> None:
        """Forget what was measured in pixels, and paint."""
        self._rect = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rearrange()

    def set_ranges(self, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        """Show x and y from the first to the second number of each."""
        if (x_range, y_range) != (self._x_range, self._y_range):
            self._x_range, self._y_range = x_range, y_range
            self.rearrange()

    def set_spots(self, spots: tuple[Spot, ...]) -> None:
        """Mark these options."""
        if spots != self._spots:
            self._spots = spots
            self.update()

    def set_note(self, *note: str) -> None:
        """Write a line above the plot: the longest of these words that fit, the longest ones given first."""
        if note != self.note:
            self.note = note
            self.update()

    def set_teller(self, tell: Callable[[int], str]) -> None:
        """Ask `tell` for the words about an option, one or two lines."""
        self._tell = tell

    # Places.

    def x_ticks(self, most: int) -> Ticks:
        """Return about `most` ticks for the axis below."""
        raise NotImplementedError

    def y_ticks(self, most: int) -> Ticks:
        """Return about `most` ticks for the axis on the left."""
        raise NotImplementedError

    def plot_rect(self) -> QRectF:
        """The rectangle between the axes, in pixels."""
        if self._rect is not None:
            return self._rect
        look = self._look
        metrics = QFontMetricsF(look.font(TYPE_SIZE))
        ticks = self.y_ticks(self._most(self.height(), 34))
        widest = max((metrics.horizontalAdvance(text) for _, text in ticks), default=0.0)
        left, bottom = look.px(16) + widest, look.px(26)
        top = look.px(NOTE_HEIGHT + 8 if self._has_room_for_note() else 8)
        self._rect = QRectF(
            left, top, max(self.width() - left - look.px(14), 1.0), max(self.height() - top - bottom, 1.0)
        )  # fmt: skip
        return self._rect

    def _has_room_for_note(self) -> bool:
        """A flat plot needs the line more than its words do, which the pointer and the footer tell as well."""
        return self.height() >= self._look.px(112)

    def _most(self, room: float, spacing: float) -> int:
        return max(int(room / self._look.px(spacing)), 1)

    def xs(self, values: Floats) -> Floats:
        """Pixels of places along the axis below."""
        rect, (low, high) = self.plot_rect(), self._x_range
        pixels: Floats = rect.left() + (values - low) / (high - low) * rect.width()
        return pixels

    def ys(self, values: Floats) -> Floats:
        """Pixels of places along the axis on the left; those far outside are brought nearer."""
        rect, (low, high) = self.plot_rect(), self._y_range
        shares = np.clip((values - low) / (high - low), -9.0, 9.0)
        pixels: Floats = rect.bottom() - shares * rect.height()
        return pixels

    def place(self, x: float, y: float) -> QPointF:
        """Where a point of the plot stands, in pixels."""
        return QPointF(float(self.xs(np.float64(x))), float(self.ys(np.float64(y))))  # type: ignore[arg-type]

    # Options under the pointer; -1 is none.

    def option_at(self, position: QPointF) -> int:
        """Return the option that is meant by a place in the plot, or -1."""
        raise NotImplementedError

    def point_of(self, option: int) -> QPointF | None:
        """Where an option stands, in pixels; None where it is not in the picture."""
        raise NotImplementedError

    def neighbour(self, option: int, steps: int) -> int:
        """Return the option so many steps to the right of another one (-1: of none)."""
        raise NotImplementedError

    @property
    def pointed(self) -> int:
        """The option that is being told about, or -1."""
        return self._pointed

    def point_to(self, option: int, by_key: bool = False) -> None:
        """Tell about an option, or about none."""
        if option != self._pointed:
            self._pointed, self._by_key = option, by_key
            self.setAccessibleDescription(self._tell(option) if option >= 0 else told(self))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        option = self.option_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if option >= 0 else Qt.CursorShape.ArrowCursor)
        self.point_to(option)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        option = self.option_at(event.position())
        if option >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.point_to(option)
            self.picked.emit(option)

    def leaveEvent(self, event: QEvent) -> None:
        if not self._by_key:
            self.point_to(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.point_to(-1)
        self.update()

    def event(self, event: QEvent) -> bool:
        # Arrow keys are shortcuts of the window elsewhere; here they walk from option to option.
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if self._action_for(event) is not None:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._action_for(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def _action_for(self, event: QKeyEvent) -> Callable[[], None] | None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        keys = Qt.Key
        steps = {keys.Key_Left: -1, keys.Key_Right: 1, keys.Key_PageUp: -10, keys.Key_PageDown: 10,
                 keys.Key_Home: -(10**9), keys.Key_End: 10**9}  # fmt: skip
        key = keys(event.key())
        if key in steps:
            return lambda: self.point_to(self.neighbour(self._pointed, steps[key]), by_key=True)
        if self._pointed >= 0 and key in (keys.Key_Return, keys.Key_Enter):
            return lambda: self.picked.emit(self._pointed)
        if self._pointed >= 0 and key == keys.Key_Escape:
            return lambda: self.point_to(-1)
        return None

    # Painting.

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = self.plot_rect()
            self._paint_axes(painter, rect)
            painter.save()
            painter.setClipRect(rect.adjusted(-self._look.px(5), -self._look.px(5), self._look.px(5), 1.0))
            self.paint_data(painter, rect)
            self._paint_spots(painter, rect)
            painter.restore()
            if self.note and self._has_room_for_note():
                self._paint_note(painter)
            if self._pointed >= 0:
                self._paint_pointed(painter, rect)
            if self.hasFocus():
                painter.setPen(QPen(self._look.color("accent"), max(2.0 * self._look.zoom, 1.5)))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                round_by = self._look.px(8)
                painter.drawRoundedRect(self.rect().toRectF().adjusted(2, 2, -2, -2), round_by, round_by)

    def paint_data(self, painter: QPainter, rect: QRectF) -> None:
        """Draw what lies below the marks."""
        raise NotImplementedError

    def _paint_axes(self, painter: QPainter, rect: QRectF) -> None:
        look = self._look
        painter.setFont(look.font(TYPE_SIZE))
        height, line = look.px(18), look.pen("line", 1.0)
        for y, text in self.y_ticks(self._most(self.height(), 34)):
            at = round(float(self.ys(np.float64(y)))) + 0.5  # type: ignore[arg-type]
            painter.setPen(line)
            painter.drawLine(QPointF(rect.left(), at), QPointF(rect.right(), at))
            painter.setPen(look.color("quiet"))
            where = QRectF(0, at - height / 2, rect.left() - look.px(6), height)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        for x, text in self.x_ticks(self._most(rect.width(), 48)):
            at = round(float(self.xs(np.float64(x)))) + 0.5  # type: ignore[arg-type]
            painter.setPen(line)
            painter.drawLine(QPointF(at, rect.top()), QPointF(at, rect.bottom()))
            painter.setPen(look.color("quiet"))
            width = look.px(60)
            left = min(max(at - width / 2, 0.0), self.width() - look.px(4) - width / 2)
            where = QRectF(left, rect.bottom() + look.px(4), width, height)
            if at + painter.fontMetrics().horizontalAdvance(text) / 2 > self.width() - look.px(3):
                where = QRectF(self.width() - width - look.px(4), where.top(), width, height)
                painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            else:
                painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QPen(look.color("quiet"), 1.0))
        painter.drawLine(QPointF(rect.left(), rect.bottom() + 0.5), QPointF(rect.right(), rect.bottom() + 0.5))

    def _paint_spots(self, painter: QPainter, rect: QRectF) -> None:
        look = self._look
        radius = look.px(4.5) * look.theme.stroke**0.5
        # The winner last, so that it lies on top.
        for spot in sorted(self._spots, key=lambda spot: spot.winner):
            point = self.place(spot.x, spot.y)
            if not rect.adjusted(-1, -1, 1, 1).contains(point):
                if not spot.winner or not rect.left() <= point.x() <= rect.right():
                    continue
                point.setY(min(max(point.y(), rect.top()), rect.bottom()))
            painter.setPen(QPen(look.color("card"), 1.2))
            draw_marker(painter, look, spot.color, point, radius * (1.25 if spot.winner else 1.0))
            if spot.winner:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("ink"))
                above = point.y() - look.px(15)
                draw_crown(painter, QPointF(point.x(), max(above, rect.top() + look.px(3))), look.px(15))

    def _paint_note(self, painter: QPainter) -> None:
        look = self._look
        painter.setFont(look.font(13))
        painter.setPen(look.color("ink"))
        where = QRectF(look.px(13), 0, self.width() - look.px(22), look.px(NOTE_HEIGHT))
        metrics = painter.fontMetrics()
        fitting = (words for words in self.note if metrics.horizontalAdvance(words) <= where.width())
        words = next(fitting, metrics.elidedText(self.note[-1], Qt.TextElideMode.ElideRight, int(where.width())))
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_pointed(self, painter: QPainter, rect: QRectF) -> None:
        look, point = self._look, self.point_of(self._pointed)
        if point is None:
            return
        point.setY(min(max(point.y(), rect.top()), rect.bottom()))
        painter.setPen(look.pen("accent", 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(point, look.px(7), look.px(7))
        head, _, more = self._tell(self._pointed).partition("\n")
        bold, plain = look.font(13.5, bold=True), look.font(13)
        room = self.width() - look.px(32)
        head = QFontMetricsF(bold).elidedText(head, Qt.TextElideMode.ElideMiddle, room)
        more = QFontMetricsF(plain).elidedText(more, Qt.TextElideMode.ElideRight, room)
        width = max(QFontMetricsF(bold).horizontalAdvance(head), QFontMetricsF(plain).horizontalAdvance(more))
        width, height = width + look.px(16), look.px(26 if not more else 46)
        left = min(max(point.x() - width / 2, look.px(6)), max(self.width() - width - look.px(6), 0.0))
        above = point.y() - height - look.px(14)
        top = above if above >= look.px(2) else min(point.y() + look.px(14), self.height() - height - look.px(2))
        box = QRectF(left, top, width, height)
        painter.setPen(look.pen("quiet", 1.0))
        painter.setBrush(look.color("card"))
        painter.drawRoundedRect(box, look.px(6), look.px(6))
        line = QRectF(box.left() + look.px(8), box.top() + look.px(3), box.width(), look.px(20))
        painter.setPen(look.color("ink"))
        painter.setFont(bold)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, head)
        painter.setFont(plain)
        painter.drawText(line.translated(0, look.px(20)), Qt.AlignmentFlag.AlignVCenter, more)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(60), self._look.px(40))

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(260), self._look.px(220))
