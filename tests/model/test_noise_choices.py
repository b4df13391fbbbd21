"""What can be chosen on the Noise page: edits that check, undo as one value, and come back from a file."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from gumbelviz.maths import gumbel
from gumbelviz.maths.noises import NOISES
from gumbelviz.model import noise_choices
from gumbelviz.model.edits import EDITS
from gumbelviz.model.noise_choices import (
    ARTICLE_AXIS_END,
    ARTICLE_DENSITIES,
    ARTICLE_FUNCTIONS,
    MOST_CURVES,
    OTHER_NOISES,
    PRESETS,
    VIEWS,
    Curve,
    NoiseChoices,
)
from gumbelviz.model.scene import Scene, read_scene, write_scene
from gumbelviz.model.settings import Settings, make_settings

SETTINGS = make_settings([2.0, 1.0, 0.0])


def edit(name: str, value: object, settings: Settings = SETTINGS) -> NoiseChoices:
    return EDITS[name][0](settings, value).pages.noise


def test_the_articles_families() -> None:
    pairs = [(curve.location, curve.scale) for curve in ARTICLE_DENSITIES]
    assert pairs == [(m, b) for m in (-2.0, 2.0, 6.0) for b in (0.5, 1.0, 2.0)]
    assert {curve.location for curve in ARTICLE_FUNCTIONS} == {0.0, 1.0, -1.0}
    assert {curve.scale for curve in ARTICLE_FUNCTIONS} == {0.5, 1.0, 2.0}
    assert len(ARTICLE_FUNCTIONS) == 9


def test_the_articles_axis_cuts_what_the_issue_says() -> None:
    cut = max(float(gumbel.sf(ARTICLE_AXIS_END, curve.location, curve.scale)) for curve in ARTICLE_DENSITIES)
    assert round(100 * cut, 1) == 12.7


def test_the_noises_are_those_of_the_mathematics() -> None:
    assert tuple(noise.id for noise in NOISES) == OTHER_NOISES


@pytest.mark.parametrize("view", VIEWS)
def test_every_part_can_be_turned_to(view: str) -> None:
    assert edit("noise view", view).view == view


@pytest.mark.parametrize("preset", PRESETS)
def test_every_family_can_be_taken(preset: str) -> None:
    choices = edit("curve preset", preset)
    choices.check(3)
    assert choices.curves == PRESETS[preset][1]
    assert len({curve.color for curve in choices.curves}) == len(choices.curves)


def test_curves_come_and_go() -> None:
    added = edit("curve add", None)
    assert len(added.curves) == 4
    assert added.curves[-1].color == 3
    settings = replace(SETTINGS, pages=replace(SETTINGS.pages, noise=added))
    fewer = edit("curve remove", 1, settings)
    assert [curve.color for curve in fewer.curves] == [0, 2, 3]
    settings = replace(SETTINGS, pages=replace(SETTINGS.pages, noise=fewer))
    again = edit("curve add", (1.5, 0.25), settings)
    assert again.curves[-1] == Curve(1.5, 0.25, 1)


def test_a_curve_is_moved_and_widened() -> None:
    assert edit("curve location", (1, -3.5)).curves[1] == Curve(-3.5, 1.0, 1)
    assert edit("curve scale", (2, 0.5)).curves[2] == Curve(0.0, 0.5, 2)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("noise view", "spiral", "has no part"),
        ("other noise", "cauchy", "There is no noise"),
        ("curve preset", "mine", "no family"),
        ("curve location", (7, 0.0), "no curve at place 8"),
        ("curve location", (0, math.nan), "location"),
        ("curve scale", (0, 0.0), "scale"),
        ("curve scale", (0, -1.0), "scale"),
        ("curve remove", 3, "no curve"),
        ("noise level", 0.0, "uniform number"),
        ("noise level", 1.0, "uniform number"),
        ("noise level", math.nan, "uniform number"),
        ("score scale", 0.0, "score scale"),
        ("score scale", math.inf, "score scale"),
    ],
)
def test_what_has_no_meaning_is_refused(name: str, value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        edit(name, value)


def test_there_is_room_for_so_many_curves_and_always_one() -> None:
    settings = SETTINGS
    for _ in range(MOST_CURVES - 3):
        settings = EDITS["curve add"][0](settings, None)
    with pytest.raises(ValueError, match="room for 12"):
        EDITS["curve add"][0](settings, None)
    alone = EDITS["curve preset"][0](SETTINGS, "standard")
    with pytest.raises(ValueError, match="last curve"):
        EDITS["curve remove"][0](alone, 0)


def test_choices_come_back_from_a_file() -> None:
    chosen = NoiseChoices("other", ARTICLE_DENSITIES, 0.123456789, "minus-gumbel", 2.5)
    settings = replace(SETTINGS, pages=replace(SETTINGS.pages, noise=chosen))
    scene = Scene(title="Noise", page="noise", settings=settings)
    assert read_scene(write_scene(scene)) == scene


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"view": "other"', b'"view": "spiral"'),
        (b'"other": "minus-gumbel"', b'"other": "cauchy"'),
        (b'"level": 0.25', b'"level": 2'),
        (b'"scale": 0.5, "color": 0', b'"scale": -1, "color": 0'),
        (b'"scale": 0.5, "color": 0', b'"scale": 0.5, "color": 99'),
        (b'"scale": 0.5, "color": 0', b'"scale": 0.5, "color": 0, "dash": 1'),
    ],
)
def test_a_strangers_choices_are_checked(old: bytes, new: bytes) -> None:
    chosen = NoiseChoices("other", ARTICLE_DENSITIES, 0.25, "minus-gumbel")
    settings = replace(SETTINGS, pages=replace(SETTINGS.pages, noise=chosen))
    data = write_scene(Scene(title="Noise", page="noise", settings=settings))
    assert old in data
    with pytest.raises(ValueError, match=r"."):
        read_scene(data.replace(old, new, 1))


def test_undo_has_a_name_for_every_edit() -> None:
    assert set(noise_choices.EDITS) <= set(EDITS)
    assert all(label and label[0].islower() for _, label in noise_choices.EDITS.values())
