"""The command line: one function per command, and what the process ends with.

0 done; 1 our own fault; 2 bad usage or bad input; 3 screen trouble and 4 a missing system library, which only
the window knows; 130 stopped with Ctrl-C. What is wrong is one sentence on the standard error output.
"""

from __future__ import annotations

import dataclasses
import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

import msgspec

from gumbelviz.app.arguments import (
    GradientsOrder,
    HandoutOrder,
    Order,
    RenderOrder,
    ScenesOrder,
    SelfTestOrder,
    SimulateOrder,
    WindowOrder,
    read_arguments,
)
from gumbelviz.app.lecture_library import find_lecture, names_lecture
from gumbelviz.app.library import BUILT_IN, Undecided, builtin_title, find_scene
from gumbelviz.app.report import Report, report_as_json, report_as_text
from gumbelviz.model.cells import Kind
from gumbelviz.model.lecture import Lecture
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Option, Settings, check_settings
from gumbelviz.model.strictjson import quoted
from gumbelviz.model.table import Table, to_settings_options

OUR_FAULT, BAD_INPUT, INTERRUPTED = 1, 2, 130
MOST_SHOWN_NUMBERS = 10_000_000
"""Draws to show, times options: what a report holds in memory before it is written."""


def main(argv: Sequence[str]) -> int:
    """Do what `argv`, the words after the program's name, ask for; return the exit code."""
    _write_any_character()
    try:
        try:
            work = _prepare(read_arguments(argv))
        except ValueError as error:
            return _complain(str(error), BAD_INPUT)
        code = work()
        sys.stdout.flush()
        return code
    except SystemExit as end:  # argparse, after --help and --version
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return 0
    except OSError as error:
        return _complain(f"The output cannot be written: {error.strerror or error}.", BAD_INPUT)
    except MemoryError:
        return _complain("There is not enough memory for this; try fewer options or threads.", OUR_FAULT)
    except Exception:
        traceback.print_exc()
        return _complain("This is a fault in GumbelViz, not in what you asked for; please report it.", OUR_FAULT)


def _prepare(order: Order) -> Callable[[], int]:
    """Read and check everything that `order` names, and return what is left to do.

    Raises
    ------
    ValueError
        With a sentence for a person; whatever goes wrong later is our own fault.
    """
    match order:
        case ScenesOrder():
            return partial(_list_scenes, order.json)
        case SimulateOrder():
            scene = _simulated_scene(order)
            numbers = order.show_draws * len(scene.settings.options)
            if numbers > MOST_SHOWN_NUMBERS:
                raise ValueError(
                    f"The draws to show have {numbers:,} numbers; at most {MOST_SHOWN_NUMBERS:,} are shown."
                )
            return partial(_simulate, order, scene)
        case GradientsOrder():
            return _prepare_gradients(order)
        case RenderOrder():
            _check_output(order.output, "picture")
            if order.step is not None:
                return _prepare_step(order, order.step)
            if order.scene is not None and names_lecture(order.scene):
                raise ValueError(f"{quoted(order.scene, 80)} is a lecture: say which step, with --step N.")
            scene = _decided(order.scene or BUILT_IN[0], order.input_as)
            return partial(_render, order, _with(scene, seed=order.seed))
        case HandoutOrder():
            _check_output(order.output, "handout")
            return partial(_print_handout, order, find_lecture(order.lecture))
        case SelfTestOrder():
            return partial(_self_test, order)
        case WindowOrder():
            if order.scene is not None and names_lecture(order.scene):
                lecture = find_lecture(order.scene)
                return partial(_open_window, None, dataclasses.replace(order, lecture=lecture))
            found = None if order.scene is None else find_scene(order.scene)
            if isinstance(found, Undecided):
                return partial(_open_window, None, dataclasses.replace(order, undecided=found))
            return partial(_open_window, found, order)


# Commands ---------------------------------------------------------------------------------------------------


def _open_window(scene: Scene | None, order: WindowOrder) -> int:
    from gumbelviz.app.start import open_window

    return open_window(scene, order)


def _self_test(order: SelfTestOrder) -> int:
    from gumbelviz.app.self_test import self_test

    return self_test(order.settings_dir)


def _prepare_step(order: RenderOrder, step: int) -> Callable[[], int]:
    lecture = find_lecture(order.scene or "story")
    if step > len(lecture.steps):
        raise ValueError(f"The lecture has {len(lecture.steps)} steps; there is no step {step}.")

    def draw() -> None:
        from gumbelviz.app.render import render_step

        render_step(lecture, step - 1, order.output, order.size, order.theme, order.zoom)

    return partial(_draw, order, draw)


def _render(order: RenderOrder, scene: Scene) -> int:
    def draw() -> None:
        from gumbelviz.app.render import render

        render(
            scene,
            order.output,
            page=order.page or scene.page,
            size=order.size,
            theme=order.theme,
            zoom=order.zoom,
            draws=order.draws,
        )

    return _draw(order, draw)


def _draw(order: RenderOrder, draw: Callable[[], None]) -> int:
    from gumbelviz.app.screen import MISSING_LIBRARY, MissingLibrary

    try:
        draw()
    except MissingLibrary as missing:
        return _complain(str(missing), MISSING_LIBRARY)
    except ValueError as error:
        return _complain(str(error), BAD_INPUT)
    except OSError as error:
        return _complain(f'The picture "{order.output}" cannot be written: {error.strerror or error}.', BAD_INPUT)
    return 0


