"""What a frame says of many options: ranks, cells, a scatter, and a test that pools neighbours."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from gumbelviz.engine import ranking as ranking_module
from gumbelviz.engine.ranking import LOWEST_LOG, make_ranking, pool
from gumbelviz.engine.simulation import Simulation
from gumbelviz.maths import checks, concrete, gumbel
from gumbelviz.maths.tallies import NOISE_EDGES, Account
from gumbelviz.model.frame import Floats, Frame, Ranking
from gumbelviz.model.parameters import MANY_OPTIONS
from gumbelviz.model.settings import Settings, make_settings

INF = math.inf


def many(count: int, masked: bool = False, **fields: object) -> Settings:
    scores = np.random.default_rng(count).normal(0.0, 2.0, count)
    if masked:
        scores[::4] = -INF
    return make_settings(scores.tolist(), None, **fields)


def frame_of(settings: Settings, draws: int = 2000) -> Frame:
    simulation = Simulation(settings)
    simulation.advance(draws)
    return simulation.frame()


@pytest.mark.parametrize("count", [1, 2, 12])
def test_few_options_are_not_ranked(count: int) -> None:
    frame = frame_of(many(count), 10)
    assert frame.theory.ranking is None
    assert frame.ranked is None


@pytest.mark.parametrize(("count", "masked"), [(13, False), (13, True), (1000, False), (1000, True)])
def test_ranking(count: int, masked: bool) -> None:
    settings = many(count, masked, scale=1.5)
    ranking = make_ranking(settings.scores, 1.5)
    live = count if not masked else count - len(range(0, count, 4))
    assert ranking.live == live
    assert ranking.ranks[ranking.order].tolist() == list(range(1, count + 1))
    p = concrete.probabilities(settings.scores, 1.5)
    assert np.all(np.diff(p[ranking.order]) <= 0.0)
    assert np.all(p[ranking.order[live:]] == 0.0)
    assert ranking.curve[0] == ranking.order[0]
    assert ranking.curve[-1] == ranking.order[live - 1]
    assert ranking.winning_score == pytest.approx(concrete.winning_score_location(settings.scores, 1.5), abs=1e-9)
    sizes = np.diff(np.append(ranking.groups, live))
    assert np.all(sizes >= ranking_module.SMALLEST_GROUP)
    means = [p[ranking.order[a : a + n]].mean() for a, n in zip(ranking.groups, sizes, strict=True)]
    np.testing.assert_allclose(10.0**ranking.group_log_probabilities, means, rtol=1e-10)


@pytest.mark.parametrize("scores", [[0.0] * 13, [1e6] + [-1e6] * 14, [0.0] + [-INF] * 20, [5.0, 4.0] + [-INF] * 11])
def test_extremes(scores: list[float]) -> None:
    for temperature in (0.0, 0.5, INF):
        frame = frame_of(make_settings(scores, None, temperature=temperature), 50)
        ranked, ranking = frame.ranked, frame.theory.ranking
        assert ranked is not None
        assert ranking is not None
        assert np.isfinite(ranking.floor)
        for array in (ranked.noisy_low, ranked.soft_low, ranked.soft_high, ranked.mean_low, ranked.funnel_high):
            assert np.isfinite(array).all()


def test_a_frame_is_thinned_as_the_slow_way_would() -> None:
    frame = frame_of(many(1000, masked=True))
    ranked, ranking = frame.ranked, frame.theory.ranking
    assert ranked is not None
    assert ranking is not None
    order = ranking.order[: ranking.live]
    cells = np.split(order, ranking.starts[1:])
    assert ranked.noisy_high.tolist() == [frame.draw.perturbed[cell].max() for cell in cells]
    lowest = [frame.draw.soft[cell].min() for cell in cells]
    expected = [math.log10(y) if y > 0.0 else LOWEST_LOG for y in lowest]
    np.testing.assert_allclose(ranked.soft_low, expected)
    np.testing.assert_allclose(10.0**ranked.mean_high, [frame.soft_mean[cell].max() for cell in cells])
    assert ranked.winners == np.count_nonzero(frame.wins)
    assert ranked.stacked.sum() == ranked.winners
    assert np.all(frame.wins[ranked.dots] > 0)
    groups = np.split(order[ranking.groups[0] :], ranking.groups[1:] - ranking.groups[0])
    np.testing.assert_allclose(ranked.group_frequencies, [frame.wins[g].mean() / frame.draws for g in groups])
    shares = 10.0**ranking.funnel
    band = checks.frequency_errors(np.minimum(shares, 1.0), frame.draws)
    np.testing.assert_allclose(10.0**ranked.funnel_high, np.minimum(shares + band, 1.0))
    assert not ranked.dots.flags.writeable
    assert not ranking.order.flags.writeable


def test_before_the_first_draw() -> None:
    frame = Simulation(many(50)).frame()
    assert frame.ranked is not None
    assert frame.ranked.winners == 0
    assert frame.ranked.dots.size == 0


def test_the_ranking_is_made_once_for_the_same_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[float] = []
    make = ranking_module.make_ranking

    def noted(scores: Floats, scale: float) -> Ranking:
        made.append(scale)
        return make(scores, scale)

    monkeypatch.setattr(ranking_module, "make_ranking", noted)
    simulation = Simulation(many(200))
    for _ in range(3):
        simulation.advance(simulation.draws + 50)
        simulation.frame()
    simulation.show(replace(simulation.settings, location=2.0))
    assert simulation.frame().theory.noise_curve[0][0] == pytest.approx(2.0 - 3.0)
    assert len(made) == 1
    simulation.change(replace(simulation.settings, scale=2.0))
    simulation.frame()
    assert made == [1.0, 2.0]


def test_a_draw_on_display_is_kept_until_pins_change() -> None:
    settings = many(20)
    simulation = Simulation(settings)
    simulation.advance(30)
    assert simulation.frame(index=7).draw is simulation.frame(index=7).draw
    first, *others = settings.options
    simulation.show(replace(settings, options=(replace(first, pinned=9.0), *others)))
    assert simulation.frame(index=7).draw.noise[0] == 9.0
    assert simulation.frame(index=8).draw.index == 8


@pytest.mark.parametrize("masked", [False, True])
def test_neighbours_are_pooled_and_nothing_is_lost(masked: bool) -> None:
    settings = many(1000, masked)
    ranking = make_ranking(settings.scores, 1.0)
    values = np.arange(1000)
    pooled = pool(ranking, values)
    assert pooled.sum() == values.sum()
    assert pooled[0] == ranking.order[0]
    assert len(pooled) == len(ranking.starts) + masked


def test_the_pooled_test_agrees_with_a_right_run_and_not_with_a_wrong_one() -> None:
    """At 20,000 options and 3e5 draws; the wrong run counts each win one option too far.

    False alarms: the verdict is that of `checks.agreement`, at most 1e-10 a run. Power: above 0.999, as the 100 best
    options have cells of their own and their shares differ by more than ten standard errors.
    """
    count = 20_000
    assert count > MANY_OPTIONS
    scores = -1.1 * np.log(np.arange(count) + 2.0)
    simulation = Simulation(make_settings(scores.tolist()))
    theory = simulation.theory()
    wins = np.random.default_rng(11).multinomial(300_000, theory.probabilities)
    right = simulation._agreement(theory, account_of(wins))
    assert right.verdict == "agrees"
    assert right.p_value > 1e-4
    assert right.largest_difference == pytest.approx(abs(wins / 300_000 - theory.probabilities).max())
    wrong = simulation._agreement(theory, account_of(np.roll(wins, 1)))
    assert wrong.disagreeing == ("winners",)


def account_of(wins: NDArray[np.int64]) -> Account:
    """A run with these winners that is as theory expects in all else."""
    account, count = Account.empty(len(wins)), len(wins)
    account.draws, account.wins = int(wins.sum()), wins
    numbers = account.draws * count
    account.soft_sum += account.draws / count
    account.noise_sum = numbers * gumbel.mean()
    account.noise_squares = numbers * (gumbel.variance() + gumbel.mean() ** 2)
    cells = np.round(account.draws * np.diff(gumbel.cdf(NOISE_EDGES[1:-1]), prepend=0.0, append=1.0)).astype(np.int64)
    cells[20] += account.draws - cells.sum()
    account.noise_cells, account.soft_cells = cells[None], np.zeros((0, 66), np.int64)
    return account
