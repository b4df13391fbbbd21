"""Counts that merge exactly, against the slowest way of counting."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gumbelviz.maths import gumbel
from gumbelviz.maths.tallies import (
    INNER_CELLS,
    JOINT_CELLS,
    NOISE_CELLS,
    NOISE_EDGES,
    SOFT_CELLS,
    SOFT_EDGES,
    JointCells,
    Tally,
    count_pooled,
    split_joint,
)


def random_cells(rows: int, length: int, seed: int = 0) -> NDArray[np.int16]:
    return np.random.default_rng(seed).integers(0, JOINT_CELLS, (rows, length), dtype=np.int16)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.integers(1, 4), st.lists(st.integers(0, 9000), min_size=1, max_size=8), st.integers(0, 1000))
def test_joint_cells_are_counted_as_one_by_one(rows: int, lengths: list[int], seed: int) -> None:
    """However they come in, on both sides of where there is no room left."""
    joint, parts = JointCells(rows, 9000), []
    for i, length in enumerate(lengths):
        parts.append(random_cells(rows, length, seed + i))
        joint.room(length)[:] = 9  # not kept
        joint.room(length)[:] = parts[-1]
        joint.keep(length)
        if i % 3 == 2:
            joint.counts()
    whole = np.concatenate(parts, axis=1)
    expected = [np.bincount(row, minlength=JOINT_CELLS) for row in whole]
    assert np.array_equal(joint.counts(), expected)
    assert np.array_equal(joint.counts(), expected)
    noise, soft = split_joint(joint.counts())
    assert np.array_equal(noise, [np.bincount(row // SOFT_CELLS, minlength=NOISE_CELLS) for row in whole])
    assert np.array_equal(soft, [np.bincount(row % SOFT_CELLS, minlength=SOFT_CELLS) for row in whole])


def test_a_cleared_count_begins_anew() -> None:
    joint = JointCells(2, 100)
    joint.room(100)[:] = 7
    joint.keep(100)
    joint.counts()
    joint.room(50)[:] = 8
    joint.keep(50)
    joint.clear()
    assert joint.counts().sum() == 0
    joint.room(3)[:] = JOINT_CELLS - 1
    joint.keep(3)
    assert joint.counts()[:, -1].tolist() == [3, 3]


def test_what_was_handed_out_stays_as_it_was() -> None:
    joint = JointCells(1, 10)
    joint.room(10)[:] = 3
    joint.keep(10)
    before = joint.counts()
    joint.room(10)[:] = 3
    joint.keep(10)
    assert joint.counts()[0, 3] == 20
    assert before[0, 3] == 10


@pytest.mark.parametrize("length", [0, 1, 2, 7, 64, 8191, 8192, 100_001])
def test_pooled_cells_are_counted_as_one_by_one(length: int) -> None:
    cells = np.random.default_rng(length).integers(0, NOISE_CELLS, length, dtype=np.int16)
    before = cells.copy()
    assert np.array_equal(count_pooled(cells), np.bincount(cells, minlength=NOISE_CELLS))
    assert np.array_equal(cells, before)


@pytest.mark.parametrize("cell", [0, 1, NOISE_CELLS - 1])
def test_a_single_cell_can_hold_everything(cell: int) -> None:
    """The last cell paired with itself makes the largest number of all: it must still fit into 16 bits."""
    counts = count_pooled(np.full(100_001, cell, np.int16))
    assert counts[cell] == counts.sum() == 100_001
    assert JOINT_CELLS <= 2**15


def random_tally(seed: int, options: int = 4) -> Tally:
    rng = np.random.default_rng(seed)
    return Tally(
        int(rng.integers(1, 10**12)),
        rng.integers(0, 10**12, options),
        rng.random(options),
        rng.random(options),
        float(rng.random()),
        float(rng.random()),
    )


def numbers_of(tally: Tally) -> dict[str, list[object]]:
    return {field.name: np.ravel(getattr(tally, field.name)).tolist() for field in dataclasses.fields(tally)}


def merge(*seeds: int) -> Tally:
    total = Tally.empty(4)
    for seed in seeds:
        total.add(random_tally(seed))
    return total


def test_nothing_added_to_something_is_that() -> None:
    assert numbers_of(merge(1)) == numbers_of(random_tally(1))
    total = random_tally(1)
    total.add(Tally.empty(4))
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
    total = Tally.empty(2)
    part = Tally.empty(2)
    part.draws, part.wins[0] = 2**40 + 1, 2**40 + 1
    for _ in range(3):
        total.add(part)
    assert total.draws == total.wins[0] == 3 * (2**40 + 1)


def test_the_cells_hold_all_the_noise_and_every_share() -> None:
    """The smallest noise of the stream is -3.12999; the last cell, 1 in 15,000, holds what is above 9.4 too."""
    assert NOISE_EDGES[0] < -3.13
    assert gumbel.sf(NOISE_EDGES[-2]) < 1 / 12_000
    assert (SOFT_EDGES[0], SOFT_EDGES[-1]) == (0.0, 1.0)
    for edges, cells in ((NOISE_EDGES, NOISE_CELLS), (SOFT_EDGES, INNER_CELLS)):
        assert len(edges) == cells + 1
        assert np.diff(edges) == pytest.approx(np.full(cells, np.diff(edges)[0]))
        assert not edges.flags.writeable
