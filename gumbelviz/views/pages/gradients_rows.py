"""What the pictures of the Gradients page show: reports put into arrows, lines, cells and words."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gumbelviz.model.gradient_choices import COLORS
from gumbelviz.model.gradient_report import GradientReport, Here, Sweep, SweepCurves, Switch
from gumbelviz.model.gradient_words import is_wrong, write_gradient, write_spread
from gumbelviz.model.numbers import write_number, write_signed
from gumbelviz.model.settings import Settings
from gumbelviz.views.look import Look
from gumbelviz.views.plots.arrow_chart import Arrow, ArrowColumn, ArrowRow
from gumbelviz.views.plots.jacobian_grid import Slopes
from gumbelviz.views.plots.sweep_plot import SweepLine
from gumbelviz.views.plots.switch_plot import SwitchCurve

Floats = NDArray[np.float64]
ALL_COLUMNS = 3
"""Options up to which all scores have arrows; of more, one is looked at."""
_NONE = np.zeros(0)
_LOWEST = 1e-12


def shown_options(settings: Settings, option: int) -> tuple[int, ...]:
    """The options whose scores have arrows: of two only one, because the other is its mirror image."""
    options = len(settings.options)
    return tuple(range(options)) if options == ALL_COLUMNS else (option,)


def arrow_columns(settings: Settings, report: GradientReport) -> tuple[ArrowColumn, ...]:
    """The columns of the arrows."""
    shown = shown_options(settings, report.option)
    return tuple(
        ArrowColumn(settings.options[i].name, settings.options[i].color, i, i == report.option) for i in shown
    )


def arrow_rows(
    look: Look, settings: Settings, report: GradientReport, here: Here
) -> tuple[tuple[ArrowRow, ...], float]:
    """The exact gradient and the estimators that are shown, and how far the axis reaches."""
    chosen = settings.pages.gradients
    shown = shown_options(settings, report.option)
    rows = [ArrowRow("exact", look.color("ink"), None, tuple(_exact_arrow(here, k) for k in shown))]
    longest = [abs(float(here.exact[k])) for k in shown]
    for i, line in enumerate(report.lines):
        if line.id in chosen.hidden:
            continue
        place = COLORS[line.id]
        arrows = tuple(_arrow(report, here, i, k, chosen.batch) for k in shown)
        rows.append(ArrowRow(line.name, look.option_color(place), place, arrows))
        known = [float(here.known_mean[i, k]) for k in shown]
        longest += [abs(a.value if math.isnan(k) else k) for a, k in zip(arrows, known, strict=True)]
    finite = [length for length in longest if not math.isnan(length)]
    return tuple(rows), _round_up(1.15 * max(finite, default=0.0))


def _round_up(length: float) -> float:
    """A round number, so that the axis stands still while means still move."""
    if length < _LOWEST:
        return 1.0
    power = 10.0 ** math.floor(math.log10(length))
    steps = (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.4, 8.0)
    return next((power * step for step in steps if power * step >= length), 10.0 * power)


def _exact_arrow(here: Here, k: int) -> Arrow:
    value = float(here.exact[k])
    text = write_gradient(value)
    return Arrow(value, math.nan, 0.0, 0.0, (f"{text} ± 0.000 per draw", f"{text} ± 0", text))


def _arrow(report: GradientReport, here: Here, row: int, k: int, batch: float) -> Arrow:
    known, mean = float(here.known_mean[row, k]), float(here.mean[row, k])
    spread = math.sqrt(float(here.variance[row, k])) if here.draws > 1 else math.nan
    value = known if math.isnan(mean) else mean
    error = 2.0 * spread / math.sqrt(here.draws) if here.draws > 1 else math.nan
    text = write_gradient(value)
    wide = write_spread(spread)
    return Arrow(
        value, known, error, spread / math.sqrt(batch), (f"{text} ± {wide} per draw", f"{text} ± {wide}", text),
        is_wrong(report, here, row, k),
    )  # fmt: skip


# The sweep.

QUANTITIES = ("bias", "variance", "error")


def sweep_lines(report: GradientReport, sweep: Sweep, quantity: str, hidden: tuple[str, ...]) -> tuple[SweepLine, ...]:
    """One quantity of the estimators that are shown; what is 0 has no place on a logarithmic axis."""
    lines = []
    for i, line in enumerate(report.lines):
        if line.id in hidden or (quantity == "bias" and not line.biased):
            continue
        xs, ys = _logs(sweep.exact.taus, _row(sweep.exact, quantity, i))
        dots = _dots(sweep, quantity, i)
        best = None
        if quantity == "error" and sweep.best[i, 1] > 0.0:
            best = math.log10(sweep.best[i, 0]), math.log10(sweep.best[i, 1])
        lines.append(SweepLine(COLORS[line.id], xs, ys, *dots, best, dashed=line.id == "rao_blackwell"))
    return tuple(lines)


def _row(curves: SweepCurves, quantity: str, i: int) -> Floats:
    row: Floats = getattr(curves, quantity)[i]
    return row


def _logs(taus: Floats, values: Floats) -> tuple[Floats, Floats]:
    known = values > _LOWEST  # also without what is not a number
    return np.log10(taus[known]), np.log10(values[known])


def _dots(sweep: Sweep, quantity: str, i: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Dots, with two standard errors where they are known: of the bias."""
    values = _row(sweep.dots, quantity, i)
    known = values > _LOWEST
    exact = _row(sweep.exact, quantity, i)
    # Where the truth is 0, what was simulated is noise alone.
    if not known.any() or np.all(exact <= _LOWEST):
        return _NONE, _NONE, _NONE, _NONE
    xs, ys = _logs(sweep.dots.taus, values)
    if quantity != "bias":
        return xs, ys, ys, ys
    error = sweep.dots.bias_error[i][known]
    low = np.log10(np.maximum(values[known] - 2.0 * error, _LOWEST))
    return xs, ys, low, np.log10(values[known] + 2.0 * error)


