"""Bars that are dragged to what a person expects; what came stands in the same place once it is revealed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QVBoxLayout, QWidget

from gumbelviz.model.numbers import write_percent
from gumbelviz.model.prediction import even_shares, move_share, whole_percents
from gumbelviz.model.settings import Option
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one option: its exact chance, and how often it won in how many draws."""

    exact: float
    wins: int
    draws: int

    @property
    def seen(self) -> float | None:
        """How often it won, as a share of all draws; None before the first one."""
        return self.wins / self.draws if self.draws else None


class GhostBar(QSlider):
    """One option. Qt's class underneath gives it the keyboard and its place among the accessible.

    Signals
    -------
    moved(place, percent, final)
        A person moved it; `final` is False while it is held.
    """

    moved = Signal(int, int, bool)

    def __init__(self, place: int, option: Option) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._look = Look()
        self._place, self._option = place, option
        self._held = False
        self._outcome: Outcome | None = None
        self._flat, self._name_width = False, 0.0
        self.setRange(0, 100)
        self.setSingleStep(1)
        self.setPageStep(10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.actionTriggered.connect(lambda _action: self.moved.emit(self._place, self.sliderPosition(), True))
        self._say()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setMinimumHeight(look.px(24))
        self.setMaximumHeight(look.px(86))
        self.update()

    def show_percent(self, percent: int) -> None:
        """Show what is predicted now, without telling anybody."""
        self.blockSignals(True)
        self.setValue(percent)
        self.blockSignals(False)
        self._say()
        self.update()

    def show_outcome(self, outcome: Outcome | None) -> None:
        """Show what came, or nothing before it is revealed."""
        if outcome != self._outcome:
            self._outcome = outcome
            self._say()
            self.update()

    def _say(self) -> None:
        self.setAccessibleName(f"Predicted share of {self._option.name}")
        words = f"{self.value()} per cent predicted"
        if self._outcome is not None:
            words += f", exact {write_percent(self._outcome.exact)}"
            if self._outcome.seen is not None:
                words += f", seen {write_percent(self._outcome.seen)}"
        self.setAccessibleDescription(words)

    # Taking hold.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self._follow(event, final=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._follow(event, final=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held and event.button() == Qt.MouseButton.LeftButton:
            self._follow(event, final=True)
            self._held = False

    def _follow(self, event: QMouseEvent, final: bool) -> None:
        track = self._track()
        share = (event.position().x() - track.left()) / max(track.width(), 1.0)
        self.moved.emit(self._place, round(100 * min(max(share, 0.0), 1.0)), final)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A wheel that turns over a prediction was meant for something else.
        event.ignore()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    # Drawing.

    def set_form(self, flat: bool, name_width: float) -> None:
        """Have name, bar and numbers side by side, with so much room for names, or the bar below."""
        self._flat, self._name_width = flat, name_width
        self.update()

    def _track(self) -> QRectF:
        look, width, height = self._look, self.width(), self.height()
        reach = look.px(9)
        if self._flat:
            left, right = self._name_width + look.px(12), width - self._numbers_width() - look.px(10)
            return QRectF(left, 0.18 * height, max(right - left - reach, 1.0), 0.64 * height)
        top = look.px(27)
        return QRectF(0.0, top, width - reach, min(height - top - look.px(3), look.px(44)))

    def _numbers(self) -> str:
        own = f"{self.value()}%"
        if self._outcome is None:
            return own
        exact = write_percent(self._outcome.exact)
        seen = "–" if self._outcome.seen is None else write_percent(self._outcome.seen)
        return exact if self._narrow() else f"{own} · {exact} · {seen}"

    def _narrow(self) -> bool:
        """So narrow that three numbers would leave no room for the bar: then the exact one alone."""
        return self._flat and self.width() < self._look.px(460)

    def _numbers_width(self) -> float:
        # The same before and after, so that no bar changes its length when it is revealed.
        return QFontMetricsF(self._look.font(16, bold=True)).horizontalAdvance(
            "88.8%" if self._narrow() else "88% · 88.8% · 88.8%"
        )

    def name_width(self) -> float:
        """How wide the name is."""
        return QFontMetricsF(self._look.font(16, bold=True)).horizontalAdvance(self._option.name)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look, track = self._look, self._track()
        color = look.option_color(self._option.color)
        round_by = look.px(4)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_words(painter, track)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("window"))
            painter.setPen(look.pen("line", 1.0))
            painter.drawRoundedRect(track, round_by, round_by)
            painter.setPen(Qt.PenStyle.NoPen)
            end = track.left() + track.width() * self.value() / 100.0
            ghost = QRectF(track.left(), track.top(), end - track.left(), track.height())
            if self._outcome is None:
                painter.setBrush(look.pale((self._option.color,), 0.45))
                painter.drawRoundedRect(ghost, round_by, round_by)
            elif self._outcome.seen is not None:
                bar = QRectF(track)
                bar.setWidth(track.width() * self._outcome.seen)
                painter.setBrush(look.option_brush(self._option.color))
                painter.drawRoundedRect(bar, round_by, round_by)
            self._draw_ghost(painter, ghost, color)
            if self._outcome is not None:
                x = track.left() + track.width() * self._outcome.exact
                painter.setPen(QPen(look.color("ink"), look.px(3.5)))
                painter.drawLine(QPointF(x, track.top() - look.px(4)), QPointF(x, track.bottom() + look.px(4)))

    def _draw_words(self, painter: QPainter, track: QRectF) -> None:
        look = self._look
        if self._flat:
            name, numbers = QRectF(0, 0, self._name_width + 1, self.height()), QRectF(self.rect())
        else:
            name = numbers = QRectF(0, 0, self.width(), look.px(25))
        painter.setPen(look.color("ink"))
        painter.setFont(look.font(16, bold=True))
        middle = Qt.AlignmentFlag.AlignVCenter
        text = self._numbers()
        painter.drawText(numbers, middle | Qt.AlignmentFlag.AlignRight, text)
        metrics = QFontMetricsF(look.font(16, bold=True))
        room = name.width() if self._flat else name.width() - metrics.horizontalAdvance(text) - look.px(10)
        shown = metrics.elidedText(self._option.name, Qt.TextElideMode.ElideRight, max(room, 1.0))
        painter.drawText(name, middle | Qt.AlignmentFlag.AlignLeft, shown)

    def _draw_ghost(self, painter: QPainter, ghost: QRectF, color: QColor) -> None:
        look = self._look
        pen = QPen(look.color("ink") if self._outcome is not None else color, look.px(2.2))
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ghost.adjusted(1, 1, -1, -1), look.px(4), look.px(4))
        if self._outcome is None:
            over, wide = look.px(3), look.px(10)
            grip = QRectF(ghost.right() - wide / 2, ghost.top() - over, wide, ghost.height() + 2 * over)
            ring = look.color("accent" if self.hasFocus() else "ink" if self.underMouse() or self._held else "quiet")
            painter.setPen(QPen(ring, look.px(3 if self.hasFocus() else 1.6)))
            painter.setBrush(look.color("card"))
            painter.drawRoundedRect(grip, look.px(4), look.px(4))

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(200), self._look.px(86))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(24))


