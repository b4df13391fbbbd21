"""The controls above three columns of the Pipeline page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.parameters import LOCATION, SCALE
from gumbelviz.model.settings import Settings
from gumbelviz.views.controls.finder import Finder
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.pages.layout import Turns, in_line, line_widget, paragraph, stacked


class ScoresHead(QWidget):
    """Add an option, take ready-made scores, logits or probabilities; find one among many.

    Signals
    -------
    wished(name, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self.add = QPushButton("+ Add option")
        self.add.setToolTip("Add one more option at the end")
        self.add.clicked.connect(lambda: self.wished.emit("add", None, True))
        self.presets = QPushButton("Presets")
        self.presets.setToolTip("Ready-made scores")
        menu = QMenu(self.presets)
        menu.addAction("Equal scores", lambda: self.wished.emit("equalize", None, True))
        menu.addAction("One step apart", lambda: self.wished.emit("ladder", None, True))
        menu.addAction("From a file …", lambda: self.wished.emit("open data", None, True))
        self.presets.setMenu(menu)
        self.as_logits = QPushButton("Logits")
        self.as_shares = QPushButton("Probabilities")
        self.finder = Finder()
        for button in (self.add, self.presets):
            button.setProperty("role", "compact")
        for button in (self.add, self.presets, self.as_logits, self.as_shares):
            # A click leaves the keyboard where it was, so that Space still starts and stops.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint = QLabel("drag a bar, or type")
        hint.setProperty("role", "quiet")
        self._hints = Turns(hint, self.finder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(stacked(in_line(self.add, self.presets), in_line(self._segments()), self._hints))

    def _segments(self) -> QFrame:
        group = QButtonGroup(self)
        segments = QFrame()
        segments.setProperty("role", "segments")
        line = QHBoxLayout(segments)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(2)
        for button, kind in ((self.as_logits, "logits"), (self.as_shares, "probabilities")):
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setToolTip(f"Show and type the scores as {kind}")
            button.clicked.connect(lambda _checked, kind=kind: self.wished.emit("score input", kind, True))
            group.addButton(button)
            line.addWidget(button)
        return segments

    def show_settings(self, settings: Settings) -> None:
        """Show what the scores are entered as."""
        shares = settings.score_input == "probabilities"
        self.as_shares.setChecked(shares)
        self.as_logits.setChecked(not shares)

    def set_ranked(self, ranked: bool) -> None:
        """Offer to find an option where there are many."""
        self._hints.setCurrentIndex(int(ranked))

    def set_narrow(self, narrow: bool) -> None:
        """Shorter words where the column is narrow."""
        self.add.setText("+ Add" if narrow else "+ Add option")
        self.as_shares.setText("Shares" if narrow else "Probabilities")


class NoiseHead(QWidget):
    """Location and scale of the noise, and a way back from what was pinned.

    Signals
    -------
    wished(name, value, final)
    """

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self.location = ParameterRow(LOCATION)
        self.scale = ParameterRow(SCALE)
        hint = QLabel("drag a value to pin it")
        hint.setProperty("role", "quiet")
        self.unpin = QPushButton("Unpin all")
        self.unpin.setProperty("role", "compact")
        self.unpin.setToolTip("Hand this draw's noise back to the stream")
        self.unpin.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.unpin.clicked.connect(lambda: self.wished.emit("unpin all", None, True))
        self.hints = Turns(hint, line_widget(self.unpin))
        for row in (self.location, self.scale):
            row.wished.connect(self.wished)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(stacked(self.location, self.scale, self.hints))

    def show_settings(self, settings: Settings) -> None:
        """Show location and scale."""
        self.location.set_value(settings.location)
        self.scale.set_value(settings.scale)
        self.hints.setCurrentIndex(int(bool(settings.pinned)))

    def set_narrow(self, narrow: bool) -> None:
        """Shorter words where the column is narrow."""
        for row in (self.location, self.scale):
            row.set_narrow(narrow)
        width = max(self.location.label_width(), self.scale.label_width())
        for row in (self.location, self.scale):
            row.set_label_width(width)


class HardHead(QWidget):
    """What a hard choice is, and the way to the page of its margin."""

    wished = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self.margins = QPushButton("Margins")
        self.margins.setProperty("role", "compact")
        self.margins.setToolTip("The law of the winner’s margin, and of the largest noisy score")
        self.margins.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.margins.clicked.connect(lambda: self.wished.emit("page", "margins", True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(paragraph("A switch: all or nothing. It has no slope to learn from."), 1)
        column.addLayout(in_line(self.margins))
        # It takes what height there is, like the words beside it.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
