"""The running program: real window, real engine thread, real clock; only dialogs are answered by the test."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontDatabase, QGuiApplication, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app import files as files_module
from gumbelviz.app import program as program_module
from gumbelviz.app.library import BUILT_IN, load_builtin
from gumbelviz.app.program import SPEEDS, ZOOMS, Program
from gumbelviz.app.start import end
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Draw, Frame
from gumbelviz.model.parameters import MOST_DRAWS
from gumbelviz.model.scene import Scene, read_scene, write_scene
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.views.look import FONT, THEMES, load_fonts
from gumbelviz.views.pages.pipeline import PipelinePage

# The platform without a screen says such things of every window that is sized, and of every menu.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
INF = math.inf
ENGINE = "gumbelviz-engine"


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


class Session:
    """A program that is open, and what a test wants to know of it."""

    def __init__(self, qtbot: QtBot, scene: Scene, running: bool, theme: str = "light") -> None:
        self.qtbot = qtbot
        self.program = Program(scene, theme)
        self.window = self.program.window
        self.window.resize(1280, 720)
        self.window.show()
        self.window.activateWindow()
        if not running:
            self.program.store.watch(running=False)
        self.program.start()
        self.settle()

    @property
    def page(self) -> PipelinePage:
        page = self.program.pager.page
        assert isinstance(page, PipelinePage)
        return page

    @property
    def settings(self) -> Settings:
        return self.program.store.state.settings

    @property
    def frame(self) -> Frame:
        assert self.program._frame is not None
        return self.program._frame

    def settle(self) -> Frame:
        """Wait until the picture answers everything that was asked for."""

        def answered() -> bool:
            frame = self.program._frame
            return frame is not None and frame.revision == self.program.store.state.revision

        self.qtbot.waitUntil(answered, timeout=20_000)
        return self.frame

    def do(self, command: str) -> Frame:
        """Trigger a command, and wait for the answer."""
        self.program.actions[command].trigger()
        return self.settle()

    def wish(self, name: str, value: object, final: bool = True) -> Frame:
        self.program.wish(name, value, final)
        return self.settle()

    def running(self) -> bool:
        return self.program.store.state.transport.running

    def edited(self) -> bool:
        return self.program.store.state.edited

    def engine_draws(self) -> int:
        runner = self.program._runner
        assert runner is not None
        simulation = runner._player._simulation
        return simulation.draws if simulation is not None else 0

    def draws_after(self, least: int) -> int:
        """Wait until more than `least` draws stand behind the picture."""
        self.qtbot.waitUntil(lambda: self.frame.draws > least, timeout=20_000)
        return self.frame.draws


Open = Callable[..., Session]


@pytest.fixture
def open_session(qapp: QApplication, qtbot: QtBot) -> Iterator[Open]:
    sessions: list[Session] = []

    def open_it(scene: Scene | str = "two-options", running: bool = False, theme: str = "light") -> Session:
        shown = load_builtin(scene) if isinstance(scene, str) else scene
        sessions.append(Session(qtbot, shown, running, theme))
        return sessions[-1]

    yield open_it
    for session in sessions:
        end(qapp, session.program)


@pytest.fixture
def session(open_session: Open) -> Session:
    """Two options, paused on draw 0."""
    return open_session()


def same_noise(one: Draw, other: Draw) -> bool:
    return one.index == other.index and np.array_equal(one.noise, other.noise)


def expected(settings: Settings, index: int) -> Draw:
    """Draw `index` as the definition has it, without thread, player or window."""
    return Simulation(settings).draw(index)


# Watching ---------------------------------------------------------------------------------------------------


def test_the_first_frame_is_drawn_and_read(open_session: Open) -> None:
    session = open_session("movie-night", running=True)
    draws = session.draws_after(0)
    assert [row.name for row in session.page._switches._rows] == ["Drama", "Comedy", "Sci-fi"]
    session.qtbot.waitUntil(lambda: session.window.footer._draws.text() not in ("", "0"))
    assert draws >= 1
    assert "Movie night" in session.window.windowTitle()
    assert session.window.message == ""
    assert ENGINE in [thread.name for thread in threading.enumerate()]


def test_it_runs_pauses_and_runs_on(open_session: Open) -> None:
    session = open_session(running=True)
    session.draws_after(session.draws_after(1))
    paused = session.do("run")
    assert not session.running()
    assert paused.draws_per_second == 0.0
    assert session.window.footer._rate.text() == "paused"
    draws = session.engine_draws()
    session.qtbot.wait(60)
    assert session.engine_draws() == draws
    assert session.frame.draws == draws
    session.do("run")
    session.draws_after(draws)


def test_steps_show_the_neighbours_with_their_own_noise(session: Session) -> None:
    assert session.frame.draw.index == 0
    for index in (1, 2, 3, 2, 1, 0):
        forward = index > session.frame.draw.index
        frame = session.do("step" if forward else "back")
        assert same_noise(frame.draw, expected(session.settings, index))
        assert not session.running()
    assert session.do("back").draw.index == 0


def test_a_step_pauses_a_stream_and_goes_from_what_is_shown(open_session: Open) -> None:
    session = open_session(running=True)
    session.draws_after(10)
    session.do("run")
    shown = session.frame.draw.index
    assert session.do("step").draw.index == shown + 1
    session.do("run")
    session.qtbot.waitUntil(lambda: session.running())
    shown = session.do("run").draw.index
    assert session.do("back").draw.index == max(shown - 1, 0)


def test_the_draw_in_words_follows_the_step(session: Session) -> None:
    for index in (1, 2, 3):
        session.do("step")
        assert f"Draw {index}:" in session.window.footer._sentence.text()


def test_go_to_shows_any_draw(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = {"text": "1e6", "ok": True}

    class Dialog:
        @staticmethod
        def getText(*_: object) -> tuple[str, bool]:
            return str(typed["text"]), bool(typed["ok"])

    monkeypatch.setattr(program_module, "QInputDialog", Dialog)
    frame = session.do("go to")
    assert same_noise(frame.draw, expected(session.settings, 1_000_000))
    typed["text"] = str(MOST_DRAWS - 1)
    assert same_noise(session.do("go to").draw, expected(session.settings, MOST_DRAWS - 1))
    for wrong in ("abc", "-1", "1.5", "inf", "nan", str(MOST_DRAWS), ""):
        typed["text"] = wrong
        session.window.quiet()
        session.do("go to")
        assert session.window.message.endswith(".")
        assert "integer" not in session.window.message
        assert session.frame.draw.index == MOST_DRAWS - 1
    session.window.quiet()
    typed["text"], typed["ok"] = "5", False
    session.do("go to")
    assert session.window.message == ""
    assert session.frame.draw.index == MOST_DRAWS - 1


def test_restart_begins_at_draw_0(session: Session) -> None:
    for _ in range(3):
        session.do("step")
    frame = session.do("restart")
    assert frame.draw.index == 0
    assert frame.draws == 1
    assert not session.running()


def test_freeze_holds_the_draw_while_the_stream_goes_on(open_session: Open) -> None:
    session = open_session(running=True)
    session.draws_after(1)
    held = session.do("freeze").draw
    assert session.program.actions["freeze"].isChecked()
    for _ in range(3):
        session.draws_after(session.frame.draws)
        assert same_noise(session.frame.draw, held)
    assert session.running()
    session.do("freeze")
    assert not session.program.actions["freeze"].isChecked()
    session.qtbot.waitUntil(lambda: session.frame.draw.index > held.index, timeout=20_000)


def test_speeds_go_up_and_down_and_stop_at_the_ends(session: Session) -> None:
    for _ in range(len(SPEEDS) + 1):
        session.do("slower")
    assert session.program.store.state.transport.speed == SPEEDS[0]
    seen = []
    for _ in range(len(SPEEDS) + 1):
        session.do("faster")
        seen.append(session.program.store.state.transport.speed)
    assert seen == [*SPEEDS[1:], INF, INF]
    session.wish("speed", 20.0)
    session.do("slower")
    assert session.program.store.state.transport.speed == 10.0
    session.program.wish("speed", math.nan)
    assert session.window.message != ""


def test_a_slow_stream_shows_every_draw(open_session: Open) -> None:
    session = open_session()
    session.wish("speed", 30.0)
    session.do("run")
    session.draws_after(3)
    session.do("run")
    assert session.frame.draws < 1000


def test_a_seed_is_another_stream_and_its_own_again(session: Session) -> None:
    before = session.frame.draw
    other = session.wish("seed", 12345).draw
    assert not np.array_equal(other.noise, before.noise)
    assert same_noise(session.wish("seed", session.program.store._undo[-1][1].seed).draw, before)
    session.do("new seed")
    assert session.window.footer.seed.text() == str(session.settings.seed)


# Editing ----------------------------------------------------------------------------------------------------


def test_the_temperature_never_changes_who_wins(session: Session) -> None:
    for _ in range(4):
        held = session.do("step").draw
        for temperature in (0.0, 0.01, 0.5, 10.0, 1e300, INF):
            draw = session.wish("temperature", temperature).draw
            assert same_noise(draw, held)
            assert draw.winner == held.winner
            assert draw.soft.sum() == pytest.approx(1.0)
        assert draw.soft.tolist() == [0.5, 0.5]
        assert session.wish("temperature", 0.0).draw.soft.max() == 1.0


def test_scores_and_new_options_leave_the_noise_alone(session: Session) -> None:
    held = session.do("step").draw
    moved = session.wish("logit", (0, -3.0)).draw
    assert same_noise(moved, held)
    more = session.do("add").draw
    assert len(more.noise) == 3
    assert np.array_equal(more.noise[:2], held.noise)
    fewer = session.wish("remove", 2).draw
    assert same_noise(fewer, held)


def test_a_dragged_bar_moves_the_picture_and_is_one_step_to_undo(session: Session) -> None:
    chart = session.page._logits
    row = chart._row_rect(0)
    start = QPoint(round(0.5 * (chart._x(0.0) + chart._x(2.0))), round(row.center().y()))
    before = session.settings
    QTest.mousePress(chart, LEFT, NO_KEYS, start)
    for distance in (5, 12, 20):
        QTest.mouseMove(chart, start + QPoint(distance, 0))
        session.settle()
        assert session.frame.theory.probabilities[0] > 0.62
    QTest.mouseRelease(chart, LEFT, NO_KEYS, start + QPoint(20, 0))
    session.settle()
    assert session.settings.logits[0] > before.logits[0]
    assert session.page._logits._rows[0].value == session.settings.logits[0]
    session.do("undo")
    assert session.settings == before
    assert not session.program.actions["undo"].isEnabled()
    session.do("redo")
    assert session.settings.logits[0] > before.logits[0]


def test_the_dragged_temperature_reaches_both_ends(session: Session) -> None:
    slider = session.page._temperature._slider
    for x, temperature in ((1, 0.0), (slider.width() - 2, INF)):
        QTest.mousePress(slider, LEFT, NO_KEYS, QPoint(slider.width() // 2, 12))
        QTest.mouseMove(slider, QPoint(x, 12))
        QTest.mouseRelease(slider, LEFT, NO_KEYS, QPoint(x, 12))
        session.settle()
        assert session.settings.temperature == temperature
        assert session.program.store.undo_label == "change the temperature"
    session.do("undo")
    session.do("undo")
    assert session.settings.temperature == load_builtin("two-options").settings.temperature


def test_undo_and_redo_through_the_menus(session: Session) -> None:
    actions = session.program.actions
    assert not actions["undo"].isEnabled()
    assert not actions["redo"].isEnabled()
    states = [session.settings]
    for name, value in (("logit", (0, 1.0)), ("temperature", 3.0), ("rename", (1, "Other")), ("add", None)):
        session.wish(name, value)
        states.append(session.settings)
    assert actions["undo"].text() == "&Undo add an option"
    for state in reversed(states[:-1]):
        session.do("undo")
        assert session.settings == state
    assert not actions["undo"].isEnabled()
    assert actions["redo"].text() == "&Redo change a score"
    for state in states[1:]:
        session.do("redo")
        assert session.settings == state
    assert len(session.page._logits._rows) == 3


WRONG: tuple[tuple[str, object], ...] = (
    ("temperature", -1.0), ("temperature", math.nan), ("scale", 0.0), ("logit", (0, INF)), ("logit", (0, math.nan)),
    ("probability", (0, 1.5)), ("seed", -1), ("seed", 2**63), ("pin", (0, 1e9)), ("rename", (0, "x" * 500)),
    ("speed", -1.0),
)  # fmt: skip


def test_a_wish_without_meaning_is_one_calm_sentence(session: Session) -> None:
    before = session.program.store.state
    for name, value in WRONG:
        session.window.quiet()
        session.program.wish(name, value)
        assert session.program.store.state == before, name
        message = session.window.message
        assert message.endswith("."), name
        assert "\n" not in message
        assert "Traceback" not in message
    session.program.wish("temperature", 2.0)
    assert session.window.message == ""


def test_the_last_live_option_cannot_be_masked(session: Session) -> None:
    session.wish("logit", (0, -INF))
    session.program.wish("logit", (1, -INF))
    assert session.window.message != ""
    assert session.settings.logits == (-INF, 1.5)
    assert session.page._logits._rows[0].text == "masked"


def test_after_a_refusal_the_controls_show_what_holds(session: Session) -> None:
    field = session.page._temperature._field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "-3")
    QTest.keyClick(field, Key.Key_Return)
    assert session.window.message != ""
    assert field.text() == "1.00"
    assert session.settings.temperature == 1.0
    seed = session.window.footer.seed
    seed.setFocus()
    seed.selectAll()
    QTest.keyClicks(seed, str(2**63))
    QTest.keyClick(seed, Key.Key_Return)
    assert "seed" in session.window.message
    assert seed.text() == str(session.settings.seed) == "7"


def test_a_pin_holds_in_every_draw_and_unpinning_gives_the_stream_back(session: Session) -> None:
    session.wish("pin", (0, 5.0))
    for _ in range(3):
        draw = session.do("step").draw
        assert draw.noise[0] == 5.0
        assert draw.noise[1] == expected(session.settings, draw.index).noise[1]
    assert session.program.actions["unpin"].isEnabled()
    draw = session.do("unpin").draw
    assert same_noise(draw, expected(session.settings, draw.index))
    assert not session.program.actions["unpin"].isEnabled()


def test_scores_are_copied_and_pasted(session: Session) -> None:
    session.wish("logit", (1, -INF))
    session.wish("rename", (0, "First; with, signs"))
    before = session.settings
    session.do("copy scores")
    assert QApplication.clipboard().text().splitlines()[0] == "name\tlogit"
    session.do("equalize")
    assert session.settings.logits == (0.0, 0.0)
    session.do("paste scores")
    assert session.settings.logits == before.logits
    assert [option.name for option in session.settings.options] == [option.name for option in before.options]
    session.do("undo")
    assert session.settings.logits == (0.0, 0.0)


class Answering(QMessageBox):
    """A message box that presses a button by itself."""

    answer = ""
    asked: list[str] = []  # noqa: RUF012

    def exec(self) -> int:
        Answering.asked.append(self.text())
        buttons = [button for button in self.buttons() if button.text().replace("&", "") == Answering.answer]
        assert len(buttons) == 1, [button.text() for button in self.buttons()]
        buttons[0].click()
        return int(self.standardButton(buttons[0]))


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Say which button is pressed in the next questions."""
    Answering.asked.clear()
    monkeypatch.setattr(files_module, "QMessageBox", Answering)

    def press(button: str) -> None:
        Answering.answer = button

    yield press


