"""The screen saver: asked to wait over a real message bus, and never a reason to fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gumbelviz.app.awake import Awake

TOP = Path(__file__).parent.parent.parent
DESKTOP = """
import sys
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection

@ClassInfo({"D-Bus Interface": "org.freedesktop.ScreenSaver"})
class Saver(QObject):
    @Slot(str, str, result="uint")
    def Inhibit(self, who, why):
        print("inhibit", who, flush=True)
        return 7

app = QCoreApplication(sys.argv)
bus = QDBusConnection.sessionBus()
saver = Saver()
assert bus.registerObject("/org/freedesktop/ScreenSaver", saver, QDBusConnection.RegisterOption.ExportAllSlots)
assert bus.registerService("org.freedesktop.ScreenSaver")
print("ready", flush=True)
app.exec()
"""
PRESENTING = """
import subprocess, sys
from PySide6.QtCore import QCoreApplication
from gumbelviz.app.awake import Awake

app = QCoreApplication(sys.argv)
awake = Awake()
awake.hold()
print("without a desktop:", awake.held)
desktop = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True)
assert desktop.stdout.readline() == "ready\\n"
awake.hold()
print("with one:", awake.held, desktop.stdout.readline().strip())
awake.release()
print("afterwards:", awake.held)
desktop.terminate()
desktop.wait()
"""


def test_without_a_bus_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    awake = Awake()
    awake.hold()
    assert not awake.held
    awake.release()


def test_what_fails_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that says it is another one than it is has none of its functions."""
    awake = Awake()
    for system in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", system)
        awake.hold()
        assert not awake.held
        awake.release()


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="needs a message bus")
@pytest.mark.skipif(sys.platform != "linux", reason="desktops of Linux")
def test_a_desktop_is_asked_to_wait() -> None:
    command = ["dbus-run-session", "--", sys.executable, "-c", PRESENTING, DESKTOP]
    result = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        "without a desktop: False", "with one: True inhibit GumbelViz", "afterwards: False",
    ]  # fmt: skip
