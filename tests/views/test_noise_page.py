"""The Noise page on real reports: every part, look and number of options; dragging, typing, rain and words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace as with_values
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFontDatabase, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.model.edits import EDITS
from gumbelviz.model.frame import Frame
from gumbelviz.model.noise_choices import ARTICLE_DENSITIES, ARTICLE_FUNCTIONS, PRESETS, VIEWS, Curve, NoiseChoices
from gumbelviz.model.noise_report import NoiseReport
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.pages.noise import PARTS, NoisePage
from gumbelviz.views.plots.curves import CurvePlot
from gumbelviz.views.plots.plot import Plot
from gumbelviz.views.plots.rainfall import FALL, MOST_PER_FRAME, Rainfall
from gumbelviz.views.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def chosen(settings: Settings, **fields: object) -> Settings:
    noise = replace(settings.pages.noise, **fields)
    return replace(settings, pages=replace(settings.pages, noise=noise))


def options(count: int, masked: bool = False, **fields: object) -> Settings:
    logits = [2.0 * math.cos(1.7 * i) for i in range(count)]
    if masked:
        logits = [-math.inf if i % 3 == 1 else z for i, z in enumerate(logits)]
    return make_settings(logits, None, **fields)


def run(settings: Settings, draws: int = 500, pieces: int = 40) -> Frame:
    """A real frame with a real report, after so many pieces of the study's work."""
    simulation = Simulation(settings)
    simulation.advance(draws)
    frame = simulation.frame()
    study = make_study("noise", settings)
    assert study is not None
    moment = Moment(frame.draws, frame.draw.index, running=False)
    for _ in range(pieces):
        if study.busy(moment):
            study.work(moment, lambda: True)
    return with_values(frame, study=study.report(moment))