Answer = Callable[[str], None]


def test_probabilities_are_pasted_as_what_a_person_says_they_are(session: Session, answer: Answer) -> None:
    for button, logits in (
        ("Cancel", (2.0, 1.5)),
        ("Logits", (0.25, 0.75)),
        ("Probabilities", (math.log(0.25), math.log(0.75))),
    ):
        answer(button)
        QApplication.clipboard().setText("a\t0.25\nb\t0.75")
        session.do("paste scores")
        assert session.settings.logits == pytest.approx(logits)
    assert session.settings.score_input == "probabilities"
    assert session.page._shares.isVisible()
    assert len(Answering.asked) == 3


def test_what_cannot_be_pasted_changes_nothing(session: Session) -> None:
    before = session.settings
    for text in ("", "hello", "nan\n1", "1,2\n3"):
        session.window.quiet()
        QApplication.clipboard().setText(text)
        session.do("paste scores")
        assert session.window.message.startswith("The clipboard: ")
        assert session.settings == before


# Files ------------------------------------------------------------------------------------------------------


class Files:
    """Answers the file dialogs."""

    name = ""

    @staticmethod
    def getOpenFileName(*_: object) -> tuple[str, str]:
        return Files.name, ""

    @staticmethod
    def getSaveFileName(*_: object) -> tuple[str, str]:
        return Files.name, ""


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path | None], None]]:
    """Say which file the next dialogs choose; None for Cancel."""
    monkeypatch.setattr(files_module, "QFileDialog", Files)

    def choose(path: Path | None) -> None:
        Files.name = str(path) if path is not None else ""

    yield choose


