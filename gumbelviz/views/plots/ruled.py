"""A plot with a scale on its left: hairlines behind the curves, and their numbers beside them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.plot import Plot

Rules = tuple[tuple[float, str], ...]


class RuledPlot(Plot):
    """The base of the plots of the Noise page.

    Hairlines and numbers are ours: pyqtgraph's own grid and left axis cost more than all else in a plot.
    """

    margin = 44.0
    """Room for the numbers on the left, in the units of `Look.px`; alike where plots share an x axis."""
    apart = 6.0
    """How far the numbers stand from the plot."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._rules: Rules = ()

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._item.layout.setContentsMargins(look.px(self.margin), look.px(10), look.px(14), look.px(4))

    def set_rules(self, rules: Rules) -> None:
        """Draw a hairline at each y, with its number on the left."""
        rising = tuple(sorted(rules))
        if rising != self._rules:
            self._rules = rising
            self.viewport().update()

    @guarded
    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        painter.fillRect(rect, self._look.color("card"))
        bounds = self.plot_rect()
        painter.setPen(self._look.pen("line", 1.0))
        for value, _ in self._rules:
            y = self.place(0.0, value).y()
            if bounds.top() - 1 <= y <= bounds.bottom() + 1:
                painter.drawLine(QPointF(bounds.left(), y), QPointF(bounds.right(), y))

    def paint_marks(self, painter: QPainter) -> None:
        """Write the numbers of the rules; the kinds of plot go on from here."""
        look, bounds = self._look, self.plot_rect()
        painter.setFont(look.font(12.5))
        painter.setPen(look.color("quiet"))
        height = QFontMetricsF(painter.font()).height()
        last = bounds.bottom() + height
        for value, text in self._rules:
            y = self.place(0.0, value).y()
            # Numbers that would touch are left out.
            if bounds.top() - 1 <= y <= bounds.bottom() + 1 and last - y >= 0.95 * height:
                where = QRectF(0, y - height / 2, bounds.left() - look.px(self.apart), height)
                painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
                last = y

    def paint_words(self, painter: QPainter, at: QPointF, text: str, to_the_right: bool = True) -> None:
        """Write `text` beside a point, on the other side where the plot ends, on a patch of the card."""
        look, bounds = self._look, self.plot_rect()
        metrics = QFontMetricsF(painter.font())
        width, height, gap = metrics.horizontalAdvance(text), metrics.height(), look.px(6)
        fits_right = at.x() + gap + width <= bounds.right() + look.px(8)
        fits_left = at.x() - gap - width >= bounds.left()
        left = at.x() + gap if (to_the_right and fits_right) or not fits_left else at.x() - gap - width
        where = QRectF(left, at.y() - height / 2, width + 1, height)
        painter.fillRect(where.adjusted(-look.px(2), 0, look.px(2), 0), look.color("card"))
        painter.setPen(look.color("ink"))
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, text)


def round_step(top: float, most: int = 4) -> float:
    """Return a step of 1, 2, 2.5 or 5 times a power of ten that divides 0 to `top` into at most `most` parts."""
    power = 10.0 ** -12
    while True:
        for factor in (1.0, 2.0, 2.5, 5.0):
            if factor * power * most >= top:
                return factor * power
        power *= 10.0
