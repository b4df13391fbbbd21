"""Documents of sessions that broke off: what they are written into, and how a dead session is told from a live one.

Each running program holds a lock on ``recovery/ID.lock`` for as long as it lives; the system takes the lock
away with the process, however that ends. So a lock that can be had belongs to nobody any more, and the document
beside it, ``recovery/ID.json``, was left behind. No process number is trusted: those are given out again.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from gumbelviz.app.keep import write_file
from gumbelviz.model.scene import Scene, read_scene, write_scene
from gumbelviz.model.strictjson import LARGEST_FILE, decode_json

FOLDER = "recovery"
FORMAT = "gumbelviz recovery"
MOST_KEPT = 20


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    path: str | None
    written: float
    scene: msgspec.Raw


@dataclass(frozen=True)
class Left:
    """A document that somebody did not save: the file it belongs to, if any, and when it was put aside."""

    scene: Scene
    path: Path | None
    written: float


def encode(scene: Scene, path: Path | None) -> bytes:
    """Return the bytes of a recovery file.

    Raises
    ------
    ValueError
        Where the scene is larger than a scene file can be.
    """
    place = None if path is None else os.fsencode(path.absolute()).decode("utf-8", "replace")
    return msgspec.json.encode(_File(FORMAT, place, time.time(), msgspec.Raw(write_scene(scene))))


def decode(data: bytes) -> Left:
    """Return what a recovery file holds.

    Raises
    ------
    ValueError
        With one sentence, where it cannot be read.
    """
    if len(data) > LARGEST_FILE + 100_000:
        raise ValueError("The recovery file is too large.")
    file = decode_json(data, _File, "recovery file")
    if file.format != FORMAT:
        raise ValueError("This is not a recovery file of GumbelViz.")
    return Left(read_scene(bytes(file.scene)), Path(file.path) if file.path else None, file.written)


class Lock:
    """A file that one process holds until it lets go or dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """Try to hold it; False where somebody else does, or where that cannot be known.

        Raises
        ------
        OSError
            Where the file cannot be opened.
        """
        # Opened for appending: it must exist for as long as it is held, and holds nothing.
        file = self.path.open("ab")
        try:
            _lock(file.fileno())
        except OSError:
            # A disk without locks says the same as a living owner: nothing is offered, rather than falsely.
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Let go, and leave the file: whoever starts next finds it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def drop(self) -> None:
        """Let go, and take the file away."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                if sys.platform != "win32":
                    # While it is still held: nobody can take it between the two.
                    self.path.unlink(missing_ok=True)
                self._file.close()
                self.path.unlink(missing_ok=True)
            self._file = None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Place:
    """This session's own lock and recovery file.

    Raises
    ------
    OSError
        Where nothing can be written in the folder.
    """

    def __init__(self, settings_folder: Path) -> None:
        self.folder = settings_folder / FOLDER
        # Unsaved documents are nobody else's business.
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _ in range(3):
            # More than once, because another program that starts just now may try the new file before us.
            name = f"{os.getpid()}-{secrets.token_hex(4)}"
            self.path = self.folder / f"{name}.json"
            self.lock = Lock(self.folder / f"{name}.lock")
            if self.lock.take():
                return
        raise OSError("the folder cannot hold locks")

    def write(self, scene: Scene, path: Path | None) -> None:
        """Put the document aside."""
        write_file(self.path, encode(scene, path))

    def clear(self) -> None:
        """Nothing is left to be recovered."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    def dead_sessions(self) -> list[tuple[Lock, Path]]:
        """Return the sessions that ended without a goodbye and left a document; they are held for us now.

        Those that left nothing are cleared away.
        """
        found = []
        for path in sorted(self.folder.glob("*.lock")):
            lock = Lock(path)
            if path == self.lock.path or not _can_take(lock):
                continue
            document = path.with_suffix(".json")
            if document.exists():
                found.append((lock, document))
            else:
                lock.drop()
        self._sweep()
        return found

    def _sweep(self) -> None:
        """Take away half-written files of dead sessions; what was kept aside stays, the newest of it."""
        for path in self.folder.glob(".*.json.*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > 3600.0:
                    path.unlink()
        kept = sorted(self.folder.glob("kept-*.gumbel"))
        for path in kept[: -MOST_KEPT or None]:
            with contextlib.suppress(OSError):
                path.unlink()

    def keep_aside(self, left: Left) -> Path | None:
        """Write a document that was left into a scene file of its own, and return its path."""
        stamp = time.strftime("%Y-%m-%d-%H%M%S", time.localtime(left.written))
        path = self.folder / f"kept-{stamp}-{secrets.token_hex(2)}.gumbel"
        try:
            write_file(path, write_scene(left.scene))
        except (OSError, ValueError):
            return None
        return path


def _can_take(lock: Lock) -> bool:
    try:
        return lock.take()
    except OSError:
        return False
