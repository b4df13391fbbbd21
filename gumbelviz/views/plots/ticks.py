"""Where the ticks of an axis stand and what is written at them, for logarithmic and for plain axes."""

from __future__ import annotations

import math
from collections.abc import Callable

from gumbelviz.model.numbers import write_short

Ticks = tuple[tuple[float, str], ...]
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_FEW_DECADES = 1.6
"""On an axis of fewer powers of ten there are ticks at 2 and 5 as well."""


def rank_ticks(low: float, high: float, most: int) -> Ticks:
    """Return ticks for ranks from 10^low to 10^high, about `most` of them: (logarithm, text)."""
    return _log_ticks(low, high, most, _write_rank)


def share_ticks(low: float, high: float, most: int) -> Ticks:
    """Return ticks for probabilities from 10^low to 10^high, about `most` of them: (logarithm, text)."""
    return _log_ticks(low, high, most, _write_share)


def plain_ticks(low: float, high: float, most: int) -> Ticks:
    """Return ticks at round numbers from `low` to `high`, at most about `most` of them: (number, text)."""
    rough = (high - low) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1.0, 2.0, 5.0, 10.0) if power * factor >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    decimals = max(-math.floor(math.log10(step)), 0)
    return tuple((i * step, write_short(i * step, decimals)) for i in range(first, last + 1))


def _log_ticks(low: float, high: float, most: int, write: Callable[[int, int], str]) -> Ticks:
    span = high - low
    if span <= _FEW_DECADES and most >= 3:
        places = [(power, factor) for power in range(math.floor(low), math.ceil(high) + 1) for factor in (1, 2, 5)]
        logs = [(power + math.log10(factor), write(power, factor)) for power, factor in places]
    else:
        step = max(math.ceil(span / max(most, 1) - 1e-9), 1)
        powers = range(step * math.ceil(low / step - 1e-9), math.floor(high + 1e-9) + 1, step)
        logs = [(float(power), write(power, 1)) for power in powers]
    return tuple((log, text) for log, text in logs if low - 1e-9 <= log <= high + 1e-9)


def _write_rank(power: int, factor: int) -> str:
    if power < 3:
        return str(round(factor * 10.0**power))
    return f"{round(factor * 10.0 ** (power - 3))}k"


def _write_share(power: int, factor: int) -> str:
    if power >= -2:
        return f"{factor * 10.0**power:g}"
    raised = "10" + str(power).translate(_RAISED)
    return raised if factor == 1 else f"{factor}·{raised}"

