"""Finding commands: the nearest name first, and nothing that does not fit."""

from __future__ import annotations

from gumbelviz.model.command_search import Entry, search

ENTRIES = (
    Entry("open", "Open", "File", "Ctrl+O", "Open a scene, or scores from CSV"),
    Entry("save", "Save", "File", "Ctrl+S"),
    Entry("save as", "Save as", "File", "Ctrl+Shift+S"),
    Entry("seed", "New random seed", "Simulation", "Ctrl+R"),
    Entry("new", "New", "File", "Ctrl+N", "Two options with equal scores"),
    Entry("freeze", "Freeze noise", "Simulation", "F", "Hold this draw"),
    Entry("page noise", "Noise", "View", "2", "What is Gumbel noise?"),
)


def found(text: str) -> list[str]:
    return [entry.id for entry in search(ENTRIES, text)]


def test_nothing_typed_lists_everything_in_its_order() -> None:
    assert found("") == found("   ") == [entry.id for entry in ENTRIES]


def test_the_beginning_of_a_name_comes_first() -> None:
    assert found("new") == ["new", "seed"]
    assert found("noise") == ["page noise", "freeze"]
    assert found("SAVE A")[0] == "save as"
    assert found("save")[:2] == ["save", "save as"]


def test_every_word_must_fit_somewhere() -> None:
    assert found("file save") == ["save", "save as"]
    assert found("csv") == ["open"]
    assert found("ctrl+r") == ["seed"]
    assert found("save noise") == []


def test_letters_in_order_are_the_last_resort() -> None:
    assert found("nrs") == ["seed"]
    assert found("fzn") == ["freeze"]
    assert found("zzz") == []
