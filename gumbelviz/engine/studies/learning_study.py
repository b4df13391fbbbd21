"""What the Learning page wants to know: a training, and where the same training ends at other temperatures.

The training comes first, at the pace that was asked for; then, as fast as possible, those at other temperatures.
Both stay until something they depend on changes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.router_task import RouterLane, RouterPlan, RouterTask
from gumbelviz.engine.study import Moment
from gumbelviz.engine.training import ChoicePlan, ChoiceTask, Measure, Task, Training, quartiles
from gumbelviz.maths.objectives import Bit, Linear, Objective, Quadratic, corner_values
from gumbelviz.maths.through import THROUGH
from gumbelviz.model.frame import freeze
from gumbelviz.model.learning_choices import LearningChoices
from gumbelviz.model.learning_report import Ends, LearningReport, Spots
from gumbelviz.model.settings import Settings
from gumbelviz.model.training_schedule import temperature_of_step

Reals = NDArray[np.float64]

MOST_OPTIONS = 1_000
MOST_NUMBERS = 2**15
"""Most numbers (options times repeats times draws) in one step of one estimator: a few milliseconds."""
MOST_SHOWN, LEADERS = 12, 9
"""Above so many options those that are worth most have columns of their own, and the rest share one."""
END_TAUS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
END_REPEATS = 8
"""Temperatures, and most repeats, of the trainings beside the one that is watched."""
SPOTS_APART = 10
"""Steps between two looks at where the points go."""
_LONGEST_GAP = 1.5
"""Seconds between two turns that count as work; the slowest pace needs more than one."""


class LearningStudy:
    """The study of the Learning page.

    Parameters
    ----------
    settings
    clock
        Returns seconds, for the pace and the time left; injected so that tests need not wait.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begin(settings)

    def _begin(self, settings: Settings) -> None:
        self._settings = settings
        choices = settings.pages.learning
        options = len(settings.options)
        self._batch = int(choices.batch)
        self._repeats = int(choices.repeats)
        self.refused = self._refusal()
        self._shown = shown_columns(settings)
        self._training: Training | None = None
        self._ends: _Ends | None = None
        self._map: _Map | None = None
        self._pieces = 0
        if not self.refused:
            wide = choices.task == "robot"
            if wide:
                most = MOST_NUMBERS // 2 if "rao_blackwell" in choices.estimators else MOST_NUMBERS
                self._repeats = max(min(self._repeats, most // (options * self._batch)), 1)
            task, self._best = _make_task(settings, self._repeats)
            self._training = Training(
                task, choices.estimators, int(choices.steps), temperature_of_step(settings),
                self._gather if wide else None, len(self._shown) + (len(self._shown) < options) if wide else None,
            )  # fmt: skip
            self._map = _Map(task, self._training) if isinstance(task, RouterTask) else None
            few, _ = _make_task(settings, min(self._repeats, END_REPEATS))
            self._ends = _Ends(few, self._training, choices.estimators)
            self._pieces = int(choices.steps) * len(choices.estimators) + self._ends.pieces
        self._allowed = 1.0
        self._wall = 0.0
        self._worked_at = -math.inf

    def _refusal(self) -> str:
        choices, options = self._settings.pages.learning, len(self._settings.options)
        if choices.task != "robot":
            return ""
        if options > MOST_OPTIONS:
            return f"A training is shown for up to {MOST_OPTIONS:,} options; this scene has {options:,}."
        if options * choices.batch > MOST_NUMBERS:
            most = MOST_NUMBERS // options
            return f"With {options:,} options a batch has at most {most:,} draws here; take a smaller one."
        return ""

    def _gather(self, shares: Reals) -> Reals:
        own = shares[list(self._shown)]
        return own if len(own) == len(shares) else np.append(own, max(1.0 - own.sum(), 0.0))

    def change(self, settings: Settings) -> None:
        """Answer other settings from now on; what still holds under them is kept."""
        before, self._settings = self._settings, settings
        if _key(before) != _key(settings):
            self._begin(settings)
        elif before.pages.learning.pace != settings.pages.learning.pace and self._training is not None:
            self._allowed = float(self._training.done + 1)

    # Work.

    def busy(self, moment: Moment) -> bool:
        """Tell whether there is work to do now."""
        return self._training is not None and self._done_pieces() < self._pieces

    def due(self) -> float:
        """Seconds until the next step, at the pace that was asked for."""
        training, pace = self._training, self._settings.pages.learning.steps_per_second
        if training is None or math.isinf(pace) or training.done >= training.steps:
            return 0.0
        gap = self._clock() - self._worked_at
        missing = training.done + 1 - self._allowed - pace * (gap if gap < _LONGEST_GAP else 0.0)
        return min(max(missing / pace, 0.0), 1.0)

    def work(self, moment: Moment, stop: Callable[[], bool]) -> None:
        """Do some, in pieces of a few milliseconds at most; `stop`, asked after each, says when to come back."""
        training, ends = self._training, self._ends
        if training is None or ends is None:
            return
        now = self._clock()
        gap = now - self._worked_at
        self._worked_at = now
        # A page that was not looked at, a pause and a computer that slept are not caught up with.
        gap = gap if gap < _LONGEST_GAP else 0.0
        self._wall += gap
        pace = self._settings.pages.learning.steps_per_second
        paced = not (math.isinf(pace) or moment.hurried)
        if paced:
            self._allowed = min(self._allowed + pace * gap, training.done + max(pace, 2.0))
        while self.busy(moment):
            if training.done < training.steps:
                if paced and training.done + 1 > self._allowed:
                    break
                training.advance()
            else:
                ends.advance()
            if stop():
                break

    def _done_pieces(self) -> int:
        assert self._training is not None
        assert self._ends is not None
        return self._training.pieces + self._ends.done

    # Reports.

    def report(self, moment: Moment) -> LearningReport:
        """Return what is known so far, in read-only arrays made for this report."""
        choices, training = self._settings.pages.learning, self._training
        options = len(self._settings.options)
        if training is None or self._ends is None:
            return _empty(choices, options, self._shown, self.refused)
        history = training.history
        done = self._done_pieces()
        progress = done / self._pieces
        left = None
        if self._wall >= 0.5 and done and training.done:
            left = self._wall * (self._pieces - done) / done
            if training.done < training.steps and not math.isinf(choices.steps_per_second):
                left = max(left, (training.steps - training.done) / choices.steps_per_second)
        river, ratio = np.swapaxes(history.column("river"), 0, 1), history.column("ratio").T
        loss, accuracy = np.swapaxes(history.column("loss"), 0, 1), None
        if training.scored:
            accuracy = np.swapaxes(history.column("accuracy"), 0, 1)
        return LearningReport(
            choices.task, options, self._shown, choices.estimators, self._repeats, training.steps, training.done,
            history.steps(), history.column("tau"), loss, accuracy, river, ratio, self._best, self._ends.result(),
            progress, left, spots=None if self._map is None else self._map.result(),
        )  # fmt: skip


class _Map:
    """Where the points of the router are sent, looked up anew every few steps."""

    def __init__(self, task: RouterTask, training: Training) -> None:
        self._test, self._training = task.test, training
        self._at = -SPOTS_APART
        self._spots: Spots | None = None

    def result(self) -> Spots:
        """Return what was looked up last."""
        training = self._training
        due = training.done - self._at >= SPOTS_APART or (training.done == training.steps != self._at)
        if due or self._spots is None:
            self._at = training.done
            found = [lane.spots() for lane in training.lanes if isinstance(lane, RouterLane)]
            experts, right = np.stack([winners for winners, _ in found]), np.stack([good for _, good in found])
            for array in (self._test.places, self._test.classes, experts, right):
                freeze(array)
            self._spots = Spots(self._test.places, self._test.classes, experts, right)
        return self._spots


class _Ends:
    """Where the training ends at other temperatures; estimators that do not look at it end as they did before."""

    def __init__(self, task: Task, watched: Training, estimators: tuple[str, ...]) -> None:
        self._task, self._watched = task, watched
        self._tempered = tuple(name for name in estimators if THROUGH[name].tempered)
        self._places = [place for place, name in enumerate(estimators) if THROUGH[name].tempered]
        self._untempered = [place for place in range(len(estimators)) if place not in self._places]
        self._ends = np.full((3, len(estimators), len(END_TAUS)), np.nan)
        self.pieces = len(END_TAUS) * len(self._places) * watched.steps
        self.done = 0
        self._changed = True
        self._shown: Ends | None = None
        self._work = self._run()

    def advance(self) -> None:
        """Do the next piece."""
        next(self._work, None)

    def _run(self) -> Iterator[None]:
        for column, tau in enumerate(END_TAUS):
            lanes = [self._task.lane(THROUGH[name]) for name in self._tempered]
            for step in range(self._watched.steps):
                drawn = self._task.draw(step)
                for lane in lanes:
                    lane.move(drawn, tau)
                    self.done += 1
                    if lane is lanes[-1] and step == self._watched.steps - 1:
                        for place, ended in zip(self._places, lanes, strict=True):
                            self._ends[:, place, column] = quartiles(_score(ended.measure()))
                        self._changed = True
                    yield

    def result(self) -> Ends:
        """Return what is known so far."""
        watched = self._watched
        if watched.done == watched.steps and self._untempered and np.isnan(self._ends[0, self._untempered[0], 0]):
            last = watched.history.column("accuracy" if watched.scored else "loss")[-1]
            self._ends[:, self._untempered] = last[self._untempered].T[:, :, np.newaxis]
            self._changed = True
        if self._changed or self._shown is None:
            low, middle, high = self._ends.copy()
            for array in (low, middle, high):
                freeze(array)
            self._shown, self._changed = Ends(_END_TAUS, middle, low, high), False
        return self._shown


def _score(measure: Measure) -> Reals:
    return measure.loss if measure.accuracy is None else measure.accuracy


def _make_task(settings: Settings, repeats: int) -> tuple[Task, float]:
    """Return the task of some settings, and the least possible loss."""
    choices = settings.pages.learning
    batch = int(choices.batch)
    if choices.task == "router":
        plan = RouterPlan(choices.optimiser, choices.rate, batch, repeats, settings.scale, settings.seed)
        return RouterTask(plan), 0.0
    objective: Objective
    if choices.task == "bit":
        # The bit has a score of its own, and noise of the usual scale: its numbers are those of the papers.
        scores, scale = np.array([choices.theta, 0.0]), 1.0
        objective = Bit(choices.target)
    else:
        scores, scale = settings.scores.copy(), settings.scale
        if choices.start == "equal":
            scores[np.isfinite(scores)] = 0.0
        worths = np.array(choices.worths(len(scores)))
        objective = Quadratic(worths) if choices.goal == "target" else Linear(1.0 - worths)
    losses = corner_values(objective, len(scores))
    plan_of_choice = ChoicePlan(
        scores, objective.slope, losses, scale, choices.optimiser, choices.rate, batch, repeats, settings.seed
    )
    return ChoiceTask(plan_of_choice), float(losses[np.isfinite(scores)].min())


def shown_columns(settings: Settings) -> tuple[int, ...]:
    """Return the options with columns of their own: all where they are few, else those that are worth most."""
    options = len(settings.options)
    if options <= MOST_SHOWN:
        return tuple(range(options))
    worths = np.array(settings.pages.learning.worths(options))
    worths[~np.isfinite(settings.scores)] = -math.inf
    return tuple(np.sort(np.argsort(-worths, kind="stable")[:LEADERS]).tolist())


def _key(settings: Settings) -> tuple[object, ...]:
    """The part of the settings that a training depends on."""
    choices = settings.pages.learning
    key: list[object] = [choices.task, choices.estimators, choices.optimiser, choices.rate, choices.batch,
                         choices.repeats, choices.steps, choices.schedule, choices.floor, settings.temperature,
                         settings.seed, settings.scale, len(settings.options)]  # fmt: skip
    if choices.schedule == "page":
        page = settings.pages.temperature
        key += [page.kind, page.start, page.end, page.rate, page.steps, page.drawn]
    if choices.task == "bit":
        key += [choices.theta, choices.target]
    elif choices.task == "robot":
        key += [choices.goal, choices.worth, choices.start, settings.logits]
    return tuple(key)


def _empty(choices: LearningChoices, options: int, shown: tuple[int, ...], refused: str) -> LearningReport:
    estimators = len(choices.estimators)
    none = np.zeros(0)
    curve = np.zeros((estimators, 0, 3))
    return LearningReport(
        choices.task, options, shown, choices.estimators, 0, int(choices.steps), 0, np.zeros(0, np.int64), none, curve,
        None, np.zeros((estimators, 0, 1)), np.zeros((estimators, 0)), 0.0, None, 1.0, None, refused,
    )  # fmt: skip


_END_TAUS = np.array(END_TAUS)
freeze(_END_TAUS)
