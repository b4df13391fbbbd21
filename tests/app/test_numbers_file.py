"""The numbers of a training as a file: they come back exactly, and no text turns into a formula."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from gumbelviz.app.numbers_file import safe_text, write_training
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.engine.studies.learning_study import LearningStudy
from gumbelviz.engine.study import Moment
from gumbelviz.model.edits import EDITS
from gumbelviz.model.learning_report import LearningReport
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.views.look import FONT, load_fonts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
RISKY = ("=1+1", "+A", "-B", "@SUM(A1)", "Plain, with “quotes” and, commas")
REST = Moment(1, 0, running=False, hurried=True)


def trained(task: str = "robot", options: int = 5) -> tuple[Settings, LearningReport]:
    names = (RISKY * 4)[:options]
    settings = make_settings([0.0] * options, list(names))
    for name, value in (("learning task", task), ("learning steps", 20.0), ("learning repeats", 3.0),
                        ("learning estimator", "exact")):  # fmt: skip
        settings = EDITS[name][0](settings, value)
    study = LearningStudy(settings)
    while study.busy(REST):
        study.work(REST, lambda: False)
    return settings, study.report(REST)


@pytest.mark.parametrize("task", ["robot", "bit", "router"])
def test_numbers_come_back_exactly(task: str) -> None:
    settings, report = trained(task)
    lines = list(csv.DictReader(io.StringIO(write_training(settings, report).decode(), newline="")))
    assert len(lines) == len(report.at) * len(report.estimators)
    for place, line in enumerate(lines):
        step, e = divmod(place, len(report.estimators))
        assert int(line["step"]) == report.at[step]
        assert line["estimator"] == report.estimators[e]
        assert float(line["temperature"]) == report.taus[step]
        assert float(line["loss_median"]) == report.loss[e, step, 1]
        assert float(line["least_possible_loss"]) == report.best
        assert ("accuracy_median" in line) == (task == "router")
        ratio = report.signal_to_noise[e, step]
        assert line["signal_to_noise"] == "" if math.isnan(ratio) else float(line["signal_to_noise"]) == ratio
        shares = [float(value) for key, value in line.items() if key.startswith("probability ")]
        np.testing.assert_array_equal(shares, report.river[e, step])


def test_many_options_have_one_column_for_the_rest() -> None:
    settings, report = trained(options=20)
    head = write_training(settings, report).decode().splitlines()[0]
    assert head.endswith("probability all others")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_text_turns_into_a_formula(text: str) -> None:
    assert safe_text(text) == "'" + text
    assert safe_text("x" + text) == "x" + text


def test_nothing_trained_is_said_calmly() -> None:
    settings = make_settings([0.0] * 1_001)
    with pytest.raises(ValueError, match=r"options"):
        write_training(settings, LearningStudy(settings).report(REST))


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    if FONT not in QFontDatabase.families():
        load_fonts()
    program = Program(Scene(title="x", settings=trained()[0], page="learning"))
    program.show_still(1_000, "learning")
    yield program
    program.quit_now()
    end(qapp, program)


def test_the_file_is_written_where_it_was_asked_for(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tmp_path / "run"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(asked), ""))
    program.wish("export numbers", None)
    assert program.window.message == ""
    data = (tmp_path / "run.csv").read_bytes()
    assert data.startswith(b"step,temperature,estimator,")
    assert data.count(b"\r\n") == 1 + 21 * 5


def test_a_file_that_cannot_be_written_and_a_dialog_that_is_left(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "no" / "run.csv"), ""))
    program.wish("export numbers", None)
    assert "could not be saved" in program.window.message
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: ("", ""))
    program.wish("export numbers", None)
    assert program.window.message == ""
    assert not list(tmp_path.iterdir())


def test_pausing_keeps_what_was_trained(program: Program) -> None:
    number = program.store.state.transport.study
    program.wish("study stop", None)
    assert program.store.state.transport.study_stopped
    program.wish("study go on", None)
    transport = program.store.state.transport
    assert (transport.study_stopped, transport.study) == (False, number)
    program.wish("study again", None)
    assert program.store.state.transport.study == number + 1
