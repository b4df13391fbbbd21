"""The Precision page: what does floating point do to the trick?

The same draws in four kinds of arithmetic, side by side, and under them the noise on the numbers that there are.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.frame import Frame
from gumbelviz.model.precision_choices import OFFSET, PRESETS, TEMPERATURE
from gumbelviz.model.precision_report import PrecisionReport
from gumbelviz.model.precision_words import describe_landing, describe_precision
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings
from gumbelviz.views.controls.caption import Caption
from gumbelviz.views.controls.look_box import LookBox
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.look import Look
from gumbelviz.views.pages import precision_rows as rows
from gumbelviz.views.pages.layout import card
from gumbelviz.views.pages.page import Page
from gumbelviz.views.pages.showcase import Lever, Piece
from gumbelviz.views.plots.comparison import ComparisonTable
from gumbelviz.views.plots.landing import LandingPlot

TEMPERATURE_MARKS = ((0.0, "0"), (0.001, ".001"), (0.01, ".01"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"))
OFFSET_MARKS = ((0.0, "0"), (1e2, "100"), (1e4, "1e4"), (1e6, "1e6"), (1e8, "1e8"))
MOST_OPTIONS = 7
FEWEST_OPTIONS = 2


class PrecisionPage(Page):
    """Shows what a `PrecisionReport` says."""

    page_id = "precision"

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._told: tuple[object, ...] = ()
        self._short = False
        self._table = ComparisonTable("Four kinds of arithmetic, the same draws", rows.GROUPS)
        self._landings = (
            LandingPlot("Noise on the numbers of single precision"),
            LandingPlot("Noise on the numbers of double precision"),
        )
        self._captions = (Caption("single precision"), Caption("double precision"))
        self._seen = LookBox("What you see")
        self._line = QHBoxLayout(self.body)
        self._line.addWidget(self._build_panel())
        self._line.addLayout(self._build_pictures(), 1)

    def _build_panel(self) -> QWidget:
        self._temperature = ParameterRow(TEMPERATURE, strong=True, marks=TEMPERATURE_MARKS, widest="88.888")
        self._offset = ParameterRow(OFFSET, strong=True, marks=OFFSET_MARKS, widest="100,000")
        for row in (self._temperature, self._offset):
            row.wished.connect(self.wished)
        self._panel = QWidget()
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._build_head())
        self._cards = []
        self._preset_buttons, self._score_buttons = self._build_presets(), self._build_scores()
        for parts in (
            (_strong("Well-known failures"), self._preset_buttons),
            (self._temperature, self._offset, self._score_buttons),
        ):
            frame = QFrame()
            frame.setProperty("role", "card")
            inner = QVBoxLayout(frame)
            for part in parts:
                inner.addWidget(part)
            column.addWidget(frame)
            self._cards.append(inner)
        column.addWidget(self._seen)
        column.addStretch(1)
        self._column = column
        return self._panel

    def _build_head(self) -> QHBoxLayout:
        title = QLabel("Floating point")
        title.setProperty("role", "stage")
        back = QPushButton("Back to the pipeline")
        back.setProperty("role", "link")
        back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        back.clicked.connect(lambda: self.wished.emit("page", "pipeline", True))
        line = QHBoxLayout()
        line.addWidget(title)
        line.addStretch(1)
        line.addWidget(back)
        return line

    def _build_presets(self) -> QWidget:
        holder = QWidget()
        self._preset_grid = QGridLayout(holder)
        self._preset_grid.setContentsMargins(0, 0, 0, 0)
        self._presets = {}
        for i, preset in enumerate(PRESETS):
            button = QPushButton(preset.text)
            button.setProperty("role", "compact")
            button.setCheckable(True)
            button.setToolTip(preset.why)
            button.setAccessibleDescription(preset.why)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked, id=preset.id: self._take(id))
            self._preset_grid.addWidget(button, i // 2, i % 2)
            self._presets[preset.id] = button
        return holder

    def _take(self, preset: str) -> None:
        # The mark shows what is chosen, which is for the store to say.
        self._mark_preset()
        self.wished.emit("precision preset", preset, True)

    def _build_scores(self) -> QWidget:
        segments = QFrame()
        segments.setProperty("role", "segments")
        line = QHBoxLayout(segments)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(2)
        group = QButtonGroup(self)
        self._scores = {}
        for id, text, tip in (
            ("scene", "Scene’s scores", "Compute with the scores of the document"),
            ("pair", "Two equal", "Compute with two options of the same score"),
        ):
            button = QPushButton(text)
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked, id=id: self.wished.emit("precision scores", id, True))
            group.addButton(button)
            line.addWidget(button)
            self._scores[id] = button
        return segments

    def _build_pictures(self) -> QVBoxLayout:
        column = QVBoxLayout()
        self._table_card = card(self._table)
        column.addWidget(self._table_card, 100)
        line = QHBoxLayout()
        self._cards_below = []
        for caption, landing in zip(self._captions, self._landings, strict=True):
            framed = card(landing)
            layout = framed.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(0, caption)
            line.addWidget(framed, 1)
            self._cards_below.append(framed)
        column.addLayout(line, 52)
        self._pictures, self._landing_line = column, line
        return column

    # Parts alone.

    def pieces(self, shown: tuple[str, ...]) -> tuple[Piece, ...]:
        """The table, the two pictures, and the words."""
        single, double = self._cards_below
        found = {
            "table": Piece(self._table_card, 800, 400),
            "single": Piece(single, 420, 210, row=1),
            "double": Piece(double, 420, 210, row=1),
            "words": Piece(self._seen, 300, 120, row=1, grows=False),
        }
        return tuple(found[name] for name in shown)

    def levers(self, shown: tuple[str, ...]) -> dict[str, Lever]:
        """What stands on the left."""
        return {
            "failures": Lever(line=(Piece(self._preset_buttons, 300, 112),)),
            "temperature": Lever(line=(Piece(self._temperature, 280, 92),)),
            "offset": Lever(line=(Piece(self._offset, 280, 92),)),
            "scores": Lever(line=(Piece(self._score_buttons, 250, 40, grows=False),)),
        }

    # Showing.

    def take_look(self, look: Look) -> None:
        """Take another theme or size; the next `draw` shows the frame in it."""
        self._look = look
        gap, margin = look.px(12), look.px(16)
        self._line.setContentsMargins(margin, look.px(12), margin, look.px(12))
        for layout in (self._line, self._column, self._pictures, self._landing_line):
            layout.setSpacing(gap)
        for inner in self._cards:
            inner.setContentsMargins(look.px(14), look.px(10), look.px(14), look.px(10))
            inner.setSpacing(look.px(7))
        self._preset_grid.setSpacing(look.px(6))
        self._panel.setFixedWidth(look.px(304))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where the panel would be too high, its words take the place of the picture that says least."""
        self._told = ()
        short = self.height() < self._look.px(660)
        if short == self._short or self.reduced:
            return
        self._short = short
        self._cards_below[1].setVisible(not short)
        if short:
            self._landing_line.addWidget(self._seen, 1)
        else:
            self._column.insertWidget(self._column.count() - 1, self._seen)

    def show_scene(self, scene: Scene) -> None:
        """Show what was chosen, before the engine has answered."""
        self._choices = scene.settings.pages.precision
        self._temperature.set_value(self._choices.temperature)
        self._offset.set_value(self._choices.offset)
        self._scores[self._choices.scores].setChecked(True)
        self._mark_preset()

    def _mark_preset(self) -> None:
        for preset in PRESETS:
            self._presets[preset.id].setChecked(preset.choices == self._choices)

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame; without `words` only what is watched, not what is read."""
        report = frame.study
        if not isinstance(report, PrecisionReport):
            return
        for i, landing in enumerate(self._landings):
            landing.set_landing(report, i)
        # Numbers that run cannot be read: but the first ones after a change, and the last, are shown at once.
        told = (report.temperature, report.offset, report.pair, settings.options, report.draws == report.target)
        if not words and told == self._told:
            return
        self._told = told
        most = min(max(self._table.fitting_lines() - rows.FIXED_LINES, FEWEST_OPTIONS), MOST_OPTIONS)
        self._table.set_lines(
            rows.corner_of(report), report.draws / report.target, rows.lines_of(settings, report, most)
        )
        for caption, landing_words in zip(self._captions, report.landings, strict=True):
            caption.say(describe_landing(landing_words, report.size))
        self._seen.say(describe_precision(report, rows.live_names(settings, report)))


def _strong(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "strong")
    return label
