"""Exact chances of small triangles: against the density, against marginals, and against draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.maths import checks, concrete, triangle
from gumbelviz.maths.marginals import marginal_cdf

Reals = NDArray[np.float64]
ALPHA = 1e-6
SCENES = [([2.0, 1.2, 0.4], 0.5, 1.0), ([0.0, 0.0, 0.0], 1.0, 1.0), ([1.0, -2.0, 0.5], 3.0, 2.0),
          ([3.0, 0.0, 0.0], 0.1, 1.0)]  # fmt: skip


def draw(logits: list[float], temperature: float, scale: float, count: int, seed: int) -> Reals:
    noise = scale * np.random.default_rng(seed).gumbel(size=(3, count))
    return concrete.relax(concrete.perturb(logits, noise), temperature)


@pytest.mark.parametrize(("logits", "temperature", "scale"), SCENES)
@pytest.mark.parametrize("steps", [1, 2, 7, 40])
def test_the_chances_sum_to_1(logits: list[float], temperature: float, scale: float, steps: int) -> None:
    found = triangle.cell_probabilities(steps, logits, temperature, scale)
    assert found.shape == (2 * steps**2,)
    assert found.min() >= 0.0
    assert found.sum() == pytest.approx(1.0, abs=1e-8)


@pytest.mark.parametrize(("logits", "temperature", "scale"), SCENES)
def test_rows_of_cells_have_the_marginal_law(logits: list[float], temperature: float, scale: float) -> None:
    """The cells with floor(M y_1) = i hold P(i / M <= y_1 < (i + 1) / M), known another way."""
    steps = 20
    rows = triangle.cell_probabilities(steps, logits, temperature, scale).reshape(steps, -1).sum(axis=1)
    expected = np.diff(marginal_cdf(np.linspace(0.0, 1.0, steps + 1), 0, logits, temperature, scale))
    assert rows == pytest.approx(expected, abs=1e-8)


def test_a_cell_inside_is_the_density_times_its_area() -> None:
    """Where the density hardly bends: the centre, fine cells."""
    steps, logits, tau = 300, [0.3, 0.0, -0.2], 2.5
    center = np.full((3, 1), 1 / 3)
    density = float(np.exp(concrete.log_density(np.log(center), logits, tau))[0])
    near = triangle.cells_of(center + np.array([[1e-4], [-2e-4], [1e-4]]), steps)
    chance = triangle.row_probabilities(int(near[0]) // 2 // steps, steps, logits, tau)[int(near[0]) % (2 * steps)]
    assert chance * 2 * steps**2 == pytest.approx(density, rel=5e-3)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_a_soft_choice_of_exactly_1_is_in_its_corner(kind: type) -> None:
    steps = 40
    corners = triangle.cells_of(np.eye(3, dtype=kind), steps)
    assert corners.tolist() == [2 * (steps - 1) * steps, 2 * (steps - 1), 0]


@pytest.mark.parametrize("steps", [24, 40, 49])
def test_the_farthest_rays_are_counted_to_the_last_figure(steps: int) -> None:
    """Levels of 1e-17 in place of 0 would lose 1e-8 at the corners, for numbers of steps that no power of two is."""
    assert triangle.cell_probabilities(steps, [2.0, 1.2, 0.4], 0.5).sum() == pytest.approx(1.0, abs=1e-12)


def test_every_soft_choice_has_a_cell_and_the_cells_are_the_triangles() -> None:
    """Against the slow way: which side of three lines."""
    steps = 9
    y = draw([1.0, 0.0, 0.5], 0.7, 1.0, 5000, 1)
    cells = triangle.cells_of(y, steps)
    for shares, cell in zip(y.T, cells, strict=True):
        i, j = (math.floor(steps * share) for share in shares[:2])
        upright = math.floor(steps * shares[2]) + i + j == steps - 1
        assert cell == 2 * (i * steps + j) + (not upright)
    corners = triangle.cells_of(np.eye(3), steps)
    assert ((corners >= 0) & (corners < 2 * steps**2)).all()
    assert triangle.cells_of(np.eye(3, dtype=np.float32), steps).max() < 2 * steps**2


def p_value(count: int, logits: list[float], truth: float, claimed: float, scale: float, seed: int) -> float:
    steps = 40
    counts = np.zeros(2 * steps**2)
    for part in range(0, count, 10**6):
        y = draw(logits, truth, scale, min(10**6, count - part), seed + part)
        counts += np.bincount(triangle.cells_of(y, steps), minlength=counts.size)
    chances = triangle.cell_probabilities(steps, logits, claimed, scale)
    return checks.chi_square(counts, chances / chances.sum()).p_value


@pytest.mark.parametrize(("logits", "temperature", "scale"), SCENES)
def test_a_million_draws_agree_cell_by_cell_and_a_wrong_temperature_does_not(
    logits: list[float], temperature: float, scale: float
) -> None:
    """Chi-square over up to 1,600 cells, alpha 1e-6 each. Power: 6 % more temperature is found (p below 1e-20)."""
    assert p_value(10**6, logits, temperature, temperature, scale, 5) > ALPHA
    assert p_value(10**6, logits, 1.06 * temperature, temperature, scale, 5) < ALPHA


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("logits", "temperature", "scale"), SCENES)
def test_a_hundred_million_draws_agree_cell_by_cell(logits: list[float], temperature: float, scale: float) -> None:
    """As above; 0.6 % more temperature would be found."""
    assert p_value(10**8, logits, temperature, temperature, scale, 6) > ALPHA


@pytest.mark.parametrize(
    ("logits", "temperature"), [([1.0, 2.0], 1.0), ([1.0, 2.0, -math.inf], 1.0), ([1.0, 2.0, 3.0], 0.0),
                                ([1.0, 2.0, 3.0], math.inf), ([1.0, 2.0, 3.0], -1.0), ([1.0, math.nan, 3.0], 1.0)]
)  # fmt: skip
def test_what_has_no_cells_is_refused(logits: list[float], temperature: float) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        triangle.row_probabilities(0, 10, logits, temperature)
