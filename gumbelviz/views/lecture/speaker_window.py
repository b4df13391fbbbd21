"""The speaker's own window, on the screen that the hall does not see: notes, what comes next, and the time."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTime, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gumbelviz.views.lecture.prose import Prose
from gumbelviz.views.look import Look, dress, palette, stylesheet

TICK_MILLISECONDS = 500


class SpeakerWindow(QWidget):
    """A window of its own.

    Signals
    -------
    closed
        A person closed it.

    Parameters
    ----------
    clock
        Returns seconds; injected so that tests need not wait.
    """

    closed = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._look = Look()
        self._clock = clock
        self._began = clock()
        self.setWindowTitle("Speaker – GumbelViz")
        self.setObjectName("speaker")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Speaker’s window")
        self.step = _label("lecture strong")
        self.elapsed = _label("lecture clock")
        self.elapsed.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.time = _label("lecture strong")
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.reset = QPushButton("Reset")
        self.reset.setToolTip("Count the time from now")
        self.reset.setAccessibleName("Count the elapsed time from now")
        self.reset.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reset.clicked.connect(self.restart)
        self.title = Prose(27, bold=True, plain=True)
        self.notes = Prose(26)
        self.task = Prose(20, color="accent", plain=True)
        self.next_head = _label("lecture quiet", "Next")
        self.next_title = Prose(22, bold=True, plain=True)
        self.next_words = Prose(19, color="quiet")
        line = QHBoxLayout()
        for widget, stretch in ((self.step, 1), (self.elapsed, 0), (self.reset, 0), (self.time, 1)):
            line.addWidget(widget, stretch)
        self._line = line
        self._column = QVBoxLayout(self)
        self._column.addLayout(line)
        for part in (self.title, self.notes, self.task):
            self._column.addWidget(part)
        self._column.addStretch(1)
        for next_part in (self.next_head, self.next_title, self.next_words):
            self._column.addWidget(next_part)
        self.setMinimumSize(480, 320)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MILLISECONDS)
        self._timer.timeout.connect(self._tick)

    def set_theme(self, look: Look) -> None:
        """Dress the window."""
        self._look = look
        self.setPalette(palette(look))
        self.setStyleSheet(stylesheet(look))
        for part in self.findChildren(QWidget):
            dress(part, look)
        margin = look.px(26)
        self._column.setContentsMargins(margin, look.px(18), margin, look.px(18))
        self._column.setSpacing(look.px(10))
        self._line.setSpacing(look.px(12))
        self._fit()

    def show_step(self, count: str, title: str, notes: str, task: str) -> None:
        """Show the step that the hall sees."""
        self.step.setText(count)
        self.title.set_text(title)
        self.notes.set_text(notes or "No notes for this step.")
        self.task.set_text(task)
        self._fit()

    def show_next(self, title: str, words: str) -> None:
        """Show what comes after it; at the end there is no title."""
        self.next_head.setText("Next" if title else "This is the last step.")
        self.next_title.set_text(title)
        self.next_words.set_text(words)
        self._fit()

    def restart(self) -> None:
        """Count the time from now."""
        self._began = self._clock()
        self._tick()

    def _tick(self) -> None:
        seconds = max(int(self._clock() - self._began), 0)
        hours, minutes = divmod(seconds // 60, 60)
        shown = f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"
        if shown != self.elapsed.text():
            self.elapsed.setText(shown)
            self.elapsed.setAccessibleName(f"{shown} since the start")
        self.time.setText(QTime.currentTime().toString("HH:mm"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick()
        self._timer.start()
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.width() - 2 * self._look.px(26)
        height = self.height()
        for part, share in (
            (self.title, 0.12), (self.notes, 0.44), (self.task, 0.07), (self.next_title, 0.08), (self.next_words, 0.12),
        ):  # fmt: skip
            part.setVisible(bool(part.text))
            part.fit(width, round(share * height))


def _label(role: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