class _Legend(QWidget):
    """What the three marks of a bar stand for, in the order of the numbers."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.setAccessibleName("Dashed: predicted. Line: exact. Bar: seen.")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFixedHeight(look.px(26))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look, x = self._look, 0.0
        high, wide, gap = look.px(15), look.px(18), look.px(6)
        metrics = QFontMetricsF(look.font(15))
        top = (self.height() - high) / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(look.font(15))
            for word in ("predicted", "exact", "seen"):
                mark = QRectF(x + 1, top, wide, high)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                if word == "predicted":
                    painter.setPen(QPen(look.color("ink"), look.px(2), Qt.PenStyle.DashLine))
                    painter.drawRect(mark)
                elif word == "exact":
                    mark.setWidth(look.px(3.5))
                    painter.fillRect(mark, look.color("ink"))
                else:
                    painter.fillRect(mark, look.color("quiet"))
                x += mark.width() + gap
                painter.setPen(look.color("ink"))
                text = QRectF(x, 0, metrics.horizontalAdvance(word) + 2, self.height())
                painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
                x += text.width() + look.px(16)


class GhostBars(QWidget):
    """A bar for each option; together they are always 100 per cent.

    Signals
    -------
    predicted(percents)
        A person moved one, and the others made room.
    """

    predicted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._shares: tuple[float, ...] = ()
        self._start: tuple[float, ...] | None = None
        self._percents: tuple[int, ...] = ()
        self.bars: tuple[GhostBar, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._legend = _Legend()
        self._legend.hide()
        self._column.addWidget(self._legend)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """One form for all bars."""
        gap = self._look.px(8 if len(self.bars) <= 6 else 3)
        self._column.setSpacing(gap)
        legend = 0 if self._legend.isHidden() else self._legend.height() + gap
        each = (self.height() - legend + gap) / max(len(self.bars), 1) - gap
        names = min(max((bar.name_width() for bar in self.bars), default=0.0), 0.32 * self.width())
        for bar in self.bars:
            bar.set_form(each < self._look.px(50), names)

    @property
    def percents(self) -> tuple[int, ...]:
        """What is predicted, in whole per cent that add up to 100."""
        return self._percents

    def show_options(self, options: tuple[Option, ...]) -> None:
        """Start anew with these options and equal shares."""
        for old in self.bars:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.bars = tuple(GhostBar(i, option) for i, option in enumerate(options))
        for bar in self.bars:
            bar.set_look(self._look)
            bar.moved.connect(self._move)
            self._column.addWidget(bar)
        self._legend.hide()
        self._fit()
        self._start = None
        self._shares = even_shares(len(options)) if options else ()
        self._put(None)

    def show_percents(self, percents: tuple[int, ...]) -> None:
        """Show a prediction that was made before."""
        self._shares = tuple(percent / 100.0 for percent in percents)
        self._put(None)

    def show_outcomes(self, outcomes: tuple[Outcome, ...] | None) -> None:
        """Show what came, and let nobody move a bar from then on; None before that."""
        self._legend.setVisible(outcomes is not None)
        self._fit()
        for i, bar in enumerate(self.bars):
            bar.show_outcome(outcomes[i] if outcomes is not None else None)
            bar.setEnabled(outcomes is None)

    def _move(self, place: int, percent: int, final: bool) -> None:
        # A drag starts from what there was: pulled to 100 and back, the others have their proportions again.
        if self._start is None:
            self._start = self._shares
        self._shares = move_share(self._start, place, percent / 100.0)
        if final:
            self._start = None
        self._put(place)
        self.predicted.emit(self._percents)

    def _put(self, held: int | None) -> None:
        self._percents = whole_percents(self._shares, held) if self._shares else ()
        for bar, percent in zip(self.bars, self._percents, strict=True):
            bar.show_percent(percent)
