"""Faults of our own: caught wherever they happen, logged, and told to the person once, in the window's thread."""

from __future__ import annotations

import platform
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from gumbelviz import __version__
from gumbelviz.app.logs import Log, without_home

if TYPE_CHECKING:
    from gumbelviz.app.program import Program
    from gumbelviz.views.dialogs.crash import CrashDialog

AGAIN_AFTER = 10.0
"""Seconds for which the same place is not told of again: a clock that fails does so sixty times a second."""
_TOP = Path(__file__).resolve().parents[2]


class Faults(QObject):
    """Takes every exception that nobody caught.

    Parameters
    ----------
    program
        Whose window the dialog belongs to.
    log
        Gets the whole story.
    interrupt
        Called on Ctrl-C.
    clock
        Returns seconds; injected so that tests need not wait.
    """

    _happened = Signal(str, str)

    def __init__(
        self,
        program: Program,
        log: Log,
        interrupt: Callable[[], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._program, self._log, self._interrupt, self._clock = program, log, interrupt, clock
        self._told: dict[str, float] = {}
        self._lock = threading.Lock()
        self._hooks: tuple[object, ...] = ()
        self.dialog: CrashDialog | None = None
        self.details = ""
        """The newest fault in full, for a report."""
        # Emitted wherever it happened, received by the window's thread when it is back in its loop: a dialog
        # that opened in the middle of a painting would paint again.
        self._happened.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take the three hooks of Python: of the main thread, of other threads, and of destructors."""
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self.take
        threading.excepthook = lambda args: self._take_elsewhere(args.exc_type, args.exc_value, args.exc_traceback)
        sys.unraisablehook = lambda args: self._take_elsewhere(args.exc_type, args.exc_value, args.exc_traceback)

    def remove(self) -> None:
        """Give the hooks back, and close the dialog."""
        if self._hooks:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks  # type: ignore[assignment]
            self._hooks = ()
        if self.dialog is not None:
            self.dialog.close()

    def _take_elsewhere(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, SystemExit):
            self.take(kind, error if error is not None else kind(), trace)

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an exception, print it, and see that the person hears of it once."""
        if issubclass(kind, KeyboardInterrupt):
            self._interrupt()
            return
        place = _place(trace)
        with self._lock:
            now = self._clock()
            if now - self._told.get(place, -AGAIN_AFTER) < AGAIN_AFTER:
                return
            self._told[place] = now
        story = "".join(traceback.format_exception(kind, error, trace))
        if sys.stderr is not None:
            print(story, end="", file=sys.stderr, flush=True)
        self._log.write("fault", story.replace(str(_TOP), ""))
        self.details = story
        self._happened.emit(_sentence(kind, place), story)

    def _show(self, sentence: str, story: str) -> None:
        if self.dialog is not None:
            self.dialog.add_another()
            return
        from gumbelviz.views.dialogs.crash import CrashDialog

        dialog = CrashDialog(sentence, self._program.window)
        dialog.copy_wished.connect(lambda: self._program.files.save_copy())
        dialog.report_wished.connect(self._copy_report)
        dialog.quit_wished.connect(self._program.quit)
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        # Not exec: the program goes on behind it, and no second loop runs inside whatever was under way.
        dialog.open()

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _copy_report(self) -> None:
        from PySide6.QtWidgets import QApplication

        QApplication.clipboard().setText(make_report(self._log, self.details))


def make_report(log: Log, details: str = "") -> str:
    """Return what somebody who mends the program has to know: versions, the fault, the newest lines of the log."""
    from PySide6 import __version__ as pyside

    lines = [
        f"GumbelViz {__version__}, Python {platform.python_version()}, PySide6 {pyside}, {platform.platform()}",
        *([details.strip()] if details else []),
        "Log:",
        log.newest() or "empty",
    ]
    return without_home("\n\n".join(lines).replace(str(_TOP), "")) + "\n"


def _place(trace: TracebackType | None) -> str:
    """The innermost line of our own that it passed through, as "file.py, line 12"."""
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_TOP / "gumbelviz")]
    if not frames:
        return "an unknown place"
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name}, line {frame.lineno}"


def _sentence(kind: type[BaseException], place: str) -> str:
    if issubclass(kind, MemoryError):
        return "The computer ran out of memory for what was asked. Your work is still here; fewer options may help."
    return f"Something went wrong inside GumbelViz ({kind.__name__} in {place}). Your work is still here."
