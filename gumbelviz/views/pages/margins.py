"""The Margins page: how far is the winner ahead, and how high does it score?"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from gumbelviz.model.frame import Frame
from gumbelviz.model.margins_report import OTHERS, Check, MarginsReport
from gumbelviz.model.margins_words import VERDICTS, describe_check, describe_margins, describe_scores
from gumbelviz.model.numbers import write_count
from gumbelviz.model.settings import Settings
from gumbelviz.views.controls.legend import Legend, LegendEntry
from gumbelviz.views.look import Look
from gumbelviz.views.pages.layout import card
from gumbelviz.views.pages.page import Page
from gumbelviz.views.pages.showcase import Piece
from gumbelviz.views.plots.split_density import SplitDensityPlot, WinnerMark


class MarginsPage(Page):
    """Shows what a `MarginsReport` says."""

    page_id = "margins"

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._told: tuple[object, ...] = ()
        self._title = _label("The winner’s margin", "stage")
        self._count = _label("", "quiet")
        self._back = QPushButton("Back to the pipeline")
        self._back.setProperty("role", "link")
        self._back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._back.clicked.connect(lambda: self.wished.emit("page", "pipeline", True))
        self._head = QHBoxLayout()
        for widget in (self._title, self._count):
            self._head.addWidget(widget)
        self._head.addStretch(1)
        self._head.addWidget(self._back)
        self._margins = _Side(
            "Margin between the largest and the second noisy score", "line: exact · area: simulated",
            SplitDensityPlot("Density of the margin, exact and simulated"),
        )  # fmt: skip
        self._scores = _Side(
            "Largest noisy score, by who won", "line: exact · steps: simulated, one for each winner",
            SplitDensityPlot("Density of the largest noisy score, exact and simulated"),
        )  # fmt: skip
        self._legend = Legend("Colours of the winners")
        self._scores.column.insertWidget(2, self._legend)
        self._sides = QHBoxLayout()
        for side in (self._margins, self._scores):
            self._sides.addWidget(side, 1)
        self._column = QVBoxLayout(self.body)
        self._column.addLayout(self._head)
        self._column.addLayout(self._sides, 1)

    def take_look(self, look: Look) -> None:
        """Take another theme or size; the next `draw` shows the frame in it."""
        self._look = look
        margin = look.px(20)
        self._column.setContentsMargins(margin, look.px(10), margin, look.px(14))
        self._column.setSpacing(look.px(8))
        self._head.setSpacing(look.px(12))
        self._sides.setSpacing(look.px(16))
        self._told = ()

    def pieces(self, shown: tuple[str, ...]) -> tuple[Piece, ...]:
        """Either side, with its heading."""
        high = 250.0 + 110.0 * ("words" in shown)
        sides = {"margin": Piece(self._margins, 440, high), "largest": Piece(self._scores, 440, high)}
        found = tuple(side for name, side in sides.items() if name in shown)
        return found or tuple(sides.values())

    def trim(self, shown: frozenset[str] | None) -> None:
        """Words and verdicts are a part of their own."""
        for side in (self._margins, self._scores):
            side.set_wordy(shown is None or "words" in shown)

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame; without `words` only what is watched, not what is read."""
        report = frame.study
        if not isinstance(report, MarginsReport):
            return
        winner = settings.options[frame.draw.winner].color
        self._draw_margins(report, frame, winner)
        self._draw_scores(settings, report, frame, winner)
        told = (settings, report.temperature, report.draws == report.target)
        if words or told != self._told:
            self._told = told
            self._speak(report)

    def _draw_margins(self, report: MarginsReport, frame: Frame, winner: int) -> None:
        plot, spread = self._margins.plot, report.margins
        if spread is None:
            plot.clear_data()
            return
        plot.set_series((self._look.color("accent"),))
        plot.set_data(spread.edges, spread.curve, spread.heights)
        margin = frame.draw.margin
        plot.set_mark(WinnerMark(winner, margin) if math.isfinite(margin) else None)

    def _draw_scores(self, settings: Settings, report: MarginsReport, frame: Frame, winner: int) -> None:
        plot, spread = self._scores.plot, report.scores
        look = self._look
        seen = [i for i, wins in enumerate(report.wins.tolist()) if wins]
        colors: list[QColor] = []
        entries = []
        for i in seen:
            place = report.winners[i]
            if place != OTHERS:
                option = settings.options[place]
                colors.append(look.option_color(option.color))
                entries.append(LegendEntry(option.name, colors[-1], option.color))
            else:
                colors.append(look.color("quiet" if len(seen) > 1 else "accent"))
                entries.append(LegendEntry("others", colors[-1]))
        # Rare winners have ragged histograms: the frequent ones are drawn over them.
        order = np.argsort(report.wins[seen], kind="stable")
        plot.set_series(tuple(colors[i] for i in order))
        plot.set_data(spread.edges, spread.curve, spread.heights[np.array(seen, dtype=int)[order]])
        plot.set_mark(WinnerMark(winner, float(frame.draw.perturbed[frame.draw.winner])))
        self._legend.set_entries(tuple(entries) if len(entries) > 1 else ())

    def _speak(self, report: MarginsReport) -> None:
        of = "" if report.draws == report.target else f" of {write_count(report.target)}"
        self._count.setText(f"{write_count(report.draws)}{of} draws")
        self._margins.say(describe_margins(report), report.margins.check if report.margins is not None else None)
        self._scores.say(describe_scores(report), report.scores.check)


class _Side(QFrame):
    """A heading, a picture, a paragraph, and a check."""

    def __init__(self, heading: str, caption: str, plot: SplitDensityPlot) -> None:
        super().__init__()
        self.plot = plot
        self._look = Look()
        self._check: Check | None = None
        self._wordy = True
        self._words = _label("", "quiet")
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._verdict = _label("", "good")
        self._figures = _label("", "small")
        self._figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(_label(heading, "strong"))
        self.column.addWidget(card(plot, caption), 1)
        self.column.addWidget(self._words)
        self._line = QHBoxLayout()
        self._line.addWidget(self._verdict)
        self._line.addWidget(self._figures, 1)
        self.column.addLayout(self._line)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.column.setSpacing(look.px(6))
        self._line.setSpacing(look.px(10))
        self._words.setMinimumHeight(look.px(58))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def set_wordy(self, wordy: bool) -> None:
        """Show the paragraph and the check below the picture, or the picture alone."""
        self._wordy = wordy
        self._words.setVisible(wordy)
        self._figures.setVisible(wordy)
        self._verdict.setVisible(wordy and self._check is not None)

    def _fit(self) -> None:
        """The figures in full where there is room for them."""
        long, short = ("", "") if self._check is None else describe_check(self._check)
        room = self.width() - self._verdict.sizeHint().width() - 2 * self._line.spacing()
        fits = QFontMetricsF(self._look.font(13)).horizontalAdvance(long) <= room
        self._figures.setText(long if fits else short)
        self._figures.setToolTip(long)

    def say(self, words: str, check: Check | None) -> None:
        """Show a paragraph, and how a check went."""
        self._words.setText(words)
        self._verdict.setVisible(self._wordy and check is not None)
        self._check = check
        if check is not None:
            verdict, role = VERDICTS[check.verdict]
            self._verdict.setText(verdict)
            if self._verdict.property("role") != role:
                self._verdict.setProperty("role", role)
                self._verdict.style().unpolish(self._verdict)
                self._verdict.style().polish(self._verdict)
        self._fit()


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
