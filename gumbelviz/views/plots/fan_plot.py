"""Lines over steps or temperatures, each with a band around it, and a cursor that can be dragged."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.keys import Action, Key
from gumbelviz.views.plots.markers import marker_path
from gumbelviz.views.plots.plot import Plot
from gumbelviz.views.plots.ticks import Ticks
from gumbelviz.views.spoken import teach

Floats = NDArray[np.float64]
MOST_POINTS = 240
"""Points of a drawn line: more cannot be told apart, and a thick line of them is slow."""


@dataclass(frozen=True, slots=True)
class FanLine:
    """One quantity, in the units of the plot.

    Attributes
    ----------
    color, marker
    xs, ys
        Finite numbers, rising in x, of the same length.
    low, high
        The band, or None.
    dots
        True where every point has a marker.
    """

    color: QColor
    marker: str
    xs: Floats
    ys: Floats
    low: Floats | None = None
    high: Floats | None = None
    dots: bool = False

    def at(self, x: float) -> float | None:
        """The value at `x`, or None outside the line."""
        if not len(self.xs) or x < self.xs[0]:
            return None
        return float(np.interp(x, self.xs, self.ys))


class Band(pg.GraphicsObject):  # type: ignore[misc]
    """The area between two lines."""

    def __init__(self) -> None:
        super().__init__()
        self._path = QPainterPath()
        self._bounds = QRectF()
        self._fill = QColor()

    def set_data(self, xs: Floats, low: Floats, high: Floats, fill: QColor) -> None:
        """Fill between `low` and `high`."""
        around = np.concatenate((xs, xs[::-1])), np.concatenate((low, high[::-1]))
        self._path = pg.arrayToQPath(*around) if len(xs) > 1 else QPainterPath()
        self._fill = fill
        self.prepareGeometryChange()
        self._bounds = self._path.boundingRect()
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    @guarded
    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillPath(self._path, self._fill)


class FanPlot(Plot):
    """Any number of lines over one axis.

    Signals
    -------
    scrubbed(x)
        A person put the cursor there; only where `can_scrub` is set.
    """

    scrubbed = Signal(float)
    _ready = False

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._bands: list[Band] = []
        self._curves: list[pg.PlotCurveItem] = []
        self._lines: tuple[FanLine, ...] = ()
        self._levels: tuple[tuple[float, str], ...] = ()
        self._cursor: float | None = None
        self._words = ""
        self._ticks: tuple[Ticks, Ticks] = (((0.0, ""),), ())
        self._view: tuple[float, float, float, float] | None = None
        self._can_scrub = self._held = False
        self._taken: float | None = None
        self._item.showAxis("left")
        self._left = self._item.getAxis("left")
        self._ready = True

    def set_scrub(self, tip: str) -> None:
        """Let the cursor be dragged."""
        self._can_scrub = True
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        teach(self, "Left and Right go back and on through the steps, Home and End to the first and the newest.")

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._left.setPen(look.pen("line", 1.0))
        self._left.setTextPen(look.color("quiet"))
        self._left.setStyle(tickFont=look.font(12.5), tickLength=look.px(4), tickTextOffset=look.px(3),
                            hideOverlappingLabels=False)  # fmt: skip
        self._left.setWidth(look.px(52))
        # The last number below stands half beyond the plot.
        self._item.layout.setContentsMargins(look.px(4), look.px(10), look.px(22), look.px(4))
        self._lines = ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._ready:
            self._thin_ticks()

    def set_view(self, left: float, right: float, bottom: float, top: float, below: Ticks, beside: Ticks) -> None:
        """Show that part of the plane, with those ticks; nothing happens where that is so already."""
        view = (left, right, bottom, top)
        if view != self._view and all(map(math.isfinite, view)) and right > left and top > bottom:
            self._view = view
            self._box.setRange(xRange=(left, right), yRange=(bottom, top), padding=0.0)
        if (below, beside) != self._ticks:
            self._ticks = below, beside
            self._thin_ticks()

    def _thin_ticks(self) -> None:
        """Leave out numbers that would touch each other."""
        below, beside = self._ticks
        if self._view is None:
            return
        left, right, bottom, top = self._view
        metrics = QFontMetricsF(self._look.font(12.5))
        widest = max((metrics.horizontalAdvance(text) for _, text in below), default=0.0) + self._look.px(14)
        room = max(self._room(), 1.0)
        self._axis.setTicks([_spaced(below, (right - left) / room * widest), []])
        tall = max(self.height() - self._look.px(40), 1)
        self._left.setTicks([_spaced(beside, (top - bottom) / tall * self._look.px(20)), []])

    def _room(self) -> float:
        """About how wide the plot proper is; pyqtgraph tells only after it has been painted."""
        return float(self.width() - self._look.px(78))

    def set_lines(self, lines: tuple[FanLine, ...], live: bool = False) -> None:
        """Show `lines`; while they grow they are drawn thin, which is much quicker."""
        while len(self._curves) < len(lines):
            band, curve = Band(), pg.PlotCurveItem(antialias=True)
            band.setZValue(-1)
            for item in (band, curve):
                self._item.addItem(item, ignoreBounds=True)
            self._bands.append(band)
            self._curves.append(curve)
        self._lines = lines
        for place, (band, curve) in enumerate(zip(self._bands, self._curves, strict=True)):
            shown = place < len(lines)
            curve.setVisible(shown)
            band.setVisible(shown and lines[place].low is not None)
            if shown:
                self._show_line(band, curve, lines[place], live)
        self.viewport().update()

    def _show_line(self, band: Band, curve: pg.PlotCurveItem, line: FanLine, live: bool) -> None:
        few = thinned(len(line.xs))
        xs = line.xs[few]
        pen = self._look.line(line.color, 2.0)
        if live:
            pen.setWidthF(1.0)
        curve.setPen(pen)
        curve.setData(xs, line.ys[few])
        if line.low is not None and line.high is not None:
            fill = QColor(line.color)
            fill.setAlpha(64 if self._look.theme.dark else 52)
            band.set_data(xs, line.low[few], line.high[few], fill)

    def set_marks(self, cursor: float | None, levels: tuple[tuple[float, str], ...] = (), words: str = "") -> None:
        """Put the cursor at an x, and dashed lines across with their names; `words` stand in an empty plot."""
        if (cursor, levels, words) != (self._cursor, self._levels, self._words):
            self._cursor, self._levels, self._words = cursor, levels, words
            self.viewport().update()

    def paint_marks(self, painter: QPainter) -> None:
        look, bounds = self._look, self.plot_rect()
        painter.setFont(look.font(12.5))
        for y, name in self._levels:
            self._paint_level(painter, y, name, bounds)
        if self._words:
            painter.setPen(look.color("quiet"))
            painter.setFont(look.font(14))
            painter.drawText(bounds, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)
            return
        if self._cursor is not None:
            x = self.place(self._cursor, 0.0).x()
            pen = QPen(look.color("accent"), max(1.4 * look.zoom * look.theme.stroke, 1.0))
            pen.setDashPattern([4.0, 3.0])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, bounds.top()), QPointF(x, bounds.bottom()))
        painter.setPen(look.pen("card", 1.2))
        for line in self._lines:
            painter.setBrush(line.color)
            points = zip(line.xs, line.ys, strict=True) if line.dots else self._at_cursor(line)
            for x, y in points:
                where = self.place(float(x), float(y))
                if bounds.adjusted(-2, -2, 2, 2).contains(where):
                    painter.drawPath(marker_path(line.marker, where, look.px(4.6)))

    def _at_cursor(self, line: FanLine) -> list[tuple[float, float]]:
        y = None if self._cursor is None else line.at(self._cursor)
        return [] if self._cursor is None or y is None else [(self._cursor, y)]

    def _paint_level(self, painter: QPainter, y: float, name: str, bounds: QRectF) -> None:
        look = self._look
        height = self.place(0.0, y).y()
        if not bounds.top() - 1 <= height <= bounds.bottom() + 1:
            return
        pen = QPen(look.color("ink"), max(1.3 * look.zoom * look.theme.stroke, 1.0))
        pen.setDashPattern([6.0, 4.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(bounds.left(), height), QPointF(bounds.right(), height))
        above = height - look.px(18) > bounds.top()
        top = height - look.px(18) if above else height
        rect = QRectF(bounds.left(), top, bounds.width() - look.px(4), look.px(17))
        painter.setPen(look.color("ink"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    # Dragging the cursor.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._can_scrub and event.button() == Qt.MouseButton.LeftButton:
            self._held, self._taken = True, self._cursor
            self.scrubbed.emit(self.data_x(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.scrubbed.emit(self.data_x(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    @property
    def in_hand(self) -> bool:
        return self._held

    def drop(self) -> None:
        self._held = False
        if self._taken is not None:
            self.scrubbed.emit(self._taken)

    # The keyboard.

    def key_action(self, key: Key, by: float, fine: bool) -> Action | None:
        if not self._can_scrub or self._cursor is None or self._view is None:
            return None
        here, last = self._cursor, self._view[1]
        ends = {Key.Key_Home: 0.0, Key.Key_End: last}
        if key in ends:
            return lambda: self.scrubbed.emit(ends[key])
        # A hundredth of the way, but not less than a step.
        step = math.copysign(max(abs(by) * 0.01 * last, 1.0), by)
        return (lambda: self.scrubbed.emit(max(here + step, 0.0))) if by else None


def thinned(count: int) -> NDArray[np.int64]:
    """Places of at most `MOST_POINTS` out of so many points, the first and the last among them.

    Every second, fourth, ... is kept: a line that grows does not tremble, as it would if others were kept each time.
    """
    stride = 1
    while count > stride * (MOST_POINTS - 1) + 1:
        stride *= 2
    places = np.arange(0, count, stride)
    if count and places[-1] != count - 1:
        places = np.append(places, count - 1)
    return places


def _spaced(ticks: Ticks, least: float) -> list[tuple[float, str]]:
    """Every tick, or every second, third, ... such that neighbours are at least so far apart."""
    if len(ticks) < 2:
        return list(ticks)
    gap = min(abs(b[0] - a[0]) for a, b in itertools.pairwise(ticks))
    every = max(math.ceil(least / gap - 1e-9), 1) if gap > 0 else 1
    return list(ticks[::every])
