"""The Learning page: does it train?

Left the task, the temperature and the numbers of the training; right a legend that is also a list of switches, the
course of the training with a cursor to go back, and where the same training ends at other temperatures.
"""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.frame import Frame
from gumbelviz.model.learning_report import LearningReport
from gumbelviz.model.numbers import write_number
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, Transport
from gumbelviz.model.training_estimators import BY_ID, ESTIMATORS
from gumbelviz.views.controls.caption import Caption
from gumbelviz.views.controls.chips import Chip
from gumbelviz.views.controls.run_line import RunLine
from gumbelviz.views.look import Look
from gumbelviz.views.pages import learning_rows as rows
from gumbelviz.views.pages.layout import card
from gumbelviz.views.pages.learning_controls import LearningControls
from gumbelviz.views.pages.page import Page
from gumbelviz.views.pages.showcase import Lever, Piece
from gumbelviz.views.plots.fan_plot import FanPlot
from gumbelviz.views.plots.river_plot import RiverPlot
from gumbelviz.views.plots.ticks import Ticks
from gumbelviz.views.spoken import describe

LEAST_HEIGHT = 430
"""Height of the page, at normal size, below which the loss and the probabilities have all the room."""
SCRUB = "Drag to go back to an earlier step"
LOG_TICKS: Ticks = ((-2.0, "0.01"), (-1.0, "0.1"), (0.0, "1"), (1.0, "10"), (2.0, "100"))
END_TICKS: Ticks = tuple((math.log10(tau), f"{tau:g}") for tau in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0))
RIVER_WORDS = {
    "robot": ("Probabilities, mean of the repeats:", "Probabilities:"),
    "bit": ("Probabilities, mean of the repeats:", "Probabilities:"),
    "router": ("Share of the points that each expert gets:", "Who gets the points:"),
}
RATIO_WORDS = ("Gradient: signal over noise of one step", "Signal over noise")
TAU_WORDS = ("Temperature τ over the steps", "Temperature τ")
END_WORDS = {
    "loss": ("Loss at the end, against a fixed τ", "Final loss against τ"),
    "accuracy": ("Right answers at the end, against a fixed τ", "At the end, against τ"),
}


