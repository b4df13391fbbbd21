"""Annealing: how the temperature falls over the steps of a schedule.

Sources: Jang, Gu and Poole 2017, section 4.2 (the paper's schedule, max(0.5, exp(-r t))); linear and cosine
schedules as in Loshchilov and Hutter 2017 for learning rates.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from gumbelviz.model.temperature_choices import DRAWN, KNOTS, Kind, TemperatureChoices

PAPER_START, PAPER_FLOOR = 1.0, 0.5


def temperature_at(choices: TemperatureChoices, step: float) -> float:
    """Return the temperature of the schedule at `step`, from 0 to its number of steps."""
    step = min(max(step, 0.0), choices.steps)
    return max(_KINDS[choices.kind](choices, step), 0.0)


def used(kind: Kind) -> frozenset[str]:
    """Return which of the numbers start, end and rate a kind of schedule uses."""
    return _USED[kind]


def formula(choices: TemperatureChoices) -> str:
    """Return the schedule as a line of mathematics, with t the step."""
    return _FORMULAS[choices.kind]


def traced(choices: TemperatureChoices) -> tuple[float, ...]:
    """Return the schedule at `KNOTS` places, within what can be drawn."""
    steps = (choices.steps * k / (KNOTS - 1) for k in range(KNOTS))
    return tuple(_drawable(temperature_at(choices, step)) for step in steps)


def stroked(drawn: tuple[float, ...], begin: float, first: float, end: float, last: float) -> tuple[float, ...]:
    """Return a drawing with a stroke over it, straight on the logarithmic axis.

    Parameters
    ----------
    drawn
        Temperatures at `KNOTS` places.
    begin, end
        Where the stroke begins and ends, as shares of the steps.
    first, last
        Temperatures there.
    """
    if begin > end:
        begin, first, end, last = end, last, begin, first
    left, right = _knot(begin), _knot(end)
    low, high = math.log(_drawable(first)), math.log(_drawable(last))
    knots = list(drawn)
    for k in range(left, right + 1):
        share = 1.0 if right == left else (k - left) / (right - left)
        knots[k] = _drawable(math.exp(low + share * (high - low)))
    return tuple(knots)


def _knot(share: float) -> int:
    return min(max(round(share * (KNOTS - 1)), 0), KNOTS - 1)


def _drawable(tau: float) -> float:
    return float(f"{min(max(tau, DRAWN[0]), DRAWN[1]):.4g}")


def _constant(choices: TemperatureChoices, step: float) -> float:
    return choices.start


def _exponential(choices: TemperatureChoices, step: float) -> float:
    return max(choices.end, choices.start * math.exp(-choices.rate * step))


def _paper(choices: TemperatureChoices, step: float) -> float:
    return max(PAPER_FLOOR, PAPER_START * math.exp(-choices.rate * step))


def _linear(choices: TemperatureChoices, step: float) -> float:
    return choices.start + (choices.end - choices.start) * step / choices.steps


def _cosine(choices: TemperatureChoices, step: float) -> float:
    part = 0.5 * (1.0 + math.cos(math.pi * step / choices.steps))
    return choices.end + (choices.start - choices.end) * part


def _drawn(choices: TemperatureChoices, step: float) -> float:
    place = step / choices.steps * (KNOTS - 1)
    left = min(int(place), KNOTS - 2)
    low, high = math.log(choices.drawn[left]), math.log(choices.drawn[left + 1])
    return math.exp(low + (place - left) * (high - low))


_KINDS: dict[Kind, Callable[[TemperatureChoices, float], float]] = {
    "constant": _constant,
    "exponential": _exponential,
    "linear": _linear,
    "cosine": _cosine,
    "paper": _paper,
    "drawn": _drawn,
}
_USED: dict[Kind, frozenset[str]] = {
    "constant": frozenset({"start"}),
    "exponential": frozenset({"start", "end", "rate"}),
    "linear": frozenset({"start", "end"}),
    "cosine": frozenset({"start", "end"}),
    "paper": frozenset({"rate"}),
    "drawn": frozenset(),
}
_FORMULAS: dict[Kind, str] = {
    "constant": "τ = τ₀",
    "exponential": "τ = max(τₙ, τ₀ · exp(−r t))",
    "linear": "τ = τ₀ + (τₙ − τ₀) · t / n",
    "cosine": "τ = τₙ + (τ₀ − τₙ) · (1 + cos(π t / n)) / 2",
    "paper": f"τ = max({PAPER_FLOOR:g}, exp(−r t))",
    "drawn": "drawn by hand",
}
