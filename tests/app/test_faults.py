"""Faults of our own: one dialog, wherever and however often they happen, and a log that helps to mend them."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.faults import AGAIN_AFTER, Faults, make_report
from gumbelviz.app.library import load_builtin
from gumbelviz.app.logs import LARGEST, Log, without_home
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.views.dialogs.crash import CrashDialog
from gumbelviz.views.guard import guarded
from gumbelviz.views.pages.noise import NoisePage
from gumbelviz.views.pages.pipeline import PipelinePage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Trouble:
    """A program with its hooks, and a clock that a test can move."""

    def __init__(self, tmp_path: Path) -> None:
        self.now = 0.0
        self.interrupted = 0
        self.program = Program(load_builtin("movie-night"), "light")
        self.program.store.watch(running=False)
        self.log = Log(tmp_path)
        self.faults = Faults(self.program, self.log, self._interrupt, lambda: self.now)
        self.program.window.resize(1280, 720)
        self.program.window.show()
        self.faults.install()

    def _interrupt(self) -> None:
        self.interrupted += 1

    @property
    def dialog(self) -> CrashDialog | None:
        QApplication.processEvents()
        return self.faults.dialog

    def logged(self) -> str:
        assert self.log.path is not None
        return self.log.path.read_text("utf-8") if self.log.path.exists() else ""


@pytest.fixture
def trouble(qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Trouble]:
    made = Trouble(tmp_path)
    yield made
    made.faults.remove()
    end(qapp, made.program)


def fail(text: str = "boom") -> None:
    raise ArithmeticError(text)


def happen(text: str = "boom") -> None:
    """Fail as a slot does: the exception reaches the hook."""
    try:
        fail(text)
    except ArithmeticError:
        sys.excepthook(*sys.exc_info())


def happen_elsewhere() -> None:
    happen()


def test_a_fault_is_one_sentence_with_four_ways_on(trouble: Trouble, capsys: pytest.CaptureFixture[str]) -> None:
    happen()
    dialog = trouble.dialog
    assert dialog is not None
    assert dialog.isVisible()
    sentence = dialog.sentence.text()
    assert "ArithmeticError in test_faults.py, line" in sentence
    assert sentence.endswith("Your work is still here.")
    assert "Traceback" not in sentence
    assert [button.isVisible() for button in (dialog.save, dialog.report, dialog.go_on, dialog.quit)] == [True] * 4
    assert capsys.readouterr().err.count("ArithmeticError: boom") == 1
    assert "ArithmeticError: boom" in trouble.logged()
    dialog.report.click()
    report = QApplication.clipboard().text()
    assert "GumbelViz" in report
    assert "ArithmeticError: boom" in report
    assert "PySide6" in report
    dialog.go_on.click()
    assert trouble.dialog is None
    assert trouble.program.window.isVisible()


def test_a_hundred_faults_of_one_place_are_one_dialog(trouble: Trouble, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(100):
        happen()
    dialog = trouble.dialog
    assert dialog is not None
    assert "meanwhile" not in dialog._more.text()
    assert capsys.readouterr().err.count("ArithmeticError: boom") == 1
    dialog.go_on.click()
    for _ in range(100):
        happen()
    assert trouble.dialog is None
    trouble.now += AGAIN_AFTER + 0.1
    happen()
    assert trouble.dialog is not None


def test_faults_of_other_places_join_the_open_dialog(trouble: Trouble) -> None:
    happen()
    first = trouble.dialog
    try:
        raise KeyError("x")
    except KeyError:
        sys.excepthook(*sys.exc_info())
    assert trouble.dialog is first is not None
    assert "Another fault happened" in first._more.text()
    assert len([widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CrashDialog)]) == 1


def test_faults_of_threads_and_destructors_are_shown_by_the_window(trouble: Trouble) -> None:
    thread = threading.Thread(target=fail, args=("from a thread",))
    thread.start()
    thread.join()
    assert trouble.faults.dialog is None
    dialog = trouble.dialog
    assert dialog is not None
    assert dialog.thread() is trouble.program.window.thread()
    dialog.go_on.click()

    class Dying:
        def __del__(self) -> None:
            raise OSError("from a destructor")

    dying = Dying()
    del dying
    dialog = trouble.dialog
    assert dialog is not None
    assert "OSError" in dialog.sentence.text()
    assert "from a destructor" in trouble.logged()


def test_ctrl_c_is_no_fault(trouble: Trouble) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert trouble.interrupted == 1
    assert trouble.dialog is None
    assert trouble.logged() == ""


def test_quit_ends_the_program_and_memory_has_words_of_its_own(trouble: Trouble) -> None:
    sys.excepthook(MemoryError, MemoryError(), None)
    dialog = trouble.dialog
    assert dialog is not None
    assert "memory" in dialog.sentence.text()
    dialog.quit.click()
    assert not trouble.program.window.isVisible()


def test_the_hooks_come_back(qapp: QApplication, tmp_path: Path) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    made = Trouble(tmp_path)
    assert sys.excepthook != before[0]
    made.faults.remove()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    end(qapp, made.program)


# Pages --------------------------------------------------------------------------------------------------------


class Torn(QWidget):
    """Fails whenever it is painted."""

    painted = 0

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        Torn.painted += 1
        fail("torn")


def test_a_page_that_raises_while_painting_is_one_dialog(trouble: Trouble) -> None:
    trouble.program.show_still(100)
    page = trouble.program.pager.page
    assert page is not None
    torn = [Torn(page) for _ in range(20)]
    for widget in torn:
        widget.setGeometry(0, 0, 50, 50)
        widget.show()
    for _ in range(20):
        page.repaint()
        for widget in torn:
            widget.repaint()
    dialog = trouble.dialog
    assert dialog is not None
    assert Torn.painted == len(torn)
    assert len([widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CrashDialog)]) == 1
    assert trouble.logged().count("ArithmeticError: torn") == 1
    for id in ("noise", "simplex", "pipeline"):
        trouble.program.turn(id)
        trouble.program.window.grab()
    assert trouble.logged().count("fault:") == 1


def test_a_page_that_fails_to_draw_is_left_alone_and_the_others_go_on(
    trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = trouble.program
    program.show_still(100)
    drawn = {"pipeline": 0, "noise": 0}

    def broken(*_: object) -> None:
        drawn["pipeline"] += 1
        fail("no drawing")

    draw = NoisePage.draw

    def counted(self: NoisePage, *args: object) -> None:
        drawn["noise"] += 1
        draw(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(PipelinePage, "draw", broken)
    monkeypatch.setattr(NoisePage, "draw", counted)
    for _ in range(50):
        program._draw_again()
    assert drawn["pipeline"] == 1
    assert trouble.dialog is not None
    program.wish("logit", (0, 1.0))
    assert program.store.state.settings.logits[0] == 1.0
    program.turn("noise")
    assert drawn["noise"] >= 1
    program.turn("pipeline")
    # Another chance, and the same end.
    assert drawn["pipeline"] == 2


def test_a_page_that_cannot_be_made_says_so(trouble: Trouble, monkeypatch: pytest.MonkeyPatch) -> None:
    trouble.program.show_still(100)
    with monkeypatch.context() as patch:
        patch.setattr(NoisePage, "__init__", lambda *_: fail("no page"))
        trouble.program.turn("noise")
        assert type(trouble.program.pager.page).__name__ == "BrokenPage"
        trouble.program.turn("pipeline")
        assert isinstance(trouble.program.pager.page, PipelinePage)
    assert trouble.dialog is not None
    trouble.program.turn("noise")
    assert isinstance(trouble.program.pager.page, NoisePage)


# The log ------------------------------------------------------------------------------------------------------


def test_the_log_turns_over(tmp_path: Path) -> None:
    log = Log(tmp_path)
    for i in range(2 * LARGEST // 1000 + 10):
        log.write("start", f"{i} " + "x" * 1000)
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "log").iterdir()}
    assert set(sizes) == {"gumbelviz.log", "gumbelviz.1.log"}
    assert max(sizes.values()) < LARGEST + 5000


def test_a_log_without_a_folder_or_on_a_bad_disk_is_in_memory(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")
    for log in (Log(), Log(tmp_path)):
        log.write("fault", "first\nsecond")
        log.watch_crashes()
        log.close()
        assert "fault: first\nsecond" in log.newest()


def test_neither_log_nor_report_names_the_person(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("USERPROFILE", "/home/ada")
    log = Log(tmp_path)
    log.write("fault", "in /home/ada/gumbelviz/x.py")
    assert log.path is not None
    assert "ada" not in log.path.read_text("utf-8")
    assert "~/gumbelviz/x.py" in log.path.read_text("utf-8")
    assert "ada" not in make_report(log, 'File "/home/ada/x.py"')
    monkeypatch.setenv("HOME", "/")
    assert without_home("/etc/x") == "/etc/x"


def test_messages_of_qt_reach_the_log(qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from gumbelviz.app.screen import catch_fatal_messages

    log = Log(tmp_path)
    before = qInstallMessageHandler(None)
    try:
        catch_fatal_messages(log.write)
        handler = cast("Callable[..., None]", qInstallMessageHandler(None))
        handler(QtMsgType.QtWarningMsg, QMessageLogContext(), "something odd")
    finally:
        qInstallMessageHandler(before)
    assert "Qt: default: something odd" in log.newest()
    assert "something odd" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_a_crash_of_the_process_leaves_its_stack(tmp_path: Path) -> None:
    import subprocess

    code = (
        "import sys, os, signal, pathlib; from gumbelviz.app.logs import Log; log = Log(pathlib.Path(sys.argv[1]));"
        "log.watch_crashes(); os.kill(os.getpid(), signal.SIGSEGV)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode < 0
    assert "Segmentation fault" in (tmp_path / "log" / "crash.log").read_text("utf-8")
    assert os.listdir(tmp_path) == ["log"]