Choose = Callable[[Path | None], None]


def scene_file(path: Path, scene: Scene | None = None) -> Path:
    path.write_bytes(write_scene(scene or load_builtin("movie-night")))
    return path


def test_a_scene_is_opened(session: Session, chosen: Choose, answer: Answer, tmp_path: Path) -> None:
    chosen(scene_file(tmp_path / "night.gumbel"))
    answer("Discard")
    session.wish("logit", (0, 0.0))
    session.do("open")
    assert session.program.store.state.scene == load_builtin("movie-night")
    assert session.program.store.state.path == tmp_path / "night.gumbel"
    assert not session.edited()
    assert not session.program.actions["undo"].isEnabled()
    assert len(session.page._switches._rows) == 3
    chosen(None)
    session.do("open")
    assert session.program.store.state.path == tmp_path / "night.gumbel"


def test_every_built_in_scene_opens_from_the_menu(session: Session) -> None:
    entries = {action.text(): action for action in session.window.toolbar.scene_menu.actions()}
    assert len(entries) == len(BUILT_IN)
    for scene_id in BUILT_IN:
        title = load_builtin(scene_id).title
        entries[title].trigger()
        session.settle()
        assert session.program.store.state.scene == load_builtin(scene_id)
        assert title in session.window.windowTitle()


