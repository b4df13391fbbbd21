"""Words that stand in the pages: a card of sentences that take the room there is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look


class Note(QWidget):
    """A few sentences in the quiet ink, smaller where they would not fit; `framed` where a card is around it."""

    def __init__(self, words: str = "", framed: bool = False) -> None:
        super().__init__()
        self._framed = framed
        self._look = Look()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.say(words)

    @property
    def words(self) -> str:
        """What it says."""
        return self._words

    def say(self, words: str) -> None:
        """Say something else."""
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.updateGeometry()
            self.update()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        inset = look.px(12) if self._framed else 0
        self.setContentsMargins(inset, inset * 3 // 4, inset, inset * 3 // 4)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(200), self._look.px(60))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(40), self._look.px(20))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        flags = Qt.TextFlag.TextWordWrap.value
        with QPainter(self) as painter:
            painter.setPen(look.color("quiet"))
            room = QRectF(self.contentsRect())
            for size in (15.0, 14.0, 13.0, 12.0, 11.0):
                font = look.font(size)
                needed = QFontMetricsF(font).boundingRect(room.adjusted(0, 0, 0, 1e4), flags, self._words)
                if needed.height() <= room.height() or size == 11.0:
                    painter.setFont(font)
                    break
            painter.drawText(room, flags | Qt.AlignmentFlag.AlignTop.value, self._words)
