"""Writes down what widgets paint, as a sketch."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QImage,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPixmap,
    QRegion,
    QTextItem,
    QTransform,
)
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QWidget

from gumbelviz.app.export_sketch import Image, Mark, Shape, Sketch, Words

_HATCHES = {
    Qt.BrushStyle.BDiagPattern: ((1, -1),),
    Qt.BrushStyle.FDiagPattern: ((1, 1),),
    Qt.BrushStyle.DiagCrossPattern: ((1, -1), (1, 1)),
    Qt.BrushStyle.VerPattern: ((0, 1),),
    Qt.BrushStyle.HorPattern: ((1, 0),),
    Qt.BrushStyle.CrossPattern: ((1, 0), (0, 1)),
}
"""Directions of the lines of a brush; Qt draws them in pixels of the device, eight apart."""
_HATCHES_APART = 8.0


def record(widget: QWidget) -> Sketch:
    """Return a sketch of `widget` and all that is visible in it, at its present size."""
    _forget_pictures(widget)
    device = _Recorder(widget.size())
    painter = QPainter(device)
    try:
        _render(widget, widget, painter, device)
    finally:
        painter.end()
    return Sketch(widget.size(), widget.windowTitle(), device.engine.marks)


def _render(widget: QWidget, top: QWidget, painter: QPainter, device: _Recorder) -> None:
    """Render a widget and then its children, each clipped to what can be seen of it."""
    corner = widget.mapTo(top, QPoint()) if widget is not top else QPoint()
    seen = QRect(corner, widget.size())
    above: QWidget | None = widget
    while above is not None and above is not top:
        above = above.parentWidget()
        if above is None:
            break
        seen &= QRect(above.mapTo(top, QPoint()) if above is not top else QPoint(), above.size())
    if seen.isEmpty():
        return
    device.engine.bounds = QRectF(seen)
    flags = QWidget.RenderFlag.DrawWindowBackground if widget is top else QWidget.RenderFlag(0)
    # Of a plot this name means something else.
    QWidget.render(widget, painter, corner, QRegion(), flags)
    for child in widget.children():
        if isinstance(child, QWidget) and child.isVisibleTo(widget) and not child.isWindow():
            _render(child, top, painter, device)


def _forget_pictures(widget: QWidget) -> None:
    """Let plots paint what they would otherwise keep as an image of the size on the screen."""
    for view in widget.findChildren(QGraphicsView):
        view.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        for item in view.scene().items() if view.scene() is not None else ():
            if item.cacheMode() != QGraphicsItem.CacheMode.NoCache:
                item.setCacheMode(QGraphicsItem.CacheMode.NoCache)


class _Recorder(QPaintDevice):
    """A device on which painting is written down."""

    def __init__(self, size: QSize) -> None:
        super().__init__()
        self._size = size
        self.engine = _Engine()

    def paintEngine(self) -> QPaintEngine:
        return self.engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        kinds = QPaintDevice.PaintDeviceMetric
        known = {
            kinds.PdmWidth: self._size.width(), kinds.PdmHeight: self._size.height(),
            kinds.PdmWidthMM: round(self._size.width() * 25.4 / 96), kinds.PdmDepth: 32,
            kinds.PdmHeightMM: round(self._size.height() * 25.4 / 96), kinds.PdmNumColors: 2**31 - 1,
            kinds.PdmDpiX: 96, kinds.PdmDpiY: 96, kinds.PdmPhysicalDpiX: 96, kinds.PdmPhysicalDpiY: 96,
            kinds.PdmDevicePixelRatio: 1, kinds.PdmDevicePixelRatioScaled: 65536,
        }  # fmt: skip
        return known.get(metric, 0)


class _Engine(QPaintEngine):
    """Writes marks down in pixels of the device, with the state in which they were made."""

    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.marks: list[Mark] = []
        self.bounds: QRectF | None = None
        """What can be seen of the widget that is being rendered."""
        self._clip: QPainterPath | None = None
        self._clipping = False
        self._pen, self._brush, self._font = QPen(), QBrush(), QFont()
        self._transform, self._opacity = QTransform(), 1.0
        self._hints = QPainter.RenderHint(0)

    def begin(self, device: QPaintDevice) -> bool:
        self.setActive(True)
        return True

    def end(self) -> bool:
        self.setActive(False)
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        flags, changed = QPaintEngine.DirtyFlag, state.state()
        if changed & flags.DirtyTransform:
            self._transform = QTransform(state.transform())
        if changed & flags.DirtyPen:
            self._pen = QPen(state.pen())
        if changed & flags.DirtyBrush:
            self._brush = QBrush(state.brush())
        if changed & flags.DirtyFont:
            self._font = QFont(state.font())
        if changed & flags.DirtyOpacity:
            self._opacity = state.opacity()
        if changed & flags.DirtyHints:
            self._hints = state.renderHints()
        if changed & flags.DirtyClipEnabled:
            self._clipping = state.isClipEnabled()
        if changed & (flags.DirtyClipPath | flags.DirtyClipRegion):
            self._take_clip(state, bool(changed & flags.DirtyClipPath))

    def _take_clip(self, state: QPaintEngineState, as_path: bool) -> None:
        operation = state.clipOperation()
        if operation == Qt.ClipOperation.NoClip:
            self._clip = None
            return
        path = QPainterPath(state.clipPath())
        if not as_path:
            path = QPainterPath()
            path.addRegion(state.clipRegion())
        path = state.transform().map(path)
        if operation == Qt.ClipOperation.IntersectClip and self._clip is not None:
            path = _common(self._clip, path)
        self._clip = path
        self._clipping = True

    def _seen(self) -> QPainterPath | None:
        """What the next mark is clipped to."""
        clip = self._clip if self._clipping else None
        if self.bounds is None:
            return clip
        bounds = QPainterPath()
        bounds.addRect(self.bounds)
        return bounds if clip is None else _common(bounds, clip)

    @property
    def _is_smooth(self) -> bool:
        return bool(self._hints & QPainter.RenderHint.Antialiasing)

    def _add(self, path: QPainterPath, filled: bool = True) -> None:
        """Write down a path of the painter's coordinates."""
        clip = self._seen()
        if clip is not None and clip.isEmpty():
            return
        placed = self._transform.map(path)
        pen = self._scaled_pen()
        if pen is None and self._pen.style() != Qt.PenStyle.NoPen and self._pen.widthF() > 0.0:
            # A line that is wider one way than the other becomes the shape that it covers.
            self._add_outline(path, clip)
        fill = self._brush if filled and self._brush.style() != Qt.BrushStyle.NoBrush else None
        if fill is not None and fill.style() in _HATCHES:
            self._add_hatches(placed, fill, clip)
            fill = None
        elif fill is not None and fill.style() == Qt.BrushStyle.TexturePattern:
            # Ours fill a shape with one image, which is not repeated.
            image, inside = fill.textureImage(), placed if clip is None else _common(clip, placed)
            placing = fill.transform() * self._transform
            self.marks.append(Image(image, QRectF(image.rect()), True, placing, inside, self._opacity))
            fill = None
        elif fill is not None and fill.gradient() is not None:
            fill = QBrush(fill)
            fill.setTransform(fill.transform() * self._transform)
        if fill is not None or pen is not None:
            if pen is not None and fill is None and not self._is_smooth and pen.widthF() < 1.5:
                # Without smoothing a thin line fills the pixels to the right of and below its coordinates.
                placed.translate(0.5, 0.5)
            self.marks.append(Shape(placed, fill, pen, self._is_smooth, clip, self._opacity))

    def _scaled_pen(self) -> QPen | None:
        """Return the pen with its width in pixels of the device; None where there is none, or no single width."""
        if self._pen.style() == Qt.PenStyle.NoPen or self._pen.brush().style() == Qt.BrushStyle.NoBrush:
            return None
        pen, matrix = QPen(self._pen), self._transform
        if not pen.isCosmetic():
            across, along = math.hypot(matrix.m11(), matrix.m12()), math.hypot(matrix.m21(), matrix.m22())
            if not math.isclose(across, along, rel_tol=1e-3):
                return None
            pen.setWidthF(pen.widthF() * across)
        elif pen.widthF() == 0.0:
            pen.setWidthF(1.0)
        pen.setCosmetic(False)
        return pen

    def _add_outline(self, path: QPainterPath, clip: QPainterPath | None) -> None:
        outline = self._transform.map(QPainterPathStroker(self._pen).createStroke(path))
        self.marks.append(Shape(outline, self._pen.brush(), None, self._is_smooth, clip, self._opacity))

    def _add_hatches(self, path: QPainterPath, brush: QBrush, clip: QPainterPath | None) -> None:
        inside = path if clip is None else _common(clip, path)
        bounds, lines = inside.boundingRect(), QPainterPath()
        reach = bounds.width() + bounds.height() + _HATCHES_APART
        for dx, dy in _HATCHES[brush.style()]:
            # Lines are counted from the corner of the picture, so that neighbours fit together.
            steps = range(-int(reach // _HATCHES_APART) - 1, int(reach // _HATCHES_APART) + 2)
            corner = QPointF(_floor(bounds.left()), _floor(bounds.top()))
            for step in steps:
                shift = step * _HATCHES_APART
                start = corner + (QPointF(shift, 0.0) if dy else QPointF(0.0, shift))
                lines.moveTo(start - QPointF(dx, dy) * reach)
                lines.lineTo(start + QPointF(dx, dy) * reach)
        if not inside.isEmpty():
            self.marks.append(Shape(lines, None, QPen(brush.color(), 1.2), True, inside, self._opacity))

    # What Qt calls.

    def drawPath(self, path: QPainterPath) -> None:
        self._add(path)

    def drawRects(self, rects: list[QRectF]) -> None:  # type: ignore[override]
        for rect in rects:
            path = QPainterPath()
            path.addRect(QRectF(rect))
            self._add(path)

    def drawLines(self, lines: list[QLineF]) -> None:  # type: ignore[override]
        path = QPainterPath()
        for line in lines:
            path.moveTo(QPointF(line.p1()))
            path.lineTo(QPointF(line.p2()))
        self._add(path, filled=False)

    def drawPolygon(self, points: list[QPointF], mode: QPaintEngine.PolygonDrawMode) -> None:  # type: ignore[override]
        modes = QPaintEngine.PolygonDrawMode
        path = QPainterPath()
        path.moveTo(QPointF(points[0]))
        for point in points[1:]:
            path.lineTo(QPointF(point))
        if mode != modes.PolylineMode:
            path.closeSubpath()
        path.setFillRule(Qt.FillRule.OddEvenFill if mode == modes.OddEvenMode else Qt.FillRule.WindingFill)
        self._add(path, filled=mode != modes.PolylineMode)

    def drawEllipse(self, rect: QRectF) -> None:  # type: ignore[override]
        path = QPainterPath()
        path.addEllipse(QRectF(rect))
        self._add(path)

    def drawPoints(self, points: list[QPointF]) -> None:  # type: ignore[override]
        path = QPainterPath()
        for point in points:
            path.moveTo(QPointF(point))
            path.lineTo(QPointF(point) + QPointF(0.01, 0.0))
        self._add(path, filled=False)

    def drawTextItem(self, place: QPointF, item: QTextItem) -> None:  # type: ignore[override]
        clip = self._seen()
        if item.text().strip() and not (clip is not None and clip.isEmpty()):
            self.marks.append(Words(item.text(), _plain_font(item.font()), self._pen.color(), QPointF(place),
                                    QTransform(self._transform), clip, self._opacity))  # fmt: skip

    def drawPixmap(self, target: QRectF, pixmap: QPixmap, source: QRectF) -> None:  # type: ignore[override]
        self._add_image(target, pixmap.toImage(), source)

    def drawImage(self, target: QRectF, image: QImage, source: QRectF, flags: object = None) -> None:  # type: ignore[override]
        self._add_image(target, image, source)

    def drawTiledPixmap(self, target: QRectF, pixmap: QPixmap, origin: QPointF) -> None:  # type: ignore[override]
        image = QImage(target.size().toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        with QPainter(image) as painter:
            painter.drawTiledPixmap(QRectF(QPointF(), target.size()), pixmap, origin)
        self._add_image(target, image, QRectF(image.rect()))

    def _add_image(self, target: QRectF, image: QImage, source: QRectF) -> None:
        clip = self._seen()
        if clip is not None and clip.isEmpty():
            return
        whole = source.toAlignedRect()
        # A copy, because the memory under an image of NumPy's is written again for the next picture.
        piece = image.copy(whole)
        piece.setDevicePixelRatio(1.0)
        smooth = bool(self._hints & QPainter.RenderHint.SmoothPixmapTransform)
        self.marks.append(Image(piece, QRectF(target), smooth, QTransform(self._transform), clip, self._opacity))


def _plain_font(font: QFont) -> QFont:
    """Return a font for any device: one that has been used keeps the sizes of its screen, and is huge on paper.

    Lines under and through the text are left out, for Qt draws them as lines.
    """
    plain = QFont(font.families())
    plain.setPixelSize(font.pixelSize() if font.pixelSize() > 0 else max(round(font.pointSizeF() * 96.0 / 72.0), 1))
    plain.setWeight(font.weight())
    plain.setItalic(font.italic())
    plain.setLetterSpacing(font.letterSpacingType(), font.letterSpacing())
    for tag in font.featureTags():
        plain.setFeature(tag, font.featureValue(tag))
    return plain


def _floor(value: float) -> float:
    return math.floor(value / _HATCHES_APART) * _HATCHES_APART


def _common(first: QPainterPath, second: QPainterPath) -> QPainterPath:
    """Return what two clips have in common; most are rectangles, for which this is quick and exact."""
    if _is_rect(first) and _is_rect(second):
        path = QPainterPath()
        common = first.boundingRect() & second.boundingRect()
        if not common.isEmpty():
            path.addRect(common)
        return path
    if _is_rect(first) and first.boundingRect().contains(second.boundingRect()):
        return second
    return first.intersected(second)


def _is_rect(path: QPainterPath) -> bool:
    if path.elementCount() not in (4, 5):
        return False
    box = path.boundingRect()
    corners = {(x, y) for x in (box.left(), box.right()) for y in (box.top(), box.bottom())}
    return {(path.elementAt(i).x, path.elementAt(i).y) for i in range(path.elementCount())} == corners
