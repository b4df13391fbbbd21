"""Long work: how far it is, how long it will take, and a button that stops it or starts it again."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look


class ProgressLine(QWidget):
    """A line of words with a button, over a bar.

    Signals
    -------
    wished(name, value, final)
        ``"study stop"`` or ``"study again"``.
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._stopped = False
        self._progress = 0.0
        self._left: float | None = None
        self._words = QLabel()
        self._words.setProperty("role", "small")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._button = QPushButton()
        self._button.setProperty("role", "compact")
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self._ask)
        self._bar = Bar()
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._words, 1)
        line.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self._bar)
        self._show()

    def show_progress(self, progress: float, seconds_left: float | None) -> None:
        """Show that a share `progress` is done, and how many seconds are left, where that can be told."""
        self._progress, self._left = progress, seconds_left
        self._show()

    def show_stopped(self, stopped: bool) -> None:
        """Show that somebody stopped it, or not."""
        self._stopped = stopped
        self._show()

    @property
    def words(self) -> str:
        """What is said now."""
        return self._words.text()

    def _show(self) -> None:
        done = self._progress >= 1.0
        if done:
            words = "Sweep over τ: done"
        elif self._stopped:
            words = f"Sweep cancelled at {round(100 * self._progress)}%"
        else:
            words = f"Sweep over τ: {round(100 * self._progress)}%{time_left(self._left)}"
        if words != self._words.text():
            self._words.setText(words)
            self._words.setToolTip(words)
        text = "Cancel" if not (done or self._stopped) else "Again"
        if text != self._button.text():
            self._button.setText(text)
            self._button.setToolTip("Stop the sweep" if text == "Cancel" else "Sweep over the temperatures again")
        self._bar.show_share(self._progress)

    def _ask(self) -> None:
        cancel = self._button.text() == "Cancel"
        self.wished.emit("study stop" if cancel else "study again", None, True)


def time_left(seconds: float | None) -> str:
    """Return the end of a sentence: how many seconds or minutes are left, or nothing."""
    if seconds is None:
        return ""
    if seconds < 1.0:
        return ", less than 1 s left"
    return f", {round(seconds)} s left" if seconds < 100.0 else f", {round(seconds / 60.0)} min left"


class Bar(QWidget):
    """A share of work that is done."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._share = 0.0

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(6))
        self.update()

    def show_share(self, share: float) -> None:
        """Fill a share of the bar."""
        if round(share * self.width()) != round(self._share * self.width()) or share == 1.0:
            self.update()
        self._share = share
        self.setAccessibleName(f"Progress: {round(100 * share)} per cent")

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        height = self.height()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.color("track"))
            painter.drawRoundedRect(QRectF(0, 0, self.width(), height), height / 2, height / 2)
            painter.setBrush(self._look.color("accent"))
            painter.drawRoundedRect(QRectF(0, 0, self._share * self.width(), height), height / 2, height / 2)
