"""``main.py --self-test``: is everything here that the program needs, and does it work? One line for each."""

from __future__ import annotations

import importlib.metadata
import io
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import numpy as np

import resources
from gumbelviz import __version__
from gumbelviz.app.library import BUILT_IN, load_builtin
from gumbelviz.app.screen import MissingLibrary, catch_fatal_messages, has_screen, import_qt
from gumbelviz.app.settings_file import NAME, settings_folder
from gumbelviz.lectures.built_in import load_story
from gumbelviz.model.numbers import write_count
from gumbelviz.model.preferences import read_preferences

LIBRARIES = ("PySide6-Essentials", "pyqtgraph", "numpy", "scipy", "msgspec")
SECONDS = 1.0
Line = tuple[bool, str, str]
"""Whether it is well, what was looked at, and what was found."""


def self_test(folder: Path | None) -> int:
    """Print a line for each part of the program; return 0 where all is well, else 1."""
    failed = []
    for check in (_versions, _paths, _resources, _settings, _engine, _animations, _screen):
        for well, what, found in _guarded(check, settings_folder(folder)):
            print(f"{'ok  ' if well else 'FAIL'}  {what:<10} {found}", flush=True)
            if not well:
                failed.append(what)
    print("Everything works." if not failed else f"Not everything works: {', '.join(dict.fromkeys(failed))}.")
    return 1 if failed else 0


def _guarded(check: Callable[[Path], Iterator[Line]], folder: Path) -> Iterator[Line]:
    try:
        yield from check(folder)
    except Exception as error:
        # What is broken here may be anything; the line says what, and the other checks go on.
        yield False, check.__name__.strip("_"), f"{type(error).__name__}: {' '.join(str(error).split())}"


def _versions(folder: Path) -> Iterator[Line]:
    yield True, "program", f"GumbelViz {__version__}, Python {platform.python_version()}, {platform.platform()}"
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            # The packaged program carries the libraries without their descriptions.
            found.append(f"{name} (packaged)")
    yield True, "libraries", ", ".join(found)


def _paths(folder: Path) -> Iterator[Line]:
    where = Path(sys.executable) if getattr(sys, "frozen", False) else Path(__file__).resolve().parents[2]
    yield True, "code", str(where)
    near = next(place for place in (folder, *folder.parents) if place.exists())
    if not os.access(near, os.W_OK):
        yield True, "settings", f"{folder}: nothing can be written there, so nothing will be remembered"
    elif folder.exists():
        yield True, "settings", f"{folder}: can be written"
    else:
        yield True, "settings", f"{folder}: not there yet, can be made"


def _resources(folder: Path) -> Iterator[Line]:
    options = [len(load_builtin(scene_id).settings.options) for scene_id in BUILT_IN]
    formulas = [resources.read_text("formulas", name) for name in resources.names("formulas") if name.endswith(".svg")]
    most = write_count(max(options))
    steps = len(load_story().steps)
    found = f"{len(options)} scenes with up to {most} options, {len(formulas)} formulas, a lecture of {steps} steps"
    yield True, "resources", found


def _settings(folder: Path) -> Iterator[Line]:
    path = folder / NAME
    if not path.exists():
        yield True, "choices", "none made yet, the usual ones hold"
        return
    _, skipped = read_preferences(path.read_bytes())
    yield True, "choices", f"{path.name} can be read" + (f"; skipped: {', '.join(skipped)}" if skipped else "")


def _engine(folder: Path) -> Iterator[Line]:
    from gumbelviz.engine.simulation import Simulation
    from gumbelviz.model.words import describe_agreement

    scene = load_builtin(BUILT_IN[0])
    simulation = Simulation(scene.settings)
    start = perf_counter()
    while (passed := perf_counter() - start) < SECONDS:
        simulation.advance(simulation.chunk)
    frame = simulation.frame()
    words, figures, _ = describe_agreement(frame.agreement)
    drawn = f"{write_count(frame.draws)} draws of “{scene.title}” in {passed:.1f} s"
    yield frame.agreement.verdict != "disagrees", "engine", f"{drawn}: {words} ({figures})"


def _animations(folder: Path) -> Iterator[Line]:
    """Write and read the two kinds of animation; their encoder is loaded for nothing else."""
    from PIL import Image

    from gumbelviz.app.export_apng import ApngWriter

    pixels = [np.full((8, 8, 3), shade, np.uint8) for shade in (40, 120, 200)]
    first, *others = (Image.fromarray(picture) for picture in pixels)
    gif = io.BytesIO()
    first.save(gif, "GIF", save_all=True, append_images=others, duration=100)
    writer = ApngWriter()
    for picture in pixels:
        writer.add(picture, 100)
    counts = {}
    for name, data in (("GIF", gif.getvalue()), ("APNG", writer.bytes())):
        with Image.open(io.BytesIO(data), formats=[name.removeprefix("A")]) as image:
            counts[name] = getattr(image, "n_frames", 1)
    words = ", ".join(f"{name} of {count} pictures" for name, count in counts.items())
    yield set(counts.values()) == {len(pixels)}, "animations", words


def _screen(folder: Path) -> Iterator[Line]:
    screen = has_screen()
    if not screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        import_qt()
    except MissingLibrary as missing:
        yield False, "Qt", str(missing)
        return
    # A screen that does not answer ends the process inside Qt: then this is the last line.
    catch_fatal_messages(code=1)
    from gumbelviz.app.start import end, make_application

    application = make_application()
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QFontDatabase

    from gumbelviz.views.look import FONT, bold_family

    yield True, "Qt", f"{qVersion()}, platform {application.platformName()}"
    if screen:
        for place in application.screens():
            size = place.size()
            yield True, "screen", f"{place.name()}: {size.width()}x{size.height()} at {place.devicePixelRatio():g}x"
    else:
        yield True, "screen", "none here; the window is drawn into memory instead"
    there = FONT in QFontDatabase.families()
    yield there, "fonts", f"{FONT} and {bold_family()}" if there else f"{FONT} could not be loaded"
    from gumbelviz.app.program import Program

    start = perf_counter()
    program = Program(load_builtin(BUILT_IN[0]), "light")
    try:
        program.window.resize(1280, 720)
        program.show_still(10_000)
        picture = program.window.grab().toImage()
    finally:
        end(application, program)
    colors = {picture.pixel(x, y) for x in range(0, picture.width(), 8) for y in range(0, picture.height(), 8)}
    yield len(colors) > 8, "window", f"drawn in {perf_counter() - start:.1f} s with {len(colors)} colours"
