"""The winner's margin: how far the largest noisy score is ahead of the second.

Given that option i wins, it is ahead by more than d exactly if it would still win with its logit lowered by d:

    P(margin > d) = sum_i q_i / (q_i + (1 - q_i) e^(d / scale)),    q = softmax(logits / scale)

The temperature does not enter. It makes the ratio of the two largest soft choices of a margin, e^(margin / tau),
whose law is `concrete.margin_sf`.

Sources: Gumbel 1954; Maddison, Tarlow and Minka 2014.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths import special
from gumbelviz.maths.concrete import log_odds
from gumbelviz.maths.refusals import check_logits, check_scale

Reals = NDArray[np.float64]


def survival(distance: ArrayLike, logits: ArrayLike, scale: float = 1.0) -> Reals:
    """Return P(margin > distance), elementwise; a single unmasked option has no second: 1.

    Raises
    ------
    ValueError
        If a distance is NaN or below 0, or for logits or a scale without meaning.
    """
    z, beta = check_logits(logits), check_scale(scale)
    d = np.asarray(distance, dtype=np.float64) / beta
    if not np.all(d >= 0):
        raise ValueError("A margin is a distance: give numbers from 0 upwards.")
    rivals = _unmasked(z) / beta
    if rivals.size == 1:
        return np.ones_like(d)
    odds = log_odds(rivals)
    # One distance at a time: a table of distances by options would not fit into the cache, nor always into memory.
    chances = np.array([special.expit(odds - step).sum() for step in d.ravel()]).reshape(d.shape)
    result: Reals = np.minimum(chances, 1.0)
    return result


def mean(logits: ArrayLike, scale: float = 1.0) -> float:
    """Return E[margin] = -scale sum_i log(1 - q_i), the integral of `survival`; infinity for a single option."""
    z, beta = check_logits(logits), check_scale(scale)
    rivals = _unmasked(z) / beta
    return beta * float(np.logaddexp(0.0, log_odds(rivals)).sum()) if rivals.size > 1 else math.inf


def lead(logits: ArrayLike, scale: float = 1.0) -> float:
    """Return scale log(q / (1 - q)) of the most probable option.

    Where this is far above 0 the margins lie around it; it is negative where no option wins more than half of
    the draws. Infinity for a single option.
    """
    z, beta = check_logits(logits), check_scale(scale)
    rivals = _unmasked(z) / beta
    return beta * float(log_odds(rivals).max()) if rivals.size > 1 else math.inf


def _unmasked(logits: Reals) -> Reals:
    return logits[logits > -math.inf]
