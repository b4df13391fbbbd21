"""Settings in, tallies and frames out: the stream of one `Settings`, with no thread of its own and no clock."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.pipeline import FAINTEST, MOST_WATCHED, Plan, Workspace
from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.maths import checks, concrete, gumbel, marginals
from gumbelviz.maths.tallies import (
    INNER_CELLS,
    NOISE_CELLS,
    NOISE_EDGES,
    SOFT_CELLS,
    SOFT_EDGES,
    Tally,
    split_joint,
)
from gumbelviz.model.frame import Agreement, Draw, Frame, Histograms, Theory, freeze
from gumbelviz.model.settings import Settings

Number = TypeVar("Number", np.int64, np.float64)

MOST_EXACT = 100
"""How many options exact soft means are worked out for."""
MOST_CURVES = 12
"""How many options there may be for the laws of their soft choices to be drawn."""
HIGHEST_CURVE = 20.0
"""Temperature, in units of the scale, up to which these laws are worked out for more than two options."""
_ROUNDED_TO_ONE = 1.0 / (1.0 + 2.0**-24)
"""From here on a share is 1 in single precision: the others together add nothing to the winner's 1."""
_CURVE = np.linspace(-3.0, 9.0, 241)
"""Where the density is drawn, in units of the scale: all but 1e-4 of the noise lies here."""


