"""How far winners are ahead of the second, and how high they score: counted, beside the exact laws."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.engine.study import Moment
from gumbelviz.maths import checks, concrete, gumbel, margins
from gumbelviz.model.frame import Floats, Integers, freeze
from gumbelviz.model.margins_report import OTHERS, Check, MarginsReport, Spread
from gumbelviz.model.settings import Settings

ELEMENTS = 8_192
"""Numbers per block: about a millisecond."""
TARGET_ELEMENTS = 4_000_000
MOST_DRAWS = 1_000_000
FEWEST_DRAWS = 64
CELLS = 60
FINER = 4
"""Points of an exact curve per cell."""
MOST_GROUPS = 7
"""How many winners are told apart; all others are counted together."""
FEWEST_WINS = 2_000
"""A winner is told apart where so many wins are expected: the histogram of fewer is all teeth."""
RATIO = 10.0
BEYOND = 7.5
"""How far past the best option's lead margins are shown, in units of the scale: all but about 1e-3 of them."""
SCORES_FROM, SCORES_TO = -3.0, 8.0
"""The part of the law of the largest noisy score that is shown, in units of the scale: all but 4e-4 of it."""


class MarginsStudy:
    """Counts until there are enough draws, then rests. All lengths in it are in units of the scale."""

    def __init__(self, settings: Settings) -> None:
        self._key: tuple[object, ...] = ()
        self.change(settings)

    def change(self, settings: Settings) -> None:
        """Answer other settings from now on; neither temperature nor location is a reason to count again."""
        self._settings = settings
        self._report: tuple[int, MarginsReport] | None = None
        key = (settings.logits, settings.scale, settings.seed)
        if key != self._key:
            self._key = key
            self._begin(settings)
        tau = settings.temperature / settings.scale
        self._chance = float(concrete.margin_sf(RATIO, self._shifted, tau))

    def _begin(self, settings: Settings) -> None:
        logits = np.array(settings.logits)
        self._live = np.flatnonzero(np.isfinite(logits))
        self._largest = float(logits.max())
        self._shifted = (logits[self._live] - self._largest) / settings.scale
        self._stream = Stream(settings.seed, self._live, len(logits))
        count = len(self._live)
        self._block = max(ELEMENTS // count, 1)
        self._target = min(max(TARGET_ELEMENTS // count, FEWEST_DRAWS), MOST_DRAWS)
        self._draws = 0
        self._sums = np.zeros(2)
        self._make_theory()

    def _make_theory(self) -> None:
        logits = self._shifted
        chances = concrete.probabilities(logits)
        frequent = np.argsort(-chances, kind="stable")[:MOST_GROUPS]
        leaders = np.sort(frequent[chances[frequent] * self._target >= FEWEST_WINS])
        self._group = np.full(len(logits), len(leaders))
        self._group[leaders] = np.arange(len(leaders))
        self._winners = tuple(int(self._live[i]) for i in leaders)
        shares = chances[leaders]
        if len(leaders) < len(logits):
            self._winners += (OTHERS,)
            shares = np.append(shares, max(1.0 - shares.sum(), 0.0))
        # Before the first and behind the last edge is one cell more, for the tests alone.
        self._location = concrete.winning_score_location(logits)
        self._score_edges = self._location + np.linspace(SCORES_FROM, SCORES_TO, CELLS + 1)
        outer = np.concatenate(([-math.inf], self._score_edges, [math.inf]))
        self._score_exact = np.diff(gumbel.cdf(outer, self._location))
        fine = _finer(self._score_edges)
        self._score_curve = _middles(fine), np.diff(gumbel.cdf(fine, self._location)) / np.diff(fine)
        self._joint_exact = np.outer(shares, self._score_exact)
        self._score_counts = np.zeros(self._joint_exact.shape, np.int64)
        if len(logits) > 1:
            high = max(margins.lead(logits), 0.0) + BEYOND
            low = high - 2 * BEYOND if high - 2 * BEYOND > 0.3 * high else 0.0
            self._margin_edges = np.linspace(low, high, CELLS + 1)
            fine = _finer(self._margin_edges)
            above = margins.survival(fine, logits)
            self._margin_exact = -np.diff(np.concatenate(([1.0], above[::FINER], [0.0])))
            self._margin_curve = _middles(fine), -np.diff(above) / np.diff(fine)
            self._margin_counts = np.zeros(CELLS + 2, np.int64)
            self._mean_margin = margins.mean(logits)

    def busy(self, moment: Moment) -> bool:
        """Tell whether there are draws to count."""
        return self._draws < self._target

    def work(self, moment: Moment, stop: Callable[[], bool]) -> None:
        """Count, block after block."""
        while self.busy(moment):
            self._count(min(self._block, self._target - self._draws))
            if stop():
                return

    def _count(self, count: int) -> None:
        bits = np.empty((len(self._live), count), np.uint32)
        self._stream.read(self._draws, bits)
        noisy = self._shifted[:, np.newaxis] + gumbel_of_bits(bits)
        winners = noisy.argmax(axis=0)[np.newaxis]
        best = np.take_along_axis(noisy, winners, axis=0)[0]
        cells = _places(best, self._score_edges)
        groups = self._group[winners[0]]
        width = self._score_counts.shape[1]
        counts = np.bincount(groups * width + cells, minlength=self._score_counts.size)
        self._score_counts += counts.reshape(self._score_counts.shape)
        self._sums[0] += best.sum()
        if len(self._live) > 1:
            np.put_along_axis(noisy, winners, -math.inf, axis=0)
            ahead = best - noisy.max(axis=0)
            self._margin_counts += np.bincount(_places(ahead, self._margin_edges), minlength=CELLS + 2)
            self._sums[1] += ahead.sum()
        self._draws += count

    def report(self, moment: Moment) -> MarginsReport:
        """Return the counts so far."""
        if self._report is None or self._report[0] != self._draws:
            self._report = self._draws, self._make_report()
        return self._report[1]

    def _make_report(self) -> MarginsReport:
        settings, scale = self._settings, self._settings.scale
        shift = self._largest + settings.location
        draws = max(self._draws, 1)
        wins = self._score_counts.sum(axis=1)
        freeze(wins)
        location = shift + scale * self._location
        scores = _spread(
            shift + scale * self._score_edges, self._score_counts,
            (shift + scale * self._score_curve[0], self._score_curve[1] / scale),
            shift + scale * self._sums[0] / draws, gumbel.mean(location, scale),
            _check(self._score_counts, self._joint_exact),
        )  # fmt: skip
        ahead = None
        if len(self._live) > 1:
            counts = self._margin_counts[np.newaxis]
            ahead = _spread(
                scale * self._margin_edges, counts, (scale * self._margin_curve[0], self._margin_curve[1] / scale),
                scale * self._sums[1] / draws, scale * self._mean_margin,
                _check(counts, self._margin_exact[np.newaxis]),
            )  # fmt: skip
        return MarginsReport(
            self._draws, self._target, ahead, scores, self._winners, wins, RATIO, self._chance, settings.temperature,
            location, scale,
        )  # fmt: skip


def _spread(
    edges: Floats, counts: Integers, curve: tuple[Floats, Floats], mean: float, exact_mean: float, check: Check
) -> Spread:
    """Put counts (G, M + 2) into densities of the inner cells (G, M), one row per group."""
    heights = counts[:, 1:-1] / np.maximum(counts.sum(axis=1), 1)[:, np.newaxis] / (edges[1] - edges[0])
    for array in (edges, heights, *curve):
        freeze(array)
    return Spread(edges, heights, curve, mean, exact_mean, check)


def _check(counts: Integers, exact: Floats) -> Check:
    """Test counts (G, M + 2) against the exact chances of all groups and cells together."""
    test = checks.agreement(counts.ravel(), exact.ravel())
    distance = checks.kolmogorov_smirnov_cells(counts.sum(axis=0), exact.sum(axis=0))
    return Check(distance.distance, distance.p_value, test.p_value, test.verdict)


def _finer(edges: Floats) -> Floats:
    """Return the edges with others between them."""
    return np.linspace(edges[0], edges[-1], FINER * (len(edges) - 1) + 1)


def _middles(edges: Floats) -> Floats:
    return 0.5 * (edges[1:] + edges[:-1])


def _places(values: Floats, edges: Floats) -> Integers:
    """Return the cell of each value: 0 before the first edge, the number of edges behind the last."""
    scaled = (values - edges[0]) * ((len(edges) - 1) / (edges[-1] - edges[0]))
    places: Integers = np.clip(np.floor(scaled) + 1, 0, len(edges)).astype(np.int64)
    return places
