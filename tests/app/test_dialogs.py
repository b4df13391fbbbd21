"""Settings, commands, keys: made from the one table, used with the keyboard alone, seen at work at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontDatabase, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.actions import COMMANDS
from gumbelviz.app.keeper import Keeper
from gumbelviz.app.library import BUILT_IN, load_builtin
from gumbelviz.app.program import ZOOMS, Program
from gumbelviz.app.start import end
from gumbelviz.model.numbers import NumberFormat, read_number, use_format, write_count, write_number
from gumbelviz.model.preferences import SECTIONS, Preferences, changed
from gumbelviz.views.dialogs.dialog import Dialog
from gumbelviz.views.dialogs.palette import CommandPalette
from gumbelviz.views.dialogs.settings import TITLES, SettingsDialog
from gumbelviz.views.dialogs.shortcuts import ShortcutSheet
from gumbelviz.views.look import FONT, load_fonts
from gumbelviz.views.pages.table import PAGES

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> Iterator[None]:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()
    yield
    use_format(NumberFormat())


@pytest.fixture
def program(qapp: QApplication) -> Iterator[Program]:
    made = Program(load_builtin("movie-night"), keeper=Keeper(changed(Preferences(), theme="light")))
    made.window.resize(1280, 720)
    made.window.show()
    made.window.activateWindow()
    made.show_still(1000)
    yield made
    end(qapp, made)


def settings_of(program: Program) -> SettingsDialog:
    program.actions["settings"].trigger()
    dialog = program.dialogs.open_now
    assert isinstance(dialog, SettingsDialog)
    QApplication.processEvents()
    return dialog


# Settings -------------------------------------------------------------------------------------------------------


def test_theme_and_size_are_seen_at_once(program: Program) -> None:
    dialog = settings_of(program)
    dialog.theme.buttons["dark"].click()
    assert program.window.look.theme.id == dialog.look.theme.id == "dark"
    assert program.actions["theme dark"].isChecked()
    dialog.larger.click()
    assert program.window.look.zoom == dialog.look.zoom == pytest.approx(1.1)
    dialog.zoom.setFocus()
    dialog.zoom.selectAll()
    QTest.keyClicks(dialog.zoom, "150")
    QTest.keyClick(dialog.zoom, Key.Key_Return)
    assert program.keeper.value.zoom == 1.5
    assert program.window.look.zoom == 1.5
    dialog.finish.click()
    assert program.dialogs.open_now is None
    assert (program.keeper.value.theme, program.keeper.value.zoom) == ("dark", 1.5)


def test_cancel_takes_everything_back_but_what_is_remembered(program: Program) -> None:
    before = program.keeper.value
    dialog = settings_of(program)
    dialog.theme.buttons["contrast"].click()
    dialog.larger.click()
    dialog.autosave.click()
    dialog.decimals.buttons[1].click()
    program.keeper.change(recent=("/x.gumbel",))
    assert program.keeper.value.autosave is False
    QTest.keyClick(dialog, Key.Key_Escape)
    assert program.keeper.value == changed(before, recent=("/x.gumbel",))
    assert program.window.look.theme.id == "light"
    assert write_number(0.125) == "0.12"


def test_a_section_and_everything_can_be_reset(program: Program) -> None:
    program.keeper.change(theme="dark", zoom=1.25, decimals=1, thousands="none", seed=3, threads=2, autosave=False,
                          reopen=False, calm=True)  # fmt: skip
    dialog = settings_of(program)
    for section, names in SECTIONS.items():
        dialog.resets[section].click()
        for name in names:
            assert getattr(program.keeper.value, name) == getattr(Preferences(), name)
    program.keeper.change(theme="dark", seed=3)
    dialog.reset_all.click()
    assert program.keeper.value == Preferences()
    assert dialog.theme.value == "system"


def test_every_choice_of_the_file_has_a_control(program: Program) -> None:
    """A new preference without a control would be one that nobody finds."""
    dialog = settings_of(program)
    wished: list[str] = []
    dialog.wished.connect(lambda name, _value: wished.append(name))
    for group in (dialog.theme, dialog.decimals, dialog.thousands):
        for choice in group.buttons.values():
            choice.click()
    for box in (dialog.calm, dialog.autosave, dialog.reopen):
        box.click()
    for field in (dialog.seed, dialog.threads):
        QTest.keyClick(field, Key.Key_Up)
    dialog.smaller.click()
    assert set(wished) == {name for names in SECTIONS.values() for name in names}
    assert set(TITLES) == set(SECTIONS)
    assert program.keeper.value.seed == 8
    assert program.keeper.value.threads == 1


def test_what_cannot_be_is_one_sentence_in_the_dialog(program: Program) -> None:
    dialog = settings_of(program)
    dialog.tabs["engine"].click()
    for text in ("-4", "1.5", "many", "1e30", "nan"):
        dialog.problem.hide()
        dialog.seed.setFocus()
        dialog.seed.selectAll()
        QTest.keyClicks(dialog.seed, text)
        QTest.keyClick(dialog.seed, Key.Key_Return)
        assert dialog.problem.isVisible(), text
        assert dialog.problem.text().endswith("."), text
        assert program.keeper.value.seed == 7
    dialog.seed.setFocus()
    dialog.seed.selectAll()
    QTest.keyClicks(dialog.seed, "1,234")
    QTest.keyClick(dialog.seed, Key.Key_Return)
    assert program.keeper.value.seed == 1234
    assert not dialog.problem.isVisible()


def test_numbers_change_everywhere_at_once(program: Program) -> None:
    program.show_still(12_345)
    assert program.window.footer._draws.text() == "12,345"
    dialog = settings_of(program)
    dialog.thousands.buttons["space"].click()
    assert program.window.footer._draws.text() == "12\N{NARROW NO-BREAK SPACE}345"
    assert "12\N{NARROW NO-BREAK SPACE}345" not in dialog.sample.text()
    assert read_number(write_count(12_345)) == 12_345.0
    dialog.thousands.buttons["none"].click()
    assert program.window.footer._draws.text() == "12345"
    dialog.decimals.buttons[-1].click()
    assert write_number(0.25) == "0.2"
    assert write_number(3.0, 0) == "3"
    dialog.decimals.buttons[1].click()
    assert write_number(0.25) == "0.250"


def test_reduced_motion_reaches_the_look_and_the_clock(program: Program) -> None:
    program.start()
    assert program._loop is not None
    dialog = settings_of(program)
    dialog.calm.click()
    assert program.window.look.calm
    assert program._loop._calm
    dialog.calm.click()
    assert not program._loop._calm


@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_the_keyboard_reaches_everything_in_the_order_of_reading(program: Program, zoom: float) -> None:
    program.keeper.change(zoom=zoom)
    dialog = settings_of(program)
    for section in TITLES:
        dialog.tabs[section].click()
        QApplication.processEvents()
        dialog.tabs["appearance"].setFocus()
        reached: list[QWidget] = []
        for _ in range(40):
            QTest.keyClick(dialog, Key.Key_Tab)
            focus = dialog.focusWidget()
            if focus in reached or focus is None:
                break
            reached.append(focus)
        assert dialog.finish in reached
        assert dialog.resets[section] in reached
        for widget in reached:
            assert widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()), widget
        wanted = [
            widget
            for widget in dialog._stack.currentWidget().findChildren(QWidget)
            if isinstance(widget, (QLineEdit, QCheckBox)) and widget.isVisible()
        ]
        assert [widget for widget in wanted if widget not in reached] == []


def test_the_arrows_choose_within_a_group(program: Program) -> None:
    dialog = settings_of(program)
    dialog.theme.buttons["light"].setFocus()
    QTest.keyClick(dialog.theme.buttons["light"], Key.Key_Right)
    assert dialog.theme.buttons["dark"].hasFocus()
    assert program.window.look.theme.id == "dark"


def test_nothing_is_cut_off_at_any_size(program: Program) -> None:
    for zoom in (1.0, 1.5, 2.0):
        program.keeper.change(zoom=zoom)
        dialog = settings_of(program)
        # What a screen of 1024 x 640 leaves, which is less than it would like from 125 % on.
        dialog.resize(min(dialog.look.px(dialog.width_wished), 962), 600)
        for section in TITLES:
            dialog.tabs[section].click()
            QApplication.processEvents()
            inside = dialog._stack.currentWidget()
            card = inside.widget()  # type: ignore[attr-defined]
            assert card.width() <= inside.viewport().width(), (zoom, section)  # type: ignore[attr-defined]
            for label in card.findChildren(QLabel):
                if label.isVisible() and not label.wordWrap():
                    assert label.width() >= label.sizeHint().width() - 1, (zoom, label.text())
            for button in card.findChildren(QAbstractButton):
                if button.isVisible() and not isinstance(button, QCheckBox):
                    assert button.width() >= button.sizeHint().width() - 1, (zoom, button.text())
        dialog.close()


# Commands -------------------------------------------------------------------------------------------------------


def palette_of(program: Program) -> CommandPalette:
    program.actions["commands"].trigger()
    palette = program.dialogs.open_now
    assert isinstance(palette, CommandPalette)
    QApplication.processEvents()
    return palette


def test_the_palette_knows_every_command_page_and_scene(program: Program) -> None:
    program.keeper.change(recent=("/x/night.gumbel",))
    ids = palette_of(program).found
    commands = [command.id for command in COMMANDS if command is not None]
    assert list(ids[: len(commands)]) == commands
    assert {f"page {row.id}" for row in PAGES} <= set(ids)
    assert {f"scene {scene_id}" for scene_id in BUILT_IN} <= set(ids)
    assert "recent /x/night.gumbel" in ids
    assert all(entry.name for entry in program.dialogs.entries())


def test_typing_and_enter_do_it(program: Program) -> None:
    palette = palette_of(program)
    assert palette.field.hasFocus() or palette.focusWidget() is palette.field
    QTest.keyClicks(palette.field, "simplex")
    assert palette.found[0] == "page simplex"
    QTest.keyClick(palette.field, Key.Key_Return)
    assert program.dialogs.open_now is None
    assert program.store.state.page == "simplex"
    palette = palette_of(program)
    QTest.keyClicks(palette.field, "hiring")
    QTest.keyClick(palette.field, Key.Key_Enter)
    assert program.store.state.scene.title == "Hiring"


def test_the_arrows_move_the_mark_over_what_can_be_done(program: Program) -> None:
    palette = palette_of(program)
    QTest.keyClicks(palette.field, "undo")
    assert palette.list.item(0).text() == "Undo"
    QTest.keyClick(palette.field, Key.Key_Return)
    # There is nothing to undo: it is listed, but cannot be taken.
    assert program.dialogs.open_now is palette
    palette.field.clear()
    for key, row in ((Key.Key_Down, 1), (Key.Key_Down, 2), (Key.Key_Up, 1)):
        QTest.keyClick(palette.field, key)
        assert palette.list.currentRow() == row
    QTest.keyClick(palette.field, Key.Key_PageDown)
    assert palette.list.currentRow() > 5
    for _ in range(20):
        QTest.keyClick(palette.field, Key.Key_PageUp)
    assert palette.list.currentRow() == 0
    QTest.keyClicks(palette.field, "zzzzz")
    assert palette.found == ()
    assert palette._nothing.isVisible()
    QTest.keyClick(palette.field, Key.Key_Return)
    QTest.keyClick(palette.field, Key.Key_Down)
    QTest.keyClick(palette, Key.Key_Escape)
    assert program.dialogs.open_now is None


def test_the_palette_shows_what_is_on(program: Program) -> None:
    checked = {entry.id for entry in program.dialogs.entries() if entry.checked}
    assert {"theme light", "page pipeline"} <= checked


# Keys -----------------------------------------------------------------------------------------------------------


def test_the_sheet_has_every_command_with_a_key_once(program: Program) -> None:
    program.actions["shortcuts"].trigger()
    sheet = program.dialogs.open_now
    assert isinstance(sheet, ShortcutSheet)
    names = [label.accessibleName() for label in sheet.findChildren(QLabel) if label.accessibleName()]
    for command in COMMANDS:
        if command is None:
            continue
        keys = program.actions[command.id].shortcuts()
        name = command.text.replace("&", "").rstrip("…")
        shown = [text for text in names if text.startswith(f"{name if len(name) > 2 else command.tip}: ")]
        assert len(shown) == bool(keys), command.id
    assert any("type its number" in name for name in names)
    sheet.close_button.click()
    assert program.dialogs.open_now is None


def test_one_dialog_at_a_time_and_none_after_the_end(program: Program) -> None:
    for id in ("settings", "commands", "shortcuts", "settings"):
        program.actions[id].trigger()
    QApplication.processEvents()
    assert len([widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Dialog)
                and widget.isVisible()]) == 1  # fmt: skip
    program.stop()
    assert program.dialogs.open_now is None


# The wheel --------------------------------------------------------------------------------------------------------


def turn_wheel(widget: QWidget, delta: int, modifier: Qt.KeyboardModifier, to_window: bool = False) -> QWheelEvent:
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre, widget.mapToGlobal(centre), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, modifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    receiver = widget.window().windowHandle() if to_window else widget
    assert receiver is not None
    QApplication.sendEvent(receiver, event)
    return event


def test_ctrl_and_the_wheel_change_the_size_of_everything(program: Program) -> None:
    window, control = program.window, Qt.KeyboardModifier.ControlModifier
    turn_wheel(window, 120, control, to_window=True)
    assert window.look.zoom == program.keeper.value.zoom == 1.1
    for _ in range(8):
        # A touchpad: eight small steps are half a notch of a wheel.
        turn_wheel(window, 15, control, to_window=True)
    assert window.look.zoom == 1.25
    for _ in range(20):
        turn_wheel(window, -120, control, to_window=True)
    assert window.look.zoom == ZOOMS[0]
    turn_wheel(window, 120, Qt.KeyboardModifier.NoModifier, to_window=True)
    assert window.look.zoom == ZOOMS[0]


@pytest.mark.parametrize("page", [row.id for row in PAGES])
def test_the_wheel_over_a_control_without_the_focus_changes_nothing(qtbot: QtBot, program: Program, page: str) -> None:
    """Every visible widget of every page, sliders, fields and plots; and of the bars above and below."""
    program.turn(page)
    program.window.centralWidget().setFocus()
    QApplication.processEvents()
    before = program.store.state
    widgets = [widget for widget in program.window.findChildren(QWidget) if widget.isVisible()]
    assert len(widgets) > 40
    for widget in widgets:
        for delta in (120, -120):
            turn_wheel(widget, delta, Qt.KeyboardModifier.NoModifier)
        assert not widget.hasFocus() or widget is program.window.centralWidget()
    assert program.store.state == before
