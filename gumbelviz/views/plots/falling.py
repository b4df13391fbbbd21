"""The distance from softmax against the number of draws, on log axes: for Gumbel's noise alone it keeps falling."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from gumbelviz.views.look import Look
from gumbelviz.views.plots.ruled import RuledPlot

if TYPE_CHECKING:
    from gumbelviz.model.noise_report import Experiment

LEAST = 1e-5
"""The bottom of the axis of distances; the top is 1."""
_TICKS = ((1.0, "10"), (2.0, "100"), (3.0, "1,000"), (4.0, "10 k"), (5.0, "100 k"), (6.0, "1 M"))
_RULES = ((1.0, "1"), (0.1, "0.1"), (0.01, "0.01"), (0.001, "0.001"), (0.0001, "0.0001"))


class FallingPlot(RuledPlot):
    """Two paths: Gumbel's noise, and the noise that was chosen."""

    margin = 58.0

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._chosen: Experiment | None = None
        self._gumbel: Experiment | None = None
        self._limit: float | None = None
        self._name = ""
        self._lines = {key: pg.PlotCurveItem(antialias=True) for key in ("chance", "gumbel", "chosen")}
        for line in self._lines.values():
            self._item.addItem(line, ignoreBounds=True)
        self._axis.setTicks([list(_TICKS)])
        self.set_rules(tuple((_height(value), text) for value, text in _RULES))
        self.set_range(1.0, 6.85, _height(1.0))

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._lines["gumbel"].setPen(look.pen("accent", 1.0))
        self._lines["chosen"].setPen(look.pen("ink", 1.0))
        chance = look.pen("quiet", 1.0)
        chance.setStyle(Qt.PenStyle.DotLine)
        self._lines["chance"].setPen(chance)

    def set_paths(self, gumbel: Experiment, chosen: Experiment, name: str, limit: float | None) -> None:
        """Show both paths; `limit` is the exact distance of the chosen noise, where it is known."""
        if gumbel is self._gumbel and chosen is self._chosen and limit == self._limit:
            return
        self._gumbel, self._chosen, self._name, self._limit = gumbel, chosen, name, limit
        for key, experiment in (("gumbel", gumbel), ("chosen", chosen)):
            self._lines[key].setData(*_path(experiment))
        # By chance the distance falls as one over the root of the draws: a straight line here.
        start = gumbel.by_chance * math.sqrt(max(gumbel.draws, 1))
        ends = np.array([1.0, 7.5])
        self._lines["chance"].setData(ends, np.array([_height(start * 10.0 ** (-0.5 * end)) for end in ends]))
        self._lines["chosen"].setVisible(chosen is not gumbel)
        self.viewport().update()

    def paint_marks(self, painter: QPainter) -> None:
        super().paint_marks(painter)
        if self._gumbel is None or self._chosen is None or not len(self._gumbel.path_draws):
            return
        look, bounds = self._look, self.plot_rect()
        different = self._chosen is not self._gumbel
        if self._limit is not None and self._limit > LEAST and different:
            y = self.place(0.0, _height(self._limit)).y()
            painter.setPen(QPen(look.color("ink"), 1.0, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(bounds.left(), y), QPointF(bounds.right(), y))
        painter.setFont(look.font(12.5, bold=True))
        ends = [("Gumbel", self._gumbel, "accent")] + [(self._name, self._chosen, "ink")] * different
        apart = self._gumbel.path_distance[-1] <= self._chosen.path_distance[-1]
        for i, (name, experiment, color) in enumerate(ends):
            xs, ys = _path(experiment)
            at = self.place(float(xs[-1]), float(ys[-1]))
            painter.setPen(QPen(look.color("card"), 1.0))
            painter.setBrush(look.color(color))
            painter.drawEllipse(at, look.px(4), look.px(4))
            below = (i == 0) == apart
            self.paint_words(painter, at + QPointF(0, look.px(14) if below else -look.px(14)), name, to_the_right=False)


def _height(distance: float) -> float:
    """Where a distance stands on the axis: decades above the least."""
    return math.log10(max(distance, LEAST) / LEAST)


def _path(experiment: Experiment) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], ...]:
    draws, distance = experiment.path_draws, experiment.path_distance
    return np.log10(np.maximum(draws, 1.0)), np.log10(np.maximum(distance, LEAST) / LEAST)
