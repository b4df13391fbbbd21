"""What a person chose: the options with their scores, the noise, the temperature, the seed."""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING, Literal

import msgspec

from gumbelviz.model import parameters
from gumbelviz.model.choices import PageChoices

if TYPE_CHECKING:
    from gumbelviz.model.frame import Floats

ScoreInput = Literal["logits", "probabilities"]
_LINE_ENDS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters (C0, delete, C1)
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # marks that turn the direction of writing
    "\u200b\ufeff\ufff9-\ufffb\ufffe\uffff"  # no width, byte order marks, annotations, non-characters
    "\ud800-\udfff]"  # halves of a character, which cannot be written to a file
)


# Without `gc`: options hold no other objects, and 131,072 of them would slow down every collection.
class Option(msgspec.Struct, frozen=True, gc=False):
    """One thing that can be chosen.

    Attributes
    ----------
    name
        What people read; plain text.
    logit
        The score z; minus infinity is a masked option, which is never chosen.
    color
        Its place in the palette, which also gives it a marker shape and a hatch.
    pinned
        A fixed noise value for the draw on display, or None for the value of the stream.
    """

    name: str
    logit: float
    color: int
    pinned: float | None = None


class Settings(msgspec.Struct, frozen=True):
    """Everything that decides what is drawn, as one value.

    Two settings that are equal give the same pictures; undo, presets and lecture steps are lists of these.
    """

    options: tuple[Option, ...]
    temperature: float = parameters.TEMPERATURE.default
    location: float = parameters.LOCATION.default
    scale: float = parameters.SCALE.default
    seed: int = 7
    score_input: ScoreInput = "logits"
    pages: PageChoices = PageChoices()

    @property
    def logits(self) -> tuple[float, ...]:
        """The scores z in the order of the options, shape (K,)."""
        return _columns(self.options).logits

    @property
    def scores(self) -> Floats:
        """The same as a read-only array."""
        return _columns(self.options).scores

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the order of the options, (K,)."""
        return _columns(self.options).names

    @property
    def pins(self) -> tuple[float | None, ...]:
        """The fixed noise of each option, shape (K,); None where the stream decides."""
        return tuple(option.pinned for option in self.options)

    @property
    def pinned(self) -> tuple[int, ...]:
        """The places of the options with fixed noise, in rising order."""
        return _columns(self.options).pinned


class _Columns:
    """The options by column, each made when it is asked for."""

    def __init__(self, options: tuple[Option, ...]) -> None:
        self.options = options

    @functools.cached_property
    def logits(self) -> tuple[float, ...]:
        return tuple([option.logit for option in self.options])

    @functools.cached_property
    def scores(self) -> Floats:
        # Imported late: the window is on the screen before NumPy loads.
        import numpy as np

        scores = np.array(self.logits)
        scores.setflags(write=False)
        return scores

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        return tuple([option.name for option in self.options])

    @functools.cached_property
    def pinned(self) -> tuple[int, ...]:
        return tuple([i for i, option in enumerate(self.options) if option.pinned is not None])


    def follow(self, before: _Columns, place: int) -> None:
        """Take over what the change of one option leaves as it was: 131,072 names are not listed anew."""
        old, new = before.options[place], self.options[place]
        known = before.__dict__
        if "names" in known and old.name == new.name:
            self.__dict__["names"] = before.names
        if "pinned" in known and (old.pinned is None) == (new.pinned is None):
            self.__dict__["pinned"] = before.pinned
        if "logits" in known:
            logits = list(before.logits)
            logits[place] = new.logit
            self.__dict__["logits"] = tuple(logits)
        if "scores" in known:
            scores = before.scores.copy()
            scores[place] = new.logit
            scores.setflags(write=False)
            self.__dict__["scores"] = scores


_recent: tuple[_Columns, ...] = ()


def _columns(options: tuple[Option, ...]) -> _Columns:
    """Return the columns of `options`, kept for the few lists in use.

    Known by identity, because comparing 131,072 options takes as long as listing them; and kept here, not with
    the settings, so that a long way back to undo does not hold every column of every step.
    """
    global _recent
    for columns in _recent:
        if columns.options is options:
            return columns
    columns = _Columns(options)
    # One assignment, so that the window and the engine can both ask at any time.
    _recent = (columns, *_recent[:3])
    return columns


def with_option(settings: Settings, place: int, option: Option) -> Settings:
    """Return settings in which another option stands at `place`; the value is not checked."""
    options = list(settings.options)
    options[place] = option
    changed = msgspec.structs.replace(settings, options=tuple(options))
    _columns(changed.options).follow(_columns(settings.options), place)
    return changed


class Transport(msgspec.Struct, frozen=True):
    """How the stream is being watched. Not part of a scene, and not undone.

    Attributes
    ----------
    running
        True while new draws are made.
    speed
        Draws per second; infinity is as fast as possible.
    cursor
        The draw that is held on display, or None to follow the newest one.
    frozen
        True where the draw on display is to be held even while the stream goes on.
    run
        Counts the restarts; a new number starts again from draw 0.
    study
        Counts the starts of the page's own work, such as a sweep; a new number starts it again.
    study_stopped
        True where a person cancelled that work.
    made
        How many draws are made at once after a restart, before a stream that runs goes on.
    """

    running: bool = False
    speed: float = math.inf
    cursor: int | None = None
    frozen: bool = False
    run: int = 0
    study: int = 0
    study_stopped: bool = False
    made: int = 1


def make_settings(
    logits: list[float] | tuple[float, ...],
    names: list[str] | tuple[str, ...] | None = None,
    **fields: object,
) -> Settings:
    """Build checked settings for bare logits, with names "Option 1", "Option 2", ... unless given.

    Raises
    ------
    ValueError
        With a sentence for a person, where a number has no meaning.
    """
    if names is None:
        names = [f"Option {i + 1}" for i in range(len(logits))]
    elif len(names) != len(logits):
        raise ValueError(f"There are {len(logits)} scores but {len(names)} names.")
    options = tuple(Option(name, float(z), i) for i, (name, z) in enumerate(zip(names, logits, strict=True)))
    settings = Settings(options, **fields)  # type: ignore[arg-type]
    check_settings(settings)
    return settings


def check_settings(settings: Settings) -> None:
    """Raise `ValueError` with one sentence for the first thing in `settings` that has no meaning."""
    check_logits(settings.logits)
    check_name(max(settings.names, key=len))
    for place in settings.pinned:
        check_noise(settings.options[place].pinned or 0.0)
    if min([option.color for option in settings.options]) < 0:
        raise ValueError("A colour is a place in the palette, counted from 0.")
    parameters.TEMPERATURE.check(settings.temperature)
    parameters.LOCATION.check(settings.location)
    parameters.SCALE.check(settings.scale)
    check_seed(settings.seed)
    settings.pages.check(len(settings.options))


def check_logits(logits: tuple[float, ...]) -> None:
    """Raise `ValueError` unless `logits` are scores that a choice can be made from."""
    if not logits:
        raise ValueError("There are no options to choose from; give at least one score.")
    if len(logits) > parameters.MOST_OPTIONS:
        raise ValueError(f"There are {len(logits):,} options; the most is {parameters.MOST_OPTIONS:,}.")
    # One sum and two extremes tell in a few milliseconds that all of 131,072 scores are in order.
    whole = not math.isnan(sum(logits)) and min(logits) >= -parameters.LARGEST_LOGIT
    if not whole or max(logits) > parameters.LARGEST_LOGIT:
        for i, z in enumerate(logits):
            check_logit(i, z)
    if max(logits) == -math.inf:
        raise ValueError("Every option is masked, so nothing can be chosen.")


def check_logit(place: int, z: float) -> None:
    """Raise `ValueError` unless the score `z` of the option at `place` has a meaning."""
    if math.isnan(z):
        raise ValueError(f"Score {place + 1} is not a number.")
    if z > parameters.LARGEST_LOGIT or (z < -parameters.LARGEST_LOGIT and z != -math.inf):
        raise ValueError(
            f"Score {place + 1} is {z:g}; scores lie between -1e6 and 1e6, or are -inf for a masked option."
        )


def check_name(name: str) -> str:
    """Return `name`, or raise `ValueError` where it cannot be shown on one line."""
    if len(name) > parameters.LONGEST_NAME:
        raise ValueError(f"A name has at most {parameters.LONGEST_NAME} characters.")
    return name


def clean_text(text: str) -> str:
    """Return `text` as one line that shows what it says.

    Tabs and line ends become one space. Removed are control characters, marks that turn the direction of
    writing (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+206F), spaces of no width (U+200B, U+FEFF),
    U+FFF9 to U+FFFB, U+FFFE, U+FFFF, and lone surrogates. With these a stranger's name could look like
    another one. Joiners that emoji and Persian need (U+200C, U+200D) stay.
    """
    # All of them count as not printable; asking that first is 20 times quicker for very many names.
    return text if text.isprintable() else _INVISIBLE.sub("", _LINE_ENDS.sub(" ", text))


def check_noise(value: float) -> float:
    """Return a noise value that can be pinned, or raise `ValueError`."""
    if not abs(value) <= parameters.LARGEST_NOISE:
        raise ValueError(f"A noise value lies between -1e6 and 1e6, not {value:g}.")
    return float(value)


def check_seed(seed: int) -> int:
    """Return `seed`, or raise `ValueError` unless it is a whole number from 0 to 2^63 - 1."""
    if not 0 <= seed <= parameters.LARGEST_SEED:
        raise ValueError("The seed must be a whole number from 0 to 9,223,372,036,854,775,807.")
    return seed
