"""Which options stand at the corners, what is shown, and what is refused."""

from __future__ import annotations

import math

import msgspec
import pytest

from gumbelviz.model.edits import EDITS
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.simplex_choices import LAYERS, SimplexChoices, corner_options, follow, set_corner

TEN = [0.1, 3.0, 0.2, 2.0, 0.3, 1.0, 0.4, -math.inf, 0.5, 0.6]


def edit(settings: Settings, name: str, value: object) -> Settings:
    return EDITS[name][0](settings, value)


@pytest.mark.parametrize(
    ("choices", "logits", "corners"),
    [
        (SimplexChoices(), [1.0], (0,)),
        (SimplexChoices(), [1.0, 2.0], (0, 1)),
        (SimplexChoices(), [1.0, -math.inf, 2.0], (0, 2)),
        (SimplexChoices(), [1.0, 5.0, 2.0, 3.0], (1, 2, 3)),
        (SimplexChoices(solid=True), [1.0, 5.0, 2.0, 3.0], (0, 1, 2, 3)),
        (SimplexChoices(), TEN, (1, 3, 5)),
        (SimplexChoices(corners=(9, 0, 2)), TEN, (9, 0, 2)),
        (SimplexChoices(corners=(9, 7, 2)), TEN, (9, 2, 1)),
        (SimplexChoices(corners=(9, 70, 80)), TEN, (9, 1, 3)),
    ],
)
def test_corners(choices: SimplexChoices, logits: list[float], corners: tuple[int, ...]) -> None:
    assert corner_options(choices, logits) == corners


def test_a_corner_is_chosen_and_one_that_is_there_changes_places() -> None:
    settings = edit(make_settings(TEN), "simplex corner", ((1, 3, 5), 0, 8))
    assert settings.pages.simplex.corners == (8, 3, 5)
    assert edit(settings, "simplex corner", ((8, 3, 5), 0, 5)).pages.simplex.corners == (5, 3, 8)
    with pytest.raises(ValueError, match="more than three"):
        set_corner(SimplexChoices(), ((0, 1), 0, 1))


def test_corners_follow_options_that_move() -> None:
    choices = SimplexChoices(corners=(1, 3, 5))
    assert follow(choices, lambda i: i + 1).corners == (2, 4, 6)
    assert follow(choices, lambda i: None if i == 3 else i).corners == ()


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_are_shown_and_hidden(layer: str) -> None:
    base = make_settings([1.0, 2.0, 3.0])
    for shown in (True, False):
        assert getattr(edit(base, "simplex layer", (layer, shown)).pages.simplex, layer) is shown
    with pytest.raises(ValueError, match="no layer"):
        edit(base, "simplex layer", ("fog", True))


@pytest.mark.parametrize("count", [499, 20_001, math.inf, math.nan])
def test_too_few_or_too_many_dots_are_refused(count: float) -> None:
    base = make_settings([1.0, 2.0, 3.0])
    assert edit(base, "simplex dots", 5000.0).pages.simplex.dots_shown == 5000
    with pytest.raises(ValueError, match="Between 500 and 20,000"):
        edit(base, "simplex dots", count)


@pytest.mark.parametrize(
    "choices", [SimplexChoices(corners=(1, 2)), SimplexChoices(corners=(1, 1, 2)), SimplexChoices(corners=(-1, 1, 2)),
                SimplexChoices(slope_of=9), SimplexChoices(dots_shown=3)]
)  # fmt: skip
def test_choices_without_meaning_are_refused(choices: SimplexChoices) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        choices.check(5)


def test_choices_come_back_from_json() -> None:
    choices = SimplexChoices(corners=(4, 2, 0), dots_shown=600, means=True, heat=False)
    assert msgspec.json.decode(msgspec.json.encode(choices), type=SimplexChoices) == choices
    assert msgspec.to_builtins(SimplexChoices()) == {}
