"""An animated PNG, written picture by picture.

Pillow writes them too, but only from a list of all pictures, which would be a gigabyte. Here each picture is kept as
what it is in the file: compressed, and only where it differs from the one before (the APNG specification, in the third
edition of PNG: chunks acTL, fcTL, fdAT).
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEEP, _REPLACE = 0, 0
"""What is left of a picture when the next one comes, and how that is put over it."""


class ApngWriter:
    """Takes pictures of one size, (height, width, 3), and gives the bytes of the file."""

    def __init__(self) -> None:
        self._head = b""
        self._frames: list[_Frame] = []
        self._before: NDArray[np.uint8] | None = None

    def add(self, pixels: NDArray[np.uint8], milliseconds: int) -> None:
        """Add a picture; one that is like the one before lets that stay longer."""
        top, left, height, width = 0, 0, *pixels.shape[:2]
        if self._before is not None:
            changed = (pixels != self._before).any(axis=2)
            rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
            if not rows.size:
                self._frames[-1].milliseconds += milliseconds
                return
            top, left = int(rows[0]), int(columns[0])
            height, width = int(rows[-1]) + 1 - top, int(columns[-1]) + 1 - left
        chunks = dict(_compressed(pixels[top : top + height, left : left + width]))
        self._head = self._head or chunks[b"IHDR"]
        self._frames.append(_Frame(left, top, width, height, milliseconds, chunks[b"IDAT"]))
        self._before = pixels

    def bytes(self) -> bytes:
        """Return the file."""
        pieces = [SIGNATURE, chunk(b"IHDR", self._head), chunk(b"acTL", struct.pack(">II", len(self._frames), 0))]
        number = 0
        for place, frame in enumerate(self._frames):
            pieces.append(chunk(b"fcTL", struct.pack(">I", number) + frame.control()))
            number += 1
            if place == 0:
                pieces.append(chunk(b"IDAT", frame.data))
            else:
                pieces.append(chunk(b"fdAT", struct.pack(">I", number) + frame.data))
                number += 1
        return b"".join([*pieces, chunk(b"IEND", b"")])


class _Frame:
    """One picture as it stands in the file."""

    def __init__(self, left: int, top: int, width: int, height: int, milliseconds: int, data: bytes) -> None:
        self.place = width, height, left, top
        self.milliseconds = milliseconds
        self.data = data

    def control(self) -> bytes:
        """Return where it stands, and for how long."""
        return struct.pack(">IIIIHHBB", *self.place, self.milliseconds, 1000, _KEEP, _REPLACE)


def _compressed(pixels: NDArray[np.uint8]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of a PNG of one picture, those of its data as one."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    data, place, joined = buffer.getvalue(), len(SIGNATURE), b""
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + length]
        if kind == b"IDAT":
            joined += content
        else:
            yield kind, content
        place += length + 12
    yield b"IDAT", joined


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
