"""One option's score as a slider in its colour: marker and name, slider, number."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from gumbelviz.model.numbers import write_short
from gumbelviz.model.settings import Option
from gumbelviz.views import spoken
from gumbelviz.views.controls.number_field import NumberField
from gumbelviz.views.controls.slider import Slider
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_marker

TYPICAL = 4.0
"""Sliders reach from minus this to this, and further where a score does."""
_STEP = 0.1


class OptionTag(QAbstractButton):
    """Marker and name of an option; where another one may take its place, a button."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._option = Option("", 0.0, 0)
        self._open = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(26))
        self.update()

    def set_option(self, option: Option, choosable: bool) -> None:
        """Show `option`; a click asks for another one where it is `choosable`."""
        self._option, self._open = option, choosable
        self.setAccessibleName(f"{option.name}, choose another option" if choosable else option.name)
        self.setToolTip("Choose which option stands at this corner" if choosable else "")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if choosable else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not choosable)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(104), self._look.px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(50), self._look.px(26))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look, option = self._look, self._option
        masked = option.logit == -math.inf
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.hasFocus() or (self._open and self.underMouse()):
                painter.setPen(QPen(look.color("accent" if self.hasFocus() else "line"), 1.4 * look.zoom))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -3, -1), look.px(5), look.px(5))
            painter.setPen(Qt.PenStyle.NoPen)
            draw_marker(painter, look, option.color, QPointF(look.px(9), self.height() / 2.0), look.px(5.5))
            font = look.font(14.5, bold=not masked)
            painter.setFont(font)
            painter.setPen(look.color("quiet" if masked else "ink"))
            room = self.width() - look.px(22) - look.px(4)
            metrics = QFontMetricsF(font)
            sign = " ▼" if self._open else ""
            name = metrics.elidedText(
                option.name, Qt.TextElideMode.ElideRight, room - metrics.horizontalAdvance(sign)
            )  # fmt: skip
            where = QRectF(look.px(22), 0.0, room + look.px(4), self.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, name + sign)


class ScoreSlider(QWidget):
    """A row of the Scores card.

    Signals
    -------
    wished(name, value, final)
        ``"logit"`` with ``(place, score)``, or ``"complain"``.
    choosing(where)
        Another option is asked for; `where` is on the screen.
    """

    wished = Signal(str, object, bool)
    choosing = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._place = 0
        self._range = (-TYPICAL, TYPICAL)
        self._option = Option("", 0.0, 0)
        self.tag = OptionTag()
        self._slider = Slider("Score")
        self._field = NumberField("Score, exact value", 2, lambda value, by: self._stepped(value, by))
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.addWidget(self.tag, 13)
        self._line.addWidget(self._slider, 11)
        self._line.addWidget(self._field)
        self.tag.clicked.connect(lambda: self.choosing.emit(self.tag.mapToGlobal(self.tag.rect().bottomLeft())))
        self._slider.moved.connect(self._moved)
        self._slider.dropped.connect(lambda: self.wished.emit("cancel drag", None, True))
        self._slider.asked.connect(lambda value: self.wished.emit("logit", (self._place, value), True))
        self._field.entered.connect(lambda value: self.wished.emit("logit", (self._place, value), True))
        self._field.refused.connect(lambda sentence: self.wished.emit("complain", sentence, True))

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._line.setSpacing(look.px(6))
        font = look.font(14)
        self._field.setFont(font)
        self._field.setFixedWidth(round(QFontMetricsF(font).horizontalAdvance("−88.88")) + look.px(14))
        self._field.setFixedHeight(look.px(26))
        self._slider.tint = look.option_color(self._option.color)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, from left to right."""
        return self.tag, self._slider, self._field

    def set_option(self, place: int, option: Option, low: float, high: float, choosable: bool) -> None:
        """Show the option at `place`, on a slider from `low` to `high`."""
        masked = option.logit == -math.inf
        self._place, self._option = place, option
        # A knob under the hand must not slip because the ends of the slider move.
        if not self._slider.held:
            self._range = low, high
        self.tag.set_option(option, choosable)
        self._slider.tint = self._look.option_color(option.color)
        self._slider.setEnabled(not masked)
        self._slider.setAccessibleName(f"Score of {option.name}")
        self._field.setAccessibleName(f"Score of {option.name}, exact value")
        help_text = "The score z of this option. Type −inf to mask it."
        self._slider.setToolTip(help_text)
        self._field.setToolTip(help_text)
        low, high = self._range
        self._slider.set_place(0.0 if masked else min(max((option.logit - low) / (high - low), 0.0), 1.0))
        words = "masked, never chosen" if masked else write_short(option.logit)
        self._slider.say(spoken.Value(words, low if masked else option.logit, low, high))
        self._field.set_value(option.logit)
        self._slider.update()

    def close_editor(self) -> None:
        """Forget what is half typed."""
        if self._field.hasFocus():
            self._field.setModified(False)
            self._field.clearFocus()

    def _moved(self, place: float, final: bool) -> None:
        low, high = self._range
        self.wished.emit("logit", (self._place, round(low + place * (high - low), 2)), final)

    @staticmethod
    def _stepped(value: float, by: int) -> float:
        return round((0.0 if math.isinf(value) else value) + _STEP * by, 6)
