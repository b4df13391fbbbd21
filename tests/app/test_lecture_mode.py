"""Lecture mode in a real window with a real engine: keys, steps, blank, and everything back in its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QFontDatabase, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app import files as files_module
from gumbelviz.app import lecture_files
from gumbelviz.app.lecture_mode import without_counters
from gumbelviz.app.start import end
from gumbelviz.lectures.lecture_file import write_lecture
from gumbelviz.model.lecture import Lecture, Step
from gumbelviz.views.controls.slider import Slider
from gumbelviz.views.look import FONT, load_fonts
from tests.app.stage import FILMS, LECTURE, Lecturer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


@pytest.fixture
def lecturer(qapp: QApplication, qtbot: QtBot) -> Iterator[Lecturer]:
    made = Lecturer(qtbot)
    yield made
    end(qapp, made.program)


def shown(lecturer: Lecturer) -> list[QWidget]:
    window = lecturer.window
    parts = [window.menuBar(), window.toolbar, window.footer, lecturer.stage.head, lecturer.stage.foot]
    return [part for part in parts if part.isVisible()]


# On and off -------------------------------------------------------------------------------------------------


def test_f5_makes_a_stage_and_esc_takes_it_away(lecturer: Lecturer) -> None:
    lecturer.start()
    stage, window = lecturer.stage, lecturer.window
    assert window.isFullScreen()
    assert shown(lecturer) == [stage.head, stage.foot]
    assert window.look.theme.id == "lecture"
    assert stage.head.title.text == "τ is 0.5"
    assert stage.foot.count.text() == "Step 1 of 4"
    lecturer.press(Key.Key_Escape)
    assert not lecturer.presenting()
    assert shown(lecturer) == [window.menuBar(), window.toolbar, window.footer]
    assert window.look.theme.id == "dark"
    assert not window.isFullScreen()


def test_the_document_is_as_it_was(lecturer: Lecturer, tmp_path: Path) -> None:
    """Options, way back and forth, path, mark of changes, page, what is watched, window: whatever is done on stage."""
    program = lecturer.program
    program.store.mark_saved(tmp_path / "mine.gumbel")
    program.wish("temperature", 2.0)
    program.wish("logit", (0, 1.5))
    program.undo()
    program.turn("simplex")
    program.store.watch(cursor=3, frozen=True, speed=30.0)
    lecturer.settle()
    before, labels = program.store.state, (program.store.undo_label, program.store.redo_label)
    geometry, title = lecturer.window.geometry(), lecturer.window.windowTitle()
    draws = lecturer.frame.draws
    lecturer.start()
    assert program.store.document is before
    for _ in LECTURE.steps:
        program.wish("temperature", 0.05)
        program.wish("add", None)
        program.undo()
        program.redo()
        lecturer.press(Key.Key_PageDown)
        lecturer.settle()
    assert program.store.document is before
    lecturer.press(Key.Key_Escape)
    lecturer.settle()
    assert without_counters(program.store.state) == without_counters(before)
    assert program.store.state.edited
    assert (program.store.undo_label, program.store.redo_label) == labels
    assert (lecturer.window.geometry(), lecturer.window.windowTitle()) == (geometry, title)
    assert lecturer.frame.draws == draws
    program.undo()
    assert program.store.state.settings == before.saved.settings


def test_the_same_draws_are_there_again(lecturer: Lecturer) -> None:
    program = lecturer.program
    program.store.watch(cursor=5000)
    program.store.watch(running=True)
    lecturer.qtbot.waitUntil(lambda: lecturer.frame.draws > 20_000, timeout=20_000)
    program.store.watch(running=False)
    lecturer.wait(0.3)
    before = lecturer.settle()
    lecturer.start()
    lecturer.press(Key.Key_End, Key.Key_Escape)
    lecturer.qtbot.waitUntil(lambda: lecturer.frame.draws == before.draws, timeout=20_000)
    after = lecturer.settle()
    assert after.wins.tolist() == before.wins.tolist()
    assert after.draw.index == before.draw.index


def test_a_maximised_window_stays_maximised(lecturer: Lecturer) -> None:
    lecturer.window.showMaximized()
    QApplication.processEvents()
    lecturer.start()
    lecturer.press(Key.Key_Escape)
    assert lecturer.window.isMaximized()
    lecturer.window.showFullScreen()
    lecturer.start()
    lecturer.press(Key.Key_Escape)
    assert lecturer.window.isFullScreen()


def test_what_was_hidden_stays_hidden(lecturer: Lecturer) -> None:
    lecturer.window.footer.hide()
    lecturer.start()
    lecturer.press(Key.Key_Escape)
    assert lecturer.window.footer.isHidden()


def test_every_page_is_whole_again(lecturer: Lecturer) -> None:
    """Also those that were turned away from while they were reduced."""
    lecturer.start()
    pipeline = lecturer.program.pager.page
    assert pipeline is not None
    for page, reduced in (("pipeline", True), ("noise", False), ("pipeline", True), ("simplex", False)):
        lecturer.program.turn(page)
        assert pipeline.reduced == reduced, page
    lecturer.press(Key.Key_Escape)
    assert not any(page.reduced for page in lecturer.program.pager._pages.values())


def test_shift_f5_goes_on_where_it_was(lecturer: Lecturer) -> None:
    lecturer.start()
    lecturer.press(Key.Key_PageDown, Key.Key_PageDown, Key.Key_Escape)
    QTest.keyClick(lecturer.window, Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    assert lecturer.presenting()
    assert lecturer.place() == 2
    lecturer.press(Key.Key_Escape)
    lecturer.press(Key.Key_F5)
    assert lecturer.place() == 0


def test_nothing_is_left_running(lecturer: Lecturer, qapp: QApplication) -> None:
    """Neither the pointer's clock nor that of the speaker's window nor the watch on the keys."""
    lecturer.start()
    lecturer.press(Key.Key_S, Key.Key_Down)
    speaker = lecturer.mode._speaker
    assert speaker is not None
    assert speaker.isVisible()
    assert speaker._timer.isActive()
    lecturer.press(Key.Key_Escape)
    assert not speaker._timer.isActive()
    assert not lecturer.mode._pointer._timer.isActive()
    assert not lecturer.stage.echo._timer.isActive()
    assert QGuiApplication.overrideCursor() is None
    place = lecturer.mode.place
    lecturer.press(Key.Key_PageDown)
    assert lecturer.place() == place
    assert not lecturer.mode._awake.held


def test_closing_asks_for_the_document_alone(lecturer: Lecturer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Asked(QMessageBox):
        def exec(self) -> int:
            asked.append(self.text())
            return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(files_module, "QMessageBox", Asked)
    program = lecturer.program
    lecturer.start()
    program.wish("temperature", 0.05)
    event = QCloseEvent()
    program.window.closeEvent(event)
    assert event.isAccepted()
    assert asked == []


def test_closing_with_changes_asks_and_is_back_home(
    lecturer: Lecturer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    class Asked(QMessageBox):
        def exec(self) -> int:
            asked.append(self.text())
            return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(files_module, "QMessageBox", Asked)
    program = lecturer.program
    program.store.mark_saved(tmp_path / "mine.gumbel")
    program.wish("temperature", 2.0)
    lecturer.start()
    assert not program.window.close()
    assert asked == ["Save the changes to “Ice cream”?"]
    assert not lecturer.presenting()
    assert program.window.isVisible()
    program.store.undo()


def test_a_scene_that_is_dropped_ends_the_lecture(lecturer: Lecturer) -> None:
    lecturer.start()
    lecturer.program.files.open_found(FILMS)
    assert not lecturer.presenting()
    assert lecturer.program.store.state.scene == FILMS
    assert lecturer.program.store.document is lecturer.program.store.state


def test_it_can_start_before_the_engine(qapp: QApplication, qtbot: QtBot) -> None:
    from gumbelviz.app.program import Program

    program = Program(FILMS, "light")
    program.window.show()
    try:
        program.lecture.choose(LECTURE)
        program.lecture.start()
        assert program.lecture.on
        program.lecture.next_step()
        program.start()
        qtbot.waitUntil(lambda: program._frame is not None, timeout=20_000)
        program.lecture.leave()
        assert program.store.state.scene == FILMS
    finally:
        end(qapp, program)


# Steps ------------------------------------------------------------------------------------------------------


FORWARD = (Key.Key_PageDown, Key.Key_Right, Key.Key_N)
BACK = (Key.Key_PageUp, Key.Key_Left, Key.Key_P, Key.Key_Backspace)


def test_steps_go_forward_and_back(lecturer: Lecturer) -> None:
    lecturer.start()
    for forward in FORWARD:
        lecturer.press(forward)
        assert lecturer.place() == 1, forward
        for back in BACK:
            lecturer.press(back)
            assert lecturer.place() == 0, back
            lecturer.press(forward)
        lecturer.press(Key.Key_Home)
    lecturer.press(Key.Key_PageUp)
    assert lecturer.place() == 0
    lecturer.press(Key.Key_End, Key.Key_PageDown)
    assert lecturer.place() == 3
    assert lecturer.presenting()


def test_a_slider_with_the_keyboard_does_not_take_the_step(lecturer: Lecturer) -> None:
    lecturer.start()
    page = lecturer.program.pager.page
    assert page is not None
    slider = next(slider for slider in page.findChildren(Slider) if slider.accessibleName() == "Temperature τ")
    slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    slider.setFocus()
    before = lecturer.program.store.state.settings
    for key in (*FORWARD, Key.Key_End):
        lecturer.press(key, on=slider)
        assert lecturer.place() > 0, key
        lecturer.press(Key.Key_Home, on=slider)
        assert lecturer.place() == 0
    assert lecturer.program.store.state.settings == before
    lecturer.press(Key.Key_B, on=slider)
    assert lecturer.stage.sheet.isVisible()


def test_up_and_down_move_the_control_of_the_step(lecturer: Lecturer) -> None:
    lecturer.start()
    lecturer.press(Key.Key_Down)
    settings = lecturer.program.store.state.settings
    assert settings != FILMS.settings
    lecturer.press(Key.Key_Up)
    assert lecturer.place() == 0


def test_a_field_keeps_what_is_typed_into_it(lecturer: Lecturer) -> None:
    lecturer.start()
    field = QLineEdit(lecturer.window.centralWidget())
    field.show()
    field.setFocus()
    QTest.keyClicks(field, "0.5 nbpr")
    lecturer.press(Key.Key_Left, Key.Key_Backspace, on=field)
    assert field.text() == "0.5 nbr"
    assert lecturer.place() == 0
    assert lecturer.stage.sheet.isHidden()
    lecturer.press(Key.Key_PageDown, on=field)
    assert lecturer.place() == 1
    lecturer.press(Key.Key_Escape, on=field)
    assert lecturer.presenting()
    assert not field.hasFocus()
    lecturer.press(Key.Key_Escape)
    assert not lecturer.presenting()
    field.deleteLater()


def test_the_space_bar_does_what_the_step_needs(lecturer: Lecturer) -> None:
    lecturer.start()
    lecturer.press(Key.Key_Space)
    assert lecturer.program.store.state.transport.cursor == 6
    assert not lecturer.running()
    lecturer.press(Key.Key_Return)
    lecturer.settle()
    assert lecturer.program.store.state.transport.cursor in (6, 7)
    lecturer.press(Key.Key_PageDown, Key.Key_Space)
    assert lecturer.running()
    lecturer.press(Key.Key_Space)
    assert not lecturer.running()


def test_a_step_opens_as_it_is_written(lecturer: Lecturer) -> None:
    lecturer.start()
    transport = lecturer.program.store.state.transport
    assert (transport.cursor, transport.frozen, transport.running) == (5, True, False)
    assert lecturer.frame.draw.index == 5
    lecturer.press(Key.Key_PageDown)
    lecturer.qtbot.waitUntil(lambda: lecturer.frame.draws == 1000, timeout=20_000)
    lecturer.press(Key.Key_End)
    transport = lecturer.program.store.state.transport
    assert (transport.cursor, transport.running, transport.speed) == (None, True, 1000.0)
    # What was moved on a step stands as it is written when one comes back to it.
    lecturer.press(Key.Key_Home)
    lecturer.program.wish("temperature", 7.0)
    lecturer.press(Key.Key_PageDown, Key.Key_PageUp)
    assert lecturer.program.store.state.scene == FILMS


def test_digits_turn_pages_where_the_step_allows_it(lecturer: Lecturer) -> None:
    lecturer.start()
    lecturer.press(Key.Key_3)
    assert lecturer.page() == "pipeline"
    lecturer.press(Key.Key_End, Key.Key_3)
    assert lecturer.page() == "simplex"
    page = lecturer.program.pager.page
    assert page is not None
    assert not page.reduced
    lecturer.press(Key.Key_Escape)
    assert lecturer.page() == "pipeline"


def test_commands_of_the_desk_are_out_of_reach(lecturer: Lecturer) -> None:
    lecturer.start()
    state = lecturer.program.store.state
    for key in (Key.Key_N, Key.Key_O, Key.Key_S):
        QTest.keyClick(lecturer.window, key, Qt.KeyboardModifier.ControlModifier)
        QApplication.processEvents()
    assert lecturer.program.store.state is state
    assert lecturer.place() == 0
    lecturer.program.wish("temperature", 3.0)
    QTest.keyClick(lecturer.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert lecturer.program.store.state.settings == FILMS.settings


# Blank, and what follows the hands --------------------------------------------------------------------------


def test_a_blank_sheet_covers_all_and_any_step_key_brings_it_back(lecturer: Lecturer) -> None:
    lecturer.start()
    sheet = lecturer.stage.sheet
    for key, color in ((Key.Key_B, "#000000"), (Key.Key_Period, "#000000"), (Key.Key_W, "#ffffff")):
        for back in (Key.Key_PageDown, Key.Key_Left, Key.Key_B, Key.Key_Space):
            lecturer.press(key)
            assert sheet.isVisible()
            assert sheet.geometry() == lecturer.window.centralWidget().rect()
            assert sheet.grab().toImage().pixelColor(5, 5).name() == color
            lecturer.press(back)
            assert sheet.isHidden()
            assert lecturer.place() == 0
    lecturer.press(Key.Key_B)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton)
    assert sheet.isHidden()
    lecturer.press(Key.Key_B, Key.Key_Escape)
    assert not lecturer.presenting()
    assert sheet.isHidden()


def test_keys_and_values_are_shown_and_can_be_switched_off(lecturer: Lecturer) -> None:
    lecturer.start()
    echo = lecturer.stage.echo
    lecturer.press(Key.Key_PageDown)
    assert echo.words == ("PgDn", "")
    lecturer.program.wish("temperature", 2.0)
    assert echo.words == ("PgDn", "τ = 2.00")
    lecturer.program.wish("logit", (1, -0.5))
    assert echo.words[1] == "z Comedy = −0.5"
    lecturer.press(Key.Key_Space)
    assert echo.words == ("Space", "running")
    lecturer.press(Key.Key_K)
    assert echo.isHidden()
    assert not lecturer.program.actions["lecture keys"].isChecked()
    lecturer.press(Key.Key_PageUp)
    lecturer.program.wish("temperature", 3.0)
    assert echo.isHidden()


def test_the_pointer_hides_when_it_rests(lecturer: Lecturer, qapp: QApplication) -> None:
    lecturer.start()
    pointer = lecturer.mode._pointer
    pointer._over = lambda: True
    pointer._timer.timeout.emit()
    cursor = QGuiApplication.overrideCursor()
    assert cursor is not None
    assert cursor.shape() == Qt.CursorShape.BlankCursor
    QTest.mouseMove(lecturer.window, lecturer.window.rect().center())
    qapp.processEvents()
    assert QGuiApplication.overrideCursor() is None
    pointer._over = lambda: False
    pointer._timer.timeout.emit()
    assert QGuiApplication.overrideCursor() is None


# Tasks ------------------------------------------------------------------------------------------------------


def test_a_task_is_ticked_and_never_in_the_way(lecturer: Lecturer) -> None:
    lecturer.start()
    head = lecturer.stage.head
    assert head.task.text == "○  Drag the temperature down to 0.1."
    lecturer.program.wish("temperature", 0.2)
    lecturer.read()
    assert head.task.text.startswith("○")
    lecturer.program.wish("temperature", 0.08)
    lecturer.settle()
    lecturer.qtbot.waitUntil(lambda: head.task.text.startswith("✓"), timeout=20_000)
    lecturer.program.wish("temperature", 1.0)
    lecturer.press(Key.Key_PageDown, Key.Key_PageUp)
    lecturer.read()
    assert head.task.text.startswith("✓")


# Other lectures ---------------------------------------------------------------------------------------------


def choose_file(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    class Chosen(QFileDialog):
        @staticmethod
        def getOpenFileName(*_: object) -> tuple[str, str]:
            return str(path), ""

    monkeypatch.setattr(lecture_files, "QFileDialog", Chosen)


def test_somebodys_own_lecture_is_opened(
    lecturer: Lecturer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "mine.lecture"
    path.write_bytes(write_lecture(Lecture(title="Mine", steps=(Step(title="Only <b>one</b>", scene=FILMS),))))
    choose_file(monkeypatch, path)
    lecturer.program.actions["lecture open"].trigger()
    assert lecturer.presenting()
    assert lecturer.stage.head.title.text == "Only <b>one</b>"
    assert lecturer.stage.foot.count.text() == "Step 1 of 1"


def test_a_file_that_is_no_lecture_is_refused_calmly(
    lecturer: Lecturer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for path in (tmp_path / "nothing.lecture", tmp_path / "broken.lecture"):
        if path.name == "broken.lecture":
            path.write_bytes(b"{}")
        choose_file(monkeypatch, path)
        lecturer.program.actions["lecture open"].trigger()
        assert not lecturer.presenting()
        assert path.name in lecturer.window.message
        assert lecturer.mode.lecture is LECTURE


# Predictions -------------------------------------------------------------------------------------------------


def test_the_points_of_a_lecture_are_kept_on_this_machine(lecturer: Lecturer) -> None:
    keeper = lecturer.program.keeper
    lecturer.start()
    place = next(i for i, step in enumerate(LECTURE.steps) if step.question is not None)
    for _ in range(place):
        lecturer.press(Key.Key_PageDown)
    lecturer.settle()
    assert keeper.value.lecture_scores == {}
    lecturer.program.lecture._predicted((60, 30, 10))
    lecturer.program.lecture._picked(0)
    lecturer.press(Key.Key_R)
    lecturer.settle()
    (points,) = keeper.value.lecture_scores.values()
    assert list(keeper.value.lecture_scores) == [LECTURE.title]
    assert 0.0 <= points <= 100.0
