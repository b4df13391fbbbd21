"""The command line: what scripts rest on, and one sentence with exit code 2 for whatever is wrong."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy import stats

from gumbelviz import __version__
from gumbelviz.app import library, start
from gumbelviz.app.arguments import WindowOrder, read_arguments
from gumbelviz.app.cli import main
from gumbelviz.app.typed_numbers import read_whole
from gumbelviz.engine import simulation
from gumbelviz.model.scene import Scene

TOP = Path(__file__).parents[2]


class Said:
    """What one command printed, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Said:
        code = main(words)
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return call


def simulate(run: Any, *words: str) -> dict[str, Any]:
    said = run("simulate", *words, "--json")
    assert said.code == 0, said.err
    # JSON knows neither NaN nor Infinity; Python would read them all the same.
    result: dict[str, Any] = json.loads(said.out, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))
    return result


KEYS = """
version seed draws labels logits temperature noise probabilities wins frequencies soft_mean soft_variance
exact_soft_mean noise_mean noise_variance agreement seconds draws_per_second first_draws
"""


def test_the_keys_that_scripts_rest_on(run: Any) -> None:
    result = simulate(run, "--logits", "2,1.5,-inf", "--draws", "1e3", "--show-draws", "2", "--seed", "5")
    assert list(result) == KEYS.split()
    assert list(result["noise"]) == ["kind", "location", "scale"]
    assert list(result["agreement"]) == ["chi_square", "p_value", "largest_difference"]
    assert [list(draw) for draw in result["first_draws"]] == [["noise", "perturbed", "winner", "soft"]] * 2
    assert result["version"] == __version__
    assert result["seed"] == 5
    assert result["draws"] == 1000 and isinstance(result["draws"], int)
    assert result["labels"] == ["Option 1", "Option 2", "Option 3"]
    assert result["logits"] == [2.0, 1.5, None]
    assert result["noise"] == {"kind": "gumbel", "location": 0.0, "scale": 1.0}
    assert sum(result["wins"]) == 1000
    assert result["frequencies"] == [count / 1000 for count in result["wins"]]
    assert result["wins"][2] == 0 and result["probabilities"][2] == 0.0
    for draw in result["first_draws"]:
        assert draw["perturbed"][2] is None and draw["soft"][2] == 0.0
        assert draw["winner"] in (0, 1)
        assert draw["perturbed"][0] == 2.0 + draw["noise"][0]


def test_numbers_have_full_precision(run: Any) -> None:
    result = simulate(run, "--logits", "0.1,0.2,-3", "--draws", "100")
    weights = np.exp([0.1, 0.2, -3.0])
    np.testing.assert_allclose(result["probabilities"], weights / weights.sum(), rtol=1e-14)
    assert result["logits"] == [0.1, 0.2, -3.0]


@pytest.mark.parametrize("temperature", ["0", "inf", "1e-300", "0.5", "∞", "Infinity", "1e300"])
def test_every_temperature_gives_finite_json(run: Any, temperature: str) -> None:
    result = simulate(run, "--logits", "1,2,3", "--draws", "500", "--temperature", temperature, "--show-draws", "3")
    wanted = float(temperature.replace("∞", "inf"))
    assert result["temperature"] == ("inf" if math.isinf(wanted) else wanted)
    assert sum(result["soft_mean"]) == pytest.approx(1.0)
    if wanted == 0.0:
        np.testing.assert_allclose(result["soft_mean"], result["frequencies"], atol=1e-7)
    if wanted == math.inf:
        np.testing.assert_allclose(result["soft_mean"], 1 / 3, atol=1e-6)


def test_one_draw_and_one_option_have_no_nan(run: Any) -> None:
    result = simulate(run, "--logits=3", "--draws", "1", "--show-draws", "5")
    assert result["wins"] == [1]
    assert len(result["first_draws"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--logits", "-1,2"), ("--logits=-1,2",), ("--logits", "\u22121,2"), ("--logits", "-1.0 , 2"),
        ("--logits", "-10e-1,2e0"),
    ],
)  # fmt: skip
def test_a_minus_in_front_is_a_number(run: Any, words: Sequence[str]) -> None:
    assert simulate(run, *words, "--draws", "10")["logits"] == [-1.0, 2.0]


