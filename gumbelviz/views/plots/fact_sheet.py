"""A few named numbers on a card: the name on the left, the number on the right, and what stands for it in a plot."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look


@dataclass(frozen=True, slots=True)
class Fact:
    """A name, a number in words, and the line that marks it in the plots beside (None for none)."""

    name: str
    text: str
    line: Qt.PenStyle | None = None
    strong: bool = False


class FactSheet(QWidget):
    """Lines of facts, as far apart as there is room, and never wider than the card."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._look = Look()
        self._facts: tuple[Fact, ...] = ()
        self._color = -1
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.updateGeometry()
        self.update()

    def set_facts(self, facts: tuple[Fact, ...], color: int = -1) -> None:
        """Show `facts`; their lines in the colour of an option, or in ink."""
        if (facts, color) != (self._facts, self._color):
            self._facts, self._color = facts, color
            self.setAccessibleDescription("; ".join(f"{fact.name} {fact.text}" for fact in facts))
            self.update()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._facts

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(200), self._look.px(28) * max(len(self._facts), 4))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(60), self._look.px(19) * max(len(self._facts), 3))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look, count = self._look, max(len(self._facts), 1)
        edge = look.px(14)
        pitch = min((self.height() - look.px(10)) / count, float(look.px(42)))
        samples = look.px(26) if any(fact.line is not None for fact in self._facts) else 0
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for i, fact in enumerate(self._facts):
                row = QRectF(edge, look.px(5) + i * pitch, self.width() - 2 * edge, pitch)
                if fact.line is not None:
                    color = look.option_color(self._color) if self._color >= 0 else look.color("ink")
                    painter.setPen(QPen(color, max(1.8 * look.zoom, 1.4), fact.line))
                    y = row.center().y()
                    painter.drawLine(QPointF(row.left(), y), QPointF(row.left() + samples - look.px(8), y))
                self._paint_text(painter, row.adjusted(samples, 0, 0, 0), fact)

    def _paint_text(self, painter: QPainter, row: QRectF, fact: Fact) -> None:
        look = self._look
        size = min(14.0, 0.72 * row.height() / (look.zoom * look.theme.text))
        value_font, name_font = look.font(size + (2 if fact.strong else 1), bold=True), look.font(size)
        width = QFontMetricsF(value_font).horizontalAdvance(fact.text)
        painter.setFont(value_font)
        painter.setPen(look.color("ink"))
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, fact.text)
        painter.setFont(name_font)
        painter.setPen(look.color("quiet"))
        room = int(row.width() - width - look.px(8))
        name = painter.fontMetrics().elidedText(fact.name, Qt.TextElideMode.ElideRight, max(room, 0))
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
