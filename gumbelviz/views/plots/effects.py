"""Which scale changes what: a table whose cells light up where something is changed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look, mix
from gumbelviz.views.spoken import describe


@dataclass(frozen=True, slots=True)
class Cell:
    """What a scale does to one thing: words, and whether it is changed (lit)."""

    text: str
    lit: bool = False
    never: bool = False


class EffectTable(QWidget):
    """Rows are the scales, columns the things that they may change."""

    def __init__(self, title: str, columns: tuple[str, ...], rows: tuple[str, ...]) -> None:
        super().__init__()
        self._look = Look()
        self._columns, self._names = columns, rows
        self._cells: tuple[tuple[Cell, ...], ...] = ()
        self._front = -1
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    @property
    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """What is shown, row by row."""
        return self._cells

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.updateGeometry()
        self.update()

    def set_cells(self, cells: tuple[tuple[Cell, ...], ...], front: int) -> None:
        """Show `cells`; the row `front` is that of the scale that was moved last (-1 for none)."""
        if (cells, front) != (self._cells, self._front):
            self._cells, self._front = cells, front
            words = []
            for name, row in zip(self._names, cells, strict=True):
                texts = (f"{column} {cell.text}" for column, cell in zip(self._columns, row, strict=True))
                words.append(f"{name}: {', '.join(texts)}")
            describe(self, "; ".join(words))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(600), self._look.px(32) * (len(self._names) + 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), self._look.px(24) * (len(self._names) + 1))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        edge, gap = look.px(14), look.px(6)
        pitch = (self.height() - look.px(10)) / (len(self._names) + 1)
        size = min(14.5, 0.56 * pitch / (look.zoom * look.theme.text))
        first = 0.21 * self.width()
        width = (self.width() - first - edge) / len(self._columns)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(look.font(min(size, 13.0)))
            painter.setPen(look.color("quiet"))
            for j, column in enumerate(self._columns):
                self._write(painter, QRectF(first + j * width, look.px(4), width - gap, pitch), column)
            for i, name in enumerate(self._names):
                top = look.px(4) + (i + 1) * pitch
                painter.setFont(look.font(size, bold=True))
                painter.setPen(look.color("accent" if i == self._front else "ink"))
                self._write(painter, QRectF(edge, top, first - edge - gap, pitch), name)
                for j, cell in enumerate(self._cells[i] if self._cells else ()):
                    self._paint_cell(painter, QRectF(first + j * width, top + 2, width - gap, pitch - 4), cell, i, size)

    def _paint_cell(self, painter: QPainter, where: QRectF, cell: Cell, row: int, size: float) -> None:
        look = self._look
        ground = look.color("card")
        accent = look.color("accent")
        fill: QColor | None = mix([accent], ground, 0.30 if row == self._front else 0.16) if cell.lit else None
        painter.setPen(look.pen("accent", 1.6) if cell.lit and row == self._front else look.pen("line", 1.0))
        if fill is not None:
            painter.setBrush(fill)
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(where, look.px(6), look.px(6))
        painter.setFont(look.font(size, bold=cell.lit))
        painter.setPen(look.color("ink" if cell.lit else "quiet"))
        self._write(painter, where.adjusted(look.px(10), 0, -look.px(4), 0), cell.text)

    def _write(self, painter: QPainter, where: QRectF, text: str) -> None:
        fitted = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitted)
