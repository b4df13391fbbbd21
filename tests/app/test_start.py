"""Opening the window, as `python3 main.py` does: with a screen, without one, with a dead one, and to the end."""

from __future__ import annotations

import ctypes
import functools
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.app.arguments import WindowOrder
from gumbelviz.app.library import load_builtin
from gumbelviz.app.logs import Log
from gumbelviz.app.program import Program
from gumbelviz.app.start import PICTURE, _reports, _signals, end, make_application, open_window
from gumbelviz.views.look import FONT, load_fonts

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
TOP = Path(__file__).parents[2]
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def environment(**screens: str) -> dict[str, str]:
    """This environment with these screens and no others."""
    kept = {name: value for name, value in os.environ.items() if name not in SCREENS}
    return {**kept, **screens}


def start(folder: Path, *words: str, **screens: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOP / "main.py"), *words]
    return subprocess.run(command, cwd=folder, env=environment(**screens), capture_output=True, text=True, timeout=100)


def run_code(code: str, folder: Path = TOP, **screens: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in a process of its own, with the source at hand."""
    path = {**environment(**screens), "PYTHONPATH": str(TOP)}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=path, capture_output=True, text=True, timeout=100
    )


# Without a screen -------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere there is always a screen.")
def test_without_a_screen_it_draws_a_picture_and_says_so(tmp_path: Path) -> None:
    done = start(tmp_path, "movie-night")
    assert done.returncode == 0
    assert done.stderr == ""
    said = done.stdout.splitlines()
    assert said[0] == f"No screen here, so this is the window as a picture: {tmp_path / PICTURE}"
    assert "1,000,000 draws" in said[1]
    assert [path.name for path in tmp_path.iterdir()] == [PICTURE] == ["gumbelviz.png"]
    image = QImage(str(tmp_path / PICTURE))
    assert (image.width(), image.height()) == (1600, 900)


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere there is always a screen.")
def test_without_a_screen_a_bad_scene_is_still_bad_input(tmp_path: Path) -> None:
    done = start(tmp_path, "movie-nihgt")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "movie-night" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere there is always a screen.")
def test_without_a_screen_and_without_a_place_for_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder that was taken away meanwhile, where nobody can write."""
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)
    gone = tmp_path / "gone"
    monkeypatch.setattr(Path, "cwd", classmethod(lambda _cls: gone))
    assert open_window(load_builtin("hiring"), WindowOrder("hiring")) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("No screen here, and ")
    assert len(said.err.strip().splitlines()) == 1


def xcb_can_be_loaded() -> bool:
    """Tell whether the libraries are there that Qt needs to ask an X server."""
    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    try:
        ctypes.CDLL(str(plugins / "platforms" / "libqxcb.so"))
    except OSError:
        return False
    return True


@pytest.mark.skipif(sys.platform != "linux" or not xcb_can_be_loaded(), reason="Libraries of X11 are missing.")
@pytest.mark.parametrize("platform", [None, "xcb"])
def test_a_dead_screen_is_one_sentence(tmp_path: Path, platform: str | None) -> None:
    screens = {"DISPLAY": ":987"} | ({"QT_QPA_PLATFORM": platform} if platform else {})
    done = start(tmp_path, **screens)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.strip() == (
        "The window cannot be opened. The screen :987 does not answer. "
        "Check DISPLAY, or unset it to get a picture instead."
    )
    assert list(tmp_path.iterdir()) == []


# From the beginning to the end ------------------------------------------------------------------------------

OPEN_AND_CLOSE = """
import sys, threading
from gumbelviz.app import program
from gumbelviz.app.cli import main
from PySide6.QtCore import QTimer

class Watched(program.Program):
    def start(self):
        super().start()
        self.clock = QTimer(self.window)
        self.clock.timeout.connect(self.look)
        self.clock.start(20)

    def look(self):
        if self._frame is not None and self._frame.draws > 1000:
            self.clock.stop()
            assert "gumbelviz-engine" in [thread.name for thread in threading.enumerate()]
            print(self.window.windowTitle(), flush=True)
            {end}

program.Program = Watched
code = main(sys.argv[1:])
print("threads", threading.active_count(), flush=True)
sys.exit(code)
"""


