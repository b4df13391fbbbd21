"""The choices of the Temperature page: panels, schedules, how they are kept, and what is refused."""

from __future__ import annotations

import itertools
import math

import pytest
from msgspec.structs import replace

from gumbelviz.model.edits import EDITS
from gumbelviz.model.scene import Scene, read_scene, write_scene
from gumbelviz.model.schedule import formula, temperature_at, traced, used
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.temperature_choices import DRAWN, KNOTS, MOST_PANELS, PANELS, TemperatureChoices

INF = math.inf
SETTINGS = make_settings([2.0, 1.2, 0.4])
KINDS = ("constant", "exponential", "linear", "cosine", "paper", "drawn")


def edit(name: str, value: object = None, settings: Settings = SETTINGS) -> Settings:
    return EDITS[name][0](settings, value)


def choices(settings: Settings) -> TemperatureChoices:
    return settings.pages.temperature


def test_the_first_panels_are_those_of_the_issue() -> None:
    assert choices(SETTINGS).taus == (0.0, 0.1, 0.5, 1.0, 10.0, INF)


def test_panels_are_changed_added_removed_and_reset() -> None:
    changed = edit("panel", (1, 0.3))
    assert choices(changed).taus == (0.0, 0.3, 0.5, 1.0, 10.0, INF)
    added = edit("panel add", 2.0, changed)
    assert choices(added).taus == (0.0, 0.3, 0.5, 1.0, 2.0, 10.0, INF)
    removed = edit("panel remove", 0, added)
    assert choices(removed).taus == (0.3, 0.5, 1.0, 2.0, 10.0, INF)
    assert edit("panel reset", None, removed) == SETTINGS
    at_end = edit("panel add", INF, edit("panel remove", 5))
    assert choices(at_end).panels[-1] == "inf"


def test_there_is_room_for_so_many_panels_and_the_last_one_stays() -> None:
    settings = SETTINGS
    while len(choices(settings).panels) < MOST_PANELS:
        settings = edit("panel add", 3.0, settings)
    with pytest.raises(ValueError, match="room for 8 panels"):
        edit("panel add", 3.0, settings)
    while len(choices(settings).panels) > 1:
        settings = edit("panel remove", 0, settings)
    with pytest.raises(ValueError, match="last panel stays"):
        edit("panel remove", 0, settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("panel", (0, -1.0)),
        ("panel", (0, math.nan)),
        ("panel", (9, 1.0)),
        ("panel add", -0.5),
        ("panel remove", 7),
        ("temperature tab", "colours"),
        ("schedule", "sawtooth"),
        ("schedule start", INF),
        ("schedule end", -1.0),
        ("schedule rate", 0.0),
        ("schedule steps", 0.0),
        ("schedule seconds", 0.1),
    ],
)
def test_what_has_no_meaning_is_refused_in_a_sentence(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        edit(name, value)


@pytest.mark.parametrize("settings", [
    SETTINGS,
    edit("panel", (0, INF)),
    edit("temperature tab", "curves"),
    edit("schedule", "drawn"),
    edit("schedule steps", 12.4),
    edit("schedule loop", True),
])  # fmt: skip
def test_choices_come_back_from_a_file(settings: Settings) -> None:
    data = write_scene(Scene(title="Test", settings=settings))
    assert read_scene(data).settings == settings
    assert (b'"pages"' in data) == (settings != SETTINGS)


@pytest.mark.parametrize(
    "broken",
    [
        {"panels": []},
        {"panels": [0.1] * 9},
        {"panels": [0.1, "infinity"]},
        {"panels": [-0.1]},
        {"kind": "drawn"},
        {"drawn": [1.0, 2.0]},
        {"drawn": [1000.0] * KNOTS},
        {"steps": 2.5},
        {"rate": 0},
        {"tab": "colours"},
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(broken: dict[str, object]) -> None:
    import json

    scene = json.loads(write_scene(Scene(title="Test", settings=SETTINGS)))
    scene["pages"] = {"temperature": broken}
    with pytest.raises(ValueError, match=r"."):
        read_scene(json.dumps(scene).encode())


@pytest.mark.parametrize("kind", KINDS)
def test_every_schedule_falls_and_stays_within_its_ends(kind: str) -> None:
    settings = edit("schedule", kind)
    chosen = choices(settings)
    taus = [temperature_at(chosen, chosen.steps * n / 200) for n in range(201)]
    assert all(a >= b for a, b in itertools.pairwise(taus))
    assert (taus[0] > taus[-1]) == (kind != "constant")
    assert formula(chosen)
    assert used(chosen.kind) <= {"start", "end", "rate"}


def test_schedules_are_what_their_formulas_say() -> None:
    chosen = TemperatureChoices(start=4.0, end=0.5, rate=1e-3, steps=1000.0)
    assert temperature_at(replace(chosen, kind="constant"), 700.0) == 4.0
    assert temperature_at(replace(chosen, kind="exponential"), 500.0) == pytest.approx(4.0 * math.exp(-0.5))
    assert temperature_at(replace(chosen, kind="exponential", rate=0.1), 500.0) == 0.5
    assert temperature_at(replace(chosen, kind="linear"), 250.0) == pytest.approx(3.125)
    assert temperature_at(replace(chosen, kind="cosine"), 500.0) == pytest.approx(2.25)
    # Jang, Gu and Poole 2017: max(0.5, exp(-r t)), whatever the ends are.
    assert temperature_at(replace(chosen, kind="paper"), 300.0) == pytest.approx(math.exp(-0.3))
    assert temperature_at(replace(chosen, kind="paper"), 900.0) == 0.5
    assert temperature_at(replace(chosen, kind="linear", end=0.0), 1000.0) == 0.0
    assert temperature_at(chosen, 5000.0) == temperature_at(chosen, 1000.0)


def test_a_drawing_begins_as_what_it_is_drawn_over() -> None:
    before = choices(SETTINGS)
    drawn = choices(edit("schedule", "drawn"))
    for n in range(KNOTS):
        step = before.steps * n / (KNOTS - 1)
        assert temperature_at(drawn, step) == pytest.approx(temperature_at(before, step), rel=1e-3)


def test_a_stroke_changes_what_it_goes_over_and_nothing_else() -> None:
    plain = traced(choices(SETTINGS))
    settings = edit("schedule draw", [0.5, 10.0, 0.25, 1.0])
    chosen = choices(settings)
    assert chosen.kind == "drawn"
    changed = [n for n in range(KNOTS) if chosen.drawn[n] != plain[n]]
    assert (min(changed), max(changed)) == (16, 32)
    # Straight on the logarithmic axis, whichever way the hand went.
    assert chosen.drawn[16] == 1.0
    assert chosen.drawn[24] == pytest.approx(math.sqrt(10.0), rel=1e-3)
    assert chosen.drawn[32] == 10.0
    far = choices(edit("schedule draw", [0.0, 1e9, 1.0, 1e-9], settings)).drawn
    assert (far[0], far[-1]) == (DRAWN[1], DRAWN[0])
    assert choices(edit("schedule", "drawn", edit("schedule", "linear", settings))).drawn == chosen.drawn


def test_steps_are_whole() -> None:
    assert choices(edit("schedule steps", 1234.5)).steps == 1234.0
    assert PANELS[-1] == "inf"
