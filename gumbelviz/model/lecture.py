"""A lecture: steps to go through, each a state of the program with words, a task and perhaps a question."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from gumbelviz.model.scene import Scene

ConditionKind = Literal[
    "temperature below",
    "temperature above",
    "draws",
    "new draw",
    "score changed",
    "noise changed",
    "option changed",
    "page changed",
    "choice changed",
    "revealed",
    "trained",
]
"""What a task can wait for; `gumbelviz.lectures.tasks` says what each means."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a step asks a person to do.

    Attributes
    ----------
    text
        One plain sentence, such as "Drag the temperature down to 0.1."
    when
        What the program notices as done.
    value
        The number that belongs to `when`, where it needs one: a temperature, or how many draws.
    """

    text: str
    when: ConditionKind
    value: float | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Predict, then reveal.

    Attributes
    ----------
    text
        The question; plain text with places for numbers.
    kind
        ``"frequencies"``: ghost bars, one for each option, are dragged to the expected frequencies.
        ``"answers"``: one of `answers` is picked.
    answers
        What can be picked; empty for frequencies.
    right
        The place of the right answer, counted from 0; None for frequencies, where the exact chances are right.
    after
        Words that stand there once it was revealed; plain text with places for numbers.
    """

    text: str
    kind: Literal["frequencies", "answers"]
    answers: tuple[str, ...] = ()
    right: int | None = None
    after: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a lecture.

    Attributes
    ----------
    title
        A line in large type; plain text with places for numbers.
    words
        A few short sentences in Markdown without HTML and pictures, with places for numbers.
    notes
        For the speaker alone; Markdown as in `words`.
    scene
        The state of the program: options, noise, temperature, the page and what was chosen on it.
    parts
        Ids of the parts of the page that are shown, from `gumbelviz.model.page_parts`; empty shows all.
    highlight
        Ids of the parts that are pointed at.
    controls
        Ids of the controls that remain, from the same place; empty leaves the picture alone.
    draw
        The draw that is held on display, or None to follow the newest one.
    draws
        How many draws were made before the step is shown; a stream that runs goes on from there.
    running
        The stream runs when the step is shown.
    speed
        Its draws per second; infinity is as fast as possible.
    task, question
        What to do, and what to predict; each may be missing.
    """

    title: str
    words: str = ""
    notes: str = ""
    scene: Scene
    parts: tuple[str, ...] = ()
    highlight: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    draw: int | None = None
    draws: int = 1
    running: bool = False
    speed: float = math.inf
    task: Task | None = None
    question: Question | None = None


class Lecture(msgspec.Struct, frozen=True, kw_only=True):
    """A lecture as one value: its title and its steps in order, at least one."""

    title: str
    steps: tuple[Step, ...]
