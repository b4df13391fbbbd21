"""Where the annealing stands. Like the transport it is not part of a scene, and not undone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Play:
    """The step that the temperature follows the schedule at, and whether time goes on."""

    step: float = 0.0
    playing: bool = False
