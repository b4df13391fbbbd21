"""What a person chose on the Precision page, and the edits that change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from gumbelviz.model.parameters import Parameter

Scores = Literal["scene", "pair"]

TEMPERATURE = Parameter(
    "precision temperature", "temperature", "τ", "", 0.0, 1e3, (1e-3, 10.0), 0.5, "log", 2,
    "The temperature of this page alone: it goes down to 0.001 and to 0 without touching the other pages.",
    low_limit=0.0,
)  # fmt: skip
OFFSET = Parameter(
    "precision offset", "offset", "", "", 0.0, 1e8, (1e2, 1e8), 0.0, "log", 0,
    "Added to every score. In exact arithmetic it changes nothing: softmax looks at differences alone.",
    low_limit=0.0,
)  # fmt: skip


class PrecisionChoices(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The choices of the Precision page; what all pages share is in `Settings`.

    Attributes
    ----------
    temperature, offset
        Of this page alone: the failures that it shows would spoil the pictures of all others.
    scores
        ``"scene"``: the scores of the document; ``"pair"``: two equal scores, the plainest case.
    """

    temperature: float = TEMPERATURE.default
    offset: float = OFFSET.default
    scores: Scores = "scene"

    def check(self, options: int) -> None:
        """Raise `ValueError` with one sentence for the first choice that has no meaning with that many options."""
        TEMPERATURE.check(self.temperature)
        OFFSET.check(self.offset)


@dataclass(frozen=True, slots=True)
class Preset:
    """A well-known failure: the choices that bring it about, and why it happens."""

    id: str
    text: str
    why: str
    choices: PrecisionChoices


PRESETS = (
    Preset(
        "large logits", "Two logits of 1e8",
        "Noise is added to raw scores. Where neighbouring numbers are further apart than it is wide, it is lost.",
        PrecisionChoices(0.5, 1e8, "pair"),
    ),
    Preset(
        "cold", "τ = 0.001",
        "Dividing by a small temperature makes exponents so large that shares leave the range of numbers.",
        PrecisionChoices(0.001, 0.0, "scene"),
    ),
    Preset(
        "zero", "τ = 0",
        "The common formula divides by the temperature. The limit is argmax, which needs no division.",
        PrecisionChoices(0.0, 0.0, "scene"),
    ),
    Preset(
        "rounded shares", "τ = 0.1, two equal",
        "Already here many a share rounds to exactly 1, and its logarithm, which losses are made of, to 0.",
        PrecisionChoices(0.1, 0.0, "pair"),
    ),
    Preset(
        "plain", "Nothing special",
        "The same comparison where floating point is at ease.",
        PrecisionChoices(),
    ),
)  # fmt: skip


def set_temperature(choices: PrecisionChoices, value: float) -> PrecisionChoices:
    """Set the temperature of this page; 0 is legal."""
    return replace(choices, temperature=TEMPERATURE.check(value))


def set_offset(choices: PrecisionChoices, value: float) -> PrecisionChoices:
    """Set what is added to every score."""
    return replace(choices, offset=OFFSET.check(value))


def set_scores(choices: PrecisionChoices, value: str) -> PrecisionChoices:
    """Take the scores of the document, or two equal ones."""
    if value not in ("scene", "pair"):
        raise ValueError("The scores are those of the scene, or two equal ones.")
    return replace(choices, scores=value)


def take_preset(choices: PrecisionChoices, value: str) -> PrecisionChoices:
    """Take all choices of a preset, by its id."""
    for preset in PRESETS:
        if preset.id == value:
            return preset.choices
    raise ValueError(f"There is no such example: {value}.")


EDITS: dict[str, tuple[Callable[[PrecisionChoices, Any], PrecisionChoices], str]] = {
    TEMPERATURE.id: (set_temperature, "change the temperature of the precision page"),
    OFFSET.id: (set_offset, "change the offset of the scores"),
    "precision scores": (set_scores, "change whose scores are computed with"),
    "precision preset": (take_preset, "take an example"),
}
"""Name of the wish, the function that grants it, and what Undo calls it."""
