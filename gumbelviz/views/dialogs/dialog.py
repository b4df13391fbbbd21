"""What our dialogs have in common: the look of their window, a heading, and keys that stay with them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget

from gumbelviz.views.look import Look, dress


class Dialog(QDialog):
    """The base of our dialogs. Whoever makes one also opens it; it takes the look of the window it belongs to."""

    width_wished, height_wished = 560, 400
    """In pixels at the normal size of text; less on a small screen."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = Look()
        self.setWindowTitle(title)
        self.setAccessibleName(title)

    def wear(self) -> None:
        """Take the look of the window, and the size that goes with it."""
        parent = self.parentWidget()
        look = getattr(parent, "look", None)
        dress(self, look if isinstance(look, Look) else Look())
        self.resize(self._room())

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self.look = look
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(look.px(22), look.px(20), look.px(22), look.px(18))
            layout.setSpacing(look.px(12))

    def _room(self) -> QSize:
        """As large as is wished for, and as the screen and the words allow."""
        most = self.screen().availableGeometry().size() * 0.94
        wished = QSize(self.look.px(self.width_wished), self.look.px(self.height_wished)).boundedTo(most)
        layout = self.layout()
        if layout is not None:
            # Words that wrap take more lines in larger type, which a layout does not ask for by itself.
            for part in self.findChildren(QWidget):
                part.ensurePolished()
            layout.invalidate()
            wished.setHeight(max(wished.height(), layout.totalHeightForWidth(wished.width())))
        return wished.boundedTo(most)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter in a field takes what was typed; it must not press the button of the dialog as well.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self.focusWidget(), QLineEdit):
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Enter, Space and the arrows are commands of the window; in a dialog they belong to what has the focus.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        ):
            event.accept()
            return True
        return super().event(event)


def heading(text: str) -> QLabel:
    """Return a line in larger type."""
    return _words(text, "stage")


def quiet(text: str) -> QLabel:
    """Return words that explain, and wrap."""
    label = _words(text, "quiet")
    label.setWordWrap(True)
    return label


def button(text: str, tip: str = "", role: str = "") -> QPushButton:
    """Return a button that the keyboard reaches."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    made.setAccessibleName(text.replace("&", "").rstrip("…"))
    if tip:
        made.setToolTip(tip)
        made.setAccessibleDescription(tip)
    if role:
        made.setProperty("role", role)
    return made


class Scrolled(QScrollArea):
    """A column that scrolls up and down where the window is too low for it; its ground is the window's."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)


def _words(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label
