"""Long work beside the window: in a thread of its own, with pieces on the screen's thread where Qt asks for that."""

from __future__ import annotations

import queue
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

Result = TypeVar("Result")
POLL_MILLISECONDS = 100
TELL_AFTER = 0.6
"""Seconds of work before a guess at the time left is worth anything."""


class Cancelled(Exception):
    """A person does not want it any more."""


class Bench(Protocol):
    """What a work sees of whoever runs it."""

    def report(self, share: float) -> None:
        """Say that a share from 0 to 1 is done; raises `Cancelled` where there is no need to go on."""

    def is_cancelled(self) -> bool:
        """Tell whether there is no need to go on."""

    def on_screen(self, call: Callable[[], Result]) -> Result:
        """Call in the thread of the window, and return what comes back."""


    def later(self, call: Callable[[], object]) -> None:
        """Call in the thread of the window as soon as may be, also where the work was cancelled; do not wait for it."""


class Direct:
    """A bench without a thread, for the command line and for tests."""

    def report(self, share: float) -> None:
        """Nobody asks."""

    def is_cancelled(self) -> bool:
        """Nobody cancels."""
        return False

    def on_screen(self, call: Callable[[], Result]) -> Result:
        """Call at once."""
        return call()

    def later(self, call: Callable[[], object]) -> None:
        """Call at once."""
        call()


class Job(QObject):
    """One work in a thread.

    Signals
    -------
    progressed(share, seconds_left)
        How far it is, and how many seconds are left, or None where that cannot be told yet.
    ended(error)
        It is over: None where all is done, else the exception; `Cancelled` where it was cancelled.
    """

    progressed = Signal(float, object)
    ended = Signal(object)
    _asked = Signal()
    _over = Signal()

    def __init__(
        self,
        work: Callable[[Bench], object],
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work, self._clock = work, clock
        self._share, self._began = 0.0, clock()
        self._cancelled = threading.Event()
        self._call: Callable[[], object] | None = None
        self._answers: queue.SimpleQueue[tuple[object, BaseException | None]] = queue.SimpleQueue()
        self._left: deque[Callable[[], object]] = deque()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="gumbelviz-export", daemon=True)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MILLISECONDS)
        self._timer.timeout.connect(self._tell)
        # Emitted in the worker, received in the window's thread.
        self._asked.connect(self._serve, Qt.ConnectionType.QueuedConnection)
        self._over.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin."""
        self._began = self._clock()
        self._timer.start()
        self._thread.start()

    # In the worker.

    def report(self, share: float) -> None:
        """Say that a share from 0 to 1 is done; raises `Cancelled` where there is no need to go on."""
        self._share = share
        if self._cancelled.is_set():
            raise Cancelled

    def is_cancelled(self) -> bool:
        """Tell whether there is no need to go on."""
        return self._cancelled.is_set()

    def on_screen(self, call: Callable[[], Result]) -> Result:
        """Call in the thread of the window, between two of its own events, and return what comes back."""
        self.report(self._share)
        self._call = call
        self._asked.emit()
        answer, error = self._answers.get()
        if error is not None:
            raise error
        return answer  # type: ignore[return-value]

    def later(self, call: Callable[[], object]) -> None:
        """Call in the thread of the window as soon as may be, also where the work was cancelled; do not wait for it."""
        self._left.append(call)
        self._asked.emit()

    def _run(self) -> None:
        try:
            self._work(self)
        except Exception as error:
            if not isinstance(error, (Cancelled, OSError, ValueError)):
                traceback.print_exc(file=sys.stderr)
            self._error = error
        self._over.emit()

    # In the window's thread.

    def _serve(self) -> None:
        self._clear()
        call, self._call = self._call, None
        if call is None or self._cancelled.is_set():
            return
        try:
            self._answers.put((call(), None))
        except Exception as error:
            self._answers.put((None, error))

    def _clear(self) -> None:
        while self._left:
            self._left.popleft()()

    def _tell(self) -> None:
        elapsed, share = self._clock() - self._began, self._share
        left = elapsed * (1.0 - share) / share if elapsed >= TELL_AFTER and share > 0.0 else None
        self.progressed.emit(share, left)

    def cancel(self) -> None:
        """Ask it to end; `ended` follows."""
        self._cancelled.set()
        # The worker may be waiting for an answer that nobody will give any more.
        self._answers.put((None, Cancelled()))

    def stop(self) -> None:
        """Cancel it and wait until it has ended, without a word to anybody."""
        self.blockSignals(True)
        self._timer.stop()
        self.cancel()
        if self._thread.is_alive():
            self._thread.join()
        self._clear()

    def _finish(self) -> None:
        self._timer.stop()
        self._thread.join()
        self._clear()
        self.ended.emit(self._error)
