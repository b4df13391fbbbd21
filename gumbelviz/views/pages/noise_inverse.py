"""The part "Inverse map" of the Noise page: how a uniform number becomes noise, one by one or as rain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from gumbelviz.model.noise_choices import LEVEL
from gumbelviz.model.numbers import write_count, write_number
from gumbelviz.model.parameters import LOCATION, SCALE
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.controls.stage_title import StageTitle
from gumbelviz.views.look import Look
from gumbelviz.views.pages.layout import card, line_widget, pile, stacked
from gumbelviz.views.pages.noise_words import Note
from gumbelviz.views.pages.showcase import Lever, Piece
from gumbelviz.views.plots.curves import MIDDLES
from gumbelviz.views.plots.fact_sheet import Fact, FactSheet
from gumbelviz.views.plots.inverse_map import InverseMapPlot
from gumbelviz.views.plots.rainfall import FALL, Rainfall

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.noise_report import InverseMap, NoiseReport
    from gumbelviz.model.settings import Settings

MOST_MARKS = 7


class InversePart(QWidget):
    """The plot on the left, its controls and numbers on the right.

    Signals
    -------
    wished(name, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._map: InverseMap | None = None
        self._low = False
        self.rainfall = Rainfall()
        self._plot = InverseMapPlot("Uniform numbers become noise through the distribution function")
        self._location, self._scale, self._level = ParameterRow(LOCATION), ParameterRow(SCALE), ParameterRow(LEVEL)
        self._rows = (self._level, self._location, self._scale)
        self._rain = QPushButton("Let it rain")
        self._rain.setToolTip("Empty the histogram, and let the draws of the stream fall through the map one by one")
        self._rain.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rain.clicked.connect(self._start_rain)
        self._facts = FactSheet("This number")
        self._middles = FactSheet("Mode, median and mean")
        self._note = Note(framed=True)
        self._titles = (StageTitle("Inverse map", "inverse"), StageTitle("Uniform in, Gumbel out", "noise"))
        self._number_card = card(self._facts, "this number")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 70)
        grid.setColumnStretch(1, 30)
        grid.addWidget(self._titles[0], 0, 0)
        self._cards = (
            card(self._plot), card(self._middles, "three middles, and the share of the noise below each"),
            card(self._note),
        )  # fmt: skip
        plot_card, middles_card, note_card = self._cards
        grid.addWidget(plot_card, 1, 0, 2, 1)
        grid.addWidget(self._titles[1], 0, 1)
        grid.addWidget(stacked(*self._rows, line_widget(self._rain)), 1, 1)
        grid.addWidget(
            pile((self._number_card, 4), (middles_card, 4), (note_card, 5)), 2, 1
        )
        grid.setRowStretch(2, 1)
        self._grid = grid
        for source in (*self._rows, self._plot):
            source.wished.connect(self.wished)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self.rainfall.fall = 0.0 if look.calm else FALL
        self._grid.setHorizontalSpacing(look.px(20))
        self._grid.setVerticalSpacing(look.px(5))
        self._rain.setMinimumHeight(look.px(30))
        width = max(row.label_width() for row in self._rows)
        for row in self._rows:
            row.set_label_width(width)

    def set_room(self, narrow: bool, low: bool) -> None:
        """Shorter words where the column is narrow; where it is low, u and g stand in the plot alone."""
        self._number_card.setVisible(not low)
        self._low = low
        if self._map is not None:
            self._say(self._map)
        for row in self._rows:
            row.set_narrow(narrow)
        width = max(row.label_width() for row in self._rows)
        for row in self._rows:
            row.set_label_width(width)

    def pieces(self) -> tuple[tuple[str, Piece], ...]:
        """Its parts on their own."""
        plot, middles, note = self._cards
        return (
            ("map", Piece(plot, 600, 320, headings=((self._titles[0], 32),))),
            ("number", Piece(self._number_card, 240, 120)),
            ("middles", Piece(middles, 320, 120)),
            ("words", Piece(note, 230, 120)),
        )

    def levers(self) -> dict[str, Lever]:
        """What a hand can change in them."""
        return {
            "level": Lever((self._plot,), line=(Piece(self._level, 250, 36),)),
            "rain": Lever(line=(Piece(self._rain, 120, 36, grows=False),)),
            "noise": Lever(line=(Piece(self._location, 250, 36), Piece(self._scale, 250, 36))),
        }

    def show_settings(self, settings: Settings) -> None:
        """Show what was chosen."""
        self._location.set_value(settings.location)
        self._scale.set_value(settings.scale)
        self._level.set_value(settings.pages.noise.level)

    def draw(self, settings: Settings, report: NoiseReport, frame: Frame, words: bool) -> None:
        """Show a report, and one more step of the rain."""
        found = report.inverse
        if found is None:
            return
        if self._map is not None and self._map.rain is not found.rain:
            self.rainfall.reset()
        fresh = found is not self._map
        self._map = found
        options = sum(option.logit > float("-inf") for option in settings.options[:MOST_MARKS])
        before = self.rainfall.landed, self.rainfall.air
        self.rainfall.follow(frame.draws, max(options, 1), len(found.rain.level))
        if fresh:
            self._plot.set_map(found, self.rainfall)
        elif before != (self.rainfall.landed, self.rainfall.air):
            self._plot.show_rain()
        self._plot.set_marks(self._marks(settings, frame))
        if words or fresh:
            self._say(found)

    def _marks(self, settings: Settings, frame: Frame) -> tuple[tuple[int, float, float], ...]:
        draw = frame.draw
        return tuple(
            (option.color, float(draw.quantile[i]), float(draw.noise[i]))
            for i, option in enumerate(settings.options[:MOST_MARKS])
            if option.logit > float("-inf") and i < len(draw.noise)
        )

    def _say(self, found: InverseMap) -> None:
        self._facts.set_facts(
            (
                Fact("uniform u", write_number(found.level, 4)),
                Fact("noise g", write_number(found.noise, 4), strong=True),
                Fact("density there", write_number(found.density, 4)),
            )
        )
        law = found.law
        middles = (
            ("mode", law.location, found.mode_level),
            ("median", law.median, 0.5),
            ("mean", law.mean, found.mean_level),
        )
        self._middles.set_facts(
            tuple(
                Fact(name, f"{write_number(x, 3)}   u = {write_number(level, 3)}", MIDDLES[name])
                for name, x, level in middles
            )
        )
        total = len(found.rain.level)
        landed = f"{write_count(self.rainfall.landed)} of {write_count(total)} numbers have landed"
        if self.rainfall.raining:
            landed += "; the rain goes on while the stream runs"
        why = "Equal steps of u are equally likely: where the curve is steep many land close together, a high density."
        self._note.say(f"{landed}." if self._low else f"{landed}.\n{why}")

    def _start_rain(self) -> None:
        self.rainfall.start()
        self._plot.show_rain()
        if self._map is not None:
            self._say(self._map)
