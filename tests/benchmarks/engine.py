"""The engine that feeds the window, against the libraries that people would otherwise use.

``python tests/benchmarks/engine.py --peers PYTHON`` prints draws per second, and how many times longer each library
takes for the same draws and the same statistics: PyTorch, JAX, SciPy, and NumPy as a textbook writes it. Every
contestant has a process of its own; they take turns in short rounds, so that a busy machine hits all alike, and a
ratio is formed within each round. PyTorch and JAX are no part of the project: PYTHON is that of an environment that
has them (``pip install torch jax numpy scipy``); without it they are left out.

Statistics, for every draw: pooled histogram of the noise, wins, sums and squares of each soft choice, histograms of
the first 100 of them. `make_engine` is what a benchmark elsewhere can ask for our engine by.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(TOP))

OPTIONS = (2, 3, 10, 100, 1000, 50_257)
TEMPERATURE = 0.5
ROUND = 0.25
"""Seconds of work of each contestant in one round."""
NOISE_CELLS, SOFT_CELLS = 128, 64
LOW, HIGH = -4.0, 16.0
BATCH = 2**19
"""Numbers per call of a library: what was quickest for most of them."""
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


# Contestants ------------------------------------------------------------------------------------------------


class Tally:
    """The statistics as NumPy keeps them; draws come as rows."""

    def __init__(self, options: int) -> None:
        import numpy as np

        self.np, self.watched = np, min(options, MOST_HISTOGRAMS)
        self.noise, self.wins = np.zeros(NOISE_CELLS, int), np.zeros(options, int)
        self.total, self.squares = np.zeros(options), np.zeros(options)
        self.soft = np.zeros((self.watched, SOFT_CELLS), int)

    def add(self, noise: Any, soft: Any) -> None:
        np = self.np
        self.noise += np.histogram(noise, NOISE_CELLS, (LOW, HIGH))[0]
        self.wins += np.bincount(soft.argmax(1), minlength=len(self.wins))
        self.total += soft.sum(0)
        self.squares += (soft**2).sum(0)
        for i in range(self.watched):
            self.soft[i] += np.histogram(soft[:, i], SOFT_CELLS, (0, 1))[0]


def numpy_naive(options: int, logits: Any, batch: int, threads: int) -> Callable[[], int]:
    import numpy as np

    rng, tally = np.random.default_rng(1), Tally(options)

    def step() -> int:
        noise = rng.gumbel(size=(batch, options))
        scores = np.exp((logits + noise) / TEMPERATURE)
        tally.add(noise, scores / scores.sum(1, keepdims=True))
        return batch

    return step


def scipy(options: int, logits: Any, batch: int, threads: int) -> Callable[[], int]:
    import numpy as np
    from scipy.special import softmax
    from scipy.stats import gumbel_r

    rng, tally = np.random.default_rng(1), Tally(options)

    def step() -> int:
        noise = gumbel_r.rvs(size=(batch, options), random_state=rng)
        tally.add(noise, softmax((logits + noise) / TEMPERATURE, axis=1))
        return batch

    return step


def torch(options: int, logits: Any, batch: int, threads: int) -> Callable[[], int]:
    import torch as t

    t.set_num_threads(threads)
    scores, watched = t.tensor(logits, dtype=t.float32).expand(batch, options).contiguous(), min(options, 100)
    noise_cells, wins = t.zeros(NOISE_CELLS), t.zeros(options, dtype=t.int64)
    total, squares = t.zeros(options, dtype=t.float64), t.zeros(options, dtype=t.float64)
    soft_cells, rows = t.zeros(watched * SOFT_CELLS, dtype=t.int64), t.arange(watched) * SOFT_CELLS

    def step() -> int:
        nonlocal noise_cells, wins, total, squares, soft_cells
        with t.no_grad():
            # The body of torch.nn.functional.gumbel_softmax, which would hide the noise.
            noise = -t.empty_like(scores).exponential_().log()
            soft = ((scores + noise) / TEMPERATURE).softmax(-1)
            noise_cells += t.histc(noise, NOISE_CELLS, LOW, HIGH)
            wins += t.bincount(soft.argmax(-1), minlength=options)
            total += soft.sum(0, dtype=t.float64)
            squares += (soft * soft).sum(0, dtype=t.float64)
            cells = (soft[:, :watched] * SOFT_CELLS).to(t.int64).clamp_(max=SOFT_CELLS - 1)
            soft_cells += t.bincount((cells + rows).view(-1), minlength=watched * SOFT_CELLS)
        return batch

    return step


def jax(options: int, logits: Any, batch: int, threads: int) -> Callable[[], int]:
    import jax as j
    import jax.numpy as jnp
    import numpy as np

    scores, watched = jnp.asarray(logits, jnp.float32), min(options, 100)
    rows = jnp.arange(watched, dtype=jnp.int32) * SOFT_CELLS

    @j.jit
    def draw(key: Any) -> Any:
        key, own = j.random.split(key)
        noise = j.random.gumbel(own, (batch, options), jnp.float32)
        soft = j.nn.softmax((scores + noise) / TEMPERATURE, axis=-1)
        place = jnp.clip((noise - LOW) * (NOISE_CELLS / (HIGH - LOW)), 0, NOISE_CELLS - 1).astype(jnp.int32)
        cells = jnp.minimum((soft[:, :watched] * SOFT_CELLS).astype(jnp.int32), SOFT_CELLS - 1)
        return key, (
            jnp.bincount(place.ravel(), length=NOISE_CELLS), jnp.bincount(soft.argmax(-1), length=options),
            soft.sum(0), (soft * soft).sum(0), jnp.bincount((cells + rows).ravel(), length=watched * SOFT_CELLS),
        )  # fmt: skip

    state = {"key": j.random.key(1), "sums": [np.zeros(1)] * 5}

    def step() -> int:
        state["key"], found = draw(state["key"])
        state["sums"] = [total + np.asarray(part, np.float64) for total, part in zip(state["sums"], found, strict=True)]
        return batch

    return step


def ours(options: int, logits: Any, batch: int, threads: int) -> Callable[[], int]:
    return make_engine(options, logits, TEMPERATURE, threads=threads).step


CONTESTANTS = {"GumbelViz": ours, "torch": torch, "jax": jax, "SciPy": scipy, "NumPy, naive": numpy_naive}
FROM_PEERS = ("torch", "jax")


# Rounds -----------------------------------------------------------------------------------------------------


def serve(name: str, threads: int) -> None:
    """Be a contestant: read numbers of options and seconds, write draws and the seconds that they took."""
    import numpy as np

    step: Callable[[], int] | None = None
    for line in sys.stdin:
        options, seconds = json.loads(line)
        if seconds == 0.0:
            logits = np.random.default_rng(12345).normal(size=options)
            step = CONTESTANTS[name](options, logits, max(1, BATCH // options), threads)
            step()
            step()
        assert step is not None
        draws, cpu, start = 0, time.process_time(), time.perf_counter()
        while draws == 0 or time.perf_counter() - start < seconds:
            draws += step()
        wall = time.perf_counter() - start
        # On one core, the time of the processor: immune to whatever else the machine does meanwhile.
        print(json.dumps([draws, time.process_time() - cpu if threads == 1 else wall]), flush=True)


def ask(process: subprocess.Popen[str], options: int, seconds: float) -> float:
    """Return draws per second."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps([options, seconds]) + "\n")
    process.stdin.flush()
    draws, taken = json.loads(process.stdout.readline())
    return float(draws / taken)


