"""Shares over steps, stacked: a river as wide as 1, in which each option is a stream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from gumbelviz.model.numbers import write_percent
from gumbelviz.views.look import Look
from gumbelviz.views.plots.fan_plot import FanPlot, thinned
from gumbelviz.views.plots.markers import draw_marker
from gumbelviz.views.spoken import describe

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class River:
    """What is shown: steps (S,), shares (S, C) that add up to 1, and the name and colour of each stream.

    A colour of -1 is the rest of many options.
    """

    steps: Floats
    shares: Floats
    names: tuple[str, ...]
    colors: tuple[int, ...]


class RiverPlot(FanPlot):
    """Streams, the first at the top, with their names and their shares at the cursor to the right."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._river: River | None = None
        self._names_room = 0.0
        self._margins = 0
        self._item.hideAxis("left")

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._make_room()

    def _make_room(self) -> None:
        look = self._look
        metrics = QFontMetricsF(look.font(13))
        names = self._river.names if self._river is not None else ()
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
        self._names_room = min(widest, look.px(92))
        right = self._names_room + metrics.horizontalAdvance("100.0%") + look.px(44)
        self._margins = look.px(20) + round(right)
        self._item.layout.setContentsMargins(look.px(20), look.px(10), round(right), look.px(4))
        self._thin_ticks()

    def _room(self) -> float:
        return float(self.width() - self._margins)

    def set_river(self, river: River | None) -> None:
        """Show a river, or none."""
        names = None if self._river is None else self._river.names
        self._river = river
        if river is not None and river.names != names:
            self._make_room()
        if river is not None and len(river.steps):
            now = self._shares_at_cursor(river)
            words = ", ".join(f"{n} {write_percent(float(s))}" for n, s in zip(river.names, now, strict=True))
            describe(self, words)
        self.viewport().update()

    def _shares_at_cursor(self, river: River) -> Floats:
        cursor = river.steps[-1] if self._cursor is None else self._cursor
        place = min(int(np.searchsorted(river.steps, cursor - 1e-9)), len(river.steps) - 1)
        shares: Floats = river.shares[place]
        return shares

    def _brush(self, color: int) -> QBrush:
        look = self._look
        if color < 0:
            return QBrush(look.color("track"))
        brush = look.option_brush(color)
        if brush.style() == Qt.BrushStyle.SolidPattern:
            return QBrush(look.pale((color,), 0.8))
        return brush

    def paint_marks(self, painter: QPainter) -> None:
        river = self._river
        if river is not None and len(river.steps) > 1 and not self._words:
            few = thinned(len(river.steps))
            tops = 1.0 - np.concatenate((np.zeros((len(few), 1)), np.cumsum(river.shares[few], axis=1)), axis=1)
            origin, unit = self.place(0.0, 0.0), self.place(1.0, 1.0)
            xs = origin.x() + river.steps[few] * (unit.x() - origin.x())
            ys = origin.y() + tops * (unit.y() - origin.y())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            # Cosmetic and one pixel wide: wider pens take the slow path.
            edge = QPen(self._look.color("card"), 1.0)
            for stream, color in enumerate(river.colors):
                self._paint_stream(painter, xs, ys[:, stream], ys[:, stream + 1], self._brush(color), edge)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_names(painter, river)
        super().paint_marks(painter)

    def _paint_stream(
        self, painter: QPainter, xs: Floats, top: Floats, bottom: Floats, brush: QBrush, edge: QPen
    ) -> None:
        if float((bottom - top).max()) < 0.5:
            return
        path = pg.arrayToQPath(np.concatenate((xs, xs[::-1])), np.concatenate((top, bottom[::-1])))
        if brush.style() != Qt.BrushStyle.SolidPattern:
            painter.fillPath(path, self._look.color("card"))
        painter.fillPath(path, brush)
        painter.setPen(edge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(pg.arrayToQPath(xs, top))

    def _paint_names(self, painter: QPainter, river: River) -> None:
        look, bounds = self._look, self.plot_rect()
        now = self._shares_at_cursor(river)
        middles = bounds.top() + (np.cumsum(now) - 0.5 * now) * bounds.height()
        pitch = min(look.px(20), bounds.height() / max(len(now), 1))
        heights = _apart(middles, pitch, bounds.top() + pitch / 2, bounds.bottom() - pitch / 2)
        size = min(13.0, 0.9 * pitch / (look.zoom * look.theme.text))
        font = look.font(size)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        left = bounds.right() + look.px(8)
        for name, color, share, y in zip(river.names, river.colors, now, heights, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            if color >= 0:
                draw_marker(painter, look, color, QPointF(left + look.px(5), y), min(look.px(4.2), 0.35 * pitch))
            rect = QRectF(left + look.px(14), y - pitch / 2, self._names_room + 1, pitch)
            painter.setPen(look.color("ink"))
            words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, words)
            painter.setPen(QColor(look.color("quiet")))
            room = QRectF(rect.right(), rect.top(), self.width() - rect.right() - look.px(8), pitch)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                             write_percent(float(share)))  # fmt: skip


def _apart(wanted: Floats, pitch: float, top: float, bottom: float) -> list[float]:
    """Rising heights near those that are wanted, at least `pitch` apart and within the ends."""
    heights: list[float] = []
    for height in wanted.tolist():
        heights.append(max(height, heights[-1] + pitch if heights else top))
    limit = bottom
    for place in range(len(heights) - 1, -1, -1):
        heights[place] = min(heights[place], limit)
        limit = heights[place] - pitch
    return heights