class Stage:
    """The page in a window, dressed, and the wishes that it made; edits are granted as the program grants them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = Window()
        qtbot.addWidget(self.window)
        self.window.set_look(Look())
        self.page = NoisePage()
        self.window.add_page(self.page)
        self.window.show_page(self.page)
        self.wishes: list[tuple[str, Any, bool]] = []
        self.page.wished.connect(lambda *wish: self.wishes.append(wish))
        self.window.resize(1280, 720)
        self.window.show()

    def last(self) -> tuple[str, object, bool]:
        """The newest wish; a call, so that no type is narrowed from one to the next."""
        return self.wishes[-1]

    def show(self, settings: Settings, frame: Frame | None = None) -> Frame:
        frame = frame or run(settings)
        self.settings, self.frame = settings, frame
        self.page.show_scene(Scene(title="Test", settings=settings, page="noise"))
        self.page.draw(settings, frame)
        return frame

    def grant(self) -> None:
        """Let the newest wish come true, and show the answer."""
        name, value, _ = self.wishes[-1]
        self.show(EDITS[name][0](self.settings, value))

    def dress(self, look: Look) -> None:
        self.window.set_look(look)
        self.page.draw(self.settings, self.frame)

    def paint(self) -> bytes:
        QApplication.processEvents()
        image = self.page.grab().toImage()
        return bytes(image.constBits())

    def outside(self) -> list[str]:
        """Visible parts that reach beyond what holds them."""
        found = []
        for part in self.page.findChildren(QWidget):
            holder = part.parentWidget()
            if not part.isVisible() or holder is None:
                continue
            corners = part.mapTo(holder, part.rect().topLeft()), part.mapTo(holder, part.rect().bottomRight())
            if not all(holder.rect().contains(corner) for corner in corners):
                found.append(f"{type(part).__name__} {part.accessibleName()} {corners} in {holder.rect()}")
        return found

    def cut(self) -> list[str]:
        """Words that do not fit where they stand."""
        found = []
        for part in self.page.findChildren(QWidget):
            if not part.isVisible() or not isinstance(part, QLabel | QPushButton):
                continue
            if part.text() and part.sizeHint().width() > part.width() + 1:
                found.append(part.text())
        return found


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.window.hide()


# Every part, look, size and number of options. -----------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_any_number_of_options_is_drawn(stage: Stage, view: str) -> None:
    for count, masked in ((1, False), (2, False), (3, True), (7, False), (13, True), (1000, False), (2, True)):
        stage.show(chosen(options(count, masked), view=view))
        stage.paint()
        assert stage.outside() == []


@pytest.mark.parametrize("view", VIEWS)
def test_every_look_and_size_has_room(stage: Stage, view: str) -> None:
    stage.show(chosen(options(7), view=view, curves=ARTICLE_DENSITIES))
    pictures = set()
    for theme in THEMES.values():
        stage.dress(Look(theme))
        pictures.add(stage.paint())
    assert len(pictures) == len(THEMES)
    for size in ((1024, 640), (1280, 720), (1600, 900)):
        stage.window.resize(*size)
        for zoom in (1.0,) if size == (1024, 640) else (0.75, 1.5):
            stage.dress(Look(zoom=zoom))
            stage.paint()
            assert stage.outside() == [], (size, zoom)
            assert stage.cut() == [], (size, zoom)


@pytest.mark.parametrize("temperature", [0.0, math.inf])
def test_limits_and_far_noise_are_drawn(stage: Stage, temperature: float) -> None:
    settings = options(3, location=-40.0, scale=25.0, temperature=temperature)
    for view in VIEWS:
        stage.show(chosen(settings, view=view, curves=(Curve(-40.0, 25.0, 27), Curve(900.0, 0.01, 3)), level=1e-9))
        stage.paint()
        assert stage.outside() == []


def test_every_family_is_drawn(stage: Stage) -> None:
    for _, curves in PRESETS.values():
        stage.show(chosen(options(3), curves=curves))
        visible = [row for row in stage.page._curves._table.rows if row.isVisible()]
        assert len(visible) == len(curves)
        heights = {row.height_label.text() for row in visible if row.scale.text() == "1.00"}
        assert heights == {"0.368"}
        stage.paint()


def test_the_part_is_what_the_settings_say(stage: Stage) -> None:
    for index, (part, _, sentence) in enumerate(PARTS):
        stage.show(chosen(options(3), view=part))
        assert stage.page._turns.currentIndex() == index
        assert stage.page._buttons[part].isChecked()
        assert stage.page._sentence.text() == sentence


def test_a_button_wishes_for_its_part(stage: Stage) -> None:
    stage.show(options(3))
    QTest.mouseClick(stage.page._buttons["other"], LEFT)
    assert stage.wishes == [("noise view", "other", True)]


def test_a_frame_without_a_report_leaves_the_picture(stage: Stage) -> None:
    for view in VIEWS:
        settings = chosen(options(3), view=view)
        frame = stage.show(settings)
        before = stage.paint()
        stage.page.draw(settings, with_values(frame, study=None))
        stage.page.draw(settings, with_values(frame, study=NoiseReport(7)))
        assert stage.paint() == before


def test_stale_options_are_never_shown(stage: Stage) -> None:
    stage.show(chosen(options(3), view="other"))
    wins = stage.page._other._wins
    assert [row.option for row in wins._rows] == [0, 1, 2]
    stage.page.show_scene(Scene(title="Test", settings=chosen(options(2), view="other")))
    assert not stage.page._other._wins._rows
    stage.show(chosen(options(3), view="scales"))
    stage.page.show_scene(Scene(title="Test", settings=chosen(options(2), view="scales")))
    assert not any(chart._rows for chart in stage.page._scales._charts)


# Curves. -------------------------------------------------------------------------------------------------------


def plots(stage: Stage) -> tuple[CurvePlot, CurvePlot]:
    return stage.page._curves._density, stage.page._curves._share


def mouse(plot: Plot, kind: QEvent.Type, at: QPointF, buttons: Qt.MouseButton = LEFT) -> None:
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
    position = QPointF(plot.viewport().mapToGlobal(at.toPoint()))
    QApplication.sendEvent(plot.viewport(), QMouseEvent(kind, at, position, button, buttons, NO_KEYS))


def drag(plot: Plot, start: QPointF, *ends: QPointF) -> None:
    mouse(plot, QEvent.Type.MouseButtonPress, start)
    for end in ends:
        mouse(plot, QEvent.Type.MouseMove, end)
    mouse(plot, QEvent.Type.MouseButtonRelease, ends[-1])


def on_curve(plot: CurvePlot, place: int, x: float) -> QPointF:
    assert plot._family is not None
    return plot._point(plot._family.curves[place], x)


@pytest.mark.parametrize("which", [0, 1])
def test_a_curve_is_dragged_sideways(stage: Stage, which: int) -> None:
    stage.show(chosen(options(3), curves=ARTICLE_FUNCTIONS[:1] + ARTICLE_DENSITIES[4:5]))
    QApplication.processEvents()
    plot = plots(stage)[which]
    start = on_curve(plot, 1, 1.5)
    pixel = plot.data_x(QPointF(1.0, 0.0)) - plot.data_x(QPointF(0.0, 0.0))
    drag(plot, start, start + QPointF(20, 3), start + QPointF(40, -5))
    assert [name for name, _, _ in stage.wishes] == ["curve location"] * 3
    assert [final for _, _, final in stage.wishes] == [False, False, True]
    place, value = stage.wishes[-1][1]
    assert place == 1
    assert value == pytest.approx(2.0 + 40 * pixel, abs=0.006)


@pytest.mark.parametrize("which", [0, 1])
def test_a_shoulder_is_dragged_for_the_scale(stage: Stage, which: int) -> None:
    stage.show(chosen(options(3), curves=(Curve(0.0, 1.0, 0), Curve(9.0, 2.0, 1))))
    QApplication.processEvents()
    plot = plots(stage)[which]
    start = on_curve(plot, 1, 11.0)
    pixel = plot.data_x(QPointF(1.0, 0.0)) - plot.data_x(QPointF(0.0, 0.0))
    drag(plot, start, start + QPointF(30, 0))
    name, (place, value), final = stage.wishes[-1]
    assert (name, place, final) == ("curve scale", 1, True)
    assert value == pytest.approx(2.0 + 30 * pixel, abs=0.006)
    drag(plot, start, start - QPointF(4000, 0))
    assert stage.wishes[-1][1] == (1, 0.05)


def test_the_axis_stands_still_under_the_hand_and_follows_after(stage: Stage) -> None:
    stage.show(options(3))
    QApplication.processEvents()
    density, share = plots(stage)
    before = density._ranges
    assert before is not None
    start = on_curve(density, 0, 0.0)
    mouse(density, QEvent.Type.MouseButtonPress, start)
    mouse(density, QEvent.Type.MouseMove, start + QPointF(400, 0))
    stage.grant()
    assert density._ranges is not None
    assert density._ranges[:2] == before[:2]
    mouse(density, QEvent.Type.MouseButtonRelease, start + QPointF(400, 0))
    stage.grant()
    assert density._ranges[:2] != before[:2]
    assert share._ranges is not None
    assert share._ranges[:2] == density._ranges[:2]


def test_a_click_brings_a_curve_to_the_front_and_changes_nothing(stage: Stage) -> None:
    stage.show(options(3))
    QApplication.processEvents()
    density, _ = plots(stage)
    at = on_curve(density, 2, -2.0)
    mouse(density, QEvent.Type.MouseButtonPress, at)
    mouse(density, QEvent.Type.MouseButtonRelease, at)
    assert stage.wishes == []
    assert stage.page._curves._front == 2
    assert stage.page._curves._facts.facts[-1].text == "0.184"


def test_hovering_reads_exact_numbers_in_both_plots(stage: Stage) -> None:
    stage.show(options(3))
    QApplication.processEvents()
    density, share = plots(stage)
    mouse(density, QEvent.Type.MouseMove, on_curve(density, 1, 2.5), Qt.MouseButton.NoButton)
    read = {fact.name: float(fact.text.replace("−", "-")) for fact in stage.page._curves._read.facts}
    z = read["x"] - 2.0
    assert read["x"] == pytest.approx(2.5, abs=0.02)
    assert read["density f(x)"] == pytest.approx(math.exp(-z - math.exp(-z)), abs=3e-4)
    assert read["P(G ≤ x)"] == pytest.approx(math.exp(-math.exp(-z)), abs=3e-4)
    assert density._reading == share._reading
    assert share._reading is not None
    QApplication.sendEvent(density, QEvent(QEvent.Type.Leave))
    assert density._reading is None
    assert [fact.text for fact in stage.page._curves._read.facts] == ["–"] * 3


def test_fields_buttons_and_crosses_wish(stage: Stage) -> None:
    stage.show(options(3))
    QApplication.processEvents()
    row = stage.page._curves._table.rows[1]
    row.location.setFocus()
    QTest.keyClick(row.location, Qt.Key.Key_Up)
    assert stage.last() == ("curve location", (1, 2.1), True)
    row.scale.setFocus()
    row.scale.selectAll()
    QTest.keyClicks(row.scale, "0.5")
    QTest.keyClick(row.scale, Qt.Key.Key_Return)
    assert stage.last() == ("curve scale", (1, 0.5), True)
    assert stage.page._curves._front == 1
    QTest.mouseClick(row.cross, LEFT)
    assert stage.last() == ("curve remove", 1, True)
    QTest.mouseClick(stage.page._curves._add, LEFT)
    assert stage.last() == ("curve add", None, True)
    titles = [action.text() for action in stage.page._curves._families.menu().actions()]
    assert titles[:2] == ["Article: densities", "Article: distribution functions"]
    stage.page._curves._families.menu().actions()[0].trigger()
    assert stage.last() == ("curve preset", "densities", True)


def test_the_note_says_what_the_articles_axis_cuts(stage: Stage) -> None:
    stage.show(chosen(options(3), curves=ARTICLE_DENSITIES))
    words = stage.page._curves._note.words
    assert "ends at 10 and cuts off 12.7% of the curve μ = 6, β = 2" in words
    assert "depends on β alone: 1 / (e · 0.5) = 0.7358" in words
    stage.show(chosen(options(3), curves=ARTICLE_FUNCTIONS))
    assert "12.7" not in stage.page._curves._note.words


def test_a_curve_alone_has_no_cross(stage: Stage) -> None:
    stage.show(chosen(options(3), curves=(Curve(0.0, 1.0, 0),)))
    QApplication.processEvents()
    assert not stage.page._curves._table.rows[0].cross.isVisible()


# The inverse map and the rain. ---------------------------------------------------------------------------------


def test_u_is_dragged_on_the_map(stage: Stage) -> None:
    stage.show(chosen(options(3), view="inverse"))
    QApplication.processEvents()
    plot = stage.page._inverse._plot
    at = plot.place(3.0, 0.72 + 0.25)
    drag(plot, plot.place(3.0, 0.72 + 0.6), at, QPointF(at.x(), 5000.0))
    assert [(name, final) for name, _, final in stage.wishes] == [("noise level", False)] * 3 + [("noise level", True)]
    assert stage.wishes[1][1] == pytest.approx(0.25, abs=0.003)
    assert stage.wishes[-1][1] == 0.001
    facts = {fact.name: fact.text for fact in stage.page._inverse._facts.facts}
    assert facts["noise g"] == "1.4999"
    stage.grant()
    facts = {fact.name: fact.text for fact in stage.page._inverse._facts.facts}
    assert facts["uniform u"] == "0.0010"
    assert facts["noise g"] == "−1.9326"  # −ln(−ln 0.001)


def test_mode_median_and_mean_are_three_places(stage: Stage) -> None:
    stage.show(chosen(options(3, location=1.0, scale=2.0), view="inverse"))
    texts = {fact.name: fact.text for fact in stage.page._inverse._middles.facts}
    assert texts["mode"].startswith("1.000")
    assert texts["mode"].endswith("0.368")
    assert texts["median"].startswith("1.733")
    assert texts["mean"].startswith("2.154")
    assert len({fact.line for fact in stage.page._inverse._middles.facts}) == 3


def test_what_the_stream_has_drawn_lies_on_the_ground(stage: Stage) -> None:
    settings = chosen(options(3), view="inverse")
    stage.show(settings, run(settings, draws=100))
    assert stage.page._inverse.rainfall.landed == 300
    assert "300 of 4,096" in stage.page._inverse._note.words


def test_the_rain_starts_empty_and_moves_with_the_frames_alone(stage: Stage) -> None:
    settings = chosen(options(3), view="inverse")
    frame = stage.show(settings)
    now = [10.0]
    part = stage.page._inverse
    part.rainfall._clock = lambda: now[0]
    QTest.mouseClick(part._rain, LEFT)
    assert part.rainfall.landed == 0
    for n in range(200):
        now[0] += 0.016
        stage.page.draw(settings, with_values(frame, draws=frame.draws + 10 * n))
    assert part.rainfall.landed > 100
    assert part.rainfall.air
    before = part.rainfall.landed, part.rainfall.air
    for _ in range(50):
        now[0] += 0.016
        stage.page.draw(settings, with_values(frame, draws=frame.draws + 10 * 199))
    # Paused: nothing moves, neither on the ground nor in the air.
    assert (part.rainfall.landed, part.rainfall.air) == before
    stage.paint()
    counted = part._plot._fill._shown
    assert counted is not None
    cells = np.histogram(part._map.rain.noise[: part.rainfall.landed], part._map.rain.edges)[0]  # type: ignore[union-attr]
    np.testing.assert_array_equal(counted[1] > 0, cells > 0)


def rain_for(rain: Rainfall, now: list[float], frames: int, draws: int, numbers: int = 3, total: int = 4096) -> int:
    for _ in range(frames):
        now[0] += 0.016
        draws += 5
        rain.follow(draws, numbers, total)
    return draws


def test_rain_ends_when_everything_has_fallen() -> None:
    now = [0.0]
    rain = Rainfall(lambda: now[0])
    rain.follow(10, 3, 60)
    assert rain.landed == 30
    rain.start()
    draws = rain_for(rain, now, 20, 10, total=60)
    assert rain.landed == 0
    assert len(rain.air) <= 20 * MOST_PER_FRAME
    assert all(0.0 <= way <= 1.0 for _, way in rain.air)
    rain_for(rain, now, 60 + int(FALL / 0.016) + 2, draws, total=60)
    assert rain.landed == 60
    assert not rain.raining
    assert rain.air == ()


def test_drops_fall_in_the_order_of_the_stream() -> None:
    now = [0.0]
    rain = Rainfall(lambda: now[0])
    rain.start()
    rain_for(rain, now, 300, 0)
    numbers = [number for number, _ in rain.air]
    assert numbers == list(range(rain.landed, rain.landed + len(numbers)))
    ways = [way for _, way in rain.air]
    assert ways == sorted(ways, reverse=True)


def test_a_slow_stream_rains_slowly() -> None:
    now = [0.0]
    rain = Rainfall(lambda: now[0])
    rain.follow(0, 1, 100)
    rain.start()
    for n in range(1, 6):
        now[0] += 1.0
        rain.follow(n, 1, 100)
    assert rain.landed + len(rain.air) == 5


def test_other_numbers_start_anew() -> None:
    now = [0.0]
    rain = Rainfall(lambda: now[0])
    rain.start()
    rain_for(rain, now, 200, 0)
    assert rain.landed > 0
    rain.reset()
    assert rain.landed == 0
    assert rain.raining


# Another noise. ------------------------------------------------------------------------------------------------


def test_a_noise_is_chosen_by_click_and_by_key(stage: Stage) -> None:
    stage.show(chosen(options(3), view="other"))
    QApplication.processEvents()
    laws = stage.page._other._laws
    place = laws._row_rect(5).center().toPoint()
    QTest.mouseClick(laws, LEFT, NO_KEYS, QPoint(place.x(), place.y()))
    assert stage.wishes == [("other noise", "minus-gumbel", True)]
    stage.grant()
    assert laws._current == 5
    laws.setFocus()
    QTest.keyClick(laws, Qt.Key.Key_Up)
    assert stage.wishes[-1] == ("other noise", "exponential", True)
    stage.show(chosen(options(3), view="other", other="gumbel"))
    count = len(stage.wishes)
    QTest.keyClick(laws, Qt.Key.Key_Up)
    assert len(stage.wishes) == count


def test_exact_distances_stand_beside_the_noises(stage: Stage) -> None:
    settings = chosen(make_settings([float(z) for z in np.log([0.7, 0.2, 0.1])]), view="other", other="minus-gumbel")
    stage.show(settings)
    texts = [row.text for row in stage.page._other._laws._rows]
    assert texts[0] == "0"
    assert texts[5] == "0.0397"
    rows = stage.page._other._wins._rows
    assert [row.exact for row in rows] == pytest.approx([0.7, 0.2, 0.1])
    assert rows[0].remark == "exact 73.97%"
    facts = {fact.name: fact.text for fact in stage.page._other._facts.facts}
    assert facts["exact, by quadrature"] == "0.03973"
    assert " ± " in facts["total variation seen"]


def test_the_words_fit_the_number_of_options(stage: Stage) -> None:
    for count, other, words in (
        (2, "minus-gumbel", "cannot see the sign"),
        (2, "logistic", "logistic difference"),
        (2, "gaussian", "only the difference of the noises counts"),
        (3, "minus-gumbel", "does not fall to 0"),
        (3, "gumbel", "falls on as one over the root"),
        (1, "uniform", "nothing to choose"),
    ):
        stage.show(chosen(options(count), view="other", other=other))
        assert words in stage.page._other._note.words


# Three scales. -------------------------------------------------------------------------------------------------


def test_the_table_lights_what_is_changed(stage: Stage) -> None:
    stage.show(chosen(options(3, temperature=1.0), view="scales"))
    table = stage.page._scales._table
    assert not any(cell.lit for row in table.cells for cell in row)
    stage.show(chosen(options(3, temperature=1.0), view="scales", score_scale=3.0))
    assert [cell.lit for cell in table.cells[0]][1:] == [True, True, True]
    assert not any(cell.lit for row in table.cells[1:] for cell in row)
    stage.show(chosen(options(3, temperature=5.0), view="scales"))
    score, noise, temperature = table.cells
    assert not any(cell.lit for cell in (*score, *noise))
    assert [cell.text for cell in temperature[:2]] == ["never", "never"]
    assert [cell.lit for cell in temperature] == [False, False, True, True]


def test_each_slider_wishes_for_its_own_scale_and_lights_its_row(stage: Stage) -> None:
    stage.show(chosen(options(3), view="scales"))
    QApplication.processEvents()
    part = stage.page._scales
    for place, (name, row) in enumerate(zip(("score scale", "scale", "temperature"), part._sliders, strict=True)):
        row._slider.setFocus()
        QTest.keyClick(row._slider, Qt.Key.Key_Right)
        assert stage.wishes[-1][0] == name
        stage.grant()
        assert part._table._front == place


def test_a_language_models_temperature_is_named(stage: Stage) -> None:
    stage.show(chosen(options(3), view="scales"))
    assert "language model’s “temperature” is T" in stage.page._scales._notes[0].words


def test_defaults_draw_without_a_word(stage: Stage) -> None:
    settings = options(3)
    assert settings.pages.noise == NoiseChoices()
    stage.show(settings)
    assert stage.wishes == []
