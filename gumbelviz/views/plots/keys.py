"""The keyboard on a picture: keys that belong to it while it has the focus, and a way out of a drag."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QWidget

from gumbelviz.model.numbers import read_number
from gumbelviz.views.look import Look

Action = Callable[[], object]
Key = Qt.Key
SIDEWAYS = {Key.Key_Left: -1.0, Key.Key_Right: 1.0}
UPRIGHT = {Key.Key_Down: -1.0, Key.Key_Up: 1.0}
PAGES = {Key.Key_PageDown: -10.0, Key.Key_PageUp: 10.0}
FINE = 0.1
"""What Shift leaves of a step."""
_OTHERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier

if TYPE_CHECKING:
    _Base = QWidget
else:
    _Base = object


class KeyTaker(_Base):
    """Mixed into a picture, before its Qt class.

    The kinds of picture say what a key does; the window's shortcuts on the same keys rest meanwhile.
    """

    def key_action(self, key: Qt.Key, by: float, fine: bool) -> Action | None:
        """Return what a key does: `by` is the steps that an arrow or page key asks for, a tenth with `fine`."""
        return None

    @property
    def in_hand(self) -> bool:
        """True while the mouse drags something."""
        return False

    def drop(self) -> None:
        """Forget what is being dragged, and ask that it be as it was."""

    def _action_of(self, event: QKeyEvent) -> Action | None:
        key = Key(event.key())
        if key == Key.Key_Escape:
            return self.drop if self.in_hand else None
        if event.modifiers() & _OTHERS:
            return None
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps = {**SIDEWAYS, **UPRIGHT, **PAGES}.get(key, 0.0) * (FINE if fine else 1.0)
        return self.key_action(key, steps, fine)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._action_of(event):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._action_of(event)
        if action is None:
            # pyqtgraph's own keys move the view, which nothing here does.
            event.ignore()
        else:
            action()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        surface_of(self).update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        surface_of(self).update()


def surface_of(picture: QWidget) -> QWidget:
    """Return what a picture is painted on."""
    return picture.viewport() if isinstance(picture, QAbstractScrollArea) else picture


def paint_focus(painter: QPainter, picture: QWidget, look: Look) -> None:
    """Draw a frame around a picture that has the keyboard."""
    if picture.hasFocus():
        painter.setPen(QPen(look.color("accent"), max(2.0 * look.zoom, 1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        round_by = look.px(8)
        painter.drawRoundedRect(QRectF(picture.rect()).adjusted(2, 2, -2, -2), round_by, round_by)


class Entry(QLineEdit):
    """A field over a picture, for one number."""

    def __init__(
        self,
        picture: QWidget,
        look: Look,
        where: QRectF,
        name: str,
        text: str,
        done: Callable[[float], object],
        refused: Callable[[str], object],
    ) -> None:
        super().__init__(text, picture)
        self._picture, self._done, self._refused = picture, done, refused
        self._open = True
        self.setFont(look.font(15))
        self.setAccessibleName(name)
        self.setAccessibleDescription("Type a number; Enter takes it, Escape leaves it as it was")
        width, height = look.px(92), look.px(30)
        left = min(max(where.center().x() - width / 2, 2.0), max(picture.width() - width - 2.0, 2.0))
        top = min(max(where.center().y() - height / 2, 2.0), max(picture.height() - height - 2.0, 2.0))
        self.setGeometry(round(left), round(top), width, height)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Key.Key_Return, Key.Key_Enter):
            self._finish(take=True)
        elif event.key() == Key.Key_Escape:
            self._finish(take=False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._finish(take=False)

    def _finish(self, take: bool) -> None:
        if not self._open:
            return
        self._open = False
        text, had_focus = self.text(), self.hasFocus()
        self.hide()
        self.deleteLater()
        if had_focus:
            self._picture.setFocus()
        if take:
            try:
                value = read_number(text)
            except ValueError as error:
                self._refused(str(error))
            else:
                self._done(value)


def open_entry(picture: Any, where: QRectF, name: str, text: str, done: Callable[[float], object]) -> Entry:
    """Open a field over a picture that has the signal `wished`; what is no number is complained about."""
    return Entry(
        picture, picture._look, where, name, text, done, lambda words: picture.wished.emit("complain", words, True)
    )
