"""Every step of the story on its page, in the lecture's look: it draws, and Qt has nothing to complain about."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtWidgets import QApplication

from gumbelviz.app.program import Program
from gumbelviz.lectures.built_in import load_story, step_names
from gumbelviz.maths.resting import resting_chance
from gumbelviz.model.learning_report import LearningReport
from gumbelviz.model.lecture import Step
from gumbelviz.views.look import FONT, load_fonts

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
STORY = load_story()
NAMES = step_names("story")
SIZES = ((1024, 768), (1920, 1080))


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    """One window for all steps, as in a lecture."""
    from gumbelviz.app.start import end, make_application

    application = QApplication.instance() or make_application()
    assert isinstance(application, QApplication)
    if application.style().name() != "fusion":
        application.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()
    program = Program(STORY.steps[0].scene, "lecture")
    yield program
    end(application, program)


def colors_of(image: QImage) -> int:
    """How many colours there are on a coarse grid: a blank picture has one."""
    places = itertools.product(range(0, image.width(), 7), range(0, image.height(), 7))
    return len({image.pixel(x, y) for x, y in places})


@pytest.mark.parametrize("name", NAMES)
def test_a_step_draws(program: Program, qapp: QApplication, name: str) -> None:
    step = STORY.steps[NAMES.index(name)]
    window = program.window
    program.store.open(step.scene)
    pictures = []
    window.resize(*SIZES[0])
    window.show()
    summary = program.show_still(step.draws, step.scene.page)
    for size in SIZES:
        window.resize(*size)
        qapp.processEvents()
        pictures.append(window.grab().toImage())
    window.hide()
    assert summary.startswith(f"{step.draws:,} draw")
    for picture in pictures:
        assert colors_of(picture) > 20
    if step.scene.page == "learning":
        check_that_cooling_sets_the_bit_free(step, program)


def check_that_cooling_sets_the_bit_free(step: Step, program: Program) -> None:
    """As the words of that step claim, beside where it would rest at its temperature."""
    settings, chosen = step.scene.settings, step.scene.settings.pages.learning
    report = program._frame.study if program._frame is not None else None
    assert isinstance(report, LearningReport)
    assert report.done == report.steps == chosen.steps
    first = report.estimators.index("gumbel_softmax")
    assert report.river[first, 0, 0] == pytest.approx(1 / (1 + math.exp(-chosen.theta)))
    assert report.river[first, -1, 0] < 0.05
    assert resting_chance(chosen.theta, settings.temperature, chosen.target) > 0.35
