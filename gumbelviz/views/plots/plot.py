"""A pyqtgraph plot in our look: one axis at the bottom, no menus, nothing that moves by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from gumbelviz.model.numbers import MINUS
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.keys import KeyTaker, paint_focus

pg.setConfigOptions(antialias=False, useOpenGL=False, imageAxisOrder="row-major")

Floats = NDArray[np.float64]


class Axis(pg.AxisItem):  # type: ignore[misc]
    """A bottom axis with real minus signs."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [text.replace("-", MINUS) for text in super().tickStrings(values, scale, spacing)]


class StepFill(pg.GraphicsObject):  # type: ignore[misc]
    """A histogram as one filled shape: the cheapest way to show 64 cells, and to let several overlap."""

    def __init__(self) -> None:
        super().__init__()
        self._path = QPainterPath()
        self._bounds = QRectF()
        self._fill = QColor()
        self._outline: QPen | None = None
        self._shown: tuple[Floats, Floats] | None = None

    def set_colors(self, fill: QColor, outline: QPen | None = None) -> None:
        """Fill with `fill`; with `outline`, draw the steps as a line too (kept one pixel wide)."""
        self._fill = fill
        self._outline = outline
        self.update()

    def set_data(self, edges: Floats, heights: Floats, least: float = 0.0) -> None:
        """Show `heights`, one between each two of the rising `edges`.

        Nothing is painted while no height has moved by more than `least` since it was painted last: after some
        millions of draws a histogram stands still, and the time is better spent on drawing more.
        """
        if self._shown is not None:
            old_edges, old_heights = self._shown
            if np.array_equal(old_edges, edges) and float(np.abs(heights - old_heights).max()) <= least:
                return
        self._shown = (edges, heights)
        xs = np.repeat(edges, 2)
        ys = np.concatenate(([0.0], np.repeat(heights, 2), [0.0]))
        bounds = QRectF(edges[0], 0.0, edges[-1] - edges[0], max(float(heights.max()), 1e-12))
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self._path = pg.arrayToQPath(xs, ys)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    @guarded
    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillPath(self._path, self._fill)
        if self._outline is not None:
            painter.setPen(self._outline)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(self._path)


class Plot(KeyTaker, pg.PlotWidget):  # type: ignore[misc]
    """The base of our plots.

    Marks are painted over the plot in pixels, by `paint_marks`, so that they keep their shape at any range.
    """

    def __init__(self, title: str) -> None:
        super().__init__(axisItems={"bottom": Axis("bottom")})  # type: ignore[call-arg]
        self._look = Look()
        self._ranges: tuple[float, float, float, float] | None = None
        self.setAccessibleName(title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Most plots answer to no key; those that do say so.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(40, 30)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.hideAxis("left")
        item.setMouseEnabled(False, False)
        item.vb.setDefaultPadding(0.0)
        item.vb.disableAutoRange()
        self._box = item.vb
        self._axis = item.getAxis("bottom")
        self._item = item

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setBackground(look.color("card"))
        self._axis.setPen(look.pen("line", 1.0))
        self._axis.setTextPen(look.color("quiet"))
        self._axis.setStyle(
            tickFont=look.font(12.5), tickLength=look.px(4), tickTextOffset=look.px(4), hideOverlappingLabels=False
        )
        self._axis.setTickDensity(0.7)
        self._axis.setHeight(look.px(26))
        self._item.layout.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(4))

    def set_range(self, low: float, high: float, top: float) -> None:
        """Show x from `low` to `high` and y from 0 to `top`; nothing happens where that is so already."""
        ranges = (low, high, 0.0, top)
        if ranges != self._ranges and all(map(math.isfinite, ranges)) and high > low and top > 0.0:
            self._ranges = ranges
            self._box.setRange(xRange=(low, high), yRange=(0.0, top), padding=0.0)

    # pyqtgraph keeps the scene of a plot in pixels of the widget, so that one serves for the other.

    def place(self, x: float, y: float) -> QPointF:
        """Where a point of the plot stands, in pixels of the widget."""
        return QPointF(self._box.mapViewToScene(QPointF(x, y)))

    def data_x(self, position: QPointF) -> float:
        """The x of the plot at a pixel of the widget."""
        return float(self._box.mapSceneToView(position).x())

    @property
    def half_pixel(self) -> float:
        """Half the height of a pixel, in units of the y axis."""
        top = self._ranges[3] if self._ranges is not None else 0.0
        return 0.5 * top / float(max(self.height(), 1))

    def plot_rect(self) -> QRectF:
        """The rectangle of the plot proper, in pixels of the widget."""
        return QRectF(self._box.sceneBoundingRect())

    @guarded
    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint_marks(painter)
            paint_focus(painter, self, self._look)
        finally:
            painter.restore()

    def paint_marks(self, painter: QPainter) -> None:
        """Draw what keeps its size, in pixels of the widget."""
