"""The line at the bottom: counts, rate, seed, agreement, and this draw in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase, QPalette
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Agreement, Frame, Verdict
from gumbelviz.model.settings import Settings, Transport, make_settings
from gumbelviz.model.words import describe_agreement, describe_draw
from gumbelviz.views.footer import Footer
from gumbelviz.views.look import FONT, THEMES, Look, dress, load_fonts, stylesheet

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Key = Qt.Key
SETTINGS = make_settings([2.0, 1.5], ["Chocolate", "Vanilla"])
RUNNING = Transport(running=True)


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def run(made: int, settings: Settings = SETTINGS, **fields: object) -> Frame:
    """A real frame after so many draws, with some fields set by hand."""
    simulation = Simulation(settings)
    simulation.advance(made)
    return replace(simulation.frame(), **fields)  # type: ignore[arg-type]


class Line:
    """The footer in a window, with something else that can have the focus."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.foot = Footer()
        self.elsewhere = QPushButton("elsewhere")
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.elsewhere)
        column.addWidget(self.foot)
        self.wishes: list[tuple[str, object, bool]] = []
        self.foot.wished.connect(lambda *wish: self.wishes.append(wish))
        self.wear(Look())
        self.foot.show_seed(7)
        self.window.resize(1280, 100)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.elsewhere.setFocus()

    def wear(self, look: Look) -> None:
        self.window.setStyleSheet(stylesheet(look))
        dress(self.foot, look)

    def words(self) -> list[str]:
        QApplication.processEvents()
        return [label.text() for label in self.foot.findChildren(QLabel)]

    def cut(self) -> list[str]:
        """Labels whose words do not fit; the sentence cuts itself with an ellipsis."""
        QApplication.processEvents()
        labels = [label for label in self.foot.findChildren(QLabel) if label.isVisible()]
        return [label.text() for label in labels if label.sizeHint().width() > label.width() + 1]


@pytest.fixture
def line(qtbot: QtBot) -> Iterator[Line]:
    made = Line(qtbot)
    yield made
    made.window.hide()


def test_a_run_in_words_and_figures(line: Line) -> None:
    line.window.resize(2400, 100)
    frame = run(20_000, draws_per_second=31e6)
    line.foot.show_frame(SETTINGS, frame, RUNNING)
    words = line.words()
    agreement, figures, _ = describe_agreement(frame.agreement)
    for wanted in ("20,000", "draws", "31 M/s", "seed", agreement, figures, describe_draw(SETTINGS, frame.draw)):
        assert wanted in words


def test_one_draw_is_not_draws(line: Line) -> None:
    line.foot.show_frame(SETTINGS, run(1), Transport())
    assert "draw" in line.words()
    assert "paused" in line.words()
    line.foot.show_frame(SETTINGS, run(2), RUNNING)
    assert "draws" in line.words()


@pytest.mark.parametrize(("verdict", "ink"), [("agrees", "good"), ("disagrees", "bad"), ("too few draws", "quiet")])
@pytest.mark.parametrize("theme", THEMES)
def test_the_verdict_has_its_colour(line: Line, verdict: Verdict, ink: str, theme: str) -> None:
    line.wear(Look(THEMES[theme]))
    shown: Verdict
    for shown in ("agrees", "disagrees", verdict):
        line.foot.show_frame(SETTINGS, run(1, agreement=Agreement(3.0, 0.08, 0.01, shown)), RUNNING)
    QApplication.processEvents()
    label = line.foot._agreement
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(getattr(THEMES[theme], ink))
    assert verdict in label.text()


