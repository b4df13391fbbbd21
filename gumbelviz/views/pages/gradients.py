"""The Gradients page: what can be learned through a choice, and what does it cost?

Three parts take turns: arrows of all estimators over their bias, variance and error against the temperature; the
switch and the dimmer; and the table of estimators.
"""

from __future__ import annotations

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

from gumbelviz.model import gradient_words as words_of
from gumbelviz.model.frame import Frame
from gumbelviz.model.gradient_choices import BATCH, GradientChoices
from gumbelviz.model.gradient_report import MOST_OPTIONS, GradientReport
from gumbelviz.model.parameters import MOST_BARS, TEMPERATURE
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, Transport
from gumbelviz.views.controls.caption import Caption
from gumbelviz.views.controls.look_box import LookBox
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.controls.progress_line import ProgressLine
from gumbelviz.views.look import Look
from gumbelviz.views.pages import gradients_rows as rows
from gumbelviz.views.pages import pipeline_rows
from gumbelviz.views.pages.gradients_goal import GoalCard
from gumbelviz.views.pages.gradients_table import EstimatorTable
from gumbelviz.views.pages.layout import Turns, card, pile
from gumbelviz.views.pages.option_menu import choose_color
from gumbelviz.views.pages.page import Page
from gumbelviz.views.pages.showcase import Lever, Piece
from gumbelviz.views.plots.arrow_chart import ArrowChart
from gumbelviz.views.plots.bars import BarChart, Handle
from gumbelviz.views.plots.jacobian_grid import JacobianGrid
from gumbelviz.views.plots.sweep_plot import SweepPlot
from gumbelviz.views.plots.switch_plot import SwitchPlot

