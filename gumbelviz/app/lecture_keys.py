"""What the keys do while somebody presents: a clicker and a keyboard reach the lecture before any control does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QSlider, QWidget

Key = Qt.Key


@dataclass(frozen=True, slots=True)
class LectureKey:
    """Keys of one command: the command, how the first of them is written, and all of them.

    `in_field` is True where the keys work even while somebody types into a field.
    """

    command: str
    name: str
    keys: tuple[Qt.Key, ...]
    in_field: bool = False


LECTURE_KEYS: tuple[LectureKey, ...] = (
    LectureKey("lecture next", "PgDn", (Key.Key_PageDown,), in_field=True),
    LectureKey("lecture next", "→", (Key.Key_Right, Key.Key_N)),
    LectureKey("lecture previous", "PgUp", (Key.Key_PageUp,), in_field=True),
    LectureKey("lecture previous", "←", (Key.Key_Left, Key.Key_P, Key.Key_Backspace)),
    LectureKey("lecture first", "Home", (Key.Key_Home,)),
    LectureKey("lecture last", "End", (Key.Key_End,)),
    LectureKey("lecture blank", "B", (Key.Key_B, Key.Key_Period)),
    LectureKey("lecture white", "W", (Key.Key_W, Key.Key_Comma)),
    LectureKey("lecture reveal", "R", (Key.Key_R,)),
    LectureKey("lecture leave", "Esc", (Key.Key_Escape,)),
    LectureKey("lecture go", "Space", (Key.Key_Space,)),
    LectureKey("lecture draw", "Enter", (Key.Key_Return, Key.Key_Enter)),
    LectureKey("lecture more", "↑", (Key.Key_Up,)),
    LectureKey("lecture less", "↓", (Key.Key_Down,)),
    LectureKey("lecture keys", "K", (Key.Key_K,)),
    LectureKey("lecture speaker", "S", (Key.Key_S,)),
    LectureKey("restart", "0", (Key.Key_0,)),
    LectureKey("freeze", "F", (Key.Key_F,)),
    LectureKey("slower", "[", (Key.Key_BracketLeft,)),
    LectureKey("faster", "]", (Key.Key_BracketRight,)),
    *(LectureKey(f"lecture digit {i}", str(i), (Key(Key.Key_0 + i),)) for i in range(1, 10)),
    # What a clicker's button for the start sends again while the lecture runs.
    LectureKey("", "F5", (Key.Key_F5,), in_field=True),
)
"""A key stands for the same everywhere in a lecture, whatever control has the keyboard."""

WITH_CONTROL = {Key.Key_Z: "undo", Key.Key_Y: "redo", Key.Key_Q: "quit"}
REPEATED = {"lecture more", "lecture less", "slower", "faster"}
"""What a key that is held down does again and again; steps it makes once."""

_BY_KEY = {key: row for row in LECTURE_KEYS for key in row.keys}
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.ShiftModifier)


def meaning(key: int, modifiers: Qt.KeyboardModifier, focus: QWidget | None) -> LectureKey | None:
    """Return what a key stands for with the keyboard on `focus`, or None where it is the control's own."""
    if modifiers == Qt.KeyboardModifier.ControlModifier and key in WITH_CONTROL:
        command = WITH_CONTROL[Key(key)]
        return None if isinstance(focus, QLineEdit) and command != "quit" else LectureKey(command, "", ())
    if modifiers not in _PLAIN or key not in _BY_KEY:
        return None
    row = _BY_KEY[Key(key)]
    if isinstance(focus, QLineEdit) and not row.in_field:
        return None
    if isinstance(focus, QAbstractButton) and row.command in ("lecture go", "lecture draw"):
        return None
    if isinstance(focus, QSlider) and row.command in ("lecture more", "lecture less"):
        return None
    return row


class KeyWatch(QObject):
    """Looks at every key and every movement of the mouse before anybody else does, while it is on.

    Parameters
    ----------
    do
        Gets the command of a key.
    pressed
        Gets the name of a key that does something, for those who follow.
    moved
        Told that the pointer moved.
    """

    def __init__(
        self, do: Callable[[str], object], pressed: Callable[[str], object], moved: Callable[[], object]
    ) -> None:
        super().__init__()
        self._do, self._pressed, self._moved = do, pressed, moved
        self._on = False

    def set_on(self, on: bool) -> None:
        """Begin or end to look."""
        application = QApplication.instance()
        if on != self._on and application is not None:
            self._on = on
            if on:
                application.installEventFilter(self)
            else:
                application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseMove:
            self._moved()
        elif kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent):
            return self._on and self._take(event)
        return False

    def _take(self, event: QKeyEvent) -> bool:
        # A dialog or a menu over the lecture has the keyboard for itself.
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            return False
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit) and event.key() == Key.Key_Escape:
            # The first Esc ends what is typed, the next one the lecture.
            if event.type() == QEvent.Type.KeyPress:
                focus.clearFocus()
            event.accept()
            return True
        row = meaning(event.key(), event.modifiers(), focus)
        if row is None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress and row.command:
            if event.isAutoRepeat() and row.command not in REPEATED:
                return True
            if row.name:
                self._pressed(row.name)
            self._do(row.command)
        return True
