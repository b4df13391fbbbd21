"""Holds the person's preferences while the window is open, and writes them a moment after the last change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from gumbelviz.app.settings_file import write_settings
from gumbelviz.model.preferences import Preferences, changed

WRITE_AFTER = 1500
"""Milliseconds without a further change: a slider that is dragged is written once."""

Listener = Callable[[Preferences, Preferences], None]


class Keeper(QObject):
    """The preferences as they are now.

    Parameters
    ----------
    preferences
        What was found at the start.
    folder
        Where they are written; None keeps them in memory only, as in tests, pictures and safe mode.
    """

    def __init__(self, preferences: Preferences | None = None, folder: Path | None = None) -> None:
        super().__init__()
        self.value = preferences or Preferences()
        self.folder = folder
        self.failed: Callable[[str], object] = bool
        """Called once with a sentence where the settings cannot be written."""
        self._written = self.value
        self._has_failed = False
        self._listeners: list[Listener] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WRITE_AFTER)
        self._timer.timeout.connect(self.write)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the preferences before and after each change."""
        self._listeners.append(listener)

    def forget(self, listener: Listener) -> None:
        """Call `listener` no more."""
        self._listeners.remove(listener)

    def change(self, **fields: Any) -> None:
        """Take other values for some fields.

        Raises
        ------
        ValueError
            With one sentence; nothing is changed then.
        """
        self.put(changed(self.value, **fields))

    def put(self, preferences: Preferences) -> None:
        """Take other preferences as a whole."""
        before = self.value
        if preferences == before:
            return
        self.value = preferences
        if self.folder is not None:
            self._timer.start()
        for listener in tuple(self._listeners):
            listener(before, preferences)

    def write(self) -> None:
        """Write now what is not written yet; said once where it fails, and the program goes on without."""
        self._timer.stop()
        if self.folder is None or self.value == self._written:
            return
        try:
            write_settings(self.folder, self.value)
        except OSError as error:
            if not self._has_failed:
                self._has_failed = True
                self.failed(
                    f"Your settings cannot be kept in “{self.folder}”: "
                    f"{(error.strerror or str(error)).lower()}. They hold until you quit."
                )
        else:
            self._written = self.value
            self._has_failed = False
