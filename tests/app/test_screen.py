"""Is there a screen? Asked before Qt asks, and answered in sentences."""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gumbelviz.app import screen
from gumbelviz.app.screen import MISSING_LIBRARY, SCREEN_TROUBLE, MissingLibrary, has_screen, import_qt

TOP = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"HOME": "/root"}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
    ],
)
def test_on_linux_somebody_must_have_said_where(environment: dict[str, str], expected: bool) -> None:
    assert has_screen(environment, "linux") is expected


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_there_is_always_a_screen(platform: str) -> None:
    assert has_screen({}, platform)


def test_the_codes_are_those_that_are_promised() -> None:
    assert (SCREEN_TROUBLE, MISSING_LIBRARY) == (3, 4)


def test_qt_can_be_imported_here() -> None:
    import_qt()
    assert "PySide6.QtWidgets" in sys.modules


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("libEGL.so.1: cannot open shared object file: No such file or directory", "The system library libEGL.so.1 "),
        ("something else went wrong", "A library that Qt needs "),
    ],
)
def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, error: str, words: str) -> None:
    real = builtins.__import__

    def fail(name: str, *args: object, **kwargs: object) -> object:
        if name.startswith("PySide6"):
            raise ImportError(error)
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", fail)
    with pytest.raises(MissingLibrary) as caught:
        import_qt()
    monkeypatch.undo()
    assert str(caught.value).startswith(words)
    assert "python3 run.py" in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("message", "display", "sentence"),
    [
        (
            "qt.qpa.xcb: could not connect to display :7", ":7",
            "The window cannot be opened. The screen :7 does not answer. "
            "Check DISPLAY, or unset it to get a picture instead.",
        ),
        (
            "This application failed to start because no Qt platform plugin could be initialized.\nReinstalling …", "",
            "The window cannot be opened. Check DISPLAY, or unset it to get a picture instead.",
        ),
        ("Out of\n  colours", "", "The window cannot be opened: Out of colours"),
    ],
)  # fmt: skip
def test_qt_s_last_words_become_a_sentence(
    monkeypatch: pytest.MonkeyPatch, message: str, display: str, sentence: str
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    assert screen._explain(message) == sentence


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, timeout=60, env=os.environ | environment
    )


def test_a_fatal_message_ends_with_one_sentence_and_its_code() -> None:
    """In a process of its own, which it ends."""
    done = run(
        "from gumbelviz.app.screen import catch_fatal_messages; catch_fatal_messages();"
        "from PySide6.QtWidgets import QApplication; QApplication([]); print('still here')",
        QT_QPA_PLATFORM="no-such-platform",
    )
    assert done.returncode == SCREEN_TROUBLE
    assert done.stdout == ""
    assert done.stderr.strip().startswith("The window cannot be opened.")
    assert len(done.stderr.strip().splitlines()) == 1


def test_other_messages_are_passed_on_and_what_is_no_news_is_not() -> None:
    done = run(
        "from gumbelviz.app.screen import catch_fatal_messages; catch_fatal_messages();"
        "from PySide6.QtCore import qWarning; qWarning('a real warning');"
        "qWarning('This plugin does not support propagateSizeHints()')"
    )
    assert done.returncode == 0
    assert done.stderr.strip().splitlines() == ["a real warning"]
