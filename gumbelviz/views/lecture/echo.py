"""Keys that were pressed and values that changed, large in a corner, so that a hall can follow the hands."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look

SECONDS = 1.8
NARROW = 1.5
"""Width over height of a screen below which the words of a step reach the corner."""
LONGEST = 28
"""Characters of a value that are shown; names come from strangers."""


class Echo(QWidget):
    """One dark plate with a key, a value, or both; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self._key = self._value = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(1000 * SECONDS))
        self._timer.timeout.connect(self.hide)
        self.hide()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    @property
    def words(self) -> tuple[str, str]:
        """The key and the value that are shown; empty where none is."""
        return ("", "") if self.isHidden() else (self._key, self._value)

    def show_key(self, key: str) -> None:
        """Show a key that was pressed; the value it changes comes with it."""
        self._key, self._value = key, ""
        self._appear()

    def show_value(self, value: str) -> None:
        """Show a value that changed, beside the key while that is there."""
        if self.isHidden():
            self._key = ""
        self._value = value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
        self._appear()

    def _appear(self) -> None:
        self.setAccessibleName(" ".join(part for part in (self._key, self._value) if part))
        self.resize(self.sizeHint())
        self.place()
        self.show()
        self.raise_()
        self._timer.start()
        self.update()

    def place(self) -> None:
        """Stand in the upper right corner, where titles seldom reach; where words do, over the keys below."""
        parent, edge = self.parentWidget(), self._look.px(14)
        if parent is None:
            return
        high = parent.width() >= NARROW * parent.height()
        self.move(parent.width() - self.width() - self._look.px(20), edge if high else parent.height() - self.height())

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _widths(self) -> tuple[float, float]:
        metrics = QFontMetricsF(self._look.font(24, bold=True))
        key = metrics.horizontalAdvance(self._key) + self._look.px(22) if self._key else 0.0
        return key, metrics.horizontalAdvance(self._value) if self._value else 0.0

    def sizeHint(self) -> QSize:
        key, value = self._widths()
        gap = self._look.px(14) if key and value else 0
        return QSize(round(key + gap + value) + 2 * self._look.px(16), self._look.px(60))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        key, value = self._widths()
        left = look.px(16)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("ink"))
            painter.drawRoundedRect(QRectF(self.rect()), look.px(10), look.px(10))
            painter.setFont(look.font(24, bold=True))
            if key:
                cap = QRectF(left, look.px(9), key, self.height() - 2 * look.px(9))
                painter.setBrush(look.color("card"))
                painter.drawRoundedRect(cap, look.px(7), look.px(7))
                painter.setPen(look.color("ink"))
                painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
                left += round(key) + look.px(14)
            painter.setPen(look.color("card"))
            rest = QRectF(left, 0, value + 4, self.height())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._value)
