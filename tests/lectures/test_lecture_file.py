"""Lecture files: they come back exactly, and whatever a stranger's file gets wrong is one sentence."""

from __future__ import annotations

import json
import math
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gumbelviz.lectures.lecture_file import (
    LONGEST_NOTES,
    MOST_NUMBERS,
    MOST_STEPS,
    read_lecture,
    write_lecture,
)
from gumbelviz.lectures.markdown import clean_lines
from gumbelviz.model import parameters
from gumbelviz.model.choices import PageChoices
from gumbelviz.model.lecture import ConditionKind, Lecture, Question, Step, Task
from gumbelviz.model.noise_choices import Curve, NoiseChoices
from gumbelviz.model.page_parts import CONTROLS, PARTS, WINDOW_CONTROLS
from gumbelviz.model.scene import PAGES, Scene
from gumbelviz.model.settings import Option, Settings, clean_text, make_settings
from gumbelviz.model.strictjson import DEEPEST, LARGEST_FILE

STORED = Path(__file__).with_name("version-1.lecture")
FIRST = Step(
    title="First {name:1}",
    words="Some *words*, {soft:1}.\n\nAnd more.",
    notes="- say this\n- and that",
    parts=("noisy", "soft", "draw"),
    highlight=("soft",),
    controls=("temperature", "run"),
    draw=12,
    draws=1000,
    running=True,
    speed=250.5,
    task=Task(text="Drag τ down to {goal}.", when="temperature below", value=0.1),
    question=Question(text="Who wins?", kind="answers", answers=("A", "B"), right=0, after="A does."),
    scene=Scene(
        title="Three",
        note="a note",
        highlight="soft",
        settings=Settings(
            (Option("A", 2.0, 2, 0.25), Option("B", -math.inf, 0), Option("C", -1.5, 1)),
            math.inf, 0.5, 2.0, 3, "probabilities",
            PageChoices(noise=NoiseChoices(curves=(Curve(0.0, 1.0, 4),))),
        ),
    ),
)  # fmt: skip
SECOND = Step(
    title="Second",
    question=Question(text="How often?", kind="frequencies"),
    scene=Scene(title="Four", page="simplex", settings=make_settings((1.0, 2.0, 3.0, 4.0))),
)
LECTURE = Lecture(title="Two steps", steps=(FIRST, SECOND))
GOOD: dict[str, Any] = json.loads(STORED.read_bytes())


def is_sentence(text: str) -> bool:
    """One sentence for a person: a capital letter or a quotation first, a full stop last, one line, not endless."""
    starts = text[:1].isupper() or text[:1] in '"-'
    return starts and text[-1] in ".?" and "\n" not in text and len(text) < 400 and "Traceback" not in text


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(ValueError) as caught:
        read()
    assert type(caught.value) is ValueError
    message = str(caught.value)
    assert is_sentence(message), message
    return message


def with_change(path: str, value: object) -> bytes:
    content = json.loads(json.dumps(GOOD))
    *folders, last = path.split("/")
    place = content
    for folder in folders:
        place = place[int(folder) if folder.isdigit() else folder]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(content).encode()


def test_a_stored_file_of_version_1_is_read_as_it_was_meant() -> None:
    """The migration test: this file stays as it is when the format goes on."""
    assert read_lecture(STORED.read_bytes()) == LECTURE
    assert read_lecture(b"\xef\xbb\xbf" + STORED.read_bytes()) == LECTURE


def test_a_newer_version_is_refused_with_a_sentence() -> None:
    newer = with_change("version", 2)
    said = refusal(lambda: read_lecture(newer))
    assert said == "This lecture was made by a newer GumbelViz (format 2); this one reads format 1."
    assert refusal(lambda: read_lecture(newer.replace(b'"words"', b'"sounds"'))) == said


def test_what_is_written_is_what_was_read() -> None:
    data = write_lecture(LECTURE)
    assert read_lecture(data) == LECTURE
    assert write_lecture(read_lecture(data)) == data
    # For people: a step is an object of its own, a list of ids is a line.
    assert b'\n    {\n      "title": "First {name:1}"' in data
    assert '"parts": ["noisy", "soft", "draw"]' in data.decode()


