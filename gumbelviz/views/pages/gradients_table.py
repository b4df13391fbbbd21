"""The table of estimators: which are drawn, what runs forward and what backward, and what they cost here."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gumbelviz.model.gradient_choices import COLORS
from gumbelviz.model.gradient_report import GradientReport
from gumbelviz.model.gradient_words import is_wrong, write_gradient, write_spread
from gumbelviz.model.settings import Settings
from gumbelviz.views.controls.check_box import CheckBox
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_marker

HEADINGS = ("estimator", "biased", "forward", "backward", "mean", "± per draw", "source")
SHORT = {
    "reinforce_mean_baseline": "REINFORCE, mean", "reinforce_optimal": "REINFORCE, best",
    "straight_through_gumbel_softmax": "ST Gumbel-Softmax", "rao_blackwell": "Rao-Blackwell",
}  # fmt: skip
_LEAST = (0, 560, 860, 0, 0, 0, 860)
"""Width of the table, in units of the look, below which there is no room for a column."""
_SHARES = (12, 7, 6, 13, 0, 0, 7)
_NUMBERS = {4: 66, 5: 78}
"""Width of the columns of numbers; the others share the rest."""


class EstimatorTable(QScrollArea):
    """One line per estimator.

    Signals
    -------
    wished(name, value, final)
        ``"show estimator"`` with ``(id, shown)``.
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._ids: tuple[str, ...] = ()
        self._exact = QLabel()
        self._fitted: tuple[int, list[int]] | None = None
        self._boxes: dict[str, CheckBox] = {}
        self._means: dict[str, tuple[QLabel, QLabel]] = {}
        self.setAccessibleName("What runs forward and backward, and what it costs")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._body = QFrame()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        self._grid = QGridLayout(holder)
        column.addWidget(holder)
        column.addStretch(1)
        for place, heading in enumerate(HEADINGS):
            label = QLabel(heading)
            label.setProperty("role", "small")
            if heading in ("mean", "± per draw"):
                label.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(label, 0, place)
        self.setWidget(self._body)
        for part in (self._body, holder):
            part.setAutoFillBackground(False)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        px = look.px
        self._grid.setContentsMargins(px(16), px(10), px(16), px(10))
        self._grid.setHorizontalSpacing(px(14))
        self._grid.setVerticalSpacing(px(9))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out columns where the others need the room, and give every line the height that its words take."""
        labels = self._body.findChildren(QLabel)
        for label in labels:
            # Otherwise labels get their type when they are first shown, and would be measured in another one.
            label.ensurePolished()
        # Without what a scroll bar would take, whether there is one or not: else the two would chase each other.
        width = self.width() - self._look.px(12)
        state = width, [label.fontMetrics().height() for label in labels]
        if state == self._fitted:
            return
        self._fitted = state
        shown = [column for column, least in enumerate(_LEAST) if width >= self._look.px(least)]
        room = width - self._look.px(32) - self._look.px(14) * (len(shown) - 1)
        widths = dict(zip(shown, self._widths(shown, room), strict=True))
        for row in range(self._grid.rowCount()):
            heights = [0]
            for column in range(len(HEADINGS)):
                item = self._grid.itemAtPosition(row, column)
                cell = None if item is None else item.widget()
                if cell is None:
                    continue
                cell.setVisible(column in widths)
                if column in widths and isinstance(cell, QLabel) and cell.wordWrap():
                    heights.append(cell.heightForWidth(widths[column]))
            self._grid.setRowMinimumHeight(row, max(heights))
        for column in range(len(HEADINGS)):
            self._grid.setColumnMinimumWidth(column, widths.get(column, 0))

    def _widths(self, shown: list[int], room: int) -> list[int]:
        """Share the room out; the grid keeps to it, because cells of words take any width."""
        fixed = {column: self._look.px(_NUMBERS[column]) for column in shown if column in _NUMBERS}
        total = sum(_SHARES[column] for column in shown if column not in fixed)
        rest = room - sum(fixed.values())
        return [fixed.get(column, max(rest * _SHARES[column] // total, 1)) for column in shown]

    def show_choices(self, settings: Settings) -> None:
        """Show which are drawn."""
        for name, box in self._boxes.items():
            box.setChecked(name not in settings.pages.gradients.hidden)

    def draw(self, settings: Settings, report: GradientReport) -> None:
        """Show a report."""
        ids = tuple(line.id for line in report.lines)
        if ids != self._ids:
            self._build(report)
            self._ids = ids
            self.show_choices(settings)
        self._fit()
        here = report.here
        if here is None:
            return
        truth = write_gradient(float(here.exact[report.option]))
        if self._exact.text() != truth:
            self._exact.setText(truth)
        for i, line in enumerate(report.lines):
            mean = float(here.mean[i, report.option]) if here.draws else float(here.known_mean[i, report.option])
            spread = math.sqrt(float(here.variance[i, report.option])) if here.draws > 1 else math.nan
            for label, text in zip(self._means[line.id], (write_gradient(mean), write_spread(spread)), strict=True):
                if label.text() != text:
                    label.setText(text)
            role = "bad" if is_wrong(report, here, i) else ""
            label = self._means[line.id][0]
            if label.property("role") != role:
                label.setProperty("role", role)
                label.style().unpolish(label)
                label.style().polish(label)

    def _build(self, report: GradientReport) -> None:
        exact = QLabel("exact")
        exact.setProperty("role", "strong")
        spread = QLabel(write_spread(0.0))
        for label in (self._exact, spread):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        texts = [_words(text) for text in ("no", "every option", "p · (f − E f), the slope of the mean", "–")]
        for place, label in enumerate((exact, *texts[:3], self._exact, spread, texts[3])):
            self._grid.addWidget(label, 1, place)
        for row, line in enumerate(report.lines, start=2):
            box = CheckBox(line.name, SHORT.get(line.id, line.name), f"Draw {line.name} in the pictures")
            box.set_look(self._look)
            box.clicked.connect(lambda on, name=line.id: self.wished.emit("show estimator", (name, bool(on)), True))
            sign = Sign(COLORS[line.id], box)
            sign.set_look(self._look)
            biased = f"yes, {line.remark}" if line.biased else "no"
            self._boxes[line.id] = box
            mean, spread = QLabel(), QLabel()
            for label in (mean, spread):
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._means[line.id] = mean, spread
            texts = [_words(text) for text in (biased, line.forward, line.backward, line.source)]
            for place, cell in enumerate((sign, *texts[:3], mean, spread, texts[3])):
                self._grid.addWidget(cell, row, place)


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "quiet")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


class Sign(QWidget):
    """A marker before a check box."""

    def __init__(self, place: int, box: CheckBox) -> None:
        super().__init__()
        self._look = Look()
        self._place = place
        self._line = QVBoxLayout(self)
        self._line.addWidget(box)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._line.setContentsMargins(look.px(18), 0, 0, 0)
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            draw_marker(painter, look, self._place, QPointF(look.px(8), self.height() / 2), look.px(5))
