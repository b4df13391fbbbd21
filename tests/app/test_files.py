"""The document and its file: files of late, copies, seeds, and a disk that refuses."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from gumbelviz.app import files as files_module
from gumbelviz.app.keeper import Keeper
from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.model.preferences import MOST_RECENT, Preferences, changed
from gumbelviz.model.scene import read_scene, write_scene

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Asked:
    """What dialogs were opened with, and what they answer."""

    name = ""
    start = ""


class Chooser(QFileDialog):
    @staticmethod
    def getOpenFileName(*args: object, **_: object) -> tuple[str, str]:
        Asked.start = str(args[2])
        return Asked.name, ""

    @staticmethod
    def getSaveFileName(*args: object, **_: object) -> tuple[str, str]:
        Asked.start = str(args[2])
        return Asked.name, ""


class Unasked(QMessageBox):
    def exec(self) -> int:
        raise AssertionError(self.text())


@pytest.fixture
def program(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """Without plots and engine; any question fails the test."""
    monkeypatch.setattr(files_module, "QFileDialog", Chooser)
    monkeypatch.setattr(files_module, "QMessageBox", Unasked)
    made = Program(load_builtin("two-options"), keeper=Keeper(changed(Preferences(), theme="light", seed=99)))
    yield made
    end(qapp, made)


def scene_file(path: Path, scene_id: str = "movie-night") -> Path:
    path.write_bytes(write_scene(load_builtin(scene_id)))
    return path


def entries(program: Program) -> list[str]:
    return [action.text() for action in program.files.recent_menu.actions() if action.text()]


def test_files_of_late_come_first_once_and_not_too_many(program: Program, tmp_path: Path) -> None:
    assert entries(program) == ["Nothing was opened yet"]
    paths = [scene_file(tmp_path / f"{i}.gumbel") for i in range(MOST_RECENT + 3)]
    for path in (*paths, paths[5]):
        program.files.open_path(path)
    recent = program.keeper.value.recent
    assert recent[0] == str(paths[5])
    assert recent[1] == str(paths[-1])
    assert len(recent) == len(set(recent)) == MOST_RECENT == 10
    assert entries(program)[0] == "&1 5.gumbel"
    assert len(entries(program)) == MOST_RECENT + 1
    program.files.recent_menu.actions()[1].trigger()
    assert program.store.state.path == paths[-1]
    program.files.recent_menu.actions()[-1].trigger()
    assert program.keeper.value.recent == ()


def test_a_file_that_is_gone_is_said_and_leaves_the_list(program: Program, tmp_path: Path) -> None:
    path = scene_file(tmp_path / "a & b.gumbel")
    program.files.open_path(path)
    assert entries(program)[0] == "&1 a && b.gumbel"
    path.unlink()
    program.files.new()
    before = program.store.state
    program.files.recent_menu.actions()[0].trigger()
    assert program.store.state == before
    assert "no longer" in program.window.message
    assert program.window.message.endswith("list.")
    assert program.keeper.value.recent == ()


def test_two_of_one_name_say_their_folders(program: Program, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        program.files.open_path(scene_file(tmp_path / folder / "same.gumbel"))
    assert entries(program)[:2] == ["&1 same.gumbel  (two)", "&2 same.gumbel  (one)"]


def test_numbers_and_saved_files_are_of_late_too(program: Program, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,1.5\nb,2.5\n", "utf-8")
    program.files.open_path(tmp_path / "own.csv")
    Asked.name = str(tmp_path / "saved.gumbel")
    program.files.save_as()
    assert program.keeper.value.recent == (str(tmp_path / "saved.gumbel"), str(tmp_path / "own.csv"))


def test_a_name_that_is_no_text_is_opened_but_not_remembered(program: Program, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"night-\xff.gumbel")
    try:
        scene_file(path)
    except OSError:
        pytest.skip("this disk has no such names")
    program.files.open_path(path)
    assert program.store.state.path == path
    assert program.keeper.value.recent == ()
    assert program.files.origin is None


def test_new_documents_and_numbers_have_the_chosen_seed_and_scenes_their_own(program: Program, tmp_path: Path) -> None:
    program.files.new()
    assert program.store.state.settings.seed == 99
    (tmp_path / "own.csv").write_text("a,1.5\nb,2.5\n", "utf-8")
    program.files.open_path(tmp_path / "own.csv")
    assert program.store.state.settings.seed == 99
    assert not program.store.state.edited
    program.files.open_path(scene_file(tmp_path / "night.gumbel"))
    assert program.store.state.settings.seed == load_builtin("movie-night").settings.seed != 99


def test_a_copy_leaves_the_document_and_its_mark(program: Program, tmp_path: Path) -> None:
    program.files.open_path(scene_file(tmp_path / "night.gumbel"))
    program.wish("logit", (0, 9.0))
    Asked.name = str(tmp_path / "copy")
    assert program.files.save_copy()
    assert Asked.start == str(tmp_path / "Movie night copy.gumbel")
    assert read_scene((tmp_path / "copy.gumbel").read_bytes()).settings.logits[0] == 9.0
    assert read_scene((tmp_path / "night.gumbel").read_bytes()).settings.logits[0] == 2.0
    assert program.store.state.path == tmp_path / "night.gumbel"
    assert program.store.state.edited
    program.store.undo()


def test_dialogs_begin_where_the_work_is(program: Program, tmp_path: Path) -> None:
    Asked.name = ""
    program.files.open_dialog()
    assert Asked.start == ""
    program.files.open_path(scene_file(tmp_path / "night.gumbel"))
    program.files.open_dialog()
    assert Asked.start == str(tmp_path)
    program.files.new()
    program.files.open_dialog()
    assert Asked.start == str(tmp_path)


def test_a_title_becomes_a_name_that_disks_take(program: Program) -> None:
    assert files_module._as_file_name('a/b\\c:d*e?"<f>|.') == "a-b-c-d-e---f--"
    assert files_module._as_file_name("...") == "Untitled"
    assert files_module._as_file_name("x" * 300) == "x" * 80


def origin(program: Program) -> str | None:
    return program.files.origin


def test_where_a_document_comes_from(program: Program, tmp_path: Path) -> None:
    assert origin(program) is None
    program.files.open_builtin("hiring")
    assert origin(program) == "hiring"
    program.wish("logit", (0, 1.25))
    assert origin(program) == "hiring"
    program.store.undo()
    program.files.new()
    assert origin(program) is None
    program.files.open_path(scene_file(tmp_path / "night.gumbel"))
    assert origin(program) == str(tmp_path / "night.gumbel")


def test_the_way_back_survives_turning_pages(program: Program) -> None:
    before = program.store.state.settings
    program.wish("logit", (0, 1.0))
    for page in ("noise", "learning", "simplex"):
        program.turn(page)
        program.wish("temperature", 0.1 * len(page))
    assert program.actions["undo"].text() == "&Undo change the temperature"
    for page in ("pipeline", "temperature", "gradients", "margins"):
        program.turn(page)
        program.actions["undo"].trigger()
    assert program.store.state.settings == before
    assert not program.actions["undo"].isEnabled()


# A disk that refuses: every operation of a save fails in turn, until none does. -----------------------------

CALLS = ("open", "write", "fsync", "chmod", "replace", "stat", "close")
CODES = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS)


class FailingDisk:
    """Counts the operations on files, and lets number `fatal` fail, and from then on all of them if it lasts."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path, code: int, fatal: int, lasting: bool) -> None:
        self.count, self.code, self.fatal, self.lasting, self.failed = 0, code, fatal, lasting, False
        self._mine = str(folder)
        for name in CALLS:
            patch.setattr(os, name, self._wrap(getattr(os, name), name))

    def _wrap(self, call: Callable[..., object], name: str) -> Callable[..., object]:
        def wrapped(*args: object, **options: object) -> object:
            if name in ("open", "stat", "chmod", "replace") and self._mine not in str(args[0]):
                return call(*args, **options)
            self.count += 1
            if self.count == self.fatal or (self.lasting and self.count > self.fatal and name != "close"):
                self.failed = True
                if name == "close":
                    call(*args, **options)
                raise OSError(self.code, os.strerror(self.code))
            return call(*args, **options)

        return wrapped


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("code", CODES, ids=errno.errorcode.get)
def test_whatever_fails_the_old_file_is_whole_and_the_document_still_changed(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, lasting: bool
) -> None:
    path = scene_file(tmp_path / "night.gumbel")
    program.files.open_path(path)
    for fatal in range(1, 60):
        old = path.read_bytes()
        program.wish("logit", (0, 10.0 + fatal))
        with monkeypatch.context() as patch:
            disk = FailingDisk(patch, tmp_path, code, fatal, lasting)
            saved = program.files.save()
        if not disk.failed:
            break
        if saved:
            # The failure came after the file was safe, or had another way.
            assert read_scene(path.read_bytes()) == program.store.state.scene
        else:
            assert path.read_bytes() == old
            assert program.store.state.edited
            assert os.strerror(code) in program.window.message
            assert program.window.message.endswith("Nothing was lost.")
    assert saved
    assert fatal > 6
    print(f"{errno.errorcode[code]}: {fatal - 1} operations failed in turn")
    assert read_scene(path.read_bytes()).settings.logits[0] == 10.0 + fatal
    left = [name for name in os.listdir(tmp_path) if name != path.name]
    # On a disk that can only be read from now on, the half-written file cannot be taken away either.
    assert left == [] or lasting
