"""Getting things out of a window that is open: it is left alone, and what goes wrong is one sentence."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from gumbelviz.app.export_words import failure, file_name
from gumbelviz.app.exporter import Exporter
from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.model.export import AnimationOrder, DataOrder, PictureOrder
from gumbelviz.model.settings import make_settings
from gumbelviz.views.dialogs.export_animation import AnimationDialog
from gumbelviz.views.dialogs.export_data import DataDialog
from gumbelviz.views.dialogs.export_handout import HandoutDialog
from gumbelviz.views.dialogs.export_picture import PictureDialog
from gumbelviz.views.look import DARK, FONT, load_fonts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SCENE = load_builtin("movie-night")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


@pytest.fixture
def program(qapp: QApplication) -> Iterator[Program]:
    made = Program(SCENE, "dark")
    made.window.resize(1280, 720)
    made.window.show()
    made.show_still(2_000)
    yield made
    end(qapp, made)


@pytest.fixture
def save_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Answer the next question for a file."""

    def answer(name: str) -> Path:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: (str(tmp_path / name), ""))
        return tmp_path / name

    return answer


def done(qtbot: QtBot, exporter: Exporter) -> None:
    qtbot.waitUntil(lambda: exporter._job is None, timeout=60_000)


def test_a_picture_is_saved_and_the_window_is_left_alone(
    program: Program, save_to: Callable[[str], Path], tmp_path: Path
) -> None:
    window = program.window
    before, geometry = window.grab().toImage(), window.geometry()
    program.actions["export picture"].trigger()
    dialog = program.exporter.dialog
    assert isinstance(dialog, PictureDialog)
    assert dialog.preview is not None
    assert dialog.preview.accessibleDescription().endswith("pixels")
    assert dialog.problem.text() == ""
    # The suffix that is typed decides.
    path = save_to("page.svg")
    QTest.mouseClick(dialog.save, LEFT)
    assert path.read_bytes().startswith(b"<?xml")
    assert window.message.startswith("Saved “page.svg”, ")
    window.quiet()
    QApplication.processEvents()
    assert window.geometry() == geometry
    assert window.grab().toImage() == before
    assert os.listdir(tmp_path) == ["page.svg"]
    assert program.exporter.dialog is None


def test_grounds_and_sizes_of_pictures(program: Program, tmp_path: Path) -> None:
    exporter, frame = program.exporter, program._frame
    assert frame is not None
    for ground, color in (("print", "#ffffff"), ("screen", DARK.window.lower())):
        for extent in ("page", "window", "part"):
            part = "soft" if extent == "part" else ""
            order = PictureOrder(extent, part, (800, 500), 2, ground)  # type: ignore[arg-type]
            path = tmp_path / f"{ground} {extent}.png"
            exporter.write_picture(path, order, SCENE, frame)
            with Image.open(path) as picture:
                assert picture.size == (1600, 1000)
                pixels = np.asarray(picture.convert("RGB"))
            known = QColor(color)
            is_ground = (pixels == (known.red(), known.green(), known.blue())).all(axis=-1)
            assert is_ground.mean() > 0.05, path.name
    assert exporter.dialog is None


