"""A small mixture of experts with a choice in its middle: a router picks one of a few linear classifiers.

A point x of the plane passes one hidden layer, h = tanh(W x + a), which scores the experts, z = V h + c. The
choice says which expert answers: expert i gives the log-odds u_i = B_i x + b_i of the point being of class 1, and
the loss is the cross entropy of u = sum_i y_i u_i. At test time the choice is hard and without noise: argmax z.

Every expert alone is a straight line, and the data need a different line in each of four places, so that nothing
is learned unless the router learns. Gradients are written out by hand; the choice's own slope comes from one of
the estimators of `gumbelviz.maths.through`.

Many routers are trained at once: parameters have the repeat first, (R, ...), and data are (R, N, 2).
Source of the set-up: Jacobs, Jordan, Nowlan and Hinton 1991 (adaptive mixtures of local experts).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gumbelviz.maths.through import Choice, Through

Reals = NDArray[np.float64]
EXPERTS, HIDDEN = 4, 16
CENTERS = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
"""Where the four heaps of points lie, (4, 2)."""
SPREAD = 0.38
NORMALS = np.array([[1.0, 0.4], [-0.3, 1.0], [-1.0, 0.6], [0.7, -1.0]])
"""The direction in which each heap turns from class 0 to class 1, (4, 2)."""


@dataclass(frozen=True, slots=True)
class Points:
    """Points of the plane, (R, N, 2) or (N, 2), and their classes, 0.0 or 1.0, (R, N) or (N,)."""

    places: Reals
    classes: Reals


def make_points(heaps: NDArray[np.int64], normals: Reals) -> Points:
    """Return points around the centres.

    Parameters
    ----------
    heaps
        Which heap each point belongs to, (...).
    normals
        Standard normal numbers, (..., 2).
    """
    offsets = SPREAD * normals
    classes = ((offsets * NORMALS[heaps]).sum(axis=-1) > 0.0).astype(np.float64)
    return Points(CENTERS[heaps] + offsets, classes)


class Router:
    """R routers side by side.

    Parameters
    ----------
    normals
        Standard normal numbers for the first parameters, (R, n) with n = `Router.NUMBERS`.
    """

    NUMBERS = 2 * HIDDEN + HIDDEN * EXPERTS + 2 * EXPERTS

    def __init__(self, normals: Reals) -> None:
        repeats = len(normals)
        first, second, third = np.split(normals, [2 * HIDDEN, 2 * HIDDEN + HIDDEN * EXPERTS], axis=1)
        self.hidden = 1.0 * first.reshape(repeats, 2, HIDDEN)
        self.hidden_bias = np.zeros((repeats, 1, HIDDEN))
        self.gate = 0.1 * second.reshape(repeats, HIDDEN, EXPERTS)
        self.gate_bias = np.zeros((repeats, 1, EXPERTS))
        self.expert = 0.5 * third.reshape(repeats, 2, EXPERTS)
        self.expert_bias = np.zeros((repeats, 1, EXPERTS))

    @property
    def parameters(self) -> tuple[Reals, ...]:
        """Every array that is learned, the repeat first."""
        return self.hidden, self.hidden_bias, self.gate, self.gate_bias, self.expert, self.expert_bias

    def score(self, places: Reals) -> tuple[Reals, Reals, Reals]:
        """Return the hidden layer (R, N, H), the scores z (4, R, N), and the experts' log-odds (4, R, N)."""
        hidden = np.tanh(places @ self.hidden + self.hidden_bias)
        scores = hidden @ self.gate + self.gate_bias
        odds = places @ self.expert + self.expert_bias
        return hidden, _options_first(scores), _options_first(odds)

    def test(self, points: Points) -> tuple[Reals, Reals, Reals]:
        """Return loss and accuracy (R,) with hard choices and no noise, and the share of each expert (4, R)."""
        _, scores, odds = self.score(points.places)
        winners = scores.argmax(axis=0)
        answers = np.take_along_axis(odds, winners[np.newaxis], axis=0)[0]
        loss = cross_entropy(answers, points.classes).mean(axis=-1)
        accuracy = ((answers > 0.0) == (points.classes > 0.5)).mean(axis=-1)
        load = np.stack([(winners == i).mean(axis=-1) for i in range(EXPERTS)])
        return loss, accuracy, load

    def slopes(
        self, points: Points, hidden: Reals, odds: Reals, choice: Choice, row: Through, scale: float = 1.0
    ) -> tuple[tuple[Reals, ...], Reals]:
        """Return the gradient of the mean loss, in the order of `parameters`, and that of the scores (4, R, N).

        Parameters
        ----------
        points
            What was learned from, (R, N, 2).
        hidden, odds
            From `score`.
        choice, row
            The choices that were made of the scores, and the estimator that sends the slope back through them.
        scale
            What the scores were divided by before the choice.
        """
        count = points.classes.shape[-1]
        shares = choice.soft if row.soft_forward else choice.hard
        answers = (shares * odds).sum(axis=0)
        error = sigmoid(answers) - points.classes
        losses = cross_entropy(odds, points.classes) if row.corners else odds
        back = row.back(choice, error * odds, losses) / scale
        back_last = np.moveaxis(back, 0, -1) / count
        expert_back = np.moveaxis(error * shares, 0, -1) / count
        turned = np.swapaxes(points.places, -1, -2)
        hidden_back = (back_last @ np.swapaxes(self.gate, -1, -2)) * (1.0 - np.square(hidden))
        return (
            turned @ hidden_back,
            hidden_back.sum(axis=1, keepdims=True),
            np.swapaxes(hidden, -1, -2) @ back_last,
            back_last.sum(axis=1, keepdims=True),
            turned @ expert_back,
            expert_back.sum(axis=1, keepdims=True),
        ), back


def _options_first(array: Reals) -> Reals:
    return np.ascontiguousarray(np.moveaxis(array, -1, 0))


def sigmoid(odds: Reals) -> Reals:
    """Return 1 / (1 + exp(-u)), without overflow at either end."""
    value: Reals = 0.5 * (1.0 + np.tanh(0.5 * odds))
    return value


def cross_entropy(odds: Reals, classes: Reals) -> Reals:
    """Return -log of the chance that log-odds give to the true class."""
    loss: Reals = np.logaddexp(0.0, odds) - classes * odds
    return loss
