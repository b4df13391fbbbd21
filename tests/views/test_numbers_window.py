"""The window of tables: chosen, walked through, copied, kept in place while the numbers change."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end, make_application
from gumbelviz.model.number_table import NumberTable, Rows
from gumbelviz.views.look import THEMES, Look, stylesheet
from gumbelviz.views.numbers_window import WAITING, NumbersWindow

ROWS: Rows = (("Drama", 0.5, 3), ("=cmd", -1.25, 12_000), ("<b>x</b>", None, 0))


def table(id: str = "wins", rows: Rows = ROWS, title: str = "Wins") -> NumberTable:
    return NumberTable(id, title, f"{title}: Drama 50%.", ("option", "share", "wins"), lambda: rows, "and more")


@pytest.fixture
def window(qtbot: QtBot) -> NumbersWindow:
    make_application()
    made = NumbersWindow()
    qtbot.addWidget(made)
    made.set_look(Look())
    made.show()
    made.show_tables("Pipeline", (table(), table("soft", (("Drama", 1.0, 1),), "Soft")), "after 3 draws")
    return made


def shown(window: NumbersWindow) -> list[list[str]]:
    model = window.view.numbers
    return [[model.data(model.index(r, c)) for c in range(model.columnCount())] for r in range(model.rowCount())]


def test_numbers_are_shown_as_people_read_them(window: NumbersWindow) -> None:
    assert shown(window) == [["Drama", "0.5", "3"], ["=cmd", "−1.25", "12,000"], ["<b>x</b>", "", "0"]]
    assert window.view.accessibleName() == "Wins"
    assert window.view.accessibleDescription() == "Wins: Drama 50%."
    model = window.view.numbers
    assert model.data(model.index(1, 2), Qt.ItemDataRole.AccessibleTextRole) == "wins: 12,000"
    assert model.data(model.index(2, 1), Qt.ItemDataRole.AccessibleTextRole) == "share: not known"


def test_another_table_is_chosen_with_the_keyboard(window: NumbersWindow) -> None:
    window._list.setFocus()
    QTest.keyClick(window._list, Qt.Key.Key_Down)
    assert window.table is not None
    assert window.table.id == "soft"
    window.choose("wins")
    assert window.table.title == "Wins"


def test_the_whole_table_is_copied_as_spreadsheets_take_it(window: NumbersWindow) -> None:
    QTest.keyClick(window.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == (
        "option\tshare\twins\nDrama\t0.5\t3\n'=cmd\t-1.25\t12000\n<b>x</b>\t\t0"
    )


def test_chosen_cells_are_copied_alone(window: NumbersWindow) -> None:
    model = window.view.numbers
    chosen = QItemSelection(model.index(0, 1), model.index(1, 2))
    window.view.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    QTest.keyClick(window.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "share\twins\n0.5\t3\n-1.25\t12000"
    window._copy.click()
    assert QGuiApplication.clipboard().text().count("\n") == 3


def test_new_numbers_leave_the_table_and_the_place_alone(window: NumbersWindow) -> None:
    window.choose("wins")
    window.view.setCurrentIndex(window.view.numbers.index(1, 2))
    window.show_tables("Pipeline", (table(rows=(*ROWS[:1], ("Comedy", 0.25, 7))), table("soft")), "after 9 draws")
    assert window.table is not None
    assert window.table.id == "wins"
    assert shown(window)[1] == ["Comedy", "0.25", "7"]
    assert (window.view.currentIndex().row(), window.view.currentIndex().column()) == (1, 2)


def test_a_page_that_is_still_being_worked_out_says_so(window: NumbersWindow) -> None:
    window.show_tables("Noise", (), "after 0 draws")
    assert window.table is None
    assert window._sentence.text() == WAITING
    assert not window._copy.isEnabled()
    assert shown(window) == []


@pytest.mark.parametrize("theme", ["light", "dark", "lecture"])
@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.5])
def test_nothing_is_clipped_at_any_size(window: NumbersWindow, theme: str, zoom: float) -> None:
    window.hide()
    window.set_look(Look(THEMES[theme], zoom))
    window.setStyleSheet(stylesheet(Look(THEMES[theme], zoom)))
    window.resize(window.sizeHint())
    window.show()
    QApplication.processEvents()
    for part in (window._list, window.view, window._sentence, window._refresh, window._copy, window._close):
        assert window.rect().contains(part.geometry()), part.accessibleName()
    for button in (window._refresh, window._copy, window._close):
        assert button.width() >= button.sizeHint().width()


# In the program.


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Program]:
    application = make_application()
    program = Program(load_builtin("movie-night"), theme="light")
    program.window.resize(1280, 720)
    program.window.show()
    yield program
    end(application, program)


def test_the_command_opens_the_numbers_of_the_picture_with_the_keyboard_and_closes_them(opened: Program) -> None:
    opened.show_still(500)
    page = opened.pager.page
    assert page is not None
    opened.window.activateWindow()
    page.pictures()["noise"][0].setFocus()
    opened.actions["numbers"].trigger()
    numbers = opened.teller.numbers
    assert numbers is not None
    assert numbers.isVisible()
    assert numbers.table is not None
    assert numbers.table.id == "noise"
    frame = opened._frame
    assert frame is not None
    assert [row[1] for row in numbers.table.rows] == frame.draw.noise.tolist()
    numbers.activateWindow()
    QApplication.processEvents()
    opened.actions["numbers"].trigger()
    assert not numbers.isVisible()


def test_the_numbers_follow_when_the_run_is_paused_and_wait_while_it_runs(opened: Program, qtbot: QtBot) -> None:
    opened.start()
    qtbot.waitUntil(lambda: opened.teller._told is not None, timeout=20_000)
    opened.actions["numbers"].trigger()
    numbers = opened.teller.numbers
    assert numbers is not None
    numbers.choose("wins")
    qtbot.wait(600)
    before = numbers.table
    qtbot.wait(400)
    assert numbers.table is before
    numbers.refreshed.emit()
    assert numbers.table is not before
    opened.run()
    qtbot.waitUntil(lambda: "runs on" not in numbers._moment.text(), timeout=20_000)
    frame = opened._frame
    assert frame is not None
    assert numbers.table is not None
    qtbot.waitUntil(lambda: sum(row[1] for row in numbers.table.rows) == opened._frame.draws, timeout=5_000)  # type: ignore[misc,union-attr]


def test_a_slider_that_listens_costs_no_table(opened: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the stream runs on, a frame is only taken note of."""
    opened.show_still(500)
    opened.teller.tell()
    opened.store.watch(running=True)
    opened.teller._told = opened.teller._key(opened.store.state)
    monkeypatch.setattr(opened.teller, "tables", lambda: pytest.fail("tables were made"))
    frame = opened._frame
    assert frame is not None
    opened.teller._timer.stop()
    for _ in range(100):
        opened.teller.hear(frame)
    assert not opened.teller._timer.isActive()


def test_a_drag_that_is_cancelled_leaves_no_step_to_undo(opened: Program) -> None:
    store = opened.store
    before = store.state.settings
    for value in (1.0, 2.0):
        store.edit("temperature", value, final=False)
    store.cancel()
    assert store.state.settings == before
    assert store.undo_label is None
    store.edit("temperature", 3.0)
    store.cancel()
    assert store.state.settings.temperature == 3.0
    assert math.isfinite(store.state.settings.temperature)
