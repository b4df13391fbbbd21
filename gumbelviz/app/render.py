"""Pictures of the window without a screen: PNG, SVG, PDF."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from gumbelviz.app.keep import write_file
from gumbelviz.model.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gumbelviz.app.program import Program
    from gumbelviz.model.lecture import Lecture


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
    _load_qt()
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
    _load_qt()
    from gumbelviz.views.look import THEMES

    step = lecture.steps[place]

    def show(program: Program) -> str:
        program.open_pages()
        program.lecture.stand(lecture, place, THEMES[theme], zoom / 100.0)
        return program.show_still(max(step.draws, 1), step.scene.page, step.draw)

    return _draw(step.scene, output, size, theme, zoom, show)


def _load_qt() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gumbelviz.app.screen import catch_fatal_messages, import_qt

    import_qt()
    catch_fatal_messages()


def _draw(
    scene: Scene, output: Path, size: tuple[int, int], theme: str, zoom: float, show: Callable[[Program], str]
) -> str:
    """Draw a window into `output`, once `show` has brought it to what it is to look like."""
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
        write_file(output, _PICTURES[output.suffix.lower()](window))
    finally:
        end(application, program)
    return summary


def _png(window: QWidget) -> bytes:
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    return bytes(buffer.data().data())


def _svg(window: QWidget) -> bytes:
    from PySide6.QtCore import QBuffer, QIODevice, QPoint
    from PySide6.QtGui import QPainter
    from PySide6.QtSvg import QSvgGenerator

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(window.size())
    generator.setViewBox(window.rect())
    generator.setTitle(window.windowTitle())
    # One unit of the picture is one pixel of the window.
    generator.setResolution(window.logicalDpiX())
    with QPainter(generator) as painter:
        window.render(painter, QPoint())
    return bytes(buffer.data().data())


def _pdf(window: QWidget) -> bytes:
    from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPoint, QSizeF
    from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    points = QSizeF(window.width() * 0.75, window.height() * 0.75)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "window", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(window.windowTitle())
    writer.setResolution(1200)
    with QPainter(writer) as painter:
        scale = writer.width() / window.width()
        painter.scale(scale, scale)
        window.render(painter, QPoint())
    return bytes(buffer.data().data())


_PICTURES = {".png": _png, ".svg": _svg, ".pdf": _pdf}
