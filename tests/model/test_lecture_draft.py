"""A lecture while it is written: every change is a value, and every change can be taken back."""

from __future__ import annotations

import pytest

from gumbelviz.model import lecture_draft as drafts
from gumbelviz.model.lecture import Lecture, Question, Step, Task
from gumbelviz.model.lecture_draft import Draft, History, draft_of
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import make_settings

SCENE = Scene(title="Films", settings=make_settings((1.0, 2.0, 3.0)))


def step(title: str) -> Step:
    return Step(title=title, scene=SCENE)


def titles(draft: Draft) -> list[str]:
    return [one.title for one in draft.steps]


@pytest.fixture
def draft() -> Draft:
    return draft_of(Lecture(title="L", steps=(step("a"), step("b"), step("c"))))


def test_an_empty_draft_is_no_lecture_yet() -> None:
    with pytest.raises(ValueError, match="needs a step first"):
        _ = Draft().lecture
    assert drafts.remove(Draft()) == drafts.duplicate(Draft()) == drafts.change(Draft(), title="x") == Draft()
    assert drafts.insert(Draft(), step("a")).place == 0


def test_a_step_comes_in_after_the_one_in_front(draft: Draft) -> None:
    found = drafts.insert(drafts.choose(draft, 1), step("new"))
    assert titles(found) == ["a", "b", "new", "c"]
    assert found.place == 2
    assert found.lecture == Lecture(title="L", steps=found.steps)


def test_steps_are_copied_and_taken_away(draft: Draft) -> None:
    assert titles(drafts.duplicate(draft)) == ["a", "a", "b", "c"]
    last = drafts.remove(drafts.choose(draft, 2))
    assert (titles(last), last.place) == (["a", "b"], 1)
    for _ in range(2):
        last = drafts.remove(last)
    assert (last.steps, last.place, last.step) == ((), -1, None)


@pytest.mark.parametrize(
    ("source", "target", "order"),
    [(0, 2, "bca"), (2, 0, "cab"), (1, 1, "abc"), (0, 9, "bca"), (7, 0, "abc"), (1, -3, "bac")],
)
def test_a_step_is_moved(draft: Draft, source: int, target: int, order: str) -> None:
    found = drafts.move(draft, source, target)
    assert "".join(titles(found)) == order
    if source < 3:
        assert found.step is not None
        assert found.step.title == "abc"[source]


def test_ids_stand_in_the_order_of_the_table(draft: Draft) -> None:
    for name in ("draw", "soft", "hard"):
        draft = drafts.toggle(draft, "parts", name, True)
    assert draft.step is not None
    assert draft.step.parts == ("hard", "soft", "draw")
    draft = drafts.toggle(draft, "parts", "soft", False)
    draft = drafts.toggle(draft, "controls", "run", True)
    draft = drafts.toggle(draft, "controls", "temperature", True)
    assert draft.step is not None
    assert (draft.step.parts, draft.step.controls) == (("hard", "draw"), ("temperature", "run"))
    assert drafts.toggle(draft, "title", "x", True) == draft


def test_a_task_comes_and_goes(draft: Draft) -> None:
    assert drafts.set_task(draft, text="x") == draft
    found = drafts.set_task(draft, when="draws", value=100.0)
    found = drafts.set_task(found, text="Draw.")
    assert found.step is not None
    assert found.step.task == Task(text="Draw.", when="draws", value=100.0)
    assert drafts.set_task(found, when=None) == draft


def test_a_question_keeps_a_right_answer_that_is_there(draft: Draft) -> None:
    found = drafts.set_question(draft, kind="answers")
    found = drafts.set_question(found, answers=("yes", "no", "both"), text="Well?")
    found = drafts.set_question(found, right=2)
    assert found.step is not None
    assert found.step.question == Question(text="Well?", kind="answers", answers=("yes", "no", "both"), right=2)
    fewer = drafts.set_question(found, answers=("yes", "no"))
    assert fewer.step is not None
    assert fewer.step.question is not None
    assert fewer.step.question.right == 0
    bars = drafts.set_question(found, kind="frequencies")
    assert bars.step is not None
    assert bars.step.question == Question(text="Well?", kind="frequencies")
    assert drafts.set_question(bars, kind=None) == draft


def test_another_state_leaves_words_and_drops_parts_that_its_page_has_not(draft: Draft) -> None:
    mine = drafts.change(draft, words="Mine", parts=("soft", "draw"), controls=("temperature", "run", "noise"))
    taken = Step(title="x", scene=Scene(title="y", page="simplex", settings=SCENE.settings), draw=4, draws=9)
    found = drafts.retake(mine, taken).step
    assert found is not None
    assert (found.title, found.words, found.scene.title, found.scene.page) == ("a", "Mine", "Films", "simplex")
    assert (found.parts, found.controls, found.draw, found.draws) == (("draw",), ("temperature", "run"), 4, 9)


def test_typing_is_one_step_back_and_everything_can_be_done_again(draft: Draft) -> None:
    history = History(draft)
    for text in ("H", "Hi"):
        history.put(drafts.change(history.draft, title=text), ("title", 0))
    history.put(drafts.choose(history.draft, 1))
    history.put(drafts.remove(history.draft))
    assert titles(history.draft) == ["Hi", "c"]
    history.undo()
    assert titles(history.draft) == ["Hi", "b", "c"]
    history.undo()
    assert (titles(history.draft), history.can_undo) == (["a", "b", "c"], False)
    history.undo()
    history.redo()
    history.redo()
    assert titles(history.draft) == ["Hi", "c"]
    assert not history.can_redo
    history.undo()
    history.put(drafts.change(history.draft, title="other"))
    assert not history.can_redo
