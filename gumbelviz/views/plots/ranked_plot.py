"""A quantity against the rank of the option, on a logarithmic axis of ranks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gumbelviz.model.frame import Integers
from gumbelviz.views.look import mix
from gumbelviz.views.plots.log_plot import Floats, LogPlot
from gumbelviz.views.plots.ticks import Ticks, plain_ticks, rank_ticks, share_ticks


class RankedPlot(LogPlot):
    """An exact curve through all ranks, and for each cell of neighbouring ranks a stroke from low to high.

    Parameters
    ----------
    title
        What screen readers say.
    shares
        True for probabilities on a logarithmic axis, False for scores on a plain one.
    """

    def __init__(self, title: str, shares: bool) -> None:
        super().__init__(title)
        self._shares = shares
        self._curve: tuple[Floats, Floats] | None = None
        self._strokes: tuple[Floats, Floats, Floats] | None = None
        self._order: Integers = np.zeros(0, np.int64)
        self._ranks: Integers = np.zeros(0, np.int64)
        self._live = 0
        self._value: Callable[[int], float] = lambda option: 0.0
        self._line: QPolygonF | None = None
        self._ticks: list[QLineF] | None = None

    def rearrange(self) -> None:
        self._line = self._ticks = None
        super().rearrange()

    def set_curve(self, log_ranks: Floats, values: Floats) -> None:
        """Draw the exact curve through these points."""
        curve = (log_ranks, values)
        if self._curve is None or not all(map(np.array_equal, self._curve, curve)):
            self._curve = curve
            self.rearrange()

    def set_strokes(self, log_ranks: Floats, low: Floats, high: Floats) -> None:
        """Draw what lies between `low` and `high` at each of these ranks; a dot where they are equal."""
        strokes = (log_ranks, low, high)
        if self._strokes is None or not all(map(np.array_equal, self._strokes, strokes)):
            self._strokes = strokes
            self.rearrange()

    def set_options(self, order: Integers, ranks: Integers, live: int, value: Callable[[int], float]) -> None:
        """Say which option stands at which rank, and how high each of the first `live` ones stands."""
        self._order, self._ranks, self._live, self._value = order, ranks, live, value
        if self._pointed >= len(order):
            self.point_to(-1)

    def x_ticks(self, most: int) -> Ticks:
        return rank_ticks(*self._x_range, most)

    def y_ticks(self, most: int) -> Ticks:
        return (share_ticks if self._shares else plain_ticks)(*self._y_range, most)

    def option_at(self, position: QPointF) -> int:
        rect, (low, high) = self.plot_rect(), self._x_range
        reach = self._look.px(8)
        if not self._live or not rect.adjusted(-reach, -reach, reach, reach).contains(position):
            return -1
        near = [(QLineF(position, self.place(spot.x, spot.y)).length(), spot.option) for spot in self._spots]
        if near and min(near)[0] <= reach:
            return min(near)[1]
        rank = round(10.0 ** (low + (position.x() - rect.left()) / rect.width() * (high - low)))
        return int(self._order[min(max(rank, 1), self._live) - 1])

    def point_of(self, option: int) -> QPointF | None:
        rank = int(self._ranks[option])
        return self.place(float(np.log10(rank)), self._value(option)) if rank <= self._live else None

    def neighbour(self, option: int, steps: int) -> int:
        if not self._live:
            return -1
        rank = 1 if option < 0 else int(self._ranks[option]) + steps
        return int(self._order[min(max(rank, 1), self._live) - 1])

    def paint_data(self, painter: QPainter, rect: QRectF) -> None:
        look = self._look
        if self._strokes is not None:
            if self._ticks is None:
                xs, low, high = self._strokes
                rows = zip(self.xs(xs).tolist(), self.ys(low).tolist(), self.ys(high).tolist(), strict=True)
                # A line of no length would not be drawn.
                self._ticks = [QLineF(x, bottom, x, top if top != bottom else top - 0.01) for x, bottom, top in rows]
            pen = QPen(mix([look.color("accent")], look.color("card"), 0.5), max(look.px(3.4), 2))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLines(self._ticks)
        if self._curve is not None:
            if self._line is None:
                xs, ys = self._curve
                pairs = zip(self.xs(xs).tolist(), self.ys(ys).tolist(), strict=True)
                self._line = QPolygonF([QPointF(x, y) for x, y in pairs])
            painter.setPen(look.pen("ink", 1.6))
            painter.drawPolyline(self._line)
