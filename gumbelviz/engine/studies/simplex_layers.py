"""Layers of the Simplex page that are worked out at once: a trail, arrows, and the law on a segment."""

from __future__ import annotations

import math

import numpy as np

from gumbelviz.maths import concrete, concrete_shape
from gumbelviz.maths.expectations import Reals
from gumbelviz.model.frame import freeze
from gumbelviz.model.simplex_report import Segment, Slopes

TRAIL_STEPS = 90
MOST_ARROWS = 240
LONGEST_ARROW = 0.085
"""Of the side of the triangle."""
_CHANCES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
_FARTHEST = 60.0


def draw_trail(noisy: Reals) -> Reals:
    """Return where the soft choice of one draw goes from temperature infinity to 0, (n, T); noisy scores (n,).

    It begins in the centre and ends in the winner's corner, or between those that tie exactly.
    """
    behind = noisy - noisy.max()
    gaps = -behind[behind < 0.0]
    if gaps.size == 0:
        return np.full((noisy.size, 2), 1.0 / noisy.size)
    # Beyond both ends nothing moves that could be seen.
    sharpness = np.geomspace(0.01 / gaps.max(), 12.0 / gaps.min(), TRAIL_STEPS)
    on_the_way = np.exp(behind[:, None] * sharpness)
    ends = np.full(noisy.size, 1.0 / noisy.size), (behind == 0.0) / np.count_nonzero(behind == 0.0)
    return np.column_stack([ends[0], on_the_way / on_the_way.sum(axis=0), ends[1]])


def draw_slopes(
    shares: Reals, corner: int, option: int, temperature: float, below: float, chance: float | None
) -> Slopes:
    """Return arrows dy / dz_j of some of the dots, and how many of all have a flat slope dy_j / dz_j.

    dy_i / dz_j = y_i (delta_ij - y_j) / tau, at most 1 / (4 tau) long; arrows are drawn in units of that, so that
    they tell where slopes are, and the words tell how large.

    Parameters
    ----------
    shares : (n, D)
    corner, option
        Which row of them is j, and its place in the list.
    temperature
        In the units of the scores.
    below
        Slopes below this are flat.
    chance
        The exact chance of a flat slope, where it is known.
    """
    draws = shares.shape[1]
    others = np.delete(shares, corner, axis=0).sum(axis=0)
    soft = 0.0 < temperature < math.inf
    flat = int(np.count_nonzero(shares[corner] * others < below * temperature)) if soft else draws
    # The same dots keep their arrows from picture to picture.
    feet = shares[:, :: max(-(-draws // MOST_ARROWS), 1)] if soft else shares[:, :0]
    along = -feet * feet[corner]
    along[corner] = feet[corner] * (1.0 - feet[corner])
    feet, ends = feet.copy(), feet + 4.0 * LONGEST_ARROW * along
    for array in (feet, ends):
        freeze(array)
    return Slopes(option, feet, ends, LONGEST_ARROW, flat, draws, below, chance)


def draw_segment(logits: Reals, temperature: float) -> Segment:
    """Return the density of two options along the first one's share; both in units of the noise scale."""
    lead = float(logits[0] - logits[1])
    # Close to both ends in the logit, where the density is steep, evenly between; never at 0 and 1 themselves.
    width = max(0.5, 1.0 / temperature)
    tails = np.linspace(-min(14.0 * width, _FARTHEST), min(14.0 * width, _FARTHEST), 161)
    around = (lead + np.linspace(-9.0, 9.0, 121)) / temperature
    even = np.linspace(0.0, 1.0, 241)[1:-1]
    odds = np.unique(np.concatenate([tails, np.clip(around, -_FARTHEST, _FARTHEST), np.log(even / (1.0 - even))]))
    log_shares = concrete.log_relax(np.stack([odds, np.zeros_like(odds)]), 1.0)
    log_density = concrete.log_density(log_shares, logits, temperature)
    places, density = np.exp(log_shares[0]), np.exp(np.clip(log_density, -700.0, 50.0))
    inner = np.interp(even, places, log_density)
    bounded = temperature >= 1.0
    highest = float(density.max()) if bounded else float(np.exp(np.quantile(inner, 0.965)))
    low = max(float(inner.min()), math.log(highest) - 4.0 * math.log(10.0))
    levels = np.clip((log_density - low) / max(math.log(highest) - low, 0.05), 0.0, 1.0)
    quantiles = concrete_shape.segment_quantiles(_CHANCES, lead, temperature)
    for array in (places, density, levels, quantiles):
        freeze(array)
    turn = concrete_shape.segment_turn(lead, temperature)
    return Segment(places, density, levels, _CHANCES, quantiles, turn, highest)


freeze(_CHANCES)
