"""One exact density, and the histograms of several groups that should all have it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_crown, draw_marker
from gumbelviz.views.plots.plot import Plot, StepFill

Floats = NDArray[np.float64]
ROOM_ABOVE = 1.2


@dataclass(frozen=True, slots=True)
class WinnerMark:
    """Where this draw's winner stands: the colour of the option, and the place on the axis."""

    color: int
    x: float


class SplitDensityPlot(Plot):
    """A filled histogram for a single group, outlines where there are several.

    The range follows the edges and the exact density, so that nothing jumps while draws are counted.
    """

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._fills: list[StepFill] = []
        self._colors: tuple[QColor, ...] = ()
        self._mark: WinnerMark | None = None
        self._exact: tuple[Floats, Floats] | None = None
        self._curve = pg.PlotCurveItem(antialias=True)
        self._curve.setZValue(2)
        self._curve.setCacheMode(pg.QtWidgets.QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._item.addItem(self._curve, ignoreBounds=True)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._colors = ()

    def set_series(self, colors: tuple[QColor, ...]) -> None:
        """Make room for one group per colour."""
        if colors == self._colors:
            return
        self._colors = colors
        while len(self._fills) < len(colors):
            fill = StepFill()
            fill.setZValue(1)
            self._item.addItem(fill, ignoreBounds=True)
            self._fills.append(fill)
        for i, fill in enumerate(self._fills):
            fill.setVisible(i < len(colors))
            if i < len(colors):
                area = QColor(colors[i])
                area.setAlphaF(0.28 if len(colors) == 1 else 0.0)
                fill.set_colors(area, self._look.line(colors[i], 0.5) if len(colors) > 1 else None)
        self._curve.setPen(self._look.pen("ink" if len(colors) > 1 else "accent", 2.0))

    def set_data(self, edges: Floats, curve: tuple[Floats, Floats], heights: Floats) -> None:
        """Show `heights`, one row per group, over the exact density."""
        if self._exact is None or not all(map(np.array_equal, self._exact, curve)):
            self._exact = curve
            self._curve.setData(*curve)
            self.set_range(float(edges[0]), float(edges[-1]), ROOM_ABOVE * float(curve[1].max()))
            self.viewport().update()
        for fill, height in zip(self._fills, heights, strict=False):
            fill.set_data(edges, height, self.half_pixel)

    def clear_data(self) -> None:
        """Show nothing, for want of anything to show."""
        self._exact = self._mark = None
        self._curve.setData([], [])
        self.set_series(())
        self.viewport().update()

    def set_mark(self, mark: WinnerMark | None) -> None:
        """Show where this draw stands."""
        if mark != self._mark:
            self._mark = mark
            self.viewport().update()

    def paint_marks(self, painter: QPainter) -> None:
        if self._mark is None or self._exact is None:
            return
        look, bounds, mark = self._look, self.plot_rect(), self._mark
        height = float(np.interp(mark.x, *self._exact))
        point, foot = self.place(mark.x, height), self.place(mark.x, 0.0)
        if not bounds.left() - 1 <= point.x() <= bounds.right() + 1:
            return
        painter.setPen(QPen(look.option_color(mark.color), max(1.3 * look.zoom * look.theme.stroke, 1.0),
                            Qt.PenStyle.DashLine))  # fmt: skip
        painter.drawLine(foot, point)
        painter.setPen(QPen(look.color("card"), 1.2))
        draw_marker(painter, look, mark.color, point, look.px(5.5) * look.theme.stroke**0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("ink"))
        draw_crown(painter, QPointF(point.x(), max(point.y() - look.px(15), bounds.top() + look.px(8))), look.px(15))
