"""Draws in blocks are the draws that are shown one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gumbelviz.engine.draws import BLOCK_NUMBERS, draw_blocks
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.settings import Option, Settings, make_settings


def settings_of(options: int, temperature: float) -> Settings:
    scores = np.random.default_rng(options).normal(size=options)
    if options > 2:
        scores[1] = -math.inf
    return make_settings(scores.tolist(), temperature=temperature, location=0.3, scale=1.7, seed=11)


@pytest.mark.parametrize("temperature", [0.0, 0.4, math.inf])
@pytest.mark.parametrize("options", [1, 3, 7, 130])
def test_blocks_hold_the_numbers_of_single_draws(options: int, temperature: float) -> None:
    settings = settings_of(options, temperature)
    simulation = Simulation(settings)
    blocks = list(draw_blocks(settings, 5, 20))
    assert sum(len(block.winners) for block in blocks) == 20
    for block in blocks:
        for column, winner in enumerate(block.winners.tolist()):
            draw = simulation.draw(block.first + column)
            np.testing.assert_array_equal(block.noise[:, column], draw.noise)
            np.testing.assert_array_equal(block.perturbed[:, column], draw.perturbed)
            # Sums of eight numbers and more are rounded in another order.
            np.testing.assert_allclose(block.soft[:, column], draw.soft, rtol=0, atol=1e-15)
            assert winner == draw.winner


def test_where_blocks_end_makes_no_difference() -> None:
    settings = settings_of(1_000, 0.5)
    many = BLOCK_NUMBERS // 1_000 * 2 + 3
    noise = np.concatenate([block.noise for block in draw_blocks(settings, 0, many)], axis=1)
    assert len(list(draw_blocks(settings, 0, many))) == 3
    late = np.concatenate([block.noise for block in draw_blocks(settings, 60, many - 60)], axis=1)
    np.testing.assert_array_equal(noise[:, 60:], late)


def test_pinned_noise_is_for_the_display_alone() -> None:
    settings = Settings((Option("a", 1.0, 0, pinned=9.0), Option("b", 0.0, 1)))
    (block,) = draw_blocks(settings, 0, 50)
    assert not (block.noise == 9.0).any()
