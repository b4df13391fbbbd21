"""A few words on what there is to see, on the wash that marks a winner."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look


class LookBox(QFrame):
    """A heading and a paragraph that takes the height it needs."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        self._look = Look()
        self._heading = QLabel(heading)
        self._heading.setProperty("role", "strong")
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._heading)
        self._column.addWidget(self._words)
        self._column.addStretch(1)

    @property
    def text(self) -> str:
        """What it says now."""
        return self._words.text()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._column.setContentsMargins(look.px(14), look.px(10), look.px(14), look.px(10))
        self._column.setSpacing(look.px(4))
        self.update()

    def say(self, text: str) -> None:
        """Show `text`."""
        if text != self._words.text():
            self._words.setText(text)
            self.setAccessibleName(text)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.color("line"))
            painter.setBrush(look.color("wash"))
            rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(rect, look.px(10), look.px(10))
