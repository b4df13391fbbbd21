"""The family of curves as a table: a sign in the curve's colour, location and scale as fields, a cross to remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gumbelviz.model.noise_choices import MOST_CURVES
from gumbelviz.model.numbers import write_short
from gumbelviz.views.controls.number_field import NumberField
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_marker

if TYPE_CHECKING:
    from gumbelviz.model.noise_choices import Curve

HEADINGS = ("location μ", "scale β", "height")
NARROW_HEADINGS = ("μ", "β", "height")


class CurveRow(QWidget):
    """One curve.

    Signals
    -------
    wished(name, value)
        ``"curve location"``, ``"curve scale"`` or ``"curve remove"``.
    chosen()
        A person clicked the row, or came to one of its fields.
    """

    wished = Signal(str, object)
    refused = Signal(str)
    chosen = Signal()

    def __init__(self, place: int) -> None:
        super().__init__()
        self._look = Look()
        self._place, self._color = place, place
        self._front = False
        name = f"Curve {place + 1}"
        self.location = NumberField(f"{name}, location", 2, lambda value, by: round(value + 0.1 * by, 6))
        self.scale = NumberField(f"{name}, scale", 2, _scale_step, 0.0)
        self.height_label = QLabel()
        self.height_label.setProperty("role", "small")
        self.height_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.height_label.setToolTip("The height of the curve at its mode, 1 / (e β)")
        self.cross = QPushButton("×")
        self.cross.setProperty("role", "link")
        self.cross.setToolTip("Take this curve away")
        self.cross.setAccessibleName(f"Remove curve {place + 1}")
        self.cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.location.setToolTip("Where the curve is highest. Drag the curve sideways, or type; Up and Down step.")
        self.scale.setToolTip("How wide the curve is. Drag its diamond, or type; Up and Down step.")
        self._line = QHBoxLayout(self)
        for widget in (self.location, self.scale, self.height_label):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._line.addWidget(widget, 4)
        self._line.addWidget(self.cross)
        self.location.entered.connect(lambda value: self.wished.emit("curve location", (self._place, value)))
        self.scale.entered.connect(lambda value: self.wished.emit("curve scale", (self._place, value)))
        self.cross.clicked.connect(lambda: self.wished.emit("curve remove", self._place))
        for field in (self.location, self.scale):
            field.refused.connect(self.refused)
            field.installEventFilter(self)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._line.setContentsMargins(look.px(24), 0, look.px(2), 0)
        self._line.setSpacing(look.px(5))
        self.cross.setFixedWidth(look.px(22))
        self.update()

    def set_pitch(self, height: int) -> None:
        """Be so high; the type shrinks where that is little."""
        self.setFixedHeight(height)
        inner = min(height - 2, self._look.px(27))
        size = min(14.0, 0.62 * inner / (self._look.zoom * self._look.theme.text))
        for widget in (self.location, self.scale, self.height_label, self.cross):
            widget.setFixedHeight(max(inner, 12))
            widget.setFont(self._look.font(size))
            widget.setStyleSheet(f"font-size: {self._look.px(size)}px; padding: 0px {self._look.px(3)}px;")

    def set_narrow(self, narrow: bool) -> None:
        """Leave the height out where there is no room for three numbers."""
        self.height_label.setVisible(not narrow)

    def show_curve(self, curve: Curve, front: bool, alone: bool) -> None:
        """Show a curve; the one in front is washed, and one that is alone cannot go."""
        self.location.set_value(curve.location)
        self.scale.set_value(curve.scale)
        self.cross.setVisible(not alone)
        if (self._color, self._front) != (curve.color, front):
            self._color, self._front = curve.color, front
            self.update()

    def set_height(self, height: float | None) -> None:
        """Show how high the curve is."""
        self.height_label.setText("" if height is None else write_short(height, 3))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Before the field itself: a row that comes to the front writes its numbers anew, and the field then its own.
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            if self._front:
                painter.setBrush(look.color("wash"))
                painter.drawRoundedRect(self.rect().adjusted(look.px(3), 0, -1, 0), look.px(7), look.px(7))
            draw_marker(painter, look, self._color, QPointF(look.px(14), self.height() / 2), look.px(5))


class CurveTable(QWidget):
    """Rows for up to twelve curves, made once.

    Signals
    -------
    wished(name, value, final)
    chosen(place)
    """

    wished = Signal(str, object, bool)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._count = 0
        self.setAccessibleName("Curves: location, scale and height")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._head = _Headings()
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addWidget(self._head)
        self.rows = tuple(CurveRow(place) for place in range(MOST_CURVES))
        for place, row in enumerate(self.rows):
            self._column.addWidget(row)
            row.hide()
            row.wished.connect(lambda name, value: self.wished.emit(name, value, True))
            row.refused.connect(lambda sentence: self.wished.emit("complain", sentence, True))
            row.chosen.connect(lambda place=place: self.chosen.emit(place))
        self._column.addStretch(1)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._column.setContentsMargins(look.px(2), look.px(6), look.px(6), look.px(4))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        look = self._look
        room = self.height() - look.px(10) - self._head.height()
        pitch = min(room // max(self._count, 1), look.px(36))
        for row in self.rows:
            row.set_pitch(max(pitch, 14))

    def set_narrow(self, narrow: bool) -> None:
        """Two columns in place of three where there is no room."""
        self._head.count = 2 if narrow else 3
        self._head.update()
        for row in self.rows:
            row.set_narrow(narrow)

    def set_curves(self, curves: tuple[Curve, ...], front: int) -> None:
        """Show these curves, the one at place `front` marked."""
        if len(curves) != self._count:
            self._count = len(curves)
            for place, row in enumerate(self.rows):
                row.setVisible(place < self._count)
            self._fit()
        for place, curve in enumerate(curves):
            self.rows[place].show_curve(curve, place == front, len(curves) == 1)

    def set_heights(self, heights: tuple[float, ...]) -> None:
        """Show how high each curve is."""
        for row, height in zip(self.rows, heights, strict=False):
            row.set_height(height)

    def close_editors(self) -> None:
        """Forget what is half typed."""
        for row in self.rows:
            for field in (row.location, row.scale):
                field.setModified(False)


class _Headings(QWidget):
    """The words over the columns, in the places of the fields below."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 3
        self._look = Look()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(22))
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        left, right, gap = look.px(24), self.width() - look.px(29), look.px(5)
        width = (right - left - (self.count - 1) * gap) / self.count
        with QPainter(self) as painter:
            painter.setFont(look.font(12.5))
            painter.setPen(look.color("quiet"))
            metrics = QFontMetricsF(painter.font())
            words = HEADINGS[: self.count]
            fits = all(metrics.horizontalAdvance(text) <= width for text in words)
            for i, text in enumerate(words if fits else NARROW_HEADINGS[: self.count]):
                x = left + i * (width + gap) + width - metrics.horizontalAdvance(text) - look.px(4)
                painter.drawText(QPointF(x, metrics.ascent() + look.px(2)), text)


def _scale_step(value: float, by: int) -> float:
    """A hundredth of a decade, so that a step is felt alike at any scale."""
    return float(f"{value * 10.0 ** (0.02 * by):.3g}")
