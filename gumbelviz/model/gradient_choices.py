"""What a person chose on the Gradients page, and the edits that change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from gumbelviz.model.parameters import MOST_OPTIONS, Parameter

ObjectiveKind = Literal["bit", "quadratic", "linear", "cubic"]
GradientTab = Literal["arrows", "sweep", "switch"]
LARGEST = 1e6

BIT_TARGET = Parameter(
    "bit target", "target", "t", "", -LARGEST, LARGEST, (0.0, 1.0), 0.45, "linear", 3,
    "What the choice should be near: 1 where the first option is chosen, 0 where it is not. Just under one half, the "
    "difference that is to be learned is tiny.",
)  # fmt: skip
BATCH = Parameter(
    "batch", "batch size", "B", "draws", 1.0, 1e6, (1.0, 1e5), 1.0, "log", 0,
    "How many draws one step averages. It divides the variance and leaves the bias, so that a larger batch is best at "
    "a lower temperature.",
)  # fmt: skip


class GradientChoices(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The choices of the Gradients page; what all pages share is in `Settings`.

    Attributes
    ----------
    objective
        Which function of the choice is to be made small.
    values, targets
        Numbers of the linear and of the quadratic one, an option each. Options may come and go, so that there may be
        more or fewer than options: see `values_for` and `targets_for`.
    bit_target
        Target of the toy with one bit.
    batch
        Draws that one step of learning averages.
    option
        Whose score is dragged through the others, and whose component the curves show.
    tab
        Which part of the page is looked at.
    """

    objective: ObjectiveKind = "bit"
    values: tuple[float, ...] = ()
    targets: tuple[float, ...] = ()
    bit_target: float = BIT_TARGET.default
    batch: float = BATCH.default
    option: int = 0
    tab: GradientTab = "arrows"

    def check(self, options: int) -> None:
        """Raise `ValueError` with one sentence for the first choice that has no meaning with that many options."""
        for what, numbers in (("values", self.values), ("targets", self.targets)):
            if len(numbers) > MOST_OPTIONS:
                raise ValueError(f"There are {len(numbers):,} {what}; the most is {MOST_OPTIONS:,}.")
            for number in numbers:
                _check_number(number, what)
        BIT_TARGET.check(self.bit_target)
        BATCH.check(self.batch)
        if self.option < 0:
            raise ValueError("An option is a place in the list, counted from 0.")

    def values_for(self, options: int) -> tuple[float, ...]:
        """The values of the linear objective, (K,): 1 for the first option and 0 for others that have none."""
        return _filled(self.values, options)

    def targets_for(self, options: int) -> tuple[float, ...]:
        """The targets of the quadratic objective, (K,): the first option for those that have none."""
        return _filled(self.targets, options)

    def option_for(self, options: int) -> int:
        """The option whose score is dragged; one that is there."""
        return min(self.option, options - 1)


def _filled(numbers: tuple[float, ...], options: int) -> tuple[float, ...]:
    return numbers[:options] + tuple(1.0 if i == 0 else 0.0 for i in range(len(numbers), options))


def _check_number(number: float, what: str) -> float:
    if not abs(number) <= LARGEST:
        raise ValueError(f"The {what} of an objective lie between -1e6 and 1e6, not at {number:g}.")
    return float(number)


def follow(choices: GradientChoices, place: Callable[[int], int | None]) -> GradientChoices:
    """Let numbers and the chosen option go with the options; `place` tells where each has gone, or None."""
    return replace(
        choices,
        values=_followed(choices.values, place),
        targets=_followed(choices.targets, place),
        option=place(choices.option) or 0,
    )


def _followed(numbers: tuple[float, ...], place: Callable[[int], int | None]) -> tuple[float, ...]:
    if not numbers:
        return ()
    moved = {to: number for i, number in enumerate(numbers) if (to := place(i)) is not None}
    return tuple(moved.get(i, 0.0) for i in range(max(moved, default=-1) + 1))


def choose_objective(choices: GradientChoices, value: str) -> GradientChoices:
    """Choose what is to be made small."""
    for kind in get_args(ObjectiveKind):
        if kind == value:
            return replace(choices, objective=kind)
    raise ValueError(f"There is no objective “{value}”.")


def set_value(choices: GradientChoices, value: tuple[int, float]) -> GradientChoices:
    """Give one option another value."""
    return replace(choices, values=_with(choices.values, value, "values"))


def set_target(choices: GradientChoices, value: tuple[int, float]) -> GradientChoices:
    """Give one option another target."""
    return replace(choices, targets=_with(choices.targets, value, "targets"))


def _with(numbers: tuple[float, ...], value: tuple[int, float], what: str) -> tuple[float, ...]:
    place, number = value
    if not 0 <= place < MOST_OPTIONS:
        raise ValueError(f"There is no option at place {place + 1}.")
    changed = list(_filled(numbers, max(place + 1, len(numbers))))
    changed[place] = _check_number(number, what)
    return tuple(changed)


def set_bit_target(choices: GradientChoices, value: float) -> GradientChoices:
    """Set the target of the toy with one bit."""
    return replace(choices, bit_target=BIT_TARGET.check(value))


def set_batch(choices: GradientChoices, value: float) -> GradientChoices:
    """Set how many draws one step averages."""
    return replace(choices, batch=float(round(BATCH.check(value))))


def choose_option(choices: GradientChoices, value: int) -> GradientChoices:
    """Look at the score and the component of another option."""
    return replace(choices, option=value)


def choose_tab(choices: GradientChoices, value: str) -> GradientChoices:
    """Look at another part of the page."""
    for tab in get_args(GradientTab):
        if tab == value:
            return replace(choices, tab=tab)
    raise ValueError(f"There is no part “{value}” of this page.")


EDITS: dict[str, tuple[Callable[[GradientChoices, Any], GradientChoices], str]] = {
    "objective": (choose_objective, "choose an objective"),
    "objective value": (set_value, "change a value"),
    "objective target": (set_target, "change a target"),
    "bit target": (set_bit_target, "change the target"),
    "batch": (set_batch, "change the batch size"),
    "gradient option": (choose_option, "look at another score"),
    "gradient tab": (choose_tab, "look at another part of the page"),
}
"""Name of the wish, the function that grants it, and what Undo calls it."""
