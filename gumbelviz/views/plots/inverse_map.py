"""The inverse map: a uniform number goes across to the distribution function and down to the axis of the noise.

One plot with two storeys on one x axis: the distribution function above, below it the density and the
histogram of what has landed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen, QPixmap

from gumbelviz.model.numbers import write_number, write_short
from gumbelviz.views.look import Look, mix
from gumbelviz.views.plots.curves import MIDDLES
from gumbelviz.views.plots.keys import Action, Key, open_entry
from gumbelviz.views.plots.markers import draw_marker, marker_path
from gumbelviz.views.plots.plot import StepFill
from gumbelviz.views.plots.ruled import RuledPlot
from gumbelviz.views.spoken import teach

if TYPE_CHECKING:
    from gumbelviz.model.noise_report import InverseMap
    from gumbelviz.views.plots.rainfall import Rainfall

FLOOR = 0.72
"""Where the upper storey stands; the density below reaches up to `CEILING`."""
CEILING = 0.56
TOP = FLOOR + 1.04
ACROSS = 0.35
"""The share of a drop's way that goes across; the rest goes down."""


class InverseMapPlot(RuledPlot):
    """u on the left, g below, and the curve between them that turns one into the other.

    Signals
    -------
    wished(name, value, final)
        ``"noise level"`` with u: the plot was dragged.
    """

    margin = 56.0
    apart = 13.0

    wished = Signal(str, object, bool)

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._map: InverseMap | None = None
        self._marks: tuple[tuple[int, float, float], ...] = ()
        self._rainfall: Rainfall | None = None
        self._dragging = False
        self._stamps: dict[int, QPixmap] = {}
        self._fill = StepFill()
        self._fill.setZValue(0)
        self._curves = (pg.PlotCurveItem(antialias=True), pg.PlotCurveItem(antialias=True))
        for curve in self._curves:
            curve.setCacheMode(pg.QtWidgets.QGraphicsItem.CacheMode.DeviceCoordinateCache)
            curve.setZValue(1)
        for item in (self._fill, *self._curves):
            self._item.addItem(item, ignoreBounds=True)
        shares = ((0.0, "0"), (0.25, "0.25"), (0.5, "0.5"), (0.75, "0.75"), (1.0, "1"))
        self.set_rules(tuple((FLOOR + share, text) for share, text in shares))
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.SizeVerCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        teach(self, "Up and Down move the uniform number u, Enter types it.")

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        accent = look.color("accent")
        self._fill.set_colors(mix([accent], look.color("card"), 0.30))
        self._stamps.clear()
        for curve in self._curves:
            curve.setPen(look.line(accent, 2.0))

    def set_map(self, found: InverseMap, rainfall: Rainfall) -> None:
        """Show the map, and what has fallen through it."""
        self._rainfall = rainfall
        law = found.law
        if self._map is None or self._map.law is not law:
            first = max(int(np.searchsorted(law.x, found.low)) - 1, 0)
            last = int(np.searchsorted(law.x, found.high)) + 1
            step = slice(first, last, 3)
            self.set_range(found.low, found.high, TOP)
            self._curves[0].setData(law.x[step], FLOOR + law.share[step])
            self._curves[1].setData(law.x[step], CEILING * law.density[step] / law.height)
        self._map = found
        self.show_rain()

    def show_rain(self) -> None:
        """Show the drops, and the histogram of those that have landed."""
        if self._map is None or self._rainfall is None:
            return
        found, rain, landed = self._map, self._map.rain, self._rainfall.landed
        cell = float(rain.edges[1] - rain.edges[0])
        # Cells as the density has them, in the units of the noise, and the mode as high as its curve.
        unit = max(landed, 1) * cell * found.law.scale * found.law.height
        heights = CEILING * rain.counts[min(landed, len(rain.counts) - 1)] / unit
        self._fill.set_data(found.law.location + found.law.scale * rain.edges, heights)
        self.viewport().update()

    def set_marks(self, marks: tuple[tuple[int, float, float], ...]) -> None:
        """Show this draw's numbers on the curve: palette place, u and g of each."""
        if marks != self._marks:
            self._marks = marks
            self.viewport().update()

    # Painting.

    def paint_marks(self, painter: QPainter) -> None:
        super().paint_marks(painter)
        if self._map is None:
            return
        self._paint_floor(painter)
        self._paint_middles(painter, self._map)
        self._paint_drops(painter, self._map)
        self._paint_draw(painter)
        self._paint_handle(painter, self._map)

    def _paint_floor(self, painter: QPainter) -> None:
        look, bounds = self._look, self.plot_rect()
        painter.setFont(look.font(12.5))
        height = QFontMetricsF(painter.font()).height()
        painter.setPen(look.color("quiet"))
        painter.drawText(QPointF(look.px(12), self.place(0.0, FLOOR + 0.375).y() + 0.3 * height), "u")
        words = "density, and what has landed"
        y = self.place(0.0, CEILING).y() + 0.2 * height
        right = bounds.right() - QFontMetricsF(painter.font()).horizontalAdvance(words)
        painter.drawText(QPointF(right, y), words)

    def _paint_middles(self, painter: QPainter, found: InverseMap) -> None:
        """Mode, median and mean: three different places, with a word each, one above the other."""
        look, law = self._look, found.law
        painter.setFont(look.font(12.5))
        height = QFontMetricsF(painter.font()).height()
        middles = (("mode", law.location), ("median", law.median), ("mean", law.mean))
        base, top = self.place(0.0, 0.0).y(), self.plot_rect().top()
        for i, (name, x) in enumerate(middles):
            pen = QPen(look.color("ink"), max(1.3 * look.zoom * look.theme.stroke, 1.0))
            pen.setStyle(MIDDLES[name])
            painter.setPen(pen)
            # The space over the left half of the curve is free: there the words have a line each.
            end = QPointF(self.place(x, 0.0).x(), top + (2.6 - i) * 1.3 * height)
            # Upright lines are sharper, and five times as quick, without smoothing.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.drawLine(QPointF(end.x(), base), end)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            words = f"{name} {write_number(x, 2)}" + (", the location" if name == "mode" else "")
            room = end.x() - self.plot_rect().left() - look.px(8)
            if QFontMetricsF(painter.font()).horizontalAdvance(words) > room:
                words = name
            self.paint_words(painter, end, words, to_the_right=False)

    def _paint_drops(self, painter: QPainter, found: InverseMap) -> None:
        if self._rainfall is None:
            return
        rain = found.rain
        left = self.plot_rect().left()
        origin, one = self.place(found.law.location, 0.0), self.place(found.law.location + found.law.scale, 1.0)
        base, right, up = origin.y(), one.x() - origin.x(), one.y() - origin.y()
        for number, way in self._rainfall.air:
            if number >= len(rain.level):
                continue
            x = origin.x() + right * float(rain.noise[number])
            y = base + up * (FLOOR + float(rain.level[number]))
            if way < ACROSS:
                x = left + (x - left) * way / ACROSS
            else:
                fall = (way - ACROSS) / (1.0 - ACROSS)
                y += (base - y) * fall * fall
            stamp = self._stamp(int(rain.color[number]))
            half = 0.5 * stamp.width() / stamp.devicePixelRatio()
            painter.drawPixmap(QPointF(x - half, y - half), stamp)

    def _stamp(self, color: int) -> QPixmap:
        """A drop in the colour of an option, painted once: two hundred smooth discs a frame would take too long."""
        if color not in self._stamps:
            ratio, radius = self.devicePixelRatioF() * self._look.ratio, self._look.px(3.5)
            stamp = QPixmap(QSize(2 * radius + 2, 2 * radius + 2) * ratio)
            stamp.setDevicePixelRatio(ratio)
            stamp.fill(Qt.GlobalColor.transparent)
            with QPainter(stamp) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._look.option_color(color))
                painter.drawEllipse(QPointF(radius + 1, radius + 1), radius, radius)
            self._stamps[color] = stamp
        return self._stamps[color]

    def _paint_draw(self, painter: QPainter) -> None:
        look, bounds = self._look, self.plot_rect()
        for color, level, noise in self._marks:
            at = self.place(noise, FLOOR + level)
            if not bounds.left() <= at.x() <= bounds.right():
                continue
            painter.setPen(QPen(look.color("card"), 1.2))
            draw_marker(painter, look, color, at, look.px(5.5))
            draw_marker(painter, look, color, self.place(noise, 0.0), look.px(4.5))

    def _paint_handle(self, painter: QPainter, found: InverseMap) -> None:
        """The number that was chosen: from the left edge across, then down, with an arrow head on the axis."""
        look, bounds = self._look, self.plot_rect()
        color = look.option_color(5)
        turn = self.place(found.noise, FLOOR + found.level)
        turn.setX(min(max(turn.x(), bounds.left()), bounds.right()))
        base = self.place(0.0, 0.0).y()
        start = QPointF(bounds.left(), turn.y())
        painter.setPen(look.line(color, 2.0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawLine(start, turn)
        painter.drawLine(turn, QPointF(turn.x(), base - look.px(6)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("card"), 1.2))
        painter.setBrush(color)
        painter.drawPath(marker_path("down", QPointF(turn.x(), base - look.px(6)), look.px(6)))
        painter.drawEllipse(turn, look.px(4.5), look.px(4.5))
        painter.drawEllipse(start, look.px(8), look.px(8))
        painter.setFont(look.font(14, bold=True))
        # Right of the curve and under it there is room.
        below = look.px(12) if found.level > 0.08 else -look.px(12)
        beside = turn + QPointF(look.px(4), below)
        self.paint_words(painter, beside, f"u = {write_number(found.level, 3)}")
        where = QPointF(turn.x(), self.place(0.0, 0.5 * (FLOOR + CEILING)).y())
        self.paint_words(painter, where, f"g = {write_number(found.noise, 3)}")

    # Dragging u.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._map is not None:
            self._dragging = True
            self._wish(event, final=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._wish(event, final=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self._wish(event, final=True)

    # The keyboard moves it too.

    def key_action(self, key: Key, by: float, fine: bool) -> Action | None:
        if self._map is None:
            return None
        if key in (Key.Key_Return, Key.Key_Enter):
            return self._type
        return (lambda: self._step(by)) if by else None

    def _step(self, by: float) -> None:
        assert self._map is not None
        level = min(max(self._map.level + 0.01 * by, 0.001), 0.999)
        self.wished.emit("noise level", round(level, 3), True)

    def _type(self) -> None:
        assert self._map is not None
        start = QPointF(self.plot_rect().left() + self._look.px(50), self.place(0.0, FLOOR + self._map.level).y())
        open_entry(self, QRectF(start, start), "Uniform number u", write_short(self._map.level),
                   lambda level: self.wished.emit("noise level", level, True))  # fmt: skip

    @property
    def in_hand(self) -> bool:
        return self._dragging

    def drop(self) -> None:
        self._dragging = False
        self.wished.emit("cancel drag", None, True)

    def _wish(self, event: QMouseEvent, final: bool) -> None:
        level = float(self._box.mapSceneToView(event.position()).y()) - FLOOR
        if math.isfinite(level):
            self.wished.emit("noise level", round(min(max(level, 0.001), 0.999), 3), final)
