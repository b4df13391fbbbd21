"""A quantity of every estimator against the temperature, both axes logarithmic, with a cursor to drag."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.model.numbers import write_short
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.keys import Action, Key, KeyTaker, open_entry, paint_focus
from gumbelviz.views.plots.markers import draw_marker, marker_path
from gumbelviz.views.plots.tau_keys import tau_action
from gumbelviz.views.plots.ticks import share_ticks
from gumbelviz.views.spoken import teach

Floats = NDArray[np.float64]
TAU_TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
MOST_DECADES = 7.0


@dataclass(frozen=True, slots=True)
class SweepLine:
    """One estimator; all numbers are logarithms to base 10.

    Attributes
    ----------
    place
        In the palette, which gives colour and marker.
    xs, ys
        The exact curve, points that are known only.
    dot_xs, dot_ys, dot_lows, dot_highs
        What was simulated, with two standard errors.
    best
        Where the curve is lowest, or None.
    dashed
        True for one that lies on another in places.
    """

    place: int
    xs: Floats
    ys: Floats
    dot_xs: Floats
    dot_ys: Floats
    dot_lows: Floats
    dot_highs: Floats
    best: tuple[float, float] | None = None
    dashed: bool = False


class SweepPlot(KeyTaker, QWidget):
    """Lines and dots over the logarithm of the temperature.

    Signals
    -------
    wished(name, value, final)
        The cursor was dragged: ``"temperature"``.
    """

    wished = Signal(str, object, bool)

    def __init__(self, title: str, low: float, high: float) -> None:
        super().__init__()
        self._look = Look()
        self._xs = math.log10(low), math.log10(high)
        self._ys = (-3.0, 0.0)
        self._lines: tuple[SweepLine, ...] = ()
        self._cursor: float | None = None
        self._tau = 1.0
        self._note = ""
        self._held = False
        self._picture: QPixmap | None = None
        self.setAccessibleName(title)
        self.setToolTip("Line: exact. Dots: simulated, with two standard errors. Drag to change the temperature.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        teach(self, "Left and Right step the temperature, Home and End are 0 and infinity, Enter types it.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(60, 50)
        self.setCursor(Qt.CursorShape.SizeHorCursor)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._picture = None
        self.update()

    def set_lines(self, lines: tuple[SweepLine, ...], note: str = "") -> None:
        """Show lines, and a note where there are none."""
        if lines is not self._lines or note != self._note:
            self._lines, self._note = lines, note
            self._picture = None
            self._fit()
            self.update()

    def set_cursor(self, tau: float) -> None:
        """Put the cursor at a temperature; beyond the axis it stands at its end."""
        log = self._xs[0] if tau <= 0.0 else math.log10(tau) if tau < math.inf else self._xs[1]
        self._tau = tau
        cursor = min(max(log, self._xs[0]), self._xs[1])
        if cursor != self._cursor:
            self._cursor = cursor
            self.update()

    def _shows_anything(self) -> bool:
        return any(len(line.ys) or len(line.dot_ys) for line in self._lines)

    def _fit(self) -> None:
        """Whole decades around all curves; dots only where there are no curves."""
        values = [line.ys if len(line.ys) else line.dot_ys for line in self._lines]
        heights = np.concatenate([v for v in values if len(v)]) if any(len(v) for v in values) else np.zeros(0)
        if not len(heights):
            return
        high = math.ceil(2 * float(heights.max()) + 0.2) / 2
        low = math.floor(2 * float(heights.min()) - 0.2) / 2
        self._ys = max(min(low, high - 1.0), high - MOST_DECADES), high

    # Places.

    def _area(self) -> QRectF:
        px = self._look.px
        return QRectF(px(54), px(8), max(self.width() - px(72), 10), max(self.height() - px(36), 10))

    def _at(self, x: float, y: float) -> QPointF:
        area = self._area()
        share = (y - self._ys[0]) / (self._ys[1] - self._ys[0])
        return QPointF(self._x(x), area.bottom() - min(max(share, -0.02), 1.04) * area.height())

    def _x(self, x: float) -> float:
        area = self._area()
        return area.left() + (x - self._xs[0]) / (self._xs[1] - self._xs[0]) * area.width()

    # Painting.

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if painter.paintEngine().type() == QPaintEngine.Type.Raster:
                # Curves take ten times as long as all else, and stay where they are while the cursor is dragged.
                painter.drawPixmap(0, 0, self._kept_picture())
            else:
                self._paint_lines(painter)
            self._paint_cursor(painter, self._area())
            paint_focus(painter, self, self._look)

    def _kept_picture(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._picture is None or self._picture.size() != size:
            picture = QPixmap(size)
            picture.setDevicePixelRatio(ratio)
            picture.fill(self._look.color("card"))
            with QPainter(picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint_lines(painter)
            self._picture = picture
        return self._picture

    def _paint_lines(self, painter: QPainter) -> None:
        look, area = self._look, self._area()
        self._paint_axes(painter, area)
        painter.save()
        painter.setClipRect(area.adjusted(-look.px(8), -look.px(6), look.px(8), look.px(2)))
        for line in self._lines:
            self._paint_curve(painter, line)
        for line in self._lines:
            self._paint_dots(painter, line)
        painter.restore()
        for line in self._lines:
            if line.best is not None:
                painter.setPen(look.pen("card", 1.4))
                painter.setBrush(look.option_color(line.place))
                painter.drawPath(marker_path("star", self._at(*line.best), look.px(9)))
        if self._note and not self._shows_anything():
            painter.setFont(look.font(14))
            painter.setPen(look.color("quiet"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area, int(flags), self._note)

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        look = self._look
        painter.setFont(look.font(12.5))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(look.pen("line", 1.0))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        most = max(int(area.height() / look.px(34)), 2)
        for y, text in share_ticks(self._ys[0], self._ys[1], most):
            where = self._at(self._xs[0], y)
            painter.setPen(look.pen("line", 1.0))
            painter.drawLine(where, QPointF(area.right(), where.y()))
            painter.setPen(look.color("quiet"))
            rect = QRectF(0, where.y() - look.px(10), area.left() - look.px(7), look.px(20))
            painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(look.color("quiet"))
        end = -math.inf
        for tau in TAU_TICKS:
            text = f"{tau:g}"
            x, half = self._x(math.log10(tau)), metrics.horizontalAdvance(text) / 2
            if x - half < end + look.px(8):
                continue
            rect = QRectF(x - half - 1, area.bottom() + look.px(5), 2 * half + 2, look.px(20))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
            end = x + half

    def _paint_cursor(self, painter: QPainter, area: QRectF) -> None:
        if self._cursor is None or not self._shows_anything():
            return
        look, x = self._look, self._x(self._cursor)
        pen = QPen(look.color("accent"), max(1.6 * look.zoom * look.theme.stroke, 1.0))
        pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _paint_curve(self, painter: QPainter, line: SweepLine) -> None:
        if len(line.xs) < 2:
            return
        color = self._look.option_color(line.place)
        pen = QPen(color, max(2.2 * self._look.zoom * self._look.theme.stroke, 1.0))
        rounds = line.place // len(self._look.theme.palette)
        if line.dashed or rounds:
            pen.setDashPattern([1.5, 2.0] if rounds > 1 else [4.5, 3.0])
        painter.setPen(pen)
        points = zip(line.xs.tolist(), line.ys.tolist(), strict=True)
        painter.drawPolyline(QPolygonF([self._at(x, y) for x, y in points]))

    def _paint_dots(self, painter: QPainter, line: SweepLine) -> None:
        look = self._look
        color = QColor(look.option_color(line.place))
        for x, y, low, high in zip(
            line.dot_xs.tolist(), line.dot_ys.tolist(), line.dot_lows.tolist(), line.dot_highs.tolist(), strict=True
        ):
            where = self._at(x, y)
            painter.setPen(look.line(color, 1.2))
            painter.drawLine(self._at(x, low), self._at(x, high))
            painter.setPen(look.pen("card", 1.0))
            draw_marker(painter, look, line.place, where, look.px(3.8))

    # Dragging the cursor.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self._wish(event, final=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._wish(event, final=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held and event.button() == Qt.MouseButton.LeftButton:
            self._held = False
            self._wish(event, final=True)

    # The keyboard moves it too.

    def key_action(self, key: Key, by: float, fine: bool) -> Action | None:
        return tau_action(key, self._tau, by, self._set, self._type)

    def _set(self, tau: float) -> None:
        self.wished.emit("temperature", tau, True)

    def _type(self) -> None:
        foot = QPointF(self._x(self._cursor or 0.0), self._area().center().y())
        open_entry(self, QRectF(foot, foot), "Temperature", write_short(self._tau), self._set)

    @property
    def in_hand(self) -> bool:
        return self._held

    def drop(self) -> None:
        self._held = False
        self.wished.emit("cancel drag", None, True)

    def _wish(self, event: QMouseEvent, final: bool) -> None:
        area = self._area()
        share = min(max((event.position().x() - area.left()) / area.width(), 0.0), 1.0)
        tau = 10.0 ** (self._xs[0] + share * (self._xs[1] - self._xs[0]))
        self.wished.emit("temperature", float(f"{tau:.3g}"), final)
