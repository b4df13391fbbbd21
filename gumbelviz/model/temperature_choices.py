"""What a person chose on the Temperature page, and the edits that change it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from gumbelviz.model.parameters import TEMPERATURE, Parameter

Tab = Literal["panels", "curves", "annealing"]
Kind = Literal["constant", "exponential", "linear", "cosine", "paper", "drawn"]
PANELS = (0.0, 0.1, 0.5, 1.0, 10.0, "inf")
MOST_PANELS = 8
KNOTS = 65
"""Places, evenly spread over the steps, at which a drawn schedule is kept."""
DRAWN = TEMPERATURE.typical
"""Temperatures between which a schedule is drawn by hand."""

START = Parameter(
    "schedule start", "from", "τ₀", "", 0.0, 1e6, (0.01, 100.0), 5.0, "log", 2,
    "The temperature at step 0.", low_limit=0.0,
)  # fmt: skip
END = Parameter(
    "schedule end", "floor", "τₙ", "", 0.0, 1e6, (0.01, 100.0), 0.1, "log", 2,
    "The temperature that is reached, and not gone below.", low_limit=0.0,
)  # fmt: skip
RATE = Parameter(
    "schedule rate", "rate", "r", "per step", 1e-9, 10.0, (1e-5, 1e-1), 5e-4, "log", 2,
    "How fast an exponential schedule falls: by a factor e in 1 / r steps.",
)  # fmt: skip
STEPS = Parameter(
    "schedule steps", "steps", "n", "", 1.0, 1e9, (100.0, 1e6), 10_000.0, "log", 0,
    "How many steps the schedule has, such as the steps of a training.",
)  # fmt: skip
SECONDS = Parameter(
    "schedule seconds", "seconds", "", "s", 0.5, 3600.0, (1.0, 60.0), 10.0, "log", 1,
    "How many seconds it takes to play the schedule.",
)  # fmt: skip


class TemperatureChoices(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The choices of the Temperature page; what all pages share is in `Settings`.

    Attributes
    ----------
    tab
        Which of its three parts is looked at.
    panels
        Temperatures of the panels; infinity is the word "inf", because JSON has no number for it.
    kind, start, end, rate, steps
        The annealing schedule; each kind uses some of the numbers.
    drawn
        Temperatures of a schedule drawn by hand, at `KNOTS` places; none before it is drawn.
    seconds, loop
        How long it plays, and whether it begins again.
    """

    tab: Tab = "panels"
    panels: tuple[float | str, ...] = PANELS
    kind: Kind = "exponential"
    start: float = START.default
    end: float = END.default
    rate: float = RATE.default
    steps: float = STEPS.default
    drawn: tuple[float, ...] = ()
    seconds: float = SECONDS.default
    loop: bool = False

    @property
    def taus(self) -> tuple[float, ...]:
        """The temperatures of the panels as numbers."""
        return tuple(math.inf if tau == "inf" else float(tau) for tau in self.panels)

    def check(self, options: int) -> None:
        """Raise `ValueError` with one sentence for the first choice that has no meaning with that many options."""
        if not 1 <= len(self.panels) <= MOST_PANELS:
            raise ValueError(f"There are {len(self.panels)} panels; there can be 1 to {MOST_PANELS}.")
        for tau in self.panels:
            if isinstance(tau, str) and tau != "inf":
                raise ValueError('The temperature of a panel is a number or "inf".')
        for tau in self.taus:
            TEMPERATURE.check(tau)
        for parameter, value in ((START, self.start), (END, self.end), (RATE, self.rate), (STEPS, self.steps),
                                 (SECONDS, self.seconds)):  # fmt: skip
            parameter.check(value)
        if self.steps != int(self.steps):
            raise ValueError("A schedule has a whole number of steps.")
        if len(self.drawn) not in (0, KNOTS):
            raise ValueError(f"A drawn schedule has {KNOTS} temperatures, not {len(self.drawn)}.")
        if self.kind == "drawn" and not self.drawn:
            raise ValueError("The schedule is said to be drawn, but there is no drawing.")
        for tau in self.drawn:
            if not DRAWN[0] <= tau <= DRAWN[1]:
                raise ValueError(f"A schedule is drawn between {DRAWN[0]:g} and {DRAWN[1]:g}, not at {tau:g}.")


