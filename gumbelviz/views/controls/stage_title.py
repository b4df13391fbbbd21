"""The heading of a stage: its words and its formula on one base line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look, formula, formula_ascent, paint_formula


class StageTitle(QWidget):
    """Bold words, and a typeset formula where there is room for it."""

    def __init__(self, words: str, formula_name: str) -> None:
        super().__init__()
        self._words = words
        self._formula = formula_name
        self._look = Look()
        self.lit = False
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(28))
        self.update()

    def set_lit(self, lit: bool) -> None:
        """Point at the stage, or do not."""
        if lit != self.lit:
            self.lit = lit
            self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        font = look.font(18, bold=True)
        metrics = QFontMetricsF(font)
        base = self.height() / 2 + metrics.capHeight() / 2
        end = metrics.horizontalAdvance(self._words)
        with QPainter(self) as painter:
            painter.setFont(font)
            painter.setPen(look.color("accent" if self.lit else "ink"))
            painter.drawText(
                QPointF(0, base), metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())
            )
            left = end + look.px(10)
            for size in (18.0, 16.0, 14.5, 13.0):
                ratio = self.devicePixelRatioF()
                _, extent = formula(self._formula, look, size, ratio)
                if left + extent.width() <= self.width():
                    corner = QPointF(left, base - formula_ascent(self._formula, look, size))
                    paint_formula(painter, corner, self._formula, look, size, ratio)
                    break
