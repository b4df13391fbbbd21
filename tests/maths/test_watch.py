"""Watching a whole tally: what is read, what is forgiven, and what is left out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.maths import concrete, gumbel
from gumbelviz.maths.checks import CHECKS, FALSE_ALARM
from gumbelviz.maths.marginals import marginal_cdf
from gumbelviz.maths.tallies import BEYOND, NOISE_EDGES, SOFT_EDGES, Account
from gumbelviz.maths.watch import Watch, places_of

Reals = NDArray[np.float64]
INF = math.inf
LOGITS = np.array([1.0, 0.3, -0.5, 0.0])


def watch_of(logits: Any, tau: float, exact: bool = True, edges: Reals = SOFT_EDGES) -> Watch:
    expectations = concrete.expectations(logits, tau) if exact else None
    places = places_of(edges)
    laws = [marginal_cdf(places, i, logits, tau) for i in range(len(logits))] if exact else []
    return Watch.over(concrete.probabilities(logits), NOISE_EDGES, edges, expectations, laws)


def expected_tally(logits: Any, tau: float, draws: int) -> Account:
    """Return a tally that is exactly as theory expects, but for rounding to whole counts."""
    options, exact = len(logits), concrete.expectations(logits, tau)
    tally = Account.empty(options)
    tally.draws = draws

    def shared(shares: Reals) -> Reals:
        counts = np.floor(draws * np.cumsum(shares) + 0.5).astype(np.int64)
        counts[-1] = draws
        result: Reals = np.diff(counts, prepend=0)
        return result

    tally.wins = shared(concrete.probabilities(logits))  # type: ignore[assignment]
    noise = np.diff(gumbel.cdf(NOISE_EDGES[1:-1]), prepend=0.0, append=1.0)
    tally.noise_cells = np.array([shared(noise)] * options)
    tally.noise_sum = draws * options * gumbel.mean()
    tally.noise_squares = draws * options * (gumbel.variance() + gumbel.mean() ** 2)
    tally.soft_sum, tally.soft_squares = draws * exact.mean, draws * (exact.variance + exact.mean**2)
    rows = [np.diff(marginal_cdf(SOFT_EDGES[1:-1], i, logits, tau), prepend=0.0, append=1.0) for i in range(options)]
    tally.soft_cells = np.array([shared(row) for row in rows])
    return tally


@pytest.mark.parametrize("tau", [0.0, 0.3, 1.0, 10.0, INF])
@pytest.mark.parametrize("draws", [0, 1, 399, 10**4, 10**8, 10**13])
def test_what_theory_expects_is_no_evidence_against_it(tau: float, draws: int) -> None:
    found = watch_of(LOGITS, tau).agreement(expected_tally(LOGITS, tau, draws))
    assert found.verdict == ("agrees" if draws >= 400 else "too few draws")
    assert found.disagreeing == ()
    assert found.log_evidence < 2


BREAKS: list[tuple[str, Any, str]] = [
    ("wins", lambda t: t.wins.__iadd__([6000, -6000, 0, 0]), "winners"),
    ("wins of another number of draws", lambda t: t.wins.__iadd__([1, 0, 0, 0]), "counting"),
    ("a lost noise cell", lambda t: t.noise_cells.__setitem__((2, 30), t.noise_cells[2, 30] - 1), "counting"),
    ("a lost soft cell", lambda t: t.soft_cells.__setitem__((0, 63), t.soft_cells[0, 63] - 1), "counting"),
    ("soft choices that do not sum to 1", lambda t: t.soft_sum.__imul__(0.999), "counting"),
    ("noise mean", lambda t: setattr(t, "noise_sum", t.noise_sum * 1.02), "noise"),
    ("noise squares", lambda t: setattr(t, "noise_squares", t.noise_squares * 0.96), "noise"),
    ("noise without end", lambda t: setattr(t, "noise_squares", INF), "noise"),
    ("noise that is no number", lambda t: setattr(t, "noise_sum", math.nan), "noise"),
    ("noise cells", lambda t: setattr(t, "noise_cells", np.roll(t.noise_cells, 1, axis=1)), "noise"),
    ("noise beyond", lambda t: setattr(t, "noise_beyond", 9), "noise"),
    ("a soft mean", lambda t: t.soft_sum.__iadd__([4500.0, -4500.0, 0.0, 0.0]), "soft means"),
    ("a soft square", lambda t: t.soft_squares.__iadd__([0.0, 4000.0, 0.0, 0.0]), "soft means"),
    ("a soft histogram", lambda t: t.soft_cells.__setitem__(2, t.soft_cells[1]), "soft shares"),
]


@pytest.mark.parametrize(("damage", "check"), [row[1:] for row in BREAKS], ids=[row[0] for row in BREAKS])
def test_each_number_of_the_tally_is_read(damage: Any, check: str) -> None:
    """A million draws as expected, with one number changed by some ten standard errors: that check and no other."""
    tally = expected_tally(LOGITS, 0.5, 10**6)
    damage(tally)
    found = watch_of(LOGITS, 0.5).agreement(tally)
    assert (found.verdict, found.disagreeing) == ("disagrees", (check,))
    assert found.log_evidence >= -math.log(FALSE_ALARM)


def test_what_is_not_known_bets_nothing() -> None:
    """Without exact means the soft numbers may be anything that sums to 1, and the others are still watched."""
    tally = expected_tally(LOGITS, 0.5, 10**6)
    tally.soft_sum, tally.soft_squares = np.array([10**6, 0.0, 0.0, 0.0]), np.zeros(4)
    tally.soft_cells = np.roll(tally.soft_cells, 20, axis=1)
    assert watch_of(LOGITS, 0.5, exact=False).agreement(tally).verdict == "agrees"
    assert watch_of(LOGITS, 0.5).agreement(tally).disagreeing == ("soft means", "soft shares")
    tally.noise_beyond = 9
    assert watch_of(LOGITS, 0.5, exact=False).agreement(tally).disagreeing == ("noise",)
    assert CHECKS[0] == "counting"


def test_cells_of_their_own_for_the_ends_count_with_their_neighbours() -> None:
    """A layout with a cell for what is exactly 0, exactly 1 or outside gives the same verdict."""
    plain = expected_tally(LOGITS, 0.1, 10**6)
    wide = expected_tally(LOGITS, 0.1, 10**6)
    for field in ("noise_cells", "soft_cells"):
        cells = getattr(wide, field)
        spread = np.zeros((4, cells.shape[1] + 2), np.int64)
        spread[:, 1:-1] = cells
        for outer, inner in ((0, 1), (-1, -2)):
            spread[:, outer] = spread[:, inner] // 3
            spread[:, inner] -= spread[:, outer]
        setattr(wide, field, spread)
    one, two = watch_of(LOGITS, 0.1).agreement(plain), watch_of(LOGITS, 0.1).agreement(wide)
    assert one == two
    wide.soft_cells[:, [0, 30]] = wide.soft_cells[:, [30, 0]]
    assert watch_of(LOGITS, 0.1).agreement(wide).disagreeing == ("soft shares",)


def test_an_atom_on_the_edge_of_a_cell_may_fall_to_either_side() -> None:
    """At infinite temperature two options share 0.5 and 0.5, an edge of the cells: rounding decides."""
    for cell in (31, 32):
        tally = expected_tally([0.0, 0.0], INF, 10**6)
        tally.soft_cells[:] = 0
        tally.soft_cells[:, cell] = 10**6
        assert watch_of([0.0, 0.0], INF).agreement(tally).verdict == "agrees"


def test_many_options_are_pooled_by_rank_and_still_watched() -> None:
    logits = np.random.default_rng(3).normal(size=3000)
    chances = concrete.probabilities(logits)
    watch = Watch.over(chances, NOISE_EDGES, SOFT_EDGES)
    assert watch.shares.low.size < 450
    tally = Account.empty(3000)
    tally.draws = 20_000
    tally.soft_sum += 20_000 / 3000
    tally.noise_sum, tally.noise_squares = 6e7 * gumbel.mean(), 6e7 * (gumbel.variance() + gumbel.mean() ** 2)
    noise = np.diff(gumbel.cdf(NOISE_EDGES[1:-1]), prepend=0.0, append=1.0)
    tally.noise_cells, tally.soft_cells = np.round(6e4 * noise).astype(np.int64)[np.newaxis], np.zeros((0, 64), int)
    tally.noise_cells[0, 20] += 60_000 - tally.noise_cells.sum()
    tally.wins = np.random.default_rng(4).multinomial(20_000, chances)
    assert "winners" not in watch.agreement(tally).disagreeing
    tally.wins = np.roll(tally.wins, 1)  # the neighbour wins: off by one option
    assert "winners" in watch.agreement(tally).disagreeing


def test_the_stream_stays_below_what_counts_as_beyond() -> None:
    """The largest noise that 32 bits can make; and what a clamped zero makes instead."""
    largest = -math.log(-math.log1p(-(2.0**-33)))
    assert largest < BEYOND - 0.1
    assert -math.log(np.finfo(np.float32).tiny) > BEYOND
    assert -math.log(-math.log1p(-1e-20)) > BEYOND
