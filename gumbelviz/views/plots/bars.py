"""Horizontal bars, one per option, that can be dragged, typed and stepped."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QWidget

from gumbelviz.model.numbers import read_number, write_short
from gumbelviz.views.plots.markers import draw_crown
from gumbelviz.views.plots.row import Row
from gumbelviz.views.plots.rows import RowChart, kept
from gumbelviz.views.spoken import announce


@dataclass(frozen=True, slots=True)
class Handle:
    """How the bars of a chart can be moved.

    Attributes
    ----------
    wish
        Name of the wish; its value is ``(option, number)``.
    step
        What an arrow key adds; with Shift a tenth of it, Page Up and Down ten times as much.
    decimals
        A dragged number is rounded to so many decimals.
    lowest, highest
        Where a drag ends.
    typed
        Turns a typed number into what is wished for (per cent into shares).
    """

    wish: str
    step: float
    decimals: int
    lowest: float = -math.inf
    highest: float = math.inf
    typed: Callable[[float], float] = float


class BarChart(RowChart):
    """Bars from a zero line, with the value written at the end of each.

    The range of the axis is given, and never changes while a bar is dragged.
    """

    def __init__(self, title: str, handle: Handle | None = None, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._handle = handle
        self._low, self._high = 0.0, 1.0
        self._wanted = (0.0, 1.0)
        # The option, where the pointer took its bar, and its value there.
        self._dragged: tuple[int, float, float] | None = None
        self._drag_moved = False
        self._typing = False
        self._renaming: tuple[int, QPointF] | None = None
        self._moving: int | None = None
        self._hover = -1
        self.crowned = False
        self.can_remove = False
        self.can_move = True
        if handle is not None:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            pins = " P pins, Delete unpins." if handle.wish == "pin" else ""
            self.setProperty("how", "Up and Down choose a bar, Left and Right move it, Enter types." + pins)

    def set_range(self, low: float, high: float) -> None:
        """Show values from `low` to `high`; 0 should lie between."""
        self._wanted = (low, high if high > low else low + 1.0)
        if self._dragged is None and (self._low, self._high) != self._wanted:
            self._low, self._high = self._wanted
            self.rearrange()

    @property
    def busy(self) -> bool:
        """True while a hand or a field holds one of the rows."""
        return self._dragged is not None or self._editor is not None

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        if len(rows) != len(self._rows):
            # What the hand holds may not be there any more.
            self._dragged = self._renaming = self._moving = None
            self.close_editor()
        super().set_rows(rows)

    # Places.

    @kept
    def _axis(self) -> tuple[float, float]:
        """Left and right end of the axis, with room for the numbers."""
        left = self._names_end() + self._look.px(2)
        right = self.width() - self._edge - self._numbers_room()
        return left, max(right, left + self._look.px(20))

    @kept
    def _numbers_room(self) -> float:
        """Width of the longest number, and of the crown or cross behind it."""
        metrics = QFontMetricsF(self._look.font(self._value_size(), bold=True))
        widest = max((metrics.horizontalAdvance(row.text) for row in self._rows[:40]), default=0.0)
        return widest + self._look.px(26 if self.crowned or self._has_crosses() else 10)

    def _has_crosses(self) -> bool:
        """A long list has no room for them; its menu and the Delete key take options away."""
        return self.can_remove and not self.widest_rank

    def _content_room(self) -> float:
        return self._numbers_room() + self._look.px(36)

    def _value_size(self) -> float:
        return min(16.0, self._type_size() + 1.0) if not self.scrolls else min(14.0, self._type_size())

    def _x(self, value: float) -> float:
        left, right = self._axis()
        share = (value - self._low) / (self._high - self._low)
        return left + min(max(share, 0.0), 1.0) * (right - left)

    def _per_pixel(self) -> float:
        left, right = self._axis()
        return (self._high - self._low) / (right - left)

    def _value_rect(self, place: int) -> QRectF:
        """Where the number of a row stands: right of its bar, and right of zero for a bar that points left."""
        row, rect = self._rows[place], self._row_rect(place)
        metrics = QFontMetricsF(self._look.font(self._value_size(), bold=True))
        width = metrics.horizontalAdvance(row.text) + 2
        gap = self._look.px(8)
        value = max(row.value or 0.0, 0.0)
        end = self._x(value)
        if row.exact is not None:
            end = max(end, self._x(row.exact), self._x(value + row.band))
        return QRectF(end + gap, rect.top(), width, rect.height())

    # Painting.

    def paint_content(self, painter: QPainter, place: int, row: Row) -> None:
        look, rect = self._look, self._row_rect(place)
        zero = self._x(0.0)
        if place == 0:
            painter.setPen(QPen(look.color("quiet"), 1.0))
            last = len(self._rows) - self._rows[-1].is_bare_rest
            bottom = self._row_rect(last).top() + look.px(2)
            painter.drawLine(QPointF(zero, self._top() - look.px(4)), QPointF(zero, bottom))
        if row.value is not None:
            self._paint_bar(painter, row, rect, zero)
        painter.setFont(look.font(self._value_size(), bold=True))
        painter.setPen(self._ink(row))
        painter.drawText(self._value_rect(place), Qt.AlignmentFlag.AlignVCenter, row.text)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.crowned and row.winner:
            painter.setBrush(look.color("ink"))
            size = min(look.px(15), 0.7 * rect.height())
            draw_crown(painter, QPointF(self._value_rect(place).right() + look.px(12), rect.center().y()), size)
        if self._has_crosses() and place == self._hover and len(self._rows) > 1:
            self._paint_cross(painter, self._cross_rect(place))

    def _paint_bar(self, painter: QPainter, row: Row, rect: QRectF, zero: float) -> None:
        assert row.value is not None
        look, height = self._look, self._bar_height()
        end = self._x(row.value)
        bar = QRectF(min(zero, end), rect.center().y() - height / 2, abs(end - zero), height)
        observed = row.exact is not None
        painter.setPen(Qt.PenStyle.NoPen)
        if bar.width() > 0.4:
            shade = look.pale((row.color,), 0.75) if observed else look.option_color(row.color)
            painter.setBrush(shade if row.option >= 0 else look.color("track"))
            round_by = min(look.px(3), bar.width() / 2)
            painter.drawRoundedRect(bar, round_by, round_by)
            brush = look.option_brush(row.color)
            if brush.style() != Qt.BrushStyle.SolidPattern:
                brush.setColor(look.color("card"))
                painter.setBrush(brush)
                painter.drawRoundedRect(bar, round_by, round_by)
        if row.band > 0.0:
            self._paint_band(painter, row, rect, height)
        if row.exact is not None:
            painter.setPen(look.pen("ink", 2.0))
            x, reach = self._x(row.exact), height / 2 + min(look.px(6), 0.12 * rect.height())
            painter.drawLine(QPointF(x, rect.center().y() - reach), QPointF(x, rect.center().y() + reach))

    def _paint_band(self, painter: QPainter, row: Row, rect: QRectF, height: float) -> None:
        """Two standard errors to either side of the observed value, as an error bar."""
        assert row.value is not None
        low, high = self._x(row.value - row.band), self._x(row.value + row.band)
        if high - low < 1.5:
            return
        painter.setPen(self._look.pen("ink", 1.0))
        y, cap = rect.center().y(), 0.18 * height
        painter.drawLine(QPointF(low, y), QPointF(high, y))
        for x in (low, high):
            painter.drawLine(QPointF(x, y - cap), QPointF(x, y + cap))

    def _cross_rect(self, place: int) -> QRectF:
        rect, size = self._row_rect(place), self._look.px(22)
        return QRectF(self.width() - size - self._look.px(4), rect.center().y() - size / 2, size, size)

    def _paint_cross(self, painter: QPainter, rect: QRectF) -> None:
        painter.setPen(self._look.pen("quiet", 1.6))
        inner = rect.adjusted(rect.width() * 0.32, rect.height() * 0.32, -rect.width() * 0.32, -rect.height() * 0.32)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())

    # The mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.row_at(event.position())
        if self._handle is None or place < 0 or event.button() != Qt.MouseButton.LeftButton:
            return
        self._current = place
        row = self._rows[place]
        position = event.position()
        if row.option < 0:
            return
        if self._has_crosses() and len(self._rows) > 1 and self._cross_rect(place).contains(position):
            self.wished.emit("remove", row.option, True)
        elif self.show_swatches and position.x() < self._edge + self._swatch_width():
            self.wished.emit("choose color", row.option, True)
        elif self._on_value(place, position) and row.value is None:
            self._edit_value(place)
        elif position.x() < self._names_end():
            self._renaming = (place, position)
        elif row.value is not None:
            self._dragged = (row.option, position.x(), row.value)
            self._drag_moved = False
            # A click on the number opens it for typing, a drag that begins there moves the bar.
            self._typing = self._on_value(place, position)
        self.update()

    def _on_value(self, place: int, position: QPointF) -> bool:
        return self._value_rect(place).adjusted(-4, 0, 4, 0).contains(position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._dragged is not None:
            if self._typing and abs(position.x() - self._dragged[1]) < self._look.px(4):
                return
            self._typing = False
            self._wish_dragged(position.x(), event.modifiers(), final=False)
        elif self._renaming is not None and self.can_rename:
            self._move_row(position)
        else:
            self._point_at(position)

    def _wish_dragged(self, x: float, modifiers: Qt.KeyboardModifier, final: bool) -> None:
        assert self._dragged is not None
        assert self._handle is not None
        option, start_x, start = self._dragged
        self._drag_moved = True
        fine = 0.1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0
        value = start + fine * (x - start_x) * self._per_pixel()
        value = min(max(round(value, self._handle.decimals), self._handle.lowest), self._handle.highest)
        self.wished.emit(self._handle.wish, (option, value), final)

    def _move_row(self, position: QPointF) -> None:
        assert self._renaming is not None
        place, start = self._renaming
        if not self.can_move:
            return
        if self._moving is None and abs(position.y() - start.y()) < self._look.px(8):
            return
        target = self.row_at(position)
        source = place if self._moving is None else self._moving
        self._moving = source
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if target >= 0 and target != source and self._rows[target].option >= 0:
            self.wished.emit("move", (self._rows[source].option, self._rows[target].option), False)
            self._moving = self._current = target

    def _point_at(self, position: QPointF) -> None:
        place = self.row_at(position)
        if place != self._hover:
            self._hover = place
            if self.can_remove:
                self.update()
        if self._handle is None:
            return
        shape = Qt.CursorShape.ArrowCursor
        if place >= 0 and self._rows[place].option >= 0:
            if self._on_value(place, position):
                shape = Qt.CursorShape.IBeamCursor
            elif position.x() < self._names_end():
                shape = Qt.CursorShape.IBeamCursor if self.can_rename else Qt.CursorShape.ArrowCursor
            elif not (self._has_crosses() and self._cross_rect(place).contains(position)):
                shape = Qt.CursorShape.SizeHorCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            typing, self._typing = self._typing, False
            if not typing and (self._drag_moved or event.position().x() != self._dragged[1]):
                self._wish_dragged(event.position().x(), event.modifiers(), final=True)
            self._dragged = None
            if typing:
                self._edit_value(self._current)
            self.set_range(*self._wanted)
        elif self._moving is not None:
            option = self._rows[self._moving].option
            self.wished.emit("move", (option, option), True)
            self.unsetCursor()
        elif self._renaming is not None and self.can_rename:
            self._edit_name(self._renaming[0])
        self._renaming = self._moving = None

    def leaveEvent(self, event: QEvent) -> None:
        if self._hover != -1:
            self._hover = -1
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self._current if keyboard else self.row_at(QPointF(event.pos()))
        if 0 <= place < len(self._rows) and self._rows[place].option >= 0:
            self._current = place
            self.update()
            below = self._row_rect(place).center().toPoint()
            self.menuRequested.emit(
                self._rows[place].option, self.mapToGlobal(below) if keyboard else event.globalPos()
            )

    # The keyboard.

    def event(self, event: QEvent) -> bool:
        # Arrow keys are shortcuts of the window elsewhere; here they belong to the bars.
        if event.type() == QEvent.Type.ShortcutOverride and self._handle is not None:
            assert isinstance(event, QKeyEvent)
            if self._action_for(event) is not None:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._action_for(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def _action_for(self, event: QKeyEvent) -> Callable[[], None] | None:
        if self._handle is None or not self._rows:
            return None
        key, modifiers = event.key(), event.modifiers()
        keys = Qt.Key
        if key == keys.Key_Escape:
            return self._drop if self._dragged is not None or self._moving is not None else None
        control = modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier)
        alt = modifiers & Qt.KeyboardModifier.AltModifier
        if control:
            return None
        if alt:
            move = {keys.Key_Up: -1, keys.Key_Down: 1}.get(keys(key))
            return (lambda: self._move_current(move)) if move and self.can_rename and self.can_move else None
        walk = {keys.Key_Up: -1, keys.Key_Down: 1}.get(keys(key))
        if walk:
            return lambda: self._walk(walk)
        fine = 0.1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0
        steps = {keys.Key_Left: -fine, keys.Key_Right: fine, keys.Key_PageDown: -10.0, keys.Key_PageUp: 10.0}
        if keys(key) in steps:
            return lambda: self._step(steps[keys(key)])
        row = self._rows[self._current]
        others: dict[Qt.Key, Callable[[], None]] = {}
        if row.option >= 0:
            others = {keys.Key_Return: lambda: self._edit_value(self._current)}
            others[keys.Key_Enter] = others[keys.Key_Return]
            if self.can_rename:
                others[keys.Key_F2] = lambda: self._edit_name(self._current)
            if self.can_remove and len(self._rows) > 1:
                others[keys.Key_Delete] = lambda: self.wished.emit("remove", row.option, True)
            if self._handle.wish == "pin":
                others[keys.Key_P] = lambda: self.wished.emit("toggle pin", row.option, True)
                others[keys.Key_Delete] = lambda: self.wished.emit("pin", (row.option, None), True)
        return others.get(keys(key))

    def _drop(self) -> None:
        """Let go of a bar or a row as if it had never been taken."""
        self._dragged = self._renaming = self._moving = None
        self._typing = False
        self.unsetCursor()
        self.wished.emit("cancel drag", None, True)
        self.set_range(*self._wanted)

    def _walk(self, by: int) -> None:
        there = self._current + by
        if self.scrolls and not 0 <= there < len(self._rows):
            self.scrolled.emit(by)
        self._current = min(max(there, 0), len(self._rows) - 1)
        self.update()
        row = self._rows[self._current]
        place = f"{self._current + 1} of {len(self._rows)}"
        announce(self, f"{row.name} {row.text}{', pinned' if row.pinned else ''}, {place}")

    def _step(self, steps: float) -> None:
        row = self._rows[self._current]
        if self._handle is None or row.option < 0 or row.value is None:
            return
        value = round(row.value + steps * self._handle.step, self._handle.decimals + 1)
        value = min(max(value, self._handle.lowest), self._handle.highest)
        self.wished.emit(self._handle.wish, (row.option, value), True)

    def _move_current(self, by: int) -> None:
        target = self._current + by
        if 0 <= target < len(self._rows) and min(self._rows[self._current].option, self._rows[target].option) >= 0:
            self.wished.emit("move", (self._rows[self._current].option, self._rows[target].option), True)
            self._current = target

    def _edit_value(self, place: int) -> None:
        assert self._handle is not None
        handle, row = self._handle, self._rows[place]
        text = write_short(row.value, 4) if row.value is not None and handle.typed is float else row.text

        def done(typed: str) -> None:
            try:
                value = handle.typed(read_number(typed))
            except ValueError as error:
                self.wished.emit("complain", str(error), True)
            else:
                self.wished.emit(handle.wish, (row.option, value), True)

        self.edit(self._value_rect(place), text, done)

    def _edit_name(self, place: int) -> None:
        row = self._rows[place]
        self.edit(self._name_rect(place), row.name, lambda name: self.wished.emit("rename", (row.option, name), True))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