def test_other_numbers_with_a_minus(run: Any) -> None:
    result = simulate(run, "--logits", "-inf,1,2", "--location", "-1e3", "--draws", "10")
    assert result["logits"] == [None, 1.0, 2.0]
    assert result["noise"]["location"] == -1000.0


def test_probabilities_and_noise(run: Any) -> None:
    result = simulate(
        run, "--probabilities", ".5,.3,.2", "--scale", "2", "--location", "1", "--draws", "2e5", "--threads", "2"
    )
    np.testing.assert_allclose(result["logits"], np.log([0.5, 0.3, 0.2]), rtol=1e-14)
    roots = np.sqrt([0.5, 0.3, 0.2])
    np.testing.assert_allclose(result["probabilities"], roots / roots.sum(), rtol=1e-14)
    assert result["noise_mean"] == pytest.approx(1 + 2 * 0.5772156649, abs=0.05)
    assert result["noise_variance"] == pytest.approx(4 * math.pi**2 / 6, abs=0.2)
    assert simulate(run, "--probabilities", "1,0", "--draws", "10")["logits"] == [0.0, None]


def test_wins_agree_with_softmax(run: Any) -> None:
    """Chi-square with two degrees of freedom at alpha 1e-6, on a fixed seed.

    With 1e6 draws a probability that is off by 0.004 is found with a power above 0.99 (noncentrality 60 or more).
    """
    result = simulate(run, "--logits", "1,2,3", "--draws", "1e6", "--seed", "11")
    exact = np.exp([1.0, 2.0, 3.0]) / np.exp([1.0, 2.0, 3.0]).sum()
    wins = np.array(result["wins"])
    assert stats.chisquare(wins, exact * 1e6).pvalue > 1e-6
    assert result["agreement"]["chi_square"] == pytest.approx(stats.chisquare(wins, exact * 1e6).statistic)
    # The test is able to fail: a sampler off by 0.004 is found.
    off = exact + [0.004, 0.0, -0.004]
    assert stats.chisquare(wins, off * 1e6).pvalue < 1e-6


def test_same_seed_same_numbers_for_any_number_of_threads(run: Any) -> None:
    def numbers(*words: str) -> dict[str, Any]:
        result = simulate(run, "--logits", "1,2,3", "--draws", "3e5", "--show-draws", "2", *words)
        return {key: value for key, value in result.items() if key not in ("seconds", "draws_per_second")}

    first = numbers("--seed", "3")
    assert numbers("--seed", "3") == first
    assert numbers("--seed", "3", "--threads", "2") == first
    assert numbers("--seed", "4")["wins"] != first["wins"]


def test_pinned_noise_is_not_simulated(run: Any) -> None:
    pinned = simulate(run, "ice-cream", "--draws", "10", "--show-draws", "1")
    plain = simulate(run, "--logits", "3,2.5", "--draws", "10", "--show-draws", "1")
    assert pinned["first_draws"] == plain["first_draws"]
    assert pinned["labels"] == ["Chocolate", "Vanilla"]


def test_the_default_is_the_first_scene(run: Any) -> None:
    assert simulate(run, "--draws", "10")["labels"] == ["Chocolate", "Vanilla"]


def test_input_files(run: Any) -> None:
    Path("mine.csv").write_text("label,logit\na,2\nb,1")
    assert simulate(run, "--input", "mine.csv", "--draws", "10")["labels"] == ["a", "b"]
    assert simulate(run, "mine.csv", "--draws", "10")["logits"] == [2.0, 1.0]
    np.save("mine.npy", np.array([1.0, 2.0, -np.inf], ">f4"))
    assert simulate(run, "--input", "mine.npy", "--draws", "10")["logits"] == [1.0, 2.0, None]


def test_an_ambiguous_file_is_read_as_probabilities_aloud(run: Any) -> None:
    Path("shares.csv").write_text("a,.75\nb,.25")
    said = run("simulate", "--input", "shares.csv", "--draws", "10", "--json")
    assert said.code == 0
    assert said.err.count("\n") == 1 and "--input-as" in said.err and "probabilities" in said.err
    np.testing.assert_allclose(json.loads(said.out)["probabilities"], [0.75, 0.25])
    said = run("simulate", "--input", "shares.csv", "--input-as", "logits", "--draws", "10", "--json")
    assert said.err == ""
    assert json.loads(said.out)["logits"] == [0.75, 0.25]