def main() -> None:
    """Let the contestants take turns, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", help="a Python that has torch and jax")
    parser.add_argument("--options", default=",".join(map(str, OPTIONS)))
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, int(given.threads))
        return
    names = [name for name in CONTESTANTS if given.peers or name not in FROM_PEERS]
    for threads in map(int, given.threads.split(",")):
        processes = {name: start(name, threads, given.peers) for name in names}
        print(f"\n{threads} core{'s' * (threads > 1)}: draws per second, and how many times longer the others take")
        print(f"{'options':>8}  {'GumbelViz':>10}" + "".join(f"{name:>14}" for name in names[1:]))
        for options in map(int, given.options.split(",")):
            for process in processes.values():
                ask(process, options, 0.0)
            rounds = [{name: ask(processes[name], options, ROUND) for name in names} for _ in range(given.rounds)]
            ratios = (statistics.median(r["GumbelViz"] / r[name] for r in rounds) for name in names[1:])
            speed = statistics.median(r["GumbelViz"] for r in rounds)
            print(f"{options:>8,}  {speed:>10.3g}" + "".join(f"{ratio:>13.1f}x" for ratio in ratios), flush=True)
        for process in processes.values():
            process.terminate()


def start(name: str, threads: int, peers: str | None) -> subprocess.Popen[str]:
    """Start a contestant on that many cores."""
    python = peers if peers and name in FROM_PEERS else sys.executable
    limits = {key: str(threads) for key in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    environ = {**os.environ, **limits, "OPENBLAS_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu"}
    command = [python, __file__, "--serve", name, "--threads", str(threads)]
    if hasattr(os, "sched_setaffinity") and (cores := sorted(os.sched_getaffinity(0))):
        command = ["taskset", "-c", ",".join(map(str, cores[:threads])), *command]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=environ)


if __name__ == "__main__":
    main()
