"""The same draws in four kinds of arithmetic: the common formula and ours, in single and in double precision."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from gumbelviz.engine.stream import Bits, Stream, gumbel_of_bits
from gumbelviz.engine.study import Moment
from gumbelviz.maths import checks, concrete, gumbel, precision
from gumbelviz.model.frame import Verdict, freeze
from gumbelviz.model.precision_report import Landing, Outcome, PrecisionReport
from gumbelviz.model.settings import Settings

ELEMENTS = 8_192
"""Numbers per block: a kind of arithmetic takes about a millisecond for them."""
TARGET_ELEMENTS = 1_500_000
MOST_DRAWS = 500_000
FEWEST_DRAWS = 64
MOST_PLACES = 24
"""Most places to either side of a score that are told apart; more look like a line."""
MOST_JUDGED = 12
"""How many options are compared with theory one by one."""
NOISE_FROM, NOISE_TO = -3.5, 9.5
"""The part of the noise that is shown, in units of its scale: all but 1e-4 of it."""
_CURVE = np.linspace(NOISE_FROM, NOISE_TO, 241)
_KINDS = (("naive", "single"), ("naive", "double"), ("careful", "single"), ("careful", "double"))
_PRECISIONS: dict[str, precision.Float] = {"single": np.float32, "double": np.float64}


class PrecisionStudy:
    """Draws until there are enough, then rests; starts again where anything that matters changes."""

    def __init__(self, settings: Settings) -> None:
        self._key: tuple[object, ...] = ()
        self.change(settings)

    def change(self, settings: Settings) -> None:
        """Answer other settings from now on."""
        choices = settings.pages.precision
        pair = choices.scores == "pair"
        key = (None if pair else settings.logits, settings.scale, settings.seed, choices)
        if key == self._key:
            return
        self._key = key
        self._temperature, self._offset, self._pair = choices.temperature, choices.offset, pair
        self._scale = settings.scale
        logits = np.zeros(2) if pair else np.array(settings.logits)
        self._live = np.flatnonzero(np.isfinite(logits))
        # Rounded to double precision as it is added: this is where a score like that comes from.
        self._logits = logits[self._live] + choices.offset
        self._exact = concrete.probabilities(logits[self._live], settings.scale)
        self._stream = Stream(settings.seed, self._live, len(logits))
        count = len(self._live)
        self._block = max(ELEMENTS // count, 1)
        self._target = min(max(TARGET_ELEMENTS // count, FEWEST_DRAWS), MOST_DRAWS)
        self._tallies = [precision.Tally.empty(count) for _ in _KINDS]
        self._pieces = self._make_pieces()
        self._reported: tuple[int, PrecisionReport] | None = None
        self._make_theory()

    def _make_theory(self) -> None:
        scale = self._scale
        with np.errstate(over="ignore"):
            single = self._logits.astype(np.float32).astype(np.float64)
        self._rounded = concrete.probabilities(single, scale)
        # Next to a score of 0 numbers are closer together than next to any noise that is added to it.
        self._size = max(float(self._logits.max()), float(-self._logits.min()), scale)
        landings = []
        for name, dtype in _PRECISIONS.items():
            found = precision.landing_places(
                self._size, scale, dtype, NOISE_FROM * scale, NOISE_TO * scale, MOST_PLACES
            )
            places, shares = found if found is not None else (np.empty(0), np.empty(0))
            freeze(places)
            freeze(shares)
            landings.append(Landing(name, precision.spacing(self._size, dtype), places, shares))
        self._landings = landings[0], landings[1]
        self._curve = scale * _CURVE, gumbel.pdf(scale * _CURVE, 0.0, scale)
        for array in (self._live, self._exact, self._rounded, *self._curve):
            freeze(array)

    def busy(self, moment: Moment) -> bool:
        """Tell whether some arithmetic has still to come."""
        return self._tallies[-1].draws < self._target

    def work(self, moment: Moment, stop: Callable[[], bool]) -> None:
        """Compute, one kind of arithmetic on one block at a time."""
        while self.busy(moment):
            next(self._pieces)
            if stop():
                return

    def _make_pieces(self) -> Iterator[None]:
        """Draw block after block, and yield after each kind of arithmetic."""
        first = 0
        while first < self._target:
            bits = np.empty((len(self._live), min(self._block, self._target - first)), np.uint32)
            self._stream.read(first, bits)
            first += bits.shape[1]
            for (formula, name), tally in zip(_KINDS, self._tallies, strict=True):
                self._compute(bits, formula, _PRECISIONS[name], tally)
                yield

    def _compute(self, bits: Bits, formula: str, dtype: precision.Float, tally: precision.Tally) -> None:
        """One kind of arithmetic from the bits to the tally."""
        if formula == "naive":
            noise = precision.noise_of(precision.exponentials(bits, dtype))
            way = precision.naive
        else:
            noise = gumbel_of_bits(bits).astype(dtype)
            way = precision.careful
        noise = noise * dtype(self._scale)
        sample = way(self._logits, noise, self._temperature)
        exact = precision.reference(self._logits, noise, self._temperature)
        tally.add(sample, exact, hard=self._temperature == 0)

    def report(self, moment: Moment) -> PrecisionReport:
        """Return the comparison so far."""
        draws = sum(tally.draws for tally in self._tallies)
        if self._reported is None or self._reported[0] != draws:
            self._reported = draws, self._make_report()
        return self._reported[1]

    def _make_report(self) -> PrecisionReport:
        first, second, third, fourth = (
            self._outcome(formula, name, tally) for (formula, name), tally in zip(_KINDS, self._tallies, strict=True)
        )
        return PrecisionReport(
            self._tallies[-1].draws, self._target, self._temperature, self._offset, self._pair, self._live,
            self._exact, self._rounded, (first, second, third, fourth), self._size, self._scale, self._landings,
            self._curve,
        )  # fmt: skip

    def _outcome(self, formula: str, name: str, tally: precision.Tally) -> Outcome:
        wins = tally.wins.copy()
        freeze(wins)
        counted = tally.draws > tally.nan
        largest = float(abs(wins / max(tally.draws, 1) - self._exact).max())
        return Outcome(
            formula, name, tally.draws, tally.nan, tally.zeros, tally.ones, tally.lost,
            tally.smallest if counted else math.nan, tally.smallest_log if counted else math.nan,
            tally.worst if counted else math.nan, wins, largest, self._judge(tally),
        )  # fmt: skip

    def _judge(self, tally: precision.Tally) -> Verdict:
        """Do the winners agree with softmax? The most probable options one by one, the others together."""
        if tally.nan == tally.draws:
            return "disagrees" if tally.draws else "too few draws"
        if len(self._exact) == 1:
            return "agrees"
        leaders = np.argsort(-self._exact, kind="stable")[:MOST_JUDGED]
        wins, exact = tally.wins[leaders], self._exact[leaders]
        if len(leaders) < len(self._exact):
            wins = np.append(wins, tally.wins.sum() - wins.sum())
            exact = np.append(exact, max(1.0 - exact.sum(), 0.0))
        return checks.agreement(wins, exact).verdict
