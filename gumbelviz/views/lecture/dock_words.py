"""The first tab of the Lecture dock: title, words and notes of a step, and how the words will look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from gumbelviz.views.lecture.prose import Prose
from gumbelviz.views.look import Look

if TYPE_CHECKING:
    from gumbelviz.model.lecture import Step


class WordsTab(QWidget):
    """Plain text fields; nothing that is typed has a meaning before it is shown.

    Signals
    -------
    wished(name, value)
        ``"title"``, ``"words"``, ``"notes"`` with a text.
    """

    wished = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.title = QLineEdit()
        self.title.setAccessibleName("Title of the step")
        self.words, self.notes = QPlainTextEdit(), QPlainTextEdit()
        self.words.setAccessibleName("Words of the step, in Markdown")
        self.words.setPlaceholderText("A few short sentences in Markdown, such as **bold** or *italic*")
        self.notes.setAccessibleName("Notes for the speaker, in Markdown")
        self.notes.setPlaceholderText("For the speaker’s window alone")
        for editor in (self.words, self.notes):
            editor.setTabChangesFocus(True)
        self.preview = Prose(17)
        self._frame = QFrame()
        self._frame.setProperty("role", "card")
        inner = QVBoxLayout(self._frame)
        inner.addWidget(self.preview)
        inner.addStretch(1)
        self._inner = inner
        self._column = QVBoxLayout(self)
        for label, widget, stretch in (
            ("Title", self.title, 0), ("Words", self.words, 5), ("As it will be read", self._frame, 4),
            ("Notes", self.notes, 3),
        ):  # fmt: skip
            caption = QLabel(label)
            caption.setProperty("role", "small")
            self._column.addWidget(caption)
            self._column.addWidget(widget, stretch)
        self.title.textEdited.connect(lambda text: self.wished.emit("title", text))
        self.words.textChanged.connect(lambda: self.wished.emit("words", self.words.toPlainText()))
        self.notes.textChanged.connect(lambda: self.wished.emit("notes", self.notes.toPlainText()))

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._column.setContentsMargins(0, look.px(8), 0, 0)
        self._column.setSpacing(look.px(4))
        self._inner.setContentsMargins(look.px(10), look.px(8), look.px(10), look.px(8))
        for editor in (self.words, self.notes):
            editor.setMinimumHeight(look.px(56))
        self._frame.setMinimumHeight(look.px(56))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        inset = 2 * self._look.px(10) + 4
        self.preview.fit(max(self._frame.width() - inset, 40), max(self._frame.height() - inset, 20))

    def show_step(self, step: Step | None, preview: str) -> None:
        """Show a step, and its words made harmless; fields that already say so keep their cursor."""
        title, words, notes = ("", "", "") if step is None else (step.title, step.words, step.notes)
        if self.title.text() != title:
            self.title.setText(title)
        for editor, text in ((self.words, words), (self.notes, notes)):
            if editor.toPlainText() != text:
                editor.blockSignals(True)
                editor.setPlainText(text)
                editor.blockSignals(False)
        if self.preview.set_text(preview):
            self._fit()
        self.setEnabled(step is not None)
