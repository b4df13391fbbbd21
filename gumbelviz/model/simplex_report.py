"""What the Simplex page shows beside the frame: the corners, the dots, the exact density, this draw's trail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gumbelviz.model.frame import Floats, Report

Limit = Literal["hard", "flat"] | None


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A density on the triangle as a picture.

    Attributes
    ----------
    levels : (H, W), uint8
        From 0 at `low` to 255 at `high`; rows from the first corner, on top, down to the edge of the other two.
        Outside the triangle the value next to it goes on.
    low, high
        Natural logarithms of the densities at both ends of the colours.
    clipped_low, clipped_high
        True where the density goes on beyond that end.
    fine
        False for the first answer to a change, which is coarse.
    """

    levels: NDArray[np.uint8]
    low: float
    high: float
    clipped_low: bool
    clipped_high: bool
    fine: bool


@dataclass(frozen=True, slots=True)
class Streamed:
    """The density as it was drawn, in cells, beside the exact one in the same colours.

    Attributes
    ----------
    levels : (H, W), uint8
        As in `HeatMap`; cells without a draw are 0.
    draws
        How many draws were tallied.
    cells
        How many small triangles there are.
    p_value
        Chance of a larger chi-square over all cells, or None while the exact chances are not there.
    largest
        The largest difference between a cell's share of the draws and its exact chance, or None.
    """

    levels: NDArray[np.uint8]
    draws: int
    cells: int
    p_value: float | None
    largest: float | None


@dataclass(frozen=True, slots=True)
class Segment:
    """The density of two options along the share y of the first.

    Attributes
    ----------
    places, density : (P,)
        The curve; it may end before 0 and 1 where it diverges there.
    levels : (P,), float
        log of the density between 0 and 1, as for colours.
    chances, quantiles : (Q,)
        Below `quantiles[i]` lie `chances[i]` of all draws.
    turn
        The mode or antimode, or None at temperature 1.
    highest
        The density that the picture reaches up to; the curve may go beyond.
    """

    places: Floats
    density: Floats
    levels: Floats
    chances: Floats
    quantiles: Floats
    turn: float | None
    highest: float


@dataclass(frozen=True, slots=True)
class Slopes:
    """The slopes dy / dz_j of a chosen option j.

    Attributes
    ----------
    option
        The place of j in the list.
    feet, ends : (n, A)
        Shares at which arrows begin and end; the longest of all slopes, 1 / (4 tau), has `longest`.
    longest
        The length of the longest possible arrow, as a part of the side of the triangle.
    flat, draws
        How many of the draws that are shown have dy_j / dz_j below `below`, and how many are shown.
    below
        That bound.
    flat_chance
        Its exact chance, or None while it is not known.
    """

    option: int
    feet: Floats
    ends: Floats
    longest: float
    flat: int
    draws: int
    below: float
    flat_chance: float | None


@dataclass(frozen=True, slots=True)
class SimplexReport(Report):
    """Where the soft choices of up to four options live. n of the options stand at corners.

    Attributes
    ----------
    corners : n places
        Which options; masked ones are left out.
    options
        How many options there are in all.
    unit_temperature
        The temperature in units of the noise scale.
    limit
        ``"hard"`` at temperature 0, ``"flat"`` at infinity, where there is no density.
    dots : (n, D)
        Shares of the newest draws among the corners.
    addresses : (D,)
        Which draws of the stream they are.
    winners : (D,)
        The corner that has the largest share.
    trail : (n, T)
        Where this draw goes from temperature infinity to 0.
    point : (n,)
        Where this draw is.
    probabilities : (n,)
        P(win), of the corners alone.
    soft_mean : (n,)
        E[y], or None while it is not known.
    dots_mean : (n,)
        The mean of the dots.
    dots_error : (n,)
        The standard error of that mean.
    mode : (n,)
        The top of the bump inside, or None where there is none or it is not known.
    shape_known
        True once `mode` is.
    heat, streamed, segment, slopes
        Layers that are shown, or None.
    """

    corners: tuple[int, ...]
    options: int
    unit_temperature: float
    limit: Limit
    dots: Floats
    addresses: NDArray[np.int64]
    winners: NDArray[np.intp]
    trail: Floats
    point: Floats
    probabilities: Floats
    soft_mean: Floats | None
    dots_mean: Floats
    dots_error: Floats
    mode: Floats | None
    shape_known: bool
    heat: HeatMap | None
    streamed: Streamed | None
    segment: Segment | None
    slopes: Slopes | None
