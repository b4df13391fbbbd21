"""Trainings as a generator: several estimators side by side on the same noise, each with many repeats at once.

A training knows neither threads nor clocks. Each piece of its work is one step of one estimator; after the last
estimator of a step has moved, the step is recorded. Noise has an address: of seed s, step n always sees the same
draws, whatever was asked for before.

What is trained is a `Task`: it makes a `Lane` for each estimator, which holds the R repeats of it, and the noise
of each step, which all lanes share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.random import PCG64DXSM, Generator, SeedSequence
from numpy.typing import NDArray

from gumbelviz.engine.history import History
from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.maths.descent import Adam, Plain
from gumbelviz.maths.through import THROUGH, Through, choose, softmax

Reals = NDArray[np.float64]
SIBLINGS = 8
"""Draws over which the Rao-Blackwellised estimator averages."""
AHEAD = 8_192
"""Numbers of noise that are made at once: one call for each step would cost more than the noise."""
MEMORY, SHORTEST_MEMORY = 0.04, 10.0
"""Share of the steps, and fewest steps, over which the signal-to-noise ratio is averaged: one step tells little."""
_POINTS, _SIBLINGS, FIRST = 1, 2, 3
"""What the generators beside the stream are for: points, siblings, and first parameters."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How a lane does: loss (R,), accuracy (R,) or None, and mean shares over the repeats (C,)."""

    loss: Reals
    accuracy: Reals | None
    shares: Reals


class Lane(Protocol):
    """The repeats of one estimator."""

    def move(self, drawn: Any, temperature: float) -> Reals:
        """Make one step, and return the gradient of the scores of each draw before it, (K, R, B)."""

    def measure(self) -> Measure:
        """Tell how it does now."""


class Task(Protocol):
    """Something to learn."""

    @property
    def columns(self) -> int:
        """How many columns its shares have."""

    @property
    def apart(self) -> int:
        """Steps between two looks at how it does, which may cost more than the steps."""

    def lane(self, row: Through) -> Lane:
        """Return fresh repeats for an estimator."""

    def draw(self, step: int) -> Any:
        """Return what all lanes see at a step."""


def generator(seed: int, step: int, use: int) -> Generator:
    """Return the numbers of a step for something beside the stream; the keys are longer than those of the stream."""
    return Generator(PCG64DXSM(SeedSequence(seed, spawn_key=(step, use, 0))))


def siblings_of(seed: int, step: int, shape: tuple[int, ...]) -> Reals:
    """Return the exponential numbers of the siblings of a step, (M, ...)."""
    return generator(seed, step, _SIBLINGS).standard_exponential((SIBLINGS, *shape))


def points_of(seed: int, step: int) -> Generator:
    """Return the numbers from which the points of a step are made."""
    return generator(seed, step, _POINTS)


