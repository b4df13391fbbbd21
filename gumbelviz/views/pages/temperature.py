"""The Temperature page: what does the temperature do?

Three parts take turns: panels of draws at a few temperatures, curves against the temperature, and a schedule
that lets it fall.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.frame import Frame
from gumbelviz.model.parameters import TEMPERATURE
from gumbelviz.model.play import Play
from gumbelviz.model.scene import Scene
from gumbelviz.model.schedule import temperature_at
from gumbelviz.model.settings import Settings, Transport
from gumbelviz.model.temperature_choices import MOST_PANELS, TemperatureChoices
from gumbelviz.model.temperature_report import TemperatureReport
from gumbelviz.views.controls.caption import Caption
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.controls.progress_line import ProgressLine
from gumbelviz.views.controls.readouts import Readouts
from gumbelviz.views.look import Look
from gumbelviz.views.pages import pipeline_rows
from gumbelviz.views.pages import temperature_rows as rows
from gumbelviz.views.pages.layout import Turns, card, pile
from gumbelviz.views.pages.option_menu import choose_color
from gumbelviz.views.pages.page import Page
from gumbelviz.views.pages.showcase import Lever, Piece
from gumbelviz.views.pages.temperature_curves import CurvesPart
from gumbelviz.views.pages.temperature_schedule import ScheduleControls
from gumbelviz.views.pages.temperature_strip import NARROWEST, PanelStrip
from gumbelviz.views.plots.bars import BarChart, Handle
from gumbelviz.views.plots.schedule_plot import SchedulePlot
from gumbelviz.views.plots.soft_panel import SoftPanel

MARKS = ((0.0, "0 hard"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"), (float("inf"), "∞ flat"))
TABS = (("panels", "Panels"), ("curves", "Curves"), ("annealing", "Annealing"))
CURVE_POINTS = 241
"""Points of the schedule's curve: few enough to be drawn thick and smooth."""


