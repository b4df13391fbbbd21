"""A small log file that turns over: what went wrong, for a report; nothing of a person's own numbers or words.

The standard library's logging would load sockets and queues before the first picture, for one file of lines.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import IO

LARGEST = 256 * 1024
"""Bytes of one log file; the one before is kept beside it."""
LONGEST_LINE = 4_000
REMEMBERED = 60
"""Lines that a report takes along."""


class Log:
    """Lines with a time, in ``log/gumbelviz.log``; without a folder in memory only.

    Any thread may write. A disk that refuses loses lines, never the program.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = folder / "log" / "gumbelviz.log" if folder is not None else None
        self._lock = threading.Lock()
        self._newest: deque[str] = deque(maxlen=REMEMBERED)
        self._crashes: IO[bytes] | None = None

    def write(self, kind: str, text: str) -> None:
        """Add an entry of a `kind` such as "start", "Qt" or "fault"; paths lose what names the person."""
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        entry = f"{stamp} [{os.getpid()}] {kind}: {without_home(text.strip())[:LONGEST_LINE]}"
        with self._lock:
            self._newest.append(entry)
            if self.path is not None:
                with contextlib.suppress(OSError, ValueError):
                    self._append(self.path, entry)

    def _append(self, path: Path, entry: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LARGEST:
            path.replace(path.with_suffix(".1.log"))
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(entry + "\n")

    def newest(self) -> str:
        """Return the newest entries of this run, one below the other."""
        with self._lock:
            return "\n".join(self._newest)

    def watch_crashes(self) -> None:
        """Let Python leave its stack in ``log/crash.log`` where the process dies of a fault in a library."""
        if self.path is None:
            return
        with contextlib.suppress(OSError, ValueError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            path = self.path.with_name("crash.log")
            if path.exists() and path.stat().st_size > LARGEST:
                path.replace(path.with_name("crash.1.log"))
            self._crashes = path.open("ab")
            faulthandler.enable(self._crashes)

    def close(self) -> None:
        """Give the files back."""
        if self._crashes is not None:
            faulthandler.disable()
            # The interpreter's own, as it was: on the error output.
            with contextlib.suppress(OSError, ValueError, RuntimeError):
                faulthandler.enable(sys.__stderr__) if sys.__stderr__ is not None else None
            self._crashes.close()
            self._crashes = None


def without_home(text: str) -> str:
    """Return `text` with the home folder written as ``~``: its path usually holds the name of a person."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
    return text.replace(home, "~") if len(home) > 3 else text