class StepNoise:
    """Gumbel noise of the seed, so many draws to a step.

    Parameters
    ----------
    seed
    options
        K.
    draws
        Of one step.
    """

    def __init__(self, seed: int, options: int, draws: int) -> None:
        self._stream = Stream(seed, np.arange(options), options)
        self._options, self._draws = options, draws
        self._ahead = max(AHEAD // (draws * options), 1)
        self._first = -1
        self._noise = np.empty((options, 0))

    def at(self, step: int) -> Reals:
        """Return the noise of draws `step * draws` to `(step + 1) * draws - 1`, (K, draws)."""
        first = step // self._ahead * self._ahead
        if first != self._first:
            bits = np.empty((self._options, self._ahead * self._draws), np.uint32)
            self._stream.read(first * self._draws, bits)
            self._noise, self._first = gumbel_of_bits(bits), first
        start = (step - first) * self._draws
        return self._noise[:, start : start + self._draws]


def optimiser_of(name: str, rate: float) -> Plain | Adam:
    """Return a fresh optimiser, "plain" or "adam"."""
    return Adam(rate) if name == "adam" else Plain(rate)


@dataclass(frozen=True, slots=True)
class ChoicePlan:
    """What a choice among options is taught, and how.

    Attributes
    ----------
    scores
        z at step 0, (K,); minus infinity masks an option.
    slope
        From shares (K, N) to f', (K, N) or (K, 1).
    losses
        f of each hard choice, (K,).
    scale
        beta of the noise.
    optimiser, rate, batch, repeats, seed
    """

    scores: Reals
    slope: Callable[[Reals], Reals]
    losses: Reals
    scale: float
    optimiser: str
    rate: float
    batch: int
    repeats: int
    seed: int


class ChoiceTask:
    """Learn the scores of one choice.

    With noise of scale beta everything is the standard case with scores z / beta and temperature tau / beta, and
    slopes with respect to z are those of that case divided by beta.
    """

    def __init__(self, plan: ChoicePlan) -> None:
        self.plan = plan
        self.columns = len(plan.scores)
        self.apart = 1
        self._noise = StepNoise(plan.seed, self.columns, plan.repeats * plan.batch)

    def lane(self, row: Through) -> ChoiceLane:
        """Return fresh repeats for an estimator."""
        return ChoiceLane(self.plan, row)

    def draw(self, step: int) -> tuple[int, Reals]:
        """Return the step and its noise, (K, R, B)."""
        plan = self.plan
        return step, self._noise.at(step).reshape(self.columns, plan.repeats, plan.batch)


class ChoiceLane:
    """R lists of scores, learned by one estimator."""

    def __init__(self, plan: ChoicePlan, row: Through) -> None:
        self._plan, self._row = plan, row
        self.scores = np.repeat(plan.scores[:, np.newaxis, np.newaxis], plan.repeats, axis=1)
        """z, (K, R, 1)."""
        # Masked options stay out of the arithmetic of the optimiser.
        self._live = np.isfinite(plan.scores)
        self._values = self.scores[self._live]
        self._losses = plan.losses[:, np.newaxis, np.newaxis]
        self._optimiser = optimiser_of(plan.optimiser, plan.rate)

    def move(self, drawn: tuple[int, Reals], temperature: float) -> Reals:
        """Make one step, and return the gradient of each draw before it, (K, R, B)."""
        step, noise = drawn
        plan, row = self._plan, self._row
        exponentials = siblings_of(plan.seed, step, noise.shape) if row.siblings else None
        choice = choose(row, self.scores / plan.scale, noise, temperature / plan.scale, exponentials)
        forward = choice.soft if row.soft_forward else choice.hard
        slope = self._losses
        if not row.corners:
            slope = plan.slope(forward.reshape(len(forward), -1))
            slope = slope.reshape(noise.shape if slope.shape[1] > 1 or noise[0].size == 1 else (-1, 1, 1))
        back = row.back(choice, slope, self._losses) / plan.scale
        self._optimiser.move((self._values,), (back[self._live].mean(axis=2, keepdims=True),))
        self.scores[self._live] = self._values
        return back

    def measure(self) -> Measure:
        """The expected loss of a hard choice, exactly."""
        chances = softmax(self.scores[:, :, 0] / self._plan.scale)
        return Measure(self._plan.losses @ chances, None, chances.mean(axis=1))


def quartiles(values: Reals) -> Reals:
    """Return lower quartile, median and upper quartile of some numbers, (3,); as `np.quantile`, but quicker."""
    rising = np.sort(values)
    places = np.array([0.25, 0.5, 0.75]) * (len(rising) - 1)
    left = places.astype(np.int64)
    right = np.minimum(left + 1, len(rising) - 1)
    ends: Reals = rising[left] + (places - left) * (rising[right] - rising[left])
    return ends


class Training:
    """One training: a task, a few estimators, a temperature for each step.

    Parameters
    ----------
    task
    estimators
        Ids.
    steps
        How many there will be.
    temperature
        From a step to tau.
    gather
        From the shares of a lane (C,) to what is recorded of them.
    columns
        How many numbers that are.
    """

    def __init__(
        self,
        task: Task,
        estimators: tuple[str, ...],
        steps: int,
        temperature: Callable[[int], float],
        gather: Callable[[Reals], Reals] | None = None,
        columns: int | None = None,
    ) -> None:
        self._task, self._temperature = task, temperature
        self._gather = gather or (lambda shares: shares)
        self.steps, self.done = steps, 0
        self.pieces = 0
        self.lanes = [task.lane(THROUGH[name]) for name in estimators]
        count = len(self.lanes)
        self.scored = self.lanes[0].measure().accuracy is not None
        self.history = History(
            {
                "tau": (), "loss": (count, 3), "accuracy": (count, 3), "ratio": (count,),
                "river": (count, task.columns if columns is None else columns),
            }
        )  # fmt: skip
        # Power of the gradient's mean over a batch, and of its noise, over about the last `MEMORY` of the steps.
        self._powers = np.zeros((2, count))
        self._kept = 1.0 - 1.0 / max(MEMORY * steps, SHORTEST_MEMORY)
        self._work = self._run()

    def advance(self) -> bool:
        """Do the next piece, one step of one estimator; False where all is done."""
        return next(self._work, False)

    def _run(self) -> Iterator[bool]:
        self._record([lane.measure() for lane in self.lanes])
        while self.done < self.steps:
            drawn = self._task.draw(self.done)
            tau = self._temperature(self.done)
            self._powers *= self._kept
            after = self.done + 1
            wanted = after == self.steps or (after % self._task.apart == 0 and self.history.wants(after))
            measures = []
            for place, lane in enumerate(self.lanes):
                self._powers[:, place] += powers(lane.move(drawn, tau))
                self.pieces += 1
                if wanted:
                    # Right after its own step, so that no piece of work is long.
                    measures.append(lane.measure())
                if place == len(self.lanes) - 1:
                    self.done = after
                    if wanted:
                        self._record(measures)
                yield True

    def _record(self, measures: list[Measure]) -> None:
        values: dict[str, Reals | float] = {
            "tau": self._temperature(self.done),
            "loss": np.stack([quartiles(measure.loss) for measure in measures]),
            "river": np.stack([self._gather(measure.shares) for measure in measures]),
            "ratio": signal_to_noise(self._powers),
        }
        if self.scored:
            values["accuracy"] = np.stack([quartiles(m.accuracy) for m in measures if m.accuracy is not None])
        self.history.record(self.done, values)


def powers(gradients: Reals) -> tuple[float, float]:
    """Return mean squares over the repeats: of the batch mean of a gradient (K, R, B), and of the noise in it.

    The noise of the mean of B draws is their variance divided by B. With one draw to a batch nothing can be said
    of it: NaN.
    """
    draws = gradients.shape[2]
    if draws == 1:
        return np.nan, np.nan
    means = gradients.mean(axis=2)
    signal = np.einsum("kr,kr->", means, means)
    square = np.einsum("krb,krb->", gradients, gradients) / draws
    # The difference of two nearly equal numbers can fall below zero by rounding.
    variance = max(square - signal, 0.0) * draws / (draws - 1)
    return float(signal), float(variance / draws)


def signal_to_noise(summed: Reals) -> Reals:
    """Return the ratio of the size of the mean gradient to that of its noise, from sums of `powers`, (E,).

    The mean square of a noisy mean is that of the signal plus that of the noise, which is taken off again. NaN where
    nothing is known, or there is no noise at all.
    """
    measured, noise = summed
    ratio = np.full(len(noise), np.nan)
    known = noise > 1e-20 * measured
    ratio[known] = np.sqrt(np.maximum(measured[known] / noise[known] - 1.0, 0.0))
    return ratio
