"""What every test stands on: no screen, no leftovers, no warning unheard."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
_numbers = count()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--long``: soaks, fault loops and live windows, which take minutes."""
    parser.addoption("--long", action="store_true", help="also run what takes minutes")


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark ``long`` known."""
    config.addinivalue_line("markers", "long: takes minutes; runs with --long only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless it was asked for."""
    if config.getoption("--long"):
        return
    for item in items:
        if "long" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="runs with --long"))


@pytest.fixture(autouse=True)
def settings_of_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep every test, and every program that it starts, away from the settings of whoever runs it.

    Each test has a folder of its own, which is not made before something is kept there.
    """
    folder = tmp_path_factory.getbasetemp() / "settings" / str(next(_numbers))
    monkeypatch.setenv("GUMBELVIZ_SETTINGS_DIR", str(folder))
    yield folder


@pytest.fixture(autouse=True)
def no_question_unanswered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a question would wait for a person; a test that expects one puts its own box in the place."""
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtWidgets import QMessageBox

        def refuse(box: QMessageBox) -> int:
            raise AssertionError(f"Nobody answers “{box.text()}”.")

        monkeypatch.setattr(QMessageBox, "exec", refuse)


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread of ours behind."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]
    assert not [thread.name for thread in left if thread.name.startswith(("gumbelviz", "draws"))]


@pytest.fixture(autouse=True)
def no_widget_left() -> Iterator[None]:
    """Fail a test that leaves a window or a running timer behind; tests without Qt pay nothing."""
    yield
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    if isinstance(application, QApplication):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not [widget for widget in application.topLevelWidgets() if widget.isVisible()]
