"""What the Simplex page says: where soft choices live at this temperature, and what its marks mean."""

from __future__ import annotations

import numpy as np

from gumbelviz.model.frame import Floats
from gumbelviz.model.numbers import write_count, write_number, write_percent, write_short
from gumbelviz.model.settings import Settings
from gumbelviz.model.simplex_report import SimplexReport, Slopes, Streamed

_FRACTIONS = {1.0: "1", 0.5: "1/2", 1.0 / 3.0: "1/3"}


def temperature_words(settings: Settings, report: SimplexReport) -> str:
    """The temperature that the shape depends on: in units of the noise scale."""
    symbol = "τ" if settings.scale == 1.0 else "τ/β"
    return f"{symbol} = {write_short(report.unit_temperature, 3)}"


def shape_words(settings: Settings, report: SimplexReport) -> str:
    """What attracts at this temperature, and from which temperature on it does not."""
    corners = len(report.corners)
    now = temperature_words(settings, report)
    if report.limit == "hard":
        return f"{now}: every soft choice is a corner, the hard choice itself. There is no density to show."
    if report.limit == "flat":
        return f"{now}: every soft choice is the centre, whatever the scores and the noise."
    tau = report.unit_temperature
    top, low = float(corners - 1), 1.0 / (corners - 1)
    if corners == 2:
        return _segment_words(now, tau, report)
    edges = "edges" if corners == 3 else "faces"
    bounds = f"corners below {write_short(top)}, {edges} below {_FRACTIONS[low]}"
    if tau >= top:
        return f"{now}: one bump inside, as at every τ from {write_short(top)} up. Nothing attracts now ({bounds})."
    if tau < low:
        return f"{now}: corners and {edges} attract, the density grows without bound there ({bounds})."
    if tau == low:
        return f"{now}: the corners attract; along the {edges} the density is finite just at this τ ({bounds})."
    inside = ""
    if corners == 3 and report.shape_known:
        inside = " A bump inside has formed as well." if report.mode is not None else " There is no bump inside yet."
    certain = f" From {write_short(top)} upward there is one bump inside and nothing else."
    return f"{now}: the corners attract ({bounds}).{inside}{certain}"


def _segment_words(now: str, tau: float, report: SimplexReport) -> str:
    turn = report.segment.turn if report.segment is not None else None
    where = "" if turn is None else f" at {write_number(turn, 3)}"
    if tau > 1.0:
        return f"{now}: one mode inside{where}, as at every τ above 1 and at no other."
    if tau < 1.0:
        return f"{now}: both ends attract, and inside there is only an antimode{where}. A mode inside needs τ above 1."
    return f"{now}: the border case. The density is flat for equal scores, and leans to one end for others."


def subset_words(settings: Settings, report: SimplexReport) -> str:
    """Why a few options of many may be looked at alone; empty where all are shown."""
    shown, live = len(report.corners), sum(logit > -np.inf for logit in settings.logits)
    if shown >= live:
        masked = len(settings.options) - live
        return f"{write_count(masked)} masked: never chosen, so left out." if masked else ""
    return (
        f"{shown} of {write_count(live)} options, renormalised to sum 1: "
        f"exactly the soft choice of these {shown} alone. "
        "Click a name to choose another."
    )


def means_words(report: SimplexReport) -> str:
    """Three points that are taken for one, and why they differ."""
    chance = f"× P(win) {write_shares(report.probabilities)}: how often each wins, at every τ."
    if report.soft_mean is None:
        return chance
    pull = float(np.abs(report.soft_mean - report.probabilities).max())
    if pull < 5e-7:
        mean = f"◆ E[y] {write_shares(report.soft_mean)}: the same point, because these soft choices are hard or alike."
    else:
        mean = (
            f"◆ E[y] {write_shares(report.soft_mean)}: what learning sees; softening every draw moves it by up to "
            f"{write_number(pull, 3)}."
        )
    if not report.winners.size:
        return f"{chance}  {mean}"
    stray = float(np.abs(report.dots_mean - report.soft_mean).max())
    dots = (
        f"○ mean of {write_count(report.winners.size)} dots: {write_number(stray, 3)} from E[y] by chance, standard "
        f"error {write_number(float(report.dots_error.max()), 3)}."
    )
    return f"{chance}  {mean}  {dots}"


def slope_words(settings: Settings, slopes: Slopes) -> str:
    """How many draws have nothing to learn from."""
    name = settings.options[slopes.option].name
    share = slopes.flat / max(slopes.draws, 1)
    bound = write_number(slopes.below, 2)
    long_run = "" if slopes.flat_chance is None else f" ({write_percent(slopes.flat_chance)} in the long run, exactly)"
    words = (
        f"{write_count(slopes.flat)} of {write_count(slopes.draws)} draws, {write_percent(share)}, have a slope "
        f"∂y/∂z of {name} below {bound}{long_run}: arrows fade at the corners."
    )
    if slopes.feet.size:
        words += f" The longest arrow there can be is 1/(4τ) = {write_number(0.25 / settings.temperature, 2)}."
    return words


def streamed_words(streamed: Streamed) -> str:
    """How the drawn density compares with the exact one."""
    start = f"{write_count(streamed.draws)} draws in {write_count(streamed.cells)} cells"
    if streamed.p_value is None or streamed.largest is None:
        return f"{start}; the exact chances of the cells are being worked out."
    return (
        f"{start}: no share is further than {write_number(streamed.largest, 5)} from its exact chance; "
        f"χ² over all cells p = {write_number(streamed.p_value, 2)}."
    )


def write_shares(shares: Floats) -> str:
    """Return shares side by side: 0.61 · 0.27 · 0.12."""
    return " · ".join(write_number(float(share), 3 if len(shares) <= 3 else 2) for share in shares)
