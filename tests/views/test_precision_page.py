"""The Precision page on real reports: every number of options and every look; what its controls wish."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace as with_values

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontDatabase, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.studies import precision_study
from gumbelviz.engine.studies.precision_study import PrecisionStudy
from gumbelviz.engine.study import Moment
from gumbelviz.model.edits import EDITS
from gumbelviz.model.frame import Frame, Report
from gumbelviz.model.precision_choices import PRESETS
from gumbelviz.model.precision_report import PrecisionReport
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.pages import precision_rows as rows
from gumbelviz.views.pages.precision import PrecisionPage
from gumbelviz.views.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
THREE = make_settings([2.0, 1.2, 0.4], ["Drama", "Comedy", "Sci-fi"])


@pytest.fixture(autouse=True)
def type_style_and_few_draws(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision_study, "TARGET_ELEMENTS", 24_000)
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def chosen(settings: Settings, preset: str) -> Settings:
    return EDITS["precision preset"][0](settings, preset)


def run(settings: Settings, pieces: int | None = None) -> Frame:
    """A real frame with a real report, after so many pieces of the study's work."""
    simulation = Simulation(settings)
    simulation.advance(100)
    study, moment = PrecisionStudy(settings), Moment(100, 0, False)
    for _ in range(pieces if pieces is not None else 10**9):
        if not study.busy(moment):
            break
        study.work(moment, lambda: True)
    return with_values(simulation.frame(), study=study.report(moment))


