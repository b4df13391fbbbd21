"""Marker shapes: the second sign, beside its colour, by which an option is known."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from gumbelviz.views.look import Look


def marker_path(shape: str, center: QPointF, radius: float) -> QPainterPath:
    """Return the outline of a marker of about `radius` around `center`."""
    path = QPainterPath()
    if shape == "circle":
        path.addEllipse(center, radius, radius)
        return path
    corners, turn, inner = {
        "square": (4, 45.0, 1.0),
        "triangle": (3, -90.0, 1.0),
        "diamond": (4, 0.0, 1.0),
        "pentagon": (5, -90.0, 1.0),
        "down": (3, 90.0, 1.0),
        "star": (5, -90.0, 0.45),
    }[shape]
    steps = corners if inner == 1.0 else 2 * corners
    points = []
    for i in range(steps):
        angle = math.radians(turn + 360.0 * i / steps)
        reach = 1.2 * radius * (inner if steps > corners and i % 2 else 1.0)
        points.append(center + QPointF(reach * math.cos(angle), reach * math.sin(angle)))
    path.addPolygon(QPolygonF([*points, points[0]]))
    return path


def draw_marker(painter: QPainter, look: Look, color: int, center: QPointF, radius: float) -> None:
    """Draw the marker of an option with the present pen; later rounds of the palette are hollow."""
    painter.setBrush(look.option_color(color))
    painter.drawPath(marker_path(look.marker(color), center, radius))
    if color >= len(look.theme.palette):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("card"))
        painter.drawEllipse(center, 0.42 * radius, 0.42 * radius)


def draw_crown(painter: QPainter, center: QPointF, size: float) -> None:
    """Fill a small crown around `center` with the painter's brush."""
    half = size / 2
    outline = [(-1, -0.45), (-0.5, 0.1), (0, -0.8), (0.5, 0.1), (1, -0.45), (0.8, 0.75), (-0.8, 0.75)]
    painter.drawPolygon(QPolygonF([center + QPointF(x * half, y * half) for x, y in outline]))


def draw_pin(painter: QPainter, center: QPointF, size: float) -> None:
    """Fill a small drawing pin around `center` with the painter's brush."""
    half = size / 2
    head = [(-0.55, -1), (0.55, -1), (0.4, -0.75), (0.4, -0.2), (0.8, 0.2), (0.1, 0.2), (0, 1), (-0.1, 0.2),
            (-0.8, 0.2), (-0.4, -0.2), (-0.4, -0.75)]  # fmt: skip
    painter.drawPolygon(QPolygonF([center + QPointF(x * half, y * half) for x, y in head]))
