"""The noise and the noisy scores: exact densities with what was drawn beneath, and this draw's values as marks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen

from gumbelviz.model.numbers import write_short
from gumbelviz.views.look import Look
from gumbelviz.views.plots.keys import UPRIGHT, Action, Key, open_entry
from gumbelviz.views.plots.markers import draw_crown, draw_marker, draw_pin
from gumbelviz.views.plots.plot import Plot, StepFill
from gumbelviz.views.spoken import announce, teach

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of this draw: which option, where, how high, and whether it is pinned or has won."""

    option: int
    color: int
    x: float
    y: float
    pinned: bool = False
    winner: bool = False


class DensityPlot(Plot):
    """Any number of densities that share one shape, each over its own histogram.

    Signals
    -------
    wished(name, value, final)
        A mark was dragged: ``"pin"`` with ``(option, x)``.
    """

    wished = Signal(str, object, bool)

    def __init__(self, title: str, draggable: bool = False) -> None:
        super().__init__(title)
        self._draggable = draggable
        self._fills: list[StepFill] = []
        self._curves: list[pg.PlotCurveItem] = []
        self._colors: tuple[QColor, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._dragged: int | None = None
        self._drag_moved = False
        self._current = 0
        self._curve: tuple[Floats, Floats] | None = None
        self._offsets: tuple[float, ...] = ()
        if draggable:
            self.setMouseTracking(True)
            self.viewport().setMouseTracking(True)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            teach(self, "Up and Down choose a value of this draw, Left and Right move and pin it, Enter types it, "
                        "P pins it, Delete gives it back to the stream.")  # fmt: skip

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._colors = ()

    def set_series(self, colors: tuple[QColor, ...]) -> None:
        """Make room for as many curves as there are `colors`."""
        if colors == self._colors:
            return
        self._colors = colors
        while len(self._fills) < len(colors):
            fill, curve = StepFill(), pg.PlotCurveItem(antialias=True)
            fill.setZValue(0)
            curve.setZValue(1)
            # Exact curves change rarely; drawing a thick smooth line costs as much as all else here.
            curve.setCacheMode(pg.QtWidgets.QGraphicsItem.CacheMode.DeviceCoordinateCache)
            self._item.addItem(fill, ignoreBounds=True)
            self._item.addItem(curve, ignoreBounds=True)
            self._fills.append(fill)
            self._curves.append(curve)
        for i, (fill, curve) in enumerate(zip(self._fills, self._curves, strict=True)):
            fill.setVisible(i < len(colors))
            curve.setVisible(i < len(colors))
            if i < len(colors):
                area = QColor(colors[i])
                area.setAlphaF(0.28 if len(colors) <= 4 else 0.16)
                fill.set_colors(area)
                curve.setPen(self._look.line(colors[i], 2.0 if len(colors) <= 4 else 1.4))
        self._curve = None

    def set_curve(self, curve: tuple[Floats, Floats], offsets: tuple[float, ...]) -> None:
        """Draw the exact density once per series, moved by its offset; only where it changed."""
        if self._curve is curve and self._offsets == offsets:
            return
        self._curve, self._offsets = curve, offsets
        xs, ys = curve
        for item, offset in zip(self._curves, offsets, strict=False):
            item.setData(xs + offset, ys)

    def set_histograms(self, edges: Floats, heights: list[Floats], offsets: tuple[float, ...]) -> None:
        """Show one histogram per series: the same edges, moved by its offset."""
        for fill, height, offset in zip(self._fills, heights, offsets, strict=False):
            fill.set_data(edges + offset, height, self.half_pixel)

    def set_marks(self, marks: tuple[Mark, ...]) -> None:
        """Show this draw's values."""
        if marks != self._marks:
            self._marks = marks
            self.viewport().update()

    def paint_marks(self, painter: QPainter) -> None:
        look, bounds = self._look, self.plot_rect()
        radius = look.px(5.5) * look.theme.stroke**0.5
        for mark in self._marks:
            point, foot = self.place(mark.x, mark.y), self.place(mark.x, 0.0)
            if not bounds.left() - 1 <= point.x() <= bounds.right() + 1:
                continue
            color = look.option_color(mark.color)
            painter.setPen(QPen(color, max(1.3 * look.zoom * look.theme.stroke, 1.0), Qt.PenStyle.DashLine))
            painter.drawLine(foot, point)
            painter.setPen(QPen(look.color("card"), 1.2))
            draw_marker(painter, look, mark.color, point, radius)
            if self._draggable and self.hasFocus() and mark is self._mark():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(look.pen("accent", 2.0))
                painter.drawEllipse(point, radius + look.px(4), radius + look.px(4))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("ink"))
            above = QPointF(point.x(), max(point.y() - look.px(15), bounds.top() + look.px(8)))
            if mark.winner:
                draw_crown(painter, above, look.px(15))
            elif mark.pinned:
                draw_pin(painter, above, look.px(13))

    # Dragging a mark along the axis.

    def _mark_at(self, position: QPointF) -> Mark | None:
        reach = self._look.px(14)
        near = [(abs(position.x() - self.place(mark.x, mark.y).x()), mark) for mark in self._marks]
        near = [(distance, mark) for distance, mark in near if distance <= reach]
        return min(near, key=lambda pair: pair[0])[1] if near else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._draggable and event.button() == Qt.MouseButton.LeftButton:
            mark = self._mark_at(event.position())
            self._dragged = mark.option if mark is not None else None
            self._drag_moved = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._drag_moved = True
            self._wish(event, final=False)
        elif self._draggable:
            over = self._mark_at(event.position()) is not None
            self.viewport().setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            # A click alone pins nothing: it would move the value to wherever in the mark it fell.
            if self._drag_moved:
                self._wish(event, final=True)
            self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._draggable and (mark := self._mark_at(event.position())) is not None:
            self.wished.emit("toggle pin", mark.option, True)

    @property
    def in_hand(self) -> bool:
        return self._dragged is not None

    def drop(self) -> None:
        self._dragged = None
        self.wished.emit("cancel drag", None, True)

    # The keyboard.

    def _mark(self) -> Mark | None:
        """The value that the keyboard acts on."""
        return self._marks[min(self._current, len(self._marks) - 1)] if self._marks else None

    def key_action(self, key: Key, by: float, fine: bool) -> Action | None:
        mark = self._mark()
        if mark is None or not self._draggable:
            return None
        keys: dict[Key, Action] = {
            Key.Key_P: lambda: self.wished.emit("toggle pin", mark.option, True),
            Key.Key_Delete: lambda: self.wished.emit("pin", (mark.option, None), True),
            Key.Key_Return: lambda: self._type(mark),
            Key.Key_Enter: lambda: self._type(mark),
        }
        if key in UPRIGHT:
            return lambda: self._walk(-int(UPRIGHT[key]))
        if key in keys:
            return keys[key]
        return (lambda: self._pin(mark.option, round(mark.x + 0.1 * by, 3))) if by else None

    def _walk(self, by: int) -> None:
        self._current = min(max(self._current + by, 0), len(self._marks) - 1)
        self.viewport().update()
        mark = self._mark()
        if mark is not None:
            announce(self, f"value {self._current + 1} of {len(self._marks)}: {write_short(mark.x, 2)}")

    def _pin(self, option: int, x: float) -> None:
        self.wished.emit("pin", (option, x), True)

    def _type(self, mark: Mark) -> None:
        at = self.place(mark.x, mark.y)
        open_entry(self, QRectF(at, at), "Noise value", write_short(mark.x, 2), lambda x: self._pin(mark.option, x))

    def _wish(self, event: QMouseEvent, final: bool) -> None:
        bounds = self.plot_rect()
        x = min(max(event.position().x(), bounds.left()), bounds.right())
        self.wished.emit("pin", (self._dragged, round(self.data_x(QPointF(x, bounds.center().y())), 2)), final)
