"""What stands in the places of a text: a function for each, from what is on the screen to a few characters."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gumbelviz.model.gradient_choices import COLORS as ESTIMATORS
from gumbelviz.model.gradient_choices import ObjectiveKind
from gumbelviz.model.gradient_report import MOST_OPTIONS
from gumbelviz.model.numbers import write_count, write_number, write_short, write_signed, write_tenth
from gumbelviz.model.settings import Settings

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame

UNKNOWN = "–"
"""What stands for a number that nobody knows, such as an exact mean with very many options."""
_NOTHING, _TINY = 1e-12, 1e-9


@dataclass(frozen=True, slots=True)
class Shown:
    """What the numbers in a text are taken from: the settings, a frame that answers them, the goal of a task."""

    settings: Settings
    frame: Frame
    goal: float | None = None


def write_share(share: float) -> str:
    """Return a share of 1 in per cent: "50%" where that is exact, "45.0%" where it is rounded.

    Shares that would round to nothing or to all say that they are not: "<0.1%", ">99.9%".
    """
    percent = 100.0 * share
    if abs(percent - round(percent)) < 1e-9:
        return f"{round(percent)}%"
    if percent < 0.05:
        return "<0.1%"
    if percent >= 99.95:
        return ">99.9%"
    return f"{percent:.1f}%"


# What places say of an option.


def _softmax(shown: Shown, i: int) -> str:
    from gumbelviz.maths.concrete import relax

    settings = shown.settings
    return write_share(float(relax(settings.scores[:, None], settings.temperature)[i, 0]))


def _slope(shown: Shown, i: int) -> str:
    soft, tau = float(shown.frame.draw.soft[i]), shown.settings.temperature
    return write_number(0.0 if tau in (0.0, math.inf) else soft * (1.0 - soft) / tau)


def _mean_soft(shown: Shown, i: int) -> str:
    exact = shown.frame.theory.soft_mean
    return write_share(float((shown.frame.soft_mean if exact is None else exact)[i]))


def _frequency(shown: Shown, i: int) -> str:
    return write_share(float(shown.frame.wins[i]) / shown.frame.draws) if shown.frame.draws else UNKNOWN


def _gradient(shown: Shown, i: int) -> str:
    return _write_slope(_gradients(*_gradient_key(shown.settings))["exact"], i)


def _mean_of(estimator: str) -> Callable[[Shown, int], str]:
    return lambda shown, i: _write_slope(_gradients(*_gradient_key(shown.settings))[estimator], i)


def _bias_of(estimator: str) -> Callable[[Shown, int], str]:
    def write(shown: Shown, i: int) -> str:
        known = _gradients(*_gradient_key(shown.settings))
        mean, exact = known[estimator], known["exact"]
        return _write_slope(None if mean is None or exact is None else (mean[i] - exact[i],))

    return write


def _write_slope(slopes: tuple[float, ...] | None, i: int = 0) -> str:
    """Return a slope with its sign; what rounding leaves of nothing is nothing."""
    if slopes is None:
        return UNKNOWN
    return "0" if abs(slopes[i]) < _NOTHING else write_signed(slopes[i])


OF_OPTION: dict[str, Callable[[Shown, int], str]] = {
    "name": lambda shown, i: shown.settings.options[i].name,
    "score": lambda shown, i: write_tenth(shown.settings.options[i].logit),
    "noise": lambda shown, i: write_tenth(float(shown.frame.draw.noise[i])),
    "noisy": lambda shown, i: write_tenth(float(shown.frame.draw.perturbed[i])),
    "soft": lambda shown, i: write_share(float(shown.frame.draw.soft[i])),
    "slope": _slope,
    "softmax": _softmax,
    "probability": lambda shown, i: write_share(float(shown.frame.theory.probabilities[i])),
    "mean_soft": _mean_soft,
    "frequency": _frequency,
    "gradient": _gradient,
    **{f"mean_{name}": _mean_of(name) for name in ESTIMATORS},
    **{f"bias_{name}": _bias_of(name) for name in ESTIMATORS},
}

_Key = tuple[tuple[float, ...], float, float, ObjectiveKind, tuple[float, ...], tuple[float, ...]]


def _gradient_key(settings: Settings) -> _Key:
    chosen, options = settings.pages.gradients, len(settings.options)
    targets = (chosen.bit_target,) if chosen.objective == "bit" else chosen.targets_for(options)
    return (
        settings.logits, settings.temperature, settings.scale, chosen.objective, chosen.values_for(options), targets
    )  # fmt: skip


@functools.lru_cache(maxsize=32)
def _gradients(
    logits: tuple[float, ...], temperature: float, scale: float, kind: ObjectiveKind, values: tuple[float, ...],
    targets: tuple[float, ...],
) -> dict[str, tuple[float, ...] | None]:  # fmt: skip
    """Return the exact gradient under ``"exact"``, and the mean of each estimator; None for what is not known."""
    from gumbelviz.maths.gradient_moments import exact_moments
    from gumbelviz.maths.gradients import exact
    from gumbelviz.maths.objectives import corner_values, make_objective

    options = len(logits)
    if options > MOST_OPTIONS:
        return dict.fromkeys(("exact", *ESTIMATORS))
    objective = make_objective(kind, options, values, targets)
    scaled = [z / scale for z in logits]
    # Means at tiny temperatures are those of the limit, and would take ever finer panels.
    tau = max(temperature / scale, _TINY) if temperature > 0 else 0.0
    # Quickly, as on the Gradients page: a text is filled many times while a score is dragged.
    known = exact_moments(scaled, tau, objective, quick=True)
    means = {row: moments.mean for row, moments in known.items()} | {
        "exact": exact(scaled, corner_values(objective, options))
    }
    return {row: None if mean is None else tuple((mean / scale).tolist()) for row, mean in means.items()}


# What places say of the whole.


def _favourite(shown: Shown) -> int:
    return int(shown.frame.theory.probabilities.argmax())


def _gap(shown: Shown) -> str:
    best = sorted(shown.settings.logits, reverse=True)[:2]
    return write_short(best[0] - best[-1]) if len(best) == 2 else UNKNOWN


def _bits(shares: object) -> str:
    from gumbelviz.maths.entropy import bits

    return write_number(bits(shares))  # type: ignore[arg-type]


def _deviation(shown: Shown, noises: int) -> str:
    from gumbelviz.maths.gumbel import variance

    return write_number(math.sqrt(noises * variance(shown.settings.location, shown.settings.scale)))


def _noise_mean(shown: Shown) -> str:
    from gumbelviz.maths.gumbel import mean

    return write_number(mean(shown.settings.location, shown.settings.scale))


def _median(shown: Shown) -> str:
    from gumbelviz.maths.gumbel import median

    return write_number(median(shown.settings.location, shown.settings.scale))


def _level_noise(shown: Shown) -> str:
    from gumbelviz.maths.gumbel import ppf

    settings = shown.settings
    return write_number(float(ppf(settings.pages.noise.level, settings.location, settings.scale)))


def _edge(shown: Shown) -> str:
    live = sum(z > -math.inf for z in shown.settings.logits)
    return write_short(1.0 / (live - 1)) if live > 1 else UNKNOWN


def _bit_start(shown: Shown) -> str:
    return write_share(1.0 / (1.0 + math.exp(-shown.settings.pages.learning.theta)))


def _rest(shown: Shown) -> str:
    chosen = shown.settings.pages.learning
    return write_share(_resting_chance(chosen.theta, shown.settings.temperature, chosen.target))


@functools.lru_cache(maxsize=32)
def _resting_chance(theta: float, temperature: float, target: float) -> float:
    from gumbelviz.maths.resting import resting_chance

    return resting_chance(theta, temperature, target)


WHOLE: dict[str, Callable[[Shown], str]] = {
    "temperature": lambda shown: write_short(shown.settings.temperature),
    "location": lambda shown: write_short(shown.settings.location),
    "scale": lambda shown: write_short(shown.settings.scale),
    "options": lambda shown: write_count(len(shown.settings.options)),
    "estimators": lambda shown: write_count(len(ESTIMATORS)),
    "draw": lambda shown: write_count(shown.frame.draw.index),
    "draws": lambda shown: write_count(shown.frame.draws),
    "winner": lambda shown: shown.settings.options[shown.frame.draw.winner].name,
    "margin": lambda shown: write_number(shown.frame.draw.margin),
    "favourite": lambda shown: shown.settings.options[_favourite(shown)].name,
    "surprise": lambda shown: write_share(1.0 - float(shown.frame.theory.probabilities[_favourite(shown)])),
    "gap": _gap,
    "entropy": lambda shown: _bits(shown.frame.theory.probabilities),
    "soft_entropy": lambda shown: _bits(shown.frame.draw.soft),
    "most_entropy": lambda shown: write_number(math.log2(len(shown.settings.options))),
    "noise_mean": _noise_mean,
    "noise_deviation": lambda shown: _deviation(shown, 1),
    "difference_deviation": lambda shown: _deviation(shown, 2),
    "level": lambda shown: write_short(shown.settings.pages.noise.level),
    "level_noise": _level_noise,
    "peak": lambda shown: write_short(shown.settings.location),
    "median": _median,
    "edge": _edge,
    "target": lambda shown: write_short(shown.settings.pages.gradients.bit_target),
    "bit_start": _bit_start,
    "rest": _rest,
    "floor": lambda shown: write_short(shown.settings.pages.learning.floor),
    "goal": lambda shown: _write_goal(shown.goal),
}


def _write_goal(goal: float | None) -> str:
    """Return a temperature, or a whole number of draws, with its thousands grouped."""
    if goal is None:
        return UNKNOWN
    return write_count(int(goal)) if goal >= 1000 and goal == int(goal) else write_short(goal)
