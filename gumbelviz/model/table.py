"""A person's own scores: from CSV, TSV, NPY or JSON files, or from the clipboard, into options.

Text may be one option per row ("label, value" or "value" alone, with or without a header), one row of
numbers, or a row of labels above a row of numbers. Columns part at tabs, semicolons, commas or white space;
where commas do not part them, a decimal comma is understood. A masked option is "-inf", "masked" or an empty
cell. JSON may be a list of numbers, a list of [label, number], an object of numbers by label, or an object
with the keys "logits" (or "scores") or "probabilities", and "labels" (or "names"). NPY is one row or column
of real numbers.

What a stranger's file can get wrong is refused with one sentence that names the line.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import msgspec

from gumbelviz.model import parameters
from gumbelviz.model.cells import (
    LABEL_WORDS,
    NO_NUMBERS,
    Kind,
    Row,
    decode_text,
    is_negative,
    is_value,
    kind_of_header,
    read_value,
    split_rows,
)
from gumbelviz.model.settings import Option, check_logits, clean_text
from gumbelviz.model.strictjson import LARGEST_FILE, check_json, decode_json, quoted, refuse_repeated_keys

SUFFIXES = (".csv", ".tsv", ".txt", ".npy", ".json")
NEARLY = 1e-3 + 1e-9
"""How far from 1 a sum of probabilities may be; the little extra lets three times 33.3 % pass."""


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers as they were given, one per option.

    Attributes
    ----------
    names
        Their labels, or None where there were none.
    values
        Logits or probabilities; per cent are divided by 100; minus infinity is a masked option.
    kind
        Which of the two they are, or None where the numbers could be either and a person must say.
    """

    names: tuple[str, ...] | None
    values: tuple[float, ...]
    kind: Kind | None


def read_table(data: bytes, suffix: str) -> Table:
    """Return the table in the bytes of a file whose name ends in `suffix`, such as ".csv".

    Raises
    ------
    ValueError
        With one sentence that says what is wrong and where.
    """
    suffix = suffix.lower()
    if suffix not in SUFFIXES:
        what = f"not {quoted(suffix)}" if suffix else "not without an ending"
        raise ValueError(f"Scores are read from files that end in {', '.join(SUFFIXES)}, {what}.")
    _check_bytes(data, "file")
    if suffix == ".npy":
        return _read_npy(data)
    if suffix == ".json":
        return _read_json(data)
    return _read_text(decode_text(data))


def read_pasted(text: str) -> Table:
    """Return the table in a text from the clipboard: JSON, or what a CSV file may hold.

    Raises
    ------
    ValueError
        With one sentence that says what is wrong and where.
    """
    data = text.encode("utf-8", "replace")
    _check_bytes(data, "text")
    if text.lstrip("\ufeff \t\r\n").startswith(("[", "{")):
        return _read_json(data)
    return _read_text(decode_text(data))


def to_settings_options(table: Table, kind: Kind) -> tuple[Option, ...]:
    """Return the options of `table`, its numbers taken as `kind`; probabilities become logits ln p.

    Raises
    ------
    ValueError
        Where the numbers cannot be of that kind, or leave nothing to choose.
    """
    logits = table.values if kind == "logits" else logits_of_probabilities(table.values)
    check_logits(logits)
    names = list(table.names or map("Option {}".format, range(1, len(logits) + 1)))
    for i, name in enumerate(names):
        # An empty label would be an option that nobody can point at.
        if not name:
            names[i] = f"Option {i + 1}"
    return tuple(map(Option, names, logits, range(len(logits))))


def logits_of_probabilities(values: Sequence[float]) -> tuple[float, ...]:
    """Return ln p of probabilities that add up to 1, or 100, within a thousandth; 0 becomes a masked option.

    Raises
    ------
    ValueError
        Where a value is negative, or the sum is another one.
    """
    shares = [0.0 if p == -math.inf else p for p in values]
    for i, p in enumerate(shares):
        if not p >= 0.0:
            raise ValueError(f"Probability {i + 1:,} is {p:g}, but a probability is at least 0.")
    total = math.fsum(shares)
    if not _is_whole(total):
        raise ValueError(f"The probabilities add up to {total:.6g}, not to 1.")
    return tuple(math.log(p) - math.log(total) if p > 0.0 else -math.inf for p in shares)


