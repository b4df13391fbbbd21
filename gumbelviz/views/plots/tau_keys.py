"""What keys do to a temperature, on every picture with a cursor at one: the same as on its slider."""

from __future__ import annotations

import math
from collections.abc import Callable

from gumbelviz.model.parameters import TEMPERATURE
from gumbelviz.model.stepping import stepped
from gumbelviz.views.plots.keys import Action, Key


def tau_action(
    key: Key, tau: float, by: float, ask: Callable[[float], object], enter: Callable[[], object]
) -> Action | None:
    """Return what a key does: steps of the slider, its two ends, or a field to type into."""
    ends = {Key.Key_Home: 0.0, Key.Key_End: math.inf}
    if key in ends:
        return lambda: ask(ends[key])
    if key in (Key.Key_Return, Key.Key_Enter):
        return enter
    return (lambda: ask(stepped(TEMPERATURE, tau, by))) if by else None
