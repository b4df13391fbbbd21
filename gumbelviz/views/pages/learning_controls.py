"""The controls left of the Learning page's plots: the task, the temperature, and the numbers of the training."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.learning_choices import (
    BATCH,
    FLOOR,
    PACE,
    RATE,
    REPEATS,
    STEPS,
    TARGET,
    THETA,
    LearningChoices,
)
from gumbelviz.model.learning_report import Spots
from gumbelviz.model.parameters import TEMPERATURE
from gumbelviz.model.settings import Settings
from gumbelviz.views.controls.caption import Caption
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.look import Look
from gumbelviz.views.pages.layout import Turns, card
from gumbelviz.views.pages.learning_rows import worth_leaders, worth_rows
from gumbelviz.views.pages.option_menu import choose_color
from gumbelviz.views.plots.bars import BarChart, Handle
from gumbelviz.views.plots.points_map import PointsMap

MARKS = ((0.0, "0 hard"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"), (float("inf"), "∞ flat"))
TASKS = (
    ("robot", "Robot", "Teach a robot which of the scene's options to choose"),
    ("bit", "One bit", "The toy of the papers: one yes or no, and a loss of (b − t)²"),
    ("router", "Router", "A router picks one of four small experts, in the middle of a network"),
)
GOALS = (
    ("target", "Target", "The loss is |y − w|²: hit the numbers below"),
    ("reward", "Reward", "The loss is 1 − w·y: get the most of the numbers below"),
)
STARTS = (("equal", "Equal", "All scores begin at 0"), ("scene", "Scene", "The scores begin as they are in the scene"))
OPTIMISERS = (
    ("plain", "Plain", "Gradient descent: each step is η times the gradient"),
    ("adam", "Adam", "Each step is about η, whatever the size of the gradient (Kingma and Ba 2015)"),
)
SCHEDULES = (
    ("fixed", "Fixed temperature"), ("exponential", "Falls exponentially"), ("linear", "Falls in a line"),
    ("cosine", "Falls as a cosine"), ("page", "As on the Temperature page"),
)  # fmt: skip
WORDS = {
    "robot": ("Which of the options should it choose?", "what each option is worth, w; drag it"),
    "bit": ("loss (b − t)² · P(b = 1) = σ(θ)", ""),
    "router": ("points by expert · ○ ● class · × wrong", ""),
}
MOST_BARS = 8
ALL_BARS = 7
"""So many options always have a bar each, however little room there is."""
FALLING = ("exponential", "linear", "cosine")


class Segments(QFrame):
    """A few words of which one is chosen.

    Signals
    -------
    wished(name, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(self, wish: str, what: str, entries: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__()
        self.setProperty("role", "segments")
        self._buttons: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(2)
        for value, name, tip in entries:
            button = QPushButton(name)
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleName(f"{what}: {name}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked, value=value: self.wished.emit(wish, value, True))
            group.addButton(button)
            line.addWidget(button, 1)
            self._buttons[value] = button

    def set_value(self, value: str) -> None:
        """Show which is chosen."""
        for name, button in self._buttons.items():
            button.setChecked(name == value)


class LearningControls(QWidget):
    """Three cards, one below the other.

    Signals
    -------
    wished(name, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._settings: Settings | None = None
        self._task_name = "robot"
        self._short = self._tiny = False
        self._words_fit = True
        self._task = Segments("learning task", "Task", TASKS)
        self._words, self._more = Caption(""), Caption("")
        self._goal = Segments("learning goal", "Goal", GOALS)
        self._start = Segments("learning start", "Start", STARTS)
        self._worth = BarChart("What each option is worth", Handle("worth", 0.05, 2, 0.0, 1.0))
        self._worth.show_swatches = True
        self._temperature = ParameterRow(TEMPERATURE, strong=True, marks=MARKS)
        self._schedule = QPushButton()
        self._schedule.setProperty("role", "compact")
        self._schedules = QMenu(self._schedule)
        self._schedule.setMenu(self._schedules)
        self._optimiser = Segments("learning optimiser", "Optimiser", OPTIMISERS)
        self._rows = {
            row.id: ParameterRow(row) for row in (THETA, TARGET, FLOOR, RATE, BATCH, REPEATS, STEPS, PACE)
        }  # fmt: skip
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._columns: list[QVBoxLayout] = []
        robot, bit = QWidget(), QWidget()
        self._points = PointsMap("Where the points go")
        column = QVBoxLayout(robot)
        line = QHBoxLayout()
        line.addWidget(self._goal, 1)
        line.addWidget(self._start, 1)
        column.addLayout(line)
        column.addWidget(self._more)
        column.addWidget(self._worth, 1)
        rows = QVBoxLayout(bit)
        rows.addWidget(self._rows[THETA.id])
        rows.addWidget(self._rows[TARGET.id])
        self._inner = [column, rows]
        self._parts = (robot, bit, self._points)
        self._turns = Turns(*self._parts)
        self._lines = [line]
        self.task_card = self._card(self._task, self._words, self._turns)
        self._look_card = self._explaining()
        self.temperature_card = self._card(self._temperature, self._schedule, self._rows[FLOOR.id])
        numbers = [self._rows[row.id] for row in (RATE, BATCH, REPEATS, STEPS, PACE)]
        self.numbers_card = self._card(self._optimiser, *numbers)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        fixed = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        whole.addWidget(self.task_card, 1)
        whole.addWidget(self._look_card)
        for part in (self.temperature_card, self.numbers_card):
            part.setSizePolicy(fixed)
            whole.addWidget(part)
        whole.addStretch(0)
        self._whole = whole
        for widget in (self._task, self._goal, self._start, self._optimiser, self._schedule, *self._rows.values()):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, widget.sizePolicy().verticalPolicy())
            widget.setMinimumWidth(1)

    def _card(self, *widgets: QWidget) -> QFrame:
        holder = QWidget()
        column = QVBoxLayout(holder)
        for widget in widgets:
            column.addWidget(widget, int(widget is self._turns))
        self._columns.append(column)
        return card(holder)

    def _explaining(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "look")
        title = QLabel("Look")
        title.setProperty("role", "strong")
        self._why = QLabel()
        self._why.setWordWrap(True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._why.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout(frame)
        column.addWidget(title)
        column.addWidget(self._why, 1)
        self._columns.append(column)
        return frame

    def _connect(self) -> None:
        self._schedule.setToolTip("How the temperature changes over the steps")
        self._schedule.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for value, name in SCHEDULES:
            self._schedules.addAction(name, lambda value=value: self.wished.emit("learning schedule", value, True))
        for segments in (self._task, self._goal, self._start, self._optimiser):
            segments.wished.connect(self.wished)
        for row in (self._temperature, *self._rows.values()):
            row.wished.connect(self.wished)
        self._worth.wished.connect(self._pass_on)

    def _pass_on(self, name: str, value: object, final: bool) -> None:
        if name == "choose color" and isinstance(value, int) and self._settings is not None:
            choose_color(self, self._look, self._settings, value, self.wished.emit)
        else:
            self.wished.emit(name, value, final)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        for column in self._columns:
            column.setContentsMargins(look.px(12), look.px(8), look.px(12), look.px(8))
            column.setSpacing(look.px(4))
        for column in self._inner:
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(look.px(4))
        for line in self._lines:
            line.setSpacing(look.px(6))
        self._whole.setSpacing(look.px(8))
        for group in ((THETA, TARGET), (RATE, BATCH, REPEATS, STEPS, PACE)):
            width = max(self._rows[row.id].label_width() for row in group)
            for row in group:
                self._rows[row.id].set_label_width(width)

    def fit(self, height: float) -> None:
        """Leave out what can be done without; `height` is that of the page at normal size."""
        compact, tiny = height < 640, height < 500
        self._short, self._words_fit = height < 730, height >= 610
        self._words.setVisible(not compact)
        self._more.setVisible(not compact)
        self._rows[PACE.id].setVisible(not compact)
        self._rows[REPEATS.id].setVisible(not tiny)
        self._optimiser.setVisible(not tiny)
        self._tiny = tiny
        self._share_room()
        if self._settings is not None:
            falling = self._settings.pages.learning.schedule in FALLING
            self._rows[FLOOR.id].setVisible(falling or not tiny)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._settings is not None and len(self._settings.options) > ALL_BARS:
            self._show_worths(self._settings)

    def _share_room(self) -> None:
        """Bars and points take what room there is; what the bit leaves is for words."""
        task = self._task_name
        self._look_card.setVisible({"robot": False, "bit": self._words_fit, "router": not self._short}[task])
        ignored, plain = QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        for part in self._parts:
            # A stack is as tall as the tallest of its pages, seen or not.
            part.setSizePolicy(ignored, plain if part is self._turns.currentWidget() else ignored)
        vertical = QSizePolicy.Policy.Maximum if task == "bit" else QSizePolicy.Policy.Expanding
        self._turns.setSizePolicy(QSizePolicy.Policy.Ignored, vertical)
        self.task_card.setSizePolicy(QSizePolicy.Policy.Ignored, vertical)
        self._whole.setStretch(0, 0 if task == "bit" else 2)
        self._whole.setStretch(1, int(task != "robot"))
        self._whole.setStretch(self._whole.count() - 1, int(task == "bit"))

    def show_spots(self, spots: Spots | None, place: int) -> None:
        """Show where the router of one of the estimators sends the points."""
        self._points.show_spots(spots, place)

    def explain(self, words: str) -> None:
        """Say why it is so, where there is room."""
        if words != self._why.text():
            self._why.setText(words)

    def show_settings(self, settings: Settings) -> None:
        """Show what was chosen."""
        self._settings = settings
        choices: LearningChoices = settings.pages.learning
        self._task.set_value(choices.task)
        self._goal.set_value(choices.goal)
        self._start.set_value(choices.start)
        self._optimiser.set_value(choices.optimiser)
        words, more = WORDS[choices.task]
        self._words.say(words)
        self._more.say(more)
        self._turns.setCurrentIndex([task for task, *_ in TASKS].index(choices.task))
        self._task_name = choices.task
        self._share_room()
        self._temperature.set_value(settings.temperature)
        schedule = dict(SCHEDULES)[choices.schedule]
        self._schedule.setText(f"{schedule} ▼")
        self._schedule.setAccessibleName(f"Schedule: {schedule}")
        falling = choices.schedule in FALLING
        self._rows[FLOOR.id].setEnabled(falling)
        self._rows[FLOOR.id].setVisible(falling or not self._tiny)
        for row, value in (
            (THETA, choices.theta), (TARGET, choices.target), (FLOOR, choices.floor), (RATE, choices.rate),
            (BATCH, choices.batch), (REPEATS, choices.repeats), (STEPS, choices.steps),
            (PACE, choices.steps_per_second),
        ):  # fmt: skip
            self._rows[row.id].set_value(value)
        self._show_worths(settings)

    def _show_worths(self, settings: Settings) -> None:
        choices = settings.pages.learning
        room = int(self._worth.height() / self._look.px(20))
        shown = worth_leaders(settings, max(ALL_BARS if len(settings.options) <= ALL_BARS else 3, min(room, MOST_BARS)))
        worths = choices.worths(len(settings.options))
        self._worth.set_range(min(0.0, *worths), max(1.0, *worths))
        self._worth.set_rows(worth_rows(settings, shown))

    def close_editors(self) -> None:
        """Forget what is half typed."""
        self._worth.close_editor()