def test_a_large_picture_is_compressed_beside_the_window(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    assert program._frame is not None
    order = PictureOrder(size=(1_000, 800), scale=4)
    program.exporter.write_picture(tmp_path / "large.png", order, SCENE, program._frame)
    assert program.exporter.progress is not None
    done(qtbot, program.exporter)
    with Image.open(tmp_path / "large.png") as picture:
        assert picture.size == (4_000, 3_200)
    assert program.window.message.startswith("Saved “large.png”")


def test_a_picture_that_is_too_large_cannot_be_saved(program: Program) -> None:
    program.actions["export picture"].trigger()
    dialog = program.exporter.dialog
    assert isinstance(dialog, PictureDialog)
    dialog.width_field.entered.emit(7_000.0)
    dialog.height_field.entered.emit(7_000.0)
    assert "million" in dialog.problem.text()
    assert not dialog.save.isEnabled()
    dialog.width_field.entered.emit(1_600.5)
    assert "whole number" in dialog.problem.text()
    dialog.width_field.entered.emit(800.0)
    dialog.height_field.entered.emit(600.0)
    assert dialog.problem.text() == ""
    assert dialog.save.isEnabled()
    dialog.reject()


def test_the_keyboard_reaches_everything(program: Program, qtbot: QtBot) -> None:
    for command, kind in (("export picture", PictureDialog), ("export animation", AnimationDialog),
                          ("export data", DataDialog), ("export handout", HandoutDialog)):  # fmt: skip
        program.actions[command].trigger()
        dialog = program.exporter.dialog
        assert isinstance(dialog, kind)
        dialog.activateWindow()
        seen = set()
        for _ in range(40):
            QTest.keyClick(dialog, Qt.Key.Key_Tab)
            focus = dialog.focusWidget()
            assert focus is not None
            assert focus.accessibleName(), focus
            seen.add(focus)
        assert {dialog.save, dialog.cancel} <= seen
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: program.exporter.dialog is None, timeout=5_000)