class LearningPage(Page):
    """Shows a report, and passes on what a person wishes."""

    page_id = "learning"

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._settings: Settings | None = None
        self._report: LearningReport | None = None
        self._cursor: float | None = None
        """The step that is looked at, or None for the newest."""
        self._river_of = ""
        self._turn = False
        self._drawn: tuple[object, ...] = ()
        self._asked: tuple[object, ...] = ()
        self._view: tuple[float, float] | None = None
        self._build()
        self._lay_out()
        self._connect()

    # Building.

    def _build(self) -> None:
        self._controls = LearningControls()
        self._words = Caption("")
        self._chip_holder = QWidget()
        self._chips = {row.id: Chip(row.name, row.short, row.help, self._chip_holder) for row in ESTIMATORS}
        self._score = FanPlot("Loss over the steps")
        self._river = RiverPlot("Probabilities over the steps")
        self._ratio = FanPlot("Signal-to-noise ratio of the gradient over the steps")
        self._tau = FanPlot("Temperature over the steps")
        self._ends = FanPlot("Where the training ends, against the temperature")
        self._score_words, self._river_words = Caption(""), Caption("")
        self._end_words = Caption("")
        self._river_button = QPushButton()
        self._river_button.setProperty("role", "compact")
        self._river_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._river_button.setToolTip("Choose whose probabilities are shown")
        self._river_menu = QMenu(self._river_button)
        self._river_button.setMenu(self._river_menu)
        self._run = RunLine()

    def _lay_out(self) -> None:
        self._chip_grid = QGridLayout(self._chip_holder)
        self._chip_grid.setContentsMargins(0, 0, 0, 0)
        self._chip_columns = 0
        head = QWidget()
        head_line = QHBoxLayout(head)
        head_line.setContentsMargins(0, 0, 0, 0)
        head_line.setSpacing(0)
        head_line.addWidget(self._river_words, 1)
        head_line.addWidget(self._river_button)
        self._head_line = head_line
        plots = QGridLayout()
        self._first_row = _framed(self._score, self._score_words), _framed(self._river, head)
        for place, part in enumerate(self._first_row):
            plots.addWidget(part, 0, 3 * place, 1, 3)
        self._second_row = (
            card(self._ratio, Caption(*RATIO_WORDS)), card(self._tau, Caption(*TAU_WORDS)),
            _framed(self._ends, self._end_words),
        )  # fmt: skip
        for place, part in enumerate(self._second_row):
            plots.addWidget(part, 1, 2 * place, 1, 2)
        for column in range(6):
            plots.setColumnStretch(column, 1)
        plots.setRowStretch(0, 10)
        plots.setRowStretch(1, 7)
        right = QVBoxLayout()
        right.addWidget(self._words)
        right.addWidget(self._chip_holder)
        right.addLayout(plots, 1)
        right.addWidget(self._run)
        whole = QHBoxLayout(self.body)
        whole.addWidget(self._controls)
        whole.addLayout(right, 1)
        self._plots, self._right, self._whole = plots, right, whole

    def _connect(self) -> None:
        self._controls.wished.connect(self.wished)
        self._run.wished.connect(self.wished)
        self._run.scrubbed.connect(self._scrub_to)
        for name, chip in self._chips.items():
            chip.clicked.connect(lambda _checked, name=name: self._toggle(name))
        for plot in (self._score, self._river, self._ratio, self._tau):
            plot.set_scrub(SCRUB)
            plot.scrubbed.connect(self._scrub)

    # Parts alone.

    def pieces(self, shown: tuple[str, ...]) -> tuple[Piece, ...]:
        """The task, the legend, the plots, and the sentence."""
        signal, schedule, ends = self._second_row
        loss, river = self._first_row
        found = {
            "task": Piece(self._controls.task_card, 300, 290),
            "legend": Piece(self._chip_holder, 700, 84, row=1, grows=False),
            "loss": Piece(loss, 370, 220, row=2),
            "river": Piece(river, 370, 220, row=2),
            "signal": Piece(signal, 320, 190, row=3),
            "schedule": Piece(schedule, 320, 190, row=3),
            "ends": Piece(ends, 320, 190, row=3),
            "words": Piece(self._words, 560, 30, row=4, grows=False),
        }
        return tuple(found[name] for name in shown)

    def levers(self, shown: tuple[str, ...]) -> dict[str, Lever]:
        """The cards on the left, the legend that is also a list of switches, and the line that trains."""
        controls = self._controls
        scrubbed = (self._score, self._river, self._ratio, self._tau)
        return {
            "task": Lever((controls.task_card,), side=(Piece(controls.task_card, 300, 290),)),
            "temperature": Lever(side=(Piece(controls.temperature_card, 300, 150, grows=False),)),
            "training": Lever(side=(Piece(controls.numbers_card, 300, 210, grows=False),)),
            "estimators": Lever((self._chip_holder,), line=(Piece(self._chip_holder, 700, 84),)),
            "train": Lever((*scrubbed, self._run), line=(Piece(self._run, 660, 50),)),
        }

    # What is chosen here alone: the step, and whose river.

    def _toggle(self, name: str) -> None:
        self.wished.emit("learning estimator", name, True)
        # A wish that was refused changes nothing: the box must not stay ticked.
        self._show_chips()

    def _scrub(self, step: float) -> None:
        report = self._report
        if report is None or not len(report.at):
            return
        newest = float(report.at[-1])
        self._cursor = None if step >= newest else max(float(round(step)), 0.0)
        self._refresh()

    def _scrub_to(self, place: float) -> None:
        report = self._report
        if report is None or not len(report.at):
            return
        step = place * report.steps
        before, row = rows.row_at(report, self._cursor), rows.row_at(report, step)
        way = step - float(report.at[before])
        if row == before and way and not self._run.held:
            # A key was pressed: where there are few steps, one of the slider is less than one of them.
            row = min(max(row + (1 if way > 0 else -1), 0), len(report.at) - 1)
        self._scrub(float(report.at[row]))

    def _choose_river(self, name: str) -> None:
        self._river_of = name
        self._show_river_button()
        self._refresh()

    # Showing.

    def take_look(self, look: Look) -> None:
        """Take another theme or size; the next `draw` shows the frame in it."""
        self._look = look
        self._whole.setContentsMargins(look.px(16), look.px(10), look.px(16), look.px(10))
        self._whole.setSpacing(look.px(12))
        self._right.setSpacing(look.px(6))
        self._plots.setSpacing(look.px(8))
        self._chip_grid.setHorizontalSpacing(look.px(10))
        self._chip_grid.setVerticalSpacing(0)
        self._head_line.setContentsMargins(0, look.px(3), look.px(6), 0)
        for name, chip in self._chips.items():
            chip.set_sign(rows.color_of(look, BY_ID[name]), rows.marker_of(look, BY_ID[name]))
        for layout in self.findChildren(QLayout):
            layout.invalidate()
        self._drawn = ()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        look = self._look
        self._controls.setFixedWidth(min(look.px(304), max(round(0.3 * self.width()), 1)))
        self._controls.fit(1_000.0 if self.reduced else 100.0 * self.height() / look.px(100))
        tall = self.height() >= look.px(LEAST_HEIGHT) or self.reduced
        self._plots.setRowStretch(1, 7 * tall)
        for part in self._second_row:
            part.setVisible(tall)
        room = self.width() - self._controls.width() - look.px(44)
        if self.reduced:
            room = look.px(700)
        self._run.set_narrow(room < look.px(760))
        columns = 5 if room >= look.px(1100) else 3
        if columns != self._chip_columns:
            self._chip_columns = columns
            for place, row in enumerate(ESTIMATORS):
                self._chip_grid.addWidget(self._chips[row.id], place // columns, place % columns)
            for column in range(5):
                self._chip_grid.setColumnStretch(column, int(column < columns))

    def show_scene(self, scene: Scene) -> None:
        """Show what was chosen, before the engine has answered."""
        settings = scene.settings
        self._settings = settings
        choices = settings.pages.learning
        self._controls.show_settings(settings)
        self._show_chips()
        kind = "accuracy" if choices.task == "router" else "loss"
        self._end_words.say(*END_WORDS[kind])
        self._river_words.say(*RIVER_WORDS[choices.task])
        asked = (choices.task, choices.goal, choices.worth, choices.theta, choices.target, choices.start)
        if asked != self._asked:
            # Another loss: its axis begins afresh.
            self._asked, self._view = asked, None
        self._show_river_button()

    def _show_chips(self) -> None:
        chosen = self._settings.pages.learning.estimators if self._settings is not None else ()
        for name, chip in self._chips.items():
            chip.setChecked(name in chosen)

    def _show_river_button(self) -> None:
        chosen = self._settings.pages.learning.estimators if self._settings is not None else ()
        if self._river_of not in chosen:
            self._river_of = chosen[0] if chosen else ""
        if self._river_of:
            self._river_button.setText(f"{BY_ID[self._river_of].short} ▼")
            self._river_button.setAccessibleName(f"Probabilities of {BY_ID[self._river_of].name}; choose another")
        if [action.data() for action in self._river_menu.actions()] != list(chosen):
            self._river_menu.clear()
            for name in chosen:
                action = self._river_menu.addAction(BY_ID[name].name, lambda name=name: self._choose_river(name))
                action.setData(name)

    def show_transport(self, transport: Transport) -> None:
        """Show whether the training was stopped."""
        self._run.show_stopped(transport.study_stopped)

    def pictures(self) -> dict[str, tuple[QWidget, ...]]:
        """Return the pictures by the id of the table that has their numbers."""
        return {
            "loss": (self._score,), f"river {self._river_of}": (self._river,), "signal": (self._ratio,),
            "temperature": (self._tau,), "ends": (self._ends,), "worth": (self._controls.worth_chart,),
            f"points {self._river_of}": (self._controls.points_map,),
        }  # fmt: skip

    def close_editors(self) -> None:
        """Forget what is half typed: the option that it was meant for may be another one now."""
        self._controls.close_editors()

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame that answers these settings; without `words` only what is watched, not what is read."""
        report = frame.study
        choices = settings.pages.learning
        if not isinstance(report, LearningReport) or (report.options, report.task, report.estimators) != (
            len(settings.options), choices.task, choices.estimators,
        ):  # fmt: skip
            return
        self._settings = settings
        self._turn = not self._turn
        if 0 < report.done < report.steps and self._turn and not words and self._report is not None:
            # Every other frame will do while all plots change at once; the stream has the time instead.
            return
        self._report = report
        drawn = (frame.revision, report.done, report.ends, report.refused, report.progress >= 1.0)
        if drawn != self._drawn:
            self._drawn = drawn
            self._draw_report(settings, report)
        self._show_moment(settings, report, words)

    def _draw_report(self, settings: Settings, report: LearningReport) -> None:
        look, live = self._look, 0 < report.done < report.steps
        steps = float(report.steps)
        # A little more than the last step, whose number stands half beyond it.
        end = 1.035 * steps
        below = rows.step_ticks(report.steps)
        if report.refused:
            for plot in (self._score, self._river, self._ratio, self._tau, self._ends):
                plot.set_lines(())
                plot.set_view(0.0, 1.0, 0.0, 1.0, (), ())
            self._view = None
            self._river.set_river(None)
            return
        self._score_words.say(*rows.score_words(report))
        self._view = rows.score_view(report, self._view)
        beside = rows.score_ticks(report, self._view)
        self._score.set_view(0.0, end, *self._view, below, beside)
        self._ends.set_view(-1.12, math.log10(5.0) + 0.12, *self._view, END_TICKS, beside)
        self._ratio.set_view(0.0, end, *rows.RATIOS, below, rows.RATIO_TICKS)
        self._tau.set_view(0.0, end, -2.05, 2.05, below, LOG_TICKS)
        self._river.set_view(0.0, steps, 0.0, 1.0, below, ())
        self._score.set_lines(rows.score_lines(look, report), live)
        self._ratio.set_lines(rows.ratio_lines(look, report), live)
        self._tau.set_lines(rows.tau_line(look, report), live)
        self._ends.set_lines(rows.end_lines(look, report))

    def _show_moment(self, settings: Settings, report: LearningReport, words: bool) -> None:
        """Everything that depends on the step that is looked at."""
        if self._cursor is not None and len(report.at) and self._cursor > report.at[-1]:
            # A training that began again has not come so far yet.
            self._cursor = None
        row = rows.row_at(report, self._cursor)
        step = int(report.at[row]) if row >= 0 else 0
        moment = (*self._drawn, row, self._river_of)
        if moment != getattr(self, "_moment", None):
            self._moment = moment
            cursor = None if report.refused else float(step)
            best = ((report.best, f"least possible {write_number(report.best, 4)}"),)
            even = () if report.refused else ((0.0, "noise as large as signal"),)
            hidden = report.refused or report.accuracy is not None
            self._score.set_marks(cursor, () if hidden else best, report.refused)
            self._ratio.set_marks(cursor, even, " " if report.refused else "")
            self._tau.set_marks(cursor, (), " " if report.refused else "")
            waiting = report.ends is None or not len(rows.end_lines(self._look, report)[0].xs)
            self._ends.set_marks(None, (), "comes after the training" if waiting and not report.refused else "")
            self._river.set_marks(cursor, (), " " if report.refused else "")
            if not report.refused:
                place = report.estimators.index(self._river_of) if self._river_of in report.estimators else 0
                self._controls.show_spots(report.spots, place)
                self._river.set_river(rows.river_of(settings, report, self._river_of))
        if words:
            numbers = rows.numbers_at(report, row)
            for name, chip in self._chips.items():
                chip.set_number(numbers.get(name, ""))
            sentence = rows.sentence(report, row)
            self._words.say(*sentence)
            describe(self._score, sentence[0])
            self._controls.explain(rows.explanation(report, row))
        self._run.setVisible(not report.refused)
        self._run.show_progress(report.progress, report.seconds_left, step, report.steps, step / report.steps)

    def _refresh(self) -> None:
        if self._settings is not None and self._report is not None:
            self._show_moment(self._settings, self._report, words=True)


def _framed(picture: QWidget, head: QWidget) -> QFrame:
    """A card with a line of its own over the picture."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(head)
    column.addWidget(picture, 1)
    frame = card(holder)
    frame.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
    return frame
