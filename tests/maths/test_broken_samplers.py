"""Which broken sampler raises which alarm, after how many draws; and a right one that raises none.

The samplers are those of /design/mathematics.md and a few more, in plain NumPy, wrong in one place each. They are
watched as a run in the window is: `Watch` reads the tally again and again, at alpha = 1e-10 for the whole run.

    python -m tests.maths.test_broken_samplers

prints the table; as a test each row must raise its alarms within twice the draws that the table says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.maths import concrete
from gumbelviz.maths.checks import CHECKS, FALSE_ALARM, Agreement, Check
from gumbelviz.maths.marginals import marginal_cdf
from gumbelviz.maths.tallies import BEYOND, NOISE_EDGES, SOFT_EDGES, Account
from gumbelviz.maths.watch import Watch, places_of

Reals = NDArray[np.float64]
Generator = np.random.Generator

LOGITS = np.array([1.0, 0.0, -1.0])  # three, unequal: two cannot tell Gumbel from minus Gumbel
TEMPERATURE = 0.5
MOST_AT_ONCE = 500_000


# ------------------------------------------------------------------------------- a right sampler, in parts


def draw(rng: Generator, count: int) -> Reals:
    return rng.gumbel(size=(3, count))


def choose(scores: Reals) -> Any:
    return np.argmax(scores, axis=0)


def relax(scores: Reals) -> Reals:
    weights = np.exp((scores - scores.max(axis=0)) / TEMPERATURE)
    shares: Reals = weights / weights.sum(axis=0)
    return shares


def perturb(noise: Reals) -> Reals:
    return LOGITS[:, np.newaxis] + noise


def cells_of(values: Reals, edges: Reals) -> NDArray[np.int64]:
    inner = edges[1:-1]
    return np.array([np.bincount(np.searchsorted(inner, row, "right"), minlength=inner.size + 1) for row in values])


def count(noise: Reals, winners: NDArray[np.intp], soft: Reals) -> Account:
    tally = Account.empty(3)
    tally.draws = noise.shape[1]
    tally.wins = np.bincount(winners, minlength=3)
    tally.soft_sum, tally.soft_squares = soft.sum(axis=1), (soft * soft).sum(axis=1)
    tally.noise_sum, tally.noise_squares = float(noise.sum()), float((noise * noise).sum())
    tally.noise_cells, tally.soft_cells = cells_of(noise, NOISE_EDGES), cells_of(soft, SOFT_EDGES)
    tally.noise_beyond = int(np.count_nonzero(noise > BEYOND))
    return tally


@dataclass(frozen=True)
class Sampler:
    """The five steps of a draw, each of which can be broken."""

    draw: Callable[[Generator, int], Reals] = draw
    perturb: Callable[[Reals], Reals] = perturb
    choose: Callable[[Reals], NDArray[np.intp]] = choose
    relax: Callable[[Reals], Reals] = relax
    count: Callable[[Reals, NDArray[np.intp], Reals], Account] = count

    def run(self, rng: Generator, size: int) -> Account:
        noise = self.draw(rng, size)
        scores = self.perturb(noise)
        return self.count(noise, self.choose(scores), self.relax(scores))


RIGHT = Sampler()


# ------------------------------------------------------------------------------------ what can be broken


def clamped_exponentials(rng: Generator, size: int) -> Any:
    """In single precision one exponential number in 8.4 million is exactly 0; here it is "made safe"."""
    exponential = rng.standard_exponential((3, size), np.float32)
    return -np.log(np.maximum(exponential, np.finfo(np.float32).tiny).astype(np.float64))


def clamped_uniforms(rng: Generator, size: int) -> Any:
    """Uniform numbers kept away from 0 and 1, "for safety"."""
    return -np.log(-np.log(np.clip(rng.uniform(size=(3, size)), 1e-4, 1 - 1e-4)))


def absorb(noise: Reals) -> Any:
    """Scores of 1e8 in single precision, and the shift only after the noise: rule 2."""
    scores = np.float32(1e8) + LOGITS.astype(np.float32)[:, np.newaxis] + noise.astype(np.float32)
    return (scores - scores.max(axis=0)).astype(np.float64)


def relax_along_the_draws(scores: Reals) -> Reals:
    weights = np.exp((scores - scores.max()) / TEMPERATURE)
    shares: Reals = weights / weights.sum(axis=1, keepdims=True)
    return shares


def choose_along_the_draws(scores: Reals) -> Any:
    return np.argmax(relax_along_the_draws(scores), axis=0)


def last_left_out(noise: Reals, winners: NDArray[np.intp], soft: Reals) -> Account:
    tally = count(noise[:, :-1], winners[:-1], soft[:, :-1])
    tally.draws += 1
    return tally


def next_option(noise: Reals, winners: NDArray[np.intp], soft: Reals) -> Account:
    return count(noise, (winners + 1) % 3, soft)


def next_cell(field: str, noise: Reals, winners: NDArray[np.intp], soft: Reals) -> Account:
    tally = count(noise, winners, soft)
    setattr(tally, field, np.roll(getattr(tally, field), 1, axis=1))
    return tally


def two_alike(rng: Generator, size: int) -> Reals:
    noise = draw(rng, size)
    noise[1] = noise[2]
    return noise


def first_thousand(_rng: Generator, size: int) -> Reals:
    """The generator is made anew for every thousand draws."""
    return np.tile(draw(np.random.default_rng(1), 1000), (1, -(-size // 1000)))[:, :size]


@dataclass(frozen=True)
class Row:
    name: str
    sampler: Sampler
    raises: tuple[Check, ...]  # at least these
    after: float  # draws, from the table


def broken(**parts: Any) -> Sampler:
    return replace(RIGHT, **parts)


SOFT: tuple[Check, ...] = ("soft means", "soft shares")
ROWS = [
    Row("minus Gumbel", broken(draw=lambda r, n: -draw(r, n)), ("winners", "noise", *SOFT), 8192),
    Row("noise scaled by 0.99", broken(draw=lambda r, n: 0.99 * draw(r, n)), ("noise",), 3e5),
    Row("the same, after it was counted", broken(perturb=lambda g: perturb(0.99 * g)), ("winners", *SOFT), 2.1e6),
    Row("shift after noise", broken(perturb=absorb), ("winners", *SOFT), 128),
    Row("softmax along the wrong axis", broken(relax=relax_along_the_draws), ("counting", *SOFT), 64),
    Row("winners along the wrong axis", broken(choose=choose_along_the_draws), ("winners",), 128),
    Row("tally off by one draw", broken(count=last_left_out), ("counting",), 64),
    Row("tally off by one option", broken(count=next_option), ("winners",), 64),
    Row("noise histogram off by one cell", broken(count=partial(next_cell, "noise_cells")), ("noise",), 1024),
    Row("soft histogram off by one cell", broken(count=partial(next_cell, "soft_cells")), ("soft shares",), 128),
    Row("one seed for all options", broken(draw=lambda r, n: np.tile(draw(r, n)[:1], (3, 1))), ("winners", *SOFT), 256),
    Row("one seed for two options", broken(draw=two_alike), ("winners", *SOFT), 1024),
    Row("one seed for every thousand draws", broken(draw=first_thousand), ("winners", "noise", *SOFT), 32_768),
    Row("uniforms clamped at 1e-4", broken(draw=clamped_uniforms), ("noise",), 3e5),
    Row("zeros of single precision clamped", broken(draw=clamped_exponentials), ("noise",), 2e7),
]
SLOW = 1e7


# ------------------------------------------------------------------------------------- watching a sampler


@cache
def watch() -> Watch:
    exact = concrete.expectations(LOGITS, TEMPERATURE)
    laws = [marginal_cdf(places_of(SOFT_EDGES), i, LOGITS, TEMPERATURE) for i in range(3)]
    return Watch.over(concrete.probabilities(LOGITS), NOISE_EDGES, SOFT_EDGES, exact, laws)


def watched(sampler: Sampler, seed: int, until: float) -> Iterator[tuple[int, Agreement]]:
    """Read a run after 64, 128, 256 ... draws, and at least every 500 000, and last after `until`."""
    rng, total, size = np.random.default_rng(seed), Account.empty(3), 64
    while total.draws < until:
        size = min(size, MOST_AT_ONCE, int(until) - total.draws)
        total.add(sampler.run(rng, size))
        yield total.draws, watch().agreement(total)
        size = total.draws


def alarms(sampler: Sampler, seed: int, until: float) -> dict[Check, int]:
    """Return when each check raised its first alarm, if it did."""
    first: dict[Check, int] = {}
    for draws, found in watched(sampler, seed, until):
        for check in found.disagreeing:
            first.setdefault(check, draws)
    return first


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row.name, marks=[pytest.mark.long] if row.after > SLOW else []) for row in ROWS]
)
def test_a_broken_sampler_raises_its_alarms_in_time(row: Row) -> None:
    """Alpha = 1e-10 per run. Three seeds of three (one where it takes long), within twice the draws of the table."""
    for seed in range(3 if row.after <= 1e5 else 1):
        first = alarms(row.sampler, seed, 2 * row.after)
        assert set(row.raises) <= set(first)


def test_the_right_sampler_raises_none() -> None:
    """20 runs of 100 000 draws and one of 4 000 000, each read at every doubling: alpha is 1e-10 for each."""
    assert FALSE_ALARM == 1e-10
    for seed in range(20):
        readings = [found for _, found in watched(RIGHT, seed, 100_000)]
        assert all(found.disagreeing == () and found.verdict != "disagrees" for found in readings)
        assert max(found.log_evidence for found in readings) < 10
        assert readings[-1].verdict == "agrees"
    assert alarms(RIGHT, 99, 4e6) == {}


def test_every_check_can_raise_the_alarm() -> None:
    """Each of the five is the one to find some sampler that the others are slower to find, or blind to."""
    assert {check for row in ROWS for check in row.raises} == set(CHECKS)


def table(seed: int = 0) -> Iterator[str]:
    """Lines of a Markdown table: draws after which each check raises its first alarm."""
    yield "| broken sampler | " + " | ".join(CHECKS) + " |"
    yield "|---|" + "---|" * len(CHECKS)
    for row in [*ROWS, Row("none: the right one", RIGHT, (), 4e6)]:
        first = alarms(row.sampler, seed, max(4 * row.after, 4e6))
        yield f"| {row.name} | " + " | ".join(f"{first[c]:,}" if c in first else "–" for c in CHECKS) + " |"


if __name__ == "__main__":
    for line in table():
        print(line, flush=True)
