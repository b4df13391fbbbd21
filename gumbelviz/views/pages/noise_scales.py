"""The part "Three scales" of the Noise page: score scale, noise scale, temperature, and what each one changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gumbelviz.model.noise_choices import SCORE_SCALE
from gumbelviz.model.parameters import SCALE, TEMPERATURE
from gumbelviz.views.controls.caption import Caption
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.controls.stage_title import StageTitle
from gumbelviz.views.look import Look
from gumbelviz.views.pages import noise_rows as rows
from gumbelviz.views.pages.layout import card, pile
from gumbelviz.views.pages.noise_words import Note
from gumbelviz.views.pages.pipeline_rows import listed_options
from gumbelviz.views.pages.showcase import Lever, Piece
from gumbelviz.views.plots.bars import BarChart
from gumbelviz.views.plots.effects import EffectTable

if TYPE_CHECKING:
    from gumbelviz.model.noise_report import NoiseReport, Scales
    from gumbelviz.model.settings import Settings

SCALES = ("score scale", "scale", "temperature")
"""The wishes of the three sliders, in the order of the columns."""
_MARKS = ((0.1, "0.1"), (0.3, "0.3"), (1.0, "1"), (3.0, "3"), (10.0, "10"))
_TEMPERATURE_MARKS = ((0.0, "0 hard"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"), (float("inf"), "∞ flat"))
_WORDS = (
    "Divides the scores: changes who wins. A language model’s “temperature” is T. It acts on this page only.",
    "Widens the noise: more surprises. For the winner the same as T = β, for the soft choice not.",
    "Divides the noisy scores in the softmax: changes how soft the choice is, never who wins.",
)


class ScalesPart(QWidget):
    """Three sliders above, the table of what they change, and three charts below.

    Signals
    -------
    wished(name, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._scales: Scales | None = None
        self._leaders: tuple[object, tuple[int, ...]] | None = None
        self._front = -1
        self._look = Look()
        self._sliders = (
            ParameterRow(SCORE_SCALE, strong=True, marks=_MARKS),
            ParameterRow(SCALE, strong=True, marks=_MARKS),
            ParameterRow(TEMPERATURE, strong=True, marks=_TEMPERATURE_MARKS),
        )
        self._notes = tuple(Note(words) for words in _WORDS)
        self._table = EffectTable(
            "What each scale changes, against leaving it at 1",
            ("who wins this draw", "chance to win", "soft choice of this draw", "mean soft choice"),
            ("score scale T", "noise scale β", "temperature τ"),
        )
        self._charts = (
            BarChart("Chance to win"), BarChart("Soft choice of this draw"), BarChart("Mean soft choice")
        )  # fmt: skip
        for chart in self._charts:
            chart.set_range(0.0, 1.0)
        self._titles = (
            StageTitle("On the scores", "scaled-scores"),
            StageTitle("On the noise", "scaled-noise"),
            StageTitle("On the soft choice", "soft"),
        )
        self._lay_out()
        for name, slider in zip(SCALES, self._sliders, strict=True):
            slider.wished.connect(lambda wish, value, final, name=name: self._pass_on(name, wish, value, final))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self._cards = tuple(card(chart) for chart in self._charts)
        columns = zip(self._titles, self._sliders, self._notes, self._cards, strict=True)
        for column, (title, slider, note, chart_card) in enumerate(columns):
            grid.setColumnStretch(column, 1)
            for row, part in enumerate((title, slider, note)):
                grid.addWidget(part, row, column)
            grid.addWidget(chart_card, 4, column)
        self._caption = Caption("what is changed, against leaving that scale at 1")
        self._table_card = card(pile((self._caption, 0), (self._table, 1)))
        grid.addWidget(self._table_card, 3, 0, 1, 3)
        grid.setRowStretch(2, 3)
        grid.setRowStretch(3, 10)
        grid.setRowStretch(4, 11)
        self._grid = grid

    def _pass_on(self, name: str, wish: str, value: object, final: bool) -> None:
        # The table lights the row of the slider that was moved last.
        self._front = SCALES.index(name)
        self.wished.emit(wish, value, final)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._grid.setHorizontalSpacing(look.px(20))
        self._grid.setVerticalSpacing(look.px(5))
        self._look = look

    def set_room(self, narrow: bool, low: bool) -> None:
        """Shorter words where the columns are narrow; where they are low the sliders' own names are enough."""
        for part in (*self._titles, *self._notes):
            part.setVisible(not low)
        self._grid.setRowMinimumHeight(2, 0 if low else self._look.px(36))
        self._grid.setRowStretch(2, 0 if low else 3)
        self._caption.setVisible(not low)
        for slider in self._sliders:
            slider.set_narrow(narrow)

    def pieces(self) -> tuple[tuple[str, Piece], ...]:
        """Its parts on their own; each slider has its own words."""
        charts = zip(("chances", "soft", "mean"), self._cards, strict=True)
        return (
            ("effects", Piece(self._table_card, 640, 170)),
            *((name, Piece(chart, 300, 170, row=1)) for name, chart in charts),
            *(
                ("words", Piece(note, 240, 64, 2, ((title, 32),)))
                for note, title in zip(self._notes, self._titles, strict=True)
            ),
        )

    def levers(self) -> dict[str, Lever]:
        """What a hand can change in them."""
        names = ("score scale", "noise", "temperature")
        return {
            name: Lever(line=(Piece(slider, 280, 92),)) for name, slider in zip(names, self._sliders, strict=True)
        }

    def show_settings(self, settings: Settings) -> None:
        """Show what was chosen."""
        values = settings.pages.noise.score_scale, settings.scale, settings.temperature
        for slider, value in zip(self._sliders, values, strict=True):
            slider.set_value(value)
        if self._scales is not None and len(self._scales.soft) != len(settings.options):
            self._scales = None
            for chart in self._charts:
                chart.set_rows(())

    def draw(self, settings: Settings, report: NoiseReport) -> None:
        """Show a report."""
        scales = report.scales
        if scales is None or scales is self._scales:
            return
        self._scales = scales
        shown = self._shown(settings)
        self._table.set_cells(rows.effect_cells(settings, scales), self._front)
        chance, soft, mean = self._charts
        chance.set_rows(rows.share_rows(settings, scales.chances, shown))
        chance.set_caption(f"chance to win, {rows.same_words(settings, scales)}")
        soft.set_rows(rows.share_rows(settings, scales.soft, shown, scales.winner))
        soft.set_caption(rows.draw_words(scales))
        mean.set_rows(rows.share_rows(settings, scales.mean, shown) if scales.mean is not None else ())
        mean.set_caption("mean soft choice E[y]" if scales.mean is not None else "mean soft choice: see Pipeline")

    def _shown(self, settings: Settings) -> tuple[int, ...]:
        if self._leaders is None or self._leaders[0] is not settings.options:
            self._leaders = settings.options, listed_options(settings)
        return self._leaders[1]