TABS = (("estimators", "Estimators"), ("switch", "Switch and dimmer"), ("table", "What runs"))
MARKS = ((0.0, "0 hard"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"), (float("inf"), "∞ flat"))
PLOTS = (
    ("bias", "Bias (log) against temperature", "|bias|"),
    ("variance", "Variance per draw (log) against temperature", "variance"),
    ("error", "Mean squared error of a batch (log)", "error"),
)
LOWEST_TAU, HIGHEST_TAU = 0.05, 10.0
_GOAL, _PRESETS, _TEMPERATURE, _BATCH, _SEEN, _PROGRESS = 122.0, 38.0, 96.0, 30.0, 146.0, 70.0
"""Heights of what stands in the left column, gaps included."""


class GradientsPage(Page):
    """Shows a `GradientReport`, part by part, and passes on what a person wishes."""

    page_id = "gradients"

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._settings: Settings | None = None
        self._choices = GradientChoices()
        self._swept: tuple[object, ...] = ()
        self._stopped = False
        self._possible = True
        self._compact_words = False
        self._paddings: list[QVBoxLayout] = []
        self._build_left()
        self._build_parts()
        self._lay_out()

    # Building.

    def _build_left(self) -> None:
        self._goal = GoalCard()
        self._scores = BarChart("Scores", Handle("logit", 0.1, 2, -1e6, 1e6))
        self._scores.show_swatches = True
        self._scores.set_caption("scores z, to drag")
        self._temperature = ParameterRow(TEMPERATURE, strong=True, marks=MARKS)
        self._batch = ParameterRow(BATCH, widest="888,888")
        self._seen = LookBox("Look")
        self._progress = ProgressLine()
        for part in (self._goal, self._temperature, self._batch, self._progress):
            part.wished.connect(self.wished)
        self._scores.wished.connect(self._pass_on)

    def _build_parts(self) -> None:
        self._arrows = ArrowChart("Which way each estimator pushes the scores")
        self._arrows.chosen.connect(lambda option: self.wished.emit("gradient option", option, True))
        self._arrow_words = Caption("")
        self._plots = {name: SweepPlot(title, LOWEST_TAU, HIGHEST_TAU) for name, title, _ in PLOTS}
        self._plot_words = {name: Caption(title, short) for name, title, short in PLOTS}
        for plot in self._plots.values():
            plot.wished.connect(self.wished)
        self._switch = SwitchPlot("One choice against one score: the switch, its mean, the dimmer")
        self._switch.wished.connect(self.wished)
        self._jacobian = JacobianGrid("Slopes of the soft choice of this draw")
        self._jacobian_words = Caption("")
        self._table = EstimatorTable()
        self._table.wished.connect(self.wished)

    def _lay_out(self) -> None:
        self._temperature_card = card(self._padded(self._temperature, self._batch))
        self._scores_card = card(self._scores)
        self._progress_card = card(self._padded(self._progress))
        fixed = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        for part in (self._goal, self._temperature_card, self._progress_card):
            part.setSizePolicy(fixed)
        self._seen.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._left_holder = QWidget()
        left = QVBoxLayout(self._left_holder)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self._goal)
        left.addWidget(self._scores_card, 50)
        for part in (self._temperature_card, self._seen, self._progress_card):
            left.addWidget(part)
        left.addStretch(1)
        self._table_card = card(self._table)
        self._turns = Turns(self._estimators_part(), self._switch_part(), pile((self._table_card, 1)))
        right = QVBoxLayout()
        right.addLayout(self._build_head())
        right.addWidget(self._turns, 1)
        whole = QHBoxLayout(self.body)
        whole.addWidget(self._left_holder)
        whole.addLayout(right, 1)
        self._left, self._right, self._whole = left, right, whole

    def _build_head(self) -> QHBoxLayout:
        self._segments = segments = QFrame()
        segments.setProperty("role", "segments")
        line = QHBoxLayout(segments)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(2)
        group = QButtonGroup(self)
        self._tabs: dict[str, QPushButton] = {}
        for tab, name in TABS:
            button = QPushButton(name)
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked, tab=tab: self._turn(tab))
            group.addButton(button)
            line.addWidget(button)
            self._tabs[tab] = button
        self._words = Caption("")
        self._back, self._next = (self._compact(sign, tip) for sign, tip in (
            ("‹", "The gradient for the score of the option before"), ("›", "The gradient for the next score"),
        ))  # fmt: skip
        self._back.clicked.connect(lambda: self._step_option(-1))
        self._next.clicked.connect(lambda: self._step_option(1))
        self._head = QHBoxLayout()
        for widget in (segments, self._words, self._back, self._next):
            self._head.addWidget(widget, int(widget is self._words))
        return self._head

    def _estimators_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        self._arrows_card = card(self._arrows, self._arrow_words)
        column.addWidget(self._arrows_card, 9)
        line = QHBoxLayout()
        self._plot_cards = {name: card(plot, self._plot_words[name]) for name, plot in self._plots.items()}
        for plot_card in self._plot_cards.values():
            line.addWidget(plot_card, 1)
        column.addLayout(line, 10)
        self._estimators_column, self._plots_line = column, line
        return part

    def _switch_part(self) -> QWidget:
        part = QWidget()
        line = QHBoxLayout(part)
        line.setContentsMargins(0, 0, 0, 0)
        self._switch_card, self._jacobian_card = card(self._switch), card(self._jacobian, self._jacobian_words)
        line.addWidget(self._switch_card, 3)
        line.addWidget(self._jacobian_card, 2)
        self._switch_line = line
        return part

    def _compact(self, sign: str, tip: str) -> QPushButton:
        button = QPushButton(sign)
        button.setProperty("role", "compact")
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _padded(self, *widgets: QWidget) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        for widget in widgets:
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
        self.wished.emit("gradient tab", tab, True)
        if self._stopped and tab != self._choices.tab:
            # A sweep that was cancelled must not leave the other parts without draws.
            self.wished.emit("study again", None, True)

    def _step_option(self, by: int) -> None:
        if self._settings is not None:
            options = len(self._settings.options)
            option = (self._choices.option_for(options) + by) % options
            self.wished.emit("gradient option", option, True)

    # Size.

    def take_look(self, look: Look) -> None:
        """Take another theme or size; the next `draw` shows the frame in it."""
        self._look = look
        self._whole.setContentsMargins(look.px(16), look.px(10), look.px(16), look.px(12))
        self._whole.setSpacing(look.px(12))
        self._head.setSpacing(look.px(8))
        for spaced in (self._left, self._right, self._estimators_column, self._plots_line, self._switch_line):
            spaced.setSpacing(look.px(8))
        for padding in self._paddings:
            padding.setContentsMargins(look.px(12), look.px(5), look.px(12), look.px(5))
        for layout in self.findChildren(QLayout):
            layout.invalidate()
        self._swept = ()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._left_holder.setFixedWidth(min(self._look.px(312), max(round(0.34 * self.width()), 1)))
        self._share_height()

    def _share_height(self) -> None:
        """Give each card of the left column what it needs, in units of the look.

        Where there is little room, first goes what can be had elsewhere.
        """
        room = self.height() / (self._look.zoom * self._look.theme.text) - 22.0
        bars, estimators = self._goal.numbers, self._choices.tab == "estimators"
        least = 26.0 + 18.0 * bars if bars else 0.0
        room -= _GOAL + least + _TEMPERATURE + (_BATCH if estimators else 0.0)
        presets = not bars and room > _PRESETS
        room -= _PRESETS if presets else 0.0
        places = min(len(self._settings.options), MOST_BARS) if self._settings is not None else 1
        shown = []
        for part, wanted, height in (
            (self._seen, True, _SEEN),
            (self._scores_card, True, 56.0 + 20.0 * places),
            (self._progress_card, estimators and self._possible, _PROGRESS),
        ):
            fits = wanted and room > height
            room -= height if fits else 0.0
            shown.append((part, fits))
        self._goal.set_room(max(least + min(room, 9.0 * bars), 26.0 + 6.0 * bars), presets)
        self._batch.setVisible(estimators)
        for part, fits in shown:
            part.setVisible(fits)
        self._compact_words = not shown[0][1] and not self.reduced

    # Parts alone.

    def pieces(self, shown: tuple[str, ...]) -> tuple[Piece, ...]:
        """The pictures of the part in front, and the words."""
        found = {
            "arrows": Piece(self._arrows_card, 640, 240),
            **{name: Piece(plot, 340, 220, row=1) for name, plot in self._plot_cards.items()},
            "switch": Piece(self._switch_card, 480, 300),
            "jacobian": Piece(self._jacobian_card, 330, 300),
            "table": Piece(self._table_card, 900, 500),
            "words": Piece(self._seen, 300, 130, row=2, grows=False),
        }
        return tuple(found[name] for name in shown)

    def levers(self, shown: tuple[str, ...]) -> dict[str, Lever]:
        """The cards on the left, and what is dragged in the plots."""
        rows = len(pipeline_rows.listed_options(self._settings)) if self._settings is not None else 3
        goal = 132.0 + 20.0 * self._goal.numbers + 40.0 * (not self._goal.numbers)
        arrows = tuple(Piece(button, 36, 36, grows=False) for button in (self._back, self._next))
        return {
            "view": Lever(line=(Piece(self._segments, 370, 40, grows=False),)),
            "goal": Lever((self._goal,), side=(Piece(self._goal, 310, goal, grows=False),)),
            "scores": Lever((self._scores,), side=(Piece(self._scores_card, 270, 56 + 26 * rows),)),
            "temperature": Lever(tuple(self._plots.values()), line=(Piece(self._temperature, 280, 92),)),
            "batch": Lever(line=(Piece(self._batch, 280, 40),)),
            "option": Lever((self._arrows, self._switch), line=arrows),
            "estimators": Lever((self._table,)),
        }

    # Showing.

    def show_scene(self, scene: Scene) -> None:
        """Show what was chosen, before the engine has answered."""
        settings = scene.settings
        self._settings, self._choices = settings, settings.pages.gradients
        choices = self._choices
        for tab, button in self._tabs.items():
            button.setChecked(tab == choices.tab)
        self._turns.setCurrentIndex([tab for tab, _ in TABS].index(choices.tab))
        self._goal.show_settings(settings)
        self._temperature.set_value(settings.temperature)
        self._batch.set_value(choices.batch)
        for plot in self._plots.values():
            plot.set_cursor(settings.temperature)
        self._table.show_choices(settings)
        self._show_scores(settings)
        self._possible = len(settings.options) <= MOST_OPTIONS
        if not self._compact_words:
            name = settings.options[choices.option_for(len(settings.options))].name
            self._words.say(f"Gradient with respect to the score of {name}", name)
        for button in (self._back, self._next):
            button.setEnabled(len(settings.options) > 1)
        self._fit()
        self.set_view(choices.tab)

    def _show_scores(self, settings: Settings) -> None:
        shown = pipeline_rows.listed_options(settings)
        scores = [settings.options[i].logit for i in shown if settings.options[i].logit > -float("inf")] or [0.0]
        high = max(1.0, 1.2 * max(scores))
        self._scores.set_range(max(min(0.0, 1.2 * min(scores)), -2.0 * high), high)
        self._scores.set_rows(pipeline_rows.score_rows(settings, shown))

    def show_transport(self, transport: Transport) -> None:
        """Show whether the sweep was cancelled."""
        self._stopped = transport.study_stopped
        self._progress.show_stopped(self._stopped)

    def close_editors(self) -> None:
        """Forget what is half typed: the option that it was meant for may be another one now."""
        self._scores.close_editor()
        self._goal.close_editors()

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame that answers these settings; without `words` only what is watched, not what is read."""
        report = frame.study
        if not isinstance(report, GradientReport) or report.options != len(settings.options):
            return
        if words:
            seen = words_of.describe_gradients(settings, report)
            self._seen.say(seen)
            if self._compact_words:
                self._words.say(seen)
        tab = settings.pages.gradients.tab
        if tab == "switch":
            self._draw_switch(settings, report)
        elif tab == "table":
            self._table.draw(settings, report)
        else:
            self._draw_estimators(settings, report, words)

    def _draw_estimators(self, settings: Settings, report: GradientReport, words: bool) -> None:
        here, sweep = report.here, report.sweep
        if here is None or sweep is None:
            self._arrows.set_arrows((), (), 1.0)
            self._arrows.set_note("Too many options for arrows. “Switch and dimmer” works with any number.")
            for plot in self._plots.values():
                plot.set_lines((), "–")
            return
        arrows, reach = rows.arrow_rows(self._look, settings, report, here)
        self._arrows.set_arrows(rows.arrow_columns(settings, report), arrows, reach)
        hidden = settings.pages.gradients.hidden
        # Reports hand on the same curves while nothing has changed.
        swept = (sweep.exact, sweep.dots, hidden)
        if len(self._swept) != 3 or any(a is not b for a, b in zip(swept, self._swept, strict=True)):
            self._swept = swept
            for name, plot in self._plots.items():
                none = "Nothing here is biased." if name == "bias" else ""
                plot.set_lines(rows.sweep_lines(report, sweep, name, hidden), none)
            best = words_of.describe_best(report, hidden, settings.pages.gradients.batch)
            self._plot_words["error"].say(*(best if best[0] else (PLOTS[2][1], "error")))
        self._progress.show_progress(sweep.progress, sweep.seconds_left)
        if words:
            self._arrow_words.say(
                f"Which way does each estimator push the score? · {words_of.describe_agreement(here)}",
                words_of.describe_agreement(here),
            )

    def _draw_switch(self, settings: Settings, report: GradientReport) -> None:
        switch = report.switch
        if switch is None or max(switch.cells) >= len(settings.options):
            return
        curves = rows.switch_curves(self._look, settings, switch)
        span = float(switch.scores[0]), float(switch.scores[-1])
        name = settings.options[switch.option].name
        self._switch.set_curves(switch.option, name, switch.score, span, curves)
        self._jacobian.set_slopes(rows.jacobian_slopes(settings, switch))
        self._jacobian_words.say(rows.jacobian_words(switch), "∂y_i / ∂z_j of this draw")