def _print_handout(order: HandoutOrder, lecture: Lecture) -> int:
    from gumbelviz.app.render import print_handout
    from gumbelviz.app.screen import MISSING_LIBRARY, MissingLibrary

    try:
        print_handout(lecture, order.output, order.paper, order.notes)
    except MissingLibrary as missing:
        return _complain(str(missing), MISSING_LIBRARY)
    except OSError as error:
        return _complain(f'The handout "{order.output}" cannot be written: {error.strerror or error}.', BAD_INPUT)
    return 0


def _list_scenes(as_json: bool) -> int:
    rows = [(scene_id, builtin_title(scene_id)) for scene_id in BUILT_IN]
    if as_json:
        print(json.dumps([{"id": scene_id, "title": title} for scene_id, title in rows], indent=2))
        return 0
    width = max(len(scene_id) for scene_id, _ in rows)
    for scene_id, title in rows:
        print(f"{scene_id:<{width}}  {title}")
    return 0


def _simulate(order: SimulateOrder, scene: Scene) -> int:
    from gumbelviz.app.settings_file import read_quietly, settings_folder
    from gumbelviz.engine.simulation import Simulation
    from gumbelviz.engine.team import Team, team_size

    simulation = Simulation(scene.settings)
    start = perf_counter()
    useful = team_size(order.draws * len(scene.settings.options))
    # A short run takes one core in any case: more would take longer to start than to draw.
    preferred = read_quietly(settings_folder(order.settings_dir)).threads if useful > 1 else 0
    size = order.threads or preferred or useful
    if size > 1 and order.draws >= simulation.chunk:
        with Team(simulation, size) as team:
            team.advance(order.draws)
    else:
        simulation.advance(order.draws)
    seconds = perf_counter() - start
    shown = [simulation.draw(index) for index in range(order.show_draws)]
    report = Report(scene.title, scene.settings, simulation.frame(index=0), shown, seconds)
    sys.stdout.write(report_as_json(report) if order.json else report_as_text(report))
    return 0


def _prepare_gradients(order: GradientsOrder) -> Callable[[], int]:
    from gumbelviz.app.gradient_report import check_order, objective_of, report_gradients

    check_order(order)
    if order.logits is not None:
        scene = _scene_of_numbers(order.logits, "logits")
    else:
        scene = _decided(order.scene or BUILT_IN[0], order.input_as)
    scene = _with(scene, temperature=order.temperature, seed=order.seed)
    return partial(report_gradients, scene, objective_of(order, scene.settings), order.draws, order.json)


# What to draw -----------------------------------------------------------------------------------------------


def _simulated_scene(order: SimulateOrder) -> Scene:
    """Return the scene of `order` with its changes, and without pins.

    A pin is for the draw on display in the window. Here the first draws show the noise of the stream, which
    is what the tallies are made of.
    """
    if order.logits is not None:
        scene = _scene_of_numbers(order.logits, "logits")
    elif order.probabilities is not None:
        scene = _scene_of_numbers(order.probabilities, "probabilities")
    else:
        scene = _decided(order.input or order.scene or BUILT_IN[0], order.input_as)
    unpinned = tuple(Option(option.name, option.logit, option.color) for option in scene.settings.options)
    return _with(
        scene,
        options=unpinned,
        temperature=order.temperature,
        location=order.location,
        scale=order.scale,
        seed=order.seed,
    )


def _scene_of_numbers(values: tuple[float, ...], kind: Kind) -> Scene:
    options = to_settings_options(Table(None, values, kind), kind)
    return Scene(title="Your scores", settings=Settings(options, score_input=kind))


def _decided(text: str, kind: Kind | None) -> Scene:
    """Return the scene that `text` names; numbers that could be both are taken as probabilities, aloud."""
    found = find_scene(text, kind)
    if isinstance(found, Scene):
        return found
    print(
        f"The numbers in {quoted(text, 80)} could be both, and are read as probabilities; "
        "--input-as logits or --input-as probabilities settles it.",
        file=sys.stderr,
    )
    return found.decide("probabilities")


def _check_output(output: Path, what: str) -> None:
    """Raise `ValueError` with a sentence where no file can be there."""
    if not output.absolute().parent.is_dir():
        raise ValueError(f"There is no folder {quoted(str(output.parent), 80)} for the {what}.")
    if output.is_dir():
        raise ValueError(f"The output {quoted(str(output), 80)} is a folder, not a file.")


def _with(scene: Scene, **changes: object) -> Scene:
    """Return `scene` with those of the `changes` to its settings that are not None."""
    given = {name: value for name, value in changes.items() if value is not None}
    settings: Settings = msgspec.structs.replace(scene.settings, **given)
    check_settings(settings)
    changed: Scene = msgspec.structs.replace(scene, settings=settings)
    return changed


# Output -----------------------------------------------------------------------------------------------------


def _complain(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _write_any_character() -> None:
    """Let a terminal that knows few characters show an escape instead of stopping the program."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _forget_output() -> None:
    """Our reader has gone, as in ``| head``: send the rest nowhere, so that nothing complains at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = io.StringIO()
