"""Arithmetic that keeps what rounding drops: a result as a float64 and the small rest that it misses.

A density 700 scales out in the tail is exp(-700 (1 + eps)): a rounding of one part in 1e16 in the exponent
becomes one part in 1e13 in the density. Carrying the rest of the exponent keeps the last digits. Only IEEE
double precision is needed: the platform's long double is not (it is plain double on Windows).

Sources: Dekker 1971 (product), Knuth, The Art of Computer Programming vol. 2, 4.2.2 (sum), Ogita, Rump and
Oishi 2005.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

_MOST_ROWS = 8192
_SPLITTER = 134217729.0  # 2**27 + 1 cuts a 53-bit significand into two halves whose products are exact


def two_sum(a: Reals, b: Reals) -> tuple[Reals, Reals]:
    """Return the rounded sum a + b and the exact error of that rounding (elementwise, broadcasting)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def two_product(a: Reals, b: Reals) -> tuple[Reals, Reals]:
    """Return the rounded product a b and the exact error of that rounding (elementwise, broadcasting)."""
    product = a * b
    a_high, a_low = _halves(a)
    b_high, b_low = _halves(b)
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def quotient(x: Reals, shift: Reals, divisor: Reals) -> tuple[Reals, Reals]:
    """Return (x - shift) / divisor as a rounded value and the rest it misses.

    Infinite values are legal and have rest 0. Elementwise, broadcasting; many rows are worked on in pieces,
    because on the way there are fifteen arrays as large as the result.
    """
    if x.ndim > 0 and len(x) > _MOST_ROWS:
        x, shift, divisor = np.broadcast_arrays(x, shift, divisor)
        value, rest = np.empty(x.shape), np.empty(x.shape)
        for first in range(0, len(x), _MOST_ROWS):
            rows = slice(first, first + _MOST_ROWS)
            value[rows], rest[rows] = quotient(x[rows], shift[rows], divisor[rows])
        return value, rest
    with np.errstate(all="ignore"):
        difference, lost = two_sum(x, -shift)
        value = difference / divisor
        back, back_lost = two_product(value, divisor)
        rest = ((difference - back) - back_lost + lost) / divisor
    return value, np.where(np.isfinite(rest), rest, 0.0)


def accurate_sum(terms: Iterable[Reals]) -> Reals:
    """Return the elementwise sum of finite arrays, as if added in twice the precision and rounded once."""
    total: Reals = np.zeros(())
    rest: Reals = np.zeros(())
    for term in terms:
        total, lost = two_sum(total, term)
        rest = rest + lost
    return total + rest


def _halves(a: Reals) -> tuple[Reals, Reals]:
    scaled = _SPLITTER * a
    high = scaled - (scaled - a)
    return high, a - high
