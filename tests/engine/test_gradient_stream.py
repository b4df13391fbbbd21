"""The quick gradient stream against the plain definitions, on the same bits, and its sums."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.engine import gradient_stream
from gumbelviz.engine.gradient_stream import ALL, GradientStream, Running
from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.maths.gradient_moments import exact_moments
from gumbelviz.maths.gradients import BY_ID, EstimatorId
from gumbelviz.maths.objectives import Bit, Cubic, Linear, Objective, Quadratic, slopes_by_option

Floats = NDArray[np.float64]
INF = math.inf
DRAWS = 3_000
FOUR = Quadratic([0.2, 0.5, 0.3, 1.0])
SETTINGS: list[tuple[list[float], float, float, Objective]] = [
    ([1.0, 2.0, 0.5, -1.0], 0.5, 1.0, FOUR),
    ([1.0, 2.0, 0.5, -1.0], 0.7, 1.0, FOUR),
    ([1.0, 2.0, 0.5, -1.0], 2.0, 1.0, FOUR),
    ([1.0, 2.0, 0.5, -1.0], 0.125, 3.0, FOUR),
    ([1.0, -INF, 2.0, 0.0], 0.1, 2.0, Cubic()),
    ([-INF, 1.0, 2.0], 1.0, 1.0, Bit(0.3)),
    ([1.0, 2.0, -INF, -300.0], 50.0, 1.0, Quadratic([0.2, 0.5, 0.3, 2.0])),
    ([0.0, 1.0, 2.0], 0.01, 1.0, Linear([1.0, 2.0, 5.0])),
    ([2.0], 1.0, 1.0, Cubic()),
]


def by_definition(
    logits: list[float], tau: float, scale: float, objective: Objective, seed: int, stream: GradientStream
) -> dict[EstimatorId, Floats]:
    """Gradients of each draw from the formulas in double precision, on the bits that the stream looks at."""
    z = np.array(logits)
    live = np.flatnonzero(z > -INF)
    bits = np.empty((len(live), DRAWS), np.uint32)
    Stream(seed, live, len(z)).read(0, bits)
    noise = np.zeros((len(z), DRAWS))
    noise[live] = gumbel_of_bits(bits)
    again = np.zeros((gradient_stream.CONDITIONAL, len(z), DRAWS))
    for m, one in enumerate(again):
        starts = range(0, DRAWS, stream.chunk)
        parts = [stream._fresh.read(m, i, min(stream.chunk, DRAWS - i)).copy() for i in starts]
        one[live] = gumbel_of_bits(np.concatenate(parts, axis=1))
    return {
        key: BY_ID[key].per_draw(z / scale, tau / scale, noise, objective, again) / scale for key in ALL
    }  # fmt: skip


@pytest.mark.parametrize("number", range(len(SETTINGS)))
def test_it_is_the_definition_on_the_same_draws(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Several chunks, the last one cut.
    monkeypatch.setattr(gradient_stream, "CHUNK", 4_096)
    logits, tau, scale, objective = SETTINGS[number]
    stream = GradientStream(logits, tau, scale, objective, 7)
    stream.advance(1_234)
    stream.advance(DRAWS - 1_234)
    wanted = by_definition(logits, tau, scale, objective, 7, stream)
    assert stream.wins.sum() == DRAWS
    for key, gradients in wanted.items():
        size = float(abs(gradients).max()) + 1e-12
        assert stream.mean(key) == pytest.approx(gradients.mean(axis=1), abs=3e-6 * size), key
        variance = gradients.var(axis=1, ddof=1)
        assert stream.variance(key) == pytest.approx(variance, abs=1e-4 * variance.max() + 1e-12 * size**2), key


def test_it_agrees_with_what_is_exact() -> None:
    # 5 standard errors, 48 comparisons: a false alarm once in 36,000 seeds.
    logits, objective = [1.0, 2.0, 3.0], Quadratic([0.2, 0.5, 0.3])
    stream = GradientStream(logits, 1.0, 1.0, objective, 11)
    stream.advance(300_000)
    for key, moments in exact_moments(logits, 1.0, objective, gradient_stream.CONDITIONAL).items():
        assert moments.mean is not None
        assert moments.variance is not None
        error = np.sqrt(moments.variance / stream.draws)
        assert np.all(abs(stream.mean(key) - moments.mean) < 5 * error), key
        assert stream.variance(key) == pytest.approx(moments.variance, rel=0.03), key


def test_slopes_of_another_draw_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    logits, objective = [1.0, 2.0, 3.0], Quadratic([0.2, 0.5, 0.3])
    stream = GradientStream(logits, 1.0, 1.0, objective, 11, ["rao_blackwell"])
    kernel, mean_of = stream._kernel, stream._kernel.mean_of

    def swapped(count: int) -> NDArray[np.float32]:
        slopes = kernel._arrays(kernel._draws)[3]
        slopes[:] = slopes[:, ::-1].copy()
        return mean_of(count)

    monkeypatch.setattr(kernel, "mean_of", swapped)
    stream.advance(50_000)
    moments = exact_moments(logits, 1.0, objective, gradient_stream.CONDITIONAL)["rao_blackwell"]
    assert moments.mean is not None
    assert moments.variance is not None
    assert np.max(abs(stream.mean("rao_blackwell") - moments.mean) / np.sqrt(moments.variance / 50_000)) > 10


def test_the_sums_do_not_depend_on_the_steps() -> None:
    whole, parts = (GradientStream([1.0, 2.0, 3.0], 0.7, 1.0, Cubic(), 5) for _ in range(2))
    whole.advance(60_000)
    for count in (1, 2, 20_000, 39_997):
        parts.advance(count)
    for key in ALL:
        assert parts.mean(key) == pytest.approx(whole.mean(key), rel=1e-5, abs=1e-9)
        assert parts.variance(key) == pytest.approx(whole.variance(key), rel=1e-4, abs=1e-12)
    assert (parts.wins == whole.wins).all()


def test_the_same_seed_gives_the_same_figures_and_another_one_others() -> None:
    streams = [GradientStream([1.0, 2.0, 3.0], 0.7, 1.0, Cubic(), seed) for seed in (5, 5, 6)]
    for stream in streams:
        stream.advance(1_000)
    for key in ALL:
        first, second, third = (stream.mean(key) for stream in streams)
        assert (first == second).all()
        assert (first != third).any()


@pytest.mark.parametrize("tau", [0.0, INF])
def test_at_the_limits_soft_choices_have_no_slope(tau: float) -> None:
    stream = GradientStream([1.0, 2.0, 3.0], tau, 1.0, Cubic(), 5)
    stream.advance(1_000)
    for key in ALL:
        assert stream.mean(key).any() == BY_ID[key].by_winner
        assert stream.variance(key).any() == BY_ID[key].by_winner


def test_before_the_first_draws_nothing_is_known() -> None:
    stream = GradientStream([1.0, 2.0, 3.0], 1.0, 1.0, Cubic(), 5)
    assert np.isnan(stream.mean("reinforce")).all()
    stream.advance(1)
    assert np.isfinite(stream.mean("rao_blackwell")).all()
    for key in ALL:
        assert np.isnan(stream.variance(key)).all()


def test_many_options_take_the_same_way() -> None:
    logits = np.linspace(0.0, 3.0, 300)
    stream = GradientStream(logits, 0.5, 1.0, Quadratic(np.zeros(300)), 5)
    stream.advance(500)
    known = exact_moments(logits, 0.5, Quadratic(np.zeros(300)))["reinforce"]
    assert known.mean is not None
    assert known.variance is not None
    assert np.all(abs(stream.mean("reinforce") - known.mean) < 6 * np.sqrt(known.variance / 500) + 1e-12)


def test_running_moments_merge_exactly_even_far_from_zero() -> None:
    columns = 1e6 + np.random.default_rng(1).normal(size=(3, 1_000))
    running = Running(3)
    for part in np.array_split(columns, [1, 5, 600], axis=1):
        running.add(part.copy())
    assert running.mean == pytest.approx(columns.mean(axis=1), rel=1e-14)
    assert running.variance == pytest.approx(columns.var(axis=1, ddof=1), rel=1e-8)


@pytest.mark.parametrize("objective", [Linear([1.0, -2.0, 3.0]), Quadratic([1.0, 0.0, 2.0]), Cubic(), Bit(0.4)])
def test_one_formula_serves_for_the_slopes_of_all_objectives(objective: Objective) -> None:
    shares = np.random.default_rng(1).dirichlet([1.0, 1.0, 1.0], 5).T
    slopes = slopes_by_option(objective, 3)
    whole = slopes.a[:, None] + slopes.b[:, None] * shares**slopes.power
    assert whole == pytest.approx(np.broadcast_to(objective.slope(shares), (3, 5)))
