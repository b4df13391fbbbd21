"""What a person prefers, whatever is open: one readable JSON file, of which every key stands for itself.

A key with a value that means nothing falls back to its default, and is reported; the others hold::

    {
      "format": "gumbelviz settings",
      "version": 1,
      "theme": "system",             or "light", "dark", "lecture", "contrast"
      "zoom": 1.0,                   from 0.75 to 3
      "calm": false,                 reduced motion
      "decimals": 0,                 decimal places beyond the usual ones: -1, 0 or 1
      "thousands": "comma",          or "space", "none"
      "seed": 7,                     of new documents and imported numbers
      "threads": 0,                  cores for simulate and exports; 0 is as many as are useful
      "autosave": true,
      "reopen": true,                open the last document on the last page at the next start
      "recent": ["/home/…/night.gumbel"],
      "session": {"scene": "ice-cream", "page": "pipeline", "place": [80, 60, 1472, 828], "maximized": false},
      "lecture_scores": {}
    }
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec

from gumbelviz.model.parameters import LARGEST_SEED
from gumbelviz.model.scene import Page
from gumbelviz.model.strictjson import check_json, decode_json, quoted

ThemeChoice = Literal["system", "light", "dark", "lecture", "contrast"]
Thousands = Literal["comma", "space", "none"]
Form = TypeVar("Form")
THEME_CHOICES: tuple[ThemeChoice, ...] = get_args(ThemeChoice)
THOUSANDS: tuple[Thousands, ...] = get_args(Thousands)
FORMAT = "gumbelviz settings"
VERSION = 1
SMALLEST_ZOOM, LARGEST_ZOOM = 0.75, 3.0
FEWEST_DECIMALS, MOST_DECIMALS = -1, 1
MOST_THREADS = 256
MOST_RECENT = 10
LONGEST_PATH = 4096
MOST_SCORES = 500
_FAR = 1_000_000
"""Pixels: no desk is as wide."""

Zoom = Annotated[float, msgspec.Meta(ge=SMALLEST_ZOOM, le=LARGEST_ZOOM)]
_Path = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_PATH, pattern="^[^\\x00]*$")]
_Pixel = Annotated[int, msgspec.Meta(ge=-_FAR, le=_FAR)]
_Scores = Annotated[dict[Annotated[str, msgspec.Meta(max_length=200)], float], msgspec.Meta(max_length=MOST_SCORES)]


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where somebody left off.

    Attributes
    ----------
    scene
        Id of a built-in scene, or the path of a file; None where the document was in no file.
    page
        The page that was looked at.
    place
        Left, top, width and height of the window in screen pixels, as it is when it is not maximized.
    maximized
        The window filled the screen, with its frame. Full screen is never remembered.
    """

    scene: _Path | None = None
    page: Page = "pipeline"
    place: tuple[_Pixel, _Pixel, _Pixel, _Pixel] | None = None
    maximized: bool = False


class Preferences(msgspec.Struct, frozen=True):
    """The settings of the program; the module says what each means. Defaults are what a new person meets."""

    theme: ThemeChoice = "system"
    zoom: Zoom = 1.0
    calm: bool = False
    decimals: Annotated[int, msgspec.Meta(ge=FEWEST_DECIMALS, le=MOST_DECIMALS)] = 0
    thousands: Thousands = "comma"
    seed: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_SEED)] = 7
    threads: Annotated[int, msgspec.Meta(ge=0, le=MOST_THREADS)] = 0
    autosave: bool = True
    reopen: bool = True
    recent: Annotated[tuple[_Path, ...], msgspec.Meta(max_length=MOST_RECENT)] = ()
    session: Session = Session()
    lecture_scores: _Scores = msgspec.field(default_factory=dict)


SECTIONS: dict[str, tuple[str, ...]] = {
    "appearance": ("theme", "zoom", "calm"),
    "numbers": ("decimals", "thousands"),
    "engine": ("seed", "threads"),
    "files": ("autosave", "reopen"),
}
"""What stands together in the dialog, and is reset together. The rest is memory rather than choice."""


class NewerSettings(ValueError):
    """The settings were written by a newer version of the program."""


def changed(preferences: Preferences, **fields: Any) -> Preferences:
    """Return `preferences` with other `fields`.

    Raises
    ------
    ValueError
        With one sentence, where a value has no meaning.
    """
    for name, value in fields.items():
        try:
            _convert(value, name)
        except (msgspec.ValidationError, RecursionError):
            raise ValueError(f"The setting {name} cannot be {quoted(str(value))}.") from None
    result: Preferences = msgspec.structs.replace(preferences, **fields)
    return result


def reset(preferences: Preferences, section: str) -> Preferences:
    """Return `preferences` with the choices of one section, or of ``"all"``, at their defaults."""
    defaults = Preferences()
    names = SECTIONS.get(section) or tuple(name for names in SECTIONS.values() for name in names)
    return changed(preferences, **{name: getattr(defaults, name) for name in names})


def read_preferences(data: bytes) -> tuple[Preferences, tuple[str, ...]]:
    """Return what the bytes of a settings file say, and the keys that had to be skipped.

    Raises
    ------
    NewerSettings
        Where the file belongs to a newer version: it is no business of ours.
    ValueError
        With one sentence, where it is no settings file at all.
    """
    check_json(data, "settings file")
    raw = decode_json(data, dict[str, Any], "settings file")
    if raw.pop("format", None) != FORMAT:
        raise ValueError("This is not a settings file of GumbelViz.")
    version = raw.pop("version", None)
    if isinstance(version, int) and version > VERSION:
        raise NewerSettings("The settings were written by a newer GumbelViz, and are left alone.")
    fields: dict[str, Any] = {}
    skipped = [] if version == VERSION else ["version"]
    for name, value in raw.items():
        try:
            fields[name] = _convert(value, name)
        except (msgspec.ValidationError, KeyError, RecursionError):
            skipped.append(name)
    return Preferences(**fields), tuple(skipped)


def write_preferences(preferences: Preferences) -> bytes:
    """Return the bytes of a settings file that reads back equal."""
    rows = {"format": FORMAT, "version": VERSION, **msgspec.to_builtins(preferences)}
    return msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n"


_TYPES = {field.name: field.type for field in msgspec.structs.fields(Preferences)}


def _convert(value: object, name: str) -> Any:
    return msgspec.convert(value, _TYPES[name])
