"""What each picture of the Temperature page shows, in a sentence; every number comes from the report."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gumbelviz.model.number_table import list_some, write_beside
from gumbelviz.model.numbers import write_count, write_number, write_percent
from gumbelviz.model.pipeline_words import write_draws, write_temperature
from gumbelviz.model.schedule import temperature_at

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.settings import Settings
    from gumbelviz.model.temperature_choices import TemperatureChoices
    from gumbelviz.model.temperature_report import Exact, Panels, TemperatureReport


def column_names(settings: Settings, report: TemperatureReport) -> tuple[str, ...]:
    """Return the name of each column: the options that are shown, and the rest together."""
    names = tuple(settings.options[i].name for i in report.shown)
    more = len(report.chances) > len(names)
    return (*names, f"{write_count(report.options - len(names))} more") if more else names


def describe_panel(settings: Settings, report: TemperatureReport, panels: Panels, place: int) -> str:
    """Say what one panel shows: the soft choice of the draw, and the mean of all."""
    names = column_names(settings, report)
    draw, mean, exact = panels.draw[place], panels.simulated.mean[place], panels.exact[place]
    soft = list_some([f"{n} {write_number(float(y), 3)}" for n, y in zip(names, draw, strict=True)], len(names))
    beside = [f"{n} {write_beside(float(m), float(e))}" for n, m, e in zip(names, mean, exact, strict=True)]
    means = list_some(beside, len(names), "; ")
    tau = write_temperature(panels.taus[place])
    return (
        f"Temperature {tau}. Soft choice of draw {write_count(panels.index)}: {soft}. "
        f"Mean of {write_draws(panels.simulated.draws)}: {means}."
    )


def describe_against_tau(settings: Settings, report: TemperatureReport, quantity: str) -> str:
    """Say how a quantity runs from temperature 0 to infinity, and what it is at the cursor."""
    tau = write_temperature(report.temperature)
    here = report.here if report.here is not None else report.here_simulated
    if quantity == "mean":
        lead = "Mean soft choice of each option against the temperature"
        if here is None:
            return f"{lead}. Not worked out yet."
        names = column_names(settings, report)
        values = here.mean[0].tolist()
        each = list_some([f"{n} {_known(v, 3)}" for n, v in zip(names, values, strict=True)], len(names))
        wins = list_some([f"{n} {write_percent(float(p))}" for n, p in zip(names, report.chances, strict=True)],
                         len(names))  # fmt: skip
        return f"{lead}. At temperature {tau}: {each}. Chance to win, at every temperature: {wins}."
    lead = {
        "largest": "Mean of the largest share against the temperature",
        "entropy": f"Expected entropy against the temperature, at most {write_number(report.most_entropy, 3)} nats",
        "sharp": "Share of draws that are one-hot within 1 per cent, against the temperature",
    }[quantity]
    value = "not worked out yet" if here is None else _value(quantity, float(getattr(here, quantity)[0]))
    return f"{lead}. At 0: {_end(report.limits, quantity, 0)}; at {tau}: {value}; at infinity: " \
           f"{_end(report.limits, quantity, -1)}."  # fmt: skip


def _end(limits: Exact | None, quantity: str, place: int) -> str:
    return "not known" if limits is None else _value(quantity, float(getattr(limits, quantity)[place]))


def _value(quantity: str, value: float) -> str:
    return write_percent(value) if quantity == "sharp" and not math.isnan(value) else _known(value, 3)


def _known(value: float, decimals: int) -> str:
    return "not known" if math.isnan(value) else write_number(value, decimals)


def describe_schedule(choices: TemperatureChoices) -> str:
    """Say how the temperature goes over the steps."""
    half = temperature_at(choices, choices.steps / 2.0)
    first, last = temperature_at(choices, 0.0), temperature_at(choices, choices.steps)
    return (
        f"Temperature over {write_count(round(choices.steps))} steps, {choices.kind} schedule: "
        f"{write_temperature(float(f'{first:.3g}'))} at first, {write_temperature(float(f'{half:.3g}'))} half way, "
        f"{write_temperature(float(f'{last:.3g}'))} at the end."
    )


def describe_live(settings: Settings, report: TemperatureReport, frame: Frame) -> str:
    """Say what the stream shows at the temperature of the document."""
    names = [settings.options[i].name for i in report.shown]
    soft = list_some([f"{n} {write_number(float(frame.draw.soft[i]), 3)}"
                      for n, i in zip(names, report.shown, strict=True)], len(settings.options))  # fmt: skip
    mean = list_some([f"{n} {write_number(float(frame.soft_mean[i]), 3)}"
                      for n, i in zip(names, report.shown, strict=True)], len(settings.options))  # fmt: skip
    return (
        f"The stream at temperature {write_temperature(settings.temperature)}. Soft choice of draw "
        f"{write_count(frame.draw.index)}: {soft}. Mean of {write_draws(frame.draws)}: {mean}."
    )
