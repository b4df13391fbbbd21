"""What is shown large in the corner: the number that changed, and nothing where none did."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gumbelviz.model.changes import describe_change, describe_watching
from gumbelviz.model.edits import EDITS
from gumbelviz.model.settings import Transport, make_settings

FILMS = make_settings([2.0, 1.2, 0.4], names=["Drama", "Comedy", "Sci-fi"], temperature=0.5)


@pytest.mark.parametrize(
    ("wish", "value", "words"),
    [
        ("temperature", 0.126, "τ = 0.13"),
        ("temperature", math.inf, "τ = ∞"),
        ("location", -1.0, "μ = −1.00"),
        ("scale", 2.0, "β = 2.00"),
        ("seed", 11, "seed 11"),
        ("logit", (1, -0.5), "z Comedy = −0.5"),
        ("pin", (2, 1.25), "G Sci-fi = 1.25"),
        ("rename", (0, "Noir"), "Noir"),
        ("add", None, "4 options"),
        ("color", (0, 5), ""),
    ],
)
def test_each_change_has_its_words(wish: str, value: Any, words: str) -> None:
    assert describe_change(FILMS, EDITS[wish][0](FILMS, value)) == words
    assert describe_change(FILMS, FILMS) == ""


def test_noise_that_is_let_go() -> None:
    pinned = EDITS["pin"][0](FILMS, (2, 1.25))
    assert describe_change(pinned, FILMS) == "G Sci-fi free"


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (Transport(running=True), "running"),
        (Transport(frozen=True, cursor=4), "noise frozen"),
        (Transport(cursor=1234), "draw 1,234"),
        (Transport(speed=3.0), ""),
    ],
)
def test_what_was_done_to_the_stream(after: Transport, words: str) -> None:
    assert describe_watching(Transport(), after) == words
    if after.running or after.frozen:
        assert describe_watching(after, Transport()) in ("paused", "noise free")
