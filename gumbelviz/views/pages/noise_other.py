"""The part "Another noise" of the Noise page: who wins when the noise is not Gumbel's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gumbelviz.model.noise_choices import SCORE_SCALE
from gumbelviz.model.parameters import SCALE
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.controls.stage_title import StageTitle
from gumbelviz.views.look import Look
from gumbelviz.views.pages import noise_rows as rows
from gumbelviz.views.pages.layout import card, pile, stacked
from gumbelviz.views.pages.noise_words import Note
from gumbelviz.views.pages.pipeline_rows import listed_options
from gumbelviz.views.pages.showcase import Lever, Piece
from gumbelviz.views.plots.bars import BarChart
from gumbelviz.views.plots.fact_sheet import FactSheet
from gumbelviz.views.plots.falling import FallingPlot
from gumbelviz.views.plots.laws import LawChart

if TYPE_CHECKING:
    from gumbelviz.model.noise_report import Comparison, NoiseReport
    from gumbelviz.model.settings import Settings


class OtherPart(QWidget):
    """Which noise, who wins with it, and how far that is from softmax.

    Signals
    -------
    wished(name, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._comparison: Comparison | None = None
        self._leaders: tuple[object, tuple[int, ...]] | None = None
        self._laws = LawChart("Noises to try")
        self._laws.set_caption("area: Gumbel · number: distance from softmax")
        self._score_scale, self._scale = ParameterRow(SCORE_SCALE), ParameterRow(SCALE)
        self._rows = (self._score_scale, self._scale)
        self._wins = BarChart("How often each option won")
        self._facts = FactSheet("Total variation from softmax")
        self._falling = FallingPlot("Distance from softmax against the number of draws")
        self._note = Note(framed=True)
        self._titles = (
            StageTitle("Which noise", "noise"),
            StageTitle("Who wins", "other"),
            StageTitle("How far from softmax", "distance"),
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for column, (title, stretch) in enumerate(zip(self._titles, (28, 36, 36), strict=True)):
            grid.addWidget(title, 0, column)
            grid.setColumnStretch(column, stretch)
        self._cards = (
            card(self._laws), card(self._wins), card(self._facts),
            card(self._falling, "total variation against draws · dashed: exact · dotted: by chance alone"),
            card(self._note),
        )  # fmt: skip
        laws_card, wins_card, facts_card, falling_card, note_card = self._cards
        grid.addWidget(laws_card, 1, 0, 2, 1)
        grid.addWidget(stacked(*self._rows), 1, 1)
        grid.addWidget(pile((wins_card, 11), (note_card, 4)), 2, 1)
        grid.addWidget(pile((facts_card, 5), (falling_card, 13)), 1, 2, 2, 1)
        grid.setRowStretch(2, 1)
        self._grid = grid
        for source in (*self._rows, self._laws):
            source.wished.connect(self.wished)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._grid.setHorizontalSpacing(look.px(20))
        self._grid.setVerticalSpacing(look.px(5))

    def set_room(self, narrow: bool, low: bool) -> None:
        """Shorter words where the columns are narrow."""
        for row in self._rows:
            row.set_narrow(narrow)
        width = max(row.label_width() for row in self._rows)
        for row in self._rows:
            row.set_label_width(width)

    def pieces(self) -> tuple[tuple[str, Piece], ...]:
        """Its parts on their own."""
        laws, wins, facts, falling, note = self._cards
        return (
            ("laws", Piece(laws, 300, 300, headings=((self._titles[0], 32),))),
            ("wins", Piece(wins, 380, 200, headings=((self._titles[1], 32),))),
            ("distance", Piece(facts, 300, 130, headings=((self._titles[2], 32),))),
            ("falling", Piece(falling, 420, 230)),
            ("words", Piece(note, 300, 100)),
        )

    def levers(self) -> dict[str, Lever]:
        """What a hand can change in them."""
        return {
            "law": Lever((self._laws,)),
            "score scale": Lever(line=(Piece(self._score_scale, 260, 36),)),
            "noise": Lever(line=(Piece(self._scale, 260, 36),)),
        }

    def show_settings(self, settings: Settings) -> None:
        """Show what was chosen."""
        self._score_scale.set_value(settings.pages.noise.score_scale)
        self._scale.set_value(settings.scale)
        if self._comparison is not None and len(self._comparison.softmax) != len(settings.options):
            # Options came or went: what was counted is not theirs.
            self._comparison = None
            self._wins.set_rows(())

    def draw(self, settings: Settings, report: NoiseReport, words: bool) -> None:
        """Show a report; numbers in words only where they can be read."""
        comparison = report.comparison
        if comparison is None or comparison is self._comparison:
            return
        fresh = self._comparison is None or self._comparison.chosen.draws > comparison.chosen.draws
        self._comparison = comparison
        law = next(law for law in comparison.laws if law.id == comparison.chosen.noise)
        self._laws.set_laws(comparison.laws, law.id, comparison.exact)
        if words or fresh:
            self._wins.set_range(0.0, rows.highest_share(comparison))
            self._wins.set_rows(rows.frequency_rows(settings, comparison, self._shown(settings)))
            self._wins.set_caption(f"how often each won with {law.name} noise · line: softmax(z / (T β))")
            self._facts.set_facts(rows.distance_facts(comparison, law))
            self._note.say(rows.other_words(settings, comparison, law))
            self._falling.set_paths(comparison.gumbel, comparison.chosen, law.name, law.distance)

    def _shown(self, settings: Settings) -> tuple[int, ...]:
        if self._leaders is None or self._leaders[0] is not settings.options:
            self._leaders = settings.options, listed_options(settings)
        return self._leaders[1]
