"""The running program: store, engine, window and clock, wired together; and what each command does."""

from __future__ import annotations

import contextlib
import math
import secrets
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace as with_fields
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLineEdit, QMenu, QMessageBox

from gumbelviz import __version__
from gumbelviz.app import library
from gumbelviz.app.actions import MENUS, build_actions
from gumbelviz.app.annealer import Annealer
from gumbelviz.app.dialogs import Dialogs
from gumbelviz.app.exporter import Exporter
from gumbelviz.app.files import Files
from gumbelviz.app.keep import write_file
from gumbelviz.app.keeper import Keeper
from gumbelviz.app.lecture_editor import LectureEditor
from gumbelviz.app.lecture_mode import LectureMode
from gumbelviz.app.pager import Pager
from gumbelviz.app.store import State, Store
from gumbelviz.app.teller import Teller
from gumbelviz.model.numbers import NARROW_SPACE, NumberFormat, read_number, use_format
from gumbelviz.model.parameters import MOST_DRAWS, SPEED
from gumbelviz.model.preferences import Preferences, changed
from gumbelviz.model.scene import Page, Scene
from gumbelviz.model.settings import Transport
from gumbelviz.views.look import THEMES, Look
from gumbelviz.views.pages.table import PAGES, row_of
from gumbelviz.views.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from gumbelviz.app.loop import Loop
    from gumbelviz.app.recovery import Recovery
    from gumbelviz.engine.runner import Runner
    from gumbelviz.model.frame import Failure, Frame

