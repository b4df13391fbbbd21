"""What the study of the Temperature page has found: panels, curves against the temperature, and the cursor."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gumbelviz.model.frame import Floats, Report

SHARP = 0.99
"""A soft choice whose largest share is above this counts as one-hot."""
LIMITS = (0.0, math.inf)


@dataclass(frozen=True, slots=True)
class Simulated:
    """Means over draws at several temperatures, with twice their standard errors beside them.

    Attributes
    ----------
    draws
        How many draws.
    mean, mean_band
        Of the soft choice of each shown option and of the rest, (T, S).
    largest, entropy, sharp and their bands
        Of the largest share, of the entropy in nats, and of being one-hot within 1 %, (T,).
    """

    draws: int
    mean: Floats
    mean_band: Floats
    largest: Floats
    largest_band: Floats
    entropy: Floats
    entropy_band: Floats
    sharp: Floats
    sharp_band: Floats


@dataclass(frozen=True, slots=True)
class Exact:
    """The same without drawing anything: `taus` (T,), rising, `mean` (T, S), the others (T,)."""

    taus: Floats
    mean: Floats
    largest: Floats
    entropy: Floats
    sharp: Floats


@dataclass(frozen=True, slots=True)
class Panels:
    """The panels: each temperature with this draw, those before it, and all.

    Attributes
    ----------
    taus
        As chosen, (P,).
    index
        The draw on display.
    draw
        Its soft choice at each temperature, (P, S).
    newest
        The same of the draws before it, newest first, (M, P, S); those that are not worked out yet are missing.
    simulated
        The means over the draws so far.
    exact
        E[y], (P, S), NaN where it is not worked out (yet).
    """

    taus: tuple[float, ...]
    index: int
    draw: Floats
    newest: Floats
    simulated: Simulated
    exact: Floats


@dataclass(frozen=True, slots=True)
class TemperatureReport(Report):
    """One report.

    Attributes
    ----------
    shown
        The options with bars and curves of their own; where there are more, one column for the rest follows.
    options, live
        How many options there are, masked ones and the rest included; and without the masked ones.
    most_entropy
        The entropy of a flat choice, in nats.
    top
        An end for an axis of means: no exact one of the shown options is above it, at any temperature. That of the
        rest may be.
    chances
        P(win) of each column, (S,).
    temperature
        That of the cursor.
    panels
        For the panels, or None.
    exact, dots, dot_taus
        The curves against the temperature, and the simulation at (D,) temperatures; None before there are any.
    limits
        The exact values at temperatures 0 and infinity.
    here, here_simulated
        At the cursor: exact, or simulated where there are too many options for that.
    progress, seconds_left
        How much of the sweep is done, from 0 to 1; None for the time before it can be told.
    """

    shown: tuple[int, ...]
    options: int
    live: int
    most_entropy: float
    top: float
    chances: Floats
    temperature: float
    panels: Panels | None = None
    exact: Exact | None = None
    dots: Simulated | None = None
    dot_taus: Floats | None = None
    limits: Exact | None = None
    here: Exact | None = None
    here_simulated: Simulated | None = None
    progress: float = 1.0
    seconds_left: float | None = None
