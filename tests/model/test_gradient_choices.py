"""The choices of the Gradients page: objectives and their numbers, what is kept, what is refused, what is said."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from gumbelviz.model.edits import EDITS
from gumbelviz.model.gradient_choices import COLORS, HIDDEN, GradientChoices
from gumbelviz.model.gradient_words import describe_objective, write_gradient, write_spread
from gumbelviz.model.scene import Scene, read_scene, write_scene
from gumbelviz.model.settings import Settings, make_settings

SETTINGS = make_settings([2.0, 1.2, 0.4])


def edit(name: str, value: object = None, settings: Settings = SETTINGS) -> Settings:
    return EDITS[name][0](settings, value)


def choices(settings: Settings) -> GradientChoices:
    return settings.pages.gradients


def test_numbers_of_an_objective_are_set_one_by_one() -> None:
    assert choices(SETTINGS).targets_for(3) == (1.0, 0.0, 0.0)
    changed = edit("objective target", (2, 0.3))
    assert choices(changed).targets_for(3) == (1.0, 0.0, 0.3)
    assert choices(changed).values_for(3) == (1.0, 0.0, 0.0)
    assert choices(edit("objective value", (0, -2.0), changed)).values_for(3) == (-2.0, 0.0, 0.0)


def test_numbers_follow_their_options() -> None:
    changed = edit("objective target", (1, 0.5), edit("objective target", (2, 0.3)))
    moved = edit("move", (2, 0), changed)
    assert choices(moved).targets_for(3) == (0.3, 1.0, 0.5)
    removed = edit("remove", 0, moved)
    assert choices(removed).targets_for(2) == (1.0, 0.5)
    added = edit("add", None, removed)
    assert choices(added).targets_for(3) == (1.0, 0.5, 0.0)
    assert choices(edit("remove", 1)).targets == ()


def test_an_option_that_has_gone_is_not_looked_at() -> None:
    assert choices(edit("gradient option", 9)).option_for(3) == 2


def test_the_batch_is_a_whole_number() -> None:
    assert choices(edit("batch", 12.4)).batch == 12.0


def test_estimators_are_shown_and_hidden() -> None:
    assert choices(SETTINGS).hidden == HIDDEN
    shown = edit("show estimator", ("reinforce_optimal", True))
    assert choices(shown).hidden == ("reinforce_mean_baseline",)
    hidden = edit("show estimator", ("reinmax", False), shown)
    assert choices(hidden).hidden == ("reinforce_mean_baseline", "reinmax")


REFUSED = [
    ("objective", "quartic"), ("objective value", (-1, 0.5)), ("objective value", (0, math.inf)),
    ("objective target", (0, math.nan)), ("bit target", math.nan), ("batch", 0.0), ("gradient option", -1),
    ("show estimator", ("rebar", True)), ("gradient tab", "river"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_what_has_no_meaning_is_refused_with_a_sentence(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"\.$|”\.$"):
        edit(name, value)


@pytest.mark.parametrize(
    "bad",
    [
        {"hidden": ("rebar",)}, {"values": (math.nan,)}, {"targets": (1e7,)}, {"option": -1}, {"batch": 0.5},
        {"bit_target": math.inf}, {"values": (0.0,) * 131_073},
    ],
)  # fmt: skip
def test_a_scene_with_bad_choices_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        replace(GradientChoices(), **bad).check(3)


def test_a_scene_keeps_the_choices() -> None:
    changed = edit("objective", "quadratic", edit("objective target", (1, 0.5), edit("batch", 100.0)))
    changed = edit("gradient tab", "switch", edit("show estimator", ("reinmax", False), changed))
    scene = Scene(title="A", page="gradients", settings=changed)
    assert read_scene(write_scene(scene)) == scene
    assert b'"gradients"' not in write_scene(Scene(title="A", settings=SETTINGS)).split(b'"page"')[1].split(b"seed")[1]


def test_every_edit_has_a_name_for_undo() -> None:
    for name in ("objective", "objective value", "objective target", "bit target", "batch", "show estimator"):
        assert EDITS[name][1]


def test_numbers_are_written_with_their_sign() -> None:
    assert write_gradient(0.019661) == "+0.0197"
    assert write_gradient(-0.014534) == "−0.0145"
    assert write_gradient(1e-17) == "0.0000"
    assert write_gradient(-2.5e-4) == "−2.5e−4"
    assert write_gradient(1234.5) == "+1,234.5"
    assert write_spread(1e-12) == "0.000"


def test_objectives_are_written_as_formulas() -> None:
    assert "0.499" in describe_objective(choices(edit("bit target", 0.499)))
    assert len({describe_objective(choices(edit("objective", kind))) for kind in ("bit", "quadratic", "linear")}) == 3


def test_every_estimator_has_a_colour_of_its_own() -> None:
    assert len(set(COLORS.values())) == len(COLORS) == 8