def test_copies(program: Program) -> None:
    # What is said afterwards takes a line from the page.
    size = program.window.pages.size()
    program.actions["copy picture"].trigger()
    image = QApplication.clipboard().image()
    assert image.size() == size * 2
    assert image.pixelColor(image.width() // 2, image.height() - 1) == QColor("white")
    assert "on the clipboard" in program.window.message
    for library, word in (("numpy", "import numpy"), ("torch", "import torch"), ("jax", "import jax")):
        program.actions[f"copy {library}"].trigger()
        assert word in QApplication.clipboard().text()
    assert "JAX" in program.window.message
    QApplication.clipboard().clear()


def test_tallies_are_those_of_the_screen(program: Program, save_to: Callable[[str], Path]) -> None:
    program.actions["export data"].trigger()
    dialog = program.exporter.dialog
    assert isinstance(dialog, DataDialog)
    path = save_to("tallies")
    QTest.mouseClick(dialog.save, LEFT)
    frame = program._frame
    assert frame is not None
    with (path.parent / "tallies.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["wins"]) for row in rows] == frame.wins.tolist()


def test_draws_are_made_beside_the_window(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    exporter, frame = program.exporter, program._frame
    assert frame is not None
    exporter.write_data(tmp_path / "newest.npz", DataOrder("newest", 5_000), SCENE, frame)
    assert exporter.progress is not None
    with pytest.raises(ValueError, match="Another export is being made"):
        exporter.write_data(tmp_path / "second.npz", DataOrder("generated", 10), SCENE, frame)
    done(qtbot, exporter)
    assert program.window.message.startswith("Saved “newest.npz”")
    with np.load(tmp_path / "newest.npz", allow_pickle=False) as archive:
        # There are no more than that.
        assert archive["soft"].shape == (2_000, 3)
        assert int(archive["first"]) == 0
        assert np.bincount(archive["winner"], minlength=3).tolist() == frame.wins.tolist()
    assert os.listdir(tmp_path) == ["newest.npz"]


def test_cancel_leaves_nothing(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    exporter, frame = program.exporter, program._frame
    assert frame is not None
    exporter.write_data(tmp_path / "draws.csv", DataOrder("generated", 10_000_000), SCENE, frame)
    dialog = exporter.progress
    assert dialog is not None
    qtbot.waitUntil(lambda: "%" in dialog.said, timeout=20_000)
    QTest.mouseClick(dialog.cancel, LEFT)
    done(qtbot, exporter)
    assert os.listdir(tmp_path) == []
    assert "cancelled" in program.window.message


def test_what_cannot_be_written_is_one_sentence(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    exporter, frame = program.exporter, program._frame
    assert frame is not None
    nowhere = tmp_path / "nowhere"
    with pytest.raises(ValueError, match=r"could not be saved to .*No such file"):
        exporter.write_picture(nowhere / "page.png", PictureOrder(size=(400, 300)), SCENE, frame)
    assert QApplication.overrideCursor() is None
    exporter.write_data(nowhere / "draws.csv", DataOrder("generated", 10), SCENE, frame)
    done(qtbot, exporter)
    assert "could not be saved to" in program.window.message
    assert program.window.message.count(".") <= 4
    assert os.listdir(tmp_path) == []


def test_an_animation_is_made_while_the_window_is_used(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    order = AnimationOrder(size=(400, 300), seconds=0.8, rate=5, draws=200)
    program.exporter.write_animation(tmp_path / "sweep.gif", order, SCENE, "pipeline", 7)
    # The document goes on to something else meanwhile; the animation is of what it was.
    program.store.open(load_builtin("two-options"))
    done(qtbot, program.exporter)
    with Image.open(tmp_path / "sweep.gif") as picture:
        assert picture.size == (400, 300)
        assert picture.n_frames == 4  # type: ignore[attr-defined]
    assert os.listdir(tmp_path) == ["sweep.gif"]
    assert len([widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]) == 1


def test_closing_the_window_during_an_animation(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    program = Program(SCENE)
    program.window.show()
    program.show_still(2_000)
    order = AnimationOrder(size=(400, 300), seconds=20.0, rate=20, draws=2_000)
    program.exporter.write_animation(tmp_path / "sweep.gif", order, SCENE, "pipeline", 7)
    dialog = program.exporter.progress
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.said not in ("Starting", "0%"), timeout=30_000)
    program.window.close()
    end(qapp, program)
    # Threads and windows that are left behind are looked for after every test.
    assert os.listdir(tmp_path) == []


def test_a_handout_is_printed_beside_the_window(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    from gumbelviz.model.export import HandoutOrder
    from gumbelviz.model.lecture import Lecture, Step

    lecture = Lecture(title="Short", steps=(Step(title="One", scene=load_builtin("two-options")),))
    program.exporter.write_handout(tmp_path / "short.pdf", lecture, HandoutOrder())
    done(qtbot, program.exporter)
    assert (tmp_path / "short.pdf").read_bytes().startswith(b"%PDF")


def test_too_many_options_for_code(program: Program) -> None:
    scene = load_builtin("movie-night")
    program.store.open(type(scene)(title="Many", settings=make_settings([0.01 * k for k in range(101)])))
    program.actions["copy numpy"].trigger()
    # The frame of the scene before does not fit any more, and is not taken for one that does.
    assert "try again in a moment" in program.window.message
    program.show_still(10)
    program.actions["copy numpy"].trigger()
    assert "up to 100 options" in program.window.message


def test_export_has_its_shortcuts(program: Program) -> None:
    assert program.actions["export picture"].shortcut() == QKeySequence("Ctrl+E")
    assert program.actions["export data"].shortcut() == QKeySequence("Ctrl+Shift+E")
    assert program.actions["copy picture"].shortcut() == QKeySequence("Ctrl+Shift+C")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Movie night", "Movie night"),
        ("../../etc/passwd", "etc passwd"),
        ('a\\b:c*d?e"f<g>h|i', "a b c d e f g h i"),
        (" .hidden. ", "hidden"),
        ("\n\t", "GumbelViz"),
        ("x" * 300, "x" * 80),
    ],
)
def test_titles_of_strangers_are_only_names(title: str, name: str) -> None:
    assert file_name(title) == name


@pytest.mark.parametrize("error", [OSError(28, "No space left"), MemoryError(), ValueError("So."), KeyError()])
def test_every_failure_is_a_sentence(error: Exception) -> None:
    sentence = failure(error, Path("x.png"))
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_the_easel_does_not_make_the_window_blink(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the window on the screen is painted, resized or dressed while a picture is made."""
    frame = program._frame
    assert frame is not None
    touched: list[str] = []
    monkeypatch.setattr(program.window, "set_look", lambda look: touched.append("look"))
    monkeypatch.setattr(program.window, "resizeEvent", lambda event: touched.append("size"))
    monkeypatch.setattr(program.window, "paintEvent", lambda event: touched.append("paint"))
    image = program.exporter._studio.image(PictureOrder(size=(700, 400), scale=1), SCENE, frame)
    assert isinstance(image, QImage)
    assert touched == []
