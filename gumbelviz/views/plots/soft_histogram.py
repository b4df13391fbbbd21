"""How the soft choices of all draws spread between 0 and 1, and their means as diamonds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gumbelviz.model.numbers import write_number
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import marker_path
from gumbelviz.views.plots.plot import Plot, StepFill

Floats = NDArray[np.float64]
MOST_LABELS = 4
"""How many means get a line and a number; the others are diamonds on the axis."""


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean soft choice of an option: as simulated, and exactly where that is known."""

    color: int
    value: float
    exact: float | None = None


_WORTH_A_WORD = 0.002
_EXACT = 0.04
"""Width of the bars outside [0, 1], for soft choices of exactly 0 and exactly 1, and of the gaps before them."""


class SoftHistogramPlot(Plot):
    """Histograms on [0, 1] that keep their height unless they outgrow it or fall far below it.

    Exactly 0 and exactly 1 have bars of their own, left and right of the others.
    """

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._fills: list[StepFill] = []
        self._lines: list[StepFill] = []
        self._colors: tuple[QColor, ...] = ()
        self._means: tuple[Mean, ...] = ()
        self._top = 0.0
        self._outer: tuple[float, float] = (0.0, 0.0)
        self._cells = 0
        self._axis.setTicks([[(x, f"{x:g}") for x in (0.0, 0.25, 0.5, 0.75, 1.0)], []])

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._colors = ()

    def set_series(self, colors: tuple[QColor, ...]) -> None:
        """Make room for as many histograms as there are `colors`."""
        if colors == self._colors:
            return
        self._colors = colors
        while len(self._fills) < len(colors):
            fill = StepFill()
            line = StepFill()
            line.setZValue(1)
            for item in (fill, line):
                self._item.addItem(item, ignoreBounds=True)
            self._fills.append(fill)
            self._lines.append(line)
        for i, (fill, line) in enumerate(zip(self._fills, self._lines, strict=True)):
            fill.setVisible(i < len(colors))
            line.setVisible(False)
            if i < len(colors):
                area = QColor(colors[i])
                area.setAlphaF(0.30 if len(colors) <= 4 else 0.14)
                fill.set_colors(area)
                line.set_colors(QColor(Qt.GlobalColor.transparent), self._look.line(colors[i], 1.0))

    def set_histograms(
        self, edges: Floats, shares: Floats, means: tuple[Mean, ...], law: Floats | None = None
    ) -> None:
        """Show one histogram per series, the means over it, and its law where that is known.

        `shares` and `law` are (W, cells + 2): the share of exactly 0, of each cell between `edges`, of exactly 1.
        """
        self._cells = len(edges) - 1
        wide = np.concatenate(([-2 * _EXACT, -_EXACT], edges, [1 + _EXACT, 1 + 2 * _EXACT]))
        for fill, line, series, chances in zip(
            self._fills, self._lines, shares, shares if law is None else law, strict=False
        ):
            fill.set_data(wide, _heights(series), self.half_pixel)
            line.setVisible(law is not None)
            if law is not None:
                line.set_data(wide, _heights(chances))
        inner = shares[:, 1:-1]
        # Outer bars that hold nearly everything set the height, else they may be cut.
        counted = inner if inner.sum() > 0.05 * shares.sum() else shares
        highest = float(counted.max(initial=0.0)) * self._cells
        if highest > 0.0 and not 0.55 * self._top <= highest <= self._top:
            self._top = 1.12 * highest
        self._outer = (float(shares[:, 0].max(initial=0.0)), float(shares[:, -1].max(initial=0.0)))
        self.set_range(-2 * _EXACT - 0.012, 1.012 + 2 * _EXACT, max(1.35 * self._top, 1e-9))
        if not self._stand_still(means):
            self._means = means
            self.viewport().update()

    def _stand_still(self, means: tuple[Mean, ...]) -> bool:
        """Means that moved by less than the last figure they are written with look the same."""
        return len(means) == len(self._means) and all(
            (new.color, new.exact) == (old.color, old.exact) and abs(new.value - old.value) < 0.0002
            for new, old in zip(means, self._means, strict=True)
        )

    def paint_marks(self, painter: QPainter) -> None:
        look, bounds = self._look, self.plot_rect()
        painter.setFont(look.font(12.5))
        self._paint_outer(painter, self._outer[0], -1.5 * _EXACT, "= 0")
        self._paint_outer(painter, self._outer[1], 1 + 1.5 * _EXACT, "= 1")
        largest = sorted(self._means, key=lambda mean: -mean.value)[:MOST_LABELS]
        for mean in self._means:
            if mean not in largest:
                self._paint_diamond(painter, mean, bounds.bottom(), look.px(4))
        fitting = int((bounds.height() - look.px(24)) // look.px(20))
        for i, mean in enumerate(list(reversed(largest))[: max(fitting, 0)]):
            y = bounds.top() + look.px(9) + i * look.px(20)
            x = self.place(mean.value, 0.0).x()
            line = self.place(mean.value if mean.exact is None else mean.exact, 0.0).x()
            painter.setPen(look.line(look.option_color(mean.color), 1.6))
            painter.drawLine(QPointF(line, y), QPointF(line, bounds.bottom()))
            self._paint_diamond(painter, mean, y, look.px(5))
            text = f"mean {write_number(mean.value, 3)}"
            width = QFontMetricsF(painter.font()).horizontalAdvance(text)
            fits_right = x + look.px(11) + width <= bounds.right()
            left = x + look.px(11) if fits_right else x - look.px(11) - width
            painter.setPen(look.color("ink"))
            where = QRectF(left, y - look.px(10), width + 2, look.px(20))
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_outer(self, painter: QPainter, share: float, center: float, text: str) -> None:
        """Say what an outer bar stands for."""
        if share < _WORTH_A_WORD:
            return
        look, bounds = self._look, self.plot_rect()
        foot = self.place(center, share * self._cells)
        width = look.px(30)
        where = QRectF(foot.x() - width / 2, max(foot.y(), bounds.top()) - look.px(16), width, look.px(16))
        painter.setPen(look.color("quiet"))
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_diamond(self, painter: QPainter, mean: Mean, y: float, radius: float) -> None:
        painter.setPen(self._look.line(self._look.color("card"), 1.0))
        painter.setBrush(self._look.option_color(mean.color))
        painter.drawPath(marker_path("diamond", QPointF(self.place(mean.value, 0.0).x(), y), radius))


def _heights(shares: Floats) -> Floats:
    """Densities of the cells, with nothing in the gaps before the outer bars, which are drawn as cells of a share."""
    cells = len(shares) - 2
    inner = shares[1:-1] * cells
    return np.concatenate(([shares[0] * cells, 0.0], inner, [0.0, shares[-1] * cells]))
