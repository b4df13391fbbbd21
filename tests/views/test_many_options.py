"""The Pipeline page for very many options: list, search, scrolling, plots on logarithmic axes, words about them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontDatabase, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.edits import EDITS
from gumbelviz.model.frame import Frame, Ranking
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, make_settings, with_option
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.pages.pipeline import PipelinePage
from gumbelviz.views.pages.pipeline_list import MOST_LISTED, MOST_PICKED, RankedList
from gumbelviz.views.plots.log_plot import LogPlot
from gumbelviz.views.window import Window

# The platform without a screen says such things of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT, NO_KEYS, Key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.Key


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def zipf(count: int, **fields: object) -> Settings:
    """Scores that fall with the rank, in a mixed-up order."""
    scores = 6.0 - 1.1 * np.log(np.arange(count) + 1.5)
    order = np.random.default_rng(count).permutation(count)
    names = [f"word {int(rank) + 1}" for rank in order]
    return make_settings(scores[order].tolist(), names, **fields)


class Stage:
    """The page in a window, and what it wished."""

    def __init__(self, qtbot: QtBot, settings: Settings, draws: int = 3000) -> None:
        self.window = Window()
        qtbot.addWidget(self.window)
        self.window.set_look(Look())
        self.page = PipelinePage()
        self.window.add_page(self.page)
        self.window.show_page(self.page)
        self.wishes: list[tuple[str, object, bool]] = []
        self.page.wished.connect(lambda *wish: self.wishes.append(wish))
        self.window.resize(1600, 900)
        self.window.show()
        self.show(settings, draws)

    def show(self, settings: Settings, draws: int = 3000, index: int | None = None) -> None:
        self.simulation = Simulation(settings)
        self.simulation.advance(draws)
        self.settings, self.frame = settings, self.simulation.frame(index=index)
        self.page.show_scene(Scene(title="Test", settings=settings))
        self.page.draw(settings, self.frame)
        QApplication.processEvents()

    def names(self) -> list[str]:
        return [row.name for row in self.page._logits._rows]

    def options(self) -> list[int]:
        return [row.option for row in self.page._logits._rows if row.option >= 0]

    @property
    def ranking(self) -> Ranking:
        assert self.frame.theory.ranking is not None
        return self.frame.theory.ranking

    def ranks(self) -> list[int]:
        return [int(self.ranking.ranks[i]) for i in self.options()]

    def plots(self) -> list[LogPlot]:
        return [plot for plot in self.page.findChildren(LogPlot) if plot.isVisible()]


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot, zipf(2000))
    yield made
    made.window.hide()


def wheel(widget: QWidget, notches: int) -> None:
    at = QPointF(widget.rect().center())
    event = QWheelEvent(at, widget.mapToGlobal(at), QPoint(), QPoint(0, -120 * notches), Qt.MouseButton.NoButton,
                        NO_KEYS, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(widget, event)


# The list ---------------------------------------------------------------------------------------------------


def frame_of(settings: Settings, index: int = 0) -> Frame:
    return Simulation(settings).frame(index=index)


@pytest.mark.parametrize("room", [2, 3, 8, 15, 40])
@pytest.mark.parametrize("offset", [0, 1, 30, 199])
def test_the_list_keeps_its_length_and_holds_winner_and_picks(room: int, offset: int) -> None:
    settings = zipf(200)
    listed = RankedList()
    listed.meet(settings)
    ranking = frame_of(settings).theory.ranking
    assert ranking is not None
    listed.offset = offset
    for picks in ((), (int(ranking.order[150]),)):
        listed.picked = picks
        lengths = set()
        for winner in range(0, 200, 7):
            shown = listed.shown(ranking, winner, room)
            lengths.add(len(shown))
            assert len(set(shown)) == len(shown) <= room
            assert winner in shown
            assert set(picks) <= set(shown) or room == 2
        assert lengths == {min(room, MOST_LISTED + len(picks) + 1)}


def test_the_top_of_the_list_is_the_top_of_the_ranking(stage: Stage) -> None:
    room = len(stage.options())
    assert stage.ranks()[: room - 1] == list(range(1, room))
    assert stage.names()[-1] == f"{2000 - room:,} more"
    assert stage.page._logits._rows[0].rank == "1"
    for chart in (stage.page._noise_bars, stage.page._switches):
        assert [row.option for row in chart._rows if row.option >= 0] == stage.options()
    assert [row.winner for row in stage.page._switches._rows].count(True) == 1


def test_the_wheel_the_scroll_bar_and_the_keys_scroll_all_lists(stage: Stage) -> None:
    wheel(stage.page._switches, 2)
    assert stage.ranks()[0] == 7
    assert stage.page._many.scroll_bar.value() == 6
    stage.page._many.scroll_bar.setValue(1000)
    assert stage.ranks()[:3] == [1001, 1002, 1003]
    stage.page._many.scroll_bar.setValue(0)
    chart = stage.page._logits
    chart.setFocus()
    last = len(chart._rows) - 1
    for _ in range(last + 4):
        QTest.keyClick(chart, Key.Key_Down)
    assert stage.ranks()[0] == 5
    wheel(chart, -10)
    assert stage.ranks()[0] == 1


def test_all_are_listed_where_there_is_room(qtbot: QtBot) -> None:
    stage = Stage(qtbot, zipf(13))
    assert stage.ranks() == list(range(1, 14))
    assert not stage.page._many.scroll_bar.isVisible()
    stage.show(make_settings([1.0, 2.0]))
    assert stage.names() == ["Option 1", "Option 2"]
    assert stage.page._logits.caption == ""
    wheel(stage.page._logits, 1)
    assert stage.plots() == []
    stage.window.hide()


def test_a_larger_window_lists_more(stage: Stage) -> None:
    before = len(stage.options())
    stage.window.resize(1600, 1300)
    QApplication.processEvents()
    assert len(stage.options()) == MOST_LISTED + 1 > before
    stage.window.resize(1280, 720)
    QApplication.processEvents()
    assert 5 <= len(stage.options()) < before


# Finding ----------------------------------------------------------------------------------------------------


def test_typing_shows_what_is_found_and_enter_keeps_the_first(stage: Stage) -> None:
    finder = stage.page._scores_head.finder
    assert finder.isVisible()
    QTest.keyClicks(finder, "WORD 17")
    room = len(stage.options())
    assert stage.names()[0] == "word 17"
    following = [*range(170, 180), *range(1700, 1800)]
    assert stage.names()[1:room] == [f"word {rank}" for rank in following[: room - 1]]
    assert stage.page._logits.caption == "111 names contain “WORD 17”"
    QTest.keyClicks(finder, "42")
    assert stage.names()[:-1] == ["word 1742"]
    QTest.keyClick(finder, Key.Key_Return)
    assert finder.text() == ""
    place = stage.names().index("word 1742")
    assert stage.ranks()[place] == 1742
    assert {1741, 1743} <= set(stage.ranks())
    assert stage.page._logits._current == place
    # It stays when the list goes elsewhere.
    stage.page._many.scroll_bar.setValue(0)
    assert stage.ranks()[0] == 1
    assert "word 1742" in stage.names()
    assert stage.wishes == []


def test_what_does_not_exist_is_said(stage: Stage) -> None:
    finder, before = stage.page._scores_head.finder, stage.names()
    QTest.keyClicks(finder, "<b>xyz")
    assert finder.property("wrong") == "true"
    assert stage.page._logits.caption == "no name contains “<b>xyz”"
    assert stage.names() == before
    QTest.keyClick(finder, Key.Key_Return)
    assert finder.text() == "<b>xyz"
    QTest.keyClick(finder, Key.Key_Escape)
    assert finder.text() == ""
    assert finder.property("wrong") == "false"
    assert stage.names() == before


def test_what_was_sought_is_sought_again_where_the_ranking_changed() -> None:
    """A score was moved while a part of a name stands in the finder."""
    before = zipf(300)
    ranking = frame_of(before).theory.ranking
    assert ranking is not None
    listed = RankedList(sought="7")
    listed.meet(before)
    (*_, last), count = listed.look_for(ranking, 5)
    after = with_option(before, last, replace(before.options[last], logit=50.0))
    ranking = frame_of(after).theory.ranking
    assert ranking is not None
    found = listed.look_for(ranking, 5)
    assert found[0][0] == last
    assert found[1] == count
    assert listed.look_for(ranking, 5) is found


def test_a_rank_is_found(stage: Stage) -> None:
    QTest.keyClicks(stage.page._scores_head.finder, "#1,234")
    assert stage.names()[0] == "word 1234"


def test_picks_are_few_the_menu_drops_them_and_other_options_forget_them(stage: Stage) -> None:
    many = stage.page._many
    for rank in range(100, 1000, 100):
        many._pick(int(stage.ranking.order[rank - 1]))
    assert len(many._list.picked) == MOST_PICKED
    option = many._list.picked[0]
    text, drop = many.menu_entry(option)
    assert text == "Leave the list to its ranks"
    drop()
    assert option not in many._list.picked
    assert many.menu_entry(option)[0] == "Keep in the list"
    stage.show(zipf(1500))
    assert many._list.picked == ()
    assert stage.ranks()[0] == 1


# Editing ----------------------------------------------------------------------------------------------------


def test_a_listed_score_is_dragged_and_the_rows_wait_for_the_hand(stage: Stage) -> None:
    chart = stage.page._logits
    option, at = chart._rows[3].option, chart._row_rect(3).center().toPoint()
    start = QPoint(round(chart._x(1.0)), at.y())
    before = stage.names()
    QTest.mousePress(chart, LEFT, NO_KEYS, start)
    QTest.mouseMove(chart, start - QPoint(40, 0))
    name, wished, final = stage.wishes[-1]
    assert isinstance(wished, tuple)
    assert (name, wished[0], final) == ("logit", option, False)
    lower = EDITS["logit"][0](stage.settings, (option, -3.0))
    assert wished[1] < stage.settings.logits[option]
    stage.show(lower)
    assert stage.names() == before
    QTest.mouseRelease(chart, LEFT, NO_KEYS, start - QPoint(40, 0))
    stage.page.draw(lower, stage.frame)
    assert stage.ranks()[3] == 4
    assert stage.options()[3] != option
    # What was edited stays in sight, wherever its rank went.
    assert option in stage.options()


def test_names_are_not_dragged_in_a_list_by_rank(stage: Stage) -> None:
    chart = stage.page._logits
    name = QPoint(round(chart._name_rect(2).center().x()), round(chart._name_rect(2).center().y()))
    QTest.mousePress(chart, LEFT, NO_KEYS, name)
    QTest.mouseMove(chart, name + QPoint(0, 60))
    QTest.mouseRelease(chart, LEFT, NO_KEYS, name + QPoint(0, 60))
    assert not [wish for wish in stage.wishes if wish[0] == "move"]
    chart.close_editor()


# Plots ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [13, 101, 2000, 50_257])
def test_all_plots_are_painted_in_every_look(qtbot: QtBot, count: int) -> None:
    stage = Stage(qtbot, zipf(count), draws=60)
    assert len(stage.plots()) == 5
    for theme in THEMES.values():
        stage.window.set_look(Look(theme, 1.5 if theme.dark else 1.0))
        stage.page.draw(stage.settings, stage.frame)
        QApplication.processEvents()
        for plot in stage.plots():
            image = plot.grab().toImage()
            colors = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
            assert len(colors) > 8, plot.accessibleName()
    stage.window.hide()


def test_the_pointer_names_the_option_under_it_and_a_click_keeps_it(stage: Stage) -> None:
    plot = stage.page._many.plots.chances
    option = int(stage.ranking.order[499])
    point = plot.point_of(option)
    assert point is not None
    QTest.mouseMove(plot, point.toPoint())
    near = int(stage.ranking.ranks[plot.pointed])
    assert abs(near - 500) <= 25
    told = plot.accessibleDescription()
    assert told.startswith(f"word {near} · rank {near}\nwins 0.0")
    QTest.mouseClick(plot, LEFT, NO_KEYS, point.toPoint())
    assert plot.pointed in stage.options()
    QTest.mouseMove(plot, QPoint(2, 2))
    assert plot.pointed == -1


def test_the_keys_walk_from_option_to_option(stage: Stage) -> None:
    for plot in stage.plots():
        plot.setFocus()
        QTest.keyClick(plot, Key.Key_Home)
        assert plot.pointed >= 0
        seen = [plot.pointed]
        for _ in range(3):
            QTest.keyClick(plot, Key.Key_Right)
            seen.append(plot.pointed)
        points = [plot.point_of(option) for option in seen]
        xs = [point.x() for point in points if point is not None]
        assert xs == sorted(xs)
        assert plot.accessibleDescription()
        QTest.keyClick(plot, Key.Key_Return)
        assert plot.pointed in stage.options()
        QTest.keyClick(plot, Key.Key_Escape)
        assert plot.pointed == -1


def test_a_dot_of_the_scatter_says_how_often_it_won(stage: Stage) -> None:
    plot = stage.page._many.plots.wins
    ranked = stage.frame.ranked
    assert ranked is not None
    best = int(stage.ranking.order[0])
    point = plot.point_of(best)
    assert point is not None
    QTest.mouseMove(plot, point.toPoint())
    wins = int(stage.frame.wins[best])
    assert f"won {wins:,} times" in plot.accessibleDescription()
    # On equal axes the dot of the best lies within four standard errors of the diagonal.
    p = float(stage.frame.theory.probabilities[best])
    assert abs(wins / stage.frame.draws - p) < 4 * math.sqrt(p / stage.frame.draws)
    lonely = int(ranked.dots[np.argmax(ranked.stacked)])
    plot.point_to(lonely)
    assert f"{int(ranked.stacked.max()) - 1:,} more here" in plot.accessibleDescription()


def test_the_race_tells_the_sum_and_marks_the_winner(stage: Stage) -> None:
    plot, draw = stage.page._many.plots.race, stage.frame.draw
    winners = [spot for spot in plot._spots if spot.winner]
    assert [spot.option for spot in winners] == [draw.winner]
    assert winners[0].y == draw.perturbed[draw.winner]
    assert plot.note[0].startswith(stage.settings.names[draw.winner])
    plot.point_to(draw.winner)
    assert plot.accessibleDescription().count(" = ") == 1


def test_probabilities_have_their_own_list_and_plot(stage: Stage) -> None:
    stage.show(replace(stage.settings, score_input="probabilities"))
    assert stage.page._shares.isVisible()
    assert stage.page._many.plots.scores.isVisible()
    assert not stage.page._many.plots.chances.isVisible()
    assert stage.page._shares._rows[0].rank == "1"


def test_without_a_frame_the_list_is_there_and_nothing_breaks(qtbot: QtBot) -> None:
    stage = Stage(qtbot, make_settings([1.0, 2.0]))
    settings = zipf(300)
    stage.page.show_scene(Scene(title="Other", settings=settings))
    QApplication.processEvents()
    assert stage.names()[:3] == ["word 1", "word 2", "word 3"]
    stage.page._scores_head.finder.setText("word")
    wheel(stage.page._logits, 3)
    QTest.keyClick(stage.page._scores_head.finder, Key.Key_Return)
    assert stage.names()[:3] == ["word 1", "word 2", "word 3"]
    stage.page._scores_head.finder.clear()
    stage.window.hide()


def test_masked_options_have_no_place_in_the_plots(qtbot: QtBot) -> None:
    scores = [-math.inf if i % 3 == 1 else 3.0 - 0.1 * i for i in range(40)]
    stage = Stage(qtbot, make_settings(scores), draws=200)
    assert stage.ranking.live == 27
    for plot in stage.plots():
        assert all(math.isfinite(spot.y) for spot in plot._spots)
        QTest.keyClick(plot, Key.Key_End)
        assert plot.pointed == -1 or scores[plot.pointed] > -math.inf
    stage.page._scores_head.finder.setText("#40")
    assert stage.page._logits._rows[0].text == "masked"
    stage.window.hide()
