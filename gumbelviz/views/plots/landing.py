"""Noise on a number line, to scale: where a large score plus noise can land at all."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.model.numbers import write_percent
from gumbelviz.model.precision_report import Landing, PrecisionReport
from gumbelviz.model.precision_words import write_size
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look

LEAST_LABELLED = 5e-4
MARGIN = 1.2
"""How far beyond the neighbours of the score the picture goes, in their distance."""


class LandingPlot(QWidget):
    """The density of the noise over the numbers that there are; bars say how often the sum lands on each."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._look = Look()
        self._report: PrecisionReport | None = None
        self._landing: Landing | None = None
        self._shown: tuple[object, ...] = ()
        self._range = (-1.0, 1.0)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(40, 30)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    def set_landing(self, report: PrecisionReport, place: int) -> None:
        """Show the landing at `place` of the report; both share the range, so that they can be compared."""
        landing = report.landings[place]
        shown = (report.size, report.scale, landing.spacing)
        if shown == self._shown:
            return
        self._shown, self._report, self._landing = shown, report, landing
        xs = report.noise_curve[0]
        reach = MARGIN * max((other.spacing for other in report.landings if len(other.places)), default=0.0)
        self._range = min(float(xs[0]), -reach), max(float(xs[-1]), reach)
        self.update()

    def _x(self, value: float) -> float:
        low, high = self._range
        margin = self._look.px(14)
        return margin + (value - low) / (high - low) * (self.width() - 2 * margin)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._report is None or self._landing is None:
            return
        look = self._look
        base = self.height() - look.px(27)
        top = look.px(22)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_density(painter, base, top)
            painter.setPen(look.pen("quiet", 1.0))
            painter.drawLine(QPointF(self._x(self._range[0]), base), QPointF(self._x(self._range[1]), base))
            painter.setFont(look.font(12.5))
            if len(self._landing.places):
                self._paint_places(painter, base, top)
            else:
                self._paint_crowd(painter, base)

    def _paint_density(self, painter: QPainter, base: float, top: float) -> None:
        assert self._report is not None
        look = self._look
        xs, ys = self._report.noise_curve
        height = (base - top) / float(ys.max())
        path = QPainterPath(QPointF(self._x(float(xs[0])), base))
        for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
            path.lineTo(self._x(x), base - y * height)
        path.lineTo(self._x(float(xs[-1])), base)
        path.closeSubpath()
        fill = look.color("accent")
        fill.setAlphaF(0.22)
        painter.setPen(look.pen("accent", 1.4))
        painter.setBrush(fill)
        painter.drawPath(path)

    def _paint_places(self, painter: QPainter, base: float, top: float) -> None:
        """A tick for every number there is, a bar for how often the sum is rounded to it."""
        assert self._landing is not None
        look = self._look
        metrics = QFontMetricsF(painter.font())
        right_end = -1.0
        low, high = self._range
        for place, share in zip(self._landing.places.tolist(), self._landing.shares.tolist(), strict=True):
            if not low <= place <= high:
                continue
            x, width = self._x(place), look.px(8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("ink"))
            painter.drawRect(QRectF(x - width / 2, base - share * (base - top), width, share * (base - top)))
            painter.setPen(look.pen("ink", 1.6))
            painter.drawLine(QPointF(x, base - look.px(3)), QPointF(x, base + look.px(6)))
            words = ("+" if place > 0 else "") + write_size(place) if place else "score"
            wide = max(metrics.horizontalAdvance(words), metrics.horizontalAdvance("98.8%"))
            if x - wide / 2 < right_end + look.px(4):
                continue
            right_end = x + wide / 2
            painter.setPen(look.color("quiet"))
            painter.drawText(QRectF(x - wide / 2 - 2, base + look.px(7), wide + 4, look.px(18)),
                             Qt.AlignmentFlag.AlignCenter, words)  # fmt: skip
            if share >= LEAST_LABELLED:
                painter.setPen(look.color("ink"))
                y = base - share * (base - top) - look.px(19)
                painter.drawText(QRectF(x - wide, y, 2 * wide, look.px(18)), Qt.AlignmentFlag.AlignCenter,
                                 write_percent(share))  # fmt: skip

    def _paint_crowd(self, painter: QPainter, base: float) -> None:
        """Numbers so close together that they are one line at this scale."""
        assert self._report is not None
        assert self._landing is not None
        look = self._look
        low, high = self._x(self._range[0]), self._x(self._range[1])
        painter.fillRect(QRectF(low, base - look.px(1), high - low, look.px(5)), look.color("ink"))
        per_pixel = (self._range[1] - self._range[0]) / (high - low) / self._landing.spacing
        words = f"{write_size(float(f'{per_pixel:.1g}'))} numbers to a pixel"
        painter.setPen(look.color("quiet"))
        room = QRectF(low, look.px(2), high - low, look.px(20))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        for steps in (-2, 0, 2, 4, 6, 8):
            place = steps * self._report.scale
            words = f"{'+' if steps > 0 else ''}{write_size(place)}" if steps else "score"
            tick = QRectF(self._x(place) - look.px(40), base + look.px(7), look.px(80), look.px(18))
            painter.drawText(tick, Qt.AlignmentFlag.AlignCenter, words)
