"""One row of a chart of options, as a value."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_PITCH = 16.5
"""Height of a row below which names cannot be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a chart.

    Attributes
    ----------
    option
        The place of the option in the settings, or -1 for all the rest.
    name, color
        How it is known.
    value, text
        The length of the bar (None for none), and what is written beside it.
    winner, pinned, quiet
        Washed as the winner; shown with a pin; written in the quiet ink (masked, the rest).
    remark
        A small second line under the name.
    exact, band
        An exact value drawn as a line, and the half width of the band around it.
    rank
        A number before the name, or nothing.
    """

    option: int
    name: str
    color: int
    value: float | None
    text: str
    winner: bool = False
    pinned: bool = False
    quiet: bool = False
    remark: str = ""
    exact: float | None = None
    band: float = 0.0
    rank: str = ""

    @property
    def is_bare_rest(self) -> bool:
        """True for all the rest where nothing stands beside its name."""
        return self.option < 0 and self.value is None and not self.text
