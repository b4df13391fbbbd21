"""Settings in, tallies and frames out: the whole trick on arrays, with no thread of its own and no clock.

The arrays are (K, N): one row per option, one column per draw, in single precision. Scores are kept in units
of `scale * ln 2`, because NumPy's log2 and exp2 are its quickest, and relative to the largest score, because
a large score would swallow the noise.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine import ranking
from gumbelviz.engine.stream import LOG2_LN2, SingleNoise, Stream, gumbel_of_bits
from gumbelviz.maths import checks, concrete, gumbel
from gumbelviz.maths.tallies import CELLS, NOISE_EDGES, SOFT_EDGES, Tally, count_cells
from gumbelviz.model.frame import Agreement, Draw, Frame, Histograms, Theory, freeze
from gumbelviz.model.parameters import MANY_OPTIONS, MOST_BARS
from gumbelviz.model.settings import Settings

Single = NDArray[np.float32]
Number = TypeVar("Number", np.int64, np.float64)

BLOCK_ELEMENTS = 131_072
"""Numbers per block: 512 KB a buffer. Smaller blocks pay more for each call, larger ones make a slider wait."""
MOST_WATCHED = 12
"""How many options get histograms: as many as a page shows bars for."""
MOST_EXACT = 100
"""How many options exact soft means are worked out for."""
_LN2 = math.log(2.0)
_CELLS_PER_UNIT = CELLS / (NOISE_EDGES[-1] - NOISE_EDGES[0])
_CURVE = np.linspace(-3.0, 9.0, 241)
"""Where the density is drawn, in units of the scale: all but 1e-4 of the noise lies here."""
_FAINTEST = np.float32(-60.0)
"""Smallest exponent given to exp2. Below it results underflow, which leaves the fast path (up to 70 times
slower); a soft choice of 2^-60 adds nothing to any sum."""
_HARD_FROM = 1e20
"""Exponent factor from which the soft choice is the hard one in single precision."""


def block_draws(options: int) -> int:
    """Return how many draws make a block: a power of two that depends on the number of options alone."""
    return 1 << max((BLOCK_ELEMENTS // options).bit_length() - 1, 0)


class Plan:
    """What stays the same for every block: worked out once from the settings.

    Masked options take no part: they are left out here, and put back as zeros when a tally is read.
    """

    def __init__(self, settings: Settings) -> None:
        logits = np.array(settings.logits)
        self.width = len(logits)
        self.live = np.flatnonzero(np.isfinite(logits))
        self.block = block_draws(len(self.live))
        shifted = logits[self.live] - logits[self.live].max()
        self.offsets = (shifted / (settings.scale * _LN2)).astype(np.float32)[:, None]
        self.factor = settings.scale / settings.temperature if settings.temperature > 0 else math.inf
        self.watched = np.sort(np.argsort(-shifted, kind="stable")[:MOST_WATCHED])


class Workspace:
    """The buffers of one thread, and the pipeline that runs through them.

    Nothing large is allocated per block: fresh memory costs as much as the arithmetic.
    """

    def __init__(self, settings: Settings, plan: Plan) -> None:
        self.plan = plan
        self._stream = Stream(settings.seed, plan.live, plan.width)
        size = len(plan.live) * plan.block
        self._single_noise = SingleNoise(size)
        self._bits = np.empty(size, np.uint32)
        self._log2_e = np.empty(size, np.float32)
        self._soft = np.empty(size, np.float32)
        self._scratch = np.empty(size, np.float32)
        self._cells = np.empty(size, np.int16)
        self._won = np.empty(size, np.bool_)
        self._column = np.empty(plan.block, np.float32)
        self._ones = np.ones(plan.block, np.float32)

    def run(self, first: int, count: int) -> Tally:
        """Draw numbers `first` to `first + count - 1` and return what they add up to."""
        tally = Tally.empty(len(self.plan.live), len(self.plan.watched))
        tally.draws = count
        # U may round to 1, where both logarithms fail for a moment: those few numbers are redone.
        with np.errstate(divide="ignore"):
            log2_e = self._draw_noise(first, count)
        self._tally_noise(log2_e, tally)
        behind = self._choose(log2_e, tally)
        soft = self._relax(behind)
        self._tally_soft(soft, tally)
        return tally

    def _shape(self, flat: NDArray[np.generic], count: int) -> NDArray[np.generic]:
        """Cut a (K, count) array from a flat buffer: options first, but draws first in the wide layout."""
        options = len(self.plan.live)
        if self._stream.separate:
            return flat[: options * count].reshape(options, count)
        return flat[: options * count].reshape(count, options).T

    def _draw_noise(self, first: int, count: int) -> Single:
        size = len(self.plan.live) * count
        self._stream.read(first, self._shape(self._bits, count))  # type: ignore[arg-type]
        self._single_noise.log2_exponential(self._bits[:size], self._log2_e[:size])
        return self._shape(self._log2_e, count)  # type: ignore[return-value]

    def _tally_noise(self, log2_e: Single, tally: Tally) -> None:
        """Sums, squares and cells of the noise G = -ln 2 (log2_e + log2 ln 2)."""
        count = tally.draws
        ones = self._ones[:count]
        scratch: Single = self._shape(self._scratch, count)  # type: ignore[assignment]
        total = float((log2_e @ ones).sum(dtype=np.float64))
        np.multiply(log2_e, log2_e, out=scratch)
        squares = float((scratch @ ones).sum(dtype=np.float64))
        size = log2_e.size
        tally.noise_sum = -_LN2 * (total + LOG2_LN2 * size)
        tally.noise_squares = _LN2**2 * (squares + LOG2_LN2 * (2.0 * total + LOG2_LN2 * size))
        places, cells = self._watch(log2_e, scratch)
        np.multiply(places, np.float32(-_LN2 * _CELLS_PER_UNIT), out=places)
        np.subtract(places, np.float32((NOISE_EDGES[0] + _LN2 * LOG2_LN2) * _CELLS_PER_UNIT), out=places)
        np.minimum(places, np.float32(CELLS - 1), out=places)
        np.copyto(cells, places, casting="unsafe")
        tally.noise_cells += count_cells(cells)

    def _choose(self, log2_e: Single, tally: Tally) -> Single:
        """Count the winners; return how far each noisy score lies behind the winner's, at most 0."""
        count = tally.draws
        noisy: Single = self._shape(self._soft, count)  # type: ignore[assignment]
        np.subtract(self.plan.offsets, log2_e, out=noisy)
        best = np.max(noisy, axis=0, out=self._column[:count])
        np.subtract(noisy, best, out=noisy)
        won = np.equal(noisy, 0.0, out=self._shape(self._won, count))
        tally.wins[:] = self._count_wins(won)
        if tally.wins.sum() != count:
            _keep_first(won)
            tally.wins[:] = self._count_wins(won)
        return noisy

    def _count_wins(self, won: NDArray[np.generic]) -> NDArray[np.int64]:
        """Sum along the draws; row by row where rows are contiguous, which NumPy counts 8 at a time."""
        if self._stream.separate:
            return np.array([np.count_nonzero(row) for row in won])
        counts: NDArray[np.int64] = np.add.reduce(won, axis=1, dtype=np.int64)
        return counts

    def _relax(self, behind: Single) -> Single:
        """Turn distances behind the winner into soft choices, in place."""
        if self.plan.factor > _HARD_FROM:
            behind[:] = self._shape(self._won, behind.shape[1])
            return behind
        np.multiply(behind, np.float32(self.plan.factor), out=behind)
        np.maximum(behind, _FAINTEST, out=behind)
        np.exp2(behind, out=behind)
        total = np.sum(behind, axis=0, out=self._column[: behind.shape[1]])
        return np.divide(behind, total, out=behind)

    def _tally_soft(self, soft: Single, tally: Tally) -> None:
        count = tally.draws
        ones = self._ones[:count]
        scratch: Single = self._shape(self._scratch, count)  # type: ignore[assignment]
        tally.soft_sum[:] = soft @ ones
        np.multiply(soft, soft, out=scratch)
        tally.soft_squares[:] = scratch @ ones
        places, cells = self._watch(soft, scratch)
        # Just under CELLS, so that a soft choice of exactly 1 falls into the last cell.
        np.multiply(places, np.nextafter(np.float32(CELLS), np.float32(0)), out=places)
        np.copyto(cells, places, casting="unsafe")
        tally.soft_cells += count_cells(cells)

    def _watch(self, rows: Single, scratch: Single) -> tuple[Single, NDArray[np.int16]]:
        """Copy the watched rows to where their places can be worked out, and find room for their cells."""
        watched, count = self.plan.watched, rows.shape[1]
        if len(watched) == len(rows):
            np.copyto(scratch, rows)
            return scratch, self._shape(self._cells, count)  # type: ignore[return-value]
        size = len(watched) * count
        return rows[watched], self._cells[:size].reshape(len(watched), count)


