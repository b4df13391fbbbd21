"""A lecture of one's own, made in the dock: captured, ordered, written, saved as one file, opened and played."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from gumbelviz.app.lecture_editor import LectureEditor, describe_state
from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.lectures.built_in import load_story
from gumbelviz.lectures.lecture_file import read_lecture, write_lecture
from gumbelviz.model.lecture import Lecture, Step
from gumbelviz.model.settings import clean_text


class Author:
    """A program with its dock open, and what a person does there."""

    def __init__(self) -> None:
        self.program = Program(load_builtin("movie-night"))
        self.program.window.resize(1280, 800)
        self.program.window.show()
        self.program.show_still(300)
        self.editor: LectureEditor = self.program.lecture_editor
        self.editor.toggle()
        self.dock = self.editor.dock
        QApplication.processEvents()

    def press(self, *names: str) -> None:
        for name in names:
            QTest.mouseClick(self.dock.buttons[name], Qt.MouseButton.LeftButton)

    @property
    def step(self) -> Step:
        assert self.editor.draft.step is not None
        return self.editor.draft.step

    def titles(self) -> list[str]:
        shown = [self.dock.steps.item(i).text() for i in range(self.dock.steps.count())]
        assert shown == [step.title for step in self.editor.draft.steps]
        return shown


@pytest.fixture
def author(qtbot: QtBot) -> Iterator[Author]:
    made = Author()
    yield made
    made.program.stop()
    made.program.window.hide()
    made.program.window.deleteLater()
    QApplication.processEvents()


def named(author: Author, *titles: str) -> None:
    for title in titles:
        author.press("capture")
        author.editor.wish("title", title)


def test_the_menu_shows_and_hides_the_dock(author: Author) -> None:
    action = author.program.actions["lecture edit"]
    assert author.dock.isVisible()
    assert action.isChecked()
    action.trigger()
    assert not author.dock.isVisible()
    assert not action.isChecked()
    action.trigger()
    author.dock.close()
    assert not action.isChecked()


def test_the_present_state_is_captured(author: Author) -> None:
    author.program.store.edit("temperature", 0.25)
    author.program.store.watch(running=False, cursor=17)
    author.program.turn("simplex")
    author.press("capture")
    step, state = author.step, author.program.store.state
    assert step.scene.settings == state.settings
    assert (step.scene.page, step.draw, step.running, step.draws) == ("simplex", 17, False, 300)
    author.program.store.edit("temperature", 3.0)
    author.editor.wish("words", "Mine")
    author.press("retake")
    assert (author.step.scene.settings.temperature, author.step.words) == (3.0, "Mine")
    assert "simplex" in author.dock.picture._state.text()


def test_steps_are_ordered_by_dragging_and_by_keys(author: Author) -> None:
    named(author, "a", "b", "c")
    assert author.titles() == ["a", "b", "c"]
    author.dock.steps.drop(2, 0)
    assert author.titles() == ["c", "a", "b"]
    assert author.step.title == "c"
    author.dock.steps.drop(0, 3)
    assert author.titles() == ["a", "b", "c"]
    author.dock.steps.setFocus()
    QTest.keyClick(author.dock.steps, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert author.titles() == ["a", "c", "b"]
    QTest.keyClick(author.dock.steps, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(author.dock.steps, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert author.titles() == ["a", "b", "c"]
    QTest.keyClick(author.dock.steps, Qt.Key.Key_Up)
    assert author.step.title == "b"


def test_steps_are_renamed_copied_taken_away_and_brought_back(author: Author) -> None:
    named(author, "a", "b")
    author.dock.steps.item(0).setText("first")
    assert author.titles() == ["first", "b"]
    author.press("duplicate")
    assert author.titles() == ["first", "first", "b"]
    author.press("remove", "remove")
    assert author.titles() == ["first"]
    author.press("undo", "undo")
    assert author.titles() == ["first", "first", "b"]
    author.press("redo")
    assert author.titles() == ["first", "b"]
    QTest.keyClick(author.dock.steps, Qt.Key.Key_Delete)
    assert len(author.titles()) == 1


def test_words_are_typed_and_shown_as_they_will_be_read(author: Author) -> None:
    named(author, "a")
    QTest.keyClicks(author.dock.words.words, "Only **tau** moves.")
    assert author.step.words == "Only **tau** moves."
    assert author.dock.words.preview.text == "Only tau moves."
    author.press("undo")
    assert author.step.words == author.dock.words.words.toPlainText() == ""
    author.dock.words.words.setPlainText("<img src=x> <b>loud</b> ![p](http://a/b.png)")
    assert "<img src=x>" in author.dock.words.preview.text
    assert "http" in author.dock.words.preview.text
    author.dock.words.notes.setPlainText("For me")
    assert author.step.notes == "For me"


def test_parts_highlights_and_controls_are_ticked(author: Author) -> None:
    named(author, "a")
    boxes = author.dock.picture.boxes
    for field, name in (("parts", "soft"), ("parts", "draw"), ("highlight", "soft"), ("controls", "temperature")):
        boxes[field, name].click()
    assert (author.step.parts, author.step.highlight, author.step.controls) == (
        ("soft", "draw"), ("soft",), ("temperature",)
    )  # fmt: skip
    boxes["parts", "soft"].click()
    assert author.step.parts == ("draw",)
    author.program.turn("noise")
    named(author, "b")
    assert ("parts", "density") in author.dock.picture.boxes
    assert ("parts", "soft") not in author.dock.picture.boxes


def test_tasks_and_questions_are_written(author: Author) -> None:
    named(author, "a")
    task = author.dock.task
    author.dock.tabs.setCurrentIndex(2)
    choose(task.task, "temperature below")
    QTest.keyClicks(task.task_text, "Drag it.")
    task.value.setFocus()
    task.value.clear()
    QTest.keyClicks(task.value, "0.3")
    QTest.keyClick(task.value, Qt.Key.Key_Return)
    assert author.step.task is not None
    assert (author.step.task.when, author.step.task.text, author.step.task.value) == (
        "temperature below", "Drag it.", 0.3
    )  # fmt: skip
    choose(task.question, "answers")
    assert "answers" in author.dock.advice
    QTest.keyClicks(task.question_text, "Who?")
    task.answers.setPlainText("One\nTwo\nThree")
    task.right.setCurrentIndex(1)
    task.right.activated.emit(1)
    question = author.step.question
    assert question is not None
    assert (question.text, question.answers, question.right) == ("Who?", ("One", "Two", "Three"), 1)
    assert author.dock.advice == ""
    choose(task.question, None)
    choose(task.task, None)
    found = author.step
    assert found.task is None
    assert found.question is None


def choose(combo: object, kind: str | None) -> None:
    from PySide6.QtWidgets import QComboBox

    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex([combo.itemData(i) for i in range(combo.count())].index(kind))
    combo.activated.emit(combo.currentIndex())


def test_a_lecture_is_saved_as_one_file_and_comes_back(
    author: Author, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(author, "a", "b")
    author.editor.wish("lecture title", "Two steps: a/b")
    assert author.editor.edited
    assert author.dock.windowTitle().endswith("edited")
    asked: list[str] = []

    def answer(_parent: object, _title: str, name: str, _filter: str) -> tuple[str, str]:
        asked.append(name)
        return str(tmp_path / "mine"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    author.press("save")
    assert asked == ["Two steps a b.lecture"]
    path = tmp_path / "mine.lecture"
    assert read_lecture(path.read_bytes()) == author.editor.draft.lecture
    assert author.dock.windowTitle() == "Lecture: mine.lecture"
    before = author.editor.draft
    author.editor.new()
    assert author.editor.draft.steps == ()
    document = author.program.store.state
    author.program.files.open_path(path)
    assert author.editor.draft.lecture == before.lecture
    assert author.program.store.state == document


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"format": "gumbelviz lecture", "version": 9}', b"\xff\xfe", b"[" * 500]
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_changes_nothing(
    author: Author, tmp_path: Path, data: bytes
) -> None:
    named(author, "a")
    before, path = author.editor.draft, tmp_path / "bad.lecture"
    path.write_bytes(data)
    author.program.files.open_path(path)
    assert "bad.lecture" in author.program.window.message
    assert "\n" not in author.program.window.message
    assert author.editor.draft == before


def test_what_was_written_is_not_lost_without_a_question(
    author: Author, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(author, "a")
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: answers.pop(0))
    author.press("new")
    assert author.titles() == ["a"]
    assert not author.program.window.close()
    author.press("new")
    assert author.titles() == []
    assert not answers


def test_a_failed_save_keeps_everything(author: Author, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named(author, "a")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "mine.lecture"), ""))
    author.press("save")
    assert "could not be saved" in author.program.window.message
    assert author.editor.edited
    author.editor.wish("title", "")
    author.editor.wish("title", "x" * 300)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.lecture"), ""))
    author.press("save")
    assert "Step 1" in author.program.window.message
    assert not (tmp_path / "mine.lecture").exists()


def test_a_lecture_is_played_from_the_step_in_front(author: Author) -> None:
    named(author, "a", "b")
    document = author.program.store.state
    author.press("play")
    mode = author.program.lecture
    assert mode.on
    assert (mode.lecture.steps, mode.place) == (author.editor.draft.steps, 1)
    assert not author.dock.isVisible()
    author.editor.wish("capture")
    assert author.titles() == ["a", "b"]
    mode.leave()
    assert author.dock.isVisible()
    assert author.program.store.state.scene == document.scene


def test_a_step_is_visited_changed_and_taken_again(author: Author) -> None:
    author.editor.take(load_story())
    author.editor.wish("choose", 6)
    step = author.step
    author.press("visit")
    assert author.program.store.state.settings == step.scene.settings
    author.program.store.edit("temperature", 2.0)
    author.press("retake")
    assert author.step.scene.settings.temperature == 2.0
    assert author.step.words == step.words


def test_names_from_strangers_are_shown_as_text(author: Author, tmp_path: Path) -> None:
    story = load_story()
    steps = (Step(title="<b>loud</b>", words="<script>x</script>", scene=story.steps[0].scene),)
    path = tmp_path / "theirs.lecture"
    path.write_bytes(write_lecture(Lecture(title="<i>t</i>", steps=steps)))
    author.program.files.open_path(path)
    assert author.titles() == ["<b>loud</b>"]
    assert author.dock.title.text() == "<i>t</i>"
    assert "<script>x</script>" in clean_text(author.dock.words.preview.text)


def test_every_step_of_the_story_can_be_told_and_is_right(author: Author) -> None:
    author.editor.take(load_story())
    for place in range(len(load_story().steps)):
        author.editor.wish("choose", place)
        assert author.dock.advice == ""
        assert describe_state(author.step).endswith(".")
        assert author.step == load_story().steps[place]
