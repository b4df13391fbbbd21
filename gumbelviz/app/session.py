"""Where somebody left off: what is noted at the end, and what is taken up again at the next start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace as with_fields

from gumbelviz.app.library import BUILT_IN, SCENE_SUFFIX, load_builtin, open_file
from gumbelviz.model.preferences import Session
from gumbelviz.model.scene import Scene

if TYPE_CHECKING:
    from gumbelviz.app.program import Program

def note_session(program: Program) -> None:
    """Write down which document, page and place the window has now."""
    window = program.window
    before = program.keeper.value.session
    place = before.place
    if not window.isFullScreen():
        rect = window.normalGeometry() if window.isMaximized() else window.geometry()
        place = (rect.x(), rect.y(), rect.width(), rect.height())
    maximized = window.isMaximized() if not window.isFullScreen() else before.maximized
    program.keeper.change(session=Session(program.files.origin, program.store.document.page, place, maximized))


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
