"""Getting things out: pictures, animations, data, code and handouts, each from what is on the screen now."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QFileDialog

from gumbelviz.app.keep import write_file
from gumbelviz.model import page_parts
from gumbelviz.model.export import (
    ANIMATION_KINDS,
    DATA_KINDS,
    LARGEST_SIDE,
    MOST_PIXELS,
    PICTURE_KINDS,
    SMALLEST_SIDE,
    AnimationOrder,
    DataOrder,
    Ground,
    Library,
    PictureOrder,
)
from gumbelviz.model.numbers import write_count
from gumbelviz.views.look import PRINT, Look
from gumbelviz.views.pages.table import row_of

if TYPE_CHECKING:
    from gumbelviz.app.export_easel import Easel
    from gumbelviz.app.export_job import Bench, Job
    from gumbelviz.app.store import Store
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.scene import Page, Scene
    from gumbelviz.views.dialogs.dialog import Dialog
    from gumbelviz.views.dialogs.export_progress import ProgressDialog
    from gumbelviz.views.window import Window

ALL_PARTS = "*"
"""In place of a part: the pictures of a page without its controls."""
VECTOR_RATIO = 4.0
"""Dots for a pixel of what stays an image in SVG and PDF."""
PREVIEW_SIDE = 700
COPY_SCALE = 2
_FORBIDDEN = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')
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

    def _page(self) -> Page:
        return row_of(self._store.state.page).id

    def _contents(self, window: bool) -> list[tuple[object, str]]:
        """What there can be a picture of, and its words."""
        page = self._page()
        rows: list[tuple[object, str]] = [(("page", ""), f"The page “{row_of(page).title}”")]
        parts = page_parts.parts_of(page, page_parts.view_of(self._store.state.settings, page))
        if parts:
            rows.append((("part", ALL_PARTS), "Its pictures, without controls"))
        if window:
            rows.append((("window", ""), "The whole window"))
        return rows + [(("part", part.id), f"Only: {part.title}") for part in parts]

    def _parts(self, part: str) -> tuple[str, ...]:
        if part != ALL_PARTS:
            return (part,) if part else ()
        page = self._page()
        return tuple(x.id for x in page_parts.parts_of(page, page_parts.view_of(self._store.state.settings, page)))

    def _look(self, ground: Ground, zoom: float, ratio: float) -> Look:
        return Look(PRINT if ground == "print" else self._window.look.theme, zoom, calm=True, ratio=ratio)

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
        return f"{self._scene().title} {what or row_of(self._page()).title}"

    # Pictures.

    def save_picture(self) -> None:
        """Ask for a picture, and save it."""
        self._try(self._open_picture)

    def _open_picture(self) -> None:
        from gumbelviz.views.dialogs.export_picture import PictureDialog

        scene, frame = self._scene(), self._frame()
        page = self._window.pages.size()
        size = _clamped(page.width(), LARGEST_SIDE), _clamped(page.height(), LARGEST_SIDE)
        most = math.floor(math.sqrt(MOST_PIXELS / (size[0] * size[1])))
        order = PictureOrder(size=size, scale=min(COPY_SCALE, max(most, 1)), zoom=self._window.look.zoom)
        dialog = PictureDialog(self._contents(window=True), order, self._window)
        dialog.changed.connect(lambda: self._preview(dialog, dialog.picture_order(), scene, frame))
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
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            easel = self._easel(order, scene, frame, float(order.scale) if kind == "png" else VECTOR_RATIO)
            try:
                data = easel.bytes(kind, order.scale)
            finally:
                easel.close()
            _write(path, data)
        finally:
            QApplication.restoreOverrideCursor()
        self._window.tell(f"Saved {saved_words(path)}.")

    def _easel(self, order: PictureOrder, scene: Scene, frame: Frame, ratio: float) -> Easel:
        from gumbelviz.app.actions import COMMANDS
        from gumbelviz.app.export_easel import Around, Easel

        state, around = self._store.state, None
        if order.extent == "window":
            around = Around(
                {command.id: command.text for command in COMMANDS if command is not None},
                tuple(action.text() for action in self._window.menuBar().actions()),
                self._window.note, state.edited,
            )  # fmt: skip
        look = self._look(order.ground, order.zoom, ratio)
        parts = self._parts(order.part) if order.extent == "part" else ()
        easel = Easel(self._page(), look, order.size, around, parts)
        easel.draw(scene, frame, state.transport)
        return easel

    def _preview(self, dialog: Any, order: Any, scene: Scene, frame: Frame) -> None:
        """Show in the dialog how a picture, or one of an animation, will look."""
        picture = PictureOrder(order.extent, order.part, order.size, 1, order.ground, order.zoom)
        # A preview of more dots than the dialog has would only take longer.
        easel = self._easel(picture, scene, frame, 1.0)
        image = easel.image()
        easel.close()
        smooth = Qt.TransformationMode.SmoothTransformation
        side = round(PREVIEW_SIDE * self._window.devicePixelRatioF())
        if max(image.width(), image.height()) > side:
            image = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        dialog.show_preview(QPixmap.fromImage(image))

    def copy_picture(self) -> None:
        """Put a picture of the page on the clipboard: on white, as large as on the screen, with twice the dots."""
        page = self._window.pages.size()
        size = _clamped(page.width(), LARGEST_SIDE), _clamped(page.height(), LARGEST_SIDE)
        order = PictureOrder(size=size, scale=COPY_SCALE, zoom=self._window.look.zoom)
        self._try(lambda: self._put_picture(order, self._scene(), self._frame()))

    def _copy(self, dialog: Dialog, order: PictureOrder, scene: Scene, frame: Frame) -> None:
        if self._try(self._put_picture, order, scene, frame):
            dialog.accept()

    def _put_picture(self, order: PictureOrder, scene: Scene, frame: Frame) -> None:
        order.check()
        easel = self._easel(order, scene, frame, float(order.scale))
        image = easel.image(order.scale)
        easel.close()
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
        scene, frame, page = self._scene(), self._frame(), self._page()
        trains = page == "learning"
        order = AnimationOrder("training" if trains else "sweep", draws=_round_draws(frame.draws))
        dialog = AnimationDialog(self._contents(window=False), order, trains, self._window)
        dialog.changed.connect(lambda: self._preview(dialog, dialog.animation_order(), scene, frame))
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
        look = self._look(order.ground, order.zoom, 1.0)
        parts = self._parts(order.part) if order.extent == "part" else ()
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


def failure(error: BaseException, path: Path | None = None) -> str:
    """Return one sentence for what went wrong."""
    if isinstance(error, OSError):
        where = f" to “{path}”" if path is not None else ""
        return f"It could not be saved{where}: {error.strerror or error}. Nothing was left behind."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; take a smaller size or scale."
    if isinstance(error, ValueError):
        return str(error)
    return "Something went wrong inside GumbelViz, and the export was not made. Your work is still here."


def file_name(title: str) -> str:
    """Return a name for a file, from a title that may come from a stranger."""
    name = _FORBIDDEN.sub(" ", title).strip(" .")
    return " ".join(name.split())[:80].strip(" .") or "GumbelViz"


def saved_words(path: Path) -> str:
    """Return the name of a file that was written, and its size."""
    size = path.stat().st_size
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"“{path.name}”, {size / unit:.1f} {name}"
    return f"“{path.name}”, {size} bytes"


def _write(path: Path, data: bytes) -> None:
    try:
        write_file(path, data)
    except OSError as error:
        raise ValueError(failure(error, path)) from None


def _clamped(side: int, largest: int) -> int:
    return min(max(side, SMALLEST_SIDE), largest)


def _round_draws(draws: int) -> int:
    """Return so many draws as an animation begins with: as many as there are, of the usual sizes."""
    return min((size for size in (1_000, 10_000, 100_000) if size >= draws), default=100_000)