class Stage:
    """The page in a window, and the wishes that it made."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = Window()
        qtbot.addWidget(self.window)
        self.page = PrecisionPage()
        self.window.set_look(Look())
        self.window.add_page(self.page)
        self.window.show_page(self.page)
        self.wishes: list[tuple[str, object, bool]] = []
        self.page.wished.connect(lambda *wish: self.wishes.append(wish))
        self.window.resize(1280, 720)
        self.window.show()

    def show(self, settings: Settings, frame: Frame | None = None, words: bool = True) -> Frame:
        frame = frame or run(settings)
        self.page.show_scene(Scene(title="Test", settings=settings))
        self.page.draw(settings, frame, words)
        return frame

    def text(self) -> str:
        return self.page._seen.text

    def table(self) -> str:
        return self.page._table.accessibleDescription()

    def picture(self) -> bytes:
        QApplication.processEvents()
        image = self.page.grab().toImage()
        return bytes(image.constBits())


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.window.hide()


@pytest.mark.parametrize("count", [1, 2, 3, 7, 13, 1_000])
def test_every_number_of_options_is_drawn(stage: Stage, count: int) -> None:
    settings = make_settings([2.0 * math.cos(1.7 * i) if i % 4 != 1 or count < 3 else -math.inf for i in range(count)])
    for preset in PRESETS:
        stage.show(chosen(settings, preset.id))
        assert len(set(stage.picture())) > 20
        assert stage.text()
    assert "agrees with softmax: " in stage.table()


@pytest.mark.parametrize(("theme", "zoom"), list(itertools.product(THEMES, (1.0, 1.5))))
def test_no_word_is_cut_in_any_look(stage: Stage, theme: str, zoom: float) -> None:
    stage.window.resize(1600, 900)
    for preset in PRESETS:
        stage.window.set_look(Look(THEMES[theme], zoom))
        stage.show(chosen(THREE, preset.id))
        QApplication.processEvents()
        for part in stage.page.findChildren(QLabel) + stage.page.findChildren(QPushButton):
            if not part.isVisible() or not part.text():
                continue
            if isinstance(part, QLabel) and part.wordWrap():
                assert part.heightForWidth(part.width()) <= part.height() + 1, part.text()
            else:
                assert part.sizeHint().width() <= part.width() + 1, part.text()


def test_the_table_says_what_the_report_says(stage: Stage) -> None:
    report = stage.show(chosen(THREE, "zero")).study
    assert isinstance(report, PrecisionReport)
    said = stage.table()
    assert said.startswith(f"{report.draws:,} draws")
    nan = next(part for part in said.split("; ") if "NaN" in part)
    assert "Common formula, single all" in nan
    assert "Ours, double 0" in nan
    assert "✗ no" in said
    assert "divides by 0" in stage.text()


def test_options_beyond_the_seventh_are_counted_together() -> None:
    settings = make_settings([0.1 * i for i in range(20)])
    report = run(settings).study
    assert isinstance(report, PrecisionReport)
    lines = rows.lines_of(settings, report, 7)
    names = [line.label for line in lines]
    assert "14 more" in names
    assert len(lines) == rows.FIXED_LINES - 1 + 7
    shares = [line.cells[2].share or 0.0 for line in lines if line.remark]
    assert math.isclose(sum(shares), 1.0)


def test_while_it_runs_the_table_says_how_far(stage: Stage) -> None:
    frame = run(THREE, pieces=4)
    stage.show(THREE, frame)
    report = frame.study
    assert isinstance(report, PrecisionReport)
    assert 0 < report.draws < report.target
    assert stage.table().startswith(f"{report.draws:,} of {report.target:,} draws")


def test_words_wait_for_their_turn_but_for_the_first_and_the_last(stage: Stage) -> None:
    settings = chosen(THREE, "plain")
    stage.show(settings, run(settings, 4), words=False)
    first = stage.table()
    stage.show(settings, run(settings, 8), words=False)
    assert stage.table() == first
    stage.show(settings, run(settings), words=False)
    assert stage.table() != first


def test_a_frame_without_its_report_leaves_the_picture_as_it_is(stage: Stage) -> None:
    frame = stage.show(THREE)
    before = stage.picture()
    for study in (None, Report()):
        stage.page.draw(THREE, with_values(frame, study=study))
    assert stage.picture() == before


def test_a_page_that_was_never_told_of_a_report_can_be_painted(stage: Stage) -> None:
    stage.show(THREE, with_values(run(THREE), study=None))
    assert len(set(stage.picture())) > 5


def test_presets_are_wished_for_and_marked_when_granted(stage: Stage) -> None:
    stage.show(THREE)
    button = stage.page._presets["large logits"]
    QTest.mouseClick(button, LEFT)
    assert stage.wishes == [("precision preset", "large logits", True)]
    assert not button.isChecked()
    stage.show(chosen(THREE, "large logits"))
    assert [id for id, other in stage.page._presets.items() if other.isChecked()] == ["large logits"]


def test_sliders_and_buttons_wish(stage: Stage) -> None:
    stage.show(THREE)
    QTest.mouseClick(stage.page._scores["pair"], LEFT)
    back = next(button for button in stage.page.findChildren(QPushButton) if button.text() == "Back to the pipeline")
    QTest.mouseClick(back, LEFT)
    slider = stage.page._offset._slider
    QTest.mouseClick(slider, LEFT, pos=QPoint(slider.width() - 1, slider.height() // 2))
    slider = stage.page._temperature._slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert stage.wishes[0] == ("precision scores", "pair", True)
    assert stage.wishes[1] == ("page", "pipeline", True)
    assert ("precision offset", 1e8, True) in stage.wishes
    assert stage.wishes[-1] == ("precision temperature", 0.0, True)
    for name, value, _ in stage.wishes:
        if name != "page":
            EDITS[name][0](THREE, value)


def test_every_control_has_a_name_and_a_tip(stage: Stage) -> None:
    stage.show(THREE)
    for button in stage.page.findChildren(QPushButton):
        assert button.text()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    for button in (*stage.page._presets.values(), *stage.page._scores.values()):
        assert button.toolTip()
    for row in (stage.page._temperature, stage.page._offset):
        assert row._slider.accessibleName()
        assert row._slider.toolTip()


def test_rows_explain_themselves(stage: Stage) -> None:
    stage.show(THREE)
    table = stage.page._table
    for y in (2, 70, table.height() // 2, table.height() - 2):
        spot = QPoint(40, y)
        QApplication.sendEvent(table, QHelpEvent(QEvent.Type.ToolTip, spot, table.mapToGlobal(spot)))
    assert all(line.tip for line in table._lines if line.cells and not line.remark)


def test_a_low_window_keeps_the_words(stage: Stage) -> None:
    for height in (900, 600, 900):
        stage.window.resize(1280, height)
        stage.show(THREE)
        QApplication.processEvents()
        assert stage.page._seen.isVisible()
        assert stage.page._cards_below[1].isVisible() == (height == 900)
