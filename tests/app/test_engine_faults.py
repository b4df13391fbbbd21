"""An engine that raises, lies, hangs or crawls: one message, Stop works, the window lives, Restart begins anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gumbelviz.app import loop as loop_module
from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.engine.inspection import check_frame
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Frame
from gumbelviz.model.settings import make_settings
from gumbelviz.views.look import FONT, load_fonts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
MOMENTS = (0, 1, 2, 3, 5, 8, 13, 30, 80, 200)
"""How many calls go well before the fault; the first, the second and the last ones are always tried."""
ALWAYS = (0, 8)
PATIENCE = 30_000


def moments() -> list[object]:
    return [n if n in ALWAYS else pytest.param(n, marks=pytest.mark.long) for n in MOMENTS]


class Desk:
    """A running program, and everything that it complained of."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.program = Program(load_builtin("movie-night"), "light")
        self.window = self.program.window
        self.complaints: list[str] = []
        complain = self.window.complain

        def note(sentence: str) -> None:
            self.complaints.append(sentence)
            complain(sentence)

        self.window.complain = note  # type: ignore[method-assign]
        self.window.resize(1024, 640)
        self.window.show()
        self.program.start()

    @property
    def draws(self) -> int:
        return self.program._frame.draws if self.program._frame is not None else 0

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=PATIENCE)

    def works_again(self) -> None:
        """What a person does next: look at the window, change something, stop, go on."""
        count = len(self.complaints)
        self.window.grab()
        self.program.restart()
        if not self.program.store.state.transport.running:
            self.program.run()
        self.wait(lambda: self.program._frame is not None and self.program._frame.revision > 0 and self.draws > 1)
        self.program.wish("temperature", 2.0)
        reached = self.draws
        self.wait(lambda: self.draws != reached)
        self.program.run()
        assert not self.program.store.state.transport.running
        assert len(self.complaints) == count


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()
    made = Desk(qtbot)
    yield made
    end(qapp, made.program)


def after(moment: int, good: Callable[..., object], bad: Callable[..., object]) -> Callable[..., object]:
    """Return a method that does `good` so many times, and `bad` from then on."""
    calls = 0

    def method(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        return (good if calls <= moment else bad)(*arguments, **named)

    return method


def with_nan(frame: Frame) -> Frame:
    soft = frame.soft_mean.copy()
    soft[1] = np.nan
    return replace(frame, soft_mean=soft)


def with_fewer(frame: Frame) -> Frame:
    return replace(frame, wins=frame.wins[:-1])


def with_infinite_draw(frame: Frame) -> Frame:
    return replace(frame, draw=replace(frame.draw, perturbed=np.full_like(frame.draw.perturbed, np.inf)))


def raising(error: type[Exception]) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise error("boom")

    return fail


@pytest.mark.parametrize("moment", moments())
@pytest.mark.parametrize("error", [RuntimeError, MemoryError])
@pytest.mark.parametrize("method", ["advance", "frame"])
def test_one_that_raises(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], method: str,
    error: type[Exception], moment: int,
) -> None:  # fmt: skip
    with monkeypatch.context() as broken:
        broken.setattr(Simulation, method, after(moment, getattr(Simulation, method), raising(error)))
        desk.wait(lambda: desk.complaints != [])
        desk.qtbot.wait(60)
        assert len(desk.complaints) == 1
        assert ("memory" if error is MemoryError else "boom") in desk.complaints[0]
        assert "Traceback" not in desk.complaints[0]
        assert not desk.program.store.state.transport.running
    desk.works_again()
    assert capsys.readouterr().err.count("Traceback") == 1


@pytest.mark.parametrize("moment", moments())
@pytest.mark.parametrize("spoil", [with_nan, with_fewer, with_infinite_draw])
def test_one_that_lies(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Frame], Frame], moment: int,
) -> None:  # fmt: skip
    good = Simulation.frame

    def bad(*arguments: object, **named: object) -> object:
        return spoil(good(*arguments, **named))  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(Simulation, "frame", after(moment, good, bad))
        desk.wait(lambda: desk.complaints != [])
        desk.qtbot.wait(60)
        assert len(desk.complaints) == 1
    desk.works_again()
    assert capsys.readouterr().err.count("Traceback") == 1


@pytest.mark.parametrize("moment", moments())
def test_one_that_hangs(desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    monkeypatch.setattr(loop_module, "STALLED_AFTER", 0.4)
    gate = threading.Event()
    good = Simulation.advance

    def bad(self: Simulation, *arguments: object) -> None:
        gate.wait(PATIENCE / 1000)

    try:
        with monkeypatch.context() as broken:
            broken.setattr(Simulation, "advance", after(moment, good, bad))
            desk.wait(lambda: desk.complaints != [])
            desk.qtbot.wait(60)
            assert len(desk.complaints) == 1
            assert "not answered" in desk.complaints[0]
        # Otherwise a machine that is busy with something else would look like another hanging engine.
        monkeypatch.setattr(loop_module, "STALLED_AFTER", 60.0)
        desk.works_again()
    finally:
        gate.set()


@pytest.mark.parametrize("moment", moments())
def test_one_that_crawls(desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    good = Simulation.advance

    def slow(*arguments: object) -> None:
        began = time.perf_counter()
        good(*arguments)  # type: ignore[arg-type]
        time.sleep(min(9.0 * (time.perf_counter() - began), 0.5))

    monkeypatch.setattr(Simulation, "advance", after(moment, good, slow))
    desk.wait(lambda: desk.draws > 1)
    desk.works_again()
    assert desk.complaints == []


@pytest.mark.parametrize("spoil", [with_nan, with_fewer, with_infinite_draw])
def test_a_spoilt_frame_is_told_from_a_good_one(spoil: Callable[[Frame], Frame]) -> None:
    simulation = Simulation(make_settings([1.0, -np.inf, 3.0]))
    simulation.advance(1000)
    frame = simulation.frame()
    assert check_frame(frame, 3) is frame
    with pytest.raises(ValueError, match=r"^(the|option)"):
        check_frame(spoil(frame), 3)
    with pytest.raises(ValueError, match="options"):
        check_frame(frame, 4)
