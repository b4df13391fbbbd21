"""What a person can change, as functions from settings to settings. Each checks its value.

The table `EDITS` is the only way from a wish (a name and a value) to new settings: controls, plots, menus and
the keyboard all end here. A value without meaning raises `ValueError` with a sentence for a person.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from gumbelviz.model import (
    gradient_choices,
    learning_choices,
    noise_choices,
    parameters,
    precision_choices,
    simplex_choices,
    temperature_choices,
)
from gumbelviz.model.placing import place_draw
from gumbelviz.model.settings import (
    Option,
    Settings,
    check_logit,
    check_logits,
    check_name,
    check_noise,
    check_seed,
    check_settings,
    clean_text,
    with_option,
)

HIGHEST_SHARE = 0.999_999
"""Largest probability that can be asked for beside other options; 1 would need them all masked."""


def set_temperature(settings: Settings, value: float) -> Settings:
    """Set the temperature; 0 and infinity are legal."""
    return replace(settings, temperature=parameters.TEMPERATURE.check(value))


def set_location(settings: Settings, value: float) -> Settings:
    """Set where the noise is centred."""
    return replace(settings, location=parameters.LOCATION.check(value))


def set_scale(settings: Settings, value: float) -> Settings:
    """Set how wide the noise is."""
    return replace(settings, scale=parameters.SCALE.check(value))


def set_seed(settings: Settings, value: int) -> Settings:
    """Take the noise of another seed."""
    return replace(settings, seed=check_seed(value))


def set_score_input(settings: Settings, value: str) -> Settings:
    """Choose what the scores are shown and typed as: ``"logits"`` or ``"probabilities"``."""
    if value not in ("logits", "probabilities"):
        raise ValueError("Scores are entered as logits or as probabilities.")
    return replace(settings, score_input=value)


def set_logit(settings: Settings, value: tuple[int, float]) -> Settings:
    """Set the score of one option; minus infinity masks it."""
    place, logit = value
    if logit == math.inf or math.isnan(logit):
        raise ValueError("A score must be a finite number, or -inf to mask the option.")
    return _with_option(settings, place, logit=float(logit))


def set_probability(settings: Settings, value: tuple[int, float]) -> Settings:
    """Give one option a probability; the others keep their scores, and so the odds among themselves.

    With R the logsumexp of the other scores divided by the scale, the score is scale (logit(p) + R).
    """
    place, share = value
    _check_place(settings, place)
    if not 0.0 <= share <= 1.0:
        raise ValueError("A probability lies between 0 and 1.")
    # Imported late: the window is on the screen before NumPy loads.
    import numpy as np

    scores = settings.scores / settings.scale
    scores[place] = -math.inf
    others = scores[scores > -math.inf]
    if not others.size:
        raise ValueError("With no other option to choose, the probability is 1.")
    if share == 0.0:
        return set_logit(settings, (place, -math.inf))
    share = min(share, HIGHEST_SHARE)
    largest = float(others.max())
    rest = largest + math.log(math.fsum(np.exp(others - largest).tolist()))
    return set_logit(settings, (place, settings.scale * (math.log(share) - math.log1p(-share) + rest)))


def pin_noise(settings: Settings, value: tuple[int, float | None]) -> Settings:
    """Fix the noise of one option in the draw on display, or hand it back to the stream with None."""
    place, noise = value
    return _with_option(settings, place, pinned=None if noise is None else check_noise(noise))


def unpin_all(settings: Settings, value: None = None) -> Settings:
    """Hand all noise back to the stream."""
    options = list(settings.options)
    for place in settings.pinned:
        options[place] = replace(options[place], pinned=None)
    return replace(settings, options=tuple(options))


def rename_option(settings: Settings, value: tuple[int, str]) -> Settings:
    """Give an option another name; without one it is called by its place."""
    place, name = value
    name = clean_text(name).strip()
    return _with_option(settings, place, name=check_name(name) or f"Option {place + 1}")


def recolor_option(settings: Settings, value: tuple[int, int]) -> Settings:
    """Give an option another colour of the palette."""
    place, color = value
    if color < 0:
        raise ValueError("A colour is a place in the palette, counted from 0.")
    return _with_option(settings, place, color=color)


def add_option(settings: Settings, value: None = None) -> Settings:
    """Add an option at the end, so that the noise of the others stays as it is."""
    options = settings.options
    names = {option.name for option in options}
    number = next(n for n in range(len(options) + 1, 2 * len(options) + 3) if f"Option {n}" not in names)
    used = {option.color for option in options}
    color = next(c for c in range(len(options) + 1) if c not in used)
    finite = [z for z in settings.logits if z > -math.inf]
    logit = round(min(finite), 2)
    changed = replace(settings, options=(*options, Option(f"Option {number}", logit, color)))
    check_logits(changed.logits)
    return changed


def remove_option(settings: Settings, value: int) -> Settings:
    """Take an option away."""
    _check_place(settings, value)
    if len(settings.options) == 1:
        raise ValueError("The last option cannot be removed.")
    options = settings.options[:value] + settings.options[value + 1 :]
    changed = replace(settings, options=options)
    check_logits(changed.logits)
    return _follow(changed, lambda i: None if i == value else i - (i > value))


def move_option(settings: Settings, value: tuple[int, int]) -> Settings:
    """Move an option to another place in the list."""
    source, target = value
    _check_place(settings, source)
    _check_place(settings, target)
    order = list(range(len(settings.options)))
    order.insert(target, order.pop(source))
    changed = replace(settings, options=tuple(settings.options[i] for i in order))
    return _follow(changed, lambda i: order.index(i) if i < len(order) else i)


def _follow(settings: Settings, place: Callable[[int], int | None]) -> Settings:
    """Let choices of pages keep their options, which have gone where `place` says."""
    simplex = simplex_choices.follow(settings.pages.simplex, place)
    simplex = simplex_choices.follow(settings.pages.simplex, place)
    gradients = gradient_choices.follow(settings.pages.gradients, place)
    learning = learning_choices.follow(settings.pages.learning, place)
    pages = replace(settings.pages, simplex=simplex, gradients=gradients, learning=learning)
    return replace(settings, pages=pages)


def equalize(settings: Settings, value: None = None) -> Settings:
    """Give every option the score 0."""
    return replace(settings, options=tuple(replace(option, logit=0.0) for option in settings.options))


def make_ladder(settings: Settings, value: None = None) -> Settings:
    """Give the options scores one step apart, the first the highest."""
    count = len(settings.options)
    step = 1.0 if count <= 12 else 12.0 / count
    options = tuple(replace(option, logit=step * (count - 1 - i)) for i, option in enumerate(settings.options))
    return replace(settings, options=options)


def set_options(settings: Settings, value: tuple[tuple[Option, ...], str]) -> Settings:
    """Take a whole list of options, and what their scores are shown as."""
    options, score_input = value
    changed = replace(set_score_input(settings, score_input), options=tuple(options))
    check_settings(changed)
    return changed


def _check_place(settings: Settings, place: int) -> None:
    if not 0 <= place < len(settings.options):
        raise ValueError(f"There is no option at place {place + 1}.")


def _with_option(settings: Settings, place: int, **fields: Any) -> Settings:
    _check_place(settings, place)
    changed = with_option(settings, place, replace(settings.options[place], **fields))
    if "logit" in fields:
        # The other scores were checked before; they only matter where none of them can be chosen.
        check_logit(place, fields["logit"])
        if fields["logit"] == -math.inf and max(changed.logits) == -math.inf:
            check_logits(changed.logits)
    return changed


Edit = Callable[[Settings, Any], Settings]


def _on_page(page: str, change: Callable[[Any, Any], Any]) -> Edit:
    """Lift a change of one page's choices to a change of the settings."""

    def edit(settings: Settings, value: Any) -> Settings:
        choices = change(getattr(settings.pages, page), value)
        choices.check(len(settings.options))
        return replace(settings, pages=replace(settings.pages, **{page: choices}))

    return edit


