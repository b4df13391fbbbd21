"""A blank sheet over everything, black or white: all eyes on the person who speaks."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import SHEETS


class Sheet(QWidget):
    """Covers its parent while it is shown.

    Signals
    -------
    clicked
        A person wants to see what is under it.
    """

    clicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.color = "black"
        self.hide()

    def cover(self, color: str) -> None:
        """Cover everything in ``"black"`` or ``"white"``."""
        self.color = color
        self.setAccessibleName(f"The screen is blank ({color}); any step key brings it back")
        self.place()
        self.show()
        self.raise_()
        self.update()

    def place(self) -> None:
        """Take the size of the parent."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(SHEETS[self.color]))
