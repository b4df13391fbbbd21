"""The Simplex page: every number of options, every look, and what its dots, corners and boxes wish."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.studies.simplex_study import SimplexStudy
from gumbelviz.engine.study import Moment
from gumbelviz.model.frame import Frame
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.simplex_choices import LAYERS, SimplexChoices
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.pages.simplex import SimplexPage
from gumbelviz.views.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")
LEFT = Qt.MouseButton.LeftButton
INF = math.inf
NAMES = ["Drama", "Comedy", "Sci-fi", "Western", "Musical", "Thriller", "Horror"]


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def settings_of(count: int, temperature: float = 0.5, **choices: object) -> Settings:
    names = NAMES[:count] if count <= len(NAMES) else None
    logits = [2.0 - 0.8 * (i % 7) for i in range(count)]
    made = make_settings(logits, names, temperature=temperature, seed=5)
    return replace(made, pages=replace(made.pages, simplex=SimplexChoices(**choices)))  # type: ignore[arg-type]


def run(settings: Settings, draws: int = 3000, index: int = 7) -> Frame:
    """A real frame with the report of a study at rest."""
    simulation = Simulation(settings)
    simulation.advance(draws)
    frame = simulation.frame(index=index)
    study, moment = SimplexStudy(settings), Moment(draws, index, running=False)
    while study.busy(moment):
        study.work(moment, lambda: False)
    return dataclasses.replace(frame, study=study.report(moment))


class Stage:
    def __init__(self, qtbot: QtBot, look: Look | None = None, size: tuple[int, int] = (1280, 720)) -> None:
        self.window = Window()
        qtbot.addWidget(self.window)
        self.window.set_look(look or Look())
        self.page = SimplexPage()
        self.window.add_page(self.page)
        self.window.show_page(self.page)
        self.wishes: list[tuple[str, object, bool]] = []
        self.page.wished.connect(lambda *wish: self.wishes.append(wish))
        self.window.resize(*size)
        self.window.show()

    def show(self, settings: Settings) -> Frame:
        frame = run(settings)
        self.page.show_scene(Scene(title="Test", settings=settings))
        self.page.draw(settings, frame)
        QApplication.processEvents()
        return frame

    def image(self) -> bytes:
        QApplication.processEvents()
        image = self.page.grab().toImage()
        return bytes(image.constBits())

    def names(self) -> list[str]:
        return [name for name, _, _ in self.wishes]


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot)


@pytest.mark.parametrize("temperature", [0.0, 0.3, 2.5, INF])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 1000])
def test_it_draws_any_number_of_options_at_any_temperature(stage: Stage, count: int, temperature: float) -> None:
    empty = stage.image()
    stage.show(settings_of(count, temperature, means=True, arrows=True, streamed=count >= 3, solid=count == 4))
    assert stage.image() != empty


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_changes_the_picture(stage: Stage, layer: str) -> None:
    count = 4 if layer == "solid" else 3
    base = dict.fromkeys(LAYERS, False) | {"dots": layer == "solid"}
    stage.show(settings_of(count, **base))
    without = stage.image()
    stage.show(settings_of(count, **(base | {layer: True})))
    assert stage.image() != without


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("size", "zoom"), [((1600, 900), 1.0), ((1280, 720), 1.0), ((1280, 720), 1.5)])
@pytest.mark.parametrize("count", [2, 3, 7])
def test_no_words_are_cut_that_do_not_say_so(
    qtbot: QtBot, theme: str, size: tuple[int, int], zoom: float, count: int
) -> None:
    stage = Stage(qtbot, Look(THEMES[theme], zoom), size)
    stage.show(settings_of(count, means=True))
    for label in stage.page.findChildren(QLabel):
        words = label.text()
        if label.isVisible() and not label.wordWrap() and label.textFormat() == Qt.TextFormat.PlainText:
            assert words.endswith("…") or label.fontMetrics().horizontalAdvance(words) <= label.width() + 1
    picture = stage.page.picture
    assert picture is not None
    for rect in picture.name_rects():
        assert picture.rect().toRectF().contains(rect)


def test_a_frame_without_its_report_leaves_the_picture_calm(stage: Stage) -> None:
    settings = settings_of(3)
    frame = stage.show(settings)
    before = stage.image()
    stage.page.draw(settings, dataclasses.replace(frame, study=None))
    assert stage.image() == before
    other = settings_of(2)
    stage.page.show_scene(Scene(title="Test", settings=other))
    stage.page.draw(other, dataclasses.replace(run(other), study=None))
    stage.image()


def test_sliders_and_fields_wish(stage: Stage) -> None:
    stage.show(settings_of(3))
    fields = [field for field in stage.page.findChildren(QLineEdit) if field.isVisible()]
    field = fields[0]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert stage.wishes[-1] == ("logit", (0, 1.5), True)


def test_boxes_show_and_hide_layers(stage: Stage) -> None:
    stage.show(settings_of(3))
    boxes = [box for box in stage.page.findChildren(QAbstractButton) if box.isCheckable() and box.isVisible()]
    assert len(boxes) >= 6
    for box in boxes:
        stage.wishes.clear()
        box.click()
        assert stage.names() == ["simplex layer"]


def test_this_draw_is_dragged_to_a_soft_choice(stage: Stage) -> None:
    stage.show(settings_of(3))
    picture = stage.page.picture
    assert picture is not None
    start, middle = picture.this_draw().toPoint(), picture.rect().center()
    QTest.mousePress(picture, LEFT, pos=start)
    QTest.mouseMove(picture, middle)
    QTest.mouseRelease(picture, LEFT, pos=middle)
    placed = [wish for wish in stage.wishes if wish[0] == "place draw"]
    assert placed
    value = placed[-1][1]
    assert isinstance(value, tuple)
    corners, shares, noise = value
    assert corners == (0, 1, 2)
    assert placed[-1][2] is True
    found = picture.places(np.array(shares)[:, None])[:, 0]
    assert abs(found[0] - middle.x()) < 3
    assert abs(found[1] - middle.y()) < 3
    assert len(noise) == 3


def test_the_keyboard_moves_this_draw(stage: Stage) -> None:
    stage.show(settings_of(3))
    picture = stage.page.picture
    assert picture is not None
    picture.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(picture, key)
        assert stage.names()[-1] == "place draw"


def test_a_corner_is_chosen_by_its_name(stage: Stage) -> None:
    stage.show(settings_of(7))
    picture = stage.page.picture
    assert picture is not None
    QTest.mouseClick(picture, LEFT, pos=picture.name_rects()[1].center().toPoint())
    menu = next(menu for menu in stage.page.findChildren(QMenu) if menu.isVisible())
    action = next(action for action in menu.actions() if action.text() == "Horror")
    action.trigger()
    menu.close()
    name, value, final = stage.wishes[-1]
    assert (name, final) == ("simplex corner", True)
    assert value == ((0, 1, 2), 1, 6)


def test_a_tetrahedron_turns(stage: Stage) -> None:
    stage.show(settings_of(4, solid=True))
    before = stage.image()
    picture = stage.page.picture
    assert picture is not None
    QTest.mousePress(picture, LEFT, pos=picture.rect().center() + QPointF(120, 40).toPoint())
    QTest.mouseMove(picture, picture.rect().center() + QPointF(220, 70).toPoint())
    QTest.mouseRelease(picture, LEFT, pos=picture.rect().center() + QPointF(220, 70).toPoint())
    assert stage.image() != before


def test_every_control_has_a_name_and_the_picture_its_sentence(stage: Stage) -> None:
    stage.show(settings_of(3, means=True))
    for widget in stage.page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            words = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            assert words, widget
    picture = stage.page.picture
    assert picture is not None
    assert picture.accessibleName()


def test_captions_are_true(stage: Stage) -> None:
    """Corners attract below 2, edges below 1/2, one bump inside from 2 up; in units of the noise scale."""
    from gumbelviz.model.simplex_report import SimplexReport
    from gumbelviz.views.pages.simplex_words import shape_words

    for temperature, scale, words in (
        (0.3, 1.0, "corners and edges attract"), (1.0, 1.0, "corners attract"), (2.5, 1.0, "one bump inside"),
        (2.5, 2.0, "corners attract"), (0.8, 2.0, "corners and edges attract"),
    ):  # fmt: skip
        settings = replace(settings_of(3, temperature), scale=scale)
        report = run(settings).study
        assert isinstance(report, SimplexReport)
        assert words in shape_words(settings, report)
