"""Pictures of the window, steps of lectures and handouts, without a screen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from gumbelviz.app.keep import write_file
from gumbelviz.model.export import Paper
from gumbelviz.model.lecture import Lecture
from gumbelviz.model.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from gumbelviz.app.program import Program

LAYOUTS = 3


def render(
    scene: Scene,
    output: Path,
    page: str = "pipeline",
    size: tuple[int, int] = (1600, 900),
    theme: str = "light",
    zoom: float = 100,
    draws: int = 1_000_000,
) -> str:
    """Draw the window on `scene` after `draws` draws into `output`, and return a summary of the run.

    The picture depends on the arguments alone: the stream is shown paused.

    Raises
    ------
    ValueError
        Where there is no such page.
    OSError
        Where the file cannot be written.
    """
    _go_offscreen()
    from gumbelviz.views.pages.table import PAGES

    known = [row.id for row in PAGES]
    if page not in known:
        raise ValueError(f"There is no page “{page}” yet; there is {', '.join(known)}.")
    return _draw(scene, output, size, theme, zoom, lambda program: program.show_still(draws, page))


def render_step(
    lecture: Lecture,
    place: int,
    output: Path,
    size: tuple[int, int] = (1600, 900),
    theme: str = "lecture",
    zoom: float = 100,
) -> str:
    """Draw the step at `place`, from 0, as lecture mode shows it, into `output`; return a summary of its run.

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    _go_offscreen()
    from gumbelviz.views.look import THEMES

    step = lecture.steps[place]

    def show(program: Program) -> str:
        program.open_pages()
        program.lecture.stand(lecture, place, THEMES[theme], zoom / 100.0)
        return program.show_still(max(step.draws, 1), step.scene.page, step.draw)

    return _draw(step.scene, output, size, theme, zoom, show)


def _draw(
    scene: Scene, output: Path, size: tuple[int, int], theme: str, zoom: float, show: Callable[[Program], str]
) -> str:
    """Draw a window into `output`, once `show` has brought it to what it is to look like."""
    from gumbelviz.app.export_picture import picture_bytes
    from gumbelviz.app.program import Program
    from gumbelviz.app.start import end, make_application

    application = make_application()
    program = Program(scene, theme, zoom / 100.0)
    try:
        window = program.window
        window.resize(*size)
        window.show()
        summary = show(program)
        # What is laid out may make room for what is laid out around it.
        for _ in range(LAYOUTS):
            application.processEvents()
        write_file(output, picture_bytes(window, output.suffix.lower()[1:]))
    finally:
        end(application, program)
    return summary


def print_handout(lecture: Lecture, output: Path, paper: Paper = "A4", notes: bool = False) -> None:
    """Print `lecture` into the PDF `output`, a page for each step.

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    _go_offscreen()
    from PySide6.QtCore import QCoreApplication, QEvent

    from gumbelviz.app.export_handout import write_handout
    from gumbelviz.app.export_job import Direct
    from gumbelviz.app.start import make_application
    from gumbelviz.model.export import HandoutOrder

    application = make_application()
    try:
        write_handout(output, lecture, HandoutOrder(paper, notes), Direct())
    finally:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        application.processEvents()


def _go_offscreen() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gumbelviz.app.screen import catch_fatal_messages, import_qt

    import_qt()
    catch_fatal_messages()
