"""The Margins page on real reports, and the way to it and back."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace as with_values

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.studies import margins_study
from gumbelviz.engine.studies.margins_study import MarginsStudy
from gumbelviz.engine.study import Moment
from gumbelviz.model.frame import Frame, Report
from gumbelviz.model.margins_report import MarginsReport
from gumbelviz.model.margins_words import describe_margins
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts
from gumbelviz.views.pages.margins import MarginsPage
from gumbelviz.views.pages.pipeline import PipelinePage
from gumbelviz.views.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
THREE = make_settings([2.0, 1.2, 0.4], ["Drama", "Comedy", "Sci-fi"])


@pytest.fixture(autouse=True)
def type_style_and_few_draws(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(margins_study, "TARGET_ELEMENTS", 300_000)
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def run(settings: Settings, pieces: int | None = None) -> Frame:
    simulation = Simulation(settings)
    simulation.advance(100)
    study, moment = MarginsStudy(settings), Moment(100, 0, False)
    for _ in range(pieces if pieces is not None else 10**9):
        if not study.busy(moment):
            break
        study.work(moment, lambda: True)
    return with_values(simulation.frame(), study=study.report(moment))


class Stage:
    def __init__(self, qtbot: QtBot) -> None:
        self.window = Window()
        qtbot.addWidget(self.window)
        self.page = MarginsPage()
        self.window.set_look(Look())
        self.window.add_page(self.page)
        self.window.show_page(self.page)
        self.window.resize(1280, 720)
        self.window.show()

    def show(self, settings: Settings, frame: Frame | None = None) -> Frame:
        frame = frame or run(settings)
        self.page.draw(settings, frame)
        return frame

    def words(self) -> str:
        return " ".join(label.text() for label in self.page.findChildren(QLabel) if label.isVisible())

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
def test_every_number_of_options_is_drawn_and_agrees(stage: Stage, count: int) -> None:
    logits = [2.0 * math.cos(1.7 * i) if i % 4 != 1 or count < 3 else -math.inf for i in range(count)]
    for tau, scale in ((0.5, 1.0), (0.0, 3.0), (math.inf, 0.2)):
        stage.show(make_settings(logits, temperature=tau, scale=scale))
        assert len(set(stage.picture())) > 20
        assert "✓ agrees with theory" in stage.words()
        assert "disagrees" not in stage.words()


@pytest.mark.parametrize(("theme", "zoom"), list(itertools.product(THEMES, (1.0, 1.5))))
def test_no_word_is_cut_in_any_look(stage: Stage, theme: str, zoom: float) -> None:
    stage.window.resize(1600, 900)
    stage.window.set_look(Look(THEMES[theme], zoom))
    stage.show(make_settings([1.5 - 0.4 * i for i in range(7)]))
    QApplication.processEvents()
    for label in stage.page.findChildren(QLabel):
        if label.isVisible() and label.text():
            if label.wordWrap():
                assert label.heightForWidth(label.width()) <= label.height() + 1, label.text()
            else:
                assert label.sizeHint().width() <= label.width() + 1, label.text()


def test_the_words_are_of_the_report(stage: Stage) -> None:
    report = stage.show(THREE).study
    assert isinstance(report, MarginsReport)
    assert report.margins is not None
    words = stage.words()
    assert f"{report.draws:,} draws" in words
    assert f"(exact {report.margins.exact_mean:.3f})" in words
    assert f"in {100 * report.ratio_chance:.1f}% of the draws" in words
    assert stage.page._legend.accessibleDescription() == "Drama, Comedy, Sci-fi"
    hard = run(make_settings([2.0, 1.0, 0.0], temperature=0.0), 1).study
    flat = run(make_settings([2.0, 1.0, 0.0], temperature=math.inf), 1).study
    assert isinstance(hard, MarginsReport)
    assert isinstance(flat, MarginsReport)
    assert describe_margins(hard).endswith("in every draw.")
    assert "temperature ∞" in describe_margins(flat)
    assert describe_margins(flat).endswith("in no draw.")


def test_it_says_how_far_it_is(stage: Stage) -> None:
    report = stage.show(THREE, run(THREE, 3)).study
    assert isinstance(report, MarginsReport)
    assert f"{report.draws:,} of {report.target:,} draws" in stage.words()


def test_other_settings_change_the_picture_and_one_option_empties_it(stage: Stage) -> None:
    stage.show(THREE)
    first = stage.picture()
    stage.show(make_settings([1.0]))
    assert "no margin" in stage.words()
    assert stage.page._margins.plot._colors == ()
    stage.show(THREE)
    assert stage.picture() == first


def test_a_frame_without_its_report_leaves_the_picture_as_it_is(stage: Stage) -> None:
    frame = stage.show(THREE)
    before = stage.picture()
    for study in (None, Report()):
        stage.page.draw(THREE, with_values(frame, study=study))
    assert stage.picture() == before


def test_there_and_back(stage: Stage, qtbot: QtBot) -> None:
    wishes: list[tuple[object, ...]] = []
    stage.page.wished.connect(lambda *wish: wishes.append(wish))
    QTest.mouseClick(stage.page._back, LEFT)
    assert wishes == [("page", "pipeline", True)]
    pipeline = PipelinePage()
    qtbot.addWidget(pipeline)
    pipeline.wished.connect(lambda *wish: wishes.append(wish))
    button = next(found for found in pipeline.findChildren(QPushButton) if found.text() == "Margins")
    QTest.mouseClick(button, LEFT)
    assert wishes[-1] == ("page", "margins", True)