class TemperaturePage(Page):
    """Shows a report part by part, and passes on what a person wishes."""

    page_id = "temperature"

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._settings: Settings | None = None
        self._report: TemperatureReport | None = None
        self._choices = TemperatureChoices()
        self._play = Play()
        self._stopped = False
        self._schedule: tuple[object, ...] = ()
        self._paddings: list[QVBoxLayout] = []
        self._build_left()
        self._build_right()
        self._lay_out()

    # Building.

    def _build_left(self) -> None:
        self._temperature = ParameterRow(TEMPERATURE, strong=True, marks=MARKS)
        self._scores = BarChart("Scores", Handle("logit", 0.1, 2, -1e6, 1e6))
        self._scores.show_swatches = True
        self._scores.set_caption("scores z, to drag")
        self._readouts = Readouts("Exact values at the cursor")
        self._progress = ProgressLine()
        self._controls = ScheduleControls()
        self._temperature.wished.connect(self.wished)
        self._scores.wished.connect(self._pass_on)
        self._progress.wished.connect(self.wished)
        self._controls.wished.connect(self.wished)

    def _build_right(self) -> None:
        self._strip = PanelStrip()
        self._strip.wished.connect(self.wished)
        self._strip.fitted.connect(self._say_fitted)
        self._curves = CurvesPart()
        self._schedule_plot = SchedulePlot("Temperature over the steps of the schedule")
        self._live = SoftPanel("The stream at the temperature of the schedule")
        for part in (self._curves, self._schedule_plot):
            part.wished.connect(self.wished)

    def _lay_out(self) -> None:
        self._tab_buttons: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        segments = QFrame()
        segments.setProperty("role", "segments")
        self._segments = segments
        line = QHBoxLayout(segments)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(2)
        for tab, name in TABS:
            button = self._segment(name)
            button.clicked.connect(lambda _checked, tab=tab: self._turn(tab))
            group.addButton(button)
            line.addWidget(button)
            self._tab_buttons[tab] = button
        self._words = Caption("")
        self._add = self._compact("+ Add panel", "Add a panel at the present temperature")
        self._reset = self._compact("Reset", "Show the first choice of temperatures again")
        self._add.clicked.connect(self._add_panel)
        self._reset.clicked.connect(lambda: self.wished.emit("panel reset", None, True))
        head = QHBoxLayout()
        for widget in (segments, self._words, self._add, self._reset):
            head.addWidget(widget, int(widget is self._words))
        self._temperature_card = card(self._padded(self._temperature))
        self._scores_card = card(self._scores)
        self._readouts_card = card(self._readouts)
        self._progress_card = card(self._padded(self._progress))
        self._controls_card = card(self._controls)
        left = QVBoxLayout()
        fixed = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        for part, stretch in (
            (self._temperature_card, 0), (self._controls_card, 1), (self._scores_card, 10),
            (self._readouts_card, 14), (self._progress_card, 0),
        ):  # fmt: skip
            if not stretch:
                part.setSizePolicy(fixed)
            left.addWidget(part, stretch)
        self._turns = Turns(pile((self._strip, 1)), self._curves, self._annealing_part())
        right = QVBoxLayout()
        right.addLayout(head)
        right.addWidget(self._turns, 1)
        whole = QHBoxLayout(self.body)
        self._left_holder = QWidget()
        self._left_holder.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._left_holder)
        whole.addLayout(right, 1)
        self._head, self._left, self._right, self._whole = head, left, right, whole

    def _annealing_part(self) -> QWidget:
        part = QWidget()
        line = QHBoxLayout(part)
        line.setContentsMargins(0, 0, 0, 0)
        self._schedule_card = card(self._schedule_plot, "temperature τ over the steps t · drag to draw it by hand")
        self._live_card = card(self._live, "the stream follows, on every page")
        line.addWidget(self._schedule_card, 10)
        line.addWidget(self._live_card, 3)
        self._annealing_line = line
        return part

    def _segment(self, name: str) -> QPushButton:
        button = QPushButton(name)
        button.setProperty("role", "segment")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _compact(self, name: str, tip: str) -> QPushButton:
        button = QPushButton(name)
        button.setProperty("role", "compact")
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _padded(self, widget: QWidget) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.addWidget(widget)
        self._paddings.append(column)
        return holder

    # Wishes.

    def _pass_on(self, name: str, value: object, final: bool) -> None:
        if name == "choose color" and isinstance(value, int) and self._settings is not None:
            choose_color(self, self._look, self._settings, value, self.wished.emit)
        else:
            self.wished.emit(name, value, final)

    def _turn(self, tab: str) -> None:
        self.wished.emit("temperature tab", tab, True)
        if self._stopped and tab != self._choices.tab:
            # A sweep that was cancelled must not leave the panels without draws.
            self.wished.emit("study again", None, True)

    def _add_panel(self) -> None:
        if self._settings is not None:
            self.wished.emit("panel add", self._settings.temperature, True)

    # Showing.

    def take_look(self, look: Look) -> None:
        """Take another theme or size; the next `draw` shows the frame in it."""
        self._look = look
        gap = look.px(12)
        self._whole.setContentsMargins(look.px(16), look.px(10), look.px(16), look.px(12))
        self._whole.setSpacing(gap)
        for spaced in (self._left, self._right, self._annealing_line):
            spaced.setSpacing(look.px(8))
        self._head.setSpacing(gap)
        for padding in self._paddings:
            padding.setContentsMargins(look.px(12), look.px(6), look.px(12), look.px(6))
        # Parts that are hidden do not tell their layouts that they changed.
        for layout in self.findChildren(QLayout):
            layout.invalidate()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        annealing = self._choices.tab == "annealing"
        share = 0.37 if annealing else 0.3
        self._left_holder.setFixedWidth(min(self._look.px(304), max(round(share * self.width()), 1)))
        for part, own in (
            (self._readouts_card, "curves"), (self._progress_card, "curves"), (self._controls_card, "annealing"),
            (self._add, "panels"), (self._reset, "panels"),
        ):  # fmt: skip
            part.setVisible(self._choices.tab == own)
        # Where there is little room, first goes what can be had elsewhere.
        compact = self.height() < self._look.px(470) and not self.reduced
        self._controls.set_compact(compact)
        self._curves.set_squared(compact)
        self._temperature_card.setVisible(not (annealing and compact))
        self._scores_card.setVisible(self._choices.tab == "panels" or (self._choices.tab == "curves" and not compact))

    # Parts alone.

    def pieces(self, shown: tuple[str, ...]) -> tuple[Piece, ...]:
        """The panels, the curves, or the schedule; each panel needs its width."""
        count = max(len(self._strip.taus), 1)
        mean, largest, entropy, sharp = self._curves.cards
        found = {
            "panels": Piece(self._strip, count * (NARROWEST + 2) + 8 * (count - 1), 330),
            "mean": Piece(mean, 430, 250),
            "largest": Piece(largest, 330, 210, row=1),
            "entropy": Piece(entropy, 330, 210, row=1),
            "sharp": Piece(sharp, 330, 210, row=1),
            "readouts": Piece(self._readouts_card, 260, 200),
            "schedule": Piece(self._schedule_card, 480, 300),
            "live": Piece(self._live_card, 190, 300),
        }
        return tuple(found[name] for name in shown)

    def levers(self, shown: tuple[str, ...]) -> dict[str, Lever]:
        """The cards on the left, and what is dragged in the plots."""
        rows = len(pipeline_rows.listed_options(self._settings)) if self._settings is not None else 3
        return {
            "view": Lever(line=(Piece(self._segments, 290, 40, grows=False),)),
            "scores": Lever((self._scores,), side=(Piece(self._scores_card, 270, 56 + 26 * rows),)),
            "temperature": Lever(tuple(self._curves.plots.values()), line=(Piece(self._temperature, 280, 92),)),
            "panels": Lever(
                (self._strip,),
                line=(Piece(self._add, 120, 36, grows=False), Piece(self._reset, 80, 36, grows=False)),
            ),
            "schedule": Lever((self._schedule_plot,), side=(Piece(self._controls_card, 300, 380, grows=False),)),
        }

    def show_scene(self, scene: Scene) -> None:
        """Show what was chosen, before the engine has answered."""
        settings = scene.settings
        self._settings = settings
        self._choices = choices = settings.pages.temperature
        self._temperature.set_value(settings.temperature)
        for tab, button in self._tab_buttons.items():
            button.setChecked(tab == choices.tab)
        self._turns.setCurrentIndex([tab for tab, _ in TABS].index(choices.tab))
        self._fit()
        self._show_scores(settings)
        panels = len(self._strip.taus) != len(choices.taus)
        self._strip.set_taus(choices.taus)
        self._curves.set_cursor(settings.temperature)
        self._controls.show_choices(choices)
        self._show_schedule()
        self._say()
        self.set_view(choices.tab)
        if panels:
            self.reduce_again()

    def _show_scores(self, settings: Settings) -> None:
        shown = pipeline_rows.listed_options(settings)
        scores = [settings.options[i].logit for i in shown if settings.options[i].logit > -float("inf")] or [0.0]
        high = max(1.0, 1.2 * max(scores))
        self._scores.set_range(max(min(0.0, 1.2 * min(scores)), -2.0 * high), high)
        self._scores.set_rows(pipeline_rows.score_rows(settings, shown))

    def _show_schedule(self) -> None:
        choices = self._choices
        schedule = (choices.kind, choices.start, choices.end, choices.rate, choices.steps, choices.drawn)
        if schedule != self._schedule:
            self._schedule = schedule
            steps = np.linspace(0.0, choices.steps, CURVE_POINTS).tolist()
            self._schedule_plot.set_schedule(
                np.array([temperature_at(choices, step) for step in steps]), choices.steps
            )
        self._show_head()

    def _show_head(self) -> None:
        step = min(self._play.step, self._choices.steps)
        self._schedule_plot.set_head(step, temperature_at(self._choices, step))
        self._controls.show_play(self._choices, self._play)

    def show_transport(self, transport: Transport) -> None:
        """Show whether the sweep was cancelled."""
        self._stopped = transport.study_stopped
        self._progress.show_stopped(self._stopped)

    def show_play(self, play: Play) -> None:
        """Show where the annealing stands."""
        self._play = play
        self._show_head()

    def _say_fitted(self, shown: int, chosen: int) -> None:
        self._add.setEnabled(chosen < min(MOST_PANELS, self._strip.capacity))
        self._say()

    def _say(self) -> None:
        """One line over the pictures: how to read them."""
        short = ""
        missing = len(self._choices.panels) - min(len(self._choices.panels), self._strip.capacity)
        if self._choices.tab == "panels":
            words = "◆ exact E[y] · line: P(win), the same at every τ · lower bars: simulated · same noise everywhere"
            short = "◆ E[y] · line: P(win)"
            if missing:
                words, short = f"{missing} more: no room · {words}", f"{missing} more: no room"
        elif self._choices.tab == "curves":
            words = "The temperature moves E[y], never P(win). Drag in a plot to move the temperature."
            if self._report is not None and self._report.exact is None and self._report.dots is not None:
                words = "Exact curves are worked out for up to 100 options; with more, everything is simulated."
        else:
            words = "From soft to hard while a model learns. Play it, and look at the other pages meanwhile."
        self._words.say(words, short)

    def close_editors(self) -> None:
        """Forget what is half typed: the option that it was meant for may be another one now."""
        self._scores.close_editor()

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame that answers these settings; without `words` only what is watched, not what is read."""
        report = frame.study
        if not isinstance(report, TemperatureReport) or report.options != len(settings.options):
            return
        self._report = report
        tab = settings.pages.temperature.tab
        if tab == "panels":
            self._draw_panels(settings, report)
        elif tab == "curves":
            self._draw_curves(settings, report)
        elif len(frame.wins) == report.options:
            self._live.show_picture(rows.live_picture(settings, report, frame))

    def _draw_panels(self, settings: Settings, report: TemperatureReport) -> None:
        panels = report.panels
        if panels is not None and panels.taus == settings.pages.temperature.taus:
            self._strip.show_pictures(rows.panel_pictures(settings, report, panels))

    def _draw_curves(self, settings: Settings, report: TemperatureReport) -> None:
        self._curves.draw(self._look, settings, report)
        self._readouts.set_lines(rows.readouts(settings, report))
        self._progress.show_progress(report.progress, report.seconds_left)
        self._say()
