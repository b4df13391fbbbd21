"""What each picture of the Pipeline page shows, in a sentence; every number comes from the frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.model.number_table import leading_options, name_each, write_beside
from gumbelviz.model.numbers import INFINITY, write_count, write_number, write_percent, write_short, write_tenth

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.settings import Settings


def write_draws(draws: int) -> str:
    """Return "1 draw" or "300,000 draws"."""
    return f"{write_count(draws)} draw{'' if draws == 1 else 's'}"


def write_chance(share: float) -> str:
    """Return a share as per cent, with more digits where it is small."""
    return write_percent(share) if share >= 0.001 or share == 0.0 else f"{write_number(100.0 * share, 3)}%"


def write_temperature(tau: float) -> str:
    """Return a temperature in words."""
    return "infinity" if tau == math.inf else write_short(tau, 4 if tau < 0.1 else 2)


def describe_scores(settings: Settings, frame: Frame | None = None) -> str:
    """Say what the scores are."""

    def say(i: int) -> str:
        logit = settings.options[i].logit
        return "masked" if logit == -math.inf else write_tenth(logit)

    return f"Scores: {name_each(settings, leading_options(settings, frame), say)}."


def describe_chances(settings: Settings, frame: Frame) -> str:
    """Say how probable it is that each wins."""
    p = frame.theory.probabilities
    each = name_each(settings, leading_options(settings, frame), lambda i: write_chance(float(p[i])))
    return f"Chance to win, exact: {each}."


def describe_noise(settings: Settings, frame: Frame) -> str:
    """Say what the noise of the draw on display is."""
    draw = frame.draw

    def say(i: int) -> str:
        pinned = ", pinned" if settings.options[i].pinned is not None else ""
        return f"{write_number(float(draw.noise[i]))} (quantile {write_number(float(draw.quantile[i]), 3)}{pinned})"

    return f"Noise of draw {write_count(draw.index)}: {name_each(settings, leading_options(settings, frame), say)}."


def describe_noisy(settings: Settings, frame: Frame) -> str:
    """Say what the noisy scores of the draw on display are, and who is ahead."""
    draw = frame.draw

    def say(i: int) -> str:
        value = float(draw.perturbed[i])
        return "masked" if value == -math.inf else write_number(value)

    each = name_each(settings, leading_options(settings, frame), say)
    winner = settings.options[draw.winner].name
    ahead = "" if math.isinf(draw.margin) else f", by {write_number(draw.margin)}"
    end = f"exact tie, {winner} is kept" if draw.tied else f"{winner} is the largest{ahead}"
    return f"Noisy scores of draw {write_count(draw.index)}: {each}; {end}."


def describe_hard(settings: Settings, frame: Frame) -> str:
    """Say which option the draw on display chose."""
    winner = settings.options[frame.draw.winner].name
    others = " and all others are 0" if len(settings.options) > 1 else ""
    return f"Hard choice of draw {write_count(frame.draw.index)}: {winner} is 1{others}."


def describe_soft(settings: Settings, frame: Frame) -> str:
    """Say how the soft choice of the draw on display is shared."""
    soft = frame.draw.soft
    shown = leading_options(settings, frame)
    each = name_each(settings, shown, lambda i: write_number(float(soft[i]), 3))
    winner = frame.draw.winner
    # The winner of a draw may be one of the many that have no name in the list.
    extra = f"; {settings.options[winner].name}, the winner, {write_number(float(soft[winner]), 3)}"
    tail = extra if winner not in shown[:5] else ""
    at = write_temperature(settings.temperature)
    return f"Soft choice of draw {write_count(frame.draw.index)} at temperature {at}: {each}{tail}."


def describe_all_noise(settings: Settings, frame: Frame) -> str:
    """Say how the noise of all draws spread, beside what it should be."""
    mean = settings.location + float(np.euler_gamma) * settings.scale
    variance = (math.pi * settings.scale) ** 2 / 6.0
    return (
        f"Density of the noise, exact and simulated over {write_draws(frame.draws)}: highest at "
        f"{write_short(settings.location, 3)}, with a long tail to the right; mean "
        f"{write_beside(frame.noise_mean, mean)}, variance {write_beside(frame.noise_variance, variance)}."
    )


def describe_all_noisy(settings: Settings, frame: Frame) -> str:
    """Say where the density of each noisy score stands."""
    shown = [i for i in leading_options(settings, frame) if settings.options[i].logit > -math.inf]
    middle = settings.location
    each = name_each(settings, shown, lambda i: write_number(settings.options[i].logit + middle))
    return (
        f"Density of each noisy score, exact and simulated over {write_draws(frame.draws)}: the curve of the noise, "
        f"moved by each score. Highest at: {each}."
    )


def describe_wins(settings: Settings, frame: Frame) -> str:
    """Say how often each option won, beside its exact chance."""
    draws, p = max(frame.draws, 1), frame.theory.probabilities

    def say(i: int) -> str:
        return f"{write_chance(float(frame.wins[i]) / draws)}, exact {write_chance(float(p[i]))}"

    each = name_each(settings, leading_options(settings, frame), say, "; ")
    never = ""
    if frame.ranked is not None:
        live = frame.theory.ranking.live if frame.theory.ranking is not None else len(settings.options)
        never = f" {write_count(frame.ranked.winners)} of {write_count(live)} options have won at least once."
    return f"How often each option won, {write_draws(frame.draws)}: {each}.{never}"


def describe_all_soft(settings: Settings, frame: Frame) -> str:
    """Say what the mean soft choice of each option is, beside the exact one, and how the choices spread."""
    exact, draws = frame.theory.soft_mean, max(frame.draws, 1)

    def say(i: int) -> str:
        return write_beside(float(frame.soft_mean[i]), None if exact is None else float(exact[i]))

    each = name_each(settings, leading_options(settings, frame), say, "; ")
    hard = float(frame.soft_exact[:, 1].sum()) / draws if len(frame.watched) == len(settings.options) else 0.0
    ends = f" In {write_percent(hard)} of the draws one share is exactly 1." if hard > 0.0005 else ""
    tau = INFINITY if settings.temperature == math.inf else write_temperature(settings.temperature)
    return f"Soft choices of all {write_draws(frame.draws)} at temperature {tau}, means: {each}.{ends}"
