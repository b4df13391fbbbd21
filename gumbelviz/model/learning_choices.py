"""What a person chose on the Learning page, and the edits that change it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from gumbelviz.model.parameters import MOST_OPTIONS, Parameter
from gumbelviz.model.training_estimators import BY_ID, DEFAULT, ESTIMATORS

Task = Literal["robot", "bit", "router"]
Goal = Literal["target", "reward"]
Start = Literal["equal", "scene"]
Optimiser = Literal["plain", "adam"]
Schedule = Literal["fixed", "exponential", "linear", "cosine", "page"]

RATE = Parameter(
    "learning rate", "learning rate", "η", "", 1e-6, 1e3, (0.001, 10.0), 0.5, "log", 3,
    "How far the scores move with each step. Too large, and they jump about; too small, and nothing happens.",
)  # fmt: skip
BATCH = Parameter(
    "learning batch", "batch", "", "draws", 1.0, 1024.0, (1.0, 256.0), 8.0, "log", 0,
    "How many draws each step averages its gradient over. More draws, less noise.",
)  # fmt: skip
REPEATS = Parameter(
    "learning repeats", "repeats", "", "", 1.0, 256.0, (1.0, 256.0), 32.0, "log", 0,
    "How many trainings run side by side, each with its own noise. The band holds the middle half of them.",
)  # fmt: skip
STEPS = Parameter(
    "learning steps", "steps", "", "", 10.0, 100_000.0, (100.0, 10_000.0), 1_000.0, "log", 0,
    "How many steps the training has.",
)  # fmt: skip
PACE = Parameter(
    "learning pace", "pace", "", "steps per second", 0.5, math.inf, (1.0, 1_000.0), math.inf, "log", 0,
    "How many steps a second: from one, to watch each, to as many as this computer can make.", high_limit=math.inf,
)  # fmt: skip
FLOOR = Parameter(
    "learning floor", "down to", "", "", 0.001, 1e6, (0.01, 10.0), 0.1, "log", 2,
    "The temperature at the last step; the first step has the temperature above.",
)  # fmt: skip
THETA = Parameter(
    "learning theta", "start", "θ", "", -20.0, 20.0, (-5.0, 5.0), -1.0, "linear", 2,
    "The score of the bit at step 0: it is 1 with probability sigmoid(θ).",
)  # fmt: skip
TARGET = Parameter(
    "learning target", "target", "t", "", 0.0, 1.0, (0.0, 1.0), 0.45, "linear", 3,
    "The loss is (b − t)². Below a half the best bit is always 0, but both are nearly as good.",
)  # fmt: skip
NUMBERS = {"rate": RATE, "batch": BATCH, "repeats": REPEATS, "steps": STEPS, "floor": FLOOR, "theta": THETA,
           "target": TARGET}  # fmt: skip
WHOLE = frozenset({"batch", "repeats", "steps"})
LARGEST_WORTH = 10.0
_WORTHS = (0.2, 0.5, 0.3, 0.1, 0.4, 0.15, 0.35)
"""What options are worth before anybody says so: no two of the first seven alike."""
_FADING = 0.9

OF_TASK: dict[Task, dict[str, Any]] = {
    "robot": {"optimiser": "plain", "rate": 0.5, "batch": 8.0, "repeats": 32.0, "steps": 1_000.0},
    "bit": {"optimiser": "plain", "rate": 2.0, "batch": 32.0, "repeats": 32.0, "steps": 1_000.0},
    "router": {"optimiser": "adam", "rate": 0.02, "batch": 32.0, "repeats": 8.0, "steps": 800.0},
}
"""Numbers with which each task learns within a few seconds; taken when the task is chosen."""


class LearningChoices(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The choices of the Learning page; what all pages share is in `Settings`.

    Attributes
    ----------
    task
        What is learned: a choice among the options of the scene, one bit, or the router of a small network.
    goal, worth
        What the robot is after, and a number for each option; options without one have `worth_of`.
    start
        Whether the robot begins with equal scores or with those of the scene.
    theta, target
        Of the task with one bit.
    estimators
        Ids of those that train, in the order of the table.
    optimiser, rate, batch, repeats, steps
        How they train.
    pace
        Steps per second; infinity is the word "inf", because JSON has no number for it.
    schedule, floor
        How the temperature falls: not at all, in one of three shapes down to `floor`, or as set on the Temperature
        page.
    """

    task: Task = "robot"
    goal: Goal = "target"
    worth: tuple[float, ...] = ()
    start: Start = "equal"
    theta: float = THETA.default
    target: float = TARGET.default
    estimators: tuple[str, ...] = DEFAULT
    optimiser: Optimiser = "plain"
    rate: float = RATE.default
    batch: float = BATCH.default
    repeats: float = REPEATS.default
    steps: float = STEPS.default
    pace: float | str = "inf"
    schedule: Schedule = "fixed"
    floor: float = FLOOR.default

    @property
    def steps_per_second(self) -> float:
        """The pace as a number."""
        return math.inf if self.pace == "inf" else float(self.pace)

    def worths(self, options: int) -> tuple[float, ...]:
        """Return what each option is worth, (K,)."""
        given = self.worth[:options]
        return (*given, *(worth_of(place) for place in range(len(given), options)))

    def check(self, options: int) -> None:
        """Raise `ValueError` with one sentence for the first choice that has no meaning with that many options."""
        for field, parameter in NUMBERS.items():
            value = getattr(self, field)
            parameter.check(value)
            if field in WHOLE and value != int(value):
                raise ValueError(f"The {parameter.name} must be a whole number, not {value:g}.")
        if isinstance(self.pace, str) and self.pace != "inf":
            raise ValueError('The pace is a number or "inf".')
        PACE.check(self.steps_per_second)
        if len(self.worth) > MOST_OPTIONS:
            raise ValueError(f"There are numbers for {len(self.worth):,} options; the most is {MOST_OPTIONS:,}.")
        for value in self.worth:
            _check_worth(value)
        unknown = next((name for name in self.estimators if name not in BY_ID), None)
        if unknown is not None:
            raise ValueError(f"There is no estimator “{unknown[:40]}”.")
        if not self.estimators:
            raise ValueError("At least one estimator has to train.")
        if list(self.estimators) != [row.id for row in ESTIMATORS if row.id in self.estimators]:
            raise ValueError("The estimators are named once each, in the order of the table.")


