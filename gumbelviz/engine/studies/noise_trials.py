"""Who wins with another noise: trials on the uniform numbers of the stream, beside Gumbel's noise on the same ones."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.maths import noises
from gumbelviz.maths.concrete import probabilities
from gumbelviz.maths.gumbel import EULER_GAMMA
from gumbelviz.maths.noises import NOISES, Noise
from gumbelviz.model.frame import Floats, freeze
from gumbelviz.model.noise_report import Comparison, Experiment, Law
from gumbelviz.model.settings import Settings

MOST_DRAWS = 2**22
"""Four million: a share is then known to about 0.0002."""
MOST_NUMBERS = 2**25
"""Uniform numbers drawn at most, where there are many options."""
FEWEST_DRAWS = 256
PIECE = 2**14
"""Numbers per piece of work: about a millisecond."""
FIRST = 16
"""The first piece is small, so that a moved slider has its answer at once; pieces double from there."""

_X = np.linspace(EULER_GAMMA - 4.2, EULER_GAMMA + 5.2, 283)
freeze(_X)


class Trials:
    """Wins of two noises on the same uniform numbers, piece by piece, for one state of the settings.

    Draw n uses the same numbers of the stream as draw n on every other page: where the score scale is 1, the
    wins with Gumbel's noise are those of the stream.
    """

    def __init__(self, settings: Settings) -> None:
        choices = settings.pages.noise
        self._names: tuple[str, ...] = tuple(dict.fromkeys(("gumbel", choices.other)))
        scores = np.array(settings.logits) / choices.score_scale
        self._scores = scores
        self._open = np.flatnonzero(scores > -math.inf)
        relative = (scores[self._open] - scores[self._open].max()) / settings.scale
        self._relative = relative[:, np.newaxis]
        self._scale = settings.scale
        self._stream = Stream(settings.seed, self._open, len(scores))
        self.softmax = probabilities(scores, settings.scale)
        freeze(self.softmax)
        count = len(self._open)
        self.target = min(MOST_DRAWS, max(MOST_NUMBERS // count, FEWEST_DRAWS))
        self._piece = max(PIECE // count, 1)
        self.draws = 0
        self._wins = {name: np.zeros(count, np.int64) for name in self._names}
        self._path: list[int] = []
        self._distances: dict[str, list[float]] = {name: [] for name in self._names}
        self._next_point = float(FIRST)
        self._exact: dict[str, Floats | None] = {}
        self._laws: tuple[Law, ...] = tuple(_law(noise, None) for noise in NOISES)
        self._has_exact = count <= noises.MOST_OPTIONS
        self._unknown = list(NOISES) if self._has_exact else []

    @property
    def done(self) -> bool:
        """Whether all draws are made, and all exact chances known."""
        return self.draws >= self.target and not self._unknown

    def work(self) -> None:
        """Do one piece: first a few draws, then the exact chances, one noise at a time, then the other draws."""
        if self._unknown and self.draws:
            self._work_out(self._unknown.pop(0))
        else:
            self._draw()

    def _work_out(self, noise: Noise) -> None:
        exact = noises.winner_probabilities(noise, self._scores, self._scale)
        freeze(exact)
        self._exact[noise.id] = exact
        found = _law(noise, noises.total_variation(exact, self.softmax))
        self._laws = tuple(found if law.id == noise.id else law for law in self._laws)

    def _draw(self) -> None:
        count = min(max(self.draws, FIRST), self._piece, self.target - self.draws)
        bits: NDArray[np.uint32] = np.empty((len(self._open), count), np.uint32)
        self._stream.read(self.draws, bits)
        for name in self._names:
            self._wins[name] += np.bincount(self._winners(name, bits), minlength=len(self._open))
        self.draws += count
        if self.draws >= self._next_point or self.draws == self.target:
            self._note_point()

    def _winners(self, name: str, bits: NDArray[np.uint32]) -> NDArray[np.intp]:
        if name == "gumbel":
            noise = gumbel_of_bits(bits)
        else:
            noise = noises.noise_of(name).ppf((bits.astype(np.float64) + 0.5) / 2.0**32)
        noise += self._relative
        winners: NDArray[np.intp] = np.argmax(noise, axis=0)
        return winners

    def _note_point(self) -> None:
        self._path.append(self.draws)
        self._next_point = self.draws * math.sqrt(2.0)
        softmax = self.softmax[self._open]
        for name in self._names:
            distance = noises.total_variation(self._wins[name] / self.draws, softmax)
            self._distances[name].append(distance)

    def comparison(self) -> Comparison:
        """Return the state of the trials."""
        experiments = {name: self._experiment(name) for name in self._names}
        chosen = experiments[self._names[-1]]
        return Comparison(self.softmax, self._has_exact, _X, self._laws, chosen, experiments["gumbel"])

    def _experiment(self, name: str) -> Experiment:
        wins = np.zeros(len(self._scores), np.int64)
        wins[self._open] = self._wins[name]
        frequencies = wins / max(self.draws, 1)
        path = np.array(self._path, np.float64), np.array(self._distances[name], np.float64)
        for array in (wins, frequencies, *path):
            freeze(array)
        return Experiment(
            name, self.draws, self.target, wins, frequencies, self._exact.get(name),
            distance=noises.total_variation(frequencies, self.softmax) if self.draws else 0.0,
            error=noises.total_variation_error(frequencies, self.softmax, self.draws),
            by_chance=noises.chance_variation(self.softmax, self.draws),
            path_draws=path[0], path_distance=path[1],
        )  # fmt: skip


def trials_key(settings: Settings) -> tuple[object, ...]:
    """The part of the settings that trials depend on."""
    choices = settings.pages.noise
    return settings.logits, settings.scale, settings.seed, choices.score_scale, choices.other


def _law(noise: Noise, distance: float | None) -> Law:
    density = _DENSITIES[noise.id]
    return Law(noise.id, noise.name, density, distance)


_DENSITIES: dict[str, Floats] = {noise.id: noise.pdf(_X) for noise in NOISES}
for _density in _DENSITIES.values():
    freeze(_density)
