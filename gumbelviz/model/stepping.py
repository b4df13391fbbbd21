"""Steps of the arrow keys through the values of a parameter."""

from __future__ import annotations

from gumbelviz.model.parameters import Parameter


def stepped(row: Parameter, value: float, by: float) -> float:
    """One step of the arrow keys: a tenth, or a hundredth of the way along the slider, and so on beyond it."""
    if row.spacing == "linear":
        return round(value + 0.1 * by, 6)
    low, high = row.typical
    if by > 0 and value == row.low_limit:
        return low
    if by < 0 and value == row.high_limit:
        return high
    moved = float(f"{value * (high / low) ** (0.01 * by):.3g}")
    if row.decimals == 0:
        moved = max(float(round(moved)), value + 1.0) if by > 0 else min(float(round(moved)), value - 1.0)
    # The last step before an exact limit is an end of the slider's plain part.
    if by < 0 and row.low_limit is not None:
        return row.low_limit if value <= low else max(moved, low)
    if by > 0 and row.high_limit is not None:
        return row.high_limit if value >= high else min(moved, high)
    return min(max(moved, row.lowest), row.highest)
