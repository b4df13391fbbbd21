"""Where every way of starting begins: main.py, the command of an installed package, the packaged program."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

DEFAULTS = {
    # Read by NumPy, Qt and pyqtgraph when they are imported. One thread of linear algebra is all the engine wants.
    "OPENBLAS_NUM_THREADS": "1",
    "QT_NO_GUI_THREADPOOL": "1",
    "PYQTGRAPH_QT_LIB": "PySide6",
}


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words after the program's name ask for; return the exit code."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if getattr(sys, "frozen", False):
        _begin_frozen()
    _find_resources()
    given = sys.argv[1:] if words is None else list(words)
    if not given:
        # Nothing was asked for that could be wrong, so the window can be shown before anything else is loaded.
        from gumbelviz.app import first_look

        first_look.show()
    from gumbelviz.app.cli import main as obey

    return obey(given)


def _begin_frozen() -> None:
    """In the packaged program, the processes that share a long simulation start here too."""
    from multiprocessing import freeze_support

    freeze_support()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # A Windows program without a terminal.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    if sys.platform == "linux" and not Path("/etc/fonts/fonts.conf").exists() and "FONTCONFIG_FILE" not in os.environ:
        # A system without fonts of its own; the library for them complains where it is told nothing.
        os.environ["FONTCONFIG_FILE"] = str(Path(vars(sys)["_MEIPASS"], "resources", "fonts", "fonts.conf"))
    places = ("LC_ALL", "LC_CTYPE", "LANG")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in places):
        # Qt would choose the same, and complain about it.
        os.environ["LC_CTYPE"] = "C.UTF-8"


def _find_resources() -> None:
    """In an installed package the resources are inside it: a package called "resources" might be anybody's."""
    from importlib.util import find_spec

    if find_spec("gumbelviz.resources") is not None:
        import importlib

        sys.modules["resources"] = importlib.import_module("gumbelviz.resources")
