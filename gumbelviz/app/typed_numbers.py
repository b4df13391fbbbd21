"""Numbers as they are typed on the command line: real ones, whole ones, lists of them, sizes of pictures."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from gumbelviz.model.cells import read_value
from gumbelviz.model.strictjson import quoted

SMALLEST_SIDE, LARGEST_SIDE = 320, 7680
_REAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|[+-]?inf(inity)?|nan")


def read_real(text: str, what: str) -> float:
    """Return the number in `text`; "inf" is one, and "nan" passes here and is refused by the parameter."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-").replace("\N{INFINITY}", "inf")
    if not _REAL.fullmatch(plain.lower()):
        raise ValueError(f"The {what} must be a number, not {quoted(text)}.")
    return float(plain)


def read_whole(text: str, what: str, least: int, most: int) -> int:
    """Return the whole number in `text`, which may be written as 1e6."""
    try:
        number = Decimal(text.strip()) if text.isascii() and "_" not in text else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    # Compared before it becomes an integer: 1e999999999 would fill the memory.
    if number.is_nan() or not least <= number <= most or number != number.to_integral_value():
        raise ValueError(f"The {what} must be a whole number from {least:,} to {most:,}, not {quoted(text)}.")
    return int(number)


def read_list(text: str, what: str) -> tuple[float, ...]:
    """Return the numbers in `text`, parted by commas; minus infinity for a masked option."""
    values = []
    for i, cell in enumerate(text.split(",")):
        if not cell.strip():
            raise ValueError(f"Number {i + 1:,} of the {what} is missing in {quoted(text)}.")
        try:
            values.append(read_value(cell))
        except ValueError as error:
            raise ValueError(f"Number {i + 1:,} of the {what}: {error}.") from None
    return tuple(values)


def read_size(text: str) -> tuple[int, int]:
    """Return width and height from a text such as 1600x900."""
    sides = re.fullmatch(r"([0-9]{1,6})[x\N{MULTIPLICATION SIGN}]([0-9]{1,6})", text.strip().lower())
    if sides is None:
        raise ValueError(f"The size must look like 1600x900, not {quoted(text)}.")
    width, height = int(sides[1]), int(sides[2])
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (width, height)):
        raise ValueError(
            f"Each side of a picture has {SMALLEST_SIDE} to {LARGEST_SIDE} pixels, unlike {width}x{height}."
        )
    return width, height
