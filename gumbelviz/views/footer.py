"""The line at the bottom: how much was drawn, how fast, from which seed, whether it agrees, and this draw in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from gumbelviz.model.numbers import write_count, write_rate
from gumbelviz.model.words import describe_agreement, describe_draw
from gumbelviz.views.look import Look
from gumbelviz.views.tips import plain_tip

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.settings import Settings, Transport

MEASURED_FROM = 1000.0
"""Draws per second above which the computer may fall behind what was asked for."""


class Footer(QFrame):
    """Words and figures, refreshed slowly enough to be read.

    Signals
    -------
    wished(name, value, final)
        ``"seed"`` with a whole number.
    """

    wished = Signal(str, object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._texts = ("", "", "")
        self.setProperty("role", "foot")
        self._draws = _label("strong")
        self._draws_word = _label("quiet", "draws")
        self._rate = _label("strong")
        self._seed_word = _label("quiet", "seed")
        self.seed = QLineEdit()
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("The noise of every draw follows from this whole number.")
        self.seed.editingFinished.connect(self._seed_entered)
        self._agreement = _label("good")
        self._figures = _label("quiet")
        self._sentence = _label("quiet")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._line = QHBoxLayout(self)
        self._count = QFrame()
        count = QHBoxLayout(self._count)
        count.setContentsMargins(0, 0, 0, 0)
        count.setSpacing(6)
        count.addWidget(self._draws)
        count.addWidget(self._draws_word)
        count.addStretch(1)
        for widget in (self._count, self._rate, self._seed_word, self.seed, self._agreement, self._figures):
            self._line.addWidget(widget)
        self._line.addWidget(self._sentence, 1)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._line.setContentsMargins(look.px(18), look.px(6), look.px(18), look.px(6))
        self._line.setSpacing(look.px(7))
        self.setFixedHeight(look.px(46))
        # Of its own, not from the words it holds now: each new word would lay out the whole window again.
        self.setMinimumWidth(look.px(320))
        bold = QFontMetricsF(look.font(15, bold=True))
        # Room for the digits of a long run, so that the line does not move while they grow.
        self._count.setMinimumWidth(round(bold.horizontalAdvance("888,888,888 draws")) + look.px(8))
        self._rate.setMinimumWidth(round(bold.horizontalAdvance("888 M/s")) + look.px(10))
        self.seed.setFixedWidth(round(QFontMetricsF(look.font(15)).horizontalAdvance("88888")) + look.px(16))
        self.seed.setFixedHeight(look.px(28))
        self._fit()

    def show_seed(self, seed: int) -> None:
        """Show which seed is drawn from."""
        if not (self.seed.hasFocus() and self.seed.isModified()):
            self.seed.setText(str(seed))
            self.seed.setCursorPosition(0)

    def show_frame(self, settings: Settings, frame: Frame, transport: Transport) -> None:
        """Say what the frame says, and how fast it goes on."""
        self._draws.setText(write_count(frame.draws))
        self._draws_word.setText("draw" if frame.draws == 1 else "draws")
        self._rate.setText(_pace(transport, frame.draws_per_second))
        words, figures, short = describe_agreement(frame.agreement)
        self._agreement.setText(words)
        role = {"agrees": "good", "disagrees": "bad"}.get(frame.agreement.verdict, "quiet")
        if self._agreement.property("role") != role:
            self._agreement.setProperty("role", role)
            self._agreement.style().unpolish(self._agreement)
            self._agreement.style().polish(self._agreement)
        self._texts = (figures, short, describe_draw(settings, frame.draw))
        self._sentence.setAccessibleName(self._texts[2])
        self._fit()

    def _fit(self) -> None:
        """Short figures where the sentence would not fit beside the long ones."""
        figures, short, sentence = self._texts
        metrics = QFontMetricsF(self._look.font(14))
        fixed = sum(
            min(max(widget.sizeHint().width(), widget.minimumWidth()), widget.maximumWidth()) + self._line.spacing()
            for widget in (self._count, self._rate, self._seed_word, self.seed, self._agreement)
        )
        room = self.width() - fixed - 2 * self._look.px(18) - 3 * self._line.spacing()
        needed = metrics.horizontalAdvance(sentence)
        if room >= needed + metrics.horizontalAdvance(figures):
            self._figures.setText(figures)
        elif room >= needed + metrics.horizontalAdvance(short):
            self._figures.setText(short)
        else:
            self._figures.setText("")
        left = max(room - metrics.horizontalAdvance(self._figures.text()), 0.0)
        # Who wins is said whole before how softly is said in part.
        shown = sentence if needed <= left else f"{sentence.rpartition('; ')[0] or sentence} …"
        self._sentence.setText(metrics.elidedText(shown, Qt.TextElideMode.ElideRight, left))
        self._sentence.setToolTip(plain_tip(sentence))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _seed_entered(self) -> None:
        if not self.seed.isModified():
            return
        text = self.seed.text().strip().replace(",", "")
        self.seed.setModified(False)
        if text.isascii() and text.isdigit():
            self.wished.emit("seed", int(text), True)
        else:
            self.wished.emit("complain", f"“{text}” is not a seed; give a whole number such as 7.", True)


def _pace(transport: Transport, measured: float) -> str:
    """Slow streams keep the pace that was asked for, fast ones are measured."""
    if not transport.running:
        return "paused"
    if transport.speed <= MEASURED_FROM:
        return write_rate(transport.speed)
    return write_rate(measured) if measured > 0.0 else "…"


def _label(role: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
