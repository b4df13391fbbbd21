"""A soft choice that is put somewhere: the noise that puts it there, with the least change."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.placing import place_draw
from gumbelviz.model.settings import Settings, make_settings

BASE = make_settings([2.0, 1.2, 0.4, -math.inf], temperature=0.7, scale=2.0, location=1.0)
NOISE = (0.3, -0.2, 1.5)


def shares_of(settings: Settings) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return Simulation(settings).draw(5).soft


@trials(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.floats(0.001, 1.0), min_size=3, max_size=3), st.floats(0.05, 20.0))
def test_the_soft_choice_goes_where_it_was_put(weights: list[float], temperature: float) -> None:
    from msgspec.structs import replace

    wanted = np.array(weights) / sum(weights)
    placed = place_draw(replace(BASE, temperature=temperature), ((0, 1, 2), tuple(wanted), NOISE))
    found = shares_of(placed)
    # Pins are rounded to some decimals: an error of half a unit there is divided by the temperature.
    assert found[:3] == pytest.approx(wanted, abs=1e-3 / temperature)
    assert found[3] == 0.0


def test_two_of_three_keep_their_proportion_to_each_other_only() -> None:
    placed = place_draw(BASE, ((0, 2), (0.25, 0.75), (0.3, 1.5)))
    found = shares_of(placed)
    assert found[2] / found[0] == pytest.approx(3.0, rel=2e-3)
    assert placed.options[1].pinned is None


def test_no_other_noise_that_does_it_is_nearer() -> None:
    placed = place_draw(BASE, ((0, 1, 2), (0.2, 0.5, 0.3), NOISE))
    moved = np.array([placed.options[i].pinned for i in range(3)]) - np.array(NOISE)
    least = float((moved**2).sum())
    for shift in (-0.5, -0.01, 0.01, 0.5):
        assert float(((moved + shift) ** 2).sum()) >= least - 1e-4


def test_what_is_there_already_stays() -> None:
    draw = Simulation(BASE).draw(5)
    placed = place_draw(BASE, ((0, 1, 2), tuple(draw.soft[:3].tolist()), tuple(draw.noise[:3].tolist())))
    assert [placed.options[i].pinned for i in range(3)] == pytest.approx(draw.noise[:3].tolist(), abs=1e-3)


@pytest.mark.parametrize(
    ("temperature", "value", "words"),
    [
        (0.0, ((0, 1), (0.5, 0.5), (0.0, 0.0)), "At this temperature"),
        (math.inf, ((0, 1), (0.5, 0.5), (0.0, 0.0)), "At this temperature"),
        (1.0, ((0,), (1.0,), (0.0,)), "two options or more"),
        (1.0, ((0, 0), (0.5, 0.5), (0.0, 0.0)), "two options or more"),
        (1.0, ((0, 1), (0.0, 1.0), (0.0, 0.0)), "above 0"),
        (1.0, ((0, 1), (math.nan, 1.0), (0.0, 0.0)), "above 0"),
        (1.0, ((0, 3), (0.5, 0.5), (0.0, 0.0)), "can be chosen"),
        (1.0, ((0, 9), (0.5, 0.5), (0.0, 0.0)), "can be chosen"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(temperature: float, value: object, words: str) -> None:
    from msgspec.structs import replace

    with pytest.raises(ValueError, match=words):
        place_draw(replace(BASE, temperature=temperature), value)  # type: ignore[arg-type]
