"""The frames of an animation, worked out one after the other: no Qt, no clock, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec.structs import replace as with_fields

from gumbelviz.engine.player import LINGER
from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.study import Moment, Study, make_study
from gumbelviz.model.export import AnimationOrder, stream_sizes, sweep_temperatures
from gumbelviz.model.learning_report import LearningReport

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.scene import Page, Scene

Stop = Callable[[], bool]
Picture = tuple["Scene", "Frame"]


def make_frames(
    scene: Scene, page: Page, order: AnimationOrder, shown: int, stop: Stop = bool, places: Sequence[int] | None = None
) -> Iterator[Picture]:
    """Yield what each picture shows: a scene, and the frame that answers its settings.

    Parameters
    ----------
    scene, page
        What is animated, and where; a training is always that of the Learning page.
    shown
        The draw that a sweep holds.
    stop
        Asked often; where it says so, the rest is not worked out.
    places
        Which pictures to make, in rising order, where not all of them.
    """
    wanted = range(order.frames) if places is None else places
    makers = {"sweep": _sweep, "stream": _stream, "training": _train}
    yield from makers[order.motion](scene, page, order, shown, stop, wanted)


def frame_of(
    scene: Scene, page: Page, draws: int, shown: int | None = None, stop: Stop = bool
) -> Frame:
    """Return the frame of a scene after `draws` draws, with all that is known exactly and the study of its page."""
    simulation = Simulation(scene.settings)
    study = make_study(page, scene.settings)
    return _finished(simulation, study, draws, draws - 1 if shown is None else shown, stop)


def _sweep(
    scene: Scene, page: Page, order: AnimationOrder, shown: int, stop: Stop, wanted: Sequence[int]
) -> Iterator[Picture]:
    temperatures = sweep_temperatures(order.start, order.end, order.frames)
    simulation = study = None
    for place in wanted:
        settings = with_fields(scene.settings, temperature=temperatures[place])
        if simulation is None:
            simulation, study = Simulation(settings), make_study(page, settings)
        else:
            simulation.change(settings)
            if study is not None:
                study.change(settings)
        yield with_fields(scene, settings=settings), _finished(simulation, study, order.draws, shown, stop)


def _stream(
    scene: Scene, page: Page, order: AnimationOrder, shown: int, stop: Stop, wanted: Sequence[int]
) -> Iterator[Picture]:
    sizes = stream_sizes(order.draws, order.frames)
    simulation, study = Simulation(scene.settings), make_study(page, scene.settings)
    # Draws that come faster than they can be read stay for a moment, as in the window.
    linger = max(round(LINGER * order.rate), 1)
    for place in wanted:
        held = min(place - place % linger, order.frames - 1)
        draw = order.draws - 1 if place == order.frames - 1 else sizes[held] - 1
        yield scene, _finished(simulation, study, sizes[place], draw, stop)


def _train(
    scene: Scene, page: Page, order: AnimationOrder, shown: int, stop: Stop, wanted: Sequence[int]
) -> Iterator[Picture]:
    simulation, study = Simulation(scene.settings), make_study("learning", scene.settings)
    assert study is not None
    frame = _finished(simulation, None, order.draws, shown, stop)
    moment = Moment(frame.draws, shown, running=True, hurried=True)
    report = study.report(moment)
    assert isinstance(report, LearningReport)
    if report.refused:
        raise ValueError(report.refused)
    for place in wanted:
        step = round(report.steps * place / (order.frames - 1))
        _train_until(study, moment, step, len(report.estimators), stop)
        if place == order.frames - 1:
            # The last picture also shows where the training ends at other temperatures.
            while study.busy(moment) and not stop():
                study.work(moment, stop)
        yield scene, replace(frame, study=study.report(moment))


def _train_until(study: Study, moment: Moment, step: int, pieces: int, stop: Stop) -> None:
    """Train on until so many steps are done; a step has a piece for each estimator."""
    count = 0

    def reached() -> bool:
        nonlocal count
        count += 1
        if count % pieces:
            return stop()
        return stop() or _steps_done(study, moment) >= step

    while study.busy(moment) and _steps_done(study, moment) < step and not stop():
        study.work(moment, reached)


def _steps_done(study: Study, moment: Moment) -> int:
    report = study.report(moment)
    return report.done if isinstance(report, LearningReport) else 0


def _finished(simulation: Simulation, study: Study | None, draws: int, shown: int, stop: Stop) -> Frame:
    simulation.advance(draws, stop)
    while not stop() and simulation.refine():
        pass
    frame = simulation.frame(index=shown)
    if study is None:
        return frame
    moment = Moment(frame.draws, shown, running=False, hurried=True)
    while study.busy(moment) and not stop():
        study.work(moment, stop)
    return replace(frame, study=study.report(moment))
