"""Files from strangers: each is loaded, or refused with one sentence, and then the open document is as it was."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from gumbelviz.app.files import Files
from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.settings_file import NAME, read_settings
from gumbelviz.app.start import end
from gumbelviz.model.preferences import Preferences, changed, write_preferences
from gumbelviz.model.scene import Scene, write_scene
from gumbelviz.model.settings import check_settings, make_settings

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SEED = 20261126
MEBIBYTE = 2**20
BY_HAND = {
    ".gumbel": (
        b"", b"{", b"null", b"[]", b'"x"', b"\xef\xbb\xbf{}", b"\xff\xfe{\x00}\x00", b"[" * 100_000, b'{"a":' * 50_000,
        b'{"format": "gumbelviz scene", "version": 2}', b'{"format": "gumbelviz scene", "version": -1}',
        b'{"format": "gumbelviz scene", "version": 1, "version": 1}', b"\0" * 4096, b" " * 5_000_000,
        b"[" + b"0," * 2_000_000 + b"0]", b'{"format": "' + b"x" * 4_000_000 + b'"}',
    ),
    ".csv": (
        b"", b"\n\n\n", b"a", b"nan\n", b"inf\n1\n", b"1e999\n", b'"unclosed\n1\n', b"a,b,c\n1,2,3\n" * 3, b"\0",
        b"1\n" * 140_000, b"=1+1,2\n", b"x" * 3_000_000, b"1;2\n3\n", b"\xff\xfe1\x00", b"0.5\n0.6\n", b"-inf\n",
        b",".join([b"1"] * 200_000),
    ),
    ".npy": (
        b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00", b"\x93NUMPY\x09\x00" + b"x" * 100,
        b"\x93NUMPY\x01\x00\xff\xff{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }\n",
        b"\x93NUMPY\x01\x00\x46\x00{'descr': '|O', 'fortran_order': False, 'shape': (3,), }          \n" + b"x" * 24,
        b"\x93NUMPY\x01\x00\x10\x00{'shape': (" + b"1," * 20_000,
    ),
}  # fmt: skip


TRAPS = (b"1e999", b"NaN", b"-", b"\0", b"\xc3", b'"', b"[", b"{", b"9" * 400, "\u202e".encode(), b"null")


def npy(numbers: list[float]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array(numbers))
    return buffer.getvalue()


def whole_files() -> list[tuple[str, bytes]]:
    """Files that are well, of every kind that opens, and a settings file."""
    scene = load_builtin("movie-night")
    many = Scene(title="Many", settings=make_settings([0.01 * i for i in range(300)]))
    return [
        (".gumbel", write_scene(scene)), (".gumbel", write_scene(load_builtin("one-bit"))),
        (".gumbel", write_scene(many)), (".csv", b"name,logit\nA,1.5\nB,-inf\n\"C, D\",0.25\n"),
        (".csv", b"0.2;\"x\"\n0.3;\"y\"\n0.5;\"z\"\n"), (".tsv", b"a\t1\nb\t2\n"),
        (".json", b'{"logits": [1, 2, null], "names": ["a", "b", "c"]}'), (".npy", npy([1.0, -2.5, 3.25])),
        (".npy", npy([0.25, 0.75])), ("settings", write_preferences(changed(Preferences(), recent=("/x",), zoom=1.5))),
    ]  # fmt: skip


def mutated(data: bytes, generator: random.Random) -> bytes:
    """Change a few bytes, take some away, double some, or put in what a reader may stumble over."""
    result = bytearray(data)
    for _ in range(generator.choice((1, 1, 1, 2, 5, 20))):
        at = generator.randrange(len(result) + 1)
        match generator.randrange(6):
            case 0 if result:
                result[at % len(result)] = generator.randrange(256)
            case 1:
                del result[at : at + generator.randint(1, 40)]
            case 2:
                result[at:at] = result[at : at + generator.randint(1, 60)]
            case 3:
                result[at:at] = generator.choice(TRAPS)
            case 4:
                digits = [i for i, byte in enumerate(result) if 48 <= byte <= 57]
                if digits:
                    result[generator.choice(digits)] = generator.randrange(48, 58)
            case _:
                result[at:] = result[at:][::-1]
    return bytes(result)


def bad_files(count: int) -> Iterator[tuple[str, bytes]]:
    """`count` files: made by hand, cut at every byte of one scene, cut and mutated at random."""
    made = 0
    for suffix, contents in BY_HAND.items():
        for data in contents:
            yield suffix, data
            made += 1
    whole = whole_files()
    generator = random.Random(SEED)
    every = range(len(whole[0][1])) if count > 2000 else range(0, len(whole[0][1]), 40)
    for length in every:
        yield whole[0][0], whole[0][1][:length]
        made += 1
    while made < count:
        suffix, data = whole[generator.randrange(len(whole))]
        cut = generator.random() < 0.2
        yield suffix, data[: generator.randrange(len(data))] if cut else mutated(data, generator)
        made += 1


@pytest.fixture
def program(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    monkeypatch.setattr(Files, "ask_kind", lambda _self: "logits")
    made = Program(load_builtin("two-options"), "light")
    yield made
    end(qapp, made)


@pytest.mark.parametrize("count", [300, pytest.param(8000, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
def test_every_file_is_loaded_or_refused_in_one_sentence(program: Program, tmp_path: Path, count: int) -> None:
    outcomes: Counter[str] = Counter()
    slowest, largest, files = 0.0, 0, 0
    tracemalloc.start()
    try:
        for suffix, data in bad_files(count):
            files += 1
            path = tmp_path / ("own" + suffix)
            folder = tmp_path / "settings"
            if suffix == "settings":
                folder.mkdir(exist_ok=True)
                path = folder / NAME
            path.write_bytes(data)
            program.window.quiet()
            before = program.store.state
            tracemalloc.reset_peak()
            used, _ = tracemalloc.get_traced_memory()
            start = time.perf_counter()
            if suffix == "settings":
                found = read_settings(folder)
                sentence = found.said[0] if found.said else ""
                loaded = found.preferences != Preferences()
            else:
                # As the thread of a large file would do it, but here and now.
                program.files._reader._path = path
                program.files._reader._number += 1
                program.files._reader._work(path, program.files._reader._number)
                program.files._reader._deliver(program.files._reader._number)
                sentence = program.window.message
                loaded = program.store.state.scene is not before.scene
            slowest = max(slowest, time.perf_counter() - start)
            peak = tracemalloc.get_traced_memory()[1] - used
            largest = max(largest, peak)
            outcomes["loaded" if loaded else "refused"] += 1
            if sentence:
                assert "\n" not in sentence
                assert sentence[-1] in ".?"
                assert "Traceback" not in sentence
                assert len(sentence) < 700
            if suffix != "settings":
                assert loaded == (sentence == ""), (suffix, data[:80], sentence)
                if loaded:
                    check_settings(program.store.state.settings)
                    write_scene(program.store.state.scene)
                else:
                    assert program.store.state == before
            # Half a million traced numbers weigh more than they do untraced: the limit is the issue's own.
            assert peak < 64 * MEBIBYTE, (suffix, data[:80])
    finally:
        tracemalloc.stop()
    print(
        f"{files} bad files: {outcomes['loaded']} loaded, {outcomes['refused']} refused with one sentence; "
        f"at most {1000 * slowest:.0f} ms (traced) and {largest / MEBIBYTE:.1f} MiB each"
    )
    assert files == count
    assert outcomes["loaded"] > count // 50
    assert outcomes["refused"] > count // 4
