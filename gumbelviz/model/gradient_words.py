"""What the Gradients page says in words; every number is computed."""

from __future__ import annotations

import math

from gumbelviz.model.gradient_choices import GradientChoices
from gumbelviz.model.gradient_report import MOST_OPTIONS, GradientReport, Here
from gumbelviz.model.numbers import write_count, write_number, write_percent, write_short, write_signed
from gumbelviz.model.settings import Settings

CERTAIN = 4.0
"""Standard errors from which on a simulated sign is believed."""
AGREES = 6.0
"""Standard errors up to which simulated means agree with exact ones; there are many of them, watched for long."""
NOTHING = 1e-9


def write_gradient(value: float) -> str:
    """Return a gradient with its sign, in a few digits."""
    if NOTHING < abs(value) < 1e-3:
        return write_signed(value, 2)
    return write_signed(0.0 if abs(value) <= NOTHING else value, 4 if abs(value) < 100.0 else 1)


def write_spread(value: float) -> str:
    """Return a standard deviation in a few digits."""
    return write_number(0.0 if value <= NOTHING else value, 3)


def describe_objective(choices: GradientChoices) -> str:
    """Return the objective as one line."""
    target = write_short(choices.bit_target)
    return {
        "bit": f"f(y) = (y₁ − {target})², one yes/no choice",
        "quadratic": "f(y) = Σ (y − t)², the distance from a target t",
        "linear": "f(y) = Σ c y, a value c for each option",
        "cubic": "f(y) = y₁³",
    }[choices.objective]


def describe_gradients(settings: Settings, report: GradientReport) -> str:
    """Return what there is to see: which estimators point the wrong way, or how far off they are."""
    name = settings.options[report.option].name
    if not report.possible:
        return (
            f"Gradients are simulated for up to {write_count(MOST_OPTIONS)} options, and here are "
            f"{write_count(report.options)}. “Switch and dimmer” works with any number."
        )
    here = report.here
    if here is None:
        return ""
    if sum(z > -math.inf for z in settings.logits) == 1:
        return "With a single option to choose there is nothing to learn: every gradient is 0."
    if settings.options[report.option].logit == -math.inf:
        return f"{name} is masked. It is never chosen, so its score has no slope."
    tau = settings.temperature
    if tau == 0.0 or math.isinf(tau):
        way = "At temperature 0 the soft choice is a switch" if tau == 0.0 else "At infinite temperature it never moves"
        return f"{way}: its slope is 0 in every draw, and nothing is learned through it. Others do not mind."
    truth = float(here.exact[report.option])
    if abs(truth) < NOTHING:
        return f"The true gradient for {name} is 0 here: whatever an estimator says is error."
    return _signs(settings, report, here, truth)


def _signs(settings: Settings, report: GradientReport, here: Here, truth: float) -> str:
    hidden = settings.pages.gradients.hidden
    wrong, worst = [], ("", 0.0, 0.0)
    for i, line in enumerate(report.lines):
        mean = sure_mean(report, here, i)
        if not line.biased or mean is None or line.id in hidden:
            continue
        if is_wrong(report, here, i):
            wrong.append(f"{line.name} ({write_gradient(mean)})")
        if abs(mean - truth) > worst[1]:
            worst = line.name, abs(mean - truth), mean
    if wrong:
        listed = wrong[0] if len(wrong) == 1 else f"{', '.join(wrong[:-1])} and {wrong[-1]}"
        verb = "points" if len(wrong) == 1 else "point"
        return f"Here {listed} {verb} the wrong way: the truth is {write_gradient(truth)}."
    if not worst[0]:
        return f"The truth is {write_gradient(truth)}. Simulated means come nearer with every draw."
    off = worst[1] / abs(truth)
    how = write_percent(off, 0) if off < 10.0 else f"{write_number(off, 0)} times the truth"
    return (
        f"Here all point the right way. Farthest off is {worst[0]}, by {how}: {write_gradient(worst[2])}, "
        f"the truth is {write_gradient(truth)}."
    )


def sure_mean(report: GradientReport, here: Here, row: int) -> float | None:
    """Return the mean of an estimator where it is known, exactly or nearly enough; else None."""
    known = float(here.known_mean[row, report.option])
    if not math.isnan(known):
        return known
    mean = float(here.mean[row, report.option])
    error = math.sqrt(float(here.variance[row, report.option]) / here.draws) if here.draws > 1 else math.nan
    return mean if abs(mean) > CERTAIN * error else None


def is_wrong(report: GradientReport, here: Here, row: int, option: int | None = None) -> bool:
    """Tell whether the mean of an estimator certainly has the wrong sign."""
    place = report.option if option is None else option
    truth, known = float(here.exact[place]), float(here.known_mean[row, place])
    if not report.lines[row].biased or abs(truth) < NOTHING:
        return False
    if not math.isnan(known):
        return known * truth < 0.0 and abs(known) > NOTHING
    mean = float(here.mean[row, place])
    error = math.sqrt(float(here.variance[row, place]) / here.draws) if here.draws > 1 else math.nan
    return mean * truth < 0.0 and abs(mean) > CERTAIN * error


def describe_agreement(here: Here) -> str:
    """Return whether simulated means agree with exact ones, with the figure behind it."""
    draws = f"{write_count(here.draws)} draw{'' if here.draws == 1 else 's'}"
    if math.isnan(here.disagreement):
        return draws
    far = write_number(here.disagreement, 1)
    if here.disagreement < AGREES:
        return f"{draws} · ✓ means agree with what is exact, within {far} standard errors"
    return f"{draws} · ✗ means are {far} standard errors from what is exact"


def describe_best(report: GradientReport, hidden: tuple[str, ...], batch: float) -> tuple[str, str]:
    """Return the best temperature of the estimator that has the least error, at length and in short."""
    sweep = report.sweep
    if sweep is None:
        return "", ""
    known = [
        (float(sweep.best[i, 1]), float(sweep.best[i, 0]), line.name)
        for i, line in enumerate(report.lines)
        if line.id not in hidden and sweep.best[i, 1] > NOTHING**2
    ]
    if not known:
        return "", ""
    _, tau, name = min(known)
    ends = float(sweep.exact.taus[0]), float(sweep.exact.taus[-1])
    edge = " or less" if tau <= ends[0] else " or more" if tau >= ends[1] else ""
    draws, best = write_count(round(batch)), f"{write_short(tau, 2)}{edge}"
    return f"batch of {draws}: {name} is best at τ = {best}", f"batch of {draws}: best τ = {best}"
