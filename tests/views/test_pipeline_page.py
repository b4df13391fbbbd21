"""The Pipeline page on real frames: every number of options, every look, every size, and what each row says."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace as with_values

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import BUILT_IN, load_builtin
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Frame
from gumbelviz.model.parameters import MOST_BARS
from gumbelviz.model.scene import HIGHLIGHTS, Scene
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.pages import pipeline_rows as rows
from gumbelviz.views.pages.option_menu import COLOR_NAMES, PALETTE_SIZE
from gumbelviz.views.pages.pipeline import PipelinePage
from gumbelviz.views.pages.pipeline_plots import LEADERS
from gumbelviz.views.plots.bars import BarChart
from gumbelviz.views.plots.plot import Plot
from gumbelviz.views.window import Window

# The platform without a screen says such things of every window that is sized, and of every menu.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
INF = math.inf
COUNTS = (1, 2, 3, 7, 12, 13, 1000)


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def run(settings: Settings, draws: int = 500, index: int | None = None) -> Frame:
    """A real frame of these settings."""
    simulation = Simulation(settings)
    simulation.advance(draws)
    return simulation.frame(index=index)


def options(count: int, masked: bool = False, **fields: object) -> Settings:
    """So many options with different scores; with `masked` every third one but the first cannot be chosen."""
    logits = [2.0 * math.cos(1.7 * i) for i in range(count)]
    if masked:
        logits = [-INF if i % 3 == 1 else z for i, z in enumerate(logits)]
    return make_settings(logits, None, **fields)


class Stage:
    """The page in a window, dressed, and the wishes that it made."""

    def __init__(self, qtbot: QtBot, look: Look | None = None) -> None:
        self.window = Window()
        qtbot.addWidget(self.window)
        self.window.set_look(look or Look())
        self.page = PipelinePage()
        self.window.add_page(self.page)
        self.window.show_page(self.page)
        self.wishes: list[tuple[str, object, bool]] = []
        self.page.wished.connect(lambda *wish: self.wishes.append(wish))
        self.window.resize(1280, 720)
        self.window.show()

    def show(self, settings: Settings, frame: Frame | None = None, **fields: object) -> Frame:
        frame = frame or run(settings)
        self.page.show_scene(Scene(title="Test", settings=settings, **fields))  # type: ignore[arg-type]
        self.page.draw(settings, frame)
        self._shown = settings, frame
        return frame

    def dress(self, look: Look) -> None:
        """Change the look as the program does: dress everything, and draw what fits."""
        self.window.set_look(look)
        self.page.draw(*self._shown)

    def paint(self) -> bytes:
        QApplication.processEvents()
        image = self.page.grab().toImage()
        return bytes(image.constBits())

    def outside(self, of_the_page_only: bool = False) -> list[str]:
        """Visible parts of the page that reach beyond it, or beyond what holds them."""
        found = []
        for part in self.page.findChildren(QWidget):
            if not part.isVisible():
                continue
            for holder in {self.page, self.page if of_the_page_only else part.parentWidget()}:
                assert holder is not None
                corners = part.mapTo(holder, part.rect().topLeft()), part.mapTo(holder, part.rect().bottomRight())
                if not all(holder.rect().contains(corner) for corner in corners):
                    found.append(f"{type(part).__name__} {part.accessibleName()} {corners}")
        return found

    def cut(self) -> list[str]:
        """Words that do not fit where they stand."""
        found = []
        for part in self.page.findChildren(QWidget):
            if not part.isVisible() or not isinstance(part, QLabel | QPushButton) or not part.text():
                continue
            if isinstance(part, QLabel) and part.wordWrap():
                if part.heightForWidth(part.width()) > part.height() + 1:
                    found.append(part.text())
            elif part.sizeHint().width() > part.width() + 1:
                found.append(part.text())
        return found


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.window.hide()


# Every number, look and size --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "masked"),
    [*((count, False) for count in COUNTS), (2, True), (3, True), (13, True), (1000, True)],
)
def test_any_number_of_options_is_drawn_in_every_theme(stage: Stage, count: int, masked: bool) -> None:
    settings = options(count, masked)
    frame = stage.show(settings)
    # Masks are drawn alike everywhere: one look is enough for them.
    themes = list(THEMES.values())[: 1 if masked else None]
    pictures = set()
    for theme in themes:
        stage.dress(Look(theme))
        pictures.add(stage.paint())
        assert stage.outside() == []
    assert len(pictures) == len(themes)
    lists = stage.page._logits, stage.page._noise_bars, stage.page._switches, stage.page._soft_bars
    shown = count if count <= MOST_BARS else min(stage.page._logits.capacity - 1, count)
    for chart in lists:
        assert len(chart._rows) == shown + (count > shown)
    series = len(frame.watched) if count <= MOST_BARS else min(LEADERS, len(frame.watched)) + 1
    assert len(stage.page._noisy_plot._colors) == series


@pytest.mark.parametrize("scene_id", BUILT_IN)
def test_every_scene_is_drawn(stage: Stage, scene_id: str) -> None:
    scene = load_builtin(scene_id)
    frame = run(scene.settings)
    stage.page.show_scene(scene)
    stage.page.draw(scene.settings, frame)
    stage.paint()
    assert stage.outside() == []
    assert stage.cut() == []
    names = [row.name for row in stage.page._logits._rows]
    if len(scene.settings.options) <= MOST_BARS:
        assert names == [option.name for option in scene.settings.options]
    else:
        assert names[0] == max(scene.settings.options, key=lambda option: option.logit).name


SIZES = ((1024, 640), (1280, 720), (1600, 900))
ZOOMS = (0.75, 1.0, 1.25, 1.5, 2.0)
TOO_MUCH = ((1024, 640), 2.0)
"""Here five columns have no room for their fields; the window would have to be scrolled."""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("count", [2, 13])
def test_nothing_reaches_beyond_the_page_at_any_size_and_zoom(stage: Stage, size: tuple[int, int], count: int) -> None:
    stage.show(options(count))
    for zoom in ZOOMS:
        if (size, zoom) == TOO_MUCH:
            continue
        stage.dress(Look(zoom=zoom))
        stage.window.resize(*size)
        stage.paint()
        # At twice the size in a small window the fields of the noise are cut, but by their own column.
        assert stage.outside(of_the_page_only=zoom > 1.0) == [], zoom


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("score_input", ["logits", "probabilities"])
def test_at_the_promised_size_no_word_is_cut(stage: Stage, theme: str, score_input: str) -> None:
    """1280 x 720 without scrolling or clipped text, also with a pin, which brings another button."""
    settings = options(7, score_input=score_input)
    pinned = tuple(replace(option, pinned=0.5) for option in settings.options)
    for shown in (settings, replace(settings, options=pinned)):
        stage.show(shown)
        stage.dress(Look(THEMES[theme]))
        stage.window.resize(1280, 720)
        stage.paint()
        assert (stage.window.width(), stage.window.height()) == (1280, 720)
        assert stage.cut() == []


def test_the_columns_are_equally_wide(stage: Stage) -> None:
    stage.show(options(3))
    stage.paint()
    for cards in (
        [one.this_draw for one in stage.page._stages],
        [one.all_draws for one in stage.page._stages],
    ):
        widths = [card.width() for card in cards]
        assert max(widths) - min(widths) <= 1
        assert len({card.y() for card in cards}) == 1
        assert len({card.height() for card in cards}) == 1


EXTREMES: dict[str, Settings] = {
    "tiny scale": make_settings([2.0, 1.0], None, scale=1e-6),
    "huge scale": make_settings([2.0, 1.0], None, scale=1e6),
    "far left": make_settings([2.0, 1.0], None, location=-1e6),
    "far right": make_settings([2.0, 1.0], None, location=1e6),
    "far apart": make_settings([1e6, -1e6, 0.0]),
    "all at the top": make_settings([1e6] * 3),
    "temperature 0": make_settings([2.0, 1.0, 0.0], None, temperature=0.0),
    "temperature next to 0": make_settings([2.0, 1.0, 0.0], None, temperature=5e-324),
    "temperature infinite": make_settings([2.0, 1.0, 0.0], None, temperature=INF),
    "temperature huge": make_settings([2.0, 1.0, 0.0], None, temperature=1e300),
    "all but one masked": make_settings([-INF, 0.0, -INF]),
    "one": make_settings([0.0]),
    "one, as a share": make_settings([0.0], None, score_input="probabilities"),
    "shares with a mask": make_settings([0.0, -INF], None, score_input="probabilities"),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_are_drawn_with_finite_numbers(stage: Stage, name: str) -> None:
    """What is not finite must never reach pyqtgraph, which would lose its range over it."""
    settings = EXTREMES[name]
    for draws in (0, 1, 20_000):
        stage.show(settings, run(settings, draws))
        stage.paint()
        for plot in stage.page.findChildren(Plot):
            assert np.isfinite(plot._box.viewRange()).all()
            assert all(low < high for low, high in plot._box.viewRange())
            for fill in plot._fills:
                rect = fill.boundingRect()
                assert all(map(math.isfinite, (rect.left(), rect.right(), rect.top(), rect.bottom())))
        for chart in stage.page.findChildren(BarChart):
            assert math.isfinite(chart._low)
            assert math.isfinite(chart._high)


def test_extreme_pins_are_drawn(stage: Stage) -> None:
    settings = options(3)
    for pin in (-1e6, -30.0, 0.0, 30.0, 1e6):
        pinned = (replace(settings.options[0], pinned=pin), *settings.options[1:])
        stage.show(replace(settings, options=pinned))
        stage.paint()
        low, high = stage.page._noise_plot._box.viewRange()[0]
        assert low <= pin <= high
        assert stage.page._noise_head.hints.currentIndex() == 1


def test_drawing_the_same_frame_twice_changes_nothing(stage: Stage) -> None:
    settings = options(7, masked=True)
    frame = stage.show(settings)
    before = stage.paint()
    changes: list[object] = []
    for plot in stage.page.findChildren(Plot):
        plot._box.sigRangeChanged.connect(lambda *_: changes.append("range"))
        for curve in getattr(plot, "_curves", ()):
            curve.sigPlotChanged.connect(changes.append)
    stage.page.draw(settings, frame)
    stage.page.show_scene(Scene(title="Test", settings=settings))
    assert changes == []
    assert stage.paint() == before


def test_another_draw_is_another_picture(stage: Stage) -> None:
    settings = options(3)
    stage.show(settings, run(settings, 500, 1))
    before = stage.paint()
    stage.show(settings, run(settings, 500, 2))
    assert stage.paint() != before


def test_another_look_keeps_the_numbers(stage: Stage) -> None:
    settings = options(3)
    stage.show(settings)
    before = [chart._rows for chart in stage.page.findChildren(BarChart)]
    stage.dress(Look(THEMES["dark"], 1.5))
    assert [chart._rows for chart in stage.page.findChildren(BarChart)] == before
    for curve in stage.page._noise_plot._curves:
        assert curve.getData()[0] is not None


def test_there_and_back_again_is_the_same_picture(stage: Stage) -> None:
    stage.show(options(7))
    stage.dress(Look())
    before = stage.paint()
    stage.dress(Look(THEMES["dark"], 1.25))
    stage.paint()
    stage.dress(Look())
    stage.window.resize(1280, 720)
    assert stage.paint() == before


@pytest.mark.parametrize("after", [1, 2, 4, 13, 1000])
def test_options_may_change_before_the_engine_has_answered(stage: Stage, after: int) -> None:
    """The old frame is still there when the new scene is shown, the look changes, or the window is resized."""
    stage.show(options(3))
    stage.page.show_scene(Scene(title="Test", settings=options(after)))
    stage.window.set_look(Look(THEMES["dark"], 1.25))
    stage.window.resize(1300, 800)
    stage.paint()
    rows_there = len(stage.page._logits._rows)
    # A list is measured again with its first frame: until then there may be room for another row.
    most = stage.page._logits.capacity
    assert rows_there == after if after <= MOST_BARS else most - 1 <= rows_there <= most


def test_before_the_first_frame_the_scores_are_there(stage: Stage) -> None:
    stage.page.show_scene(load_builtin("movie-night"))
    assert [row.text for row in stage.page._logits._rows] == ["2.0", "1.2", "0.4"]
    stage.window.set_look(Look(THEMES["dark"]))
    stage.paint()


def test_a_scene_lights_the_stage_it_speaks_of(stage: Stage) -> None:
    settings = options(2)
    for highlight in (*HIGHLIGHTS, None, HIGHLIGHTS[0]):
        stage.show(settings, highlight=highlight)
        lit = [one.id for one in stage.page._stages if one.title.lit]
        assert lit == ([highlight] if highlight else [])
        cards = [one.id for one in stage.page._stages if one.this_draw.property("lit") == "true"]
        assert cards == lit


# Controls ---------------------------------------------------------------------------------------------------


def test_controls_show_the_settings(stage: Stage) -> None:
    stage.show(options(2, temperature=0.0, location=-1.5, scale=2.0))
    assert stage.page._temperature._field.text() == "0"
    assert stage.page._noise_head.location._field.text() == "−1.50"
    assert stage.page._noise_head.scale._field.text() == "2.00"
    assert stage.wishes == []


def test_scores_and_shares_change_places(stage: Stage) -> None:
    stage.show(options(2))
    stage.paint()
    assert stage.page._logits.isVisible()
    assert stage.page._chances.isVisible()
    QTest.mouseClick(stage.page._scores_head.as_shares, LEFT)
    assert stage.wishes == [("score input", "probabilities", True)]
    stage.show(options(2, score_input="probabilities"))
    stage.paint()
    assert stage.page._shares.isVisible()
    assert stage.page._scores_below.isVisible()
    assert not stage.page._logits.isVisible()
    assert stage.page._scores_head.as_shares.isChecked()
    QTest.mouseClick(stage.page._scores_head.as_logits, LEFT)
    assert stage.wishes[1:] == [("score input", "logits", True)]


def test_buttons_wish(stage: Stage) -> None:
    settings = options(2)
    stage.show(settings)
    QTest.mouseClick(stage.page._scores_head.add, LEFT)
    menu = stage.page._scores_head.presets.menu()
    for action in menu.actions():
        action.trigger()
    stage.show(replace(settings, options=(replace(settings.options[0], pinned=1.0), settings.options[1])))
    stage.paint()
    assert stage.page._noise_head.unpin.isVisible()
    QTest.mouseClick(stage.page._noise_head.unpin, LEFT)
    names = [name for name, _, _ in stage.wishes]
    assert names == ["add", "equalize", "ladder", "open data", "unpin all"]
    assert all(final for _, _, final in stage.wishes)


def test_bars_plots_and_sliders_pass_their_wishes_on(stage: Stage) -> None:
    frame = stage.show(options(3))
    stage.paint()
    for chart, wish in ((stage.page._logits, "logit"), (stage.page._noise_bars, "pin")):
        stage.wishes.clear()
        chart.setFocus()
        QTest.keyClick(chart, Qt.Key.Key_Right)
        assert [(name, final) for name, _, final in stage.wishes] == [(wish, True)]
    stage.wishes.clear()
    plot = stage.page._noise_plot
    start = plot.place(float(frame.draw.noise[0]), 0.0).toPoint() - QPoint(0, 5)
    QTest.mousePress(plot.viewport(), LEFT, NO_KEYS, start)
    QTest.mouseMove(plot.viewport(), start + QPoint(9, 0))
    QTest.mouseRelease(plot.viewport(), LEFT, NO_KEYS, start + QPoint(9, 0))
    assert {name for name, _, _ in stage.wishes} == {"pin"}
    assert stage.wishes[-1][2]
    for row, wish in ((stage.page._temperature, "temperature"), (stage.page._noise_head.location, "location"),
                      (stage.page._noise_head.scale, "scale")):  # fmt: skip
        stage.wishes.clear()
        row._slider.setFocus()
        QTest.keyClick(row._slider, Qt.Key.Key_PageUp)
        assert [(name, final) for name, _, final in stage.wishes] == [(wish, True)]


def test_the_noise_on_display_is_what_gets_pinned(stage: Stage) -> None:
    settings = options(3)
    frame = stage.show(settings)
    stage.page._noise_bars.setFocus()
    QTest.keyClick(stage.page._noise_bars, Qt.Key.Key_Down)
    QTest.keyClick(stage.page._noise_bars, Qt.Key.Key_P)
    assert stage.wishes == [("pin", (1, float(frame.draw.noise[1])), True)]
    pinned = list(settings.options)
    pinned[1] = replace(pinned[1], pinned=0.25)
    stage.show(replace(settings, options=tuple(pinned)))
    stage.wishes.clear()
    QTest.keyClick(stage.page._noise_bars, Qt.Key.Key_P)
    assert stage.wishes == [("pin", (1, None), True)]


def open_menu(stage: Stage) -> QMenu:
    menus = [menu for menu in stage.page.findChildren(QMenu) if menu.isVisible()]
    assert len(menus) == 1
    return menus[0]


def entries(menu: QMenu) -> dict[str, bool]:
    return {action.text(): action.isEnabled() for action in menu.actions() if action.text()}


def choose(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()
    QApplication.processEvents()


def ask_menu(chart: BarChart, place: int) -> None:
    point = chart._row_rect(place).center().toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, chart.mapToGlobal(point))
    QApplication.sendEvent(chart, event)


def test_the_swatch_opens_the_palette(stage: Stage) -> None:
    stage.show(options(3))
    stage.paint()
    chart = stage.page._logits
    QTest.mouseClick(chart, LEFT, NO_KEYS, QPoint(18, round(chart._row_rect(1).center().y())))
    menu = open_menu(stage)
    assert len(menu.actions()) == PALETTE_SIZE
    assert [action.text() for action in menu.actions()][:7] == list(COLOR_NAMES)
    assert [action.isChecked() for action in menu.actions()].index(True) == 1
    assert len({action.icon().pixmap(18, 18).toImage().cacheKey() for action in menu.actions()}) == PALETTE_SIZE
    choose(menu, "Green")
    assert stage.wishes == [("color", (1, 2), True)]


def test_the_menu_of_an_option(stage: Stage) -> None:
    settings = make_settings([1.0, -INF, 0.5])
    stage.show(settings)
    stage.paint()
    ask_menu(stage.page._logits, 0)
    menu = open_menu(stage)
    assert entries(menu) == {
        "Colour": True, "Move up": False, "Move down": True, "Mask (never chosen)": True, "Remove": True,
    }  # fmt: skip
    choose(menu, "Move down")
    ask_menu(stage.page._logits, 2)
    choose(open_menu(stage), "Mask (never chosen)")
    ask_menu(stage.page._logits, 1)
    choose(open_menu(stage), "Unmask")
    ask_menu(stage.page._logits, 2)
    menu = open_menu(stage)
    assert entries(menu)["Move down"] is False
    choose(menu, "Remove")
    assert stage.wishes == [
        ("move", (0, 1), True), ("logit", (2, -INF), True), ("logit", (1, 0.0), True), ("remove", 2, True),
    ]  # fmt: skip


def test_the_last_option_that_can_win_is_not_masked_or_removed(stage: Stage) -> None:
    stage.show(make_settings([1.0, -INF]))
    stage.paint()
    ask_menu(stage.page._logits, 0)
    menu = open_menu(stage)
    assert entries(menu)["Mask (never chosen)"] is False
    menu.close()
    QApplication.processEvents()
    stage.show(make_settings([1.0]))
    ask_menu(stage.page._logits, 0)
    menu = open_menu(stage)
    assert entries(menu)["Remove"] is False
    assert entries(menu)["Move up"] is False
    assert entries(menu)["Move down"] is False
    menu.close()


def test_the_menu_of_a_noise_value(stage: Stage) -> None:
    settings = options(2)
    frame = stage.show(settings)
    stage.paint()
    ask_menu(stage.page._noise_bars, 1)
    menu = open_menu(stage)
    assert list(entries(menu)) == ["Pin this value", "Unpin all"]
    choose(menu, "Pin this value")
    assert stage.wishes == [("pin", (1, float(frame.draw.noise[1])), True)]


def test_menus_are_not_left_behind(stage: Stage) -> None:
    stage.show(options(3))
    stage.paint()
    before = len(stage.page.findChildren(QMenu))
    for place in (0, 1, 2):
        ask_menu(stage.page._logits, place)
        open_menu(stage).close()
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, 52)  # deferred deletions
    assert len(stage.page.findChildren(QMenu)) == before


def test_tab_walks_through_the_controls_in_reading_order(stage: Stage) -> None:
    """Column by column: no control of a later stage comes before one of an earlier stage."""
    settings = options(3)
    stage.show(settings)
    stage.window.activateWindow()
    stage.paint()
    start: QWidget = stage.page._scores_head.add
    walked, part = [], start
    while True:
        if part.isVisible() and part.focusPolicy() & Qt.FocusPolicy.TabFocus and stage.page.isAncestorOf(part):
            walked.append(part)
        following = part.nextInFocusChain()
        assert following is not None
        if following is start:
            break
        part = following
    columns = []
    for part in walked:
        center = part.mapTo(stage.page, QPointF(part.rect().center()))
        columns.append(int(5 * center.x() / stage.page.width()))
    assert set(columns) >= {0, 1, 4}
    assert columns == sorted(columns)


# Rows -------------------------------------------------------------------------------------------------------


def shown_of(settings: Settings) -> tuple[int, ...]:
    """All of a few options, the best nine of many."""
    return everything(settings) if len(settings.options) <= MOST_BARS else rows.leading_options(settings, 9)


def everything(settings: Settings) -> tuple[int, ...]:
    return tuple(range(len(settings.options)))


def test_the_leaders_are_those_with_the_highest_scores() -> None:
    settings = options(1000, masked=True)
    best = sorted(range(1000), key=lambda i: -settings.logits[i])
    assert rows.leading_options(settings, 9) == tuple(best[:9])
    assert rows.leading_options(settings, 1000) == tuple(best)
    assert rows.leading_options(make_settings([0.0] * 13), 13) == tuple(range(13))
    assert len(rows.leading_options(make_settings([0.0] * 13), 20)) == 13


@pytest.mark.parametrize("count", COUNTS)
def test_one_axis_holds_scores_noise_and_their_sums(count: int) -> None:
    settings = options(count, masked=count > 1)
    shown = shown_of(settings)
    low, high = rows.score_range(settings, shown)
    assert low <= 0.0 <= high
    assert low < high
    scores = [settings.options[i].logit for i in shown if settings.options[i].logit > -INF]
    assert low <= min(scores)
    assert max(scores) <= high
    # Nine draws in ten fit with their noise.
    draws = [run(settings, 1, index).draw for index in range(40)]
    fitting = sum(max(draw.perturbed[i] for i in shown) <= high for draw in draws)
    assert fitting >= 30


def test_the_axis_includes_what_is_pinned() -> None:
    settings = options(2)
    pinned = replace(settings, options=(replace(settings.options[0], pinned=40.0), settings.options[1]))
    assert rows.score_range(pinned, (0, 1))[1] >= 40.0


def test_scores_are_written_as_people_type_them() -> None:
    settings = make_settings([3.0, 2.5, -0.25, -INF], ["a", "b", "c", "d"])
    found = rows.score_rows(settings, everything(settings))
    assert [(row.name, row.text, row.value, row.quiet) for row in found] == [
        ("a", "3.0", 3.0, False), ("b", "2.5", 2.5, False), ("c", "−0.25", -0.25, False), ("d", "masked", None, True),
    ]  # fmt: skip


Makes = Callable[[Settings, Frame, tuple[int, ...]], tuple["rows.Row", ...]]  # type: ignore[name-defined]


def test_many_options_leave_a_row_for_the_rest() -> None:
    settings = options(1000)
    frame = run(settings, 5000)
    shown = shown_of(settings)
    for made in (rows.probability_rows, rows.frequency_rows, rows.soft_rows, rows.noise_rows, rows.noisy_rows,
                 rows.hard_rows):  # fmt: skip
        found = made(settings, frame, shown)
        assert len(found) == 10
        assert found[-1].option == -1
        assert found[-1].name == "991 more"
        assert found[-1].quiet
    for made in (rows.probability_rows, rows.frequency_rows, rows.soft_rows):
        values = [row.value for row in made(settings, frame, shown)]
        assert sum(value for value in values if value is not None) == pytest.approx(1.0)
    assert rows.noisy_rows(settings, frame, shown)[-1].text == "all behind"


def test_probabilities_are_softmax() -> None:
    settings = make_settings([2.0, 1.5, -INF], None, scale=2.0)
    frame = run(settings)
    found = rows.probability_rows(settings, frame, (0, 1, 2))
    first = 1.0 / (1.0 + math.exp(-0.25))
    assert [row.value for row in found] == pytest.approx([first, 1.0 - first, 0.0])
    assert [row.text for row in found] == ["56.2%", "43.8%", "0.0%"]
    assert [row.quiet for row in found] == [False, False, True]


@pytest.mark.parametrize(("draws", "decimals"), [(1, 1), (9_999, 1), (10_000, 2), (50_000, 2)])
def test_frequencies_have_their_band(draws: int, decimals: int) -> None:
    settings = make_settings([2.0, 1.2, 0.4])
    frame = run(settings, draws)
    p = frame.theory.probabilities
    for i, row in enumerate(rows.frequency_rows(settings, frame, (0, 1, 2))):
        assert row.value == frame.wins[i] / draws
        assert row.exact == p[i]
        assert row.band == pytest.approx(2.0 * math.sqrt(p[i] * (1.0 - p[i]) / draws))
        assert row.text == f"{100 * frame.wins[i] / draws:.{decimals}f}%"


def test_before_the_first_draw_nothing_has_won() -> None:
    settings = options(3)
    found = rows.frequency_rows(settings, run(settings, 0), (0, 1, 2))
    assert [row.value for row in found] == [0.0, 0.0, 0.0]


def test_noise_says_its_quantile_and_its_pin() -> None:
    settings = make_settings([3.0, 2.5])
    pinned = replace(settings.options[0], pinned=-0.1)
    settings = replace(settings, options=(pinned, settings.options[1]))
    frame = run(settings)
    first, second = rows.noise_rows(settings, frame, (0, 1))
    assert (first.text, first.pinned, first.value) == ("−0.1", True, -0.1)
    # F(-0.1) = exp(-exp(0.1))
    assert first.remark == "quantile 0.331"
    assert not second.pinned
    assert second.remark == f"quantile {math.exp(-math.exp(-float(frame.draw.noise[1]))):.3f}"


def test_scores_and_noise_add_up_to_the_noisy_scores() -> None:
    settings = options(7, location=1.5, scale=0.7)
    frame = run(settings)
    for i, (noise, noisy) in enumerate(
        zip(
            rows.noise_rows(settings, frame, everything(settings)),
            rows.noisy_rows(settings, frame, everything(settings)),
            strict=True,
        )
    ):
        assert noise.value is not None
        assert noisy.value == settings.logits[i] + noise.value
        assert noisy.winner == (i == frame.draw.winner)


def test_the_hard_choice_is_one_hot() -> None:
    settings = options(7, masked=True)
    frame = run(settings)
    found = rows.hard_rows(settings, frame, everything(settings))
    assert [row.value for row in found].count(1.0) == 1
    assert [row.text for row in found].count("1") == 1
    assert next(row for row in found if row.winner).option == frame.draw.winner


@pytest.mark.parametrize(("temperature", "texts"), [(0.0, {"0.00", "1.00"}), (INF, {"0.33"})], ids=["hard", "flat"])
def test_the_limits_of_the_temperature_read_exactly(temperature: float, texts: set[str]) -> None:
    settings = make_settings([2.0, 1.0, 0.0], None, temperature=temperature)
    for index in range(5):
        frame = run(settings, 10, index)
        found = rows.soft_rows(settings, frame, (0, 1, 2))
        assert {row.text for row in found} == texts
        assert sum(row.value for row in found if row.value is not None) == pytest.approx(1.0)
        # Where all get the same, nobody is washed as the winner.
        assert [row.winner for row in found].count(True) == (temperature == 0.0)


def test_small_soft_choices_get_another_decimal() -> None:
    settings = make_settings([5.0, 0.0])
    pinned = tuple(replace(option, pinned=0.0) for option in settings.options)
    settings = replace(settings, options=pinned, temperature=1.0)
    found = rows.soft_rows(settings, run(settings), (0, 1))
    # softmax(5, 0) = 0.99331, 0.00669
    assert [row.text for row in found] == ["0.99", "0.007"]


def test_without_noise_in_words() -> None:
    alone = make_settings([1.0], ["Only"])
    assert rows.without_noise(alone, run(alone)) == "Only one option: always Only."
    two = make_settings([2.0, 1.5], ["A", "B"])
    # 1 / (1 + e^0.5) = 0.3775
    assert rows.without_noise(two, run(two)) == "Without noise: always A.\nWith noise: B wins 37.8%."
    three = make_settings([0.4, 2.0, 1.2], ["A", "B", "C"])
    words = rows.without_noise(three, run(three))
    p = run(three).theory.probabilities[1]
    assert words == f"Without noise: always B.\nWith noise: another wins {100 * (1 - p):.1f}%."


def test_an_exact_tie_in_words() -> None:
    scene = load_builtin("ice-cream")
    frame = run(scene.settings)
    assert rows.tie_words(scene.settings, frame) == "Exact tie at 2.9:\nargmax keeps the first, Chocolate."
    assert rows.tie_words(options(3), run(options(3))) == ""
    near = list(scene.settings.options)
    near[1] = replace(near[1], pinned=0.4 + 1e-12)
    settings = replace(scene.settings, options=tuple(near))
    assert rows.tie_words(settings, run(settings)) == ""


def test_a_tie_is_said_on_the_page(stage: Stage) -> None:
    scene = load_builtin("ice-cream")
    frame = run(scene.settings)
    stage.page.show_scene(scene)
    stage.page.draw(scene.settings, frame)
    assert "Exact tie" in stage.page._switches.remark
    other = replace(scene.settings, options=options(2).options)
    stage.show(other)
    assert stage.page._switches.remark == ""


def test_counts_in_words_for_a_few() -> None:
    settings = options(3)
    frame = run(settings, 12_345)
    assert rows.count_words(settings, frame) == " : ".join(f"{int(wins):,}" for wins in frame.wins)
    assert rows.count_words(options(4), run(options(4))) == ""


def test_the_caption_names_the_scale_only_where_it_matters(stage: Stage) -> None:
    stage.show(options(2))
    assert stage.page._chances.caption == "chance to win, softmax(z)"
    stage.show(options(2, scale=2.0))
    assert stage.page._chances.caption == "chance to win, softmax(z / β)"


def test_marks_and_bars_agree(stage: Stage) -> None:
    """The same draw, once as a bar and once as a mark on the density."""
    settings = options(7, masked=True)
    winners = set()
    for index in range(12):
        frame = stage.show(settings, run(settings, 20, index))
        bars = {row.option: row.value for row in stage.page._noise_bars._rows}
        marks = {mark.option: mark.x for mark in stage.page._noise_plot._marks}
        assert marks == bars
        noisy = {row.option: row.value for row in stage.page._noisy_bars._rows if row.value is not None}
        crowned = [mark.option for mark in stage.page._noisy_plot._marks if mark.winner]
        assert {mark.option: mark.x for mark in stage.page._noisy_plot._marks} == noisy
        assert crowned == [frame.draw.winner]
        winners.add(frame.draw.winner)
    assert len(winners) > 1


@pytest.mark.parametrize(("location", "scale"), [(0.0, 1.0), (-2.0, 0.5), (3.0, 4.0)])
def test_histograms_lie_under_their_curves(stage: Stage, location: float, scale: float) -> None:
    """Areas of 1, and the mode where the location says."""
    settings = make_settings([1.0, 0.0], None, location=location, scale=scale)
    stage.show(settings, run(settings, 50_000))
    for plot, offsets in ((stage.page._noise_plot, (0.0,)), (stage.page._noisy_plot, (1.0, 0.0))):
        for fill, curve, offset in zip(plot._fills, plot._curves, offsets, strict=True):
            xs, ys = curve.getData()
            assert np.trapezoid(ys, xs) == pytest.approx(1.0, abs=0.01)
            assert xs[ys.argmax()] == pytest.approx(location + offset, abs=0.1 * scale)
            path = fill._path
            points = np.array([(path.elementAt(i).x, path.elementAt(i).y) for i in range(path.elementCount())])
            assert np.trapezoid(points[:, 1], points[:, 0]) == pytest.approx(1.0, abs=0.02)
            between = points[1:-1].reshape(-1, 2, 2)
            highest = between[between[:, 0, 1].argmax()]
            assert abs(highest[:, 0].mean() - location - offset) < 0.6 * scale


def test_rows_are_values(stage: Stage) -> None:
    """Equal rows are equal, so that what did not change need not be painted."""
    settings = options(3)
    frame = run(settings)
    again = run(settings)
    for made in (rows.probability_rows, rows.frequency_rows, rows.soft_rows, rows.noise_rows, rows.hard_rows):
        assert made(settings, frame, (0, 1, 2)) == made(settings, again, (0, 1, 2))
    one = rows.soft_rows(settings, frame, (0, 1, 2))[0]
    assert with_values(one, text="") != one
    assert all(a != b for a, b in itertools.combinations(rows.soft_rows(settings, frame, (0, 1, 2)), 2))