def test_the_report_for_people(run: Any) -> None:
    said = run("simulate", "movie-night", "--draws", "1e5", "--show-draws", "2")
    assert said.code == 0 and said.err == ""
    lines = said.out.splitlines()
    assert lines[0].startswith("Movie night: 100,000 draws, seed 7, temperature 0.5")
    table = lines[2:6]
    assert [line.split()[0] for line in table] == ["option", "Drama", "Comedy", "Sci-fi"]
    assert len({len(line) for line in table}) == 1
    assert any("theory" in line for line in lines)
    assert lines[-3].split() == ["draw", "winner", "noise", "noisy", "scores", "soft", "choice"]


def test_many_options_are_cut_for_people_only(run: Any) -> None:
    np.save("many.npy", np.linspace(-3, 0, 1000))
    said = run("simulate", "--input", "many.npy", "--draws", "1000", "--show-draws", "1")
    assert "980 others" in said.out
    assert len(said.out.splitlines()) < 40
    assert len(simulate(run, "--input", "many.npy", "--draws", "1000")["wins"]) == 1000


def test_scenes(run: Any) -> None:
    said = run("scenes")
    assert [line.split()[0] for line in said.out.splitlines()] == list(library.BUILT_IN)
    assert "Ice cream" in said.out
    rows = json.loads(run("scenes", "--json").out)
    assert [row["id"] for row in rows] == list(library.BUILT_IN)
    assert all(list(row) == ["id", "title"] for row in rows)


def test_version_and_help(run: Any) -> None:
    said = run("--version")
    assert (said.code, said.out) == (0, f"GumbelViz {__version__}\n")
    assert run("simulate", "--version").out == said.out
    for words in (["--help"], ["-h"], ["simulate", "--help"], ["render", "--help"], ["scenes", "-h"]):
        said = run(*words)
        assert said.code == 0 and said.err == "" and "usage: main.py" in said.out


def test_settings_dir_is_accepted_everywhere(run: Any) -> None:
    assert run("--settings-dir", "x", "scenes").code == 0
    assert run("--settings-dir=x", "scenes").code == 0
    assert run("scenes", "--settings-dir", "x").code == 0
    order = read_arguments(["--settings-dir", "x", "hiring"])
    assert order == WindowOrder("hiring", Path("x"))


def test_whole_numbers() -> None:
    for text, number in {"1": 1, "1e12": 10**12, "2.5e3": 2500, "+7": 7, "1E0": 1, " 12 ": 12, "1000.0": 1000}.items():
        assert read_whole(text, "number", 1, 10**12) == number


# The window and the picture are other people's work: here only what they are called with ----------------------


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Scene | None, WindowOrder]]:
    calls: list[tuple[Scene | None, WindowOrder]] = []

    def open_window(scene: Scene | None, order: WindowOrder) -> int:
        calls.append((scene, order))
        return 3

    monkeypatch.setattr(start, "open_window", open_window)
    return calls


def test_the_window(run: Any, opened: list[tuple[Scene | None, WindowOrder]]) -> None:
    assert run().code == 3
    run("hiring", "--settings-dir", "there")
    assert opened == [
        (None, WindowOrder(None)),
        (library.load_builtin("hiring"), WindowOrder("hiring", Path("there"))),
    ]
    Path("shares.csv").write_text("a,.75\nb,.25")
    assert run("shares.csv").err == ""
    scene, order = opened[-1]
    assert scene is None and order.undecided is not None
    assert order.undecided.table.values == (0.75, 0.25)
    assert run("--", "hiring").code == 3


def test_a_word_of_a_command_wins_over_a_file(run: Any, opened: list[tuple[Scene | None, WindowOrder]]) -> None:
    Path("scenes").write_text("1\n2")
    assert "ice-cream" in run("scenes").out
    assert opened == []


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []

    def render(scene: Scene, output: Path, **options: Any) -> str:
        calls.append({"scene": scene, "output": output, **options})
        if output.name == "full.png":
            raise OSError(28, "No space left on device")
        if output.name == "bad.png":
            raise ValueError("There is no such page.")
        return "done"

    fake = ModuleType("gumbelviz.app.render")
    fake.render = render  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gumbelviz.app.render", fake)
    return calls


