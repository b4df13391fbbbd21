"""The mouse pointer of somebody who presents: it hides when it rests, and comes back when it moves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication

REST_SECONDS = 2.0


class Pointer(QObject):
    """Hides the pointer after two seconds without a movement.

    Parameters
    ----------
    over
        Tells whether the pointer is over what the hall sees; elsewhere it stays.
    """

    def __init__(self, over: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._over = over
        self._on = self.hidden = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(1000 * REST_SECONDS))
        self._timer.timeout.connect(self._hide)

    def set_on(self, on: bool) -> None:
        """Begin or end to hide it."""
        self._on = on
        if on:
            self._timer.start()
        else:
            self._timer.stop()
            self._show()

    def move(self) -> None:
        """The pointer moved."""
        if self._on:
            self._show()
            self._timer.start()

    def _hide(self) -> None:
        if self._on and not self.hidden and self._over():
            self.hidden = True
            QGuiApplication.setOverrideCursor(QCursor(Qt.CursorShape.BlankCursor))

    def _show(self) -> None:
        if self.hidden:
            self.hidden = False
            QGuiApplication.restoreOverrideCursor()
