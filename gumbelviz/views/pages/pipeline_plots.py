"""What the densities and histograms of the Pipeline page show: settings and frames put into curves and marks."""

from __future__ import annotations

import numpy as np

from gumbelviz.model.frame import Frame, Ranking
from gumbelviz.model.settings import Settings
from gumbelviz.views.look import Look
from gumbelviz.views.plots.densities import DensityPlot, Mark
from gumbelviz.views.plots.soft_histogram import Mean, SoftHistogramPlot

LEADERS = 3
"""How many densities of noisy scores can be told from each other where there are many options."""


def draw_noise(plot: DensityPlot, look: Look, settings: Settings, frame: Frame, shown: tuple[int, ...]) -> None:
    """Show the noise of all draws, and this draw's values of the shown options."""
    location, scale = settings.location, settings.scale
    marks = tuple(
        Mark(i, settings.options[i].color, float(frame.draw.noise[i]), float(frame.draw.density[i]),
             pinned=settings.options[i].pinned is not None)
        for i in shown
    )  # fmt: skip
    plot.set_series((look.color("accent"),))
    curve = frame.theory.noise_curve
    plot.set_curve(curve, (0.0,))
    histogram = frame.noise_histograms
    cell = histogram.edges[1] - histogram.edges[0]
    pooled = frame.pooled_noise / max(float(frame.pooled_noise.sum()) * cell * scale, 1e-300)
    plot.set_histograms(location + scale * histogram.edges, [pooled], (0.0,))
    ends = [mark.x for mark in marks if mark.pinned]
    low = min(location - 2.6 * scale, *ends) if ends else location - 2.6 * scale
    high = max(location + 6.8 * scale, *ends) if ends else location + 6.8 * scale
    plot.set_range(low, high, 1.22 * float(curve[1].max()))
    plot.set_marks(marks)


def draw_noisy(plot: DensityPlot, look: Look, settings: Settings, frame: Frame, shown: tuple[int, ...]) -> None:
    """Show the noisy scores of the watched options over all draws, and this draw's of the shown ones."""
    scale, ranking = settings.scale, frame.theory.ranking
    if ranking is not None:
        _draw_leaders(plot, look, settings, frame, ranking)
        return
    watched = [int(i) for i in frame.watched]
    scores = tuple(settings.options[i].logit for i in watched)
    plot.set_series(tuple(look.option_color(settings.options[i].color) for i in watched))
    curve = frame.theory.noise_curve
    plot.set_curve(curve, scores)
    histogram = frame.noise_histograms
    cell = histogram.edges[1] - histogram.edges[0]
    heights = list(histogram.counts / max(frame.draws * cell * scale, 1e-300))
    plot.set_histograms(settings.location + scale * histogram.edges, heights, scores)
    low, high = min(scores) + settings.location - 2.6 * scale, max(scores) + settings.location + 6.8 * scale
    plot.set_range(low, high, 1.22 * float(curve[1].max()))
    draw = frame.draw
    plot.set_marks(
        tuple(
            Mark(i, settings.options[i].color, float(draw.perturbed[i]), float(draw.density[i]),
                 winner=i == draw.winner)
            for i in shown
            if np.isfinite(draw.perturbed[i])
        )
    )  # fmt: skip


def _draw_leaders(plot: DensityPlot, look: Look, settings: Settings, frame: Frame, ranking: Ranking) -> None:
    """Of many options the first few, and in ink where the largest noisy score of all lands, whoever has it."""
    scale, draw = settings.scale, frame.draw
    place = {int(option): row for row, option in enumerate(frame.watched)}
    leaders = [int(i) for i in ranking.order[: min(LEADERS, ranking.live)]]
    colors = [settings.options[i].color for i in leaders]
    scores = (*(settings.options[i].logit for i in leaders), ranking.winning_score)
    plot.set_series((*map(look.option_color, colors), look.color("ink")))
    curve = frame.theory.noise_curve
    plot.set_curve(curve, scores)
    histogram = frame.noise_histograms
    cell = histogram.edges[1] - histogram.edges[0]
    counts = histogram.counts[[place[i] for i in leaders]] / max(frame.draws * cell * scale, 1e-300)
    # The largest score is not tallied: its curve stands alone.
    plot.set_histograms(
        settings.location + scale * histogram.edges, [*counts, np.zeros(counts.shape[1])], scores
    )  # fmt: skip
    low, high = min(scores) + settings.location - 2.6 * scale, max(scores) + settings.location + 6.8 * scale
    plot.set_range(low, high, 1.22 * float(curve[1].max()))
    marks = [
        Mark(i, color, float(draw.perturbed[i]), float(draw.density[i]))
        for i, color in zip(leaders, colors, strict=True)
        if i != draw.winner
    ]
    top = float(draw.perturbed[draw.winner])
    height = float(np.interp(top - ranking.winning_score, *curve))
    marks.append(Mark(draw.winner, settings.options[draw.winner].color, top, height, winner=True))
    plot.set_marks(tuple(marks))


def draw_soft(plot: SoftHistogramPlot, look: Look, settings: Settings, frame: Frame) -> None:
    """Show how the soft choices of the watched options spread over all draws, and their means."""
    watched = [int(i) for i in frame.watched]
    colors = [settings.options[i].color for i in watched]
    plot.set_series(tuple(look.option_color(color) for color in colors))
    histogram, exact = frame.soft_histograms, frame.soft_exact
    shares = np.concatenate((exact[:, :1], histogram.counts, exact[:, 1:]), axis=1) / max(frame.draws, 1)
    exact_means = frame.theory.soft_mean
    means = tuple(
        Mean(color, float(frame.soft_mean[i]), None if exact_means is None else float(exact_means[i]))
        for i, color in zip(watched, colors, strict=True)
    )
    plot.set_histograms(histogram.edges, shares, means, frame.theory.soft_cells)
