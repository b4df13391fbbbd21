"""Lectures that come with the program: one file for each step, so that steps can be moved and mended one by one."""

from __future__ import annotations

import json

import resources
from gumbelviz.lectures.lecture_file import FORMAT, VERSION, read_lecture
from gumbelviz.model.lecture import Lecture
from gumbelviz.model.strictjson import quoted, suggest

BUILT_IN: dict[str, str] = {"story": "The Gumbel-Softmax trick"}
"""Folders in `resources/lectures`, and the titles of the lectures."""


def load_lecture(lecture_id: str) -> Lecture:
    """Return the built-in lecture with that id.

    Raises
    ------
    ValueError
        Where there is none, with the nearest id.
    """
    if lecture_id not in BUILT_IN:
        known = tuple(BUILT_IN)
        raise ValueError(f"There is no built-in lecture {quoted(lecture_id)}{suggest(lecture_id, known)}")
    # Put together as one file, so that there is one reader with one set of checks.
    head = json.dumps({"format": FORMAT, "version": VERSION, "title": BUILT_IN[lecture_id]})
    steps = [resources.read_bytes("lectures", lecture_id, name) for name in step_names(lecture_id)]
    return read_lecture(head[:-1].encode() + b', "steps": [' + b",".join(steps) + b"]}")


def load_story() -> Lecture:
    """Return the story of the Gumbel-Softmax trick, the lecture that F5 starts."""
    return load_lecture("story")


def step_names(lecture_id: str) -> tuple[str, ...]:
    """Return the names of the files of a built-in lecture, in order; each begins with two digits."""
    return tuple(name for name in resources.names("lectures", lecture_id) if name.endswith(".json"))
