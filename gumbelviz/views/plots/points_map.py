"""Points of the plane, each in the colour of the expert that it is sent to."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.model.learning_report import Spots
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.spoken import describe

REACH = 2.05
"""The map shows places from -REACH to REACH, as far as they fit."""


class PointsMap(QWidget):
    """A disc for a point of class 1, a ring for one of class 0, and a cross over each that is answered wrong."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._look = Look()
        self._spots: Spots | None = None
        self._place = 0
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    def show_spots(self, spots: Spots | None, place: int) -> None:
        """Show where one of the estimators sends the points; nothing is painted where nothing changed."""
        if spots is not self._spots or place != self._place:
            self._spots, self._place = spots, place
            if spots is not None:
                right = round(100 * float(spots.right[place].mean()))
                describe(self, f"{right} per cent of {len(spots.classes)} points are answered right")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(240), self._look.px(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(60), self._look.px(40))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        spots, look = self._spots, self._look
        if spots is None or self._place >= len(spots.experts):
            return
        side = min(self.width(), self.height()) - look.px(6)
        middle = QRectF(self.rect()).center()
        unit = side / (2.0 * REACH)
        radius = max(0.011 * side, 1.6)
        cross = 1.25 * radius
        experts, right = spots.experts[self._place].tolist(), spots.right[self._place].tolist()
        classes = spots.classes.tolist()
        xs, ys = (middle.x() + unit * spots.places[:, 0]).tolist(), (middle.y() - unit * spots.places[:, 1]).tolist()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for expert in sorted(set(experts)):
                color = look.option_color(expert)
                for filled in (True, False):
                    painter.setPen(Qt.PenStyle.NoPen if filled else QPen(color, max(1.2 * look.zoom, 1.0)))
                    painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
                    for x, y, e, c in zip(xs, ys, experts, classes, strict=True):
                        if e == expert and bool(c) == filled:
                            painter.drawEllipse(QPointF(x, y), radius, radius)
            painter.setPen(QPen(look.color("ink"), max(1.1 * look.zoom, 1.0)))
            for x, y, good in zip(xs, ys, right, strict=True):
                if not good:
                    painter.drawLine(QPointF(x - cross, y - cross), QPointF(x + cross, y + cross))
                    painter.drawLine(QPointF(x - cross, y + cross), QPointF(x + cross, y - cross))
