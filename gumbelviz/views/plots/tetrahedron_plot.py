"""The tetrahedron: where the soft choices of four options live, to be turned with the mouse or the arrow keys."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen

from gumbelviz.model.simplex_report import SimplexReport
from gumbelviz.views.look import mix
from gumbelviz.views.plots.simplex_canvas import KEYS, LEAST_SHARE, Floats, SimplexCanvas

_CORNERS = np.array([[0.0, 1.0, 0.0], *([
    2.0 * math.sqrt(2.0) / 3.0 * math.cos(angle), -1.0 / 3.0, 2.0 * math.sqrt(2.0) / 3.0 * math.sin(angle)
] for angle in (math.radians(210.0), math.radians(330.0), math.radians(90.0)))]).T  # fmt: skip
"""Corners on the unit sphere, (3, 4): the first on top. y points up, z towards the eye."""
_EDGES = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
_EYE = 5.0  # distance, in radii: a little perspective tells near from far
_FADED = 0.62  # how much of a dot's colour is left at the far side
_SHADES = 10
_TURN = 0.01  # radians per pixel
_KEY_TURN = math.radians(5.0)
_START = (math.radians(16.0), math.radians(-20.0))


class TetrahedronPlot(SimplexCanvas):
    """A projection of our own: turned, in a light perspective, and painted from far to near."""

    def __init__(self) -> None:
        super().__init__(
            "Soft choices of four options, as a tetrahedron",
            "Drag to turn it, or use the arrow keys. Drag the large dot, or move it with Ctrl and the arrow keys: "
            "this draw gets the noise that puts its soft "
            "choice there, at the same depth. Delete or a double click gives it back to the stream.",
        )
        self._yaw, self._pitch = _START
        self._grip: QPointF | None = None
        self._taken = _START

    # Projection.

    def _turned(self) -> Floats:
        """The corners after turning, (3, 4)."""
        cos, sin = math.cos(self._yaw), math.sin(self._yaw)
        around_y = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
        cos, sin = math.cos(self._pitch), math.sin(self._pitch)
        around_x = np.array([[1.0, 0.0, 0.0], [0.0, cos, sin], [0.0, -sin, cos]])
        return np.asarray(around_x @ around_y @ _CORNERS)

    def _size(self) -> tuple[float, float, float]:
        """Middle x and y, and pixels per unit: the whole of it stays in the middle, at one size."""
        line = self._look.px(26)
        scale = max(min(self.width() / 2.3, (self.height() - 2.8 * line) / 1.75), 20.0)
        corners = self._turned()
        heights = corners[1] * (_EYE - 1.0) / (_EYE - corners[2])
        return self.width() / 2.0, self.height() / 2.0 + scale * float(heights.max() + heights.min()) / 2.0, scale

    def _project(self, solid: Floats) -> tuple[Floats, Floats]:
        """Pixels (2, N) and depths (N,), near ones larger, of points (3, N)."""
        x, y, scale = self._size()
        nearer = scale * (_EYE - 1.0) / (_EYE - solid[2])
        return np.stack([x + nearer * solid[0], y - nearer * solid[1]]), solid[2]

    def places(self, shares: Floats) -> Floats:
        return self._project(self._turned() @ shares)[0]

    def shares_at(self, position: QPointF) -> Floats | None:
        """At the depth that this draw has now."""
        if self._report is None:
            return None
        corners = self._turned()
        depth = float(corners[2] @ self._report.point)
        x, y, scale = self._size()
        farther = (_EYE - depth) / (_EYE - 1.0) / scale
        wanted = np.array([(position.x() - x) * farther, (y - position.y()) * farther, depth, 1.0])
        shares = np.linalg.solve(np.vstack([corners, np.ones(4)]), wanted)
        shares = np.maximum(shares, LEAST_SHARE)
        return np.asarray(shares / shares.sum())

    def name_rects(self) -> list[QRectF]:
        points = self.places(np.eye(4))
        x, y, _ = self._size()
        rects = []
        for corner, point in zip(self._corners, points.T, strict=True):
            width, height = self.name_size(corner, 0.35 * self.width())
            away = point - np.array([x, y])
            away /= max(float(np.hypot(*away)), 1.0)
            center = point + away * np.array([width / 2.0 + self._look.px(12), height / 2.0 + self._look.px(8)])
            left = min(max(center[0] - width / 2.0, 2.0), self.width() - width - 2.0)
            top = min(max(center[1] - height / 2.0, 0.0), self.height() - height)
            rects.append(QRectF(left, top, width, height))
        return rects

    # Painting.

    def ground_key(self) -> object:
        return self._yaw, self._pitch

    def paint_ground(self, painter: QPainter) -> None:
        self._paint_edges(painter, near=False)

    def paint_over(self, painter: QPainter, report: SimplexReport) -> None:
        self._paint_edges(painter, near=True)

    def _paint_edges(self, painter: QPainter, near: bool) -> None:
        """Edges behind the dots, dashed, or those in front of them."""
        look, corners = self._look, self._turned()
        points, depth = self._project(corners)
        far = int(np.argmin(depth))
        for a, b in _EDGES:
            # Of the edges of a solid those that meet its farthest corner are hidden, where that lies inside.
            hidden = far in (a, b) and self._is_covered(points, far)
            if hidden == near:
                continue
            color = mix([look.color("quiet")], look.color("window"), 0.55 if hidden else 0.9)
            style = Qt.PenStyle.DashLine if hidden else Qt.PenStyle.SolidLine
            painter.setPen(QPen(color, (1.2 if hidden else 1.8) * look.zoom * look.theme.stroke, style))
            painter.drawLine(QPointF(*points[:, a]), QPointF(*points[:, b]))

    @staticmethod
    def _is_covered(points: Floats, corner: int) -> bool:
        """Tell whether a corner lies behind the face of the other three."""
        others = np.delete(points, corner, axis=1)
        system = np.vstack([others, np.ones(3)])
        if abs(float(np.linalg.det(system))) < 1e-9:
            return False
        return bool(np.linalg.solve(system, np.append(points[:, corner], 1.0)).min() > 0.0)

    def _order(self, report: SimplexReport) -> tuple[Floats, Floats, NDArray[np.intp]]:
        places, depth = self._project(self._turned() @ report.dots)
        return places, depth, np.argsort(depth)

    def dot_places(self, report: SimplexReport) -> Floats:
        places, _, order = self._order(report)
        return np.asarray(places[:, order])

    def dot_colors(self, report: SimplexReport) -> tuple[NDArray[np.intp], tuple[int, ...]]:
        """The winner's colour, paler the farther away."""
        _, depth, order = self._order(report)
        window = self._look.color("window")
        palette = tuple(
            mix([self._look.option_color(corner.color)], window, 1.0 - _FADED + _FADED * (step + 0.5) / _SHADES).rgb()
            & 0xFFFFFF
            for corner in self._corners
            for step in range(_SHADES)
        )
        shade = np.clip((depth[order] + 1.0) / 2.0 * _SHADES, 0, _SHADES - 1).astype(np.intp)
        return report.winners[order] * _SHADES + shade, palette

    # Turning.

    def turn(self, yaw: float, pitch: float) -> None:
        """Turn it by two angles in radians."""
        self._yaw = math.remainder(self._yaw + yaw, math.tau)
        self._pitch = min(max(self._pitch + pitch, -math.pi / 2.0), math.pi / 2.0)
        self._forget_ground()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self._held is None:
            self._grip, self._taken = event.position(), (self._yaw, self._pitch)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            super().mouseMoveEvent(event)
            return
        moved, self._grip = event.position() - self._grip, event.position()
        self.turn(_TURN * moved.x(), -_TURN * moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.unsetCursor()
        super().mouseReleaseEvent(event)

    def _takes(self, event: QKeyEvent) -> bool:
        turning = event.key() == Qt.Key.Key_Escape and self._grip is not None
        return turning or self._moves(event) or super()._takes(event)

    @staticmethod
    def _moves(event: QKeyEvent) -> bool:
        """With Ctrl the arrow keys move this draw, as the mouse does; alone they turn the solid."""
        control = Qt.KeyboardModifier.ControlModifier
        other = event.modifiers() & ~(control | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        return bool(event.modifiers() & control) and not other and event.key() in KEYS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._grip is not None:
            self._grip = None
            self.turn(self._taken[0] - self._yaw, self._taken[1] - self._pitch)
            self.unsetCursor()
        elif self._moves(event):
            dx, dy = KEYS[Qt.Key(event.key())]
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            super().step(dx, dy, self._look.px(1 if fine else 6))
        else:
            super().keyPressEvent(event)

    def step(self, dx: int, dy: int, by: float) -> None:
        """Turn it with the arrow keys."""
        self.turn(_KEY_TURN * dx, -_KEY_TURN * dy)
