"""Where somebody left off: the document, the page, and a window that is always within reach."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from gumbelviz.app.keeper import Keeper
from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.session import fitted, last_scene, note_session, place_window
from gumbelviz.app.settings_file import NAME, read_settings, write_settings
from gumbelviz.app.start import end
from gumbelviz.model.preferences import Preferences, Session, changed
from gumbelviz.model.scene import write_scene

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
TOP = Path(__file__).parents[2]
ONE = QRect(0, 0, 1600, 900)
LEFT = QRect(-1920, 100, 1920, 1080)


@pytest.fixture
def program(qapp: QApplication) -> Iterator[Program]:
    made = Program(load_builtin("two-options"), "light")
    made.store.watch(running=False)
    yield made
    end(qapp, made)


# The place ----------------------------------------------------------------------------------------------------


def test_a_window_on_a_screen_stays_where_it_is() -> None:
    for rect in (QRect(10, 20, 1280, 720), QRect(0, 0, 1600, 900), QRect(1590 - 640, 300, 640, 480)):
        assert fitted(rect, [ONE]) == rect
    assert fitted(QRect(-1500, 200, 800, 600), [ONE, LEFT]) == QRect(-1500, 200, 800, 600)


def test_a_window_of_a_screen_that_is_gone_is_not_put_there() -> None:
    assert fitted(QRect(-1500, 200, 800, 600), [ONE]) is None
    assert fitted(QRect(5000, 5000, 800, 600), [ONE, LEFT]) is None
    # Its upper edge, by which it is moved, is above the screen or a corner of it is all that shows.
    assert fitted(QRect(100, -500, 800, 600), [ONE]) is None
    assert fitted(QRect(1550, 880, 800, 600), [ONE]) is None
    assert fitted(QRect(0, 0, 800, 600), []) is None
    assert fitted(QRect(0, 0, 0, 0), [ONE]) is None


def test_a_window_that_reaches_out_is_brought_in_and_one_that_is_too_large_is_cut() -> None:
    assert fitted(QRect(1000, 500, 1000, 700), [ONE]) == QRect(600, 200, 1000, 700)
    assert fitted(QRect(0, 0, 5000, 4000), [ONE]) == ONE
    rect = fitted(QRect(-300, 10, 900, 700), [ONE])
    assert rect is not None
    assert ONE.contains(rect)


def test_the_window_takes_its_place_up_again(program: Program, qapp: QApplication) -> None:
    room = program.window.screen().availableGeometry()
    place = (room.x() + 30, room.y() + 40, 640, 480)
    place_window(program.window, Session(place=place))
    assert program.window.geometry().getRect() == place
    program.window.show()
    program.turn("noise")
    note_session(program)
    assert program.keeper.value.session == Session(None, "noise", place, False)
    place_window(program.window, Session(place=(99_999, 99_999, 300, 300)))
    assert room.contains(program.window.geometry().center())


def test_full_screen_is_not_remembered(program: Program) -> None:
    room = program.window.screen().availableGeometry()
    place = (room.x() + 30, room.y() + 40, 640, 480)
    place_window(program.window, Session(place=place))
    program.window.show()
    note_session(program)
    program.full_screen()
    note_session(program)
    assert program.keeper.value.session.place == place
    assert not program.keeper.value.session.maximized


# The document -------------------------------------------------------------------------------------------------


def test_the_last_document_opens_on_its_page(tmp_path: Path) -> None:
    path = tmp_path / "night.gumbel"
    path.write_bytes(write_scene(load_builtin("movie-night")))
    for text, expected in (("hiring", None), (str(path), path)):
        last = last_scene(Session(text, "learning"))
        assert last is not None
        scene, found, origin = last
        assert (scene.page, found, origin) == ("learning", expected, text)
    path.unlink()
    lost: tuple[str | None, ...] = (
        str(path), "no-such-scene", str(tmp_path), str(tmp_path / "x.csv"), None,
    )  # fmt: skip
    for name in lost:
        assert last_scene(Session(name, "learning")) is None


# From start to start ------------------------------------------------------------------------------------------

CODE = """
import sys
from gumbelviz.app import program
from gumbelviz.app.cli import main
from PySide6.QtCore import QTimer

