"""What the row charts and the words of the Noise page show: settings and reports put into rows and sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gumbelviz.model.numbers import write_count, write_number, write_percent, write_short
from gumbelviz.views.plots.effects import Cell
from gumbelviz.views.plots.fact_sheet import Fact
from gumbelviz.views.plots.row import Row

if TYPE_CHECKING:
    from gumbelviz.model.frame import Floats
    from gumbelviz.model.noise_report import Comparison, Effect, Law, Scales
    from gumbelviz.model.settings import Option, Settings

NEVER = Cell("never", never=True)
UNSEEN = 5e-5
"""A change of a share below this cannot be seen: 0.005 percentage points."""


def _rest(settings: Settings, shown: tuple[int, ...], text: str, value: float | None) -> tuple[Row, ...]:
    missing = len(settings.options) - len(shown)
    return (Row(-1, f"{write_count(missing)} more", 0, value, text, quiet=True),) if missing > 0 else ()


def _masked(option: Option) -> bool:
    return option.logit == -math.inf


def frequency_rows(settings: Settings, comparison: Comparison, shown: tuple[int, ...]) -> tuple[Row, ...]:
    """How often each option won with the chosen noise; the line is softmax, the remark this noise's own chance."""
    trial, rows = comparison.chosen, []
    draws = max(trial.draws, 1)
    decimals = 2 if draws >= 10_000 else 1
    for i in shown:
        option, share = settings.options[i], float(trial.frequencies[i])
        remark = "" if trial.exact is None else f"exact {write_percent(float(trial.exact[i]), 2)}"
        rows.append(
            Row(i, option.name, option.color, share, write_percent(share, decimals), quiet=_masked(option),
                remark=remark, exact=float(comparison.softmax[i]), band=2.0 * math.sqrt(share * (1.0 - share) / draws))
        )  # fmt: skip
    rest = max(1.0 - float(sum(trial.frequencies[i] for i in shown)), 0.0)
    return (*rows, *_rest(settings, shown, write_percent(rest, decimals), rest))


def highest_share(comparison: Comparison) -> float:
    """The end of the axis of shares: all of 1, or less where many options have little each."""
    top = 1.3 * float(comparison.softmax.max())
    return next(end for end in (0.01, 0.05, 0.2, 1.0, math.inf) if top <= end or end == 1.0)


def share_rows(settings: Settings, shares: Floats, shown: tuple[int, ...], winner: int = -1) -> tuple[Row, ...]:
    """Shares of 1, one per option, in per cent."""
    rows = [
        Row(i, settings.options[i].name, settings.options[i].color, float(shares[i]), write_percent(float(shares[i])),
            winner=i == winner, quiet=_masked(settings.options[i]))
        for i in shown
    ]  # fmt: skip
    rest = max(1.0 - float(sum(shares[i] for i in shown)), 0.0)
    return (*rows, *_rest(settings, shown, write_percent(rest), rest))


def distance_facts(comparison: Comparison, law: Law) -> tuple[Fact, ...]:
    """The distance from softmax, seen and exact, and what chance alone would show."""
    trial = comparison.chosen
    exact = "…" if comparison.exact else "simulated only"
    if law.distance is not None:
        exact = _distance(law.distance)
    return (
        Fact("total variation seen", f"{_distance(trial.distance)} ± {_distance(trial.error)}", strong=True),
        Fact("exact, by quadrature", exact),
        Fact("by chance alone", _distance(trial.by_chance)),
        Fact("draws", write_count(trial.draws)),
    )


def _distance(value: float) -> str:
    return "0" if value < 1e-9 else write_number(value, 5)


def other_words(settings: Settings, comparison: Comparison, law: Law) -> str:
    """What the comparison shows; with two options, why a sign cannot be seen."""
    unmasked = sum(not _masked(option) for option in settings.options)
    if unmasked == 1:
        return "With one option there is nothing to choose: it wins with any noise."
    if law.id == "gumbel":
        return (
            "Gumbel noise gives softmax exactly. What distance is seen is chance, and it falls on as one over the "
            "root of the draws."
        )
    if unmasked == 2 and law.id == "minus-gumbel":
        return (
            "Two options cannot see the sign: only the difference of the two noises counts, and it is the same "
            "logistic law for Gumbel and for minus-Gumbel. Add a third option to tell them apart."
        )
    if unmasked == 2 and law.id == "logistic":
        return (
            "With two options softmax needs a logistic difference of the noises. The difference of two logistic "
            "noises is another law, so a distance remains."
        )
    others = "" if unmasked > 2 else " With two options only the difference of the noises counts."
    return f"Same mean, same variance, other shape: the distance comes to rest and does not fall to 0.{others}"


def effect_cells(settings: Settings, scales: Scales) -> tuple[tuple[Cell, ...], ...]:
    """One row per scale: this draw's winner, the chances to win, this draw's soft choice, the mean soft choice."""
    return tuple(_effect_row(settings, scales, effect) for effect in scales.effects)


def _effect_row(settings: Settings, scales: Scales, effect: Effect) -> tuple[Cell, ...]:
    soft, mean = _change(effect.soft), _change(effect.mean)
    if effect.scale == "temperature":
        return NEVER, NEVER, soft, mean
    now, other = settings.options[scales.winner].name, settings.options[effect.winner].name
    winner = Cell("same winner") if scales.winner == effect.winner else Cell(f"{other} → {now}", lit=True)
    return winner, _change(effect.chance), soft, mean


def _change(largest: float | None) -> Cell:
    if largest is None:
        return Cell("–")
    if largest < UNSEEN:
        return Cell("no change")
    return Cell(f"by up to {write_percent(largest)[:-1]} points", lit=True)


def same_words(settings: Settings, scales: Scales) -> str:
    """Why T and beta do the same to the winner."""
    t, beta, both = (write_short(x) for x in (settings.pages.noise.score_scale, settings.scale, scales.same))
    return f"T β = {t} · {beta} = {both}: softmax(z / {both})"


def draw_words(scales: Scales) -> str:
    """Which draw the soft choice belongs to."""
    return f"soft choice of draw {write_count(scales.index)}, softmax(z̃ / τ)"
