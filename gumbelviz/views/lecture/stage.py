"""Everything that stands around the page while somebody presents, put into the window and taken out again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Signal
from PySide6.QtWidgets import QWidget

from gumbelviz.views.lecture.echo import Echo
from gumbelviz.views.lecture.foot import Foot
from gumbelviz.views.lecture.head import Head
from gumbelviz.views.lecture.question_panel import QuestionPanel
from gumbelviz.views.lecture.sheet import Sheet
from gumbelviz.views.look import LECTURE, Look, dress
from gumbelviz.views.window import Window

BODY = 24.0
"""Pixels of the program's ordinary type on a screen of 1080 lines."""
QUESTION_SHARE = 0.33
"""Of the width of the window, for the question beside the page."""
QUESTION_BELOW = 0.4
"""Of its height at the most, for a question below the page."""
BESIDE = {"answers": 0.97, "bars": 1.15}
"""The question stands beside the page where that is drawn at least so many times as large as with the question below
it; bars are better read over the whole width."""
MOST = 16_777_215
LEAST_ZOOM = 0.5


def stage_zoom(width: int, height: int) -> float:
    """Return the zoom at which a presented page fills a window of this size, with type to be read from the last row.

    It follows the height, as the distance of the last row does; where a window is narrow for its height, as old
    projectors are, less, so that what stands side by side still does.
    """
    lines = min(float(height), 0.72 * width)
    zoom = BODY / (15.0 * LECTURE.text) * lines / 1080.0
    return max(round(zoom, 3), LEAST_ZOOM)


class Stage(QObject):
    """Head, foot, question, plate of keys and blank sheet.

    Signals
    -------
    resized
        The window has another size now.
    """

    resized = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._look = Look(LECTURE)
        self.head, self.foot, self.panel = Head(), Foot(), QuestionPanel()
        centre = window.centralWidget()
        for part in (self.head, self.foot, self.panel):
            part.setParent(centre)
            part.hide()
        self.echo, self.sheet = Echo(centre), Sheet(centre)
        self.on = False
        self.theme, self.magnified = LECTURE, 1.0
        """What is worn, and how many times larger than the size of the window asks for."""

    def enter(self) -> None:
        """Stand around the page; toolbar, menus, notes and the footer of the program make room."""
        self.on = True
        self._window.enter_stage(self.head, self.panel, self.foot)
        self._window.centralWidget().installEventFilter(self)

    def leave(self) -> None:
        """Let the window be as it was."""
        self.on = False
        self._window.centralWidget().removeEventFilter(self)
        self.echo.hide()
        self.sheet.hide()
        self._window.leave_stage(self.head, self.panel, self.foot)

    @property
    def size(self) -> QSize:
        """How much room there is."""
        return self._window.size()

    def look(self) -> Look:
        """The lecture's theme at the size of the window."""
        return Look(self.theme, self.magnified * stage_zoom(self.size.width(), self.size.height()))

    def wear(self, look: Look) -> None:
        """Take another size; the window dresses what it holds, and this lays it out."""
        self._look = look
        for part in (self.head, self.foot, self.panel, self.echo):
            dress(part, look)
        self.fit()

    def fit(self) -> None:
        """Lay out what depends on the size of the window."""
        width, height = self.size.width(), self.size.height()
        if self.panel.below:
            self.panel.setMinimumWidth(0)
            self.panel.setMaximumWidth(MOST)
            self.panel.setFixedHeight(self.panel.wanted_height(width, round(QUESTION_BELOW * height)))
        else:
            self.panel.setMinimumHeight(0)
            self.panel.setMaximumHeight(MOST)
            self.panel.setFixedWidth(round(QUESTION_SHARE * width))
        self.head.fit(width, height)
        self.sheet.place()
        self.echo.place()

    def show_question(self, shown: bool, size: Callable[[], float]) -> None:
        """Have the question with the page, or the page alone.

        Parameters
        ----------
        shown
        size
            Tells how large the page draws now: the question stands where that is more.
        """
        self.panel.setVisible(shown and self.on)
        if shown and self.on:
            beside, below = (self._size_with(place, size) for place in (False, True))
            if beside >= BESIDE["bars" if self.panel.bars.bars else "answers"] * below:
                self._size_with(False, size)

    def _size_with(self, below: bool, size: Callable[[], float]) -> float:
        self.panel.set_below(below)
        self.fit()
        self._window.move_panel(self.panel, below)
        return size()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.fit()
            self.resized.emit()
        return False
