"""What every page is: a widget that shows settings and frames, and passes on wishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from gumbelviz.model import page_parts
from gumbelviz.views.controls.stage_title import StageTitle
from gumbelviz.views.look import Look, dress
from gumbelviz.views.pages.showcase import Lever, Piece, Showcase, light

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
    outdated
        What is shown wears another look now; the newest frame should be drawn once more.

    Attributes
    ----------
    page_id
        Its id in scenes, and in the table of parts and controls.
    body
        Holds all of the ordinary page.
    view
        The view in front, where views take turns.
    """

    wished = Signal(str, object, bool)
    outdated = Signal()

    page_id = ""

    def __init__(self) -> None:
        super().__init__()
        self.body = QWidget()
        self.view = ""
        self._given = Look()
        self._only: tuple[frozenset[str], frozenset[str]] | None = None
        self._pointed: frozenset[str] = frozenset()
        self._lit: list[QWidget] = []
        self._showcase = Showcase(self._fit_showcase)
        self._faces = QStackedLayout(self)
        self._faces.addWidget(self.body)
        self._faces.addWidget(self._showcase)

    # Sizes and colours.

    def set_look(self, look: Look) -> None:
        """Take another theme or size; the next `draw` shows the frame in it."""
        self._given = look
        if self._only is None:
            self.take_look(look)
        else:
            self._showcase.dress_again()
            self._fit_showcase()

    def take_look(self, look: Look) -> None:
        """Take a look that the page may have made larger; for the pages to say what it means."""

    # All of the page, or parts of it.

    @property
    def reduced(self) -> bool:
        """True while only parts are shown, which have all the room."""
        return self._only is not None

    def show_only(self, parts: frozenset[str], controls: frozenset[str]) -> None:
        """Show these parts and controls alone, as large as they can be; without any, the ordinary page.

        Parts that belong to another view than the one in front are left out; where no part is named, or none of
        this view, all of the view are shown. Controls of the window are not ours.
        """
        if not parts and not controls:
            if self._only is not None:
                self._go_back()
            return
        if self._only != (parts, controls):
            self._only = parts, controls
            self._reduce()

    def set_view(self, view: str) -> None:
        """Another view is in front now."""
        if view != self.view:
            self.view = view
            if self._only is not None:
                self._reduce()
            elif self._pointed:
                self._light_up()

    def reduce_again(self) -> None:
        """Parts need another room now, or are others."""
        if self._only is not None:
            self._reduce()

    def _reduce(self) -> None:
        assert self._only is not None
        parts, controls = self._only
        shown = page_parts.shown_parts(self.page_id, parts, self.view)
        self._showcase.give_back()
        self.trim(frozenset(shown))
        pictures, levers = self.pieces(shown), self.levers(shown)
        allowed = {control.id for control in page_parts.controls_of(self.page_id, self.view)}
        kept = [levers[name] for name in levers if name in controls and name in allowed]
        taken: list[QWidget] = [piece.widget for piece in pictures]
        side, line = (_others(taken, groups) for groups in ([x.side for x in kept], [x.line for x in kept]))
        self._showcase.borrow(pictures, side, line, self.page_id == "pipeline")
        alive = {widget for lever in kept for widget in lever.live}
        still = [widget for lever in levers.values() for widget in lever.live if widget not in alive]
        self._showcase.still(tuple(dict.fromkeys(still)))
        self._faces.setCurrentWidget(self._showcase)
        self._fit_showcase()
        self._light_up()

    def _go_back(self) -> None:
        self._only = None
        self._showcase.give_back()
        self.trim(None)
        self._faces.setCurrentWidget(self.body)
        dress(self, self._given)
        self._light_up()
        self.outdated.emit()

    def _fit_showcase(self) -> None:
        if self._showcase.fit(self._given):
            assert self._showcase.look is not None
            self.take_look(self._showcase.look)
            # The page has fixed some sizes anew.
            self._showcase.fit(self._given)
            self.outdated.emit()

    def pieces(self, shown: tuple[str, ...]) -> tuple[Piece, ...]:
        """Return what these parts of the view in front look like on their own, in reading order."""
        return ()

    def levers(self, shown: tuple[str, ...]) -> dict[str, Lever]:
        """Return the controls by their ids, beside these parts."""
        return {}

    def trim(self, shown: frozenset[str] | None) -> None:
        """Take out of pieces, or put back, what is a part of its own inside them; None is the ordinary page."""

    # Pointing.

    def point_at(self, highlight: frozenset[str]) -> None:
        """Draw attention to these parts; to none where there are none."""
        if highlight != self._pointed:
            self._pointed = highlight
            self._light_up()

    def pointed(self, highlight: frozenset[str]) -> tuple[QWidget, ...]:
        """Return the widgets to point at."""
        names = tuple(part.id for part in page_parts.parts_of(self.page_id, self.view) if part.id in highlight)
        pieces = self.pieces(names) if names else ()
        return tuple(w for piece in pieces for w in (piece.widget, *(heading for heading, _ in piece.headings)))

    def _light_up(self) -> None:
        wanted = list(self.pointed(self._pointed))
        look = self._showcase.look or self._given
        for widget in [*self._lit, *wanted]:
            lit = widget in wanted
            if isinstance(widget, StageTitle):
                widget.set_lit(lit)
            else:
                light(widget, lit, look)
        self._lit = wanted

    # What is shown.

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

    def close_editors(self) -> None:
        """Forget what is half typed: the option that it was meant for may be another one now."""


def _others(taken: list[QWidget], groups: list[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """Return the pieces that are not shown already, and note that they are."""
    pieces = []
    for piece in (piece for group in groups for piece in group):
        if not any(piece.widget is widget or widget.isAncestorOf(piece.widget) for widget in taken):
            taken.append(piece.widget)
            pieces.append(piece)
    return tuple(pieces)
