"""Large files are read beside the window, small ones at once; the newest file asked for is the one that opens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import Undecided
from gumbelviz.app.reader import LARGE, Reader
from gumbelviz.model.scene import Scene


class Desk:
    """A reader, and what it handed on."""

    def __init__(self) -> None:
        self.opened: list[tuple[Scene | Undecided, Path]] = []
        self.failed: list[str] = []
        self.reader = Reader(lambda found, path: self.opened.append((found, path)), self.failed.append)

    def titles(self) -> list[str]:
        return [found.title for found, _ in self.opened]


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    return Desk()


def scores(path: Path, count: int) -> Path:
    np.save(path, np.linspace(-9.0, 3.0, count, dtype=np.float32))
    assert (path.stat().st_size >= LARGE) == (count > 50_000)
    return path


def test_a_small_file_is_there_at_once(desk: Desk, tmp_path: Path) -> None:
    desk.reader.open(scores(tmp_path / "small.npy", 10))
    assert desk.titles() == ["small"]


def test_a_large_file_comes_later(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.reader.open(scores(tmp_path / "large.npy", 128_256))
    assert desk.titles() == []
    qtbot.waitUntil(lambda: bool(desk.opened))
    found, path = desk.opened[0]
    assert isinstance(found, Scene)
    assert len(found.settings.options) == 128_256
    assert path == tmp_path / "large.npy"
    assert desk.failed == []
    desk.reader.stop()


def test_the_newest_file_wins(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("one", "two"):
        desk.reader.open(scores(tmp_path / f"{name}.npy", 100_000))
    qtbot.waitUntil(lambda: bool(desk.opened))
    qtbot.wait(20)
    assert desk.titles() == ["two"]
    desk.reader.open(scores(tmp_path / "three.npy", 100_000))
    desk.reader.open(scores(tmp_path / "four.npy", 10))
    qtbot.wait(20)
    assert desk.titles() == ["two", "four"]
    desk.reader.stop()


def test_a_large_file_that_is_wrong_is_one_sentence(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "wrong.npy"
    np.save(path, np.full(100_000, np.nan))
    desk.reader.open(path)
    qtbot.waitUntil(lambda: bool(desk.failed))
    assert desk.failed[0].endswith("Entry 1 is not a number.")
    assert desk.opened == []
    desk.reader.stop()


def test_stopping_forgets_what_is_being_read(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.reader.open(scores(tmp_path / "large.npy", 100_000))
    desk.reader.stop()
    qtbot.wait(20)
    assert desk.opened == []
    assert desk.failed == []


def test_a_file_that_is_not_there(desk: Desk, tmp_path: Path) -> None:
    desk.reader.open(tmp_path / "none.npy")
    assert desk.failed[0].startswith("There is no file")