BAD_FILES: dict[str, bytes | None] = {
    "missing.gumbel": None,
    "broken.gumbel": b"{",
    "binary.gumbel": bytes(range(256)),
    "empty.csv": b"",
    "words.csv": b"a,b\nc,d\n",
    "nan.csv": b"a,nan\nb,1\n",
    "picture.png": b"\x89PNG",
    "array.npy": b"\x93NUMPY",
    "huge.csv": b"1\n" * 3_000_000,
}


def test_a_bad_file_is_one_sentence_and_changes_nothing(session: Session, tmp_path: Path) -> None:
    before = session.program.store.state
    for name, data in BAD_FILES.items():
        if data is not None:
            (tmp_path / name).write_bytes(data)
        session.window.quiet()
        session.program.files.open_path(tmp_path / name)
        assert session.program.store.state == before, name
        assert session.window.message.endswith("."), name
        assert "\n" not in session.window.message


def test_a_folder_is_not_a_file(session: Session, tmp_path: Path) -> None:
    session.program.files.open_path(tmp_path)
    assert session.window.message != ""


def test_numbers_of_a_person_are_opened(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "own numbers.csv"
    path.write_text("name,logit\nA,1.5\nB,-inf\nC,0.25\n", "utf-8")
    session.program.files.open_path(path)
    session.settle()
    assert session.settings.logits == (1.5, -INF, 0.25)
    assert session.program.store.state.scene.title == "own numbers"
    # A CSV is read, never written over.
    assert session.program.store.state.path is None


def test_numbers_that_could_be_both_are_asked_about(session: Session, answer: Answer, tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text("0.2\n0.3\n0.5\n", "utf-8")
    shares = (0.2, 0.3, 0.5)
    for button, logits, kind in (
        ("Cancel", (2.0, 1.5), "logits"),
        ("Probabilities", tuple(map(math.log, shares)), "probabilities"),
        ("Logits", shares, "logits"),
    ):
        answer(button)
        session.program.files.open_path(path)
        session.settle()
        assert session.settings.logits == pytest.approx(logits)
        assert session.settings.score_input == kind
    assert len(Answering.asked) == 3


def test_a_dropped_file_is_opened(session: Session, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(scene_file(tmp_path / "dropped night.gumbel")))])
    over = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, mime, LEFT, NO_KEYS)
    QApplication.sendEvent(session.window, over)
    assert over.isAccepted()
    event = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, LEFT, NO_KEYS)
    QApplication.sendEvent(session.window, event)
    session.settle()
    assert session.program.store.state.scene.title == "Movie night"


