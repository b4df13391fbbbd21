"""A quiet line over a picture, cut with an ellipsis where it does not fit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.tips import plain_tip


class Caption(QWidget):
    """One line of small words, or the shorter words that say nearly as much where those do not fit."""

    def __init__(self, words: str, shorter: str = "") -> None:
        super().__init__()
        self._words = self._shorter = ""
        self._look = Look()
        self.say(words, shorter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, words: str, shorter: str = "") -> None:
        """Show other words."""
        if (words, shorter) != (self._words, self._shorter):
            self._words, self._shorter = words, shorter
            self.setAccessibleName(words)
            self.setToolTip(plain_tip(words))
            self.update()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(28))
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        room = self.rect().adjusted(look.px(13), look.px(4), -look.px(8), 0)
        with QPainter(self) as painter:
            painter.setFont(look.font(13))
            painter.setPen(look.color("quiet"))
            metrics = painter.fontMetrics()
            fits = not self._shorter or metrics.horizontalAdvance(self._words) <= room.width()
            words = self._words if fits else self._shorter
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
