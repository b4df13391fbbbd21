"""The field that finds one option among very many."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from gumbelviz.views.look import Look


class Finder(QLineEdit):
    """A search field: the list beside it shows what is found while a person types.

    Signals
    -------
    sought(text)
        Another text to look for; empty for none.
    taken()
        Enter: the first that was found is meant.
    """

    sought = Signal(str)
    taken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Find an option …")
        self.setAccessibleName("Find an option")
        self.setToolTip("A part of a name, or a rank such as #100. Enter keeps the first that is found in the list.")
        self.setClearButtonEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.textChanged.connect(self.sought)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self.setFixedHeight(look.px(28))

    def set_found(self, found: bool) -> None:
        """Show whether there is anything of that name."""
        wrong = "false" if found or not self.text().strip() else "true"
        if self.property("wrong") != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.clearFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        else:
            super().keyPressEvent(event)
