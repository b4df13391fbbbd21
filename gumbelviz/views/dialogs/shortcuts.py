"""The shortcut sheet: every command that has a key, by menu, and the keys of the controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gumbelviz.views.dialogs.dialog import Dialog, Scrolled, button, heading
from gumbelviz.views.look import Look

CONTROL_KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "On a slider",
        (
            ("← →", "move it"),
            ("Page Up, Page Down", "move it further"),
            ("Home, End", "to its ends"),
        ),
    ),
    (
        "In a field",
        (
            ("↑ ↓", "one step"),
            ("Enter", "take the number"),
            ("Esc", "leave it as it was"),
        ),
    ),
    (
        "On a bar chart",
        (
            ("↑ ↓", "choose a bar"),
            ("← →", "move it, with Shift finely"),
            ("Enter", "type its number"),
            ("F2", "rename the option"),
            ("Delete", "remove it, or unpin its noise"),
            ("Alt+↑, Alt+↓", "move it in the list"),
            ("P", "pin its noise"),
        ),
    ),
)
"""What the controls answer to while they have the focus: not commands, so not in the table of commands."""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading, and rows of keys and words."""

    title: str
    rows: tuple[tuple[str, str], ...]


class ShortcutSheet(Dialog):
    """All keys at a glance, in as many columns as fit."""

    width_wished, height_wished = 1200, 720

    def __init__(self, groups: Sequence[Group], parent: QWidget) -> None:
        super().__init__("Keyboard shortcuts", parent)
        self._cards = [_Card(group) for group in groups]
        inside = QWidget()
        self._columns = QHBoxLayout(inside)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._lines: list[QVBoxLayout] = []
        self._count = 0
        self.close_button = button("&Close", role="primary")
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.addWidget(heading("Keyboard shortcuts"))
        self._scrolled = Scrolled(inside)
        self._scrolled.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scrolled.setAccessibleName("Keyboard shortcuts")
        column.addWidget(self._scrolled, 1)
        column.addLayout(foot)
        self.wear()
        self.close_button.setFocus()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        super().set_look(look)
        self._columns.setSpacing(look.px(14))
        for line in self._lines:
            line.setSpacing(look.px(14))
        self._count = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Deal the cards out to as many columns as there is room for, the next one to the shortest."""
        wide = max((card.sizeHint().width() for card in self._cards), default=1)
        room = self.width() - 3 * self.look.px(22)
        count = max(min(room // max(wide + self.look.px(14), 1), 3), 1)
        if count == self._count:
            return
        self._count = count
        for line in self._lines:
            while line.count():
                line.takeAt(0)
            self._columns.removeItem(line)
            line.deleteLater()
        self._lines = [QVBoxLayout() for _ in range(count)]
        heights = [0] * count
        for line in self._lines:
            line.setSpacing(self.look.px(14))
            self._columns.addLayout(line, 1)
        for card in self._cards:
            shortest = heights.index(min(heights))
            heights[shortest] += card.sizeHint().height()
            self._lines[shortest].addWidget(card)
        for line in self._lines:
            line.addStretch(1)


class _Card(QFrame):
    """One group of keys."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._grid = QGridLayout(self)
        self._grid.addWidget(heading(group.title), 0, 0, 1, 2)
        for i, (keys, words) in enumerate(group.rows, 1):
            key, text = QLabel(keys), QLabel(words)
            for label, role in ((key, "key"), (text, "")):
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setProperty("role", role)
            text.setWordWrap(True)
            text.setAccessibleName(f"{words}: {keys}")
            self._grid.addWidget(text, i, 0)
            self._grid.addWidget(key, i, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.setColumnStretch(0, 1)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._grid.setContentsMargins(look.px(16), look.px(12), look.px(16), look.px(14))
        self._grid.setVerticalSpacing(look.px(6))
        self._grid.setHorizontalSpacing(look.px(14))
