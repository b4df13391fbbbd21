"""A training in the whole program: in the worker thread, paused, gone on with, begun again by a moved slider."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.model.learning_report import LearningReport
from gumbelviz.views.look import FONT, load_fonts
from gumbelviz.views.pages.learning import LearningPage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    if FONT not in QFontDatabase.families():
        load_fonts()
    scene = load_builtin("one-bit")
    choices = replace(scene.settings.pages.learning, steps=60.0, repeats=4.0)
    settings = replace(scene.settings, pages=replace(scene.settings.pages, learning=choices))
    program = Program(replace(scene, settings=settings))
    program.window.resize(1280, 720)
    program.window.show()
    program.start()
    yield program
    program.quit_now()
    end(qapp, program)


def report(program: Program) -> LearningReport | None:
    study = program._frame.study if program._frame is not None else None
    return study if isinstance(study, LearningReport) else None


def wait_for(qtbot: QtBot, program: Program, progress: float) -> LearningReport:
    def far_enough() -> bool:
        known = report(program)
        newest = program._frame is not None and program._frame.revision == program.store.state.revision
        return newest and known is not None and known.progress >= progress

    qtbot.waitUntil(far_enough, timeout=30_000)
    known = report(program)
    assert known is not None
    return known


def test_the_scene_opens_on_its_page_and_trains_to_the_end(qtbot: QtBot, program: Program) -> None:
    page = program.pager.page
    assert isinstance(page, LearningPage)
    done = wait_for(qtbot, program, 1.0)
    assert done.task == "bit"
    assert done.done == 60
    # The stream is paused: the training needs it no more than it needs the training.
    program.store.watch(running=False)
    program.wish("temperature", 2.0)
    again = wait_for(qtbot, program, 1.0)
    assert (again.taus == 2.0).all()
    assert not (again.loss[0, -1] == done.loss[0, -1]).all()
    program.undo()
    assert (wait_for(qtbot, program, 1.0).loss == done.loss).all()
    assert program.window.message == ""


def test_a_slow_training_can_be_paused_and_gone_on_with(qtbot: QtBot, program: Program) -> None:
    program.wish("learning pace", 40.0)
    qtbot.waitUntil(lambda: (known := report(program)) is not None and known.done >= 2, timeout=30_000)
    program.wish("study stop", None)
    stopped = wait_for(qtbot, program, 0.0).done
    qtbot.wait(150)
    still = wait_for(qtbot, program, 0.0)
    assert still.done == stopped
    program.wish("learning pace", float("inf"))
    program.wish("study go on", None)
    assert wait_for(qtbot, program, 1.0).done == 60
