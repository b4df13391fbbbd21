"""Half an hour at full speed with a scripted lecture: memory, widgets and threads end where they began.

Runs with ``--long``; GUMBELVIZ_SOAK_MINUTES chooses another length, such as 120 for two hours.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.views.look import FONT, load_fonts
from gumbelviz.views.pages.table import PAGES

MINUTES = float(os.environ.get("GUMBELVIZ_SOAK_MINUTES", "30"))
SETTLING = 10.0
"""Minutes until everything has been seen once and memory may not grow any more."""
MOST_MEGABYTES, MOST_PER_HOUR = 400.0, 1.0

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(round(60 * MINUTES) + 600),
    pytest.mark.qt_log_ignore("This plugin does not support"),
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc"),
]


def megabytes() -> float:
    """Return how much memory is resident."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def spin(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.002)


def one_round(program: Program) -> None:
    """A lecture from its first step to its last, then every page at the desk, with things moved on the way."""
    lecture = program.lecture
    lecture.start()
    for _ in lecture.lecture.steps:
        spin(0.7)
        program.wish("temperature", 0.3)
        spin(0.3)
        lecture.next_step()
    lecture.reveal()
    spin(0.3)
    lecture.leave()
    for row in PAGES:
        program.turn(row.id)
        spin(0.8)
        for temperature in (0.2, 0.9, 3.0):
            program.wish("temperature", temperature, False)
            spin(0.1)
        program.wish("temperature", 0.5)
    program.turn("pipeline")
    program.restart()
    while program.store.undo_label is not None:
        program.store.undo()
    spin(0.5)


def slope_per_hour(times: list[float], sizes: list[float]) -> float:
    """Return megabytes per hour, by least squares."""
    return float(np.polyfit(np.array(times) / 3600.0, sizes, 1)[0])


def alive(count: Callable[[], int]) -> int:
    gc.collect()
    QApplication.processEvents()
    return count()


def test_the_slope_is_that_of_the_memory() -> None:
    assert slope_per_hour([0.0, 1800.0, 3600.0], [100.0, 101.0, 102.0]) == pytest.approx(2.0)


def test_half_an_hour_of_lectures(qapp: QApplication, qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()
    program = Program(load_builtin("movie-night"), "light")
    program.window.resize(1280, 720)
    program.window.show()
    program.start()
    began, times, sizes = time.monotonic(), [], []
    try:
        one_round(program)
        widgets = alive(lambda: len(program.window.findChildren(QWidget)))
        threads = threading.active_count()
        while time.monotonic() - began < 60.0 * MINUTES:
            one_round(program)
            gc.collect()
            times.append(time.monotonic() - began)
            sizes.append(megabytes())
        assert alive(lambda: len(program.window.findChildren(QWidget))) == widgets
        assert threading.active_count() == threads
    finally:
        end(qapp, program)
    settled = [i for i, at in enumerate(times) if at >= 60.0 * min(SETTLING, MINUTES / 3.0)]
    slope = slope_per_hour([times[i] for i in settled], [sizes[i] for i in settled])
    with capsys.disabled():
        minutes = times[-1] / 60.0
        print(f"\n{len(times)} lectures in {minutes:.0f} min: at most {max(sizes):.0f} MB, {slope:+.2f} MB an hour")
    assert max(sizes) < MOST_MEGABYTES
    if MINUTES >= 3.0 * SETTLING:
        assert slope < MOST_PER_HOUR
