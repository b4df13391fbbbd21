"""The table of commands: each row is complete, nothing is there twice, and everything that can be asked for works."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontDatabase, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from gumbelviz.app import lecture_files
from gumbelviz.app import program as program_module
from gumbelviz.app.actions import COMMANDS, MENUS, MORE_KEYS, Command
from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.views.look import FONT, load_fonts
from gumbelviz.views.toolbar import BUTTONS

# The platform without a screen says such things of every window that is sized, and of every menu.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
ROWS: tuple[Command, ...] = tuple(command for command in COMMANDS if command is not None)


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


@pytest.fixture
def program(qapp: QApplication) -> Iterator[Program]:
    made = Program(load_builtin("ice-cream"), "light")
    made.store.watch(running=False)
    made.window.resize(1280, 720)
    made.window.show()
    yield made
    end(qapp, made)


# The table --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ROWS, ids=lambda command: command.id)
def test_a_row_is_complete(program: Program, command: Command) -> None:
    assert command.id == command.id.lower().strip() != ""
    assert command.menu in MENUS
    assert command.text.replace("&", "").strip()
    do = getattr(program, command.call.split(".")[0])
    for name in command.call.split(".")[1:]:
        do = getattr(do, name)
    assert callable(do)
    documented = do.__doc__
    assert documented and documented.endswith(".")
    # Three dots say that something will be asked first.
    assert "..." not in command.text


def test_ids_and_methods_are_there_once() -> None:
    assert [id for id, count in Counter(row.id for row in ROWS).items() if count > 1] == []
    assert [call for call, count in Counter((row.call, row.argument) for row in ROWS).items() if count > 1] == []
    assert set(MORE_KEYS) <= {row.id for row in ROWS}
    assert set(BUTTONS) <= {row.id for row in ROWS}


def test_rows_of_a_menu_stand_together() -> None:
    """A separator belongs to the menu of the row before it; a menu that came back would tear it apart."""
    menus = [menu for menu, _ in itertools.groupby(row.menu for row in ROWS)]
    assert menus == list(MENUS)


def test_every_menu_has_something_in_it() -> None:
    assert {row.menu for row in ROWS} == set(MENUS)


# What is made of it -----------------------------------------------------------------------------------------


def test_every_row_has_an_action_in_its_menu(program: Program) -> None:
    assert list(program.actions) == [row.id for row in ROWS]
    assert [action.text().replace("&", "") for action in program.window.menuBar().actions()] == list(MENUS)
    menus = menus_of(program)
    for row in ROWS:
        assert program.actions[row.id] in menus[row.menu].actions(), row.id


def menus_of(program: Program) -> dict[str, QMenu]:
    """The menus by their titles. QAction.menu() would hand out menus that PySide deletes with the action."""
    found = program.window.menuBar().findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    # Qt has one of its own, without a title, for what does not fit.
    return {menu.title().replace("&", ""): menu for menu in found if menu.title()}


def keys_of(action: QAction) -> list[str]:
    return [key.toString(QKeySequence.SequenceFormat.PortableText) for key in action.shortcuts()]


def test_no_two_commands_share_a_key(program: Program) -> None:
    keys = Counter(key for action in program.actions.values() for key in keys_of(action))
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys


def test_the_keys_are_those_that_people_expect(program: Program) -> None:
    expected = {
        "new": "Ctrl+N", "open": "Ctrl+O", "save": "Ctrl+S", "undo": "Ctrl+Z", "copy scores": "Ctrl+C",
        "paste scores": "Ctrl+V", "run": "Space", "step": "Right", "back": "Left", "restart": "Home",
        "full screen": "F11", "zoom in": "Ctrl++", "zoom out": "Ctrl+-", "zoom reset": "Ctrl+0", "quit": "Ctrl+Q",
    }  # fmt: skip
    for id, key in expected.items():
        assert key in keys_of(program.actions[id]), id
    assert {"Return", "Enter"} <= set(keys_of(program.actions["step"]))


def test_no_two_entries_of_a_menu_share_a_letter(program: Program) -> None:
    """Alt and a letter should do what it says, not choose between two."""
    menus = menus_of(program)
    assert set(menus) == set(MENUS)
    for title, menu in menus.items():
        letters = Counter(letter for action in menu.actions() if (letter := mnemonic(action.text())))
        assert [letter for letter, count in letters.items() if count > 1] == [], title
    bar = Counter(mnemonic(menu.text()) for menu in program.window.menuBar().actions())
    assert set(bar.values()) == {1}


def mnemonic(text: str) -> str:
    place = text.replace("&&", "  ").find("&")
    return text[place + 1].lower() if place >= 0 else ""


def test_every_action_explains_itself(program: Program) -> None:
    for id, action in program.actions.items():
        tip = action.toolTip()
        assert tip, id
        assert "&" not in tip, id
        assert "…" not in tip, id
        for key in action.shortcuts()[:1]:
            assert tip.endswith(f"({key.toString(QKeySequence.SequenceFormat.NativeText)})"), id


def test_commands_of_a_group_exclude_each_other(program: Program) -> None:
    themes = [row.id for row in ROWS if row.group == "theme"]
    for id in themes:
        program.actions[id].trigger()
        assert [other for other in themes if program.actions[other].isChecked()] == [id]


def test_quit_and_about_have_their_places_on_a_mac(program: Program) -> None:
    roles = {id: action.menuRole() for id, action in program.actions.items()}
    assert roles.pop("quit") == QAction.MenuRole.QuitRole
    assert roles.pop("about") == QAction.MenuRole.AboutRole
    assert set(roles.values()) == {QAction.MenuRole.NoRole}


# Doing it ---------------------------------------------------------------------------------------------------


class NoFiles(QFileDialog):
    @staticmethod
    def getOpenFileName(*_: object) -> tuple[str, str]:
        return "", ""

    @staticmethod
    def getSaveFileName(*_: object) -> tuple[str, str]:
        return "", ""


class NoAnswer(QInputDialog):
    @staticmethod
    def getText(*_: object) -> tuple[str, bool]:
        return "", False


class Dismissed(QMessageBox):
    shown: list[str] = []  # noqa: RUF012

    def exec(self) -> int:
        Dismissed.shown.append(self.text())
        return 0


@pytest.fixture
def quiet_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    Dismissed.shown.clear()
    for module in (program_module, lecture_files):
        monkeypatch.setattr(module, "QFileDialog", NoFiles)
    monkeypatch.setattr(program_module, "QInputDialog", NoAnswer)
    monkeypatch.setattr(program_module, "QMessageBox", Dismissed)


@pytest.mark.usefixtures("quiet_dialogs")
def test_everything_can_be_asked_for_with_and_without_an_engine(qtbot: QtBot, program: Program) -> None:
    """Before the plots and the engine are there, and afterwards, twice each."""
    asked = [row for row in ROWS if row.id != "quit"]
    QApplication.clipboard().setText("1.5\n2.5\n")
    for _ in range(2):
        for row in asked:
            program.actions[row.id].trigger()
            QApplication.processEvents()
        if program.pager.page is None:
            program.start()
    qtbot.waitUntil(lambda: program._frame is not None, timeout=20_000)
    assert program.window.message == ""
    assert any("GumbelViz" in text for text in Dismissed.shown)
    program.actions["quit"].trigger()
    assert not program.window.isVisible()


@pytest.mark.usefixtures("quiet_dialogs")
def test_a_command_changes_what_it_says(program: Program) -> None:
    """What each of them does to the state; what it does to the picture is tested with the program."""

    def frozen() -> bool:
        return program.store.state.transport.frozen

    state = program.store.state
    program.actions["run"].trigger()
    assert program.store.state.transport.running != state.transport.running
    program.actions["step"].trigger()
    assert program.store.state.transport.cursor == 1
    program.actions["back"].trigger()
    assert program.store.state.transport.cursor == 0
    program.actions["freeze"].trigger()
    assert frozen()
    program.actions["restart"].trigger()
    assert not frozen()
    assert program.store.state.transport.run == state.transport.run + 1
    program.actions["slower"].trigger()
    assert program.store.state.transport.speed < state.transport.speed
    program.actions["add"].trigger()
    assert len(program.store.state.settings.options) == 3
    program.actions["equalize"].trigger()
    assert set(program.store.state.settings.logits) == {0.0}
    program.actions["unpin"].trigger()
    assert program.store.state.settings.pins == (None, None, None)
    for _ in range(3):
        program.actions["undo"].trigger()
    assert program.store.state.settings == state.settings
    program.actions["redo"].trigger()
    assert len(program.store.state.settings.options) == 3
    program.actions["new"].trigger()
    assert program.store.state.scene.title == "Untitled"
