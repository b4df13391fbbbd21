"""Getting things out: pictures, animations, data, code and handouts, each from what is on the screen now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from gumbelviz.app.export_studio import Studio
from gumbelviz.app.export_words import failure, file_name, saved_words
from gumbelviz.app.keep import write_file
from gumbelviz.app.lecture_library import find_lecture
from gumbelviz.model.export import (
    ANIMATION_KINDS,
    DATA_KINDS,
    PICTURE_KINDS,
    AnimationOrder,
    DataOrder,
    HandoutOrder,
    Library,
    PictureOrder,
)
from gumbelviz.model.numbers import write_count

if TYPE_CHECKING:
    from gumbelviz.app.export_job import Bench, Job
    from gumbelviz.app.store import Store
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.lecture import Lecture
    from gumbelviz.model.scene import Page, Scene
    from gumbelviz.views.dialogs.dialog import Dialog
    from gumbelviz.views.dialogs.export_progress import ProgressDialog
    from gumbelviz.views.window import Window

MOST_AT_ONCE = 12_000_000
"""Pixels of a picture that is saved while the window waits."""
FROM_FILE = "*file"
"""In place of a lecture's id: one that is still to be opened."""
FILTERS = {"png": "PNG pictures (*.png)", "svg": "SVG drawings (*.svg)", "pdf": "PDF documents (*.pdf)",
           "gif": "Animated GIF (*.gif)", "csv": "Tables (*.csv)", "json": "JSON (*.json)",
           "npz": "NumPy archives (*.npz)"}  # fmt: skip


