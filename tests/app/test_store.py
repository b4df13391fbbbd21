"""The one mutable cell: edits, the way back, and who hears of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from gumbelviz.app import store as store_module
from gumbelviz.app.store import MOST_UNDO, State, Store
from gumbelviz.model import learning_choices, noise_choices, precision_choices, simplex_choices, temperature_choices
from gumbelviz.model.edits import EDITS
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, Transport, make_settings

SETTINGS = make_settings([1.0, 2.0, 3.0])
SCENE = Scene(title="Test", settings=SETTINGS)


def make_store() -> Store:
    return Store(SCENE, Transport())


def labels(store: Store) -> tuple[str | None, str | None]:
    """What Undo and Redo would say."""
    return store.undo_label, store.redo_label


def is_edited(store: Store) -> bool:
    return store.state.edited


def temperature(store: Store) -> float:
    return store.state.settings.temperature


def test_a_new_store_holds_the_scene_and_no_way_back() -> None:
    state = make_store().state
    assert (state.scene, state.saved, state.path, state.revision) == (SCENE, SCENE, None, 0)
    assert state.settings is SETTINGS
    assert not state.edited
    assert labels(make_store()) == (None, None)


def test_edit_undo_redo() -> None:
    store = make_store()
    store.edit("temperature", 1.0)
    store.edit("logit", (0, 4.0))
    assert store.undo_label == EDITS["logit"][1]
    assert store.redo_label is None
    both = store.state.settings
    store.undo()
    assert store.state.settings == make_settings([1.0, 2.0, 3.0], temperature=1.0)
    assert labels(store) == (EDITS["temperature"][1], EDITS["logit"][1])
    store.undo()
    assert store.state.settings == SETTINGS
    assert labels(store) == (None, EDITS["temperature"][1])
    store.redo()
    store.redo()
    assert store.state.settings == both
    assert store.redo_label is None


def test_with_nothing_to_undo_or_redo_nothing_happens() -> None:
    store = make_store()
    store.listen(lambda before, after: pytest.fail("nothing has changed"))
    store.undo()
    store.redo()
    assert store.state.revision == 0


def test_a_new_edit_forgets_what_was_undone() -> None:
    store = make_store()
    store.edit("temperature", 1.0)
    store.undo()
    store.edit("scale", 2.0)
    assert store.redo_label is None
    store.redo()
    assert (temperature(store), store.state.settings.scale) == (0.5, 2.0)


def test_every_row_of_the_table_can_be_undone() -> None:
    wishes: dict[str, Any] = {
        "temperature": 2.0, "anneal": 2.0, "location": 1.0, "scale": 2.0, "seed": 9, "score input": "probabilities",
        "logit": (0, 9.0), "probability": (0, 0.5), "pin": (0, 1.0), "unpin all": None, "rename": (0, "New"),
        "color": (0, 9), "add": None, "remove": 0, "move": (0, 1), "equalize": None, "ladder": None,
        "options": (SETTINGS.options[:2], "logits"), "place draw": ((0, 1), (0.3, 0.7), (0.1, 0.2)),
    }  # fmt: skip
    wishes |= {
        "temperature tab": "curves", "panel": (0, 0.3), "panel add": 2.0, "panel remove": 1, "schedule": "linear",
        "schedule draw": [0.1, 1.0, 0.5, 2.0], "schedule loop": True, "schedule start": 2.0, "schedule end": 0.3,
        "schedule rate": 1e-3, "schedule steps": 500.0, "schedule seconds": 3.0,
    }  # fmt: skip
    pages = (noise_choices, simplex_choices, temperature_choices, precision_choices, learning_choices)
    assert set(wishes) >= set(EDITS) - {name for page in pages for name in page.EDITS}
    for name, value in wishes.items():
        store = make_store()
        store.edit("pin", (1, 0.5))
        pinned = store.state.settings
        store.edit(name, value)
        assert store.state.settings != pinned
        assert store.undo_label == EDITS[name][1]
        store.undo()
        assert store.state.settings == pinned


# -------------------------------------------------------------------------------------------------- drags


def drag(store: Store, *values: float, name: str = "temperature") -> None:
    for value in values[:-1]:
        store.edit(name, value, final=False)
    store.edit(name, values[-1], final=True)


def test_a_drag_is_one_step_back() -> None:
    store = make_store()
    drag(store, 0.6, 0.7, 0.8, 0.8)
    assert temperature(store) == 0.8
    store.undo()
    assert temperature(store) == 0.5
    assert store.undo_label is None
    store.redo()
    assert temperature(store) == 0.8


def test_two_drags_are_two_steps() -> None:
    store = make_store()
    drag(store, 0.6, 0.7)
    drag(store, 0.8, 0.9)
    store.undo()
    assert temperature(store) == 0.7
    store.undo()
    assert temperature(store) == 0.5


def test_a_drag_that_begins_where_it_stands_can_be_undone() -> None:
    """A slider that is pressed says first what it shows already."""
    store = make_store()
    drag(store, 0.5, 0.5, 0.6, 0.7)
    assert store.undo_label is not None
    store.undo()
    assert temperature(store) == 0.5

    store.edit("scale", 2.0)
    drag(store, 0.5, 0.6)
    store.undo()
    assert (temperature(store), store.state.settings.scale) == (0.5, 2.0)


def test_a_drag_that_rests_on_the_way_is_still_one() -> None:
    store = make_store()
    drag(store, 0.6, 0.6, 0.7, 0.7, 0.8)
    store.undo()
    assert temperature(store) == 0.5


def test_a_press_without_a_move_is_no_step() -> None:
    store = make_store()
    drag(store, 0.5, 0.5)
    assert store.undo_label is None
    assert store.state.revision == 0


def test_drags_of_two_options_or_two_parameters_are_separate_steps() -> None:
    store = make_store()
    store.edit("logit", (0, 4.0), final=False)
    store.edit("logit", (1, 5.0), final=False)
    store.edit("temperature", 0.6, final=False)
    store.edit("scale", 3.0, final=False)
    steps = []
    while store.undo_label is not None:
        steps.append(store.undo_label)
        store.undo()
    assert len(steps) == 4
    assert store.state.settings == SETTINGS


def test_a_dragged_bar_of_one_option_is_one_step() -> None:
    store = make_store()
    for i in range(10):
        store.edit("logit", (2, 3.0 + 0.1 * i), final=i == 9)
    store.undo()
    assert store.state.settings == SETTINGS


def test_an_undo_in_the_middle_of_a_drag_ends_it() -> None:
    store = make_store()
    store.edit("temperature", 0.6, final=False)
    store.undo()
    assert temperature(store) == 0.5
    store.edit("temperature", 0.7, final=False)
    assert store.undo_label is not None
    store.undo()
    assert temperature(store) == 0.5


# ---------------------------------------------------------------------------------------------- refusals

WRONG: list[tuple[str, Any]] = [
    ("temperature", -1.0),
    ("logit", (0, float("nan"))),
    ("logit", (99, 1.0)),
    ("remove", 99),
    ("options", ((), "logits")),
    ("probability", (0, 2.0)),
    ("color", (0, -1)),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
@pytest.mark.parametrize("final", [True, False])
def test_a_refused_edit_leaves_everything_as_it_was(name: str, value: Any, final: bool) -> None:
    store = make_store()
    store.edit("scale", 2.0)
    store.edit("temperature", 1.0)
    store.undo()
    before = store.state
    store.listen(lambda before, after: pytest.fail("nothing has changed"))
    with pytest.raises(ValueError, match=r"\w"):
        store.edit(name, value, final)
    assert store.state is before
    assert labels(store) == (EDITS["scale"][1], EDITS["temperature"][1])


def test_an_edit_that_is_not_in_the_table_changes_nothing() -> None:
    store = make_store()
    before = store.state
    with pytest.raises(KeyError):
        store.edit("colour of the sky", 1)
    assert store.state is before


def test_a_refusal_in_the_middle_of_a_drag_does_not_split_it() -> None:
    store = make_store()
    store.edit("temperature", 0.6, final=False)
    with pytest.raises(ValueError, match="temperature"):
        store.edit("temperature", -0.1, final=False)
    store.edit("temperature", 0.7)
    store.undo()
    assert temperature(store) == 0.5


# --------------------------------------------------------------------------------------------- listeners


def test_listeners_hear_before_and_after_in_order() -> None:
    store = make_store()
    heard: list[tuple[str, State, State]] = []
    store.listen(lambda before, after: heard.append(("first", before, after)))
    store.listen(lambda before, after: heard.append(("second", before, after)))
    store.edit("temperature", 1.0)
    store.watch(running=True)
    store.undo()
    assert [name for name, _, _ in heard] == ["first", "second"] * 3
    for (_, before, after), (_, next_before, _) in zip(heard[::2], heard[2::2], strict=False):
        assert after is next_before
        assert before.revision < after.revision
    assert [after.settings.temperature for _, _, after in heard[::2]] == [1.0, 1.0, 0.5]
    assert heard[-1][2] is store.state


def test_a_listener_that_edits_leaves_the_others_with_the_newest_state() -> None:
    store = make_store()

    def hold_the_scale(before: State, after: State) -> None:
        if after.settings.scale != 4.0:
            store.edit("scale", 4.0)

    last: list[State] = []
    store.listen(hold_the_scale)
    store.listen(lambda before, after: last.append(after))
    store.edit("temperature", 1.0)
    assert last[-1] is store.state
    assert (store.state.settings.temperature, store.state.settings.scale) == (1.0, 4.0)


def test_an_edit_that_changes_nothing_is_not_announced() -> None:
    store = make_store()
    store.listen(lambda before, after: pytest.fail("nothing has changed"))
    store.edit("temperature", 0.5)
    store.edit("move", (1, 1))
    assert store.state.revision == 0
    assert store.undo_label is None


def test_the_revision_grows_with_every_change() -> None:
    store = make_store()
    seen = [store.state.revision]
    changes: list[Callable[[], None]] = [
        lambda: store.edit("temperature", 1.0),
        lambda: store.watch(running=True),
        lambda: store.watch(cursor=4, frozen=True),
        store.undo,
        store.redo,
        lambda: store.open(SCENE),
    ]
    for change in changes:
        change()
        seen.append(store.state.revision)
    assert seen == sorted(set(seen))


# ------------------------------------------------------------------------------------------------- files


def test_watching_is_not_part_of_the_document() -> None:
    store = make_store()
    store.edit("temperature", 1.0)
    store.watch(running=True, speed=5.0)
    assert store.state.transport == Transport(running=True, speed=5.0)
    store.undo()
    assert store.state.transport == Transport(running=True, speed=5.0)
    assert not store.state.edited


def test_opening_another_document_ends_the_way_back_and_restarts_the_stream() -> None:
    store = make_store()
    store.edit("temperature", 1.0)
    store.edit("temperature", 2.0)
    store.undo()
    store.watch(running=True, speed=30.0, cursor=5, frozen=True)
    other = Scene(title="Other", settings=make_settings([0.0]))
    store.open(other, Path("other.gumbel"))
    assert labels(store) == (None, None)
    assert (store.state.scene, store.state.path) == (other, Path("other.gumbel"))
    assert not store.state.edited
    assert store.state.transport == Transport(running=True, speed=30.0, run=1)
    store.undo()
    assert store.state.scene is other


def test_opening_ends_a_drag() -> None:
    store = make_store()
    store.edit("temperature", 0.6, final=False)
    store.open(SCENE)
    store.edit("temperature", 0.7, final=False)
    store.undo()
    assert temperature(store) == 0.5


def test_edited_tells_what_the_file_does_not_know() -> None:
    store = make_store()
    store.edit("temperature", 1.0)
    assert is_edited(store)
    store.undo()
    assert not is_edited(store)
    store.redo()
    store.mark_saved(Path("a.gumbel"))
    assert not is_edited(store)
    assert store.state.path == Path("a.gumbel")
    store.undo()
    assert is_edited(store)
    # By value: back at what was saved by another way.
    store.edit("temperature", 1.0)
    assert not is_edited(store)


def test_the_way_back_is_long_and_ends() -> None:
    store = make_store()
    for i in range(MOST_UNDO + 20):
        store.edit("seed", 1000 + i)
    for _ in range(MOST_UNDO):
        store.undo()
    assert store.undo_label is None
    assert store.state.settings.seed == 1000 + 19


def test_states_are_frozen() -> None:
    state = make_store().state
    for value, name in ((state, "revision"), (state.scene, "title"), (state.settings, "temperature")):
        with pytest.raises(AttributeError):
            setattr(value, name, 5)


steps = st.lists(st.one_of(st.sampled_from(["undo", "redo"]), st.integers(0, 3)), max_size=40)


@trials(derandomize=True, deadline=None, max_examples=200)
@given(steps)
def test_history_is_two_stacks(path: list[str | int]) -> None:
    """A number edits the seed to it; compared with the plainest model of undo."""
    store = make_store()
    past: list[Settings] = []
    future: list[Settings] = []
    for step in path:
        now = store.state.settings
        if step == "undo":
            store.undo()
            if past:
                future.append(now)
                assert store.state.settings == past.pop()
        elif step == "redo":
            store.redo()
            if future:
                past.append(now)
                assert store.state.settings == future.pop()
        else:
            store.edit("seed", step)
            if now.seed != step:
                past.append(now)
                future.clear()
        assert (store.undo_label is not None, store.redo_label is not None) == (bool(past), bool(future))


def test_the_way_back_is_shorter_for_very_many_options(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of 131,072 options takes a megabyte; 500 of them would take too much."""
    monkeypatch.setattr(store_module, "MOST_UNDO_OPTIONS", 40)
    store = Store(Scene(title="x", settings=make_settings([0.0] * 10)), Transport())
    for i in range(9):
        store.edit("logit", (0, float(i + 1)))
    steps = 0
    while store.undo_label is not None:
        store.undo()
        steps += 1
    assert steps == 4
    assert store.state.settings.logits[0] == 5.0
