"""An annealing schedule: the temperature over the steps, to be drawn by hand, with a head that plays along."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QPolygonF

from gumbelviz.model.numbers import write_count, write_short
from gumbelviz.model.parameters import TEMPERATURE
from gumbelviz.model.stepping import stepped
from gumbelviz.views.look import Look
from gumbelviz.views.plots.keys import UPRIGHT, Action, Key, open_entry
from gumbelviz.views.plots.plot import Plot
from gumbelviz.views.spoken import teach

Floats = NDArray[np.float64]
_LEVELS = ((0.0, "0"), (0.01, "0.01"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"), (100.0, "100"))


class SchedulePlot(Plot):
    """One curve over the steps.

    Signals
    -------
    wished(name, value, final)
        A stroke was drawn, ``"schedule draw"`` with two points as shares of the steps and temperatures; or the
        head was moved, ``"anneal seek"`` with a step.
    """

    wished = Signal(str, object, bool)

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._curve = pg.PlotCurveItem(antialias=True)
        self._curve.setCacheMode(pg.QtWidgets.QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._item.addItem(self._curve, ignoreBounds=True)
        self._item.showAxis("left")
        self._left = self._item.getAxis("left")
        self._left.setTicks([[(TEMPERATURE.place(tau), text) for tau, text in _LEVELS], []])
        self._taus: Floats = np.zeros(2)
        self._steps = 1.0
        self._step = 0.0
        self._tau = 1.0
        self._stroke: tuple[float, float] | None = None
        self._seeking = False
        self._taken = 0.0
        # Room at the right for the last number of steps, which is centred under its place.
        self.set_range(-0.015, 1.07, 1.0)
        # The head is moved with the arrow keys.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip("Draw a schedule by hand; drag the handle below to go to a step (or Left and Right)")
        teach(self, "Left, Right, Home and End go to a step. Up and Down draw: they move the temperature there, "
                    "Enter types it.")  # fmt: skip

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._left.setPen(look.pen("line", 1.0))
        self._left.setTextPen(look.color("quiet"))
        self._left.setStyle(tickFont=look.font(12.5), tickLength=look.px(4), tickTextOffset=look.px(3))
        self._left.setWidth(look.px(46))
        self._curve.setPen(look.line(look.color("accent"), 2.4))

    def set_schedule(self, taus: Floats, steps: float) -> None:
        """Show temperatures, evenly spread over so many steps."""
        if steps != self._steps:
            self._steps = steps
        shares = (0.0, 0.25, 0.5, 0.75, 1.0) if steps >= 4 else (0.0, 1.0)
        self._axis.setTicks([[(share, write_count(round(share * steps))) for share in shares], []])
        if not np.array_equal(taus, self._taus):
            self._taus = taus
            places = np.array([TEMPERATURE.place(float(tau)) for tau in taus])
            self._curve.setData(np.linspace(0.0, 1.0, len(taus)), places)
        self.viewport().update()

    def set_head(self, step: float, tau: float) -> None:
        """Put the head at a step, and the dot on it at a temperature."""
        if (step, tau) != (self._step, self._tau):
            self._step, self._tau = step, tau
            self.viewport().update()

    def head_place(self) -> QPointF:
        """Where the handle of the head stands, in pixels of the widget."""
        return QPointF(self.place(min(self._step / self._steps, 1.0), 0.0).x(), self.plot_rect().bottom())

    def paint_marks(self, painter: QPainter) -> None:
        look, bounds, foot = self._look, self.plot_rect(), self.head_place()
        painter.setPen(QPen(look.color("ink"), max(1.2 * look.zoom, 1.0), Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(foot.x(), bounds.top()), foot)
        painter.setPen(look.pen("card", 1.2))
        painter.setBrush(look.color("accent"))
        height = self.place(0.0, TEMPERATURE.place(self._tau)).y()
        painter.drawEllipse(QPointF(foot.x(), height), look.px(6), look.px(6))
        size = look.px(9)
        handle = QPolygonF([foot, foot + QPointF(-0.75 * size, size), foot + QPointF(0.75 * size, size)])
        painter.setPen(QPen(look.color("accent"), 2.0 * look.zoom))
        painter.setBrush(look.color("accent" if self.hasFocus() else "card"))
        painter.drawPolygon(handle)

    # The mouse: a stroke in the plot, the head at its foot.

    def _on_head(self, position: QPointF) -> bool:
        foot = self.head_place()
        reach = self._look.px(14)
        return abs(position.x() - foot.x()) <= reach and position.y() >= foot.y() - 0.6 * reach

    def _share(self, position: QPointF) -> float:
        return min(max(self.data_x(position), 0.0), 1.0)

    def _temperature(self, position: QPointF) -> float:
        tau = TEMPERATURE.value_at(min(max(float(self._box.mapSceneToView(position).y()), 0.0), 1.0))
        return min(max(tau, TEMPERATURE.typical[0]), TEMPERATURE.typical[1]) if math.isfinite(tau) else 100.0

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        position = event.position()
        below = position.y() > self.plot_rect().bottom()
        self._seeking = below or self._on_head(position)
        self._taken = self._step / self._steps
        if self._seeking:
            self._seek(self._share(position), final=False)
        else:
            self._stroke = self._share(position), self._temperature(position)
            self._draw_to(position, final=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._seeking:
            self._seek(self._share(event.position()), final=False)
        elif self._stroke is not None:
            self._draw_to(event.position(), final=False)
        else:
            over = self._on_head(event.position())
            self.viewport().setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.CrossCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._seeking:
            self._seek(self._share(event.position()), final=True)
        elif self._stroke is not None:
            self._draw_to(event.position(), final=True)
        self._seeking, self._stroke = False, None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def _draw_to(self, position: QPointF, final: bool) -> None:
        assert self._stroke is not None
        end = self._share(position), self._temperature(position)
        # A list, so that all strokes of one drag are one step back.
        self.wished.emit("schedule draw", [*self._stroke, *end], final)
        self._stroke = end

    def _seek(self, share: float, final: bool) -> None:
        self.wished.emit("anneal seek", share * self._steps, final)

    @property
    def in_hand(self) -> bool:
        return self._seeking or self._stroke is not None

    def drop(self) -> None:
        if self._seeking:
            self._seek(self._taken, final=True)
        else:
            self.wished.emit("cancel drag", None, True)
        self._seeking, self._stroke = False, None

    # The keyboard moves the head, and draws where it stands.

    def key_action(self, key: Key, by: float, fine: bool) -> Action | None:
        share = min(self._step / self._steps, 1.0)
        if key in (Key.Key_Home, Key.Key_End):
            return lambda: self._seek(float(key == Key.Key_End), final=True)
        if key in (Key.Key_Return, Key.Key_Enter):
            return self._type
        if key in UPRIGHT:
            return lambda: self._draw_here(stepped(TEMPERATURE, self._tau, 5.0 * by))
        return (lambda: self._seek(min(max(share + 0.01 * by, 0.0), 1.0), final=True)) if by else None

    def _draw_here(self, tau: float) -> None:
        low, high = TEMPERATURE.typical
        share, tau = min(self._step / self._steps, 1.0), min(max(tau, low), high)
        self.wished.emit("schedule draw", [share, tau, share, tau], True)

    def _type(self) -> None:
        at = QPointF(self.head_place().x(), self.place(0.0, TEMPERATURE.place(self._tau)).y())
        open_entry(self, QRectF(at, at), "Temperature at this step", write_short(self._tau), self._draw_here)
