"""What the study of the Learning page has found: a training so far, and where others ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gumbelviz.model.frame import Floats, Integers, Report
from gumbelviz.model.learning_choices import Task


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Where trainings ended at fixed temperatures.

    Attributes
    ----------
    taus
        The temperatures, (T,).
    middle, low, high
        Median and quartiles over the repeats of the loss, or of the router's accuracy, (E, T); NaN where a
        training is still to come.
    """

    taus: Floats
    middle: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """What the first of the routers of each estimator does with the points it is tested on.

    Attributes
    ----------
    places, classes
        The points, (N, 2), and their classes, 0.0 or 1.0, (N,).
    experts, right
        Which expert each is sent to, and whether its answer is right, (E, N).
    """

    places: Floats
    classes: Floats
    experts: Integers
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LearningReport(Report):
    """One report. Of S recorded steps, E estimators, C columns.

    Attributes
    ----------
    task
    options
        How many options the scene has, masked ones included.
    shown
        The options with columns of their own; where there are more, one column for the rest follows. The columns of
        the bit are 1 and 0, those of the router its experts.
    estimators
        Their ids, (E,).
    repeats
        How many train side by side; may be fewer than was asked for, with very many options.
    steps, done
        How many steps there will be, and have been made.
    at
        The steps that are recorded, (S,), rising from 0.
    taus
        The temperature at each, (S,).
    loss
        Quartiles over the repeats of the expected loss of a hard choice, exact for robot and bit, on test points for
        the router, (E, S, 3): lower quartile, median, upper quartile.
    accuracy
        The same of the router's share of right answers, or None.
    river
        Mean probabilities over the repeats, or how much of the test points each expert gets, (E, S, C).
    signal_to_noise
        Of the gradient of the scores, averaged over the steps before each recorded one, (E, S); NaN where there is
        none.
    best
        The least possible expected loss; 0 for the router.
    ends
        The same training at other temperatures.
    progress, seconds_left
        How much of all work is done, from 0 to 1; None for the time before it can be told.
    refused
        A sentence where such a training cannot be shown, else empty.
    spots
        The points of the router, as they are sent now, or a few steps ago; None for the other tasks.
    """

    task: Task
    options: int
    shown: tuple[int, ...]
    estimators: tuple[str, ...]
    repeats: int
    steps: int
    done: int
    at: Integers
    taus: Floats
    loss: Floats
    accuracy: Floats | None
    river: Floats
    signal_to_noise: Floats
    best: float
    ends: Ends | None
    progress: float
    seconds_left: float | None
    refused: str = ""
    spots: Spots | None = None