def test_the_sentence_is_whole_for_screen_readers_and_in_the_tip(line: Line) -> None:
    frame = run(1000)
    whole = describe_draw(SETTINGS, frame.draw)
    for width in (500, 2000):
        line.window.resize(width, 100)
        line.foot.show_frame(SETTINGS, frame, RUNNING)
        assert line.foot._sentence.accessibleName() == whole
        assert line.foot._sentence.toolTip() == whole
    assert line.foot._sentence.text() == whole


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [1024, 1280, 1600, 2560])
def test_nothing_is_cut_that_does_not_say_so(line: Line, theme: str, width: int) -> None:
    line.wear(Look(THEMES[theme]))
    line.window.resize(width, 100)
    for draws, rate in ((1, 0.0), (999_999, 31e6), (888_888_888, 1e8)):
        line.foot.show_frame(SETTINGS, run(1, draws=draws, draws_per_second=rate), RUNNING)
        assert line.cut() == []
    sentence = line.foot._sentence.text()
    assert sentence == describe_draw(SETTINGS, run(1).draw) or sentence.endswith("…")


def test_figures_give_way_to_the_sentence(line: Line) -> None:
    lengths = []
    for width in (2400, 1300, 1000, 700):
        line.window.resize(width, 100)
        line.foot.show_frame(SETTINGS, run(20_000), RUNNING)
        QApplication.processEvents()
        lengths.append(len(line.foot._figures.text()))
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[-1] == 0


def test_the_line_does_not_move_while_digits_grow(line: Line) -> None:
    places = set()
    for draws in (1, 99, 12_345, 1_234_567, 123_456_789):
        line.foot.show_frame(SETTINGS, run(1, draws=draws, draws_per_second=1e6), RUNNING)
        QApplication.processEvents()
        places.add(line.foot.seed.x())
    assert len(places) == 1


@pytest.mark.parametrize("text", ["12", " 12 ", "1,234"])
def test_a_seed_is_typed(line: Line, text: str) -> None:
    line.foot.seed.setFocus()
    line.foot.seed.selectAll()
    QTest.keyClicks(line.foot.seed, text)
    QTest.keyClick(line.foot.seed, Key.Key_Return)
    line.elsewhere.setFocus()
    assert line.wishes == [("seed", int(text.replace(",", "")), True)]


@pytest.mark.parametrize("text", ["abc", "-1", "1.5", "", "1e3"])
def test_what_is_no_seed_is_complained_of(line: Line, text: str) -> None:
    line.foot.seed.setFocus()
    line.foot.seed.selectAll()
    QTest.keyClicks(line.foot.seed, text or " ")
    QTest.keyClick(line.foot.seed, Key.Key_Return)
    assert line.wishes == [("complain", f"“{text}” is not a seed; give a whole number such as 7.", True)]


def test_an_untouched_seed_wishes_nothing(line: Line) -> None:
    line.foot.seed.setFocus()
    QTest.keyClick(line.foot.seed, Key.Key_Return)
    line.elsewhere.setFocus()
    assert line.wishes == []


def test_news_does_not_overwrite_a_seed_that_is_being_typed(line: Line) -> None:
    line.foot.seed.setFocus()
    line.foot.seed.selectAll()
    QTest.keyClicks(line.foot.seed, "45")
    line.foot.show_seed(7)
    assert line.foot.seed.text() == "45"
    QTest.keyClick(line.foot.seed, Key.Key_Return)
    line.foot.show_seed(9)
    assert line.foot.seed.text() == "9"


def test_a_long_seed_shows_its_beginning(line: Line) -> None:
    line.foot.show_seed(2**63 - 1)
    assert line.foot.seed.text() == str(2**63 - 1)
    assert line.foot.seed.cursorPosition() == 0


def test_names_are_plain_text(line: Line) -> None:
    """A name from a stranger's file is shown, not obeyed."""
    settings = make_settings([9.0, -9.0], ["<b>bold</b>", "<img src='http://example.invalid/x.png'>"])
    line.window.resize(2400, 100)
    line.foot.show_frame(settings, run(1, settings), RUNNING)
    assert "<b>bold</b>" in line.foot._sentence.text()
    for label in line.foot.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
    # Qt guesses whether a tip is rich text; it must not take this one for it.
    tip = line.foot._sentence.toolTip()
    assert GuiQt.mightBeRichText(tip)
    assert "<" not in tip
    assert "&lt;b&gt;bold" in tip
