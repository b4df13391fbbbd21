"""How undecided a list of shares is."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def bits(shares: ArrayLike) -> float:
    """Return the entropy -sum y log2 y of `shares` (K,), which sum to 1; shares of 0 add nothing (Shannon 1948)."""
    y = np.asarray(shares, dtype=np.float64)
    positive = y[y > 0]
    return max(float(-(positive @ np.log2(positive))), 0.0)
