"""A long export on its way: how far it is, how long it takes, and a button that stops it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gumbelviz.views.controls.progress_line import Bar, time_left
from gumbelviz.views.dialogs.dialog import Dialog, button
from gumbelviz.views.look import Look


class ProgressDialog(Dialog):
    """Stays beside the window, which can be used meanwhile.

    Signals
    -------
    cancelled
        A person does not want it any more; also by Esc, or by closing this.
    """

    cancelled = Signal()
    width_wished, height_wished = 440, 120

    def __init__(self, what: str, parent: QWidget) -> None:
        super().__init__("Export", parent)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self._stopped = False
        self._what = QLabel(what)
        self._what.setTextFormat(Qt.TextFormat.PlainText)
        self._what.setProperty("role", "strong")
        self._words = QLabel("Starting")
        self._words.setProperty("role", "small")
        self._bar = Bar()
        self.cancel = button("Cancel", "Stop; no file is left behind")
        line = QHBoxLayout()
        line.addWidget(self._words, 1)
        line.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.addWidget(self._what)
        column.addWidget(self._bar)
        column.addLayout(line)
        self.cancel.clicked.connect(self.reject)
        self.rejected.connect(self._stop)
        self.wear()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        super().set_look(look)
        metrics = self._what.fontMetrics()
        self._what.setText(metrics.elidedText(self._what.text(), Qt.TextElideMode.ElideMiddle, look.px(390)))

    def show_progress(self, share: float, seconds_left: float | None) -> None:
        """Show that a share is done, and how many seconds are left, where that can be told."""
        self._words.setText(f"{round(100 * share)}%{time_left(seconds_left)}")
        self._bar.show_share(share)

    @property
    def said(self) -> str:
        """What stands under the bar."""
        return self._words.text()

    def finish(self) -> None:
        """It is over: close without asking for anything."""
        self._stopped = True
        self.close()

    def _stop(self) -> None:
        if not self._stopped:
            self._stopped = True
            self.cancelled.emit()
