"""The line under a training: pause, restart, cancel, a slider through its steps, and a bar of progress."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gumbelviz.model.numbers import write_count
from gumbelviz.views import spoken
from gumbelviz.views.controls.progress_line import Bar, time_left
from gumbelviz.views.controls.slider import Slider
from gumbelviz.views.icons import icon
from gumbelviz.views.look import Look


class RunLine(QWidget):
    """Buttons, slider, words.

    Signals
    -------
    wished(name, value, final)
        ``"study stop"``, ``"study go on"``, ``"study again"`` or ``"export numbers"``.
    scrubbed(place)
        Look at another moment, from 0 (the first step) to 1 (the newest).
    """

    wished = Signal(str, object, bool)
    scrubbed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._stopped = self._cancelled = False
        self._progress = 0.0
        self._state: tuple[object, ...] = ()
        self._pause = _button("Pause", "Pause the training", "primary")
        self._again = _button("Restart", "Train again from step 0", "compact")
        self._cancel = _button("Cancel", "Give up the rest of the training", "compact")
        self._export = _button("Save numbers…", "Save every recorded step as a CSV file", "compact")
        self._slider = Slider("Step that is looked at")
        self._slider.setToolTip("Drag back through the training; the right end follows the newest step")
        self._words = QLabel()
        self._words.setProperty("role", "small")
        self._words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._bar = Bar()
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        for widget in (self._pause, self._again, self._cancel, self._slider, self._words, self._export):
            line.addWidget(widget, int(widget is self._slider))
        self._line = line
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self._bar)
        self._column = column
        self._pause.clicked.connect(self._ask_pause)
        self._again.clicked.connect(self._ask_again)
        self._cancel.clicked.connect(self._ask_cancel)
        self._export.clicked.connect(lambda: self.wished.emit("export numbers", None, True))
        self._slider.moved.connect(lambda place, _final: self.scrubbed.emit(place))

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._line.setSpacing(look.px(8))
        self._column.setSpacing(look.px(3))
        self._words.setFont(look.font(13))
        widest = self._words.fontMetrics().horizontalAdvance("step 88,888 of 88,888 · 88 s left")
        self._words.setFixedWidth(widest + look.px(4))
        widths = []
        for word, picture in (("Train again", "restart"), ("Continue", "play"), ("Pause", "pause")):
            self._pause.setText(word)
            self._pause.setIcon(icon(picture, look.color("on_accent"), look.px(14), self.devicePixelRatioF()))
            widths.append(self._pause.sizeHint().width())
        self._pause.setFixedWidth(max(widths))
        self._state = ()
        self._show_buttons()

    def set_narrow(self, narrow: bool) -> None:
        """Leave out what can be done without, where there is little room."""
        self._export.setText("Save…" if narrow else "Save numbers…")
        self._cancel.setVisible(not narrow)

    def show_stopped(self, stopped: bool) -> None:
        """Show that somebody stopped it, or not."""
        self._stopped = stopped
        self._cancelled = self._cancelled and stopped
        self._show_buttons()

    def show_progress(self, progress: float, seconds_left: float | None, step: int, steps: int, place: float) -> None:
        """Show how far all work is, and which step is looked at; `place` is that of the slider."""
        self._progress = progress
        self._slider.set_place(place)
        self._slider.say(spoken.Value(f"step {write_count(step)} of {write_count(steps)}", step, 0, steps))
        words = f"step {write_count(step)} of {write_count(steps)}"
        if self._cancelled:
            words += " · cancelled"
        elif self._stopped and progress < 1.0:
            words += " · paused"
        elif progress < 1.0:
            words += time_left(seconds_left).replace(", ", " · ", 1)
        if words != self._words.text():
            self._words.setText(words)
        self._bar.show_share(progress)
        self._show_buttons()

    @property
    def held(self) -> bool:
        """True while a hand holds the slider."""
        return self._slider.held

    @property
    def words(self) -> str:
        """What is said now."""
        return self._words.text()

    def _show_buttons(self) -> None:
        done = self._progress >= 1.0
        state = (self._stopped, self._cancelled, done)
        if state == self._state:
            return
        self._state = state
        if done or self._cancelled:
            word, picture, tip = "Train again", "restart", "Train again from step 0"
        elif self._stopped:
            word, picture, tip = "Continue", "play", "Go on from here"
        else:
            word, picture, tip = "Pause", "pause", "Pause the training"
        self._pause.setText(word)
        self._pause.setToolTip(tip)
        self._pause.setIcon(icon(picture, self._look.color("on_accent"), self._look.px(14), self.devicePixelRatioF()))
        self._cancel.setEnabled(not done and not self._cancelled)

    def _ask_pause(self) -> None:
        if self._progress >= 1.0 or self._cancelled:
            self._ask_again()
        else:
            self.wished.emit("study go on" if self._stopped else "study stop", None, True)

    def _ask_again(self) -> None:
        self._cancelled = False
        self.wished.emit("study again", None, True)

    def _ask_cancel(self) -> None:
        self._cancelled = True
        self.wished.emit("study stop", None, True)
        self._state = ()
        self._show_buttons()


def _button(text: str, tip: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setProperty("role", role)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
