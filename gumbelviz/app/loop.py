"""The frame clock: take the newest frame, drop a stale one, draw what can be seen."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gumbelviz.engine.runner import Runner
from gumbelviz.model.frame import Failure, Frame

TICK_MILLISECONDS = 16
QUIET_TICKS = 60
"""Ticks without a frame after which the clock of a paused window rests."""
STALLED_AFTER = 10.0
"""Seconds without an answer after which a person is told."""
WORDS_EVERY = 0.2
"""Seconds between two refreshes of numbers in words: faster cannot be read."""


class Loop(QObject):
    """Pulls frames from the runner while the window can be seen.

    Parameters
    ----------
    draw
        Gets each frame, and whether numbers in words are due too.
    speak
        Gets the frames of which they are.
    fail
        Gets a failure of the engine.
    wanted
        Tells whether a frame still fits what is on the screen.
    running
        Tells whether frames are still to be expected; if not, the clock rests until it is nudged.
    stalled
        Called once where frames are expected and none has come for a long while.
    """

    nudged = Signal()

    def __init__(
        self,
        draw: Callable[[Frame, bool], None],
        speak: Callable[[Frame], None],
        fail: Callable[[Failure], None],
        wanted: Callable[[Frame], bool],
        running: Callable[[], bool],
        stalled: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._draw, self._speak, self._fail = draw, speak, fail
        self._wanted, self._running, self._stalled = wanted, running, stalled
        self._expected_since: float | None = None
        self._active = False
        self._quiet_ticks = 0
        self._runner: Runner | None = None
        self._spoken_at = -1.0
        self._spoken_revision = -1
        self._unspoken: Frame | None = None
        self._calm = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MILLISECONDS)
        self._timer.timeout.connect(self.tick)
        # Emitted in the worker thread, received here: a moved slider need not wait for the next tick.
        self.nudged.connect(self._wake, Qt.ConnectionType.QueuedConnection)

    def attach(self, runner: Runner) -> None:
        """Pull frames from `runner`."""
        self._runner = runner

    def set_calm(self, calm: bool) -> None:
        """Draw a running stream only as often as its numbers are read: reduced motion."""
        self._calm = calm

    def set_active(self, active: bool) -> None:
        """Tick while somebody can see it."""
        self._active = active
        if active:
            self._wake()
        else:
            self._expected_since = None
            self._timer.stop()

    def _wake(self) -> None:
        if self._active:
            self._quiet_ticks = 0
            if not self._timer.isActive():
                self._timer.start()
            self.tick()

    def tick(self) -> None:
        """Draw the newest frame, if there is one."""
        letter = self._runner.outbox.take() if self._runner is not None else None
        self._quiet_ticks = 0 if letter is not None or self._running() else self._quiet_ticks + 1
        self._mind(letter is not None)
        if self._quiet_ticks > QUIET_TICKS:
            self._timer.stop()
        if isinstance(letter, Failure):
            self._fail(letter)
        elif letter is not None and self._wanted(letter):
            self._show(letter)
        elif self._unspoken is not None and not self._wanted(self._unspoken):
            self._unspoken = None
        elif self._unspoken is not None and time.monotonic() - self._spoken_at >= WORDS_EVERY:
            self._show(self._unspoken)

    def _mind(self, answered: bool) -> None:
        """Notice an engine that hangs, once for each time that it does."""
        now = time.monotonic()
        if answered or not self._running():
            self._expected_since = None
        elif self._expected_since is None:
            self._expected_since = now
        elif now - self._expected_since >= STALLED_AFTER:
            self._expected_since = math.inf
            self._stalled()

    def _show(self, frame: Frame) -> None:
        """Draw `frame`; an edit or a step is read at once, a running count only as often as it can be."""
        now = time.monotonic()
        due = frame.revision != self._spoken_revision or now - self._spoken_at >= WORDS_EVERY
        if due or not self._calm:
            self._draw(frame, due)
        self._unspoken = None if due else frame
        if due:
            self._spoken_at, self._spoken_revision = now, frame.revision
            self._speak(frame)
