"""The switch and the dimmer: a choice against one score, with the slope at the present score as a tangent."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.model.numbers import write_short
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.keys import Action, Key, KeyTaker, open_entry, paint_focus
from gumbelviz.views.plots.markers import marker_path
from gumbelviz.views.plots.ticks import plain_ticks
from gumbelviz.views.spoken import describe, teach


@dataclass(frozen=True, slots=True)
class SwitchCurve:
    """One curve: points (score, share), its value and slope at the cursor, and what is said of it."""

    color: QColor
    points: tuple[tuple[float, float], ...]
    value: float
    slope: float
    name: str
    words: str
    dashed: bool = False


class SwitchPlot(KeyTaker, QWidget):
    """Curves from 0 to 1 over a score that is dragged.

    Signals
    -------
    wished(name, value, final)
        The score was dragged: ``"logit"`` with ``(option, score)``.
    """

    wished = Signal(str, object, bool)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._look = Look()
        self._curves: tuple[SwitchCurve, ...] = ()
        self._range = (-1.0, 1.0)
        self._score = 0.0
        self._option = 0
        self._name = ""
        self._held = False
        self.setAccessibleName(title)
        self.setToolTip("Drag to move the score; Left and Right move it too")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 80)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        teach(self, "Left and Right move the score, Enter types it.")

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    def set_curves(
        self, option: int, name: str, score: float, span: tuple[float, float], curves: tuple[SwitchCurve, ...]
    ) -> None:
        """Show the curves of one option over scores from the one end of `span` to the other."""
        # An axis that moved under the hand would carry the score away with it.
        if not self._held:
            self._range = span
        if (option, name, score, curves) != (self._option, self._name, self._score, self._curves):
            self._option, self._name, self._score, self._curves = option, name, score, curves
            describe(self, "; ".join(f"{curve.name} {curve.words}" for curve in curves))
        self.update()

    # Places.

    def _legend_height(self) -> float:
        return float(self._look.px(26) * len(self._curves))

    def _area(self) -> QRectF:
        px = self._look.px
        top = self._legend_height() + px(10)
        return QRectF(px(48), top, max(self.width() - px(66), 10), max(self.height() - top - px(50), 10))

    def _at(self, score: float, share: float) -> QPointF:
        area, (low, high) = self._area(), self._range
        return QPointF(area.left() + (score - low) / (high - low) * area.width(), area.bottom() - share * area.height())

    # Painting.

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look, area = self._look, self._area()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_legend(painter)
            self._paint_axes(painter, area)
            painter.save()
            painter.setClipRect(area.adjusted(-2, -look.px(4), 2, look.px(4)))
            for curve in self._curves:
                pen = QPen(curve.color, max(2.4 * look.zoom * look.theme.stroke, 1.0))
                if curve.dashed:
                    pen.setDashPattern([4.0, 2.5])
                painter.setPen(pen)
                painter.drawPolyline(QPolygonF([self._at(x, y) for x, y in curve.points]))
            painter.restore()
            if math.isfinite(self._score):
                self._paint_cursor(painter, area)
            paint_focus(painter, self, look)

    def _paint_legend(self, painter: QPainter) -> None:
        look = self._look
        pitch = look.px(26)
        names = look.font(14, bold=True)
        painter.setFont(names)
        widest = max((painter.fontMetrics().horizontalAdvance(curve.name) for curve in self._curves), default=0)
        for i, curve in enumerate(self._curves):
            middle = look.px(4) + (i + 0.5) * pitch
            pen = QPen(curve.color, max(2.4 * look.zoom * look.theme.stroke, 1.0))
            if curve.dashed:
                pen.setDashPattern([4.0, 2.5])
            painter.setPen(pen)
            painter.drawLine(QPointF(look.px(14), middle), QPointF(look.px(40), middle))
            painter.setPen(look.color("ink"))
            painter.setFont(names)
            rect = QRectF(look.px(50), middle - pitch / 2, widest + 2, pitch)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, curve.name)
            painter.setFont(look.font(14))
            left = look.px(50) + widest + look.px(14)
            room = self.width() - left - look.px(10)
            words = painter.fontMetrics().elidedText(curve.words, Qt.TextElideMode.ElideRight, round(room))
            painter.drawText(QRectF(left, middle - pitch / 2, room, pitch), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        look = self._look
        painter.setFont(look.font(12.5))
        for share, text in ((0.0, "0"), (0.5, "0.5"), (1.0, "1")):
            where = self._at(self._range[0], share)
            painter.setPen(look.pen("line", 1.0))
            painter.drawLine(where, QPointF(area.right(), where.y()))
            painter.setPen(look.color("quiet"))
            rect = QRectF(0, where.y() - look.px(10), area.left() - look.px(7), look.px(20))
            painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        for score, text in plain_ticks(*self._range, max(int(area.width() / look.px(90)), 2)):
            x = self._at(score, 0.0).x()
            rect = QRectF(x - look.px(40), area.bottom() + look.px(4), look.px(80), look.px(20))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(look.font(13))
        rect = QRectF(area.left(), area.bottom() + look.px(24), area.width(), look.px(22))
        words = painter.fontMetrics().elidedText(
            f"score z of {self._name}, the others as they are", Qt.TextElideMode.ElideRight, round(area.width())
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_cursor(self, painter: QPainter, area: QRectF) -> None:
        look = self._look
        x = self._at(self._score, 0.0).x()
        pen = QPen(look.color("accent"), max(1.6 * look.zoom * look.theme.stroke, 1.0))
        pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        unit = area.width() / (self._range[1] - self._range[0])
        for curve in self._curves:
            where = self._at(self._score, curve.value)
            # A tangent of the same length whatever its slope.
            rise = curve.slope * area.height()
            length = math.hypot(unit, rise)
            step = QPointF(unit / length, -rise / length) * look.px(58)
            painter.setPen(QPen(curve.color, max(3.6 * look.zoom * look.theme.stroke, 1.0)))
            painter.drawLine(where - step, where + step)
        for curve in self._curves:
            painter.setPen(look.pen("card", 1.4))
            painter.setBrush(curve.color)
            painter.drawPath(marker_path("circle", self._at(self._score, curve.value), look.px(5.5)))
        painter.setPen(QPen(look.color("accent"), 2.0 * look.zoom))
        painter.setBrush(look.color("accent" if self.hasFocus() else "card"))
        painter.drawEllipse(QPointF(x, area.bottom()), look.px(6), look.px(6))

    # Dragging the score.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self._follow(event, final=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._follow(event, final=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held and event.button() == Qt.MouseButton.LeftButton:
            self._follow(event, final=True)
            self._held = False

    def _follow(self, event: QMouseEvent, final: bool) -> None:
        area, (low, high) = self._area(), self._range
        share = min(max((event.position().x() - area.left()) / area.width(), 0.0), 1.0)
        self.wished.emit("logit", (self._option, round(low + share * (high - low), 2)), final)

    def key_action(self, key: Key, by: float, fine: bool) -> Action | None:
        if not math.isfinite(self._score):
            return None
        if key in (Key.Key_Return, Key.Key_Enter):
            return self._type
        return (lambda: self._set(round(self._score + 0.1 * by, 6))) if by else None

    def _set(self, score: float) -> None:
        self.wished.emit("logit", (self._option, score), True)

    def _type(self) -> None:
        foot = self._at(self._score, 0.5)
        open_entry(self, QRectF(foot, foot), f"Score of {self._name}", write_short(self._score), self._set)

    @property
    def in_hand(self) -> bool:
        return self._held

    def drop(self) -> None:
        self._held = False
        self.wished.emit("cancel drag", None, True)
