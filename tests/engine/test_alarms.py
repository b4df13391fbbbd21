"""The running check inside the real program: silent on the engine as it is, and heard when a part is broken.

The full table, with draws, is in tests/maths/test_broken_samplers.py; here parts of the engine are replaced.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from gumbelviz.engine import pipeline, simulation
from gumbelviz.engine.pipeline import Workspace
from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.stream import SingleNoise, Stream
from gumbelviz.maths import gumbel
from gumbelviz.maths.checks import ABSOLUTE
from gumbelviz.maths.tallies import NOISE_EDGES, Tally
from gumbelviz.model.settings import make_settings
from gumbelviz.model.words import describe_agreement

Bits = NDArray[np.uint32]
INF = math.inf
LOGITS = [1.0, 0.0, -1.0]


@pytest.mark.parametrize(
    ("logits", "tau"),
    [
        ([2.0, 1.0, -1.0], INF),
        ([2.0, 1.0, -1.0], 1e6),
        ([2.0, 1.0, -1.0], 30.0),
        ([2.0, 1.0, -1.0], 0.5),
        ([2.0, 1.0, -1.0], 0.01),
        ([2.0, 1.0, -1.0], 0.0),
        ([0.0, 0.0], INF),
        ([2.0, -3.0, -8.0, -18.0], 1.0),
        ([1.0, -INF, 0.0], 0.7),
        ([0.0] * 7, INF),
        (list(np.linspace(2, -2, 12)), 0.5),
        ([4.0], 1.0),
    ],
)
def test_the_engine_raises_no_alarm(logits: list[float], tau: float) -> None:
    """2e6 draws in single precision: alpha is 1e-10 each; the sums of equal numbers are wrong by 1e-5."""
    simulation = Simulation(make_settings(logits, temperature=tau, seed=12))
    simulation.advance(2_000_000)
    agreement = simulation.frame().agreement
    assert (agreement.verdict, agreement.disagreeing) == ("agrees", ())


class OneSeedForAll(Stream):
    """Broken: every option reads the noise of the first."""

    def read(self, first: int, out: Bits) -> None:
        super().read(first, out)
        out[1:] = out[0]


class ClampedZeros(SingleNoise):
    """Broken: one exponential number in a million is 0 and then clamped (NumPy's: one in 8.4 million)."""

    def log_exponential(self, bits: Bits, out: NDArray[np.float32]) -> None:
        super().log_exponential(bits, out)
        out[bits > 2**32 - 1 - 4096] = np.log(np.finfo(np.float32).tiny) / self._nat


class WeakNoise(SingleNoise):
    """Broken: the noise is scaled by 0.99."""

    def log_exponential(self, bits: Bits, out: NDArray[np.float32]) -> None:
        super().log_exponential(bits, out)
        out *= np.float32(0.99)


class SoftChoicesLeftOut(Workspace):
    """Broken: the soft choices of one draw in 100 are not added, those of the first option twice."""

    def _run_slice(self, bits: Bits) -> Tally:
        tally = super()._run_slice(bits)
        tally.soft_sum *= 0.99
        tally.soft_sum[0] += 0.01 * tally.draws
        return tally


class OneDrawShort(Workspace):
    """Broken: the last draw of each slice is counted but not tallied."""

    def _run_slice(self, bits: Bits) -> Tally:
        tally = super()._run_slice(bits[:, :-1])
        tally.draws += 1
        return tally


@pytest.mark.parametrize(
    ("part", "instead", "draws", "check"),
    [
        ("Stream", OneSeedForAll, 10_000, "winners"),
        ("SingleNoise", ClampedZeros, 5_000_000, "noise"),
        ("SingleNoise", WeakNoise, 600_000, "noise"),
        ("Workspace", SoftChoicesLeftOut, 1_000_000, "soft means"),
        ("Workspace", OneDrawShort, 10_000, "counting"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_broken_part_is_heard(
    part: str, instead: type, draws: int, check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alpha = 1e-10; the draws are twice what the table says, or what ten standard errors take."""
    monkeypatch.setattr(simulation if part == "Workspace" else pipeline, part, instead)
    broken = Simulation(make_settings(LOGITS, temperature=0.5, seed=3))
    broken.advance(draws)
    agreement = broken.frame().agreement
    assert agreement.verdict == "disagrees"
    assert check in agreement.disagreeing
    assert describe_agreement(agreement)[0].startswith("disagrees with theory: ")


def test_soft_means_are_watched_once_they_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a slider moves, exact means are not asked for, and nothing is said about them."""
    monkeypatch.setattr(simulation, "Workspace", SoftChoicesLeftOut)
    broken = Simulation(make_settings(LOGITS, temperature=0.5, seed=3))
    broken.advance(1_000_000)
    assert broken.frame(exact_means=False).agreement.verdict == "agrees"
    assert broken.frame().agreement.disagreeing == ("soft means",)
    assert broken.frame(exact_means=False).agreement.disagreeing == ("soft means",)


def test_the_noise_of_the_engine_differs_from_theory_by_less_than_the_allowance() -> None:
    """By how many of all 2^32 bits fall below each edge of the histogram: the exact law of the engine's noise."""
    noise = SingleNoise(1)
    out = np.empty((1, 1), np.float32)

    def value(bits: int) -> float:
        with np.errstate(divide="ignore"):
            noise.log_exponential(np.array([[bits]], np.uint32), out)
        return -float(out[0, 0])

    shares = []
    for edge in NOISE_EDGES[1:-1]:
        low, high = 0, 2**32
        while low < high:  # the noise grows with its bits
            middle = (low + high) // 2
            low, high = (middle + 1, high) if value(middle) < edge else (low, middle)
        shares.append(low / 2**32)
    error = np.diff(shares, prepend=0.0, append=1.0) - np.diff(gumbel.cdf(NOISE_EDGES[1:-1]), prepend=0.0, append=1.0)
    assert abs(error).max() < ABSOLUTE
    assert abs(error).max() > 0
