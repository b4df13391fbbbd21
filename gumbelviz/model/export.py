"""What a person may take out of the program: one value for each kind of export, and its limits in words."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal

from gumbelviz.model.parameters import TEMPERATURE

Extent = Literal["window", "page", "part"]
Ground = Literal["print", "screen"]
DataContent = Literal["tallies", "newest", "generated"]
Motion = Literal["sweep", "stream", "training"]
Library = Literal["numpy", "torch", "jax"]
Paper = Literal["A4", "Letter"]

PICTURE_KINDS = ("png", "svg", "pdf")
ANIMATION_KINDS = ("gif", "png")
DATA_KINDS = ("csv", "json", "npz")
SMALLEST_SIDE, LARGEST_SIDE = 200, 8000
LARGEST_SCALE = 8
MOST_PIXELS = 120_000_000
"""Of one picture: half a gigabyte while it is made."""
LARGEST_FRAME = 1920
MOST_FRAMES = 900
MOST_FRAME_PIXELS = 300_000_000
"""Of all pictures of an animation: some minutes of work."""
LONGEST_SECONDS = 60.0
FASTEST = 30
MOST_STREAM = 10_000_000
MOST_DRAWN = 10_000_000
MOST_NUMBERS = 200_000_000
"""Of drawn data: noise, noisy score and soft choice of each option; a CSV file of 4 GB."""
MOST_CODE = 100
"""Options up to which numbers are written out in code."""


@dataclass(frozen=True, slots=True)
class PictureOrder:
    """A picture: of what, how large before it is scaled, and on which ground.

    Attributes
    ----------
    extent, part
        The whole window, the page, or one part of it by its id.
    size
        Pixels at scale 1, wide and high.
    scale
        PNG: how many pixels for one, 1 to 8; lines and type grow with it.
    ground
        On white in light colours, or as on the screen.
    zoom
        Size of type and lines, 1 for normal.
    """

    extent: Extent = "page"
    part: str = ""
    size: tuple[int, int] = (1600, 900)
    scale: int = 2
    ground: Ground = "print"
    zoom: float = 1.0

    def check(self, kind: str = "png") -> None:
        """Raise `ValueError` with a sentence where there cannot be such a picture."""
        check_size(self.size, LARGEST_SIDE)
        if not 1 <= self.scale <= LARGEST_SCALE:
            raise ValueError(f"The scale is a whole number from 1 to {LARGEST_SCALE}.")
        width, height = (side * self.scale for side in self.size)
        if kind == "png" and width * height > MOST_PIXELS:
            raise ValueError(
                f"{width:,} × {height:,} pixels are more than {MOST_PIXELS // 10**6:,} million; "
                "take a smaller size or scale, or SVG or PDF, which are sharp at any size."
            )


@dataclass(frozen=True, slots=True)
class AnimationOrder:
    """An animation: what moves, how it looks, how long it takes.

    Attributes
    ----------
    motion
        A temperature sweep of the draw on display, the stream as it grows, or the training of the Learning page.
    seconds, rate
        How long it plays, and frames per second.
    start, end
        Temperatures of a sweep, 0 and infinity included.
    draws
        With how many draws the stream ends; a sweep has this many at each temperature.
    """

    motion: Motion = "sweep"
    extent: Extent = "page"
    part: str = ""
    size: tuple[int, int] = (1280, 720)
    ground: Ground = "print"
    zoom: float = 1.0
    seconds: float = 6.0
    rate: int = 15
    start: float = 10.0
    end: float = 0.0
    draws: int = 20_000

    @property
    def frames(self) -> int:
        """How many pictures it has."""
        return max(round(self.seconds * self.rate), 2)

    def durations(self) -> tuple[int, ...]:
        """Milliseconds of each picture; GIF counts in hundredths of a second, and the sum shall be right."""
        ends = [10 * round(100.0 * i / self.rate) for i in range(self.frames + 1)]
        return tuple(late - early for early, late in itertools.pairwise(ends))

    def check(self) -> None:
        """Raise `ValueError` with a sentence where there cannot be such an animation."""
        check_size(self.size, LARGEST_FRAME)
        if not 0.2 <= self.seconds <= LONGEST_SECONDS:
            raise ValueError(f"An animation takes from 0.2 to {LONGEST_SECONDS:g} seconds.")
        if not 1 <= self.rate <= FASTEST:
            raise ValueError(f"There are from 1 to {FASTEST} pictures a second.")
        if self.frames > MOST_FRAMES or self.frames * self.size[0] * self.size[1] > MOST_FRAME_PIXELS:
            raise ValueError(
                f"{self.frames:,} pictures of {self.size[0]:,} × {self.size[1]:,} pixels are too much for one file; "
                "take fewer seconds, fewer pictures a second or a smaller size."
            )
        for tau in (self.start, self.end):
            TEMPERATURE.check(tau)
        if not 1 <= self.draws <= MOST_STREAM:
            raise ValueError(f"An animation has from 1 to {MOST_STREAM:,} draws.")


@dataclass(frozen=True, slots=True)
class DataOrder:
    """Numbers: what the run adds up to, its newest draws, or draws made for the file, from draw 0."""

    content: DataContent = "tallies"
    draws: int = 1_000

    def check(self, options: int) -> None:
        """Raise `ValueError` with a sentence where that is too much."""
        if self.content != "tallies":
            check_draws(self.draws, options)


@dataclass(frozen=True, slots=True)
class HandoutOrder:
    """A lecture on paper."""

    paper: Paper = "A4"
    notes: bool = False


def check_size(size: tuple[int, int], largest: int) -> None:
    """Raise `ValueError` with a sentence unless a picture can have this size."""
    if not all(SMALLEST_SIDE <= side <= largest for side in size):
        raise ValueError(f"Pictures are from {SMALLEST_SIDE} to {largest:,} pixels wide and high.")


def check_draws(draws: int, options: int) -> None:
    """Raise `ValueError` with a sentence where so many draws do not belong in one file."""
    if not 1 <= draws <= MOST_DRAWN:
        raise ValueError(f"One file holds from 1 to {MOST_DRAWN:,} draws.")
    most = MOST_NUMBERS // (3 * options)
    if draws > most:
        raise ValueError(
            f"With {options:,} options one file holds at most {most:,} draws, which are {MOST_NUMBERS:,} numbers."
        )


def sweep_temperatures(start: float, end: float, count: int) -> tuple[float, ...]:
    """Return `count` temperatures from `start` to `end`, evenly spread over the slider of the temperature.

    The ends are exact. A limit, 0 or infinity, has the margin of the slider to itself, so that it is seen for as long
    as the knob would rest there.
    """
    first, last = TEMPERATURE.place(start), TEMPERATURE.place(end)
    places = [first + (last - first) * i / max(count - 1, 1) for i in range(count)]
    inner = [TEMPERATURE.value_at(place) for place in places[1:-1]]
    return (start, *inner, end)[:count]


def stream_sizes(draws: int, count: int) -> tuple[int, ...]:
    """Return how many draws each of `count` pictures of a growing stream shows: from 1 to `draws`, by equal factors."""
    return tuple(max(round(math.exp(math.log(draws) * i / max(count - 1, 1))), 1) for i in range(count))
