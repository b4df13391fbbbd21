"""A lecture while it is being written: every change makes a new value, and undoing goes back to an older one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from gumbelviz.model.lecture import Lecture, Question, Step, Task
from gumbelviz.model.page_parts import controls_of, parts_of

MOST_UNDONE = 200
"""So many changes can be taken back."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being written.

    Attributes
    ----------
    title, steps
        Those of the lecture; there may be no step yet.
    place
        The step in front, from 0; -1 where there is none.
    """

    title: str = "My lecture"
    steps: tuple[Step, ...] = ()
    place: int = -1

    @property
    def step(self) -> Step | None:
        """The step in front."""
        return self.steps[self.place] if 0 <= self.place < len(self.steps) else None

    @property
    def lecture(self) -> Lecture:
        """The lecture as it stands; for files and for lecture mode, which want at least one step.

        Raises
        ------
        ValueError
            With one sentence, where there is no step.
        """
        if not self.steps:
            raise ValueError("A lecture needs a step first: capture the present state.")
        return Lecture(title=self.title, steps=self.steps)


def draft_of(lecture: Lecture) -> Draft:
    """Return a draft that begins as `lecture`, with its first step in front."""
    return Draft(lecture.title, lecture.steps, 0 if lecture.steps else -1)


def retitle(draft: Draft, title: str) -> Draft:
    """Give the lecture another title."""
    return _with(draft, title=title)


def choose(draft: Draft, place: int) -> Draft:
    """Bring another step to the front."""
    return _with(draft, place=min(max(place, 0), len(draft.steps) - 1))


def insert(draft: Draft, step: Step) -> Draft:
    """Add a step after the one in front, and bring it to the front."""
    place = draft.place + 1
    return _with(draft, steps=(*draft.steps[:place], step, *draft.steps[place:]), place=place)


def duplicate(draft: Draft) -> Draft:
    """Put a copy of the step in front after it."""
    return draft if draft.step is None else insert(draft, draft.step)


def remove(draft: Draft) -> Draft:
    """Take the step in front away; the next one comes to the front, or the one before."""
    if draft.step is None:
        return draft
    steps = draft.steps[: draft.place] + draft.steps[draft.place + 1 :]
    return _with(draft, steps=steps, place=min(draft.place, len(steps) - 1))


def move(draft: Draft, source: int, target: int) -> Draft:
    """Let the step at `source` stand at `target`, and bring it to the front."""
    if not 0 <= source < len(draft.steps):
        return draft
    target = min(max(target, 0), len(draft.steps) - 1)
    steps = [*draft.steps[:source], *draft.steps[source + 1 :]]
    steps.insert(target, draft.steps[source])
    return _with(draft, steps=tuple(steps), place=target)


def change(draft: Draft, **fields: Any) -> Draft:
    """Give fields of the step in front other values."""
    if draft.step is None:
        return draft
    changed: Step = replace(draft.step, **fields)
    steps = (*draft.steps[: draft.place], changed, *draft.steps[draft.place + 1 :])
    return _with(draft, steps=steps)


def retake(draft: Draft, taken: Step) -> Draft:
    """Give the step in front the state of another one; its words stay, and what its page has of its parts."""
    step, page = draft.step, taken.scene.page
    if step is None:
        return draft
    parts = {part.id for part in parts_of(page)}
    controls = {control.id for control in controls_of(page)}
    return change(
        draft,
        scene=replace(taken.scene, title=step.scene.title),
        draw=taken.draw, draws=taken.draws, running=taken.running, speed=taken.speed,
        parts=tuple(name for name in step.parts if name in parts),
        highlight=tuple(name for name in step.highlight if name in parts),
        controls=tuple(name for name in step.controls if name in controls),
    )  # fmt: skip


def toggle(draft: Draft, field: str, name: str, on: bool) -> Draft:
    """Add an id to the parts, the highlight or the controls of the step in front, or take it away.

    They are kept in the order of the page's table, so that files do not tell in which order boxes were ticked.
    """
    step = draft.step
    if step is None or field not in ("parts", "highlight", "controls"):
        return draft
    page = step.scene.page
    table = controls_of(page) if field == "controls" else parts_of(page)
    chosen = {*getattr(step, field), name} if on else {*getattr(step, field)} - {name}
    return change(draft, **{field: tuple(row.id for row in table if row.id in chosen)})


def set_task(draft: Draft, **fields: Any) -> Draft:
    """Change the task of the step in front; with `when` None there is none."""
    step = draft.step
    if step is None:
        return draft
    if "when" in fields and fields["when"] is None:
        return change(draft, task=None)
    if step.task is None:
        if "when" not in fields:
            return draft
        return change(draft, task=Task(**{"text": "", **fields}))
    return change(draft, task=replace(step.task, **fields))


def set_question(draft: Draft, **fields: Any) -> Draft:
    """Change the question of the step in front; with `kind` None there is none.

    A right answer that is there no more is the first one.
    """
    step = draft.step
    if step is None:
        return draft
    if "kind" in fields and fields["kind"] is None:
        return change(draft, question=None)
    if step.question is None:
        if "kind" not in fields:
            return draft
        question = Question(**{"text": "", **fields})
    else:
        question = replace(step.question, **fields)
    if question.kind == "frequencies":
        question = replace(question, answers=(), right=None)
    elif question.right is None or question.right >= max(len(question.answers), 1):
        question = replace(question, right=0)
    return change(draft, question=question)


def _with(draft: Draft, **fields: Any) -> Draft:
    from dataclasses import replace as with_values

    return with_values(draft, **fields)


class History:
    """The draft, and the ways back and forth. A row of changes of one kind, such as typing, is one step back."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._undo: list[Draft] = []
        self._redo: list[Draft] = []
        self._kind: object = None

    @property
    def can_undo(self) -> bool:
        """There is something to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """There is something to do again."""
        return bool(self._redo)

    def put(self, draft: Draft, kind: object = None) -> None:
        """Take a new draft; where `kind` is that of the change before, both are one."""
        if (draft.title, draft.steps) == (self.draft.title, self.draft.steps):
            # Looking at another step is no change.
            self.draft, self._kind = draft, None
            return
        if kind is None or kind != self._kind:
            self._undo = [*self._undo[-MOST_UNDONE + 1 :], self.draft]
        self._kind, self.draft = kind, draft
        self._redo.clear()

    def undo(self) -> None:
        """Take the newest change back."""
        if self._undo:
            self._redo.append(self.draft)
            self.draft, self._kind = self._undo.pop(), None

    def redo(self) -> None:
        """Do again what was taken back."""
        if self._redo:
            self._undo.append(self.draft)
            self.draft, self._kind = self._redo.pop(), None