ZOOMS = (0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
SPEEDS = (1.0, 3.0, 10.0, 30.0, 100.0, 1e3, 1e4, 1e5, 1e6, math.inf)


class Program:
    """Owns everything for as long as the window is open.

    The window can be shown before `start` brings in the engine and the plots, which take longer to load.
    """

    def __init__(
        self,
        scene: Scene,
        theme: str = "system",
        zoom: float = 1.0,
        keeper: Keeper | None = None,
        path: Path | None = None,
        window: Window | None = None,
    ) -> None:
        self.store = Store(scene, Transport(running=True), path)
        self.window = window or Window(furnished=False)
        self.window.furnish()
        # Without a keeper nothing is remembered, as in pictures and tests.
        self.keeper = keeper or Keeper(changed(Preferences(), theme=theme, zoom=zoom))
        self._theme: str = self.keeper.value.theme
        self._zoom = self.keeper.value.zoom
        self.files = Files(self.store, self.window, self.keeper, self.wish)
        self.dialogs = Dialogs(self)
        self.exporter = Exporter(self.store, self.window, lambda: self._frame)
        self.recovery: Recovery | None = None
        """Set by whoever opens the window for a person; pictures and tests put nothing aside."""
        self._runner: Runner | None = None
        self._hung = False
        self._left_behind: list[Runner] = []
        self._loop: Loop | None = None
        self._frame: Frame | None = None
        self._fits_from = 0
        self._visible = False
        self._hurry = False
        self._stopped = False
        self.noting: Callable[[], object] = bool
        """Called once at the end, while the window is still there, to remember where somebody left off."""
        self.ended: Callable[[], object] = bool
        """Called when the program is about to end, however that comes; the event loop should end too."""
        self.pager = Pager(self.window, self.wish)
        self.teller = Teller(self.window, self.pager, self.store)
        self.lecture = LectureMode(self)
        self.lecture_editor = LectureEditor(self)
        self.files.leaving, self.files.open_lecture = self.lecture.leave, self.lecture_editor.open_path
        menus = {name: self.window.menuBar().addMenu(f"&{name}") for name in MENUS}
        self.actions = build_actions(self, menus)
        self.lecture.take_actions(self.actions)
        self._add_scenes(menus["File"])
        self.window.toolbar.set_actions(self.actions)
        self.window.toolbar.set_pages(tuple((row.id, row.title) for row in PAGES if row.tab))
        self.pager.turn(scene.page)
        self.window.toolbar.wished.connect(self.wish)
        self.window.footer.wished.connect(self.wish)
        self.window.turned.connect(self._zoom_by)
        self.window.watched.connect(self._set_visible)
        self._visible = self.window.isVisible()
        self.window.closing.connect(self._close)
        self.store.listen(self._changed)
        self.annealer = Annealer(self.store, self.pager.show_play, parent=self.window)
        self.keeper.failed = self.window.complain
        self.keeper.listen(self._preferences_changed)
        self._use_formats()
        self.dress()
        self._show_state(self.store.state)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_theme_changed)

    def _add_scenes(self, menu: QMenu) -> None:
        scenes = QMenu("S&cenes", menu)
        for scene_id in library.BUILT_IN:
            title = library.builtin_title(scene_id)
            for target in (scenes, self.window.toolbar.scene_menu):
                target.addAction(title, lambda scene_id=scene_id: self.files.open_builtin(scene_id))
        menu.insertMenu(self.actions["save"], self.files.recent_menu)
        menu.insertMenu(self.actions["save"], scenes)

    def start(self) -> None:
        """Bring in the plots and the engine, and let the stream begin."""
        from gumbelviz.app.loop import Loop

        self.open_pages()
        self._loop = Loop(
            self._draw, self._speak, self._fail, self._wanted, self._is_running, self._stall, self.window
        )
        self._loop.set_calm(self.keeper.value.calm)
        self._start_engine()
        self._order()
        self._loop.set_active(self._visible)

    def _start_engine(self) -> None:
        from gumbelviz.engine.runner import Runner

        assert self._loop is not None
        self._runner = Runner(self._loop.nudged.emit)
        self._loop.attach(self._runner)
        self._runner.start()

    def show_still(self, draws: int, page: Page = "pipeline", index: int | None = None) -> str:
        """Show the window on a page after `draws` draws, without a thread, and return the run in words.

        The draw `index` is on display, or the newest one.
        """
        from gumbelviz.engine.simulation import Simulation
        from gumbelviz.engine.study import Moment, make_study
        from gumbelviz.model.words import describe_agreement, describe_draw

        self.store.watch(running=False)
        self.store.turn(page)
        self.open_pages()
        settings = self.store.state.settings
        simulation = Simulation(settings)
        simulation.advance(draws)
        while simulation.refine():
            pass
        frame = simulation.frame(self.store.state.revision, index)
        study = make_study(page, settings)
        if study is not None:
            moment = Moment(frame.draws, frame.draw.index, running=False, hurried=True)
            while study.busy(moment):
                study.work(moment, lambda: False)
            frame = replace(frame, study=study.report(moment))
        self._draw(frame)
        self._speak(frame)
        words, figures, _ = describe_agreement(frame.agreement)
        return f"{frame.draws:,} draws, {words} ({figures}). {describe_draw(settings, frame.draw)}."

    def open_pages(self) -> None:
        """From now on pages are made, the one in front first."""
        self.pager.start()
        self.pager.turn(self.store.state.page)
        self.pager.show_scene(self.store.state.scene)

    # Down: from wishes to the engine.

    def wish(self, name: str, value: object, final: bool = True) -> None:
        """Grant what a control asked for, or say why not."""
        if name == "complain":
            self.window.complain(str(value))
            return
        try:
            if name == "speed" and isinstance(value, float):
                self.store.watch(speed=SPEED.check(value))
            elif name == "open data":
                self.files.open_dialog()
            elif name == "page":
                self.turn(str(value))
            elif name in ("study again", "study stop"):
                self._study(again=name == "study again")
            elif name == "study go on":
                self.store.watch(study_stopped=False)
            elif name == "cancel drag":
                self.store.cancel()
            elif name == "export numbers":
                self.export_numbers()
            elif name.startswith("anneal "):
                self.annealer.wish(name, value, final)
            else:
                self.store.edit(name, value, final)
        except ValueError as error:
            self.window.complain(str(error))
            self._show_state(self.store.state)
        else:
            self.window.quiet()

    def _changed(self, before: State, after: State) -> None:
        if _structure(before) != _structure(after):
            self._fits_from = after.revision
            self.pager.close_editors()
        if before.page != after.page:
            self._turn_to(after)
        self._show_state(after)
        self._order()
        self.lecture.changed(before, after)

    def _order(self) -> None:
        if self._runner is not None:
            from gumbelviz.engine.player import Order

            state = self.store.state
            transport = state.transport
            if not self._visible and transport.running:
                # Nobody is looking: the stream rests, and goes on from here later.
                transport = with_fields(transport, running=False)
            self._runner.order(Order(state.settings, transport, state.revision, state.page))
            if self._loop is not None:
                self._loop.expect(state.revision)

    def _show_state(self, state: State) -> None:
        self.actions[f"page {row_of(state.page).id}"].setChecked(True)
        self.window.set_document(state.scene.title, state.edited)
        self.window.toolbar.set_transport(state.transport)
        self.window.footer.show_seed(state.settings.seed)
        self.pager.show_scene(state.scene)
        self.pager.show_transport(state.transport)
        for name, label in (("undo", self.store.undo_label), ("redo", self.store.redo_label)):
            self.actions[name].setEnabled(label is not None)
            self.actions[name].setText(f"&{name.capitalize()} {label}" if label else f"&{name.capitalize()}")
        self.actions["unpin"].setEnabled(bool(state.settings.pinned))
        if not _note_holds(state):
            self.window.set_note("")

    # Up: from the engine to the screen.

    def _wanted(self, frame: Frame) -> bool:
        """A picture that is one slider step old is better than none; one of other options is not."""
        return frame.revision >= self._fits_from

    def _is_running(self) -> bool:
        return self.store.state.transport.running

    def _draw(self, frame: Frame, words: bool = True) -> None:
        self._frame, self._hung = frame, False
        self.pager.draw(self.store.state.settings, frame, words)

    def _draw_again(self) -> None:
        """Show the newest frame once more, in another look or on another page."""
        if self._frame is not None and self._wanted(self._frame):
            self.pager.draw(self.store.state.settings, self._frame)

    def _turn_to(self, state: State) -> None:
        self.pager.turn(state.page)
        self.pager.show_scene(state.scene)
        self._draw_again()

    def _speak(self, frame: Frame) -> None:
        from gumbelviz.app.words import fill_note

        state = self.store.state
        if not self._wanted(frame):
            return
        self.window.footer.show_frame(state.settings, frame, state.transport)
        self.teller.hear(frame)
        if _note_holds(state):
            words = fill_note(state.scene.note, state.settings, frame)
            self.window.set_note(words)
        self.lecture.speak(frame)

    def _fail(self, failure: Failure) -> None:
        print(failure.details, file=sys.stderr)
        # The pause itself is no order to the engine: what broke would break again, and again.
        runner, self._runner = self._runner, None
        self.store.watch(running=False)
        self._runner = runner
        self.window.complain(f"{failure.message} Restart tries again.")

    def _stall(self) -> None:
        self._hung = True
        self.window.complain("The simulation has not answered for a while. Wait, or Restart to begin it anew.")

    def _set_visible(self, visible: bool) -> None:
        self._visible = visible
        self.annealer.set_active(visible)
        if self._loop is not None:
            self._loop.set_active(visible)
            self._order()

    # Commands: pages, and watching.

    def turn(self, page: str) -> None:
        """Look at another page, by its id."""
        self.store.turn(row_of(page).id)

    def _study(self, again: bool) -> None:
        """Start the work of a page again, or cancel it."""
        number = self.store.state.transport.study
        self.store.watch(study=number + again, study_stopped=not again)

    @property
    def draws_made(self) -> int:
        """How many draws stand behind the picture."""
        return max(self._frame.draws, 1) if self._frame is not None else 1

    def _shown(self) -> int:
        return self._frame.draw.index if self._frame is not None else 0

    def run(self) -> None:
        """Start or stop the stream."""
        transport = self.store.state.transport
        if transport.running:
            self.store.watch(running=False)
        else:
            self.store.watch(running=True, cursor=transport.cursor if transport.frozen else None)

    def step(self) -> None:
        """Hold the draw after the one on display."""
        self.store.watch(running=False, cursor=min(self._shown() + 1, MOST_DRAWS))

    def back(self) -> None:
        """Hold the draw before the one on display."""
        self.store.watch(running=False, cursor=max(self._shown() - 1, 0))

    def restart(self) -> None:
        """Start again from draw 0."""
        if self._hung and self._runner is not None:
            # It may never answer: it is asked to end when it can, and another one takes its place.
            self._runner.stop(0.0)
            self._left_behind.append(self._runner)
            self._start_engine()
            self._hung = False
        self.store.watch(cursor=None, frozen=False, made=1, run=self.store.state.transport.run + 1)

    def freeze(self) -> None:
        """Hold the draw on display, or follow the newest again."""
        frozen = not self.store.state.transport.frozen
        self.store.watch(frozen=frozen, cursor=self._shown() if frozen else None)

    def go_to(self) -> None:
        """Ask for a draw by its number and hold it."""
        text, ok = QInputDialog.getText(
            self.window, "Go to draw", "Number of the draw, from 0:", QLineEdit.EchoMode.Normal, str(self._shown())
        )
        if not ok:
            return
        try:
            number = read_number(text)
            if not 0 <= number < MOST_DRAWS or number != int(number):
                raise ValueError(f"Draws are numbered from 0 to {MOST_DRAWS - 1:,}.")
        except ValueError as error:
            self.window.complain(str(error))
        else:
            self.store.watch(running=False, cursor=int(number))

    def new_seed(self) -> None:
        """Draw other noise."""
        self.store.edit("seed", secrets.randbelow(100_000))

    def slower(self) -> None:
        """Go down one speed."""
        now = self.store.state.transport.speed
        self.store.watch(speed=max((speed for speed in SPEEDS if speed < now), default=SPEEDS[0]))

    def faster(self) -> None:
        """Go up one speed."""
        now = self.store.state.transport.speed
        self.store.watch(speed=min((speed for speed in SPEEDS if speed > now), default=SPEEDS[-1]))

    # Commands: editing.

    def undo(self) -> None:
        """Take back the last change."""
        self.store.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.store.redo()

    def add_option(self) -> None:
        """Add an option at the end."""
        self.wish("add", None)

    def equalize(self) -> None:
        """Make all scores equal."""
        self.wish("equalize", None)

    def unpin_all(self) -> None:
        """Hand all noise back to the stream."""
        self.wish("unpin all", None)

    def copy_scores(self) -> None:
        """Put names and scores on the clipboard, as a table that spreadsheets take."""
        lines = [f"{option.name}\t{option.logit!r}" for option in self.store.state.settings.options]
        QApplication.clipboard().setText("\n".join(["name\tlogit", *lines]))

    def export_numbers(self) -> None:
        """Ask for a file and save the numbers of the training there."""
        from gumbelviz.app.numbers_file import write_training
        from gumbelviz.model.learning_report import LearningReport

        report = self._frame.study if self._frame is not None else None
        state = self.store.state
        if not isinstance(report, LearningReport) or report.options != len(state.settings.options):
            raise ValueError("Nothing has been trained yet, so there are no numbers to save.")
        # What is on the screen when the button is pressed; the training goes on behind the dialog.
        data = write_training(state.settings, report)
        name, _ = QFileDialog.getSaveFileName(
            self.window, "Save numbers", f"{state.scene.title} training.csv", "Tables (*.csv)"
        )
        if not name:
            return
        path = Path(name)
        path = path if path.suffix.lower() == ".csv" else path.with_name(path.name + ".csv")
        try:
            write_file(path, data)
        except OSError as error:
            raise ValueError(f"The numbers could not be saved to “{path}”: {error.strerror or error}.") from None

    # Commands: the window.

    def theme_system(self) -> None:
        """Follow the system's light or dark."""
        self._set_theme("system")

    def theme_light(self) -> None:
        """Dark ink on light."""
        self._set_theme("light")

    def theme_dark(self) -> None:
        """Light ink on dark."""
        self._set_theme("dark")

    def theme_lecture(self) -> None:
        """Light, larger, with thicker lines."""
        self._set_theme("lecture")

    def theme_contrast(self) -> None:
        """White and yellow on black, with thicker lines."""
        self._set_theme("contrast")

    def wear(self, theme: str | None = None, zoom: float | None = None) -> None:
        """Show a theme and a size for a while, without remembering them; None is what the person chose."""
        self._theme = theme or self.keeper.value.theme
        self._zoom = zoom or self.keeper.value.zoom
        self.dress()

    def _set_theme(self, theme: str) -> None:
        self.keeper.change(theme=theme)
        if self._theme != theme:
            self.wear()
        self._mark_theme()

    def _preferences_changed(self, before: Preferences, after: Preferences) -> None:
        looks = (after.theme, after.zoom, after.calm) != (before.theme, before.zoom, before.calm)
        formats = (after.decimals, after.thousands) != (before.decimals, before.thousands)
        if formats:
            self._use_formats()
        if self._loop is not None:
            self._loop.set_calm(after.calm)
        if self.recovery is not None and after.autosave != before.autosave:
            self.recovery.refresh()
        if looks or formats:
            self.wear()

    def _use_formats(self) -> None:
        chosen = self.keeper.value
        use_format(NumberFormat(chosen.decimals, {"comma": ",", "space": NARROW_SPACE, "none": ""}[chosen.thousands]))

    def _system_theme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._theme == "system":
            self.dress()

    def dress(self) -> None:
        """Let the window wear the theme and size that were chosen, or those of the stage."""
        theme = self._theme
        if theme == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            theme = "dark" if dark else "light"
        self._mark_theme()
        look = self.lecture.look() or Look(THEMES[theme], self._zoom, self.keeper.value.calm)
        self.window.set_look(look)
        self.lecture.dressed(look)
        self.teller.dress(look)
        self._show_state(self.store.state)
        self._draw_again()
        if self._frame is not None:
            self._speak(self._frame)

    def _mark_theme(self) -> None:
        self.actions[f"theme {self._theme}"].setChecked(True)

    def zoom_in(self) -> None:
        """Everything larger."""
        self._set_zoom(min((zoom for zoom in ZOOMS if zoom > self._zoom), default=ZOOMS[-1]))

    def zoom_out(self) -> None:
        """Everything smaller."""
        self._set_zoom(max((zoom for zoom in ZOOMS if zoom < self._zoom), default=ZOOMS[0]))

    def zoom_reset(self) -> None:
        """Everything at its normal size."""
        self._set_zoom(1.0)

    def _zoom_by(self, steps: int) -> None:
        """The wheel was turned with Ctrl held."""
        for _ in range(min(abs(steps), len(ZOOMS))):
            self.zoom_in() if steps > 0 else self.zoom_out()

    def _set_zoom(self, zoom: float) -> None:
        if zoom != self._zoom:
            self.keeper.change(zoom=zoom)
            if self._zoom != zoom:
                self.wear()

    def full_screen(self) -> None:
        """Fill the screen, or come back."""
        if self.window.isFullScreen():
            self.window.showNormal()
        else:
            self.window.showFullScreen()
        self.actions["full screen"].setChecked(self.window.isFullScreen())

    def about(self) -> None:
        """Say what this is."""
        box = QMessageBox(self.window)
        box.setWindowTitle("About GumbelViz")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(
            f"GumbelViz {__version__}\n\nSee the Gumbel-Softmax trick happen.\n\n"
            "MIT licence. Made with Qt (LGPL), PySide6, pyqtgraph, NumPy, SciPy, Pillow and msgspec; type: Inter (OFL)."
        )
        box.exec()
        box.deleteLater()

    def quit(self) -> None:
        """Close the window, and with it the program."""
        self.window.close()

    def quit_now(self) -> None:
        """Close without a question: somebody pressed Ctrl-C or the system is going down."""
        self._hurry = True
        # A window that is gone already, destroyed from outside, has nobody to answer: stop all the same.
        if not self.window.close() or not self._stopped:
            self.stop()

    def _close(self) -> None:
        # What there is to save is the document, not the step of a lecture.
        self.lecture.put_down()
        if not self._hurry and not (self.files.may_leave() and self.lecture_editor.may_leave()):
            self.window.refuse_close()
            self.lecture.come_home()
            return
        self.stop()

    def stop(self) -> bool:
        """End clock and engine, in this order; False where the engine did not end in time."""
        if self._stopped:
            return True
        self._stopped = True
        # A window that was destroyed from outside has no place to remember.
        with contextlib.suppress(RuntimeError):
            self.lecture.stop()
            self.noting()
        self.keeper.write()
        self.ended()
        self.teller.stop()
        self.files.stop()
        self.dialogs.stop()
        self.exporter.stop()
        if self.recovery is not None:
            self.recovery.stop(keep=self._hurry)
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._system_theme_changed)
        self.annealer.set_active(False)
        if self._loop is not None:
            self._loop.set_active(False)
        runner, self._runner = self._runner, None
        engines = [engine for engine in (runner, *self._left_behind) if engine is not None]
        if [engine for engine in engines if not engine.stop()] == []:
            return True
        print("The simulation did not stop in time and was left behind.", file=sys.stderr)
        return False


def _note_holds(state: State) -> bool:
    """A note speaks of the scene as it was opened; with other scores or noise it might be wrong."""
    now, opened = state.settings, state.saved.settings
    return bool(state.scene.note) and (now.options, now.location, now.scale) == (
        opened.options,
        opened.location,
        opened.scale,
    )


def _structure(state: State) -> tuple[object, ...]:
    """What a frame must fit in order to be drawn: how many options, in which order, of which scene."""
    settings = state.settings
    return settings.names, state.transport.run
