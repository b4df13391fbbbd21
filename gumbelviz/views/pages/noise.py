"""The Noise page: what is Gumbel noise, and why Gumbel? Four parts that take turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout

from gumbelviz.model.noise_report import NoiseReport
from gumbelviz.views.look import Look
from gumbelviz.views.pages.layout import Turns
from gumbelviz.views.pages.noise_curves import CurvesPart
from gumbelviz.views.pages.noise_inverse import InversePart
from gumbelviz.views.pages.noise_other import OtherPart
from gumbelviz.views.pages.noise_scales import ScalesPart
from gumbelviz.views.pages.page import Page
from gumbelviz.views.pages.showcase import Lever, Piece

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.scene import Scene
    from gumbelviz.model.settings import Settings

PARTS = (
    ("curves", "Curves", "One law, two numbers: μ moves it, β widens it. Drag a curve sideways, or its diamond."),
    ("inverse", "Inverse map", "A uniform number goes across to the curve, then down to the noise. Drag u, or rain."),
    ("other", "Another noise", "Why Gumbel? Of these noises it alone makes the winners follow softmax."),
    ("scales", "Three scales",
     "Three numbers, easily mixed up. A language model’s “temperature” is T, the score scale."),
)  # fmt: skip
"""Id of each part in the settings, the word on its button, and its sentence."""


class NoisePage(Page):
    """Shows the part that was chosen, and passes on what a person wishes."""

    page_id = "noise"

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._curves, self._inverse = CurvesPart(), InversePart()
        self._other, self._scales = OtherPart(), ScalesPart()
        self._parts = (self._curves, self._inverse, self._other, self._scales)
        self._turns = Turns(*self._parts)
        self._sentence = QLabel()
        self._sentence.setProperty("role", "quiet")
        self._sentence.setMinimumWidth(1)
        self._group = QButtonGroup(self)
        self._buttons = {part: self._make_button(part, word, words) for part, word, words in PARTS}
        segments = QFrame()
        segments.setProperty("role", "segments")
        self._segment_line = QHBoxLayout(segments)
        for button in self._buttons.values():
            self._segment_line.addWidget(button)
        self._head = QHBoxLayout()
        self._segments = segments
        self._head.addWidget(segments)
        self._head.addWidget(self._sentence, 1)
        self._column = QVBoxLayout(self.body)
        self._column.addLayout(self._head)
        self._column.addWidget(self._turns, 1)
        for page_part in self._parts:
            page_part.wished.connect(self.wished)

    def _make_button(self, part: str, word: str, words: str) -> QPushButton:
        button = QPushButton(word)
        button.setProperty("role", "segment")
        button.setCheckable(True)
        button.setToolTip(words)
        # A click leaves the keyboard where it was, so that Space still starts and stops.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.wished.emit("noise view", part, True))
        self._group.addButton(button)
        return button

    def take_look(self, look: Look) -> None:
        """Take another theme or size; the next `draw` shows the frame in it."""
        self._look = look
        self._column.setContentsMargins(look.px(20), look.px(8), look.px(20), look.px(12))
        self._column.setSpacing(look.px(6))
        self._head.setSpacing(look.px(14))
        inset = look.px(2)
        self._segment_line.setContentsMargins(inset, inset, inset, inset)
        self._segment_line.setSpacing(inset)
        # Parts that are hidden do not tell their layouts that they changed.
        for layout in self.findChildren(QLayout):
            layout.invalidate()
        self._fit()
        self._curves.draw_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Shorter words where the page is narrow, fewer cards where it is low."""
        narrow, low = self.width() < self._look.px(1060), self.height() < self._look.px(420)
        if self.reduced:
            narrow = low = False
        for part in self._parts:
            part.set_room(narrow, low)
        self._show_sentence()

    def _show_sentence(self) -> None:
        words = PARTS[self._turns.currentIndex()][2]
        room = self.width() - self._segments.sizeHint().width() - self._look.px(60)
        metrics = self._sentence.fontMetrics()
        self._sentence.setText(words if metrics.horizontalAdvance(words) <= room else "")

    def show_scene(self, scene: Scene) -> None:
        """Show what was chosen, before the engine has answered."""
        settings = scene.settings
        view = settings.pages.noise.view
        self._buttons[view].setChecked(True)
        self._turns.setCurrentIndex([part for part, _, _ in PARTS].index(view))
        self._show_sentence()
        for part in self._parts:
            part.show_settings(settings)
        self.set_view(view)

    def pieces(self, shown: tuple[str, ...]) -> tuple[Piece, ...]:
        """The parts of the view in front."""
        found = self._parts[self._turns.currentIndex()].pieces()
        return tuple(piece for name, piece in found if name in shown)

    def levers(self, shown: tuple[str, ...]) -> dict[str, Lever]:
        """The controls of the view in front, and the words that choose it."""
        view = Lever(line=(Piece(self._segments, 400, 40, grows=False),))
        return {"view": view, **self._parts[self._turns.currentIndex()].levers()}

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame; one without a report of this page's own leaves the last picture as it is."""
        report = frame.study
        if not isinstance(report, NoiseReport) or report.options != len(settings.options):
            return
        view = settings.pages.noise.view
        if view == "curves":
            self._curves.draw(settings, report)
        elif view == "inverse":
            self._inverse.draw(settings, report, frame, words)
        elif view == "other":
            self._other.draw(settings, report, words)
        else:
            self._scales.draw(settings, report)

    def close_editors(self) -> None:
        """Forget what is half typed."""
        self._curves.close_editors()
