"""A few choices side by side, of which one holds: what a drop-down list would hide."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QSizePolicy

from gumbelviz.views.look import Look


class Segments(QFrame):
    """Buttons that exclude each other, in more rows than one where there is little room.

    Tab reaches the one that holds, the arrows move on from there.

    Signals
    -------
    chosen(value)
        A person chose another one.
    """

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[object, str]]) -> None:
        super().__init__()
        self._look = Look()
        self.setProperty("role", "segments")
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._group = QButtonGroup(self)
        self.buttons: dict[object, QPushButton] = {}
        for value, words in choices:
            made = QPushButton(words, self)
            made.setCheckable(True)
            made.setAutoDefault(False)
            made.setProperty("role", "segment")
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.setAccessibleName(f"{name}: {words}")
            made.clicked.connect(lambda _checked=False, value=value: self.chosen.emit(value))
            self._group.addButton(made)
            self.buttons[value] = made

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._place(self.width())
        self.updateGeometry()

    def set_value(self, value: object) -> None:
        """Show which one holds."""
        if value in self.buttons:
            self.buttons[value].setChecked(True)

    @property
    def value(self) -> object:
        """The one that holds."""
        return next((value for value, button in self.buttons.items() if button.isChecked()), None)

    def _place(self, width: int) -> int:
        """Put the buttons side by side, in as many rows as `width` asks for; return the height of all."""
        edge, gap = self._look.px(3), self._look.px(2)
        x, y, tall = edge, edge, 0
        for button in self.buttons.values():
            button.ensurePolished()
            size = button.sizeHint()
            if x > edge and x + size.width() + edge > width:
                x, y = edge, y + tall + gap
            tall = max(tall, size.height())
            button.setGeometry(x, y, size.width(), size.height())
            x += size.width() + gap
        return y + tall + edge

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        height = self._place(width)
        self._place(self.width())
        return height

    def sizeHint(self) -> QSize:
        edge, gap = self._look.px(3), self._look.px(2)
        sizes = [button.sizeHint() for button in self.buttons.values()]
        width = sum(size.width() for size in sizes) + gap * (len(sizes) - 1) + 2 * edge
        return QSize(width, max(size.height() for size in sizes) + 2 * edge)

    def minimumSizeHint(self) -> QSize:
        sizes = [button.sizeHint() for button in self.buttons.values()]
        edge = self._look.px(3)
        return QSize(max(size.width() for size in sizes) + 2 * edge, max(size.height() for size in sizes) + 2 * edge)
