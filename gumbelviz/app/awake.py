"""Keeps the screen saver away while somebody presents. Where a system does not let us, it fails silently."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_CONNECTION = "gumbelviz-awake"
REASON = "A lecture is being presented"
_PATIENCE_MILLISECONDS = 300
_CONTINUOUS, _SYSTEM, _DISPLAY = 0x80000000, 0x00000001, 0x00000002
"""Flags of SetThreadExecutionState."""


class Awake:
    """Holds the screen saver off between `hold` and `release`."""

    def __init__(self) -> None:
        self._release: Callable[[], object] | None = None

    @property
    def held(self) -> bool:
        """True where the system took our word for it."""
        return self._release is not None

    def hold(self) -> None:
        """Ask the system to leave the screen on."""
        if self._release is None:
            ask = {"win32": _ask_windows, "darwin": _ask_mac}.get(sys.platform, _ask_desktop)
            with contextlib.suppress(Exception):
                self._release = ask()

    def release(self) -> None:
        """Let the system do as it likes again."""
        release, self._release = self._release, None
        if release is not None:
            with contextlib.suppress(Exception):
                release()


def _ask_windows() -> Callable[[], object]:
    import ctypes

    state = ctypes.windll.kernel32.SetThreadExecutionState  # type: ignore[attr-defined]
    state(_CONTINUOUS | _SYSTEM | _DISPLAY)
    return lambda: state(_CONTINUOUS)


def _ask_mac() -> Callable[[], object]:
    # Ends by itself with our process, should that be killed.
    helper = subprocess.Popen(["/usr/bin/caffeinate", "-d", "-w", str(os.getpid())])

    def end() -> None:
        helper.terminate()
        helper.wait(2)

    return end


def _ask_desktop() -> Callable[[], object] | None:
    """Linux and the like: the desktop forgets what we asked for when our connection ends, however it ends."""
    # Without a bus at hand Qt would start one.
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS") and not (runtime and Path(runtime, "bus").exists()):
        return None
    from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

    # A connection of its own: to close it is to take the wish back, also in the eyes of desktops that want the
    # number of the wish in a type of integer that Python does not have.
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, _CONNECTION)
    name = "org.freedesktop.ScreenSaver"
    message = QDBusMessage.createMethodCall(name, "/org/freedesktop/ScreenSaver", name, "Inhibit")
    message.setArguments(["GumbelViz", REASON])
    taken = bus.isConnected() and (
        bus.call(message, QDBus.CallMode.Block, _PATIENCE_MILLISECONDS).type()
        == QDBusMessage.MessageType.ReplyMessage
    )

    def end() -> None:
        QDBusConnection.disconnectFromBus(_CONNECTION)

    if not taken:
        end()
    return end if taken else None
