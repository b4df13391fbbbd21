"""Sentences for screen readers and tables of numbers: rewritten when the run pauses, never sixty times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from gumbelviz.model.numbers import write_count
from gumbelviz.views.pages.table import row_of
from gumbelviz.views.spoken import tell

if TYPE_CHECKING:
    from gumbelviz.app.pager import Pager
    from gumbelviz.app.store import State, Store
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.number_table import NumberTable
    from gumbelviz.views.look import Look
    from gumbelviz.views.numbers_window import NumbersWindow
    from gumbelviz.views.window import Window

REST = 250
"""Milliseconds without another frame after which a paused picture is described: a drag is over, or has stopped."""


class Teller(QObject):
    """Hears every frame whose numbers are due in words, and tells what it shows when there is time to read.

    While the stream runs the pictures of a page are described once, when the page comes to the front, and one by
    one when the keyboard reaches them.
    """

    def __init__(self, window: Window, pager: Pager, store: Store) -> None:
        super().__init__(window)
        self._window, self._pager, self._store = window, pager, store
        self._frame: Frame | None = None
        self._told: tuple[object, ...] | None = None
        self._numbers: NumbersWindow | None = None
        self._look: Look | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self.tell)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)

    def stop(self) -> None:
        """Fall silent."""
        self._timer.stop()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._focus_changed)
        if self._numbers is not None:
            self._numbers.close()

    def dress(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        if self._numbers is not None:
            self._numbers.setPalette(self._window.palette())
            self._numbers.set_look(look)

    def hear(self, frame: Frame) -> None:
        """Take note of a frame; a while after the last one of a paused run it is told."""
        self._frame = frame
        state = self._store.state
        if not state.transport.running:
            self._timer.start()
        elif self._key(state) != self._told and not self._timer.isActive():
            # The frames of a run come faster than the time to wait for the last one.
            self._timer.start()

    @staticmethod
    def _key(state: State) -> tuple[object, ...]:
        """What calls for other sentences even while the stream runs: another page or part, or a draw that is held."""
        pages, transport = state.settings.pages, state.transport
        views = (pages.noise.view, pages.temperature.tab, pages.gradients.tab, pages.learning.task)
        return state.page, views, transport.running, transport.cursor, transport.frozen

    def tables(self) -> tuple[NumberTable, ...]:
        """Return the tables of the page in front, with the newest numbers."""
        # Imported late: the window is on the screen before NumPy loads.
        from gumbelviz.model.page_tables import page_tables

        state = self._store.state
        return () if self._frame is None else page_tables(row_of(state.page).id, state.settings, self._frame)

    def tell(self) -> None:
        """Describe every picture of the page in front, and bring the tables up to date."""
        page, state = self._pager.page, self._store.state
        if page is None or self._frame is None:
            return
        tables = self.tables()
        pictures = page.pictures()
        for table in tables:
            for widget in pictures.get(table.id, ()):
                tell(widget, table.sentence)
        # A page whose study has not answered yet is told again with the next frame.
        done = any(table.id in pictures for table in tables) and (state.page == "pipeline" or bool(self._frame.study))
        self._told = self._key(state) if done else None
        self._show_tables(tables)

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Describe the picture that the keyboard has come to, also while the stream runs."""
        page = self._pager.page
        if now is None or page is None or not page.isAncestorOf(now):
            return
        for name, widgets in page.pictures().items():
            if now in widgets:
                for table in self.tables():
                    if table.id == name:
                        tell(now, table.sentence)

    # The tables.

    def show_numbers(self) -> None:
        """Open the window of tables at the picture that has the keyboard, or close it."""
        if self._numbers is not None and self._numbers.isVisible():
            if self._numbers.isActiveWindow():
                self._numbers.close()
            else:
                self._numbers.activateWindow()
            return
        if self._numbers is None:
            from gumbelviz.views.numbers_window import NumbersWindow

            self._numbers = NumbersWindow(self._window)
            self._numbers.refreshed.connect(self.tell)
            if self._look is not None:
                self.dress(self._look)
        self._numbers.show()
        self.tell()
        page, focus = self._pager.page, self._window.focusWidget()
        if page is not None and focus is not None:
            for name, widgets in page.pictures().items():
                if focus in widgets:
                    self._numbers.choose(name)
        self._numbers.view.setFocus()

    @property
    def numbers(self) -> NumbersWindow | None:
        """The window of tables, once it was opened."""
        return self._numbers

    def _show_tables(self, tables: tuple[NumberTable, ...]) -> None:
        if self._numbers is None or not self._numbers.isVisible() or self._frame is None:
            return
        state = self._store.state
        draws = f"after {write_count(self._frame.draws)} draws"
        moment = f"{draws}; the stream runs on" if state.transport.running else draws
        self._numbers.show_tables(row_of(state.page).title, tables, moment)