# Switch and dimmer.


def switch_curves(look: Look, settings: Settings, switch: Switch) -> tuple[SwitchCurve, ...]:
    """The hard choice of this draw, the mean hard choice, and the soft choice of this draw."""
    low, high = float(switch.scores[0]), float(switch.scores[-1])
    edge = min(max(switch.threshold, low), high)
    step = ((low, 0.0), (edge, 0.0), (edge, 1.0), (high, 1.0))
    if edge in (low, high):
        level = 1.0 if edge == low else 0.0
        step = ((low, level), (edge, level), (edge, level), (high, level))
    color = look.option_color(settings.options[switch.option].color)
    curves = (
        ("hard choice of this draw", look.color("ink"), step, False, "a switch"),
        ("mean hard choice, P(win)", look.color("quiet"), _points(switch.scores, switch.mean), True, "smooth"),
        ("soft choice of this draw", color, _points(switch.scores, switch.soft), False, _dimmer(settings)),
    )
    return tuple(
        SwitchCurve(
            shade, points, switch.values[i], switch.slopes[i], name,
            f"{write_number(switch.values[i], 3)} · slope {_slope(switch.slopes[i])} · {words}", dashed,
        )
        for i, (name, shade, points, dashed, words) in enumerate(curves)
    )  # fmt: skip


def _dimmer(settings: Settings) -> str:
    tau = settings.temperature
    if tau == 0.0:
        return "at τ = 0 a switch"
    return "at τ = ∞ it never moves" if math.isinf(tau) else "a dimmer, steeper as τ falls"


def _slope(value: float) -> str:
    return "0" if value == 0.0 else write_signed(value, 3)


def _points(scores: Floats, shares: Floats) -> tuple[tuple[float, float], ...]:
    return tuple(zip(scores.tolist(), shares.tolist(), strict=True))


def jacobian_slopes(settings: Settings, switch: Switch) -> Slopes:
    """The Jacobian as cells."""
    options = [settings.options[i] for i in switch.cells]
    cells = tuple(
        tuple((value / switch.steepest, write_signed(value, 3) if abs(value) >= 5e-4 else "0") for value in row)
        for row in switch.jacobian.tolist()
    )
    return Slopes(tuple(option.name for option in options), tuple(option.color for option in options), cells)


def jacobian_words(switch: Switch) -> str:
    """What the cells are."""
    sums = "rows and columns sum to 0" if switch.whole else f"{len(switch.cells)} leading options"
    return f"slopes ∂y_i / ∂z_j = y_i (δ_ij − y_j) / τ · {sums}"
