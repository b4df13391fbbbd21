"""Export animation: what moves, for how long, how large."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from gumbelviz.model.export import AnimationOrder, Motion
from gumbelviz.model.numbers import write_count, write_short
from gumbelviz.views.controls.number_field import NumberField
from gumbelviz.views.dialogs.export_form import Choice, ExportDialog, whole_field
from gumbelviz.views.dialogs.export_picture import (
    GROUNDS,
    LARGEST_ZOOM,
    SMALLEST_ZOOM,
    chosen_content,
    chosen_ground,
)
from gumbelviz.views.dialogs.segments import Segments

MOTIONS: tuple[tuple[Motion, str], ...] = (
    ("sweep", "Temperature sweep"), ("stream", "Stream, growing"), ("training", "Training run"),
)  # fmt: skip
KINDS = (("gif", "GIF"), ("png", "APNG"))
SIZES = ((1280, 720), (960, 540), (800, 600), (640, 480), (600, 600), (1920, 1080))
WORDS = {
    "sweep": "The draw on display is held while the temperature moves along its slider.",
    "stream": "The same stream from its first draw on, each picture with more draws by the same factor.",
    "training": "The training of the Learning page from its first step to its last.",
}


class AnimationDialog(ExportDialog):
    """Asks for an animation.

    Parameters
    ----------
    contents
        What there can be an animation of: (extent, part) and its words.
    order
        What is chosen at first.
    trains
        Whether the Learning page is in front, where a training can be seen.
    """

    def __init__(
        self, contents: Sequence[tuple[object, str]], order: AnimationOrder, trains: bool, parent: QWidget
    ) -> None:
        super().__init__("Export animation", WORDS[order.motion], "&Save…", parent)
        motions = [row for row in MOTIONS if trains or row[0] != "training"]
        self.motion = Segments("Motion", motions)
        self.motion.set_value(order.motion)
        self.content = Choice("Picture of", contents)
        self.content.set_value((order.extent, order.part))
        self.kind = Segments("Form", KINDS)
        self.kind.set_value("gif")
        self.sizes = Choice("Size in pixels", [(size, f"{write_count(size[0])} × {write_count(size[1])}") for size in
                                               dict.fromkeys([order.size, *SIZES])])  # fmt: skip
        self.sizes.set_value(order.size)
        self.zoom = whole_field(
            "Text size in per cent", round(100 * order.zoom), lambda value, by: max(value + 5 * by, SMALLEST_ZOOM),
            self.notice, self.complain,
        )  # fmt: skip
        self.ground = Segments("Ground", GROUNDS)
        self.ground.set_value(order.ground)
        self.seconds = NumberField("Seconds", 1, lambda value, by: max(value + 0.5 * by, 0.5))
        self.rate = whole_field(
            "Pictures a second", order.rate, lambda value, by: value + by, self.notice, self.complain
        )
        self.start = NumberField("From temperature", 2, _tau_step, limit=0.0)
        self.end = NumberField("To temperature", 2, _tau_step, limit=0.0)
        self.draws = whole_field("Draws", order.draws, _draw_step, self.notice, self.complain)
        for field, value in ((self.seconds, order.seconds), (self.start, order.start), (self.end, order.end)):
            field.set_value(value)
            field.entered.connect(lambda value, field=field: self._take(field, value))
            field.refused.connect(self.complain)
        self._lay_out()
        for part in (self.motion, self.content, self.kind, self.sizes, self.ground):
            part.chosen.connect(lambda _value: self.notice())
        self._show_rows()
        self.wear()
        self.motion.buttons[order.motion].setFocus()

    def _lay_out(self) -> None:
        self.add_row("Motion", self.motion)
        self._tau_row = self.add_row("Temperature", self.start, QLabel("to"), self.end)
        self._draws_row = self.add_row("Draws", self.draws)
        self.add_row("Picture of", self.content)
        self.add_row("Form", self.kind)
        self.add_row("Size", self.sizes)
        self.add_row("Length", self.seconds, QLabel("s, with"), self.rate, QLabel("pictures a second"))
        self.add_row("Text size", self.zoom, QLabel("%"))
        self.add_row("Ground", self.ground)

    def _take(self, field: NumberField, value: float) -> None:
        field.set_value(value)
        self.notice()

    def _show_rows(self) -> None:
        motion = str(self.motion.value)
        self.words.setText(WORDS[motion])
        self.show_row(self._tau_row, motion == "sweep")
        self.show_row(self._draws_row, motion != "training")

    def notice(self) -> None:
        """Something else is chosen now."""
        self._show_rows()
        super().notice()

    def animation_order(self) -> AnimationOrder:
        """Return what is chosen."""
        extent, part = chosen_content(self.content)
        motion = next(id for id, _ in MOTIONS if id == self.motion.value)
        size = self.sizes.value
        assert isinstance(size, tuple)
        return AnimationOrder(
            motion, extent, part, size, chosen_ground(self.ground), self.zoom.value / 100.0,
            self.seconds.value, round(self.rate.value), self.start.value, self.end.value, round(self.draws.value),
        )  # fmt: skip

    def order(self) -> tuple[object, str]:
        """Return what is chosen, and the kind of file."""
        return self.animation_order(), str(self.kind.value)

    def check(self) -> None:
        """Raise `ValueError` with a sentence where there cannot be such an animation."""
        if not SMALLEST_ZOOM <= self.zoom.value <= LARGEST_ZOOM:
            raise ValueError(f"The text size lies between {SMALLEST_ZOOM} and {LARGEST_ZOOM} %.")
        self.animation_order().check()

    def show_preview(self, picture: QPixmap) -> None:
        """Show one picture of it."""
        order = self.animation_order()
        assert self.preview is not None
        words = f"{write_count(order.frames)} pictures in {write_short(order.seconds, 1)} s, again and again"
        self.preview.show_picture(picture, words)


def _tau_step(value: float, by: int) -> float:
    """Return the next temperature up or down: by a tenth of its size, and no further than 0."""
    if value == float("inf"):
        return 100.0 if by < 0 else value
    return max(float(f"{value * 1.1**by:.3g}"), 0.0) if value > 0.0 else max(0.01 * by, 0.0)


def _draw_step(draws: int, by: int) -> int:
    return max(round(draws * 2.0**by) if abs(by) == 1 else round(draws * 10.0 ** (by / abs(by))), 1)
