"""A small table of names and numbers that shrinks before it is cut."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_marker


@dataclass(frozen=True, slots=True)
class Readout:
    """One line: a name, numbers in words, and the option it speaks of (-1 for none).

    `over` puts a line above it.
    """

    name: str
    numbers: tuple[str, ...]
    color: int = -1
    over: bool = False
    quiet: bool = False


class Readouts(QWidget):
    """Lines of numbers, the last columns aligned to the right."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._look = Look()
        self._lines: tuple[Readout, ...] = ()
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    def set_lines(self, lines: tuple[Readout, ...]) -> None:
        """Show `lines`; nothing is painted again where nothing changed."""
        if lines != self._lines:
            self._lines = lines
            self.setAccessibleDescription("; ".join(f"{line.name} {', '.join(line.numbers)}" for line in lines))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(220), self._look.px(24) * max(len(self._lines), 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(100), self._look.px(60))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        room = QRectF(self.rect()).adjusted(look.px(14), look.px(8), -look.px(14), -look.px(6))
        pitch = min(room.height() / max(len(self._lines), 1), look.px(25))
        size = min(14.0, 0.74 * pitch / (look.zoom * look.theme.text))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place, line in enumerate(self._lines):
                rect = QRectF(room.left(), room.top() + place * pitch, room.width(), pitch)
                self._paint_line(painter, line, rect, size)

    def _paint_line(self, painter: QPainter, line: Readout, rect: QRectF, size: float) -> None:
        look = self._look
        if line.over:
            painter.setPen(QPen(look.color("line"), 1.0))
            painter.drawLine(rect.topLeft(), rect.topRight())
        font = look.font(size)
        metrics = QFontMetricsF(font)
        cell = metrics.horizontalAdvance("100.00%") + look.px(8)
        left = rect.left()
        if line.color >= 0:
            painter.setPen(Qt.PenStyle.NoPen)
            radius = min(look.px(4.5), 0.3 * rect.height())
            draw_marker(painter, look, line.color, QPointF(left + look.px(5), rect.center().y()), radius)
            left += look.px(16)
        painter.setFont(font)
        painter.setPen(look.color("quiet" if line.quiet else "ink"))
        right = rect.right()
        for number in reversed(line.numbers):
            where = QRectF(right - cell, rect.top(), cell, rect.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
            right -= cell
        words = metrics.elidedText(line.name, Qt.TextElideMode.ElideMiddle, max(right - left, 0.0))
        painter.drawText(QRectF(left, rect.top(), max(right - left, 0.0), rect.height()),
                         Qt.AlignmentFlag.AlignVCenter, words)  # fmt: skip
