"""Makes the pictures that are taken out: of what there can be one, and how it looks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap

from gumbelviz.model import page_parts
from gumbelviz.model.export import LARGEST_SIDE, MOST_PIXELS, SMALLEST_SIDE, Ground, PictureOrder
from gumbelviz.views.look import PRINT, Look
from gumbelviz.views.pages.table import row_of

if TYPE_CHECKING:
    from gumbelviz.app.export_easel import Easel
    from gumbelviz.app.store import Store
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.scene import Page, Scene
    from gumbelviz.views.window import Window

ALL_PARTS = "*"
"""In place of a part: the pictures of a page without its controls."""
VECTOR_RATIO = 4.0
"""Dots for a pixel of what stays an image in SVG and PDF."""
PREVIEW_SIDE = 700
USUAL_SCALE = 2


class Studio:
    """Pictures of what the window shows now, made where nobody sees it."""

    def __init__(self, store: Store, window: Window) -> None:
        self._store, self._window = store, window

    @property
    def page(self) -> Page:
        """The page in front."""
        return row_of(self._store.state.page).id

    @property
    def page_title(self) -> str:
        """Its title."""
        return row_of(self._store.state.page).title

    def contents(self, window: bool) -> list[tuple[object, str]]:
        """What there can be a picture of, and its words."""
        page = self.page
        rows: list[tuple[object, str]] = [(("page", ""), f"The page “{row_of(page).title}”")]
        parts = page_parts.parts_of(page, page_parts.view_of(self._store.state.settings, page))
        if parts:
            rows.append((("part", ALL_PARTS), "Its pictures, without controls"))
        if window:
            rows.append((("window", ""), "The whole window"))
        return rows + [(("part", part.id), f"Only: {part.title}") for part in parts]

    def parts(self, part: str) -> tuple[str, ...]:
        """Return the ids that a choice of `contents` stands for."""
        if part != ALL_PARTS:
            return (part,) if part else ()
        page = self.page
        return tuple(x.id for x in page_parts.parts_of(page, page_parts.view_of(self._store.state.settings, page)))

    def look(self, ground: Ground, zoom: float, ratio: float) -> Look:
        """Return how a picture on that ground looks."""
        return Look(PRINT if ground == "print" else self._window.look.theme, zoom, calm=True, ratio=ratio)

    def usual_order(self) -> PictureOrder:
        """Return an order for the page as large as it is on the screen, on white, with twice the dots."""
        shown = self._window.pages.size()
        width, height = (min(max(side, SMALLEST_SIDE), LARGEST_SIDE) for side in (shown.width(), shown.height()))
        most = max(math.floor(math.sqrt(MOST_PIXELS / (width * height))), 1)
        return PictureOrder(size=(width, height), scale=min(USUAL_SCALE, most), zoom=self._window.look.zoom)

    def picture(self, kind: str, order: PictureOrder, scene: Scene, frame: Frame) -> bytes:
        """Return the bytes of a picture: ``"png"``, ``"svg"`` or ``"pdf"``."""
        easel = self._easel(order, scene, frame, _ratio(order.scale) if kind == "png" else VECTOR_RATIO)
        try:
            return easel.bytes(kind, order.scale)
        finally:
            easel.close()

    def image(self, order: PictureOrder, scene: Scene, frame: Frame) -> QImage:
        """Return a picture for the clipboard."""
        easel = self._easel(order, scene, frame, _ratio(order.scale))
        try:
            return easel.image(order.scale)
        finally:
            easel.close()

    def preview(self, order: Any, scene: Scene, frame: Frame) -> QPixmap:
        """Return a small picture of how a picture, or one of an animation, will look."""
        small = PictureOrder(order.extent, order.part, order.size, 1, order.ground, order.zoom)
        image = self.image(small, scene, frame)
        side = round(PREVIEW_SIDE * self._window.devicePixelRatioF())
        if max(image.width(), image.height()) > side:
            smooth = Qt.TransformationMode.SmoothTransformation
            image = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        return QPixmap.fromImage(image)

    def _easel(self, order: PictureOrder, scene: Scene, frame: Frame, ratio: float) -> Easel:
        from gumbelviz.app.actions import COMMANDS
        from gumbelviz.app.export_easel import Around, Easel

        state, around = self._store.state, None
        if order.extent == "window":
            around = Around(
                {command.id: command.text for command in COMMANDS if command is not None},
                tuple(action.text() for action in self._window.menuBar().actions()),
                self._window.note, state.edited,
            )  # fmt: skip
        look = self.look(order.ground, order.zoom, ratio)
        parts = self.parts(order.part) if order.extent == "part" else ()
        easel = Easel(self.page, look, order.size, around, parts)
        easel.draw(scene, frame, state.transport)
        return easel


def _ratio(scale: int) -> float:
    """Return how finely images are painted in a picture so many times as large: those of a page take a lot of room."""
    return min(float(scale), VECTOR_RATIO)
