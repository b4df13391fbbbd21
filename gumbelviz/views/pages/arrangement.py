"""Where the pieces of a reduced page go, and how large they can be drawn: plain geometry.

Lengths are in units of the look, in which a page is designed; one factor turns them into pixels. The factor is the
largest at which every piece has the room it needs, so that nothing is clipped and everything is as large as it can be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

GAP, MARGIN, EDGE = 18.0, 20.0, 8.0
"""Between pieces; left and right of them; above and below."""
LEAST_WIDTH, LEAST_HEIGHT = 540.0, 330.0
"""A page is never drawn larger than if it had so many units: type would be too large for what it says."""
NATURAL = 0.85
"""The rows that a page asks for are kept where others would be at most so much larger."""
WIDEST = 1.8
"""A control beside others is at most so many times as wide as it needs."""


@dataclass(frozen=True, slots=True)
class Need:
    """The least room for a piece, what stands over it, and the row it would like; only some grow beyond their need."""

    wide: float
    high: float
    head: float = 0.0
    row: int = 0
    grows: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle in pixels: that of the piece, below its heading."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The factor, and a place for every piece: the pictures, the column beside them, the line below them."""

    factor: float
    pictures: tuple[Place, ...]
    side: tuple[Place, ...]
    line: tuple[Place, ...]


Rows = list[list[int]]


def arrange(
    width: float,
    height: float,
    pictures: tuple[Need, ...],
    side: tuple[Need, ...] = (),
    line: tuple[Need, ...] = (),
    fixed: bool = False,
    most: float = 1.0,
) -> Arrangement:
    """Return where everything goes in a room of `width` by `height` pixels.

    Parameters
    ----------
    fixed
        Keep to the rows that the pictures ask for, in columns of equal width.
    most
        Multiplies the largest factor that is allowed, not the largest that fits.
    """
    candidates = [
        (_factor(width, height, pictures, side, line, rows, lines), rows, lines)
        for rows in (_by_row(pictures), *(() if fixed else _splits(len(pictures))))
        for lines in _splits(len(line))
    ]
    natural = max(found[0] for found in candidates if found[1] == candidates[0][1])
    best = max(found[0] for found in candidates)
    keep = natural >= NATURAL * best
    factor, rows, lines = max(
        (found for found in candidates if not keep or found[1] == candidates[0][1]),
        key=lambda found: (round(found[0], 3), -len(found[2])),
    )
    cap = most * max(min(width / LEAST_WIDTH, height / LEAST_HEIGHT), 0.1)
    factor = max(min(factor, cap), 0.05)
    return _place(width, height, pictures, side, line, rows, lines, factor)


def _by_row(needs: tuple[Need, ...]) -> Rows:
    rows: Rows = []
    for i, need in enumerate(needs):
        if rows and needs[rows[-1][0]].row == need.row:
            rows[-1].append(i)
        else:
            rows.append([i])
    return rows


def _splits(count: int) -> list[Rows]:
    """Return every way to share pieces out to rows of nearly equal length."""
    ways: list[Rows] = []
    for rows in range(1, count + 1):
        ends = [round(count * (row + 1) / rows) for row in range(rows)]
        starts = [0, *ends[:-1]]
        ways.append([list(range(start, end)) for start, end in zip(starts, ends, strict=True)])
    return ways or [[]]


def _row_height(needs: tuple[Need, ...], row: list[int]) -> float:
    return max(needs[i].head + needs[i].high for i in row)


def _rows_size(needs: tuple[Need, ...], rows: Rows) -> tuple[float, float]:
    if not rows:
        return 0.0, 0.0
    wide = max(sum(needs[i].wide for i in row) + GAP * (len(row) - 1) for row in rows)
    return wide, sum(_row_height(needs, row) for row in rows) + GAP * (len(rows) - 1)


def _side_size(side: tuple[Need, ...]) -> tuple[float, float]:
    if not side:
        return 0.0, 0.0
    wide = max(need.wide for need in side)
    return wide, sum(need.head + need.high for need in side) + GAP * (len(side) - 1)


