"""The slopes of one soft choice as coloured cells: row by share, column by score."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look, mix
from gumbelviz.views.plots.markers import draw_marker
from gumbelviz.views.spoken import describe


@dataclass(frozen=True, slots=True)
class Slopes:
    """The cells.

    Attributes
    ----------
    names, colors
        Of the options, (C,).
    cells
        A level from -1 to 1 for the colour, and a text; row by row, (C, C).
    """

    names: tuple[str, ...]
    colors: tuple[int, ...]
    cells: tuple[tuple[tuple[float, str], ...], ...]


class JacobianGrid(QWidget):
    """A square of cells under a row of names, beside a column of them."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._look = Look()
        self._slopes = Slopes((), (), ())
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 80)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    def set_slopes(self, slopes: Slopes) -> None:
        """Show these; nothing is painted where nothing changed."""
        if slopes != self._slopes:
            self._slopes = slopes
            rows = (
                f"{name}: {', '.join(text for _, text in row)}"
                for name, row in zip(slopes.names, slopes.cells, strict=True)
            )
            describe(self, "; ".join(rows))
            self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        count = len(self._slopes.names)
        if not count:
            return
        look = self._look
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(look.font(13))
            metrics = painter.fontMetrics()
            widest = max(metrics.horizontalAdvance(name) for name in self._slopes.names) + look.px(34)
            left = min(float(widest), 0.32 * self.width())
            top = float(look.px(30))
            width = min((self.width() - left - look.px(12)) / count, float(look.px(150)))
            height = min((self.height() - top - look.px(10)) / count, float(look.px(110)), max(0.8 * width, 24.0))
            for i in range(count):
                self._paint_name(painter, i, QRectF(0, top + i * height, left - look.px(6), height), False)
                self._paint_name(painter, i, QRectF(left + i * width, 0, width, top), True)
                for j in range(count):
                    rect = QRectF(left + j * width, top + i * height, width, height).adjusted(1.5, 1.5, -1.5, -1.5)
                    self._paint_cell(painter, rect, *self._slopes.cells[i][j])

    def _paint_name(self, painter: QPainter, i: int, rect: QRectF, above: bool) -> None:
        look = self._look
        size = min(look.px(5), 0.3 * rect.height())
        painter.setPen(Qt.PenStyle.NoPen)
        room = rect.width() - look.px(24)
        painter.setFont(look.font(13))
        name = painter.fontMetrics().elidedText(self._slopes.names[i], Qt.TextElideMode.ElideRight, round(room))
        wide = painter.fontMetrics().horizontalAdvance(name)
        start = rect.left() + look.px(14)
        if above:
            start = max(rect.center().x() - (wide + look.px(14)) / 2, rect.left())
        draw_marker(painter, look, self._slopes.colors[i], QPointF(start + look.px(4), rect.center().y()), size)
        if room > look.px(12):
            painter.setPen(look.color("quiet"))
            where = QRectF(start + look.px(14), rect.top(), wide + 2, rect.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_cell(self, painter: QPainter, rect: QRectF, level: float, text: str) -> None:
        look = self._look
        # Blue raises, orange lowers, and nothing is the colour of the card's lines.
        color = look.option_color(0 if level > 0 else 5)
        share = min(abs(level), 1.0) ** 0.6
        fill = mix([color], look.color("window"), 0.85 * share)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(rect, look.px(4), look.px(4))
        # What does not fit is written shorter: +0.164, +.16.
        shorter = text.replace("0.", ".")[:-1] if "." in text else text
        shorter = "" if shorter.endswith(".00") else shorter
        for words, size in ((text, 14.0), (text, 12.0), (shorter, 12.0), (shorter, 10.5)):
            painter.setFont(look.font(size))
            if painter.fontMetrics().horizontalAdvance(words) <= rect.width() - look.px(2):
                break
        else:
            return
        if rect.height() > look.px(13):
            painter.setPen(_readable(fill, look))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)


def _readable(ground: QColor, look: Look) -> QColor:
    """Ink or its opposite, whichever stands out more."""
    light = 0.2126 * ground.redF() ** 2.2 + 0.7152 * ground.greenF() ** 2.2 + 0.0722 * ground.blueF() ** 2.2
    dark_ink = light > 0.18
    ink = look.color("ink")
    return ink if (ink.lightnessF() < 0.5) == dark_ink else look.color("card")
