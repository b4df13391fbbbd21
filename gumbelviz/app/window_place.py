"""Where the window stands: where it was, as far as there still is a screen. Needs nothing but Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from gumbelviz.views.window import Window

GRIP = (200, 40)
"""Pixels of the upper edge that must be on a screen, for a hand to take the window by."""


def place_window(window: Window, place: tuple[int, int, int, int] | None, maximized: bool) -> None:
    """Put the window where it was, if there still is a screen; else in the middle of the one that there is."""
    if place is None:
        window.fit_screen()
    else:
        rect = fitted(QRect(*place), [screen.availableGeometry() for screen in QGuiApplication.screens()])
        if rect is None:
            window.fit_screen()
        else:
            window.setGeometry(rect)
    if maximized:
        window.setWindowState(window.windowState().WindowMaximized)


def fitted(rect: QRect, screens: list[QRect]) -> QRect | None:
    """Return `rect`, made no larger than the screen that shows most of it; None where none shows its grip."""

    def shown(screen: QRect) -> int:
        part = screen.intersected(rect)
        return part.width() * part.height()

    best = max(screens, key=shown, default=None)
    if best is None or rect.width() < 1 or rect.height() < 1:
        return None
    grip = QRect(rect.topLeft(), QPoint(rect.right(), rect.top() + GRIP[1])).intersected(best)
    if grip.width() < min(GRIP[0], rect.width()) or grip.height() < GRIP[1] // 2:
        return None
    size = rect.size().boundedTo(best.size())
    # As far as it has to move, so that all of it is on that screen.
    left = min(max(rect.left(), best.left()), best.left() + best.width() - size.width())
    top = min(max(rect.top(), best.top()), best.top() + best.height() - size.height())
    return QRect(QPoint(left, top), size)
