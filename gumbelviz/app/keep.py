"""Writing files so that a full disk or a crash leaves the old file whole."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PIECE = 2**20
"""Bytes that are read back at once."""


def write_file(path: Path, data: bytes) -> None:
    """Replace the file at `path` by `data`, or leave it as it is.

    The bytes go to a new file in the same folder, reach the disk, are read back, and only then take the name.

    Raises
    ------
    OSError
        Where that is not possible; the file that was there is whole.
    """
    with open_whole(path) as file:
        file.write(data)


@contextlib.contextmanager
def open_whole(path: Path) -> Iterator[io.RawIOBase]:
    """Open the file at `path` to be written from the beginning to the end, in pieces of any size.

    The same holds as for `write_file`, without all of it in memory: whatever goes wrong before the block has ended,
    a cancelled work too, leaves the old file whole, and nothing else behind.

    Raises
    ------
    OSError
        Where that is not possible.
    """
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
    temporary = Path(name)
    try:
        pipe = _Pipe(handle)
        try:
            yield pipe
            os.fsync(handle)
        finally:
            # Network disks report here that there was no room after all.
            os.close(handle)
        if _digest(temporary) != pipe.digest():
            raise OSError("the file came back different from what was written")
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except BaseException:
        # A disk that refused once may refuse this too; the first refusal is the one to tell of.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


class _Pipe(io.RawIOBase):
    """A file that is written once, from front to back, and remembers what it was given."""

    def __init__(self, handle: int) -> None:
        super().__init__()
        self._handle = handle
        self._hash = hashlib.blake2b()
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        rest = memoryview(data).cast("B")
        length = rest.nbytes
        self._hash.update(rest)
        while rest:
            rest = rest[os.write(self._handle, rest) :]
        self._length += length
        return length

    def tell(self) -> int:
        return self._length

    def digest(self) -> bytes:
        """Tell what was written, in 64 bytes."""
        return self._hash.digest()


def _digest(path: Path) -> bytes:
    found = hashlib.blake2b()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.digest()


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those of a new file."""
    with contextlib.suppress(OSError):
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    # Windows cannot open folders, and some network disks cannot sync them: the file itself is safe by now.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
