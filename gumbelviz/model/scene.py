"""A scene file: settings, a title, a few words, the page to open. Read, check, write.

The format is JSON, with one list per property of the options, so that 131,072 of them fit into 4 MiB::

    {
      "format": "gumbelviz scene",
      "version": 1,
      "title": "Ice cream",
      "note": "Words for one line of the window.",          may be left out
      "page": "pipeline",                                   may be left out
      "highlight": "soft",                                  may be left out
      "options": {
        "names": ["Chocolate", "Vanilla"],                  left out: "Option 1", "Option 2", ...
        "logits": [3.0, 2.5],                               null is a masked option
        "colors": [0, 1],                                   left out: 0, 1, 2, ...
        "pinned_noise": [-0.1, null]                        left out: nothing is pinned
      },
      "score_input": "logits",                              or "probabilities"; may be left out
      "noise": {"kind": "gumbel", "location": 0.0, "scale": 1.0},
      "temperature": 0.5,                                   or "inf"
      "seed": 7,
      "pages": {}                                           choices of single pages; may be left out
    }

Numbers are written so that they come back exactly. A file may come from a stranger: it is at most 4 MiB of
strict UTF-8, its numbers are finite, and unknown or repeated keys are refused. Each refusal is one sentence.
Names, the title and the note lose the invisible characters that `clean_text` lists.

A note may hold the places of `gumbelviz.model.places`, which are filled with numbers; whatever else stands in
braces is shown as it is. A step of a lecture holds the same object, without the first two keys.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, TypeVar, get_args

import msgspec
from msgspec import UNSET, UnsetType

from gumbelviz.model import parameters
from gumbelviz.model.choices import PageChoices
from gumbelviz.model.settings import Option, ScoreInput, Settings, check_settings, clean_text
from gumbelviz.model.strictjson import (
    LARGEST_FILE,
    check_header,
    check_json,
    check_text,
    decode_json,
    quoted,
    refuse_repeated_keys,
    suggest,
    write_json,
)

Page = Literal["pipeline", "noise", "simplex", "temperature", "gradients", "learning", "precision", "margins"]
Highlight = Literal["scores", "noise", "noisy", "hard", "soft"]
Word = TypeVar("Word", bound=str)
PAGES: tuple[Page, ...] = get_args(Page)
HIGHLIGHTS: tuple[Highlight, ...] = get_args(Highlight)

FORMAT = "gumbelviz scene"
VERSION = 1
LONGEST_NOTE = 2_000
LARGEST_COLOR = 2**31 - 1


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """What opens as one document.

    Attributes
    ----------
    title, note
        Plain text for people, one line each; the note may hold the places listed above.
    page
        The page to open on.
    highlight
        The column of the pipeline to point at, or None.
    settings
        What is drawn.
    """

    title: str
    note: str = ""
    page: Page = "pipeline"
    highlight: Highlight | None = None
    settings: Settings


class _Title(msgspec.Struct):
    title: str = ""


class _Noise(msgspec.Struct, forbid_unknown_fields=True):
    kind: str = "gumbel"
    location: float = parameters.LOCATION.default
    scale: float = parameters.SCALE.default


class _Options(msgspec.Struct, forbid_unknown_fields=True):
    logits: list[float | None]
    names: list[str] | UnsetType = UNSET
    colors: list[Annotated[int, msgspec.Meta(ge=0, le=LARGEST_COLOR)]] | UnsetType = UNSET
    pinned_noise: list[float | None] | UnsetType = UNSET


class SceneForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The object of a scene as it stands in JSON, its types checked and nothing else."""

    title: str
    options: _Options
    note: str = ""
    page: str = "pipeline"
    highlight: str | None = None
    score_input: str = "logits"
    noise: _Noise = msgspec.field(default_factory=_Noise)
    temperature: float | Literal["inf"] = parameters.TEMPERATURE.default
    seed: int = 7
    pages: PageChoices = msgspec.field(default_factory=PageChoices)


class _File(SceneForm, forbid_unknown_fields=True, kw_only=True):
    format: str
    version: int


def read_scene(data: bytes) -> Scene:
    """Return the scene in the bytes of a file.

    Raises
    ------
    ValueError
        With one sentence that says what is wrong and where.
    """
    check_json(data, "scene file")
    check_header(data, "scene", FORMAT, VERSION)
    file = decode_json(data, _File, "scene")
    # Only now: the typed reading has shown that nothing nests deeper than the format does.
    refuse_repeated_keys(data, "scene")
    return scene_of_form(file)


def read_title(data: bytes) -> str:
    """Return the title of a scene file of our own, quickly: of its options only the form is looked at."""
    return decode_json(data, _Title, "scene").title