def test_save_as_save_and_open_again(session: Session, chosen: Choose, tmp_path: Path) -> None:
    session.wish("logit", (0, 2.25))
    session.wish("pin", (1, -0.5))
    assert session.edited()
    assert "edited" in session.window.windowTitle()
    chosen(tmp_path / "mine")
    session.do("save as")
    path = tmp_path / "mine.gumbel"
    assert session.program.store.state.path == path
    assert not session.edited()
    assert "edited" not in session.window.windowTitle()
    assert read_scene(path.read_bytes()) == session.program.store.state.scene
    session.wish("temperature", INF)
    chosen(None)
    session.do("save")
    assert read_scene(path.read_bytes()).settings.temperature == INF
    assert list(tmp_path.iterdir()) == [path]


def test_undo_after_a_save_is_an_edit(session: Session, chosen: Choose, tmp_path: Path) -> None:
    session.wish("logit", (0, 2.25))
    chosen(tmp_path / "mine.gumbel")
    session.do("save as")
    session.do("undo")
    assert session.edited()
    session.do("redo")
    assert not session.edited()


def test_save_without_a_file_asks_for_one(session: Session, chosen: Choose, tmp_path: Path) -> None:
    chosen(None)
    assert session.program.files.save() is False
    chosen(tmp_path / "first.GUMBEL")
    assert session.program.files.save() is True
    assert (tmp_path / "first.GUMBEL").exists()


def test_a_failing_save_loses_nothing(session: Session, chosen: Choose, tmp_path: Path) -> None:
    session.wish("logit", (0, 2.25))
    chosen(tmp_path / "no such folder" / "mine.gumbel")
    assert session.program.files.save_as() is False
    assert session.edited()
    assert session.program.store.state.path is None
    assert "could not be saved" in session.window.message
    assert session.window.message.endswith("Nothing was lost.")
    chosen(tmp_path / "mine.gumbel")
    assert session.program.files.save_as() is True
    assert session.window.message == ""


def edited_file(session: Session, tmp_path: Path) -> Path:
    """Open a person's own file and change it."""
    path = scene_file(tmp_path / "own.gumbel")
    session.program.files.open_path(path)
    session.wish("logit", (0, 7.0))
    return path


def test_a_changed_file_is_not_left_without_a_question(session: Session, answer: Answer, tmp_path: Path) -> None:
    for button, left, saved in (("Cancel", False, 2.0), ("Discard", True, 2.0), ("Save", True, 7.0)):
        path = edited_file(session, tmp_path)
        Answering.asked.clear()
        answer(button)
        session.do("new")
        assert (session.program.store.state.scene.title == "Untitled") == left
        assert read_scene(path.read_bytes()).settings.logits[0] == saved
        assert Answering.asked == ["Save the changes to “Movie night”?"]
        # So that the next round starts from a document that may be left.
        answer("Discard")


def test_what_was_not_changed_is_left_without_a_question(session: Session, answer: Answer, tmp_path: Path) -> None:
    """A built-in scene, a new document, imported numbers, and a change that was taken back."""
    path = tmp_path / "own numbers.csv"
    path.write_text("name,logit\nA,1.5\nB,0.25\n", "utf-8")
    session.do("new")
    session.program.files.open_path(path)
    session.settle()
    session.wish("logit", (0, 7.0))
    session.do("undo")
    session.do("new")
    assert session.settings.logits == (0.0, 0.0)
    assert Answering.asked == []


