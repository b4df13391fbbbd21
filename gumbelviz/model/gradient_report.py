"""What the Gradients page shows beside the frame: estimators here, against the temperature, and this draw's slopes."""

from __future__ import annotations

from dataclasses import dataclass

from gumbelviz.model.frame import Floats, Report

MOST_OPTIONS = 1_000
"""Above so many options a gradient of every estimator for every option would be too much work to watch."""
MOST_CELLS = 8
"""Options in the picture of the Jacobian."""


@dataclass(frozen=True, slots=True)
class EstimatorLine:
    """What is said of an estimator, in a table: see `gumbelviz.maths.gradients.Estimator`."""

    id: str
    name: str
    source: str
    biased: bool
    remark: str
    forward: str
    backward: str
    by_winner: bool


@dataclass(frozen=True, slots=True)
class Here:
    """Gradients at the temperature of the scene; E estimators, K options.

    Attributes
    ----------
    exact
        The gradient of the mean, (K,).
    known_mean, known_variance
        Of one draw's gradient, (E, K); not a number where they are not known.
    draws
        How many draws stand behind what follows.
    mean, variance
        As far as it was simulated, (E, K).
    disagreement
        The largest distance of a simulated mean from the exact one, in standard errors, over all that are known
        after enough draws; not a number before.
    """

    exact: Floats
    known_mean: Floats
    known_variance: Floats
    draws: int
    mean: Floats
    variance: Floats
    disagreement: float


@dataclass(frozen=True, slots=True)
class SweepCurves:
    """Figures of one component against the temperature, (E, T) beside `taus` (T,).

    Attributes
    ----------
    bias
        Its absolute value.
    bias_error
        Its standard error; 0 for an exact one.
    variance
        Of one draw.
    error
        Mean squared error of the mean of a batch.
    """

    taus: Floats
    bias: Floats
    bias_error: Floats
    variance: Floats
    error: Floats


@dataclass(frozen=True, slots=True)
class Sweep:
    """Exact curves and simulated dots; `best` has the temperature of least error of each estimator, (E, 2).

    Its second column is that error; both are not a number where nothing is known. Estimators that do not depend on
    the temperature have no best one.
    """

    exact: SweepCurves
    dots: SweepCurves
    dot_draws: int
    best: Floats
    progress: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Switch:
    """One draw's choice of one option against that option's score.

    Attributes
    ----------
    option
    scores
        Where the curves are known, (P,).
    threshold
        The score from which on the hard choice is this option; infinite for a masked one or without rivals.
    mean, soft
        The chance to win, and the share in this draw's soft choice, (P,).
    score
        The present score, minus infinity for a masked option.
    values, slopes
        Of hard, mean and soft choice at that score, (3,).
    jacobian
        Slopes of the soft choice, row by option and column by score, (C, C), of the options `cells`.
    cells
        The options in the Jacobian, (C,).
    whole
        True where these are all options, so that rows and columns sum to 0.
    steepest
        The largest slope that can be, which gives the colours their scale: 1 / (4 temperature).
    """

    option: int
    scores: Floats
    threshold: float
    mean: Floats
    soft: Floats
    score: float
    values: tuple[float, float, float]
    slopes: tuple[float, float, float]
    jacobian: Floats
    cells: tuple[int, ...]
    whole: bool
    steepest: float


@dataclass(frozen=True, slots=True)
class GradientReport(Report):
    """The report of the Gradients page.

    Attributes
    ----------
    options
    option
        Whose component is looked at.
    lines
        The estimators, in the order of all arrays.
    corners
        The objective at every hard choice, (K,).
    here, sweep, switch
        None where it is not looked at, not known yet, or not possible with so many options.
    possible
        False with too many options.
    """

    options: int
    option: int
    lines: tuple[EstimatorLine, ...]
    corners: Floats
    here: Here | None = None
    sweep: Sweep | None = None
    switch: Switch | None = None
    possible: bool = True


