"""Numbers as they are spoken: "0.5", "infinity, every option gets the same share", "30 draws per second"."""

from __future__ import annotations

import math

from gumbelviz.model.numbers import write_count, write_short
from gumbelviz.model.parameters import Parameter

_LIMITS = {
    ("temperature", 0.0): "0, the hard choice",
    ("temperature", math.inf): "infinity, every option gets the same share",
}


def spoken_value(parameter: Parameter, value: float) -> str:
    """Return a value in words, with its unit."""
    special = _LIMITS.get((parameter.id, value))
    if special is not None:
        return special
    if math.isinf(value):
        if "per second" in parameter.unit:
            return "as fast as possible"
        return "infinity" if value > 0 else "minus infinity"
    whole = parameter.decimals == 0 and value == round(value)
    number = write_count(round(value)) if whole else write_short(value, max(parameter.decimals, 4))
    unit = "" if parameter.unit == "per step" else parameter.unit.replace("draws", "draw" if value == 1.0 else "draws")
    return f"{number} {unit}".strip()
