"""Preferences: each key stands for itself, bad ones are skipped and named, whatever else the file holds."""

from __future__ import annotations

import json
import math
import random

import msgspec
import pytest

from gumbelviz.model.preferences import (
    SECTIONS,
    NewerSettings,
    Preferences,
    Session,
    changed,
    read_preferences,
    reset,
    write_preferences,
)

FULL = Preferences(
    theme="contrast",
    zoom=1.25,
    calm=True,
    decimals=1,
    thousands="space",
    seed=12345,
    threads=3,
    autosave=False,
    reopen=False,
    recent=("/home/x/ü 🍦.gumbel", "C:\\scores.csv"),
    session=Session("ice-cream", "learning", (-1600, 20, 1200, 800), True),
    lecture_scores={"story": 3.0, "mine": 0.5},
)


def file(**rows: object) -> bytes:
    return json.dumps({"format": "gumbelviz settings", "version": 1, **rows}).encode()


@pytest.mark.parametrize("preferences", [Preferences(), FULL])
def test_what_is_written_reads_back_equal(preferences: Preferences) -> None:
    data = write_preferences(preferences)
    assert read_preferences(data) == (preferences, ())
    assert data.endswith(b"}\n")
    # Readable: a key on each line.
    assert f'\n  "zoom": {preferences.zoom}' in data.decode()


def test_every_field_is_in_the_full_example() -> None:
    """So that the round trip above leaves none out."""
    names = [field.name for field in msgspec.structs.fields(Preferences)]
    assert [name for name in names if getattr(FULL, name) == getattr(Preferences(), name)] == []


BAD: tuple[tuple[str, object], ...] = (
    ("theme", "purple"), ("theme", 3), ("zoom", 0.5), ("zoom", 9), ("zoom", "1"), ("calm", "false"), ("calm", 1),
    ("decimals", 5), ("decimals", 0.5), ("thousands", "."), ("seed", -1), ("seed", 2**70), ("threads", -1),
    ("threads", 1000), ("autosave", None), ("recent", "x"), ("recent", [1]), ("recent", ["x"] * 11), ("recent", [""]),
    ("recent", ["a\0b"]), ("recent", ["x" * 5000]), ("session", []), ("session", {"page": "nowhere"}),
    ("session", {"place": [1, 2, 3]}), ("session", {"place": [10**9, 0, 1, 1]}), ("session", {"what": 1}),
    ("lecture_scores", {"x": "y"}), ("lecture_scores", {"x" * 300: 1}), ("unheard of", 1),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_key_is_skipped_alone(name: str, value: object) -> None:
    rows = {**msgspec.to_builtins(FULL), name: value}
    found, skipped = read_preferences(file(**rows))
    assert skipped == (name,)
    for field in msgspec.structs.fields(Preferences):
        holds = Preferences() if field.name == name else FULL
        assert getattr(found, field.name) == getattr(holds, field.name)


@pytest.mark.parametrize(
    "data",
    [b"", b" ", b"{", b"[]", b"3", b"null", b'{"format": "gumbelviz scene", "version": 1}', b"\xff\xfe", b"{}",
     b"[" * 100_000, b'{"a":' * 5000, b"x" * 5_000_000, b'{"format": 1e999}'],
)  # fmt: skip
def test_what_is_no_settings_file_is_one_sentence(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z][^\n]*\.$"):
        read_preferences(data)


def test_a_newer_file_is_not_guessed_at() -> None:
    with pytest.raises(NewerSettings):
        read_preferences(file(version=2, theme="dark"))


def test_an_odd_version_is_a_skipped_key() -> None:
    odd: tuple[object, ...] = (None, "1", 0, -3, 1.0, [])
    for version in odd:
        found, skipped = read_preferences(file(version=version, theme="dark"))
        assert found.theme == "dark"
        assert skipped == (() if version == 1 else ("version",))


def test_a_change_is_checked() -> None:
    assert changed(Preferences(), zoom=2.0, theme="dark").zoom == 2.0
    for name, value in BAD:
        if name != "unheard of":
            with pytest.raises(ValueError, match=r"\.$"):
                changed(Preferences(), **{name: value})
    with pytest.raises(ValueError, match=r"\.$"):
        changed(Preferences(), zoom=math.nan)


def test_sections_reset_their_own_and_all_of_them_leave_the_memory() -> None:
    for section, names in SECTIONS.items():
        after = reset(FULL, section)
        for field in msgspec.structs.fields(Preferences):
            expected = Preferences() if field.name in names else FULL
            assert getattr(after, field.name) == getattr(expected, field.name), (section, field.name)
    everything = reset(FULL, "all")
    assert everything == changed(Preferences(), recent=FULL.recent, session=FULL.session,
                                 lecture_scores=FULL.lecture_scores)  # fmt: skip
    chosen = [name for names in SECTIONS.values() for name in names]
    assert len(chosen) == len(set(chosen)) == 9


def test_a_hundred_mutations_load_or_are_refused() -> None:
    whole = write_preferences(FULL)
    generator = random.Random(5)
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(generator.randint(1, 6)):
            data[generator.randrange(len(data))] = generator.randrange(256)
        try:
            found, _ = read_preferences(bytes(data))
        except ValueError as error:
            assert "\n" not in str(error)
        else:
            read_preferences(write_preferences(found))