def test_every_changed_document_is_asked_about(session: Session, answer: Answer, tmp_path: Path) -> None:
    """Built in, new, imported: whatever was done with it may be dear to somebody."""
    path = tmp_path / "own numbers.csv"
    path.write_text("name,logit\nA,1.5\nB,0.25\n", "utf-8")
    titles = []
    for prepare in (lambda: None, lambda: session.do("new"), lambda: session.program.files.open_path(path)):
        answer("Discard")
        prepare()
        session.wish("logit", (0, 7.0))
        title = session.program.store.state.scene.title
        Answering.asked.clear()
        answer("Cancel")
        session.do("new")
        assert session.settings.logits[0] == 7.0
        assert Answering.asked == [f"Save the changes to “{title}”?"]
        titles.append(title)
    assert titles == ["Two options", "Untitled", "own numbers"]
    answer("Discard")


# The note ---------------------------------------------------------------------------------------------------


def test_a_note_is_shown_while_it_is_true(open_session: Open) -> None:
    session = open_session("ice-cream")
    session.qtbot.waitUntil(session.window._note.isVisible)
    assert "exact tie" in session.window._note.text
    session.wish("logit", (0, 3.5))
    assert not session.window._note.isVisible()
    session.do("undo")
    session.qtbot.waitUntil(session.window._note.isVisible)
    session.do("new")
    assert not session.window._note.isVisible()


# The look while it runs -------------------------------------------------------------------------------------


def test_themes_and_sizes_change_while_it_runs(open_session: Open) -> None:
    session = open_session("movie-night", running=True)
    for theme in ("dark", "lecture", "system", "light"):
        session.program.actions[f"theme {theme}"].trigger()
        session.draws_after(session.frame.draws)
        session.page.grab()
        marked = [id for id, action in session.program.actions.items() if id.startswith("theme") and action.isChecked()]
        assert marked == [f"theme {theme}"]
        assert session.window.look.theme in THEMES.values()
    for _ in range(2):
        session.program.actions["zoom in"].trigger()
    session.draws_after(session.frame.draws)
    assert session.window.look.zoom == 1.25
    session.page.grab()
    session.program.actions["zoom reset"].trigger()
    assert session.window.look.zoom == 1.0


def test_sizes_stop_at_the_ends(session: Session) -> None:
    for _ in range(len(ZOOMS)):
        session.program.zoom_out()
    assert session.window.look.zoom == ZOOMS[0] == 0.75
    for _ in range(len(ZOOMS) + 1):
        session.program.zoom_in()
    assert session.window.look.zoom == ZOOMS[-1] == 3.0


def test_the_theme_follows_the_system_only_where_it_was_asked_to(open_session: Open) -> None:
    session = open_session(theme="system")
    hints = QGuiApplication.styleHints()
    before = session.window.look
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert session.window.look is not before
    session.program.theme_dark()
    chosen = session.window.look
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert session.window.look is chosen


def test_a_change_of_look_right_after_a_change_of_options(session: Session) -> None:
    """Before the engine has answered, the frame on display is of other options."""
    for count in (3, 4, 13, 1000, 1):
        session.program.store.open(Scene(title="Next", settings=make_settings([0.1 * i for i in range(count)])))
        session.program.theme_dark()
        session.program.zoom_in()
        session.window.grab()
        session.program.theme_light()
    session.settle()
    assert len(session.frame.wins) == 1


def test_full_screen_and_back(session: Session) -> None:
    session.program.actions["full screen"].trigger()
    assert session.window.isFullScreen()
    assert session.program.actions["full screen"].isChecked()
    session.program.actions["full screen"].trigger()
    assert not session.window.isFullScreen()
    assert not session.program.actions["full screen"].isChecked()


# The keyboard in the real window ----------------------------------------------------------------------------


