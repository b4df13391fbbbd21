"""Small triangles and their exact chances: against marginals, against the density, and against draws."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.maths import checks, concrete, marginals, triangle

Floats = NDArray[np.float64]
LAWS = [
    pytest.param([2.0, 1.2, 0.4], 0.5, 1.0, id="movie night"),
    pytest.param([0.0, 0.0, 0.0], 1.0, 1.0, id="equal"),
    pytest.param([3.0, -1.0, 0.5], 0.05, 1.0, id="nearly hard"),
    pytest.param([5.0, -5.0, 0.0], 2.0, 0.7, id="far apart, another scale"),
    pytest.param([20.0, -20.0, 0.0], 0.3, 1.0, id="all but decided"),
    pytest.param([0.0, 0.5, -0.5], 30.0, 1.0, id="nearly flat"),
]
FALSE_ALARM = 1e-6
DRAWS = 1_000_000


@pytest.mark.parametrize(("logits", "temperature", "scale"), LAWS)
def test_chances_sum_to_one_and_add_up_to_the_marginals(logits: list[float], temperature: float, scale: float) -> None:
    """The distribution function of one share comes from Fourier sums, a way of its own."""
    steps = 24
    chances = triangle.cell_probabilities(steps, logits, temperature, scale)
    assert chances.shape == (2 * steps**2,)
    assert chances.min() >= 0.0
    assert chances.sum() == pytest.approx(1.0, abs=1e-8)
    table = chances.reshape(steps, steps, 2)
    edges = np.arange(steps + 1) / steps
    for option, axes in ((0, (1, 2)), (1, (0, 2))):
        exact = np.diff(marginals.marginal_cdf(edges, option, logits, temperature, scale))
        np.testing.assert_allclose(table.sum(axis=axes), exact, atol=2e-8)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_the_density_of_the_heat_map_integrates_to_the_chances(temperature: float) -> None:
    """In every cell that touches no edge, by a midpoint rule on 24^2 smaller triangles each."""
    steps, fine, logits = 8, 24, [1.0, 0.2, -0.7]
    chances = triangle.cell_probabilities(steps, logits, temperature)
    small = steps * fine
    i, j = (grid.ravel() for grid in np.mgrid[0:small, 0:small])
    found = np.zeros(2 * steps**2)
    for inverted, third in ((0, 1.0 / 3.0), (1, 2.0 / 3.0)):
        kept = i + j < small - inverted
        shares = np.stack([(i[kept] + third) / small, (j[kept] + third) / small])
        shares = np.vstack([shares, 1.0 - shares.sum(axis=0)])
        density = np.exp(concrete.log_density(np.log(shares), logits, temperature))
        found += np.bincount(triangle.cells_of(shares, steps), density / (2.0 * small**2), found.size)
    table = np.arange(steps**2).reshape(steps, steps)
    row, column = (grid.ravel() for grid in np.mgrid[0:steps, 0:steps])
    inner = np.flatnonzero((row > 0) & (column > 0) & (row + column < steps - 2))
    for cell in (2 * table.ravel()[inner], 2 * table.ravel()[inner] + 1):
        assert len(cell) == 10
        np.testing.assert_allclose(found[cell], chances[cell], rtol=2e-3)


def soft_choices(noise: Floats, logits: list[float], temperature: float) -> Floats:
    return concrete.relax(concrete.perturb(logits, noise), temperature)


def p_value(noise: Floats, logits: list[float], temperature: float, steps: int = 40) -> float:
    chances = triangle.cell_probabilities(steps, logits, temperature)
    counts = np.bincount(
        triangle.cells_of(soft_choices(noise, logits, temperature), steps), minlength=chances.size
    )  # fmt: skip
    assert counts[chances == 0.0].sum() == 0
    return checks.chi_square(counts[chances > 0.0], chances[chances > 0.0] / chances.sum()).p_value


@pytest.mark.parametrize("temperature", [0.3, 0.5, 1.0, 3.0])
def test_a_million_draws_agree_cell_by_cell(temperature: float) -> None:
    """Fixed seed; false alarm below 1e-6. The broken samplers below are seen with a power of all but 1."""
    noise = np.random.default_rng(20).gumbel(size=(3, DRAWS))
    assert p_value(noise, [2.0, 1.2, 0.4], temperature) > FALSE_ALARM


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda g: g.normal(0.0, math.pi / math.sqrt(6.0), (3, DRAWS)), id="Gaussian, equal variance"),
        pytest.param(lambda g: -g.gumbel(size=(3, DRAWS)), id="minus Gumbel"),
        pytest.param(lambda g: 1.03 * g.gumbel(size=(3, DRAWS)), id="three per cent too wide"),
    ],
)
def test_broken_noise_is_seen(broken: Callable[[np.random.Generator], Floats]) -> None:
    assert p_value(broken(np.random.default_rng(21)), [2.0, 1.2, 0.4], 0.5) < FALSE_ALARM


def test_every_point_has_a_cell_and_corners_theirs() -> None:
    steps = 5
    for kind in (np.float64, np.float32):
        corners = triangle.cells_of(np.eye(3, dtype=kind), steps)
        assert corners.tolist() == [2 * (4 * 5 + 0), 2 * (0 * 5 + 4), 0]
    shares = np.random.default_rng(3).dirichlet(np.ones(3), 20_000).T
    for kind in (np.float64, np.float32):
        cells = triangle.cells_of(shares.astype(kind), steps)
        i, j = np.divmod(cells // 2, steps)
        assert (i + j + cells % 2 < steps).all()
        assert np.array_equal(np.unique(cells).size, steps**2)


def test_cells_of_equal_size_get_equal_parts_of_a_flat_law() -> None:
    """Shares of three exponentials are uniform on the triangle: each of 49 cells gets 1/49. Seed fixed, 4 sigma."""
    steps, draws = 7, 490_000
    shares = np.random.default_rng(4).dirichlet(np.ones(3), draws).T
    counts = np.bincount(triangle.cells_of(shares, steps), minlength=2 * steps**2)
    used = counts[counts > 0]
    assert used.size == steps**2
    # 4.4 standard errors of 49 cells: false alarm about 5e-4.
    assert np.abs(used - 10_000).max() < 440


@pytest.mark.parametrize(
    ("logits", "temperature"),
    [([1.0, 2.0], 1.0), ([1.0, 2.0, -math.inf], 1.0), ([1.0, 2.0, 3.0], 0.0), ([1.0, 2.0, 3.0], math.inf)],
)
def test_what_has_no_density_on_the_triangle_is_refused(logits: list[float], temperature: float) -> None:
    with pytest.raises(ValueError, match="three options"):
        triangle.row_probabilities(0, 4, logits, temperature)