def test_render(run: Any, rendered: list[dict[str, Any]]) -> None:
    assert run("render", "hiring", "--output", "a.PNG").code == 0
    assert rendered[-1] == {
        "scene": library.load_builtin("hiring"), "output": Path("a.PNG"), "page": "pipeline", "size": (1600, 900),
        "theme": "light", "zoom": 100, "draws": 1_000_000,
    }  # fmt: skip
    words = "--output a.svg --page pipeline --size 1280X720 --theme dark --zoom 150 --draws 1e3 --seed 5"
    assert run("render", *words.split()).code == 0
    call = rendered[-1]
    assert (call["size"], call["theme"], call["zoom"], call["draws"]) == ((1280, 720), "dark", 150, 1000)
    assert call["scene"].settings.seed == 5
    assert call["scene"].settings.pins == (-0.1, 0.4)
    for name in ("full.png", "bad.png"):
        said = run("render", "--output", name)
        assert said.code == 2 and is_sentence(said.err)


# Bad usage and bad input --------------------------------------------------------------------------------------


def is_sentence(text: str) -> bool:
    line = text.removesuffix("\n")
    starts = line[:1].isupper() or line[:1] in '"-'
    return starts and line[-1:] in (".", "?") and "\n" not in line and len(line) < 400 and "Traceback" not in line


BAD = """
simulate --logits nan,1
simulate --logits 1,inf
simulate --logits 1,+inf
simulate --logits 1,Infinity
simulate --logits -inf,-inf
simulate --logits masked
simulate --logits ,
simulate --logits=
simulate --logits 1,,2
simulate --logits 1,2,
simulate --logits 1;2
simulate --logits one,two
simulate --logits 1e7,1
simulate --logits 1_0,2
simulate --logits
simulate --logits --json
simulate --probabilities .5,.4
simulate --probabilities -.5,1.5
simulate --probabilities 0,0
simulate --probabilities nan,1
simulate --logits 1,2 --probabilities .5,.5
simulate ice-cream --logits 1,2
simulate ice-cream --input mine.csv
simulate --temperature -1
simulate --temperature -inf
simulate --temperature nan
simulate --temperature warm
simulate --temperature 1e999x
simulate --scale 0
simulate --scale -1
simulate --scale nan
simulate --scale inf
simulate --location nan
simulate --location inf
simulate --location 1e7
simulate --draws 0
simulate --draws -5
simulate --draws 1.5
simulate --draws 1e13
simulate --draws 1e999999999
simulate --draws nan
simulate --draws inf
simulate --draws many
simulate --draws 1_000
simulate --draws ١
simulate --seed -1
simulate --seed 1.5
simulate --seed 9223372036854775808
simulate --show-draws -1
simulate --show-draws 1e9
simulate --threads 0
simulate --threads 1e6
simulate --input missing.csv
simulate --input empty.csv
simulate --input folder.csv
simulate --input binary.csv
simulate --input ragged.csv
simulate --input huge.csv
simulate --input words.csv
simulate --input masked.csv
simulate --input nan.npy
simulate --input picture.png
simulate --input mine.csv --input-as odds
simulate --input mine.csv --input-as probabilities
simulate broken.gumbel
simulate newer.gumbel
simulate icecream
simulate ice-cream hiring
simulate --frobnicate
simulate --logit 1,2
simulate --json=yes
simulate --input many.npy --show-draws 1e5
scenes ice-cream
scenes --jso
render
render --output
render --output picture
render --output picture.jpg
render --output nowhere/picture.png
render --output folder.png
render icecream --output a.png
render --output a.png --page pipelin
render --output a.png --size 1600
render --output a.png --size 1600x
render --output a.png --size 0x0
render --output a.png --size 99999x900
render --output a.png --size -1600x900
render --output a.png --theme pink
render --output a.png --zoom 10
render --output a.png --zoom 1000
render --output a.png --zoom nan
render --output a.png --draws 0
render --output a.png --seed x
icecream
missing.gumbel
missing.csv
broken.gumbel
folder.csv
ice-cream hiring
--frobnicate
--settings-dir
--json
""".strip().splitlines()


