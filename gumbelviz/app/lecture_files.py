"""Somebody's own lecture, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from gumbelviz.app.lecture_library import open_lecture
from gumbelviz.lectures.lecture_file import LECTURE_SUFFIX

if TYPE_CHECKING:
    from gumbelviz.model.lecture import Lecture
    from gumbelviz.views.window import Window


def ask_lecture(window: Window) -> Lecture | None:
    """Ask for a file and return its lecture; None, with a sentence in the window, where there is none in it."""
    name, _ = QFileDialog.getOpenFileName(window, "Open lecture", "", f"Lectures (*{LECTURE_SUFFIX})")
    if not name:
        return None
    try:
        return open_lecture(Path(name))
    except ValueError as error:
        window.complain(str(error))
    return None