class Watched(program.Program):
    def start(self):
        super().start()
        state = self.store.state
        print(state.scene.title, state.page, state.path is not None, state.edited, state.transport.running,
              self.window.look.theme.id, self.window.look.zoom, flush=True)
        print(self.window.size().toTuple(), flush=True)
        QTimer.singleShot(0, lambda: print(self.window.message, flush=True))
        QTimer.singleShot(0, self.leave)

    def leave(self):
        {act}
        self.window.close()

program.Program = Watched
sys.exit(main(sys.argv[1:]))
"""


def run(act: str, *words: str) -> list[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(TOP)}
    code = CODE.replace("{act}", act)
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=TOP, env=environment, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_it_opens_where_somebody_left_off_and_not_where_that_was_refused(settings_of_nobody: Path) -> None:
    """The whole way through the real start: choose, leave, come back; then --new, --safe-mode, --reset-settings."""
    act = "self.turn('noise'); self.theme_dark(); self.zoom_in(); self.window.resize(700, 500)"
    assert run(act, "movie-night")[0] == "Movie night pipeline False False True light 1.0"
    assert run("pass")[:2] == ["Movie night noise False False True dark 1.1", "(700, 500)"]
    assert run("pass", "hiring")[0] == "Hiring pipeline False False True dark 1.1"
    assert run("pass", "--new")[0] == "Untitled pipeline False False True dark 1.1"
    before = (settings_of_nobody / NAME).read_bytes()
    safe = run("self.theme_light()", "--safe-mode")
    assert safe[0] == "Ice cream pipeline False False False light 1.0"
    assert safe[2].startswith("Safe mode: ")
    assert (settings_of_nobody / NAME).read_bytes() == before
    anew = run("pass", "--reset-settings")
    assert anew[0] == "Ice cream pipeline False False True light 1.0"
    assert "before-reset" in anew[2]
    assert (settings_of_nobody / "settings.before-reset-1.json").read_bytes() == before
    assert not list((settings_of_nobody / "recovery").iterdir())


def test_a_file_opens_with_its_path_and_a_lost_one_is_said(tmp_path: Path, settings_of_nobody: Path) -> None:
    path = tmp_path / "own night.gumbel"
    path.write_bytes(write_scene(load_builtin("movie-night")))
    assert run("pass", str(path))[0] == "Movie night pipeline True False True light 1.0"
    assert run("pass")[0] == "Movie night pipeline True False True light 1.0"
    path.unlink()
    lost = run("pass")
    assert lost[0] == "Ice cream pipeline False False True light 1.0"
    assert "own night.gumbel" in lost[2]


def test_bad_settings_do_not_stop_the_start(settings_of_nobody: Path) -> None:
    write_settings(settings_of_nobody, changed(Preferences(), theme="dark"))
    path = settings_of_nobody / NAME
    path.write_bytes(path.read_bytes().replace(b'"zoom": 1.0', b'"zoom": "big"'))
    said = run("pass")
    assert said[0].endswith("dark 1.0")
    assert said[2] == 'In the settings file this was skipped: "zoom".'
    # Written anew at the end, so it is said once.
    assert run("pass")[2] == ""
    assert read_settings(settings_of_nobody).said == ()


def test_a_folder_that_cannot_be_used_does_not_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = run("pass", "--settings-dir", str(tmp_path / "file" / "below"))
    assert said[0].startswith("Ice cream")
    assert os.listdir(tmp_path) == ["file"]


def test_the_keeper_of_a_still_picture_writes_nothing(qapp: QApplication, settings_of_nobody: Path) -> None:
    program = Program(load_builtin("two-options"), keeper=Keeper())
    program.show_still(100)
    program.theme_dark()
    end(qapp, program)
    assert not settings_of_nobody.exists()
