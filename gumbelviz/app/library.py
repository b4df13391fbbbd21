"""Where scenes come from: the built-in ones by their id, files by their path."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

import resources
from gumbelviz.model.cells import Kind
from gumbelviz.model.lecture import Lecture
from gumbelviz.model.parameters import LONGEST_NAME
from gumbelviz.model.scene import Scene, read_scene, read_title
from gumbelviz.model.settings import Settings, clean_text
from gumbelviz.model.strictjson import LARGEST_FILE, quoted, suggest
from gumbelviz.model.table import SUFFIXES, Table, read_table, to_settings_options

BUILT_IN = ("ice-cream", "hiring", "two-options", "movie-night", "ten-digits", "gumbel-curves", "next-word", "one-bit")
"""The built-in scenes, in the order in which people meet them; the first one opens by default."""
SCENE_SUFFIX = ".gumbel"


@dataclass(frozen=True)
class Undecided:
    """Numbers from a file that could be logits or probabilities: a person, or a default, must say."""

    title: str
    table: Table

    def decide(self, kind: Kind) -> Scene:
        """Return the scene that the numbers make when they are `kind`."""
        return scene_of_table(self.table, kind, self.title)


def load_builtin(scene_id: str) -> Scene:
    """Return the built-in scene with that id.

    Raises
    ------
    ValueError
        Where there is none, with the nearest id.
    """
    if scene_id not in BUILT_IN:
        raise ValueError(f"There is no built-in scene {quoted(scene_id)}{suggest(scene_id, BUILT_IN)}")
    return read_scene(resources.read_bytes("scenes", scene_id + SCENE_SUFFIX))


def builtin_title(scene_id: str) -> str:
    """Return the title of the built-in scene with that id, without reading its options."""
    return read_title(resources.read_bytes("scenes", scene_id + SCENE_SUFFIX))


def find_scene(text: str, kind: Kind | None = None) -> Scene | Undecided:
    """Return the scene that `text` names: a built-in id, a scene file, or a file with a person's own numbers.

    Parameters
    ----------
    text
        An id or a path.
    kind
        What the numbers of a CSV, TSV, NPY or JSON file are; None to find out.

    Returns
    -------
    Scene or Undecided
        `Undecided` only for numbers that could be both, without `kind`.

    Raises
    ------
    ValueError
        With one sentence, where there is no such thing or it cannot be read.
    """
    if text in BUILT_IN:
        return load_builtin(text)
    path = Path(text)
    looks_like_file = path.suffix != "" or any(separator in text for separator in (os.sep, "/"))
    if not looks_like_file and not os.path.lexists(path):
        return load_builtin(text)
    return open_file(path, kind)


def open_file(path: Path, kind: Kind | None = None) -> Scene | Undecided:
    """Return the scene in the file at `path`, or made of its numbers; see `find_scene`."""
    suffix = path.suffix.lower()
    if suffix not in (SCENE_SUFFIX, *SUFFIXES):
        _check_exists(path)
        endings = ", ".join((SCENE_SUFFIX, *SUFFIXES))
        raise ValueError(f"{_name(path)} cannot be opened; scenes and scores are in files that end in {endings}.")
    data = read_limited(path)
    try:
        if suffix == SCENE_SUFFIX:
            return read_scene(data)
        table = read_table(data, suffix)
        title = clean_text(path.stem)[:LONGEST_NAME]
        kind = kind or table.kind
        return Undecided(title, table) if kind is None else scene_of_table(table, kind, title)
    except ValueError as error:
        raise ValueError(f"{_name(path)}: {error}") from None


def find_lecture(text: str) -> Lecture:
    """Return the lecture that `text` names: a built-in id, or a lecture file.

    Raises
    ------
    ValueError
        With one sentence, where there is no such thing or it cannot be read.
    """
    from gumbelviz.lectures.built_in import load_lecture
    from gumbelviz.lectures.lecture_file import LECTURE_SUFFIX, read_lecture

    path = Path(text)
    looks_like_file = path.suffix != "" or any(separator in text for separator in (os.sep, "/"))
    if not looks_like_file and not os.path.lexists(path):
        return load_lecture(text)
    if path.suffix.lower() != LECTURE_SUFFIX:
        _check_exists(path)
        raise ValueError(f"{_name(path)} is no lecture; lectures are in files that end in {LECTURE_SUFFIX}.")
    data = read_limited(path)
    try:
        return read_lecture(data)
    except ValueError as error:
        raise ValueError(f"{_name(path)}: {error}") from None


def scene_of_table(table: Table, kind: Kind, title: str) -> Scene:
    """Return a scene with a person's own numbers, its other settings at their defaults."""
    return Scene(title=title, settings=Settings(to_settings_options(table, kind), score_input=kind))


def read_limited(path: Path) -> bytes:
    """Return the bytes of a regular file of at most 4 MiB.

    Raises
    ------
    ValueError
        With one sentence, for whatever else is there or is not.
    """
    _check_exists(path)
    try:
        # Non-blocking: somebody may put a pipe there between the check and the opening.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            _check_regular(path, os.fstat(file.fileno()))
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ValueError(_say_why(path, error)) from None
    if len(data) > LARGEST_FILE:
        raise ValueError(f"{_name(path)} is larger than 4 MiB, which is the most that is read.")
    return data


def _check_exists(path: Path) -> None:
    if "\0" in str(path):
        raise ValueError(f"{_name(path)} is not the name of a file.")
    try:
        # Before opening: opening a device can already do something, such as rewind a tape.
        status = path.stat()
    except OSError as error:
        raise ValueError(_say_why(path, error)) from None
    _check_regular(path, status)


def _check_regular(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise ValueError(f"{_name(path)} is a folder, not a file.")
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"{_name(path)} is not an ordinary file.")
    if status.st_size > LARGEST_FILE:
        raise ValueError(f"{_name(path)} has {status.st_size / 2**20:,.1f} MiB; at most 4 MiB are read.")


def _say_why(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"There is no file {_name(path)}."
    if isinstance(error, PermissionError):
        return f"{_name(path)} may not be read by you."
    if error.errno == errno.ENAMETOOLONG:
        return f"{_name(path)} is too long for the name of a file."
    return f"{_name(path)} cannot be read: {(error.strerror or 'the system does not say why').lower()}."


def _name(path: Path) -> str:
    """Return how a sentence names `path`: whole where it is short, else its end."""
    text = str(path)
    return quoted(text if len(text) <= 80 else "…" + text[-79:], 80)
