"""A slider and a field for one row of the parameter table."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gumbelviz.model.numbers import write_number
from gumbelviz.model.parameters import Parameter
from gumbelviz.model.spoken_values import spoken_value
from gumbelviz.model.stepping import stepped
from gumbelviz.views import spoken
from gumbelviz.views.controls.number_field import NumberField
from gumbelviz.views.controls.slider import Slider
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look


class ParameterRow(QWidget):
    """Label, slider and field, built from what the parameter says of itself.

    Signals
    -------
    wished(id, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(
        self,
        parameter: Parameter,
        strong: bool = False,
        marks: tuple[tuple[float, str], ...] = (),
        widest: str = "",
    ) -> None:
        super().__init__()
        self._parameter = parameter
        self._look = Look()
        self._strong = strong
        self._value = parameter.default
        # Just below an end, because round numbers are shorter than their neighbours.
        ends = () if strong else (write_number(0.999_999 * end, parameter.decimals) for end in parameter.typical)
        self._samples = (widest or ("88.88" if strong else "−88.88"), *ends)
        self._label = QLabel()
        self.set_narrow(False)
        self._label.setProperty("role", "strong" if strong else "quiet")
        name = f"{parameter.name.capitalize()} {parameter.symbol}".strip()
        self._slider = Slider(name)
        self._field = NumberField(f"{name}, exact value", parameter.decimals, self._stepped, parameter.low_limit)
        if strong:
            self._field.setProperty("role", "strong")
        for widget in (self._label, self._slider, self._field):
            widget.setToolTip(parameter.help)
        self._slider.setAccessibleDescription(parameter.help)
        self._field.setAccessibleDescription(parameter.help)
        self._slider.moved.connect(self._moved)
        self._slider.dropped.connect(lambda: self.wished.emit("cancel drag", None, True))
        self._slider.asked.connect(lambda value: self.wished.emit(parameter.id, value, True))
        self._field.entered.connect(lambda value: self.wished.emit(parameter.id, value, True))
        self._field.refused.connect(lambda sentence: self.wished.emit("complain", sentence, True))
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        self._line = line
        self._marks = _Marks(self._slider, parameter, marks) if marks else None
        if self._marks is None:
            line.addWidget(self._slider, 1)
        else:
            # Numbers under a slider need its whole width.
            line.addStretch(1)
            column.addWidget(self._slider)
            column.addWidget(self._marks)
        line.addWidget(self._field)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._line.setSpacing(look.px(6))
        font = look.font(17 if self._strong else 14, bold=self._strong)
        self._field.setFont(font)
        metrics = QFontMetricsF(font)
        widest = max(metrics.horizontalAdvance(text) for text in self._samples)
        self._field.setFixedWidth(round(widest) + look.px(16 if self._strong else 19))
        self._field.setFixedHeight(look.px(30 if self._strong else 26))

    def set_narrow(self, narrow: bool) -> None:
        """Show the symbol alone where there is no room for the name."""
        row = self._parameter
        if self._strong:
            self._label.setText(
                f"{row.name.capitalize()[:4]}. {row.symbol}" if narrow else f"{row.name.capitalize()} {row.symbol}"
            )
        else:
            self._label.setText(row.symbol if narrow else f"{row.name} {row.symbol}")

    def set_label_width(self, width: int) -> None:
        """Line the slider up with that of the row above or below."""
        self._label.setFixedWidth(width)

    def label_width(self) -> int:
        """How wide the label wants to be."""
        metrics = QFontMetricsF(self._look.font(14, bold=self._strong))
        return round(metrics.horizontalAdvance(self._label.text())) + 4

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, from left to right."""
        return self._slider, self._field

    def set_value(self, value: float) -> None:
        """Show `value`."""
        self._value = value
        self._slider.set_place(self._parameter.place(value))
        self._slider.say(spoken.Value(spoken_value(self._parameter, value), value, *self._parameter.typical))
        self._field.set_value(value)
        if self._marks is not None:
            self._marks.update()

    def _moved(self, place: float, final: bool) -> None:
        value = self._parameter.value_at(place)
        if math.isfinite(value) and value != self._parameter.low_limit:
            value = float(f"{value:.3g}") if self._parameter.spacing == "log" else round(value, 2)
        if self._parameter.decimals == 0 and math.isfinite(value):
            value = float(round(value))
            way = place - self._parameter.place(self._value)
            if value == self._value and way and not self._slider.held:
                # A key was pressed: of small whole numbers a step of the slider is less than one.
                value += math.copysign(1.0, way)
        self.wished.emit(self._parameter.id, value, final)

    def _stepped(self, value: float, by: int) -> float:
        return stepped(self._parameter, value, by)


class _Marks(QWidget):
    """Numbers under a slider, each where its value stands."""

    def __init__(self, slider: Slider, parameter: Parameter, marks: tuple[tuple[float, str], ...]) -> None:
        super().__init__()
        self._slider = slider
        self._parameter = parameter
        self._texts = marks
        self._look = Look()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(18))
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        font = look.font(12)
        metrics = QFontMetricsF(font)
        left, right = self._slider.x() + look.px(10), self._slider.x() + self._slider.width() - look.px(10)
        with QPainter(self) as painter:
            painter.setFont(font)
            painter.setPen(look.color("quiet"))
            end = -math.inf
            placed = []
            for value, text in self._texts:
                x = left + self._parameter.place(value) * (right - left)
                width = metrics.horizontalAdvance(text)
                start = min(max(x - width / 2, 0.0), self.width() - width)
                placed.append((start, width, text))
            # The ends matter most: numbers between that would touch them are left out.
            last_start = placed[-1][0]
            for i, (start, width, text) in enumerate(placed):
                inner = 0 < i < len(placed) - 1
                if inner and (start < end + look.px(6) or start + width > last_start - look.px(6)):
                    continue
                painter.drawText(round(start), round(metrics.ascent()) + 1, text)
                end = start + width
