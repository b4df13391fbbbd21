"""Export picture: of what, how large, on which ground; PNG, SVG, PDF or the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from gumbelviz.model.export import LARGEST_SCALE, Extent, Ground, PictureOrder
from gumbelviz.model.numbers import write_count
from gumbelviz.views.dialogs.dialog import button
from gumbelviz.views.dialogs.export_form import Choice, ExportDialog, whole_field
from gumbelviz.views.dialogs.segments import Segments

KINDS = (("png", "PNG"), ("svg", "SVG"), ("pdf", "PDF"))
GROUNDS = (("print", "On white"), ("screen", "As on the screen"))
SCALES = tuple((scale, f"{scale}×") for scale in range(1, LARGEST_SCALE + 1))
SIZES = ((1600, 900), (1920, 1080), (1280, 720), (1200, 900), (900, 900), (800, 500))
SIZE_STEP, ZOOM_STEP = 20, 5
SMALLEST_ZOOM, LARGEST_ZOOM = 50, 300


class PictureDialog(ExportDialog):
    """Asks for a picture.

    Parameters
    ----------
    contents
        What there can be a picture of: (extent, part) and its words.
    order
        What is chosen at first.

    Signals
    -------
    copy_wished(order)
        The picture shall go to the clipboard.
    """

    copy_wished = Signal(object)

    def __init__(self, contents: Sequence[tuple[object, str]], order: PictureOrder, parent: QWidget) -> None:
        super().__init__(
            "Export picture", "Sharp at any size in SVG and PDF; in PNG lines and type grow with the scale.",
            "&Save…", parent,
        )  # fmt: skip
        self._asked = order
        self.content = Choice("Picture of", contents)
        self.content.set_value((order.extent, order.part))
        self.kind = Segments("Form", KINDS)
        self.kind.set_value("png")
        self.width_field = whole_field("Width", order.size[0], _size_step, self._sized, self.complain)
        self.height_field = whole_field("Height", order.size[1], _size_step, self._sized, self.complain)
        sizes = list(dict.fromkeys([order.size, *SIZES]))
        self.sizes = Choice("Size", [(size, _size_words(size, size == order.size)) for size in sizes])
        self.sizes.set_value(order.size)
        self.scale = Segments("Scale", SCALES)
        self.scale.set_value(order.scale)
        self.ground = Segments("Ground", GROUNDS)
        self.ground.set_value(order.ground)
        percent = round(100 * order.zoom)
        self.zoom = whole_field("Text size in per cent", percent, _zoom_step, self.notice, self.complain)
        self.add_row("Picture of", self.content)
        self.add_row("Form", self.kind)
        self.add_row("Size", self.width_field, QLabel("×"), self.height_field, QLabel("pixels"))
        self.add_row("", self.sizes)
        self._scale_row = self.add_row("Scale", self.scale)
        self.add_row("Text size", self.zoom, QLabel("%"))
        self.add_row("Ground", self.ground)
        self.copy = button("&Copy", "Put the picture on the clipboard")
        self.foot.insertWidget(0, self.copy)
        for part in (self.content, self.kind, self.scale, self.ground):
            part.chosen.connect(lambda _value: self.notice())
        self.sizes.chosen.connect(self._take_size)
        self.copy.clicked.connect(self._copy)
        self.wear()
        self.content.setFocus()

    def _take_size(self, size: object) -> None:
        if isinstance(size, tuple):
            self.width_field.set_value(size[0])
            self.height_field.set_value(size[1])
            self.notice()

    def _sized(self) -> None:
        self.sizes.set_value((round(self.width_field.value), round(self.height_field.value)))
        self.notice()

    def notice(self) -> None:
        """Something else is chosen now."""
        self.show_row(self._scale_row, self.kind.value == "png")
        super().notice()

    def picture_order(self) -> PictureOrder:
        """Return what is chosen."""
        extent, part = chosen_content(self.content)
        size = round(self.width_field.value), round(self.height_field.value)
        scale = self.scale.value
        assert isinstance(scale, int)
        return PictureOrder(extent, part, size, scale, chosen_ground(self.ground), self.zoom.value / 100.0)

    def order(self) -> tuple[object, str]:
        """Return what is chosen, and the kind of file."""
        return self.picture_order(), str(self.kind.value)

    def check(self) -> None:
        """Raise `ValueError` with a sentence where there cannot be such a picture."""
        if not SMALLEST_ZOOM <= self.zoom.value <= LARGEST_ZOOM:
            raise ValueError(f"The text size lies between {SMALLEST_ZOOM} and {LARGEST_ZOOM} %.")
        self.picture_order().check(str(self.kind.value))

    def show_preview(self, picture: QPixmap) -> None:
        """Show how it will look."""
        order = self.picture_order()
        scale = order.scale if self.kind.value == "png" else 1
        width, height = (write_count(side * scale) for side in order.size)
        assert self.preview is not None
        self.preview.show_picture(picture, f"{width} × {height} pixels")

    def _copy(self) -> None:
        self.notice()
        if self.save.isEnabled():
            self.copy_wished.emit(self.picture_order())


def chosen_content(choice: Choice) -> tuple[Extent, str]:
    """Return what the picture is of."""
    assert isinstance(choice.value, tuple)
    extent: Extent
    extent, part = choice.value
    return extent, str(part)


def chosen_ground(segments: Segments) -> Ground:
    """Return the ground that holds."""
    return "screen" if segments.value == "screen" else "print"


def _size_step(size: int, by: int) -> int:
    return max(size + SIZE_STEP * by, SIZE_STEP)


def _zoom_step(percent: int, by: int) -> int:
    return min(max(percent + ZOOM_STEP * by, SMALLEST_ZOOM), LARGEST_ZOOM)


def _size_words(size: tuple[int, int], here: bool) -> str:
    words = f"{write_count(size[0])} × {write_count(size[1])}"
    return f"{words}, as on the screen" if here else words
