"""Animations: as many pictures as were asked for, for as long, the same for the same seed, opened by Pillow."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from msgspec.structs import replace as with_fields
from PIL import Image
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from gumbelviz.app.export_animation import _Colors, write_animation
from gumbelviz.app.export_apng import ApngWriter
from gumbelviz.app.export_frames import make_frames
from gumbelviz.app.export_job import Cancelled, Direct
from gumbelviz.app.library import load_builtin
from gumbelviz.model.export import AnimationOrder, sweep_temperatures
from gumbelviz.model.learning_report import LearningReport
from gumbelviz.model.scene import Scene
from gumbelviz.views.look import FONT, PRINT, Look, load_fonts

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Result = TypeVar("Result")
SCENE = load_builtin("movie-night")
SIZE = (640, 400)
SWEEP = AnimationOrder("sweep", size=SIZE, seconds=0.7, rate=7, draws=500, start=5.0, end=0.0)


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def made(path: Path, order: AnimationOrder, parts: tuple[str, ...] = ()) -> Image.Image:
    write_animation(path, SCENE, "pipeline", order, Look(PRINT), 7, Direct(), parts)
    return Image.open(path)


def durations(picture: Image.Image) -> list[float]:
    found = []
    for place in range(picture.n_frames):  # type: ignore[attr-defined]
        picture.seek(place)
        found.append(float(picture.info["duration"]))
    return found


@pytest.mark.parametrize("suffix", [".gif", ".png"])
def test_pillow_finds_every_picture(tmp_path: Path, suffix: str) -> None:
    with made(tmp_path / f"sweep{suffix}", SWEEP) as picture:
        assert picture.format == {".gif": "GIF", ".png": "PNG"}[suffix]
        assert picture.size == SIZE
        assert picture.n_frames == SWEEP.frames  # type: ignore[attr-defined]
        assert picture.info["loop"] == 0
        assert sum(durations(picture)) == sum(SWEEP.durations())
        picture.seek(0)
        first = np.asarray(picture.convert("RGB")).astype(int)
        picture.seek(picture.n_frames - 1)  # type: ignore[attr-defined]
        last = np.asarray(picture.convert("RGB")).astype(int)
    # The ground stays white to the last digit, and something has moved.
    assert (first[-1] == 255).all()
    assert (last[-1] == 255).all()
    assert 0.001 < (np.abs(first - last).max(axis=-1) > 60).mean() < 0.5
    assert os.listdir(tmp_path) == [f"sweep{suffix}"]


def test_the_same_seed_gives_the_same_file(tmp_path: Path) -> None:
    order = replace(SWEEP, motion="stream", seconds=0.3, rate=10)
    made(tmp_path / "one.gif", order).close()
    made(tmp_path / "two.gif", order).close()
    assert (tmp_path / "one.gif").read_bytes() == (tmp_path / "two.gif").read_bytes()


def test_a_sweep_holds_the_draw_and_moves_the_temperature() -> None:
    pictures = list(make_frames(SCENE, "pipeline", SWEEP, 7))
    assert len(pictures) == SWEEP.frames
    taus = [scene.settings.temperature for scene, _ in pictures]
    assert tuple(taus) == sweep_temperatures(5.0, 0.0, SWEEP.frames)
    first = pictures[0][1].draw
    for _, frame in pictures:
        assert frame.draw.index == 7
        assert frame.draws == 500
        np.testing.assert_array_equal(frame.draw.noise, first.noise)
        # The temperature never changes who wins, in one draw and in all of them.
        assert frame.draw.winner == first.winner
        np.testing.assert_array_equal(frame.wins, pictures[0][1].wins)
    largest = [float(frame.draw.soft.max()) for _, frame in pictures]
    assert largest == sorted(largest)
    assert largest[-1] == 1.0


def test_a_stream_grows_and_keeps_each_draw_for_a_moment() -> None:
    order = replace(SWEEP, motion="stream", seconds=2.0, rate=10)
    frames = [frame for _, frame in make_frames(SCENE, "pipeline", order, 7)]
    sizes = [frame.draws for frame in frames]
    assert (sizes[0], sizes[-1]) == (1, 500)
    assert sizes == sorted(sizes)
    assert all(frame.draw.index < frame.draws for frame in frames)
    assert frames[-1].draw.index == 499
    assert len({frame.draw.index for frame in frames[8:12]}) == 1


def test_a_training_goes_from_its_first_step_to_its_last() -> None:
    scene = load_builtin("one-bit")
    choices = replace_choices(scene)
    order = replace(SWEEP, motion="training", seconds=0.5, rate=8)
    reports = [frame.study for _, frame in make_frames(choices, "learning", order, 0)]
    done = []
    for report in reports:
        assert isinstance(report, LearningReport)
        done.append(report.done)
    assert done == [0, 17, 33, 50]
    assert isinstance(reports[-1], LearningReport)
    assert reports[-1].progress == 1.0


def replace_choices(scene: Scene) -> Scene:
    settings = scene.settings
    learning = with_fields(settings.pages.learning, steps=50, repeats=2, batch=4)
    return with_fields(scene, settings=with_fields(settings, pages=with_fields(settings.pages, learning=learning)))


def test_where_nothing_moves_there_is_no_animation(tmp_path: Path) -> None:
    order = replace(SWEEP, start=1.0, end=1.0, extent="part")
    with pytest.raises(ValueError, match="Nothing moves in this picture"):
        made(tmp_path / "still.gif", order, ("hard", "draw"))
    assert os.listdir(tmp_path) == []


class Impatient(Direct):
    """Cancels after some reports."""

    def __init__(self, patience: int) -> None:
        self._left = patience

    def report(self, share: float) -> None:
        self._left -= 1
        if self._left < 0:
            raise Cancelled

    def on_screen(self, call: Callable[[], Result]) -> Result:
        return call()


def test_a_cancelled_animation_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sweep.gif"
    path.write_bytes(b"as it was")
    with pytest.raises(Cancelled):
        write_animation(path, SCENE, "pipeline", SWEEP, Look(PRINT), 7, Impatient(2))
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_bytes() == b"as it was"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        made(tmp_path / "nowhere" / "sweep.gif", replace(SWEEP, seconds=0.3))


def test_pictures_of_an_apng_come_back_to_the_last_digit() -> None:
    generator = np.random.default_rng(8)
    pictures = [np.full((40, 50, 3), 255, np.uint8)]
    for place in range(4):
        pictures.append(pictures[-1].copy())
        pictures[-1][5 * place : 5 * place + 9, 7:21] = generator.integers(0, 255, (9, 14, 3))
    pictures.insert(3, pictures[2])
    writer = ApngWriter()
    for place, pixels in enumerate(pictures):
        writer.add(pixels, 100 + place)
    with Image.open(io.BytesIO(writer.bytes())) as picture:
        # Of two that are alike the first stays longer.
        assert durations(picture) == [100.0, 101.0, 102.0 + 103.0, 104.0, 105.0]
        for place, pixels in enumerate([*pictures[:3], *pictures[4:]]):
            picture.seek(place)
            np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), pixels)


def test_colours_of_a_gif_are_exact_where_they_are_frequent() -> None:
    generator = np.random.default_rng(5)
    sample = np.full((60, 60, 3), 255, np.uint8)
    sample[:30] = (27, 36, 48)
    sample[50:] = generator.integers(0, 255, (10, 60, 3))
    colors = _Colors([sample])
    assert len(colors.table) <= 256
    shown = colors.table[colors.places(sample)]
    assert (shown[:50] == sample[:50]).all()
    # 600 others share what is left.
    assert np.abs(shown[50:] - sample[50:].astype(int)).mean() < 40
    np.testing.assert_array_equal(colors.places(sample), colors.places(sample))
