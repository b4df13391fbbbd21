"""The small network: its gradients by hand against finite differences, and its test against a plain loop."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.maths.router import EXPERTS, Points, Router, cross_entropy, make_points, sigmoid
from gumbelviz.maths.through import THROUGH, choose, softmax

Reals = NDArray[np.float64]
REPEATS, COUNT, TAU, SCALE = 2, 6, 0.8, 1.3
STEP = 1e-6
NAMES = ("hidden", "hidden_bias", "gate", "gate_bias", "expert", "expert_bias")


def made(seed: int = 1) -> tuple[Router, Points, Reals]:
    rng = np.random.default_rng(seed)
    router = Router(rng.normal(size=(REPEATS, Router.NUMBERS)))
    # Away from the flat start, so that every parameter matters.
    for array in router.parameters:
        array += 0.5 * rng.normal(size=array.shape)
    points = make_points(rng.integers(0, 4, (REPEATS, COUNT)), rng.normal(size=(REPEATS, COUNT, 2)))
    return router, points, rng.gumbel(size=(EXPERTS, REPEATS, COUNT))


def difference(router: Router, loss: Callable[[], Reals], array: Reals) -> Reals:
    """The slope of the loss of each repeat with respect to every number of one of its arrays."""
    slopes = np.empty_like(array)
    for place in np.ndindex(array.shape[1:]):
        where = (slice(None), *place)
        kept = array[where].copy()
        array[where] = kept + STEP
        above = loss()
        array[where] = kept - STEP
        slopes[where] = (above - loss()) / (2 * STEP)
        array[where] = kept
    return slopes


def gradients(router: Router, points: Points, noise: Reals, name: str) -> tuple[Reals, ...]:
    row = THROUGH[name]
    hidden, scores, odds = router.score(points.places)
    return router.slopes(points, hidden, odds, choose(row, scores / SCALE, noise, TAU / SCALE), row, SCALE)[0]


@pytest.mark.parametrize("which", range(6), ids=NAMES)
def test_the_soft_path_against_finite_differences(which: int) -> None:
    router, points, noise = made()

    def loss() -> Reals:
        _, scores, odds = router.score(points.places)
        shares = softmax((scores + SCALE * noise) / TAU)
        mean: Reals = cross_entropy((shares * odds).sum(axis=0), points.classes).mean(axis=1)
        return mean

    by_hand = gradients(router, points, noise, "gumbel_softmax")[which]
    np.testing.assert_allclose(by_hand, difference(router, loss, router.parameters[which]), atol=2e-8)
    assert np.abs(by_hand).max() > 1e-3


@pytest.mark.parametrize("which", range(4), ids=NAMES[:4])
def test_the_exact_gradient_of_the_router_against_finite_differences(which: int) -> None:
    router, points, noise = made(2)

    def loss() -> Reals:
        _, scores, odds = router.score(points.places)
        expected: Reals = (softmax(scores / SCALE) * cross_entropy(odds, points.classes)).sum(axis=0).mean(axis=1)
        return expected

    by_hand = gradients(router, points, noise, "exact")[which]
    np.testing.assert_allclose(by_hand, difference(router, loss, router.parameters[which]), atol=2e-8)


@pytest.mark.parametrize("which", (4, 5), ids=NAMES[4:])
@pytest.mark.parametrize("name", ["reinmax", "reinforce"])
def test_only_the_expert_that_was_chosen_learns(which: int, name: str) -> None:
    router, points, noise = made(3)

    def loss() -> Reals:
        _, scores, odds = router.score(points.places)
        winners = (scores + SCALE * noise).argmax(axis=0)
        answers = np.take_along_axis(odds, winners[np.newaxis], axis=0)[0]
        mean: Reals = cross_entropy(answers, points.classes).mean(axis=1)
        return mean

    by_hand = gradients(router, points, noise, name)[which]
    np.testing.assert_allclose(by_hand, difference(router, loss, router.parameters[which]), atol=2e-8)


def test_the_test_is_hard_and_without_noise() -> None:
    router, points, _ = made(4)
    shared = Points(points.places[0], points.classes[0])
    loss, accuracy, load = router.test(shared)
    for r in range(REPEATS):
        losses, right, got = [], [], np.zeros(EXPERTS)
        for x, c in zip(shared.places, shared.classes, strict=True):
            hidden = np.tanh(x @ router.hidden[r] + router.hidden_bias[r, 0])
            winner = int(np.argmax(hidden @ router.gate[r] + router.gate_bias[r, 0]))
            odds = float(x @ router.expert[r, :, winner] + router.expert_bias[r, 0, winner])
            losses.append(math.log1p(math.exp(-odds if c else odds)))
            right.append((odds > 0) == bool(c))
            got[winner] += 1.0 / COUNT
        assert loss[r] == pytest.approx(np.mean(losses), rel=1e-12)
        assert accuracy[r] == np.mean(right)
        np.testing.assert_allclose(load[:, r], got, atol=1e-15)


def test_no_straight_line_will_do() -> None:
    # The best of many lines through the plane, found by trying, is far from what four lines could do: 100 %.
    rng = np.random.default_rng(6)
    points = make_points(rng.integers(0, 4, 4_000), rng.normal(size=(4_000, 2)))
    lines = rng.normal(size=(400, 3))
    answers = lines[:, :2] @ points.places.T + lines[:, 2:] > 0.0
    best = np.max(np.mean(answers == (points.classes > 0.5), axis=1))
    assert 0.5 <= best < 0.75
    assert abs(points.classes.mean() - 0.5) < 5 * 0.5 / math.sqrt(4_000)


def test_large_odds_neither_overflow_nor_lose_their_sign() -> None:
    odds = np.array([-1e4, -30.0, 0.0, 30.0, 1e4])
    np.testing.assert_allclose(sigmoid(odds), [0.0, 0.0, 0.5, 1.0, 1.0], atol=1e-12)
    np.testing.assert_allclose(cross_entropy(odds, np.ones(5)), [1e4, 30.0, math.log(2.0), 0.0, 0.0], atol=1e-12)
