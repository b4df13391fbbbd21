"""Plays the annealing schedule: the temperature of the document follows it, whatever page is in front."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from gumbelviz.app.store import State, Store
from gumbelviz.model.play import Play
from gumbelviz.model.schedule import temperature_at
from gumbelviz.model.temperature_choices import TemperatureChoices

TICK_MILLISECONDS = 16
"""As often as the screen clock, which is not asked here: its module loads the engine, and the window comes first."""
LONGEST_STEP = 0.25
"""Seconds that count at most between two ticks, so that a sleeping computer does not jump ahead."""


class Annealer(QObject):
    """Moves the temperature with the screen clock while a person plays, and has one step back for the whole play.

    Whoever takes the temperature in hand meanwhile, by a slider, by Undo or by opening another document, ends
    the play.

    Parameters
    ----------
    store
        Where the temperature is changed.
    show
        Gets where the play stands, whenever that changes.
    clock
        Returns seconds; injected so that tests need not wait.
    """

    def __init__(
        self,
        store: Store,
        show: Callable[[Play], None],
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._show, self._clock = store, show, clock
        self.play = Play()
        self._ticked_at = 0.0
        self._acting = False
        self._active = True
        self._has_way_back = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MILLISECONDS)
        self._timer.timeout.connect(self.tick)
        store.listen(self._changed)

    def wish(self, name: str, value: object, final: bool = True) -> None:
        """Grant ``"anneal play"``, ``"anneal pause"``, ``"anneal stop"`` or ``"anneal seek"`` (a step)."""
        if name == "anneal play":
            self._start()
        elif name == "anneal pause":
            self.pause()
        elif name == "anneal stop":
            self._put(0.0, playing=False)
        elif isinstance(value, (int, float)):
            self._seek(float(value), final)

    @property
    def _choices(self) -> TemperatureChoices:
        return self._store.state.settings.pages.temperature

    def _start(self) -> None:
        step = self.play.step if self.play.step < self._choices.steps else 0.0
        if step == 0.0:
            self._has_way_back = False
        self._ticked_at = self._clock()
        self._put(step, playing=True)
        self._follow()

    def pause(self) -> None:
        """Hold the play where it is."""
        self._put(self.play.step, playing=False)

    def _seek(self, step: float, final: bool) -> None:
        self._put(min(max(step, 0.0), self._choices.steps), self.play.playing)
        self._follow()
        if final and not self.play.playing:
            self._has_way_back = False

    def set_active(self, active: bool) -> None:
        """Let time pass only while somebody can see it."""
        self._active = active
        self._ticked_at = self._clock()
        self._set_timer()

    def tick(self) -> None:
        """Let the time go on that has passed."""
        if not self.play.playing:
            return
        now, choices = self._clock(), self._choices
        passed, self._ticked_at = min(now - self._ticked_at, LONGEST_STEP), now
        step = self.play.step + passed * choices.steps / choices.seconds
        ended = step >= choices.steps
        if ended and choices.loop:
            step %= choices.steps
            ended = False
        self._put(min(step, choices.steps), playing=not ended)
        self._follow()

    def _follow(self) -> None:
        """Set the temperature of the present step: the first time with a step back, from then on without."""
        tau = temperature_at(self._choices, self.play.step)
        self._acting = True
        try:
            if self._has_way_back:
                self._store.follow("anneal", tau)
            elif tau != self._store.state.settings.temperature:
                self._store.edit("anneal", tau)
                self._has_way_back = True
        finally:
            self._acting = False

    def _changed(self, before: State, after: State) -> None:
        if self._acting:
            return
        opened = after.scene is not before.scene and after.saved is after.scene
        if opened or before.settings.temperature != after.settings.temperature:
            self._has_way_back = False
            if opened:
                self._put(0.0, playing=False)
            else:
                self.pause()
        elif self.play.step > self._choices.steps:
            self._put(self._choices.steps, self.play.playing)

    def _put(self, step: float, playing: bool) -> None:
        play = Play(step, playing)
        if play == self.play:
            return
        self.play = play
        self._set_timer()
        self._show(play)

    def _set_timer(self) -> None:
        if not (self._active and self.play.playing):
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
