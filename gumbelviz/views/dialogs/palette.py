"""The command palette: everything that the program can do, found by typing a few letters of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.command_search import Entry, search
from gumbelviz.views.dialogs.dialog import Dialog, quiet
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look

ROWS = 9
"""How many are in view at once."""
_ENTRY = Qt.ItemDataRole.UserRole
_KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class CommandPalette(Dialog):
    """A field and a list under it. Enter, or a click, takes the marked command.

    Signals
    -------
    chosen(id)
        A command was chosen; the palette has closed by then.
    """

    chosen = Signal(str)
    width_wished, height_wished = 640, 470

    def __init__(self, entries: Sequence[Entry], parent: QWidget) -> None:
        super().__init__("Commands", parent)
        self._entries = tuple(entries)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Type what you want to do")
        self.field.setAccessibleName("Search for a command")
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setProperty("role", "list")
        self._delegate = _Rows(self.list)
        self.list.setItemDelegate(self._delegate)
        self._nothing = quiet("No command is called that. Shorter words find more.")
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self._nothing)
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._take)
        self.list.itemEntered.connect(self.list.setCurrentItem)
        self.wear()
        self._filter("")
        self.field.setFocus()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        super().set_look(look)
        self.field.setMinimumHeight(look.px(36))
        self._delegate.look = look
        self.list.doItemsLayout()

    @property
    def found(self) -> tuple[str, ...]:
        """Ids of what is listed now, from the top."""
        items = (self.list.item(i) for i in range(self.list.count()))
        return tuple(item.data(_ENTRY).id for item in items)

    def _filter(self, text: str) -> None:
        found = search(self._entries, text)
        self.list.clear()
        for entry in found:
            item = QListWidgetItem(entry.name)
            item.setData(_ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (entry.name, entry.keys))))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, entry.help)
            if not entry.enabled:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self._nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        self._mark(0, 1)

    def _mark(self, row: int, step: int) -> None:
        """Mark the first command from `row` on that can be done now."""
        count = self.list.count()
        while 0 <= row < count:
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentRow(row)
                return
            row += step

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The field keeps the focus, so that one can go on typing; the arrows move the mark in the list.
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in _KEYS:
                by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: 1 - ROWS, Qt.Key.Key_PageDown: ROWS - 1}
                last = self.list.count() - 1
                self._mark(min(max(self.list.currentRow() + by[key], 0), last), 1 if by[key] > 0 else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self.list.currentItem() is not None:
                    self._take(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _take(self, item: QListWidgetItem) -> None:
        if item.flags() & Qt.ItemFlag.ItemIsEnabled:
            entry: Entry = item.data(_ENTRY)
            self.accept()
            self.chosen.emit(entry.id)


class _Rows(QStyledItemDelegate):
    """Draws a command: its name, under it where it stands and what it does, its keys at the right."""

    look = Look()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self.look.px(300), self.look.px(44))

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look, entry = self.look, index.data(_ENTRY)
        rect = QRectF(option.rect)
        marked = bool(option.state & QStyle.StateFlag.State_Selected)
        names = ("on_accent", "on_accent") if marked else ("ink", "quiet")
        if not entry.enabled:
            names = ("quiet", "quiet")
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if marked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent"))
            painter.drawRoundedRect(rect, look.px(6), look.px(6))
        inner = rect.adjusted(look.px(12), look.px(4), -look.px(12), -look.px(4))
        right = inner.right()
        if entry.keys:
            font = look.font(13)
            width = QFontMetricsF(font).horizontalAdvance(entry.keys) + look.px(14)
            key = QRectF(right - width, inner.center().y() - look.px(11), width, look.px(22))
            painter.setPen(QPen(look.color(names[1] if marked else "line"), 1.0))
            painter.setBrush(look.color("accent" if marked else "window"))
            painter.drawRoundedRect(key, look.px(5), look.px(5))
            painter.setFont(font)
            painter.setPen(look.color(names[1]))
            painter.drawText(key, Qt.AlignmentFlag.AlignCenter, entry.keys)
            right = key.left() - look.px(10)
        name = ("✓ " if entry.checked else "") + entry.name
        second = f"{entry.place} · {entry.help}" if entry.help else entry.place
        if not entry.enabled:
            second += " · not now"
        half = inner.height() / 2.0
        for text, size, bold, color, top in (
            (name, 15, True, names[0], inner.top()),
            (second, 13, False, names[1], inner.top() + half),
        ):
            font = look.font(size, bold)
            painter.setFont(font)
            painter.setPen(look.color(color))
            room = right - inner.left()
            shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(inner.left(), top, room, half), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()
