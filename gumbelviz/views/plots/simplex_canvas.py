"""What the pictures of the simplex share: dots, trail, arrows, marks, names, and this draw as a dot to drag."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.model.simplex_choices import SimplexChoices
from gumbelviz.model.simplex_report import SimplexReport, Slopes
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import ON_HEAT, Look, mix
from gumbelviz.views.plots.simplex_marks import THIS_DRAW, paint_arrows, paint_mean, paint_trail, stroke
from gumbelviz.views.plots.stamps import Sheet, stamp
from gumbelviz.views.spoken import teach

Floats = NDArray[np.float64]
LEAST_SHARE = 0.001
"""Where a drag stops short of a face: beyond, ever more noise moves the dot by ever less."""
_CROWDED = 5000
_SEEN = ("corners", "dots", "trail", "point", "soft_mean", "heat", "streamed", "segment", "slopes")
"""Parts of a report that change the picture."""
KEYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner: its option's place in the list, name and colour."""

    option: int
    name: str
    color: int


class SimplexCanvas(QWidget):
    """The base of segment, triangle and tetrahedron.

    Signals
    -------
    placed(shares, final)
        This draw was dragged to a soft choice, as a tuple of n shares.
    dropped()
        The drag that is going on shall not have been.
    released()
        Its noise shall come from the stream again.
    cornerClicked(corner, where)
        A name was clicked; `where` is on the screen.
    """

    placed = Signal(object, bool)
    released = Signal()
    dropped = Signal()
    cornerClicked = Signal(int, QPoint)

    def __init__(self, title: str, help_text: str) -> None:
        super().__init__()
        self._look = Look()
        self._report: SimplexReport | None = None
        self._choices = SimplexChoices()
        self._corners: tuple[Corner, ...] = ()
        self._names_open = False
        self._pinned = False
        self._ground: Sheet | None = None
        self._sheet: Sheet | None = None
        self._ground_key: object = None
        self._stamped: tuple[Floats, tuple[bool, bool]] | None = None
        self._held: QPointF | None = None
        self._moved = False
        self.setAccessibleName(title)
        teach(self, help_text)
        self.setToolTip(help_text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(600), self._look.px(500))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 90)

    # What is shown.

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._forget_ground()

    def set_corners(self, corners: tuple[Corner, ...], names_open: bool) -> None:
        """Name the corners; with `names_open` a click on a name asks for another option."""
        if (corners, names_open) != (self._corners, self._names_open):
            self._corners, self._names_open = corners, names_open
            self._forget_ground()

    def set_report(self, report: SimplexReport, choices: SimplexChoices, pinned: bool) -> None:
        """Show a report; nothing is painted where all that can be seen is as it was."""
        before, self._report = self._report, report
        same = before is not None and all(getattr(before, name) is getattr(report, name) for name in _SEEN)
        if not same or (choices, pinned) != (self._choices, self._pinned):
            self._choices, self._pinned = choices, pinned
            self.update()

    def _forget_ground(self) -> None:
        self._ground_key, self._stamped = None, None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget_ground()

    # To be filled in: where things are, in pixels of the widget.

    def places(self, shares: Floats) -> Floats:
        """Where soft choices (n, N) are: (2, N)."""
        raise NotImplementedError

    def shares_at(self, position: QPointF) -> Floats | None:
        """The soft choice (n,) under a pixel, kept inside; None where there is none."""
        raise NotImplementedError

    def ground_key(self) -> object:
        """What the ground shows; it is painted again when this changes."""
        raise NotImplementedError

    def paint_ground(self, painter: QPainter) -> None:
        """Paint what stands still while dots move."""
        raise NotImplementedError

    def name_rects(self) -> list[QRectF]:
        """Where the names of the corners stand."""
        raise NotImplementedError

    def dot_places(self, report: SimplexReport) -> Floats:
        """Where the dots are, (2, D)."""
        return self.places(report.dots)

    def dot_colors(self, report: SimplexReport) -> tuple[NDArray[np.intp], tuple[int, ...]]:
        """The colour of each dot, (D,), as its place in a palette: white on a heat map, else that of its winner."""
        if report.heat is not None and self._choices.heat:
            return np.zeros(report.winners.size, np.intp), (0xFFFFFF,)
        return report.winners, self.winner_colors()

    def winner_colors(self) -> tuple[int, ...]:
        """The colours of the corners, as 0xRRGGBB."""
        return tuple(self._look.option_color(corner.color).rgb() & 0xFFFFFF for corner in self._corners)

    def paint_over(self, painter: QPainter, report: SimplexReport) -> None:
        """Paint what belongs over the dots but under the marks."""

    # Painting.

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        report = self._report
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if report is None or len(report.corners) != len(self._corners):
                return
            self._paint_sheet(painter, report)
            self.paint_over(painter, report)
            if report.slopes is not None and self._choices.arrows:
                self._paint_arrows(painter, report.slopes)
            if self._choices.trail:
                paint_trail(painter, self._look, self.places(report.trail))
            if self._choices.means:
                self._paint_means(painter, report)
            self._paint_this_draw(painter, report)
            self._paint_names(painter)

    def _paint_sheet(self, painter: QPainter, report: SimplexReport) -> None:
        ratio = self.devicePixelRatioF() * self._look.ratio
        size = max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)
        if self._ground is None or self._sheet is None or self._ground.size != size:
            self._ground, self._sheet = Sheet(*size), Sheet(*size)
            self._forget_ground()
        key = self.ground_key()
        if self._ground_key != key:
            self._ground_key, self._stamped = key, None
            self._ground.image.fill(self._look.color("window"))
            with QPainter(self._ground.image) as ground:
                ground.setRenderHint(QPainter.RenderHint.Antialiasing)
                ground.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                ground.scale(ratio, ratio)
                self.paint_ground(ground)
        stamped = report.dots, (self._choices.dots, self._choices.arrows)
        if self._stamped is None or self._stamped[0] is not stamped[0] or self._stamped[1] != stamped[1]:
            self._stamped = stamped
            np.copyto(self._sheet.pixels, self._ground.pixels)
            if self._choices.dots and report.dots.size:
                self._stamp(self._sheet, report, ratio)
        painter.drawImage(QRectF(0, 0, size[0] / ratio, size[1] / ratio), self._sheet.image)

    def _stamp(self, sheet: Sheet, report: SimplexReport, ratio: float) -> None:
        x, y = ratio * self.dot_places(report)
        count = report.winners.size
        radius = min(2.5 * (2000.0 / max(count, 1)) ** 0.3, 3.2)
        # In a small picture dots are smaller; under arrows they step back.
        radius *= min(max(min(self.width(), self.height()) / self._look.px(600), 0.5), 1.0) ** 0.5
        radius *= self._look.zoom * self._look.theme.text * ratio * (0.62 if self._choices.arrows else 1.0)
        heat = report.heat is not None and self._choices.heat
        halo = QColor(ON_HEAT) if heat else self._look.color("card")
        colors, palette = self.dot_colors(report)
        stamp(sheet, x, y, colors, palette, round(radius, 2), halo if count <= _CROWDED else None)

    def _paint_arrows(self, painter: QPainter, slopes: Slopes) -> None:
        on_heat = self._report is not None and self._report.heat is not None and self._choices.heat
        paint_arrows(painter, self._look, self.places(slopes.feet), self.places(slopes.ends), on_heat)

    def _paint_means(self, painter: QPainter, report: SimplexReport) -> None:
        marks = (("circle", report.dots_mean), ("diamond", report.soft_mean), ("cross", report.probabilities))
        for shape, shares in marks:
            if shares is not None:
                paint_mean(painter, self._look, shape, QPointF(*self.places(shares[:, None])[:, 0]))

    def _paint_this_draw(self, painter: QPainter, report: SimplexReport) -> None:
        center, radius = self.this_draw(), self._look.px(9.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._look.color("accent"), 2.0 * stroke(self._look)))
            painter.drawEllipse(center, radius + self._look.px(4), radius + self._look.px(4))
        painter.setPen(QPen(self._look.color("card"), 2.6 * stroke(self._look)))
        painter.setBrush(self._look.option_color(THIS_DRAW))
        painter.drawEllipse(center, radius, radius)
        if self._pinned:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.color("card"))
            painter.drawEllipse(center, 0.34 * radius, 0.34 * radius)

    def _paint_names(self, painter: QPainter) -> None:
        font = self._look.font(20, bold=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        for corner, rect in zip(self._corners, self.name_rects(), strict=True):
            painter.setPen(self.name_color(corner))
            text = metrics.elidedText(self.name_of(corner), Qt.TextElideMode.ElideRight, rect.width() + 1.0)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def name_color(self, corner: Corner) -> QColor:
        """The option's colour, with enough of the ink in it to be read as type."""
        return mix([self._look.option_color(corner.color)], self._look.color("ink"), 0.86)

    def name_of(self, corner: Corner) -> str:
        """What stands at a corner."""
        return f"{corner.name} ▼" if self._names_open else corner.name

    def name_size(self, corner: Corner, most: float) -> tuple[float, float]:
        """Width and height of a name, no wider than `most`."""
        metrics = QFontMetricsF(self._look.font(20, bold=True))
        return min(metrics.horizontalAdvance(self.name_of(corner)) + 2.0, max(most, 10.0)), metrics.height()

    def this_draw(self) -> QPointF:
        """Where the large dot is."""
        if self._report is None:
            return QPointF()
        return QPointF(*self.places(self._report.point[:, None])[:, 0])

    # Dragging.

    @property
    def movable(self) -> bool:
        """True where this draw can be placed: at temperatures that have a choice of points."""
        return self._report is not None and self._report.limit is None and len(self._corners) > 1

    def _over_this_draw(self, position: QPointF) -> bool:
        away = position - self.this_draw()
        return self.movable and math.hypot(away.x(), away.y()) <= self._look.px(16)

    def _name_at(self, position: QPointF) -> int | None:
        if not self._names_open or len(self._corners) == 0 or self._report is None:
            return None
        return next((i for i, rect in enumerate(self.name_rects()) if rect.contains(position)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        position = event.position()
        corner = self._name_at(position)
        if corner is not None:
            self.cornerClicked.emit(corner, self.mapToGlobal(self.name_rects()[corner].bottomLeft().toPoint()))
        elif self._over_this_draw(position):
            self._held, self._moved = position - self.this_draw(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._held is not None:
            self._moved = True
            self._place(position - self._held, final=False)
            return
        shape = Qt.CursorShape.ArrowCursor
        if self._name_at(position) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif self._over_this_draw(position):
            shape = Qt.CursorShape.OpenHandCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None and event.button() == Qt.MouseButton.LeftButton:
            # A click alone pins nothing.
            if self._moved:
                self._place(event.position() - self._held, final=True)
            self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._pinned and self._over_this_draw(event.position()):
            self.released.emit()

    def _place(self, position: QPointF, final: bool) -> None:
        shares = self.shares_at(position)
        if shares is not None:
            kept = np.maximum(shares, LEAST_SHARE)
            self.placed.emit(tuple(float(share) for share in kept / kept.sum()), final)

    # The keyboard.

    def event(self, event: QEvent) -> bool:
        # Arrow keys are shortcuts of the window elsewhere; here they move the dot.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._takes(event):
            event.accept()
            return True
        return super().event(event)

    def _takes(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            return self._held is not None
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        return event.key() in KEYS or event.key() == Qt.Key.Key_Delete

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._takes(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self._held = None
            self.dropped.emit()
        elif event.key() == Qt.Key.Key_Delete:
            if self._pinned:
                self.released.emit()
        else:
            dx, dy = KEYS[Qt.Key(event.key())]
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step(dx, dy, self._look.px(1 if fine else 6))

    def step(self, dx: int, dy: int, by: float) -> None:
        """Move this draw with the keyboard."""
        if self.movable:
            self._place(self.this_draw() + QPointF(dx * by, dy * by), final=True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
