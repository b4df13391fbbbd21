"""A large PNG, written strip by strip: half a gigabyte of pixels takes its time, and may be cancelled."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.app.export_apng import SIGNATURE, chunk
from gumbelviz.app.keep import open_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

STRIP = 2**22
"""Bytes of pixels that are compressed in one go."""
_UP = 2
"""The filter of a row: what differs from the row above, which is little in a drawing."""


def write_png(path: Path, image: QImage, report: Callable[[float], None]) -> None:
    """Write an image without transparency to `path`.

    Parameters
    ----------
    report
        Gets the share that is done, after each strip; raises where the work was cancelled.

    Raises
    ------
    OSError
        Where it cannot be written; the file that was there is whole.
    """
    width, height = image.width(), image.height()
    compressor = zlib.compressobj(6)
    above = np.zeros((1, 3 * width), np.uint8)
    with open_whole(path) as file:
        # Eight bits of red, green and blue.
        file.write(SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
        rows = max(STRIP // (3 * width), 1)
        for top in range(0, height, rows):
            strip = pixels_of(image.copy(0, top, width, min(rows, height - top))).reshape(-1, 3 * width)
            filtered = np.full((len(strip), 3 * width + 1), _UP, np.uint8)
            np.subtract(strip, np.concatenate((above, strip[:-1])), out=filtered[:, 1:])
            above = strip[-1:].copy()
            file.write(chunk(b"IDAT", compressor.compress(filtered.tobytes())))
            report((top + len(strip)) / (height + rows))
        file.write(chunk(b"IDAT", compressor.flush()) + chunk(b"IEND", b""))


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """Return red, green and blue of an image, (height, width, 3), as an array of its own."""
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return np.ascontiguousarray(raw[:, : image.width(), 2::-1])
