"""Stored results: the same seed gives the same run, on every machine and in every version.

Whole numbers exactly, means and variances to 1e-12. Runs use the natural logarithm, as most machines do: with the
one to base 2 a win or a cell in some 10^6 may differ. ``python tests/engine/test_golden.py`` writes the file anew.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.app.library import load_builtin
from gumbelviz.engine import pipeline
from gumbelviz.engine.simulation import Simulation

FILE = Path(__file__).with_name("golden.json")
SCENES = ("two-options", "movie-night", "ten-digits")
SEEDS = (0, 1, 7, 2026, 2**63 - 1)
DRAWS = 50_000


def run(scene: str, seed: int) -> dict[str, Any]:
    simulation = Simulation(replace(load_builtin(scene).settings, seed=seed))
    simulation.advance(DRAWS)
    frame = simulation.frame()
    return {
        "wins": frame.wins.tolist(),
        "noise_cells": frame.pooled_noise.tolist(),
        "soft_cells": frame.soft_histograms.counts.sum(axis=0).tolist(),
        "soft_exact": frame.soft_exact.tolist(),
        "soft_mean": frame.soft_mean.tolist(),
        "soft_variance": frame.soft_variance.tolist(),
        "noise_mean": frame.noise_mean,
        "noise_variance": frame.noise_variance,
        "last_noise": frame.draw.noise.tolist(),
        "last_soft": frame.draw.soft.tolist(),
    }


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scene", SCENES)
def test_a_seed_gives_the_stored_run(scene: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "quickest_base", lambda: pipeline.NATURAL)
    stored = json.loads(FILE.read_text("utf-8"))[f"{scene} {seed}"]
    found = run(scene, seed)
    assert found.keys() == stored.keys()
    for name, value in found.items():
        if np.issubdtype(np.asarray(value).dtype, np.integer):
            assert value == stored[name], name
        else:
            assert value == pytest.approx(stored[name], rel=1e-12, abs=1e-14), name


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    vars(pipeline)["quickest_base"] = lambda: pipeline.NATURAL
    results = {f"{scene} {seed}": run(scene, seed) for scene in SCENES for seed in SEEDS}
    rows = (f"{json.dumps(key)}: {json.dumps(result)}" for key, result in results.items())
    FILE.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")
