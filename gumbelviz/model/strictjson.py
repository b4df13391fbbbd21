"""JSON from strangers: limited in size, strictly UTF-8, no key twice; a sentence for whatever is wrong."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from typing import TypeVar

import msgspec

from gumbelviz.model import parameters
from gumbelviz.model.settings import clean_text

Form = TypeVar("Form")
_COMPACT_FROM = 64
"""Longer lists are written without spaces: nobody reads them, and 4 MiB must do for 131,072 options."""
LARGEST_FILE = 4 * 2**20
DEEPEST = 8
_MOST_COMMAS = 4 * parameters.MOST_OPTIONS + 100
"""Four numbers or words per option, and some keys."""


class Objects(list[dict[str, object]]):
    """A list that `write_json` writes with an object below the other."""


def check_json(data: bytes, what: str) -> None:
    """Raise `ValueError` for bytes that are no JSON text of a size that is read here.

    Counting commas bounds the memory that a list of four million nothings would take.
    """
    if not data.strip():
        raise ValueError(f"The {what} is empty.")
    if len(data) > LARGEST_FILE:
        raise ValueError(f"The {what} has {len(data) / 2**20:.1f} MiB; at most 4 MiB are read.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"The {what} is not UTF-8 text: line {line} has a byte that is none.") from None
    if data.count(b",") > _MOST_COMMAS:
        # Names may hold commas, so look again without the strings before refusing.
        bare = re.sub(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', b"", data)
        if bare.count(b",") > _MOST_COMMAS:
            raise ValueError(f"The {what} has more than {parameters.MOST_OPTIONS:,} options.")


class _Header(msgspec.Struct):
    format: str | None = None
    version: int | None = None


def check_header(data: bytes, what: str, kind: str, version: int) -> None:
    """Raise `ValueError` unless the JSON in `data` is an object of that format and version."""
    begins = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    header = decode_json(data, _Header, what) if begins else _Header()
    if header.format != kind:
        raise ValueError(f"This is not a GumbelViz {what}.")
    if header.version is None:
        raise ValueError(f"The {what} does not say which version of the format it has.")
    number = quoted(str(header.version))[1:-1]
    if header.version > version:
        raise ValueError(
            f"This {what} was made by a newer GumbelViz (format {number}); this one reads format {version}."
        )
    if header.version < version:
        raise ValueError(f"There is no {what} format {number}; the first is 1.")


def check_text(what: str, text: str, most: int) -> str:
    """Return a stranger's `text` as one line, or raise `ValueError` where it is longer than can be shown."""
    text = clean_text(text)
    if len(text) > most:
        raise ValueError(f"The {what} has {len(text):,} characters; at most {most:,} are shown.")
    return text


def decode_json(data: bytes, form: type[Form], what: str) -> Form:
    """Return the JSON in `data` as a value of type `form`, or raise `ValueError` with a sentence."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(data, type=form)
    except RecursionError:
        raise ValueError(f"The {what} nests lists or objects more than {DEEPEST} deep.") from None
    except msgspec.ValidationError as error:
        raise ValueError(_say_where(str(error), what)) from None
    except msgspec.DecodeError as error:
        raise ValueError(_say_malformed(str(error), data, what)) from None
    except UnicodeDecodeError:
        raise ValueError(f"The {what} is not UTF-8 text.") from None


def refuse_repeated_keys(data: bytes, what: str) -> None:
    """Raise `ValueError` where one object of the JSON in `data` has a key twice.

    Call this for text that was decoded into a known form before: the reader of the standard library goes down
    into nested lists without a limit.
    """

    def check(pairs: list[tuple[str, object]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"The {what} has the key {quoted(key)} twice.")
            seen.add(key)

    # Numbers are read by `len`, because nobody needs them here.
    json.loads(data.decode("utf-8-sig"), object_pairs_hook=check, parse_float=len, parse_int=len, parse_constant=len)


def write_json(value: object, indent: str = "") -> str:
    """Return `value` as JSON for people: objects two spaces deeper on each level, a list of plain values on one line.

    Lists of objects take a line for each bracket, short objects inside other lists stay on it.
    """
    deeper = indent + "  "
    if isinstance(value, dict) and value.keys() != {"kind", "location", "scale"}:
        rows = [f"{deeper}{json.dumps(key)}: {write_json(entry, deeper)}" for key, entry in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if isinstance(value, Objects):
        return "[\n" + ",\n".join(deeper + write_json(entry, deeper) for entry in value) + f"\n{indent}]"
    compact = isinstance(value, (list, tuple)) and len(value) > _COMPACT_FROM
    return json.dumps(value, ensure_ascii=False, separators=(",", ":") if compact else None, allow_nan=False)


def quoted(text: str, most: int = 40) -> str:
    """Return a stranger's `text` in quotes for a sentence: on one line, and cut where it is long."""
    text = clean_text(text[: 4 * most])
    return f'"{text}"' if len(text) <= most else f'"{text[:most]}…"'


def suggest(word: str, known: tuple[str, ...]) -> str:
    """Return the end of a sentence: a full stop, or the question for the nearest of the `known` words."""
    near = get_close_matches(word.casefold()[:100], known, n=1)
    return f'; did you mean "{near[0]}"?' if near else "."


_TYPES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "null",
    "array": "a list",
    "object": "an object",
}


def _say_where(message: str, what: str) -> str:
    """Turn a message of msgspec, "Expected `str`, got `int` - at `$.options.names[0]`", into a sentence."""
    text, _, path = message.rpartition(" - at `$") if " - at `$" in message else (message, "", "")
    path = re.sub(r"\[(\d+)\]", lambda match: f", entry {int(match[1]) + 1}", path.strip("`.")).lstrip(", ")
    path = re.sub(r"(entry \d+)\.", r"\1, ", path)
    # Most paths hold only names that we chose; where a key of the file slipped in, say less.
    where = f"at {path} in the {what}" if re.fullmatch(r"[a-z_., 0-9]{1,60}", path) else f"in the {what}"
    expected = re.fullmatch(r"Expected `(.*)`, got `(.*)`", text, re.DOTALL)
    if expected and set(expected[1].split(" | ")) | {expected[2]} <= set(_TYPES):
        wanted = " or ".join(_TYPES[word] for word in expected[1].split(" | "))
        return f"Expected {wanted}, not {_TYPES[expected[2]]}, {where}."
    if text.startswith("Object contains unknown field"):
        return f"Found a key that the format does not know {where}: {quoted(text[31:-1])}."
    if text.startswith("Object missing required field"):
        return f"A key is missing {where}: {quoted(text[31:-1])}."
    if "out of range" in text:
        return f"The number {where} is too large."
    if text.startswith("Invalid enum value"):
        return f"The word {quoted(text[20:-1])} means nothing {where}."
    if text.startswith("Expected `array` of length"):
        return f"The list {where} has another length than expected."
    if ">=" in text or "<=" in text:
        return f"The number {where} is outside what is allowed."
    return f"The value {where} cannot be read."


def _say_malformed(message: str, data: bytes, what: str) -> str:
    place = re.search(r"\(byte (\d+)\)", message)
    if place is None:
        return f"The {what} stops in the middle; the file may be damaged."
    start = int(place[1])
    line = data.count(b"\n", 0, start) + 1
    column = start - data.rfind(b"\n", 0, start)
    return f"The {what} is not valid JSON at line {line:,}, column {column:,}."
