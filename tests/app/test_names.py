"""Names that strangers write: shown as the text that they are, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.model.parameters import LONGEST_NAME
from gumbelviz.model.scene import Page, Scene, read_scene, write_scene
from gumbelviz.model.settings import clean_text, make_settings
from gumbelviz.views.look import FONT, load_fonts
from gumbelviz.views.pages.table import PAGES

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
NAMES = (
    "<b>bold</b>", "<i>", "</i>", "<img src='file:///etc/passwd'>", "<a href='http://example.org'>click</a>",
    "<h1>Large</h1>", "<script>alert(1)</script>", "<table><tr><td>x", "&amp;", "&lt;b&gt;", "&", "&&", "&File",
    "a & b",
    "<!-- -->", "<?xml version='1.0'?>", "<svg/onload=x>", "=cmd|' /C calc'!A0", "=1+1", "+1", "-1", "@SUM(A1)", "|x",
    "עברית", "العربية", "فارسی \u200c نیم", "\u202eevil\u202c", "a\u2066b\u2069c", "mixed עברית text", "١٢٣",
    "e\u0301", "Z\u0351\u0352\u0353algo", "a" + "\u0301" * 60, "\u0301", "한국어", "日本語", "ไทย", "हिन्दी", "ﷺ",
    "🙂", "👩\u200d👩\u200d👧", "🏳️\u200d🌈", "1️⃣", "🇩🇪", "\U0001f9d1\U0001f3ff", "\ufffd", "\u200b", "\ufeffx", "\x00",
    "a\x00b", "tab\there", "line\nbreak", "\r\n", "\x1b[31mred", "\x7f", "%s %d {0} {name}", "{soft:1}", "\\n",
    "'; DROP",
    "   ", "W" * LONGEST_NAME, "i" * LONGEST_NAME, "long " * 40, "x" * 10_000, "<b>" * 5_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def program(qapp: QApplication) -> Iterator[Program]:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()
    made = Program(load_builtin("movie-night"), "light")
    made.window.resize(1024, 640)
    made.store.watch(running=False)
    yield made
    end(qapp, made)


def scene_with(name: str) -> Scene:
    return Scene(title=name[:LONGEST_NAME], settings=make_settings([1.0, 0.5, 0.0], [name, "Plain", "Other"]))


def taken_for_html(window: QWidget, name: str) -> list[str]:
    """Labels and tips that Qt would lay out as HTML, with the beginning of the name in them."""
    found, beginning = [], clean_text(name)[:10].strip()
    if not beginning:
        return []
    for part in (window, *window.findChildren(QWidget)):
        if isinstance(part, QLabel) and beginning in part.text() and part.textFormat() != Qt.TextFormat.PlainText:
            html = part.textFormat() in (Qt.TextFormat.RichText, Qt.TextFormat.MarkdownText)
            if html or GuiQt.mightBeRichText(part.text()):
                found.append(f"label: {part.text()[:60]}")
        tip = part.toolTip()
        if beginning in tip and GuiQt.mightBeRichText(tip) and "&lt;" not in tip and "&amp;" not in tip:
            found.append(f"tip: {tip[:60]}")
    return found


def test_there_are_sixty_names() -> None:
    assert len(set(NAMES)) >= 60


def some_always() -> list[object]:
    always = ("<i>", "&File", "\u202eevil\u202c", "x" * 10_000, "W" * LONGEST_NAME)
    return [pytest.param(name, id=str(i), marks=[] if name in always else pytest.mark.long)
            for i, name in enumerate(NAMES)]  # fmt: skip


@pytest.mark.parametrize("name", some_always())
def test_a_name_is_text_or_refused(qtbot: QtBot, program: Program, name: str) -> None:
    before = program.store.state
    try:
        scene = read_scene(write_scene(scene_with(name)))
    except ValueError as error:
        assert len(name) > LONGEST_NAME
        assert str(error).endswith(".")
        assert "\n" not in str(error)
        with pytest.raises(ValueError, match="characters"):
            program.store.edit("rename", (0, name))
        assert program.store.state is before
        return
    assert scene.settings.names[0] == clean_text(name)
    program.store.open(scene)
    pages: list[Page] = [row.id for row in PAGES] if "<" in name else ["pipeline"]
    program.window.show()
    try:
        for page in pages:
            program.show_still(200, page)
            QGuiApplication.processEvents()
            assert not program.window.grab().isNull()
            assert taken_for_html(program.window, name) == [], f"on the page {page}"
        assert program.window.windowTitle().startswith(clean_text(name)[:20])
    finally:
        program.window.hide()


def test_a_rename_cleans_the_same_way(program: Program) -> None:
    program.store.open(scene_with("A"))
    program.store.edit("rename", (0, "a\x00b\u202ec"))
    assert program.store.state.settings.names[0] == "abc"
    program.store.edit("rename", (0, "\u200b"))
    assert program.store.state.settings.names[0] == "Option 1"


def test_a_label_with_html_is_noticed(qtbot: QtBot, program: Program) -> None:
    label = QLabel("<b>bold</b>", program.window)
    try:
        assert taken_for_html(program.window, "<b>bold</b>") != []
    finally:
        label.setParent(None)
        label.deleteLater()
