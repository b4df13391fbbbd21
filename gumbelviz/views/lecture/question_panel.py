"""Predict, then reveal: the question of a step, bars or answers to choose from, and what came."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

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
    """Stands beside or below the page while there is a question.

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
        self._ask, self._choose, self._learn = QWidget(), QWidget(), QWidget()
        self._answer_column = QVBoxLayout()
        self._answer_column.setContentsMargins(0, 0, 0, 0)
        self._columns = [_column(part) for part in (self._ask, self._choose, self._learn)]
        ask, choose, learn = self._columns
        ask.addWidget(self.head)
        ask.addWidget(self.question)
        choose.addWidget(self.bars, 1)
        choose.addLayout(self._answer_column)
        choose.addWidget(self.reveal)
        learn.addWidget(self.verdict)
        learn.addWidget(self.after)
        self._grid = QGridLayout(self)
        self.below = True
        """Stands below the page rather than beside it."""
        self.set_below(False)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        over = look.px(10 if self.below else 16)
        side = look.px(32 if self.below else 20)
        self._grid.setContentsMargins(side, over, side, over)
        self._grid.setHorizontalSpacing(look.px(32))
        self._grid.setVerticalSpacing(look.px(10))
        for column in self._columns:
            column.setSpacing(look.px(10))
        self._answer_column.setSpacing(look.px(8))
        self._fit()

    def set_below(self, below: bool) -> None:
        """Stand below the page, as wide as it, or beside it, as high."""
        if below == self.below:
            return
        self.below = below
        for part in (self._ask, self._choose, self._learn):
            self._grid.removeWidget(part)
        self._grid.addWidget(self._ask, 0, 0)
        if below:
            self._grid.addWidget(self._learn, 1, 0)
            self._grid.addWidget(self._choose, 0, 1, 2, 1)
        else:
            self._grid.addWidget(self._choose, 1, 0)
            self._grid.addWidget(self._learn, 2, 0)
        self._grid.setColumnStretch(0, 2 if below else 1)
        self._grid.setColumnStretch(1, 3 if below else 0)
        self.setProperty("below", "true" if below else "false")
        self.style().unpolish(self)
        self.style().polish(self)
        self.set_look(self._look)

    def wanted_height(self, width: int, most: int) -> int:
        """Return how high the panel should be below a page of this width; `most` at the most."""
        look = self._look
        bars = len(self.bars.bars) * look.px(38) if self.bars.bars else 0
        inner = round((width - 3 * look.px(32)) * 0.6)
        answers = sum(button.fit(inner, look) + look.px(8) for button in self.answers)
        # As high before it is revealed as after, so that nothing moves when it is.
        words = look.px(160)
        return min(max(bars + look.px(48), answers + look.px(48), words) + 2 * look.px(10), most)

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
        look, grid = self._look, self._grid.contentsMargins()
        inner = self.width() - grid.left() - grid.right()
        # Shares of the height, so that what is to be moved keeps its part.
        height = max(self.height() - grid.top() - grid.bottom(), look.px(150))
        shares = (0.12, 0.42, 0.3, 0.36) if self.below else (0.1, 0.26, 0.24, 0.34)
        left = round((inner - look.px(32)) * 0.4) if self.below else inner
        for part, share in zip((self.head, self.question, self.verdict, self.after), shares, strict=True):
            part.setVisible(bool(part.text))
            part.fit(left, round(share * height))
        # Bars take what room there is; answers and words stand at the top.
        bars = bool(self.bars.bars)
        self._grid.setRowStretch(0, int(self.below))
        self._grid.setRowStretch(1, int(bars and not self.below))
        self._grid.setRowStretch(2, int(not bars and not self.below))
        for button in self.answers:
            button.fit(inner - left - look.px(32) if self.below else inner, look)


def _column(part: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return column