def _is_whole(total: float) -> bool:
    return abs(total - 1.0) <= NEARLY or abs(total / 100.0 - 1.0) <= NEARLY


def _check_bytes(data: bytes, what: str) -> None:
    if not data:
        raise ValueError(f"The {what} is empty.")
    if len(data) > LARGEST_FILE:
        raise ValueError(f"The {what} has {len(data) / 2**20:.1f} MiB; at most 4 MiB are read.")


def _make_table(names: tuple[str, ...] | None, values: Sequence[float], kind: Kind | None, negative: bool) -> Table:
    """Return the checked table, its kind worked out from the numbers where no word says it."""
    _check_count(len(values))
    if all(value == -math.inf for value in values):
        raise ValueError("Every option is masked, so nothing can be chosen.")
    if kind is None and (negative or not _is_whole(math.fsum(z for z in values if z != -math.inf))):
        kind = "logits"
    return Table(names, tuple(values), kind)


def _check_count(count: int) -> None:
    if not 1 <= count <= parameters.MOST_OPTIONS:
        raise ValueError(f"There are {count:,} options; give from 1 to {parameters.MOST_OPTIONS:,}.")


def _check_label(place: str, name: str) -> str:
    name = clean_text(name).strip()
    if len(name) > parameters.LONGEST_NAME:
        raise ValueError(f"{place} has a label of more than {parameters.LONGEST_NAME} characters.")
    return name


# Text -------------------------------------------------------------------------------------------------------


def _read_text(text: str) -> Table:
    rows, comma = split_rows(text)
    decimal_comma = not comma and not _has_points(rows)
    width = len(rows[0].cells)
    if len(rows) == 1 and (width != 2 or is_value(rows[0].cells[0], decimal_comma)):
        return _table_of_cells(None, _cells_of_row(rows[0]), None, decimal_comma)
    if width > 2 or (len(rows) == 2 and _is_labels_above_numbers(rows, decimal_comma)):
        return _read_wide(rows, decimal_comma)
    if comma:
        _refuse_likely_decimal_commas(rows)
    return _read_long(rows, decimal_comma)


def _has_points(rows: list[Row]) -> bool:
    """Tell whether numbers are written with points: then a comma could part thousands, so do not guess."""
    return any(re.match(r"[+\-\u2212]?[0-9]*\.[0-9]", row.cells[-1]) for row in rows)


def _refuse_likely_decimal_commas(rows: list[Row]) -> None:
    """Refuse "2,5" above "1,5": one number per line with a decimal comma would read as labels and numbers."""
    cells = [row.cells for row in rows]
    if len(rows[0].cells) != 2 or not all(re.fullmatch("[+-]?[0-9]+", cell) for row in cells for cell in row):
        return
    labels = [int(row[0]) for row in cells if len(row[0]) < 10]
    if labels not in (list(range(len(rows))), list(range(1, len(rows) + 1))):
        raise ValueError(
            "The commas could part columns or be decimal commas; write decimal points or add a header line."
        )


def _cells_of_row(row: Row) -> list[tuple[int, str]]:
    return [(row.line, cell) for cell in row.cells]


def _is_labels_above_numbers(rows: list[Row], decimal_comma: bool) -> bool:
    first, second = rows
    has_header = kind_of_header(first.cells[-1]) is not None and first.cells[0].casefold() in LABEL_WORDS
    return (
        len(first.cells) == 2
        and not has_header
        and not any(is_value(cell, decimal_comma) for cell in first.cells)
        and all(is_value(cell, decimal_comma) for cell in second.cells)
    )


