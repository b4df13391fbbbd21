"""The third tab of the Lecture dock: what a step asks a person to do, and to predict."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from gumbelviz.model.lecture import ConditionKind
from gumbelviz.model.numbers import read_number, write_short
from gumbelviz.views.look import Look

if TYPE_CHECKING:
    from gumbelviz.model.lecture import Step

TASKS: tuple[tuple[str | None, str], ...] = (
    (None, "No task"),
    *((kind, f"Done when: {kind}") for kind in get_args(ConditionKind)),
)
QUESTIONS: tuple[tuple[str | None, str], ...] = (
    (None, "No question"),
    ("frequencies", "Predict the frequencies, with bars"),
    ("answers", "Pick an answer"),
)
WITH_VALUE = ("temperature below", "temperature above", "draws")


class TaskTab(QWidget):
    """Two lists of kinds, and the fields that belong to what is chosen.

    Signals
    -------
    wished(name, value)
        ``"task"`` or ``"question"`` with the fields that change.
    """

    wished = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.task, self.question, self.right = QComboBox(), QComboBox(), QComboBox()
        for combo, rows, name in ((self.task, TASKS, "Task"), (self.question, QUESTIONS, "Question")):
            combo.setAccessibleName(name)
            for kind, words in rows:
                combo.addItem(words, kind)
        self.right.setAccessibleName("The right answer")
        self.task_text, self.value = QLineEdit(), QLineEdit()
        self.task_text.setPlaceholderText("One sentence: what is to be done")
        self.value.setPlaceholderText("a number")
        self.question_text, self.after, self.answers = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.question_text.setPlaceholderText("The question")
        self.answers.setPlaceholderText("One answer on each line, two to eight")
        self.answers.setTabChangesFocus(True)
        self.after.setPlaceholderText("What is said once it was revealed")
        named = ((self.task_text, "Words of the task"), (self.value, "Number of the task"),
                 (self.question_text, "Words of the question"), (self.answers, "Answers"),
                 (self.after, "Words after the answer"))  # fmt: skip
        for field, name in named:
            field.setAccessibleName(name)
        self._right_label = QLabel("Right answer")
        self._right_label.setProperty("role", "small")
        fields: tuple[QWidget, ...] = (*(field for field, _ in named), self.task, self.question, self.right)
        for widget in fields:
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, widget.sizePolicy().verticalPolicy())
            widget.setMinimumWidth(1)
        self._column = QVBoxLayout(self)
        above: tuple[QWidget, ...] = (self.task, self.task_text, self.value)
        below = (self.question, self.question_text, self.answers, self._right_label, self.right, self.after)
        for part in above:
            self._column.addWidget(part)
        self._column.addSpacing(12)
        for part in below:
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._connect()

    def _connect(self) -> None:
        self.task.activated.connect(lambda: self._ask_task())
        self.task_text.textEdited.connect(lambda text: self.wished.emit("task", {"text": text}))
        self.value.editingFinished.connect(self._take_value)
        self.question.activated.connect(
            lambda: self.wished.emit("question", {"kind": self.question.currentData()})
        )
        self.question_text.textEdited.connect(lambda text: self.wished.emit("question", {"text": text}))
        self.answers.textChanged.connect(self._take_answers)
        self.right.activated.connect(lambda place: self.wished.emit("question", {"right": place}))
        self.after.textEdited.connect(lambda text: self.wished.emit("question", {"after": text}))

    def _ask_task(self) -> None:
        kind = self.task.currentData()
        value = {"draws": 1000.0}.get(kind, 0.1) if kind in WITH_VALUE else None
        self.wished.emit("task", {"when": kind, "value": value})

    def _take_value(self) -> None:
        if not self.value.isModified():
            return
        try:
            value = read_number(self.value.text())
        except ValueError as error:
            self.wished.emit("complain", str(error))
        else:
            self.wished.emit("task", {"value": value})

    def _take_answers(self) -> None:
        lines = tuple(line for line in self.answers.toPlainText().split("\n") if line.strip())
        self.wished.emit("question", {"answers": lines})

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._column.setContentsMargins(0, look.px(8), look.px(8), 0)
        self._column.setSpacing(look.px(5))
        self.answers.setMaximumHeight(look.px(120))

    def show_step(self, step: Step | None) -> None:
        """Show the task and the question of a step; fields that already say so keep their cursor."""
        task, question = (None, None) if step is None else (step.task, step.question)
        self.task.setCurrentIndex([kind for kind, _ in TASKS].index(None if task is None else task.when))
        kinds = [kind for kind, _ in QUESTIONS]
        self.question.setCurrentIndex(kinds.index(None if question is None else question.kind))
        _say(self.task_text, "" if task is None else task.text)
        _say(self.value, "" if task is None or task.value is None else write_short(task.value, 6))
        _say(self.question_text, "" if question is None else question.text)
        _say(self.after, "" if question is None else question.after)
        answers = () if question is None else question.answers
        # A line that is only begun is no answer yet, but must not be taken from under the hand.
        typed = tuple(line for line in self.answers.toPlainText().split("\n") if line.strip())
        if typed != answers:
            self.answers.blockSignals(True)
            self.answers.setPlainText("\n".join(answers))
            self.answers.blockSignals(False)
        if [self.right.itemText(i) for i in range(self.right.count())] != list(answers):
            self.right.clear()
            self.right.addItems(list(answers))
        self.right.setCurrentIndex(-1 if question is None or question.right is None else question.right)
        picks = question is not None and question.kind == "answers"
        for widget in (self.answers, self._right_label, self.right):
            widget.setVisible(picks)
        self.question_text.setVisible(question is not None)
        self.after.setVisible(question is not None)
        self.task_text.setVisible(task is not None)
        self.value.setVisible(task is not None and task.when in WITH_VALUE)
        self.setEnabled(step is not None)


def _say(field: QLineEdit, text: str) -> None:
    if field.text() != text:
        field.setText(text)
