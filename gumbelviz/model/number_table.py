"""The numbers behind a picture as a table: for eyes, for screen readers, and for spreadsheets."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.model.numbers import write_count, write_number, write_percent, write_short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gumbelviz.model.frame import Frame
    from gumbelviz.model.settings import Settings

Cell = str | int | float | None
Rows = tuple[tuple[Cell, ...], ...]
MOST_ROWS = 200
"""Rows of a table of options; more cannot be read."""
MOST_NAMED = 5
"""How many options a sentence names."""
MOST_POINTS = 1000
"""Rows of a table of points along a line."""
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet could take for the beginning of a formula."""
_DIGITS = 6


@dataclass(frozen=True, eq=False)
class NumberTable:
    """One table.

    Attributes
    ----------
    id
        What the picture with these numbers is called on its page.
    title, sentence
        What the picture is called by people, and what it shows, with the numbers that matter most.
    columns
        Headings.
    fill
        Makes the rows: only tables that are looked at need them.
    remark
        What is left out, and why; empty where nothing is.
    """

    id: str
    title: str
    sentence: str
    columns: tuple[str, ...]
    fill: Callable[[], Rows]
    remark: str = ""

    @functools.cached_property
    def rows(self) -> Rows:
        """The rows, each as wide as `columns`. A cell of None is empty: the number is not known, or has no meaning."""
        return self.fill()


def write_cell(cell: Cell) -> str:
    """Return a cell as people read it: six digits, real minus signs, grouped thousands."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return write_count(cell).replace("-", "\N{MINUS SIGN}")
    size = abs(cell)
    if cell == 0.0 or not math.isfinite(cell):
        return write_short(cell)
    if 1e-4 <= size < 1e6:
        return write_short(cell, max(_DIGITS - 1 - math.floor(math.log10(size)), 0))
    mantissa, exponent = f"{cell:.{_DIGITS - 2}e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "\N{MINUS SIGN}")


def copy_cell(cell: Cell) -> str:
    """Return a cell as a spreadsheet takes it: numbers come back exactly, and no text is taken for a formula."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        plain = " ".join(cell.split())
        return f"'{plain}" if plain.startswith(_RISKY) or cell.startswith(_RISKY) else plain
    if isinstance(cell, int):
        return str(cell)
    if math.isnan(cell):
        return ""
    return repr(cell) if math.isfinite(cell) else ("inf" if cell > 0.0 else "-inf")


def copy_rows(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return headings and rows with tabs between the cells, as spreadsheets take them from the clipboard."""
    lines = ["\t".join(map(copy_cell, columns))]
    lines += ["\t".join(map(copy_cell, row)) for row in rows]
    return "\n".join(lines)


def in_rows(*columns: Sequence[Cell] | NDArray[np.generic]) -> Rows:
    """Return columns of the same length as rows; what is not a number becomes an empty cell."""
    plain = [column.tolist() if isinstance(column, np.ndarray) else column for column in columns]
    return tuple(tuple(map(_known, row)) for row in zip(*plain, strict=True))


def _known(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def few_places(count: int, most: int = MOST_ROWS) -> NDArray[np.int64]:
    """Return places of at most `most` points out of `count`: every second, third, ... and the last."""
    every = max(-(-(count - 1) // max(most - 1, 1)), 1)
    places = np.arange(0, count, every, dtype=np.int64)
    return places if not count or places[-1] == count - 1 else np.append(places, count - 1)


def few_remark(count: int, kept: int, what: str) -> str:
    """Say how many points of a line have a row; nothing where all of them have one."""
    return f"{write_count(kept)} of {write_count(count)} {what}." if kept < count else ""


# Options.


def leading_options(settings: Settings, frame: Frame | None = None, most: int = MOST_ROWS) -> tuple[int, ...]:
    """Return all options in their order where there are few, else the most probable ones, best first."""
    count = len(settings.options)
    if count <= most:
        return tuple(range(count))
    ranking = frame.theory.ranking if frame is not None else None
    if ranking is not None and len(ranking.order) == count:
        return tuple(ranking.order[:most].tolist())
    scores = settings.scores
    leaders = np.argpartition(-scores, most)[:most]
    return tuple(leaders[np.lexsort((leaders, -scores[leaders]))].tolist())


def rest_remark(settings: Settings, frame: Frame, shown: Sequence[int]) -> str:
    """Say how many options have no row, and how often they win all together."""
    missing = len(settings.options) - len(shown)
    if missing <= 0:
        return ""
    rest = max(1.0 - float(frame.theory.probabilities[list(shown)].sum()), 0.0)
    return (
        f"The {write_count(len(shown))} most probable of {write_count(len(settings.options))} options; "
        f"the other {write_count(missing)} together win {write_percent(rest)} of all draws."
    )


def name_each(settings: Settings, shown: Sequence[int], say: Callable[[int], str], between: str = ", ") -> str:
    """Return what is to be said of each of the first few options, and how many more there are."""
    said = [f"{settings.options[i].name} {say(i)}" for i in shown[:MOST_NAMED]]
    return list_some(said, len(settings.options), between)


def list_some(said: Sequence[str], count: int, between: str = ", ") -> str:
    """Return things in a row, and how many of `count` are left out."""
    kept = list(said[:MOST_NAMED])
    more = count - len(kept)
    return between.join(kept) + (f"{between}and {write_count(more)} more" if more > 0 else "")


def write_beside(value: float, exact: float | None, decimals: int = 3) -> str:
    """Return what was counted, and what it should be."""
    counted = write_number(value, decimals)
    return counted if exact is None or math.isnan(exact) else f"{counted} (exact {write_number(exact, decimals)})"
