"""A key as it looks on a keyboard, with a word of what it does here; it can be clicked as well."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look


class KeyCap(QAbstractButton):
    """One key.

    Signals
    -------
    asked(command)
        It was clicked.
    """

    asked = Signal(str)

    def __init__(self, command: str, key: str, word: str) -> None:
        super().__init__()
        self._look = Look()
        self.command, self._key, self._word = command, key, word
        self.setText(word)
        self.setAccessibleName(f"{word} ({key})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: self.asked.emit(self.command))

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedSize(self.sizeHint())
        self.update()

    def _cap_width(self) -> float:
        key = QFontMetricsF(self._look.font(15, bold=True)).horizontalAdvance(self._key)
        return max(key + self._look.px(20), self._look.px(30))

    def sizeHint(self) -> QSize:
        word = QFontMetricsF(self._look.font(15)).horizontalAdvance(self._word)
        return QSize(round(self._cap_width() + self._look.px(6) + word) + 4, self._look.px(30))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look, cap = self._look, self._cap_width()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            focus = self.hasFocus()
            edge = look.color("accent" if focus or self.underMouse() else "quiet")
            painter.setPen(QPen(edge, look.px(2.4 if focus else 1.4)))
            painter.setBrush(look.color("window" if self.isDown() else "card"))
            box = QRectF(1.5, 1.5, cap - 3, self.height() - 3)
            painter.drawRoundedRect(box, look.px(6), look.px(6))
            painter.setPen(look.color("ink"))
            painter.setFont(look.font(15, bold=True))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
            painter.setFont(look.font(15))
            rest = QRectF(cap + look.px(6), 0, self.width() - cap - look.px(6), self.height())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._word)
