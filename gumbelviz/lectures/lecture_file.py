"""A lecture file: steps, each a scene with words, a task and perhaps a question. Read, check, write.

The format is JSON::

    {
      "format": "gumbelviz lecture",
      "version": 1,
      "title": "My lecture",
      "steps": [
        {
          "title": "Does the temperature change the winner?",
          "words": "The noise is frozen. Only *τ* moves.",    Markdown; may be left out, like the rest
          "notes": "For the speaker alone.",                  Markdown
          "parts": ["noisy", "soft", "draw"],                 what is shown of the page; left out: all of it
          "highlight": ["soft"],                              what is pointed at
          "controls": ["temperature"],                        what can be changed; left out: nothing
          "draw": 12,                                         the draw that is held; left out: the newest
          "draws": 1000,                                      made before the step is shown; 1
          "running": false,
          "speed": "inf",                                     draws per second
          "task": {"text": "Drag τ down to {goal}.", "when": "temperature below", "value": 0.1},
          "question": {"text": "Who wins?", "kind": "answers", "answers": ["A", "B"], "right": 0, "after": "Quite so."},
          "scene": {"title": "Movie night", "options": {"logits": [2.0, 1.2, 0.4]}}    must be there
        }
      ]
    }

A scene is the object of `gumbelviz.model.scene`, without format and version. Ids of parts and controls are those of
`gumbelviz.model.page_parts`, for the scene's page. Texts may hold the places of `gumbelviz.model.places`.

A file may come from a stranger: it is at most 4 MiB of strict UTF-8 with at most 200 steps, its numbers are finite,
unknown or repeated keys are refused, and nothing nests deeper than 8. Each refusal is one sentence that names the
step. Markdown is kept as it is written; `gumbelviz.lectures.markdown` makes it harmless where it is shown.
"""

from __future__ import annotations

import math
from typing import Literal, get_args

import msgspec

from gumbelviz.lectures.markdown import clean_lines
from gumbelviz.model import parameters
from gumbelviz.model.lecture import ConditionKind, Lecture, Question, Step, Task
from gumbelviz.model.page_parts import check_controls, check_parts
from gumbelviz.model.scene import SceneForm, form_of_scene, scene_of_form
from gumbelviz.model.strictjson import (
    LARGEST_FILE,
    Objects,
    check_header,
    check_json,
    check_text,
    decode_json,
    quoted,
    refuse_repeated_keys,
    suggest,
    write_json,
)

FORMAT = "gumbelviz lecture"
VERSION = 1
LECTURE_SUFFIX = ".lecture"
MOST_STEPS = 200
LONGEST_TITLE, LONGEST_TEXT, LONGEST_WORDS, LONGEST_NOTES = 200, 500, 2_000, 10_000
MOST_IDS = 64
FEWEST_ANSWERS, MOST_ANSWERS = 2, 8
MOST_NUMBERS = 10**8
"""Draws times options that are made before a step is shown: a few seconds of work, however many options there are."""
_WITH_TEMPERATURE = ("temperature below", "temperature above")


