"""The settings file: where it is, what becomes of a bad one, and that nothing of it stops the program."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.app import keeper as keeper_module
from gumbelviz.app.keeper import Keeper
from gumbelviz.app.settings_file import (
    NAME,
    VARIABLE,
    read_quietly,
    read_settings,
    set_aside,
    settings_folder,
    write_settings,
)
from gumbelviz.model.preferences import Preferences, changed, read_preferences

DARK = changed(Preferences(), theme="dark")


def test_the_folder_is_the_one_that_qt_would_name(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    names = QCoreApplication.organizationName(), QCoreApplication.applicationName()
    QCoreApplication.setOrganizationName("GumbelViz")
    QCoreApplication.setApplicationName("GumbelViz")
    try:
        ours = str(settings_folder()).replace(os.sep, "/")
        assert ours == QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    finally:
        QCoreApplication.setOrganizationName(names[0])
        QCoreApplication.setApplicationName(names[1])


def test_an_argument_comes_before_the_variable_and_that_before_the_platform(tmp_path: Path) -> None:
    variable = {VARIABLE: str(tmp_path / "b"), "XDG_CONFIG_HOME": "/c", "LOCALAPPDATA": "/d"}
    assert settings_folder(tmp_path / "a", variable, "linux") == tmp_path / "a"
    assert settings_folder(None, variable, "linux") == tmp_path / "b"
    del variable[VARIABLE]
    assert settings_folder(None, variable, "linux") == Path("/c/GumbelViz/GumbelViz")
    assert settings_folder(None, {"XDG_CONFIG_HOME": "relative"}, "linux").parts[-3:] == (
        ".config",
        "GumbelViz",
        "GumbelViz",
    )
    assert settings_folder(None, variable, "win32") == Path("/d/GumbelViz/GumbelViz")
    assert "Preferences" in settings_folder(None, variable, "darwin").parts


def test_the_tests_stay_away_from_home(settings_of_nobody: Path) -> None:
    assert settings_folder() == settings_of_nobody
    assert not settings_of_nobody.exists()


def test_nothing_there_is_nothing_said(tmp_path: Path) -> None:
    found = read_settings(tmp_path / "nowhere")
    assert (found.preferences, found.said, found.writable) == (Preferences(), (), True)
    assert os.listdir(tmp_path) == []


def test_it_is_written_with_its_folder_and_read(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    write_settings(folder, DARK)
    assert os.listdir(folder) == [NAME]
    assert read_settings(folder).preferences == read_quietly(folder) == DARK


def test_a_corrupt_file_is_kept_aside_and_said_once(tmp_path: Path) -> None:
    for i, data in enumerate((b"{", b"\0" * 100, b"[]", b""), 1):
        (tmp_path / NAME).write_bytes(data)
        found = read_settings(tmp_path)
        assert found.preferences == Preferences()
        assert len(found.said) == 1
        assert f"settings.damaged-{i}.json" in found.said[0]
        assert found.said[0].endswith(".")
        assert (tmp_path / f"settings.damaged-{i}.json").read_bytes() == data
        assert read_settings(tmp_path).said == ()


def test_skipped_keys_are_named_in_one_sentence(tmp_path: Path) -> None:
    write_settings(tmp_path, DARK)
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes().replace(b'"zoom": 1.0', b'"zoom": 100').replace(b'"calm"', b'"clam"'))
    found = read_settings(tmp_path)
    assert found.preferences == DARK
    assert found.said == ('In the settings file this was skipped: "zoom", "clam".',)


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    newer = b'{"format": "gumbelviz settings", "version": 9}'
    (tmp_path / NAME).write_bytes(newer)
    found = read_settings(tmp_path)
    assert not found.writable
    assert "newer" in found.said[0]
    assert (tmp_path / NAME).read_bytes() == newer


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    found = read_settings(tmp_path)
    assert found.preferences == Preferences()
    assert len(found.said) == 1
    assert read_quietly(tmp_path) == Preferences()


def test_setting_aside_never_overwrites(tmp_path: Path) -> None:
    assert set_aside(tmp_path, "damaged") is None
    for i in range(1, 4):
        (tmp_path / NAME).write_bytes(b"x" * i)
        aside = set_aside(tmp_path, "damaged")
        assert aside is not None
        assert aside.stat().st_size == i
    assert len(os.listdir(tmp_path)) == 3


# While the window is open -----------------------------------------------------------------------------------


def test_many_changes_are_written_once_and_after_a_rest(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Preferences] = []
    monkeypatch.setattr(keeper_module, "write_settings", lambda _folder, value: written.append(value))
    keeper = Keeper(Preferences(), tmp_path)
    keeper._timer.setInterval(50)
    for zoom in (1.1, 1.2, 1.3):
        keeper.change(zoom=zoom)
    assert written == []
    qtbot.waitUntil(lambda: bool(written), timeout=5000)
    assert [value.zoom for value in written] == [1.3]
    keeper.change(zoom=1.4)
    keeper.change(zoom=1.3)
    keeper.write()
    assert len(written) == 1


def test_without_a_folder_nothing_is_written(qapp: QApplication, settings_of_nobody: Path) -> None:
    keeper = Keeper()
    keeper.change(theme="dark")
    keeper.write()
    assert not keeper._timer.isActive()
    assert not settings_of_nobody.exists()


def test_listeners_hear_before_and_after_and_only_of_changes(qapp: QApplication) -> None:
    heard: list[tuple[str, str]] = []

    def listen(before: Preferences, after: Preferences) -> None:
        heard.append((before.theme, after.theme))

    keeper = Keeper()
    keeper.listen(listen)
    keeper.change(theme="dark")
    keeper.change(theme="dark")
    with pytest.raises(ValueError, match="purple"):
        keeper.change(theme="purple")
    keeper.forget(listen)
    keeper.change(theme="light")
    assert heard == [("system", "dark")]


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_that_takes_nothing_is_said_once(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    said: list[str] = []
    keeper = Keeper(Preferences(), tmp_path)
    keeper.failed = said.append
    with monkeypatch.context() as patch:
        patch.setattr(keeper_module, "write_settings", fail)
        for theme in ("dark", "light"):
            keeper.change(theme=theme)
            keeper.write()
    assert len(said) == 1
    assert said[0].endswith("They hold until you quit.")
    assert keeper.value.theme == "light"
    keeper.write()
    assert read_preferences((tmp_path / NAME).read_bytes())[0].theme == "light"


def test_commands_without_a_window_write_nothing(settings_of_nobody: Path, tmp_path: Path) -> None:
    """And `simulate` takes the number of cores from there, without Qt."""
    command = [sys.executable, str(Path(__file__).parents[2] / "main.py"), "simulate", "--draws", "100"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert not settings_of_nobody.exists()
    write_settings(settings_of_nobody, changed(Preferences(), threads=2))
    code = (
        "import sys; from gumbelviz.app.settings_file import read_quietly, settings_folder;"
        "print(read_quietly(settings_folder()).threads, [m for m in sys.modules if m.startswith('PySide6')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.stdout.strip() == "2 []"
