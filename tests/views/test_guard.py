"""A paint method that fails says so once, and takes nothing else down."""

from __future__ import annotations

import gc
import sys
from types import TracebackType

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.views.guard import guarded

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Painted:
    """Not a widget: the guard asks nothing of what it guards."""

    def __init__(self, broken: bool = False) -> None:
        self.broken = broken
        self.calls: list[tuple[object, ...]] = []

    @guarded
    def paint(self, *args: object, word: str = "") -> None:
        """Say that it was called."""
        self.calls.append((*args, word))
        if self.broken:
            raise ArithmeticError("no paint left")


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What reached the ordinary exception hook."""
    errors: list[BaseException] = []

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        assert trace is not None
        errors.append(error)

    monkeypatch.setattr(sys, "excepthook", hook)
    return errors


def test_what_works_is_left_alone(reported: list[BaseException]) -> None:
    one = Painted()
    one.paint(1, 2, word="brush")
    one.paint()
    assert one.calls == [(1, 2, "brush"), ("",)]
    assert reported == []


def test_the_name_and_the_words_stay() -> None:
    assert Painted.paint.__name__ == "paint"
    assert Painted.paint.__doc__ == "Say that it was called."


def test_a_failure_is_reported_once_and_painting_ends(reported: list[BaseException]) -> None:
    broken = Painted(broken=True)
    for _ in range(5):
        broken.paint()
    assert len(reported) == 1
    assert isinstance(reported[0], ArithmeticError)
    assert len(broken.calls) == 1


def test_others_of_the_kind_go_on(reported: list[BaseException]) -> None:
    broken, whole = Painted(broken=True), Painted()
    broken.paint()
    whole.paint()
    whole.paint()
    assert len(whole.calls) == 2
    other = Painted(broken=True)
    other.paint()
    assert len(reported) == 2


def test_a_failure_is_forgotten_with_the_widget_that_failed(reported: list[BaseException]) -> None:
    """The address of something that is gone is soon that of something else, which did not fail."""
    for _ in range(200):
        failed = Painted(broken=True)
        failed.paint()
        address = id(failed)
        # The report holds the frames of the failure, and these the object.
        reported.clear()
        del failed
        gc.collect(0)
        successors = [Painted() for _ in range(50)]
        heirs = [one for one in successors if id(one) == address]
        if heirs:
            heirs[0].paint()
            assert len(heirs[0].calls) == 1
            return
    pytest.skip("This Python gave the address to nobody.")


def test_stopping_the_program_is_not_a_failure_to_paint() -> None:
    class Stopped:
        @guarded
        def paint(self) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Stopped().paint()


class BrokenWidget(QWidget):
    tries = 0

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        BrokenWidget.tries += 1
        raise ZeroDivisionError("painted by nothing")


def test_a_real_widget_that_cannot_paint_reports_once(qtbot: QtBot, reported: list[BaseException]) -> None:
    widget = BrokenWidget()
    qtbot.addWidget(widget)
    widget.resize(50, 50)
    widget.show()
    for _ in range(4):
        widget.grab()
    assert BrokenWidget.tries == 1
    assert [type(error) for error in reported] == [ZeroDivisionError]
