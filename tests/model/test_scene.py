"""Scene files: they come back exactly, and whatever a stranger's file gets wrong is one sentence."""

from __future__ import annotations

import json
import math
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumbelviz.model import parameters
from gumbelviz.model.scene import HIGHLIGHTS, LARGEST_COLOR, PAGES, Scene, read_scene, write_scene
from gumbelviz.model.settings import Option, Settings, clean_text, make_settings
from gumbelviz.model.strictjson import LARGEST_FILE


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


GOOD: dict[str, Any] = {
    "format": "gumbelviz scene",
    "version": 1,
    "title": "Two",
    "note": "words",
    "page": "pipeline",
    "highlight": "soft",
    "options": {"names": ["a", "b"], "logits": [2.0, None], "colors": [1, 0], "pinned_noise": [0.25, None]},
    "score_input": "logits",
    "noise": {"kind": "gumbel", "location": 0.5, "scale": 2.0},
    "temperature": "inf",
    "seed": 3,
}


def with_change(path: str, value: object) -> bytes:
    content = json.loads(json.dumps(GOOD))
    *folders, last = path.split("/")
    place = content
    for folder in folders:
        place = place[folder]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(content).encode()


def test_a_whole_file_is_read() -> None:
    scene = read_scene(json.dumps(GOOD).encode())
    assert scene == Scene(
        title="Two",
        note="words",
        highlight="soft",
        settings=Settings((Option("a", 2.0, 1, 0.25), Option("b", -math.inf, 0)), math.inf, 0.5, 2.0, 3, "logits"),
    )


def test_what_may_be_left_out() -> None:
    short = {"format": "gumbelviz scene", "version": 1, "title": "x", "options": {"logits": [1, -2]}}
    scene = read_scene(b"\xef\xbb\xbf" + json.dumps(short).encode())
    assert scene == Scene(title="x", settings=make_settings((1.0, -2.0)))


names = st.text(max_size=20).map(clean_text)
scores = st.floats(-1e6, 1e6) | st.just(-math.inf)
pins = st.none() | st.floats(-1e6, 1e6)
options = st.lists(
    st.builds(Option, names, scores, st.integers(0, LARGEST_COLOR), pins), min_size=1, max_size=9
).filter(lambda rows: any(row.logit > -math.inf for row in rows))
scenes = st.builds(
    Scene,
    title=names,
    note=names,
    page=st.sampled_from(PAGES),
    highlight=st.none() | st.sampled_from(HIGHLIGHTS),
    settings=st.builds(
        Settings,
        options.map(tuple),
        st.floats(0.0, math.inf),
        st.floats(-1e6, 1e6),
        st.floats(1e-6, 1e6),
        st.integers(0, parameters.LARGEST_SEED),
        st.sampled_from(["logits", "probabilities"]),
    ),
)


@given(scenes)
@settings(max_examples=200, deadline=None)
def test_what_is_written_comes_back(scene: Scene) -> None:
    data = write_scene(scene)
    assert read_scene(data) == scene
    assert write_scene(read_scene(data)) == data


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:1.eE+-ntrufals \\', max_size=60).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_scene_or_a_sentence(data: bytes) -> None:
    refusal(lambda: read_scene(data))


def test_a_file_cut_anywhere_loads_or_is_refused() -> None:
    data = write_scene(read_scene(json.dumps(GOOD).encode()))
    for end in range(len(data)):
        if data[:end].rstrip() == data.rstrip():
            assert read_scene(data[:end]).title == "Two"
        else:
            refusal(partial(read_scene, data[:end]))


def test_a_file_with_any_byte_changed_loads_or_is_refused() -> None:
    data = json.dumps(GOOD).encode()
    for i in range(len(data)):
        for byte in (0x00, 0x22, 0x39, 0x7D, 0xFF):
            try:
                read_scene(data[:i] + bytes([byte]) + data[i + 1 :])
            except ValueError as error:
                assert is_sentence(str(error)), error


def test_names_from_strangers_are_plain() -> None:
    assert clean_text("a\u202eb\u200f\ufeffc\x00\x07\x9bd\u2066e\u2069\ud800f") == "abcdef"
    assert clean_text("two\r\nlines\tand a tab") == "two lines and a tab"
    assert clean_text(" the 👨\u200d👩 می\u200cروم") == " the 👨\u200d👩 می\u200cروم"
    scene = read_scene(with_change("options/names", ["\u202eevil", "a\nb"]))
    assert [option.name for option in scene.settings.options] == ["evil", "a b"]


