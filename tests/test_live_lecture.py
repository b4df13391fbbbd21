"""A lecture as a hall sees it: a real X server, real keys, a picture of every step at two sizes.

Runs with ``--long``, where Xvfb, xdotool and ImageMagick are installed. The pictures are written to the folder that
the environment variable GUMBELVIZ_PICTURES names, or to a temporary one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from gumbelviz.lectures.built_in import load_story
from tests.test_live_window import Person

TOOLS = ("Xvfb", "xdotool", "import")
SIZES = [(1024, 768), (1920, 1080)]

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(400),
    pytest.mark.skipif(any(shutil.which(tool) is None for tool in TOOLS), reason="needs Xvfb, xdotool, ImageMagick"),
]


@contextmanager
def screen(width: int, height: int) -> Iterator[str]:
    """A screen of its own."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    server = subprocess.Popen([*command, "-noreset"], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as file:
            number = file.readline().strip()
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def lecturer(display: str) -> Iterator[Person]:
    """Somebody with the window open and the keyboard on it; without a window manager keys go where the focus is put."""
    person = Person(display, "movie-night")
    try:
        person.do("windowfocus", "--sync", person.window)
        yield person
    finally:
        if person.process.poll() is None:
            person.process.kill()
            person.process.communicate()


def picture(person: Person, path: Path) -> QImage:
    """Take a picture of the whole screen."""
    subprocess.run(["import", "-window", "root", str(path)], env=person.environment, check=True)
    image = QImage(str(path))
    assert not image.isNull()
    return image


def pause(seconds: float) -> None:
    """A person looks."""
    time.sleep(seconds)


def stands(person: Person, place: tuple[int, int, int, int]) -> None:
    """Wait until the window stands there."""
    until = time.monotonic() + 20.0
    while person.place() != place and time.monotonic() < until:
        pause(0.1)
    assert person.place() == place


def differs(person: Person, before: QImage, path: Path) -> None:
    """Wait until the screen shows something else, and a moment longer."""
    until = time.monotonic() + 20.0
    while picture(person, path) == before and time.monotonic() < until:
        pause(0.1)
    pause(1.0)


def colours(image: QImage, area: tuple[float, float, float, float]) -> set[int]:
    """Some of the colours in an area, given in shares of the picture."""
    left, top, right, bottom = area
    width, height = image.width(), image.height()
    return {
        image.pixel(x, y)
        for x in range(round(left * width), round(right * width), 5)
        for y in range(round(top * height), round(bottom * height), 3)
    }


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_lecture_from_f5_to_esc(width: int, height: int, tmp_path: Path) -> None:
    folder = Path(os.environ.get("GUMBELVIZ_PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    steps = load_story().steps
    with screen(width, height) as display, lecturer(display) as person:
        title, place = person.title(), person.place()
        before = picture(person, folder / f"{width}-before.png")
        person.key("F5")
        stands(person, (0, 0, width, height))
        pause(1.0)
        seen: list[QImage] = []
        for i in range(len(steps)):
            if i:
                person.key("Next")
                differs(person, seen[-1], tmp_path / "now.png")
            seen.append(picture(person, folder / f"{width}-{i + 1:02d}.png"))
        for i, image in enumerate(seen):
            # White paper with words at the top, and keys in the footer; no step looks like the one before.
            assert image.pixelColor(3, 3).name() == "#ffffff", i
            assert len(colours(image, (0.03, 0.02, 0.5, 0.11))) > 8, i
            assert len(colours(image, (0.6, 0.94, 1.0, 0.99))) > 8, i
            assert i == 0 or image != seen[i - 1]
        person.key("Next")
        assert person.process.poll() is None
        person.key("b")
        pause(0.5)
        assert colours(picture(person, tmp_path / "blank.png"), (0, 0, 1, 1)) == {0xFF000000}
        person.key("Prior")
        pause(0.5)
        assert picture(person, tmp_path / "again.png").pixelColor(3, 3).name() == "#ffffff"
        # A question, answered and revealed.
        person.key("Home")
        question = next(i for i, step in enumerate(steps) if step.question is not None)
        for _ in range(question):
            person.key("Next")
        pause(1.0)
        person.key("r")
        pause(2.5)
        picture(person, folder / f"{width}-revealed.png")
        person.key("Escape")
        stands(person, place)
        pause(1.0)
        assert person.title() == title
        after = picture(person, folder / f"{width}-after.png")
        left, top, wide, _ = place
        # The menus; what is below them gives way by a pixel or two to the largest page that was made meanwhile.
        strip = (left / width, top / height, (left + wide) / width, (top + 24) / height)
        assert colours(after, strip) == colours(before, strip)
        assert person.leave() == (0, "")


def test_a_kill_during_a_lecture_is_clean() -> None:
    with screen(1280, 720) as display, lecturer(display) as person:
        person.key("F5")
        pause(1.0)
        person.key("Next")
        person.process.terminate()
        output, _ = person.process.communicate(timeout=20)
        assert (person.process.returncode, output) == (0, "")


def test_quitting_during_a_lecture_is_clean() -> None:
    with screen(1280, 720) as display, lecturer(display) as person:
        place = person.place()
        # The keyboard is on the window after each return.
        for _ in range(2):
            person.key("F5")
            stands(person, (0, 0, 1280, 720))
            person.key("Escape")
            stands(person, place)
        person.key("F5")
        stands(person, (0, 0, 1280, 720))
        assert person.leave() == (0, "")
