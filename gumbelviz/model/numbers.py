"""Numbers as people read and type them: real minus signs, grouped thousands, infinity as a sign."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"
INFINITY = "\N{INFINITY}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a person likes numbers: how many decimal places beyond the usual ones, and the sign between thousands."""

    more: int = 0
    group: str = ","


_format = NumberFormat()


def use_format(chosen: NumberFormat) -> None:
    """Write numbers this way from now on.

    For the whole process, like the language of a desktop: numbers are written in too many places to carry a
    preference there. Files and reports have formats of their own and never come here.
    """
    global _format
    _format = chosen


def write_number(value: float, decimals: int = 2) -> str:
    """Return `value` with that many decimals; numbers too large or too small for it in scientific form."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return INFINITY if value > 0 else MINUS + INFINITY
    decimals = _places(decimals)
    smallest = 0.5 * 10.0**-decimals
    if abs(value) >= 1e6 or 0.0 < abs(value) < smallest:
        mantissa, exponent = f"{value:.1e}".split("e")
        return _sign(f"{mantissa}e{int(exponent)}")
    # Adding 0 takes the sign off a zero.
    return _sign(_grouped(f"{value + 0.0:,.{decimals}f}"))


def write_short(value: float, decimals: int = 4) -> str:
    """Return `value` with at most that many decimals and no zeros at the end: 3, 2.5, −0.1."""
    text = write_number(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def write_signed(value: float, decimals: int = 4) -> str:
    """Return `value` with that many decimals and its sign, also where it is positive: +0.0197, −0.0145."""
    text = write_number(value, decimals)
    return f"+{text}" if value > 0.0 else text


def write_tenth(value: float) -> str:
    """Return a score or a noise value with one decimal, or with two where it has a second: 3.0, −0.1, 0.25."""
    text = write_number(value, 2)
    if "." not in text or "e" in text:
        return text
    bare = text.rstrip("0")
    return f"{bare}0" if bare.endswith(".") else bare


def write_percent(share: float, decimals: int = 1) -> str:
    """Return a share of 1 as per cent; one that would round to nothing says that it is not."""
    shown = _places(decimals)
    smallest = 10.0**-shown
    if 0.0 < 100.0 * share < 0.5 * smallest:
        return f"<{smallest:.{shown}f}%"
    return f"{write_number(100.0 * share, decimals)}%"


def write_count(count: int) -> str:
    """Return a whole number with its thousands grouped."""
    return _grouped(f"{count:,}")


def write_rate(per_second: float) -> str:
    """Return draws per second in a few characters: 31 M/s, 420 k/s, 5/s."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        scaled = per_second / size
        if scaled >= 0.9995:
            return f"{scaled:.{0 if scaled >= 9.95 else 1}f} {letter}/s"
    return f"{per_second:.0f}/s"


def read_number(text: str) -> float:
    """Read what a person typed: real or plain minus, decimal comma, 1e6, inf, the infinity sign.

    Commas that group thousands the way `write_number` does are that: 1,000 is a thousand, 0,5 and 1,5 a half
    and one and a half.

    Raises
    ------
    ValueError
        With a sentence that repeats the text.
    """
    plain = text.strip().replace(MINUS, "-").replace(INFINITY, "inf")
    plain = plain.replace("\N{NO-BREAK SPACE}", "").replace(NARROW_SPACE, "")
    percent = plain.endswith("%")
    plain = plain.removesuffix("%").strip()
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    elif plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        value = float(plain.replace("_", "x"))
    except ValueError:
        raise ValueError(f"“{text.strip()}” is not a number.") from None
    if math.isnan(value):
        raise ValueError("“nan” is not a number.")
    return value / 100.0 if percent else value


def _places(decimals: int) -> int:
    """Whole numbers stay whole, and at least one decimal place of the others is left."""
    return max(decimals + _format.more, 1) if decimals > 0 else decimals


def _grouped(text: str) -> str:
    return text if _format.group == "," else text.replace(",", _format.group)


def _sign(text: str) -> str:
    return text.replace("-", MINUS)
