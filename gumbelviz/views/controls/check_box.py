"""A check box of our look; Qt's own class underneath gives it the keyboard and its place among the accessible."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look


class CheckBox(QCheckBox):
    """A box with a tick, and words that shrink to a short form where there is no room."""

    def __init__(self, words: str, short: str, help_text: str) -> None:
        super().__init__(words)
        self._look = Look()
        self._words, self._short = words, short
        self._narrow = False
        self.setToolTip(help_text)
        self.setAccessibleName(words)
        self.setAccessibleDescription(help_text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(24))
        self.updateGeometry()
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Show the short words."""
        self._narrow = narrow
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(60), self._look.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(40), self._look.px(24))

    def hitButton(self, pos: object) -> bool:
        """Everything of it can be clicked."""
        return True

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look, size = self._look, self._look.px(15)
        box = QRectF(look.px(2) + 0.5, (self.height() - size) / 2.0, size, size)
        on = self.isChecked()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("accent" if on else "quiet"), 1.3 * look.zoom))
            painter.setBrush(look.color("accent" if on else "card"))
            painter.drawRoundedRect(box, look.px(4), look.px(4))
            if on:
                tick = [(0.22, 0.53), (0.43, 0.73), (0.79, 0.29)]
                pen = QPen(look.color("on_accent"), 2.0 * look.zoom)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                painter.setPen(pen)
                painter.drawPolyline(QPolygonF([box.topLeft() + QPointF(x * size, y * size) for x, y in tick]))
            if self.hasFocus():
                painter.setPen(QPen(look.color("accent"), 1.6 * look.zoom))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(-2.5, -2.5, 2.5, 2.5), look.px(6), look.px(6))
            font = look.font(14)
            painter.setFont(font)
            painter.setPen(look.color("ink" if on else "quiet"))
            left = box.right() + look.px(8)
            room = self.width() - left
            metrics = QFontMetricsF(font)
            long = not self._narrow and metrics.horizontalAdvance(self._words) <= room
            words = metrics.elidedText(self._words if long else self._short, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(left, 0.0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
