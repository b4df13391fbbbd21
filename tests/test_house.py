"""The walls of the house: which room may import which, as data."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
QT = {"PySide6", "shiboken6", "pyqtgraph"}
NUMERIC = {"numpy", "scipy"}

MAY_IMPORT = {
    "maths": NUMERIC,
    "model": {"numpy", "msgspec", "gumbelviz.model"},
    "engine": {"numpy", "gumbelviz.maths", "gumbelviz.model", "gumbelviz.engine"},
    "lectures": {"msgspec", "resources", "gumbelviz.model", "gumbelviz.lectures"},
    "views": {"numpy", "resources", "gumbelviz.model", "gumbelviz.views", *QT},
    "app": {
        "numpy", "msgspec", "resources", "PySide6", "gumbelviz", "gumbelviz.maths", "gumbelviz.model",
        "gumbelviz.engine", "gumbelviz.lectures", "gumbelviz.views", "gumbelviz.app", "PIL",
    },
}  # fmt: skip
"""Beside the standard library, and a room's own modules."""

NEVER = {
    "maths": {"threading", "time", "random", "os", "pathlib"},
    "model": {"threading", "time", "random"},
    "engine": {"pathlib", "io", "json"},
    "lectures": {"threading", "time", "random", "pathlib"},
    "views": {"threading", "pathlib", "io", "json"},
}
"""Parts of the standard library that a room has no business with."""


def modules() -> list[Path]:
    return sorted((TOP / "gumbelviz").rglob("*.py"))


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
    return names


def room_of(path: Path) -> str:
    return path.relative_to(TOP / "gumbelviz").parts[0]


def shortened(name: str) -> str:
    """The part of a module's name that the table speaks of."""
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "gumbelviz" else parts[0]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(TOP)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    room = room_of(path)
    if room == "__init__.py":
        assert not imports(path)
        return
    allowed = MAY_IMPORT[room] | {f"gumbelviz.{room}"}
    for name in imports(path):
        if name.split(".")[0] in sys.stdlib_module_names:
            assert name.split(".")[0] not in NEVER.get(room, set()), f"{path.name} imports {name}"
        else:
            assert shortened(name) in allowed, f"{path.name} imports {name}"


def test_every_room_is_in_the_table() -> None:
    rooms = {path.name for path in (TOP / "gumbelviz").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms == set(MAY_IMPORT)


def test_the_table_can_fail() -> None:
    assert shortened("PySide6.QtCore") not in MAY_IMPORT["engine"]
    assert shortened("gumbelviz.engine.runner") not in MAY_IMPORT["views"]


def test_there_is_no_cupboard() -> None:
    assert not {path.stem for path in modules()} & {"utils", "util", "common", "core", "types", "helpers", "misc"}


def run_fresh(code: str) -> str:
    result = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    return result.stdout.strip()


def test_the_engine_loads_no_qt() -> None:
    code = (
        "import sys, gumbelviz.engine.runner; print([m for m in sys.modules if m.startswith(('PySide6', 'pyqtgraph'))])"
    )
    assert run_fresh(code) == "[]"


def test_the_window_frame_loads_neither_numpy_nor_pyqtgraph() -> None:
    code = "import sys, gumbelviz.views.window; print([m for m in ('numpy', 'pyqtgraph', 'scipy') if m in sys.modules])"
    assert run_fresh(code) == "[]"


def test_the_program_loads_no_heavy_library_that_it_does_not_need() -> None:
    code = (
        "import sys, gumbelviz.app.program, gumbelviz.app.loop, gumbelviz.engine.runner;"
        "import gumbelviz.views.pages.pipeline;"
        "print([m for m in ('scipy.stats', 'matplotlib', 'PIL') if m in sys.modules])"
    )
    assert run_fresh(code) == "[]"
