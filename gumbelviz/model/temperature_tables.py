"""The numbers behind the pictures of the Temperature page, for the part in front."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.model import temperature_words as words
from gumbelviz.model.number_table import NumberTable, Rows, in_rows
from gumbelviz.model.numbers import write_count
from gumbelviz.model.pipeline_words import describe_scores, write_temperature
from gumbelviz.model.schedule import temperature_at
from gumbelviz.model.temperature_report import TemperatureReport

if TYPE_CHECKING:
    from gumbelviz.model.frame import Floats, Frame
    from gumbelviz.model.number_table import Cell
    from gumbelviz.model.settings import Settings
    from gumbelviz.model.temperature_report import Exact, Panels, Simulated

QUANTITIES = {
    "mean": "Mean soft choice against the temperature",
    "largest": "Mean of the largest share against the temperature",
    "entropy": "Expected entropy against the temperature, in nats",
    "sharp": "Share of draws that are one-hot within 1 per cent",
}
_SCHEDULE_ROWS = 101


def temperature_tables(settings: Settings, frame: Frame) -> tuple[NumberTable, ...]:
    """Return the tables of the part in front; none before its study has answered."""
    report = frame.study
    if not isinstance(report, TemperatureReport) or report.options != len(settings.options):
        return ()
    tab = settings.pages.temperature.tab
    if tab == "annealing":
        return (_schedule(settings), _live(settings, report, frame))
    scores = NumberTable("scores", "Scores", describe_scores(settings), ("option", "score z", "chance to win"),
                         lambda: _scores(settings, report))  # fmt: skip
    if tab == "curves":
        return (*(_against_tau(settings, report, quantity) for quantity in QUANTITIES), scores)
    panels = report.panels
    if panels is None or panels.taus != settings.pages.temperature.taus:
        return (scores,)
    return (*(_panel(settings, report, panels, place) for place in range(len(panels.taus))), scores)


def _scores(settings: Settings, report: TemperatureReport) -> Rows:
    return tuple(
        (settings.options[i].name, "masked" if settings.options[i].logit == -math.inf else settings.options[i].logit,
         float(report.chances[place]))
        for place, i in enumerate(report.shown)
    )  # fmt: skip


def _panel(settings: Settings, report: TemperatureReport, panels: Panels, place: int) -> NumberTable:
    def fill() -> Rows:
        simulated = panels.simulated
        return in_rows(words.column_names(settings, report), panels.draw[place], simulated.mean[place],
                       simulated.mean_band[place], panels.exact[place], report.chances)  # fmt: skip

    return NumberTable(
        f"panel {place}", f"Soft choices at temperature {write_temperature(panels.taus[place])}",
        words.describe_panel(settings, report, panels, place),
        ("option", f"draw {write_count(panels.index)}", f"mean of {write_count(panels.simulated.draws)}",
         "two standard errors", "exact mean", "chance to win"), fill,
    )  # fmt: skip


def _against_tau(settings: Settings, report: TemperatureReport, quantity: str) -> NumberTable:
    names: tuple[str, ...] = (quantity,)
    if quantity == "mean":
        names = words.column_names(settings, report)
    headings = tuple(f"{name}, {what}" for name in names for what in ("exact", "simulated", "two standard errors"))
    return NumberTable(
        quantity, QUANTITIES[quantity], words.describe_against_tau(settings, report, quantity),
        ("temperature", *headings), lambda: _tau_rows(report, quantity, len(names)),
        "Exact values and simulated ones are worked out at temperatures of their own.",
    )  # fmt: skip


def _tau_rows(report: TemperatureReport, quantity: str, columns: int) -> Rows:
    """Merge exact and simulated values by their temperature."""
    exact: dict[float, list[float]] = {}
    for source in (report.exact, report.limits, report.here):
        exact.update(_exact_rows(source, quantity))
    simulated: dict[float, tuple[list[float], list[float]]] = {}
    if report.dots is not None and report.dot_taus is not None and report.dots.draws:
        values, bands = _columns(report.dots, quantity), _columns(report.dots, f"{quantity}_band")
        taus = report.dot_taus.tolist()
        simulated = dict(zip(taus, zip(values.tolist(), bands.tolist(), strict=True), strict=True))
    nothing = [math.nan] * columns
    rows: list[tuple[Cell, ...]] = []
    for tau in sorted({*exact, *simulated}):
        known = exact.get(tau, nothing)
        seen, band = simulated.get(tau, (nothing, nothing))
        cells = [cell for three in zip(known, seen, band, strict=True) for cell in three]
        rows.append((tau, *(None if math.isnan(cell) else cell for cell in cells)))
    return tuple(rows)


def _columns(source: Exact | Simulated, field: str) -> Floats:
    values: Floats = getattr(source, field)
    return values if values.ndim == 2 else values[:, None]


def _exact_rows(source: Exact | None, quantity: str) -> dict[float, list[float]]:
    if source is None:
        return {}
    return dict(zip(source.taus.tolist(), _columns(source, quantity).tolist(), strict=True))


def _schedule(settings: Settings) -> NumberTable:
    choices = settings.pages.temperature

    def fill() -> Rows:
        steps = np.unique(np.linspace(0.0, choices.steps, _SCHEDULE_ROWS).round()).astype(np.int64).tolist()
        return tuple((step, temperature_at(choices, float(step))) for step in steps)

    return NumberTable("schedule", "Temperature over the steps", words.describe_schedule(choices),
                       ("step", "temperature"), fill)  # fmt: skip


def _live(settings: Settings, report: TemperatureReport, frame: Frame) -> NumberTable:
    shown = list(report.shown)
    exact = frame.theory.soft_mean

    def fill() -> Rows:
        return in_rows(
            [settings.options[i].name for i in shown], frame.draw.soft[shown], frame.soft_mean[shown],
            2.0 * np.sqrt(frame.soft_variance[shown] / max(frame.draws, 1)),
            [None] * len(shown) if exact is None else exact[shown], frame.theory.probabilities[shown],
        )  # fmt: skip

    return NumberTable(
        "live", f"The stream at temperature {write_temperature(settings.temperature)}",
        words.describe_live(settings, report, frame),
        ("option", f"draw {write_count(frame.draw.index)}", f"mean of {write_count(frame.draws)}",
         "two standard errors", "exact mean", "chance to win"), fill,
    )  # fmt: skip
