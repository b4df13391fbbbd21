"""Predict, then reveal: bars that are dragged and stepped, answers that are picked, and what came of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.model.settings import Option
from gumbelviz.views.lecture.ghost_bars import GhostBars, Outcome
from gumbelviz.views.lecture.question_panel import QuestionPanel
from gumbelviz.views.look import FONT, LECTURE, Look, dress, load_fonts

FILMS = tuple(Option(name, 0.0, i) for i, name in enumerate(("Drama", "Comedy", "Sci-fi")))
OUTCOMES = (Outcome(0.6, 590, 1000), Outcome(0.3, 310, 1000), Outcome(0.1, 100, 1000))
LEFT = Qt.MouseButton.LeftButton
# The platform without a screen says such things of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


@pytest.fixture
def bars(qtbot: QtBot) -> GhostBars:
    made = GhostBars()
    qtbot.addWidget(made)
    dress(made, Look(LECTURE))
    made.show_options(FILMS)
    made.resize(500, 300)
    made.show()
    return made


@pytest.fixture
def panel(qtbot: QtBot) -> QuestionPanel:
    made = QuestionPanel()
    qtbot.addWidget(made)
    dress(made, Look(LECTURE))
    made.resize(500, 600)
    made.show()
    return made


def place_of(bars: GhostBars, bar: int, percent: float) -> QPoint:
    track = bars.bars[bar]._track()
    return QPoint(round(track.left() + track.width() * percent / 100.0), round(track.center().y()))


def drag(bars: GhostBars, bar: int, *percents: float) -> None:
    target = bars.bars[bar]
    QTest.mousePress(target, LEFT, pos=place_of(bars, bar, percents[0]))
    for percent in percents[1:]:
        QTest.mouseMove(target, place_of(bars, bar, percent))
    QTest.mouseRelease(target, LEFT, pos=place_of(bars, bar, percents[-1]))


def test_bars_begin_even_and_add_up(bars: GhostBars) -> None:
    assert bars.percents == (34, 33, 33)
    drag(bars, 0, 34, 50, 60)
    assert bars.percents == (60, 20, 20)
    drag(bars, 2, 20, 10)
    first, second, third = bars.percents
    assert (first + second, third) == (90, 10)
    assert first == pytest.approx(3 * second, abs=2)


def test_a_drag_to_the_end_and_back_loses_nothing(bars: GhostBars) -> None:
    drag(bars, 0, 34, 60)
    drag(bars, 1, 20, 10)
    before = bars.percents
    drag(bars, 0, before[0], 100, before[0])
    assert bars.percents == before
    drag(bars, 0, before[0], 300)
    assert bars.percents == (100, 0, 0)
    drag(bars, 0, 100, 50)
    assert bars.percents == (50, 25, 25)


def test_the_keyboard_moves_by_one_per_cent(bars: GhostBars) -> None:
    told: list[tuple[int, ...]] = []
    bars.predicted.connect(told.append)
    bars.bars[1].setFocus()
    for _ in range(3):
        QTest.keyClick(bars.bars[1], Qt.Key.Key_Up)
    QTest.keyClick(bars.bars[1], Qt.Key.Key_Down)
    assert bars.percents[1] == 35
    assert sum(bars.percents) == 100
    assert told[-1] == bars.percents
    assert bars.bars[1].value() == 35


def test_what_is_revealed_is_not_moved_any_more(bars: GhostBars) -> None:
    drag(bars, 0, 34, 40)
    bars.show_outcomes(OUTCOMES)
    drag(bars, 0, 40, 90)
    assert bars.percents[0] == 40
    assert bars.bars[0].accessibleDescription() == "40 per cent predicted, exact 60.0%, seen 59.0%"
    bars.show_options(FILMS)
    assert bars.percents == (34, 33, 33)
    assert bars.bars[0].isEnabled()


def pixels(image: QImage, name: str) -> int:
    wanted = Look(LECTURE).option_color(FILMS.index(next(f for f in FILMS if f.name == name))).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))


def test_the_bars_are_as_long_as_what_was_seen(bars: GhostBars) -> None:
    bars.show_outcomes(OUTCOMES)
    drawn = [pixels(bar.grab().toImage(), film.name) for bar, film in zip(bars.bars, FILMS, strict=True)]
    assert drawn[0] > 1.7 * drawn[1] > 3.0 * drawn[2] > 0


@pytest.mark.parametrize("count", [1, 2, 7, 12])
def test_all_bars_have_one_form_and_fit(qtbot: QtBot, count: int) -> None:
    made = GhostBars()
    qtbot.addWidget(made)
    dress(made, Look(LECTURE))
    made.show_options(tuple(Option(f"Option with a long name {i}", 0.0, i) for i in range(count)))
    made.resize(420, 480)
    made.show()
    assert sum(made.percents) == 100
    bottoms = [bar.geometry().bottom() for bar in made.bars]
    assert bottoms == sorted(bottoms)
    assert bottoms[-1] < 480
    assert len({bar._flat for bar in made.bars}) == 1
    for bar in made.bars:
        assert bar._track().width() > 80
        assert bar.rect().contains(bar._track().toAlignedRect())


def test_answers_are_picked_and_judged(panel: QuestionPanel) -> None:
    picked: list[int] = []
    panel.picked.connect(picked.append)
    panel.ask("Who wins?", (), ("Drama", "Comedy & <b>crime</b>", "Nobody"))
    assert [button.accessibleName() for button in panel.answers][1] == "Answer 2: Comedy & <b>crime</b>"
    assert panel.answers[1].words.text == "2   Comedy & <b>crime</b>"
    QTest.mouseClick(panel.answers[1], LEFT)
    assert picked == [1]
    panel.show_picked(1, 0)
    panel.show_revealed("Not this time.", "Drama has the largest score.")
    assert [button.words.text[:1] for button in panel.answers] == ["✓", "✗", "3"]
    assert not any(button.isEnabled() for button in panel.answers)
    assert not panel.reveal.isVisible()
    assert panel.verdict.text == "Not this time."


@pytest.mark.parametrize("below", [False, True])
def test_everything_in_the_panel_is_inside_it(panel: QuestionPanel, below: bool) -> None:
    panel.set_below(below)
    panel.resize(*((1200, 330) if below else (420, 620)))
    panel.ask("A question with many words, which goes over more than one line", (), ("One", "Two " * 20, "Three"))
    QApplication.processEvents()
    for part in (panel.question, *panel.answers, panel.reveal):
        place = part.mapTo(panel, QPoint())
        assert panel.rect().contains(place), part
        assert panel.rect().contains(place + QPoint(part.width() - 1, part.height() - 1)), part
    edges = [button.geometry().bottom() for button in panel.answers]
    assert edges == sorted(edges)
    for button in panel.answers:
        assert button.height() >= button.words.height() > 10


def test_reveal_can_be_asked_for(panel: QuestionPanel) -> None:
    asked: list[str] = []
    panel.asked.connect(asked.append)
    panel.ask("How often?", FILMS, ())
    QTest.mouseClick(panel.reveal, LEFT)
    assert asked == ["lecture reveal"]
