"""What a person expects: shares over the options that always add up to 1."""

from __future__ import annotations

import math
from collections.abc import Sequence

MOST_PREDICTED = 12
"""Options up to which each has a bar to be dragged; more cannot be told apart from the last row of a hall."""


def even_shares(count: int) -> tuple[float, ...]:
    """Return `count` equal shares."""
    return (1.0 / count,) * count


def move_share(shares: Sequence[float], place: int, value: float) -> tuple[float, ...]:
    """Return shares in which the one at `place` is `value`, and the others keep their proportions.

    Parameters
    ----------
    shares
        What there was, (K,), adding up to 1.
    place
        Which of them moves.
    value
        Where to; outside 0 to 1 counts as the nearer end. A single option always has everything.
    """
    if len(shares) == 1:
        return (1.0,)
    value = min(max(value, 0.0), 1.0)
    rest = math.fsum(share for i, share in enumerate(shares) if i != place)
    if rest <= 0.0:
        # Proportions of nothing: the others share what is left evenly.
        others = [(1.0 - value) / (len(shares) - 1)] * len(shares)
    else:
        others = [share * (1.0 - value) / rest for share in shares]
    return tuple(value if i == place else share for i, share in enumerate(others))


def whole_percents(shares: Sequence[float], held: int | None = None) -> tuple[int, ...]:
    """Return `shares` in whole per cent that add up to exactly 100.

    Rounded down, and what is missing goes to the largest remainders; a share that is `held` under the hand is
    rounded to the nearest first, so that the number beside it never differs from where the hand is.
    """
    exact = [100.0 * share for share in shares]
    whole = [math.floor(percent + 1e-9) for percent in exact]
    if held is not None:
        whole[held] = round(exact[held])
    order = sorted((i for i in range(len(exact)) if i != held), key=lambda i: whole[i] - exact[i])
    for i in (order or [0])[: max(100 - sum(whole), 0)]:
        whole[i] += 1
    # A share that was rounded up under the hand takes its part from the smallest remainders.
    for i in reversed(order):
        if sum(whole) > 100 and whole[i] > 0:
            whole[i] -= 1
    return tuple(whole)


def farthest(predicted: Sequence[float], exact: Sequence[float]) -> int:
    """Return the place at which a prediction is farthest off; the first of equals."""
    return max(range(len(exact)), key=lambda i: abs(predicted[i] - exact[i]))