class _Task(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    when: str
    value: float | None = None


class _Question(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    kind: str
    answers: list[str] = []
    right: int | None = None
    after: str = ""


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    scene: SceneForm
    words: str = ""
    notes: str = ""
    parts: list[str] = []
    highlight: list[str] = []
    controls: list[str] = []
    draw: int | None = None
    draws: int = 1
    running: bool = False
    speed: float | Literal["inf"] = "inf"
    task: _Task | None = None
    question: _Question | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    title: str
    steps: list[_Step]


def read_lecture(data: bytes) -> Lecture:
    """Return the lecture in the bytes of a file.

    Raises
    ------
    ValueError
        With one sentence that says what is wrong and where.
    """
    check_json(data, "lecture file")
    check_header(data, "lecture", FORMAT, VERSION)
    file = decode_json(data, _File, "lecture")
    # Only now: the typed reading has shown that nothing nests deeper than the format does.
    refuse_repeated_keys(data, "lecture")
    title = check_text("title", file.title, LONGEST_TITLE)
    _check_count(len(file.steps))
    return Lecture(title=title, steps=tuple(_step_of_form(step, n) for n, step in enumerate(file.steps, 1)))


def write_lecture(lecture: Lecture) -> bytes:
    """Return the bytes of a lecture file, from which `read_lecture` makes an equal lecture.

    Raises
    ------
    ValueError
        With one sentence, for whatever a reader would refuse.
    """
    _check_count(len(lecture.steps))
    content = {
        "format": FORMAT,
        "version": VERSION,
        "title": check_text("title", lecture.title, LONGEST_TITLE),
        "steps": Objects(form_of_step(step, n) for n, step in enumerate(lecture.steps, 1)),
    }
    data = (write_json(content) + "\n").encode()
    if len(data) > LARGEST_FILE:
        raise ValueError(
            f"This lecture would take {len(data) / 2**20:.1f} MiB, and a lecture file has at most 4 MiB; "
            "use fewer steps or fewer options."
        )
    return data


def form_of_step(step: Step, number: int = 1) -> dict[str, object]:
    """Return the object of one step for `write_json`; what is as usual is left out.

    Raises
    ------
    ValueError
        With one sentence that names the step by its `number`, for whatever a reader would refuse.
    """
    try:
        step = checked_step(step)
        scene = form_of_scene(step.scene)
    except ValueError as error:
        raise ValueError(_in_step(number, str(error))) from None
    plain: dict[str, object] = {
        "words": step.words,
        "notes": step.notes,
        "parts": step.parts,
        "highlight": step.highlight,
        "controls": step.controls,
        "draw": step.draw,
        "draws": step.draws,
        "running": step.running,
        "speed": "inf" if step.speed == math.inf else step.speed,
    }
    usual = {"words": "", "notes": "", "draw": None, "draws": 1, "running": False, "speed": "inf"}
    rows: dict[str, object] = {"title": step.title}
    rows |= {key: value for key, value in plain.items() if value != usual.get(key, ())}
    if step.task is not None:
        rows["task"] = {key: value for key, value in msgspec.to_builtins(step.task).items() if value is not None}
    if step.question is not None:
        asked = msgspec.to_builtins(step.question)
        rows["question"] = {
            key: value for key, value in asked.items() if key == "text" or value not in (None, [], (), "")
        }
    return {**rows, "scene": scene}


def checked_step(step: Step) -> Step:
    """Return `step` with its texts cleaned of invisible characters.

    Raises
    ------
    ValueError
        With one sentence, for the first thing in it that has no meaning; what is wrong with the settings of its
        scene is found by `form_of_scene`.
    """
    page = step.scene.page
    for what, ids in (("parts", step.parts), ("highlight", step.highlight), ("controls", step.controls)):
        if len(ids) > MOST_IDS:
            raise ValueError(f"The {what} are {len(ids):,}; at most {MOST_IDS} can be named.")
        if len(set(ids)) != len(ids):
            raise ValueError(f"The {what} name the same thing twice.")
    check_parts(page, step.parts)
    check_parts(page, step.highlight)
    check_controls(page, step.controls)
    if step.draw is not None and not 0 <= step.draw < parameters.MOST_DRAWS:
        raise ValueError(f"Draws are numbered from 0 to {parameters.MOST_DRAWS - 1:,}.")
    options = len(step.scene.settings.options)
    if step.draws < 0 or step.draws * options > MOST_NUMBERS:
        raise ValueError(
            f"Before it is shown, a step makes 0 to {MOST_NUMBERS // options:,} draws of {options:,} options, "
            f"not {step.draws:,}."
        )
    parameters.SPEED.check(step.speed)
    return msgspec.structs.replace(
        step,
        title=check_text("title", step.title, LONGEST_TITLE),
        words=_check_lines("text", step.words, LONGEST_WORDS),
        notes=_check_lines("notes for the speaker", step.notes, LONGEST_NOTES),
        task=None if step.task is None else _checked_task(step.task),
        question=None if step.question is None else _checked_question(step.question, options),
    )


def _checked_task(task: Task) -> Task:
    if task.when not in get_args(ConditionKind):
        raise ValueError(f"A task cannot wait for {quoted(task.when)}{suggest(task.when, get_args(ConditionKind))}")
    value = task.value
    if task.when in _WITH_TEMPERATURE:
        if value is None:
            raise ValueError(f"A task that waits for “{task.when}” needs the temperature as its value.")
        parameters.TEMPERATURE.check(value)
        if math.isinf(value):
            raise ValueError("The temperature of a task is a finite number.")
    elif task.when == "draws":
        if value is None or value != value // 1 or not 1 <= value <= parameters.MOST_DRAWS:
            raise ValueError("A task that waits for draws needs a whole number of them, from 1 on, as its value.")
    elif value is not None:
        raise ValueError(f"A task that waits for “{task.when}” has no value.")
    return msgspec.structs.replace(task, text=check_text("task", task.text, LONGEST_TEXT))


def _checked_question(question: Question, options: int) -> Question:
    kinds = ("frequencies", "answers")
    if question.kind not in kinds:
        raise ValueError(f"There is no kind of question {quoted(question.kind)}{suggest(question.kind, kinds)}")
    if question.kind == "frequencies":
        if question.answers or question.right is not None:
            raise ValueError("A question for frequencies has no answers: the exact chances are right.")
        if options > parameters.MOST_BARS:
            raise ValueError(
                f"The frequencies of {options:,} options cannot be predicted: there are at most "
                f"{parameters.MOST_BARS} bars."
            )
    else:
        count = len(question.answers)
        if not FEWEST_ANSWERS <= count <= MOST_ANSWERS:
            raise ValueError(f"A question has {FEWEST_ANSWERS} to {MOST_ANSWERS} answers, not {count:,}.")
        if question.right is None or not 0 <= question.right < count:
            raise ValueError("The right answer is the place of one of the answers, counted from 0.")
    return msgspec.structs.replace(
        question,
        text=check_text("question", question.text, LONGEST_TEXT),
        answers=tuple(check_text("answer", answer, LONGEST_TITLE) for answer in question.answers),
        after=check_text("text after the question", question.after, LONGEST_TEXT),
    )


def _step_of_form(form: _Step, number: int) -> Step:
    task, question = form.task, form.question
    try:
        step = Step(
            title=form.title,
            words=form.words,
            notes=form.notes,
            scene=scene_of_form(form.scene),
            parts=tuple(form.parts),
            highlight=tuple(form.highlight),
            controls=tuple(form.controls),
            draw=form.draw,
            draws=form.draws,
            running=form.running,
            speed=math.inf if form.speed == "inf" else form.speed,
            # The checks that follow let only the words pass that the types allow.
            task=None if task is None else Task(text=task.text, when=task.when, value=task.value),  # type: ignore[arg-type]
            question=None
            if question is None
            else Question(
                text=question.text,
                kind=question.kind,  # type: ignore[arg-type]
                answers=tuple(question.answers),
                right=question.right,
                after=question.after,
            ),
        )
        return checked_step(step)
    except ValueError as error:
        raise ValueError(_in_step(number, str(error))) from None


def _in_step(number: int, sentence: str) -> str:
    return f"Step {number}: {sentence[:1].lower()}{sentence[1:]}" if sentence else f"Step {number} cannot be read."


def _check_count(steps: int) -> None:
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"A lecture has 1 to {MOST_STEPS} steps, not {steps:,}.")


def _check_lines(what: str, text: str, most: int) -> str:
    text = clean_lines(text)
    if len(text) > most:
        raise ValueError(f"The {what} has {len(text):,} characters; at most {most:,} are shown.")
    return text
