"""A check box with a line, a marker and a number: legend, switch and readout in one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import marker_path


class Chip(QCheckBox):
    """One line of a legend.

    Parameters
    ----------
    name, short
        In full, and for where there is little room.
    tip
        One line of help.
    """

    def __init__(self, name: str, short: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._look = Look()
        self._short = short
        self._number = ""
        self._color = QColor()
        self._marker = "circle"
        self.setToolTip(f"{name}: {tip}")
        self.setAccessibleDescription(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(24))
        self.update()

    def set_sign(self, color: QColor, marker: str) -> None:
        """How it is known in the plots."""
        if (color, marker) != (self._color, self._marker):
            self._color, self._marker = color, marker
            self.update()

    def set_number(self, number: str) -> None:
        """Write a number at its end."""
        if number != self._number:
            self._number = number
            self.setAccessibleName(f"{self.text()} {number}".strip())
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(200), self._look.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(80), self._look.px(24))

    def hitButton(self, position: object) -> bool:
        # All of it, not only where Qt would have drawn its box.
        return True

    def event(self, event: QEvent) -> bool:
        # Space is a shortcut of the window elsewhere; here it ticks the box.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            event.accept()
            return True
        return super().event(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look, middle, on = self._look, self.height() / 2, self.isChecked()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            side = look.px(15)
            box = QRectF(look.px(2), middle - side / 2, side, side)
            self._paint_box(painter, box, on)
            left = box.right() + look.px(8)
            color = self._color if on else look.color("quiet")
            painter.setPen(QPen(color, max(2.0 * look.zoom, 1.0)))
            painter.drawLine(QPointF(left, middle), QPointF(left + look.px(20), middle))
            painter.setPen(look.pen("window", 1.0))
            painter.setBrush(color if on else look.color("window"))
            if not on:
                painter.setPen(QPen(color, max(1.2 * look.zoom, 1.0)))
            painter.drawPath(marker_path(self._marker, QPointF(left + look.px(10), middle), look.px(4.6)))
            self._write(painter, left + look.px(27), on)

    def _paint_box(self, painter: QPainter, box: QRectF, on: bool) -> None:
        look = self._look
        focused = self.hasFocus()
        painter.setPen(QPen(look.color("accent" if on or focused else "quiet"), 2.0 if focused else 1.2))
        painter.setBrush(look.color("accent" if on else "card"))
        painter.drawRoundedRect(box, look.px(3), look.px(3))
        if on:
            painter.setPen(QPen(look.color("on_accent"), max(1.8 * look.zoom, 1.4)))
            painter.drawPolyline([
                box.topLeft() + QPointF(0.22 * box.width(), 0.52 * box.height()),
                box.topLeft() + QPointF(0.42 * box.width(), 0.72 * box.height()),
                box.topLeft() + QPointF(0.78 * box.width(), 0.28 * box.height()),
            ])  # fmt: skip
        if focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.color("accent"), max(1.2 * look.zoom, 1.0)))
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), look.px(4), look.px(4))

    def _write(self, painter: QPainter, left: float, on: bool) -> None:
        look = self._look
        strong, plain = look.font(13.5, bold=True), look.font(13.5)
        number = QFontMetricsF(strong).horizontalAdvance(self._number) + (look.px(8) if self._number else 0)
        room = QRectF(left, 0, self.width() - left - look.px(6), self.height())
        painter.setFont(plain)
        painter.setPen(look.color("ink" if on else "quiet"))
        metrics = QFontMetricsF(plain)
        name = self.text() if metrics.horizontalAdvance(self.text()) + number <= room.width() else self._short
        name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width() - number)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(strong)
        end = left + metrics.horizontalAdvance(name) + look.px(8)
        painter.drawText(QRectF(end, 0, number + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self._number)
