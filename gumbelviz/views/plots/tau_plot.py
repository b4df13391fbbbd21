"""Curves against the temperature, on the axis of the temperature slider, with a cursor that is its knob."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QResizeEvent

from gumbelviz.model.numbers import write_short
from gumbelviz.model.parameters import TEMPERATURE
from gumbelviz.views.look import Look
from gumbelviz.views.plots.keys import Action, Key, open_entry
from gumbelviz.views.plots.markers import marker_path
from gumbelviz.views.plots.plot import Plot
from gumbelviz.views.plots.tau_keys import tau_action
from gumbelviz.views.spoken import teach

Floats = NDArray[np.float64]
_TICKS = ((0.0, "0"), (0.01, ".01"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"), (100.0, "100"), (math.inf, "∞"))
_FEW_TICKS = (_TICKS[0], *_TICKS[2:5], _TICKS[6])


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity.

    Attributes
    ----------
    color
        Of the curve and its dots.
    xs, ys
        The exact curve, places on the axis from 0 to 1; empty where there is none.
    dot_xs, dot_ys, dot_bands
        What was simulated, with twice its standard error.
    level
        A dashed line across, or None.
    here
        The exact value at the cursor, or None.
    """

    color: QColor
    xs: Floats
    ys: Floats
    dot_xs: Floats
    dot_ys: Floats
    dot_bands: Floats
    level: float | None = None
    here: float | None = None


def _look_alike(old: Line, new: Line) -> bool:
    """Tell whether two lines are the same picture: arrays are the same ones while nothing has changed."""
    same = old.ys is new.ys and old.dot_ys is new.dot_ys
    return same and (old.color, old.level, old.here) == (new.color, new.level, new.here)


