"""The noises one can try, one row each: its shape beside Gumbel's, and how far its winners are from softmax."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPolygonF

from gumbelviz.model.numbers import write_number
from gumbelviz.views.plots.row import Row
from gumbelviz.views.plots.rows import RowChart, kept
from gumbelviz.views.spoken import announce

if TYPE_CHECKING:
    from gumbelviz.model.noise_report import Law

_KEYS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class LawChart(RowChart):
    """A list to choose from: a click or Up and Down wish for ``"other noise"``."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._laws: tuple[Law, ...] = ()
        self._paths: dict[str, QPainterPath] = {}
        self._chosen = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("how", "Up and Down choose the noise.")
        self.setToolTip("Choose the noise. All have the same mean and the same variance.")

    def set_laws(self, laws: tuple[Law, ...], chosen: str, known: bool) -> None:
        """Show the laws, the chosen one marked; `known` where exact distances are, or will be, worked out."""
        if laws is self._laws and chosen == self._chosen:
            return
        if not self._paths:
            highest = max(float(law.density.max()) for law in laws)
            self._paths = {law.id: _shape(law.density / highest) for law in laws}
        self._laws, self._chosen = laws, chosen
        self.set_rows(
            tuple(
                Row(-1, law.name, 0, None, _write(law.distance, known), winner=law.id == chosen) for law in laws
            )
        )
        self._current = next((place for place, law in enumerate(laws) if law.id == chosen), 0)
        self.update()

    @kept
    def _pitch(self) -> float:
        room = self.height() - self._top() - self._look.px(10)
        return min(max(room / max(len(self._rows), 1), 1.0), float(self._look.px(120)))

    def paint_content(self, painter: QPainter, place: int, row: Row) -> None:
        look, rect, law = self._look, self._row_rect(place), self._laws[place]
        painter.setFont(look.font(self._type_size(), bold=True))
        width = max(QFontMetricsF(painter.font()).horizontalAdvance(each.text) for each in self._rows)
        right = self.width() - self._edge
        painter.setPen(look.color("ink"))
        where = QRectF(right - width - 2, rect.top(), width + 2, rect.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.text)
        left = self._names_end()
        room = QRectF(left, rect.top() + 0.14 * rect.height(), where.left() - look.px(12) - left, 0.72 * rect.height())
        if room.width() < look.px(20):
            return
        own = self._paths[law.id]
        if law.id != "gumbel":
            self._paint_shape(painter, self._paths["gumbel"], room, None, "track")
        self._paint_shape(painter, own, room, "accent" if law.id == "gumbel" else "quiet", None)

    def _paint_shape(
        self, painter: QPainter, path: QPainterPath, room: QRectF, line: str | None, fill: str | None
    ) -> None:
        painter.save()
        painter.translate(room.left(), room.bottom())
        painter.scale(room.width(), -room.height())
        painter.setPen(self._look.pen(line, 1.6) if line is not None else Qt.PenStyle.NoPen)
        painter.setBrush(self._look.color(fill) if fill is not None else Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.row_at(event.position())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._choose(place)

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._laws):
            self.wished.emit("other noise", self._laws[place].id, True)

    def event(self, event: QEvent) -> bool:
        shortcut = event.type() == QEvent.Type.ShortcutOverride
        if shortcut and isinstance(event, QKeyEvent) and Qt.Key(event.key()) in _KEYS and not event.modifiers():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _KEYS.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self._choose(self._current + by)
            announce(self, self._laws[min(max(self._current + by, 0), len(self._laws) - 1)].name)


def _write(distance: float | None, known: bool) -> str:
    if distance is None:
        return "…" if known else "–"
    return "0" if distance < 1e-9 else write_number(distance, 4)


def _shape(heights: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> QPainterPath:
    """The outline of a density in a unit square, on its base line."""
    xs = np.linspace(0.0, 1.0, len(heights))
    path = QPainterPath()
    points = [QPointF(0.0, 0.0), *(QPointF(float(x), float(y)) for x, y in zip(xs, heights, strict=True))]
    path.addPolygon(QPolygonF([*points, QPointF(1.0, 0.0)]))
    return path
