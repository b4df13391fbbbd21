"""One draw's choice of one option against its score: the switch, its mean, and the dimmer."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.maths import concrete
from gumbelviz.maths.gradients import pull_back
from gumbelviz.model.frame import freeze
from gumbelviz.model.gradient_report import MOST_CELLS, Switch
from gumbelviz.model.settings import Settings

Floats = NDArray[np.float64]
POINTS = 241
REACH = 6.0
"""How far beyond the other scores the curves go, in units of the noise scale."""


def noise_of(settings: Settings, index: int) -> Floats:
    """Return the noise of one draw, with what is pinned, (K,)."""
    options = len(settings.options)
    bits = np.empty((options, 1), np.uint32)
    Stream(settings.seed, np.arange(options), options).read(index, bits)
    noise = settings.location + settings.scale * gumbel_of_bits(bits[:, 0])
    for place in settings.pinned:
        noise[place] = settings.options[place].pinned
    return noise


def make_switch(settings: Settings, index: int) -> Switch:
    """Return the curves of draw `index`, and the slopes of its soft choice."""
    logits, tau, scale = settings.scores, settings.temperature, settings.scale
    option = settings.pages.gradients.option_for(len(logits))
    noise = noise_of(settings, index)
    others = np.arange(len(logits)) != option
    rivals = logits[others]
    score = float(logits[option])
    finite = [*rivals[rivals > -math.inf].tolist(), *([score] if score > -math.inf else [])]
    scores = np.linspace(min(finite) - REACH * scale, max(finite) + REACH * scale, POINTS)
    noisy = rivals + noise[others]
    threshold = float(noisy.max(initial=-math.inf) - noise[option])
    mean = _share(scores - _peak(rivals, scale), scale)
    soft = _soft(scores, noise[option], noisy, tau)
    at = np.array([score])
    mean_here = float(_share(at - _peak(rivals, scale), scale)[0])
    soft_here = float(_soft(at, noise[option], noisy, tau)[0])
    hard_here = 1.0 if score > threshold else 0.0
    cells = _cells(logits, option)
    shares = concrete.relax((logits + noise)[:, np.newaxis], tau)
    jacobian = np.stack([pull_back(shares, np.eye(1, len(logits), j).T)[list(cells), 0] for j in cells], axis=1)
    jacobian = jacobian / tau if 0 < tau < math.inf else np.zeros_like(jacobian)
    for array in (scores, mean, soft, jacobian):
        freeze(array)
    return Switch(
        option, scores, threshold, mean, soft, score,
        (hard_here, mean_here, soft_here),
        (0.0, mean_here * (1 - mean_here) / scale, _slope(soft_here, tau)),
        jacobian, cells, len(cells) == len(logits),
        0.25 / tau if 0 < tau < math.inf else 1.0,
    )  # fmt: skip


def _cells(logits: Floats, option: int) -> tuple[int, ...]:
    """All of a few options; of more the leading ones, and the one that is looked at."""
    if len(logits) <= MOST_CELLS:
        return tuple(range(len(logits)))
    leaders = np.argpartition(-logits, MOST_CELLS)[:MOST_CELLS].tolist()
    if option not in leaders:
        leaders[int(np.argmin(logits[leaders]))] = option
    return tuple(sorted(leaders))


def _peak(scores: Floats, tau: float) -> float:
    """Return tau logsumexp(scores / tau): what one score must reach for a share of one half."""
    top = float(scores.max(initial=-math.inf))
    if top == -math.inf or tau == 0:
        return top
    return top + tau * math.log(float(np.exp((scores - top) / tau).sum()))


def _share(lead: Floats, tau: float) -> Floats:
    """Return the share of an option that is so far ahead of the peak of the others."""
    if tau == 0:
        return (lead > 0).astype(np.float64)
    with np.errstate(over="ignore"):
        share: Floats = 1.0 / (1.0 + np.exp(-lead / tau))
    return share


def _soft(scores: Floats, own: float, noisy: Floats, tau: float) -> Floats:
    """Return the share of the option at each of its scores; `own` is its noise, `noisy` what the others have."""
    if tau == math.inf:
        even = 1.0 / (1.0 + np.count_nonzero(noisy > -math.inf))
        return np.where(scores > -math.inf, even, 0.0)
    return _share(scores + own - _peak(noisy, tau), tau)


def _slope(share: float, tau: float) -> float:
    return share * (1.0 - share) / tau if 0 < tau < math.inf else 0.0