def write_scene(scene: Scene) -> bytes:
    """Return the bytes of a scene file, from which `read_scene` makes an equal scene.

    Raises
    ------
    ValueError
        Where the settings have no meaning, or the file would be larger than a reader accepts.
    """
    data = (write_json({"format": FORMAT, "version": VERSION, **form_of_scene(scene)}) + "\n").encode()
    if len(data) > LARGEST_FILE:
        raise ValueError(
            f"This scene would take {len(data) / 2**20:.1f} MiB, and a scene file has at most 4 MiB; "
            "use shorter names or fewer options."
        )
    return data


def form_of_scene(scene: Scene) -> dict[str, object]:
    """Return the object of `scene` for `write_json`, without format and version; see `scene_of_form`.

    Raises
    ------
    ValueError
        Where the settings have no meaning, or a text is too long.
    """
    settings = scene.settings
    check_settings(settings)
    # A title that is too long and the like are found here, not when somebody opens the file.
    title = check_text("title", scene.title, parameters.LONGEST_NAME)
    note = check_text("note", scene.note, LONGEST_NOTE)
    columns: dict[str, object] = {}
    names = [clean_text(option.name) for option in settings.options]
    if names != [_default_name(i) for i in range(len(names))]:
        columns["names"] = names
    columns["logits"] = [None if z == -math.inf else z for z in settings.logits]
    colors = [option.color for option in settings.options]
    if colors != list(range(len(colors))):
        columns["colors"] = colors
    if any(pin is not None for pin in settings.pins):
        columns["pinned_noise"] = settings.pins
    rows: dict[str, object] = {
        "title": title,
        "note": note,
        "page": scene.page,
        "highlight": scene.highlight,
        "options": columns,
        "score_input": settings.score_input,
        "noise": {"kind": "gumbel", "location": settings.location, "scale": settings.scale},
        "temperature": "inf" if settings.temperature == math.inf else settings.temperature,
        "seed": settings.seed,
    }
    choices = msgspec.to_builtins(settings.pages)
    if choices:
        rows["pages"] = choices
    return rows


def scene_of_form(file: SceneForm) -> Scene:
    """Return the scene that an object of a file stands for.

    Raises
    ------
    ValueError
        With one sentence, where something in it has no meaning.
    """
    page = _one_of(file.page, PAGES, "page")
    score_input: ScoreInput = _one_of(file.score_input, get_args(ScoreInput), "score_input")
    highlight = None if file.highlight is None else _one_of(file.highlight, HIGHLIGHTS, "highlight")
    if file.noise.kind != "gumbel":
        raise ValueError(f'The scene uses the noise {quoted(file.noise.kind)}; this GumbelViz knows "gumbel".')
    settings = Settings(
        _options_of_file(file.options),
        math.inf if file.temperature == "inf" else file.temperature,
        file.noise.location,
        file.noise.scale,
        file.seed,
        score_input,
        file.pages,
    )
    check_settings(settings)
    title = check_text("title", file.title, parameters.LONGEST_NAME)
    note = check_text("note", file.note, LONGEST_NOTE)
    return Scene(title=title, note=note, page=page, highlight=highlight, settings=settings)


def _options_of_file(columns: _Options) -> tuple[Option, ...]:
    count = len(columns.logits)
    if count > parameters.MOST_OPTIONS:
        raise ValueError(f"The scene has {count:,} options; the most is {parameters.MOST_OPTIONS:,}.")
    for word, column in (
        ("names", columns.names),
        ("colors", columns.colors),
        ("pinned_noise", columns.pinned_noise),
    ):
        if column is not UNSET and len(column) != count:
            raise ValueError(f"The scene has {count:,} logits but {len(column):,} {word.replace('_', ' ')}.")
    names = [_default_name(i) for i in range(count)] if columns.names is UNSET else columns.names
    colors = range(count) if columns.colors is UNSET else columns.colors
    pins = [None] * count if columns.pinned_noise is UNSET else columns.pinned_noise
    names = list(map(clean_text, names))
    for i, name in enumerate(names):
        if len(name) > parameters.LONGEST_NAME:
            check_text(f"name of option {i + 1}", name, parameters.LONGEST_NAME)
    logits = [-math.inf if z is None else z for z in columns.logits]
    return tuple(map(Option, names, logits, colors, pins))


def _default_name(i: int) -> str:
    return f"Option {i + 1}"


def _one_of(word: str, known: tuple[Word, ...], what: str) -> Word:
    for candidate in known:
        if candidate == word:
            return candidate
    raise ValueError(f"The scene asks for the {what} {quoted(word)}, which does not exist{suggest(word, known)}")