def _read_wide(rows: list[Row], decimal_comma: bool) -> Table:
    """A row of labels above a row of numbers; whole numbers are labels too."""
    first = rows[0]
    values = [cell for cell in first.cells if is_value(cell, decimal_comma)]
    if len(rows) != 2 or (len(values) == len(first.cells) and not all(cell.isdigit() for cell in values)):
        raise ValueError(
            f"Line {first.line:,} has {len(first.cells)} columns; give one option per line, as label and "
            "value, or one line of labels above one line of numbers."
        )
    return _table_of_cells(first.cells, _cells_of_row(rows[1]), None, decimal_comma)


def _read_long(rows: list[Row], decimal_comma: bool) -> Table:
    """One option per row; the value is in the last column."""
    kind: Kind | None = None
    percent = False
    head = rows[0].cells[-1]
    if len(rows) > 1 and not is_value(head, decimal_comma):
        # "nan" or "12x" above numbers is a broken number, not a header.
        if head.casefold().lstrip("+-") in NO_NUMBERS or re.match(r"[+\-\u2212]?[.,]?[0-9]", head):
            _read_at(rows[0].line, head, decimal_comma)
        kind = kind_of_header(head)
        percent = "%" in head
        rows = rows[1:]
    names = [row.cells[0] for row in rows] if len(rows[0].cells) == 2 else None
    cells = [(row.line, row.cells[-1]) for row in rows]
    if percent:
        cells = [(line, cell if "%" in cell or is_masked(cell) else cell + "%") for line, cell in cells]
    return _table_of_cells(names, cells, kind, decimal_comma)


def is_masked(cell: str) -> bool:
    """Tell whether `cell` stands for a masked option."""
    return is_value(cell, False) and read_value(cell) == -math.inf


def _table_of_cells(
    names: Sequence[str] | None, cells: list[tuple[int, str]], kind: Kind | None, decimal_comma: bool
) -> Table:
    # Before each of them is read as a number, which takes seconds.
    _check_count(len(cells))
    values = [_read_at(line, cell, decimal_comma) for line, cell in cells]
    if any("%" in cell for _, cell in cells):
        if kind == "logits":
            raise ValueError("The header says logits, but there are per cent signs.")
        kind = "probabilities"
    labels = None
    if names is not None:
        labels = tuple(_check_label(f"Line {line:,}", name) for (line, _), name in zip(cells, names, strict=True))
    return _make_table(labels, values, kind, any(is_negative(cell) for _, cell in cells))


def _read_at(line: int, cell: str, decimal_comma: bool) -> float:
    try:
        return read_value(cell, decimal_comma)
    except ValueError as error:
        raise ValueError(f"Line {line:,}: {error}.") from None


# JSON -------------------------------------------------------------------------------------------------------

JsonCell = float | str | None


class _Keyed(msgspec.Struct, forbid_unknown_fields=True):
    logits: list[JsonCell] | None = None
    scores: list[JsonCell] | None = None
    probabilities: list[JsonCell] | None = None
    labels: list[str] | None = None
    names: list[str] | None = None


def _read_json(data: bytes) -> Table:
    check_json(data, "JSON text")
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return _read_json_object(data)
    if not start.startswith(b"["):
        raise ValueError("The JSON text is neither a list nor an object.")
    if start[1:100].lstrip().startswith(b"["):
        pairs = decode_json(data, list[tuple[str, JsonCell]], "JSON text")
        return _table_of_json([name for name, _ in pairs], [value for _, value in pairs], None)
    return _table_of_json(None, decode_json(data, list[JsonCell], "JSON text"), None)


