"""What each picture of the Gradients page shows, in a sentence; every number comes from the report."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gumbelviz.model.gradient_words import describe_agreement, write_gradient, write_spread
from gumbelviz.model.number_table import leading_options, list_some, name_each
from gumbelviz.model.numbers import write_number, write_short
from gumbelviz.model.pipeline_words import write_temperature

if TYPE_CHECKING:
    from gumbelviz.model.gradient_report import GradientReport, Here, Sweep, Switch
    from gumbelviz.model.settings import Settings

QUANTITIES = {
    "bias": "Absolute bias of one component",
    "variance": "Variance of one draw",
    "error": "Mean squared error of a batch",
}
TITLES = {
    "bias": "Bias against the temperature",
    "variance": "Variance against the temperature",
    "error": "Error against the temperature",
}
ALL_COLUMNS = 3
"""Options up to which all scores have arrows; of more, one is looked at."""


def arrow_options(settings: Settings, option: int) -> tuple[int, ...]:
    """Return the options whose scores have arrows: of two only one, because the other is its mirror image."""
    options = len(settings.options)
    return tuple(range(options)) if options == ALL_COLUMNS else (option,)


def describe_arrows(settings: Settings, report: GradientReport, here: Here) -> str:
    """Say which way each estimator pushes the score that is looked at."""
    hidden, k = settings.pages.gradients.hidden, report.option
    said = [f"exact {write_gradient(float(here.exact[k]))}"]
    for i, line in enumerate(report.lines):
        if line.id not in hidden:
            mean = float(here.mean[i, k]) if here.draws else float(here.known_mean[i, k])
            spread = math.sqrt(float(here.variance[i, k])) if here.draws > 1 else math.nan
            said.append(f"{line.name} {write_gradient(mean)} ± {write_spread(spread)} per draw")
    name = settings.options[k].name
    return f"Gradient for the score of {name}: {'; '.join(said)}. {describe_agreement(here)}."


def describe_sweep(settings: Settings, report: GradientReport, sweep: Sweep, quantity: str) -> str:
    """Say what a quantity of each estimator is at the temperature of the scene, or nearest to it."""
    hidden, taus = settings.pages.gradients.hidden, sweep.exact.taus.tolist()
    here = min(range(len(taus)), key=lambda t: abs(taus[t] - settings.temperature))
    rows = getattr(sweep.exact, quantity)
    dots, dot_taus = getattr(sweep.dots, quantity), sweep.dots.taus.tolist()
    near = min(range(len(dot_taus)), key=lambda t: abs(dot_taus[t] - taus[here])) if dot_taus else -1
    said = []
    for i, line in enumerate(report.lines):
        if line.id in hidden or (quantity == "bias" and not line.biased):
            continue
        exact = float(rows[i, here])
        value = exact if not math.isnan(exact) or near < 0 else float(dots[i, near])
        known = "not known" if math.isnan(value) else write_number(value, 4)
        said.append(f"{line.name} {known}")
    name, tau = settings.options[report.option].name, write_temperature(float(f"{taus[here]:.2g}"))
    each = list_some(said, len(said), "; ") if said else "nothing here is biased"
    return f"{QUANTITIES[quantity]}, for the score of {name}, against the temperature. At {tau}: {each}."


def describe_switch(settings: Settings, switch: Switch) -> str:
    """Say where the switch turns, and how steep switch, mean and dimmer are at the present score."""
    name = settings.options[switch.option].name
    if math.isinf(switch.score):
        return f"{name} is masked: hard and soft choice are 0 at every score."
    turn = (
        f"the hard choice turns to {name} at a score of {write_number(switch.threshold)}"
        if math.isfinite(switch.threshold)
        else "the hard choice never turns"
    )
    kinds = ("hard choice", "mean hard choice", "soft choice")
    each = "; ".join(
        f"{kind} {write_number(value, 3)}, slope {write_short(slope, 3)}"
        for kind, value, slope in zip(kinds, switch.values, switch.slopes, strict=True)
    )
    return f"One choice against the score of {name}: {turn}. At its score {write_number(switch.score)}: {each}."


def describe_jacobian(settings: Settings, switch: Switch) -> str:
    """Say which slopes of the soft choice are largest."""
    names = [settings.options[i].name for i in switch.cells]
    own = [f"{name} {write_short(float(switch.jacobian[i, i]), 3)}" for i, name in enumerate(names)]
    return (
        f"Slopes of the soft choice of this draw. Each share against its own score: {list_some(own, len(own))}; "
        f"at most {write_short(switch.steepest, 3)}."
    )


def describe_goal(settings: Settings) -> str:
    """Say what the numbers of the objective are."""
    chosen, count = settings.pages.gradients, len(settings.options)
    numbers = chosen.targets_for(count) if chosen.objective == "quadratic" else chosen.values_for(count)
    kind = "Targets" if chosen.objective == "quadratic" else "Values"
    each = name_each(settings, leading_options(settings), lambda i: write_short(numbers[i]))
    return f"{kind} of the objective: {each}."
