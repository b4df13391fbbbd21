"""Drops that fall one after the other: which are in the air, and how far, from frame to frame. No timer of its own."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

FALL = 0.8
"""Seconds from the axis of u to the axis of the noise."""
MOST_PER_FRAME = 3
LONGEST_PAUSE = 0.3
"""Seconds that count at most between two frames: after a rest the rain goes on where it was."""


class Rainfall:
    """Numbers 0, 1, ... of the stream, each falling for `FALL` seconds. It moves only while the stream does.

    Until it is started everything that the stream has drawn lies on the ground already.

    Parameters
    ----------
    clock
        Returns seconds; injected so that tests need not wait.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._total = 0
        self._raining = False
        self._released = 0
        self._age = 0.0
        self._looked_at: float | None = None
        self._draws: int | None = None
        self._air: deque[tuple[int, float]] = deque()
        self.fall = FALL
        """Seconds that a drop takes; 0 lets it land at once."""
        self.landed = 0

    @property
    def raining(self) -> bool:
        """Whether drops fall, or are still to fall."""
        return self._raining

    @property
    def air(self) -> tuple[tuple[int, float], ...]:
        """The drops in the air: the number of each, and its way from 0 to 1."""
        return tuple((number, min((self._age - born) / self.fall, 1.0)) for number, born in self._air)

    def start(self) -> None:
        """Take everything off the ground, and let it rain."""
        self._raining = True
        self._released = self.landed = 0
        self._air.clear()
        self._looked_at = None

    def follow(self, draws: int, numbers_per_draw: int, total: int, moving: bool = True) -> None:
        """Look at a frame: so many draws, each with so many numbers; `total` numbers can fall.

        A frame with no other number of draws than the last one moves nothing: the stream is paused.
        """
        self._total = total
        before, self._draws = self._draws, draws
        if not self._raining:
            self.landed = min(draws * numbers_per_draw, total)
            return
        now = self._clock()
        elapsed = min(now - self._looked_at, LONGEST_PAUSE) if self._looked_at is not None else 0.0
        self._looked_at = now
        if draws == before or not moving:
            return
        self._age += elapsed
        fresh = draws - before if before is not None and draws > before else 1
        # Singles at first, then a shower.
        most = min(1 + self._released // 80, MOST_PER_FRAME)
        count = min(fresh * numbers_per_draw, most, self._total - self._released)
        for i in range(count):
            self._air.append((self._released + i, self._age - elapsed * (count - 1 - i) / max(count, 1)))
        self._released += count
        while self._air and self._age - self._air[0][1] >= self.fall:
            self._air.popleft()
        self.landed = self._released - len(self._air)
        if self.landed >= self._total:
            self._raining = False

    def reset(self) -> None:
        """Other numbers fall from now on: those on the ground were not theirs."""
        if self._raining:
            self.start()
        self._draws = None
