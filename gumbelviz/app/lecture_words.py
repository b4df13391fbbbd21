"""The texts of a lecture's step with the numbers of the moment, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gumbelviz.app.place_numbers import Shown
from gumbelviz.app.words import fill_places
from gumbelviz.lectures.markdown import clean_markdown, plain_in_markdown
from gumbelviz.model.lecture import Step
from gumbelviz.model.settings import Settings

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame


@dataclass(frozen=True, slots=True)
class StepWords:
    """What is read of a step. `words` and `notes` are Markdown, made harmless; all else is plain text.

    Attributes
    ----------
    title, words, notes
    task
        Empty without a task.
    question, answers, after
        Empty without a question.
    """

    title: str
    words: str
    notes: str
    task: str
    question: str
    answers: tuple[str, ...]
    after: str


def fill_step(step: Step, settings: Settings, frame: Frame) -> StepWords:
    """Return the texts of `step` with their places filled.

    Parameters
    ----------
    step
    settings, frame
        What the numbers are taken from: what is on the screen now, for the text to follow what a person changes, or
        the step's own scene. `frame` answers `settings`.
    """
    task, question = step.task, step.question
    shown = Shown(settings, frame, None if task is None else task.value)

    def plain(text: str) -> str:
        return fill_places(text, shown)

    return StepWords(
        title=plain(step.title),
        words=fill_markdown(step.words, shown),
        notes=fill_markdown(step.notes, shown),
        task="" if task is None else plain(task.text),
        question="" if question is None else plain(question.text),
        answers=() if question is None else tuple(map(plain, question.answers)),
        after="" if question is None else plain(question.after),
    )


def fill_markdown(text: str, shown: Shown) -> str:
    """Return Markdown without HTML, images and links, its places filled; names in it are shown as they are."""
    # First cleaned, then filled: a name that is put in is escaped for itself.
    return fill_places(clean_markdown(text), shown, plain_in_markdown)
