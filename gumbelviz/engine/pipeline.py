"""The hot loop: noise, perturb, choose, relax, tally, each a short function on arrays in single precision.

The arrays are (K, n): one row per option, one column per draw. Scores are relative to the largest score, because
a large score would swallow the noise, and in units of the noise scale times the natural logarithm of the base that
is used: see `Base`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import SingleNoise, Stream
from gumbelviz.maths.tallies import (
    BEYOND,
    INNER_CELLS,
    NOISE_CELLS,
    NOISE_EDGES,
    SOFT_CELLS,
    JointCells,
    Tally,
    count_pooled,
)
from gumbelviz.model.settings import Settings

Single = NDArray[np.float32]
Marks = NDArray[np.bool_]

SLICE_ELEMENTS = 131_072
"""Numbers that go through all steps together, which takes some 2 ms. The 50 calls for a slice take as long as 15,000
numbers whatever their size, so that smaller slices are slower, even where their buffers would fit into a cache."""
MANY_OPTIONS = 16
"""Above so many options rows are short, and slices are twice as large."""
RUN_SLICES = 2
"""Slices whose bits are drawn in one go, which pays the price of a call to each generator once for many draws."""
FIRST_CUTS = 4
"""The first slice of a stream is cut in so many pieces: a moved slider wants an answer soon, and more draws after."""
MOST_WATCHED = 12
"""How many options get histograms: as many as a page shows bars for."""
_CELLS_PER_UNIT = NOISE_CELLS / (NOISE_EDGES[-1] - NOISE_EDGES[0])
_BEYOND_CELL = round((BEYOND - NOISE_EDGES[0]) * _CELLS_PER_UNIT)
FAINTEST = -41.5
"""Smallest exponent given to exp where many are smaller. Results, or their squares, would underflow, which leaves the
fast path (up to 70 times slower); what is as faint as that, 1e-18 of the winner, is exactly 0 from there on."""
_OFTEN = 7.0
"""How far from certain, in units of the scale, something is that happens once in 1,000 draws."""
_HARD_FROM = 1e20
"""Exponent factor from which the soft choice is the hard one in single precision."""


@dataclass(frozen=True)
class Base:
    """The logarithm that the hot loop uses, in single precision; `nat` is ln of its base.

    NumPy has a quick natural logarithm on every machine. On Linux with AVX-512 those to base 2 are up to 3 times as
    quick. Draws are the same up to rounding: a seed means the same lecture everywhere.
    """

    log: np.ufunc
    exp: np.ufunc
    nat: float


NATURAL = Base(np.log, np.exp, 1.0)
BINARY = Base(np.log2, np.exp2, math.log(2.0))


@functools.cache
def quickest_base() -> Base:
    """Return the base that is quicker on this machine, by what NumPy says of itself: the same in every run."""
    found = np.lib.introspect.opt_func_info(func_name="^log2$", signature="float32")
    quick = any(row["current"].startswith("AVX512") for kind in found.values() for row in kind.values())
    return BINARY if quick else NATURAL


class Abandoned(Exception):
    """A slice was given up half way."""


class Plan:
    """What stays the same for every run: worked out once from the settings.

    Masked options take no part: they are left out here, and put back as zeros when a tally is read.

    Parameters
    ----------
    settings
        Checked settings.
    watched
        How many options get histograms.
    picks
        Which ones get them first; the most probable others follow.
    base
        The logarithm to compute with.
    """

    def __init__(
        self,
        settings: Settings,
        watched: int = MOST_WATCHED,
        picks: Sequence[int] = (),
        base: Base | None = None,
    ) -> None:
        self.base = base or quickest_base()
        logits = settings.scores
        self.width = len(logits)
        self.live = np.flatnonzero(np.isfinite(logits))
        options = len(self.live)
        # Both depend on the number of options alone, so that sums are the same however fast a machine is.
        elements = SLICE_ELEMENTS * (1 + (options > MANY_OPTIONS))
        self.slice = elements // options // 64 * 64 or max(elements // options, 1)
        self.run = RUN_SLICES * self.slice
        self.first_slice = max(self.slice // FIRST_CUTS, 1)
        shifted = (logits[self.live] - logits[self.live].max()) / settings.scale
        self.offsets = (shifted / self.base.nat).astype(np.float32)[:, None]
        self.factor = settings.scale / settings.temperature if settings.temperature > 0 else math.inf
        picked = np.unique(np.asarray(picks, np.intp))
        picked = np.searchsorted(self.live, picked[np.isfinite(logits[picked])])
        wanted = np.concatenate([picked, _largest(shifted, watched + len(picks))])
        self.watched = np.sort(wanted[np.sort(np.unique(wanted, return_index=True)[1])][:watched])
        self.pairs = options == 3
        self.rows = len(self.watched) + self.pairs
        self.hard = self.factor > _HARD_FROM
        # The chance that the last option is so far behind is about exp(-FAINTEST / factor - its distance).
        self.vanishing = (_OFTEN - float(shifted.min())) * self.factor > -FAINTEST

    def slice_end(self, draw: int) -> int:
        """Return the number of the first draw behind the slice that `draw` lies in.

        Slices end at fixed places: cut there, a stream has the same sums to the last bit. A cut within a slice
        moves them by some 1e-8, the rounding of sums in single precision.
        """
        if draw < self.slice:
            return min((draw // self.first_slice + 1) * self.first_slice, self.slice)
        return (draw // self.slice + 1) * self.slice


def _largest(scores: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Return the places of the `count` largest scores, the largest first, and of equal ones the first first.

    A whole vocabulary is not sorted for it: that would hold the window up.
    """
    places = np.arange(scores.size)
    if count < scores.size:
        places = np.flatnonzero(scores >= np.partition(scores, -count)[-count])
    return places[np.argsort(-scores[places], kind="stable")[:count]]


