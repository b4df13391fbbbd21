"""Entropy in bits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gumbelviz.maths.entropy import bits


@pytest.mark.parametrize("shares", [[0.5, 0.3, 0.2], [0.25] * 4, [0.9, 0.05, 0.03, 0.02]])
def test_it_is_what_scipy_says(shares: list[float]) -> None:
    assert bits(shares) == pytest.approx(stats.entropy(shares, base=2), rel=1e-14)


def test_certain_and_masked_options_add_nothing() -> None:
    assert bits([0.0, 1.0, 0.0]) == 0.0
    assert bits(np.array([0.5, 0.5, 0.0])) == 1.0
    assert bits([1.0 - 1e-17, 1e-17, 0.0]) >= 0.0
