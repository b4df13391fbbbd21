"""Tasks are noticed when they are done, not before, and stay done."""

from __future__ import annotations

import math
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from gumbelviz.lectures.tasks import Moment, Watch
from gumbelviz.model.edits import EDITS
from gumbelviz.model.lecture import ConditionKind, Step, Task
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, Transport, make_settings

SETTINGS = make_settings((2.0, 1.2, 0.4), temperature=1.0)
BEGIN = Moment(SETTINGS, Transport(), "pipeline", draws=1, draw=0)


def watch(when: ConditionKind, value: float | None = None, begin: Moment = BEGIN) -> Watch:
    step = Step(title="x", scene=Scene(title="x", settings=SETTINGS), task=Task(text="x", when=when, value=value))
    return Watch(step, begin)


def now(**fields: Any) -> Moment:
    from dataclasses import replace as with_fields

    return with_fields(BEGIN, **fields)


def edited(name: str, value: object = None, before: Settings = SETTINGS) -> Moment:
    return now(settings=EDITS[name][0](before, value))


def at(temperature: float) -> Moment:
    return now(settings=replace(SETTINGS, temperature=temperature))


DONE_BY: dict[ConditionKind, tuple[float | None, list[Moment], list[Moment]]] = {
    # What it waits for: the value, moments at which it is done, moments at which it is not.
    "temperature below": (0.1, [at(0.1), at(0.05), at(0.0)], [at(0.11), at(math.inf), BEGIN]),
    "temperature above": (10.0, [at(10.0), at(1e6), at(math.inf)], [at(9.9), at(0.0), BEGIN]),
    "draws": (500.0, [now(draws=500), now(draws=10**9)], [now(draws=499), BEGIN]),
    "new draw": (None, [now(draw=1), now(draw=7, draws=8)], [now(draws=5), BEGIN]),
    "score changed": (
        None,
        [edited("logit", (1, 3.0)), edited("add"), edited("remove", 0), edited("equalize")],
        [edited("temperature", 3.0), edited("pin", (0, 1.0)), edited("rename", (0, "x")), BEGIN],
    ),
    "noise changed": (
        None,
        [edited("pin", (0, 1.0)), edited("scale", 2.0), edited("location", 1.0), edited("seed", 8)],
        [edited("logit", (1, 3.0)), edited("temperature", 3.0), now(draw=3), BEGIN],
    ),
    "option changed": (
        None,
        [edited("add"), edited("remove", 2), edited("move", (0, 2)), edited("rename", (0, "x")),
         edited("color", (0, 5))],
        [edited("logit", (1, 3.0)), edited("pin", (0, 1.0)), BEGIN],
    ),
    "page changed": (None, [now(page="simplex")], [now(draw=5), BEGIN]),
    "choice changed": (
        None,
        [edited("noise level", 0.3), edited("gradient tab", "switch")],
        [edited("logit", (1, 3.0)), now(page="noise"), BEGIN],
    ),
    "revealed": (None, [now(revealed=True)], [now(draws=10**6), BEGIN]),
    "trained": (
        None,
        [now(transport=Transport(study=1), trained=True), now(trained=True)],
        [now(transport=Transport(study=1)), now(page="learning"), BEGIN],
    ),
}


def test_every_kind_is_tried() -> None:
    assert set(DONE_BY) == set(get_args(ConditionKind))


@pytest.mark.parametrize("kind", DONE_BY)
def test_a_task_is_noticed_and_stays_done(kind: ConditionKind) -> None:
    value, done, not_done = DONE_BY[kind]
    for moment in done:
        watched = watch(kind, value)
        for other in not_done:
            assert not watched.see(other), other
            assert not watched.done
        assert watched.see(moment)
        # Put back: what was tried was tried.
        for other in not_done:
            assert watched.see(other)
        assert watched.done


def test_a_training_that_was_finished_before_does_not_count() -> None:
    finished = now(page="learning", trained=True)
    watched = watch("trained", begin=finished)
    assert not watched.see(finished)
    assert not watched.see(now(page="learning", trained=True, draws=99))
    again = Transport(study=1)
    assert not watched.see(now(page="learning", transport=again, trained=False))
    assert watched.see(now(page="learning", transport=again, trained=True))


def test_other_numbers_train_again() -> None:
    finished = now(page="learning", trained=True)
    settings = EDITS["learning rate"][0](SETTINGS, 0.1)
    assert watch("trained", begin=finished).see(now(page="learning", settings=settings, trained=True))


def test_a_step_without_a_task_is_never_done() -> None:
    watched = Watch(Step(title="x", scene=Scene(title="x", settings=SETTINGS)), BEGIN)
    for _, done, _ in DONE_BY.values():
        for moment in done:
            assert not watched.see(moment)
