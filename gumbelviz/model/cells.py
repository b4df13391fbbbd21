"""Text into rows of cells, and a cell into a number: what CSV, TSV and pasted text have in common."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from typing import Literal

from gumbelviz.model import parameters
from gumbelviz.model.strictjson import quoted

Kind = Literal["logits", "probabilities"]
LOGIT_WORDS = frozenset({"logit", "logits", "score", "scores", "z"})
PROBABILITY_WORDS = frozenset({"probability", "probabilities", "prob", "probs", "p", "share", "shares", "%"})
LABEL_WORDS = frozenset({"", "label", "labels", "name", "names", "option", "options"})
MASKED_WORDS = frozenset({"", "masked", "-inf", "-infinity", "-∞"})
NO_NUMBERS = frozenset({"nan", "inf", "infinity", "∞"})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 1_000
_MOST_CELLS = 2 * parameters.MOST_OPTIONS + 100
"""A label and a value per option, and a header: bounds what a file of nothing but separators costs."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, without the white space around them, and the line where it begins, from 1."""

    line: int
    cells: list[str]


def read_value(cell: str, decimal_comma: bool = False) -> float:
    """Return the number in one cell; minus infinity for a masked option; per cent as a share of 1.

    Raises
    ------
    ValueError
        With most of a sentence, such as ``"x" is not a number``: the caller knows the line.
    """
    text = cell.strip().replace("\N{MINUS SIGN}", "-")
    word = text.casefold()
    if word in MASKED_WORDS:
        return -math.inf
    if word.lstrip("+-") in NO_NUMBERS:
        raise ValueError(f"{quoted(text)} cannot be a score or a probability")
    plain = text[:-1].rstrip() if text.endswith("%") else text
    if decimal_comma and plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if len(plain) > _LONGEST_NUMBER or not _NUMBER.fullmatch(plain):
        raise ValueError(f"{quoted(text)} is not a number")
    value = float(plain) / 100.0 if text.endswith("%") else float(plain)
    if abs(value) > parameters.LARGEST_LOGIT:
        raise ValueError(f"{quoted(text)} is too large; scores lie between -1e6 and 1e6")
    return value


def is_value(cell: str, decimal_comma: bool) -> bool:
    """Tell whether `read_value` would return a number."""
    try:
        read_value(cell, decimal_comma)
    except ValueError:
        return False
    return True


def is_negative(cell: str) -> bool:
    """Tell whether the number in `cell` is written with a minus, which no probability is."""
    return cell.strip().startswith(("-", "\N{MINUS SIGN}"))


def kind_of_header(cell: str) -> Kind | None:
    """Return what a column under the header `cell` holds, where a known word says it."""
    words = re.sub(r"[()\[\]%]", " ", cell.casefold()).split() or ["%" if "%" in cell else ""]
    if len(words) == 1 and words[0] in LOGIT_WORDS:
        return "logits"
    if len(words) == 1 and words[0] in PROBABILITY_WORDS:
        return "probabilities"
    return None


def decode_text(data: bytes) -> str:
    """Return the UTF-8 text in `data` with plain line ends, or raise `ValueError` with a sentence."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("The file is UTF-16 text; please save it as UTF-8.")
    if b"\0" in data:
        raise ValueError("The file is binary, not text.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"Line {line:,} is not UTF-8 text; please save the file as UTF-8.") from None
    if not text.strip():
        raise ValueError("There are no numbers: the text is empty.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split_rows(text: str) -> tuple[list[Row], bool]:
    """Return the rows of `text` that are not blank, all of one width, and whether commas part their cells.

    The separator is the first of tab, semicolon and comma that gives every line the same number of cells, or
    white space where none of them occurs.

    Raises
    ------
    ValueError
        With a sentence, where the rows are ragged or too many.
    """
    found = [separator for separator in "\t;," if separator in text]
    for separator in found:
        rows = _split_at(text, separator)
        if len({len(row.cells) for row in rows}) == 1 and len(rows[0].cells) > 1:
            return _trim(rows), separator == ","
    rows = _split_at(text, found[0]) if found else _split_at_space(text)
    _refuse_ragged(rows)
    return _trim(rows), found[:1] == [","]


def _split_at(text: str, separator: str) -> list[Row]:
    _refuse_many(text, separator)
    reader = csv.reader(text.split("\n"), delimiter=separator, skipinitialspace=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                rows.append(Row(line, stripped))
            line = reader.line_num + 1
    except csv.Error:
        raise ValueError(f"Line {line:,} cannot be read as columns; is a quotation mark missing?") from None
    if not rows:
        raise ValueError("There are no numbers, only separators.")
    return rows


def _split_at_space(text: str) -> list[Row]:
    text = re.sub(r"[^\S\n]+", " ", text)
    _refuse_many(text, " ")
    filled = sum(not line.isspace() for line in text.split("\n") if line)
    if filled > parameters.MOST_OPTIONS + 1:
        # One of them may be a header. Said now, because splitting them all takes seconds.
        raise ValueError(f"There are more than {parameters.MOST_OPTIONS:,} options.")
    rows = [Row(i + 1, line.split()) for i, line in enumerate(text.split("\n")) if line.strip()]
    if len(rows) <= 2 and all(is_value(cell, True) for cell in rows[-1].cells):
        return rows
    # One option per line: its label may be several words, and the last word is the value.
    for row in rows:
        if len(row.cells) > 2:
            if all(is_value(cell, True) for cell in row.cells):
                raise ValueError(f"Line {row.line:,} has {len(row.cells)} numbers; give one option per line.")
            row.cells[:-1] = [" ".join(row.cells[:-1])]
    return rows


def _refuse_many(text: str, separator: str) -> None:
    if text.count("\n") > _MOST_CELLS or text.count(separator) > _MOST_CELLS:
        raise ValueError(f"There are more than {parameters.MOST_OPTIONS:,} options.")


def _refuse_ragged(rows: list[Row]) -> None:
    first = rows[0]
    for row in rows:
        if len(row.cells) != len(first.cells):
            raise ValueError(f"Line {row.line:,} has {_columns(row)}, but line {first.line:,} has {_columns(first)}.")


def _columns(row: Row) -> str:
    return "1 column" if len(row.cells) == 1 else f"{len(row.cells)} columns"


def _trim(rows: list[Row]) -> list[Row]:
    """Leave out one empty last column, which a separator at the end of every line makes."""
    width = len(rows[0].cells)
    if (width > 2 or (len(rows) == 1 and width > 1)) and not any(row.cells[-1] for row in rows):
        return [Row(row.line, row.cells[:-1]) for row in rows]
    return rows
