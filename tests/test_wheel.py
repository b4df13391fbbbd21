"""The installed package: everything is in it, and it passes its own test in an environment that has nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
CARRIED = ("fonts", "formulas", "icons", "lectures", "licences", "scenes")


def test_every_package_of_the_program_is_listed() -> None:
    listed = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    found = {".".join(path.parent.relative_to(TOP).parts) for path in (TOP / "gumbelviz").rglob("__init__.py")}
    assert set(listed) == found | {"gumbelviz.resources"}


def test_main_and_the_installed_command_begin_in_one_place() -> None:
    scripts = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert scripts == {"gumbelviz": "gumbelviz.app.begin:main"}
    assert "from gumbelviz.app.begin import main" in (TOP / "main.py").read_text("utf-8")


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_wheel_builds_installs_and_passes_its_own_test(tmp_path: Path) -> None:
    def run(*command: str | Path, cwd: Path = tmp_path) -> str:
        words = [str(word) for word in command]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}:\n{done.stdout}{done.stderr}"
        return done.stdout

    # A copy of what git knows, so that no build folder is left in the tree and nothing untracked gets in.
    source = tmp_path / "source"
    source.mkdir()
    for name in run("git", "ls-files", cwd=TOP).splitlines():
        if (TOP / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((TOP / name).read_bytes())
    venv.create(tmp_path / "empty", symlinks=os.name != "nt", with_pip=True)
    folder = tmp_path / "empty" / ("Scripts" if os.name == "nt" else "bin")
    run(folder / "python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, source)
    (wheel,) = tmp_path.glob("gumbelviz-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    assert {name.split("/")[0] for name in inside if ".dist-info" not in name} == {"gumbelviz"}
    for room in CARRIED:
        files = [path for path in (source / "resources" / room).rglob("*") if path.suffix not in ("", ".ico", ".icns")]
        missing = {f"gumbelviz/{path.relative_to(source).as_posix()}" for path in files if path.is_file()} - inside
        assert not missing
    run(folder / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", TOP / "requirements.txt")
    run(folder / "python", "-m", "pip", "install", "--quiet", "--no-deps", wheel)
    program = folder / "gumbelviz"
    assert run(program, "--version").startswith("GumbelViz ")
    assert "movie-night" in run(program, "scenes")
    assert "Agrees with theory" in run(program, "simulate", "--draws", "2e6", "--threads", "2")
    run(program, "render", "movie-night", "--draws", "1000", "--output", tmp_path / "window.png")
    assert (tmp_path / "window.png").stat().st_size > 20_000
    run(program, "--self-test")
    assert sys.prefix not in run(folder / "python", "-c", "import gumbelviz; print(gumbelviz.__file__)")
