"""Where somebody left off: what is noted at the end, and what is taken up again at the next start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace as with_fields
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication

from gumbelviz.app.library import BUILT_IN, SCENE_SUFFIX, load_builtin, open_file
from gumbelviz.model.preferences import Session
from gumbelviz.model.scene import Scene

if TYPE_CHECKING:
    from gumbelviz.app.program import Program
    from gumbelviz.views.window import Window

GRIP = (200, 40)
"""Pixels of the upper edge that must be on a screen, for a hand to take the window by."""


def note_session(program: Program) -> None:
    """Write down which document, page and place the window has now."""
    window = program.window
    before = program.keeper.value.session
    place = before.place
    if not window.isFullScreen():
        rect = window.normalGeometry() if window.isMaximized() else window.geometry()
        place = (rect.x(), rect.y(), rect.width(), rect.height())
    maximized = window.isMaximized() if not window.isFullScreen() else before.maximized
    program.keeper.change(
        session=Session(program.files.origin, program.store.state.page, place, maximized)
    )


def last_scene(session: Session) -> tuple[Scene, Path | None, str] | None:
    """Return the document of the last session on its last page, its file, and what it is opened by.

    None where it is gone, or was in no file.
    """
    if session.scene is None:
        return None
    try:
        if session.scene in BUILT_IN:
            scene, path = load_builtin(session.scene), None
        else:
            path = Path(session.scene)
            found = open_file(path) if path.suffix.lower() == SCENE_SUFFIX else None
            if not isinstance(found, Scene):
                return None
            scene = found
    except ValueError:
        # Somebody moved the file: the program opens as it does for the first time.
        return None
    return with_fields(scene, page=session.page), path, session.scene


def place_window(window: Window, session: Session) -> None:
    """Put the window where it was, if there still is a screen; else in the middle of the one that there is."""
    if session.place is None:
        window.fit_screen()
    else:
        rect = fitted(QRect(*session.place), [screen.availableGeometry() for screen in QGuiApplication.screens()])
        if rect is None:
            window.fit_screen()
        else:
            window.setGeometry(rect)
    if session.maximized:
        window.setWindowState(window.windowState().WindowMaximized)


def fitted(rect: QRect, screens: list[QRect]) -> QRect | None:
    """Return `rect`, made no larger than the screen that shows most of it; None where none shows its grip."""

    def shown(screen: QRect) -> int:
        part = screen.intersected(rect)
        return part.width() * part.height()

    best = max(screens, key=shown, default=None)
    if best is None or rect.width() < 1 or rect.height() < 1:
        return None
    grip = QRect(rect.topLeft(), QPoint(rect.right(), rect.top() + GRIP[1])).intersected(best)
    if grip.width() < min(GRIP[0], rect.width()) or grip.height() < GRIP[1] // 2:
        return None
    size = rect.size().boundedTo(best.size())
    # As far as it has to move, so that all of it is on that screen.
    left = min(max(rect.left(), best.left()), best.left() + best.width() - size.width())
    top = min(max(rect.top(), best.top()), best.top() + best.height() - size.height())
    return QRect(QPoint(left, top), size)
