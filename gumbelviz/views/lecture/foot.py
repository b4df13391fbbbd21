"""The line under a presented page: which step, how far, and what the keys do here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from gumbelviz.views.controls.progress_line import Bar
from gumbelviz.views.lecture.key_cap import KeyCap
from gumbelviz.views.look import Look


@dataclass(frozen=True, slots=True)
class Cap:
    """A key that does something on this step: the command it stands for, its name, and a word."""

    command: str
    key: str
    word: str


class Foot(QFrame):
    """Step 7 of 12, a bar, and keys; where it is narrow, the last keys but the very last make room.

    Signals
    -------
    asked(command)
        A key was clicked.
    """

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.setProperty("role", "foot")
        self._caps: list[KeyCap] = []
        self._shown: tuple[Cap, ...] = ()
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = Bar()
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._line = QHBoxLayout(self)
        self._line.addWidget(self.count)
        self._line.addWidget(self.bar, 1)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._line.setContentsMargins(look.px(32), 0, look.px(32), 0)
        self._line.setSpacing(look.px(18))
        self.setFixedHeight(look.px(48))
        self._fit()

    def show_step(self, place: int, steps: int) -> None:
        """Say which step it is, counted from 0."""
        self.count.setText(f"Step {place + 1} of {steps}")
        self.bar.show_share((place + 1) / steps)
        self._fit()

    def show_caps(self, caps: tuple[Cap, ...]) -> None:
        """Show these keys, the most important first, and at the end the way back."""
        if caps == self._shown:
            return
        self._shown = caps
        for old in self._caps:
            self._line.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._caps = [KeyCap(cap.command, cap.key, cap.word) for cap in caps]
        for cap in self._caps:
            cap.set_look(self._look)
            cap.asked.connect(self.asked)
            self._line.addWidget(cap)
        self._fit()

    @property
    def caps(self) -> tuple[KeyCap, ...]:
        """The keys that are shown."""
        return tuple(cap for cap in self._caps if not cap.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        look, gap = self._look, self._line.spacing()
        room = self.width() - 2 * look.px(32) - self.count.sizeHint().width() - look.px(60) - gap
        # The last one is the way back, and stays.
        ranked = [*self._caps[:1], *self._caps[:0:-1][:1], *self._caps[1:-1]]
        for cap in ranked:
            room -= cap.sizeHint().width() + gap
            cap.setVisible(room >= 0)
