"""Somebody's own lecture, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from gumbelviz.lectures.lecture_file import LECTURE_SUFFIX, read_lecture
from gumbelviz.model.strictjson import LARGEST_FILE

if TYPE_CHECKING:
    from gumbelviz.model.lecture import Lecture
    from gumbelviz.views.window import Window


def ask_lecture(window: Window) -> Lecture | None:
    """Ask for a file and return its lecture; None, with a sentence in the window, where there is none in it."""
    name, _ = QFileDialog.getOpenFileName(window, "Open lecture", "", f"Lectures (*{LECTURE_SUFFIX})")
    if not name:
        return None
    path = Path(name)
    try:
        return load_lecture_file(path)
    except OSError as error:
        window.complain(f"“{path}” cannot be read: {error.strerror or error}.")
    except ValueError as error:
        window.complain(f"“{path.name}”: {error}")
    return None


def load_lecture_file(path: Path) -> Lecture:
    """Return the lecture in a file.

    Raises
    ------
    OSError
        Where it cannot be read.
    ValueError
        With one sentence, where it is no lecture.
    """
    if not path.is_file():
        raise ValueError("This is not a file that can be read.")
    with path.open("rb") as file:
        # One byte more than is allowed, so that the reader says that there is too much.
        return read_lecture(file.read(LARGEST_FILE + 1))
