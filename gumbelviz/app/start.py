"""Opening the window: the application, the program, the event loop, and an orderly end."""

from __future__ import annotations

import gc
import os
import platform
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gumbelviz import __version__
from gumbelviz.app import first_look
from gumbelviz.app.arguments import WindowOrder
from gumbelviz.app.library import BUILT_IN, SCENE_SUFFIX, load_builtin
from gumbelviz.app.screen import (
    MISSING_LIBRARY,
    MissingLibrary,
    catch_fatal_messages,
    has_screen,
    import_qt,
)
from gumbelviz.app.settings_file import Found, read_settings, set_aside, settings_folder
from gumbelviz.model.preferences import Preferences
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import make_settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gumbelviz.app.keeper import Keeper
    from gumbelviz.app.logs import Log
    from gumbelviz.app.program import Program
    from gumbelviz.model.lecture import Lecture

PICTURE = "gumbelviz.png"
PICTURE_DRAWS = 1_000_000


@dataclass(frozen=True)
class _Opening:
    """What the window opens with: the document, its file and what it is reopened by, and what a person is told."""

    scene: Scene
    path: Path | None
    origin: str
    said: tuple[str, ...]


def open_window(scene: Scene | None, order: WindowOrder) -> int:
    """Open the window on `scene` and return the exit code; without a screen, draw a picture instead."""
    try:
        if not has_screen():
            return _draw_instead(scene or load_builtin(BUILT_IN[0]), order.lecture)
        import_qt()
    except MissingLibrary as missing:
        print(missing, file=sys.stderr)
        return MISSING_LIBRARY
    from gumbelviz.app.logs import Log

    # Safe mode has no folder: nothing is read, nothing is written, and nothing is offered.
    folder = None if order.safe_mode else settings_folder(order.settings_dir)
    log = Log(folder)
    catch_fatal_messages(log.write)
    application = make_application()
    log.watch_crashes()
    from PySide6.QtCore import QTimer

    from gumbelviz.app.keeper import Keeper
    from gumbelviz.app.program import Program
    from gumbelviz.app.session import note_session
    from gumbelviz.app.window_place import place_window

    found = _read_settings(folder, order)
    keeper = Keeper(found.preferences, folder if found.writable else None)
    opening = _choose_document(scene, order, keeper)
    log.write("start", f"GumbelViz {__version__}, {platform.platform()}, {application.platformName()}")
    outline = first_look.take()
    program = Program(opening.scene, keeper=keeper, path=opening.path, window=outline)
    program.files.came_from(opening.origin)
    program.dialogs.log = log
    program.noting = lambda: note_session(program)
    if order.safe_mode or keeper.value.calm:
        program.store.watch(running=False)
    with _signals(program), _reports(program, log):
        if outline is None:
            place_window(program.window, keeper.value.session.place, keeper.value.session.maximized)
        program.window.show()
        # The window is on the screen before NumPy and pyqtgraph begin to load.
        application.processEvents()
        program.start()
        _begin_recovery(program, folder)
        said = (*found.said, *opening.said)
        if said:
            program.window.tell(" ".join(said))
        if order.undecided is not None:
            program.files.open_found(order.undecided)
        if order.lecture is not None:
            program.lecture_editor.take(order.lecture, lecture_path(order.scene))
        gc.collect()
        # What lives as long as the window need not be looked at by every later collection.
        gc.freeze()
        # Qt ends its loop with the last window, but not where that was destroyed from outside.
        program.ended = lambda: QTimer.singleShot(0, application.quit)
        code = application.exec() if program.window.isVisible() else 0
    end(application, program)
    log.write("end", f"exit code {code}")
    log.close()
    return code


def _read_settings(folder: Path | None, order: WindowOrder) -> Found:
    if folder is None:
        said = "Safe mode: your settings are left alone, nothing is remembered, and the stream waits for Run."
        return Found(Preferences(), (said,))
    if order.reset_settings:
        aside = set_aside(folder, "before-reset")
        where = f" The old ones are kept as “{aside}”." if aside is not None else ""
        return Found(Preferences(), (f"All settings are as they were when GumbelViz was new.{where}",))
    return read_settings(folder)


def _choose_document(scene: Scene | None, order: WindowOrder, keeper: Keeper) -> _Opening:
    """The document that was asked for, else the last one, else the first of the built-in ones."""
    from gumbelviz.app.session import last_scene

    if order.undecided is None and scene is not None and order.scene is not None:
        path = Path(order.scene)
        is_file = order.scene not in BUILT_IN and path.suffix.lower() == SCENE_SUFFIX
        return _Opening(scene, path.absolute() if is_file else None, order.scene, ())
    default = _Opening(scene or load_builtin(BUILT_IN[0]), None, BUILT_IN[0], ())
    if order.new:
        untitled = Scene(title="Untitled", settings=make_settings([0.0, 0.0], seed=keeper.value.seed))
        return _Opening(untitled, None, "", ())
    if scene is None and order.undecided is None and keeper.value.reopen:
        last = last_scene(keeper.value.session)
        if last is not None:
            return _Opening(*last, ())
        if keeper.value.session.scene is not None:
            name = Path(keeper.value.session.scene).name
            return replace(default, said=(f"“{name}” of last time is not there any more, so this is the first scene.",))
    return default


def _begin_recovery(program: Program, folder: Path | None) -> None:
    """From now on changes are put aside; what a crash left is offered when the window answers."""
    if folder is None:
        return
    from PySide6.QtCore import QTimer

    from gumbelviz.app.recovery import Recovery

    recovery = Recovery(program.store, folder, lambda: program.keeper.value.autosave)
    recovery.complain = program.window.complain
    program.recovery = recovery
    left = recovery.begin()
    if left:
        window = program.window
        QTimer.singleShot(0, recovery, lambda: recovery.offer(left, window, window.tell))


def make_application(arguments: list[str] | None = None) -> QApplication:
    """Return the one QApplication; see `application.make_application`."""
    from gumbelviz.app.application import make_application as make

    return make(arguments)


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


def lecture_path(named: str | None) -> Path | None:
    """Return the file that a lecture came from; None for one that comes with the program."""
    return None if named is None or Path(named).suffix == "" else Path(named)


def _draw_instead(scene: Scene, lecture: Lecture | None = None) -> int:
    """No screen: draw the window that would have opened, or the first step of the lecture, and say so."""
    from gumbelviz.app.render import render, render_step

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import_qt()
    path = Path.cwd() / PICTURE
    try:
        summary = render_step(lecture, 0, path) if lecture else render(scene, path, draws=PICTURE_DRAWS)
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
def _reports(program: Program, log: Log) -> Iterator[None]:
    """Errors of our own go to the log and the standard error output whole, and to the person as one sentence."""
    from gumbelviz.app.faults import Faults

    faults = Faults(program, log, program.quit_now)
    program.dialogs.faults = faults
    faults.install()
    try:
        yield
    finally:
        faults.remove()
