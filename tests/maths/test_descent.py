"""Gradient descent and Adam against the numbers written out one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gumbelviz.maths.descent import Adam, Plain


def test_plain_steps_go_against_the_gradient() -> None:
    value = np.array([1.0, -2.0])
    Plain(0.5).move((value,), (np.array([2.0, -1.0]),))
    assert value.tolist() == [0.0, -1.5]


def test_adam_is_algorithm_1_of_the_paper() -> None:
    gradients = [0.3, -0.1, 0.7, 0.0, -2.0]
    value, mean, square, expected = np.array([1.0]), 0.0, 0.0, 1.0
    adam = Adam(0.05)
    for t, gradient in enumerate(gradients, 1):
        adam.move((value,), (np.array([gradient]),))
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        expected -= 0.05 * (mean / (1 - 0.9**t)) / (math.sqrt(square / (1 - 0.999**t)) + 1e-8)
        assert value[0] == pytest.approx(expected, rel=1e-13)


def test_the_first_step_of_adam_has_the_size_of_the_rate() -> None:
    small, large = np.zeros(1), np.zeros((2, 1))
    Adam(0.01).move((small, large), (np.array([1e-3]), np.array([[5.0], [-700.0]])))
    assert small[0] == pytest.approx(-0.01, rel=1e-4)
    assert large[:, 0] == pytest.approx([-0.01, 0.01], rel=1e-6)
