"""The first thing on the screen: the window with an outline in it, shown before anything but Qt is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumbelviz.app.screen import MissingLibrary, catch_fatal_messages, has_screen, import_qt

if TYPE_CHECKING:
    from gumbelviz.views.window import Window

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
    from gumbelviz.views.window import Window

    application = make_bare_application()
    window = Window(furnished=False)
    window.setWindowTitle("GumbelViz")
    window.fit_screen()
    window.show()
    application.processEvents()
    _shown.append(window)


def take() -> Window | None:
    """Return the window that is shown already; its new owner sees to its end."""
    return _shown.pop() if _shown else None
