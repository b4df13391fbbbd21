"""Every wish of the table: granted as asked, or refused with a sentence and nothing changed."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from msgspec.structs import replace

from gumbelviz.maths import concrete
from gumbelviz.model import (
    learning_choices,
    noise_choices,
    parameters,
    precision_choices,
    simplex_choices,
    temperature_choices,
)
from gumbelviz.model.edits import EDITS, HIGHEST_SHARE
from gumbelviz.model.settings import Option, Settings, check_settings, make_settings

A = Option("A", 1.0, 0, pinned=-0.5)
B = Option("B", -math.inf, 3)
C = Option("C", 2.25, 1, pinned=0.25)
BASE = Settings((A, B, C), temperature=0.7, location=0.5, scale=2.0, seed=3)
ONE = make_settings([2.0])
LIMIT = 1e6


def edit(settings: Settings, name: str, value: Any = None) -> Settings:
    return EDITS[name][0](settings, value)


def with_option(place: int, **fields: Any) -> Settings:
    options = list(BASE.options)
    options[place] = replace(options[place], **fields)
    return replace(BASE, options=tuple(options))


PAGES = (noise_choices, simplex_choices, temperature_choices, precision_choices, learning_choices)
SHARED = set(EDITS) - {name for page in PAGES for name in page.EDITS} - {"place draw"}
"""The edits of what all pages share. Those of a page's own choices are tried beside these choices, and "place draw"
in test_placing.py."""
GOOD: dict[str, list[tuple[Any, Settings]]] = {
    "temperature": [(v, replace(BASE, temperature=float(v))) for v in (0, 0.0, 0.05, 1, 1e300, math.inf)],
    "anneal": [(v, replace(BASE, temperature=v)) for v in (0.0, 0.3, math.inf)],
    "location": [(v, replace(BASE, location=v)) for v in (-1e6, 0.0, 3.5, 1e6)],
    "scale": [(v, replace(BASE, scale=v)) for v in (1e-6, 0.1, 1.0, 1e6)],
    "seed": [(v, replace(BASE, seed=v)) for v in (0, 1, 2**63 - 1)],
    "score input": [("probabilities", replace(BASE, score_input="probabilities")), ("logits", BASE)],
    "logit": [
        ((0, -LIMIT), with_option(0, logit=-LIMIT)),
        ((1, 0.0), with_option(1, logit=0.0)),
        ((2, LIMIT), with_option(2, logit=LIMIT)),
        ((0, -math.inf), with_option(0, logit=-math.inf)),
    ],
    "probability": [
        ((0, 0.0), with_option(0, logit=-math.inf)),
        ((0, 0.5), with_option(0, logit=2.25)),
        ((1, 0.5), with_option(1, logit=2.0 * math.log(math.exp(0.5) + math.exp(1.125)))),
    ],
    "pin": [
        ((0, None), with_option(0, pinned=None)),
        ((1, -1e6), with_option(1, pinned=-1e6)),
        ((2, 0.0), with_option(2, pinned=0.0)),
    ],
    "unpin all": [(None, replace(BASE, options=(replace(A, pinned=None), B, replace(C, pinned=None))))],
    "rename": [
        ((0, "Chocolate"), with_option(0, name="Chocolate")),
        ((1, "  Crème 🍦 brûlée "), with_option(1, name="Crème 🍦 brûlée")),
        ((2, ""), with_option(2, name="Option 3")),
        ((2, " \t "), with_option(2, name="Option 3")),
        ((0, "two\nlines"), with_option(0, name="two lines")),
        ((0, "evil\u202egnp.exe\u200b\x07"), with_option(0, name="evilgnp.exe")),
        ((0, "👩\u200d🔬"), with_option(0, name="👩\u200d🔬")),
        ((0, "x" * 200), with_option(0, name="x" * 200)),
    ],
    "color": [((0, 7), with_option(0, color=7)), ((2, 0), with_option(2, color=0))],
    "add": [(None, replace(BASE, options=(A, B, C, Option("Option 4", 1.0, 2))))],
    "remove": [(v, replace(BASE, options=BASE.options[:v] + BASE.options[v + 1 :])) for v in (0, 1, 2)],
    "move": [
        ((0, 2), replace(BASE, options=(B, C, A))),
        ((2, 0), replace(BASE, options=(C, A, B))),
        ((1, 1), BASE),
    ],
    "equalize": [(None, replace(BASE, options=tuple(replace(option, logit=0.0) for option in BASE.options)))],
    "ladder": [
        (None, replace(BASE, options=(replace(A, logit=2.0), replace(B, logit=1.0), replace(C, logit=0.0)))),
    ],
    "options": [
        (((C,), "logits"), replace(BASE, options=(C,))),
        (((A, C), "probabilities"), replace(BASE, options=(A, C), score_input="probabilities")),
    ],
}

PLACES_OUTSIDE = (-1, 3, 10**9)
BAD: dict[str, list[Any]] = {
    "temperature": [-0.1, -math.inf, math.nan, "warm"],
    "anneal": [-0.1, math.nan],
    "location": [-1.000001e6, 2e6, math.inf, -math.inf, math.nan],
    "scale": [0.0, -1.0, 9e-7, 1.1e6, math.inf, math.nan],
    "seed": [-1, 2**63],
    "score input": ["odds", "", None],
    "logit": [(0, math.inf), (0, math.nan), (0, 1.1e6), (0, -1.1e6), *((i, 0.0) for i in PLACES_OUTSIDE)],
    "probability": [(0, -0.01), (0, 1.01), (0, math.nan), *((i, 0.5) for i in PLACES_OUTSIDE)],
    "pin": [(0, math.inf), (0, math.nan), (0, 1.1e6), *((i, 0.5) for i in PLACES_OUTSIDE)],
    "unpin all": [],
    "rename": [(0, "x" * 201), *((i, "x") for i in PLACES_OUTSIDE)],
    "color": [(0, -1), *((i, 0) for i in PLACES_OUTSIDE)],
    "add": [],
    "remove": [*PLACES_OUTSIDE],
    "move": [(0, 3), (3, 0), (-1, 0), (0, -1)],
    "equalize": [],
    "ladder": [],
    "options": [
        ((), "logits"),
        ((B,), "logits"),
        ((A, replace(C, logit=math.nan)), "logits"),
        ((replace(A, color=-1),), "logits"),
        ((replace(A, pinned=math.inf),), "logits"),
        ((replace(A, name="x" * 201),), "logits"),
        ((A,), "odds"),
    ],
}


def rows(table: dict[str, list[Any]]) -> list[Any]:
    return [pytest.param(name, value, id=f"{name}-{i}") for name in table for i, value in enumerate(table[name])]


def test_every_edit_is_tried() -> None:
    assert set(GOOD) == set(BAD) == SHARED
    assert all(GOOD.values())


@pytest.mark.parametrize(("name", "row"), rows(GOOD))
def test_a_wish_with_a_meaning_is_granted_exactly(name: str, row: tuple[Any, Settings]) -> None:
    value, expected = row
    after = edit(BASE, name, value)
    if name == "probability":
        assert after.logits == pytest.approx(expected.logits, rel=1e-14)
    else:
        assert after == expected
    check_settings(after)
    assert isinstance(after.temperature, float)


@pytest.mark.parametrize(("name", "value"), rows(BAD))
def test_a_wish_without_meaning_is_refused_with_a_reason(name: str, value: Any) -> None:
    before = Settings(tuple(BASE.options), BASE.temperature, BASE.location, BASE.scale, BASE.seed)
    with pytest.raises(ValueError, match=r"\w"):
        edit(BASE, name, value)
    assert before == BASE


@pytest.mark.parametrize("row", EDITS.values(), ids=EDITS)
def test_undo_reads_as_a_sentence(row: tuple[Callable[..., Settings], str]) -> None:
    assert f"Undo: {row[1]}".isascii()
    assert row[1][0].islower()
    assert not row[1].endswith(".")


@pytest.mark.parametrize("name", sorted(SHARED))
def test_an_edit_returns_a_value_and_leaves_the_one_it_got(name: str) -> None:
    copy = replace(BASE, options=tuple(replace(option) for option in BASE.options))
    for value, _ in GOOD[name]:
        edit(BASE, name, value)
    assert copy == BASE


def test_the_sentence_names_the_score_that_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"^Score 3 is 2e\+06; scores lie between -1e6 and 1e6"):
        edit(BASE, "logit", (2, 2e6))


# ---------------------------------------------------------------------------------------------- masking


def test_the_last_open_option_cannot_be_masked_or_removed() -> None:
    two = make_settings([1.0, -math.inf])
    for name, value in (("logit", (0, -math.inf)), ("remove", 0)):
        with pytest.raises(ValueError, match="Every option is masked"):
            edit(two, name, value)
    with pytest.raises(ValueError, match="no other option"):
        edit(two, "probability", (0, 0.0))
    assert edit(two, "remove", 1).logits == (1.0,)


def test_the_only_option_cannot_be_removed_or_given_a_probability() -> None:
    with pytest.raises(ValueError, match="last option"):
        edit(ONE, "remove", 0)
    with pytest.raises(ValueError, match="no other option"):
        edit(ONE, "probability", (0, 0.5))


# ----------------------------------------------------------------------------------------- probabilities

logits = st.lists(st.one_of(st.floats(-30, 30), st.just(-math.inf)), min_size=2, max_size=8)


@trials(derandomize=True, deadline=None, max_examples=300)
@given(logits, st.floats(0.05, 20), st.floats(1e-9, HIGHEST_SHARE), st.data())
def test_an_option_gets_exactly_the_probability_and_the_others_keep_their_odds(
    scores: list[float], scale: float, share: float, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(scores) - 1))
    others = [z for i, z in enumerate(scores) if i != place]
    assume(max(others) > -math.inf)
    after = edit(make_settings(scores, scale=scale), "probability", (place, share))
    found = concrete.probabilities(after.logits, scale)
    assert found[place] == pytest.approx(share, rel=1e-10)
    assert [z for i, z in enumerate(after.logits) if i != place] == others
    rest = np.delete(found, place) / (1.0 - share)
    assert rest == pytest.approx(concrete.probabilities(others, scale), rel=1e-8, abs=1e-300)


@pytest.mark.parametrize("share", [HIGHEST_SHARE, 0.999_999_9, 1.0])
def test_certainty_is_as_close_as_the_others_can_bear(share: float) -> None:
    after = edit(make_settings([0.0, 0.0, 0.0]), "probability", (1, share))
    assert concrete.probabilities(after.logits)[1] == pytest.approx(HIGHEST_SHARE, rel=1e-10)


def test_a_probability_beyond_the_largest_score_is_refused() -> None:
    with pytest.raises(ValueError, match="scores lie between"):
        edit(make_settings([0.0, 1e6]), "probability", (0, 0.9))


# ------------------------------------------------------------------------- adding, removing, moving, naming


def test_added_options_keep_the_others_and_find_a_free_name_and_colour() -> None:
    settings = make_settings([3.0, 1.234, -math.inf])
    for count in (4, 5, 6):
        after = edit(settings, "add")
        assert after.options[:-1] == settings.options
        assert after.options[-1] == Option(f"Option {count}", 1.23, count - 1)
        settings = after
    taken = make_settings([0.0, 0.0], ["Option 3", "Option 4"])
    assert edit(taken, "add").options[-1].name == "Option 5"
    freed = edit(edit(settings, "remove", 1), "add").options[-1]
    assert (freed.name, freed.color) == ("Option 7", 1)
    assert len({option.name for option in edit(edit(settings, "remove", 1), "add").options}) == 6


def test_there_are_no_more_options_than_the_engine_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "MOST_OPTIONS", 3)
    with pytest.raises(ValueError, match="the most is 3"):
        edit(BASE, "add")


@trials(derandomize=True, deadline=None)
@given(st.integers(1, 8), st.data())
def test_moving_carries_everything_an_option_has(count: int, data: st.DataObject) -> None:
    options = tuple(Option(f"n{i}", float(i), 10 + i, pinned=float(-i)) for i in range(count))
    source, target = data.draw(st.integers(0, count - 1)), data.draw(st.integers(0, count - 1))
    before = Settings(options)
    after = edit(before, "move", (source, target))
    assert after.options[target] == options[source]
    assert sorted(after.options, key=lambda option: option.color) == list(options)
    others = [option for option in after.options if option != options[source]]
    assert others == [option for option in options if option != options[source]]
    assert edit(after, "move", (target, source)) == before


@trials(derandomize=True, deadline=None)
@given(st.text(max_size=60))
def test_any_name_becomes_one_clean_line(text: str) -> None:
    name = edit(BASE, "rename", (0, text)).options[0].name
    assert name == name.strip()
    assert name
    assert not set(name) & set("\t\n\v\f\r\x00\x1b\x7f\x85\u2028\u2029\u202a\u202e\u2066\u200b\ufeff\ud800")
    assert edit(BASE, "rename", (0, name)).options[0].name == name


@pytest.mark.parametrize("count", [1, 2, 12, 13, 1000])
def test_a_ladder_falls_by_one_or_over_twelve(count: int) -> None:
    scores = edit(make_settings([0.0] * count), "ladder").logits
    assert scores[-1] == 0.0
    assert np.diff(scores) == pytest.approx(np.full(count - 1, -1.0 if count <= 12 else -12.0 / count), rel=1e-9)
    assert max(scores) <= 12.0


def test_equalizing_brings_masked_options_back_and_keeps_pins_and_names() -> None:
    after = edit(BASE, "equalize")
    assert after.logits == (0.0, 0.0, 0.0)
    assert after.pins == BASE.pins
    assert [option.name for option in after.options] == ["A", "B", "C"]
