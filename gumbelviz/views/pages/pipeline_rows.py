"""What the row charts of the Pipeline page show: settings and frames put into rows and words."""

from __future__ import annotations

import math

import numpy as np

from gumbelviz.model.frame import Frame, Ranking
from gumbelviz.model.numbers import write_count, write_number, write_percent, write_tenth
from gumbelviz.model.parameters import MOST_BARS
from gumbelviz.model.settings import Option, Settings
from gumbelviz.views.plots.row import Row

LEADERS = 9
"""How many of many options are listed on pages that have other things to show."""


def leading_options(settings: Settings, most: int) -> tuple[int, ...]:
    """The options with the highest scores, best first, before the engine has ranked all of them."""
    scores = settings.scores
    leaders = np.argpartition(-scores, min(most, len(scores) - 1))[:most]
    return tuple(leaders[np.lexsort((leaders, -scores[leaders]))].tolist())


def listed_options(settings: Settings) -> tuple[int, ...]:
    """All of a few options in their order; of many the first few, best first."""
    if len(settings.options) <= MOST_BARS:
        return tuple(range(len(settings.options)))
    return leading_options(settings, LEADERS)


def score_range(settings: Settings, shown: tuple[int, ...]) -> tuple[float, float]:
    """One axis for scores, noise and noisy scores, so that their bars add up by eye.

    It depends on the settings alone, so that it does not jump from draw to draw.
    """
    options = [settings.options[i] for i in shown]
    scores = [option.logit for option in options if not _masked(option)] or [0.0]
    pins = [option.pinned for option in options if option.pinned is not None]
    noise_low = settings.location - 1.6 * settings.scale
    noise_high = settings.location + 3.6 * settings.scale
    high = max(0.0, *scores, noise_high, max(scores) + noise_high, *pins)
    low = min(0.0, noise_low, min(scores) + min(noise_low, 0.0), *pins)
    # A few hopeless options must not squeeze the others together: their bars end at the edge.
    return max(low, -2.0 * high), high


def _rest(settings: Settings, shown: tuple[int, ...], text: str, value: float | None = None) -> tuple[Row, ...]:
    missing = len(settings.options) - len(shown)
    if missing <= 0:
        return ()
    return (Row(-1, f"{write_count(missing)} more", 0, value, text, quiet=True),)


def _masked(option: Option) -> bool:
    return option.logit == -math.inf


def score_rows(settings: Settings, shown: tuple[int, ...], ranking: Ranking | None = None) -> tuple[Row, ...]:
    """The scores, as logits."""
    rows = []
    for i in shown:
        option = settings.options[i]
        masked = _masked(option)
        text = "masked" if masked else write_tenth(option.logit)
        value = None if masked else option.logit
        rows.append(Row(i, option.name, option.color, value, text, quiet=masked, rank=_rank(ranking, i)))
    return (*rows, *_rest(settings, shown, ""))


def _chance(frame: Frame, p: float) -> str:
    """Per cent; in a list by rank those of very rare options too, which differ by powers of ten."""
    rare = frame.theory.ranking is not None and 0.0 < p < 0.0005
    return f"{write_number(100.0 * p, 3)}%" if rare else write_percent(p)


def _rank(ranking: Ranking | None, option: int) -> str:
    return "" if ranking is None else write_count(int(ranking.ranks[option]))


def probability_rows(settings: Settings, frame: Frame, shown: tuple[int, ...]) -> tuple[Row, ...]:
    """The chance of each option to win."""
    p = frame.theory.probabilities
    rows = [
        Row(i, settings.options[i].name, settings.options[i].color, float(p[i]), _chance(frame, float(p[i])),
            quiet=_masked(settings.options[i]), rank=_rank(frame.theory.ranking, i))
        for i in shown
    ]  # fmt: skip
    rest = max(1.0 - float(sum(p[i] for i in shown)), 0.0)
    return (*rows, *_rest(settings, shown, write_percent(rest), rest))


def noise_rows(settings: Settings, frame: Frame, shown: tuple[int, ...]) -> tuple[Row, ...]:
    """This draw's noise, with the quantile of each value."""
    rows = []
    for i in shown:
        option, value = settings.options[i], float(frame.draw.noise[i])
        pinned = option.pinned is not None
        quantile = f"quantile {write_number(float(frame.draw.quantile[i]), 3)}"
        text = write_tenth(value) if pinned else write_number(value)
        rows.append(Row(i, option.name, option.color, value, text, pinned=pinned, remark=quantile))
    return (*rows, *_rest(settings, shown, ""))


