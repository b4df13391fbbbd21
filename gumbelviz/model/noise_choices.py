"""What a person chose on the Noise page, and the edits that change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from gumbelviz.model import parameters
from gumbelviz.model.parameters import Parameter

View = Literal["curves", "inverse", "other", "scales"]
OtherNoise = Literal["gumbel", "gaussian", "uniform", "logistic", "exponential", "minus-gumbel"]
VIEWS: tuple[View, ...] = get_args(View)
OTHER_NOISES: tuple[OtherNoise, ...] = get_args(OtherNoise)
MOST_CURVES = 12
MOST_COLORS = 28
"""Places in the palette that can be told apart: seven colours, four rounds."""

SCORE_SCALE = Parameter(
    "score scale", "score scale", "T", "", 0.01, 100.0, (0.1, 10.0), 1.0, "log", 2,
    "The scores are divided by T before the noise is added: options win with probability softmax(z / T). This is "
    "what a language model calls its temperature. It acts on this page only.",
)  # fmt: skip
LEVEL = Parameter(
    "noise level", "uniform number", "u", "", 1e-9, 1.0 - 1e-9, (0.001, 0.999), 0.8, "linear", 3,
    "A uniform number between 0 and 1. The inverse of the distribution function turns it into noise, "
    "g = μ − β ln(−ln u).",
)  # fmt: skip


class Curve(Struct, frozen=True, forbid_unknown_fields=True):
    """One curve of the family: a Gumbel law, and its place in the palette."""

    location: float
    scale: float
    color: int


def _family(locations: tuple[float, ...], scales: tuple[float, ...]) -> tuple[Curve, ...]:
    pairs = [(location, scale) for location in locations for scale in scales]
    return tuple(Curve(location, scale, color) for color, (location, scale) in enumerate(pairs))


ARTICLE_DENSITIES = _family((-2.0, 2.0, 6.0), (0.5, 1.0, 2.0))
ARTICLE_FUNCTIONS = _family((0.0, 1.0, -1.0), (0.5, 1.0, 2.0))
ARTICLE_AXIS_END = 10.0
"""Where the x axis of the article's densities ends on the right."""
PRESETS = {
    "densities": ("Article: densities", ARTICLE_DENSITIES),
    "functions": ("Article: distribution functions", ARTICLE_FUNCTIONS),
    "locations": ("Locations −2, 0, 2", _family((-2.0, 0.0, 2.0), (1.0,))),
    "scales": ("Scales ½, 1, 2", _family((0.0,), (0.5, 1.0, 2.0))),
    "standard": ("The standard curve alone", _family((0.0,), (1.0,))),
}
"""Ready-made families by their id: what a menu calls them, and their curves."""