class Exporter(QObject):
    """Owned by the program. One export is made at a time.

    Parameters
    ----------
    store
        Holds the document.
    window
        What dialogs belong to; it says what was done, and what could not be.
    frame
        Returns the newest frame that fits the document, or None.
    """

    def __init__(self, store: Store, window: Window, frame: Callable[[], Frame | None]) -> None:
        super().__init__(window)
        self._store, self._window, self._newest = store, window, frame
        self._studio = Studio(store, window)
        self._folder: Path | None = None
        self.dialog: Dialog | None = None
        """The dialog on the screen, if any."""
        self.progress: ProgressDialog | None = None
        self._job: Job | None = None

    def stop(self) -> None:
        """Cancel what is being made, and wait until nothing is left of it."""
        job, self._job = self._job, None
        if job is not None:
            job.stop()
            job.deleteLater()
        for dialog in (self.progress, self.dialog):
            if dialog is not None:
                dialog.blockSignals(True)
                dialog.close()
                dialog.deleteLater()
        self.progress = self.dialog = None

    # What there is to take out.

    def _scene(self) -> Scene:
        return self._store.state.scene

    def _frame(self) -> Frame:
        frame = self._newest()
        if frame is None or len(frame.wins) != len(self._store.state.settings.options):
            raise ValueError("The first draws are not there yet, so there is nothing to export; try again in a moment.")
        return frame

    # Dialogs.

    def _open(self, dialog: Dialog) -> None:
        if self.dialog is not None:
            self.dialog.close()
        self.dialog = dialog
        dialog.finished.connect(lambda _result: self._closed(dialog))
        # Not exec: closing the program from outside must not wait for an answer.
        dialog.open()

    def _closed(self, dialog: Dialog) -> None:
        if self.dialog is dialog:
            self.dialog = None
        dialog.deleteLater()

    def _try(self, call: Callable[..., object], *arguments: object) -> bool:
        """Call, and say in the window what went wrong."""
        try:
            call(*arguments)
        except (ValueError, OSError, MemoryError) as error:
            self._window.complain(failure(error))
            return False
        return True

    def _ask_path(self, name: str, kinds: tuple[str, ...], kind: str) -> Path | None:
        """Ask where to save; the suffix that is typed decides the form where it is one of `kinds`."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = self._folder or Path(documents)
        order = [kind, *(other for other in kinds if other != kind)]
        start = str(folder / f"{file_name(name)}.{kind}")
        text, _ = QFileDialog.getSaveFileName(self._window, "Export", start, ";;".join(FILTERS[k] for k in order))
        if not text:
            return None
        path = Path(text)
        self._folder = path.parent
        return path if path.suffix.lower()[1:] in kinds else path.with_name(f"{path.name}.{kind}")

    def _name(self, what: str = "") -> str:
        return f"{self._scene().title} {what or self._studio.page_title}"

    # Pictures.

    def save_picture(self) -> None:
        """Ask for a picture, and save it."""
        self._try(self._open_picture)

    def _open_picture(self) -> None:
        from gumbelviz.views.dialogs.export_picture import PictureDialog

        scene, frame = self._scene(), self._frame()
        studio = self._studio
        dialog = PictureDialog(studio.contents(window=True), studio.usual_order(), self._window)
        dialog.changed.connect(lambda: dialog.show_preview(studio.preview(dialog.picture_order(), scene, frame)))
        dialog.ordered.connect(lambda order, kind: self._picture_ordered(dialog, order, kind, scene, frame))
        dialog.copy_wished.connect(lambda order: self._copy(dialog, order, scene, frame))
        self._open(dialog)
        dialog.notice()

    def _picture_ordered(self, dialog: Dialog, order: PictureOrder, kind: str, scene: Scene, frame: Frame) -> None:
        dialog.accept()
        path = self._ask_path(self._name(), PICTURE_KINDS, kind)
        if path is not None:
            self._try(self.write_picture, path, order, scene, frame)

    def write_picture(self, path: Path, order: PictureOrder, scene: Scene, frame: Frame) -> None:
        """Write a picture to `path`, in the form that its suffix names.

        Raises
        ------
        ValueError
            With a sentence, where there cannot be such a picture or it cannot be written.
        """
        kind = path.suffix.lower()[1:]
        order.check(kind)
        is_large = kind == "png" and order.size[0] * order.size[1] * order.scale**2 > MOST_AT_ONCE
        if is_large:
            from gumbelviz.app.export_png import write_png

            self._refuse_second()
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            if is_large:
                # It is painted at once, and compressed beside the window, which takes ten times as long.
                image = self._studio.image(order, scene, frame)
                self._begin(path, lambda bench: write_png(path, image, bench.report))
                return
            _write(path, self._studio.picture(kind, order, scene, frame))
        finally:
            QApplication.restoreOverrideCursor()
        self._window.tell(f"Saved {saved_words(path)}.")

    def copy_picture(self) -> None:
        """Put a picture of the page on the clipboard: on white, as large as on the screen, with twice the dots."""
        self._try(lambda: self._put_picture(self._studio.usual_order(), self._scene(), self._frame()))

    def _copy(self, dialog: Dialog, order: PictureOrder, scene: Scene, frame: Frame) -> None:
        if self._try(self._put_picture, order, scene, frame):
            dialog.accept()

    def _put_picture(self, order: PictureOrder, scene: Scene, frame: Frame) -> None:
        order.check()
        image = self._studio.image(order, scene, frame)
        QApplication.clipboard().setImage(image)
        self._window.tell(f"A picture of {write_count(image.width())} × {write_count(image.height())} pixels is on the "
                          "clipboard.")  # fmt: skip

    # Animations.

    def save_animation(self) -> None:
        """Ask for an animation, and make it beside the window."""
        self._try(self._open_animation)

    def _open_animation(self) -> None:
        from gumbelviz.views.dialogs.export_animation import AnimationDialog

        self._refuse_second()
        studio = self._studio
        scene, frame, page = self._scene(), self._frame(), studio.page
        trains = page == "learning"
        order = AnimationOrder("training" if trains else "sweep", draws=_round_draws(frame.draws))
        dialog = AnimationDialog(studio.contents(window=False), order, trains, self._window)
        dialog.changed.connect(lambda: dialog.show_preview(studio.preview(dialog.animation_order(), scene, frame)))
        dialog.ordered.connect(lambda order, kind: self._animation_ordered(dialog, order, kind, scene, page, frame))
        self._open(dialog)
        dialog.notice()

    def _animation_ordered(
        self, dialog: Dialog, order: AnimationOrder, kind: str, scene: Scene, page: Page, frame: Frame
    ) -> None:
        dialog.accept()
        path = self._ask_path(self._name(order.motion), ANIMATION_KINDS, kind)
        if path is not None:
            self._try(self.write_animation, path, order, scene, page, frame.draw.index)

    def write_animation(self, path: Path, order: AnimationOrder, scene: Scene, page: Page, shown: int) -> None:
        """Make an animation beside the window.

        Raises
        ------
        ValueError
            With a sentence, where there cannot be such an animation or another export is being made.
        """
        from gumbelviz.app.export_animation import write_animation

        order.check()
        look = self._studio.look(order.ground, order.zoom, 1.0)
        parts = self._studio.parts(order.part) if order.extent == "part" else ()
        self._begin(path, lambda bench: write_animation(path, scene, page, order, look, shown, bench, parts))

    # Data.

    def save_data(self) -> None:
        """Ask for data, and save it."""
        self._try(self._open_data)

    def _open_data(self) -> None:
        from gumbelviz.views.dialogs.export_data import DataDialog

        self._refuse_second()
        scene, frame = self._scene(), self._frame()
        settings = scene.settings
        dialog = DataDialog(len(settings.options), frame.draws, bool(settings.pinned), self._window)
        dialog.ordered.connect(lambda order, kind: self._data_ordered(dialog, order, kind, scene, frame))
        self._open(dialog)

    def _data_ordered(self, dialog: Dialog, order: DataOrder, kind: str, scene: Scene, frame: Frame) -> None:
        dialog.accept()
        path = self._ask_path(self._name("draws" if order.content != "tallies" else "tallies"), DATA_KINDS, kind)
        if path is not None:
            self._try(self.write_data, path, order, scene, frame)

    def write_data(self, path: Path, order: DataOrder, scene: Scene, frame: Frame) -> None:
        """Write tallies at once, and draws beside the window.

        Raises
        ------
        ValueError
            With a sentence, where that is too much for one file, or it cannot be written.
        """
        settings = scene.settings
        order.check(len(settings.options))
        if order.content == "tallies":
            from gumbelviz.app.export_data import write_tallies

            _write(path, write_tallies(settings, frame, path.suffix.lower()[1:]))
            self._window.tell(f"Saved {saved_words(path)}.")
            return
        from gumbelviz.app.export_draws import write_draws

        count = min(order.draws, frame.draws) if order.content == "newest" else order.draws
        first = frame.draws - count if order.content == "newest" else 0
        self._begin(path, lambda bench: write_draws(path, settings, first, count, bench.report))

    # Handouts.

    def save_handout(self) -> None:
        """Ask for the handout of a lecture, and print it beside the window."""
        self._try(self._open_handout)

    def _open_handout(self) -> None:
        from gumbelviz.lectures.built_in import BUILT_IN
        from gumbelviz.views.dialogs.export_handout import HandoutDialog

        self._refuse_second()
        dialog = HandoutDialog([*BUILT_IN.items(), (FROM_FILE, "A lecture file…")], self._window)
        dialog.ordered.connect(lambda order, lecture: self._handout_ordered(dialog, order, lecture))
        self._open(dialog)

    def _handout_ordered(self, dialog: Dialog, order: HandoutOrder, lecture_id: str) -> None:
        dialog.accept()
        if lecture_id == FROM_FILE:
            lecture_id, _ = QFileDialog.getOpenFileName(self._window, "Open", "", "Lectures (*.lecture)")
        if lecture_id:
            self._try(self._print_found, order, lecture_id)

    def _print_found(self, order: HandoutOrder, lecture_id: str) -> None:
        lecture = find_lecture(lecture_id)
        path = self._ask_path(f"{lecture.title} handout", ("pdf",), "pdf")
        if path is not None:
            self.write_handout(path, lecture, order)

    def write_handout(self, path: Path, lecture: Lecture, order: HandoutOrder) -> None:
        """Print a lecture beside the window.

        Raises
        ------
        ValueError
            With a sentence, where another export is being made.
        """
        from gumbelviz.app.export_handout import write_handout

        self._begin(path, lambda bench: write_handout(path, lecture, order, bench))

    # Code.

    def copy_code(self, library: Library) -> None:
        """Put the draw on display on the clipboard, as code that prints its numbers."""
        self._try(self._put_code, library)

    def _put_code(self, library: Library) -> None:
        from gumbelviz.app.export_code import DIALECTS, write_code

        QApplication.clipboard().setText(write_code(self._store.state.settings, self._frame().draw, library))
        self._window.tell(f"This draw is on the clipboard, as code for {DIALECTS[library].title}.")

    # Work beside the window.

    def _refuse_second(self) -> None:
        if self._job is not None:
            raise ValueError("Another export is being made; wait for it, or cancel it.")

    def _begin(self, path: Path, work: Callable[[Bench], object]) -> None:
        from gumbelviz.app.export_job import Job
        from gumbelviz.views.dialogs.export_progress import ProgressDialog

        self._refuse_second()
        self._job = job = Job(work, parent=self)
        self.progress = dialog = ProgressDialog(f"Exporting {path.name}", self._window)
        job.progressed.connect(dialog.show_progress)
        job.ended.connect(lambda error: self._ended(job, path, error))
        dialog.cancelled.connect(job.cancel)
        dialog.show()
        job.start()

    def _ended(self, job: Job, path: Path, error: BaseException | None) -> None:
        from gumbelviz.app.export_job import Cancelled

        self._job = None
        job.deleteLater()
        if self.progress is not None:
            self.progress.finish()
            self.progress.deleteLater()
            self.progress = None
        if error is None:
            self._window.tell(f"Saved {saved_words(path)}.")
        elif isinstance(error, Cancelled):
            self._window.tell("The export was cancelled; no file was left behind.")
        elif isinstance(error, OSError):
            self._window.complain(failure(error, path))
        else:
            self._window.complain(failure(error))


def _write(path: Path, data: bytes) -> None:
    try:
        write_file(path, data)
    except OSError as error:
        raise ValueError(failure(error, path)) from None


def _round_draws(draws: int) -> int:
    """Return so many draws as an animation begins with: as many as there are, of the usual sizes."""
    return min((size for size in (1_000, 10_000, 100_000) if size >= draws), default=100_000)
