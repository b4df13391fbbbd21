"""The part "Curves" of the Noise page: a family of Gumbel laws, as densities and as distribution functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QMenu, QPushButton, QWidget

from gumbelviz.model.noise_choices import PRESETS
from gumbelviz.model.numbers import write_number, write_percent, write_short
from gumbelviz.views.controls.curve_table import CurveTable
from gumbelviz.views.controls.stage_title import StageTitle
from gumbelviz.views.look import Look
from gumbelviz.views.pages.layout import card, line_widget, pile
from gumbelviz.views.pages.noise_words import Note
from gumbelviz.views.pages.showcase import Lever, Piece
from gumbelviz.views.plots.curves import MIDDLES, CurvePlot, Reading
from gumbelviz.views.plots.fact_sheet import Fact, FactSheet

if TYPE_CHECKING:
    from gumbelviz.model.noise_report import CurveFacts, Family, NoiseReport
    from gumbelviz.model.settings import Settings


class CurvesPart(QWidget):
    """Table, two plots on one axis, and what the curve in front says in numbers.

    Signals
    -------
    wished(name, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._front = 0
        self._family: Family | None = None
        self._settings: Settings | None = None
        self._range = (0.0, 1.0)
        self._low = False
        self._reading: Reading | None = None
        self._table = CurveTable()
        self._density = CurvePlot("Densities of the noise", "density")
        self._share = CurvePlot("Distribution functions of the noise", "share")
        self._plots = (self._density, self._share)
        self._facts = FactSheet("The curve in front, in numbers")
        self._read = FactSheet("The point under the pointer")
        self._note = Note(framed=True)
        self._add = QPushButton("+ Add curve")
        self._add.setToolTip("Add a curve beside the last one")
        self._families = QPushButton("Families")
        self._families.setToolTip("Ready-made families of curves, among them the two figures of the article")
        self._families.setMenu(self._make_menu())
        for button in (self._add, self._families):
            button.setProperty("role", "compact")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._titles = (
            StageTitle("Family", "family"),
            StageTitle("Density", "density"),
            StageTitle("Distribution function", "distribution"),
            StageTitle("This curve", "noise"),
        )
        self._lay_out()
        self._connect()

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        for preset, (title, _) in PRESETS.items():
            menu.addAction(title, lambda preset=preset: self.wished.emit("curve preset", preset, True))
        return menu

    def _lay_out(self) -> None:
        self._read_card = card(self._read, "under the pointer")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for column, stretch in enumerate((24, 54, 22)):
            grid.setColumnStretch(column, stretch)
        family, density, share, facts = self._titles
        grid.addWidget(family, 0, 0)
        self._buttons = line_widget(self._add, self._families)
        self._cards = card(self._table), card(self._density), card(self._share), card(self._facts), card(self._note)
        table_card, density_card, share_card, facts_card, note_card = self._cards
        grid.addWidget(self._buttons, 1, 0)
        grid.addWidget(table_card, 2, 0, 3, 1)
        grid.addWidget(density, 0, 1)
        grid.addWidget(density_card, 1, 1, 2, 1)
        grid.addWidget(share, 3, 1)
        grid.addWidget(share_card, 4, 1)
        grid.addWidget(facts, 0, 2)
        grid.addWidget(pile((facts_card, 5), (self._read_card, 4), (note_card, 5)), 1, 2, 4, 1)
        grid.setRowStretch(2, 10)
        grid.setRowStretch(4, 11)
        self._grid = grid

    def _connect(self) -> None:
        self._add.clicked.connect(lambda: self.wished.emit("curve add", None, True))
        self._table.wished.connect(self.wished)
        self._table.chosen.connect(self._choose)
        for plot in self._plots:
            plot.wished.connect(self.wished)
            plot.chosen.connect(self._choose)
            plot.pointed.connect(self._point_at)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._grid.setHorizontalSpacing(look.px(20))
        self._grid.setVerticalSpacing(look.px(5))

    def set_room(self, narrow: bool, low: bool) -> None:
        """Fewer columns where the table is narrow; where it is low, two cards share one place."""
        self._table.set_narrow(narrow)
        self._low = low
        self._read_card.setVisible(not low)
        self._say_reading()

    def pieces(self) -> tuple[tuple[str, Piece], ...]:
        """Its parts on their own."""
        table, density, share, facts, note = self._cards
        family, density_title, share_title, facts_title = self._titles
        return (
            ("family", Piece(table, 300, 180, headings=((family, 32),))),
            ("density", Piece(density, 440, 210, headings=((density_title, 32),))),
            ("distribution", Piece(share, 440, 210, headings=((share_title, 32),))),
            ("facts", Piece(facts, 210, 180, headings=((facts_title, 32),))),
            ("words", Piece(note, 230, 120)),
        )

    def levers(self) -> dict[str, Lever]:
        """What a hand can change in them."""
        return {"curves": Lever((self._table, *self._plots), line=(Piece(self._buttons, 240, 36, grows=False),))}

    # Showing.

    def show_settings(self, settings: Settings) -> None:
        """Show what was chosen."""
        self._settings = settings
        curves = settings.pages.noise.curves
        self._front = min(self._front, len(curves) - 1)
        self._table.set_curves(curves, self._front)

    def draw(self, settings: Settings, report: NoiseReport) -> None:
        """Show the curves of a report."""
        if report.family is None or report.family is self._family:
            return
        self._family = report.family
        self._draw_family()

    def draw_again(self) -> None:
        """Show the same once more, in another look."""
        if self._family is not None:
            self._draw_family()

    def _draw_family(self) -> None:
        family = self._family
        assert family is not None
        self._front = min(self._front, len(family.curves) - 1)
        if not any(plot.held for plot in self._plots):
            self._range = family.low, family.high
        for plot in self._plots:
            plot.set_family(family, self._front, *self._range)
        self._table.set_heights(tuple(facts.height for facts in family.curves))
        self._say(family, family.curves[self._front])
        self._point_at(self._reading)

    def _say(self, family: Family, facts: CurveFacts) -> None:
        words = (
            f"The height depends on β alone: 1 / (e · {write_short(facts.scale)}) = {write_short(facts.height, 4)}. "
            "The location is the mode, not the mean."
        )
        if family.cut is not None:
            cut = family.curves[family.cut.place]
            words = (
                f"The article’s axis ends at {write_short(family.cut.end)} and cuts off "
                f"{write_percent(family.cut.share)} of the curve μ = {write_short(cut.location)}, "
                f"β = {write_short(cut.scale)}; this one goes on to {write_short(family.high)}. {words}"
            )
        self._note.say(words)
        self._say_reading()

    def _say_reading(self) -> None:
        """Write the numbers of the curve in front, and of the point under the pointer."""
        if self._family is None:
            return
        front, reading = self._family.curves[self._front], self._reading
        facts = (
            Fact("mode = μ", write_short(front.location, 3), MIDDLES["mode"]),
            Fact("median", write_number(front.median, 3), MIDDLES["median"]),
            Fact("mean", write_number(front.mean, 3), MIDDLES["mean"]),
            Fact("deviation", write_number(front.deviation, 3)),
            Fact("height", write_number(front.height, 3)),
        )
        read = (Fact("x", "–"), Fact("density f(x)", "–"), Fact("P(G ≤ x)", "–"))
        if reading is not None:
            curve, point = self._family.curves[reading.curve], reading.point
            read = (
                Fact("x", write_number(float(curve.x[point]), 3)),
                Fact("density f(x)", write_number(float(curve.density[point]), 4)),
                Fact("P(G ≤ x)", write_number(float(curve.share[point]), 4)),
            )
        self._read.set_facts(read)
        self._facts.set_facts(read if self._low and reading is not None else facts, front.color)

    def _choose(self, place: int) -> None:
        """Bring a curve to the front; also called when a drag has ended, to let the axis follow."""
        self._front = place
        if self._settings is not None and place < len(self._settings.pages.noise.curves):
            self._table.set_curves(self._settings.pages.noise.curves, place)
        if self._family is not None and place < len(self._family.curves):
            self._draw_family()

    def _point_at(self, reading: Reading | None) -> None:
        if reading is not None and (self._family is None or reading.curve >= len(self._family.curves)):
            reading = None
        self._reading = reading
        for plot in self._plots:
            plot.set_reading(reading)
        self._say_reading()

    def close_editors(self) -> None:
        """Forget what is half typed."""
        self._table.close_editors()
