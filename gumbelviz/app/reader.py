"""Reading a large file beside the window, which goes on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from gumbelviz.app import library
from gumbelviz.model.strictjson import LARGEST_FILE

if TYPE_CHECKING:
    from gumbelviz.app.library import Undecided
    from gumbelviz.model.scene import Scene

LARGE = 200_000
"""Bytes from which on reading takes longer than a few ticks of the screen."""


class Reader(QObject):
    """Reads one file at a time; a file that is asked for later takes the place of one that is still being read.

    Parameters
    ----------
    opened
        Gets what was found, and the path.
    failed
        Gets a sentence where it cannot be read.
    """

    _read = Signal(int)

    def __init__(
        self,
        opened: Callable[[Scene | Undecided, Path], None],
        failed: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._opened, self._failed = opened, failed
        self._number = 0
        self._found: Scene | Undecided | ValueError | None = None
        self._path = Path()
        self._thread: threading.Thread | None = None
        # Emitted in the reading thread, received in the window's.
        self._read.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def open(self, path: Path) -> None:
        """Read the file at `path`: at once where it is small, else in a thread."""
        self.stop()
        self._number += 1
        self._path = path
        if not _is_large(path):
            self._work(path, self._number)
            self._deliver(self._number)
            return
        self._thread = threading.Thread(
            target=self._work_beside, args=(path, self._number), name="gumbelviz-reader", daemon=True
        )
        self._thread.start()

    def _work_beside(self, path: Path, number: int) -> None:
        self._work(path, number)
        self._read.emit(number)

    def _work(self, path: Path, number: int) -> None:
        found: Scene | Undecided | ValueError
        try:
            found = library.open_file(path)
        except ValueError as error:
            found = error
        if number == self._number:
            self._found = found

    def _deliver(self, number: int) -> None:
        found, self._found = (self._found, None) if number == self._number else (None, self._found)
        if isinstance(found, ValueError):
            self._failed(str(found))
        elif found is not None:
            self._opened(found, self._path)

    def stop(self) -> None:
        """Forget what is being read; it takes a moment at most."""
        self._number += 1
        if self._thread is not None:
            self._thread.join()
            self._thread = None


def _is_large(path: Path) -> bool:
    try:
        # What is larger than can be read is refused without reading it.
        return LARGE <= path.stat().st_size <= LARGEST_FILE
    except (OSError, ValueError):
        # Reading it will say what is wrong.
        return False
