"""Words about the numbers on the screen: the note of a scene and the texts of a lecture, filled in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from gumbelviz.app.place_numbers import OF_OPTION, WHOLE, Shown
from gumbelviz.model.papers import ARTICLE_PRINTS, PAPERS
from gumbelviz.model.places import PLACES
from gumbelviz.model.settings import Settings

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame


def fill_note(note: str, settings: Settings, frame: Frame) -> str:
    """Return `note` with its places, such as ``{soft:2}``, filled with the numbers of `frame`."""
    return fill_places(note, Shown(settings, frame))


def fill_places(text: str, shown: Shown, name: Callable[[str], str] = str) -> str:
    """Return `text` with its places filled; see `gumbelviz.model.places`.

    Parameters
    ----------
    text
        What else stands in braces, and places of options that do not exist, stay as they are: the file may come
        from a stranger.
    shown
        Where the numbers come from.
    name
        Makes the name of an option fit for the text, for instance for Markdown.
    """

    def fill(place: re.Match[str]) -> str:
        if place["option"]:
            i = int(place["option"]) - 1
            if i >= len(shown.settings.options):
                return place[0]
            word = OF_OPTION[place["of"]](shown, i)
            return name(word) if place["of"] == "name" else word
        if place["whole"]:
            if place["whole"] == "goal" and shown.goal is None:
                return place[0]
            word = WHOLE[place["whole"]](shown)
            return name(word) if place["whole"] in ("winner", "favourite") else word
        if place["article"]:
            return ARTICLE_PRINTS[place["article"]]
        paper = PAPERS[place["paper"] or place["authors"] or place["title"]]
        if place["title"]:
            return name(paper.title)
        return name(f"{paper.short if place['paper'] else paper.authors} {paper.year}")

    return PLACES.sub(fill, text)
