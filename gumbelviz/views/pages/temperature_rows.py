"""What the parts of the Temperature page show: settings and reports put into pictures, lines and words."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gumbelviz.model.frame import Frame
from gumbelviz.model.numbers import INFINITY, write_count, write_number, write_percent, write_short
from gumbelviz.model.settings import Settings
from gumbelviz.model.temperature_report import Panels, TemperatureReport
from gumbelviz.views.controls.readouts import Readout
from gumbelviz.views.look import Look
from gumbelviz.views.plots.soft_panel import REST, PanelPicture

Floats = NDArray[np.float64]


def write_tau(tau: float) -> str:
    """Return a temperature in few characters."""
    return INFINITY if tau == math.inf else write_short(tau, 4 if tau < 0.1 else 2)


def column_colors(settings: Settings, report: TemperatureReport) -> tuple[int, ...]:
    """Return the colour of each column: that of the option, or `REST`."""
    colors = tuple(settings.options[i].color for i in report.shown)
    return (*colors, REST) if len(report.chances) > len(colors) else colors


def column_names(settings: Settings, report: TemperatureReport) -> tuple[str, ...]:
    """Return the name of each column."""
    names = tuple(settings.options[i].name for i in report.shown)
    return (*names, f"{write_count(report.options - len(names))} more") if len(report.chances) > len(names) else names


def paint_colors(look: Look, colors: tuple[int, ...]) -> tuple[QColor, ...]:
    """Return what the columns are painted in."""
    return tuple(look.color("quiet") if color == REST else look.option_color(color) for color in colors)


def panel_pictures(settings: Settings, report: TemperatureReport, panels: Panels) -> tuple[PanelPicture, ...]:
    """Return one picture per panel."""
    colors = column_colors(settings, report)
    chances = tuple(report.chances.tolist())
    pictures = []
    for place in range(len(panels.taus)):
        exact = tuple(panels.exact[place].tolist())
        mean = panels.simulated.mean[place]
        drawn = not np.isnan(mean).any()
        pictures.append(
            PanelPicture(
                colors,
                tuple(panels.draw[place].tolist()),
                tuple(tuple(tile[place].tolist()) for tile in panels.newest),
                tuple(mean.tolist()) if drawn else (0.0,) * len(colors),
                tuple(panels.simulated.mean_band[place].tolist()) if drawn else (0.0,) * len(colors),
                () if math.isnan(exact[0]) else exact,
                chances,
                _captions(panels),
                report.top,
            )
        )
    return tuple(pictures)


def _captions(panels: Panels) -> tuple[str, str, str]:
    count = len(panels.newest)
    before = f"the {count} before it" if count != 1 else "the one before it"
    return f"draw {write_count(panels.index)}", before, f"mean of {write_count(panels.simulated.draws)}"


def live_picture(settings: Settings, report: TemperatureReport, frame: Frame) -> PanelPicture:
    """Return a picture of the stream at the temperature of the document."""
    shown = list(report.shown)
    rest = len(report.chances) > len(shown)
    draws = max(frame.draws, 1)

    def columns(values: Floats) -> tuple[float, ...]:
        own = values[shown].tolist()
        return (*own, max(float(values.sum()) - sum(own), 0.0)) if rest else tuple(own)

    band = 2.0 * np.sqrt(frame.soft_variance[shown] / draws)
    exact = frame.theory.soft_mean
    return PanelPicture(
        column_colors(settings, report),
        columns(frame.draw.soft),
        (),
        columns(frame.soft_mean),
        (*band.tolist(), 0.0) if rest else tuple(band.tolist()),
        () if exact is None else columns(exact),
        tuple(report.chances.tolist()),
        (f"draw {write_count(frame.draw.index)}", "", f"mean of {write_count(frame.draws)}"),
        report.top,
    )


def readouts(settings: Settings, report: TemperatureReport) -> tuple[Readout, ...]:
    """Return the table at the cursor: exact, or simulated where there are too many options for that."""
    names, colors = column_names(settings, report), column_colors(settings, report)
    fits = report.temperature == settings.temperature
    here = report.here if fits else None
    simulated = report.here_simulated if fits and here is None else None
    source = "exact" if simulated is None else f"simulated, {write_count(simulated.draws)} draws"
    lines = [Readout(f"At τ = {write_tau(settings.temperature)}, {source}", ()),
             Readout("", ("E[y]", "P(win)"), quiet=True)]  # fmt: skip
    for place, (name, color) in enumerate(zip(names, colors, strict=True)):
        mean = "–"
        if here is not None:
            mean = write_number(float(here.mean[0, place]), 4)
        elif simulated is not None:
            mean = f"≈ {write_number(float(simulated.mean[0, place]), 3)}"
        lines.append(Readout(name, (mean, write_number(float(report.chances[place]), 4)), color))
    known = here if here is not None else simulated
    largest = entropy = sharp = "–"
    if known is not None:
        largest = _number(float(known.largest[0]))
        entropy = _number(float(known.entropy[0]))
        sharp = "–" if math.isnan(known.sharp[0]) else write_percent(float(known.sharp[0]), 2)
    lines += [
        Readout("E[max y]", (largest,), over=True),
        Readout("entropy, nats", (entropy,)),
        Readout(f"of at most ln {write_count(report.live)}", (_number(report.most_entropy),), quiet=True),
        Readout("one-hot within 1%", (sharp,)),
    ]
    return tuple(lines)


def _number(value: float) -> str:
    return "–" if math.isnan(value) else write_number(value, 4)
