"""Options by column: kept while they are in use, right after every edit, and not one long list longer than needed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.model.edits import EDITS
from gumbelviz.model.settings import Settings, check_settings, clean_text, make_settings

INF = math.inf
SETTINGS = make_settings([1.0, 2.0, -INF, 0.5], ["a", "b", "c", "d"])
EDITS_OF_ONE = [
    ("logit", (1, -3.5)), ("logit", (1, -INF)), ("probability", (0, 0.25)), ("pin", (3, 1.5)), ("rename", (2, "x")),
    ("color", (0, 9)), ("add", None), ("remove", 1), ("move", (0, 3)), ("equalize", None), ("unpin all", None),
]  # fmt: skip


def check_columns(settings: Settings) -> None:
    options = settings.options
    assert settings.logits == tuple(option.logit for option in options)
    assert settings.scores.tolist() == list(settings.logits)
    assert settings.names == tuple(option.name for option in options)
    assert settings.pinned == tuple(i for i, option in enumerate(options) if option.pinned is not None)


@pytest.mark.parametrize("asked_before", [True, False])
def test_columns_follow_every_edit(asked_before: bool) -> None:
    settings = SETTINGS
    for name, value in [*EDITS_OF_ONE, *EDITS_OF_ONE[:6]]:
        if asked_before:
            check_columns(settings)
        settings = EDITS[name][0](settings, value)
        check_columns(settings)
    check_columns(SETTINGS)


def test_columns_are_kept_and_read_only() -> None:
    settings = make_settings([1.0, 2.0])
    assert settings.logits is settings.logits
    assert replace(settings, temperature=3.0).scores is settings.scores
    with pytest.raises(ValueError, match="read-only"):
        settings.scores[0] = 5.0


def test_an_edit_of_one_option_keeps_the_list_of_names() -> None:
    settings = make_settings([float(i) for i in range(100)])
    names = settings.names
    assert EDITS["logit"][0](settings, (3, 7.0)).names is names
    assert EDITS["rename"][0](settings, (3, "x")).names[3] == "x"


def test_many_settings_in_turn() -> None:
    made = [make_settings([float(k), float(-k)]) for k in range(12)]
    for _ in range(2):
        for k, settings in enumerate(made):
            assert settings.logits == (float(k), float(-k))
            assert np.array_equal(settings.scores, [k, -k])


BREAK: list[tuple[Callable[[Settings], Settings], str]] = [
    (lambda s: replace(s, options=(replace(s.options[0], logit=math.nan), *s.options[1:])), "Score 1 is not a number"),
    (lambda s: replace(s, options=(*s.options[:-1], replace(s.options[-1], logit=2e6))), "Score 4 is 2e"),
    (lambda s: replace(s, options=(replace(s.options[0], logit=INF), *s.options[1:])), "Score 1 is inf"),
    (lambda s: replace(s, options=(replace(s.options[0], logit=-2e6), *s.options[1:])), "Score 1 is -2e"),
    (lambda s: replace(s, options=(replace(s.options[0], name="x" * 201), *s.options[1:])), "at most 200"),
    (lambda s: replace(s, options=(replace(s.options[0], pinned=2e6), *s.options[1:])), "noise value"),
    (lambda s: replace(s, options=(replace(s.options[0], color=-1), *s.options[1:])), "colour"),
    (lambda s: replace(s, options=(replace(s.options[2]),)), "Every option is masked"),
    (lambda s: replace(s, options=()), "no options"),
]


@pytest.mark.parametrize(("wrong", "sentence"), BREAK, ids=[sentence for _, sentence in BREAK])
def test_what_has_no_meaning_is_refused(wrong: Callable[[Settings], Settings], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        check_settings(wrong(SETTINGS))


def test_what_can_be_printed_needs_no_cleaning() -> None:
    """`clean_text` asks `isprintable` first, which must be False for all that it would take out."""
    import gumbelviz.model.settings as module

    for code in range(0x110000):
        letter = chr(code)
        cleaned = module._INVISIBLE.sub("", module._LINE_ENDS.sub(" ", letter))
        assert cleaned == letter or not letter.isprintable(), hex(code)
    assert clean_text("a\u202eb\nc") == "ab c"
    assert clean_text("Straße 语 🎬") == "Straße 语 🎬"
