"""Which colour is whose, in one line or two."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_marker

TYPE = 13.5


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A name and its colour; with a place in the palette its marker stands for it, else a short line."""

    name: str
    color: QColor
    place: int | None = None


class Legend(QWidget):
    """Markers and names from the left; names shrink to the room there is."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._look = Look()
        self._lines = 1
        self._entries: tuple[LegendEntry, ...] = ()
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._fit()

    def set_entries(self, entries: tuple[LegendEntry, ...]) -> None:
        """Show these."""
        if entries != self._entries:
            self._entries = entries
            self.setAccessibleDescription(", ".join(entry.name for entry in entries))
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A second line where one does not do."""
        metrics = QFontMetricsF(self._look.font(TYPE))
        wanted = sum(metrics.horizontalAdvance(entry.name) + self._look.px(34) for entry in self._entries)
        self._lines = 2 if wanted > self.width() else 1
        self.setFixedHeight(self._look.px(22) * self._lines)
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._entries:
            return
        look = self._look
        per_line = -(-len(self._entries) // self._lines)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(look.font(TYPE))
            metrics = QFontMetricsF(painter.font())
            most, height = self.width() / per_line, self.height() / self._lines
            x = 0.0
            for i, entry in enumerate(self._entries):
                line, column = divmod(i, per_line)
                # In two lines the names stand in columns.
                x = column * most if self._lines > 1 else x
                rect = QRectF(x + look.px(18), line * height, max(most - look.px(24), 0.0), height)
                middle = rect.center().y()
                painter.setPen(Qt.PenStyle.NoPen)
                if entry.place is not None:
                    draw_marker(painter, look, entry.place, QPointF(x + look.px(7), middle), look.px(5))
                else:
                    painter.fillRect(QRectF(x + look.px(1), middle - 1, look.px(12), 2), entry.color)
                room = rect.width() if self._lines > 1 else self.width()
                name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, room)
                painter.setPen(look.color("ink"))
                rect.setWidth(metrics.horizontalAdvance(name) + 2)
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, name)
                x = rect.right() + look.px(14)