class Simulation:
    """The stream of one `Settings`, tallied.

    Parameters
    ----------
    settings
        Checked settings. Pinned noise shows in `draw`, never in the tallies.
    threads
        How many threads share the runs. The result is the same for any number, to the last bit.
    watched
        How many options get histograms.
    picks
        Which ones get them first; the most probable others follow.
    """

    def __init__(
        self, settings: Settings, threads: int = 1, watched: int = MOST_WATCHED, picks: Sequence[int] = ()
    ) -> None:
        self._watched = watched, picks
        self._pool = ThreadPoolExecutor(threads, "draws") if threads > 1 else None
        self._threads = threads
        self._begin(settings, Plan(settings, watched, picks))
        self._make_streams()

    def _begin(self, settings: Settings, plan: Plan) -> None:
        self.settings = settings
        self._plan = plan
        self._tally = Tally.empty(len(plan.live))
        self._theory: Theory | None = None
        self._soft_mean: NDArray[np.float64] | None = None
        self._soft_cells: list[NDArray[np.float64]] = []

    def _make_streams(self) -> None:
        settings, plan = self.settings, self._plan
        self._idle = deque(Workspace(settings, plan) for _ in range(self._threads))
        self._display = Stream(settings.seed, np.arange(plan.width), plan.width)

    def change(self, settings: Settings) -> None:
        """Start again from draw 0 with other settings; where the noise stays the same, so do the buffers."""
        before, plan = self._plan, Plan(settings, *self._watched)
        same_noise = settings.seed == self.settings.seed and plan.width == before.width
        same_noise = same_noise and np.array_equal(plan.live, before.live)
        self._begin(settings, plan)
        if same_noise:
            for workspace in self._idle:
                workspace.begin(plan)
        else:
            self._make_streams()

    @property
    def draws(self) -> int:
        """How many draws the tallies hold: numbers 0 to `draws` - 1."""
        return self._tally.draws

    @property
    def run(self) -> int:
        """The most draws that are made in one go."""
        return self._plan.run

    @property
    def slice(self) -> int:
        """The least draws worth making in one go."""
        return self._plan.slice

    def show(self, settings: Settings) -> None:
        """Take new names, colours, pins or another location: whatever leaves the tallies as they are."""
        self.settings = settings
        self._theory = None

    def advance(self, until: int, stop: Callable[[], bool] = bool) -> None:
        """Draw on, in order, until the tallies hold `until` draws, or `stop` (asked after each slice) says so.

        After an error with several threads the tallies are worth nothing: go on with `change`.
        """
        if self._pool is not None:
            self._advance_together(until, stop, self._pool)
            return
        while self.draws < until:
            count = self._next(self.draws, until)
            reached = self.draws + count
            self._add(self._run(self.draws, count, stop))
            if self.draws < reached or stop():
                return

    def _advance_together(self, until: int, stop: Callable[[], bool], pool: ThreadPoolExecutor) -> None:
        waiting: deque[Future[list[Tally]]] = deque()
        first = self.draws
        while first < until or waiting:
            if first < until and len(waiting) < 2 * self._threads:
                count = self._next(first, until)
                waiting.append(pool.submit(self._run, first, count))
                first += count
            else:
                self._add(waiting.popleft().result())
                if stop():
                    until = first

    def _next(self, first: int, until: int) -> int:
        """How many draws from `first` on end at a border of runs, or at `until`."""
        return min(self._plan.run - first % self._plan.run, until - first)

    def _run(self, first: int, count: int, stop: Callable[[], bool] = bool) -> list[Tally]:
        workspace = self._idle.popleft()
        try:
            return workspace.run(first, count, stop)
        finally:
            self._idle.append(workspace)

    def _add(self, tallies: list[Tally]) -> None:
        for tally in tallies:
            self._tally.add(tally)

    def draw(self, index: int) -> Draw:
        """Return draw `index` in double precision, whatever has been tallied; pinned noise takes its place."""
        settings = self.settings
        bits = np.empty((self._plan.width, 1), np.uint32)
        self._display.read(index, bits)
        noise = settings.location + settings.scale * gumbel_of_bits(bits[:, 0])
        for i, option in enumerate(settings.options):
            if option.pinned is not None:
                noise[i] = option.pinned
        # Added plainly, not relative to the largest score, so that 3.0 - 0.1 and 2.5 + 0.4 tie as they do on paper.
        perturbed = np.array(settings.logits) + noise
        soft = concrete.relax(perturbed[:, None], settings.temperature)[:, 0]
        winner = int(np.argmax(perturbed))
        tied = np.flatnonzero(perturbed == perturbed[winner])
        second = np.partition(perturbed, -2)[-2] if len(perturbed) > 1 else -math.inf
        quantile = gumbel.cdf(noise, settings.location, settings.scale)
        density = gumbel.pdf(noise, settings.location, settings.scale)
        for array in (noise, quantile, density, perturbed, soft):
            freeze(array)
        return Draw(
            index, noise, quantile, density, perturbed, soft, winner,
            tuple(int(i) for i in tied) if len(tied) > 1 else (),
            float(perturbed[winner] - second),
        )  # fmt: skip

    def newest_noise(self, count: int) -> NDArray[np.float64]:
        """Return the standard noise of the newest `count` draws (or of all, if there are fewer), (K, count)."""
        count = min(count, self.draws)
        bits = np.empty((count, self._plan.width), np.uint32).T
        self._display.read(self.draws - count, bits)
        return gumbel_of_bits(bits)

    def theory(self, exact_means: bool = True) -> Theory:
        """Return what is known without drawing; with `exact_means` the soft means too, once they were asked for."""
        settings = self.settings
        if exact_means and self._soft_mean is None and len(self._plan.live) <= MOST_EXACT:
            self._soft_mean = concrete.mean(settings.logits, settings.temperature, settings.scale)
            freeze(self._soft_mean)
            self._theory = None
        if self._theory is None:
            soft_cells = None
            if self._soft_cells and len(self._soft_cells) == len(self._plan.watched):
                soft_cells = np.array(self._soft_cells)
                freeze(soft_cells)
            probabilities = concrete.probabilities(settings.logits, settings.scale)
            band = 2.0 * np.sqrt(probabilities * (1.0 - probabilities))
            places = settings.location + settings.scale * _CURVE
            heights = gumbel.pdf(places, settings.location, settings.scale)
            for array in (probabilities, band, places, heights):
                freeze(array)
            self._theory = Theory(probabilities, band, self._soft_mean, (places, heights), soft_cells)
        return self._theory

    def refine(self) -> bool:
        """Work out the next piece of the theory that takes some milliseconds; False where there is none left.

        First the exact soft means, then the law of each watched soft choice, in the cells of its histogram.
        """
        plan, settings = self._plan, self.settings
        if len(plan.live) > MOST_EXACT:
            return False
        if self._soft_mean is None:
            self.theory()
            return True
        spread = settings.temperature / settings.scale
        drawn = len(plan.live) <= MOST_CURVES and (spread <= HIGHEST_CURVE or len(plan.live) <= 2)
        if not drawn or len(self._soft_cells) == len(plan.watched):
            return False
        option = int(plan.live[plan.watched[len(self._soft_cells)]])
        self._soft_cells.append(self._law_of(option))
        self._theory = None
        return True

    def _law_of(self, option: int) -> NDArray[np.float64]:
        """Return the chances of the cells of one soft choice: exactly 0, between the edges, exactly 1."""
        settings = self.settings
        law = settings.logits, settings.temperature, settings.scale
        edges = np.append(SOFT_EDGES[1:-1], _ROUNDED_TO_ONE)
        below = marginals.marginal_cdf(edges, option, *law)
        none = 0.0
        if self._plan.vanishing:
            none = float(concrete.behind_sf(-FAINTEST * settings.temperature, *law[::2])[option])
        if settings.temperature == 0.0:
            none = float(below[0])
        return np.maximum(np.diff(np.concatenate(([0.0, none], below, [1.0]))), 0.0)

    def frame(
        self, revision: int = 0, index: int | None = None, draws_per_second: float = 0.0, exact_means: bool = True
    ) -> Frame:
        """Return a read-only picture of the tallies, with draw `index` (the newest by default) on display."""
        tally, plan, settings = self._tally, self._plan, self.settings
        draws = max(tally.draws, 1)
        soft_mean = self._spread(tally.soft_sum) / draws
        soft_variance = np.maximum(self._spread(tally.soft_squares) / draws - soft_mean**2, 0.0)
        wins = self._spread(tally.wins)
        numbers = draws * len(plan.live)
        noise_mean = tally.noise_sum / numbers
        noise_variance = max(tally.noise_squares / numbers - noise_mean**2, 0.0)
        theory = self.theory(exact_means)
        watched = plan.live[plan.watched]
        cells = self._cells()
        for array in (soft_mean, soft_variance, wins, watched):
            freeze(array)
        return Frame(
            revision=revision,
            draws=tally.draws,
            draws_per_second=draws_per_second,
            draw=self.draw(max(tally.draws - 1, 0) if index is None else index),
            wins=wins,
            soft_mean=soft_mean,
            soft_variance=soft_variance,
            watched=watched,
            noise_histograms=Histograms(cells.noise, NOISE_EDGES),
            pooled_noise=cells.pooled,
            soft_histograms=Histograms(cells.soft, SOFT_EDGES),
            soft_exact=cells.exact,
            grid=cells.grid,
            noise_mean=settings.location + settings.scale * noise_mean,
            noise_variance=settings.scale**2 * noise_variance,
            theory=theory,
            agreement=_agreement(wins, theory),
        )

    def _cells(self) -> _Cells:
        """Gather the histograms of all workspaces; whole numbers, so that their order does not matter."""
        watched = len(self._plan.watched)
        joint = sum(workspace.joint.counts() for workspace in self._idle)
        assert not isinstance(joint, int)
        noise, soft = split_joint(joint[:watched])
        pooled = noise.sum(axis=0)
        if watched < len(self._plan.live):
            pooled = np.sum([workspace.pooled for workspace in self._idle], axis=0)
        grid = joint[watched].reshape(NOISE_CELLS, SOFT_CELLS)[:, :INNER_CELLS].copy() if self._plan.pairs else None
        cells = _Cells(noise, pooled, soft[:, 1:-1].copy(), soft[:, [0, -1]], grid)
        for array in (cells.noise, cells.pooled, cells.soft, cells.exact, *([grid] if grid is not None else [])):
            freeze(array)
        return cells

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


@dataclass(frozen=True, slots=True)
class _Cells:
    """Histograms, ready for a frame."""

    noise: NDArray[np.int64]
    pooled: NDArray[np.int64]
    soft: NDArray[np.int64]
    exact: NDArray[np.int64]
    grid: NDArray[np.int64] | None


def _agreement(wins: NDArray[np.int64], theory: Theory) -> Agreement:
    found = checks.agreement(wins, theory.probabilities)
    return Agreement(found.chi_square, found.p_value, found.largest_difference, found.verdict)
