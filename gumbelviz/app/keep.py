"""Writing files so that a full disk or a crash leaves the old file whole."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


def write_file(path: Path, data: bytes) -> None:
    """Replace the file at `path` by `data`, or leave it as it is.

    The bytes go to a new file in the same folder, reach the disk, are read back, and only then take the name.

    Raises
    ------
    OSError
        Where that is not possible; the file that was there is whole.
    """
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
    temporary = Path(name)
    try:
        try:
            _write_all(handle, data)
            os.fsync(handle)
        finally:
            # Network disks report here that there was no room after all.
            os.close(handle)
        if temporary.read_bytes() != data:
            raise OSError("the file came back different from what was written")
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except BaseException:
        # A disk that refused once may refuse this too; the first refusal is the one to tell of.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


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
