"""The card of the Gradients page in which the objective is chosen and its numbers are dragged."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gumbelviz.model.gradient_choices import BIT_TARGET
from gumbelviz.model.gradient_words import describe_objective
from gumbelviz.model.numbers import write_short
from gumbelviz.model.parameters import MOST_BARS
from gumbelviz.model.settings import Settings
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.look import Look
from gumbelviz.views.pages import pipeline_rows
from gumbelviz.views.plots.bars import BarChart, Handle
from gumbelviz.views.plots.row import Row

KINDS = (
    ("bit", "One bit", "Is the first option chosen? The toy on which the bias is famous"),
    ("quadratic", "Squares", "The squared distance of the choice from targets, which are dragged"),
    ("linear", "Values", "A value for each option, which are dragged"),
    ("cubic", "Cubic", "The cube of the first share: not even ReinMax is unbiased here"),
)
TARGETS = (0.45, 0.499)
LEADERS = 5
"""How many of very many options have a bar here."""


class GoalCard(QFrame):
    """Title, four kinds, a formula, and the numbers of the kind that is chosen.

    Signals
    -------
    wished(name, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._rows = 0
        self._chart_height = 100.0
        self.setProperty("role", "card")
        self._title = QLabel("Goal to minimise")
        self._title.setProperty("role", "strong")
        self._formula = QLabel()
        self._formula.setProperty("role", "small")
        self._formula.setTextFormat(Qt.TextFormat.PlainText)
        self._formula.setWordWrap(True)
        self._formula.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._target = ParameterRow(BIT_TARGET, widest="0.4999")
        self._target.wished.connect(self.wished)
        self._targets = BarChart("Targets", Handle("objective target", 0.1, 2, -1e6, 1e6))
        self._values = BarChart("Values", Handle("objective value", 0.1, 2, -1e6, 1e6))
        for chart in (self._targets, self._values):
            chart.show_swatches = True
            chart.wished.connect(self._pass_on)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._title)
        self._column.addWidget(self._build_kinds())
        self._column.addWidget(self._formula)
        self._column.addWidget(self._target)
        self._column.addWidget(self._build_presets())
        self._column.addWidget(self._targets, 1)
        self._column.addWidget(self._values, 1)

    def _build_kinds(self) -> QWidget:
        segments = QFrame()
        segments.setProperty("role", "segments")
        line = QHBoxLayout(segments)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(0)
        group = QButtonGroup(self)
        self._kinds = {}
        for kind, name, tip in KINDS:
            button = QPushButton(name)
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked, kind=kind: self.wished.emit("objective", kind, True))
            group.addButton(button)
            line.addWidget(button, len(name))
            self._kinds[kind] = button
        return segments

    def _build_presets(self) -> QWidget:
        self._presets = QWidget()
        line = QHBoxLayout(self._presets)
        line.setContentsMargins(0, 0, 0, 0)
        for target in TARGETS:
            button = QPushButton(f"t = {write_short(target)}")
            button.setProperty("role", "compact")
            button.setToolTip("Two well-known targets: the nearer to one half, the smaller is what can be learned")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked, target=target: self.wished.emit("bit target", target, True))
            line.addWidget(button)
        line.addStretch(1)
        return self._presets

    def _pass_on(self, name: str, value: object, final: bool) -> None:
        # Options are renamed, coloured and moved on other pages.
        if name in ("objective target", "objective value", "complain", "cancel drag"):
            self.wished.emit(name, value, final)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._column.setContentsMargins(look.px(14), look.px(9), look.px(14), look.px(9))
        self._column.setSpacing(look.px(5))
        self._fit()

    def _fit(self) -> None:
        for chart in (self._targets, self._values):
            chart.setFixedHeight(self._look.px(self._chart_height))

    @property
    def numbers(self) -> int:
        """How many bars there are; 0 where the objective has none."""
        return self._rows

    def set_room(self, bars: float, presets: bool) -> None:
        """Give the bars a height, in units of the look, and show the buttons with well-known targets or not."""
        if bars != self._chart_height:
            self._chart_height = bars
            self._fit()
        self._presets.setVisible(presets and self._kinds["bit"].isChecked())

    def show_settings(self, settings: Settings) -> None:
        """Show what is chosen."""
        chosen, options = settings.pages.gradients, len(settings.options)
        for kind, button in self._kinds.items():
            button.setChecked(kind == chosen.objective)
        self._formula.setText(describe_objective(chosen))
        self._target.set_value(chosen.bit_target)
        self._target.setVisible(chosen.objective == "bit")
        shown = tuple(range(options)) if options <= MOST_BARS else pipeline_rows.leading_options(settings, LEADERS)
        self._rows = len(shown) + (len(shown) < options) if chosen.objective in ("quadratic", "linear") else 0
        for chart, kind, numbers in (
            (self._targets, "quadratic", chosen.targets_for(options)),
            (self._values, "linear", chosen.values_for(options)),
        ):
            chart.setVisible(chosen.objective == kind)
            if chosen.objective == kind:
                self._show_numbers(chart, settings, shown, numbers)

    def _show_numbers(
        self, chart: BarChart, settings: Settings, shown: tuple[int, ...], numbers: tuple[float, ...]
    ) -> None:
        low, high = min(0.0, *(numbers[i] for i in shown)), max(0.0, *(numbers[i] for i in shown))
        chart.set_range(1.25 * low if low < 0.0 else 0.0, _end(high))
        options = settings.options
        rows = [Row(i, options[i].name, options[i].color, numbers[i], write_short(numbers[i])) for i in shown]
        if len(shown) < len(options):
            rows.append(Row(-1, f"{len(options) - len(shown):,} more", 0, None, "", quiet=True))
        chart.set_rows(tuple(rows))

    @property
    def charts(self) -> tuple[QWidget, ...]:
        """The charts of the numbers of the objective."""
        return self._targets, self._values

    def close_editors(self) -> None:
        """Forget what is half typed."""
        self._targets.close_editor()
        self._values.close_editor()


def _end(high: float) -> float:
    """Where the axis ends: at 1, or with some room above the largest number."""
    return 1.25 if high <= 1.0 else 1.25 * math.ceil(high)
