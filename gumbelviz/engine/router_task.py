"""The task that is not a toy: a router in the middle of a small network, on points of the plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.training import FIRST, Measure, StepNoise, generator, optimiser_of, points_of, siblings_of
from gumbelviz.maths.router import CENTERS, EXPERTS, Points, Router, make_points
from gumbelviz.maths.through import Through, choose

Reals = NDArray[np.float64]
TEST_POINTS, TEST_APART = 384, 4
"""How many points the routers are tested on, and how many steps apart: a test costs as much as some steps."""
_TEST = 10**9
"""The address of the test points: no training has so many steps."""


@dataclass(frozen=True, slots=True)
class RouterPlan:
    """How the routers learn."""

    optimiser: str
    rate: float
    batch: int
    repeats: int
    scale: float
    seed: int


class RouterTask:
    """R routers, all tested on the same points."""

    columns = EXPERTS
    apart = TEST_APART

    def __init__(self, plan: RouterPlan) -> None:
        self.plan = plan
        self._noise = StepNoise(plan.seed, EXPERTS, plan.repeats * plan.batch)
        self.test = _points(plan.seed, _TEST, (TEST_POINTS,))
        numbers = generator(plan.seed, 0, FIRST).standard_normal((plan.repeats, Router.NUMBERS))
        self._numbers = numbers

    def lane(self, row: Through) -> RouterLane:
        """Return fresh routers for an estimator; all estimators begin with the same ones."""
        return RouterLane(self.plan, row, Router(self._numbers), self.test)

    def draw(self, step: int) -> tuple[int, Reals, Points]:
        """Return the step, its noise (4, R, B), and its points (R, B, 2)."""
        shape = (self.plan.repeats, self.plan.batch)
        return step, self._noise.at(step).reshape(EXPERTS, *shape), _points(self.plan.seed, step, shape)


class RouterLane:
    """R routers, learned by one estimator."""

    def __init__(self, plan: RouterPlan, row: Through, router: Router, test: Points) -> None:
        self._plan, self._row, self.router, self._test = plan, row, router, test
        self._optimiser = optimiser_of(plan.optimiser, plan.rate)

    def move(self, drawn: tuple[int, Reals, Points], temperature: float) -> Reals:
        """Make one step, and return the gradient of the scores of each point before it, (4, R, B)."""
        step, noise, points = drawn
        plan, row, router = self._plan, self._row, self.router
        hidden, scores, odds = router.score(points.places)
        exponentials = siblings_of(plan.seed, step, noise.shape) if row.siblings else None
        # The noise's scale only divides the scores: the network learns to make them larger.
        choice = choose(row, scores / plan.scale, noise, temperature / plan.scale, exponentials)
        gradients, back = router.slopes(points, hidden, odds, choice, row, plan.scale)
        self._optimiser.move(router.parameters, gradients)
        return back

    def spots(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return which expert the first router sends each test point to, and whether the answer is right, (N,)."""
        _, scores, odds = self.router.score(self._test.places)
        winners = scores[:, 0].argmax(axis=0)
        answers = np.take_along_axis(odds[:, 0], winners[np.newaxis], axis=0)[0]
        return winners, (answers > 0.0) == (self._test.classes > 0.5)

    def measure(self) -> Measure:
        """Loss and accuracy on the test points, with hard choices and no noise."""
        loss, accuracy, load = self.router.test(self._test)
        return Measure(loss, accuracy, load.mean(axis=1))


def _points(seed: int, step: int, shape: tuple[int, ...]) -> Points:
    numbers = points_of(seed, step)
    heaps = numbers.integers(0, len(CENTERS), shape)
    return make_points(heaps, numbers.standard_normal((*shape, 2)))
