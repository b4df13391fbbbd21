"""One-hot choices, as switches."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gumbelviz.views.plots.row import Row
from gumbelviz.views.plots.rows import RowChart


class SwitchChart(RowChart):
    """One-hot: a switch per option, on for the winner alone."""

    def paint_content(self, painter: QPainter, place: int, row: Row) -> None:
        look, rect = self._look, self._row_rect(place)
        height = min(float(look.px(28)), 0.7 * rect.height())
        width = 1.75 * height
        middle = max(self._names_end() + look.px(10), 0.5 * self.width() - width)
        track = QRectF(min(middle, self.width() - width - look.px(40)), rect.center().y() - height / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.option_color(row.color) if row.value else look.color("track"))
        painter.drawRoundedRect(track, height / 2, height / 2)
        radius = 0.38 * height
        x = track.right() - height / 2 if row.value else track.left() + height / 2
        painter.setBrush(look.color("card"))
        painter.drawEllipse(QPointF(x, track.center().y()), radius, radius)
        painter.setFont(look.font(min(16.0, self._type_size() + 1.0), bold=True))
        painter.setPen(self._ink(row))
        where = QRectF(track.right() + look.px(14), rect.top(), look.px(40), rect.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, row.text)