BAD = {
    "empty": b"",
    "only spaces": b"  \n ",
    "not JSON": b"hello",
    "a list": b"[1, 2]",
    "a number": b"3",
    "other JSON": b'{"a": 1}',
    "other format": with_change("format", "gumbelviz lecture"),
    "no format": with_change("format", ...),
    "format is a number": with_change("format", 1),
    "newer": with_change("version", 2),
    "newer and unknown": with_change("new_thing", 1).replace(b'"version": 1', b'"version": 2'),
    "older than the first": with_change("version", 0),
    "version as text": with_change("version", "1"),
    "no version": with_change("version", ...),
    "endless version": with_change("version", 1).replace(b'"version": 1', b'"version": ' + b"9" * 5000),
    "unknown key": with_change("colour", "red"),
    "unknown key inside": with_change("options/weights", [1, 2]),
    "long unknown key": with_change("k" * 5000, 1),
    "nasty unknown key": with_change("a` - at `$.b\u202e\n", 1),
    "key twice": json.dumps(GOOD).replace('"seed": 3', '"seed": 3, "seed": 4').encode(),
    "key twice inside": json.dumps(GOOD).replace('"scale"', '"scale": 1, "scale"').encode(),
    "NaN": with_change("temperature", 9.5).replace(b"9.5", b"NaN"),
    "Infinity": with_change("temperature", 9.5).replace(b"9.5", b"Infinity"),
    "1e999": with_change("temperature", 9.5).replace(b"9.5", b"1e999"),
    "-1e999 logit": json.dumps(GOOD).replace("[2.0", "[-1e999").encode(),
    "infinity in words": with_change("temperature", "infinity"),
    "negative temperature": with_change("temperature", -0.5),
    "scale 0": with_change("noise/scale", 0),
    "negative scale": with_change("noise/scale", -1),
    "huge location": with_change("noise/location", 1e7),
    "other noise": with_change("noise/kind", "logistic"),
    "negative seed": with_change("seed", -1),
    "huge seed": with_change("seed", 2**63),
    "seed with a point": with_change("seed", 1.5),
    "seed is true": with_change("seed", True),
    "huge logit": with_change("options/logits", [1e7, 1]),
    "all masked": with_change("options/logits", [None, None]),
    "no options": with_change("options", {"logits": []}),
    "no logits": with_change("options", {"names": ["a"]}),
    "options are a list": with_change("options", [1, 2]),
    "text logit": with_change("options/logits", ["1", 2]),
    "ragged names": with_change("options/names", ["a"]),
    "ragged colours": with_change("options/colors", [1, 2, 3]),
    "ragged pins": with_change("options/pinned_noise", []),
    "null names": with_change("options/names", None),
    "negative colour": with_change("options/colors", [0, -1]),
    "huge colour": with_change("options/colors", [0, 2**40]),
    "huge pin": with_change("options/pinned_noise", [1e7, None]),
    "long name": with_change("options/names", ["x" * 201, "b"]),
    "long title": with_change("title", "x" * 201),
    "long note": with_change("note", "x" * 2001),
    "no title": with_change("title", ...),
    "title is a number": with_change("title", 5),
    "unknown page": with_change("page", "pipelin"),
    "unknown highlight": with_change("highlight", "colours"),
    "unknown score input": with_change("score_input", "odds"),
    "half a character": with_change("title", "T").replace(b'"T"', b'"\\ud800"'),
    "not UTF-8": json.dumps(GOOD).encode().replace(b"words", b"w\xffrds"),
    "UTF-16": json.dumps(GOOD).encode("utf-16"),
    "comma at the end": json.dumps(GOOD).encode()[:-1] + b",}",
    "more after the end": json.dumps(GOOD).encode() + b"{}",
    "deep": with_change("note", "N").replace(b'"N"', b"[" * 100_000),
    "deep objects": b'{"a":' * 100_000,
    "too large": b" " * (LARGEST_FILE + 1),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_with_one_sentence(name: str) -> None:
    refusal(lambda: read_scene(BAD[name]))


def test_sentences_say_what_and_where() -> None:
    def said(name: str) -> str:
        return refusal(lambda: read_scene(BAD[name]))

    assert said("newer") == "This scene was made by a newer GumbelViz (format 2); this one reads format 1."
    assert said("newer and unknown") == said("newer")
    assert said("key twice") == 'The scene has the key "seed" twice.'
    assert said("unknown page").endswith('did you mean "pipeline"?')
    assert said("text logit") == "Expected a number or null, not text, at options.logits, entry 1 in the scene."
    assert '"weights"' in said("unknown key inside") and "options" in said("unknown key inside")
    assert "line 1" in said("comma at the end")
    assert "name of option 1" in said("long name")


HOSTILE_HEAD = b'{"format":"gumbelviz scene","version":1,"title":"x","options":{"logits":['
HOSTILE = {
    "two million numbers": HOSTILE_HEAD + b"1," * 2_000_000 + b"1]}}",
    "four million brackets": HOSTILE_HEAD + b"[" * 4_000_000,
    "four million digits": HOSTILE_HEAD + b"1" * 4_000_000 + b"]}}",
    "a long note": HOSTILE_HEAD + b'1]},"note":"' + b"," * 4_000_000 + b'"}',
    "two million backslashes": HOSTILE_HEAD + b'1]},"note":"' + b'\\"' * 2_000_000 + b'"}',
    "a million lists": HOSTILE_HEAD + b'1]},"x":[' + b"[]," * 1_300_000 + b"[]]}",
    "one option too many": HOSTILE_HEAD + b"0," * 131_072 + b"0]}}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(name: str) -> None:
    data = HOSTILE[name]
    assert len(data) <= LARGEST_FILE
    start = time.process_time()
    refusal(lambda: read_scene(data))
    assert time.process_time() - start < 0.5  # measured: below 0.1 s
    tracemalloc.start()
    refusal(lambda: read_scene(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20


def test_the_largest_scene_fits() -> None:
    count = parameters.MOST_OPTIONS
    single = [i / 8192 * (-1) ** i + 1e-3 for i in range(count)]
    scene = Scene(title="A vocabulary", settings=make_settings(single, [f"tok{i}" for i in range(count)]))
    data = write_scene(scene)
    assert len(data) <= LARGEST_FILE
    assert read_scene(data) == scene


def test_a_scene_too_large_to_be_read_is_not_written() -> None:
    scene = Scene(title="x", settings=make_settings([0.0] * 60_000, ["n" * 100] * 60_000))
    assert "4 MiB" in refusal(lambda: write_scene(scene))
    assert "title" in refusal(lambda: write_scene(Scene(title="x" * 201, settings=make_settings([1.0]))))
    refusal(lambda: write_scene(Scene(title="x", settings=Settings((Option("a", math.nan, 0),)))))
