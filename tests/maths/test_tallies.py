"""Counts that merge exactly, against the slowest way of counting."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gumbelviz.maths import gumbel, tallies
from gumbelviz.maths.tallies import CELLS, NOISE_EDGES, SOFT_EDGES, Tally, count_cells


def count_slowly(cells: NDArray[np.int16]) -> list[list[int]]:
    rows = []
    for row in cells.tolist():
        counts = [0] * CELLS
        for cell in row:
            counts[cell] += 1
        rows.append(counts)
    return rows


def random_cells(rows: int, length: int, seed: int = 0) -> NDArray[np.int16]:
    return np.random.default_rng(seed).integers(0, CELLS, (rows, length), dtype=np.int16)


@pytest.mark.parametrize("rows", [1, 2, 3, 12])
@pytest.mark.parametrize("length", [0, 1, 2, 7, 64, 8190, 8191, 8192, 8193, 8194, 16_384])
def test_cells_are_counted_as_one_by_one(rows: int, length: int) -> None:
    """On both sides of where two are counted at a time."""
    cells = random_cells(rows, length)
    assert count_cells(cells).tolist() == count_slowly(cells)


@pytest.mark.parametrize("length", [100, 8192, 100_000])
@pytest.mark.parametrize("cell", [0, 1, CELLS - 1])
def test_a_single_cell_can_hold_everything(length: int, cell: int) -> None:
    """The last cell paired with itself makes the largest number of all: it must still fit into 16 bits."""
    counts = count_cells(np.full((2, length), cell, np.int16))
    assert counts[:, cell].tolist() == [length, length]
    assert counts.sum() == 2 * length


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.integers(1, 5), st.integers(0, 20_000), st.integers(0, 1000))
def test_every_number_is_counted_once(rows: int, length: int, seed: int) -> None:
    cells = random_cells(rows, length, seed)
    counts = count_cells(cells)
    assert counts.shape == (rows, CELLS)
    assert counts.sum(axis=1).tolist() == [length] * rows
    assert np.array_equal(counts, [np.bincount(row, minlength=CELLS) for row in cells])


def test_counting_leaves_the_cells_and_their_layout_alone() -> None:
    """The wide layout hands over transposed rows; the buffer is used again by the next block."""
    for length in (500, 8192):
        cells = random_cells(3, length)
        before = cells.copy()
        assert np.array_equal(count_cells(cells), count_cells(np.asfortranarray(cells)))
        assert np.array_equal(cells, before)


def test_the_two_ways_of_counting_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = random_cells(3, 20_000)
    in_pairs = count_cells(cells)
    monkeypatch.setattr(tallies, "_PAIRED_FROM", 10**9)
    assert np.array_equal(count_cells(cells), in_pairs)


def random_tally(seed: int, options: int = 4, watched: int = 3) -> Tally:
    rng = np.random.default_rng(seed)
    return Tally(
        int(rng.integers(1, 10**12)),
        rng.integers(0, 10**12, options),
        rng.random(options),
        rng.random(options),
        float(rng.random()),
        float(rng.random()),
        rng.integers(0, 10**9, (watched, CELLS)),
        rng.integers(0, 10**9, (watched, CELLS)),
    )


def numbers_of(tally: Tally) -> dict[str, list[object]]:
    return {field.name: np.ravel(getattr(tally, field.name)).tolist() for field in dataclasses.fields(tally)}


def merge(*seeds: int) -> Tally:
    total = Tally.empty(4, 3)
    for seed in seeds:
        total.add(random_tally(seed))
    return total


def test_nothing_added_to_something_is_that() -> None:
    assert numbers_of(merge(1)) == numbers_of(random_tally(1))
    total = random_tally(1)
    total.add(Tally.empty(4, 3))
    assert numbers_of(total) == numbers_of(random_tally(1))


def test_merging_adds_every_field() -> None:
    """Over the fields of the class, so that a new one cannot be forgotten."""
    one, two, both = numbers_of(random_tally(1)), numbers_of(random_tally(2)), numbers_of(merge(1, 2))
    for name, values in both.items():
        assert np.array(values) == pytest.approx(np.array(one[name]) + np.array(two[name]), rel=1e-15), name


def test_merging_in_the_same_order_gives_the_same_bits_and_in_another_the_same_counts() -> None:
    forward, again, backward = merge(1, 2, 3, 4, 5), merge(1, 2, 3, 4, 5), merge(5, 4, 3, 2, 1)
    assert numbers_of(forward) == numbers_of(again)
    for name, values in numbers_of(backward).items():
        if "sum" in name or "squares" in name:
            assert np.array(values) == pytest.approx(np.array(numbers_of(forward)[name]), rel=1e-14)
        else:
            assert values == numbers_of(forward)[name]


def test_merging_leaves_what_was_added_as_it_was() -> None:
    part = random_tally(2)
    total = merge(1)
    total.add(part)
    total.add(random_tally(3))
    assert numbers_of(part) == numbers_of(random_tally(2))


def test_counts_beyond_32_bits_are_exact() -> None:
    total = Tally.empty(2, 1)
    part = Tally.empty(2, 1)
    part.draws, part.wins[0], part.noise_cells[0, 0] = 2**40 + 1, 2**40 + 1, 2**40 + 1
    for _ in range(3):
        total.add(part)
    assert total.draws == total.wins[0] == total.noise_cells[0, 0] == 3 * (2**40 + 1)


def test_the_cells_hold_all_the_noise_and_every_share() -> None:
    """The smallest noise of the stream is -3.12999; the last cell, 1 in 15,000, holds what is above 9.4 too."""
    assert NOISE_EDGES[0] < -3.13
    assert gumbel.sf(NOISE_EDGES[-2]) < 1 / 12_000
    assert (SOFT_EDGES[0], SOFT_EDGES[-1]) == (0.0, 1.0)
    for edges in (NOISE_EDGES, SOFT_EDGES):
        assert len(edges) == CELLS + 1
        assert np.diff(edges) == pytest.approx(np.full(CELLS, np.diff(edges)[0]))
        assert not edges.flags.writeable