def _stored(tau: float) -> float | str:
    return "inf" if TEMPERATURE.check(tau) == math.inf else float(tau)


def choose_tab(choices: TemperatureChoices, value: str) -> TemperatureChoices:
    """Look at another part of the page."""
    for tab in get_args(Tab):
        if tab == value:
            return replace(choices, tab=tab)
    raise ValueError(f"There is no part “{value}” of this page.")


def set_panel(choices: TemperatureChoices, value: tuple[int, float]) -> TemperatureChoices:
    """Give one panel another temperature."""
    place, tau = value
    panels = list(choices.panels)
    panels[_panel(choices, place)] = _stored(tau)
    return replace(choices, panels=tuple(panels))


def add_panel(choices: TemperatureChoices, value: float) -> TemperatureChoices:
    """Add a panel where its temperature belongs in the rising order."""
    if len(choices.panels) == MOST_PANELS:
        raise ValueError(f"There is room for {MOST_PANELS} panels; remove one first.")
    tau, taus = TEMPERATURE.check(value), choices.taus
    place = next((i for i, other in enumerate(taus) if other > tau), len(taus))
    return replace(choices, panels=(*choices.panels[:place], _stored(tau), *choices.panels[place:]))


def remove_panel(choices: TemperatureChoices, value: int) -> TemperatureChoices:
    """Take a panel away."""
    if len(choices.panels) == 1:
        raise ValueError("The last panel stays.")
    place = _panel(choices, value)
    return replace(choices, panels=choices.panels[:place] + choices.panels[place + 1 :])


def reset_panels(choices: TemperatureChoices, value: None = None) -> TemperatureChoices:
    """Show the temperatures of a new scene."""
    return replace(choices, panels=PANELS)


def _panel(choices: TemperatureChoices, place: int) -> int:
    if not 0 <= place < len(choices.panels):
        raise ValueError(f"There is no panel {place + 1}.")
    return place


def choose_schedule(choices: TemperatureChoices, value: str) -> TemperatureChoices:
    """Choose the kind of schedule; a drawn one begins as a drawing of the present one."""
    from gumbelviz.model.schedule import traced

    for kind in get_args(Kind):
        if kind == value:
            drawn = choices.drawn or (traced(choices) if kind == "drawn" else ())
            return replace(choices, kind=kind, drawn=drawn)
    raise ValueError(f"There is no schedule “{value}”.")


def draw_schedule(choices: TemperatureChoices, value: list[float]) -> TemperatureChoices:
    """Draw a stroke by hand, over whatever schedule there is.

    `value` is a list, where the stroke begins and ends: a share of the steps and a temperature, twice.
    """
    from gumbelviz.model.schedule import stroked, traced

    drawn = choices.drawn if choices.kind == "drawn" else traced(choices)
    return replace(choices, kind="drawn", drawn=stroked(drawn, *value))


def _setter(field: str, parameter: Parameter) -> Callable[[TemperatureChoices, float], TemperatureChoices]:
    def change(choices: TemperatureChoices, value: float) -> TemperatureChoices:
        number = parameter.check(value)
        return replace(choices, **{field: float(round(number)) if field == "steps" else number})

    return change


def set_loop(choices: TemperatureChoices, value: bool) -> TemperatureChoices:
    """Let the schedule begin again when it is through, or not."""
    return replace(choices, loop=bool(value))


EDITS: dict[str, tuple[Callable[[TemperatureChoices, Any], TemperatureChoices], str]] = {
    "temperature tab": (choose_tab, "look at another part of the page"),
    "panel": (set_panel, "change a panel"),
    "panel add": (add_panel, "add a panel"),
    "panel remove": (remove_panel, "remove a panel"),
    "panel reset": (reset_panels, "reset the panels"),
    "schedule": (choose_schedule, "choose a schedule"),
    "schedule draw": (draw_schedule, "draw a schedule"),
    "schedule loop": (set_loop, "loop the schedule"),
    START.id: (_setter("start", START), "change the schedule"),
    END.id: (_setter("end", END), "change the schedule"),
    RATE.id: (_setter("rate", RATE), "change the schedule"),
    STEPS.id: (_setter("steps", STEPS), "change the schedule"),
    SECONDS.id: (_setter("seconds", SECONDS), "change the schedule"),
}
"""Name of the wish, the function that grants it, and what Undo calls it."""