def worth_of(place: int) -> float:
    """Return what an option is worth of which nobody has said it; the second option is the best."""
    return round(_WORTHS[place % len(_WORTHS)] * _FADING ** (place // len(_WORTHS)), 3)


def _check_worth(value: float) -> float:
    if not abs(value) <= LARGEST_WORTH:
        raise ValueError(f"An option is worth −10 to 10, not {value:g}.")
    return float(value)


def choose_task(choices: LearningChoices, value: str) -> LearningChoices:
    """Learn something else, with numbers that suit it."""
    task = _one_of(value, get_args(Task), "task")
    return choices if task == choices.task else replace(choices, task=task, **OF_TASK[task])


def set_worth(choices: LearningChoices, value: tuple[int, float]) -> LearningChoices:
    """Say what one option is worth."""
    place, worth = value
    if not 0 <= place < MOST_OPTIONS:
        raise ValueError(f"There is no option at place {place + 1}.")
    worths = list(choices.worths(max(place + 1, len(choices.worth))))
    worths[place] = _check_worth(worth)
    return replace(choices, worth=tuple(worths))


def follow(choices: LearningChoices, place: Callable[[int], int | None]) -> LearningChoices:
    """Let options keep what they are worth after they were moved; `place` tells where each has gone, or None.

    What was never said stays unsaid as long as that is possible: options that come after have `worth_of`.
    """
    if not choices.worth:
        return choices
    moved = {to: worth for i, worth in enumerate(choices.worth) if (to := place(i)) is not None}
    last = max(moved, default=-1)
    return replace(choices, worth=tuple(moved.get(i, worth_of(i)) for i in range(last + 1)))


def toggle_estimator(choices: LearningChoices, value: str) -> LearningChoices:
    """Let an estimator train too, or no more."""
    if value not in BY_ID:
        raise ValueError(f"There is no estimator “{value[:40]}”.")
    wanted = set(choices.estimators) ^ {value}
    if not wanted:
        raise ValueError("At least one estimator has to train.")
    return replace(choices, estimators=tuple(row.id for row in ESTIMATORS if row.id in wanted))


def set_pace(choices: LearningChoices, value: float) -> LearningChoices:
    """Train so many steps a second."""
    pace = PACE.check(value)
    return replace(choices, pace="inf" if math.isinf(pace) else pace)


def _chooser(field: str, known: tuple[str, ...], what: str) -> Callable[[LearningChoices, str], LearningChoices]:
    def change(choices: LearningChoices, value: str) -> LearningChoices:
        return replace(choices, **{field: _one_of(value, known, what)})

    return change


def _setter(field: str, parameter: Parameter) -> Callable[[LearningChoices, float], LearningChoices]:
    def change(choices: LearningChoices, value: float) -> LearningChoices:
        number = parameter.check(value)
        return replace(choices, **{field: float(round(number)) if field in WHOLE else number})

    return change


def _one_of(value: str, known: tuple[Any, ...], what: str) -> Any:
    if value not in known:
        raise ValueError(f"There is no {what} “{value}”.")
    return value


EDITS: dict[str, tuple[Callable[[LearningChoices, Any], LearningChoices], str]] = {
    "learning task": (choose_task, "choose a task"),
    "learning goal": (_chooser("goal", get_args(Goal), "goal"), "choose a goal"),
    "learning start": (_chooser("start", get_args(Start), "start"), "choose a start"),
    "learning optimiser": (_chooser("optimiser", get_args(Optimiser), "optimiser"), "choose an optimiser"),
    "learning schedule": (_chooser("schedule", get_args(Schedule), "schedule"), "choose a schedule"),
    "learning estimator": (toggle_estimator, "choose estimators"),
    "worth": (set_worth, "change what an option is worth"),
    PACE.id: (set_pace, "change the pace"),
    **{row.id: (_setter(field, row), f"change the {row.name}") for field, row in NUMBERS.items()},
}
"""Name of the wish, the function that grants it, and what Undo calls it."""
