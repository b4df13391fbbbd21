"""``main.py --self-test``: with and without a screen, whole and broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import resources
from gumbelviz.app import self_test as self_test_module
from gumbelviz.app.arguments import SelfTestOrder, WindowOrder, read_arguments
from gumbelviz.app.self_test import self_test
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Agreement

TOP = Path(__file__).parents[2]
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere there is always a screen.")
def test_without_a_screen_it_says_so_and_everything_works(tmp_path: Path, settings_of_nobody: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in SCREENS}
    done = subprocess.run(
        [sys.executable, str(TOP / "main.py"), "--self-test"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    *lines, last = done.stdout.splitlines()
    assert last == "Everything works."
    assert all(line.startswith("ok    ") for line in lines)
    found = {line[6:].split(maxsplit=1)[0]: line[6:].split(maxsplit=1)[1] for line in lines}
    assert set(found) == {
        "program", "libraries", "code", "settings", "resources", "choices", "engine", "animations", "Qt", "screen",
        "fonts", "window",
    }  # fmt: skip
    assert "agrees" in found["engine"]
    assert "none here" in found["screen"]
    assert "Inter" in found["fonts"]
    assert str(settings_of_nobody) in found["settings"]
    assert not settings_of_nobody.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_is_broken_is_named_and_the_code_is_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def skip(_folder: Path) -> list[object]:
        return []

    monkeypatch.setattr(self_test_module, "_screen", skip)
    monkeypatch.setattr(self_test_module, "SECONDS", 0.01)
    frame = Simulation.frame

    def wrong(self: Simulation, *args: object, **options: object) -> object:
        import dataclasses

        bad = Agreement(99.0, 0.0, 0.5, "disagrees")
        return dataclasses.replace(frame(self, *args, **options), agreement=bad)  # type: ignore[arg-type]

    monkeypatch.setattr(Simulation, "frame", wrong)
    monkeypatch.setattr(self_test_module, "LIBRARIES", ("no-such-library",))

    def lost(*_: object) -> None:
        raise FileNotFoundError("ice-cream.gumbel")

    with monkeypatch.context() as patch:
        patch.setattr(resources, "names", lost)
        assert self_test(tmp_path) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "Not everything works: resources, engine."
    assert [line for line in said if line.startswith("FAIL")] != []
    assert any("ice-cream.gumbel" in line for line in said)


def test_bad_settings_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{")
    lines = list(self_test_module._guarded(self_test_module._settings, tmp_path))
    assert [well for well, _, _ in lines] == [False]
    assert "\n" not in lines[0][2]


def test_the_words_of_the_command_line() -> None:
    assert read_arguments(["--self-test"]) == SelfTestOrder(None)
    assert read_arguments(["--self-test", "--settings-dir", "x"]) == SelfTestOrder(Path("x"))
    assert read_arguments(["--new"]) == WindowOrder(None, new=True)
    assert read_arguments(["--safe-mode", "ice-cream"]) == WindowOrder("ice-cream", safe_mode=True)
    assert read_arguments(["--reset-settings"]) == WindowOrder(None, reset_settings=True)
    for words in (["--self-test", "ice-cream"], ["--new", "ice-cream"], ["--self-test", "--new"], ["--new=3"]):
        with pytest.raises(ValueError, match=r"\.$"):
            read_arguments(words)


def test_the_help_names_them(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_arguments(["--help"])
    said = capsys.readouterr().out
    for word in ("--settings-dir", "--new", "--safe-mode", "--reset-settings", "--self-test"):
        assert word in said
