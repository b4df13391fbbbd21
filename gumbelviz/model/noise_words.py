"""What each picture of the Noise page shows, in a sentence; every number comes from the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumbelviz.model.number_table import leading_options, list_some, name_each
from gumbelviz.model.numbers import write_count, write_number, write_percent, write_short
from gumbelviz.model.pipeline_words import write_chance, write_draws, write_temperature

if TYPE_CHECKING:
    from gumbelviz.model.frame import Floats
    from gumbelviz.model.noise_report import Comparison, Experiment, Family, InverseMap, Law, Scales
    from gumbelviz.model.settings import Settings


def describe_densities(family: Family) -> str:
    """Say where each curve of the family is highest, and how high."""
    each = [
        f"curve {i}, location {write_short(curve.location)}, scale {write_short(curve.scale)}: "
        f"{write_number(curve.height, 3)} high"
        for i, curve in enumerate(family.curves, 1)
    ]
    return f"Densities of Gumbel noise. {_start(list_some(each, len(each), '; '))}."


def describe_functions(family: Family) -> str:
    """Say where half of the noise of each curve lies below."""
    each = [
        f"curve {i}, location {write_short(curve.location)}, scale {write_short(curve.scale)}: half below "
        f"{write_number(curve.median, 3)}, mean {write_number(curve.mean, 3)}"
        for i, curve in enumerate(family.curves, 1)
    ]
    return f"Distribution functions of Gumbel noise. {_start(list_some(each, len(each), '; '))}."


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def describe_map(found: InverseMap) -> str:
    """Say which noise a uniform number becomes."""
    law = found.law
    return (
        f"The uniform number u = {write_number(found.level, 3)} becomes the noise g = {write_number(found.noise, 3)}, "
        f"where the density is {write_number(found.density, 3)}; location {write_short(law.location)}, scale "
        f"{write_short(law.scale)}. Half of all noise lies below the median {write_number(law.median, 3)}, "
        f"{write_percent(found.mean_level)} below the mean {write_number(law.mean, 3)}."
    )


def describe_rain(found: InverseMap) -> str:
    """Say what the rain will show when all of it has landed."""
    total = write_count(len(found.rain.level))
    return f"Rain: the first {total} numbers of the stream, each through the inverse map to its noise."


def describe_laws(comparison: Comparison) -> str:
    """Say how far the exact chances of each noise are from softmax."""
    each = [f"{law.name} {_distance(law.distance)}" for law in comparison.laws]
    chosen = next(law.name for law in comparison.laws if law.id == comparison.chosen.noise)
    return f"Noises to try, each with its exact distance from softmax: {', '.join(each)}. {chosen} is chosen."


def describe_other_wins(settings: Settings, comparison: Comparison) -> str:
    """Say how often each option won with the noise that was chosen, beside softmax."""
    trial, softmax = comparison.chosen, comparison.softmax

    def say(i: int) -> str:
        return f"{write_chance(float(trial.frequencies[i]))}, softmax {write_chance(float(softmax[i]))}"

    each = name_each(settings, leading_options(settings), say, "; ")
    return f"How often each option won with {_law_of(comparison).name} noise, {write_draws(trial.draws)}: {each}."


def describe_falling(comparison: Comparison) -> str:
    """Say how far the winners of both noises are from softmax after so many draws."""
    chosen, gumbel = comparison.chosen, comparison.gumbel
    start = (
        f"Distance from softmax against the number of draws: Gumbel {_seen(gumbel)}, by chance alone "
        f"{write_number(gumbel.by_chance, 5)}"
    )
    if chosen is gumbel:
        return f"{start}."
    law = _law_of(comparison)
    limit = "" if law.distance is None else f", exact {write_number(law.distance, 5)}"
    return f"{start}; {law.name} {_seen(chosen)}{limit}."


def _seen(trial: Experiment) -> str:
    return f"{write_number(trial.distance, 5)} after {write_draws(trial.draws)}"


def _law_of(comparison: Comparison) -> Law:
    return next(law for law in comparison.laws if law.id == comparison.chosen.noise)


def _distance(distance: float | None) -> str:
    if distance is None:
        return "not worked out"
    return "0" if distance < 1e-9 else write_number(distance, 4)


def describe_effects(settings: Settings, scales: Scales) -> str:
    """Say what each scale changes, against leaving it at 1."""
    names = {"score": "score scale T", "noise": "noise scale β", "temperature": "temperature τ"}
    said = []
    for effect in scales.effects:
        changes = [f"a chance to win by {write_percent(effect.chance)}"] if effect.chance >= 5e-5 else []
        changes += [f"a soft choice by {write_percent(effect.soft)}"] if effect.soft >= 5e-5 else []
        other = f", and {settings.options[effect.winner].name} would win" if effect.winner != scales.winner else ""
        said.append(f"{names[effect.scale]}: {' and '.join(changes) if changes else 'nothing'}{other}")
    return f"What each scale changes at most, against leaving it at 1. {'; '.join(said)}."


def describe_scaled(settings: Settings, scales: Scales, what: str, shares: Floats | None) -> str:
    """Say what one of the three charts shows."""
    if shares is None:
        return f"{what}: not worked out for so many options."
    each = name_each(settings, leading_options(settings), lambda i: write_chance(float(shares[i])))
    tau = write_temperature(settings.temperature)
    return (
        f"{what}: {each}; score scale {write_short(settings.pages.noise.score_scale)}, noise scale "
        f"{write_short(settings.scale)}, temperature {tau}."
    )
