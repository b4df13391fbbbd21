"""Pictures of a widget as bytes: PNG at one to eight times its size, SVG and PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter

from gumbelviz.app.export_recorder import record
from gumbelviz.app.export_svg import svg_bytes

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

PDF_DPI = 1200
POINTS = 0.75
"""Of paper for a pixel, as on the web: 96 pixels are an inch."""


def picture_bytes(widget: QWidget, kind: str, scale: int = 1) -> bytes:
    """Return the bytes of a picture of that kind, ``"png"``, ``"svg"`` or ``"pdf"``.

    `scale` is for PNG: so many pixels for one of the widget.
    """
    if kind == "png":
        return png_bytes(image_of(widget, scale))
    return {"svg": _svg, "pdf": _pdf}[kind](widget)


def image_of(widget: QWidget, scale: int = 1) -> QImage:
    """Return the widget as an image, `scale` times as large, with lines and type that have grown with it."""
    image = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
    image.fill(widget.palette().window().color())
    with QPainter(image) as painter:
        if scale == 1:
            widget.render(painter, QPoint())
        else:
            painter.scale(scale, scale)
            record(widget).paint(painter)
    return image


def png_bytes(image: QImage) -> bytes:
    """Return an image as the bytes of a PNG file."""
    return _written(lambda buffer: QImageWriter(buffer, QByteArray(b"png")).write(image))


def _svg(widget: QWidget) -> bytes:
    return svg_bytes(record(widget))


def _pdf(widget: QWidget) -> bytes:
    def write(buffer: QBuffer) -> bool:
        writer = QPdfWriter(buffer)
        size = QSizeF(widget.size()) * POINTS
        writer.setPageSize(QPageSize(size, QPageSize.Unit.Point, "picture", QPageSize.SizeMatchPolicy.ExactMatch))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        writer.setTitle(widget.windowTitle())
        writer.setCreator("GumbelViz")
        writer.setResolution(PDF_DPI)
        sketch = record(widget)
        with QPainter(writer) as painter:
            scale = writer.width() / widget.width()
            painter.scale(scale, scale)
            sketch.paint(painter)
        return True

    return _written(write)


def _written(write: Callable[[QBuffer], bool]) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not write(buffer):
        raise MemoryError("Qt could not write the picture.")
    return bytes(buffer.data().data())
