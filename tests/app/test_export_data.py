"""Data that is taken out comes back with every digit, for readers that know nothing of us."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

from gumbelviz.app.cli import main
from gumbelviz.app.export_data import HEAD, write_tallies
from gumbelviz.app.export_draws import column_names, write_draws
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Frame
from gumbelviz.model.settings import Option, Settings

NAMES = ("=HYPERLINK(1)", "+1", "-2", "@x", "Tea, „hot“", "plain", "plain")
SETTINGS = Settings(
    tuple(Option(name, -math.inf if k == 2 else 1.5 - 0.25 * k, k) for k, name in enumerate(NAMES)),
    temperature=0.5, location=-0.25, scale=1.25, seed=3,
)  # fmt: skip


@pytest.fixture(scope="module")
def frame() -> Frame:
    simulation = Simulation(SETTINGS)
    simulation.advance(5_000)
    simulation.refine()
    return simulation.frame()


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_tallies_as_csv(frame: Frame) -> None:
    data = write_tallies(SETTINGS, frame, "csv")
    assert data.split(b"\r\n")[0].decode() == ",".join(HEAD)
    rows = read_csv(data)
    assert [row["name"] for row in rows] == ["'=HYPERLINK(1)", "'+1", "'-2", "'@x", "Tea, „hot“", "plain", "plain"]
    assert rows[2]["logit"] == "-inf"
    assert [int(row["wins"]) for row in rows] == frame.wins.tolist()
    assert sum(int(row["wins"]) for row in rows) == 5_000
    assert frame.theory.soft_mean is not None
    for head, known in (
        ("frequency", frame.wins / 5_000), ("probability", frame.theory.probabilities),
        ("soft_mean", frame.soft_mean), ("soft_variance", frame.soft_variance),
        ("exact_soft_mean", frame.theory.soft_mean),
        ("two_standard_errors", frame.theory.frequency_band / math.sqrt(5_000)),
    ):  # fmt: skip
        # To the last digit.
        assert [float(row[head]) for row in rows] == known.tolist(), head


def test_tallies_as_json(frame: Frame) -> None:
    content = json.loads(write_tallies(SETTINGS, frame, "json"))
    assert content["labels"] == list(NAMES)
    assert content["logits"][2] is None
    assert content["wins"] == frame.wins.tolist()
    assert content["soft_mean"] == frame.soft_mean.tolist()
    assert np.array(content["histograms"]["soft_counts"]).shape == frame.soft_histograms.counts.shape


def test_tallies_as_npz(frame: Frame) -> None:
    with np.load(io.BytesIO(write_tallies(SETTINGS, frame, "npz")), allow_pickle=False) as archive:
        assert archive["labels"].tolist() == list(NAMES)
        assert int(archive["seed"]) == 3
        assert int(archive["draws"]) == 5_000
        np.testing.assert_array_equal(archive["wins"], frame.wins)
        np.testing.assert_array_equal(archive["logits"], SETTINGS.scores)
        np.testing.assert_array_equal(archive["noise_counts"], frame.noise_histograms.counts)
        total = archive["soft_counts"].sum() + archive["soft_exactly_0_and_1"].sum()
        assert total == 5_000 * len(frame.watched)


def test_without_a_single_draw_nothing_is_divided_by_it() -> None:
    empty = Simulation(SETTINGS).frame()
    for kind in ("csv", "json", "npz"):
        assert write_tallies(SETTINGS, empty, kind)
    assert float(read_csv(write_tallies(SETTINGS, empty, "csv"))[0]["frequency"]) == 0.0


def drawn(path: Path, first: int = 7, count: int = 300) -> list[float]:
    shares: list[float] = []
    write_draws(path, SETTINGS, first, count, shares.append)
    return shares


def test_draws_in_three_forms_are_the_same(tmp_path: Path) -> None:
    for kind in ("csv", "json", "npz"):
        shares = drawn(tmp_path / f"draws.{kind}")
        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(1.0)
    assert sorted(os.listdir(tmp_path)) == ["draws.csv", "draws.json", "draws.npz"]
    rows = read_csv((tmp_path / "draws.csv").read_bytes())
    content = json.loads((tmp_path / "draws.json").read_bytes())
    with np.load(tmp_path / "draws.npz", allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive}
    assert int(arrays["first"]) == 7
    assert arrays["soft"].shape == (300, 7)
    simulation = Simulation(SETTINGS)
    names = column_names(SETTINGS.names)
    assert names[-2:] == ["plain [5]", "plain [6]"]
    for place, (row, item) in enumerate(zip(rows, content["draws"], strict=True)):
        draw = simulation.draw(7 + place)
        assert int(row["draw"]) == item["draw"] == 7 + place
        assert int(row["winner"]) == item["winner"] == int(arrays["winner"][place]) == draw.winner
        assert [float(row[f"noise {name}"]) for name in names] == item["noise"] == draw.noise.tolist()
        np.testing.assert_array_equal(arrays["noise"][place], draw.noise)
        np.testing.assert_array_equal(arrays["perturbed"][place], draw.perturbed)
        assert item["perturbed"][2] is None
        assert row["noisy -2"] == "-inf"
        soft = [float(row[f"soft {name}"]) for name in names]
        assert soft == item["soft"] == arrays["soft"][place].tolist()
        np.testing.assert_allclose(soft, draw.soft, rtol=0, atol=1e-15)
    assert {row["winner_name"][:1] for row in rows} >= {"'"}


def test_the_numbers_are_those_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(tuple(Option(name, z, k) for k, (name, z) in enumerate((("a", 1.0), ("b", 0.5), ("c", 0.0)))))
    write_draws(tmp_path / "draws.json", settings, 0, 20, lambda share: None)
    words = ["simulate", "--logits", "1,0.5,0", "--seed", "7", "--draws", "100", "--show-draws", "20", "--json"]
    assert main(words) == 0
    shown = json.loads(capsys.readouterr().out)["first_draws"]
    written = json.loads((tmp_path / "draws.json").read_bytes())["draws"]
    assert [{key: draw[key] for key in ("noise", "perturbed", "winner", "soft")} for draw in written] == shown


def test_the_same_draws_are_the_same_file(tmp_path: Path) -> None:
    for kind in ("csv", "json", "npz"):
        drawn(tmp_path / f"one.{kind}")
        drawn(tmp_path / f"two.{kind}")
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


@pytest.mark.parametrize("kind", ["csv", "json", "npz"])
def test_a_cancelled_export_leaves_nothing(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"draws.{kind}"
    path.write_bytes(b"as it was")

    def cancel(share: float) -> None:
        if share > 0.3:
            raise InterruptedError("cancelled")

    with pytest.raises(InterruptedError):
        write_draws(path, SETTINGS, 0, 50_000, cancel)
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_bytes() == b"as it was"


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    resource, signal = pytest.importorskip("resource"), pytest.importorskip("signal")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        for kind in ("csv", "json", "npz"):
            with pytest.raises(OSError, match="File too large"):
                drawn(tmp_path / f"draws.{kind}", count=5_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert os.listdir(tmp_path) == []
