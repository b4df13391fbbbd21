"""Learning through a choice: what each estimator sends forward, and which slope it sends back.

A choice stands in the middle of something larger. Forward, its shares go on, hard or soft; backward, the slope f'
of the loss with respect to these shares comes in, and an estimate of the slope with respect to the scores goes
out. One row per estimator, with the ids of the Gradients page.

Arrays have one row per option and any shape behind that, (K, ...): draws, or repeats times draws. Other than in a
table of gradients for one list of scores, each column may have scores of its own.

With J(a) = diag(a) - a a^T, p = softmax(z), y the soft choice and D the hard one, as one-hot columns:

============================== ======== =====================================================================
id                             forward  backward
============================== ======== =====================================================================
exact                          D        J(p) F, with F_i the loss of choosing option i
reinforce                      D        (F_D - b) (D - p), b = 0
reinforce_mean_baseline        D        the same, b = p.F
reinforce_optimal              D        the same, b the constant of least total variance
gumbel_softmax                 y        J(y) f' / tau
straight_through_gumbel_softmax D       J(y) f' / tau
straight_through               D        J(p) f'
rao_blackwell                  D        the mean of J(y) f' / tau over noise that gives the same D
reinmax                        D        2 J((p + D) / 2) f' - J(p) f' / 2
============================== ======== =====================================================================

Sources: Williams 1992 (REINFORCE); Bengio, Leonard and Courville 2013 (straight-through); Jang, Gu and Poole 2017
and Maddison, Mnih and Teh 2017 (Gumbel-Softmax); Paulus, Maddison and Krause 2021 (Rao-Blackwell); Liu, Dong, Liu,
Yu and Gao 2023 (ReinMax); Greensmith, Bartlett and Baxter 2004 (the optimal constant baseline).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """Choices that were made, one per column.

    Attributes
    ----------
    chances
        p, (K, ...); may be (K, R, 1) where the draws of a repeat share their scores.
    hard
        D, (K, ...), one-hot.
    soft
        y, (K, ...); `hard` itself where the estimator has no use for it.
    siblings
        Soft choices of other noise that gives the same winner, (M, K, ...), or None.
    temperature
        tau.
    """

    chances: Reals
    hard: Reals
    soft: Reals
    siblings: Reals | None
    temperature: float


Backward = Callable[[Choice, Reals, Reals], Reals]


@dataclass(frozen=True, slots=True)
class Through:
    """One estimator.

    Attributes
    ----------
    id
    soft_forward
        True where soft shares go on in training.
    tempered
        True where the temperature matters.
    corners
        True where it asks for the loss of every option, not for a slope.
    siblings
        True where it averages over noise that gives the same winner.
    back
        From a choice, f' at what went forward (K, ...), and the loss of each option F (K, ...), to an estimate of
        the slope with respect to the scores, (K, ...).
    """

    id: str
    soft_forward: bool
    tempered: bool
    corners: bool
    siblings: bool
    back: Backward


def choose(row: Through, scores: Reals, noise: Reals, temperature: float, exponentials: Reals | None = None) -> Choice:
    """Return the choices that standard Gumbel noise makes.

    Parameters
    ----------
    row
        What is not needed for this estimator is left out.
    scores
        z, (K, ...), to be broadcast against `noise`; minus infinity masks an option.
    noise
        G, (K, ...).
    temperature
        tau, from 0 to infinity.
    exponentials
        Standard exponential numbers for the siblings, (M, K, ...).
    """
    noisy = scores + noise
    best = noisy.max(axis=0)
    hard = (noisy == best).astype(np.float64)
    if hard.sum() != best.size:
        # Two exactly equal scores: the first is kept, as argmax does.
        hard *= np.cumsum(hard, axis=0) == 1.0
    chances = softmax(scores)
    soft = hard
    if row.tempered and not row.siblings:
        soft = _relaxed(noisy, best, temperature)
    siblings = None
    if row.siblings:
        assert exponentials is not None
        siblings = _siblings(scores, hard, exponentials, temperature)
    return Choice(chances, hard, soft, siblings, temperature)


def softmax(scores: Reals) -> Reals:
    """Return the softmax along the first axis; minus infinity gets exactly 0."""
    shares: Reals = np.exp(scores - scores.max(axis=0))
    shares /= shares.sum(axis=0)
    return shares


def _relaxed(noisy: Reals, best: Reals, temperature: float) -> Reals:
    shares: Reals
    if temperature == 0.0:
        shares = (noisy == best).astype(np.float64)
    elif math.isinf(temperature):
        shares = (noisy > -math.inf).astype(np.float64)
    else:
        shares = np.exp((noisy - best) / temperature)
    shares /= shares.sum(axis=0)
    return shares


def _siblings(scores: Reals, hard: Reals, exponentials: Reals, temperature: float) -> Reals:
    """Return soft choices whose winner is that of `hard`, (M, K, ...).

    With E standard exponential, weights w = exp(z) of sum 1 and i the winner, the noisy scores are -log E_i for
    the winner and -log(E_k / w_k + E_i) for the others (Maddison, Tarlow and Minka 2014).
    """
    weights = softmax(scores)
    winning = (exponentials * hard).sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        times = np.where(hard > 0.0, winning, exponentials / weights + winning)
        noisy = -np.log(times)
    best = -np.log(winning[:, 0])
    soft: Reals = np.stack([_relaxed(one, most, temperature) for one, most in zip(noisy, best, strict=True)])
    return soft


def bend(shares: Reals, slope: Reals, axis: int = 0) -> Reals:
    """Return J(a) s = a (s - a.s) for shares a and slopes s."""
    product: Reals = shares * slope
    bent: Reals = product - shares * product.sum(axis=axis, keepdims=True)
    return bent


def _exact(choice: Choice, slope: Reals, losses: Reals) -> Reals:
    return np.broadcast_to(bend(choice.chances, losses), choice.hard.shape)


def _score(choice: Choice, losses: Reals, baseline: Reals) -> Reals:
    got = (losses * choice.hard).sum(axis=0, keepdims=True)
    back: Reals = (got - baseline) * (choice.hard - choice.chances)
    return back


def _reinforce(choice: Choice, slope: Reals, losses: Reals) -> Reals:
    return _score(choice, losses, np.zeros(1))


def _reinforce_mean(choice: Choice, slope: Reals, losses: Reals) -> Reals:
    return _score(choice, losses, (choice.chances * losses).sum(axis=0, keepdims=True))


def _reinforce_optimal(choice: Choice, slope: Reals, losses: Reals) -> Reals:
    p = choice.chances
    # |D - p|^2 for each possible winner.
    lengths = 1.0 - 2.0 * p + (p * p).sum(axis=0, keepdims=True)
    weights = p * lengths
    total = weights.sum(axis=0, keepdims=True)
    baseline = (weights * losses).sum(axis=0, keepdims=True) / np.maximum(total, np.finfo(float).tiny)
    return _score(choice, losses, baseline)


def _tempered(shares: Reals, slope: Reals, temperature: float, axis: int = 0) -> Reals:
    if temperature == 0.0 or math.isinf(temperature):
        # A step and a flat line: the slope of both is 0 wherever there is one.
        return np.zeros_like(shares)
    return bend(shares, slope, axis) / temperature


def _gumbel_softmax(choice: Choice, slope: Reals, losses: Reals) -> Reals:
    return _tempered(choice.soft, slope, choice.temperature)


def _straight_through(choice: Choice, slope: Reals, losses: Reals) -> Reals:
    return np.asarray(np.broadcast_to(bend(choice.chances, slope), choice.hard.shape))


def _rao_blackwell(choice: Choice, slope: Reals, losses: Reals) -> Reals:
    assert choice.siblings is not None
    mean: Reals = _tempered(choice.siblings, slope[np.newaxis], choice.temperature, axis=1).mean(axis=0)
    return mean


def _reinmax(choice: Choice, slope: Reals, losses: Reals) -> Reals:
    between = 0.5 * (choice.chances + choice.hard)
    return 2.0 * bend(between, slope) - 0.5 * bend(choice.chances, slope)


THROUGH: dict[str, Through] = {
    row.id: row
    for row in (
        Through("exact", False, False, True, False, _exact),
        Through("reinforce", False, False, True, False, _reinforce),
        Through("reinforce_mean_baseline", False, False, True, False, _reinforce_mean),
        Through("reinforce_optimal", False, False, True, False, _reinforce_optimal),
        Through("gumbel_softmax", True, True, False, False, _gumbel_softmax),
        Through("straight_through_gumbel_softmax", False, True, False, False, _gumbel_softmax),
        Through("straight_through", False, False, False, False, _straight_through),
        Through("rao_blackwell", False, True, False, True, _rao_blackwell),
        Through("reinmax", False, False, False, False, _reinmax),
    )
}
