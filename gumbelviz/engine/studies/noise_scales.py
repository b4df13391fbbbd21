"""Three scales that are easily mixed up: the score scale T, the noise scale beta, the temperature tau."""

from __future__ import annotations

import math

import numpy as np

from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.maths import concrete
from gumbelviz.model.edits import EDITS
from gumbelviz.model.frame import Floats, freeze
from gumbelviz.model.noise_report import Effect, Scales
from gumbelviz.model.settings import Settings

MOST_OPTIONS = 24
"""Above, exact mean soft choices take longer than a screen tick: they are left out."""
SCALES = ("score", "noise", "temperature")


class ScaleEffects:
    """One state of the settings, and the three in which one of the scales is 1 instead."""

    def __init__(self, settings: Settings) -> None:
        self._now = settings
        self._neutral = {scale: _at_one(settings, scale) for scale in SCALES}
        self._open = np.flatnonzero(np.array(settings.logits) > -math.inf)
        self._stream = Stream(settings.seed, self._open, len(settings.options))
        self._pins = [(i, pin) for i, pin in enumerate(settings.pins) if pin is not None]
        self._scores = {key: _scores(each) for key, each in self._all().items()}
        self._chances = {
            key: concrete.probabilities(self._scores[key], each.scale) for key, each in self._all().items()
        }
        self._unknown = list(self._all()) if len(self._open) <= MOST_OPTIONS else []
        self._means: dict[str, Floats] = {}
        self._shown: tuple[int, Scales] | None = None

    def _all(self) -> dict[str, Settings]:
        return {"now": self._now, **self._neutral}

    @property
    def done(self) -> bool:
        """Whether all exact means are known."""
        return not self._unknown

    def work(self) -> None:
        """Work out one mean soft choice."""
        key = self._unknown.pop(0)
        settings = self._all()[key]
        mean = concrete.mean(self._scores[key], settings.temperature, settings.scale)
        freeze(mean)
        self._means[key] = mean
        self._shown = None

    def scales(self, index: int) -> Scales:
        """Return what the scales do to the draw `index` and to all draws."""
        if self._shown is None or self._shown[0] != index:
            self._shown = index, self._look_at(index)
        return self._shown[1]

    def _look_at(self, index: int) -> Scales:
        bits = np.empty((len(self._open), 1), np.uint32)
        self._stream.read(index, bits)
        standard = np.zeros(len(self._now.options))
        standard[self._open] = gumbel_of_bits(bits)[:, 0]
        perturbed = self._perturb("now", standard)
        soft = concrete.relax(perturbed, self._now.temperature)
        chances = self._chances["now"]
        for array in (perturbed, soft, chances):
            freeze(array)
        effects = []
        for scale, neutral in self._neutral.items():
            other = self._perturb(scale, standard)
            means = self._means.get("now"), self._means.get(scale)
            effects.append(
                Effect(
                    scale,
                    int(np.argmax(other)),
                    _largest(chances, self._chances[scale]),
                    _largest(soft, concrete.relax(other, neutral.temperature)),
                    None if means[0] is None or means[1] is None else _largest(means[0], means[1]),
                )
            )
        same = self._now.scale * self._now.pages.noise.score_scale
        return Scales(
            index, perturbed, soft, int(np.argmax(perturbed)), chances, self._means.get("now"), same, tuple(effects)
        )

    def _perturb(self, key: str, standard: Floats) -> Floats:
        """Scores z / T plus noise, with pinned values as they were pinned, added as the stream adds them."""
        settings = self._all()[key]
        noise = settings.location + settings.scale * standard
        for i, pin in self._pins:
            noise[i] = pin
        return self._scores[key] + noise


def scales_key(settings: Settings) -> tuple[object, ...]:
    """The part of the settings that the effects depend on."""
    return (
        settings.options, settings.temperature, settings.location, settings.scale, settings.seed,
        settings.pages.noise.score_scale,
    )  # fmt: skip


def _at_one(settings: Settings, scale: str) -> Settings:
    wish = {"score": "score scale", "noise": "scale", "temperature": "temperature"}[scale]
    return EDITS[wish][0](settings, 1.0)


def _scores(settings: Settings) -> Floats:
    return np.array(settings.logits) / settings.pages.noise.score_scale


def _largest(p: Floats, q: Floats) -> float:
    return float(np.abs(p - q).max())
