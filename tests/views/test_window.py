"""The main window: layout, messages, drops, visibility, and whether all of it can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import BUILT_IN, load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.engine.simulation import Simulation
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.window import Strip, Window

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.set_look(Look())
    made.resize(1280, 720)
    made.show()
    return made


@pytest.fixture
def still(qapp: QApplication) -> Iterator[Program]:
    """The whole window, on a run that stands still."""
    program = Program(load_builtin("ice-cream"), "light")
    program.show_still(1000)
    program.window.resize(1280, 720)
    program.window.show()
    qapp.processEvents()
    yield program
    end(qapp, program)


# Messages ---------------------------------------------------------------------------------------------------


def test_a_message_is_shown_until_it_is_dismissed(window: Window) -> None:
    assert window.message == ""
    window.complain("The temperature must be at least 0.")
    assert window.message == "The temperature must be at least 0."
    assert window._message.isVisible()
    assert window._forget.isActive()
    QTest.mouseClick(window._message._cross, LEFT)
    assert window.message == ""


def test_a_message_goes_by_itself(window: Window) -> None:
    window.complain("Something")
    # The clock is the timer's; that it rings is all that matters here.
    window._forget.timeout.emit()
    assert window.message == ""


def test_a_message_that_was_dismissed_can_come_again(window: Window) -> None:
    for _ in range(2):
        window.complain("The same again")
        assert window.message == "The same again"
        window.quiet()
        assert window.message == ""


def test_a_message_in_a_hidden_window_is_not_lost(qtbot: QtBot) -> None:
    hidden = Window()
    qtbot.addWidget(hidden)
    hidden.complain("Said before the window was shown")
    assert hidden.message == "Said before the window was shown"


def test_a_note_that_was_hidden_stays_so_until_its_words_change(window: Window) -> None:
    window.set_note("A note.")
    assert window._note.isVisible()
    QTest.mouseClick(window._note._cross, LEFT)
    window.set_note("A note.")
    assert not window._note.isVisible()
    window.set_note("Another note.")
    assert window._note.isVisible()
    window.set_note("")
    assert not window._note.isVisible()


def test_words_of_strangers_are_plain_text(window: Window) -> None:
    text = "<img src='http://example.invalid/x.png'> & <b>bold</b>"
    window.set_note(text)
    window.complain(text)
    window.set_document(text, False)
    for label in (window._note._label, window._message._label, window._document):
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert label.text() == text
    window.grab()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("zoom", [0.75, 1.0, 1.5])
def test_a_long_message_takes_as_many_lines_as_it_needs(window: Window, theme: str, zoom: float) -> None:
    window.set_look(Look(THEMES[theme], zoom))
    window.complain("A sentence that goes on for a while, to be followed by another one. " * 6)
    QApplication.processEvents()
    label = window._message._label
    assert label.heightForWidth(label.width()) <= label.height() + 1


def test_a_strip_says_what_its_cross_does(qtbot: QtBot) -> None:
    strip = Strip("note", "Hide this note")
    qtbot.addWidget(strip)
    cross = strip.findChild(QPushButton)
    assert cross is not None
    assert cross.accessibleName() == "Hide this note"
    assert cross.toolTip() == "Hide this note"


# The document, the page, the screen -------------------------------------------------------------------------


def test_the_title_says_what_is_open_and_whether_it_was_changed(window: Window) -> None:
    window.set_document("Ice cream", False)
    assert window.windowTitle() == "Ice cream – GumbelViz"
    window.set_document("Ice cream", True)
    assert window.windowTitle() == "Ice cream — edited – GumbelViz"
    assert window._document.text() == "Ice cream — edited"
    assert "Ice cream" in window.toolbar.scene_button.text()


def test_a_page_takes_the_place_of_the_empty_one_in_our_look(window: Window) -> None:
    class Page(QWidget):
        worn: Look | None = None

        def set_look(self, look: Look) -> None:
            self.worn = look

    page = Page()
    window.add_page(page)
    window.show_page(page)
    assert window.pages.currentWidget() is page
    assert page.worn is window.look
    dark = Look(THEMES["dark"])
    window.set_look(dark)
    assert page.worn is dark


def test_it_fits_the_screen(window: Window) -> None:
    window.fit_screen()
    room = window.screen().availableGeometry()
    assert window.width() <= room.width()
    assert window.height() <= room.height()
    assert abs(window.geometry().center().x() - room.center().x()) <= 2


def test_it_says_when_it_can_be_seen(qtbot: QtBot) -> None:
    made = Window()
    qtbot.addWidget(made)
    seen: list[bool] = []
    made.watched.connect(seen.append)
    made.show()
    made.hide()
    made.show()
    made.showMinimized()
    QApplication.processEvents()
    made.showNormal()
    QApplication.processEvents()
    assert seen == [True, False, True, False, True]
    made.hide()


def test_closing_can_be_refused(window: Window) -> None:
    refuse = [True]

    def decide() -> None:
        if refuse[0]:
            window.refuse_close()

    window.closing.connect(decide)
    assert not window.close()
    assert window.isVisible()
    refuse[0] = False
    assert window.close()
    assert not window.isVisible()


# Drops ------------------------------------------------------------------------------------------------------


def offered(window: Window, urls: list[QUrl], text: str = "") -> bool:
    """Drag this over the window; True where the window would take it."""
    mime = QMimeData()
    mime.setUrls(urls)
    if text:
        mime.setText(text)
    event = QDragEnterEvent(QPoint(100, 100), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def drop(window: Window, urls: list[QUrl]) -> None:
    mime = QMimeData()
    mime.setUrls(urls)
    event = QDropEvent(QPointF(100, 100), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)


def test_files_can_be_dropped(window: Window, tmp_path: Path) -> None:
    dropped: list[str] = []
    window.dropped.connect(dropped.append)
    path = tmp_path / "scores of today.csv"
    assert offered(window, [QUrl.fromLocalFile(str(path))])
    drop(window, [QUrl("https://example.invalid/x.csv"), QUrl.fromLocalFile(str(path))])
    assert [Path(name) for name in dropped] == [path]


def test_what_is_no_file_cannot_be_dropped(window: Window) -> None:
    dropped: list[str] = []
    window.dropped.connect(dropped.append)
    assert not offered(window, [QUrl("https://example.invalid/x.csv")])
    assert not offered(window, [], "just words")
    drop(window, [QUrl("https://example.invalid/x.csv")])
    assert dropped == []


# The whole window -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [(1280, 720), (1600, 900)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_everything_fits_at_the_promised_sizes(still: Program, theme: str, size: tuple[int, int]) -> None:
    window = still.window
    still._set_theme(theme)
    window.resize(*size)
    for scene_id in BUILT_IN:
        scene = load_builtin(scene_id)
        still.store.open(scene)
        frame = Simulation(scene.settings).frame(still.store.state.revision)
        still._draw(frame)
        still._speak(frame)
        QApplication.processEvents()
        assert (window.width(), window.height()) == size
        for part in window.findChildren(QWidget):
            if part.isVisible() and part.window() is window:
                corners = part.mapTo(window, part.rect().topLeft()), part.mapTo(window, part.rect().bottomRight())
                assert all(window.rect().contains(corner) for corner in corners), part.accessibleName()
            if part.isVisible() and isinstance(part, QPushButton) and part.text():
                assert part.sizeHint().width() <= part.width() + 1, part.text()


def name_of(part: QWidget) -> str:
    """What a screen reader would call it."""
    if part.accessibleName():
        return part.accessibleName()
    if isinstance(part, QAbstractButton | QLabel | QLineEdit):
        return part.text()
    return part.windowTitle()


def focusable(window: QWidget) -> list[QWidget]:
    parts = [part for part in window.findChildren(QWidget) if part.focusPolicy() & Qt.FocusPolicy.TabFocus]
    # Where the focus is handed on, it is the other one that needs the name.
    return [part for part in parts if not isinstance(part, QMenu) and part.focusProxy() is None]


def test_every_part_that_takes_the_keyboard_has_a_name(still: Program) -> None:
    still.wish("score input", "probabilities")
    parts = focusable(still.window)
    assert len(parts) >= 15
    nameless = [f"{type(part).__name__} in {type(part.parentWidget()).__name__}" for part in parts if not name_of(part)]
    assert nameless == []


def test_names_are_told_apart(still: Program) -> None:
    names = [name_of(part) for part in focusable(still.window) if part.isVisible()]
    assert sorted(names) == sorted(set(names))


def test_every_picture_has_words(still: Program) -> None:
    from gumbelviz.views.plots.plot import Plot
    from gumbelviz.views.plots.rows import RowChart

    page = still.pager.page
    assert page is not None
    charts = page.findChildren(RowChart)
    assert len(charts) >= 9
    for chart in charts:
        assert chart.accessibleName()
    for chart in charts:
        if chart.isVisible():
            assert "Chocolate" in chart.accessibleDescription()
    for plot in page.findChildren(Plot):
        assert plot.accessibleName()


def test_every_visible_button_explains_itself(still: Program) -> None:
    for button in still.window.findChildren(QAbstractButton):
        if button.isVisible() and button.parentWidget() is not still.window.menuBar():
            assert button.toolTip() or button.text(), button.accessibleName()


def test_tab_reaches_everything_and_comes_round(still: Program) -> None:
    start: QWidget = still.window.toolbar.scene_button
    wanted = {part for part in focusable(still.window) if part.isVisible() and part.isEnabled()}
    reached, part = set(), start
    for _ in range(2000):
        reached.add(part)
        following = part.nextInFocusChain()
        assert following is not None
        part = following
        if part is start:
            break
    assert wanted <= reached
