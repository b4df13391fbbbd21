"""What a person chose on the Simplex page, and the edits that change it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

FEWEST_DOTS, MOST_DOTS = 500, 20_000
CORNERS = 3
LAYERS = {
    "heat": "exact density",
    "streamed": "streamed density",
    "dots": "newest draws",
    "trail": "trail of this draw",
    "arrows": "gradient arrows",
    "means": "means",
    "solid": "tetrahedron",
}
"""What can be shown or hidden, by the name of its field."""


class SimplexChoices(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The choices of the Simplex page; what all pages share is in `Settings`.

    Attributes
    ----------
    corners
        Three places of options, counted from 0; empty for the most probable ones. Places that do not exist, or
        whose option is masked, make way for the most probable of the others.
    dots_shown
        How many of the newest draws are dots.
    slope_of
        The corner, counted from 0, whose option is the j of the slopes dy / dz_j; where there is none, the first.
    heat, streamed, dots, trail, arrows, means, solid
        What is shown; see `LAYERS`. `solid` is the tetrahedron of exactly four options.
    """

    corners: tuple[int, ...] = ()
    dots_shown: int = 2_000
    slope_of: int = 0
    heat: bool = True
    streamed: bool = False
    dots: bool = True
    trail: bool = True
    arrows: bool = False
    means: bool = False
    solid: bool = False

    def check(self, options: int) -> None:
        """Raise `ValueError` with one sentence for the first choice that has no meaning with that many options.

        Places beyond the last option are legal: an option may be removed, and come back.
        """
        if self.corners and (len(self.corners) != CORNERS or len(set(self.corners)) != CORNERS):
            raise ValueError("The corners of the triangle are three different options, or none for the likeliest.")
        if min(self.corners, default=0) < 0:
            raise ValueError("Options are counted from 0.")
        if not 0 <= self.slope_of <= CORNERS:
            raise ValueError("A slope belongs to one of the corners, counted from 0.")
        if not FEWEST_DOTS <= self.dots_shown <= MOST_DOTS:
            raise ValueError(f"Between {FEWEST_DOTS:,} and {MOST_DOTS:,} draws can be shown as dots.")


def corner_options(choices: SimplexChoices, logits: Sequence[float]) -> tuple[int, ...]:
    """Return the options at the corners: at most three, four for the tetrahedron, masked ones left out.

    In the order of the list, but chosen corners in the order they were chosen in.
    """
    live = [i for i, logit in enumerate(logits) if logit > -math.inf]
    if len(live) <= CORNERS or (choices.solid and len(logits) == len(live) == CORNERS + 1):
        return tuple(live)
    chosen = [i for i in choices.corners if i < len(logits) and logits[i] > -math.inf]
    if len(chosen) == CORNERS:
        return tuple(chosen)
    ranked = sorted((i for i in live if i not in chosen), key=lambda i: (-logits[i], i))
    filled = chosen + ranked[: CORNERS - len(chosen)]
    return tuple(filled if chosen else sorted(filled))


def follow(choices: SimplexChoices, place: Callable[[int], int | None]) -> SimplexChoices:
    """Keep pointing at the same options after they were moved; `place` tells where each has gone, or None."""
    gone_to = tuple(place(i) for i in choices.corners)
    return replace(choices, corners=tuple(i for i in gone_to if i is not None) if None not in gone_to else ())


def set_corner(choices: SimplexChoices, value: tuple[tuple[int, ...], int, int]) -> SimplexChoices:
    """Put an option at a corner: the three present corners, which of them, and the option that it shall show.

    An option that stands at another corner changes places with the one that was here.
    """
    present, corner, option = value
    if len(present) != CORNERS or not 0 <= corner < CORNERS:
        raise ValueError("Corners can be chosen where there are more than three options.")
    there = present[corner]
    corners = [there if i == option else i for i in present]
    corners[corner] = option
    return replace(choices, corners=tuple(corners))


def show_layer(choices: SimplexChoices, value: tuple[str, bool]) -> SimplexChoices:
    """Show or hide one layer of the picture."""
    name, shown = value
    if name not in LAYERS:
        raise ValueError(f"There is no layer “{name}”.")
    return replace(choices, **{name: bool(shown)})


def set_dots_shown(choices: SimplexChoices, value: float) -> SimplexChoices:
    """Choose how many of the newest draws are dots."""
    if not math.isfinite(value):
        raise ValueError(f"Between {FEWEST_DOTS:,} and {MOST_DOTS:,} draws can be shown as dots.")
    return replace(choices, dots_shown=round(value))


def set_slope_of(choices: SimplexChoices, value: int) -> SimplexChoices:
    """Choose the corner whose option is the j of the slopes dy / dz_j."""
    return replace(choices, slope_of=value)


EDITS: dict[str, tuple[Callable[[SimplexChoices, Any], SimplexChoices], str]] = {
    "simplex corner": (set_corner, "choose a corner"),
    "simplex layer": (show_layer, "change what the simplex shows"),
    "simplex dots": (set_dots_shown, "change the number of dots"),
    "simplex slope": (set_slope_of, "choose whose slope is shown"),
}
"""Name of the wish, the function that grants it, and what Undo calls it."""
