"""Predict, then reveal: the question of a step, bars or answers to choose from, and what came."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout

from gumbelviz.model.settings import Option
from gumbelviz.views.lecture.ghost_bars import GhostBars, Outcome
from gumbelviz.views.lecture.prose import Prose
from gumbelviz.views.look import Look

MARK = {"right": "✓ ", "wrong": "✗ ", "": ""}


class Answer(QPushButton):
    """One answer that can be picked: its number on the keyboard, and its words on as many lines as they need."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.setProperty("role", "answer")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.words = Prose(17.5, plain=True)
        self.words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.words)
        self._text = ""
        self._verdict = ""
        self._high = 0

    def show_text(self, text: str, verdict: str = "") -> None:
        """Show the words, and ``"right"``, ``"wrong"`` or nothing of them."""
        self._text, self._verdict = text, verdict
        self.words.set_text(f"{MARK[verdict]}{self.number}   {text}")
        self.words.set_color({"right": "good", "wrong": "bad"}.get(verdict, "ink"))
        spoken = {"right": ", right", "wrong": ", wrong"}.get(verdict, "")
        self.setAccessibleName(f"Answer {self.number}: {text}{spoken}")

    def fit(self, width: int, look: Look) -> int:
        """Take the height that the words need."""
        side, over = look.px(14), look.px(9)
        self._column.setContentsMargins(side, over, side, over)
        self._high = self.words.fit(width - 2 * side, look.px(110)) + 2 * over
        self.updateGeometry()
        return self._high

    def sizeHint(self) -> QSize:
        # Not as a fixed height: the style sheet of a button takes the lower end of that away.
        return QSize(1, self._high)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class QuestionPanel(QFrame):
    """Stands beside the page while there is a question.

    Signals
    -------
    predicted(percents)
        Bars were moved.
    picked(place)
        An answer was picked, counted from 0.
    asked(command)
        ``"reveal"``.
    """

    predicted = Signal(object)
    picked = Signal(int)
    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.setProperty("role", "question")
        self.head = Prose(14.5, bold=True, color="accent", plain=True)
        self.question = Prose(20, bold=True, plain=True)
        self.bars = GhostBars()
        self.answers: tuple[Answer, ...] = ()
        self.verdict = Prose(17.5, bold=True, plain=True)
        self.after = Prose(16.5, plain=True)
        self.reveal = QPushButton("Reveal")
        self.reveal.setProperty("role", "reveal")
        self.reveal.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reveal.clicked.connect(lambda: self.asked.emit("lecture reveal"))
        self.bars.predicted.connect(self.predicted)
        self._answer_column = QVBoxLayout()
        self._answer_column.setContentsMargins(0, 0, 0, 0)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.head)
        self._column.addWidget(self.question)
        self._column.addWidget(self.bars, 1)
        self._column.addLayout(self._answer_column)
        self._column.addWidget(self.verdict)
        self._column.addWidget(self.after)
        self._column.addWidget(self.reveal)
        self._column.addStretch(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._column.setContentsMargins(look.px(20), look.px(16), look.px(20), look.px(16))
        self._column.setSpacing(look.px(10))
        self._answer_column.setSpacing(look.px(8))
        self._fit()

    # What is asked.

    def ask(self, question: str, options: tuple[Option, ...], answers: tuple[str, ...]) -> None:
        """Ask anew: bars for `options`, or buttons for `answers`; neither where only to reveal is left."""
        self.head.set_text("Predict first")
        self.question.set_text(question)
        self.bars.show_options(options)
        self.bars.setVisible(bool(options))
        for old in self.answers:
            self._answer_column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.answers = tuple(Answer(i + 1) for i in range(len(answers)))
        for i, (button, text) in enumerate(zip(self.answers, answers, strict=True)):
            button.show_text(text)
            button.words.set_look(self._look)
            button.clicked.connect(lambda _checked=False, i=i: self.picked.emit(i))
            self._answer_column.addWidget(button)
        self.verdict.set_text("")
        self.after.set_text("")
        self.reveal.setVisible(True)
        self._fit()

    def show_words(self, question: str, answers: tuple[str, ...]) -> None:
        """Show the same question with newer numbers in it."""
        changed = self.question.set_text(question)
        for button, text in zip(self.answers, answers, strict=True):
            if text != button._text:
                button.show_text(text, button._verdict)
                changed = True
        if changed:
            self._fit()

    def show_picked(self, picked: int | None, right: int | None) -> None:
        """Mark the answer that was picked and, where it is revealed, the right one."""
        for i, button in enumerate(self.answers):
            button.setChecked(i == picked)
            verdict = "" if right is None else "right" if i == right else "wrong" if i == picked else ""
            button.show_text(button._text, verdict)
            button.setEnabled(right is None)
        self._fit()

    def show_revealed(self, verdict: str, after: str) -> None:
        """Say how near the prediction was, and what to learn from it."""
        self.head.set_text("Predicted, and revealed")
        if self.reveal.isVisibleTo(self):
            self.reveal.setVisible(False)
        if self.verdict.set_text(verdict) | self.after.set_text(after):
            self._fit()

    def show_outcomes(self, outcomes: tuple[Outcome, ...] | None) -> None:
        """Show exact chances and what was seen so far."""
        self.bars.show_outcomes(outcomes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        look = self._look
        inner = self.width() - 2 * look.px(20) - 2
        # Shares of the height, so that the bars always keep the greater part.
        height = max(self.height(), look.px(200))
        for part, share in ((self.head, 0.1), (self.question, 0.3), (self.verdict, 0.24), (self.after, 0.34)):
            part.setVisible(bool(part.text))
            part.fit(inner, round(share * height))
        for button in self.answers:
            button.fit(inner, look)
