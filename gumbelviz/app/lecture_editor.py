"""Making a lecture of one's own: the draft, its file, and the dock in which it is written."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from gumbelviz.app.files import saved_or_let_go
from gumbelviz.lectures.lecture_file import LECTURE_SUFFIX
from gumbelviz.model import lecture_draft as drafts
from gumbelviz.model.lecture_draft import Draft, History

if TYPE_CHECKING:
    from gumbelviz.app.program import Program
    from gumbelviz.model.lecture import Lecture, Step
    from gumbelviz.views.lecture_dock import LectureDock

FILTER = f"Lectures (*{LECTURE_SUFFIX})"
UNTITLED = "My lecture"


class LectureEditor(QObject):
    """Owned by the program; the dock is made when it is first wanted.

    Parameters
    ----------
    program
        Whose present state is captured, and whose lecture mode plays what is written.
    """

    def __init__(self, program: Program) -> None:
        super().__init__(program.window)
        self._program = program
        self._dock: LectureDock | None = None
        self._history = History(Draft())
        self._saved = Draft()
        self._path: Path | None = None

    # What is being written.

    @property
    def draft(self) -> Draft:
        """The lecture as it stands."""
        return self._history.draft

    @property
    def edited(self) -> bool:
        """Something would be lost if the draft were."""
        return (self.draft.title, self.draft.steps) != (self._saved.title, self._saved.steps)

    @property
    def path(self) -> Path | None:
        """The file that it came from, or was saved in."""
        return self._path

    @property
    def dock(self) -> LectureDock:
        """The dock; made when it is first asked for."""
        if self._dock is None:
            from gumbelviz.views.lecture_dock import LectureDock
            from gumbelviz.views.look import dress

            self._dock = LectureDock()
            self._dock.hide()
            self._dock.wished.connect(self.wish)
            self._dock.visibilityChanged.connect(self._mark)
            self._program.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
            dress(self._dock, self._program.window.look)
            self._show()
        return self._dock

    def toggle(self) -> None:
        """Show the dock, or hide it."""
        self.dock.setVisible(self.dock.isHidden())

    def _mark(self, _visible: bool = False) -> None:
        action = self._program.actions.get("lecture edit")
        if action is not None:
            action.setChecked(self._dock is not None and not self._dock.isHidden())

    def wish(self, name: str, value: object = None) -> None:
        """Do what the dock asks for, or say why not."""
        window = self._program.window
        try:
            self._grant(name, value)
        except ValueError as error:
            window.complain(str(error))
        self._show()

    def _grant(self, name: str, value: object) -> None:
        files = {
            "new": self.new, "open": self.open_dialog, "save": self.save, "save as": self.save_as, "play": self.play,
            "undo": self._history.undo, "redo": self._history.redo, "visit": self.visit,
        }  # fmt: skip
        if name in files:
            files[name]()
        elif name == "complain":
            raise ValueError(str(value))
        else:
            self._history.put(self._changed(name, value), self._kind(name, value))

    def _kind(self, name: str, value: object) -> object:
        """What typing into one field is called, so that it is taken back as one change."""
        typed = name in ("lecture title", "title", "words", "notes") or (name in ("task", "question"))
        field = tuple(value) if isinstance(value, dict) else ()
        return (name, field, self.draft.place) if typed else None

    def _changed(self, name: str, value: object) -> Draft:
        draft = self.draft
        match name, value:
            case "lecture title", str(text):
                return drafts.retitle(draft, text)
            case "choose", int(place):
                return drafts.choose(draft, place)
            case "title", str(text):
                return drafts.change(draft, title=text)
            case "rename", (int(place), str(text)):
                return drafts.change(drafts.choose(draft, place), title=text)
            case ("words" | "notes", str(text)):
                return drafts.change(draft, **{name: text})
            case "move", (int(source), int(target)):
                return drafts.move(draft, source, target)
            case ("parts" | "highlight" | "controls", (str(row), bool(on))):
                return drafts.toggle(draft, name, row, on)
            case "task", dict(fields):
                return drafts.set_task(draft, **fields)
            case "question", dict(fields):
                return drafts.set_question(draft, **fields)
            case "capture", _:
                return drafts.insert(draft, self.captured())
            case "retake", _:
                return drafts.retake(draft, self.captured())
            case "duplicate", _:
                return drafts.duplicate(draft)
            case "remove", _:
                return drafts.remove(draft)
        raise ValueError(f"The lecture has nothing called “{name}”.")

    # The present state.

    def captured(self) -> Step:
        """Return a step that shows what the window shows now.

        Raises
        ------
        ValueError
            With one sentence, while a lecture is presented: what stands there is a step of it.
        """
        from gumbelviz.lectures.lecture_file import MOST_NUMBERS
        from gumbelviz.model.lecture import Step

        if self._program.lecture.on:
            raise ValueError("Leave the lecture first: what is captured is your own document.")
        state, transport = self._program.store.state, self._program.store.state.transport
        most = MOST_NUMBERS // len(state.settings.options)
        return Step(
            title=state.scene.title[:200] or f"Step {len(self.draft.steps) + 1}",
            scene=replace(state.scene, page=state.page, note="", highlight=None),
            draw=transport.cursor,
            draws=max(min(self._program.draws_made, most), 1),
            running=transport.running,
            speed=transport.speed,
        )

    def visit(self) -> None:
        """Open the state of the step in front as the document, for changing it and taking it again."""
        step = self.draft.step
        if step is not None:
            self._program.files.open_found(replace(step.scene, title=step.scene.title or step.title))

    def play(self) -> None:
        """Present the lecture from the step in front.

        Raises
        ------
        ValueError
            With one sentence, where something in it has no meaning.
        """
        lecture = self._checked()
        self._program.lecture.present(lecture, max(self.draft.place, 0))

    def _checked(self) -> Lecture:
        from gumbelviz.lectures.lecture_file import read_lecture, write_lecture

        # What can be saved and opened again can be played.
        return read_lecture(write_lecture(self.draft.lecture))

    # Files.

    def new(self) -> None:
        """Begin another lecture."""
        if self.may_leave():
            self._begin(Draft(), None)

    def _begin(self, draft: Draft, path: Path | None) -> None:
        self._history, self._saved, self._path = History(draft), draft, path
        self._show()

    def open_dialog(self) -> None:
        """Ask for the file of a lecture and open it here."""
        name, _ = QFileDialog.getOpenFileName(self._program.window, "Open lecture", "", FILTER)
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Open the lecture in a file for editing; the document stays as it is.

        A file that cannot be read is said in one sentence, and what was being written stays too.
        """
        from gumbelviz.app.lecture_library import open_lecture

        try:
            lecture = open_lecture(path)
        except ValueError as error:
            self._program.window.complain(str(error))
            return
        self.take(lecture, path)

    def take(self, lecture: Lecture, path: Path | None = None) -> None:
        """Show a lecture in the dock, ready to be played or changed."""
        if self.may_leave():
            self._begin(drafts.draft_of(lecture), path)
            self.dock.show()

    def save(self) -> bool:
        """Save to the file it came from."""
        return self.save_as() if self._path is None else self._save_to(self._path)

    def save_as(self) -> bool:
        """Ask for a file and save there."""
        name, _ = QFileDialog.getSaveFileName(
            self._program.window, "Save lecture", f"{_file_name(self.draft.title)}{LECTURE_SUFFIX}", FILTER
        )
        if not name:
            return False
        path = Path(name)
        named = path.suffix.lower() == LECTURE_SUFFIX
        return self._save_to(path if named else path.with_name(path.name + LECTURE_SUFFIX))

    def _save_to(self, path: Path) -> bool:
        from gumbelviz.app.keep import write_file
        from gumbelviz.lectures.lecture_file import write_lecture

        try:
            write_file(path, write_lecture(self.draft.lecture))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            reason = reason.rstrip(".")
            self._program.window.complain(f"The lecture could not be saved to “{path}”: {reason}. Nothing was lost.")
            return False
        self._saved, self._path = self.draft, path
        self._program.window.quiet()
        self._show()
        return True

    def may_leave(self) -> bool:
        """Offer to save what is not saved yet; False where it shall stay."""
        question = f"Save the changes to the lecture “{self.draft.title}”?"
        return not self.edited or saved_or_let_go(self._program.window, "Save the lecture?", question, self.save)

    # Showing.

    def _show(self) -> None:
        if self._dock is None:
            return
        from gumbelviz.lectures.markdown import clean_markdown

        draft, step = self.draft, self.draft.step
        name = self._path.name if self._path is not None else draft.title or UNTITLED
        self._dock.show_draft(draft, name, self.edited, self._history.can_undo, self._history.can_redo)
        preview = "" if step is None else clean_markdown(step.words)
        self._dock.show_step(draft, preview, describe_state(step), wrong_with(step))


def describe_state(step: Step | None) -> str:
    """Say in a sentence what a step shows."""
    from gumbelviz.model.numbers import write_count, write_short

    if step is None:
        return "No step yet. Set the window up as you like it, then press Capture."
    settings = step.scene.settings
    tau = "∞" if settings.temperature == math.inf else write_short(settings.temperature, 3)
    held = f"draw {write_count(step.draw)} held" if step.draw is not None else f"after {write_count(step.draws)} draws"
    runs = ", running" if step.running else ""
    return (
        f"The {step.scene.page} page, {write_count(len(settings.options))} options, τ = {tau}, "
        f"seed {settings.seed}, {held}{runs}."
    )


def wrong_with(step: Step | None) -> str:
    """Return a sentence where something in a step would be refused in a file; else nothing."""
    from gumbelviz.lectures.lecture_file import checked_step

    if step is None:
        return ""
    try:
        checked_step(step)
    except ValueError as error:
        return str(error)
    return ""


def _file_name(title: str) -> str:
    """Return a title as the name of a file: nothing in it that a system gives a meaning."""
    kept = "".join(character if character.isalnum() or character in " -_,()" else " " for character in title)
    return " ".join(kept.split())[:80] or UNTITLED
