"""Draw the icon of the program in all sizes: ``python -m resources.making.make_icons`` from the top folder.

Writes the PNG files, ``gumbelviz.ico`` (Windows) and ``gumbelviz.icns`` (macOS) beside the two SVG drawings in
``resources/icons``. The curve in the large drawing is the density of Gumbel noise, worked out here.
"""

from __future__ import annotations

import math
import os
import re
import struct
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parents[1] / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
SMALL_UP_TO = 24
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_KINDS = ((b"icp4", 16), (b"icp5", 32), (b"icp6", 64), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512))
LEFT, RIGHT, FLOOR, TOP = 34.0, 224.0, 172.0, 46.0
"""Where the curve lies in the drawing of 256 by 256; the density is shown from -2 to 5."""


def curve() -> str:
    """Return the density exp(-x - exp(-x)) of Gumbel noise as an SVG path."""
    points = []
    for i in range(57):
        x = -2.0 + 7.0 * i / 56
        height = math.exp(-x - math.exp(-x)) * math.e
        points.append(f"{LEFT + (RIGHT - LEFT) * i / 56:.1f} {FLOOR - (FLOOR - TOP) * height:.1f}")
    return "M" + " L".join(points)


def draw(svg: bytes, size: int) -> bytes:
    """Return the drawing as a PNG of `size` by `size` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.convertToFormat(QImage.Format.Format_ARGB32).save(buffer, "PNG")
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """Return an icon file of Windows that holds PNG pictures."""
    offset = 6 + 16 * len(pictures)
    head = struct.pack("<HHH", 0, 1, len(pictures))
    for size, data in pictures.items():
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset)
        offset += len(data)
    return head + b"".join(pictures.values())


def icns(pictures: dict[int, bytes]) -> bytes:
    """Return an icon file of macOS that holds PNG pictures."""
    parts = b"".join(kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size] for kind, size in ICNS_KINDS)
    return b"icns" + struct.pack(">I", 8 + len(parts)) + parts


def main() -> None:
    """Write all files."""
    application = QGuiApplication([])
    large = FOLDER / "gumbelviz.svg"
    text = re.sub(r'<path d="[^"]*"', f'<path d="{curve()}"', large.read_text("utf-8"))
    large.write_text(text, "utf-8", newline="\n")
    small = (FOLDER / "gumbelviz-small.svg").read_bytes()
    pictures = {size: draw(small if size <= SMALL_UP_TO else text.encode(), size) for size in SIZES}
    for size, data in pictures.items():
        (FOLDER / f"gumbelviz-{size}.png").write_bytes(data)
    (FOLDER / "gumbelviz.ico").write_bytes(ico({size: pictures[size] for size in ICO_SIZES}))
    (FOLDER / "gumbelviz.icns").write_bytes(icns(pictures))
    application.quit()


if __name__ == "__main__":
    main()
