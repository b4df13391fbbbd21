"""The first thing on the screen: the window with an outline in it, shown before anything but Qt is loaded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gumbelviz.app.screen import MissingLibrary, catch_fatal_messages, has_screen, import_qt
from gumbelviz.app.settings_folder import NAME, settings_folder

if TYPE_CHECKING:
    from gumbelviz.views.window import Window

LARGEST = 2**20
"""Bytes of the settings that are looked at."""
FAR = 100_000
"""Pixels: no desk is as wide."""
_shown: list[Window] = []


def show() -> None:
    """Show an empty window, where there is a screen to show it on; `take` hands it over to be filled."""
    if not has_screen():
        return
    try:
        import_qt()
    except MissingLibrary:
        # Said by whoever wants to open the window in earnest.
        return
    catch_fatal_messages()
    from gumbelviz.app.application import make_bare_application
    from gumbelviz.app.window_place import place_window
    from gumbelviz.views.window import Window

    application = make_bare_application()
    theme, place, maximized = _last_time()
    window = Window(furnished=False, theme=theme)
    window.setWindowTitle("GumbelViz")
    place_window(window, place, maximized)
    window.show()
    application.processEvents()
    _shown.append(window)


def take() -> Window | None:
    """Return the window that is shown already; its new owner sees to its end."""
    return _shown.pop() if _shown else None


def _last_time() -> tuple[str, tuple[int, int, int, int] | None, bool]:
    """Return theme and place of the window, as the settings have them: looked at quickly, and checked later."""
    try:
        with (settings_folder() / NAME).open("rb") as file:
            found = json.loads(file.read(LARGEST))
        session = found.get("session") or {}
        left, top, width, height = session.get("place") or (0, 0, 0, 0)
        near = max(abs(number) for number in (left, top, width, height)) < FAR
        place = (int(left), int(top), int(width), int(height)) if width and near else None
        return str(found.get("theme", "system")), place, session.get("maximized") is True
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        # Nothing was kept yet, or something that will be complained of when it is read in earnest.
        return "system", None, False
