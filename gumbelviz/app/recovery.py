"""Puts an edited document aside every few seconds, and offers after a crash what was put aside."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace as with_fields
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from gumbelviz.app.recovery_file import Left, Lock, Place, decode
from gumbelviz.app.store import State, Store
from gumbelviz.model.scene import Scene

EVERY = 4.0
"""Seconds between two writings: with the writing itself, what is lost is less than five seconds old."""
SOON = 0.4
"""Seconds from the first change to its writing, so that a drag is written once it rests."""


class Recovery(QObject):
    """Watches the store, and keeps the recovery file in step with it.

    Parameters
    ----------
    store
        Holds the document.
    folder
        The settings folder.
    wanted
        Tells whether the person wants documents to be put aside.
    clock
        Returns seconds; injected so that tests need not wait.
    """

    _failed = Signal(str)

    def __init__(
        self,
        store: Store,
        folder: Path,
        wanted: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
        every: float = EVERY,
    ) -> None:
        super().__init__()
        self._store, self._folder, self._wanted, self._clock, self._every = store, folder, wanted, clock, every
        self._place: Place | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._newest = 0
        self._written_at = -every
        self._has_file = False
        self.complain: Callable[[str], object] = bool
        self._has_complained = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.write)
        # Emitted in the writing thread, received in the window's.
        self._failed.connect(self._say, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> list[tuple[Lock, Path]]:
        """Take a place of our own, follow the document, and return what dead sessions left."""
        try:
            self._place = Place(self._folder)
            left = self._place.dead_sessions()
        except OSError as error:
            self._place = None
            self._say(f"Changes cannot be put aside for a crash: {(error.strerror or str(error)).lower()}.")
            return []
        self._store.listen(self._changed)
        self._follow()
        return left

    def _changed(self, before: State, after: State) -> None:
        if before.scene is not after.scene or before.edited != after.edited or before.path != after.path:
            self._follow()

    def refresh(self) -> None:
        """The person changed whether documents are put aside."""
        self._follow()

    def _follow(self) -> None:
        if self._place is None:
            return
        if not (self._store.state.edited and self._wanted()):
            self._timer.stop()
            self._forget()
        elif not self._timer.isActive():
            rest = self._written_at + self._every - self._clock()
            self._timer.start(round(1000 * max(rest, min(SOON, self._every))))

    def write(self) -> None:
        """Put the document aside as it is now."""
        self._timer.stop()
        if self._place is None or not self._store.state.edited:
            return
        if self._thread is not None and self._thread.is_alive():
            # The disk is slow: this one is still being written, and the next comes after it.
            self._timer.start(round(1000 * min(0.5, self._every)))
            return
        self._written_at = self._clock()
        state = self._store.state
        scene = with_fields(state.scene, page=state.page)
        self._newest += 1
        self._has_file = True
        # Beside the window: a large document takes a while to write, and some disks do too.
        self._thread = threading.Thread(
            target=self._work, args=(self._place, scene, state.path, self._newest), name="gumbelviz-recovery"
        )
        self._thread.start()

    def _work(self, place: Place, scene: Scene, path: Path | None, number: int) -> None:
        with self._lock:
            if number != self._newest:
                return
            try:
                place.write(scene, path)
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).rstrip(".")
                self._failed.emit(f"Changes could not be put aside for a crash: {reason.lower()}.")

    def _say(self, sentence: str) -> None:
        if not self._has_complained:
            self._has_complained = True
            self.complain(sentence)

    def _forget(self) -> None:
        self._newest += 1
        if self._place is not None and self._has_file:
            self._has_file = False
            # A writing that is under way comes first, so that it cannot bring the file back.
            with self._lock:
                self._place.clear()

    def offer(self, left: list[tuple[Lock, Path]], parent: QWidget, say: Callable[[str], object]) -> None:
        """Ask about each document that was left; whatever is answered, it is not asked about again."""
        for lock, path in left:
            found = _read(path)
            if found is not None and not self._is_saved(found):
                answer = ask_about(found, parent)
                if answer == "recover" and not self._store.state.edited:
                    self._store.open(found.scene, found.path, recovered=True)
                    self._put_down()
                elif answer != "discard" and self._place is not None:
                    kept = self._place.keep_aside(found)
                    if kept is None:
                        # Nothing may be lost: it stays where it is, and is asked about at the next start.
                        continue
                    say(f"The unsaved document was kept as “{kept}”.")
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            lock.drop()

    def _put_down(self) -> None:
        """Write the recovered document into our own place before the old one is taken away."""
        if self._wanted():
            self._timer.stop()
            self.write()
            if self._thread is not None:
                self._thread.join()

    @staticmethod
    def _is_saved(found: Left) -> bool:
        """Tell whether the file of the document holds all of it: the crash came between saving and tidying up."""
        if found.path is None:
            return False
        from gumbelviz.app.library import open_file

        try:
            return open_file(found.path) == found.scene
        except ValueError:
            return False

    def stop(self, keep: bool = False) -> None:
        """End. `keep` leaves the document to be offered at the next start: nobody was asked about it."""
        self._timer.stop()
        if self._place is None:
            return
        if keep and self._store.state.edited and self._wanted():
            if self._thread is not None:
                self._thread.join()
            self.write()
        if self._thread is not None:
            self._thread.join()
        if not keep or not self._store.state.edited:
            self._forget()
            self._place.lock.drop()
        else:
            self._place.lock.release()
        self._place = None


def _read(path: Path) -> Left | None:
    """Return the document in a recovery file; None where it cannot be read, and nobody could recover it."""
    try:
        return decode(path.read_bytes())
    except (OSError, ValueError):
        return None


def ask_about(left: Left, parent: QWidget) -> str:
    """Ask what shall become of a document; "recover", "discard", or "keep" where the question is waved away."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Unsaved changes were found")
    box.setTextFormat(Qt.TextFormat.PlainText)
    when = time.strftime("%H:%M on %d %B %Y", time.localtime(left.written))
    box.setText(f"GumbelViz ended unexpectedly. “{left.scene.title}” has changes of {when} that were not saved.")
    where = f"It belongs to “{left.path}”." if left.path is not None else "It was not in any file yet."
    box.setInformativeText(f"{where} Recover opens it with its changes, for you to look at and to save.")
    recover = box.addButton("Recover", QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
    later = box.addButton("Keep for later", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(recover)
    box.setEscapeButton(later)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return "recover" if clicked is recover else "discard" if clicked is discard else "keep"
