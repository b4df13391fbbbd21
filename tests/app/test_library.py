"""Finding scenes: by id, by path, and one sentence for whatever cannot be opened."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import resources
from gumbelviz.app.library import BUILT_IN, Undecided, find_scene, load_builtin
from gumbelviz.model.scene import Scene, write_scene
from gumbelviz.model.settings import make_settings

WINDOWS = os.name == "nt"


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(ValueError) as caught:
        read()
    message = str(caught.value)
    assert message[-1] in ".?" and "\n" not in message and len(message) < 400, message
    return message


def test_every_scene_in_the_resources_is_listed() -> None:
    assert {f"{scene_id}.gumbel" for scene_id in BUILT_IN} == set(resources.names("scenes"))
    assert BUILT_IN[0] == "ice-cream"


@pytest.mark.parametrize("scene_id", BUILT_IN)
def test_an_id_names_a_scene(scene_id: str) -> None:
    assert find_scene(scene_id) == load_builtin(scene_id)


@pytest.mark.parametrize(
    ("typed", "meant"), [("icecream", "ice-cream"), ("Ice-Cream", "ice-cream"), ("ten_digits", "ten-digits")]
)
def test_an_unknown_id_suggests_the_nearest(typed: str, meant: str) -> None:
    assert refusal(lambda: find_scene(typed)).endswith(f'did you mean "{meant}"?')


def test_nothing_near_is_not_suggested() -> None:
    assert refusal(lambda: find_scene("qqqqqqqqq")) == 'There is no built-in scene "qqqqqqqqq".'
    refusal(lambda: find_scene(""))
    refusal(lambda: find_scene("x" * 100_000))
    refusal(lambda: find_scene("a\0b.csv"))


def test_files_are_opened(tmp_path: Path) -> None:
    scene = Scene(title="Mine", settings=make_settings((1.0, 2.0), ("a", "b")))
    path = tmp_path / "mine.GUMBEL"
    path.write_bytes(write_scene(scene))
    assert find_scene(str(path)) == scene
    (tmp_path / "scores.csv").write_text("a,2\nb,1.5")
    mine = find_scene(str(tmp_path / "scores.csv"))
    assert isinstance(mine, Scene)
    assert mine.title == "scores"
    assert mine.settings.logits == (2.0, 1.5)


def test_numbers_that_could_be_both_are_undecided(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text("a,0.75\nb,0.25")
    found = find_scene(str(path))
    assert isinstance(found, Undecided)
    assert found.title == "shares"
    assert found.decide("logits").settings.logits == (0.75, 0.25)
    decided = find_scene(str(path), "probabilities")
    assert decided == found.decide("probabilities")
    assert isinstance(decided, Scene)
    assert decided.settings.score_input == "probabilities"


def test_what_is_no_readable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "huge.csv").write_bytes(b"1\n" * (2 * 2**20 + 1))
    (tmp_path / "empty.gumbel").touch()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "broken.csv").write_text("a,1\nb,x")
    assert refusal(lambda: find_scene("missing.csv")) == 'There is no file "missing.csv".'
    assert refusal(lambda: find_scene("./missing")) == 'There is no file "missing".'
    assert "is a folder" in refusal(lambda: find_scene("folder.csv"))
    assert "is a folder" in refusal(lambda: find_scene("folder"))
    assert "4 MiB" in refusal(lambda: find_scene("huge.csv"))
    assert "is empty" in refusal(lambda: find_scene("empty.gumbel"))
    assert ".gumbel" in refusal(lambda: find_scene("picture.png"))
    assert refusal(lambda: find_scene("broken.csv")) == '"broken.csv": Line 2: "x" is not a number.'
    assert "too long" in refusal(lambda: find_scene("x" * 5000 + ".csv"))


@pytest.mark.skipif(WINDOWS, reason="devices, pipes and sockets have no path there")
def test_devices_pipes_and_sockets_are_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.csv")
    os.symlink("/dev/zero", "zero.csv")
    os.symlink("loop.csv", "loop.csv")
    os.symlink("nowhere", "dangling.csv")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.csv")
        for name in ("pipe.csv", "zero.csv", "socket.csv", "/dev/null"):
            assert "not an ordinary file" in refusal(partial(find_scene, name))
    refusal(lambda: find_scene("loop.csv"))
    assert "no file" in refusal(lambda: find_scene("dangling.csv"))
    Path("good.csv").write_text("1\n2")
    os.symlink("good.csv", "link.csv")
    assert isinstance(find_scene("link.csv"), Scene)


@pytest.mark.skipif(WINDOWS or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("1\n2")
    path.chmod(0)
    assert "may not be read" in refusal(lambda: find_scene(str(path)))
