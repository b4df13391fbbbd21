"""What the study of the Noise page hands to the page, one value for each of its parts. All arrays are read-only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gumbelviz.model.frame import Floats, Integers, Report


@dataclass(frozen=True, slots=True)
class CurveFacts:
    """One Gumbel law of the family.

    Attributes
    ----------
    location, scale, color
        As chosen. The location is the mode.
    x, density, share
        Places from far left to far right, and density and distribution function there, (M,).
    height
        The density at the mode, 1 / (e scale).
    median, mean, deviation
        The other middles, and the standard deviation.
    """

    location: float
    scale: float
    color: int
    x: Floats
    density: Floats
    share: Floats
    height: float
    median: float
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Cut:
    """What an axis that ends at `end` leaves out of the curve at `place`, which it cuts most: a share of 1."""

    place: int
    share: float
    end: float


@dataclass(frozen=True, slots=True)
class Family:
    """The curves, and the axis that shows all of each but a hundredth of its left and a thousandth of its right."""

    curves: tuple[CurveFacts, ...]
    low: float
    high: float
    top: float
    cut: Cut | None


@dataclass(frozen=True, slots=True)
class Rain:
    """The first numbers of the stream, one after the other, as they fall through the inverse map.

    Attributes
    ----------
    level, noise : (M,)
        Each uniform number, and the standardised noise (G - location) / scale that it becomes.
    color : (M,)
        The palette place of the option that it belongs to.
    edges : (cells + 1,)
        Cells of the standardised noise.
    counts : (M + 1, cells)
        Histograms of the first 0, 1, ... M numbers.
    """

    level: Floats
    noise: Floats
    color: Integers
    edges: Floats
    counts: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class InverseMap:
    """The noise of the scene, and the way from a uniform number to it.

    `law` has the curve; `level`, `noise`, `density` are the u that was chosen, its g, and the density there.
    `mode_level` and `mean_level` are the shares of noise below the mode and below the mean.
    """

    law: CurveFacts
    level: float
    noise: float
    density: float
    mode_level: float
    mean_level: float
    low: float
    high: float
    rain: Rain


@dataclass(frozen=True, slots=True)
class Law:
    """One noise of the table: its density over `x`, and how far its exact chances are from softmax."""

    id: str
    name: str
    density: Floats
    distance: float | None


@dataclass(frozen=True, slots=True)
class Experiment:
    """Who won with one noise, so far.

    Attributes
    ----------
    noise, draws, target
        Which noise, how many draws, and how many it will be.
    wins, frequencies
        Per option, (K,).
    exact
        The chances with this noise by quadrature, (K,), or None above 128 options.
    distance, error
        Total variation of the frequencies from softmax, and its standard error.
    by_chance
        The total variation that softmax's own draws would show by chance.
    path_draws, path_distance
        The same distance after 16, 23, 32, ... draws.
    """

    noise: str
    draws: int
    target: int
    wins: Integers
    frequencies: Floats
    exact: Floats | None
    distance: float
    error: float
    by_chance: float
    path_draws: Floats
    path_distance: Floats


@dataclass(frozen=True, slots=True)
class Comparison:
    """The noise that was chosen beside Gumbel's, on the same uniform numbers.

    Attributes
    ----------
    softmax
        softmax(z / (T beta)), (K,).
    exact
        Whether exact chances are, or will be, worked out.
    x
        Places where the laws' densities were taken.
    laws
        All noises of the table.
    chosen, gumbel
        The two experiments; the same one where Gumbel's noise was chosen.
    """

    softmax: Floats
    exact: bool
    x: Floats
    laws: tuple[Law, ...]
    chosen: Experiment
    gumbel: Experiment


@dataclass(frozen=True, slots=True)
class Effect:
    """What one of the scales changes, against leaving it at 1 and the others as they are.

    Attributes
    ----------
    scale
        ``"score"``, ``"noise"`` or ``"temperature"``.
    winner
        Who would win this draw with that scale at 1.
    chance, soft, mean
        The largest change of a chance to win, of a soft choice of this draw, and of a mean soft choice; None
        where the mean is not worked out.
    """

    scale: str
    winner: int
    chance: float
    soft: float
    mean: float | None


@dataclass(frozen=True, slots=True)
class Scales:
    """The draw on display and all draws, with scores z / T, noise of scale beta, and temperature tau.

    `perturbed`, `soft` and `winner` are of draw `index`; `chances` and `mean` are exact, `mean` is None where it
    would have to be simulated. `same` is T beta, on which alone the winner depends.
    """

    index: int
    perturbed: Floats
    soft: Floats
    winner: int
    chances: Floats
    mean: Floats | None
    same: float
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class NoiseReport(Report):
    """What the part in front needs; the other parts are None."""

    options: int
    family: Family | None = None
    inverse: InverseMap | None = None
    comparison: Comparison | None = None
    scales: Scales | None = None
