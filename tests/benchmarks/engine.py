"""The engine that feeds the window, behind the interface that the benchmark of its peers asks for.

``python tests/benchmarks/engine.py`` prints, in one interleaved run, draws per second and how many times longer
each library takes: PyTorch, JAX, SciPy, and NumPy as a textbook writes it. PyTorch and JAX are no part of the
project: give the Python of an environment that has them with ``--peers``.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(TOP))

STEP = 0.02
"""Seconds of work in one step."""
MOST_HISTOGRAMS = 100


class Engine:
    """One simulation, asked for what the peers are asked for."""

    def __init__(self, K: int, logits: Any, tau: float, threads: int, mode: str, seed: int) -> None:
        from gumbelviz.engine.simulation import Simulation
        from gumbelviz.engine.team import Team
        from gumbelviz.model.settings import make_settings

        self._options, self._mode = K, mode
        self._settings = make_settings([float(z) for z in logits], temperature=tau, seed=seed)
        self._simulation = Simulation(self._settings, MOST_HISTOGRAMS, range(min(K, MOST_HISTOGRAMS)))
        self._team = Team(self._simulation, threads) if threads > 1 else None
        self._stints = 2 * threads

    def step(self) -> int:
        """Draw for a while; return how many draws that were."""
        simulation = self._simulation
        before, until = simulation.draws, time.perf_counter() + STEP
        if self._team is not None:
            self._team.advance(before + self._stints * simulation.chunk)
        else:
            simulation.advance(10**15, lambda: time.perf_counter() >= until)
        return simulation.draws - before

    def drain(self) -> int:
        """Nothing is under way when `step` returns."""
        return 0

    def result(self) -> dict[str, Any]:
        """Return the tallies, and the newest draws."""
        import numpy as np

        from gumbelviz.maths import concrete

        simulation, options = self._simulation, self._options
        frame = simulation.frame(exact_means=False)
        count = max(1, min(4096, 2**20 // options))
        noise = simulation.newest_noise(count)
        draws = frame.draws
        soft = np.concatenate([frame.soft_exact[:, :1], frame.soft_histograms.counts, frame.soft_exact[:, 1:]], axis=1)
        edges = frame.soft_histograms.edges
        inner = soft[:, 1:-1].copy()
        inner[:, 0] += soft[:, 0]
        inner[:, -1] += soft[:, -1]
        order = frame.watched.argsort()
        noise_edges = np.append(frame.noise_histograms.edges[:-1], np.inf)
        return {
            "n": draws, "argmax": frame.wins, "sum_y": frame.soft_mean * draws,
            "sum_y2": (frame.soft_variance + frame.soft_mean**2) * draws,
            "noise_hist": (frame.pooled_noise, noise_edges), "y_hist": (inner[order], edges),
            "simplex": frame.grid, "last": concrete.relax(concrete.perturb(self._settings.logits, noise),
                                                          self._settings.temperature).T,
        }  # fmt: skip

    def close(self) -> None:
        """Let the processes go."""
        if self._team is not None:
            self._team.__exit__(None, None, None)


def make_engine(
    K: int, logits: Any, tau: float, dtype: str = "f4", threads: int = 1, mode: str = "stats", seed: int = 1
) -> Engine:
    """Return the engine; it has one precision and always keeps its statistics."""
    return Engine(K, logits, tau, threads, mode, seed)
