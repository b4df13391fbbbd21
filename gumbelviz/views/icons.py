"""Small pictures on buttons, drawn in the ink of the button so that they follow every theme and size."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF


def icon(name: str, color: QColor, size: int, ratio: float = 1.0) -> QIcon:
    """Draw the icon `name`: play, pause, back, step, restart, freeze or down."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / 16, size / 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        _DRAW[name](painter, color)
    return QIcon(pixmap)


def _triangle(painter: QPainter, points: list[tuple[float, float]]) -> None:
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))


def _play(painter: QPainter, color: QColor) -> None:
    _triangle(painter, [(4, 2), (14, 8), (4, 14)])


def _pause(painter: QPainter, color: QColor) -> None:
    painter.drawRect(QRectF(3, 2.5, 3.6, 11))
    painter.drawRect(QRectF(9.4, 2.5, 3.6, 11))


def _step(painter: QPainter, color: QColor) -> None:
    _triangle(painter, [(3, 3), (11, 8), (3, 13)])
    painter.drawRect(QRectF(11.5, 3, 2, 10))


def _back(painter: QPainter, color: QColor) -> None:
    _triangle(painter, [(13, 3), (5, 8), (13, 13)])
    painter.drawRect(QRectF(2.5, 3, 2, 10))


def _restart(painter: QPainter, color: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 1.8))
    painter.drawArc(QRectF(2.8, 3.2, 10.4, 10.4), 130 * 16, 290 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    _triangle(painter, [(1.6, 1.8), (7.6, 3.0), (3.2, 7.2)])


def _freeze(painter: QPainter, color: QColor) -> None:
    painter.setPen(QPen(color, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for turn in range(6):
        angle = math.radians(60 * turn + 30)
        tip = QPointF(8 + 6.6 * math.cos(angle), 8 + 6.6 * math.sin(angle))
        painter.drawLine(QPointF(8, 8), tip)
        for side in (-0.6, 0.6):
            fork = QPointF(8 + 4.1 * math.cos(angle), 8 + 4.1 * math.sin(angle))
            end = QPointF(8 + 6.0 * math.cos(angle + side * 0.62), 8 + 6.0 * math.sin(angle + side * 0.62))
            painter.drawLine(fork, end)


def _down(painter: QPainter, color: QColor) -> None:
    _triangle(painter, [(3.5, 5.5), (12.5, 5.5), (8, 11)])


_DRAW = {
    "play": _play,
    "pause": _pause,
    "step": _step,
    "back": _back,
    "restart": _restart,
    "freeze": _freeze,
    "down": _down,
}
