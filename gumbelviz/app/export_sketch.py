"""A picture as shapes, words and images, painted at any scale.

Pens of a plot are cosmetic: their width is counted in pixels of whatever they are painted on. A picture four times as
large would have hair lines, a PDF lines of a thousandth of an inch. A sketch keeps every mark in pixels of the widget,
the width of its line too, so that all of it grows together; and it keeps what a plot clips, which `QSvgGenerator` does
not write down. `gumbelviz.app.export_recorder` makes one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QTransform


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
        spacing = self.font.letterSpacing()
        if spacing == 0.0 or self.font.letterSpacingType() != QFont.SpacingType.AbsoluteSpacing:
            painter.setFont(self.font)
            painter.drawText(self.place, self.text)
            return
        # On paper Qt counts the space between letters in dots of the printer: each letter is placed here.
        font = QFont(self.font)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.0)
        painter.setFont(font)
        place, metrics = QPointF(self.place), QFontMetricsF(font)
        for letter in self.text:
            painter.drawText(place, letter)
            place.setX(place.x() + metrics.horizontalAdvance(letter) + spacing)

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
