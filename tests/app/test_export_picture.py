"""Pictures that are taken out: the right size, thick enough, clipped, sharp; for readers that know nothing of us."""

from __future__ import annotations

import io
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QByteArray, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontDatabase, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gumbelviz.app.export_easel import Around, Easel
from gumbelviz.app.export_frames import frame_of
from gumbelviz.app.export_picture import image_of, picture_bytes
from gumbelviz.app.export_png import write_png
from gumbelviz.app.library import load_builtin
from gumbelviz.model.frame import Frame
from gumbelviz.model.page_parts import parts_of
from gumbelviz.views.look import FONT, PRINT, Look, load_fonts
from gumbelviz.views.toolbar import BUTTONS

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SCENE = load_builtin("movie-night")
SIZE = (900, 560)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


class Board(QWidget):
    """Paints what pictures get wrong: cosmetic lines under a scale, a clip, stripes, an image, letters."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(200, 100)
        self.setWindowTitle("A <board> & more")
        self.label = QLabel("far too long for its place", self)
        self.label.setGeometry(150, 80, 40, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor("white"))
            painter.save()
            painter.setClipRect(QRectF(0, 0, 100, 50))
            painter.scale(10.0, 0.5)
            pen = QPen(QColor("#0000ff"), 3.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLine(0, 40, 20, 40)
            painter.restore()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(QColor("#ff0000"), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(QRectF(120, 10, 40, 40))
            image = QImage(2, 1, QImage.Format.Format_RGB32)
            image.setPixelColor(0, 0, QColor("#00ff00"))
            image.setPixelColor(1, 0, QColor("#ffff00"))
            painter.drawImage(QRectF(10, 70, 40, 20), image)
            painter.setFont(Look().font(16))
            painter.setPen(QColor("black"))
            painter.drawText(QPoint(60, 90), "Wörter <&>")


@pytest.fixture
def board(qapp: QApplication) -> Iterator[Board]:
    made = Board()
    made.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def pixels_of(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def is_color(pixels: NDArray[np.uint8], color: tuple[int, int, int]) -> NDArray[np.bool_]:
    return np.asarray((np.abs(pixels.astype(int) - color) < 60).all(axis=-1))


def check_board(pixels: NDArray[np.uint8], scale: int, slack: int) -> None:
    """Look at a picture of the board, made `scale` times as large."""
    blue = is_color(pixels, (0, 0, 255))
    rows, columns = np.nonzero(blue)
    # Three pixels thick at any scale, and cut off where the clip ends.
    assert abs(int(np.ptp(rows)) + 1 - 3 * scale) <= slack
    assert abs(int(columns.max()) + 1 - 100 * scale) <= slack
    red = is_color(pixels, (255, 0, 0))[10 * scale : 50 * scale, 120 * scale : 160 * scale]
    # Stripes: some of it, not all of it, and none outside.
    assert 0.03 < red.mean() < 0.4
    assert not is_color(pixels, (255, 0, 0))[:, : 118 * scale].any()
    assert is_color(pixels, (0, 255, 0))[72 * scale : 88 * scale, 11 * scale : 25 * scale].mean() > 0.8
    dark = is_color(pixels, (0, 0, 0))
    assert dark[74 * scale : 94 * scale, 60 * scale : 140 * scale].mean() > 0.05
    # A label shows no more than fits into it.
    assert not dark[78 * scale :, 192 * scale :].any()


@pytest.mark.parametrize("scale", [1, 2, 4, 8])
def test_a_png_is_so_many_times_as_large_and_as_thick(board: Board, scale: int) -> None:
    pixels = pixels_of(picture_bytes(board, "png", scale))
    assert pixels.shape == (100 * scale, 200 * scale, 3)
    check_board(pixels, scale, max(scale // 2, 1))


def test_an_svg_in_the_eyes_of_rsvg(board: Board, tmp_path: Path) -> None:
    if shutil.which("rsvg-convert") is None:
        pytest.skip("rsvg-convert is not here; Qt looks at it below")
    (tmp_path / "board.svg").write_bytes(picture_bytes(board, "svg"))
    subprocess.run(["rsvg-convert", "-w", "800", "-o", "board.png", "board.svg"], cwd=tmp_path, check=True, timeout=60)
    check_board(pixels_of((tmp_path / "board.png").read_bytes()), 4, 2)


def test_an_svg_in_the_eyes_of_qt(board: Board) -> None:
    data = picture_bytes(board, "svg")
    root = ET.fromstring(data)
    assert (root.get("viewBox"), root.get("width")) == ("0 0 200 100", "200")
    assert root.findtext(f"{SVG}title") == "A <board> & more"
    # Letters are shapes, and the words can still be found.
    assert "Wörter <&>" in ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert all(text.get("fill") == "none" for text in root.iter(f"{SVG}text"))
    renderer = QSvgRenderer(QByteArray(data))
    assert renderer.isValid()
    image = QImage(800, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        renderer.render(painter)
    # QtSvg knows no clips: the thickness is what can be looked at.
    blue = [image.pixelColor(200, y).red() < 60 for y in range(400)]
    assert 9 <= sum(blue) <= 14


def test_a_pdf_in_the_eyes_of_poppler(board: Board, tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not here")
    (tmp_path / "board.pdf").write_bytes(picture_bytes(board, "pdf"))
    subprocess.run(["pdftoppm", "-r", "384", "-png", "-singlefile", "board.pdf", "board"], cwd=tmp_path, check=True,
                   timeout=60)  # fmt: skip
    pixels = pixels_of((tmp_path / "board.png").read_bytes())
    assert pixels.shape == (400, 800, 3)
    check_board(pixels, 4, 2)
    words = subprocess.run(["pdftotext", "board.pdf", "-"], cwd=tmp_path, capture_output=True, check=True, timeout=60)
    assert "Wörter" in words.stdout.decode()


# The program's own pages -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def frame() -> Frame:
    return frame_of(SCENE, "pipeline", 20_000)


def easel_with(frame: Frame, **options: object) -> Easel:
    easel = Easel("pipeline", Look(PRINT), SIZE, **options)  # type: ignore[arg-type]
    easel.draw(SCENE, frame)
    return easel


def test_a_page_is_on_white_and_the_same_each_time(frame: Frame) -> None:
    pictures = []
    for _ in range(2):
        easel = easel_with(frame)
        pictures.append(easel.bytes("png", 2))
        easel.close()
    assert pictures[0] == pictures[1]
    pixels = pixels_of(pictures[0])
    assert pixels.shape == (2 * SIZE[1], 2 * SIZE[0], 3)
    assert (pixels[-1] == 255).all()
    # Four corners of one pixel are hardly ever alike where lines and letters are drawn anew at twice the size.
    blocks = pixels.reshape(SIZE[1], 2, SIZE[0], 2, 3)
    assert (blocks[:, 0] != blocks[:, 1]).any(axis=-1).mean() > 0.01


def test_the_recorded_picture_is_the_one_on_the_screen(frame: Frame) -> None:
    """Widgets paint on the screen themselves; what was recorded from them is painted beside it."""
    easel = easel_with(frame)
    screen = easel.image(1)
    sketch = easel.sketch()
    easel.close()
    again = QImage(QSize(*SIZE), QImage.Format.Format_RGB32)
    again.fill(QColor(PRINT.window))
    with QPainter(again) as painter:
        sketch.paint(painter)
    one, two = (np.frombuffer(image.constBits(), np.uint8).reshape(SIZE[1], SIZE[0], 4) for image in (screen, again))
    differs = (np.abs(one.astype(int) - two) > 96).any(axis=-1)
    assert differs.mean() < 0.004


def test_nothing_spills_out_of_its_card_in_an_svg(frame: Frame, tmp_path: Path) -> None:
    if shutil.which("rsvg-convert") is None:
        pytest.skip("rsvg-convert is not here")
    easel = easel_with(frame)
    direct = pixels_of(easel.bytes("png"))
    (tmp_path / "page.svg").write_bytes(easel.bytes("svg"))
    easel.close()
    subprocess.run(["rsvg-convert", "-o", "page.png", "page.svg"], cwd=tmp_path, check=True, timeout=60)
    pixels = pixels_of((tmp_path / "page.png").read_bytes())
    assert pixels.shape == direct.shape
    assert (np.abs(pixels.astype(int) - direct).max(axis=-1) > 96).mean() < 0.02


def test_a_part_of_a_page_has_its_own_picture(frame: Frame) -> None:
    pictures = []
    for part in ["", *[part.id for part in parts_of("pipeline")][-3:]]:
        easel = easel_with(frame, parts=(part,) if part else ())
        pixels = pixels_of(easel.bytes("png"))
        easel.close()
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 20
        pictures.append(pixels.tobytes())
    assert len(set(pictures)) == 4


def test_the_whole_window_has_its_menus_and_its_note(frame: Frame) -> None:
    around = Around({id: id.title() for id in BUTTONS}, ("&File", "&Edit"), "A note of its own")
    easel = easel_with(frame, around=around)
    root = ET.fromstring(easel.bytes("svg"))
    easel.close()
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    for word in ("ile", "Run", "A note of its own", SCENE.title, "draws", "Drama"):
        assert word in words, word


def test_scale_1_is_what_the_screen_shows(board: Board) -> None:
    grabbed = board.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert image_of(board) == grabbed


def test_a_large_png_comes_back_to_the_last_digit(tmp_path: Path) -> None:
    generator = np.random.default_rng(4)
    pixels = generator.integers(0, 255, (700, 2_000, 4)).astype(np.uint8)
    image = QImage(pixels.data, 2_000, 700, 8_000, QImage.Format.Format_RGB32)
    shares: list[float] = []
    write_png(tmp_path / "large.png", image, shares.append)
    assert len(shares) > 1
    assert shares == sorted(shares)
    with Image.open(tmp_path / "large.png") as picture:
        assert picture.mode == "RGB"
        np.testing.assert_array_equal(np.asarray(picture), pixels[..., 2::-1])


def test_a_large_png_can_be_cancelled(tmp_path: Path) -> None:
    image = QImage(3_000, 2_000, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))

    def cancel(share: float) -> None:
        if share > 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_png(tmp_path / "large.png", image, cancel)
    assert list(tmp_path.iterdir()) == []
