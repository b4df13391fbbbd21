"""The Pipeline page: what happens to one draw, and to millions?

Five columns are the stages of the trick, two rows the ways to look at them: this draw, and all draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.frame import Frame
from gumbelviz.model.parameters import LOCATION, SCALE, TEMPERATURE
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.controls.stage_title import StageTitle
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look, dress
from gumbelviz.views.pages import pipeline_rows as rows
from gumbelviz.views.pages.layout import Turns, card, in_line, line_widget, paragraph, stacked
from gumbelviz.views.pages.option_menu import choose_color, show_option_menu
from gumbelviz.views.pages.page import Page
from gumbelviz.views.plots.bars import BarChart, Handle, SwitchChart
from gumbelviz.views.plots.densities import DensityPlot, Mark
from gumbelviz.views.plots.soft_histogram import Mean, SoftHistogramPlot

TEMPERATURE_MARKS = ((0.0, "0 hard"), (0.01, ".01"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"), (100.0, "100"),
                     (float("inf"), "∞ flat"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """One column: its id in scene files, heading, formula, controls, and its two pictures."""

    id: str
    title: StageTitle
    head: QWidget
    this_draw: QFrame
    all_draws: QFrame


class PipelinePage(Page):
    """Shows a frame stage by stage, and passes on what a person wishes."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._settings: Settings | None = None
        self._frame: Frame | None = None
        self._ranked: tuple[object, tuple[int, ...]] | None = None
        self._build_charts()
        self._stages = self._build_stages()
        self._lay_out()
        self._connect()

    # Building.

    def _build_charts(self) -> None:
        self._logits = BarChart("Scores", Handle("logit", 0.1, 2, -1e6, 1e6))
        self._logits.can_rename = self._logits.can_remove = self._logits.show_swatches = True
        share = Handle("probability", 0.01, 4, 0.0, 1.0, typed=_share)
        self._shares = BarChart("Probabilities", share)
        self._shares.can_rename = self._shares.can_remove = self._shares.show_swatches = True
        self._chances = BarChart("Chance to win")
        self._scores_below = BarChart("Scores that give these probabilities")
        self._noise_bars = BarChart("Noise of this draw", Handle("pin", 0.1, 2, -1e6, 1e6))
        self._noise_plot = DensityPlot("Density of the noise, exact and simulated", draggable=True)
        self._noisy_bars = BarChart("Noisy scores of this draw")
        self._noisy_bars.crowned = True
        self._noisy_plot = DensityPlot("Density of each noisy score, exact and simulated")
        self._switches = SwitchChart("Hard choice of this draw")
        self._frequencies = BarChart("How often each option won")
        self._soft_bars = BarChart("Soft choice of this draw")
        self._soft_plot = SoftHistogramPlot("Soft choices of all draws")
        for chart in (self._shares, self._chances, self._frequencies, self._soft_bars):
            chart.set_range(0.0, 1.0)

    def _build_stages(self) -> tuple[Stage, ...]:
        self._location = ParameterRow(LOCATION)
        self._scale = ParameterRow(SCALE)
        self._temperature = ParameterRow(TEMPERATURE, strong=True, marks=TEMPERATURE_MARKS)
        self._score_pages = Turns(self._logits, self._shares)
        self._below_pages = Turns(self._chances, self._scores_below)
        density_words = "line: exact · area: simulated"
        return (
            Stage("scores", StageTitle("Scores", "scores"), self._scores_head(),
                  card(self._score_pages), card(self._below_pages)),
            Stage("noise", StageTitle("+ Gumbel noise", "noise"), self._noise_head(),
                  card(self._noise_bars), card(self._noise_plot, density_words)),
            Stage("noisy", StageTitle("= Noisy scores", "noisy"),
                  paragraph("The same noise curve, moved by each score. The largest noisy score wins."),
                  card(self._noisy_bars), card(self._noisy_plot, density_words)),
            Stage("hard", StageTitle("→ Hard choice", "hard"), self._hard_head(),
                  card(self._switches), card(self._frequencies)),
            Stage("soft", StageTitle("→ Soft choice", "soft"), self._temperature,
                  card(self._soft_bars), card(self._soft_plot, "◆ mean · area: simulated")),
        )  # fmt: skip

    def _scores_head(self) -> QWidget:
        self._add = QPushButton("+ Add option")
        self._presets = QPushButton("Presets")
        self._presets.setToolTip("Ready-made scores")
        menu = QMenu(self._presets)
        menu.addAction("Equal scores", lambda: self.wished.emit("equalize", None, True))
        menu.addAction("One step apart", lambda: self.wished.emit("ladder", None, True))
        menu.addAction("From a file …", lambda: self.wished.emit("open data", None, True))
        self._presets.setMenu(menu)
        self._as_logits = QPushButton("Logits")
        self._as_shares = QPushButton("Probabilities")
        for button in (self._add, self._presets):
            button.setProperty("role", "compact")
        group = QButtonGroup(self)
        segments = QFrame()
        segments.setProperty("role", "segments")
        line = QHBoxLayout(segments)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(2)
        for button, kind in ((self._as_logits, "logits"), (self._as_shares, "probabilities")):
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setToolTip(f"Show and type the scores as {kind}")
            button.clicked.connect(lambda _checked, kind=kind: self.wished.emit("score input", kind, True))
            group.addButton(button)
            line.addWidget(button)
        self._add.setToolTip("Add one more option at the end")
        for button in (self._add, self._presets, self._as_logits, self._as_shares):
            # A click leaves the keyboard where it was, so that Space still starts and stops.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return stacked(in_line(self._add, self._presets), in_line(segments), QLabel("drag a bar, or type"))

    def _noise_head(self) -> QWidget:
        self._noise_hint = QLabel("drag a value to pin it")
        self._noise_hint.setProperty("role", "quiet")
        self._unpin = QPushButton("Unpin all")
        self._unpin.setProperty("role", "compact")
        self._unpin.setToolTip("Hand this draw's noise back to the stream")
        self._unpin.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._unpin.clicked.connect(lambda: self.wished.emit("unpin all", None, True))
        self._hint_pages = Turns(self._noise_hint, line_widget(self._unpin))
        return stacked(self._location, self._scale, self._hint_pages)

    def _hard_head(self) -> QWidget:
        self._margins = QPushButton("Margins")
        self._margins.setProperty("role", "compact")
        self._margins.setToolTip("The law of the winner’s margin, and of the largest noisy score")
        self._margins.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._margins.clicked.connect(lambda: self.wished.emit("page", "margins", True))
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(paragraph("A switch: all or nothing. It has no slope to learn from."), 1)
        column.addLayout(in_line(self._margins))
        # It takes what height there is, like the words beside it.
        head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        return head

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        for column, stage in enumerate(self._stages):
            grid.setColumnStretch(column, 1)
            # Equal columns, whatever their controls would like.
            stage.head.setSizePolicy(QSizePolicy.Policy.Ignored, stage.head.sizePolicy().verticalPolicy())
            stage.head.setMinimumWidth(1)
            grid.addWidget(stage.title, 0, column)
            grid.addWidget(stage.head, 1, column)
            for row, (words, picture) in enumerate((("THIS DRAW", stage.this_draw), ("ALL DRAWS", stage.all_draws))):
                label = QLabel(words)
                label.setProperty("role", "row")
                grid.addWidget(label, 2 + 2 * row, column)
                grid.addWidget(picture, 3 + 2 * row, column)
        grid.setRowStretch(3, 10)
        grid.setRowStretch(5, 14)
        self._grid = grid

    def _connect(self) -> None:
        self._add.clicked.connect(lambda: self.wished.emit("add", None, True))
        for source in (self._location, self._scale, self._temperature, self._noise_plot):
            source.wished.connect(self.wished)
        for chart in (self._logits, self._shares, self._noise_bars):
            chart.wished.connect(self._pass_on)
        for chart in (self._logits, self._shares):
            chart.menuRequested.connect(self._show_menu)
        self._noise_bars.menuRequested.connect(self._show_noise_menu)
        self._noise_plot.wished.disconnect(self.wished)
        self._noise_plot.wished.connect(self._pass_on)

    # Wishes that need a menu, or the frame on display.

    def _pass_on(self, name: str, value: object, final: bool) -> None:
        if name == "choose color" and isinstance(value, int) and self._settings is not None:
            choose_color(self, self._look, self._settings, value, self.wished.emit)
        elif name == "toggle pin" and isinstance(value, int):
            self._toggle_pin(value)
        else:
            self.wished.emit(name, value, final)

    def _toggle_pin(self, place: int) -> None:
        if self._settings is not None and self._frame is not None and place < len(self._frame.draw.noise):
            pinned = self._settings.options[place].pinned is not None
            value = None if pinned else float(self._frame.draw.noise[place])
            self.wished.emit("pin", (place, value), True)

    def _show_menu(self, place: int, where: QPoint) -> None:
        if self._settings is not None:
            show_option_menu(self, self._look, self._settings, place, where, self.wished.emit)

    def _show_noise_menu(self, place: int, where: QPoint) -> None:
        if self._settings is None:
            return
        menu = QMenu(self)
        pinned = self._settings.options[place].pinned is not None
        menu.addAction("Unpin this value" if pinned else "Pin this value", lambda: self._toggle_pin(place))
        menu.addAction("Unpin all", lambda: self.wished.emit("unpin all", None, True))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    # Showing.

    def set_look(self, look: Look) -> None:
        """Take another theme or size; the next `draw` shows the frame in it."""
        self._look = look
        margin, gap = look.px(20), look.px(20)
        self._grid.setContentsMargins(margin, look.px(10), margin, look.px(12))
        self._grid.setHorizontalSpacing(gap)
        self._grid.setVerticalSpacing(look.px(5))
        # Parts that are hidden do not tell their layouts that they changed.
        for layout in self.findChildren(QLayout):
            layout.invalidate()
        ignored = QSizePolicy.Policy.Ignored
        heads = max(
            stage.head.sizeHint().height()
            for stage in self._stages
            if stage.head.sizePolicy().verticalPolicy() != ignored
        )
        self._grid.setRowMinimumHeight(1, heads + look.px(4))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Shorter words where the columns are narrow."""
        narrow = (self.width() - 6 * self._look.px(20)) / 5 < self._look.px(212)
        self._add.setText("+ Add" if narrow else "+ Add option")
        self._as_shares.setText("Shares" if narrow else "Probabilities")
        for row in (self._location, self._scale, self._temperature):
            row.set_narrow(narrow)
        width = max(self._location.label_width(), self._scale.label_width())
        for row in (self._location, self._scale):
            row.set_label_width(width)

    def show_scene(self, scene: Scene) -> None:
        """Show what was chosen: controls and scores, before the engine has answered."""
        settings = scene.settings
        self._settings = settings
        self._location.set_value(settings.location)
        self._scale.set_value(settings.scale)
        self._temperature.set_value(settings.temperature)
        shares = settings.score_input == "probabilities"
        self._as_shares.setChecked(shares)
        self._as_logits.setChecked(not shares)
        self._score_pages.setCurrentIndex(int(shares))
        self._below_pages.setCurrentIndex(int(shares))
        self._hint_pages.setCurrentIndex(int(any(pin is not None for pin in settings.pins)))
        shown = self._shown(settings, self._frame if self._fits(settings) else None)
        self._set_score_range(settings, shown)
        for chart in (self._logits, self._scores_below):
            chart.set_rows(rows.score_rows(settings, shown))
        for stage in self._stages:
            self._light(stage, stage.id == scene.highlight)

    def _shown(self, settings: Settings, frame: Frame | None) -> tuple[int, ...]:
        # Ranking 131,072 options takes some milliseconds: once per change, not once per frame.
        if self._ranked is None or self._ranked[0] is not settings.options:
            self._ranked = settings.options, rows.leading_options(settings)
        return rows.shown_options(self._ranked[1], settings, frame)

    def _set_score_range(self, settings: Settings, shown: tuple[int, ...]) -> None:
        low, high = rows.score_range(settings, shown)
        for chart in (self._logits, self._scores_below, self._noise_bars, self._noisy_bars):
            chart.set_range(low, high)

    def close_editors(self) -> None:
        """Forget what is half typed: the option that it was meant for may be another one now."""
        for chart in (self._logits, self._shares, self._noise_bars):
            chart.close_editor()

    def _fits(self, settings: Settings) -> bool:
        return self._frame is not None and len(self._frame.wins) == len(settings.options)

    def _light(self, stage: Stage, lit: bool) -> None:
        if stage.title.lit != lit:
            stage.title.lit = lit
            stage.title.update()
            for card in (stage.this_draw, stage.all_draws):
                card.setProperty("lit", "true" if lit else "false")
                card.style().unpolish(card)
                card.style().polish(card)

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame that answers these settings; without `words` only what is watched, not what is read."""
        newest, self._frame = self._frame, frame
        self._settings = settings
        shown = self._shown(settings, frame)
        if words or newest is None or newest.draw.index != frame.draw.index:
            self._draw_rows(settings, frame, shown)
        self._draw_noise(settings, frame, shown)
        self._draw_noisy(settings, frame, shown)
        self._draw_soft(settings, frame)

    def _draw_rows(self, settings: Settings, frame: Frame, shown: tuple[int, ...]) -> None:
        self._set_score_range(settings, shown)
        self._logits.set_rows(rows.score_rows(settings, shown))
        self._scores_below.set_rows(rows.score_rows(settings, shown))
        self._scores_below.set_caption("scores z with these probabilities")
        chances = rows.probability_rows(settings, frame, shown)
        self._shares.set_rows(chances)
        self._chances.set_rows(chances)
        formula = "softmax(z)" if settings.scale == 1.0 else "softmax(z / β)"
        self._chances.set_caption(f"chance to win, {formula}", rows.without_noise(settings, frame))
        self._noise_bars.set_rows(rows.noise_rows(settings, frame, shown))
        self._noisy_bars.set_rows(rows.noisy_rows(settings, frame, shown))
        self._switches.set_rows(rows.hard_rows(settings, frame, shown))
        self._switches.set_caption("", rows.tie_words(settings, frame))
        self._frequencies.set_rows(rows.frequency_rows(settings, frame, shown))
        self._frequencies.set_caption("how often each won · line: exact", rows.count_words(settings, frame))
        self._soft_bars.set_rows(rows.soft_rows(settings, frame, shown))

    def _draw_noise(self, settings: Settings, frame: Frame, shown: tuple[int, ...]) -> None:
        location, scale = settings.location, settings.scale
        marks = tuple(
            Mark(i, settings.options[i].color, float(frame.draw.noise[i]), float(frame.draw.density[i]),
                 pinned=settings.options[i].pinned is not None)
            for i in shown
        )  # fmt: skip
        plot = self._noise_plot
        plot.set_series((self._look.color("accent"),))
        curve = frame.theory.noise_curve
        plot.set_curve(curve, (0.0,))
        histogram = frame.noise_histograms
        cell = histogram.edges[1] - histogram.edges[0]
        pooled = histogram.counts.sum(axis=0) / max(frame.draws * len(frame.watched) * cell * scale, 1e-300)
        plot.set_histograms(location + scale * histogram.edges, [pooled], (0.0,))
        ends = [mark.x for mark in marks if mark.pinned]
        low = min(location - 2.6 * scale, *ends) if ends else location - 2.6 * scale
        high = max(location + 6.8 * scale, *ends) if ends else location + 6.8 * scale
        plot.set_range(low, high, 1.22 * float(curve[1].max()))
        plot.set_marks(marks)

    def _draw_noisy(self, settings: Settings, frame: Frame, shown: tuple[int, ...]) -> None:
        plot, scale = self._noisy_plot, settings.scale
        watched = [int(i) for i in frame.watched]
        scores = tuple(settings.options[i].logit for i in watched)
        plot.set_series(tuple(self._look.option_color(settings.options[i].color) for i in watched))
        curve = frame.theory.noise_curve
        plot.set_curve(curve, scores)
        histogram = frame.noise_histograms
        cell = histogram.edges[1] - histogram.edges[0]
        heights = list(histogram.counts / max(frame.draws * cell * scale, 1e-300))
        plot.set_histograms(settings.location + scale * histogram.edges, heights, scores)
        low, high = min(scores) + settings.location - 2.6 * scale, max(scores) + settings.location + 6.8 * scale
        plot.set_range(low, high, 1.22 * float(curve[1].max()))
        draw = frame.draw
        plot.set_marks(
            tuple(
                Mark(i, settings.options[i].color, float(draw.perturbed[i]), float(draw.density[i]),
                     winner=i == draw.winner)
                for i in shown
                if np.isfinite(draw.perturbed[i])
            )
        )  # fmt: skip

    def _draw_soft(self, settings: Settings, frame: Frame) -> None:
        watched = [int(i) for i in frame.watched]
        colors = [settings.options[i].color for i in watched]
        self._soft_plot.set_series(tuple(self._look.option_color(color) for color in colors))
        histogram = frame.soft_histograms
        heights = list(histogram.counts * (len(histogram.edges) - 1) / max(frame.draws, 1))
        means = tuple(Mean(color, float(frame.soft_mean[i])) for i, color in zip(watched, colors, strict=True))
        self._soft_plot.set_histograms(histogram.edges, heights, means)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Dashed lines between the stages."""
        with QPainter(self) as painter:
            pen = QPen(self._look.color("line"), 1.0, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            for left, right in zip(self._stages, self._stages[1:], strict=False):
                x = (left.this_draw.geometry().right() + right.this_draw.geometry().left()) // 2
                painter.drawLine(x, self._look.px(10), x, self.height() - self._look.px(8))

    def wear(self, look: Look) -> None:
        """Dress the page and all its parts."""
        dress(self, look)


def _share(typed: float) -> float:
    """People type 62 as well as 0.62 for a probability."""
    return typed / 100.0 if 1.0 < typed <= 100.0 else typed
