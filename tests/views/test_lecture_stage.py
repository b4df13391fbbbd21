"""Words, keys and the speaker's window: nothing is clipped, nothing is loaded, nothing runs on."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.views.lecture.echo import LONGEST, Echo
from gumbelviz.views.lecture.foot import Cap, Foot
from gumbelviz.views.lecture.head import Head
from gumbelviz.views.lecture.prose import Prose
from gumbelviz.views.lecture.speaker_window import SpeakerWindow
from gumbelviz.views.lecture.stage import stage_zoom
from gumbelviz.views.look import DARK, FONT, LECTURE, Look, dress, load_fonts

# The platform without a screen says such things of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SIZES = [(1024, 768), (1280, 720), (1920, 1080), (3840, 2160)]
CAPS = (
    Cap("lecture next", "PgDn", "next"), Cap("lecture reveal", "R", "reveal"), Cap("lecture go", "Space", "new draw"),
    Cap("lecture more", "↑ ↓", "τ"), Cap("lecture leave", "Esc", "leave"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def worn(widget: QWidget, qtbot: QtBot, width: int, height: int) -> QWidget:
    qtbot.addWidget(widget)
    dress(widget, Look(LECTURE, stage_zoom(width, height)))
    return widget


# Size -------------------------------------------------------------------------------------------------------


def test_ordinary_type_is_24_pixels_of_1080() -> None:
    assert Look(LECTURE, stage_zoom(1920, 1080)).px(15) == 24
    assert Look(LECTURE, stage_zoom(3840, 2160)).px(15) == 48
    assert Look(LECTURE, stage_zoom(1280, 720)).px(15) == 16
    # An old projector is narrow for its height.
    assert 15 <= Look(LECTURE, stage_zoom(1024, 768)).px(15) <= 17


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("words", ["Short.", "A longer sentence about temperature and noise. " * 12])
def test_words_over_the_page_fit(qtbot: QtBot, width: int, height: int, words: str) -> None:
    head = Head()
    worn(head, qtbot, width, height)
    head.resize(width, height)
    head.fit(width, height)
    head.show_words("Does the temperature change the winner? " * (4 if len(words) > 99 else 1), words, "Do it. ", "")
    parts = [part for part in (head.title, head.words, head.task) if part.text]
    assert sum(part.height() for part in parts) < 0.37 * height
    for part in parts:
        assert part._document.size().height() <= part.height() + 1, part.text[:30]
        assert part._document.idealWidth() <= width


def test_bold_words_are_in_the_bold_type(qtbot: QtBot) -> None:
    prose = Prose(20)
    worn(prose, qtbot, 1280, 720)
    prose.set_text("The noise is **frozen**.")
    prose.fit(600, 200)
    runs = prose._document.begin().textFormats()
    families = [run.format.fontFamilies() for run in runs if run.format.fontWeight() > 400]
    assert families
    assert all("Inter" in family[0] and family[0] != "Inter" for family in families) or families == [["Inter"]]


# Words of strangers -----------------------------------------------------------------------------------------


def test_html_and_pictures_are_words(qtbot: QtBot, tmp_path: Path) -> None:
    picture = tmp_path / "red.png"
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(picture))
    prose = Prose(20)
    worn(prose, qtbot, 1280, 720)
    prose.set_text(f"<b>bold</b> <img src='{picture}'>\n\n![here]({picture}) and [here](file://{picture})")
    prose.resize(800, prose.fit(800, 400))
    assert "<b>bold</b>" in prose.text
    shown = prose.grab().toImage()
    red = sum(
        shown.pixelColor(x, y).red() > 200 > 60 > shown.pixelColor(x, y).green()
        for x in range(0, shown.width(), 3)
        for y in range(0, shown.height(), 3)
    )
    assert red == 0


def test_plain_words_mean_nothing_more(qtbot: QtBot) -> None:
    prose = Prose(20, plain=True)
    worn(prose, qtbot, 1280, 720)
    for text in ("**not bold**", "<i>no</i>", "# no heading"):
        prose.set_text(text)
        assert prose.text == prose.accessibleName() == text


# Foot -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_keys_fit_and_the_way_back_stays(qtbot: QtBot, width: int, height: int) -> None:
    foot = Foot()
    worn(foot, qtbot, width, height)
    foot.resize(width, foot.height())
    foot.show_step(6, 12)
    foot.show_caps(CAPS + tuple(Cap("x", "Key", f"some more {i}") for i in range(2)) + CAPS[-1:])
    foot.show()
    QApplication.processEvents()
    assert foot.count.text() == "Step 7 of 12"
    caps = foot.caps
    assert caps[0].command == "lecture next"
    assert caps[-1].command == "lecture leave"
    assert foot.bar.width() >= 40
    for cap in caps:
        assert foot.rect().contains(cap.geometry())
        assert cap.width() >= cap.sizeHint().width()


def test_a_key_can_be_clicked(qtbot: QtBot) -> None:
    foot = Foot()
    worn(foot, qtbot, 1920, 1080)
    foot.resize(1920, foot.height())
    foot.show_caps(CAPS)
    foot.show()
    asked: list[str] = []
    foot.asked.connect(asked.append)
    for cap in foot.caps:
        QTest.mouseClick(cap, Qt.MouseButton.LeftButton)
    assert asked == [cap.command for cap in CAPS]
    assert foot.caps[1].accessibleName() == "reveal (R)"


# Plate ------------------------------------------------------------------------------------------------------


def test_keys_and_values_stand_in_the_corner_for_a_while(qtbot: QtBot) -> None:
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(1280, 720)
    echo = Echo(room)
    dress(echo, Look(LECTURE, stage_zoom(1280, 720)))
    room.show()
    echo.show_key("PgDn")
    echo.show_value("τ = 0.50")
    assert echo.words == ("PgDn", "τ = 0.50")
    assert room.rect().contains(echo.geometry())
    echo.show_value("z " + "long name " * 20)
    assert len(echo.words[1]) == LONGEST
    assert room.rect().contains(echo.geometry())
    echo._timer.timeout.emit()
    assert echo.words == ("", "")
    assert not echo._timer.isActive()
    echo.show_value("τ = 0.40")
    assert echo.words == ("", "τ = 0.40")
    echo.hide()
    assert not echo._timer.isActive()


# Speaker ----------------------------------------------------------------------------------------------------


def test_the_speaker_has_notes_a_clock_and_what_comes_next(qtbot: QtBot) -> None:
    now = [100.0]
    window = SpeakerWindow(lambda: now[0])
    qtbot.addWidget(window)
    window.set_theme(Look(DARK))
    window.resize(1000, 600)
    window.show()
    window.show_step("Step 2 of 4", "How often?", "Say it *slowly*. " * 60, "Reveal.")
    window.show_next("The end", "Nothing more.")
    now[0] += 65.0
    window._tick()
    assert window.elapsed.text() == "1:05"
    assert window.elapsed.accessibleName() == "1:05 since the start"
    now[0] += 3600.0
    window._tick()
    assert window.elapsed.text() == "1:01:05"
    QTest.mouseClick(window.reset, Qt.MouseButton.LeftButton)
    assert window.elapsed.text() == "0:00"
    assert window.time.text().count(":") == 1
    QApplication.processEvents()
    parts = [window.title, window.notes, window.task, window.next_title, window.next_words]
    for part in parts:
        assert window.rect().contains(part.geometry())
    for above, under in itertools.pairwise(parts):
        assert above.geometry().bottom() <= under.geometry().top()
    window.show_next("", "")
    assert window.next_head.text() == "This is the last step."
    window.hide()
    assert not window._timer.isActive()
