"""A picture as shapes, words and images, painted at any scale.

Pens of a plot are cosmetic: their width is counted in pixels of whatever they are painted on. A picture four times as
large would have hair lines, a PDF lines of a thousandth of an inch. A sketch keeps every mark in pixels of the widget,
the width of its line too, so that all of it grows together; and it keeps what a plot clips, which `QSvgGenerator` does
not write down. `gumbelviz.app.export_recorder` makes one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QPen,
    QTransform,
)

_RUNS = re.compile(r"[^\W\d_]+|.", re.DOTALL)
"""Letters in a row, or one sign."""


@dataclass(frozen=True)
class Shape:
    """A path with a fill, a line, or both. All lengths in pixels of the widget."""

    path: QPainterPath
    fill: QBrush | None
    pen: QPen | None
    smooth: bool
    clip: QPainterPath | None
    opacity: float


@dataclass(frozen=True)
class Words:
    """A run of text; `transform` leads from where it was written to pixels of the widget."""

    text: str
    font: QFont
    color: QColor
    place: QPointF
    transform: QTransform
    clip: QPainterPath | None
    opacity: float

    def paint(self, painter: QPainter) -> None:
        """Write the text with a painter under whose transform it stands."""
        painter.setPen(self.color)
        if painter.paintEngine().type() == QPaintEngine.Type.Pdf and _is_simple(self.text):
            self._set_letters(painter)
        else:
            painter.setFont(self.font)
            painter.drawText(self.place, self.text)

    def _set_letters(self, painter: QPainter) -> None:
        """Put every letter in its place by itself.

        In a PDF Qt counts the space between letters in dots of the printer, and figures of equal width lose what they
        mean: nobody could search for them. Here ordinary figures stand where those would.
        """
        plain = QFont(self.font)
        plain.clearFeatures()
        plain.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.0)
        painter.setFont(plain)
        metrics, narrow = QFontMetricsF(self.font), QFontMetricsF(plain)
        start = 0
        for piece in self._pieces():
            end = start + len(piece)
            left, right = (metrics.horizontalAdvance(self.text[:place]) for place in (start, end))
            # In the middle of its place, which may be wider than the letter.
            shift = max((right - left - narrow.horizontalAdvance(piece)) / 2.0, 0.0) if len(piece) == 1 else 0.0
            painter.drawText(self.place + QPointF(left + shift, 0.0), piece)
            start = end

    def _pieces(self) -> list[str]:
        """Cut the text into what is written in one go: letters that are spaced one by one, else figures and words."""
        return list(self.text) if self.font.letterSpacing() != 0.0 else _RUNS.findall(self.text)

    def outlines(self) -> QPainterPath:
        """Return the letters as shapes, in pixels of the widget."""
        path = QPainterPath()
        path.addText(self.place, self.font, self.text)
        path.setFillRule(Qt.FillRule.WindingFill)
        return self.transform.map(path)


@dataclass(frozen=True)
class Image:
    """An image, shown in the rectangle `target` under `transform`."""

    image: QImage
    target: QRectF
    smooth: bool
    transform: QTransform
    clip: QPainterPath | None
    opacity: float


Mark = Shape | Words | Image


@dataclass
class Sketch:
    """The marks of a picture of `size` pixels, from the lowest to the uppermost."""

    size: QSize
    title: str = ""
    marks: list[Mark] = field(default_factory=list)

    def paint(self, painter: QPainter) -> None:
        """Paint all of it; the scale is the painter's."""
        for mark in self.marks:
            painter.save()
            if mark.clip is not None:
                painter.setClipPath(mark.clip, Qt.ClipOperation.IntersectClip)
            painter.setOpacity(mark.opacity)
            if isinstance(mark, Shape):
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, mark.smooth)
                painter.setPen(mark.pen if mark.pen is not None else QPen(Qt.PenStyle.NoPen))
                painter.setBrush(mark.fill if mark.fill is not None else QBrush(Qt.BrushStyle.NoBrush))
                painter.drawPath(mark.path)
            elif isinstance(mark, Words):
                painter.setTransform(mark.transform, combine=True)
                mark.paint(painter)
            else:
                painter.setTransform(mark.transform, combine=True)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, mark.smooth)
                painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
                painter.drawImage(mark.target, mark.image)
            painter.restore()


def _is_simple(text: str) -> bool:
    """Tell whether the letters of a text stand side by side, from left to right, each for itself."""
    return all(ord(c) < 0x590 or unicodedata.category(c)[0] in "PSZ" for c in text) and not any(
        map(unicodedata.combining, text)
    )
