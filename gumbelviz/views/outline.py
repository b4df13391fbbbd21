"""The window before there is anything in it: bars and cards in the places where bars and cards will be."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import DARK, LIGHT, THEMES

HEAD, TITLES, FOOT, MARGIN = 78, 96, 62, 16
"""Heights of what is above the cards, of the stage titles and of what is below; space between the cards."""


class Outline(QWidget):
    """Five columns of two cards, in the theme of last time. No words: the type is not loaded yet."""

    def __init__(self, theme: str = "system") -> None:
        super().__init__()
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self._theme = THEMES.get(theme, DARK if dark else LIGHT)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.window))
        width, height = self.width(), self.height()
        painter.fillRect(QRect(0, 0, width, HEAD), QColor(theme.card))
        painter.fillRect(QRect(0, height - FOOT, width, FOOT), QColor(theme.card))
        line, card = QColor(theme.line), QColor(theme.card)
        painter.fillRect(QRect(0, HEAD, width, 1), line)
        painter.fillRect(QRect(0, height - FOOT, width, 1), line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(line)
        painter.setBrush(card)
        column = (width - 6 * MARGIN) / 5
        top = HEAD + TITLES
        row = (height - FOOT - top - 2 * MARGIN) / 2
        for i in range(10):
            x = MARGIN + i % 5 * (column + MARGIN)
            y = top + i // 5 * (row + MARGIN)
            painter.drawRoundedRect(QRect(round(x), round(y), round(column), round(row)), 10, 10)
        painter.end()
