"""The triangle: where the soft choices of three options live, exact and as drawn."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QImage, QPainter, QPen, QPolygonF, QTransform

from gumbelviz.model.numbers import write_count
from gumbelviz.model.simplex_report import SimplexReport
from gumbelviz.views.plots.color_bar import color_table, paint_color_bar
from gumbelviz.views.plots.simplex_canvas import Floats, SimplexCanvas

_RISE = math.sqrt(0.75)


class TrianglePlot(SimplexCanvas):
    """The first option on top, the second at the lower left, the third at the lower right."""

    def __init__(self) -> None:
        super().__init__(
            "Soft choices of three options",
            "Drag the large dot: this draw gets the noise that puts its soft choice under the pointer, and that is "
            "nearest to the noise it had. Arrow keys move it, Delete or a double click gives it back to the stream.",
        )

    @property
    def _beside(self) -> bool:
        return self._choices.streamed and self._report is not None and self._report.limit is None

    def _boxes(self) -> tuple[QRectF, ...]:
        """The rectangles around the triangles: one, or the exact one and the drawn one."""
        look = self._look
        line = QFontMetricsF(look.font(20, bold=True)).height()
        top, bottom, gap = 1.35 * line, 1.5 * line, look.px(28)
        room = self.width() - 2.0 * look.px(8)
        if self._beside:
            side = min((room - gap) / 2.0, (self.height() - top - bottom - line) / _RISE)
        else:
            side = min(room, (self.height() - top - bottom) / _RISE)
        side = max(side, 20.0)
        height = _RISE * side
        y = top + max((self.height() - top - bottom - height) / 2.0, 0.0)
        if not self._beside:
            return (QRectF((self.width() - side) / 2.0, y, side, height),)
        left = (self.width() - 2.0 * side - gap) / 2.0
        return QRectF(left, y, side, height), QRectF(left + side + gap, y, side, height)

    def _points(self, box: QRectF) -> tuple[QPointF, QPointF, QPointF]:
        return QPointF(box.center().x(), box.top()), box.bottomLeft(), box.bottomRight()

    def places(self, shares: Floats) -> Floats:
        box = self._boxes()[0]
        x = box.left() + box.width() * (shares[2] + 0.5 * shares[0])
        return np.stack([x, box.bottom() - box.height() * shares[0]])

    def shares_at(self, position: QPointF) -> Floats | None:
        box = self._boxes()[0]
        first = (box.bottom() - position.y()) / box.height()
        third = (position.x() - box.left()) / box.width() - 0.5 * first
        shares = np.maximum([first, 1.0 - first - third, third], 0.0)
        return np.asarray(shares / shares.sum())

    def name_rects(self) -> list[QRectF]:
        box, gap = self._boxes()[0], self._look.px(10)
        top, left, right = self._corners
        width, height = self.name_size(top, self.width() - 2 * gap)
        rects = [QRectF(box.center().x() - width / 2.0, box.top() - 1.12 * height, width, height)]
        for corner, x, side in ((left, box.left(), -1), (right, box.right(), 1)):
            room = (box.left() if side < 0 else self.width() - box.right()) - 2 * gap
            width, height = self.name_size(corner, self.width())
            if width <= room and not self._beside:
                start = x - gap - width if side < 0 else x + gap
                rects.append(QRectF(start, box.bottom() - 0.78 * height, width, height))
            else:
                width, height = self.name_size(corner, box.width() / 2.0 - gap)
                start = x if side < 0 else x - width
                start = min(max(start, 0.0), self.width() - width)
                rects.append(QRectF(start, box.bottom() + 0.18 * height, width, height))
        return rects

    def ground_key(self) -> object:
        report = self._report
        assert report is not None
        heat = report.heat if self._choices.heat else None
        streamed = report.streamed.levels if report.streamed is not None and self._beside else None
        return id(heat), id(streamed), heat, streamed is None, self._beside, report.limit, self._boxes()[0].width()

    def paint_ground(self, painter: QPainter) -> None:
        report = self._report
        assert report is not None
        boxes = self._boxes()
        heat = report.heat
        self._paint_heat(painter, boxes[0], heat.levels if heat is not None and self._choices.heat else None)
        if heat is not None and (self._choices.heat or self._beside):
            self._paint_bar(painter, report)
        if self._beside:
            self._paint_heat(painter, boxes[1], report.streamed.levels if report.streamed is not None else None)
            self._paint_headings(painter, boxes, report)

    def _paint_heat(self, painter: QPainter, box: QRectF, levels: NDArray[np.uint8] | None) -> None:
        look = self._look
        outline = QPolygonF(self._points(box))
        if levels is None:
            painter.setPen(QPen(look.color("line"), 1.4 * look.zoom))
            painter.setBrush(look.color("card"))
            painter.drawPolygon(outline)
            self._paint_thirds(painter, box)
            return
        height, width = levels.shape
        image = QImage(levels.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(list(color_table()))
        # As a brush, which leaves clean edges; a clip would leave steps.
        brush = QBrush(image.convertToFormat(QImage.Format.Format_RGB32))
        shift = QTransform.fromTranslate(box.left(), box.top())
        brush.setTransform(shift.scale(box.width() / width, box.height() / height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        painter.drawPolygon(outline)

    def _paint_thirds(self, painter: QPainter, box: QRectF) -> None:
        """Lines on which a share is a quarter, a half, three quarters, where no colours tell."""
        painter.setPen(QPen(self._look.color("line"), 1.0))
        for share in (0.25, 0.5, 0.75):
            for option in range(3):
                ends = np.zeros((3, 2))
                ends[option] = share
                ends[(option + 1) % 3, 0] = ends[(option + 2) % 3, 1] = 1.0 - share
                x = box.left() + box.width() * (ends[2] + 0.5 * ends[0])
                y = box.bottom() - box.height() * ends[0]
                painter.drawLine(QPointF(x[0], y[0]), QPointF(x[1], y[1]))

    def _paint_bar(self, painter: QPainter, report: SimplexReport) -> None:
        assert report.heat is not None
        look, boxes = self._look, self._boxes()
        tall, wide = min(0.44 * boxes[0].height(), look.px(300)), look.px(132)
        if self._beside:
            # Between the two tops.
            middle = (boxes[0].right() + boxes[1].left()) / 2.0
            where = QRectF(middle - look.px(34), boxes[0].top(), wide, tall)
        else:
            # Right of the slanted side, as far up as it goes.
            slack = boxes[0].right() - boxes[0].width() / 2.0 * 0.55
            x = min(max(slack, self.width() - 2.2 * wide), self.width() - wide)
            where = QRectF(x, boxes[0].top(), wide, tall)
        paint_color_bar(painter, look, report.heat, where)

    def _paint_headings(self, painter: QPainter, boxes: tuple[QRectF, ...], report: SimplexReport) -> None:
        look = self._look
        painter.setPen(look.color("quiet"))
        painter.setFont(look.font(15, bold=True))
        line = QFontMetricsF(painter.font()).height()
        drawn = write_count(report.streamed.draws) if report.streamed is not None else "…"
        for box, words in zip(boxes, ("exact", f"as drawn: {drawn} draws"), strict=True):
            where = QRectF(box.left(), box.bottom() + 1.55 * line, box.width(), line)
            painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, words)