def _factor(
    width: float,
    height: float,
    pictures: tuple[Need, ...],
    side: tuple[Need, ...],
    line: tuple[Need, ...],
    rows: Rows,
    lines: Rows,
) -> float:
    wide, high = _rows_size(pictures, rows)
    side_wide, side_high = _side_size(side)
    line_wide, line_high = _rows_size(line, lines)
    both = wide + (side_wide + GAP * bool(pictures) if side else 0.0)
    across = max(both, line_wide) + 2 * MARGIN
    down = max(high, side_high) + (line_high + GAP * bool(pictures or side) if line else 0.0) + 2 * EDGE
    return min(width / across, height / down)


def _place(
    width: float,
    height: float,
    pictures: tuple[Need, ...],
    side: tuple[Need, ...],
    line: tuple[Need, ...],
    rows: Rows,
    lines: Rows,
    f: float,
) -> Arrangement:
    left, right, top, bottom = MARGIN * f, width - MARGIN * f, EDGE * f, height - EDGE * f
    gap = GAP * f
    line_places: tuple[Place, ...] = ()
    if line:
        high = _rows_size(line, lines)[1] * f
        alone = not pictures and not side
        line_top = top if alone else bottom - high
        line_places = _lines(line, lines, left, line_top, right - left, f)
        bottom = line_top - gap
    side_places: tuple[Place, ...] = ()
    if side:
        side_wide = _side_size(side)[0] * f
        share = max(side_wide, 0.24 * (right - left)) if pictures else right - left
        share = min(share, right - left - gap - _rows_size(pictures, rows)[0] * f) if pictures else share
        share = max(share, side_wide)
        side_places = _column(side, left, top, share, bottom - top, f)
        left += share + gap
    return Arrangement(f, _grid(pictures, rows, left, top, right - left, bottom - top, f), side_places, line_places)


def _grid(
    needs: tuple[Need, ...], rows: Rows, left: float, top: float, width: float, height: float, f: float
) -> tuple[Place, ...]:
    places: dict[int, Place] = {}
    gap = GAP * f
    least = [_row_height(needs, row) * f for row in rows]
    growing = [any(needs[i].grows for i in row) for row in rows]
    spare = max(height - sum(least) - gap * (len(rows) - 1), 0.0)
    total = sum(high for high, grows in zip(least, growing, strict=True) if grows)
    y = top
    for row, high, grows in zip(rows, least, growing, strict=True):
        high += spare * high / total if grows else 0.0
        heads = max(needs[i].head for i in row) * f
        free = width - gap * (len(row) - 1)
        weights = sum(needs[i].wide for i in row)
        x = left
        for i in row:
            wide = free * needs[i].wide / weights
            places[i] = Place(x, y + heads, wide, high - heads)
            x += wide + gap
        y += high + gap
    return tuple(places[i] for i in range(len(needs)))


def _column(
    needs: tuple[Need, ...], left: float, top: float, width: float, height: float, f: float
) -> tuple[Place, ...]:
    spare = max(height - _side_size(needs)[1] * f, 0.0)
    total = sum(need.high for need in needs if need.grows)
    places = []
    y = top
    for need in needs:
        high = need.high * f + (spare * need.high / total if need.grows else 0.0)
        places.append(Place(left, y + need.head * f, width, high))
        y += need.head * f + high + GAP * f
    return tuple(places)


def _lines(
    needs: tuple[Need, ...], lines: Rows, left: float, top: float, width: float, f: float
) -> tuple[Place, ...]:
    places: dict[int, Place] = {}
    y = top
    for row in lines:
        high = _row_height(needs, row) * f
        free = width - GAP * f * (len(row) - 1)
        # A line is filled from the left; those that can use more room get it, up to a limit.
        stretch = min(free / max(sum(needs[i].wide for i in row) * f, 1.0), WIDEST)
        x = left
        for i in row:
            wide = needs[i].wide * f * (stretch if needs[i].grows else 1.0)
            own = needs[i].high * f
            places[i] = Place(x, y + (high - own) / 2, wide, own)
            x += wide + GAP * f
        y += high + GAP * f
    return tuple(places[i] for i in range(len(needs)))


def shifted(place: Place, up: float, height: float) -> Place:
    """Return the place of a heading that ends `up` pixels above a piece."""
    return replace(place, y=place.y - up, height=height)
