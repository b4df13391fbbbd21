"""A sketch as SVG that looks the same everywhere: clipped, with lines that scale, and letters as shapes."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QImageWriter, QLinearGradient, QPainterPath, QPen, QTransform

from gumbelviz.app.export_sketch import Image, Shape, Sketch, Words

_CAPS = {Qt.PenCapStyle.FlatCap: "butt", Qt.PenCapStyle.SquareCap: "square", Qt.PenCapStyle.RoundCap: "round"}
_JOINS = {Qt.PenJoinStyle.MiterJoin: "miter", Qt.PenJoinStyle.SvgMiterJoin: "miter",
          Qt.PenJoinStyle.BevelJoin: "bevel", Qt.PenJoinStyle.RoundJoin: "round"}  # fmt: skip


def svg_bytes(sketch: Sketch) -> bytes:
    """Return the bytes of an SVG file. A unit is a pixel of the sketch.

    Whoever opens it need not have our type: letters are shapes. The words stand in front of them once more, unseen, so
    that they can be found, selected and read aloud.
    """
    return _Writer(sketch).bytes()


class _Writer:
    def __init__(self, sketch: Sketch) -> None:
        self._sketch = sketch
        self._defs: list[str] = []
        self._clips: dict[str, str] = {}

    def bytes(self) -> bytes:
        width, height = self._sketch.size.width(), self._sketch.size.height()
        body = "\n".join(self._element(mark) for mark in self._sketch.marks)
        title = f"<title>{escape(self._sketch.title)}</title>\n" if self._sketch.title else ""
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
            f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
            f"{title}<defs>{''.join(self._defs)}</defs>\n{body}\n</svg>\n"
        ).encode()

    def _element(self, mark: Shape | Words | Image) -> str:
        around = self._around(mark.clip, mark.opacity)
        if isinstance(mark, Shape):
            crisp = "" if mark.smooth else ' shape-rendering="crispEdges"'
            look = f"{self._fill(mark.fill, mark.path)}{_stroke(mark.pen)}{crisp}{around}"
            return f'<path d="{_path_data(mark.path)}"{look}/>'
        if isinstance(mark, Words):
            return self._words(mark, around)
        return self._image(mark, around)

    def _around(self, clip: QPainterPath | None, opacity: float) -> str:
        text = f' opacity="{_number(opacity)}"' if opacity < 1.0 else ""
        if clip is None:
            return text
        data = _path_data(clip)
        if data not in self._clips:
            self._clips[data] = f"c{len(self._clips)}"
            rule = _rule(clip, "clip-rule")
            self._defs.append(f'<clipPath id="{self._clips[data]}"><path d="{data}"{rule}/></clipPath>')
        return f'{text} clip-path="url(#{self._clips[data]})"'

    def _fill(self, brush: QBrush | None, path: QPainterPath) -> str:
        if brush is None:
            return ' fill="none"'
        gradient = brush.gradient()
        if isinstance(gradient, QLinearGradient):
            return f' fill="url(#{self._gradient(gradient, brush.transform())})"'
        return f"{_color('fill', brush.color())}{_rule(path, 'fill-rule')}"

    def _gradient(self, gradient: QLinearGradient, transform: QTransform) -> str:
        start, end = transform.map(gradient.start()), transform.map(gradient.finalStop())
        name = f"g{len(self._defs)}"
        stops = "".join(
            f'<stop offset="{_number(place)}"{_color("stop-color", color, "stop-opacity")}/>'
            for place, color in gradient.stops()
        )
        self._defs.append(
            f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="{_number(start.x())}" '
            f'y1="{_number(start.y())}" x2="{_number(end.x())}" y2="{_number(end.y())}">{stops}</linearGradient>'
        )
        return name

    def _words(self, mark: Words, around: str) -> str:
        outlines = f'<path d="{_path_data(mark.outlines())}"{_color("fill", mark.color)} aria-hidden="true"/>'
        matrix = _matrix(mark.transform)
        text = (
            f'<text x="{_number(mark.place.x())}" y="{_number(mark.place.y())}"{matrix} fill="none" '
            f"font-family={quoteattr(mark.font.family())} font-size=\"{max(mark.font.pixelSize(), 1)}\">"
            f"{escape(_printable(mark.text))}</text>"
        )
        return f"<g{around}>{outlines}{text}</g>"

    def _image(self, mark: Image, around: str) -> str:
        box = mark.target
        smooth = "" if mark.smooth else ' style="image-rendering:pixelated"'
        picture = (
            f'<image x="{_number(box.x())}" y="{_number(box.y())}" width="{_number(box.width())}" '
            f'height="{_number(box.height())}" preserveAspectRatio="none"{_matrix(mark.transform)}{smooth} '
            f'xlink:href="data:image/png;base64,{_png(mark.image)}"/>'
        )
        return f"<g{around}>{picture}</g>"


def _path_data(path: QPainterPath) -> str:
    kinds = QPainterPath.ElementType
    words, letter = [], ""
    for i in range(path.elementCount()):
        element = path.elementAt(i)
        if element.type != kinds.CurveToDataElement:
            letter = {kinds.MoveToElement: "M", kinds.LineToElement: "L", kinds.CurveToElement: "C"}[element.type]
            words.append(letter)
        words.append(f"{_number(element.x)},{_number(element.y)}")
    return " ".join(words)


def _rule(path: QPainterPath, name: str) -> str:
    return f' {name}="evenodd"' if path.fillRule() == Qt.FillRule.OddEvenFill else ""


def _stroke(pen: QPen | None) -> str:
    if pen is None:
        return ""
    text = (
        f'{_color("stroke", pen.color())} stroke-width="{_number(pen.widthF())}" '
        f'stroke-linecap="{_CAPS[pen.capStyle()]}" stroke-linejoin="{_JOINS[pen.joinStyle()]}"'
    )
    if pen.style() != Qt.PenStyle.SolidLine:
        width = max(pen.widthF(), 0.01)
        dashes = " ".join(_number(length * width) for length in pen.dashPattern())
        text += f' stroke-dasharray="{dashes}" stroke-dashoffset="{_number(pen.dashOffset() * width)}"'
    return text


def _color(name: str, color: QColor, opacity: str = "") -> str:
    text = f' {name}="{color.name()}"'
    return text if color.alpha() == 255 else f'{text} {opacity or name + "-opacity"}="{_number(color.alphaF())}"'


def _matrix(transform: QTransform) -> str:
    if transform.isIdentity():
        return ""
    cells = (transform.m11(), transform.m12(), transform.m21(), transform.m22(), transform.dx(), transform.dy())
    return f' transform="matrix({" ".join(f"{cell:.6g}" for cell in cells)})"'


def _number(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _printable(text: str) -> str:
    """Return text without what XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " and letter not in "\ufffe\uffff")


def _png(image: QImage) -> str:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(QByteArray(buffer.data()).toBase64().data()).decode()
