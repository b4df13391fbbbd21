"""The controls of the annealing: which schedule, its numbers, and the buttons that play it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
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

from gumbelviz.model.numbers import write_count
from gumbelviz.model.play import Play
from gumbelviz.model.schedule import formula, temperature_at, used
from gumbelviz.model.temperature_choices import END, RATE, SECONDS, START, STEPS, TemperatureChoices
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.icons import icon
from gumbelviz.views.look import Look
from gumbelviz.views.pages.temperature_rows import write_tau

KINDS = (
    ("constant", "Constant", "The same temperature all the time"),
    ("exponential", "Exponential", "Falls by the same factor with every step, down to a floor"),
    ("linear", "Linear", "Falls by the same amount with every step"),
    ("cosine", "Cosine", "Falls slowly, then faster, then slowly"),
    ("paper", "Paper", "max(0.5, exp(−r t)), as in Jang, Gu and Poole 2017"),
    ("drawn", "Drawn", "As you draw it into the plot"),
)


class ScheduleControls(QWidget):
    """Everything left of the plot.

    Signals
    -------
    wished(name, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._play = Play()
        self._look = Look()
        self._kinds: dict[str, QPushButton] = {}
        self._formula = QLabel()
        self._formula.setProperty("role", "strong")
        self._formula.setWordWrap(True)
        self._rows = {
            "start": ParameterRow(START), "end": ParameterRow(END), "rate": ParameterRow(RATE),
            "steps": ParameterRow(STEPS), "seconds": ParameterRow(SECONDS),
        }  # fmt: skip
        self._loop = _button("Loop", "Begin again when the schedule is through")
        self._loop.setCheckable(True)
        self._loop.clicked.connect(lambda on: self.wished.emit("schedule loop", on, True))
        self._start = _button("Play", "Let the temperature follow the schedule, on every page", "primary")
        self._stop = _button("Stop", "Go back to step 0")
        self._start.clicked.connect(
            lambda: self.wished.emit("anneal pause" if self._play.playing else "anneal play", None, True)
        )
        self._stop.clicked.connect(lambda: self.wished.emit("anneal stop", None, True))
        self._where = QLabel()
        self._where.setProperty("role", "quiet")
        self._where.setWordWrap(True)
        self._lay_out()

    def _lay_out(self) -> None:
        kinds = QFrame()
        kinds.setProperty("role", "segments")
        grid = QGridLayout(kinds)
        grid.setContentsMargins(2, 2, 2, 2)
        grid.setSpacing(2)
        group = QButtonGroup(self)
        for place, (kind, name, tip) in enumerate(KINDS):
            button = QPushButton(name)
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleName(f"{name} schedule")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked, kind=kind: self.wished.emit("schedule", kind, True))
            group.addButton(button)
            grid.addWidget(button, place // 3, place % 3)
            self._kinds[kind] = button
        buttons = QHBoxLayout()
        buttons.addWidget(self._start)
        buttons.addWidget(self._stop)
        buttons.addWidget(self._loop)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(kinds)
        column.addWidget(self._formula)
        for name in ("start", "end", "rate", "steps"):
            column.addWidget(self._rows[name])
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addWidget(self._rows["seconds"])
        column.addWidget(self._where)
        column.addStretch(1)
        for row in self._rows.values():
            row.wished.connect(self.wished)
        for widget in (kinds, self._formula, self._where, *self._rows.values()):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, widget.sizePolicy().verticalPolicy())
        self._column, self._buttons = column, buttons

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(8))
        self._column.setSpacing(look.px(5))
        self._buttons.setSpacing(look.px(6))
        width = max(row.label_width() for row in self._rows.values())
        for row in self._rows.values():
            row.set_label_width(width)
        self._show_button()

    def set_compact(self, compact: bool) -> None:
        """Leave out what can be read elsewhere, where there is little room."""
        self._formula.setVisible(not compact)
        self._where.setVisible(not compact)

    def show_choices(self, choices: TemperatureChoices) -> None:
        """Show which schedule is chosen, and its numbers; those that it does not use are dimmed."""
        for kind, button in self._kinds.items():
            button.setChecked(kind == choices.kind)
        self._formula.setText(formula(choices))
        for name, value in (("start", choices.start), ("end", choices.end), ("rate", choices.rate),
                            ("steps", choices.steps), ("seconds", choices.seconds)):  # fmt: skip
            self._rows[name].set_value(value)
        for name in ("start", "end", "rate"):
            self._rows[name].setEnabled(name in used(choices.kind))
        self._loop.setChecked(choices.loop)

    def show_play(self, choices: TemperatureChoices, play: Play) -> None:
        """Show where the play stands."""
        changed = play.playing != self._play.playing
        self._play = play
        if changed:
            self._show_button()
        tau = write_tau(float(f"{temperature_at(choices, play.step):.3g}"))
        self._where.setText(f"step {write_count(round(play.step))} of {write_count(round(choices.steps))}: τ = {tau}")

    def _show_button(self) -> None:
        look, playing = self._look, self._play.playing
        self._start.setIcon(icon("pause" if playing else "play", look.color("on_accent"), look.px(14),
                                 self.devicePixelRatioF()))  # fmt: skip
        widths = []
        for word in ("Pause", "Play"):
            self._start.setText(word)
            widths.append(self._start.sizeHint().width())
        self._start.setFixedWidth(max(widths))
        self._start.setText("Pause" if playing else "Play")
        self._start.setAccessibleName("Pause the annealing" if playing else "Play the annealing")


def _button(text: str, tip: str, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    if role:
        button.setProperty("role", role)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