def _read_json_object(data: bytes) -> Table:
    fields = decode_json(data, dict[str, msgspec.Raw], "JSON text")
    _check_count(len(fields))
    if "format" in fields and "version" in fields:
        raise ValueError("This is a scene; give the file a name that ends in .gumbel.")
    # An option may be called "logits": only a list under such a key makes it one of ours.
    if not any(bytes(fields.get(key, b"")).lstrip().startswith(b"[") for key in _Keyed.__struct_fields__):
        numbers = decode_json(data, dict[str, JsonCell], "JSON text")
        refuse_repeated_keys(data, "JSON text")
        return _table_of_json(list(numbers), list(numbers.values()), None)
    keyed = decode_json(data, _Keyed, "JSON text")
    refuse_repeated_keys(data, "JSON text")
    columns: list[tuple[list[JsonCell] | None, Kind]] = [
        (keyed.logits, "logits"),
        (keyed.scores, "logits"),
        (keyed.probabilities, "probabilities"),
    ]
    given = [(values, kind) for values, kind in columns if values is not None]
    if len(given) != 1:
        raise ValueError('The JSON text needs exactly one of "logits", "scores" and "probabilities".')
    if keyed.labels is not None and keyed.names is not None:
        raise ValueError('The JSON text has both "labels" and "names".')
    values, kind = given[0]
    labels = keyed.labels if keyed.labels is not None else keyed.names
    if labels is not None and len(labels) != len(values):
        raise ValueError(f"There are {len(values):,} values but {len(labels):,} labels.")
    return _table_of_json(labels, values, kind)


def _table_of_json(names: list[str] | None, cells: Sequence[JsonCell], kind: Kind | None) -> Table:
    _check_count(len(cells))
    values = [_value_of_json(i, cell) for i, cell in enumerate(cells)]
    words = [cell for cell in cells if isinstance(cell, str)]
    if any("%" in word for word in words):
        kind = "probabilities"
    negative = any(is_negative(word) for word in words) or any(-math.inf < value < 0.0 for value in values)
    labels = None
    if names is not None:
        labels = tuple(_check_label(f"Entry {i + 1:,}", name) for i, name in enumerate(names))
    return _make_table(labels, values, kind, negative)


def _value_of_json(i: int, cell: JsonCell) -> float:
    if cell is None:
        return -math.inf
    if not isinstance(cell, str):
        return _check_size(i, cell)
    try:
        return read_value(cell)
    except ValueError as error:
        raise ValueError(f"Entry {i + 1:,}: {error}.") from None


# NPY --------------------------------------------------------------------------------------------------------


def _read_npy(data: bytes) -> Table:
    # Imported late: the window is on the screen before NumPy loads, and few people open arrays.
    import numpy as np
    from numpy.lib import format as npy

    file = BytesIO(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            version = npy.read_magic(file)
            # The header is a Python literal, which is read without running anything.
            read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
            shape, _, dtype = read(file)
            if any(not 0 <= size < 2**62 for size in shape):
                raise ValueError(shape)
    except Exception:  # whatever a damaged header does to a parser of literals
        raise ValueError("The file is not a NumPy array of numbers, or its header is damaged.") from None
    if dtype.kind not in "fiu" or dtype.itemsize > 8:
        raise ValueError(f"The NumPy array holds {quoted(str(dtype))}; numbers of at most 64 bits are read.")
    count = math.prod(shape)
    if len(shape) not in (1, 2) or (len(shape) == 2 and 1 not in shape):
        raise ValueError(f"The NumPy array has the shape {quoted(str(shape))}; one row of numbers is read.")
    _check_count(count)
    start = file.tell()
    # Compared before anything is read, so that a header that lies reserves no memory.
    if len(data) - start != count * dtype.itemsize:
        raise ValueError(
            f"The NumPy file should hold {count * dtype.itemsize:,} bytes of numbers, "
            f"but it holds {len(data) - start:,}."
        )
    numbers = np.frombuffer(data, dtype, count, start).astype(np.float64)
    # Written so that what is not a number is wrong too.
    wrong = ~((np.abs(numbers) <= parameters.LARGEST_LOGIT) | (numbers == -np.inf))
    for i in np.flatnonzero(wrong)[:1].tolist():
        _check_size(i, float(numbers[i]))
    return _make_table(None, numbers.tolist(), None, bool((numbers < 0.0).any()))


def _check_size(i: int, value: float) -> float:
    if math.isnan(value):
        raise ValueError(f"Entry {i + 1:,} is not a number.")
    if abs(value) > parameters.LARGEST_LOGIT and value != -math.inf:
        raise ValueError(f"Entry {i + 1:,} is {value:g}; scores lie between -1e6 and 1e6.")
    return value
