"""The Simplex page under the hand: dragging, turning, choosing, and that words and pictures follow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace as with_study
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFontDatabase, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.model.edits import EDITS
from gumbelviz.model.frame import Frame
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.simplex_report import SimplexReport
from gumbelviz.views.look import DARK, FONT, LECTURE, LIGHT, Look, dress, load_fonts, palette, stylesheet
from gumbelviz.views.pages.simplex import SimplexPage
from gumbelviz.views.plots.color_bar import color_table, ticks
from gumbelviz.views.plots.segment_plot import SegmentPlot
from gumbelviz.views.plots.simplex_canvas import SimplexCanvas
from gumbelviz.views.plots.tetrahedron_plot import TetrahedronPlot
from gumbelviz.views.plots.triangle_plot import TrianglePlot

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints|This plugin does not support")

NAMES = ["Drama", "Comedy", "Sci-fi", "Western", "Horror", "Musical", "Noir"]
LOGITS = [2.0, 1.2, 0.4, -1.0, 0.9, 1.5, 0.1]


def settings_of(count: int, temperature: float = 0.5, **choices: Any) -> Settings:
    settings = make_settings(LOGITS[:count], NAMES[:count], temperature=temperature)
    return replace(settings, pages=replace(settings.pages, simplex=replace(settings.pages.simplex, **choices)))


def frame_of(settings: Settings, draws: int = 20_000) -> Frame:
    simulation = Simulation(settings)
    simulation.advance(draws)
    frame = simulation.frame()
    study = make_study("simplex", settings)
    assert study is not None
    moment = Moment(frame.draws, frame.draw.index, running=False)
    while study.busy(moment):
        study.work(moment, lambda: False)
    return with_study(frame, study=study.report(moment))


class Desk:
    """A page, its wishes, and the settings that they lead to."""

    def __init__(self, page: SimplexPage) -> None:
        self.page = page
        self.wishes: list[tuple[str, Any, bool]] = []
        page.wished.connect(lambda *wish: self.wishes.append(wish))

    def show(self, settings: Settings, look: Look | None = None, draws: int = 20_000) -> SimplexReport:
        self.settings, self.frame = settings, frame_of(settings, draws)
        dress(self.page, look or Look())
        self.page.show_scene(Scene(title="Films", settings=settings))
        self.page.draw(settings, self.frame)
        QApplication.processEvents()
        assert isinstance(self.frame.study, SimplexReport)
        return self.frame.study

    def grant(self) -> Settings:
        """Do what was wished last."""
        name, value, _ = self.wishes[-1]
        return EDITS[name][0](self.settings, value)

    @property
    def caption(self) -> str:
        return self.page._caption.text()

    def image(self) -> QImage:
        return self.page.grab().toImage()


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    if FONT not in QFontDatabase.families():
        load_fonts()
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    page = SimplexPage()
    qtbot.addWidget(page)
    page.setPalette(palette(Look()))
    page.setStyleSheet(stylesheet(Look()))
    page.resize(1600, 740)
    page.show()
    yield Desk(page)
    page.hide()


@pytest.mark.parametrize(
    ("settings", "kind", "words"),
    [
        (settings_of(1), type(None), ""),
        (settings_of(2), SegmentPlot, "antimode"),
        (settings_of(2, 2.0), SegmentPlot, "one mode inside"),
        (settings_of(2, 1.0), SegmentPlot, "border case"),
        (settings_of(3, 0.3), TrianglePlot, "corners and edges attract"),
        (settings_of(3, 0.5), TrianglePlot, "finite just at this τ"),
        (settings_of(3, 1.2), TrianglePlot, "There is no bump inside yet"),
        (settings_of(3, 1.9), TrianglePlot, "A bump inside has formed"),
        (settings_of(3, 2.0), TrianglePlot, "one bump inside, as at every τ from 2 up"),
        (settings_of(3, 0.0), TrianglePlot, "every soft choice is a corner"),
        (settings_of(3, math.inf), TrianglePlot, "every soft choice is the centre"),
        (settings_of(4), TrianglePlot, "3 of 4 options"),
        (settings_of(4, solid=True), TetrahedronPlot, "corners below 3, faces below 1/3"),
        (settings_of(7), TrianglePlot, "3 of 7 options, renormalised"),
    ],
    ids=lambda value: "",
)
def test_the_picture_and_the_caption_fit_the_settings(desk: Desk, settings: Settings, kind: type, words: str) -> None:
    desk.show(settings)
    picture = desk.page.picture
    assert isinstance(picture, kind)
    assert words in desk.caption
    assert picture is None or picture.isVisible()


def test_temperatures_are_told_in_units_of_the_noise_scale(desk: Desk) -> None:
    """At scale 4 the temperature 6 is 1.5: the corners still attract."""
    desk.show(replace(settings_of(3, 6.0), scale=4.0))
    assert desk.caption.startswith("τ/β = 1.5: the corners attract")


def test_a_masked_option_leaves_a_segment(desk: Desk) -> None:
    settings = settings_of(3)
    masked = EDITS["logit"][0](settings, (1, -math.inf))
    desk.show(masked)
    assert isinstance(desk.page.picture, SegmentPlot)
    assert "1 masked" in desk.caption


@pytest.mark.parametrize(
    "look", [Look(), Look(DARK), Look(LECTURE), Look(LIGHT, 1.5)], ids=["light", "dark", "lecture", "150"]
)
@pytest.mark.parametrize("size", [(1600, 740), (1280, 560)])
@pytest.mark.parametrize("count", [2, 3, 7])
def test_names_and_dots_are_inside_the_picture(desk: Desk, look: Look, size: tuple[int, int], count: int) -> None:
    desk.page.resize(*size)
    report = desk.show(settings_of(count, means=True, arrows=True), look)
    picture = desk.page.picture
    assert picture is not None
    for rect in picture.name_rects():
        assert picture.rect().toRectF().adjusted(-1, -1, 1, 1).contains(rect)
    x, y = picture.dot_places(report)
    assert (x >= 0).all()
    assert (x <= picture.width()).all()
    assert (y >= 0).all()
    assert (y <= picture.height()).all()
    names = picture.name_rects()
    assert not any(a.intersects(b) for i, a in enumerate(names) for b in names[:i])


def test_corners_are_where_the_shares_say(desk: Desk) -> None:
    desk.show(settings_of(3))
    picture = desk.page.picture
    assert picture is not None
    for shares in (np.array([0.2, 0.5, 0.3]), np.array([0.01, 0.01, 0.98])):
        point = QPointF(*picture.places(shares[:, None])[:, 0])
        back = picture.shares_at(point)
        assert back is not None
        np.testing.assert_allclose(back, shares, atol=1e-9)
    top, left, right = picture.places(np.eye(3)).T
    assert left[0] < top[0] < right[0]
    assert top[1] < left[1] == right[1]


def test_the_heat_is_painted_in_its_colours(desk: Desk) -> None:
    """Without dots, the pixel at the middle of the picture has the colour of the level there."""
    report = desk.show(settings_of(3, 4.0, dots=False, trail=False))
    picture = desk.page.picture
    assert picture is not None
    assert report.heat is not None
    shares = np.array([0.45, 0.15, 0.4])
    image = picture.grab().toImage()
    x, y = picture.places(shares[:, None])[:, 0]
    height, width = report.heat.levels.shape
    level = report.heat.levels[round((1.0 - shares[0]) * height), round((shares[2] + 0.5 * shares[0]) * width)]
    color, wanted = image.pixelColor(round(x), round(y)), color_table()[level]
    for shift, found in ((16, color.red()), (8, color.green()), (0, color.blue())):
        assert abs((wanted >> shift & 255) - found) < 12


def drag(picture: SimplexCanvas, start: QPointF, end: QPointF) -> None:
    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(picture, left, plain, start.toPoint())
    for share in (0.5, 1.0):
        point = QPointF(start.x() + share * (end.x() - start.x()), start.y() + share * (end.y() - start.y()))
        move = QMouseEvent(QEvent.Type.MouseMove, point, picture.mapToGlobal(point), left, left, plain)
        QApplication.sendEvent(picture, move)
    QTest.mouseRelease(picture, left, plain, end.toPoint())


@pytest.mark.parametrize("count", [2, 3, 7])
def test_dragging_the_large_dot_puts_this_draw_under_the_pointer(desk: Desk, count: int) -> None:
    report = desk.show(settings_of(count))
    picture = desk.page.picture
    assert picture is not None
    wanted = np.full(len(report.corners), 0.2)
    wanted[-1] = 1.0 - wanted[:-1].sum()
    target = QPointF(*picture.places(wanted[:, None])[:, 0])
    drag(picture, picture.this_draw(), target)
    assert [name for name, _, _ in desk.wishes] == ["place draw"] * len(desk.wishes)
    assert [final for _, _, final in desk.wishes] == [False] * (len(desk.wishes) - 1) + [True]
    placed = desk.show(desk.grant())
    np.testing.assert_allclose(placed.point, wanted, atol=0.006)
    assert picture._pinned
    unpinned = len(desk.wishes)
    QTest.mouseDClick(picture, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, picture.this_draw().toPoint())
    assert desk.wishes[unpinned:][0][0] == "unpin all"


def test_a_click_alone_pins_nothing(desk: Desk) -> None:
    desk.show(settings_of(3))
    picture = desk.page.picture
    assert picture is not None
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, picture.this_draw().toPoint())
    assert desk.wishes == []


def test_dragging_beyond_the_edge_stays_inside(desk: Desk) -> None:
    desk.show(settings_of(3))
    picture = desk.page.picture
    assert picture is not None
    drag(picture, picture.this_draw(), QPointF(2.0, picture.height() - 2.0))
    shares = desk.wishes[-1][1][1]
    assert min(shares) > 0.0005
    assert sum(shares) == pytest.approx(1.0)
    desk.grant()


@pytest.mark.parametrize("temperature", [0.0, math.inf])
def test_at_the_limits_the_large_dot_cannot_be_dragged(desk: Desk, temperature: float) -> None:
    desk.show(settings_of(3, temperature))
    picture = desk.page.picture
    assert picture is not None
    drag(picture, picture.this_draw(), QPointF(picture.width() / 2.0, picture.height() / 2.0))
    assert desk.wishes == []


def test_arrow_keys_move_the_large_dot(desk: Desk) -> None:
    report = desk.show(settings_of(3))
    picture = desk.page.picture
    assert picture is not None
    picture.setFocus()
    QTest.keyClick(picture, Qt.Key.Key_Down)
    after = desk.show(desk.grant())
    assert after.point[0] < report.point[0]


def test_the_tetrahedron_turns_with_mouse_and_keys_and_keeps_its_dots_inside(desk: Desk) -> None:
    report = desk.show(settings_of(4, solid=True))
    picture = desk.page.picture
    assert isinstance(picture, TetrahedronPlot)
    before = picture.places(np.eye(4))
    drag(picture, QPointF(20.0, 20.0), QPointF(120.0, 60.0))
    turned = picture.places(np.eye(4))
    assert np.abs(turned - before).max() > 20.0
    picture.setFocus()
    QTest.keyClick(picture, Qt.Key.Key_Left)
    assert np.abs(picture.places(np.eye(4)) - turned).max() > 5.0
    assert desk.wishes == []
    for _ in range(30):
        QTest.keyClick(picture, Qt.Key.Key_Up)
        x, y = picture.dot_places(report)
        assert (x > 0).all()
        assert (x < picture.width()).all()
        assert (y > 0).all()
        assert (y < picture.height()).all()


def test_the_tetrahedron_puts_this_draw_under_the_pointer_at_its_depth(desk: Desk) -> None:
    desk.show(settings_of(4, 1.0, solid=True))
    picture = desk.page.picture
    assert isinstance(picture, TetrahedronPlot)
    target = picture.this_draw() * 0.5 + QPointF(*picture.places(np.full((4, 1), 0.25))[:, 0]) * 0.5
    drag(picture, picture.this_draw(), target)
    desk.show(desk.grant())
    away = picture.this_draw() - target
    assert math.hypot(away.x(), away.y()) < 3.0


def test_near_dots_are_painted_over_far_ones(desk: Desk) -> None:
    report = desk.show(settings_of(4, solid=True))
    picture = desk.page.picture
    assert isinstance(picture, TetrahedronPlot)
    _, depth, order = picture._order(report)
    assert (np.diff(depth[order]) >= 0.0).all()


def choose(menu: QMenu, words: str) -> None:
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()


def test_a_click_on_a_name_chooses_another_option(desk: Desk) -> None:
    report = desk.show(settings_of(7))
    picture = desk.page.picture
    assert picture is not None
    assert report.corners == (0, 1, 5)
    QTest.mouseClick(
        picture, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, picture.name_rects()[2].center().toPoint()
    )  # fmt: skip
    menu = desk.page.findChild(QMenu)
    assert isinstance(menu, QMenu)
    choose(menu, "Horror")
    assert desk.wishes == [("simplex corner", ((0, 1, 5), 2, 4), True)]
    assert desk.show(desk.grant()).corners == (0, 1, 4)


def test_names_are_no_buttons_where_there_is_nothing_to_choose(desk: Desk) -> None:
    desk.show(settings_of(3))
    picture = desk.page.picture
    assert picture is not None
    QTest.mouseClick(
        picture, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, picture.name_rects()[0].center().toPoint()
    )  # fmt: skip
    assert desk.page.findChild(QMenu) is None
    assert "▼" not in "".join(picture.name_of(corner) for corner in picture._corners)


@pytest.mark.parametrize("layer", ["heat", "dots", "trail", "arrows", "means", "streamed"])
def test_every_layer_can_be_switched_and_changes_the_picture(desk: Desk, layer: str) -> None:
    desk.show(settings_of(3, 0.8))
    before = desk.image()
    box = desk.page.panel.boxes[layer]
    assert box.isVisible()
    assert box.accessibleName()
    assert box.toolTip()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(40, box.height() // 2))
    assert desk.wishes == [("simplex layer", (layer, box.isChecked()), True)]
    desk.show(desk.grant())
    assert desk.image() != before


def test_the_tetrahedron_is_offered_for_four_options_only(desk: Desk) -> None:
    for count, offered in ((3, False), (4, True), (7, False)):
        desk.show(settings_of(count))
        assert desk.page.panel.boxes["solid"].isVisible() == offered


def test_means_are_three_points_and_the_words_say_why(desk: Desk) -> None:
    report = desk.show(settings_of(3, 1.0, means=True))
    assert report.soft_mean is not None
    points = [report.probabilities, report.soft_mean, report.dots_mean]
    assert all(np.abs(a - b).max() > 1e-4 for i, a in enumerate(points) for b in points[:i])
    assert "× P(win) 0.606 · 0.272 · 0.122" in desk.caption
    pull = float(np.abs(report.soft_mean - report.probabilities).max())
    assert f"by up to {pull:.3f}" in desk.caption
    assert "standard error" in desk.caption


def test_the_caption_counts_flat_slopes(desk: Desk) -> None:
    report = desk.show(settings_of(3, 0.1, arrows=True))
    assert report.slopes is not None
    assert f"{report.slopes.flat:,} of 2,000 draws" in desk.caption
    assert "Drama below 1.0e−6" in desk.caption


def test_a_score_is_dragged_typed_and_masked(desk: Desk) -> None:
    desk.show(settings_of(3))
    row = desk.page.panel._rows[1]
    row._slider.moved.emit(0.75, False)
    assert desk.wishes[-1] == ("logit", (1, 2.0), False)
    row._field.setFocus()
    row._field.selectAll()
    QTest.keyClicks(row._field, "-inf")
    QTest.keyClick(row._field, Qt.Key.Key_Return)
    assert desk.wishes[-1] == ("logit", (1, -math.inf), True)
    row._field.clearFocus()
    desk.show(desk.grant())
    assert not row._slider.isEnabled()
    assert row._field.text() == "−∞"


def test_the_number_of_dots_is_typed_and_stepped(desk: Desk) -> None:
    desk.show(settings_of(3))
    field = desk.page.panel.dots_shown
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert desk.wishes[-1] == ("simplex dots", 2500.0, True)
    field.selectAll()
    QTest.keyClicks(field, "20,000")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.wishes[-1] == ("simplex dots", 20_000.0, True)
    assert desk.show(desk.grant()).winners.size == 20_000


def test_frames_of_other_corners_or_without_a_study_keep_the_picture(desk: Desk) -> None:
    desk.show(settings_of(3))
    QApplication.processEvents()
    before = desk.image()
    page = desk.page
    page.draw(desk.settings, with_study(desk.frame, study=None), words=False)
    page.draw(desk.settings, with_study(desk.frame, study=frame_of(settings_of(7)).study), words=False)
    QApplication.processEvents()
    assert desk.image() == before


def test_one_option_is_a_designed_page(desk: Desk) -> None:
    desk.show(settings_of(1))
    assert "Only Drama can be chosen" in desk.page._alone_words.text()
    button = next(b for b in desk.page._alone.findChildren(QPushButton))
    button.click()
    assert desk.wishes == [("add", None, True)]


def test_a_thousand_options_show_the_three_likeliest(desk: Desk) -> None:
    logits = np.random.default_rng(2).normal(0.0, 2.0, 1000)
    settings = make_settings(list(logits))
    report = desk.show(settings, draws=2000)
    assert set(report.corners) == set(np.argsort(-logits)[:3].tolist())
    assert "3 of 1,000 options" in desk.caption


@pytest.mark.parametrize(
    ("low", "high"), [(-1.5, 2.5), (0.0, 9.2), (-9.0, 0.1), (2.0, 2.05), (-0.01, 0.04), (-30.0, 3.0)]
)
def test_numbers_on_the_bar_of_colours_are_round_and_in_range(low: float, high: float) -> None:
    values = ticks(low, high)
    assert all(low - 1e-6 <= math.log(value) <= high + 1e-6 for value in values)
    assert all(f"{value:.0e}"[0] in "125" for value in values)
    assert values == sorted(values)


def test_nothing_is_painted_again_while_nothing_moves(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.show(settings_of(3))
    picture = desk.page.picture
    assert picture is not None
    stamped: list[bool] = []
    monkeypatch.setattr(picture, "_stamp", lambda *args: stamped.append(True))
    for _ in range(3):
        desk.page.draw(desk.settings, desk.frame)
        picture.repaint()
    assert stamped == []
