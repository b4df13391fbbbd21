"""The numbers behind the pictures, as tables: read, walked through with the arrow keys, copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QListWidget,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.number_table import Cell, NumberTable, copy_rows, write_cell
from gumbelviz.views.look import Look
from gumbelviz.views.spoken import announce

if TYPE_CHECKING:
    from typing import Any

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROLES = Qt.ItemDataRole
WAITING = "The numbers of this page are still being worked out."


class _Model(QAbstractTableModel):
    """One `NumberTable`."""

    def __init__(self) -> None:
        super().__init__()
        self.table: NumberTable | None = None

    def show(self, table: NumberTable | None) -> None:
        """Show another table."""
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if self.table is None or parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if self.table is None or parent.isValid() else len(self.table.columns)

    def cell(self, index: Index) -> Cell:
        """Return what stands in a cell."""
        return None if self.table is None else self.table.rows[index.row()][index.column()]

    def data(self, index: Index, role: int = _ROLES.DisplayRole) -> Any:
        if self.table is None or not index.isValid():
            return None
        cell = self.cell(index)
        if role == _ROLES.DisplayRole:
            return write_cell(cell)
        if role == _ROLES.AccessibleTextRole:
            return f"{self.table.columns[index.column()]}: {write_cell(cell) or 'not known'}"
        if role == _ROLES.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if isinstance(cell, str) else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLES.DisplayRole) -> Any:
        if self.table is None or orientation != Qt.Orientation.Horizontal or section >= len(self.table.columns):
            return None
        if role in (_ROLES.DisplayRole, _ROLES.ToolTipRole):
            return self.table.columns[section]
        if role == _ROLES.TextAlignmentRole:
            text = bool(self.table.rows) and isinstance(self.table.rows[0][section], str)
            return (Qt.AlignmentFlag.AlignLeft if text else Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter
        return None


class NumbersView(QTableView):
    """A table that the keyboard walks through, and that Ctrl+C copies."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = _Model()
        self.setModel(self.numbers)
        self.setAccessibleName("Numbers")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.horizontalHeader().setHighlightSections(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the chosen cells on the clipboard; all of them where no more than one is chosen."""
        table, chosen = self.numbers.table, self.selectionModel().selectedIndexes()
        if table is None:
            return
        columns, rows = table.columns, table.rows
        if len(chosen) > 1:
            across, down = [index.column() for index in chosen], [index.row() for index in chosen]
            kept = slice(min(across), max(across) + 1)
            columns = columns[kept]
            rows = tuple(row[kept] for row in rows[min(down) : max(down) + 1])
        QGuiApplication.clipboard().setText(copy_rows(columns, rows))
        announce(self, f"{len(rows)} rows copied")


class NumbersWindow(QDialog):
    """A list of the pictures of the page, the sentence of one, and its numbers.

    Signals
    -------
    refreshed()
        The newest numbers are asked for.
    """

    refreshed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._tables: tuple[NumberTable, ...] = ()
        self._chosen = ""
        self.setWindowTitle("Numbers")
        self.setAccessibleName("Numbers behind the pictures")
        self._list = QListWidget()
        self._list.setAccessibleName("Pictures of the page")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.currentRowChanged.connect(self._choose)
        self._sentence = _label("ink")
        self._sentence.setMinimumHeight(1)
        self._remark = _label("quiet")
        self.view = NumbersView()
        self._moment = _label("quiet")
        self._moment.setWordWrap(False)
        self._refresh, self._copy, self._close = (QPushButton(words) for words in ("&Refresh", "&Copy table", "Close"))
        self._refresh.setToolTip("Show the newest numbers; they come by themselves when the stream is paused (F5)")
        self._copy.setToolTip("Put all numbers on the clipboard, for a spreadsheet. Ctrl+C copies the chosen cells.")
        self._refresh.clicked.connect(self.refreshed)
        self._copy.clicked.connect(self._copy_all)
        self._close.clicked.connect(self.close)
        for button in (self._refresh, self._copy, self._close):
            button.setAutoDefault(False)
            button.setAccessibleDescription(button.toolTip())
        self._lay_out()

    def _lay_out(self) -> None:
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self._moment, 1)
        for button in (self._refresh, self._copy, self._close):
            self._buttons.addWidget(button)
        self._right = QVBoxLayout()
        self._right.addWidget(self._sentence)
        self._right.addWidget(self.view, 1)
        self._right.addWidget(self._remark)
        self._right.addLayout(self._buttons)
        self._line = QHBoxLayout(self)
        self._line.addWidget(self._list)
        self._line.addLayout(self._right, 1)
        # Like the window it belongs to, it may be made as small as a person likes.
        self._line.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(420, 260)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._line.setContentsMargins(look.px(14), look.px(14), look.px(14), look.px(14))
        for layout in (self._line, self._right, self._buttons):
            layout.setSpacing(look.px(10))
        self._list.setFixedWidth(look.px(276))
        self.view.verticalHeader().setDefaultSectionSize(look.px(26))
        self.view.verticalHeader().setMinimumSectionSize(look.px(20))
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(1100), self._look.px(580))

    @property
    def tables(self) -> tuple[NumberTable, ...]:
        """What there is to choose from."""
        return self._tables

    @property
    def table(self) -> NumberTable | None:
        """The table that is shown."""
        return self.view.numbers.table

    def choose(self, id: str) -> None:
        """Show the table of that name, where there is one."""
        row = next((row for row, table in enumerate(self._tables) if table.id == id), -1)
        if row >= 0:
            self._list.setCurrentRow(row)

    def show_tables(self, page: str, tables: tuple[NumberTable, ...], moment: str) -> None:
        """Show the tables of a page; the one that was chosen stays, and so does the place in it."""
        self._moment.setText(moment)
        self.setWindowTitle(f"Numbers – {page}")
        chosen = self._chosen
        if [table.title for table in tables] != [table.title for table in self._tables]:
            self._list.blockSignals(True)
            self._list.clear()
            self._list.addItems([table.title for table in tables])
            self._list.blockSignals(False)
        self._tables = tables
        row = next((row for row, table in enumerate(tables) if table.id == chosen), 0)
        self._list.blockSignals(True)
        self._list.setCurrentRow(row if tables else -1)
        self._list.blockSignals(False)
        self._choose(row if tables else -1)

    def _choose(self, row: int) -> None:
        table = self._tables[row] if 0 <= row < len(self._tables) else None
        before, here = self.view.numbers.table, self.view.currentIndex()
        place = here.row(), here.column()
        scrolled = self.view.verticalScrollBar().value(), self.view.horizontalScrollBar().value()
        same = before is not None and table is not None and (before.id, before.columns) == (table.id, table.columns)
        self._sentence.setText(table.sentence if table is not None else WAITING)
        self._remark.setText(table.remark if table is not None else "")
        self._remark.setVisible(bool(table is not None and table.remark))
        self.view.numbers.show(table)
        self.view.setAccessibleName(table.title if table is not None else "Numbers")
        self.view.setAccessibleDescription(table.sentence if table is not None else "")
        self._copy.setEnabled(table is not None)
        if table is None:
            return
        self._chosen = table.id
        self._fit()
        if same and place[0] >= 0:
            index = self.view.numbers.index(min(place[0], len(table.rows) - 1), place[1])
            self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.view.verticalScrollBar().setValue(scrolled[0])
            self.view.horizontalScrollBar().setValue(scrolled[1])
        elif table.rows:
            self.view.setCurrentIndex(self.view.numbers.index(0, 0))

    def _fit(self) -> None:
        """Columns as wide as their headings and their first numbers; the first may be a long name."""
        table = self.view.numbers.table
        if table is None:
            return
        metrics = QFontMetricsF(self._look.font(15))
        pad, most = self._look.px(26), self._look.px(300)
        for column, heading in enumerate(table.columns):
            words = [heading, *(write_cell(row[column]) for row in table.rows[:60])]
            widest = max(metrics.horizontalAdvance(text) for text in words)
            self.view.setColumnWidth(column, min(round(widest) + pad, most))

    def _copy_all(self) -> None:
        self.view.clearSelection()
        self.view.copy()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F5:
            self.refreshed.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.view.copy()
        else:
            super().keyPressEvent(event)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    # Names come from strangers.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
