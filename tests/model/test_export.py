"""What may be taken out, and the sentences for what may not."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest

from gumbelviz.model.export import (
    MOST_DRAWN,
    AnimationOrder,
    DataOrder,
    PictureOrder,
    check_draws,
    stream_sizes,
    sweep_temperatures,
)


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"size": (100, 900)}, "png", "from 200 to 8,000 pixels"),
        ({"size": (9000, 900)}, "svg", "from 200 to 8,000 pixels"),
        ({"scale": 0}, "png", "from 1 to 8"),
        ({"scale": 9}, "png", "from 1 to 8"),
        ({"size": (4000, 4000), "scale": 4}, "png", "16,000 × 16,000 pixels are more than 120 million"),
    ],
)
def test_a_picture_that_cannot_be_is_refused(changes: dict[str, object], kind: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(PictureOrder(), **changes).check(kind)  # type: ignore[arg-type]


def test_pictures_that_can_be() -> None:
    PictureOrder(size=(1600, 900), scale=8).check()
    PictureOrder(size=(8000, 8000), scale=8).check("svg")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seconds": 0.1}, "from 0.2 to 60 seconds"),
        ({"seconds": 61.0}, "from 0.2 to 60 seconds"),
        ({"rate": 31}, "from 1 to 30 pictures"),
        ({"seconds": 60.0, "rate": 30}, "1,800 pictures of 1,280 × 720 pixels are too much"),
        ({"size": (1921, 700)}, "from 200 to 1,920 pixels"),
        ({"start": -1.0}, "temperature must be at least 0"),
        ({"end": math.nan}, "temperature must be"),
        ({"draws": 0}, "from 1 to 10,000,000 draws"),
    ],
)
def test_an_animation_that_cannot_be_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(AnimationOrder(), **changes).check()  # type: ignore[arg-type]


@pytest.mark.parametrize(("seconds", "rate"), [(6.0, 15), (1.0, 7), (2.5, 30), (0.2, 1), (3.3, 13)])
def test_an_animation_takes_as_long_as_it_was_asked_to(seconds: float, rate: int) -> None:
    order = AnimationOrder(seconds=seconds, rate=rate)
    durations = order.durations()
    assert len(durations) == order.frames
    # GIF counts in hundredths of a second.
    assert all(duration % 10 == 0 for duration in durations)
    assert sum(durations) == pytest.approx(1000.0 * order.frames / rate, abs=10.0)
    assert max(durations) - min(durations) <= 10


def test_a_sweep_reaches_both_limits_and_goes_one_way() -> None:
    taus = sweep_temperatures(math.inf, 0.0, 50)
    assert len(taus) == 50
    assert (taus[0], taus[-1]) == (math.inf, 0.0)
    assert list(taus) == sorted(taus, reverse=True)
    assert sum(0.0 < tau < math.inf for tau in taus) > 40
    up = sweep_temperatures(0.05, 20.0, 30)
    assert (up[0], up[-1]) == (0.05, 20.0)
    # The knob of a logarithmic slider moves evenly.
    factors = [late / early for early, late in itertools.pairwise(up)]
    assert max(factors) == pytest.approx(min(factors), rel=1e-6)


def test_a_stream_grows_from_its_first_draw_to_its_last() -> None:
    sizes = stream_sizes(20_000, 90)
    assert (sizes[0], sizes[-1], len(sizes)) == (1, 20_000, 90)
    assert list(sizes) == sorted(sizes)
    assert stream_sizes(1, 3) == (1, 1, 1)


def test_draws_of_one_file_have_a_limit_in_words() -> None:
    check_draws(MOST_DRAWN, 3)
    with pytest.raises(ValueError, match="from 1 to 10,000,000 draws"):
        check_draws(MOST_DRAWN + 1, 3)
    with pytest.raises(ValueError, match="With 50,257 options one file holds at most 1,326 draws"):
        DataOrder("generated", 2_000).check(50_257)
    DataOrder("tallies", 2_000).check(50_257)
