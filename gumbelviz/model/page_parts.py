"""The parts of every page that a lecture or a picture may show alone, and the controls that may remain beside them.

Ids stand in lectures, so they are kept for good. A part belongs to one view of its page, where views take turns
there, or to all of them. On the Pipeline page parts are columns and rows: where only columns are named both rows are
shown, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from gumbelviz.model.strictjson import quoted, suggest

if TYPE_CHECKING:
    from gumbelviz.model.scene import Page
    from gumbelviz.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Part:
    """A picture of a page.

    Attributes
    ----------
    id, title
        What it is called in files, and by people.
    view
        The view of the page that it belongs to; empty where it belongs to all.
    group
        Parts of different groups are chosen on their own: the columns and the rows of the Pipeline page.
    """

    id: str
    title: str
    view: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """Something on a page that a person may change: its id, its name, and the view where it stands, if it is one."""

    id: str
    title: str
    view: str = ""


Entry = TypeVar("Entry", Part, Control)

PARTS: dict[Page, tuple[Part, ...]] = {
    "pipeline": (
        Part("scores", "Scores z", group="columns"),
        Part("noise", "Gumbel noise G", group="columns"),
        Part("noisy", "Noisy scores z + G", group="columns"),
        Part("hard", "Hard choice", group="columns"),
        Part("soft", "Soft choice", group="columns"),
        Part("draw", "Row: this draw", group="rows"),
        Part("stream", "Row: all draws", group="rows"),
    ),
    "noise": (
        Part("family", "Table of the curves", "curves"),
        Part("density", "Densities", "curves"),
        Part("distribution", "Distribution functions", "curves"),
        Part("facts", "Numbers of the curve in front", "curves"),
        Part("map", "Inverse map", "inverse"),
        Part("number", "The uniform number and its noise", "inverse"),
        Part("middles", "Mode, median and mean", "inverse"),
        Part("laws", "Noises to try", "other"),
        Part("wins", "Who wins with that noise", "other"),
        Part("distance", "Distance from softmax, in numbers", "other"),
        Part("falling", "Distance against draws", "other"),
        Part("effects", "What each scale changes", "scales"),
        Part("chances", "Chance to win", "scales"),
        Part("soft", "Soft choice of this draw", "scales"),
        Part("mean", "Mean soft choice", "scales"),
        Part("words", "The words beside the pictures"),
    ),
    "simplex": (
        Part("picture", "Segment, triangle or tetrahedron"),
        Part("draw", "Numbers of this draw"),
        Part("words", "The words under the picture"),
    ),
    "temperature": (
        Part("panels", "Panels, one temperature each", "panels"),
        Part("mean", "Mean soft choice against τ", "curves"),
        Part("largest", "Largest share against τ", "curves"),
        Part("entropy", "Entropy against τ", "curves"),
        Part("sharp", "One-hot draws against τ", "curves"),
        Part("readouts", "Values at the cursor", "curves"),
        Part("schedule", "Temperature over the steps", "annealing"),
        Part("live", "The stream at that temperature", "annealing"),
    ),
    "gradients": (
        Part("arrows", "Which way each estimator pushes", "estimators"),
        Part("bias", "Bias against τ", "estimators"),
        Part("variance", "Variance against τ", "estimators"),
        Part("error", "Mean squared error against τ", "estimators"),
        Part("switch", "Switch and dimmer", "switch"),
        Part("jacobian", "Slopes of this draw", "switch"),
        Part("table", "What runs forward and backward", "table"),
        Part("words", "What is to be seen, in words"),
    ),
    "learning": (
        Part("task", "The task"),
        Part("legend", "Estimators, as a legend"),
        Part("loss", "Loss over the steps"),
        Part("river", "Probabilities over the steps"),
        Part("signal", "Signal over noise"),
        Part("schedule", "Temperature over the steps"),
        Part("ends", "Final loss against τ"),
        Part("words", "The sentence over the pictures"),
    ),
    "margins": (
        Part("margin", "The winner’s margin"),
        Part("largest", "The largest noisy score"),
        Part("words", "The words under the pictures"),
    ),
    "precision": (
        Part("table", "Four kinds of arithmetic"),
        Part("single", "Noise in single precision"),
        Part("double", "Noise in double precision"),
        Part("words", "What is to be seen, in words"),
    ),
}  # fmt: skip

WINDOW_CONTROLS: tuple[Control, ...] = (
    Control("run", "Run and pause"),
    Control("step", "New draw, and back"),
    Control("restart", "Restart from draw 0"),
    Control("freeze", "Freeze this draw"),
    Control("speed", "Speed of the stream"),
    Control("seed", "Seed"),
    Control("pages", "Turn to other pages"),
)
"""Controls of the window, which every page has."""

CONTROLS: dict[Page, tuple[Control, ...]] = {
    "pipeline": (
        Control("scores", "Scores"),
        Control("noise", "Noise: pins, location and scale"),
        Control("temperature", "Temperature"),
    ),
    "noise": (
        Control("view", "Which view"),
        Control("curves", "Curves: add, drag, type", "curves"),
        Control("level", "Uniform number u", "inverse"),
        Control("rain", "Rain", "inverse"),
        Control("noise", "Location and scale"),
        Control("law", "Which noise", "other"),
        Control("score scale", "Score scale T"),
        Control("temperature", "Temperature", "scales"),
    ),
    "simplex": (
        Control("scores", "Scores"),
        Control("temperature", "Temperature"),
        Control("layers", "What is shown"),
        Control("draw", "Drag this draw, turn the tetrahedron"),
    ),
    "temperature": (
        Control("view", "Which view"),
        Control("scores", "Scores"),
        Control("temperature", "Temperature"),
        Control("panels", "Panels: add, change, remove", "panels"),
        Control("schedule", "Schedule: kind, numbers, play", "annealing"),
    ),
    "gradients": (
        Control("view", "Which view"),
        Control("goal", "Goal to minimise"),
        Control("scores", "Scores"),
        Control("temperature", "Temperature"),
        Control("batch", "Batch size"),
        Control("option", "Whose score"),
        Control("estimators", "Which estimators", "table"),
    ),
    "learning": (
        Control("task", "Task and goal"),
        Control("temperature", "Temperature and schedule"),
        Control("training", "Numbers of the training"),
        Control("estimators", "Which estimators"),
        Control("train", "Train, cancel, go back"),
    ),
    "margins": (),
    "precision": (
        Control("failures", "Well-known failures"),
        Control("temperature", "Temperature"),
        Control("offset", "Offset"),
        Control("scores", "Whose scores"),
    ),
}


def check_parts(page: str, ids: Iterable[str], what: str = "part") -> None:
    """Raise `ValueError` with one sentence for the first id of a part that `page` does not have."""
    _check(page, ids, tuple(part.id for part in _of(PARTS, page)), what)


def check_controls(page: str, ids: Iterable[str]) -> None:
    """Raise `ValueError` with one sentence for the first id of a control that neither `page` nor the window has."""
    known = (*_of(CONTROLS, page), *WINDOW_CONTROLS)
    _check(page, ids, tuple(control.id for control in known), "control")


def _of(table: dict[Page, tuple[Entry, ...]], page: str) -> tuple[Entry, ...]:
    return next((rows for name, rows in table.items() if name == page), ())


def _check(page: str, ids: Iterable[str], known: tuple[str, ...], what: str) -> None:
    for name in ids:
        if name not in known:
            raise ValueError(f"The page “{page}” has no {what} {quoted(name)}{suggest(name, known)}")


def view_of(settings: Settings, page: str) -> str:
    """Return which view of a page is in front; empty where its views do not take turns."""
    pages = settings.pages
    views: dict[str, str] = {
        "noise": pages.noise.view, "temperature": pages.temperature.tab, "gradients": pages.gradients.tab,
    }  # fmt: skip
    return views.get(page, "")


def parts_of(page: str, view: str = "") -> tuple[Part, ...]:
    """Return the parts of a page, in reading order; with a `view` only those that can be seen in it."""
    return tuple(part for part in _of(PARTS, page) if not view or part.view in ("", view))


def controls_of(page: str, view: str = "") -> tuple[Control, ...]:
    """Return the controls of a page and of the window; with a `view` only those that can be seen in it."""
    both = (*_of(CONTROLS, page), *WINDOW_CONTROLS)
    return tuple(control for control in both if not view or control.view in ("", view))


def shown_parts(page: str, ids: Iterable[str], view: str = "") -> tuple[str, ...]:
    """Return which parts are seen where `ids` are asked for, in reading order.

    Of a group of which nothing is named all is shown; and all of the view in front where nothing in it is named, so
    that a picture is never empty.
    """
    named = frozenset(ids)
    parts = parts_of(page, view)
    shown = []
    for part in parts:
        group = [other.id for other in parts if other.group == part.group]
        if part.id in named or not named.intersection(group):
            shown.append(part.id)
    return tuple(shown)