def press(widget: QWidget, key: Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> None:
    """Press a key as the window system would: shortcuts come first."""
    widget.setFocus()
    handle = widget.window().windowHandle()
    assert handle is not None
    QTest.keyClick(handle, key, modifier)


def test_space_steps_and_home_work_from_the_window(session: Session) -> None:
    centre = session.window.centralWidget()
    press(centre, Key.Key_Space)
    assert session.running()
    press(centre, Key.Key_Space)
    assert not session.running()
    session.do("restart")
    for key in (Key.Key_Right, Key.Key_Return, Key.Key_Enter):
        before = session.settle().draw.index
        press(centre, key)
        assert session.settle().draw.index == before + 1
    press(centre, Key.Key_Left)
    assert session.settle().draw.index == 2
    press(centre, Key.Key_Home)
    assert session.settle().draw.index == 0
    press(centre, Key.Key_F)
    assert session.program.store.state.transport.frozen


def test_keys_belong_to_the_control_that_has_the_focus(session: Session) -> None:
    """Left, Right, Home and Enter are shortcuts of the window, but not under a bar, a slider or a field."""
    index = session.frame.draw.index
    press(session.page._logits, Key.Key_Right)
    assert session.settle().draw.index == index
    assert session.settings.logits[0] == 2.1
    press(session.page._temperature._slider, Key.Key_Home)
    assert session.settle().draw.index == index
    assert session.settings.temperature == 0.0
    press(session.page._temperature._slider, Key.Key_End)
    press(session.page._temperature._slider, Key.Key_Left)
    assert session.settle().draw.index == index
    press(session.page._temperature._field, Key.Key_Up)
    press(session.page._temperature._field, Key.Key_Left)
    press(session.page._temperature._field, Key.Key_F)
    assert not session.program.store.state.transport.frozen
    assert session.settle().draw.index == index
    assert not session.running()


def test_enter_in_a_bar_opens_a_field_and_closes_it_again(session: Session) -> None:
    index = session.frame.draw.index
    press(session.page._logits, Key.Key_Return)
    editor = session.page._logits._editor
    assert editor is not None
    QTest.keyClicks(editor, "0.5")
    press(editor, Key.Key_Return)
    session.settle()
    assert session.page._logits._editor is None
    assert session.settings.logits[0] == 0.5
    assert session.frame.draw.index == index


def test_enter_in_a_field_is_not_a_step(session: Session) -> None:
    """The field takes the number, and the window must not draw once as well."""
    index = session.frame.draw.index
    field = session.page._temperature._field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "3")
    press(field, Key.Key_Return)
    session.settle()
    assert session.settings.temperature == 3.0
    assert session.frame.draw.index == index
    seed = session.window.footer.seed
    seed.setFocus()
    seed.selectAll()
    QTest.keyClicks(seed, "99")
    press(seed, Key.Key_Enter)
    session.settle()
    assert session.settings.seed == 99
    assert session.frame.draw.index == index


def test_space_presses_a_button_that_the_keyboard_has_reached(session: Session) -> None:
    """Elsewhere it starts and stops; a click leaves the keyboard where it was, so that it still does."""
    press(session.page._scores_head.add, Key.Key_Space)
    session.settle()
    assert len(session.settings.options) == 3
    assert not session.running()
    session.window.centralWidget().setFocus()
    QTest.mouseClick(session.page._scores_head.add, LEFT)
    session.settle()
    assert not session.page._scores_head.add.hasFocus()
    for button in session.window.findChildren(QAbstractButton):
        if button.isVisible() and session.page.isAncestorOf(button):
            assert button.focusPolicy() == Qt.FocusPolicy.TabFocus, button.text()


def test_the_menu_of_an_option_changes_the_document(session: Session) -> None:
    chart = session.page._logits
    QTest.mouseClick(chart, LEFT, NO_KEYS, QPoint(18, round(chart._row_rect(0).center().y())))
    menu = next(menu for menu in session.page.findChildren(QMenu) if menu.isVisible())
    next(action for action in menu.actions() if action.text() == "Pink").trigger()
    menu.close()
    session.settle()
    assert session.settings.options[0].color == 3


# Ending, resting, failing -----------------------------------------------------------------------------------


def engine_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == ENGINE]


def test_closing_the_window_ends_everything(open_session: Open) -> None:
    session = open_session(running=True)
    assert len(engine_threads()) == 1
    assert session.window.close()
    assert engine_threads() == []
    loop = session.program._loop
    assert loop is not None
    assert not loop._timer.isActive()
    assert session.program.stop() is True


@pytest.mark.parametrize("count", [2, 100_000])
def test_closing_while_it_is_busy(open_session: Open, answer: Answer, count: int) -> None:
    answer("Discard")
    scene = Scene(title="Busy", settings=make_settings([0.0] * count))
    session = open_session(scene, running=True)
    session.program.wish("temperature", 0.3)
    session.program.quit()
    assert not session.window.isVisible()
    assert engine_threads() == []


def test_closing_before_the_engine_was_there(qapp: QApplication) -> None:
    program = Program(load_builtin("ice-cream"))
    program.window.show()
    assert program.window.close()
    end(qapp, program)


def test_closing_asks_about_a_changed_file(session: Session, answer: Answer, tmp_path: Path) -> None:
    edited_file(session, tmp_path)
    answer("Cancel")
    session.program.actions["quit"].trigger()
    assert session.window.isVisible()
    assert len(engine_threads()) == 1
    session.do("step")
    answer("Discard")
    session.program.actions["quit"].trigger()
    assert not session.window.isVisible()
    assert engine_threads() == []


def test_a_hurried_end_asks_nothing(session: Session, answer: Answer, tmp_path: Path) -> None:
    edited_file(session, tmp_path)
    session.program.quit_now()
    assert not session.window.isVisible()
    assert Answering.asked == []


def test_what_nobody_sees_is_not_drawn(open_session: Open) -> None:
    session = open_session(running=True)
    session.draws_after(10)
    loop = session.program._loop
    assert loop is not None
    session.window.hide()
    assert not loop._timer.isActive()
    session.qtbot.waitUntil(lambda: resting(session))
    draws = session.engine_draws()
    session.qtbot.wait(60)
    assert session.engine_draws() == draws
    # It is still a running stream, which goes on when it is seen again.
    assert session.running()
    session.window.show()
    assert loop._timer.isActive()
    session.draws_after(draws)


