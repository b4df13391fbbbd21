"""Recovery: put aside while edited, offered once after a crash, never falsely."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace as with_fields
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app import recovery as recovery_module
from gumbelviz.app import recovery_file
from gumbelviz.app.library import load_builtin
from gumbelviz.app.recovery import EVERY, Recovery
from gumbelviz.app.recovery_file import FOLDER, Lock, Place, decode, encode
from gumbelviz.app.store import Store
from gumbelviz.model.scene import Scene, write_scene
from gumbelviz.model.settings import Transport, make_settings

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
TOP = Path(__file__).parents[2]


class Answering(QMessageBox):
    answer = ""
    asked: list[str] = []  # noqa: RUF012

    def exec(self) -> int:
        Answering.asked.append(f"{self.text()} {self.informativeText()}")
        next(button for button in self.buttons() if button.text() == Answering.answer).click()
        return 0


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    Answering.asked.clear()
    monkeypatch.setattr(recovery_module, "QMessageBox", Answering)

    def press(button: str) -> None:
        Answering.answer = button

    return press


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


class Session:
    """A store with its recovery, and a clock that a test can move."""

    def __init__(self, folder: Path, scene: Scene | None = None, every: float = 0.0) -> None:
        self.now = 0.0
        self.store = Store(scene or load_builtin("two-options"), Transport())
        self.wanted = True
        self.said: list[str] = []
        self.recovery = Recovery(self.store, folder, lambda: self.wanted, lambda: self.now, every)
        self.recovery.complain = self.said.append
        self.left = self.recovery.begin()

    def document(self) -> Path | None:
        place = self.recovery._place
        return place.path if place is not None and place.path.exists() else None

    def edited(self) -> bool:
        return self.store.state.edited

    def write(self) -> None:
        self._wait()
        self.recovery.write()
        self._wait()

    def _wait(self) -> None:
        if self.recovery._thread is not None:
            self.recovery._thread.join()

    def offer(self, parent: QWidget) -> None:
        self.recovery.offer(self.left, parent, self.said.append)


@pytest.fixture
def open_session(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Session]]:
    made: list[Session] = []

    def open_it(**options: float) -> Session:
        made.append(Session(tmp_path, **options))  # type: ignore[arg-type]
        return made[-1]

    yield open_it
    for session in made:
        session.recovery.stop()


Open = Callable[..., Session]


def crash(tmp_path: Path, scene: Scene, path: Path | None = None) -> Path:
    """Leave behind what a killed program leaves: its document, and a lock that nobody holds."""
    folder = tmp_path / FOLDER
    folder.mkdir(exist_ok=True)
    name = f"{os.getpid()}-{len(os.listdir(folder))}"
    (folder / f"{name}.lock").touch()
    document = folder / f"{name}.json"
    document.write_bytes(encode(scene, path))
    return document


def edited(value: float = 7.0) -> Scene:
    return Scene(title="Mine", settings=make_settings([value, 0.5, -0.25]))


# Putting aside ----------------------------------------------------------------------------------------------


def test_a_document_and_its_path_come_back_equal(tmp_path: Path) -> None:
    for path in (None, tmp_path / "ü 🍦.gumbel"):
        left = decode(encode(edited(), path))
        assert (left.scene, left.path) == (edited(), path)
        assert abs(left.written - time.time()) < 60.0
    for data in (b"", b"{", b"[]", b'{"format": "x"}', encode(edited(), None)[:-5], b"x" * 5_000_000):
        with pytest.raises(ValueError, match=r"\.$"):
            decode(data)


def test_only_an_edited_document_is_put_aside_and_taken_away_when_it_is_saved(
    qtbot: QtBot, open_session: Open, tmp_path: Path
) -> None:
    session = open_session()
    assert session.left == []
    session.write()
    assert session.document() is None
    session.store.edit("logit", (0, 7.0))
    qtbot.waitUntil(lambda: session.document() is not None, timeout=10_000)
    session.store.turn("noise")
    session.write()
    document = session.document()
    assert document is not None
    assert decode(document.read_bytes()).scene == with_fields(session.store.state.scene, page="noise")
    session.store.mark_saved(tmp_path / "x.gumbel")
    assert session.document() is None
    session.store.edit("logit", (0, 8.0))
    session.write()
    assert session.document() is not None
    session.store.undo()
    assert session.document() is None
    session.store.edit("logit", (0, 9.0))
    session.write()
    session.store.open(load_builtin("hiring"))
    assert session.document() is None


def test_writings_are_apart_but_nothing_waits_longer_than_five_seconds(open_session: Open) -> None:
    assert EVERY < 5.0
    session = open_session(every=EVERY)
    timer = session.recovery._timer
    session.store.edit("logit", (0, 7.0))
    assert timer.isActive()
    assert timer.interval() < 1000
    session.write()
    for i in range(5):
        session.now += 0.1
        session.store.edit("logit", (0, 7.1 + i))
        # The first of them sets the time; the later ones do not push it away.
        assert timer.isActive()
        assert timer.interval() == pytest.approx(1000 * (EVERY - 0.1), abs=1)
    session.now += 100.0
    session.write()
    assert session.recovery._written_at == session.now


def test_it_can_be_switched_off_and_on(open_session: Open) -> None:
    session = open_session()
    session.store.edit("logit", (0, 7.0))
    session.write()
    session.wanted = False
    session.recovery.refresh()
    assert session.document() is None
    assert not session.recovery._timer.isActive()
    session.store.edit("logit", (0, 8.0))
    assert not session.recovery._timer.isActive()
    session.wanted = True
    session.recovery.refresh()
    assert session.recovery._timer.isActive()


def test_a_disk_that_refuses_is_said_once(
    qtbot: QtBot, open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session()

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(recovery_file, "write_file", fail)
    for value in (7.0, 8.0):
        session.store.edit("logit", (0, value))
        session.write()
    qtbot.waitUntil(lambda: bool(session.said), timeout=5000)
    assert session.said == ["Changes could not be put aside for a crash: no space left on device."]


def test_a_folder_that_cannot_be_made_is_said_and_the_rest_goes_on(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    session = Session(tmp_path)
    session.recovery._say("once is enough")
    assert session.left == []
    session.store.edit("logit", (0, 7.0))
    session.write()
    session.recovery.stop()


def test_the_folder_is_for_its_owner_alone(open_session: Open, tmp_path: Path) -> None:
    open_session()
    if os.name != "nt":
        assert (tmp_path / FOLDER).stat().st_mode & 0o077 == 0


# After a crash ----------------------------------------------------------------------------------------------


def test_what_was_left_is_offered_once_and_comes_back_as_an_edit_of_its_file(
    open_session: Open, answer: Callable[[str], None], parent: QWidget, tmp_path: Path
) -> None:
    path = tmp_path / "night.gumbel"
    path.write_bytes(write_scene(load_builtin("movie-night")))
    document = crash(tmp_path, edited(), path)
    session = open_session()
    answer("Recover")
    session.offer(parent)
    state = session.store.state
    assert (state.scene, state.path, state.edited) == (edited(), path, True)
    assert len(Answering.asked) == 1
    assert "Mine" in Answering.asked[0]
    assert str(path) in Answering.asked[0]
    assert not document.exists()
    assert not document.with_suffix(".lock").exists()
    # Before the old one was taken away it had a new place, should the next crash come at once.
    assert session.document() is not None
    assert open_session().left == []
    # Undo cannot make it clean: it is in no file as it is. Saving can.
    session.store.edit("logit", (0, 1.0))
    session.store.undo()
    assert session.edited() is True
    session.store.mark_saved(path)
    assert session.edited() is False
    assert session.document() is None


def test_discarded_is_gone_and_waved_away_is_kept(
    open_session: Open, answer: Callable[[str], None], parent: QWidget, tmp_path: Path
) -> None:
    crash(tmp_path, edited(1.0))
    session = open_session()
    answer("Discard")
    session.offer(parent)
    assert session.store.state.scene == load_builtin("two-options")
    assert session.said == []
    crash(tmp_path, edited(2.0))
    session = open_session()
    answer("Keep for later")
    session.offer(parent)
    assert session.store.state.scene == load_builtin("two-options")
    kept = list((tmp_path / FOLDER).glob("kept-*.gumbel"))
    assert len(kept) == 1
    assert str(kept[0]) in session.said[0]
    assert open_session().left == []
    assert len(Answering.asked) == 2


def test_of_several_one_opens_and_the_others_are_kept(
    open_session: Open, answer: Callable[[str], None], parent: QWidget, tmp_path: Path
) -> None:
    for value in (1.0, 2.0, 3.0):
        crash(tmp_path, edited(value))
    session = open_session()
    answer("Recover")
    session.offer(parent)
    assert session.store.state.scene == edited(1.0)
    assert len(Answering.asked) == 3
    assert len(list((tmp_path / FOLDER).glob("kept-*.gumbel"))) == 2
    assert open_session().left == []


def test_a_document_that_was_saved_at_the_last_moment_is_not_offered(
    open_session: Open, answer: Callable[[str], None], parent: QWidget, tmp_path: Path
) -> None:
    path = tmp_path / "mine.gumbel"
    path.write_bytes(write_scene(edited()))
    crash(tmp_path, edited(), path)
    session = open_session()
    session.offer(parent)
    assert Answering.asked == []
    assert open_session().left == []


def test_a_damaged_recovery_file_is_not_offered(
    open_session: Open, answer: Callable[[str], None], parent: QWidget, tmp_path: Path
) -> None:
    whole = encode(edited(), None)
    for end in range(0, len(whole), 97):
        crash(tmp_path, edited()).write_bytes(whole[:end])
    session = open_session()
    session.offer(parent)
    assert Answering.asked == []
    assert not session.store.state.edited
    assert list((tmp_path / FOLDER).glob("*.json")) == []


def test_a_clean_end_leaves_nothing(open_session: Open, tmp_path: Path) -> None:
    for keep in (False, True):
        session = open_session()
        session.store.edit("logit", (0, 7.0))
        session.write()
        if keep:
            # Ctrl-C on a document without changes is as clean.
            session.store.undo()
        session.recovery.stop(keep=keep)
        assert os.listdir(tmp_path / FOLDER) == []


def test_an_end_without_a_question_leaves_the_changes(open_session: Open) -> None:
    session = open_session()
    session.store.edit("logit", (0, 7.0))
    session.recovery.stop(keep=True)
    (lock, path), *others = open_session().left
    assert others == []
    assert decode(path.read_bytes()).scene.settings.logits[0] == 7.0
    lock.release()


# Who is alive -----------------------------------------------------------------------------------------------


def test_a_running_program_is_not_mistaken_for_a_crash(open_session: Open, tmp_path: Path) -> None:
    first = open_session()
    first.store.edit("logit", (0, 7.0))
    first.write()
    second = open_session()
    assert second.left == []
    assert first.document() is not None
    assert first.document() != second.document()


def test_another_process_holds_its_lock_until_it_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from gumbelviz.app.recovery_file import Place; place = Place(pathlib.Path(sys.argv[1]));"
        "place.path.write_text('x'); print(place.path, flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    document = Path(process.stdout.readline().strip())
    mine = Place(tmp_path)
    try:
        assert mine.dead_sessions() == []
        process.kill()
        process.communicate()
        ((lock, path),) = mine.dead_sessions()
        assert path == document
        # Held now: a third program that starts at this moment does not ask too.
        other = Place(tmp_path)
        assert other.dead_sessions() == []
        other.lock.drop()
        lock.drop()
    finally:
        mine.lock.drop()


def test_a_dead_session_without_a_document_is_tidied_up(open_session: Open, tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "1-dead.lock").touch()
    assert open_session().left == []
    assert not (folder / "1-dead.lock").exists()


def test_a_disk_without_locks_offers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(recovery_file, "_lock", fail)
    assert not Lock(tmp_path / "x.lock").take()
    with pytest.raises(OSError, match="locks"):
        Place(tmp_path)
