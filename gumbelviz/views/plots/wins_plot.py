"""How often each of very many options won, against the exact probability that it wins."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gumbelviz.model.frame import Integers
from gumbelviz.views.look import mix
from gumbelviz.views.plots.log_plot import Floats, LogPlot
from gumbelviz.views.plots.ticks import Ticks, share_ticks


class WinsPlot(LogPlot):
    """Dots around the diagonal on two logarithmic axes, and the funnel in which they are to be expected.

    Circles are the means of groups of neighbours: for options so rare that each has won once or never, only
    together do they say anything.
    """

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._funnel: tuple[Floats, Floats, Floats] | None = None
        self._dots: tuple[Integers, Floats, Floats] | None = None
        self._groups: tuple[Floats, Floats] | None = None
        self._points: Floats | None = None

    def rearrange(self) -> None:
        self._points = None
        super().rearrange()

    def set_funnel(self, x: Floats, low: Floats, high: Floats) -> None:
        """Shade what lies between `low` and `high`."""
        self._funnel = (x, low, high)
        self.update()

    def set_dots(self, options: Integers, x: Floats, y: Floats) -> None:
        """Draw a dot for each of these options, the most probable ones first."""
        old = self._dots
        if old is None or not (np.array_equal(old[0], options) and np.array_equal(old[2], y)):
            order = np.argsort(-x, kind="stable")
            self._dots = options[order], x[order], y[order]
            self.rearrange()

    def set_groups(self, x: Floats, y: Floats) -> None:
        """Draw a circle for each group of neighbours."""
        self._groups = (x, y)
        self.update()

    def x_ticks(self, most: int) -> Ticks:
        return share_ticks(*self._x_range, most)

    def y_ticks(self, most: int) -> Ticks:
        return share_ticks(*self._y_range, most)

    def _pixels(self) -> Floats:
        if self._points is None:
            assert self._dots is not None
            self._points = np.column_stack((self.xs(self._dots[1]), self.ys(self._dots[2])))
        return self._points

    def option_at(self, position: QPointF) -> int:
        if self._dots is None or not len(self._dots[0]):
            return -1
        reach = self._look.px(10)
        near = [(self._distance(position, self.place(spot.x, spot.y)), spot.option) for spot in self._spots]
        if near and min(near)[0] <= reach:
            return min(near)[1]
        distances = np.hypot(*(self._pixels() - (position.x(), position.y())).T)
        nearest = int(np.argmin(distances))
        return int(self._dots[0][nearest]) if distances[nearest] <= reach else -1

    @staticmethod
    def _distance(one: QPointF, other: QPointF) -> float:
        return float(np.hypot(one.x() - other.x(), one.y() - other.y()))

    def _row_of(self, option: int) -> int:
        assert self._dots is not None
        rows = np.flatnonzero(self._dots[0] == option)
        return int(rows[0]) if rows.size else -1

    def point_of(self, option: int) -> QPointF | None:
        if self._dots is None:
            return None
        row = self._row_of(option)
        if row >= 0:
            return QPointF(*self._pixels()[row].tolist())
        spot = next((spot for spot in self._spots if spot.option == option), None)
        return None if spot is None else self.place(spot.x, spot.y)

    def neighbour(self, option: int, steps: int) -> int:
        if self._dots is None or not len(self._dots[0]):
            return -1
        # The dots lie in falling order, and to the right is up.
        row = self._row_of(option) if option >= 0 else 0
        row = row - steps if option >= 0 and row >= 0 else 0
        return int(self._dots[0][min(max(row, 0), len(self._dots[0]) - 1)])

    def paint_data(self, painter: QPainter, rect: QRectF) -> None:
        look = self._look
        if self._funnel is not None:
            xs = self.xs(self._funnel[0]).tolist()
            low, high = (self.ys(values).tolist() for values in self._funnel[1:])
            edge = [QPointF(x, y) for x, y in zip(xs, high, strict=True)]
            edge += [QPointF(x, y) for x, y in zip(reversed(xs), reversed(low), strict=True)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix([look.color("accent")], look.color("card"), 0.14))
            painter.drawPolygon(QPolygonF(edge))
        low_end, high_end = max(self._x_range[0], self._y_range[0]), min(self._x_range[1], self._y_range[1])
        painter.setPen(look.pen("ink", 1.4))
        painter.drawLine(self.place(low_end, low_end), self.place(high_end, high_end))
        if self._dots is not None and len(self._dots[0]):
            pen = QPen(mix([look.color("accent")], look.color("card"), 0.72), max(look.px(3), 2))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in self._pixels().tolist()]))
        if self._groups is not None:
            painter.setPen(look.pen("ink", 1.3))
            painter.setBrush(look.color("card"))
            for x, y in zip(*(values.tolist() for values in self._groups), strict=True):
                if y > self._y_range[0]:
                    painter.drawEllipse(self.place(x, y), look.px(3), look.px(3))
