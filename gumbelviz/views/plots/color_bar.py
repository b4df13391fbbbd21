"""A bar of colours with numbers: how dense is how bright."""

from __future__ import annotations

import functools
import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from gumbelviz.model.numbers import write_short
from gumbelviz.model.simplex_report import HeatMap
from gumbelviz.views.look import Look


@functools.cache
def color_table() -> tuple[int, ...]:
    """Viridis, 256 colours as 0xAARRGGBB."""
    rows = pg.colormap.get("viridis").getLookupTable(nPts=256, alpha=False).astype(np.int64)
    return tuple(int(value) for value in (0xFF << 24) | (rows[:, 0] << 16) | (rows[:, 1] << 8) | rows[:, 2])


def ticks(low: float, high: float) -> list[float]:
    """Return round densities between exp(low) and exp(high): powers of ten, or steps 1, 2, 5 where those are few."""
    first, last = low / math.log(10.0), high / math.log(10.0)
    tens = [10.0**power for power in range(math.ceil(first - 1e-9), math.floor(last + 1e-9) + 1)]
    if len(tens) >= 3:
        return tens
    steps = [m * 10.0**power for power in range(math.floor(first), math.ceil(last) + 1) for m in (1.0, 2.0, 5.0)]
    between = [value for value in steps if low - 1e-9 <= math.log(value) <= high + 1e-9]
    return between[:: max(-(-len(between) // 5), 1)]


def paint_color_bar(painter: QPainter, look: Look, heat: HeatMap, where: QRectF) -> None:
    """Paint the bar into the left of `where`, with numbers beside it and words above."""
    small = look.font(12.5)
    line = QFontMetricsF(small).height()
    wide = look.px(13)
    painter.setFont(small)
    painter.setPen(look.color("quiet"))
    painter.drawText(QRectF(where.left(), where.top(), where.width(), line), Qt.AlignmentFlag.AlignLeft, "density of y")
    bar = QRectF(where.left(), where.top() + 2.7 * line, wide, where.height() - 4.3 * line)
    if bar.height() < 3.0 * line:
        return
    strip = QImage(1, 256, QImage.Format.Format_RGB32)
    for i, color in enumerate(color_table()):
        strip.setPixel(0, 255 - i, color)
    painter.drawImage(bar, strip)
    label = bar.right() + look.px(7)
    ends = [
        (heat.clipped_high, bar.top() - 1.15 * line, "brighter: unbounded"),
        (heat.clipped_low, bar.bottom() + 0.65 * line, "darker still"),
    ]
    for clipped, y, words in ends:
        if clipped:
            painter.drawText(QPointF(bar.left(), y + 0.3 * line), words)
    last_y = math.inf
    for value in ticks(heat.low, heat.high):
        y = bar.bottom() - (math.log(value) - heat.low) / (heat.high - heat.low) * bar.height()
        if last_y - y < 0.95 * line:
            continue
        last_y = y
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + look.px(4), y))
        painter.drawText(QPointF(label, y + 0.34 * line), write_short(value, 4))
