"""A family of Gumbel curves, as densities or as distribution functions: chosen, dragged and read with the mouse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen

from gumbelviz.model.numbers import write_short
from gumbelviz.views.look import Look
from gumbelviz.views.plots.keys import PAGES, SIDEWAYS, UPRIGHT, Action, Key
from gumbelviz.views.plots.markers import draw_marker, marker_path
from gumbelviz.views.plots.ruled import RuledPlot, round_step
from gumbelviz.views.spoken import announce, teach

if TYPE_CHECKING:
    from gumbelviz.model.noise_report import CurveFacts, Family

Kind = Literal["density", "share"]
NARROWEST, WIDEST = 0.05, 50.0
"""Scales that a drag can reach; a field takes any."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A point of a curve: the place of the curve in the family, and the place of the point along it."""

    curve: int
    point: int


@dataclass(frozen=True, slots=True)
class _Grip:
    """What the hand holds: a curve by its body (location) or its shoulder (scale), and where it was taken."""

    curve: int
    shoulder: bool
    start_x: float
    start: float


class CurvePlot(RuledPlot):
    """Curves over one x axis. A curve dragged sideways changes its location, dragged by the shoulder its scale.

    The shoulder is one scale to the right of the mode, so that its x is location + scale.

    Signals
    -------
    wished(name, value, final)
        ``"curve location"`` or ``"curve scale"`` with ``(place, number)``.
    chosen(place)
        A curve was clicked.
    typing(place)
        A number of that curve shall be typed.
    pointed(reading)
        The pointer is near this point of a curve; None where it left.
    """

    wished = Signal(str, object, bool)
    chosen = Signal(int)
    typing = Signal(int)
    pointed = Signal(object)

    def __init__(self, title: str, kind: Kind) -> None:
        super().__init__(title)
        self._kind = kind
        self._family: Family | None = None
        self._current = 0
        self._reading: Reading | None = None
        self._grip: _Grip | None = None
        self._items: list[pg.PlotCurveItem] = []
        self._drawn: list[tuple[object, ...]] = []
        self._state: tuple[object, ...] | None = None
        self._top = 0.0
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        teach(self, "Up and Down choose a curve, Left and Right move it, Page Up and Page Down widen and narrow it, "
                    "Enter goes to its fields.")  # fmt: skip
        if kind == "share":
            self.set_rules(((0.0, "0"), (0.25, "0.25"), (0.5, "0.5"), (0.75, "0.75"), (1.0, "1")))

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._drawn, self._state = [], None

    @property
    def held(self) -> bool:
        """Whether a curve is being dragged: the x axis must stand still under the hand."""
        return self._grip is not None

    def set_family(self, family: Family, current: int, low: float, high: float) -> None:
        """Show the curves over x from `low` to `high`, the one at place `current` in front."""
        state = (family, current, low, high, self._look)
        if self._state is not None and _same(self._state, state):
            return
        self._state = state
        self._family, self._current = family, current
        self._fit_range(family, low, high)
        while len(self._items) < len(family.curves):
            item = pg.PlotCurveItem(antialias=True)
            # A smooth line that stands still is kept as a picture.
            item.setCacheMode(pg.QtWidgets.QGraphicsItem.CacheMode.DeviceCoordinateCache)
            self._item.addItem(item, ignoreBounds=True)
            self._items.append(item)
        self._drawn += [()] * (len(self._items) - len(self._drawn))
        for i, item in enumerate(self._items):
            item.setVisible(i < len(family.curves))
            if i < len(family.curves):
                self._draw_curve(i, item, family.curves[i], low, high)
        self.viewport().update()

    def _fit_range(self, family: Family, low: float, high: float) -> None:
        if self._kind == "share":
            self.set_range(low, high, 1.06)
            return
        # Under the hand the axis only grows: a curve that is pulled wide must not look as high as before.
        self._top = max(1.12 * family.top, self._top if self.held else 0.0)
        self.set_range(low, high, self._top)
        step = round_step(self._top, 5)
        count = int(self._top / step + 1e-9)
        self.set_rules(tuple((i * step, write_short(i * step, 6)) for i in range(count + 1)))

    def _draw_curve(self, place: int, item: pg.PlotCurveItem, facts: CurveFacts, low: float, high: float) -> None:
        front = place == self._current
        state = (facts, front, low, high)
        if self._drawn[place] and _same(self._drawn[place], state):
            return
        first = max(int(np.searchsorted(facts.x, low)) - 1, 0)
        last = int(np.searchsorted(facts.x, high)) + 1
        heights = facts.density if self._kind == "density" else facts.share
        step = 4 if last - first > 400 else 1
        xs, ys = facts.x[first:last], heights[first:last]
        if step > 1:
            # Every fourth point is enough for the eye, and the ends of the axis are kept.
            xs, ys = (np.append(values[:-1:step], values[-1]) for values in (xs, ys))
        pen = self._look.line(self._look.option_color(facts.color), 2.6 if front else 1.5)
        if facts.color >= len(self._look.theme.palette):
            pen.setStyle(Qt.PenStyle.DashLine)
        item.setPen(pen)
        item.setZValue(2 if front else 1)
        item.setData(xs, ys)
        self._drawn[place] = state

    def set_reading(self, reading: Reading | None) -> None:
        """Mark a point of a curve; None takes the mark away."""
        if reading != self._reading:
            self._reading = reading
            self.viewport().update()

    # Painting.

    def paint_marks(self, painter: QPainter) -> None:
        super().paint_marks(painter)
        family, look = self._family, self._look
        if family is None or self._current >= len(family.curves):
            return
        front = family.curves[self._current]
        self._paint_middles(painter, front)
        painter.setPen(QPen(look.color("card"), 1.2))
        for place, facts in enumerate(family.curves):
            radius = look.px(6.5 if place == self._current else 4.5)
            draw_marker(painter, look, facts.color, self._point(facts, facts.location), radius)
            painter.setPen(QPen(look.color("card"), 1.2))
        # The shoulder: a hollow diamond that can be pulled.
        painter.setPen(QPen(look.option_color(front.color), look.px(2)))
        painter.setBrush(look.color("card"))
        shoulder = self._point(front, front.location + front.scale)
        painter.drawPath(marker_path("diamond", shoulder, look.px(6)))
        self._paint_reading(painter, family)

    def _point(self, facts: CurveFacts, x: float) -> QPointF:
        """The pixel of a curve's point nearest to x."""
        return self._pixel(facts, min(int(np.searchsorted(facts.x, x)), len(facts.x) - 1))

    def _pixel(self, facts: CurveFacts, point: int) -> QPointF:
        heights = facts.density if self._kind == "density" else facts.share
        return self.place(float(facts.x[point]), float(heights[point]))

    def _paint_middles(self, painter: QPainter, facts: CurveFacts) -> None:
        """Mode, median and mean of the curve in front, each with a line of its own kind."""
        for name, x in (("mode", facts.location), ("median", facts.median), ("mean", facts.mean)):
            pen = QPen(self._look.option_color(facts.color), max(1.4 * self._look.zoom * self._look.theme.stroke, 1.0))
            pen.setStyle(MIDDLES[name])
            painter.setPen(pen)
            painter.drawLine(self.place(x, 0.0), self._point(facts, x))

    def _paint_reading(self, painter: QPainter, family: Family) -> None:
        reading, look = self._reading, self._look
        if reading is None or reading.curve >= len(family.curves):
            return
        facts = family.curves[reading.curve]
        at, bounds = self._pixel(facts, reading.point), self.plot_rect()
        if not bounds.adjusted(-1, -1, 1, 1).contains(at):
            return
        painter.setPen(QPen(look.color("quiet"), 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(at.x(), bounds.top()), QPointF(at.x(), bounds.bottom()))
        painter.drawLine(QPointF(bounds.left(), at.y()), at)
        painter.setPen(QPen(look.color("card"), 1.5))
        painter.setBrush(look.option_color(facts.color))
        painter.drawEllipse(at, look.px(5), look.px(5))

    # The mouse.

    def _nearest(self, position: QPointF) -> tuple[float, Reading | None]:
        """The point of any curve that is nearest to a pixel, and how far it is; of equals the curve in front."""
        family, rect = self._family, self.plot_rect()
        if family is None or self._ranges is None or rect.width() <= 0:
            return math.inf, None
        low, high, _, top = self._ranges
        best: tuple[float, Reading | None] = math.inf, None
        for place, facts in enumerate(family.curves):
            heights = facts.density if self._kind == "density" else facts.share
            xs = rect.left() + (facts.x - low) / (high - low) * rect.width() - position.x()
            ys = rect.bottom() - heights / top * rect.height() - position.y()
            far = np.hypot(xs, ys)
            point = int(np.argmin(far))
            distance = float(far[point]) - (2.0 if place == self._current else 0.0)
            if distance < best[0]:
                best = distance, Reading(place, point)
        return best

    def _grip_at(self, position: QPointF) -> _Grip | None:
        family, reach = self._family, self._look.px(12)
        if family is None:
            return None
        x = self.data_x(position)
        order = sorted(range(len(family.curves)), key=lambda place: place != self._current)
        for place in order:
            facts = family.curves[place]
            away = self._point(facts, facts.location + facts.scale) - position
            if math.hypot(away.x(), away.y()) <= reach:
                return _Grip(place, True, x, facts.scale)
        distance, reading = self._nearest(position)
        if reading is None or distance > reach:
            return None
        return _Grip(reading.curve, False, x, family.curves[reading.curve].location)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = self._grip_at(event.position())
            if self._grip is not None:
                self.chosen.emit(self._grip.curve)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._wish(event, final=False)
            return
        grip = self._grip_at(event.position())
        shape = Qt.CursorShape.ArrowCursor
        if grip is not None:
            shape = Qt.CursorShape.SplitHCursor if grip.shoulder else Qt.CursorShape.SizeHorCursor
        self.viewport().setCursor(shape)
        distance, reading = self._nearest(event.position())
        self.pointed.emit(reading if distance <= self._look.px(60) else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None and event.button() == Qt.MouseButton.LeftButton:
            grip = self._grip
            moved = self.data_x(event.position()) != grip.start_x
            if moved:
                self._wish(event, final=True)
            self._grip = None
            # The axis may now go where the curves are.
            self.chosen.emit(grip.curve)

    def _wish(self, event: QMouseEvent, final: bool) -> None:
        assert self._grip is not None
        grip = self._grip
        fine = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        value = grip.start + fine * (self.data_x(event.position()) - grip.start_x)
        if grip.shoulder:
            value = min(max(round(value, 2), NARROWEST), max(WIDEST, grip.start))
            self.wished.emit("curve scale", (grip.curve, value), final)
        else:
            self.wished.emit("curve location", (grip.curve, round(min(max(value, -1e6), 1e6), 2)), final)

    @property
    def in_hand(self) -> bool:
        return self._grip is not None

    def drop(self) -> None:
        self._grip = None
        self.wished.emit("cancel drag", None, True)

    # The keyboard.

    def key_action(self, key: Key, by: float, fine: bool) -> Action | None:
        if self._family is None:
            return None
        if key in UPRIGHT:
            return lambda: self._walk(-int(UPRIGHT[key]))
        if key in (Key.Key_Return, Key.Key_Enter):
            return lambda: self.typing.emit(self._current)
        if key in SIDEWAYS:
            return lambda: self._step(by)
        return (lambda: self._widen(by)) if key in PAGES else None

    def _walk(self, by: int) -> None:
        assert self._family is not None
        place = min(max(self._current + by, 0), len(self._family.curves) - 1)
        curve = self._family.curves[place]
        self.chosen.emit(place)
        announce(self, f"curve {place + 1}, location {write_short(curve.location)}, scale {write_short(curve.scale)}")

    def _step(self, by: float) -> None:
        assert self._family is not None
        location = self._family.curves[self._current].location + 0.1 * by
        self.wished.emit("curve location", (self._current, round(min(max(location, -1e6), 1e6), 6)), True)

    def _widen(self, by: float) -> None:
        """A tenth of a decade, or a hundredth with Shift."""
        assert self._family is not None
        scale = self._family.curves[self._current].scale
        wider = float(f"{scale * 10.0 ** (0.01 * by):.3g}")
        self.wished.emit("curve scale", (self._current, min(max(wider, NARROWEST), max(WIDEST, scale))), True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)


def _same(old: tuple[object, ...], new: tuple[object, ...]) -> bool:
    """Compare what was drawn: facts with arrays by identity, for they are made anew when they change."""
    return all(
        a is b if not isinstance(a, bool | int | float) else a == b for a, b in zip(old, new, strict=True)
    )


MIDDLES = {"mode": Qt.PenStyle.SolidLine, "median": Qt.PenStyle.DashLine, "mean": Qt.PenStyle.DotLine}
"""How the line of each middle is drawn, everywhere on the page."""
