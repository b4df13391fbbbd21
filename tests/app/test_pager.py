"""Turning pages: tabs, keys, scenes and the command line agree on which page is in front."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.views.look import FONT, load_fonts
from gumbelviz.views.pages.table import PAGES, PageRow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SCENE = load_builtin("movie-night")


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    if FONT not in QFontDatabase.families():
        load_fonts()
    program = Program(SCENE)
    program.window.resize(1280, 720)
    program.window.show()
    program.start()
    yield program
    program.quit_now()
    end(qapp, program)


def settle(qtbot: QtBot, program: Program) -> None:
    def answered() -> bool:
        frame = program._frame
        return frame is not None and frame.revision == program.store.state.revision

    program.store.watch(running=False)
    qtbot.waitUntil(answered, timeout=20_000)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_every_page_comes_to_the_front_and_draws(qtbot: QtBot, program: Program, row: PageRow) -> None:
    for page in (row, PAGES[0], row):
        program.actions[f"page {page.id}"].trigger()
        settle(qtbot, program)
        assert program.store.state.page == page.id
        assert program.window.pages.currentWidget() is program.pager.page
        assert program.actions[f"page {page.id}"].isChecked()
        assert not program.window.grab().isNull()
    assert program.window.message == ""


def test_turning_a_page_is_no_change_of_the_document(qtbot: QtBot, program: Program) -> None:
    for row in PAGES:
        program.turn(row.id)
    settle(qtbot, program)
    assert not program.store.state.edited
    assert program.store.undo_label is None


def test_a_scene_opens_on_its_page(qtbot: QtBot, program: Program) -> None:
    page = PAGES[-1].id
    program.store.open(replace(SCENE, page=page))
    settle(qtbot, program)
    assert program.store.state.page == page
    assert program.actions[f"page {page}"].isChecked()


def test_a_scene_of_a_page_to_come_opens_on_the_first(qtbot: QtBot, program: Program) -> None:
    program.store.open(replace(SCENE, page="a page to come"))
    settle(qtbot, program)
    assert program.actions["page pipeline"].isChecked()
    assert program.pager.page is program.window.pages.currentWidget()


def test_a_page_is_made_once(program: Program) -> None:
    program.turn(PAGES[-1].id)
    made = program.pager.page
    program.turn(PAGES[0].id)
    program.turn(PAGES[-1].id)
    assert program.pager.page is made
