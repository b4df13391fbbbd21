"""One row per number a person can set: what it is called, what it may be, how a slider shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number a person can set.

    Attributes
    ----------
    id, name, symbol, unit
        How programs, people and formulas call it; `unit` may be empty.
    lowest, highest
        The closed domain. Values outside are refused, never clamped in silence.
    typical
        The range a slider covers.
    default
        The value of a new scene.
    spacing
        ``"linear"`` or ``"log"``: how the slider spreads `typical`.
    low_limit, high_limit
        Exact values that the two ends of the slider stand for, or None where an end is plain.
    decimals
        Digits after the point in the field beside the slider.
    help
        One or two sentences for the tooltip.
    open_below
        True where `lowest` itself is refused.
    """

    id: str
    name: str
    symbol: str
    unit: str
    lowest: float
    highest: float
    typical: tuple[float, float]
    default: float
    spacing: Literal["linear", "log"]
    decimals: int
    help: str
    low_limit: float | None = None
    high_limit: float | None = None
    open_below: bool = False

    def check(self, value: float) -> float:
        """Return `value` as a float, or raise `ValueError` with a sentence for a person."""
        number = float(value)
        too_low = number <= self.lowest if self.open_below else number < self.lowest
        if math.isnan(number) or too_low or number > self.highest:
            raise ValueError(f"The {self.name} must be {self._domain()}, not {number:g}.")
        return number

    def _domain(self) -> str:
        least = f"above {self.lowest:g}" if self.open_below else f"at least {self.lowest:g}"
        return least if math.isinf(self.highest) else f"{least} and at most {self.highest:g}"

    def place(self, value: float) -> float:
        """Where `value` stands on the slider, from 0 (left) to 1 (right)."""
        left, right = self._margins()
        if self.low_limit is not None and value <= self.low_limit:
            return 0.0
        if self.high_limit is not None and value >= self.high_limit:
            return 1.0
        low, high = self.typical
        if self.spacing == "log":
            share = math.log(max(value, low) / low) / math.log(high / low)
        else:
            share = (value - low) / (high - low)
        return left + min(max(share, 0.0), 1.0) * (right - left)

    def value_at(self, place: float) -> float:
        """The value a slider at `place` (0 to 1) stands for; the ends give the exact limits."""
        left, right = self._margins()
        if self.low_limit is not None and place < left / 2:
            return self.low_limit
        if self.high_limit is not None and place > (1.0 + right) / 2:
            return self.high_limit
        share = min(max((place - left) / (right - left), 0.0), 1.0)
        low, high = self.typical
        if self.spacing == "log":
            return float(low * (high / low) ** share)
        return low + share * (high - low)

    def _margins(self) -> tuple[float, float]:
        """Where the plain part of the slider begins and ends; the rest belongs to the exact limits."""
        return (0.06 if self.low_limit is not None else 0.0, 0.94 if self.high_limit is not None else 1.0)


TEMPERATURE = Parameter(
    "temperature", "temperature", "τ", "", 0.0, math.inf, (0.01, 100.0), 0.5, "log", 2,
    "How soft the soft choice is. Towards 0 it becomes the hard choice, towards infinity every option gets the "
    "same share. It never changes who wins.",
    low_limit=0.0, high_limit=math.inf,
)  # fmt: skip
LOCATION = Parameter(
    "location", "location", "μ", "", -1e6, 1e6, (-4.0, 4.0), 0.0, "linear", 2,
    "Where the noise is centred: the highest point of its density, not its mean. It moves every option alike, so "
    "it changes no choice.",
)  # fmt: skip
SCALE = Parameter(
    "scale", "scale", "β", "", 1e-6, 1e6, (0.1, 10.0), 1.0, "log", 2,
    "How wide the noise is. A larger scale makes surprises more frequent: options win with probability "
    "softmax(z / β).",
)  # fmt: skip
SPEED = Parameter(
    "speed", "speed", "", "draws per second", 0.0, math.inf, (1.0, 1e6), math.inf, "log", 0,
    "How many draws a second: from one, to watch each, to as many as this computer can make.",
    high_limit=math.inf, open_below=True,
)  # fmt: skip

PARAMETERS = {row.id: row for row in (TEMPERATURE, LOCATION, SCALE, SPEED)}

MOST_OPTIONS = 131_072
MOST_BARS = 12
"""Above so many options pictures show ranks in place of one bar each."""
MANY_OPTIONS = 10_000
"""Above so many options a frame costs so much that there are at most ten of them a second."""
LARGEST_LOGIT = 1e6
LARGEST_NOISE = 1e6
LONGEST_NAME = 200
LARGEST_SEED = 2**63 - 1
MOST_DRAWS = 10**12
