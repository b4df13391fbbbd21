"""A few choices side by side, of which one holds: what a drop-down list would hide."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton

from gumbelviz.views.look import Look


class Segments(QFrame):
    """Buttons that exclude each other; Tab reaches the one that holds, the arrows move on from there.

    Signals
    -------
    chosen(value)
        A person chose another one.
    """

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[object, str]]) -> None:
        super().__init__()
        self.setProperty("role", "segments")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._line = QHBoxLayout(self)
        self.buttons: dict[object, QPushButton] = {}
        for value, words in choices:
            made = QPushButton(words)
            made.setCheckable(True)
            made.setAutoDefault(False)
            made.setProperty("role", "segment")
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.setAccessibleName(f"{name}: {words}")
            made.clicked.connect(lambda _checked=False, value=value: self.chosen.emit(value))
            self._group.addButton(made)
            self._line.addWidget(made)
            self.buttons[value] = made
        self._line.addStretch(1)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._line.setContentsMargins(look.px(3), look.px(3), look.px(3), look.px(3))
        self._line.setSpacing(look.px(2))

    def set_value(self, value: object) -> None:
        """Show which one holds."""
        if value in self.buttons:
            self.buttons[value].setChecked(True)

    @property
    def value(self) -> object:
        """The one that holds."""
        return next((value for value, button in self.buttons.items() if button.isChecked()), None)
