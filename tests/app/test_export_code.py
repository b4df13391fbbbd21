"""Code that was copied prints the numbers on the screen, whoever named the options."""

from __future__ import annotations

import ast
import importlib.util
import math
import re
import subprocess
import sys

import pytest

from gumbelviz.app.export_code import write_code
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.export import Library
from gumbelviz.model.frame import Draw
from gumbelviz.model.settings import Option, Settings

HOSTILE = ('"); import os; os.abort() #', "{name}", "Käse\\n'''", "%s\\", "平假名")
LINE = re.compile(r"^(?P<name>.*): noise (?P<noise>\S+), noisy score (?P<noisy>\S+), soft choice (?P<soft>\S+)$")


def settings_of(temperature: float, masked: bool = True) -> Settings:
    scores = [3.0, 2.5, -math.inf if masked else 0.0, 2.75, -1e6]
    pins = (-0.1, 0.4, None, None, None)
    options = tuple(
        Option(name, z, k, pin) for k, (name, z, pin) in enumerate(zip(HOSTILE, scores, pins, strict=True))
    )
    return Settings(options, temperature=temperature, scale=1.5, seed=21)


def printed(code: str) -> tuple[str, list[tuple[str, float, float, float]]]:
    """Run the code as anybody would, and return what it says: the winner, and each option's numbers."""
    done = subprocess.run([sys.executable, "-X", "utf8", "-W", "error", "-c", code], capture_output=True, text=True,
                          encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    rows = []
    for line in rest:
        found = LINE.match(line)
        assert found is not None, line
        rows.append((found["name"], float(found["noise"]), float(found["noisy"]), float(found["soft"])))
    return first.removeprefix("winner: "), rows


def check(settings: Settings, draw: Draw, library: Library) -> None:
    winner, rows = printed(write_code(settings, draw, library))
    assert winner == settings.names[draw.winner]
    assert [name for name, *_ in rows] == list(settings.names)
    for k, (_, noise, noisy, soft) in enumerate(rows):
        assert noise == pytest.approx(draw.noise[k], abs=5.1e-5)
        assert noisy == draw.perturbed[k] or noisy == pytest.approx(draw.perturbed[k], abs=5.1e-5)
        assert soft == pytest.approx(draw.soft[k], abs=5.1e-7)
    assert sum(soft for *_, soft in rows) == pytest.approx(1.0, abs=5e-6)


@pytest.mark.parametrize("temperature", [0.0, 1e-300, 0.01, 0.5, 40.0, math.inf])
def test_numpy_prints_the_numbers_on_the_screen(temperature: float) -> None:
    settings = settings_of(temperature)
    check(settings, Simulation(settings).draw(214), "numpy")


@pytest.mark.parametrize("library", ["torch", "jax"])
@pytest.mark.parametrize("temperature", [0.0, 0.5, math.inf])
def test_others_print_the_numbers_on_the_screen(library: Library, temperature: float) -> None:
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    settings = settings_of(temperature)
    check(settings, Simulation(settings).draw(214), library)


@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_names_are_literals_and_nothing_else(library: Library) -> None:
    settings = settings_of(0.5)
    code = write_code(settings, Simulation(settings).draw(3), library)
    assert code.isascii()
    tree = ast.parse(code)
    literal = next(node for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "names")  # type: ignore[attr-defined]
    assert ast.literal_eval(literal.value) == list(HOSTILE)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= {"numpy", "torch", "jax", "jax.numpy"}


def test_a_tie_goes_to_the_first_as_on_the_screen() -> None:
    options = (Option("a", 3.0, 0, -0.1), Option("b", 2.5, 1, 0.4), Option("c", 0.0, 2, 0.0))
    settings = Settings(options, temperature=0.0)
    draw = Simulation(settings).draw(0)
    assert draw.tied == (0, 1)
    check(settings, draw, "numpy")


def test_a_hundred_options_are_the_most() -> None:
    many = Settings(tuple(Option(f"o{k}", 0.01 * k, k) for k in range(101)))
    with pytest.raises(ValueError, match="up to 100 options; these are 101"):
        write_code(many, Simulation(many).draw(0), "numpy")
    few = Settings(many.options[:100])
    check(few, Simulation(few).draw(0), "numpy")
