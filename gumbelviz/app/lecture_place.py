"""Where the window stands, before a lecture and during it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from gumbelviz.app.lecture_screens import ScreenFacts, place_windows
from gumbelviz.views.window import Window


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """How a window stood: as an ordinary window, and whether it was maximised or filled the screen."""

    ordinary: QRect
    state: Qt.WindowState


def screens_for(window: Window) -> tuple[QScreen, QScreen | None]:
    """Return the screen for the hall, and that for the speaker where there are two."""
    screens = QGuiApplication.screens()
    first = QGuiApplication.primaryScreen()
    facts = [_facts(screen, screen is first) for screen in screens]
    own = screens.index(window.screen()) if window.screen() in screens else 0
    stage, speaker = place_windows(facts, own)
    return screens[stage], None if speaker is None else screens[speaker]


def _facts(screen: QScreen, primary: bool) -> ScreenFacts:
    size, ratio = screen.geometry().size(), screen.devicePixelRatio()
    return ScreenFacts(round(size.width() * ratio), round(size.height() * ratio), primary)


def fill_screen(window: Window, screen: QScreen) -> Whereabouts:
    """Fill `screen`, and return how the window stood before."""
    full, large = Qt.WindowState.WindowFullScreen, Qt.WindowState.WindowMaximized
    ordinary = window.normalGeometry() if window.windowState() & (full | large) else window.geometry()
    before = Whereabouts(ordinary, window.windowState())
    if screen is not window.screen():
        window.showNormal()
        window.setGeometry(screen.availableGeometry())
    window.showFullScreen()
    return before


def come_home(window: Window, before: Whereabouts) -> None:
    """Let the window stand as it did, on a screen that still exists."""
    room = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    home = before.ordinary
    if not any(place.intersects(home) for place in room):
        home = QRect(home)
        home.moveCenter(window.screen().availableGeometry().center())
    full = Qt.WindowState.WindowFullScreen
    if before.state & full and window.screen().geometry().contains(home.center()):
        return
    if not window.isVisible():
        window.setWindowState(before.state)
    elif before.state & full:
        window.showNormal()
        window.setGeometry(home)
        window.showFullScreen()
    elif before.state & Qt.WindowState.WindowMaximized:
        window.showNormal()
        window.setGeometry(home)
        window.showMaximized()
    else:
        window.showNormal()
        window.setGeometry(home)


def put_speaker(speaker: QWidget, screen: QScreen | None, window: Window) -> None:
    """Show the speaker's window: over the whole of its own screen, or beside the stage where there is one screen."""
    if screen is not None:
        speaker.setGeometry(screen.availableGeometry())
        speaker.showMaximized()
    else:
        room = window.screen().availableGeometry()
        speaker.resize(room.width() // 2, room.height() // 2)
        speaker.move(room.right() - speaker.width(), room.top())
        speaker.show()
        speaker.raise_()
