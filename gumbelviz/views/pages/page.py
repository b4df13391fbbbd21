"""What every page is: a widget that shows settings and frames, and passes on wishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gumbelviz.views.look import Look

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.play import Play
    from gumbelviz.model.scene import Scene
    from gumbelviz.model.settings import Settings, Transport


class Page(QWidget):
    """The base of the pages. Only the page in front is told of anything, so that hidden ones cost nothing.

    Signals
    -------
    wished(name, value, final)
        A person wants something changed; `final` is False while a drag goes on.
    """

    wished = Signal(str, object, bool)

    def set_look(self, look: Look) -> None:
        """Take another theme or size; the next `draw` shows the frame in it."""

    def show_scene(self, scene: Scene) -> None:
        """Show the settings of `scene` at once; the frame that answers them comes a little later."""

    def show_transport(self, transport: Transport) -> None:
        """Show how the stream and the page's own work are being watched."""

    def show_play(self, play: Play) -> None:
        """Show where the annealing stands."""

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame that answers these settings; without `words` only what is watched, not what is read.

        The page may just have been turned to: `frame.study` may still be None, or that of another page.
        """

    def pictures(self) -> dict[str, tuple[QWidget, ...]]:
        """Return the pictures by the id of the table that has their numbers, see `model/page_tables.py`."""
        return {}

    def close_editors(self) -> None:
        """Forget what is half typed: the option that it was meant for may be another one now."""
