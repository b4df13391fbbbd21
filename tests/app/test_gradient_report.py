"""``main.py gradients``: the keys and numbers that scripts rest on, and a sentence for whatever is wrong."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gumbelviz.app.cli import main
from gumbelviz.maths.gradients import BY_ID, exact

# The names are fixed by issue 5.
ESTIMATORS = [
    "reinforce", "reinforce_mean_baseline", "reinforce_optimal", "gumbel_softmax",
    "straight_through_gumbel_softmax", "straight_through", "rao_blackwell", "reinmax",
]  # fmt: skip
FIGURES = {"mean", "variance", "standard_error", "exact_mean", "exact_variance"}
THREE = (
    "--logits", "1,2,3", "--objective", "quadratic", "--targets", ".2,.5,.3", "--temperature", "1",
    "--draws", "20000", "--seed",
)  # fmt: skip


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        code = main(("gradients", *words))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def report(run: Any, *words: str) -> dict[str, Any]:
    code, out, err = run(*words, "--json")
    assert code == 0, err
    result: dict[str, Any] = json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))
    return result


def test_the_keys_stay_as_they_are(run: Any) -> None:
    content = report(run, *THREE, "3")
    assert list(BY_ID) == ESTIMATORS
    assert {"exact", *ESTIMATORS} <= set(content)
    for name in ESTIMATORS:
        assert set(content[name]) == FIGURES
        assert all(len(content[name][figure]) == 3 for figure in FIGURES)
    assert content["targets"] == [0.2, 0.5, 0.3]
    assert content["values"] is None


def test_the_numbers_are_those_of_the_issue(run: Any) -> None:
    content = report(run, *THREE, "3")
    assert content["exact"][0] == pytest.approx(0.025198, abs=5e-7)
    assert content["gumbel_softmax"]["exact_mean"][0] == pytest.approx(-0.009840, abs=5e-7)
    assert content["straight_through_gumbel_softmax"]["exact_mean"][0] == pytest.approx(-0.037394, abs=5e-7)
    assert content["reinmax"]["exact_mean"] == pytest.approx(content["exact"], abs=1e-12)
    for name in ESTIMATORS:
        figures = {key: np.array(value) for key, value in content[name].items()}
        # 5 standard errors, 24 comparisons: a false alarm in one of 70,000 seeds.
        error = np.sqrt(figures["exact_variance"] / 20_000)
        assert np.all(abs(figures["mean"] - figures["exact_mean"]) < 5 * error)
        assert figures["standard_error"] == pytest.approx(np.sqrt(figures["variance"] / 20_000))
        assert figures["variance"] == pytest.approx(figures["exact_variance"], rel=0.1)


def test_the_same_seed_gives_the_same_numbers(run: Any) -> None:
    first, again, other = (report(run, *THREE, seed) for seed in ("3", "3", "4"))
    assert first["rao_blackwell"] == again["rao_blackwell"]
    assert first["rao_blackwell"]["mean"] != other["rao_blackwell"]["mean"]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["--objective", "linear", "--values", "3,-1,0.5"], [3, -1, 0.5]),
        (["--values", "3,-1,0.5"], [3, -1, 0.5]),
        (["--objective", "cubic"], [1, 0, 0]),
        (["--targets", "1,0,2"], [4, 6, 2]),
        (["--objective", "bit", "--targets", "0.499"], [0.501**2, 0.499**2, 0.499**2]),
        (["--objective", "bit"], [0.55**2, 0.45**2, 0.45**2]),
        (["--objective", "quadratic"], [0, 2, 2]),
    ],
)
def test_each_objective_has_its_gradient(run: Any, words: list[str], values: list[float]) -> None:
    content = report(run, "--logits", "1,2,0.5", "--draws", "100", *words)
    assert content["exact"] == pytest.approx(exact([1.0, 2.0, 0.5], values))


def test_ten_options_know_exactly_what_a_finite_sum_gives(run: Any) -> None:
    content = report(run, "ten-digits", "--objective", "cubic", "--draws", "100")
    assert content["gumbel_softmax"]["exact_mean"] is None
    assert content["rao_blackwell"]["exact_variance"] is None
    assert len(content["reinmax"]["exact_variance"]) == 10
    linear = report(run, "ten-digits", "--values", "0,1,2,3,4,5,6,7,8,9", "--draws", "100")
    assert len(linear["gumbel_softmax"]["exact_mean"]) == 10


def test_the_scale_of_a_scene_is_that_of_its_gradients(run: Any, tmp_path: Path) -> None:
    scene = {
        "format": "gumbelviz scene", "version": 1, "title": "Wide", "temperature": 2.0, "seed": 1,
        "options": {"logits": [2.0, 4.0, 6.0]}, "noise": {"kind": "gumbel", "location": 0.0, "scale": 2.0},
        "pages": {"gradients": {"objective": "quadratic", "targets": [0.2, 0.5, 0.3]}},
    }  # fmt: skip
    (tmp_path / "wide.gumbel").write_text(json.dumps(scene), "utf-8")
    wide = report(run, "wide.gumbel", "--draws", "20000", "--seed", "3")
    plain = report(run, *THREE, "3")
    assert wide["exact"] == pytest.approx(np.array(plain["exact"]) / 2)
    for name in ESTIMATORS:
        for figure, power in (("mean", 1), ("variance", 2), ("exact_mean", 1), ("exact_variance", 2)):
            assert wide[name][figure] == pytest.approx(np.array(plain[name][figure]) / 2**power, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("tau", ["0", "inf"])
def test_masked_options_and_limits(run: Any, tau: str) -> None:
    content = report(run, "--logits", "1,-inf,0", "--temperature", tau, "--objective", "cubic", "--draws", "50")
    assert content["logits"] == [1.0, None, 0.0]
    assert content["temperature"] == (0.0 if tau == "0" else "inf")
    assert content["gumbel_softmax"]["mean"] == [0.0, 0.0, 0.0]
    assert content["reinforce"]["mean"][1] == 0.0
    assert content["reinforce"]["mean"][0] != 0.0


def test_one_draw_has_no_variance(run: Any) -> None:
    words = ("--logits", "1,2", "--objective", "cubic", "--draws", "1")
    content = report(run, *words)
    assert content["reinmax"]["variance"] == [None, None]
    assert content["reinmax"]["standard_error"] == [None, None]
    code, out, _ = run(*words)
    assert code == 0
    assert "–" in out


def test_the_table_for_people(run: Any) -> None:
    code, out, err = run("--logits", "-1,0", "--objective", "bit", "--temperature", "1", "--draws", "1000")
    assert (code, err) == (0, "")
    assert "exact +0.019661" in out
    assert "−0.014534" in out
    assert all(row.name in out for row in BY_ID.values())


def test_of_many_options_the_largest_gradients_are_shown(run: Any) -> None:
    logits = ",".join(str(i / 100) for i in range(300))
    code, out, _ = run("--logits", logits, "--objective", "quadratic", "--draws", "50")
    assert code == 0
    assert out.count(": exact") == 8


def test_very_many_options(run: Any) -> None:
    content = report(run, "--logits", ",".join(["0"] * 2_000), "--objective", "quadratic", "--draws", "20")
    assert len(content["reinmax"]["mean"]) == 2_000
    assert content["reinmax"]["exact_mean"] is None
    assert math.isfinite(content["reinmax"]["mean"][0])


@pytest.mark.parametrize(
    "words",
    [
        "--objective quartic", "--values 1,2,3", "--logits 1,2 --values 1", "--objective cubic --targets 1",
        "--objective quadratic --values 1,2", "--values 1,2 --targets 1,2", "--logits 1,2 --temperature -1",
        "--draws 0", "--draws many", "--logits 1,nan", "no-such-scene", "--logits -inf,-inf", "--targets 1,x",
        "--logits 1,2 --values inf,2", "ice-cream --logits 1,2", "--objective bit --targets 1,2", "--seed -1",
        "--logits 1,2 --values 1e9,2", "--threads 2", "--objective",
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(run: Any, words: str) -> None:
    code, out, err = run(*words.split())
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.strip()[-1] in ".?"


def test_help_names_what_there_is(run: Any) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for word in ("--objective", "--values", "--targets", "linear", "quadratic", "cubic"):
        assert word in out