class NoiseChoices(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The choices of the Noise page; what all pages share is in `Settings`.

    Attributes
    ----------
    view
        Which part of the page is in front.
    curves
        The family of Gumbel laws on the part "curves".
    level
        The uniform number u that the inverse map turns into noise.
    other
        The noise that is tried instead of Gumbel's.
    score_scale
        T: the scores are z / T in the experiments of this page. The stream and the other pages keep z.
    """

    view: View = "curves"
    curves: tuple[Curve, ...] = (Curve(0.0, 1.0, 0), Curve(2.0, 1.0, 1), Curve(0.0, 2.0, 2))
    level: float = LEVEL.default
    other: OtherNoise = "gaussian"
    score_scale: float = SCORE_SCALE.default

    def check(self, options: int) -> None:
        """Raise `ValueError` with one sentence for the first choice that has no meaning with that many options."""
        if not 1 <= len(self.curves) <= MOST_CURVES:
            raise ValueError(f"There are from 1 to {MOST_CURVES} curves, not {len(self.curves)}.")
        for curve in self.curves:
            parameters.LOCATION.check(curve.location)
            parameters.SCALE.check(curve.scale)
            if not 0 <= curve.color < MOST_COLORS:
                raise ValueError(f"The colour of a curve is a place in the palette, from 0 to {MOST_COLORS - 1}.")
        LEVEL.check(self.level)
        SCORE_SCALE.check(self.score_scale)


def set_view(choices: NoiseChoices, value: str) -> NoiseChoices:
    """Bring another part of the page to the front."""
    for view in VIEWS:
        if view == value:
            return replace(choices, view=view)
    raise ValueError(f"The Noise page has no part “{value}”; there is {', '.join(VIEWS)}.")


def add_curve(choices: NoiseChoices, value: tuple[float, float] | None = None) -> NoiseChoices:
    """Add a curve (location, scale), or one beside the last, in the first colour that is free."""
    curves = choices.curves
    if len(curves) == MOST_CURVES:
        raise ValueError(f"There is room for {MOST_CURVES} curves; take one away first.")
    location, scale = value or (round(curves[-1].location + 1.0, 2), curves[-1].scale)
    used = {curve.color for curve in curves}
    color = next(color for color in range(len(curves) + 1) if color not in used)
    added = Curve(parameters.LOCATION.check(location), parameters.SCALE.check(scale), color)
    return replace(choices, curves=(*curves, added))


def remove_curve(choices: NoiseChoices, value: int) -> NoiseChoices:
    """Take the curve at that place away."""
    _check_place(choices, value)
    if len(choices.curves) == 1:
        raise ValueError("The last curve cannot be removed.")
    return replace(choices, curves=choices.curves[:value] + choices.curves[value + 1 :])


def move_curve(choices: NoiseChoices, value: tuple[int, float]) -> NoiseChoices:
    """Give the curve at a place another location."""
    return _with_curve(choices, value[0], location=parameters.LOCATION.check(value[1]))


def widen_curve(choices: NoiseChoices, value: tuple[int, float]) -> NoiseChoices:
    """Give the curve at a place another scale."""
    return _with_curve(choices, value[0], scale=parameters.SCALE.check(value[1]))


def take_preset(choices: NoiseChoices, value: str) -> NoiseChoices:
    """Show one of the ready-made families."""
    if value not in PRESETS:
        raise ValueError(f"There is no family of curves “{value}”; there is {', '.join(PRESETS)}.")
    return replace(choices, curves=PRESETS[value][1])


def set_level(choices: NoiseChoices, value: float) -> NoiseChoices:
    """Set the uniform number of the inverse map."""
    return replace(choices, level=LEVEL.check(value))


def set_other(choices: NoiseChoices, value: str) -> NoiseChoices:
    """Try another noise."""
    for other in OTHER_NOISES:
        if other == value:
            return replace(choices, other=other)
    raise ValueError(f"There is no noise “{value}”; there is {', '.join(OTHER_NOISES)}.")


def set_score_scale(choices: NoiseChoices, value: float) -> NoiseChoices:
    """Divide the scores by T in the experiments of the page."""
    return replace(choices, score_scale=SCORE_SCALE.check(value))


def _check_place(choices: NoiseChoices, place: int) -> None:
    if not 0 <= place < len(choices.curves):
        raise ValueError(f"There is no curve at place {place + 1}.")


def _with_curve(choices: NoiseChoices, place: int, **fields: float) -> NoiseChoices:
    _check_place(choices, place)
    curves = list(choices.curves)
    curves[place] = replace(curves[place], **fields)
    return replace(choices, curves=tuple(curves))


EDITS: dict[str, tuple[Callable[[NoiseChoices, Any], NoiseChoices], str]] = {
    "noise view": (set_view, "show another part of the noise page"),
    "curve add": (add_curve, "add a curve"),
    "curve remove": (remove_curve, "remove a curve"),
    "curve location": (move_curve, "move a curve"),
    "curve scale": (widen_curve, "widen a curve"),
    "curve preset": (take_preset, "replace the curves"),
    LEVEL.id: (set_level, "change the uniform number"),
    "other noise": (set_other, "try another noise"),
    SCORE_SCALE.id: (set_score_scale, "change the score scale"),
}
"""Name of the wish, the function that grants it, and what Undo calls it."""