def noisy_rows(settings: Settings, frame: Frame, shown: tuple[int, ...]) -> tuple[Row, ...]:
    """This draw's noisy scores, the winner marked."""
    rows = []
    for i in shown:
        option, value = settings.options[i], float(frame.draw.perturbed[i])
        masked = _masked(option)
        pinned = option.pinned is not None
        text = "masked" if masked else write_tenth(value) if pinned else write_number(value)
        winner = i == frame.draw.winner
        rows.append(Row(i, option.name, option.color, None if masked else value, text, winner=winner, quiet=masked))
    return (*rows, *_rest(settings, shown, "all behind"))


def hard_rows(settings: Settings, frame: Frame, shown: tuple[int, ...]) -> tuple[Row, ...]:
    """This draw's one-hot choice."""
    winner = frame.draw.winner
    rows = [
        Row(i, settings.options[i].name, settings.options[i].color, float(i == winner), str(int(i == winner)),
            winner=i == winner, quiet=_masked(settings.options[i]))
        for i in shown
    ]  # fmt: skip
    return (*rows, *_rest(settings, shown, "0", 0.0))


def frequency_rows(settings: Settings, frame: Frame, shown: tuple[int, ...]) -> tuple[Row, ...]:
    """How often each option won, with its exact probability and two standard errors."""
    draws = max(frame.draws, 1)
    decimals = 2 if draws >= 10_000 else 1
    theory = frame.theory
    rows = []
    for i in shown:
        option, share = settings.options[i], float(frame.wins[i]) / draws
        band = float(theory.frequency_band[i]) / math.sqrt(draws)
        rows.append(
            Row(i, option.name, option.color, share, write_percent(share, decimals), quiet=_masked(option),
                exact=float(theory.probabilities[i]), band=band)
        )  # fmt: skip
    rest = max(1.0 - sum(float(frame.wins[i]) for i in shown) / draws, 0.0)
    return (*rows, *_rest(settings, shown, write_percent(rest, decimals), rest))


def soft_rows(settings: Settings, frame: Frame, shown: tuple[int, ...]) -> tuple[Row, ...]:
    """This draw's soft choice."""
    rows = []
    for i in shown:
        option, value = settings.options[i], float(frame.draw.soft[i])
        winner = i == frame.draw.winner and settings.temperature < math.inf
        text = write_number(value, 3 if value < 0.1 and value != 0.0 else 2)
        rows.append(Row(i, option.name, option.color, value, text, winner=winner, quiet=_masked(option)))
    rest = max(1.0 - float(sum(frame.draw.soft[i] for i in shown)), 0.0)
    return (*rows, *_rest(settings, shown, write_number(rest, 2), rest))


def without_noise(settings: Settings, frame: Frame) -> str:
    """What the choice would be without noise, and who else can win with it."""
    options, p = settings.options, frame.theory.probabilities
    if len(options) == 1:
        return f"Only one option: always {options[0].name}."
    best = int(np.argmax(p))
    alone = int(np.count_nonzero(p == p[best])) == 1
    always = f"Without noise: always {options[best].name}" + (".\n" if alone else " (a tie, the first is kept).\n")
    others = max(0.0, 1.0 - float(p[best]))
    if len(options) == 2:
        other = options[1 - best].name
        return f"{always}With noise: {other} wins {write_percent(others)}."
    return f"{always}With noise: another wins {write_percent(others)}."


def tie_words(settings: Settings, frame: Frame) -> str:
    """Say that this draw is an exact tie, and whom argmax keeps; empty where it is none."""
    tied = frame.draw.tied
    if not tied:
        return ""
    value = write_tenth(float(frame.draw.perturbed[frame.draw.winner]))
    kept = settings.options[frame.draw.winner].name
    return f"Exact tie at {value}:\nargmax keeps the first, {kept}."


def count_words(settings: Settings, frame: Frame) -> str:
    """The bare counts of a few options."""
    if len(settings.options) > 3:
        return ""
    return " : ".join(write_count(int(wins)) for wins in frame.wins)