@pytest.fixture
def bad_files(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a,2\nb,1")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    (tmp_path / "ragged.csv").write_text("a,2\nb\n")
    (tmp_path / "huge.csv").write_bytes(b"1\n" * 2**21 + b"1\n")
    (tmp_path / "words.csv").write_text("to,be\nor,not\n")
    (tmp_path / "masked.csv").write_text("a,masked\nb,-inf\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "broken.gumbel").write_text("{")
    (tmp_path / "newer.gumbel").write_text('{"format": "gumbelviz scene", "version": 2}')
    np.save(tmp_path / "nan.npy", np.array([1.0, np.nan]))
    np.save(tmp_path / "many.npy", np.zeros(1000))


@pytest.mark.usefixtures("bad_files", "opened", "rendered")
@pytest.mark.parametrize("words", BAD)
def test_bad_usage_is_one_sentence_and_exit_code_2(run: Any, words: str) -> None:
    said = run(*words.split(" "))
    assert said.code == 2
    assert said.out == ""
    assert is_sentence(said.err), said.err


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("words", [[""], ["a\udcffb"], ["\x1b[31mred"], ["x" * 100_000], ["simulate", "\u202e"]])
def test_strange_words_are_refused_calmly(run: Any, words: list[str]) -> None:
    said = run(*words)
    assert said.code == 2
    assert is_sentence(said.err)
    assert "\x1b" not in said.err


def test_sentences_say_what_is_wrong(run: Any) -> None:
    assert run("icecream").err == 'There is no built-in scene "icecream"; did you mean "ice-cream"?\n'
    assert run("simulate", "--draws", "0").err == (
        'The number of draws must be a whole number from 1 to 1,000,000,000,000, not "0".\n'
    )
    assert run("simulate", "--temperature", "-1").err == "The temperature must be at least 0, not -1.\n"
    assert run("simulate", "--logits", "1,x").err == 'Number 2 of the logits: "x" is not a number.\n'
    assert run("simulate", "--frobnicate").err == (
        'There is no place for "--frobnicate"; main.py simulate --help lists what is possible.\n'
    )


# Faults -------------------------------------------------------------------------------------------------------


class _Failing:
    error: BaseException = RuntimeError("a bug")

    def __init__(self, *_: object) -> None:
        raise self.error


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(_Failing, "error", error)
        patch.setattr(simulation, "Simulation", _Failing)
        yield


def test_how_faults_end(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with failing(monkeypatch, RuntimeError("a bug")):
        said = run("simulate")
        assert said.code == 1 and "a bug" in said.err and "report it" in said.err
    with failing(monkeypatch, ValueError("a bug of ours is not the fault of the person")):
        assert run("simulate").code == 1
    with failing(monkeypatch, MemoryError()):
        said = run("simulate")
        assert said.code == 1 and is_sentence(said.err)
    with failing(monkeypatch, KeyboardInterrupt()):
        said = run("simulate")
        assert (said.code, said.out, said.err) == (130, "", "")


def command(*words: str, **options: Any) -> subprocess.Popen[str]:
    code = "import sys; from gumbelviz.app.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=TOP,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **options,
    )


def test_simulate_and_scenes_never_load_qt() -> None:
    code = (
        "import sys; from gumbelviz.app.cli import main; assert 'numpy' not in sys.modules;"
        "main(['scenes']); main(['simulate', '--draws', '10']);"
        "sys.exit(any(name.startswith(('PySide6', 'pyqtgraph')) for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=TOP, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is something else there")
@pytest.mark.parametrize("threads", ["1", "2"])
def test_ctrl_c_is_quiet(threads: str) -> None:
    # A shell that runs its jobs in the background has them ignore Ctrl-C; here it is to be heard.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "import gumbelviz.engine.simulation; from gumbelviz.app.cli import main; print('ready', flush=True);"
        "sys.exit(main(sys.argv[1:]))"
    )
    words = ("simulate", "--draws", "1e12", "--threads", threads)
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code, *words]
    with subprocess.Popen(command, cwd=TOP, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (130, "", "")


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = command("simulate", "--draws", "1e4", "--show-draws", "1e4", "--json")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == ""
    process.stderr.close()


def test_a_poor_terminal_gets_the_report(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("Käse 🧀,1\n日本語,2", encoding="utf-8")
    process = command(
        "simulate", str(path), "--draws", "10", "--show-draws", "1", env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "K\\xe4se" in out
