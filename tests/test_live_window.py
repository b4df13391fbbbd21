"""The window as a person meets it: a real X server, real mouse and keys, a process that must end with 0.

Runs with ``--long``, where Xvfb and xdotool are installed.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageGrab

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

    def at(self, x: float, y: float) -> tuple[int, int]:
        """The place on the screen of a point in the window, in shares of its width and height."""
        left, top, width, height = self.place()
        return left + round(x * width), top + round(y * height)

    def click(self, x: float, y: float) -> None:
        """Click at a point given as shares of the window's width and height."""
        self.do("mousemove", *map(str, self.at(x, y)), "click", "1")
        time.sleep(0.4)

    def picture(self) -> Image.Image:
        """What stands in the part of the window where the pages are."""
        left, top, width, height = self.place()
        area = (left, top + round(0.1 * height), left + width, top + round(0.9 * height))
        return ImageGrab.grab(area, xdisplay=self.environment["DISPLAY"])

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


PAGES: tuple[tuple[str, tuple[tuple[float, float], tuple[float, float]]], ...] = (
    ("1", ((0.13, 0.325), (0.16, 0.325))),  # Pipeline: a score
    ("2", ((0.4244, 0.2225), (0.46, 0.2225))),  # Noise: a curve, by its mode
    ("3", ((0.0995, 0.323), (0.14, 0.323))),  # Simplex: the temperature
    ("4", ((0.10, 0.3065), (0.125, 0.3065))),  # Temperature: a score
    ("5", ((0.11, 0.366), (0.14, 0.366))),  # Gradients: a score
    ("6", ((0.095, 0.308), (0.125, 0.308))),  # Learning: what an option is worth
)
"""The key of each page, and a drag that changes something there, in shares of the window."""


def test_pages_are_switched_and_dragged_on_while_the_stream_runs(display: str) -> None:
    person = Person(display, "movie-night")
    before, seen = "Movie night – GumbelViz", []
    for key, (start, end) in PAGES:
        person.key(key)
        time.sleep(1.0)
        seen.append(person.picture())
        assert person.title() == before
        person.drag(person.at(*start), person.at(*end))
        assert person.title() == "Movie night — edited – GumbelViz", f"the drag on page {key} changed nothing"
        person.key("ctrl+z")
        # One step back is enough, however many moves the drag had.
        assert person.title() == before, f"the drag on page {key} is more than one step"
    for one, other in itertools.pairwise(seen):
        assert ImageChops.difference(one, other).getbbox() is not None
    # The page of rounding has no digit: by the View menu, and back by the first page's.
    person.click(0.0865, 0.0175)
    person.click(0.15, 0.296)
    time.sleep(1.5)
    assert ImageChops.difference(seen[-1], person.picture()).getbbox() is not None
    person.drag(person.at(0.1355, 0.3725), person.at(0.05, 0.3725))
    assert person.title() == "Movie night — edited – GumbelViz"
    for _ in range(3):
        for key, _drag in PAGES:
            person.do("key", key)
            time.sleep(0.15)
        for tab in (0.64, 0.683, 0.74, 0.803, 0.856, 0.596):
            person.click(tab, 0.0623)
    person.key("1")
    time.sleep(0.5)
    moving = person.picture()
    time.sleep(1.0)
    assert ImageChops.difference(moving, person.picture()).getbbox() is not None, "the stream stands still"
    assert person.leave() == (0, "")