words = st.text(max_size=30).map(clean_text)
lines = st.text(alphabet=st.characters() | st.sampled_from("\n\t*_`[]<>{}"), max_size=60).map(clean_lines)
scores = st.lists(st.floats(-1e6, 1e6) | st.just(-math.inf), min_size=1, max_size=9).filter(
    lambda row: max(row) > -math.inf
)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    when = draw(st.sampled_from(get_args(ConditionKind)))
    value = None
    if when.startswith("temperature"):
        value = draw(st.floats(0.0, 1e300))
    elif when == "draws":
        value = float(draw(st.integers(1, 10**12)))
    return Task(text=draw(words), when=when, value=value)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    if draw(st.booleans()):
        return Question(text=draw(words), kind="frequencies", after=draw(words))
    answers = draw(st.lists(words, min_size=2, max_size=8))
    right = draw(st.integers(0, len(answers) - 1))
    return Question(text=draw(words), kind="answers", answers=tuple(answers), right=right, after=draw(words))


@st.composite
def steps(draw: st.DrawFn) -> Step:
    page = draw(st.sampled_from(PAGES))
    rows = draw(scores)
    ids = st.lists(st.sampled_from([part.id for part in PARTS[page]]), unique=True).map(tuple)
    controls = st.lists(st.sampled_from([c.id for c in (*CONTROLS[page], *WINDOW_CONTROLS)]), unique=True).map(tuple)
    options = tuple(Option(draw(words), z, i) for i, z in enumerate(rows))
    temperature = draw(st.floats(0.0, math.inf))
    return Step(
        title=draw(words),
        words=draw(lines),
        notes=draw(lines),
        scene=Scene(title=draw(words), note=draw(words), page=page, settings=Settings(options, temperature)),
        parts=draw(ids),
        highlight=draw(ids),
        controls=draw(controls),
        draw=draw(st.none() | st.integers(0, parameters.MOST_DRAWS - 1)),
        draws=draw(st.integers(0, MOST_NUMBERS // len(rows))),
        running=draw(st.booleans()),
        speed=draw(st.floats(0.1, math.inf)),
        task=draw(st.none() | tasks()),
        question=draw(st.none() | questions()),
    )


@given(words, st.lists(steps(), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_every_lecture_comes_back(title: str, several: list[Step]) -> None:
    lecture = Lecture(title=title, steps=tuple(several))
    data = write_lecture(lecture)
    assert read_lecture(data) == lecture
    assert write_lecture(read_lecture(data)) == data


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:1.eE+-ntrufals \\', max_size=60).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_lecture_or_a_sentence(data: bytes) -> None:
    refusal(lambda: read_lecture(data))


def test_a_file_cut_anywhere_is_refused() -> None:
    data = write_lecture(LECTURE)
    whole = len(data.rstrip())
    for end in range(whole):
        refusal(partial(read_lecture, data[:end]))
    assert read_lecture(data[:whole]) == LECTURE


def test_a_file_with_a_byte_changed_loads_or_is_refused() -> None:
    data = json.dumps(GOOD).encode()
    loaded = 0
    for i in range(len(data)):
        for byte in (0x00, 0x22, 0x39, 0x7D, 0xFF):
            try:
                read_lecture(data[:i] + bytes([byte]) + data[i + 1 :])
                loaded += 1
            except ValueError as error:
                assert is_sentence(str(error)), error
    assert loaded > 100


S = "steps/0/"
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "not JSON": (b"hello", "not a GumbelViz lecture"),
    "a list": (b"[1, 2]", "not a GumbelViz lecture"),
    "a scene": (with_change("format", "gumbelviz scene"), "not a GumbelViz lecture"),
    "no version": (with_change("version", ...), "version"),
    "version 0": (with_change("version", 0), "There is no lecture format 0"),
    "no steps": (with_change("steps", []), "1 to 200 steps"),
    "too many steps": (with_change("steps", [GOOD["steps"][1]] * (MOST_STEPS + 1)), "not 201"),
    "steps are an object": (with_change("steps", {}), "Expected a list"),
    "no title": (with_change("title", ...), "title"),
    "title of a step is missing": (with_change(S + "title", ...), "steps, entry 1"),
    "scene is missing": (with_change(S + "scene", ...), "scene"),
    "scene is a path": (with_change(S + "scene", "/etc/passwd"), "Expected an object, not text"),
    "scene has a format": (with_change(S + "scene/format", "gumbelviz scene"), '"format"'),
    "unknown key": (with_change("author", "x"), '"author"'),
    "unknown key in a step": (with_change(S + "html", "x"), '"html"'),
    "unknown key in a task": (with_change(S + "task/run", "rm"), '"run"'),
    "unknown key in the scene": (with_change(S + "scene/options/weights", []), '"weights"'),
    "key twice": (json.dumps(GOOD).replace('"draw": 12', '"draw": 12, "draw": 13').encode(), "twice"),
    "key twice in the scene": (json.dumps(GOOD).replace('"seed": 3', '"seed": 3, "seed": 4').encode(), "twice"),
    "long title": (with_change(S + "title", "x" * 201), "Step 1: the title has 201"),
    "long words": (with_change(S + "words", "x" * 2001), "Step 1: the text has 2,001"),
    "long notes": (with_change(S + "notes", "x" * (LONGEST_NOTES + 1)), "notes for the speaker"),
    "unknown part": (with_change(S + "parts", ["sofa"]), 'no part "sofa"; did you mean "soft"?'),
    "part of another page": (with_change(S + "parts", ["loss"]), "Step 1: "),
    "unknown highlight": (with_change(S + "highlight", ["x"]), "no part"),
    "unknown control": (with_change(S + "controls", ["quit"]), "no control"),
    "the same part twice": (with_change(S + "parts", ["soft", "soft"]), "twice"),
    "very many parts": (with_change(S + "parts", ["soft"] * 65), "at most 64"),
    "parts are a word": (with_change(S + "parts", "soft"), "Expected a list, not text"),
    "draw below 0": (with_change(S + "draw", -1), "numbered from 0"),
    "draw far away": (with_change(S + "draw", 10**12), "numbered from 0"),
    "draw beyond 64 bits": (with_change(S + "draw", 10**30), "Step 1"),
    "negative draws": (with_change(S + "draws", -5), "draws"),
    "more draws than anybody waits for": (with_change(S + "draws", 10**11), "33,333,333"),
    "speed 0": (with_change(S + "speed", 0), "speed"),
    "speed in words": (with_change(S + "speed", "fast"), "means nothing at steps, entry 1"),
    "NaN": (json.dumps(GOOD).replace("250.5", "NaN").encode(), "JSON"),
    "1e999": (json.dumps(GOOD).replace("250.5", "1e999").encode(), "too large"),
    "running is 1": (with_change(S + "running", 1), "true or false"),
    "unknown condition": (with_change(S + "task/when", "draw"), "cannot wait for"),
    "temperature without a value": (with_change(S + "task/value", None), "needs the temperature"),
    "temperature below nothing": (with_change(S + "task/value", -1.0), "temperature"),
    "value that means nothing": (with_change(S + "task/when", "revealed"), "has no value"),
    "half a draw": (with_change(S + "task", {"text": "x", "when": "draws", "value": 0.5}), "whole number"),
    "no draws to wait for": (with_change(S + "task", {"text": "x", "when": "draws"}), "whole number"),
    "task is a word": (with_change(S + "task", "drag"), "Expected"),
    "long task": (with_change(S + "task/text", "x" * 501), "task has 501"),
    "unknown kind of question": (with_change(S + "question/kind", "answer"), 'did you mean "answers"?'),
    "right answer that is not there": (with_change(S + "question/right", 2), "right answer"),
    "no right answer": (with_change(S + "question/right", ...), "right answer"),
    "negative right answer": (with_change(S + "question/right", -1), "right answer"),
    "one answer": (with_change(S + "question/answers", ["A"]), "2 to 8 answers"),
    "nine answers": (with_change(S + "question/answers", ["A"] * 9), "2 to 8 answers"),
    "long answer": (with_change(S + "question/answers", ["A", "x" * 201]), "answer has 201"),
    "frequencies with answers": (with_change(S + "question/kind", "frequencies"), "no answers"),
    "frequencies of very many": (with_change("steps/1/scene/options/logits", [0] * 13), "Step 2"),
    "scores of nobody": (with_change(S + "scene/options", {"logits": []}), "Step 1: there are no options"),
    "unknown page": (with_change(S + "scene/page", "kitchen"), "Step 1: the scene asks for the page"),
    "half a character": (with_change("title", "T").replace(b'"T"', b'"\\ud800"'), "lecture"),
    "not UTF-8": (json.dumps(GOOD).encode().replace(b"a note", b"a\xffnote"), "UTF-8"),
    "UTF-16": (json.dumps(GOOD).encode("utf-16"), "UTF-8"),
    "more after the end": (json.dumps(GOOD).encode() + b"{}", "JSON"),
    "deep lists": (with_change("title", "N").replace(b'"N"', b"[" * 100_000), "lecture"),
    "deep objects": (b'{"steps":' * 100_000, "deep"),
    "deep steps": (b'{"format":"gumbelviz lecture","version":1,"title":"x","steps":' + b"[" * 100_000, "deep"),
    "too large": (b" " * (LARGEST_FILE + 1), "empty"),
    "too large, and JSON": (b'{"title":"' + b"x" * LARGEST_FILE + b'"}', "4 MiB"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_with_one_sentence(name: str) -> None:
    data, part = BAD[name]
    assert part in refusal(lambda: read_lecture(data))


def test_sentences_say_where() -> None:
    wrong = with_change(S + "scene/options/logits", ["1", 2, 3])
    assert refusal(lambda: read_lecture(wrong)) == (
        "Expected a number or null, not text, at steps, entry 1, scene.options.logits, entry 1 in the lecture."
    )


def test_the_deepest_lecture_is_as_deep_as_the_sentence_says() -> None:
    def depth(value: object) -> int:
        inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
        return 1 + max(map(depth, inside), default=0) if isinstance(value, (dict, list)) else 0

    assert depth(GOOD) == DEEPEST


HEAD = b'{"format":"gumbelviz lecture","version":1,"title":"x","steps":['
HOSTILE = {
    "two million numbers": HEAD + b"1," * 2_000_000 + b"1]}",
    "four million brackets": HEAD + b"[" * 4_000_000,
    "very many steps": HEAD + b'{"title":"","scene":{"title":"","options":{"logits":[1]}}},' * 70_000 + b"]}",
    "long words": HEAD + b'{"title":"","words":"' + b"," * 4_000_000 + b'"}]}',
    "backslashes": HEAD + b'{"title":"' + b'\\"' * 2_000_000 + b'"}]}',
    "options too many": HEAD + b'{"title":"","scene":{"title":"","options":{"logits":[' + b"0," * 131_072 + b"0]}}}]}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_little_memory(name: str) -> None:
    data = HOSTILE[name]
    assert len(data) <= LARGEST_FILE
    tracemalloc.start()
    refusal(lambda: read_lecture(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 128 * 2**20


def test_texts_from_strangers_lose_what_cannot_be_seen() -> None:
    lecture = read_lecture(with_change(S + "words", "a\u202eb\x07\r\nc\td\u2028e"))
    assert lecture.steps[0].words == "ab\nc    d e"
    assert read_lecture(with_change(S + "title", "two\nlines\u200b")).steps[0].title == "two lines"


def test_what_could_not_be_read_is_not_written() -> None:
    def bad(**fields: Any) -> str:
        return refusal(lambda: write_lecture(Lecture(title="x", steps=(replace(FIRST, **fields),))))

    assert "parts" in bad(parts=("soft", "soft"))
    assert "no control" in bad(controls=("nothing",))
    assert "title" in bad(title="x" * 201)
    assert "temperature" in bad(task=Task(text="x", when="temperature below", value=math.nan))
    assert "finite" in bad(task=Task(text="x", when="temperature above", value=math.inf))
    assert "1 to 200 steps" in refusal(lambda: write_lecture(Lecture(title="x", steps=())))
    large = Step(title="x", scene=Scene(title="x", settings=make_settings([0.0] * 60_000, ["n" * 100] * 60_000)))
    assert "4 MiB" in refusal(lambda: write_lecture(Lecture(title="x", steps=(large,))))
