"""The segment: where the soft choices of two options live, with their density, its quantiles and its turn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPen, QPolygonF

from gumbelviz.model.numbers import write_number, write_percent, write_short
from gumbelviz.model.simplex_report import Segment, SimplexReport
from gumbelviz.views.plots.color_bar import color_table
from gumbelviz.views.plots.simplex_canvas import Floats, SimplexCanvas

_GOLDEN = 0.6180339887498949
_STOPS = 48


class SegmentPlot(SimplexCanvas):
    """The second option at the left end, the first at the right: x is the share of the first."""

    def __init__(self) -> None:
        super().__init__(
            "Soft choices of two options",
            "Drag the large dot: this draw gets the noise that puts its soft choice under the pointer, and that is "
            "nearest to the noise it had. Arrow keys move it, Delete or a double click gives it back to the stream.",
        )

    # Places.

    def _box(self) -> QRectF:
        """The rectangle under the curve; its lower edge is the segment."""
        look = self._look
        margin = min(look.px(90), 0.09 * self.width())
        below = self._band() + look.px(92)
        top = look.px(34)
        return QRectF(margin, top, max(self.width() - 2 * margin, 20.0), max(self.height() - top - below, 20.0))

    def _band(self) -> float:
        """Height of the band that dots are scattered over; they would hide each other on a line."""
        return float(min(self._look.px(120), 0.17 * self.height()))

    def _line_y(self) -> float:
        return float(self._box().bottom() + self._look.px(12))

    def places(self, shares: Floats) -> Floats:
        box = self._box()
        return np.stack([box.left() + box.width() * shares[0], np.full(shares.shape[1], self._line_y())])

    def dot_places(self, report: SimplexReport) -> Floats:
        points = self.places(report.dots)
        # A draw keeps its height: it comes from its address.
        points[1] += self._look.px(20) + (report.addresses * _GOLDEN) % 1.0 * self._band()
        return points

    def dot_colors(self, report: SimplexReport) -> tuple[NDArray[np.intp], tuple[int, ...]]:
        return report.winners, self.winner_colors()

    def shares_at(self, position: QPointF) -> Floats | None:
        box = self._box()
        first = min(max((position.x() - box.left()) / box.width(), 0.0), 1.0)
        return np.array([first, 1.0 - first])

    def name_rects(self) -> list[QRectF]:
        box = self._box()
        y = self._line_y() + self._look.px(26) + self._band()
        rects = []
        for corner, right in zip(self._corners, (True, False), strict=True):
            width, height = self.name_size(corner, 0.45 * self.width())
            x = box.right() if right else box.left()
            rects.append(QRectF(min(max(x - width / 2.0, 4.0), self.width() - width - 4.0), y, width, height))
        return rects

    # Painting.

    def ground_key(self) -> object:
        assert self._report is not None
        segment = self._report.segment
        return id(segment), segment, self._choices.heat, self._report.limit

    def paint_ground(self, painter: QPainter) -> None:
        report, look, box = self._report, self._look, self._box()
        assert report is not None
        segment = report.segment
        if segment is not None and self._choices.heat:
            self._paint_curve(painter, box, segment)
        thick = look.px(12)
        bar = QRectF(box.left(), self._line_y() - thick / 2.0, box.width(), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        if segment is not None and self._choices.heat:
            painter.setBrush(self._gradient(box, segment))
        else:
            painter.setBrush(look.color("track"))
        painter.drawRoundedRect(bar, thick / 2.0, thick / 2.0)
        self._paint_scale(painter, box)
        if segment is not None and self._choices.heat:
            self._paint_marks(painter, box, segment)

    def _gradient(self, box: QRectF, segment: Segment) -> QLinearGradient:
        gradient = QLinearGradient(box.left(), 0.0, box.right(), 0.0)
        table = color_table()
        for place in np.linspace(0.0, 1.0, _STOPS):
            level = float(np.interp(place, segment.places, segment.levels))
            gradient.setColorAt(place, QColor(table[round(255.0 * level)]))
        return gradient

    def _height(self, box: QRectF, segment: Segment, density: float) -> float:
        """The pixel of a density: the top is a little above what the picture reaches up to."""
        return box.bottom() - min(density / (1.12 * segment.highest), 1.0) * box.height()

    def _paint_curve(self, painter: QPainter, box: QRectF, segment: Segment) -> None:
        look = self._look
        top = 1.12 * segment.highest
        cut = np.minimum(segment.density, 1.5 * top)
        xs = box.left() + box.width() * segment.places
        ys = box.bottom() - cut / top * box.height()
        line = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
        area = QPolygonF([QPointF(line[0].x(), box.bottom()), *line, QPointF(line[-1].x(), box.bottom())])
        painter.save()
        painter.setClipRect(box.adjusted(-2.0, 0.0, 2.0, 0.0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._gradient(box, segment))
        painter.drawPolygon(area)
        painter.setPen(QPen(look.color("ink"), 1.6 * look.zoom * look.theme.stroke))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(line))
        painter.restore()
        painter.setPen(look.color("quiet"))
        painter.setFont(look.font(13))
        words = "density of y, exact"
        over = [segment.density[end] > top for end in (0, -1)]
        if any(over):
            words += " · clipped: it grows without bound towards " + ("both ends" if all(over) else "one end")
        painter.drawText(QPointF(box.left(), box.top() - look.px(10)), words)

    def _paint_scale(self, painter: QPainter, box: QRectF) -> None:
        look = self._look
        font = look.font(12.5)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        y = self._line_y() + look.px(8)
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            x = box.left() + share * box.width()
            painter.setPen(look.color("line"))
            painter.drawLine(QPointF(x, y), QPointF(x, self.height() - look.px(6) - metrics.height()))
            painter.setPen(look.color("quiet"))
            text = write_short(share)
            width = metrics.horizontalAdvance(text)
            bottom = self.height() - look.px(6)
            painter.drawText(QPointF(x - width / 2.0, bottom), text)
        words = f"share of {self._corners[0].name}"
        left, right = (self.name_rects()[1].right(), self.name_rects()[0].left())
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(right - left - look.px(20), 0.0))
        width = metrics.horizontalAdvance(words)
        middle = self.name_rects()[0].center().y() + 0.35 * metrics.height()
        painter.drawText(QPointF((left + right - width) / 2.0, middle), words)

    def _paint_marks(self, painter: QPainter, box: QRectF, segment: Segment) -> None:
        """Quantiles as lines through the area, mode or antimode as a drop line with its name."""
        look = self._look
        font = look.font(13)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        end = -1e9
        for chance, quantile in zip(segment.chances.tolist(), segment.quantiles.tolist(), strict=True):
            x = box.left() + quantile * box.width()
            y = self._height(box, segment, float(np.interp(quantile, segment.places, segment.density)))
            painter.setPen(QPen(look.color("card"), 1.4 * look.zoom, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, y), QPointF(x, box.bottom()))
            text = "median" if chance == 0.5 else write_percent(chance, 0)
            width = metrics.horizontalAdvance(text)
            left = min(max(x - width / 2.0, box.left()), box.right() - width)
            if left > end + look.px(6):
                # On a plate of its own: the area behind runs through all colours.
                line = metrics.height()
                plate = QRectF(left - look.px(4), box.bottom() - 1.5 * line, width + look.px(8), 1.15 * line)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("card"))
                painter.drawRoundedRect(plate, look.px(4), look.px(4))
                painter.setPen(look.color("ink"))
                painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
                end = plate.right()
        if segment.turn is not None:
            self._paint_turn(painter, box, segment, segment.turn)

    def _paint_turn(self, painter: QPainter, box: QRectF, segment: Segment, turn: float) -> None:
        look = self._look
        assert self._report is not None
        word = "mode" if self._report.unit_temperature > 1.0 else "antimode"
        x = box.left() + turn * box.width()
        y = self._height(box, segment, float(np.interp(turn, segment.places, segment.density)))
        painter.setPen(QPen(look.color("card"), 1.6 * look.zoom))
        painter.setBrush(look.color("ink"))
        size = look.px(6)
        point = (QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size), QPointF(x - size, y))
        painter.drawPolygon(QPolygonF(point))
        font = look.font(14, bold=True)
        painter.setFont(font)
        text = f"{word} {write_number(turn, 3)}"
        width = QFontMetricsF(font).horizontalAdvance(text)
        left = min(max(x - width / 2.0, box.left()), box.right() - width)
        painter.setPen(look.color("ink"))
        painter.drawText(QPointF(left, max(y - look.px(14), box.top() + look.px(12))), text)
