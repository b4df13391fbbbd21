"""The Lecture dock: where a lecture of one's own is made. Layout only; every change is a wish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.views.lecture.dock_picture import PictureTab
from gumbelviz.views.lecture.dock_style import dock_style
from gumbelviz.views.lecture.dock_task import TaskTab
from gumbelviz.views.lecture.dock_words import WordsTab
from gumbelviz.views.lecture.step_list import StepList
from gumbelviz.views.look import Look

if TYPE_CHECKING:
    from gumbelviz.model.lecture_draft import Draft

MOST_LEAST = 460
"""The dock may be made as narrow as this, however large the type is."""
FILES = (
    ("new", "New", "Begin another lecture"),
    ("open", "Open…", "Open the file of a lecture"),
    ("save", "Save", "Save the lecture as one file"),
    ("play", "Play", "Present from this step on"),
)
STEPS = (
    ("capture", "Capture", "Add a step with the present state, after this one"),
    ("retake", "Retake", "Give this step the present state; its words stay"),
    ("visit", "Go there", "Open the state of this step as the document"),
    ("duplicate", "Copy", "Put a copy of this step after it"),
    ("remove", "Delete", "Take this step away"),
    ("undo", "Undo", "Take the newest change of the lecture back"),
    ("redo", "Redo", "Do again what was taken back"),
)


class LectureDock(QDockWidget):
    """Files above, the list of steps, and three tabs for the step in front.

    Signals
    -------
    wished(name, value)
        A person wants the lecture changed, opened, saved or played.
    """

    wished = Signal(str, object)

    def __init__(self) -> None:
        super().__init__("Lecture")
        self._look = Look()
        self.setObjectName("lecture dock")
        features = QDockWidget.DockWidgetFeature
        self.setFeatures(features.DockWidgetClosable | features.DockWidgetMovable)
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.buttons = {name: self._button(name, words, tip) for name, words, tip in (*FILES, *STEPS)}
        self.title = QLineEdit()
        self.title.setAccessibleName("Title of the lecture")
        self.title.setProperty("role", "strong")
        self.steps = StepList()
        self.words, self.picture, self.task = WordsTab(), PictureTab(), TaskTab()
        self.tabs = QTabWidget()
        rolls = QScrollArea()
        rolls.setWidgetResizable(True)
        rolls.setFrameShape(QFrame.Shape.NoFrame)
        rolls.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rolls.setWidget(self.task)
        rolls.viewport().setAutoFillBackground(False)
        self.task.setAutoFillBackground(False)
        tabs: tuple[tuple[QWidget, str], ...] = (
            (self.words, "Words"), (self.picture, "Picture"), (rolls, "Task and question")
        )  # fmt: skip
        for tab, name in tabs:
            self.tabs.addTab(tab, name)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self._advice = QLabel()
        self._advice.setTextFormat(Qt.TextFormat.PlainText)
        self._advice.setWordWrap(True)
        self._advice.setProperty("role", "bad")
        body = QWidget()
        body.setObjectName("lecture")
        files = QHBoxLayout()
        for name, *_ in FILES:
            files.addWidget(self.buttons[name])
        rows = QGridLayout()
        for place, (name, *_) in enumerate(STEPS):
            # Three that take a state, four that deal with steps: on a grid of twelve.
            row, across = (0, 4) if place < 3 else (1, 3)
            rows.addWidget(self.buttons[name], row, across * (place if row == 0 else place - 3), 1, across)
        column = QVBoxLayout(body)
        column.addLayout(files)
        column.addWidget(self.title)
        column.addWidget(self.steps, 4)
        column.addLayout(rows)
        column.addWidget(self.tabs, 9)
        column.addWidget(self._advice)
        self._column, self._lines = column, (files, rows)
        self.setWidget(body)
        self.title.textEdited.connect(lambda text: self.wished.emit("lecture title", text))
        for part in (self.steps, self.words, self.picture, self.task):
            part.wished.connect(self.wished)

    def _button(self, name: str, words: str, tip: str) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("role", "primary" if name == "capture" else "compact")
        button.setToolTip(tip)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.wished.emit(name, None))
        return button

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setStyleSheet(dock_style(look))
        gap = look.px(10)
        self._column.setContentsMargins(gap, gap, gap, gap)
        self._column.setSpacing(look.px(8))
        for line in self._lines:
            line.setSpacing(look.px(5))
        self.setMinimumWidth(min(look.px(340), MOST_LEAST))

    def show_draft(self, draft: Draft, name: str, edited: bool, undo: bool, redo: bool) -> None:
        """Show what is being written, and whether that was saved."""
        self.setWindowTitle(f"Lecture: {name}{' — edited' if edited else ''}")
        if self.title.text() != draft.title:
            self.title.setText(draft.title)
        titles = tuple(f"{step.title}" for step in draft.steps)
        self.steps.show_steps(titles, draft.place)
        there = draft.step is not None
        for button in ("play", "retake", "visit", "duplicate", "remove"):
            self.buttons[button].setEnabled(there)
        self.buttons["save"].setEnabled(there)
        self.buttons["undo"].setEnabled(undo)
        self.buttons["redo"].setEnabled(redo)

    def show_step(self, draft: Draft, preview: str, state: str, advice: str) -> None:
        """Show the step in front; `advice` is a sentence where something in it is wrong."""
        self.words.show_step(draft.step, preview)
        self.picture.show_step(draft.step, state)
        self.task.show_step(draft.step)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))

    @property
    def advice(self) -> str:
        """What is wrong with the step in front, in a sentence."""
        return self._advice.text()
