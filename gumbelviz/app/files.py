"""The document and its file: new, open, save, the files of late, and the question before something is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace as with_fields
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QWidget

from gumbelviz.app import library
from gumbelviz.app.keep import write_file
from gumbelviz.app.reader import Reader
from gumbelviz.lectures.lecture_file import LECTURE_SUFFIX
from gumbelviz.model.preferences import LONGEST_PATH, MOST_RECENT
from gumbelviz.model.scene import Scene, write_scene
from gumbelviz.model.settings import make_settings

if TYPE_CHECKING:
    from gumbelviz.app.keeper import Keeper
    from gumbelviz.app.library import Undecided
    from gumbelviz.app.store import Store
    from gumbelviz.model.cells import Kind
    from gumbelviz.model.preferences import Preferences
    from gumbelviz.views.window import Window

FILE_FILTER = "Scenes, lectures and scores (*.gumbel *.lecture *.csv *.tsv *.txt *.npy *.json)"
SCENE_FILTER = "Scenes (*.gumbel)"


class Files(QObject):
    """The commands of the File menu that have to do with the document.

    Parameters
    ----------
    store
        Holds the document.
    window
        What dialogs belong to, and what says a sentence.
    keeper
        Knows the files of late and the seed of new documents.
    wish
        Grants an edit of the open document.
    """

    def __init__(self, store: Store, window: Window, keeper: Keeper, wish: Callable[[str, object], None]) -> None:
        super().__init__(window)
        self._store, self._window, self._keeper, self._wish = store, window, keeper, wish
        self._reader = Reader(self.open_found, window.complain, self)
        self._origin: tuple[Scene, str] | None = None
        self.leaving: Callable[[], object] = bool
        """Called before another document is opened: whoever has put something in its place takes that away."""
        self.open_lecture: Callable[[Path], object] = bool
        """Opens the file of a lecture, which is no document."""
        self.recent_menu = QMenu("Open &recent")
        self.recent_menu.setToolTipsVisible(True)
        window.dropped.connect(lambda path: self.open_path(Path(path)))
        keeper.listen(self._preferences_changed)
        self._list_recent()

    def stop(self) -> None:
        """Forget what is being read."""
        self._reader.stop()

    # Opening.

    def new(self) -> None:
        """Open an untitled document."""
        self.leaving()
        if self.may_leave():
            self._store.open(self.untitled())

    def untitled(self) -> Scene:
        """Return a new document: two options with equal scores."""
        return Scene(title="Untitled", settings=make_settings([0.0, 0.0], seed=self._keeper.value.seed))

    def open_builtin(self, scene_id: str) -> None:
        """Open one of the scenes that come with the program."""
        self.leaving()
        if self.may_leave():
            scene = library.load_builtin(scene_id)
            self._store.open(scene)
            self.came_from(scene_id)

    def open_dialog(self) -> None:
        """Ask for a file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open", self._folder(), FILE_FILTER)
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a scene, somebody's own scores, or a lecture, which leaves the document alone."""
        if path.suffix.lower() == LECTURE_SUFFIX:
            self.leaving()
            self.open_lecture(path)
        else:
            self._reader.open(path)

    def open_found(self, found: Scene | Undecided, path: Path | None = None) -> None:
        """Open what was read; ask first where the numbers could be two things."""
        if not isinstance(found, Scene):
            kind = self.ask_kind()
            if kind is None:
                return
            try:
                found = found.decide(kind)
            except ValueError as error:
                self._window.complain(str(error))
                return
        self.leaving()
        if not self.may_leave():
            return
        is_scene = path is not None and path.suffix.lower() == library.SCENE_SUFFIX
        self._store.open(found if is_scene else self._imported(found), path if is_scene else None)
        self._window.quiet()
        if path is not None:
            self.remember(path)

    def _imported(self, scene: Scene) -> Scene:
        """Numbers say nothing of a seed: they get the one that was chosen for new documents."""
        return with_fields(scene, settings=with_fields(scene.settings, seed=self._keeper.value.seed))

    def paste_scores(self) -> None:
        """Take logits or probabilities from the clipboard."""
        from gumbelviz.model.table import read_pasted, to_settings_options

        try:
            table = read_pasted(QApplication.clipboard().text())
            kind = table.kind or self.ask_kind()
            if kind is None:
                return
            options = to_settings_options(table, kind)
        except ValueError as error:
            self._window.complain(f"The clipboard: {error}")
            return
        # An edit of the open document, so that Undo brings the old options back.
        self._wish("options", (options, kind))

    def ask_kind(self) -> Kind | None:
        """Ask whether numbers are logits or probabilities; None where the person would rather not."""
        box = QMessageBox(self._window)
        box.setWindowTitle("Logits or probabilities?")
        box.setText("These numbers add up to 1. Are they probabilities, or logits that happen to?")
        shares = box.addButton("Probabilities", QMessageBox.ButtonRole.AcceptRole)
        logits = box.addButton("Logits", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(shares)
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        return "probabilities" if clicked is shares else "logits" if clicked is logits else None

    # Where documents come from, and the files of late.

    def came_from(self, text: str) -> None:
        """The open document is the built-in scene with the id `text`, where it is the id of one."""
        self._origin = (self._store.state.saved, text) if text in library.BUILT_IN else None

    @property
    def origin(self) -> str | None:
        """Id or path with which the document can be opened again; None for what is in no file."""
        state = self._store.state
        if state.path is not None:
            return str(state.path.absolute()) if _can_be_kept(state.path) else None
        return self._origin[1] if self._origin is not None and self._origin[0] is state.saved else None

    def remember(self, path: Path) -> None:
        """Put `path` on top of the files of late."""
        if _can_be_kept(path):
            name = str(path.absolute())
            others = [other for other in self._keeper.value.recent if other != name]
            self._keeper.change(recent=(name, *others)[:MOST_RECENT])

    def open_recent(self, name: str) -> None:
        """Open a file of late; one that is gone leaves the list, and that is said."""
        path = Path(name)
        if path.exists():
            self.open_path(path)
            return
        self._keeper.change(recent=tuple(other for other in self._keeper.value.recent if other != name))
        self._window.complain(f"“{path.name}” is no longer in “{path.parent}”. It was taken off the list.")

    def clear_recent(self) -> None:
        """Forget the files of late; the files themselves stay."""
        self._keeper.change(recent=())

    def _preferences_changed(self, before: Preferences, after: Preferences) -> None:
        if before.recent != after.recent:
            self._list_recent()

    def _list_recent(self) -> None:
        # Whether they still exist is asked when one is chosen: a network disk that sleeps must not hold up a menu.
        menu, recent = self.recent_menu, self._keeper.value.recent
        menu.clear()
        names = [Path(name).name for name in recent]
        for i, name in enumerate(recent):
            path = Path(name)
            shown = f"{path.name}  ({path.parent.name})" if names.count(path.name) > 1 else path.name
            key = f"&{(i + 1) % 10} "
            action = menu.addAction(key + shown.replace("&", "&&"), lambda name=name: self.open_recent(name))
            action.setToolTip(str(path.parent))
        if recent:
            menu.addSeparator()
        clear = menu.addAction("&Clear this list" if recent else "Nothing was opened yet", self.clear_recent)
        clear.setEnabled(bool(recent))

    def _folder(self) -> str:
        """Where a dialog begins: beside the document, or beside the file of late."""
        path = self._store.state.path
        if path is not None:
            return str(path.parent)
        recent = self._keeper.value.recent
        return str(Path(recent[0]).parent) if recent and Path(recent[0]).parent.is_dir() else ""

    # Saving.

    def save(self) -> bool:
        """Save to the file it came from."""
        path = self._store.state.path
        return self._save_to(path) if path is not None else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save there."""
        path = self._ask_place("Save", self._store.state.scene.title)
        return path is not None and self._save_to(path)

    def save_copy(self) -> bool:
        """Ask for a file and write the document there; the document itself keeps its file, and its mark."""
        path = self._ask_place("Save a copy", f"{self._store.state.scene.title} copy")
        return path is not None and self._write(path)

    def _ask_place(self, caption: str, title: str) -> Path | None:
        proposed = Path(self._folder()) / f"{_as_file_name(title)}{library.SCENE_SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(self._window, caption, str(proposed), SCENE_FILTER)
        if not name:
            return None
        path = Path(name)
        suffix = library.SCENE_SUFFIX
        return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)

    def _save_to(self, path: Path) -> bool:
        if not self._write(path):
            return False
        self._store.mark_saved(path)
        self.remember(path)
        self._window.quiet()
        return True

    def _write(self, path: Path) -> bool:
        state = self._store.state
        try:
            write_file(path, write_scene(with_fields(state.scene, page=state.page)))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).rstrip(".")
            self._window.complain(f"The scene could not be saved to “{path}”: {reason}. Nothing was lost.")
            return False
        return True

    def may_leave(self) -> bool:
        """Offer to save what was changed since the document was opened or saved; False to stay with it."""
        state = self._store.state
        question = f"Save the changes to “{state.scene.title}”?"
        return not state.edited or saved_or_let_go(self._window, "Save changes?", question, self.save)


def saved_or_let_go(parent: QWidget, title: str, question: str, save: Callable[[], bool]) -> bool:
    """Ask before something is lost; True where `save` saved it or it may go, False to stay with it."""
    buttons = QMessageBox.StandardButton
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(title)
    # Titles in it may come from a stranger's file.
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answer = box.exec()
    box.deleteLater()
    return save() if answer == buttons.Save else answer == buttons.Discard


def _can_be_kept(path: Path) -> bool:
    """Tell whether the path can be written into a settings file, which is strict UTF-8."""
    text = str(path.absolute())
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return len(text) <= LONGEST_PATH and "\0" not in text


def _as_file_name(title: str) -> str:
    """Return `title` without the signs that file systems give a meaning to."""
    plain = "".join("-" if sign in '/\\:*?"<>|' else sign for sign in title).strip(". ")
    return plain[:80] or "Untitled"

