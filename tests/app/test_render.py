"""Pictures of the window without a screen: their kind, their size, and that the arguments alone decide them."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QFontDatabase, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from gumbelviz.app.cli import main
from gumbelviz.app.library import BUILT_IN, load_builtin
from gumbelviz.app.render import render
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import make_settings
from gumbelviz.views.look import FONT, THEMES, load_fonts

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SCENE = load_builtin("movie-night")
SIZE = (1280, 720)


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def drawn(path: Path, scene: Scene = SCENE, **fields: object) -> bytes:
    settings: dict[str, object] = {"size": SIZE, "draws": 2_000, **fields}
    render(scene, path, **settings)  # type: ignore[arg-type]
    return path.read_bytes()


def image_of(data: bytes) -> QImage:
    image = QImage()
    assert image.loadFromData(data)
    return image


def colors_of(image: QImage) -> int:
    """How many colours there are on a coarse grid: a blank picture has one."""
    places = itertools.product(range(0, image.width(), 7), range(0, image.height(), 7))
    return len({image.pixel(x, y) for x, y in places})


@pytest.mark.parametrize("theme", THEMES)
def test_a_png_has_its_size_and_its_theme(tmp_path: Path, theme: str, capfd: pytest.CaptureFixture[str]) -> None:
    image = image_of(drawn(tmp_path / "picture.png", theme=theme))
    assert (image.width(), image.height()) == SIZE
    assert image.pixelColor(SIZE[0] // 2, SIZE[1] - 3) == QColor(THEMES[theme].card)
    assert colors_of(image) > 20
    # Warnings of Qt would be printed here.
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("scene_id", BUILT_IN)
def test_every_scene_has_its_picture(tmp_path: Path, scene_id: str) -> None:
    summary = render(load_builtin(scene_id), tmp_path / "picture.png", size=SIZE, draws=1000)
    assert summary.startswith("1,000 draws, ")
    assert colors_of(image_of((tmp_path / "picture.png").read_bytes())) > 20


def test_the_same_arguments_give_the_same_picture(tmp_path: Path) -> None:
    first = drawn(tmp_path / "first.png")
    assert drawn(tmp_path / "second.png") == first
    others = [
        drawn(tmp_path / "third.png", draws=2_001),
        drawn(tmp_path / "third.png", theme="dark"),
        drawn(tmp_path / "third.png", zoom=110.0),
        drawn(tmp_path / "third.png", load_builtin("two-options")),
    ]
    assert first not in others
    assert len(set(others)) == 4


def test_other_pictures_do_not_rub_off(tmp_path: Path) -> None:
    """Themes and sizes are kept nowhere between two pictures."""
    first = drawn(tmp_path / "first.png")
    drawn(tmp_path / "other.png", theme="lecture", zoom=150.0, size=(1600, 900))
    assert drawn(tmp_path / "second.png") == first


def test_an_svg_is_xml_with_words_in_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = drawn(tmp_path / "picture.svg")
    root = ET.fromstring(data)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox") == f"0 0 {SIZE[0]} {SIZE[1]}"
    words = " ".join("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text"))
    for word in ("Scores", "Drama", "Comedy", "Gumbel noise", "draws"):
        assert word in words, word
    renderer = QSvgRenderer(QByteArray(data))
    assert renderer.isValid()
    assert (renderer.viewBox().width(), renderer.viewBox().height()) == SIZE
    assert capfd.readouterr().err == ""


def test_a_pdf_is_one_page_of_the_right_shape(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = drawn(tmp_path / "picture.pdf")
    assert data.startswith(b"%PDF")
    assert data.rstrip().endswith(b"%%EOF")
    assert data.count(b"/MediaBox") == 1
    box = data.split(b"/MediaBox", 1)[1].split(b"]")[0].strip(b" [").split()
    # Three quarters of a point are a pixel of the web.
    assert [float(number) for number in box] == pytest.approx([0.0, 0.0, 0.75 * SIZE[0], 0.75 * SIZE[1]], abs=1.0)
    assert capfd.readouterr().err == ""


def test_an_unknown_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="There is no page “kitchen” yet; there is pipeline"):
        render(SCENE, tmp_path / "picture.png", page="kitchen")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        drawn(tmp_path / "no such folder" / "picture.png")
    # And the window is gone all the same: the fixtures look.


def test_many_options_have_a_picture(tmp_path: Path) -> None:
    scene = Scene(title="Thousand", settings=make_settings([0.01 * i for i in range(1000)]))
    assert colors_of(image_of(drawn(tmp_path / "picture.png", scene, draws=100))) > 20


# Through the command line -----------------------------------------------------------------------------------


def test_the_command_draws_what_it_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "picture.png"
    words = ["render", "hiring", "--output", str(path), "--size", "1300x740", "--theme", "dark", "--draws", "1e3"]
    assert main(words) == 0
    image = image_of(path.read_bytes())
    assert (image.width(), image.height()) == (1300, 740)
    assert image.pixelColor(650, 737) == QColor(THEMES["dark"].card)
    assert capfd.readouterr().err == ""
    first = path.read_bytes()
    assert main([*words, "--seed", "8"]) == 0
    assert path.read_bytes() != first
    assert main(words) == 0
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    "words",
    [
        ["--output", "picture.gif"],
        ["--output", "picture"],
        ["--output", "no such folder/picture.png"],
        ["--output", "picture.png", "--size", "10x10"],
        ["--output", "picture.png", "--zoom", "1000"],
        ["--output", "picture.png", "--draws", "0"],
        ["--output", "picture.png", "--page", "kitchen"],
        [],
    ],
)
def test_bad_usage_is_one_sentence_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["render", "hiring", *words]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_messages_are_ours_again_after_a_picture(tmp_path: Path) -> None:
    """For the tests that follow: the handler that `render` installs is replaced by pytest's after each test."""
    kinds: list[QtMsgType] = []
    drawn(tmp_path / "picture.png")
    qInstallMessageHandler(lambda kind, _context, _message: kinds.append(kind))
    from PySide6.QtCore import qWarning

    qWarning("heard")
    assert kinds == [QtMsgType.QtWarningMsg]
