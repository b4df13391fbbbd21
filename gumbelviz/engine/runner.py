"""The worker thread: orders in, frames out, newest wins; stopping is designed, and errors reach a person."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable

from gumbelviz.engine.mailbox import Mailbox
from gumbelviz.engine.player import Order, Player
from gumbelviz.model.frame import Failure, Frame

PAINTING = 0.006
"""Seconds that the thread rests after the answer to a change, so that the window can paint it undisturbed."""
STOP_WITHIN = 3.0
"""Seconds that the thread may take to end before we say that it did not."""


class Runner:
    """Runs a `Player` in a thread of its own.

    The thread never calls into the window. It leaves the newest frame in `outbox`, and only when that answers
    a newer order than the frame before does it call `nudge`, without arguments, so that a moved slider need
    not wait for the next tick of the screen clock; and once more when the stream comes to rest.

    Parameters
    ----------
    nudge
        Called in the worker thread; must be safe to call there and return at once.
    player
        What to run.
    """

    def __init__(self, nudge: Callable[[], None], player: Player | None = None) -> None:
        self._nudge = nudge
        self._player = player or Player()
        self._inbox: Mailbox[Order] = Mailbox()
        self.outbox: Mailbox[Frame | Failure] = Mailbox()
        self._stopping = threading.Event()
        self._owed = False
        self._answered = False
        self._thread = threading.Thread(target=self._run, name="gumbelviz-engine", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def order(self, order: Order) -> None:
        """Ask for something newer; an order that was not begun yet is forgotten."""
        self._inbox.put(order)

    def stop(self, within: float = STOP_WITHIN) -> bool:
        """Ask the thread to end, wake it, and wait; False where it did not end within that many seconds."""
        self._stopping.set()
        self._inbox.close()
        if self._thread.is_alive():
            self._thread.join(within)
        return not self._thread.is_alive()

    def _run(self) -> None:
        _step_back()
        revision = -1
        failed = False
        while not self._stopping.is_set():
            order = self._inbox.take(None if failed else self._pause())
            if self._stopping.is_set():
                break
            if order is not None:
                revision, failed = order.revision, False
            if failed:
                continue
            try:
                self._play(order)
            except Exception as error:
                failed = True
                # Whatever broke may have left half a block behind: the next order starts afresh.
                self._player.close()
                self.outbox.put(Failure(revision, _in_words(error), traceback.format_exc()))
                self._tell()
        self._player.close()

    def _pause(self) -> float | None:
        if self._answered:
            return PAINTING
        if not self._owed:
            return self._player.wait
        # A frame that is owed but not due yet is waited for, unless there is more to draw meanwhile.
        return 0.0 if self._player.wait == 0.0 else self._player.frame_due

    def _play(self, order: Order | None) -> None:
        if order is not None:
            self._player.accept(order)
        before = self._player.progress
        self._player.work(lambda: not self._inbox.empty)
        self._answered = order is not None
        self._owed = self._owed or self._answered or self._player.progress != before
        if order is not None:
            self.outbox.put(self._player.frame())
            self._tell()
        elif self._owed and self._player.frame_due == 0.0 and (self.outbox.empty or self._player.wait != 0.0):
            self.outbox.put(self._player.frame())
            self._owed = False
            if self._player.wait is None:
                # The last frame before a rest: the screen clock may rest already.
                self._tell()

    def _tell(self) -> None:
        # Whoever asked for the end may be gone by now.
        if not self._stopping.is_set():
            self._nudge()


def _step_back() -> None:
    """Let the window's thread go first, where the system can give threads different priorities."""
    if sys.platform == "linux":
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        except OSError:
            return


def _in_words(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "There is not enough memory for this many options."
    return f"The simulation stopped: {type(error).__name__}: {error}"
