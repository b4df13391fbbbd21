"""The list of a lecture's steps: a click chooses, a double click renames, dragging or Alt + Up, Down reorders."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem


class StepList(QListWidget):
    """One line per step.

    Signals
    -------
    wished(name, value)
        ``"choose"`` with a place, ``"rename"`` with ``(place, title)``, ``"move"`` with ``(from, to)``, ``"remove"``.
    """

    wished = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Steps of the lecture")
        self.setToolTip("Drag a step, or press Alt with Up or Down, to move it; F2 renames, Delete takes it away")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.currentRowChanged.connect(self._chosen)
        self.itemChanged.connect(self._renamed)

    def show_steps(self, titles: tuple[str, ...], place: int) -> None:
        """Show these titles, of which the one at `place` is in front."""
        self.blockSignals(True)
        while self.count() > len(titles):
            self.takeItem(self.count() - 1)
        while self.count() < len(titles):
            item = QListWidgetItem()
            flags = Qt.ItemFlag
            item.setFlags(
                flags.ItemIsSelectable | flags.ItemIsEditable | flags.ItemIsEnabled | flags.ItemIsDragEnabled
            )
            self.addItem(item)
        for row, title in enumerate(titles):
            item = self.item(row)
            if item.text() != title:
                item.setText(title)
        if self.currentRow() != place:
            self.setCurrentRow(place)
        self.blockSignals(False)

    def _chosen(self, row: int) -> None:
        if row >= 0:
            self.wished.emit("choose", row)

    def _renamed(self, item: QListWidgetItem) -> None:
        self.wished.emit("rename", (self.row(item), item.text()))

    def dropEvent(self, event: QDropEvent) -> None:
        # The list is told its new order by whoever holds the steps; Qt moving items by itself would know better.
        source = self.currentRow()
        below = self.indexAt(event.position().toPoint())
        target = below.row() if below.isValid() else self.count()
        if below.isValid() and event.position().y() > self.visualRect(below).center().y():
            target += 1
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self.drop(source, target)

    def drop(self, source: int, gap: int) -> None:
        """A step was dropped into the gap before the line `gap`."""
        target = gap - 1 if gap > source else gap
        if source >= 0 and target != source:
            self.wished.emit("move", (source, target))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, key = self.currentRow(), event.key()
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            target = row + (1 if key == Qt.Key.Key_Down else -1)
            if 0 <= target < self.count():
                self.wished.emit("move", (row, target))
        elif key == Qt.Key.Key_Delete and row >= 0:
            self.wished.emit("remove", None)
        else:
            super().keyPressEvent(event)
