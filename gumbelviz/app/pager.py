"""Which page is looked at: makes a page when it is first turned to, and hands on to it what it has to show."""

from __future__ import annotations

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
        self._drawn: tuple[Settings, Frame] | None = None
        self.page: Page | None = None
        """The page in front; None before `start`."""

    def start(self) -> None:
        """From now on pages may be made: NumPy and pyqtgraph have been loaded, or may be."""
        self._open = True

    def turn(self, page: str) -> None:
        """Bring a page to the front, by its id."""
        row = row_of(page)
        self._window.toolbar.set_page(row.id)
        if not self._open:
            return
        if self.page is not None:
            self.page.close_editors()
        if row.id not in self._pages:
            made = row.make()
            made.wished.connect(self._wish)
            made.outdated.connect(lambda: self._draw_again(made))
            self._pages[row.id] = made
            self._window.add_page(made)
        before, self.page = self.page, self._pages[row.id]
        if before is not None and before is not self.page:
            # Only a page in front is reduced: who comes back to this one finds it whole.
            before.show_only(frozenset(), frozenset())
            before.point_at(frozenset())
        self.page.show_play(self._play)
        self._window.show_page(self.page)

    def show_scene(self, scene: Scene) -> None:
        """Show the settings of `scene`."""
        if self.page is not None:
            self.page.show_scene(scene)

    def show_transport(self, transport: Transport) -> None:
        """Show how the stream and the page's own work are being watched."""
        if self.page is not None:
            self.page.show_transport(transport)

    def show_play(self, play: Play) -> None:
        """Show where the annealing stands."""
        self._play = play
        if self.page is not None:
            self.page.show_play(play)

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame."""
        self._drawn = settings, frame
        if self.page is not None:
            self.page.draw(settings, frame, words)

    def _draw_again(self, page: Page) -> None:
        """A page wears another look: show the newest frame in it, where it can be seen."""
        if self._drawn is not None and page is self.page:
            page.draw(*self._drawn)

    def close_editors(self) -> None:
        """Forget what is half typed."""
        if self.page is not None:
            self.page.close_editors()
