"""Which screen the hall sees, and which one the speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenFacts:
    """What is known of a screen: its size in pixels of its own, and whether it is the system's first one."""

    width: int
    height: int
    primary: bool


def place_windows(screens: Sequence[ScreenFacts], own: int) -> tuple[int, int | None]:
    """Return the places of the screens for the stage and for the speaker's window, None where there is one screen.

    Parameters
    ----------
    screens
        All that are connected.
    own
        Where the program's window is now.

    Notes
    -----
    A projector is usually not the system's first screen: of two screens the other one is the stage. Where more are
    connected, the largest of those is it. The speaker keeps the first screen. Where nothing is the first, as
    on some systems, the screen on which the person worked counts as that.
    """
    if len(screens) < 2:
        return 0, None
    first = next((i for i, screen in enumerate(screens) if screen.primary), own)
    others = [i for i in range(len(screens)) if i != first]
    stage = max(others, key=lambda i: screens[i].width * screens[i].height)
    return stage, first
