"""The numbers behind the pictures of the Pipeline page: this draw stage by stage, and all draws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.model import pipeline_words as words
from gumbelviz.model.number_table import Cell, NumberTable, Rows, in_rows, leading_options, rest_remark
from gumbelviz.model.words import describe_draw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gumbelviz.model.frame import Floats, Frame
    from gumbelviz.model.settings import Settings


def pipeline_tables(settings: Settings, frame: Frame) -> tuple[NumberTable, ...]:
    """Return the tables of the page, in the order in which one reads it."""
    shown = leading_options(settings, frame)
    remark = rest_remark(settings, frame, shown)
    names = [settings.options[i].name for i in shown]
    draw, theory, draws = frame.draw, frame.theory, max(frame.draws, 1)

    def of(values: Floats) -> list[float]:
        return [float(values[i]) for i in shown]

    def table(id: str, title: str, sentence: str, columns: tuple[str, ...], fill: Callable[[], Rows]) -> NumberTable:
        return NumberTable(id, title, sentence, ("option", *columns), fill, remark)

    scores = _scores(settings, shown)
    won: list[Cell] = [int(i == draw.winner) for i in shown]
    pinned: list[Cell] = ["pinned" if settings.options[i].pinned is not None else "" for i in shown]
    return (
        table("this draw", "This draw, stage by stage", f"{describe_draw(settings, draw)}.",
              ("score z", "noise G", "quantile of G", "noisy score z + G", "hard choice", "soft choice"),
              lambda: in_rows(names, scores, of(draw.noise), of(draw.quantile), _finite(of(draw.perturbed)), won,
                              of(draw.soft))),
        table("scores", "Scores", words.describe_scores(settings, frame), ("score z", "chance to win"),
              lambda: in_rows(names, scores, of(theory.probabilities))),
        table("noise", "Noise of this draw", words.describe_noise(settings, frame),
              ("noise G", "quantile", "density", "pinned"),
              lambda: in_rows(names, of(draw.noise), of(draw.quantile), of(draw.density), pinned)),
        table("noisy", "Noisy scores of this draw", words.describe_noisy(settings, frame),
              ("score z", "noise G", "noisy score z + G"),
              lambda: in_rows(names, scores, of(draw.noise), _finite(of(draw.perturbed)))),
        table("hard", "Hard choice of this draw", words.describe_hard(settings, frame), ("hard choice",),
              lambda: in_rows(names, won)),
        table("soft", "Soft choice of this draw", words.describe_soft(settings, frame), ("soft choice",),
              lambda: in_rows(names, of(draw.soft))),
        table("chances", "Chance to win", words.describe_chances(settings, frame), ("chance to win",),
              lambda: in_rows(names, of(theory.probabilities))),
        _noise_density(settings, frame),
        _noisy_density(settings, frame),
        table("wins", "How often each option won", words.describe_wins(settings, frame),
              ("wins", "frequency", "exact probability", "two standard errors"),
              lambda: in_rows(names, [int(frame.wins[i]) for i in shown], of(frame.wins / draws),
                              of(theory.probabilities), of(theory.frequency_band / math.sqrt(draws)))),
        _soft_shares(settings, frame),
        table("means", "Mean soft choice", words.describe_all_soft(settings, frame),
              ("mean soft choice", "exact mean", "variance"),
              lambda: in_rows(names, of(frame.soft_mean), [None] * len(shown) if theory.soft_mean is None
                              else of(theory.soft_mean), of(frame.soft_variance))),
    )  # fmt: skip


def _scores(settings: Settings, shown: Sequence[int]) -> list[Cell]:
    return [_score(settings.options[i].logit) for i in shown]


def _score(logit: float) -> Cell:
    return "masked" if logit == -math.inf else logit


def _finite(values: list[float]) -> list[Cell]:
    return ["masked" if value == -math.inf else value for value in values]


def _noise_density(settings: Settings, frame: Frame) -> NumberTable:
    """Return the histogram of the noise of all options, cell by cell."""

    def fill() -> Rows:
        edges = settings.location + settings.scale * frame.noise_histograms.edges
        total = max(int(frame.pooled_noise.sum()), 1)
        density = frame.pooled_noise / (total * np.diff(edges))
        exact = np.interp(0.5 * (edges[1:] + edges[:-1]), *frame.theory.noise_curve)
        ends: list[Cell] = [*edges[1:-1].tolist(), math.inf]
        return in_rows(edges[:-1], ends, frame.pooled_noise, density, exact)

    return NumberTable(
        "all noise", "Density of the noise", words.describe_all_noise(settings, frame),
        ("from", "to", "how many", "density, simulated", "density in the middle, exact"), fill,
        "The last cell also holds everything above it.",
    )  # fmt: skip


def _noisy_density(settings: Settings, frame: Frame) -> NumberTable:
    """Return the same for each watched option, over the noise alone."""
    watched = frame.watched.tolist()

    def fill() -> Rows:
        edges = settings.location + settings.scale * frame.noise_histograms.edges
        density = frame.noise_histograms.counts / (max(frame.draws, 1) * np.diff(edges))
        exact = np.interp(0.5 * (edges[1:] + edges[:-1]), *frame.theory.noise_curve)
        ends: list[Cell] = [*edges[1:-1].tolist(), math.inf]
        return in_rows(edges[:-1], ends, exact, *density)

    return NumberTable(
        "all noisy", "Density of each noisy score", words.describe_all_noisy(settings, frame),
        ("noise from", "noise to", "density, exact", *(f"{settings.options[i].name}, simulated" for i in watched)),
        fill, "Add the score of an option to read its noisy score. The last cell also holds everything above it.",
    )  # fmt: skip


def _soft_shares(settings: Settings, frame: Frame) -> NumberTable:
    """Return the histogram of each watched soft choice; exactly 0 and exactly 1 have rows of their own."""
    watched, cells = frame.watched.tolist(), frame.theory.soft_cells
    names = [settings.options[i].name for i in watched]

    def fill() -> Rows:
        edges = frame.soft_histograms.edges
        counts = np.concatenate((frame.soft_exact[:, :1], frame.soft_histograms.counts, frame.soft_exact[:, 1:]), 1)
        shares = counts / max(frame.draws, 1)
        columns: list[Floats] = []
        for row in range(len(watched)):
            columns.append(shares[row])
            if cells is not None:
                columns.append(cells[row])
        low, high = np.concatenate(([0.0], edges[:-1], [1.0])), np.concatenate(([0.0], edges[1:], [1.0]))
        return in_rows(low, high, *columns)

    kinds = ("simulated",) if cells is None else ("simulated", "exact")
    headings = [f"{name}, {kind}" for name in names for kind in kinds]
    return NumberTable(
        "all soft", "Soft choices of all draws", words.describe_all_soft(settings, frame),
        ("soft choice from", "to", *headings), fill,
        "Shares of all draws. The first row is a soft choice of exactly 0, the last one of exactly 1.",
    )  # fmt: skip
