"""The second tab of the Lecture dock: which parts of the page a step shows and points at, and which controls remain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gumbelviz.model.page_parts import controls_of, parts_of, view_of
from gumbelviz.views.controls.check_box import CheckBox
from gumbelviz.views.look import Look

if TYPE_CHECKING:
    from gumbelviz.model.lecture import Step


class PictureTab(QScrollArea):
    """Boxes to tick, from the tables of the page.

    Signals
    -------
    wished(name, value)
        ``"parts"``, ``"highlight"`` or ``"controls"`` with ``(id, on)``.
    """

    wished = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._table: tuple[str, str] = ("", "")
        self.boxes: dict[tuple[str, str], CheckBox] = {}
        self._state = QLabel()
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setWordWrap(True)
        self._grid_holder = QWidget()
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.addWidget(self._state)
        self._column.addWidget(self._grid_holder)
        self._column.addStretch(1)
        self._grid = QGridLayout(self._grid_holder)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(holder)
        holder.setAutoFillBackground(False)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._column.setContentsMargins(0, look.px(8), look.px(6), 0)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(look.px(3))
        self._grid.setHorizontalSpacing(look.px(8))

    def show_step(self, step: Step | None, state: str) -> None:
        """Show what is ticked for a step, whose state `state` tells in a sentence."""
        self._state.setText(state)
        self._grid_holder.setVisible(step is not None)
        if step is None:
            return
        page = step.scene.page
        table = page, view_of(step.scene.settings, page)
        if table != self._table:
            self._table = table
            self._build(*table)
        for (field, name), box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(name in getattr(step, field))
            box.blockSignals(False)

    def _build(self, page: str, view: str) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = {}
        self._head(0, "Shown; none ticked is all", "point at")
        row = 1
        for part in parts_of(page, view):
            self._box("parts", part.id, part.title, row, 0)
            self._box("highlight", part.id, "", row, 1).setAccessibleName(f"Point at {part.title}")
            row += 1
        self._head(row, "Controls that remain", "")
        for control in controls_of(page, view):
            row += 1
            self._box("controls", control.id, control.title, row, 0)
        self._grid.setColumnStretch(0, 1)

    def _head(self, row: int, words: str, right: str) -> None:
        for column, text in enumerate((words, right)):
            label = QLabel(text)
            label.setProperty("role", "small")
            self._grid.addWidget(label, row, column)

    def _box(self, field: str, name: str, words: str, row: int, column: int) -> CheckBox:
        box = CheckBox(words, words, "")
        box.set_look(self._look)
        box.toggled.connect(lambda on: self.wished.emit(field, (name, on)))
        self._grid.addWidget(box, row, column)
        self.boxes[field, name] = box
        return box