def resting(session: Session) -> bool:
    """True once the engine has taken the order to rest."""
    runner = session.program._runner
    assert runner is not None
    order = runner._player._order
    return order is not None and not order.transport.running and runner._inbox.empty


def test_a_minimised_window_rests_too(open_session: Open) -> None:
    session = open_session(running=True)
    session.window.showMinimized()
    loop = session.program._loop
    assert loop is not None
    session.qtbot.waitUntil(lambda: not loop._timer.isActive())
    session.window.showNormal()
    session.qtbot.waitUntil(loop._timer.isActive)


def test_the_clock_of_a_paused_window_comes_to_rest(session: Session) -> None:
    loop = session.program._loop
    assert loop is not None
    session.qtbot.waitUntil(lambda: not loop._timer.isActive(), timeout=20_000)
    # And a change wakes it.
    session.wish("temperature", 3.0)
    assert session.frame.revision == session.program.store.state.revision


def test_a_failing_engine_is_one_message_and_runs_again(
    open_session: Open, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    session = open_session(running=True)
    session.draws_after(1)
    complaints: list[str] = []
    complain = session.window.complain

    def note(sentence: str) -> None:
        complaints.append(sentence)
        complain(sentence)

    monkeypatch.setattr(session.window, "complain", note)

    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    with monkeypatch.context() as broken:
        broken.setattr(Simulation, "advance", fail)
        session.qtbot.waitUntil(lambda: complaints != [], timeout=20_000)
        session.qtbot.wait(150)
    assert len(complaints) == 1
    assert "boom" in complaints[0]
    assert "Traceback" not in complaints[0]
    assert session.window.message == complaints[0]
    assert not session.running()
    assert capsys.readouterr().err.count("RuntimeError: boom") == 1
    session.do("run")
    session.draws_after(0)
    session.draws_after(session.frame.draws)
    assert len(complaints) == 1
    assert len(engine_threads()) == 1


def test_an_engine_that_cannot_even_begin_says_so(qtbot: QtBot, open_session: Open, monkeypatch: pytest.MonkeyPatch,
                                                  capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    session = open_session()

    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(Simulation, "advance", fail)
        session.program.restart()
        qtbot.waitUntil(lambda: session.window.message != "", timeout=20_000)
        assert "memory" in session.window.message
        session.program.add_option()
        qtbot.wait(50)
        session.program.zoom_in()
        session.window.grab()
    assert session.do("restart").draw.index == 0
    assert len(session.frame.wins) == 3
    assert "MemoryError" in capsys.readouterr().err


def test_a_page_that_cannot_paint_says_so_once(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(painter: QPainter, place: int, row: object) -> None:
        raise ZeroDivisionError("no bars today")

    monkeypatch.setattr(session.page._soft_bars, "paint_content", fail)
    with qtbot.capture_exceptions() as errors:
        for _ in range(3):
            session.do("step")
            session.window.grab()
    assert [kind for kind, _, _ in errors] == [ZeroDivisionError]
    # The rest of the window goes on.
    assert session.do("step").draw.index == 4


# Many options -----------------------------------------------------------------------------------------------


def test_a_thousand_options_run(open_session: Open) -> None:
    scene = Scene(title="Thousand", settings=make_settings([math.sin(i) for i in range(1000)]))
    session = open_session(scene, running=True)
    session.draws_after(100)
    assert len(session.page._switches._rows) == 10
    held = session.do("step").draw
    assert same_noise(held, expected(scene.settings, held.index))
    assert session.wish("temperature", 0.1).draw.winner == held.winner


def test_the_document_survives_every_button(open_session: Open) -> None:
    """All push buttons of the page, pressed one after the other, with a menu left out here and there."""
    session = open_session("movie-night")
    for button in session.page.findChildren(QPushButton):
        if button.menu() is None and button.isVisible():
            QTest.mouseClick(button, LEFT)
            session.settle()
    assert len(session.settings.options) >= 4
    assert session.window.message == ""


def test_a_still_picture_needs_no_thread(qapp: QApplication) -> None:
    program = Program(load_builtin("ice-cream"), "dark", 1.25)
    summary = program.show_still(10_000)
    assert engine_threads() == []
    assert summary.startswith("10,000 draws, ")
    assert "tie" in summary
    assert program.stop() is True
    end(qapp, program)


def test_a_polite_kill_ends_a_program_whose_window_is_gone(qtbot: QtBot) -> None:
    """Qt sends no closing event to a window that was destroyed from outside: the program must end all the same."""
    session = Session(qtbot, load_builtin("movie-night"), running=True)
    ended: list[bool] = []
    session.program.ended = lambda: ended.append(True)
    session.window.hide()
    session.program.quit_now()
    assert ended == [True]
    assert engine_threads() == []
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    end(application, session.program)
