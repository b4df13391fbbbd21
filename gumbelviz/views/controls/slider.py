"""A slider of our look. Qt's own class underneath gives it the keyboard and its place among the accessible."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from gumbelviz.views import spoken
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look

STEPS = 1000
_KEYS = {
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
}  # fmt: skip


class Slider(QSlider):
    """Places from 0 to 1.

    Signals
    -------
    moved(place, final)
        A person moved it; `final` is False while the knob is held.
    dropped()
        Escape: the knob goes back to where the hand took it.
    asked(number)
        A screen reader asks for a value.
    """

    moved = Signal(float, bool)
    dropped = Signal()
    asked = Signal(float)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = Look()
        self._held = False
        spoken.install()
        self.spoken: spoken.Value | None = spoken.Value("", 0.0, 0.0, 1.0)
        """What its place means; what a screen reader says in place of it."""
        self.tint: QColor | None = None
        """A colour of its own, for a slider that belongs to an option."""
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 100)
        self.setPageStep(STEPS // 10)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.actionTriggered.connect(lambda _action: self.moved.emit(self.sliderPosition() / STEPS, True))

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(26))
        self.update()

    def set_place(self, place: float) -> None:
        """Show `place` without telling anybody; a knob that is held stays under the hand."""
        if not self._held:
            self.blockSignals(True)
            self.setValue(round(place * STEPS))
            self.blockSignals(False)

    def say(self, value: spoken.Value) -> None:
        """Mean this by the place of the knob."""
        if value != self.spoken:
            self.spoken = value
            spoken.announce_value(self, value)

    @property
    def held(self) -> bool:
        """True while a hand holds the knob."""
        return self._held

    def knob_center(self) -> QPointF:
        """Where the knob stands, in pixels of the widget."""
        left, right = self._ends()
        return QPointF(left + (right - left) * self.sliderPosition() / STEPS, self.height() / 2)

    def _ends(self) -> tuple[float, float]:
        reach = self._look.px(10)
        return reach, max(self.width() - reach, reach + 1.0)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look, middle = self._look, self.height() / 2
        left, right = self._ends()
        knob = self.knob_center()
        thick = look.px(5)
        color = look.color("quiet") if not self.isEnabled() else self.tint or look.color("accent")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("track"))
            painter.drawRoundedRect(QRectF(left, middle - thick / 2, right - left, thick), thick / 2, thick / 2)
            painter.setBrush(color)
            painter.drawRoundedRect(QRectF(left, middle - thick / 2, knob.x() - left, thick), thick / 2, thick / 2)
            painter.setBrush(look.color("card"))
            painter.setPen(QPen(color, 2.0 * look.zoom))
            painter.drawEllipse(knob, look.px(8), look.px(8))
            if self.hasFocus():
                painter.setBrush(color)
                painter.drawEllipse(knob, look.px(3), look.px(3))

    def _place_at(self, x: float) -> float:
        left, right = self._ends()
        return min(max((x - left) / (right - left), 0.0), 1.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self._follow(event, final=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._follow(event, final=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held and event.button() == Qt.MouseButton.LeftButton:
            self._follow(event, final=True)
            self._held = False

    def _follow(self, event: QMouseEvent, final: bool) -> None:
        place = self._place_at(event.position().x())
        self.blockSignals(True)
        self.setSliderPosition(round(place * STEPS))
        self.blockSignals(False)
        self.moved.emit(place, final)

    def event(self, event: QEvent) -> bool:
        # Left, Right and Home are shortcuts of the window elsewhere; here they belong to the knob.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if plain and (event.key() in _KEYS or (event.key() == Qt.Key.Key_Escape and self._held)):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._held:
            self._held = False
            self.dropped.emit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A wheel that turns over a control it was not meant for must not change it.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(50), self._look.px(26))
