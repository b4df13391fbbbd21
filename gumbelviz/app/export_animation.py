"""An animation as a GIF or an APNG: frames are worked out and encoded beside the window, and painted by it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gumbelviz.app.export_apng import ApngWriter
from gumbelviz.app.export_frames import make_frames
from gumbelviz.app.export_png import pixels_of
from gumbelviz.app.keep import write_file

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image as Pictures

    from gumbelviz.app.export_easel import Easel
    from gumbelviz.app.export_frames import Picture
    from gumbelviz.app.export_job import Bench
    from gumbelviz.model.export import AnimationOrder
    from gumbelviz.model.scene import Page, Scene
    from gumbelviz.views.look import Look

COLORS = 256
EXACT_COLORS = 160
"""Colours of a GIF that are kept exactly, the most frequent ones; the rest stand for all others."""
_SAMPLES = 3


def write_animation(
    path: Path,
    scene: Scene,
    page: Page,
    order: AnimationOrder,
    look: Look,
    shown: int,
    bench: Bench,
    parts: tuple[str, ...] = (),
) -> None:
    """Write an animation to `path`, a ``.gif`` or a ``.png``, of the page or of some of its parts.

    Raises
    ------
    ValueError
        Where the order has no meaning, or there is nothing to train.
    OSError
        Where it cannot be written; the file that was there is whole.
    Cancelled
        Where it was cancelled; nothing is written.
    """
    order.check()
    write_file(path, animation_bytes(path.suffix.lower(), scene, page, order, look, shown, bench, parts))


def animation_bytes(
    suffix: str,
    scene: Scene,
    page: Page,
    order: AnimationOrder,
    look: Look,
    shown: int,
    bench: Bench,
    parts: tuple[str, ...] = (),
) -> bytes:
    """Return the bytes of the file."""
    # Imported late: the window is up without it.
    from gumbelviz.app.export_easel import Easel

    easel = bench.on_screen(lambda: Easel(page, look, order.size, parts=parts))
    try:
        if suffix == ".gif":
            return _gif(_Film(easel, bench, scene, page, order, shown), order)
        return _apng(_Film(easel, bench, scene, page, order, shown), order)
    finally:
        bench.later(easel.close)


class _Film:
    """The pictures of an animation as arrays of bytes, (height, width, 3)."""

    def __init__(
        self, easel: Easel, bench: Bench, scene: Scene, page: Page, order: AnimationOrder, shown: int
    ) -> None:
        self._easel, self._bench = easel, bench
        self._what = scene, page, order, shown
        self._count = order.frames

    def samples(self) -> list[NDArray[np.uint8]]:
        """Return some pictures, the first and the last among them, to choose colours from."""
        last = self._count - 1
        # A training is not done twice for its colours: after a tenth of it all curves can be seen.
        last = max(last // 10, 1) if self._what[2].motion == "training" else last
        places = sorted({last * i // (_SAMPLES - 1) for i in range(_SAMPLES)})
        return [self._paint(picture) for picture in make_frames(*self._what, self._bench.is_cancelled, places)]

    def pictures(self) -> Iterator[NDArray[np.uint8]]:
        """Yield all pictures, and report after each."""
        first, moved = None, False
        for place, picture in enumerate(make_frames(*self._what, self._bench.is_cancelled)):
            pixels = self._paint(picture)
            first = pixels if first is None else first
            moved = moved or not np.array_equal(first, pixels)
            yield pixels
            self._bench.report((place + 1) / (self._count + 1))
        if not moved:
            raise ValueError("Nothing moves in this picture, so there is no animation; choose another page or motion.")

    def _paint(self, picture: Picture) -> NDArray[np.uint8]:
        scene, frame = picture

        def paint() -> NDArray[np.uint8]:
            self._easel.draw(scene, frame)
            return pixels_of(self._easel.image())

        return self._bench.on_screen(paint)


def _apng(film: _Film, order: AnimationOrder) -> bytes:
    writer = ApngWriter()
    for pixels, milliseconds in zip(film.pictures(), order.durations(), strict=True):
        writer.add(pixels, milliseconds)
    return writer.bytes()


def _gif(film: _Film, order: AnimationOrder) -> bytes:
    from PIL import Image

    colors = _Colors(film.samples())

    def pictures() -> Iterator[Pictures.Image]:
        for pixels in film.pictures():
            picture = Image.fromarray(colors.places(pixels), "P")
            picture.putpalette(colors.table.astype(np.uint8).tobytes())
            yield picture

    buffer, waiting = io.BytesIO(), pictures()
    first = next(waiting)
    # Pillow takes the others one by one, and stores of each what differs from the one before.
    first.save(
        buffer, "GIF", save_all=True, append_images=waiting, duration=list(order.durations()), loop=0, optimize=False
    )
    return buffer.getvalue()


class _Colors:
    """The colours of a GIF, the same for all its pictures, so that nothing that stands still flickers.

    Parameters
    ----------
    samples
        Pictures to choose them from, (height, width, 3).
    """

    def __init__(self, samples: list[NDArray[np.uint8]]) -> None:
        codes, counts = np.unique(np.concatenate([_codes(sample).ravel() for sample in samples]), return_counts=True)
        often = codes[np.argsort(-counts, kind="stable")]
        exact, rest = often[:EXACT_COLORS], often[EXACT_COLORS:]
        self.table = np.concatenate((_colors(exact), _stand_for(_colors(rest), COLORS - EXACT_COLORS)))
        """Red, green and blue of each, (C, 3)."""
        self._known = np.full(2**24, -1, np.int16)

    def places(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the place of the nearest colour for each pixel, (height, width)."""
        codes = _codes(pixels)
        found = self._known[codes]
        new = np.unique(codes[found < 0])
        if new.size:
            for piece in np.array_split(new, max(new.size // 4096, 1)):
                distance = ((_colors(piece)[:, np.newaxis] - self.table) ** 2).sum(axis=2)
                self._known[piece] = distance.argmin(axis=1)
            found = self._known[codes]
        return found.astype(np.uint8)


def _codes(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    wide = pixels.astype(np.int32)
    codes: NDArray[np.int32] = (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]
    return codes


def _colors(codes: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.stack((codes >> 16, codes >> 8 & 255, codes & 255), axis=-1).astype(np.int32)


def _stand_for(colors: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """Return at most `count` colours that stand for all of `colors`: means of boxes, the widest cut first."""
    boxes = [colors] if len(colors) else []
    while 0 < len(boxes) < count:
        widths = [float(np.ptp(box, axis=0).max()) if len(box) > 1 else 0.0 for box in boxes]
        widest = int(np.argmax(widths))
        if widths[widest] == 0.0:
            break
        box = boxes.pop(widest)
        channel = int(np.argmax(np.ptp(box, axis=0)))
        middle = (int(box[:, channel].min()) + int(box[:, channel].max()) + 1) / 2
        low = box[:, channel] < middle
        boxes += [box[low], box[~low]]
    means = [np.rint(box.mean(axis=0)).astype(np.int32) for box in boxes]
    return np.array(means, np.int32).reshape(-1, 3)
