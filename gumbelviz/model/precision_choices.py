"""What a person chose on the Precision page, and the edits that change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct


class PrecisionChoices(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The choices of the Precision page; what all pages share is in `Settings`."""

    def check(self, options: int) -> None:
        """Raise `ValueError` with one sentence for the first choice that has no meaning with that many options."""


EDITS: dict[str, tuple[Callable[[PrecisionChoices, Any], PrecisionChoices], str]] = {}
"""Name of the wish, the function that grants it, and what Undo calls it."""
