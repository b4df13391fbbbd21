"""The choices of the Learning page: what is kept, what is refused, and the temperature of each step."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from msgspec.structs import replace

from gumbelviz.model import gradient_choices
from gumbelviz.model.edits import EDITS
from gumbelviz.model.learning_choices import OF_TASK, LearningChoices, worth_of
from gumbelviz.model.scene import Scene, read_scene, write_scene
from gumbelviz.model.schedule import temperature_at
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.training_estimators import BY_ID, DEFAULT, ESTIMATORS
from gumbelviz.model.training_schedule import temperature_of_step

BASE = make_settings([1.0, 0.0, -1.0])


def edit(settings: Settings, name: str, value: Any) -> Settings:
    return EDITS[name][0](settings, value)


@pytest.mark.parametrize(
    ("name", "value", "field", "kept"),
    [
        ("learning task", "router", "task", "router"), ("learning goal", "reward", "goal", "reward"),
        ("learning start", "scene", "start", "scene"), ("learning optimiser", "adam", "optimiser", "adam"),
        ("learning schedule", "cosine", "schedule", "cosine"), ("learning rate", 0.125, "rate", 0.125),
        ("learning batch", 3.4, "batch", 3.0), ("learning repeats", 16.0, "repeats", 16.0),
        ("learning steps", 2_000.0, "steps", 2_000.0), ("learning floor", 0.5, "floor", 0.5),
        ("learning theta", -2.5, "theta", -2.5), ("learning target", 0.499, "target", 0.499),
        ("learning pace", 20.0, "pace", 20.0), ("learning pace", math.inf, "pace", "inf"),
        ("worth", (0, 0.7), "worth", (0.7,)), ("worth", (2, 0.0), "worth", (worth_of(0), worth_of(1), 0.0)),
    ],
)  # fmt: skip
def test_an_edit_is_kept_in_a_scene(name: str, value: Any, field: str, kept: Any) -> None:
    changed = edit(BASE, name, value)
    assert getattr(changed.pages.learning, field) == kept
    assert read_scene(write_scene(Scene(title="x", settings=changed))).settings == changed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning task", "cat"), ("learning goal", ""), ("learning start", "end"), ("learning optimiser", "sgd"),
        ("learning schedule", "drawn"), ("learning estimator", "straightest"), ("learning rate", 0.0),
        ("learning rate", math.nan), ("learning batch", 0.4), ("learning batch", 2_000.0), ("learning repeats", 0.0),
        ("learning steps", 1e6), ("learning pace", 0.0), ("learning floor", 0.0), ("learning theta", 21.0),
        ("learning target", -0.1), ("worth", (0, 11.0)), ("worth", (-1, 0.5)), ("worth", (0, math.nan)),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused_in_a_sentence(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        edit(BASE, name, value)


@pytest.mark.parametrize(
    "fields",
    [
        {"pace": "fast"}, {"pace": 0.0}, {"batch": 2.5}, {"steps": 100.5}, {"estimators": ()},
        {"estimators": ("reinmax", "gumbel_softmax")}, {"estimators": ("reinmax", "reinmax")},
        {"estimators": ("nothing",)}, {"worth": (11.0,)}, {"worth": (math.nan,)}, {"rate": math.inf},
        {"worth": (0.0,) * 131_073},
    ],
)  # fmt: skip
def test_a_file_with_nonsense_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        replace(LearningChoices(), **fields).check(3)


def test_estimators_are_ticked_and_stay_in_order() -> None:
    changed = BASE
    for row in reversed(ESTIMATORS):
        if row.id not in DEFAULT:
            changed = edit(changed, "learning estimator", row.id)
    assert changed.pages.learning.estimators == tuple(row.id for row in ESTIMATORS)
    for row in ESTIMATORS[1:]:
        changed = edit(changed, "learning estimator", row.id)
    assert changed.pages.learning.estimators == (ESTIMATORS[0].id,)
    with pytest.raises(ValueError, match="At least one"):
        edit(changed, "learning estimator", ESTIMATORS[0].id)


def test_a_task_brings_numbers_that_suit_it_and_no_harm_when_chosen_again() -> None:
    for task, numbers in OF_TASK.items():
        choices = edit(edit(BASE, "learning task", "bit"), "learning task", task).pages.learning
        if task != "bit":
            assert {field: getattr(choices, field) for field in numbers} == numbers
    own = edit(BASE, "learning rate", 0.111)
    assert edit(own, "learning task", "robot") == own


def test_options_are_worth_different_things_and_one_is_best() -> None:
    worths = LearningChoices().worths(300)
    assert len(set(worths[:7])) == 7
    assert sorted(worths)[-1] == worths[1] > sorted(worths)[-2]
    assert LearningChoices(worth=(0.9,)).worths(2) == (0.9, worth_of(1))
    # Numbers of options that are gone wait for them to come back.
    assert LearningChoices(worth=(0.1, 0.2, 0.3)).worths(2) == (0.1, 0.2)


def test_options_keep_what_they_are_worth_when_they_move_or_go() -> None:
    settings = BASE
    for place, worth in enumerate((0.7, 0.8, 0.9)):
        settings = edit(settings, "worth", (place, worth))
    assert edit(settings, "move", (0, 2)).pages.learning.worth == (0.8, 0.9, 0.7)
    assert edit(settings, "move", (2, 1)).pages.learning.worth == (0.7, 0.9, 0.8)
    assert edit(settings, "remove", 1).pages.learning.worth == (0.7, 0.9)
    assert edit(settings, "add", None).pages.learning.worths(4) == (0.7, 0.8, 0.9, worth_of(3))
    # What nobody has said belongs to the place.
    assert edit(BASE, "move", (0, 2)).pages.learning == BASE.pages.learning


def test_every_estimator_has_a_colour_of_its_own() -> None:
    assert len({row.color for row in ESTIMATORS}) == len(ESTIMATORS) == len(BY_ID)


@pytest.mark.parametrize("kind", ["exponential", "linear", "cosine"])
@pytest.mark.parametrize("tau", [2.0, 0.05, 0.0, math.inf])
def test_a_falling_temperature_ends_at_the_floor_and_never_rises(kind: str, tau: float) -> None:
    settings = edit(edit(edit(BASE, "temperature", tau), "learning schedule", kind), "learning floor", 0.1)
    at = temperature_of_step(settings)
    taus = [at(step) for step in range(0, 1_001, 50)]
    assert all(a >= b - 1e-12 for a, b in itertools.pairwise(taus))
    assert taus[-1] == pytest.approx(min(0.1, tau))
    assert all(map(math.isfinite, taus))
    assert taus[0] == pytest.approx(min(tau, 1e6))


def test_fixed_is_fixed_and_the_page_schedule_is_stretched() -> None:
    assert temperature_of_step(BASE)(777) == BASE.temperature
    settings = edit(edit(BASE, "schedule", "linear"), "learning schedule", "page")
    page, at = settings.pages.temperature, temperature_of_step(settings)
    for share in (0.0, 0.3, 1.0):
        assert at(round(1_000 * share)) == pytest.approx(temperature_at(page, share * page.steps))


def test_an_estimator_has_one_colour_on_every_page() -> None:
    assert {row.id: row.color for row in ESTIMATORS if row.id != "exact"} == gradient_choices.COLORS
