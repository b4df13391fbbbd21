"""One temperature: the soft choice of a draw, those of a few draws more, and the mean of all, as upright bars."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.model.numbers import write_number
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look, mix
from gumbelviz.views.plots.markers import draw_marker, marker_path

TILES = (2, 4)
"""Rows and columns of small pictures."""
REST = -1
"""The colour of all options that have no bar of their own."""


@dataclass(frozen=True, slots=True)
class PanelPicture:
    """What a panel shows; each tuple has one number per bar.

    Attributes
    ----------
    colors
        Places in the palette, `REST` for the rest.
    draw
        The soft choice of the draw on display.
    newest
        Those of the draws before it.
    mean, band
        The mean over the draws so far, and twice its standard error.
    exact
        E[y], or none where it is not known.
    chances
        P(win).
    captions
        Three lines: over the draw, the small pictures, and the mean.
    top
        The end of the axis of means.
    """

    colors: tuple[int, ...]
    draw: tuple[float, ...]
    newest: tuple[tuple[float, ...], ...]
    mean: tuple[float, ...]
    band: tuple[float, ...]
    exact: tuple[float, ...]
    chances: tuple[float, ...]
    captions: tuple[str, str, str]
    top: float = 1.0


class SoftPanel(QWidget):
    """Paints a `PanelPicture`."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._look = Look()
        self._picture: PanelPicture | None = None
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    def show_picture(self, picture: PanelPicture | None) -> None:
        """Show a picture, or none; nothing is painted again where nothing changed."""
        if picture != self._picture:
            self._picture = picture
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(160), self._look.px(300))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(60), self._look.px(120))

    def sections(self) -> tuple[QRectF, QRectF, QRectF]:
        """Where the draw, the small pictures and the mean stand, captions included."""
        room = QRectF(self.rect()).adjusted(self._look.px(12), 0, -self._look.px(12), -self._look.px(6))
        tiled = self._picture is None or bool(self._picture.captions[1])
        shares = (0.27, 0.27, 0.46) if tiled else (0.42, 0.0, 0.58)
        heights = tuple(share * room.height() for share in shares)
        tops = (room.top(), room.top() + heights[0], room.top() + heights[0] + heights[1])
        first, second, third = (
            QRectF(room.left(), top, room.width(), height) for top, height in zip(tops, heights, strict=True)
        )
        return first, second, third

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        picture = self._picture
        if picture is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paints = self._paint_draw, self._paint_newest, self._paint_mean
            for section, words, paint in zip(self.sections(), picture.captions, paints, strict=True):
                if section.height() > 0.0:
                    paint(painter, self._paint_caption(painter, section, words), picture)

    def _paint_caption(self, painter: QPainter, section: QRectF, words: str) -> QRectF:
        """Write the line over a section; return the room below it."""
        look = self._look
        height = look.px(20)
        painter.setFont(look.font(12.5))
        painter.setPen(look.color("quiet"))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(section.width()))
        painter.drawText(QRectF(section.left(), section.top(), section.width(), height),
                         Qt.AlignmentFlag.AlignVCenter, shown)  # fmt: skip
        return section.adjusted(0, height + look.px(2), 0, -look.px(4))

    def _color(self, color: int) -> QColor:
        return self._look.color("quiet") if color == REST else self._look.option_color(color)

    def _columns(self, room: QRectF, count: int, share: float = 0.72) -> list[QRectF]:
        """Return one upright column per bar, as high as the room; `share` of the width is bars."""
        pitch = min(room.width() / max(count, 1), self._look.px(64))
        left = room.center().x() - pitch * count / 2
        gap = pitch * (1.0 - share) / 2
        return [QRectF(left + i * pitch + gap, room.top(), pitch - 2 * gap, room.height()) for i in range(count)]

    def _paint_bars(self, painter: QPainter, room: QRectF, values: tuple[float, ...], colors: list[QColor]) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for column, value, color in zip(self._columns(room, len(values)), values, colors, strict=True):
            height = value * room.height()
            if height > 0.3:
                painter.fillRect(QRectF(column.left(), room.bottom() - height, column.width(), height), color)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_axis(self, painter: QPainter, room: QRectF, picture: PanelPicture) -> None:
        """A base line, and under it the mark of each option."""
        look = self._look
        painter.setPen(QPen(look.color("line"), 1.0))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        for column, color in zip(self._columns(room, len(picture.colors)), picture.colors, strict=True):
            if color != REST:
                painter.setPen(Qt.PenStyle.NoPen)
                radius = min(look.px(4), 0.42 * column.width())
                draw_marker(painter, look, color, QPointF(column.center().x(), room.bottom() + look.px(8)), radius)

    def _paint_draw(self, painter: QPainter, section: QRectF, picture: PanelPicture) -> None:
        room = section.adjusted(0, self._look.px(4), 0, -self._look.px(15))
        self._paint_bars(painter, room, picture.draw, [self._color(color) for color in picture.colors])
        self._paint_axis(painter, room, picture)

    def _paint_newest(self, painter: QPainter, section: QRectF, picture: PanelPicture) -> None:
        rows, columns = TILES
        gap = self._look.px(5)
        width = (section.width() - gap * (columns - 1)) / columns
        height = (section.height() - gap * (rows - 1)) / rows
        colors = [self._color(color) for color in picture.colors]
        ground = mix([self._look.color("track")], self._look.color("card"), 0.35)
        for n, values in enumerate(picture.newest[: rows * columns]):
            tile = QRectF(section.left() + n % columns * (width + gap), section.top() + n // columns * (height + gap),
                          width, height)  # fmt: skip
            painter.fillRect(tile, ground)
            inner = tile.adjusted(2, 2, -2, 0)
            pitch = inner.width() / len(values)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            for i, (value, color) in enumerate(zip(values, colors, strict=True)):
                tall = value * inner.height()
                if tall > 0.3:
                    bar = QRectF(inner.left() + i * pitch + 0.5, inner.bottom() - tall, max(pitch - 1.0, 1.0), tall)
                    painter.fillRect(bar, color)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_mean(self, painter: QPainter, section: QRectF, picture: PanelPicture) -> None:
        look = self._look
        room = section.adjusted(0, look.px(26), 0, -look.px(15))
        pale = [look.pale((color,), 0.62) if color != REST else look.color("track") for color in picture.colors]
        per_unit = room.height() / picture.top
        self._paint_bars(painter, room, tuple(min(mean / picture.top, 1.0) for mean in picture.mean), pale)
        self._paint_axis(painter, room, picture)
        columns = self._columns(room, len(picture.colors))
        for place, column in enumerate(columns):
            if max(picture.mean[place], picture.chances[place]) > 1.1 * picture.top:
                self._paint_break(painter, column)
                continue
            self._paint_band(painter, column, picture.mean[place] * per_unit, picture.band[place] * per_unit)
            y = room.bottom() - picture.chances[place] * per_unit
            painter.setPen(look.pen("ink", 2.0))
            reach = min(look.px(5), 0.18 * column.width())
            painter.drawLine(QPointF(column.left() - reach, y), QPointF(column.right() + reach, y))
            if picture.exact:
                self._paint_diamond(painter, column, picture.exact[place] * per_unit, picture.colors[place])
        self._paint_numbers(painter, room, columns, picture)

    def _paint_break(self, painter: QPainter, column: QRectF) -> None:
        """Two slanted gaps: this bar ends far above the picture."""
        painter.setPen(QPen(self._look.color("card"), self._look.px(3)))
        slant = QPointF(0.5 * column.width() + 2, -0.25 * column.width())
        for down in (self._look.px(14), self._look.px(21)):
            middle = QPointF(column.center().x(), column.top() + down)
            painter.drawLine(middle - slant, middle + slant)

    def _paint_band(self, painter: QPainter, column: QRectF, height: float, reach: float) -> None:
        """Two standard errors to either side of the simulated mean, all in pixels."""
        if reach < 1.0:
            return
        painter.setPen(self._look.pen("quiet", 1.2))
        y, x = column.bottom() - height, column.center().x()
        low, high = min(y + reach, column.bottom()), max(y - reach, column.top())
        painter.drawLine(QPointF(x, low), QPointF(x, high))
        cap = 0.2 * column.width()
        for end in (low, high):
            painter.drawLine(QPointF(x - cap, end), QPointF(x + cap, end))

    def _paint_diamond(self, painter: QPainter, column: QRectF, height: float, color: int) -> None:
        look = self._look
        painter.setPen(look.pen("card", 1.2))
        painter.setBrush(self._color(color))
        radius = max(min(look.px(6), 0.5 * column.width()), look.px(3))
        center = QPointF(column.center().x(), column.bottom() - height)
        painter.drawPath(marker_path("diamond", center, radius))

    def _paint_numbers(
        self, painter: QPainter, room: QRectF, columns: list[QRectF], picture: PanelPicture
    ) -> None:
        """The exact mean over each bar, or the simulated one where it is not known, as far as there is room."""
        look = self._look
        painter.setFont(look.font(12))
        metrics = QFontMetricsF(painter.font())
        pitch = columns[1].left() - columns[0].left() if len(columns) > 1 else room.width()
        decimals = next((n for n in (3, 2) if metrics.horizontalAdvance(write_number(0.0, n)) + 4 <= pitch), 0)
        if not decimals:
            return
        values = picture.exact or picture.mean
        for place, column in enumerate(columns):
            top = max(values[place], picture.mean[place] + picture.band[place], picture.chances[place])
            y = room.bottom() - min(top / picture.top, 1.0) * room.height() - look.px(9)
            painter.setPen(look.color("ink"))
            where = QRectF(column.center().x() - pitch / 2, y - look.px(16), pitch, look.px(16))
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, write_number(values[place], decimals))