def _keep_first(won: NDArray[np.generic]) -> None:
    """Where several options tie in single precision, keep the first, as argmax does."""
    for column in np.flatnonzero(np.count_nonzero(won, axis=0) > 1):
        tied = np.flatnonzero(won[:, column])
        won[tied[1:], column] = False


class Simulation:
    """The stream of one `Settings`, tallied.

    Parameters
    ----------
    settings
        Checked settings. Pinned noise shows in `draw`, never in the tallies.
    threads
        How many threads share the blocks. The result is the same for any number, to the last bit.
    """

    def __init__(self, settings: Settings, threads: int = 1) -> None:
        self._pool = ThreadPoolExecutor(threads, "draws") if threads > 1 else None
        self._threads = threads
        self._begin(settings, Plan(settings))
        self._make_streams()

    def _begin(self, settings: Settings, plan: Plan) -> None:
        self.settings = settings
        self._plan = plan
        self._tally = Tally.empty(len(plan.live), len(plan.watched))
        self._theory: Theory | None = None
        self._drawn: Draw | None = None
        self._soft_mean: NDArray[np.float64] | None = None

    def _make_streams(self) -> None:
        settings, plan = self.settings, self._plan
        self._idle = deque(Workspace(settings, plan) for _ in range(self._threads))
        self._display = Stream(settings.seed, np.arange(plan.width), plan.width)

    def change(self, settings: Settings) -> None:
        """Start again from draw 0 with other settings; where the noise stays the same, so do the buffers."""
        before, plan = self._plan, Plan(settings)
        same_noise = settings.seed == self.settings.seed and plan.width == before.width
        same_noise = same_noise and np.array_equal(plan.live, before.live)
        self._begin(settings, plan)
        if same_noise:
            for workspace in self._idle:
                workspace.plan = plan
        else:
            self._make_streams()

    @property
    def draws(self) -> int:
        """How many draws the tallies hold: numbers 0 to `draws` - 1."""
        return self._tally.draws

    @property
    def block(self) -> int:
        """The most draws that are made in one go."""
        return self._plan.block

    def show(self, settings: Settings) -> None:
        """Take new names, colours, pins or another location: whatever leaves the tallies as they are."""
        before, self.settings = self.settings, settings
        self._drawn = None
        if before.location != settings.location:
            self._theory = None

    def advance(self, until: int, stop: Callable[[], bool] = bool) -> None:
        """Draw on, in order, until the tallies hold `until` draws, or `stop` (asked after each block) says so."""
        if self._pool is not None:
            self._advance_together(until, stop, self._pool)
            return
        while self.draws < until:
            self._tally.add(self._run(self.draws, self._next(self.draws, until)))
            if stop():
                return

    def _advance_together(self, until: int, stop: Callable[[], bool], pool: ThreadPoolExecutor) -> None:
        waiting: deque[Future[Tally]] = deque()
        first = self.draws
        while first < until or waiting:
            if first < until and len(waiting) < 2 * self._threads:
                count = self._next(first, until)
                waiting.append(pool.submit(self._run, first, count))
                first += count
            else:
                self._tally.add(waiting.popleft().result())
                if stop():
                    until = first

    def _next(self, first: int, until: int) -> int:
        """How many draws from `first` on end at a border of blocks, or at `until`."""
        return min(self._plan.block - first % self._plan.block, until - first)

    def _run(self, first: int, count: int) -> Tally:
        workspace = self._idle.popleft()
        try:
            return workspace.run(first, count)
        finally:
            self._idle.append(workspace)

    def draw(self, index: int) -> Draw:
        """Return draw `index` in double precision, whatever has been tallied; pinned noise takes its place."""
        settings = self.settings
        if self._drawn is not None and self._drawn.index == index:
            return self._drawn
        bits = np.empty((self._plan.width, 1), np.uint32)
        self._display.read(index, bits)
        noise = settings.location + settings.scale * gumbel_of_bits(bits[:, 0])
        for i in settings.pinned:
            noise[i] = settings.options[i].pinned
        # Added plainly, not relative to the largest score, so that 3.0 - 0.1 and 2.5 + 0.4 tie as they do on paper.
        perturbed = settings.scores + noise
        soft = concrete.relax(perturbed[:, None], settings.temperature)[:, 0]
        winner = int(np.argmax(perturbed))
        tied = np.flatnonzero(perturbed == perturbed[winner])
        second = np.partition(perturbed, -2)[-2] if len(perturbed) > 1 else -math.inf
        quantile = gumbel.cdf(noise, settings.location, settings.scale)
        density = gumbel.pdf(noise, settings.location, settings.scale)
        for array in (noise, quantile, density, perturbed, soft):
            freeze(array)
        self._drawn = Draw(
            index, noise, quantile, density, perturbed, soft, winner,
            tuple(int(i) for i in tied) if len(tied) > 1 else (),
            float(perturbed[winner] - second),
        )  # fmt: skip
        return self._drawn

    def theory(self, exact_means: bool = True) -> Theory:
        """Return what is known without drawing; with `exact_means` the soft means too, once they were asked for."""
        settings = self.settings
        if exact_means and self._soft_mean is None and len(self._plan.live) <= MOST_EXACT:
            self._soft_mean = concrete.mean(settings.logits, settings.temperature, settings.scale)
            freeze(self._soft_mean)
            self._theory = None
        if self._theory is None:
            probabilities = concrete.probabilities(settings.scores, settings.scale)
            band = 2.0 * np.sqrt(probabilities * (1.0 - probabilities))
            places = settings.location + settings.scale * _CURVE
            heights = gumbel.pdf(places, settings.location, settings.scale)
            for array in (probabilities, band, places, heights):
                freeze(array)
            ranks = ranking.make_ranking(settings.scores, settings.scale) if self._plan.width > MOST_BARS else None
            self._theory = Theory(probabilities, band, self._soft_mean, (places, heights), ranks)
        return self._theory

    def frame(
        self, revision: int = 0, index: int | None = None, draws_per_second: float = 0.0, exact_means: bool = True
    ) -> Frame:
        """Return a read-only picture of the tallies, with draw `index` (the newest by default) on display."""
        tally, plan, settings = self._tally, self._plan, self.settings
        draws = max(tally.draws, 1)
        soft_mean = self._spread(tally.soft_sum) / draws
        # What never rose above the floor of `_FAINTEST` is nothing.
        soft_mean[soft_mean < 1e-15] = 0.0
        soft_variance = np.maximum(self._spread(tally.soft_squares) / draws - soft_mean**2, 0.0)
        wins = self._spread(tally.wins)
        numbers = draws * len(plan.live)
        noise_mean = tally.noise_sum / numbers
        noise_variance = max(tally.noise_squares / numbers - noise_mean**2, 0.0)
        theory = self.theory(exact_means)
        watched = plan.live[plan.watched]
        histograms = Histograms(tally.noise_cells.copy(), NOISE_EDGES), Histograms(tally.soft_cells.copy(), SOFT_EDGES)
        for array in (soft_mean, soft_variance, wins, watched, *(h.counts for h in histograms)):
            freeze(array)
        shown = self.draw(max(tally.draws - 1, 0) if index is None else index)
        ranked = None
        if theory.ranking is not None:
            ranked = ranking.summarize(theory.ranking, shown, wins, soft_mean, tally.draws)
        return Frame(
            revision=revision,
            draws=tally.draws,
            draws_per_second=draws_per_second,
            draw=shown,
            wins=wins,
            soft_mean=soft_mean,
            soft_variance=soft_variance,
            watched=watched,
            noise_histograms=histograms[0],
            soft_histograms=histograms[1],
            noise_mean=settings.location + settings.scale * noise_mean,
            noise_variance=settings.scale**2 * noise_variance,
            theory=theory,
            agreement=_agreement(wins, theory),
            ranked=ranked,
        )

    def _spread(self, values: NDArray[Number]) -> NDArray[Number]:
        """Put values of the live options back among the masked ones, which get 0."""
        if len(self._plan.live) == self._plan.width:
            return values.copy()
        spread = np.zeros(self._plan.width, values.dtype)
        spread[self._plan.live] = values
        return spread

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()


def _agreement(wins: NDArray[np.int64], theory: Theory) -> Agreement:
    ranks = theory.ranking
    if ranks is None or len(wins) <= MANY_OPTIONS:
        found = checks.agreement(wins, theory.probabilities)
        return Agreement(found.chi_square, found.p_value, found.largest_difference, found.verdict)
    # Neighbours in rank are judged together: ten times a second the test of each of 131,072 options would take
    # all the time there is. Which ones is fixed beforehand, so that the rate of false alarms stays what it is.
    found = checks.agreement(*(ranking.pool(ranks, values) for values in (wins, theory.probabilities)))
    largest = checks.largest_difference(wins, theory.probabilities)
    return Agreement(found.chi_square, found.p_value, largest, found.verdict)
