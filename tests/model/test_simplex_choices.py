"""Which options stand at the corners, and how choices keep to their options."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from gumbelviz.model.edits import EDITS
from gumbelviz.model.placing import place_draw
from gumbelviz.model.scene import Scene, read_scene, write_scene
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.simplex_choices import SimplexChoices, corner_options

SEVEN = (2.0, 1.2, 0.4, -1.0, 0.9, 1.5, -math.inf)
PLAIN = SimplexChoices()


def settings_with(corners: tuple[int, ...]) -> Settings:
    settings = make_settings(list(SEVEN))
    return replace(settings, pages=replace(settings.pages, simplex=replace(PLAIN, corners=corners)))


@pytest.mark.parametrize(
    ("choices", "logits", "corners"),
    [
        (PLAIN, (1.0,), (0,)),
        (PLAIN, (1.0, 2.0), (0, 1)),
        (PLAIN, (1.0, -math.inf, 2.0), (0, 2)),
        (PLAIN, SEVEN, (0, 1, 5)),
        (replace(PLAIN, corners=(5, 3, 0)), SEVEN, (5, 3, 0)),
        # A masked or missing one makes way for the likeliest of the others.
        (replace(PLAIN, corners=(6, 3, 4)), SEVEN, (3, 4, 0)),
        (replace(PLAIN, corners=(9, 3, 4)), SEVEN, (3, 4, 0)),
        (PLAIN, (0.0,) * 5, (0, 1, 2)),
        (replace(PLAIN, solid=True), (0.0,) * 4, (0, 1, 2, 3)),
        (replace(PLAIN, solid=True), (0.0,) * 5, (0, 1, 2)),
        (replace(PLAIN, solid=True), (0.0, 0.0, 0.0, 0.0, -math.inf), (0, 1, 2)),
    ],
)
def test_the_corners_are_three_options_that_can_be_chosen(
    choices: SimplexChoices, logits: tuple[float, ...], corners: tuple[int, ...]
) -> None:
    assert corner_options(choices, logits) == corners


def test_corners_keep_their_options_when_these_move() -> None:
    settings = settings_with((5, 3, 0))
    names = [settings.options[i].name for i in (5, 3, 0)]
    for name, value in (("move", (0, 4)), ("move", (5, 1)), ("remove", 1), ("add", None)):
        changed = EDITS[name][0](settings, value)
        corners = changed.pages.simplex.corners
        assert [changed.options[i].name for i in corners] == names


def test_with_a_corner_its_choice_goes_too() -> None:
    changed = EDITS["remove"][0](settings_with((5, 3, 0)), 3)
    assert changed.pages.simplex.corners == ()


def test_choices_are_kept_in_scenes() -> None:
    scene = Scene(title="Seven", settings=settings_with((5, 3, 0)), page="simplex")
    assert read_scene(write_scene(scene)) == scene


@pytest.mark.parametrize("bad", [(0, 1), (1, 1, 2), (0, 1, -1)])
def test_corners_without_meaning_are_refused(bad: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^(The corners|Options)"):
        replace(PLAIN, corners=bad).check(7)


def soft(settings: Settings, places: tuple[int, ...]) -> list[float]:
    noisy = [settings.options[i].logit + (settings.options[i].pinned or 0.0) for i in places]
    weights = [math.exp((p - max(noisy)) / settings.temperature) for p in noisy]
    return [weight / sum(weights) for weight in weights]


@pytest.mark.parametrize("temperature", [0.2, 1.0, 7.0])
def test_a_placed_draw_is_where_it_was_put_and_its_noise_changed_least(temperature: float) -> None:
    settings = make_settings([2.0, 1.2, 0.4, 3.0], temperature=temperature)
    places, shares, noise = (2, 0, 1), (0.2, 0.5, 0.3), (0.7, -0.4, 1.9)
    placed = place_draw(settings, (places, shares, noise))
    assert soft(placed, places) == pytest.approx(shares, abs=1e-3)
    assert placed.options[3].pinned is None
    pins = [placed.options[i].pinned or 0.0 for i in places]

    def change(shift: float) -> float:
        return sum((pin + shift - now) ** 2 for pin, now in zip(pins, noise, strict=True))

    # Any common shift would do as well; none is nearer to the noise that was there.
    assert change(0.0) < min(change(0.01), change(-0.01))


@pytest.mark.parametrize("temperature", [0.0, math.inf])
def test_at_the_limits_no_draw_can_be_placed(temperature: float) -> None:
    with pytest.raises(ValueError, match="temperature"):
        place_draw(make_settings([1.0, 2.0, 3.0], temperature=temperature), ((0, 1), (0.5, 0.5), (0.0, 0.0)))
