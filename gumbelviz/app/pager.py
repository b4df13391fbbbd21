"""Which page is looked at: makes a page when it is first turned to, and hands on to it what it has to show.

A page with a fault is left alone, and said to have one; the others go on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from gumbelviz.model.play import Play
from gumbelviz.views.pages.table import row_of
from gumbelviz.views.window import Window

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.scene import Scene
    from gumbelviz.model.settings import Settings, Transport
    from gumbelviz.views.pages.page import Page


class Pager:
    """The pages of a window. Only the one in front is told of anything, so that hidden pages cost nothing.

    Parameters
    ----------
    window
        Where pages are shown.
    wish
        Gets the wishes of every page.
    """

    def __init__(self, window: Window, wish: Callable[[str, object, bool], object]) -> None:
        self._window = window
        self._wish = wish
        self._pages: dict[str, Page] = {}
        self._open = False
        self._play = Play()
        self._failed = False
        self._drawn: tuple[Settings, Frame] | None = None
        self.page: Page | None = None
        """The page in front; None before `start`."""

    def start(self) -> None:
        """From now on pages may be made: NumPy and pyqtgraph have been loaded, or may be."""
        self._open = True

    def turn(self, page: str) -> None:
        """Bring a page to the front, by its id; one that failed gets another chance."""
        row = row_of(page)
        self._window.toolbar.set_page(row.id)
        if not self._open:
            return
        if self.page is not None:
            self._tell(lambda page: page.close_editors())
        self._failed = False
        if row.id not in self._pages:
            try:
                made = row.make()
            except Exception:
                self._report()
                from gumbelviz.views.pages.broken import BrokenPage

                # Not kept: it is made again when it is turned to again.
                self.page = BrokenPage(row.title)
                self._window.add_page(self.page)
                self._window.show_page(self.page)
                return
            made.wished.connect(self._wish)
            made.outdated.connect(self._draw_again)
            self._pages[row.id] = made
            self._window.add_page(made)
        self.page = self._pages[row.id]
        self._tell(lambda page: page.show_play(self._play))
        self._window.show_page(self.page)

    def show_scene(self, scene: Scene) -> None:
        """Show the settings of `scene`."""
        self._tell(lambda page: page.show_scene(scene))

    def show_transport(self, transport: Transport) -> None:
        """Show how the stream and the page's own work are being watched."""
        self._tell(lambda page: page.show_transport(transport))

    def show_play(self, play: Play) -> None:
        """Show where the annealing stands."""
        self._play = play
        self._tell(lambda page: page.show_play(play))

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame."""
        self._drawn = settings, frame
        self._tell(lambda page: page.draw(settings, frame, words))

    def _draw_again(self) -> None:
        """The page in front wears another look: show the newest frame in it."""
        if self._drawn is not None:
            settings, frame = self._drawn
            self._tell(lambda page: page.draw(settings, frame))

    def close_editors(self) -> None:
        """Forget what is half typed."""
        self._tell(lambda page: page.close_editors())

    def _tell(self, say: Callable[[Page], object]) -> None:
        """Hand something to the page in front; after its first fault it hears nothing until it is turned to again."""
        if self.page is None or self._failed:
            return
        try:
            say(self.page)
        except Exception:
            # A frame comes sixty times a second, and would fail each time.
            self._failed = True
            self._report()

    def _report(self) -> None:
        sys.excepthook(*sys.exc_info())
