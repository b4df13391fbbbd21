"""The built-in scenes: the numbers of the article, and notes whose numbers are computed."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import resources
from gumbelviz.app.library import BUILT_IN, load_builtin
from gumbelviz.app.place_numbers import write_share
from gumbelviz.app.words import fill_note
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Frame
from gumbelviz.model.numbers import write_tenth
from gumbelviz.model.places import PLACES
from gumbelviz.model.scene import Scene, write_scene
from gumbelviz.model.settings import make_settings

ARTICLE_PRINTS = {"ice-cream": "60 / 40", "hiring": "55 / 45"}


def first_frame(scene: Scene) -> Frame:
    return Simulation(scene.settings).frame(index=0)


def filled(scene: Scene) -> str:
    frame = first_frame(scene)
    return fill_note(scene.note, scene.settings, frame)


@pytest.mark.parametrize("scene_id", BUILT_IN)
def test_the_file_is_as_the_program_would_write_it(scene_id: str) -> None:
    assert write_scene(load_builtin(scene_id)) == resources.read_bytes("scenes", f"{scene_id}.gumbel")


@pytest.mark.parametrize("scene_id", BUILT_IN)
def test_no_number_in_a_note_is_typed(scene_id: str) -> None:
    scene = load_builtin(scene_id)
    typed = PLACES.sub("", scene.note).replace(ARTICLE_PRINTS.get(scene_id, "-"), "")
    if scene_id == "ten-digits":
        # The true digit belongs to the picture, not to a computation; test_digits compares it with the data.
        typed = typed.replace("in truth a 9", "")
    assert not re.search(r"[0-9]", typed), typed
    words = filled(scene)
    assert "{" not in words
    assert len(words) <= 150


def test_ice_cream_is_an_exact_tie_at_every_temperature() -> None:
    scene = load_builtin("ice-cream")
    assert scene.settings.logits == (3.0, 2.5)
    assert scene.settings.pins == (-0.1, 0.4)
    assert scene.settings.temperature == 0.5
    draw = first_frame(scene).draw
    assert draw.tied == (0, 1)
    assert draw.soft.tolist() == [0.5, 0.5]
    assert filled(scene) == (
        "The article prints 60 / 40. Both noisy scores are 2.9, so the soft choice is 50% / 50% at every "
        "temperature: an exact tie."
    )


def test_the_tie_needs_scores_and_noise_added_plainly() -> None:
    assert 3.0 + -0.1 == 2.5 + 0.4
    # Relative to the largest score, as the stream adds them, the last digit differs and argmax would turn.
    assert (3.0 - 3.0) + -0.1 != (2.5 - 3.0) + 0.4


def test_hiring_shows_the_true_shares() -> None:
    scene = load_builtin("hiring")
    assert scene.settings.logits == (1.8, 1.7)
    assert scene.settings.pins == (0.2, 0.5)
    assert scene.settings.temperature == 1.0
    draw = first_frame(scene).draw
    assert draw.winner == 1
    # softmax of (2.0, 2.2): 1 / (1 + e^0.2)
    np.testing.assert_allclose(draw.soft, [1 / (1 + math.exp(0.2)), 1 / (1 + math.exp(-0.2))], rtol=1e-14)
    assert "Candidate A gets 45.0%, Candidate B 55.0%" in filled(scene)


def test_the_other_scenes() -> None:
    assert load_builtin("two-options").settings.logits == (2.0, 1.5)
    movies = load_builtin("movie-night").settings
    assert [(option.name, option.logit) for option in movies.options] == [
        ("Drama", 2.0),
        ("Comedy", 1.2),
        ("Sci-fi", 0.4),
    ]
    digits = load_builtin("ten-digits").settings
    assert [option.name for option in digits.options] == list("0123456789")
    curves = load_builtin("gumbel-curves")
    assert len(curves.settings.options) == 3
    assert curves.highlight == "noise"
    assert curves.page == "noise"
    choices = curves.settings.pages.noise
    assert choices.view == "curves"
    assert [(curve.location, curve.scale) for curve in choices.curves] == [
        (location, scale) for location in (-2.0, 2.0, 6.0) for scale in (0.5, 1.0, 2.0)
    ]


def test_places_of_a_note() -> None:
    settings = make_settings((1.25, -2.0), ("A", "B"), temperature=math.inf, scale=2.0)
    frame = first_frame(Scene(title="x", settings=settings))
    note = "{name:2} {score:1} {score:2} {soft:1} {probability:1} {temperature} {scale}"
    expected = f"B 1.25 −2.0 50% {write_share(float(frame.theory.probabilities[0]))} ∞ 2"
    assert fill_note(note, settings, frame) == expected
    stranger = "{} {name} {name:0} {name:3} {name:99999999999} {soft:-1} {0} {seed} {{name:x}} %s {noise:1"
    assert fill_note(stranger, settings, frame) == stranger


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.5, "50%"), (0.45016, "45.0%"), (0.0, "0%"), (1.0, "100%"), (1e-5, "<0.1%"), (0.99999, ">99.9%"),
        (0.29, "29%"), (0.9994, "99.9%"), (0.0006, "0.1%"),
    ],
)  # fmt: skip
def test_shares(share: float, words: str) -> None:
    assert write_share(share) == words


@pytest.mark.parametrize(
    ("value", "words"), [(2.9, "2.9"), (3.0, "3.0"), (-0.1, "−0.1"), (0.25, "0.25"), (-12.0, "−12.0"), (2.0049, "2.0")]
)
def test_tenths(value: float, words: str) -> None:
    assert write_tenth(value) == words
