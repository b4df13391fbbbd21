"""A second window that nobody sees, on which pictures are made: the one on the screen is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QWidget

from gumbelviz.app.export_picture import image_of, picture_bytes
from gumbelviz.app.export_recorder import record
from gumbelviz.app.export_sketch import Sketch
from gumbelviz.model.play import Play
from gumbelviz.model.settings import Transport
from gumbelviz.views.look import Look
from gumbelviz.views.pages.table import PAGES, row_of
from gumbelviz.views.toolbar import BUTTONS, LECTURE
from gumbelviz.views.window import Window

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.scene import Scene


@dataclass(frozen=True)
class Around:
    """What the window shows beside its page: the words of buttons and menus, the note, and whether it was edited."""

    buttons: dict[str, str]
    menus: tuple[str, ...]
    note: str = ""
    edited: bool = False


class Easel:
    """A page, or the whole window, in any look and size, for one picture or many.

    Parameters
    ----------
    page
        Its id.
    look, size
        How it looks, and how large the picture is, in pixels.
    around
        With it the whole window is shown, else the page alone.
    parts
        Ids of the parts of the page to show; empty shows all.
    """

    def __init__(
        self, page: str, look: Look, size: tuple[int, int], around: Around | None = None, parts: tuple[str, ...] = ()
    ) -> None:
        self._window = Window()
        self._window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self._window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._around = around
        self._page = row_of(page).make()
        toolbar = self._window.toolbar
        if around is None:
            for widget in (self._window.menuBar(), toolbar, self._window.footer):
                widget.hide()
        else:
            # Actions of our own: those of the program wear the icons of the window on the screen.
            actions = {id: QAction(around.buttons[id], self._window, checkable=id == "freeze") for id in BUTTONS}
            actions[LECTURE] = QAction(self._window)
            toolbar.set_actions(actions)
            toolbar.set_pages(tuple((row.id, row.title) for row in PAGES if row.tab))
            for title in around.menus:
                self._window.menuBar().addMenu(title)
        self._window.add_page(self._page)
        self._window.show_page(self._page)
        toolbar.set_page(page)
        self._window.set_look(look)
        self._window.resize(*size)
        self._window.show()
        self._parts = frozenset(parts)

    def draw(self, scene: Scene, frame: Frame, transport: Transport | None = None, play: Play | None = None) -> None:
        """Show a frame that answers the settings of `scene`."""
        transport = transport or Transport()
        page, window = self._page, self._window
        page.show_scene(scene)
        page.show_transport(transport)
        page.show_play(play or Play())
        if self._around is not None:
            window.set_document(scene.title, self._around.edited)
            window.toolbar.set_transport(transport)
            window.footer.show_seed(scene.settings.seed)
            window.footer.show_frame(scene.settings, frame, transport)
            window.set_note(self._around.note)
        page.draw(scene.settings, frame)
        if self._parts:
            page.show_only(self._parts, frozenset())
        # Layouts settle, and plots learn their size, before anything is painted; nothing else is worked on.
        for _ in range(2):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            page.draw(scene.settings, frame)

    @property
    def widget(self) -> QWidget:
        """What is in the picture."""
        return self._window

    def image(self, scale: int = 1) -> QImage:
        """Return what is shown as an image."""
        return image_of(self._window, scale)

    def bytes(self, kind: str, scale: int = 1) -> bytes:
        """Return what is shown as the bytes of a file."""
        return picture_bytes(self._window, kind, scale)

    def sketch(self) -> Sketch:
        """Return what is shown as shapes and words."""
        return record(self._window)

    def close(self) -> None:
        """Take it down."""
        self._window.setUpdatesEnabled(False)
        self._window.hide()
        self._window.deleteLater()
