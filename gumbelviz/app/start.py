"""Opening the window: the application, the program, the event loop, and an orderly end."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from gumbelviz.app import first_look
from gumbelviz.app.arguments import WindowOrder
from gumbelviz.app.library import BUILT_IN, load_builtin
from gumbelviz.app.screen import (
    MISSING_LIBRARY,
    MissingLibrary,
    catch_fatal_messages,
    has_screen,
    import_qt,
)
from gumbelviz.model.scene import Scene

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gumbelviz.app.program import Program

def make_application() -> QApplication:
    """Return the one QApplication; see `application.make_application`."""
    from gumbelviz.app.application import make_application as make

    return make()


PICTURE = "gumbelviz.png"
PICTURE_DRAWS = 1_000_000


def open_window(scene: Scene | None, order: WindowOrder) -> int:
    """Open the window on `scene` and return the exit code; without a screen, draw a picture instead."""
    shown = scene or load_builtin(BUILT_IN[0])
    try:
        if not has_screen():
            return _draw_instead(shown)
        import_qt()
    except MissingLibrary as missing:
        print(missing, file=sys.stderr)
        return MISSING_LIBRARY
    catch_fatal_messages()
    application = make_application()
    from PySide6.QtCore import QTimer

    from gumbelviz.app.program import Program

    outline = first_look.take()
    program = Program(shown, window=outline)
    with _signals(program), _reports(program):
        if outline is None:
            program.window.fit_screen()
        program.window.show()
        # The window is on the screen before NumPy and pyqtgraph begin to load.
        application.processEvents()
        program.start()
        if order.undecided is not None:
            program.open_found(order.undecided)
        gc.collect()
        # What lives as long as the window need not be looked at by every later collection.
        gc.freeze()
        # Qt ends its loop with the last window, but not where that was destroyed from outside.
        program.ended = lambda: QTimer.singleShot(0, application.quit)
        code = application.exec() if program.window.isVisible() else 0
    end(application, program)
    return code


def end(application: QApplication, program: Program) -> None:
    """Take the program apart in order: thread, plots, window. Left to chance, Python 3.11 crashes here."""
    from PySide6.QtCore import QCoreApplication, QEvent

    program.stop()
    # A picture that was asked for last must not be flushed to a window that is going.
    program.window.setUpdatesEnabled(False)
    program.window.hide()
    program.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application.processEvents()


def _draw_instead(scene: Scene) -> int:
    """No screen: draw the window that would have opened, and say so."""
    from gumbelviz.app.render import render

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import_qt()
    path = Path.cwd() / PICTURE
    try:
        summary = render(scene, path, draws=PICTURE_DRAWS)
    except OSError as error:
        print(f"No screen here, and {path} cannot be written: {error.strerror or error}.", file=sys.stderr)
        return 3
    print(f"No screen here, so this is the window as a picture: {path}")
    print(summary)
    return 0


@contextmanager
def _signals(program: Program) -> Iterator[None]:
    """Let Ctrl-C and a polite kill close the window like a person would."""
    from PySide6.QtCore import QSocketNotifier

    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    # Qt waits in C, where Python's handlers do not run: a byte in this pipe wakes it.
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: os.read(reading, 64))
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda _number, _frame: program.quit_now())
    old = signal.set_wakeup_fd(writing)
    try:
        yield
    finally:
        signal.set_wakeup_fd(old)
        for number, handler in before.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        os.close(reading)
        os.close(writing)


@contextmanager
def _reports(program: Program) -> Iterator[None]:
    """Errors of our own go to the standard error output whole, and to the window as one sentence."""
    before = sys.excepthook

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            program.quit_now()
            return
        traceback.print_exception(kind, error, trace)
        program.window.complain(f"Something went wrong inside GumbelViz ({kind.__name__}). Your work is still here.")

    sys.excepthook = report
    try:
        yield
    finally:
        sys.excepthook = before