@pytest.mark.parametrize(
    "ending",
    [
        "self.actions['quit'].trigger()",
        "import os, signal; os.kill(os.getpid(), signal.SIGINT)",
        "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    ],
    ids=["quit", "Ctrl-C", "kill"],
)
def test_the_window_opens_runs_and_ends_with_0(ending: str) -> None:
    done = run_code(OPEN_AND_CLOSE.replace("{end}", ending), QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Ice cream – GumbelViz", "threads 1"]
    assert done.stderr == ""


def test_an_error_of_our_own_does_not_end_the_program() -> None:
    ending = """
            if not hasattr(self, "broken"):
                self.broken = True
                self.clock.start(20)
                raise ArithmeticError("boom")
            print(self.dialogs.faults.dialog.sentence.text(), flush=True)
            self.dialogs.faults.dialog.quit.click()
    """
    done = run_code(OPEN_AND_CLOSE.replace("{end}", ending), QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0
    assert done.stderr.count("ArithmeticError: boom") == 1
    assert "Something went wrong inside GumbelViz (ArithmeticError in <string>, line 23). Your work" in done.stdout
    assert "threads 1" in done.stdout


def test_the_frame_of_the_window_is_there_before_the_plots() -> None:
    """NumPy and pyqtgraph load after the window was painted first."""
    code = """
import sys
from gumbelviz.app import program, start
from gumbelviz.app.arguments import WindowOrder

class Watched(program.Program):
    def start(self):
        heavy = [name for name in ("numpy", "pyqtgraph", "scipy") if name in sys.modules]
        print(self.window.isVisible(), heavy, flush=True)
        self.quit()

program.Program = Watched
from PySide6.QtCore import QTimer
original = start.make_application
def make(arguments=None):
    application = original(arguments)
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, application.quit))
    return application
start.make_application = make
sys.exit(start.open_window(None, WindowOrder(None)))
"""
    done = run_code(code, QT_QPA_PLATFORM="offscreen")
    assert done.stdout.splitlines() == ["True []"]
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_file_that_could_be_both_is_asked_about_in_the_open_window(tmp_path: Path) -> None:
    (tmp_path / "shares.csv").write_text("0.25\n0.75\n", "utf-8")
    ending = """
            print([round(z, 3) for z in self.store.state.settings.logits], flush=True)
            self.window.close()
    """
    code = OPEN_AND_CLOSE.replace("{end}", ending).replace(
        "program.Program = Watched",
        "program.Program = Watched; from gumbelviz.app.files import Files\n"
        "Files.ask_kind = lambda self: 'logits' if self._window.isVisible() else None",
    )
    code = code.replace("main(sys.argv[1:])", "main(['shares.csv'])")
    done = run_code(code, tmp_path, QT_QPA_PLATFORM="offscreen")
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["shares – GumbelViz", "[0.25, 0.75]", "threads 1"]


# Parts ------------------------------------------------------------------------------------------------------


def test_there_is_one_application(qapp: QApplication) -> None:
    assert make_application() is qapp


def test_a_new_application_has_our_name_style_and_type() -> None:
    code = (
        "from gumbelviz.app.start import make_application; application = make_application();"
        "from PySide6.QtGui import QFontDatabase;"
        "print(application.organizationName(), application.applicationName(), application.style().name(),"
        "'Inter' in QFontDatabase.families())"
    )
    done = run_code(code, QT_QPA_PLATFORM="offscreen")
    assert done.stdout.split() == ["GumbelViz", "GumbelViz", "fusion", "True"]


def has_frame(program: Program) -> bool:
    return program._frame is not None


def test_the_end_may_come_at_any_time(qapp: QApplication, qtbot: QtBot) -> None:
    """Before it was shown, before the engine, in the middle of a run, and twice."""
    for stage in range(4):
        program = Program(load_builtin("two-options"))
        if stage > 0:
            program.window.show()
        if stage > 1:
            program.start()
        if stage > 2:
            qtbot.waitUntil(functools.partial(has_frame, program), timeout=20_000)
        program.stop()
        end(qapp, program)
        assert "gumbelviz-engine" not in [thread.name for thread in threading.enumerate()]


def test_the_hook_comes_back(qapp: QApplication, capsys: pytest.CaptureFixture[str]) -> None:
    program = Program(load_builtin("two-options"))
    program.window.show()
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    with _reports(program, Log()):
        sys.excepthook(ValueError, ValueError("boom"), None)
        qapp.processEvents()
        dialog = program.dialogs.faults.dialog if program.dialogs.faults is not None else None
        assert dialog is not None
        assert "ValueError" in dialog.sentence.text()
        assert "boom" not in dialog.sentence.text()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    assert "ValueError: boom" in capsys.readouterr().err
    end(qapp, program)


def test_ctrl_c_in_a_slot_closes_the_window(qapp: QApplication, capsys: pytest.CaptureFixture[str]) -> None:
    program = Program(load_builtin("two-options"))
    program.window.show()
    with _reports(program, Log()):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not program.window.isVisible()
    assert capsys.readouterr().err == ""
    end(qapp, program)


@pytest.mark.skipif(sys.platform == "win32", reason="There are no such signals.")
def test_the_handlers_of_signals_come_back(qapp: QApplication) -> None:
    program = Program(load_builtin("two-options"))
    program.window.show()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    with _signals(program):
        assert not set(before) & {signal.getsignal(number) for number in numbers}
        os.kill(os.getpid(), signal.SIGINT)
        qapp.processEvents()
        assert not program.window.isVisible()
    assert [signal.getsignal(number) for number in numbers] == before
    assert signal.set_wakeup_fd(-1) == -1
    end(qapp, program)
