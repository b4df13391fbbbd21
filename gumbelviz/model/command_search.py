"""Finding a command by a few letters of what it is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be chosen from the palette.

    Attributes
    ----------
    id
        How the program knows it.
    name, place, keys, help
        What it is called, in which menu it stands, its shortcut in words, and one line of help.
    enabled, checked
        Whether it can be done now, and whether it is on; None for what is never on or off.
    """

    id: str
    name: str
    place: str
    keys: str = ""
    help: str = ""
    enabled: bool = True
    checked: bool | None = None


def search(entries: Iterable[Entry], text: str) -> list[Entry]:
    """Return the entries that fit every word of `text`, the best first; all of them where it is empty.

    A word that begins the name counts most, then one that begins a word of it, then one anywhere in the name,
    its menu or its help. Where nothing fits, letters in the right order will do: "nrs" finds "New random seed".
    """
    words = text.casefold().split()
    entries = list(entries)
    if not words:
        return entries
    ranked = ((_rank(entry, words), len(entry.name), i) for i, entry in enumerate(entries))
    found = [(rank, length, i) for rank, length, i in ranked if rank is not None]
    if not found:
        letters = "".join(words)
        fitting = (i for i, entry in enumerate(entries) if _in_order(letters, entry.name.casefold()))
        found = [(0, len(entries[i].name), i) for i in fitting]
    return [entries[i] for _, _, i in sorted(found)]


def _rank(entry: Entry, words: list[str]) -> int | None:
    name = entry.name.casefold()
    rest = f"{entry.place} {entry.help} {entry.keys}".casefold()
    total = 0
    for word in words:
        if name.startswith(word):
            total += 0
        elif any(part.startswith(word) for part in name.split()):
            total += 1
        elif word in name:
            total += 2
        elif word in rest:
            total += 4
        else:
            return None
    return total


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
