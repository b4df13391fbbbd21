"""Is there a screen, and can Qt use it? Found out before Qt does, which would abort with a misleading hint."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping

SCREEN_TROUBLE = 3
MISSING_LIBRARY = 4


class MissingLibrary(Exception):
    """A library of the system that Qt needs cannot be loaded; the text is a sentence for a person."""


def has_screen(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Return whether a window can be expected to open: on Linux somebody must have said where."""
    if platform in ("win32", "darwin"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def import_qt() -> None:
    """Import the parts of Qt that the window needs.

    Raises
    ------
    MissingLibrary
        Where a library of the system is missing.
    """
    try:
        import PySide6.QtGui
        import PySide6.QtSvg
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        found = re.match(r"(\S+\.so[.\d]*):", str(error))
        name = f"The system library {found[1]}" if found else "A library that Qt needs"
        raise MissingLibrary(f"{name} is missing; python3 run.py finds and names what to install.") from error


def catch_fatal_messages(log: Callable[[str, str], object] | None = None, code: int = SCREEN_TROUBLE) -> None:
    """Turn Qt's fatal messages, after which it would abort, into one sentence and an exit code.

    `log` gets every message with the word "Qt".
    """
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    def handle(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if log is not None:
            log("Qt", f"{context.category or 'default'}: {message}")
        if kind == QtMsgType.QtFatalMsg:
            print(_explain(message), file=sys.stderr, flush=True)
            os._exit(code)
        # What the platform says of itself (why it could not start, that it cannot hint at sizes) is no news for
        # a person, or is followed by the fatal message that is.
        if not (context.category or "").startswith("qt.qpa") and "propagateSizeHints" not in message:
            print(message, file=sys.stderr)

    qInstallMessageHandler(handle)


def _explain(message: str) -> str:
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if "could not connect to display" in message or "no Qt platform plugin" in message:
        where = f" The screen {display} does not answer." if display else ""
        return f"The window cannot be opened.{where} Check DISPLAY, or unset it to get a picture instead."
    return f"The window cannot be opened: {' '.join(message.split())}"
