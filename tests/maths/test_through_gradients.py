"""The two tables of estimators, one for many draws of one list of scores, one for scores of each draw's own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gumbelviz.maths.objectives import Quadratic, corner_values
from gumbelviz.maths.through import THROUGH, choose

gradients = pytest.importorskip("gumbelviz.maths.gradients", reason="the table of the Gradients page is to come")


@pytest.mark.parametrize("row", gradients.ESTIMATORS, ids=lambda row: row.id)
@pytest.mark.parametrize("tau", [0.0, 0.2, 1.0, math.inf])
def test_they_say_the_same_of_every_draw(row: Any, tau: float) -> None:
    rng = np.random.default_rng(12)
    for options in (2, 3, 10):
        logits, targets = rng.normal(size=options), rng.random(options)
        if options > 2:
            logits[1] = -math.inf
        objective = Quadratic(targets)
        noise, fresh = rng.gumbel(size=(options, 200)), rng.gumbel(size=(3, options, 200))
        through = THROUGH[row.id]
        # A Gumbel number is minus the logarithm of an exponential one.
        choice = choose(through, logits[:, np.newaxis], noise, tau, np.exp(-fresh))
        shares = choice.soft if through.soft_forward else choice.hard
        back = through.back(choice, objective.slope(shares), corner_values(objective, options)[:, np.newaxis])
        expected = row.per_draw(logits, tau, noise, objective, fresh)
        np.testing.assert_allclose(back, expected, rtol=1e-9, atol=1e-12)


def test_every_estimator_of_that_table_can_train() -> None:
    assert {row.id for row in gradients.ESTIMATORS} == set(THROUGH) - {"exact"}
