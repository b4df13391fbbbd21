"""What is to be made small: functions f of a choice, with the slopes f' that an estimator may ask for.

A choice is a column of shares y (K, N): a hard one is one-hot, a soft one lies inside the simplex. On hard
choices alone f is a list of K values, and only these matter for the exact gradient; what f does between the
corners matters to every estimator that looks at f'.
"""

import math
from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Reals = NDArray[np.float64]
ObjectiveId = Literal["linear", "quadratic", "cubic", "bit"]


class Objective(Protocol):
    """A function of one choice."""

    @property
    def id(self) -> ObjectiveId:
        """Its name in tables and files."""

    def value(self, shares: Reals) -> Reals:
        """Return f of every column of `shares` (K, N): (N,)."""

    def slope(self, shares: Reals) -> Reals:
        """Return f' at every column of `shares` (K, N): (K, N), or (K, 1) where it is the same everywhere."""


class Linear:
    """f(y) = sum_i c_i y_i: a value for each option, joined by a plane."""

    id: ObjectiveId = "linear"

    def __init__(self, values: ArrayLike) -> None:
        self.values = _finite(values, "value")

    def value(self, shares: Reals) -> Reals:
        return np.asarray(self.values.astype(shares.dtype) @ shares)

    def slope(self, shares: Reals) -> Reals:
        return self.values.astype(shares.dtype)[:, np.newaxis]


class Quadratic:
    """f(y) = sum_i (y_i - t_i)^2: the squared distance from a target."""

    id: ObjectiveId = "quadratic"

    def __init__(self, targets: ArrayLike) -> None:
        self.targets = _finite(targets, "target")

    def value(self, shares: Reals) -> Reals:
        steps = shares - self.targets.astype(shares.dtype)[:, np.newaxis]
        return np.asarray(np.einsum("kn,kn->n", steps, steps))

    def slope(self, shares: Reals) -> Reals:
        slopes = shares - self.targets.astype(shares.dtype)[:, np.newaxis]
        slopes += slopes
        return slopes


class Cubic:
    """f(y) = y_0^3."""

    id: ObjectiveId = "cubic"

    def value(self, shares: Reals) -> Reals:
        return np.asarray(shares[0] ** 3)

    def slope(self, shares: Reals) -> Reals:
        slopes = np.zeros_like(shares)
        np.multiply(shares[0], 3 * shares[0], out=slopes[0])
        return slopes


class Bit:
    """f(y) = (y_0 - t)^2: the toy with one bit, b = 1 where the first option wins (Tucker et al. 2017)."""

    id: ObjectiveId = "bit"

    def __init__(self, target: float) -> None:
        self.target = float(_finite([target], "target")[0])

    def value(self, shares: Reals) -> Reals:
        return np.asarray((shares[0] - self.target) ** 2)

    def slope(self, shares: Reals) -> Reals:
        slopes = np.zeros_like(shares)
        np.subtract(2 * shares[0], 2 * self.target, out=slopes[0])
        return slopes


def make_objective(kind: ObjectiveId, options: int, values: ArrayLike = (), targets: ArrayLike = ()) -> Objective:
    """Return the objective of that name for so many options.

    Parameters
    ----------
    kind
    options
    values
        c, (K,), for a linear one.
    targets
        t, (K,), for a quadratic one; its first number for the toy with one bit.

    Raises
    ------
    ValueError
        With a sentence, where the numbers do not fit.
    """
    if kind == "linear":
        return Linear(_fitting(values, options, "value"))
    if kind == "quadratic":
        return Quadratic(_fitting(targets, options, "target"))
    if kind == "bit":
        return Bit(float(np.atleast_1d(np.asarray(targets, dtype=np.float64))[0]))
    return Cubic()


def corner_values(objective: Objective, options: int) -> Reals:
    """Return f of each hard choice, (K,): a short list even of very many options."""
    if options <= _DENSE:
        return objective.value(np.eye(options))
    corners = np.zeros((options, 1))
    values = np.empty(options)
    for i in range(options):
        corners[i] = 1.0
        values[i] = objective.value(corners)[0]
        corners[i] = 0.0
    return values


def corner_slopes(objective: Objective, options: int) -> Reals:
    """Return f' at each hard choice, (K, K): column i belongs to option i."""
    return np.broadcast_to(objective.slope(np.eye(options)), (options, options))


_DENSE = 2_000


def _finite(numbers: ArrayLike, what: str) -> Reals:
    values = np.array(numbers, dtype=np.float64)
    for i, number in enumerate(values):
        if not abs(number) <= 1e6:
            said = "is not a number" if math.isnan(number) else f"is {number:g}"
            raise ValueError(f"The {what} of option {i + 1} {said}; it must lie between -1e6 and 1e6.")
    return values


def _fitting(numbers: ArrayLike, options: int, what: str) -> Sequence[float]:
    values: list[float] = np.atleast_1d(np.asarray(numbers, dtype=np.float64)).tolist()
    if len(values) != options:
        raise ValueError(f"There are {options:,} options but {len(values):,} {what}s; give one for each option.")
    return values
