"""Which colour is whose, in one line."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_marker


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
        self._title = title
        self._entries: tuple[LegendEntry, ...] = ()
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(22))
        self.update()

    def set_entries(self, entries: tuple[LegendEntry, ...]) -> None:
        """Show these."""
        if entries != self._entries:
            self._entries = entries
            self.setAccessibleDescription(", ".join(entry.name for entry in entries))
            self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._entries:
            return
        look = self._look
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(look.font(13.5))
            metrics = QFontMetricsF(painter.font())
            most = self.width() / len(self._entries)
            x, middle = 0.0, self.height() / 2
            for entry in self._entries:
                painter.setPen(Qt.PenStyle.NoPen)
                if entry.place is not None:
                    draw_marker(painter, look, entry.place, QPointF(x + look.px(7), middle), look.px(5))
                else:
                    painter.fillRect(QRectF(x + look.px(1), middle - 1, look.px(12), 2), entry.color)
                left = x + look.px(18)
                room = max(most - look.px(34), 0.0)
                name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, room)
                painter.setPen(look.color("ink"))
                width = metrics.horizontalAdvance(name)
                painter.drawText(QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
                x = left + width + look.px(16)
