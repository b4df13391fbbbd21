"""Settings in, tallies and frames out: the stream of one `Settings`, with no thread of its own and no clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine import ranking
from gumbelviz.engine.pipeline import FAINTEST, MOST_WATCHED, Plan, Workspace
from gumbelviz.engine.stream import Stream, exponential_of_bits, gumbel_of_bits
from gumbelviz.maths import checks, concrete, gumbel, marginals
from gumbelviz.maths.expectations import Expectations
from gumbelviz.maths.tallies import (
    INNER_CELLS,
    JOINT_CELLS,
    NOISE_CELLS,
    NOISE_EDGES,
    SOFT_CELLS,
    SOFT_EDGES,
    Account,
    Tally,
    split_joint,
)
from gumbelviz.maths.watch import Watch, places_of
from gumbelviz.model.frame import Agreement, Draw, Frame, Histograms, Ranking, Theory, freeze
from gumbelviz.model.parameters import MANY_OPTIONS, MOST_BARS
from gumbelviz.model.settings import Settings

Number = TypeVar("Number", np.int64, np.float64)

CHUNK_RUNS = 16
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


@dataclass(frozen=True, slots=True)
class Part:
    """What some draws add up to, histograms and all."""

    tally: Tally
    joint: NDArray[np.int64]
    pooled: NDArray[np.int64]


class Simulation:
    """The stream of one `Settings`, tallied.

    Parameters
    ----------
    settings
        Checked settings. Pinned noise shows in `draw`, never in the tallies.
    watched
        How many options get histograms.
    picks
        Which ones get them first; the most probable others follow.
    """

    def __init__(self, settings: Settings, watched: int = MOST_WATCHED, picks: Sequence[int] = ()) -> None:
        self.watching = watched, tuple(picks)
        """How many options get histograms, and which ones first."""
        self._begin(settings, Plan(settings, watched, picks))
        self._make_streams()

    def _begin(self, settings: Settings, plan: Plan) -> None:
        self.settings = settings
        self._plan = plan
        self._tally = Tally.empty(len(plan.live))
        # Whole chunks are added to the tally in order, each summed on its own: others may have made them.
        self._chunk_tally = Tally.empty(len(plan.live))
        self._joint = np.zeros((plan.rows, JOINT_CELLS), np.int64)
        self._pooled = np.zeros(NOISE_CELLS, np.int64)
        self._theory: Theory | None = None
        self._exact: Expectations | None = None
        self._ranking: Ranking | None = None
        self._drawn: Draw | None = None
        self._soft_mean: NDArray[np.float64] | None = None
        self._soft_laws: list[NDArray[np.float64]] = []
        self._watch: Watch | None = None
        self._judged: Agreement | None = None

    def _make_streams(self) -> None:
        settings, plan = self.settings, self._plan
        self._workspace = Workspace(settings, plan)
        self._display = Stream(settings.seed, np.arange(plan.width), plan.width)

    def change(self, settings: Settings) -> None:
        """Start again from draw 0 with other settings; where the noise stays the same, so do the buffers."""
        before, plan = self._plan, Plan(settings, *self.watching)
        same_noise = settings.seed == self.settings.seed and plan.width == before.width
        same_noise = same_noise and np.array_equal(plan.live, before.live)
        self._begin(settings, plan)
        if same_noise:
            self._workspace.begin(plan)
        else:
            self._make_streams()

    @property
    def draws(self) -> int:
        """How many draws the tallies hold: numbers 0 to `draws` - 1."""
        return self._tally.draws + self._chunk_tally.draws

    @property
    def run(self) -> int:
        """The most draws that are made in one go."""
        return self._plan.run

    @property
    def chunk(self) -> int:
        """How many draws are summed before the sum is added to the others."""
        return CHUNK_RUNS * self._plan.run

    @property
    def slice(self) -> int:
        """How many draws go through all steps together."""
        return self._plan.slice

    @property
    def first_slice(self) -> int:
        """How many do at the very beginning, so that there is soon something to see."""
        return self._plan.first_slice

    def show(self, settings: Settings) -> None:
        """Take new names, colours, pins or another location: whatever leaves the tallies as they are."""
        before, self.settings = self.settings, settings
        self._drawn = None
        if before.location != settings.location:
            self._theory = None

    def advance(
        self, until: int, stop: Callable[[], bool] = bool, abandon: Callable[[], bool] = bool
    ) -> None:
        """Draw on, in order, until the tallies hold `until` draws, or `stop` (asked after each slice) says so.

        Where `abandon` (asked more often) says so, the slice that is under way is given up: no more than its time
        is lost.
        """
        run, chunk = self._plan.run, self.chunk
        while self.draws < until:
            reached = min(self.draws + run - self.draws % run, until)
            self._workspace.run(self.draws, reached - self.draws, self._chunk_tally, stop, abandon)
            if self._chunk_tally.draws == chunk:
                self._tally.add(self._chunk_tally)
                self._chunk_tally = Tally.empty(len(self._plan.live))
            if self.draws < reached or stop():
                return

    def make_chunk(self, number: int) -> Part:
        """Return chunk `number` of this stream, for another simulation of the same settings to `add`."""
        self._workspace.begin(self._plan)
        total = Tally.empty(len(self._plan.live))
        for first in range(number * self.chunk, (number + 1) * self.chunk, self._plan.run):
            self._workspace.run(first, self._plan.run, total)
        return Part(total, self._workspace.joint.counts(), self._workspace.pooled.copy())

    def add(self, part: Part) -> None:
        """Take in the next chunk, which somebody else has made."""
        assert self._chunk_tally.draws == 0
        self._tally.add(part.tally)
        self._joint += part.joint
        self._pooled += part.pooled

    def draw(self, index: int) -> Draw:
        """Return draw `index` in double precision, whatever has been tallied; pinned noise takes its place."""
        settings = self.settings
        if self._drawn is not None and self._drawn.index == index:
            return self._drawn
        bits = np.empty((self._plan.width, 1), np.uint32)
        self._display.read(index, bits)
        exponential = exponential_of_bits(bits[:, 0])
        noise = np.log(exponential)
        noise *= -settings.scale
        noise += settings.location
        quantile = np.exp(-exponential)
        density = np.multiply(exponential, quantile, out=exponential)
        density /= settings.scale
        for i in settings.pinned:
            noise[i] = settings.options[i].pinned
            law = noise[i], settings.location, settings.scale
            quantile[i], density[i] = gumbel.cdf(*law), gumbel.pdf(*law)
        # Added plainly, not relative to the largest score, so that 3.0 - 0.1 and 2.5 + 0.4 tie as they do on paper.
        perturbed = settings.scores + noise
        soft = concrete.relax(perturbed[:, None], settings.temperature)[:, 0]
        winner = int(np.argmax(perturbed))
        tied = np.flatnonzero(perturbed == perturbed[winner])
        second = np.partition(perturbed, -2)[-2] if len(perturbed) > 1 else -math.inf
        for array in (noise, quantile, density, perturbed, soft):
            freeze(array)
        self._drawn = Draw(
            index, noise, quantile, density, perturbed, soft, winner,
            tuple(int(i) for i in tied) if len(tied) > 1 else (),
            float(perturbed[winner] - second),
        )  # fmt: skip
        return self._drawn

    def newest_noise(self, count: int) -> NDArray[np.float64]:
        """Return the standard noise of the newest `count` draws (or of all, if there are fewer), (K, count)."""
        count = min(count, self.draws)
        bits = np.empty((count, self._plan.width), np.uint32).T
        self._display.read(self.draws - count, bits)
        return gumbel_of_bits(bits)

    def theory(self, exact_means: bool = True) -> Theory:
        """Return what is known without drawing; with `exact_means` the soft means too, once they were asked for."""
        settings = self.settings
        if exact_means and self._exact is None and len(self._plan.live) <= MOST_EXACT:
            live = settings.scores[self._plan.live]
            self._exact = concrete.expectations(live, settings.temperature, settings.scale)
            self._soft_mean = self._spread(self._exact.mean)
            freeze(self._soft_mean)
            self._theory = self._watch = None
        if self._theory is None:
            soft_cells = None
            if self._soft_laws and len(self._soft_laws) == len(self._plan.watched):
                soft_cells = np.array([self._cells_of(row, law) for row, law in enumerate(self._soft_laws)])
                freeze(soft_cells)
            probabilities = concrete.probabilities(settings.scores, settings.scale)
            band = 2.0 * np.sqrt(probabilities * (1.0 - probabilities))
            places = settings.location + settings.scale * _CURVE
            heights = gumbel.pdf(places, settings.location, settings.scale)
            for array in (probabilities, band, places, heights):
                freeze(array)
            if self._ranking is None and self._plan.width > MOST_BARS:
                self._ranking = ranking.make_ranking(settings.scores, settings.scale)
            curve = (places, heights)
            self._theory = Theory(probabilities, band, self._soft_mean, curve, soft_cells, self._ranking)
        return self._theory

    def refine(self) -> bool:
        """Work out the next piece of the theory that takes some milliseconds; False where there is none left.

        First the exact soft means, then the law of each watched soft choice, in the cells of its histogram.
        """
        plan, settings = self._plan, self.settings
        if len(plan.live) > MOST_EXACT:
            return False
        if self._exact is None:
            self.theory()
            return True
        spread = settings.temperature / settings.scale
        drawn = len(plan.live) <= MOST_CURVES and (spread <= HIGHEST_CURVE or len(plan.live) <= 2)
        if not drawn or len(self._soft_laws) == len(plan.watched):
            return False
        option = int(plan.live[plan.watched[len(self._soft_laws)]])
        places = np.append(places_of(SOFT_EDGES).ravel(), _ROUNDED_TO_ONE)
        law = marginals.marginal_cdf(places, option, settings.logits, settings.temperature, settings.scale)
        self._soft_laws.append(law)
        if len(self._soft_laws) == len(plan.watched):
            self._theory = self._watch = None
        return True

    def _cells_of(self, row: int, law: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the chances of the cells of one soft choice: exactly 0, between the edges, exactly 1."""
        plan, settings = self._plan, self.settings
        below = np.append(law[: INNER_CELLS - 1], law[-1])
        none = 0.0
        if plan.hard:
            none = float(below[0])
        elif plan.vanishing:
            behind = concrete.behind_sf(-FAINTEST * settings.temperature, settings.logits, settings.scale)
            none = float(behind[plan.live[plan.watched[row]]])
        return np.maximum(np.diff(np.concatenate(([0.0, none], below, [1.0]))), 0.0)

    def _agreement(self, theory: Theory, account: Account) -> Agreement:
        plan, ranks, wins = self._plan, theory.ranking, account.wins
        pooled = ranks is not None and plan.width > MANY_OPTIONS
        if self._watch is None:
            laws = [law[:-1].reshape(3, -1) for law in self._soft_laws]
            known = laws if len(laws) == len(plan.watched) else []
            chances = theory.probabilities
            chances = ranking.pool(ranks, chances) if ranks is not None and pooled else chances[plan.live]
            self._watch = Watch.over(chances, NOISE_EDGES, SOFT_EDGES, self._exact, known, len(plan.live))
        if ranks is None or not pooled:
            found = self._watch.agreement(account)
            largest = found.largest_difference
        else:
            # Neighbours in rank are judged together: ten times a second the test of each of 131,072 options would
            # take all the time there is. Which ones is fixed beforehand: false alarms stay as rare as they are.
            everyone = self._spread(wins)
            account.wins = ranking.pool(ranks, everyone)
            found = self._watch.agreement(account)
            largest = checks.largest_difference(everyone, theory.probabilities)
        return Agreement(found.chi_square, found.p_value, largest, found.verdict, found.disagreeing)

    def frame(
        self,
        revision: int = 0,
        index: int | None = None,
        draws_per_second: float = 0.0,
        exact_means: bool = True,
        judge: bool = True,
    ) -> Frame:
        """Return a read-only picture of the tallies, with draw `index` (the newest by default) on display.

        Without `judge` the last verdict on the agreement with theory is handed on, where there is one: it takes half
        of the time, and is read less often than pictures are made.
        """
        plan, settings = self._plan, self.settings
        tally = Account.empty(len(plan.live))
        tally.add(self._tally)
        tally.add(self._chunk_tally)
        draws = max(tally.draws, 1)
        # In place: of very many options every array is a megabyte.
        soft_mean = self._spread(tally.soft_sum)
        soft_mean /= draws
        soft_variance = self._spread(tally.soft_squares)
        soft_variance /= draws
        soft_variance -= soft_mean**2
        np.maximum(soft_variance, 0.0, out=soft_variance)
        wins = self._spread(tally.wins)
        numbers = draws * len(plan.live)
        noise_mean = tally.noise_sum / numbers
        noise_variance = max(tally.noise_squares / numbers - noise_mean**2, 0.0)
        theory = self.theory(exact_means)
        watched = plan.live[plan.watched]
        cells = self._cells()
        tally.noise_cells = cells.noise
        tally.soft_cells = np.concatenate((cells.exact[:, :1], cells.soft, cells.exact[:, 1:]), axis=1)
        for array in (soft_mean, soft_variance, wins, watched):
            freeze(array)
        if judge or self._judged is None:
            self._judged = self._agreement(theory, tally)
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
            noise_histograms=Histograms(cells.noise, NOISE_EDGES),
            pooled_noise=cells.pooled,
            soft_histograms=Histograms(cells.soft, SOFT_EDGES),
            soft_exact=cells.exact,
            grid=cells.grid,
            noise_mean=settings.location + settings.scale * noise_mean,
            noise_variance=settings.scale**2 * noise_variance,
            theory=theory,
            agreement=self._judged,
            ranked=ranked,
        )

    def _cells(self) -> _Cells:
        watched = len(self._plan.watched)
        joint = self._workspace.joint.counts()
        joint += self._joint
        noise, soft = split_joint(joint[:watched])
        pooled = noise.sum(axis=0)
        if watched < len(self._plan.live):
            pooled = self._pooled + self._workspace.pooled
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


@dataclass(frozen=True, slots=True)
class _Cells:
    """Histograms, ready for a frame."""

    noise: NDArray[np.int64]
    pooled: NDArray[np.int64]
    soft: NDArray[np.int64]
    exact: NDArray[np.int64]
    grid: NDArray[np.int64] | None
