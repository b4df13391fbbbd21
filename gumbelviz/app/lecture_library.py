"""Where lectures come from: the built-in ones by their id, files by their path."""

from __future__ import annotations

from pathlib import Path

from gumbelviz.app.library import read_limited
from gumbelviz.lectures.built_in import BUILT_IN, load_lecture
from gumbelviz.lectures.lecture_file import LECTURE_SUFFIX, read_lecture
from gumbelviz.model.lecture import Lecture
from gumbelviz.model.strictjson import quoted


def names_lecture(text: str) -> bool:
    """Tell whether `text` is the id of a built-in lecture, or ends as the file of one does."""
    return text in BUILT_IN or Path(text).suffix.lower() == LECTURE_SUFFIX


def find_lecture(text: str) -> Lecture:
    """Return the lecture that `text` names: a built-in id or a file.

    Raises
    ------
    ValueError
        With one sentence, where there is none or it cannot be read.
    """
    if text in BUILT_IN:
        return load_lecture(text)
    path = Path(text)
    looks_like_file = path.suffix != "" or path.name != text
    if not looks_like_file:
        # Says which one may be meant.
        return load_lecture(text)
    if path.suffix.lower() != LECTURE_SUFFIX:
        raise ValueError(f"{quoted(text, 80)} is no lecture; lectures are in files that end in {LECTURE_SUFFIX}.")
    return open_lecture(path)


def open_lecture(path: Path) -> Lecture:
    """Return the lecture in a file.

    Raises
    ------
    ValueError
        With one sentence that names the file.
    """
    data = read_limited(path)
    try:
        return read_lecture(data)
    except ValueError as error:
        raise ValueError(f"{quoted(path.name, 80)}: {error}") from None