EDITS: dict[str, tuple[Edit, str]] = {
    "temperature": (set_temperature, "change the temperature"),
    "anneal": (set_temperature, "anneal the temperature"),
    "location": (set_location, "change the noise location"),
    "scale": (set_scale, "change the noise scale"),
    "seed": (set_seed, "change the seed"),
    "score input": (set_score_input, "change how scores are shown"),
    "logit": (set_logit, "change a score"),
    "probability": (set_probability, "change a probability"),
    "pin": (pin_noise, "pin a noise value"),
    "place draw": (place_draw, "place this draw"),
    "unpin all": (unpin_all, "unpin all noise"),
    "rename": (rename_option, "rename an option"),
    "color": (recolor_option, "change a colour"),
    "add": (add_option, "add an option"),
    "remove": (remove_option, "remove an option"),
    "move": (move_option, "move an option"),
    "equalize": (equalize, "make the scores equal"),
    "ladder": (make_ladder, "set the scores one step apart"),
    "options": (set_options, "replace the options"),
    **{
        name: (_on_page(page, change), label)
        for page, edits in (
            ("noise", noise_choices.EDITS),
            ("simplex", simplex_choices.EDITS),
            ("temperature", temperature_choices.EDITS),
            ("gradients", gradient_choices.EDITS),
            ("precision", precision_choices.EDITS),
            ("learning", learning_choices.EDITS),
        )
        for name, (change, label) in edits.items()
    },
}
"""Name of the wish, the function that grants it, and what Undo calls it."""
