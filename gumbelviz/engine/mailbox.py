"""One place for one letter; the newer letter replaces the older."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Letter = TypeVar("Letter")


class Mailbox(Generic[Letter]):
    """Hands the newest value from one thread to another. Nothing queues, so nothing can grow or grow old."""

    def __init__(self) -> None:
        self._letter: Letter | None = None
        self._closed = False
        self._changed = threading.Condition()

    def put(self, letter: Letter) -> None:
        """Leave `letter`, in place of any that was not taken yet, and wake whoever waits."""
        with self._changed:
            self._letter = letter
            self._changed.notify()

    def take(self, wait: float | None = 0.0) -> Letter | None:
        """Take the letter, after waiting at most `wait` seconds for one (None: until one comes or `close`)."""
        with self._changed:
            if self._letter is None and not self._closed and wait != 0.0:
                self._changed.wait(wait)
            letter, self._letter = self._letter, None
            return letter

    def close(self) -> None:
        """Wake whoever waits, now and from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def empty(self) -> bool:
        """True while no letter lies here."""
        return self._letter is None
