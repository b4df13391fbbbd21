"""What a person sees where the program has a fault: one sentence, and four ways to go on from there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gumbelviz.model.numbers import write_count
from gumbelviz.views.dialogs.dialog import Dialog, button, heading, quiet
from gumbelviz.views.look import Look


class CrashDialog(Dialog):
    """Says what happened.

    Signals
    -------
    copy_wished, report_wished, quit_wished
        The document shall be saved beside its file; the report shall go to the clipboard; the program shall end.
    """

    copy_wished = Signal()
    report_wished = Signal()
    quit_wished = Signal()
    width_wished, height_wished = 600, 230

    def __init__(self, sentence: str, parent: QWidget) -> None:
        super().__init__("A fault in GumbelViz", parent)
        self._others = 0
        self.sentence = QLabel(sentence)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self._more = quiet("The fault is in the log, and a report of it can be copied. It holds no numbers of yours.")
        self.save = button("&Save a copy…", "Save the document under another name, to be on the safe side")
        self.report = button("&Copy report", "Put versions, the fault and the newest lines of the log on the clipboard")
        self.quit = button("&Quit", "End the program; unsaved changes are asked about")
        self.go_on = button("&Go on", "Close this and go on working", "primary")
        self.go_on.setDefault(True)
        self._buttons = QHBoxLayout()
        for part in (self.save, self.report):
            self._buttons.addWidget(part)
        self._buttons.addStretch(1)
        for part in (self.quit, self.go_on):
            self._buttons.addWidget(part)
        column = QVBoxLayout(self)
        column.addWidget(heading("This should not have happened"))
        column.addWidget(self.sentence)
        column.addWidget(self._more)
        column.addStretch(1)
        column.addLayout(self._buttons)
        self.setAccessibleDescription(sentence)
        self.save.clicked.connect(self.copy_wished)
        self.report.clicked.connect(self._copy_report)
        self.quit.clicked.connect(self._quit)
        self.go_on.clicked.connect(self.accept)
        self.wear()
        self.go_on.setFocus()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        super().set_look(look)
        self._buttons.setSpacing(look.px(8))

    def add_another(self) -> None:
        """One more fault happened meanwhile: it is in the log, and this dialog stays the only one."""
        self._others += 1
        what = "Another fault" if self._others == 1 else f"{write_count(self._others)} more faults"
        self._more.setText(f"{what} happened meanwhile. Copy the report before you go on, and please send it to us.")

    def _copy_report(self) -> None:
        self.report_wished.emit()
        self.report.setText("Copied")

    def _quit(self) -> None:
        self.accept()
        self.quit_wished.emit()
