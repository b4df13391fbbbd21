"""What is drawn over the dots of a simplex: a trail, arrows, and the three points that are taken for one."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gumbelviz.views.look import MARK_ON_HEAT, ON_HEAT, Look

Floats = NDArray[np.float64]
THIS_DRAW = 5
"""The place in the palette of the colour that this draw has."""
_SHORTEST = 2.5


def stroke(look: Look) -> float:
    """What line widths are multiplied by."""
    return look.zoom * look.theme.stroke


def _round_pen(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def paint_trail(painter: QPainter, look: Look, points: Floats) -> None:
    """Draw the way of this draw through pixels (2, T), on a ring of the card's colour."""
    line = QPolygonF([QPointF(x, y) for x, y in points.T.tolist()])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((look.color("card"), 4.6), (look.option_color(THIS_DRAW), 2.8)):
        painter.setPen(_round_pen(color, width * stroke(look)))
        painter.drawPolyline(line)


def paint_arrows(painter: QPainter, look: Look, starts: Floats, tips: Floats, on_heat: bool) -> None:
    """Draw arrows from pixels (2, A) to pixels (2, A), heads in proportion; too short ones are left out."""
    along = tips - starts
    length = np.hypot(*along)
    seen = length > _SHORTEST * look.zoom
    starts, tips, along, length = starts[:, seen], tips[:, seen], along[:, seen], length[seen]
    if not length.size:
        return
    head = np.minimum(0.5 * length, look.px(8))
    ahead = along / length
    aside = np.stack([-ahead[1], ahead[0]])
    base = tips - ahead * head
    half = np.minimum(1.0 * stroke(look), 0.22 * head)
    outline = (
        starts + aside * half, base + aside * half, base + aside * 0.42 * head, tips,
        base - aside * 0.42 * head, base - aside * half, starts - aside * half,
    )  # fmt: skip
    # (A, corners and the first again, 2), as one path: a thousand points handed over one by one take too long.
    corners = np.stack([*outline, outline[0]]).transpose(2, 0, 1)
    joined = np.ones(corners.shape[:2], np.int32)
    joined[:, -1] = 0
    path = pg.arrayToQPath(corners[:, :, 0].ravel(), corners[:, :, 1].ravel(), connect=joined.ravel())
    path.setFillRule(Qt.FillRule.WindingFill)
    edge, fill = (QColor(ON_HEAT), QColor(MARK_ON_HEAT)) if on_heat else (look.color("card"), look.color("ink"))
    painter.setPen(QPen(edge, 0.7 * look.zoom))
    painter.setBrush(fill)
    painter.drawPath(path)


def paint_mean(painter: QPainter, look: Look, shape: str, center: QPointF) -> None:
    """Draw a ``"cross"``, a ``"diamond"`` or a ``"circle"``, on a ring of the card's colour."""
    reach = float(look.px(8.5))
    path = QPainterPath()
    if shape == "circle":
        path.addEllipse(center, 1.15 * reach, 1.15 * reach)
    elif shape == "diamond":
        around = ((0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0), (0.0, -reach))
        path.addPolygon(QPolygonF([center + QPointF(dx, dy) for dx, dy in around]))
    else:
        for dx, dy in ((0.8 * reach, 0.8 * reach), (0.8 * reach, -0.8 * reach)):
            path.moveTo(center - QPointF(dx, dy))
            path.lineTo(center + QPointF(dx, dy))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_round_pen(look.color("card"), 5.4 * stroke(look)))
    painter.drawPath(path)
    if shape == "diamond":
        painter.setBrush(look.color("accent"))
        painter.setPen(QPen(look.color("card"), 1.4 * stroke(look)))
    else:
        painter.setPen(_round_pen(look.color("ink"), 2.4 * stroke(look)))
    painter.drawPath(path)
