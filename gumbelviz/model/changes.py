"""What changed, in a few characters that can be read from the last row: τ = 0.50, z Comedy = 2.3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumbelviz.model.numbers import write_count, write_number, write_tenth
from gumbelviz.model.parameters import LOCATION, SCALE, TEMPERATURE

if TYPE_CHECKING:
    from gumbelviz.model.settings import Settings, Transport

_NUMBERS = (TEMPERATURE, LOCATION, SCALE)


def describe_change(before: Settings, after: Settings) -> str:
    """Return what differs first between two settings, or nothing where no number that is shown large differs."""
    for row in _NUMBERS:
        value = getattr(after, row.id)
        if value != getattr(before, row.id):
            return f"{row.symbol} = {write_number(value, row.decimals)}"
    if before.seed != after.seed:
        return f"seed {after.seed}"
    if len(before.options) != len(after.options):
        return f"{write_count(len(after.options))} options"
    if before.options is after.options:
        return ""
    for old, new in zip(before.options, after.options, strict=True):
        if old.logit != new.logit:
            return f"z {new.name} = {write_tenth(new.logit)}"
        if old.pinned != new.pinned:
            return f"G {new.name} " + ("free" if new.pinned is None else f"= {write_tenth(new.pinned)}")
        if old.name != new.name:
            return new.name
    return ""


def describe_watching(before: Transport, after: Transport) -> str:
    """Return what a person did to the stream, or nothing."""
    if before.running != after.running:
        return "running" if after.running else "paused"
    if before.frozen != after.frozen:
        return "noise frozen" if after.frozen else "noise free"
    if after.cursor is not None and before.cursor != after.cursor:
        return f"draw {write_count(after.cursor)}"
    return ""
