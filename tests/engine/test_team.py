"""Worker processes give the same bits as one process, and end with whoever started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.team import WORTH_A_TEAM, Team, team_size
from gumbelviz.model.settings import make_settings

TOP = Path(__file__).parents[2]


def test_a_team_gives_the_same_bits_as_one() -> None:
    settings = make_settings([1.0, 2.0, 3.0], seed=9, temperature=0.3)
    alone, shared = Simulation(settings), Simulation(settings)
    draws = 4 * alone.chunk + 1234
    alone.advance(draws)
    shared.advance(shared.slice)
    with Team(shared, 2) as team:
        team.advance(draws)
    one, two = alone.frame(), shared.frame()
    assert two.draws == draws
    for name in ("wins", "soft_mean", "soft_variance", "pooled_noise", "soft_exact", "grid"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name
    assert np.array_equal(one.soft_histograms.counts, two.soft_histograms.counts)
    assert (one.noise_mean, one.noise_variance) == (two.noise_mean, two.noise_variance)


def test_a_team_stops_when_it_is_asked_to() -> None:
    simulation = Simulation(make_settings([1.0, 2.0, 3.0]))
    with Team(simulation, 2) as team:
        team.advance(10**12, lambda: simulation.draws >= 3 * simulation.chunk)
    assert simulation.draws == 3 * simulation.chunk


@pytest.mark.skipif(os.name == "nt", reason="other signals there")
def test_a_killed_worker_is_one_sentence() -> None:
    simulation = Simulation(make_settings([1.0, 2.0, 3.0]))

    def kill() -> bool:
        for process in list(team._pool._processes.values()):
            os.kill(process.pid or 0, signal.SIGKILL)
        return False

    with Team(simulation, 2) as team, pytest.raises(RuntimeError, match="ended from outside"):
        team.advance(10**12, kill)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks /proc for processes")
def test_workers_end_with_the_process_that_was_killed() -> None:
    command = [sys.executable, "main.py", "simulate", "--logits", "1,2,3", "--draws", "1e12", "--threads", "2"]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while len(children_of(process.pid)) < 3 and time.monotonic() < deadline:  # the third looks after shared memory
            time.sleep(0.05)
        children = children_of(process.pid)
        process.kill()
    assert len(children) >= 3
    while any(Path(f"/proc/{pid}").is_dir() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in children if Path(f"/proc/{pid}").is_dir()]


def children_of(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def test_a_team_comes_together_for_long_runs_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert team_size(WORTH_A_TEAM - 1) == 1
    assert team_size(WORTH_A_TEAM) == 3
