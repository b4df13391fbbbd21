"""The curves of the Temperature page: four plots against the temperature, and what each of them shows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QWidget

from gumbelviz.model.parameters import TEMPERATURE
from gumbelviz.model.settings import Settings
from gumbelviz.model.temperature_report import Exact, Simulated, TemperatureReport
from gumbelviz.views.look import Look
from gumbelviz.views.pages.layout import card
from gumbelviz.views.pages.temperature_rows import column_colors, paint_colors
from gumbelviz.views.plots.tau_plot import Line, TauPlot

Floats = NDArray[np.float64]
_Columns = tuple[tuple[Floats, Floats], ...]
_NONE = np.zeros(0)


class _Kept(NamedTuple):
    """What was made of a report, and what it was made of: reports hand on the same arrays while nothing changed."""

    source: object
    columns: _Columns


class CurvesPart(QWidget):
    """E[y], E[max y], entropy and the share of one-hot draws, with one cursor.

    Signals
    -------
    wished(name, value, final)
        The cursor was dragged: ``"temperature"``.
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._dot_places = _NONE
        self.mean_plot = TauPlot("Mean soft choice of each option against the temperature")
        self.largest_plot = TauPlot("Mean of the largest share against the temperature")
        self.entropy_plot = TauPlot("Expected entropy against the temperature")
        self.sharp_plot = TauPlot("Share of draws that are one-hot within 1 per cent", percent=True)
        self.plots = {
            "mean": self.mean_plot, "largest": self.largest_plot, "entropy": self.entropy_plot,
            "sharp": self.sharp_plot,
        }  # fmt: skip
        words = (
            "E[y] · line: exact, dots: simulated ± 2 standard errors · dashed: P(win)",
            "E[max y], the mean of the largest share",
            "expected entropy of a soft choice, in nats",
            "one-hot within 1%: share of draws with max y > 0.99",
        )
        self.cards = tuple(card(plot, line) for plot, line in zip(self.plots.values(), words, strict=True))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._squared: bool | None = None
        self.set_squared(False)
        for plot in self.plots.values():
            plot.wished.connect(self.wished)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._grid.setSpacing(look.px(8))

    def set_squared(self, squared: bool) -> None:
        """Show one large plot beside three small ones, or four alike where the small ones would be too low."""
        if squared == self._squared:
            return
        self._squared = squared
        wide = ((0, 0, 3, 1), (0, 1, 1, 1), (1, 1, 1, 1), (2, 1, 1, 1))
        square = ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1))
        for part, place in zip(self.cards, square if squared else wide, strict=True):
            self._grid.removeWidget(part)
            self._grid.addWidget(part, *place)
        for row in range(3):
            self._grid.setRowStretch(row, int(row < 2 or not squared))
        self._grid.setColumnStretch(0, 1 if squared else 3)
        self._grid.setColumnStretch(1, 1 if squared else 2)

    def set_cursor(self, tau: float) -> None:
        """Put the cursor of every plot at a temperature."""
        for plot in self.plots.values():
            plot.set_cursor(tau)

    def draw(self, look: Look, settings: Settings, report: TemperatureReport) -> None:
        """Show a report."""
        if report.dot_taus is None:
            return
        if len(self._dot_places) != len(report.dot_taus):
            self._dot_places = np.array([TEMPERATURE.place(tau) for tau in report.dot_taus.tolist()])
        self.mean_plot.set_top(report.top)
        self.entropy_plot.set_top(max(report.most_entropy, 0.1))
        accent = (look.color("accent"),)
        columns = paint_colors(look, column_colors(settings, report))
        for quantity, plot in self.plots.items():
            plot.set_lines(self._lines(quantity, columns if quantity == "mean" else accent, report))

    def _lines(self, quantity: str, colors: tuple[QColor, ...], report: TemperatureReport) -> tuple[Line, ...]:
        curves = self._keep("curve", quantity, report.exact, lambda: _curves(quantity, report.exact, report.limits))
        dots = self._keep("dots", quantity, report.dots, lambda: _dots(quantity, report.dots))
        here = _values(quantity, report.here)
        lines = []
        for place, color in enumerate(colors):
            if quantity == "mean" and place == len(report.shown) and report.chances[place] > report.top:
                # All the others together are far above the axis; the table has their number.
                break
            xs, ys = curves[place] if curves else (_NONE, _NONE)
            values, bands = dots[place] if dots else (_NONE, _NONE)
            level = float(report.chances[place]) if quantity == "mean" else None
            at_cursor = float(here[0, place]) if here is not None and not math.isnan(here[0, place]) else None
            places = self._dot_places if len(values) else _NONE
            lines.append(Line(color, xs, ys, places, values, bands, level, at_cursor))
        return tuple(lines)

    def _keep(self, kind: str, quantity: str, source: object, make: Callable[[], _Columns]) -> _Columns:
        kept = self._kept.get((kind, quantity))
        if kept is None or kept.source is not source:
            kept = self._kept[kind, quantity] = _Kept(source, make())
        return kept.columns


def _values(quantity: str, exact: Exact | None) -> Floats | None:
    """Return the values of a quantity, (T, S) or (T, 1)."""
    if exact is None:
        return None
    values: Floats = getattr(exact, quantity)
    return values if values.ndim == 2 else values[:, None]


def _curves(quantity: str, exact: Exact | None, limits: Exact | None) -> _Columns:
    """Return places and values of each curve, from temperature 0 to infinity."""
    inner, ends = _values(quantity, exact), _values(quantity, limits)
    if exact is None or inner is None or ends is None:
        return ()
    taus = np.concatenate([[0.0], exact.taus, [math.inf]])
    values = np.concatenate([ends[:1], inner, ends[1:]])
    known = ~np.isnan(values).any(axis=1)
    xs = np.array([TEMPERATURE.place(tau) for tau in taus[known].tolist()])
    return tuple((xs, np.ascontiguousarray(column)) for column in values[known].T)


def _dots(quantity: str, dots: Simulated | None) -> _Columns:
    """Return values and bands of each column."""
    if dots is None or not dots.draws:
        return ()
    values: Floats = getattr(dots, quantity)
    bands: Floats = getattr(dots, f"{quantity}_band")
    if values.ndim == 1:
        return ((values, bands),)
    return tuple((values[:, place], bands[:, place]) for place in range(values.shape[1]))
