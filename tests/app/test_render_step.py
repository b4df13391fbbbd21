"""Steps of lectures as pictures, and lectures on the command line."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontDatabase, QImage
from PySide6.QtWidgets import QApplication

from gumbelviz.app import start
from gumbelviz.app.arguments import RenderOrder, WindowOrder, read_arguments
from gumbelviz.app.cli import main
from gumbelviz.app.lecture_library import find_lecture
from gumbelviz.app.render import render_step
from gumbelviz.lectures.built_in import load_story
from gumbelviz.lectures.lecture_file import write_lecture
from gumbelviz.model.lecture import Lecture, Step
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import make_settings
from gumbelviz.views.look import FONT, LECTURE, THEMES, load_fonts

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SCENE = Scene(title="Films", settings=make_settings([2.0, 1.2, 0.4], names=["Drama", "Comedy", "Sci-fi"]))
LECTURE_OF_TWO = Lecture(
    title="Two",
    steps=(
        Step(title="All of it", scene=SCENE, draws=50),
        Step(title="A column", words="Only this.", scene=SCENE, parts=("soft", "draw"), draw=7,
             controls=("temperature",)),
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "two.lecture"
    path.write_bytes(write_lecture(LECTURE_OF_TWO))
    return path


def image_of(path: Path) -> QImage:
    image = QImage()
    assert image.loadFromData(path.read_bytes())
    return image


def ink(image: QImage, top: float, bottom: float) -> int:
    """How many places of a coarse grid differ from the page between two shares of the height."""
    page = QColor(LECTURE.window).rgb()
    rows = range(round(top * image.height()), round(bottom * image.height()), 3)
    return sum(image.pixel(x, y) != page for x, y in itertools.product(range(0, image.width(), 3), rows))


def test_a_step_is_drawn_as_it_is_presented(file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "step.png"
    assert main(["render", str(file), "--step", "2", "--output", str(out), "--size", "1024x768"]) == 0
    image = image_of(out)
    assert (image.width(), image.height()) == (1024, 768)
    # Title, picture, and the line with the keys; the page itself is white.
    assert all(ink(image, *share) > 50 for share in ((0.0, 0.12), (0.3, 0.7), (0.93, 1.0)))
    assert capfd.readouterr().err == ""
    first, again = out.read_bytes(), tmp_path / "again.png"
    assert main(["render", str(file), "--step=2", f"--output={again}", "--size=1024x768"]) == 0
    assert again.read_bytes() == first
    assert main(["render", str(file), "--step=1", f"--output={again}", "--size=1024x768"]) == 0
    assert again.read_bytes() != first


@pytest.mark.parametrize("suffix", [".svg", ".pdf"])
def test_a_step_is_drawn_as_lines_too(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"step{suffix}"
    summary = render_step(LECTURE_OF_TWO, 1, out, (800, 600))
    assert "Draw 7" in summary
    assert out.read_bytes().startswith((b"<?xml", b"%PDF"))


def test_theme_and_zoom_are_taken(tmp_path: Path) -> None:
    out = tmp_path / "step.png"
    render_step(LECTURE_OF_TWO, 1, out, (800, 600), "dark")
    assert image_of(out).pixelColor(2, 300) == QColor(THEMES["dark"].window)
    render_step(LECTURE_OF_TWO, 1, out, (800, 600))
    plain = out.read_bytes()
    render_step(LECTURE_OF_TWO, 1, out, (800, 600), zoom=130)
    assert out.read_bytes() != plain


def test_the_story_is_drawn_by_its_name(tmp_path: Path) -> None:
    out = tmp_path / "story.png"
    assert main(["render", "story", "--step", "1", "--output", str(out), "--size", "800x600"]) == 0
    assert ink(image_of(out), 0.0, 1.0) > 500


@pytest.mark.long
@pytest.mark.parametrize("place", range(len(load_story().steps)))
def test_every_step_of_the_story_has_its_picture(tmp_path: Path, place: int) -> None:
    out = tmp_path / "story.png"
    render_step(load_story(), place, out, (1024, 768))
    assert ink(image_of(out), 0.0, 1.0) > 500


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["story", "--step", "99"], "there is no step 99"),
        (["story", "--step", "0"], "number of a step"),
        (["story"], "say which step"),
        (["ice-cream", "--step", "1"], "no built-in lecture"),
        (["story", "--step", "1", "--page", "noise"], "--page does not go with --step"),
        (["story", "--step", "1", "--draws", "10"], "--draws does not go with --step"),
        (["gone.lecture", "--step", "1"], "There is no file"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_sentence(
    words: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", *words, "--output", str(tmp_path / "x.png")]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_broken_lecture_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.lecture"
    path.write_bytes(b'{"format": "gumbelviz lecture", "version": 1, "title": "x", "steps": []}')
    for words in ([str(path)], ["render", str(path), "--step", "1", "--output", str(tmp_path / "x.png")]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert "bad.lecture" in said
        assert said.count("\n") == 1


def test_the_order_of_a_step_has_its_own_defaults() -> None:
    step = read_arguments(["render", "story", "--step", "3", "--output", "x.png"])
    page = read_arguments(["render", "--output", "x.png"])
    assert isinstance(step, RenderOrder)
    assert isinstance(page, RenderOrder)
    assert (step.step, step.theme) == (3, "lecture")
    assert (page.step, page.theme, page.draws) == (None, "light", 1_000_000)


def test_a_lecture_opens_in_the_window(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[tuple[Scene | None, WindowOrder]] = []

    def opened(scene: Scene | None, order: WindowOrder) -> int:
        orders.append((scene, order))
        return 0

    monkeypatch.setattr(start, "open_window", opened)
    assert main([str(file)]) == 0
    ((scene, order),) = orders
    assert scene is None
    assert order.lecture == LECTURE_OF_TWO == find_lecture(str(file))
    assert start.lecture_path(order.scene) == file
    assert start.lecture_path("story") is None
