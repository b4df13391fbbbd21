"""A lecture on paper: a page for each step, numbered, with its words and none of a stranger's tricks."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace as with_fields
from PIL import Image
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from gumbelviz.app.cli import main
from gumbelviz.app.export_handout import handout_bytes
from gumbelviz.app.export_job import Direct
from gumbelviz.app.library import load_builtin
from gumbelviz.lectures.built_in import load_story
from gumbelviz.lectures.lecture_file import write_lecture
from gumbelviz.model.export import HandoutOrder
from gumbelviz.model.lecture import Lecture, Question, Step, Task
from gumbelviz.views.look import FONT, load_fonts

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SCENE = load_builtin("two-options")
STEPS = (
    Step(
        title="A title of {name:1}", words="Words with **weight** and <b>no tags</b>.\n\n![image](http://x/y.png)",
        notes="Only the speaker sees this.", scene=SCENE, parts=("scores", "draw"),
        task=Task(text="Drag something.", when="score changed"),
        question=Question(text="Which one?", kind="answers", answers=("This one", "That one"), right=0),
    ),
    Step(title="Second", words="\n\n".join(f"Paragraph {k} of very many." for k in range(60)), scene=SCENE, draws=50),
)  # fmt: skip
LECTURE = Lecture(title="A lecture of our own", steps=STEPS)


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def boxes_of(data: bytes) -> list[list[float]]:
    """The sizes of the pages, as the file itself says."""
    return [[float(number) for number in box.split()] for box in re.findall(rb"/MediaBox \[([^\]]*)\]", data)]


def words_of(data: bytes, tmp_path: Path) -> list[str]:
    """What poppler reads on each page."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here")
    (tmp_path / "read.pdf").write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", "read.pdf", "-"], cwd=tmp_path, capture_output=True, check=True,
                          timeout=60)  # fmt: skip
    return done.stdout.decode().split("\f")[:-1]


@pytest.mark.parametrize(("paper", "size"), [("A4", (595.0, 842.0)), ("Letter", (612.0, 792.0))])
def test_a_page_for_each_step_on_the_paper_that_was_asked_for(paper: str, size: tuple[float, float]) -> None:
    lecture = with_fields(LECTURE, steps=STEPS[:1] * 2)
    data = handout_bytes(lecture, HandoutOrder(paper), Direct())  # type: ignore[arg-type]
    assert data.startswith(b"%PDF")
    boxes = boxes_of(data)
    assert len(boxes) == 2
    for box in boxes:
        assert box[2:] == pytest.approx(size, abs=1.0)


def test_words_and_notes(tmp_path: Path) -> None:
    plain, *_ = words_of(handout_bytes(LECTURE, HandoutOrder(), Direct()), tmp_path)
    for words in ("A title of " + SCENE.settings.names[0], "with weight and", "no tags", "Drag something.",
                  "Which one?", "That one", LECTURE.title):  # fmt: skip
        assert words in " ".join(plain.split()), words
    # Markup of a stranger is text, and nothing is fetched.
    assert "b>no tags" in " ".join(plain.split())
    assert "Only the speaker" not in plain
    noted, *_ = words_of(handout_bytes(LECTURE, HandoutOrder(notes=True), Direct()), tmp_path)
    assert "Only the speaker sees this." in " ".join(noted.split())


def test_many_words_go_on_on_another_page(tmp_path: Path) -> None:
    step = with_fields(STEPS[1], words="\n\n".join(f"Paragraph {k} of very many. " * 12 for k in range(90)))
    pages = words_of(handout_bytes(with_fields(LECTURE, steps=(step,)), HandoutOrder(), Direct()), tmp_path)
    assert len(pages) >= 2
    assert sum(page.count("of very many.") for page in pages) == 90 * 12


def test_the_picture_is_there(tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not here")
    (tmp_path / "handout.pdf").write_bytes(
        handout_bytes(with_fields(LECTURE, steps=STEPS[:1]), HandoutOrder(), Direct())
    )
    done = subprocess.run(["pdftoppm", "-r", "72", "-png", "handout.pdf"], cwd=tmp_path, capture_output=True,
                          check=True, timeout=60)  # fmt: skip
    pixels = np.asarray(Image.open(io.BytesIO(done.stdout)).convert("RGB")).astype(int)
    colored = np.ptp(pixels, axis=-1) > 60
    rows = np.flatnonzero(colored.any(axis=1))
    # Bars in the colours of the options, in the upper half, between the margins.
    assert colored.mean() > 0.005
    assert rows.max() < 0.6 * len(pixels)
    assert not colored[:, :40].any()


def test_the_command_prints_a_lecture_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.lecture").write_bytes(write_lecture(with_fields(LECTURE, steps=STEPS[:1])))
    output = tmp_path / "own.pdf"
    assert main(["handout", str(tmp_path / "own.lecture"), "--output", str(output), "--paper", "letter"]) == 0
    assert capfd.readouterr().err == ""
    assert boxes_of(output.read_bytes())[0][2:] == pytest.approx([612.0, 792.0], abs=1.0)
    assert sorted(os.listdir(tmp_path)) == ["own.lecture", "own.pdf"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Say where the handout goes"),
        (["--output", "handout.png"], "must end in .pdf"),
        (["--output", "nowhere/handout.pdf"], "no folder"),
        (["--output", "handout.pdf", "--paper", "A5"], "no paper"),
        (["stroy", "--output", "handout.pdf"], "did you mean"),
        (["missing.lecture", "--output", "handout.pdf"], "There is no file"),
        (["broken.lecture", "--output", "handout.pdf"], "broken.lecture"),
        (["scene.gumbel", "--output", "handout.pdf"], "is no lecture"),
    ],
)
def test_bad_usage_is_one_sentence_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.lecture").write_bytes(b"{")
    (tmp_path / "scene.gumbel").write_bytes(b"{}")
    assert main(["handout", *words]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert sentence in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert sorted(os.listdir(tmp_path)) == ["broken.lecture", "scene.gumbel"]


@pytest.mark.long
def test_the_story_has_as_many_pages_as_steps() -> None:
    story = load_story()
    assert len(boxes_of(handout_bytes(story, HandoutOrder(notes=True), Direct()))) == len(story.steps)