class Workspace:
    """The buffers, and the pipeline that runs through them.

    Nothing large is allocated on the way: fresh memory costs as much as the arithmetic.
    """

    def __init__(self, settings: Settings, plan: Plan) -> None:
        self.plan = plan
        self._stream = Stream(settings.seed, plan.live, plan.width)
        options = len(plan.live)
        size = options * plan.slice
        self._single_noise = SingleNoise(size, plan.base.log, plan.base.nat)
        self._bits = np.empty(options * plan.run, np.uint32)
        self._log_e = np.empty(size, np.float32)
        self._soft = np.empty(size, np.float32)
        self._scratch = np.empty(size, np.float32)
        self._marks = np.empty(size, np.bool_)
        self._cells = np.empty(size, np.int16)
        self._column = np.empty(plan.slice, np.float32)
        # NumPy is quick with two arrays, and five times slower with an array and a bare number.
        self._last_cell = np.full(max(size, plan.slice), NOISE_CELLS - 1, np.int16)
        # As long as the rows in memory are.
        separate = self._stream.separate
        self._floor = np.full((1, plan.slice) if separate else (options, 1), FAINTEST / plan.base.nat, np.float32)
        self._faint = plan.base.exp(self._floor.ravel())[0]
        self.joint = JointCells(plan.rows, plan.run)
        """Histograms of the watched options; with three options, the joint one of the first two as a last row."""
        self.pooled = np.zeros(NOISE_CELLS, np.int64)
        """Histogram of all noise, where not every option is watched."""
        self._slice_pooled = np.zeros(NOISE_CELLS, np.int64)
        self._abandon: Callable[[], bool] = bool

    def begin(self, plan: Plan) -> None:
        """Forget what was tallied, and go on under another plan for the same noise and as many options."""
        if plan.rows != self.plan.rows:
            self.joint = JointCells(plan.rows, plan.run)
        self.plan = plan
        self.joint.clear()
        self.pooled[:] = 0

    def run(
        self, first: int, count: int, total: Tally, stop: Callable[[], bool] = bool, abandon: Callable[[], bool] = bool
    ) -> None:
        """Draw numbers `first` to `first + count - 1`, at most `plan.run`, and add each slice to `total`.

        Where `stop`, asked after each slice, says so, there are fewer. Where `abandon`, asked within a slice, says
        so, that slice leaves no trace: draws have an address, and can be made again.
        """
        self._abandon = abandon
        bits: NDArray[np.uint32] = self._shape(self._bits, count)  # type: ignore[assignment]
        self._stream.read(first, bits)
        start = 0
        # U may round to 1, where both logarithms fail for a moment: those few numbers are redone.
        with np.errstate(divide="ignore", under="ignore"):
            while start < count:
                end = min(self.plan.slice_end(first + start) - first, count)
                try:
                    total.add(self._run_slice(bits[:, start:end]))
                except Abandoned:
                    break
                start = end
                if stop():
                    break

    def _run_slice(self, bits: NDArray[np.uint32]) -> Tally:
        count = bits.shape[1]
        tally = Tally.empty(len(self.plan.live))
        tally.draws = count
        joint = self.joint.room(count)
        log_e = self._draw_noise(bits)
        self._look_up()
        self._tally_noise(log_e, tally, joint)
        behind = self._choose(log_e, tally)
        self._look_up()
        soft = self._relax(behind)
        self._look_up()
        self._tally_soft(soft, tally, joint)
        self.joint.keep(count)
        self.pooled += self._slice_pooled
        return tally

    def _look_up(self) -> None:
        if self._abandon():
            raise Abandoned

    def _shape(self, flat: NDArray[np.generic], count: int) -> NDArray[np.generic]:
        """Cut a (K, count) array from a flat buffer: options first, but draws first in the wide layout."""
        options = len(self.plan.live)
        if self._stream.separate:
            return flat[: options * count].reshape(options, count)
        return flat[: options * count].reshape(count, options).T

    def _draw_noise(self, bits: NDArray[np.uint32]) -> Single:
        """Return log E = -G of these bits, in the base that is used."""
        log_e: Single = self._shape(self._log_e, bits.shape[1])  # type: ignore[assignment]
        self._single_noise.log_exponential(bits, log_e)
        return log_e

    def _tally_noise(self, log_e: Single, tally: Tally, joint: NDArray[np.int16]) -> None:
        """Add up the noise G = -log_e and its squares; find its cells."""
        scratch: Single = self._shape(self._scratch, log_e.shape[1])  # type: ignore[assignment]
        nat = self.plan.base.nat
        tally.noise_sum = -nat * float(np.add.reduce(log_e, axis=None))
        np.multiply(log_e, log_e, out=scratch)
        tally.noise_squares = nat**2 * float(np.add.reduce(scratch, axis=None))
        np.multiply(log_e, np.float32(-nat * _CELLS_PER_UNIT), out=scratch)
        np.subtract(scratch, np.float32(NOISE_EDGES[0] * _CELLS_PER_UNIT), out=scratch)
        cells: NDArray[np.int16] = self._shape(self._cells, log_e.shape[1])  # type: ignore[assignment]
        np.copyto(cells, scratch, casting="unsafe")
        if cells.max() >= _BEYOND_CELL:
            tally.noise_beyond = int(np.count_nonzero(cells >= _BEYOND_CELL))
        last: NDArray[np.int16] = self._shape(self._last_cell, log_e.shape[1])  # type: ignore[assignment]
        np.minimum(cells, last, out=cells)
        watched = len(self.plan.watched)
        if watched == len(log_e):
            np.multiply(cells, np.int16(SOFT_CELLS), out=joint[:watched])
        else:
            self._slice_pooled = count_pooled(self._cells[: cells.size])
            np.multiply(cells[self.plan.watched], np.int16(SOFT_CELLS), out=joint[:watched])

    def _choose(self, log_e: Single, tally: Tally) -> Single:
        """Count the winners; return how far each noisy score lies behind the winner's, at most 0."""
        count = log_e.shape[1]
        noisy: Single = self._shape(self._soft, count)  # type: ignore[assignment]
        np.subtract(self.plan.offsets, log_e, out=noisy)
        best = np.max(noisy, axis=0, out=self._column[:count])
        np.subtract(noisy, best, out=noisy)
        won: Marks = self._shape(self._marks, count)  # type: ignore[assignment]
        np.equal(noisy, 0.0, out=won)
        wins = self._count_wins(won)
        if wins.sum() != count:
            _keep_first(won)
            wins = self._count_wins(won)
        tally.wins[:] = wins
        return noisy

    def _count_wins(self, won: Marks) -> NDArray[np.int64]:
        """Sum along the draws: rows that lie in one piece NumPy counts 8 at a time, the others as small numbers."""
        if self._stream.separate:
            return np.array([np.count_nonzero(row) for row in won])
        small = np.uint8 if won.shape[1] < 256 else np.uint16
        counts: NDArray[np.int64] = np.add.reduce(won.view(np.uint8), axis=1, dtype=small).astype(np.int64)
        return counts

    def _relax(self, behind: Single) -> Single:
        """Turn distances behind the winner into soft choices, in place."""
        plan, count = self.plan, behind.shape[1]
        if plan.hard:
            np.copyto(behind, self._shape(self._marks, count))
            return behind
        np.multiply(behind, np.float32(plan.factor), out=behind)
        if plan.vanishing:
            np.maximum(behind, self._floor[:, :count], out=behind)
        plan.base.exp(behind, out=behind)
        if plan.vanishing:
            np.subtract(behind, self._faint, out=behind)
        total = np.sum(behind, axis=0, out=self._column[:count])
        return np.divide(behind, total, out=behind)

    def _tally_soft(self, soft: Single, tally: Tally, joint: NDArray[np.int16]) -> None:
        """Add up the soft choices and their squares; find their cells."""
        plan, count = self.plan, soft.shape[1]
        scratch: Single = self._shape(self._scratch, count)  # type: ignore[assignment]
        tally.soft_sum[:] = np.add.reduce(soft, axis=1)
        np.multiply(soft, soft, out=scratch)
        tally.soft_squares[:] = np.add.reduce(scratch, axis=1)
        watched = len(plan.watched)
        rows = soft if watched == len(soft) else soft[plan.watched]
        places = self._scratch[: rows.size].reshape(rows.shape)
        cells = self._cells[: rows.size].reshape(rows.shape)
        # Of all shares only exactly 1 reaches the last cell: a power of two times the share is exact.
        np.multiply(rows, np.float32(INNER_CELLS), out=places)
        np.copyto(cells, places, casting="unsafe")
        if plan.pairs:
            first, second = np.minimum(cells[:2], self._last_cell[:count])
            np.add(first * np.int16(SOFT_CELLS), second, out=joint[watched])
        np.add(cells, np.int16(1), out=cells)
        if plan.vanishing or plan.hard:
            zero = np.equal(rows, 0.0, out=self._marks[: rows.size].reshape(rows.shape))
            np.subtract(cells, zero.view(np.int8), out=cells)
        np.add(joint[:watched], cells, out=joint[:watched])


def _keep_first(won: Marks) -> None:
    """Where several options tie in single precision, keep the first, as argmax does."""
    for column in np.flatnonzero(np.count_nonzero(won, axis=0) > 1):
        tied = np.flatnonzero(won[:, column])
        won[tied[1:], column] = False
