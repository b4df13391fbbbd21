"""The words over a presented page: a title, a few sentences, and what to do, with a tick once it was done."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout

from gumbelviz.views.lecture.prose import Prose
from gumbelviz.views.look import Look

TITLE_SHARE, WORDS_SHARE, TASK_SHARE = 0.12, 0.17, 0.075
"""The most that each may take of the height of the screen."""
TO_DO, DONE = "○", "✓"


class Head(QFrame):
    """Title, words and task, one under the other."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._done = False
        self._task_text = ""
        self._room = (1, 1)
        self.title = Prose(32, bold=True, plain=True)
        self.words = Prose(20, color="quiet")
        self.task = Prose(17.5, bold=True, color="accent", plain=True)
        self.note = Prose(17.5, color="ink", plain=True)
        self._column = QVBoxLayout(self)
        for part in (self.title, self.words, self.task, self.note):
            self._column.addWidget(part)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._column.setContentsMargins(look.px(32), look.px(18), look.px(32), look.px(4))
        self._column.setSpacing(look.px(6))
        self._fit()

    def fit(self, width: int, height: int) -> None:
        """Lay the words out for a screen of this size."""
        self._room = (width, height)
        self._fit()

    def show_words(self, title: str, words: str, task: str, note: str = "") -> None:
        """Show the words of a step; each may be empty but the title."""
        changed = self.title.set_text(title)
        changed |= self.words.set_text(words)
        self._task_text = task
        changed |= self._show_task()
        changed |= self.note.set_text(note)
        if changed:
            self._fit()

    def show_done(self, done: bool) -> None:
        """Tick the task, or not."""
        self._done = done
        self._show_task()
        self.task.set_color("good" if done else "accent")

    def _show_task(self) -> bool:
        if not self._task_text:
            return self.task.set_text("")
        changed = self.task.set_text(f"{DONE if self._done else TO_DO}  {self._task_text}")
        self.task.setAccessibleName(f"{'Done' if self._done else 'To do'}: {self._task_text}")
        return changed

    def _fit(self) -> None:
        width, height = self._room
        inner = width - 2 * self._look.px(32)
        for part, share in (
            (self.title, TITLE_SHARE), (self.words, WORDS_SHARE), (self.task, TASK_SHARE), (self.note, TASK_SHARE),
        ):  # fmt: skip
            part.setVisible(bool(part.text))
            part.fit(inner, round(share * height))