class TauPlot(Plot):
    """Any number of lines.

    Signals
    -------
    wished(name, value, final)
        The cursor was dragged: ``"temperature"``.
    """

    wished = Signal(str, object, bool)
    _ready = False

    def __init__(self, title: str, top: float = 1.0, percent: bool = False) -> None:
        super().__init__(title)
        self._curves: list[pg.PlotCurveItem] = []
        self._lines: tuple[Line, ...] = ()
        self._cursor = 0.5
        self._tau = TEMPERATURE.default
        self._held = False
        self._percent = percent
        self._top = 0.0
        self._item.showAxis("left")
        self._left = self._item.getAxis("left")
        self.set_top(top)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setToolTip("Drag to change the temperature; Left and Right step it, Enter types it")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        teach(self, "Left and Right step the temperature, Home and End are 0 and infinity, Enter types it.")
        self._ready = True

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._left.setPen(look.pen("line", 1.0))
        self._left.setTextPen(look.color("quiet"))
        self._left.setStyle(tickFont=look.font(12.5), tickLength=look.px(4), tickTextOffset=look.px(3))
        self._left.setWidth(look.px(48))
        self._lines = ()
        self._set_ticks()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # pyqtgraph sizes itself while it is being built.
        if self._ready:
            self._set_ticks()

    def _set_ticks(self) -> None:
        self._set_levels()
        wide = 0.055 * self.width() > self._look.px(24)
        ticks = _TICKS if wide else _FEW_TICKS
        self._axis.setTicks([[(TEMPERATURE.place(tau), text) for tau, text in ticks], []])

    def set_top(self, top: float) -> None:
        """Show values from 0 to `top`."""
        if top == self._top:
            return
        self._top = top
        self.set_range(-0.015, 1.015, 1.06 * top)
        self._set_levels()

    def _set_levels(self) -> None:
        """Numbers at the left, as many as there is room for."""
        most = min(max((self.height() - self._look.px(36)) / self._look.px(23), 1.0), 5.0)
        steps = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
        step = next((step for step in steps if self._top / step <= most), 10.0)
        values = [step * n for n in range(int(1.001 * self._top / step) + 1)]
        self._left.setTicks([[(v, f"{100 * v:g}%" if self._percent else f"{v:g}") for v in values], []])

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        """Show `lines`; curves are drawn anew only where they changed."""
        while len(self._curves) < len(lines):
            curve = pg.PlotCurveItem(antialias=True)
            # Exact curves change rarely; drawing a thick smooth line costs as much as all else here.
            curve.setCacheMode(pg.QtWidgets.QGraphicsItem.CacheMode.DeviceCoordinateCache)
            self._item.addItem(curve, ignoreBounds=True)
            self._curves.append(curve)
        before, self._lines = self._lines, lines
        for place, curve in enumerate(self._curves):
            curve.setVisible(place < len(lines))
            if place < len(lines):
                line = lines[place]
                old = before[place] if place < len(before) else None
                if old is None or old.xs is not line.xs or old.ys is not line.ys or old.color != line.color:
                    curve.setPen(self._look.line(line.color, 2.2 if len(lines) <= 4 else 1.5))
                    curve.setData(line.xs, line.ys)
        if len(before) != len(lines) or not all(map(_look_alike, before, lines)):
            self.viewport().update()

    def set_cursor(self, tau: float) -> None:
        """Put the cursor at a temperature."""
        place, self._tau = TEMPERATURE.place(tau), tau
        if place != self._cursor:
            self._cursor = place
            self.viewport().update()

    def paint_marks(self, painter: QPainter) -> None:
        bounds = self.plot_rect()
        self._paint_cursor(painter)
        for line in self._lines:
            if line.level is not None:
                y = self.place(0.0, line.level).y()
                pen = QPen(line.color, max(1.3 * self._look.zoom * self._look.theme.stroke, 1.0))
                pen.setDashPattern([5.0, 4.0])
                painter.setPen(pen)
                painter.drawLine(QPointF(bounds.left(), y), QPointF(bounds.right(), y))
        for line in self._lines:
            self._paint_dots(painter, line)
        for line in self._lines:
            if line.here is not None:
                painter.setPen(self._look.pen("card", 1.2))
                painter.setBrush(line.color)
                where = self.place(self._cursor, line.here)
                painter.drawPath(marker_path("diamond", where, self._look.px(6.5)))

    def _paint_dots(self, painter: QPainter, line: Line) -> None:
        look = self._look
        radius = look.px(3 if len(self._lines) > 4 else 3.6)
        bar = look.line(line.color, 1.2)
        rim = look.pen("card", 1.0)
        painter.setBrush(line.color)
        # The plot is linear: two places give all others, which is much cheaper than to ask for each.
        origin, unit = self.place(0.0, 0.0), self.place(1.0, 1.0)
        xs = (origin.x() + line.dot_xs * (unit.x() - origin.x())).tolist()
        ys = (origin.y() + line.dot_ys * (unit.y() - origin.y())).tolist()
        reaches = (line.dot_bands * (origin.y() - unit.y())).tolist()
        painter.setPen(bar)
        dots = [dot for dot in zip(xs, ys, reaches, strict=True) if not math.isnan(dot[1])]
        for x, y, reach in dots:
            if reach > radius:
                painter.drawLine(QPointF(x, y + reach), QPointF(x, y - reach))
        painter.setPen(rim)
        for x, y, _ in dots:
            painter.drawEllipse(QPointF(x, y), radius, radius)

    def _paint_cursor(self, painter: QPainter) -> None:
        look, bounds = self._look, self.plot_rect()
        x = self.place(self._cursor, 0.0).x()
        pen = QPen(look.color("accent"), max(1.6 * look.zoom * look.theme.stroke, 1.0))
        pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, bounds.top()), QPointF(x, bounds.bottom()))
        painter.setPen(QPen(look.color("accent"), 2.0 * look.zoom))
        painter.setBrush(look.color("card"))
        painter.drawEllipse(QPointF(x, bounds.bottom()), look.px(6), look.px(6))

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

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    # The keyboard moves it too.

    def key_action(self, key: Key, by: float, fine: bool) -> Action | None:
        return tau_action(key, self._tau, by, self._set, self._type)

    def _set(self, tau: float) -> None:
        self.wished.emit("temperature", tau, True)

    def _type(self) -> None:
        foot = QPointF(self.place(self._cursor, 0.0).x(), self.plot_rect().center().y())
        open_entry(self, QRectF(foot, foot), "Temperature", write_short(self._tau), self._set)

    @property
    def in_hand(self) -> bool:
        return self._held

    def drop(self) -> None:
        self._held = False
        self.wished.emit("cancel drag", None, True)

    def _wish(self, event: QMouseEvent, final: bool) -> None:
        place = min(max(self.data_x(event.position()), 0.0), 1.0)
        tau = TEMPERATURE.value_at(place)
        if 0.0 < tau < math.inf:
            tau = float(f"{tau:.3g}")
        self.wished.emit("temperature", tau, final)
