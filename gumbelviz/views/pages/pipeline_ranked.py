"""The Pipeline page for more options than bars: what its plots on logarithmic axes show, and their words."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from gumbelviz.model.frame import Floats, Frame, Ranking
from gumbelviz.model.numbers import write_count, write_number, write_percent, write_tenth
from gumbelviz.model.settings import Settings
from gumbelviz.views.plots.log_plot import Spot
from gumbelviz.views.plots.ranked_plot import RankedPlot
from gumbelviz.views.plots.wins_plot import WinsPlot

LOWEST = -300.0
"""What is drawn for the logarithm of a probability of 0: far below every picture."""


class RankedPlots(QObject):
    """The five plots of the ranked form, and what each tells about an option.

    Signals
    -------
    picked(option)
        A person clicked an option in one of them.
    """

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.chances = RankedPlot("Chance to win against rank", shares=True)
        self.scores = RankedPlot("Scores against rank", shares=False)
        self.race = RankedPlot("Noisy scores of this draw against rank", shares=False)
        self.means = RankedPlot("Mean soft choice of all draws against rank", shares=True)
        self.soft = RankedPlot("Soft choice of this draw against rank", shares=True)
        self.wins = WinsPlot("How often each option won against its exact probability")
        self._settings: Settings | None = None
        self._frame: Frame | None = None
        self.chances.set_teller(self._tell_chance)
        self.scores.set_teller(self._tell_score)
        self.race.set_teller(self._tell_noisy)
        self.soft.set_teller(self._tell_soft)
        self.means.set_teller(self._tell_mean)
        self.wins.set_teller(self._tell_wins)
        for plot in (self.chances, self.scores, self.race, self.soft, self.means, self.wins):
            plot.picked.connect(self.picked)

    # What is drawn.

    def draw(self, settings: Settings, frame: Frame, shown: tuple[int, ...]) -> None:
        """Show a frame. Painting all of these takes longer than a screen tick: a few times a second will do."""
        ranking = frame.theory.ranking
        if ranking is None or frame.ranked is None:
            return
        self._settings, self._frame = settings, frame
        self._draw_theory(settings, frame, ranking, shown)
        self._draw_race(settings, frame, ranking, shown)
        self._draw_soft(settings, frame, ranking, shown)
        self._draw_means(settings, frame, ranking, shown)
        self._draw_wins(settings, frame, ranking, shown)

    def _draw_theory(self, settings: Settings, frame: Frame, ranking: Ranking, shown: tuple[int, ...]) -> None:
        log_ranks = np.log10(ranking.ranks[ranking.curve])
        scores = settings.scores
        for plot, values, heights in (
            (self.chances, ranking.log_probabilities, _share_range(ranking)),
            (self.scores, scores, _padded(float(scores[ranking.order[ranking.live - 1]]), float(scores.max()))),
        ):
            plot.set_options(ranking.order, ranking.ranks, ranking.live, partial(_number_at, values))
            plot.set_ranges(_rank_range(ranking), heights)
            plot.set_curve(log_ranks, values[ranking.curve])
            plot.set_spots(_spots(settings, ranking, shown, partial(_number_at, values)))
        best = float(frame.theory.probabilities[ranking.order[0]])
        others = _percent(max(1.0 - best, 0.0))
        self.chances.set_note(f"first {_percent(best)} · all others {others}", f"first {_percent(best)}")

    def _draw_race(self, settings: Settings, frame: Frame, ranking: Ranking, shown: tuple[int, ...]) -> None:
        plot, ranked, perturbed = self.race, frame.ranked, frame.draw.perturbed
        assert ranked is not None
        plot.set_options(ranking.order, ranking.ranks, ranking.live, partial(_number_at, perturbed))
        plot.set_ranges(_rank_range(ranking), _race_range(settings, ranking))
        plot.set_curve(np.log10(ranking.ranks[ranking.curve]), settings.scores[ranking.curve])
        plot.set_strokes(ranking.log_ranks, ranked.noisy_low, ranked.noisy_high)
        plot.set_spots(_spots(settings, ranking, shown, partial(_number_at, perturbed), frame.draw.winner))
        winner = frame.draw.winner
        rank = f"rank {write_count(int(ranking.ranks[winner]))}"
        plot.set_note(f"{settings.options[winner].name} wins, {rank}", f"{rank} wins")

    def _draw_soft(self, settings: Settings, frame: Frame, ranking: Ranking, shown: tuple[int, ...]) -> None:
        plot, ranked = self.soft, frame.ranked
        assert ranked is not None
        soft = frame.draw.soft
        plot.set_options(ranking.order, ranking.ranks, ranking.live, partial(_log_at, soft))
        low, _ = _share_range(ranking)
        # A soft choice is often smaller than the chance is; and the crown of the winner needs room at the top.
        plot.set_ranges(_rank_range(ranking), (low - 1.5, 0.12 * (1.5 - low)))
        plot.set_curve(np.log10(ranking.ranks[ranking.curve]), ranking.log_probabilities[ranking.curve])
        plot.set_strokes(ranking.log_ranks, ranked.soft_low, ranked.soft_high)
        # At infinite temperature nobody is ahead.
        winner = frame.draw.winner if settings.temperature < math.inf else -1
        plot.set_spots(_spots(settings, ranking, shown, partial(_log_at, soft), winner))
        best = float(soft[frame.draw.winner])
        others = write_number(max(1.0 - best, 0.0), 2)
        plot.set_note(f"winner {write_number(best, 2)} · all others {others}", f"winner {write_number(best, 2)}")

    def _draw_means(self, settings: Settings, frame: Frame, ranking: Ranking, shown: tuple[int, ...]) -> None:
        plot, ranked, means = self.means, frame.ranked, frame.soft_mean
        assert ranked is not None
        plot.set_options(ranking.order, ranking.ranks, ranking.live, partial(_log_at, means))
        plot.set_ranges(_rank_range(ranking), _share_range(ranking))
        plot.set_curve(np.log10(ranking.ranks[ranking.curve]), ranking.log_probabilities[ranking.curve])
        plot.set_strokes(ranking.log_ranks, ranked.mean_low, ranked.mean_high)
        plot.set_spots(_spots(settings, ranking, shown, partial(_log_at, means)))
        best = float(means[ranking.order[0]])
        others = write_number(max(1.0 - best, 0.0), 3)
        plot.set_note(f"first {write_number(best, 3)} · all others {others}", f"first {write_number(best, 3)}")

    def _draw_wins(self, settings: Settings, frame: Frame, ranking: Ranking, shown: tuple[int, ...]) -> None:
        plot, ranked = self.wins, frame.ranked
        assert ranked is not None
        draws = max(frame.draws, 1)
        logs = ranking.log_probabilities
        low, high = _share_range(ranking)
        plot.set_ranges((low, high), (low, high))
        plot.set_funnel(ranking.funnel, np.maximum(ranked.funnel_low, LOWEST), ranked.funnel_high)
        plot.set_dots(ranked.dots, logs[ranked.dots], np.log10(frame.wins[ranked.dots] / draws))
        frequencies = np.maximum(ranked.group_frequencies, 10.0**LOWEST)
        plot.set_groups(ranking.group_log_probabilities, np.log10(frequencies))
        observed = {i: _log(float(frame.wins[i]) / draws) for i in shown}
        plot.set_spots(tuple(
            Spot(i, settings.options[i].color, float(logs[i]), observed[i])
            for i in shown if ranking.ranks[i] <= ranking.live
        ))  # fmt: skip
        winners = write_count(ranked.winners)
        plot.set_note(f"{winners} of {write_count(ranking.live)} have won", f"{winners} have won")

    # What is told.

    def _head(self, option: int) -> str:
        assert self._settings is not None
        assert self._frame is not None
        assert self._frame.theory.ranking is not None
        rank = int(self._frame.theory.ranking.ranks[option])
        return f"{self._settings.options[option].name} · rank {write_count(rank)}"

    def _tell_chance(self, option: int) -> str:
        assert self._frame is not None
        return f"{self._head(option)}\nwins {_percent(float(self._frame.theory.probabilities[option]))}"

    def _tell_score(self, option: int) -> str:
        assert self._settings is not None
        return f"{self._head(option)}\nscore {write_tenth(self._settings.options[option].logit)}"

    def _tell_noisy(self, option: int) -> str:
        assert self._settings is not None
        assert self._frame is not None
        draw, score = self._frame.draw, self._settings.options[option].logit
        # Rounded first: a noise of 0.001 reads 0.00, not 1.0e−3.
        terms = [round(float(value), 2) for value in (score, draw.noise[option], draw.perturbed[option])]
        score_words, noise, noisy = map(write_number, terms)
        sign = "+" if terms[1] >= 0 else ""
        return f"{self._head(option)}\n{score_words} {sign}{noise} = {noisy}"

    def _tell_soft(self, option: int) -> str:
        assert self._frame is not None
        soft, chance = float(self._frame.draw.soft[option]), float(self._frame.theory.probabilities[option])
        return f"{self._head(option)}\nsoft choice {write_number(soft, 3)} · wins {_percent(chance)}"

    def _tell_mean(self, option: int) -> str:
        assert self._frame is not None
        mean, chance = float(self._frame.soft_mean[option]), float(self._frame.theory.probabilities[option])
        return f"{self._head(option)}\nmean soft choice {write_number(mean, 4)} · wins {_percent(chance)}"

    def _tell_wins(self, option: int) -> str:
        assert self._frame is not None
        frame, ranked = self._frame, self._frame.ranked
        assert ranked is not None
        wins, chance = int(frame.wins[option]), float(frame.theory.probabilities[option])
        here = np.flatnonzero(ranked.dots == option)
        others = int(ranked.stacked[here[0]]) - 1 if here.size else 0
        more = f" · {write_count(others)} more here" if others else ""
        times = "once" if wins == 1 else f"{write_count(wins)} times"
        share = _percent(wins / max(frame.draws, 1))
        return f"{self._head(option)}\nwon {times}, {share} · exact {_percent(chance)}{more}"


def _number_at(values: Floats, option: int) -> float:
    return float(values[option])


def _log_at(shares: Floats, option: int) -> float:
    return _log(float(shares[option]))


def _rank_range(ranking: Ranking) -> tuple[float, float]:
    high = math.log10(max(ranking.live, 2))
    return -0.03 * high, 1.02 * high


def _share_range(ranking: Ranking) -> tuple[float, float]:
    """All probabilities with some room below, up to 1, which is where the first draws and the winner are."""
    low = min(ranking.floor, -1.0)
    return 1.06 * low - 0.1, 0.06


def _padded(low: float, high: float) -> tuple[float, float]:
    pad = 0.06 * max(high - low, 1.0)
    return low - pad, high + 2.0 * pad


def _race_range(settings: Settings, ranking: Ranking) -> tuple[float, float]:
    """Room for the scores, and for the noisy scores of nearly all draws; from the settings alone.

    The largest noisy score is a Gumbel number too, around scale times logsumexp(z / scale).
    """
    scores, location, scale = settings.scores, settings.location, settings.scale
    best, worst = float(scores[ranking.order[0]]), float(scores[ranking.order[ranking.live - 1]])
    middle = best - scale * math.log(10.0) * float(ranking.log_probabilities[ranking.order[0]]) + location
    high = max(middle + 4.5 * scale, best)
    low = max(min(worst, worst + location - 2.2 * scale), high - 40.0 * scale)
    return low, high


def _spots(
    settings: Settings,
    ranking: Ranking,
    shown: tuple[int, ...],
    value: Callable[[int], float],
    winner: int = -1,
) -> tuple[Spot, ...]:
    """Marks at the listed options that can win, and at this draw's winner."""
    marked = shown if winner < 0 or winner in shown else (*shown, winner)
    return tuple(
        Spot(i, settings.options[i].color, math.log10(ranking.ranks[i]), value(i), i == winner)
        for i in marked
        if ranking.ranks[i] <= ranking.live
    )


def _log(share: float) -> float:
    return math.log10(share) if share > 0.0 else LOWEST


def _percent(share: float) -> str:
    """Per cent of very rare options too."""
    return write_percent(share, 2) if share >= 5e-5 or share == 0.0 else f"{write_number(100.0 * share, 3)}%"
