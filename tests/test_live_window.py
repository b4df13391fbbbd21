"""The window as a person meets it: a real X server, real mouse and keys, a process that must end with 0.

Runs with ``--long``, where Xvfb and xdotool are installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
TOOLS = ("Xvfb", "xdotool")

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(any(shutil.which(tool) is None for tool in TOOLS), reason="needs Xvfb and xdotool"),
]


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of 1740 x 980 on a display number of its own."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1740x980x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as file:
        # Up to the end of the line: the server dies of a pipe that is closed too early.
        number = file.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


class Person:
    """Drives the program with xdotool."""

    def __init__(self, display: str, *arguments: str) -> None:
        self.environment = os.environ | {"DISPLAY": display}
        self.environment.pop("QT_QPA_PLATFORM", None)
        self.process = subprocess.Popen(
            [sys.executable, "main.py", *arguments],
            cwd=TOP,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.window = self._find_window()
        time.sleep(2.0)

    def do(self, *words: str) -> str:
        """Run xdotool and return what it printed."""
        result = subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True, check=False)
        return result.stdout.strip()

    def _find_window(self) -> str:
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            found = self.do("search", "--name", "– GumbelViz").split()
            if found:
                return found[-1]
            time.sleep(0.2)
        self.process.kill()
        raise AssertionError(f"the window did not open: {self.process.communicate()[0]}")

    def place(self) -> tuple[int, int, int, int]:
        """Left, top, width and height of the window."""
        words = self.do("getwindowgeometry", "--shell", self.window).splitlines()
        numbers = {name: int(value) for name, value in (word.split("=") for word in words)}
        return numbers["X"], numbers["Y"], numbers["WIDTH"], numbers["HEIGHT"]

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press, move in ten steps, release."""
        self.do("mousemove", *map(str, start), "mousedown", "1")
        for i in range(1, 11):
            step = [str(round(a + (b - a) * i / 10)) for a, b in zip(start, end, strict=True)]
            self.do("mousemove", *step)
            time.sleep(0.03)
        self.do("mouseup", "1")
        time.sleep(0.2)

    def key(self, name: str) -> None:
        """Press a key."""
        self.do("key", name)
        time.sleep(0.2)

    def threads(self) -> int:
        """How many threads the process has now."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def title(self) -> str:
        """What the window is called."""
        return self.do("getwindowname", self.window)

    def leave(self) -> tuple[int, str]:
        """Press Ctrl+Q; return the exit code and everything that was printed."""
        self.key("ctrl+q")
        output, _ = self.process.communicate(timeout=20)
        return self.process.returncode, output


def test_a_person_drags_steps_and_quits(display: str) -> None:
    person = Person(display, "movie-night")
    left, top, width, height = person.place()
    assert person.title() == "Movie night – GumbelViz"
    bar = (left + round(0.13 * width), top + round(0.325 * height))
    person.drag(bar, (bar[0] + 60, bar[1]))
    assert person.title() == "Movie night — edited – GumbelViz"
    slider = top + round(0.193 * height)
    for share in (0.80, 0.995, 0.88):
        person.drag((left + round(0.885 * width), slider), (left + round(share * width), slider))
    for name in ("space", "Left", "Left", "Right", "Return", "Home", "f", "space", "bracketleft"):
        person.key(name)
    for _ in range(8):
        # Back to what was opened, so that nobody is asked about changes.
        person.key("ctrl+z")
    code, output = person.leave()
    assert (code, output) == (0, "")


def test_ctrl_c_ends_it_quietly(display: str) -> None:
    person = Person(display, "ten-digits")
    person.process.send_signal(2)
    output, _ = person.process.communicate(timeout=20)
    assert (person.process.returncode, output) == (0, "")


def test_closing_again_and_again_leaves_nothing(display: str) -> None:
    for _ in range(5):
        person = Person(display)
        assert person.threads() >= 2
        person.do("windowclose", person.window)
        person.process.terminate()
        output, _ = person.process.communicate(timeout=20)
        assert person.process.returncode == 0, output
