"""What each picture of the Learning page shows, in a sentence; every number comes from the report."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.model.number_table import leading_options, list_some, name_each
from gumbelviz.model.numbers import write_count, write_number, write_percent, write_short
from gumbelviz.model.pipeline_words import write_temperature
from gumbelviz.model.training_estimators import BY_ID

if TYPE_CHECKING:
    from gumbelviz.model.frame import Floats
    from gumbelviz.model.learning_report import Ends, LearningReport, Spots
    from gumbelviz.model.settings import Settings


def stream_names(settings: Settings, report: LearningReport) -> tuple[str, ...]:
    """Return what each column of the probabilities is called."""
    if report.task == "bit":
        return "b = 1", "b = 0"
    if report.task == "router":
        return tuple(f"Expert {i + 1}" for i in range(report.river.shape[2]))
    names = tuple(settings.options[i].name for i in report.shown)
    missing = report.options - len(names)
    return (*names, f"{write_count(missing)} more") if missing else names


def score_of(report: LearningReport) -> Floats:
    """Return what the first plot shows: the loss, or the router's accuracy, (E, S, 3)."""
    return report.loss if report.accuracy is None else report.accuracy


def _step(report: LearningReport) -> str:
    return f"step {write_count(int(report.at[-1]))} of {write_count(report.steps)}"


def _each(report: LearningReport, values: list[float], write: str = "number") -> str:
    said = []
    for name, value in zip(report.estimators, values, strict=True):
        known = write_percent(value) if write == "percent" else write_short(value, 4)
        said.append(f"{BY_ID[name].name} {'not known' if math.isnan(value) else known}")
    return list_some(said, len(said), "; ")


def describe_loss(report: LearningReport) -> str:
    """Say where the median of each estimator stands at the newest step."""
    medians = score_of(report)[:, -1, 1].tolist()
    if report.accuracy is not None:
        each = _each(report, medians, "percent")
        return f"Right answers on new points over the steps. At {_step(report)}: {each}."
    first = float(report.loss[:, 0, 1].mean())
    return (
        f"Loss over the steps. It began at {write_number(first, 4)}; at {_step(report)}: {_each(report, medians)}. "
        f"The least possible is {write_number(report.best, 4)}."
    )


def describe_river(settings: Settings, report: LearningReport, place: int) -> str:
    """Say how probable each choice has become with one of the estimators."""
    names = stream_names(settings, report)
    now, then = report.river[place, -1].tolist(), report.river[place, 0].tolist()
    said = [
        f"{name} {write_percent(a)}, at first {write_percent(b)}" for name, a, b in zip(names, now, then, strict=True)
    ]
    what = "Share of the points of each expert" if report.task == "router" else "Probabilities over the steps"
    return f"{what}, {BY_ID[report.estimators[place]].name}. At {_step(report)}: {list_some(said, len(said), '; ')}."


def describe_signal(report: LearningReport) -> str:
    """Say how large the signal of the gradient is beside its noise."""
    return (
        "Signal over noise of the gradient of one step, over the steps. "
        f"At {_step(report)}: {_each(report, report.signal_to_noise[:, -1].tolist())}."
    )


def describe_training_tau(report: LearningReport) -> str:
    """Say how the temperature goes while it trains."""
    first, last = float(report.taus[0]), float(report.taus[-1])
    return (
        f"Temperature over the steps: {write_temperature(float(f'{first:.3g}'))} at first, "
        f"{write_temperature(float(f'{last:.3g}'))} at {_step(report)}."
    )


def describe_ends(report: LearningReport, ends: Ends | None) -> str:
    """Say at which temperature each estimator ends best."""
    what = "Loss at the end" if report.accuracy is None else "Right answers at the end"
    if ends is None or np.isnan(ends.middle).all():
        return f"{what} against a fixed temperature: comes after the training."
    said = []
    for name, middle in zip(report.estimators, ends.middle, strict=True):
        if np.isnan(middle).all():
            continue
        best = int(np.nanargmin(middle) if report.accuracy is None else np.nanargmax(middle))
        value = float(middle[best])
        known = write_number(value, 4) if report.accuracy is None else write_percent(value)
        said.append(f"{BY_ID[name].name} best at {write_short(float(ends.taus[best]), 2)} with {known}")
    return f"{what} against a fixed temperature: {list_some(said, len(said), '; ')}."


def describe_worth(settings: Settings) -> str:
    """Say what each option is worth."""
    worths = settings.pages.learning.worths(len(settings.options))
    each = name_each(settings, leading_options(settings), lambda i: write_short(worths[i], 3))
    return f"What each option is worth: {each}."


def describe_spots(report: LearningReport, spots: Spots, place: int) -> str:
    """Say how many points one of the routers answers right, and how it shares them out."""
    counts = np.bincount(spots.experts[place], minlength=report.river.shape[2]).tolist()
    shares = ", ".join(f"expert {i + 1} gets {write_count(count)}" for i, count in enumerate(counts))
    right = write_percent(float(spots.right[place].mean()))
    name = BY_ID[report.estimators[place]].name
    return f"Where the points go, {name}: {shares}; {right} of {write_count(len(spots.classes))} are answered right."
