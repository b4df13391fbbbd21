"""The one QApplication."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

WITHOUT_TYPE = "gumbelviz has no type yet"


def make_bare_application(arguments: list[str] | None = None) -> QApplication:
    """Return the one QApplication, with our name and style; the bundled type is not loaded yet."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = QApplication([sys.argv[0], *(arguments or [])])
    application.setOrganizationName("GumbelViz")
    application.setApplicationName("GumbelViz")
    application.setDesktopFileName("io.github.gumbelviz.GumbelViz")
    application.setStyle("Fusion")
    application.setProperty(WITHOUT_TYPE, True)
    return application


def make_application(arguments: list[str] | None = None) -> QApplication:
    """Return the one QApplication, with our name, style, icon and type."""
    from gumbelviz.views.look import load_fonts, window_icon

    application = make_bare_application(arguments)
    if application.property(WITHOUT_TYPE):
        application.setProperty(WITHOUT_TYPE, False)
        load_fonts()
        application.setWindowIcon(window_icon())
    return application
