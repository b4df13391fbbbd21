"""The Pipeline page: what happens to one draw, and to millions?

Five columns are the stages of the trick, two rows the ways to look at them: this draw, and all draws.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLayout, QMenu, QSizePolicy, QWidget

from gumbelviz.model.frame import Frame
from gumbelviz.model.parameters import MOST_BARS, TEMPERATURE
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings
from gumbelviz.views.controls.caption import Caption
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.controls.stage_title import StageTitle
from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look
from gumbelviz.views.pages import pipeline_plots as plots
from gumbelviz.views.pages import pipeline_rows as rows
from gumbelviz.views.pages.layout import Turns, beside, captioned, card, paragraph
from gumbelviz.views.pages.option_menu import choose_color, show_option_menu
from gumbelviz.views.pages.page import Page
from gumbelviz.views.pages.pipeline_heads import HardHead, NoiseHead, ScoresHead
from gumbelviz.views.pages.pipeline_many import Many
from gumbelviz.views.pages.showcase import Lever, Piece
from gumbelviz.views.plots.bars import BarChart, Handle
from gumbelviz.views.plots.densities import DensityPlot
from gumbelviz.views.plots.soft_histogram import SoftHistogramPlot
from gumbelviz.views.plots.switches import SwitchChart

TITLE, LABEL, ROW, HEAD = 36.0, 20.0, 150.0, 92.0
"""Heights of a title and of a label, and the least of a picture and of the controls, where they stand alone."""
COLUMN = {1: 300.0, 2: 280.0, 3: 265.0, 4: 240.0, 5: 232.0}
"""The least width of a picture by the number of columns: more of them are worth shorter bars."""
TEMPERATURE_MARKS = ((0.0, "0 hard"), (0.01, ".01"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"), (100.0, "100"),
                     (float("inf"), "∞ flat"))  # fmt: skip

DENSITY_WORDS = "line: exact · area: simulated"
RACE_WORDS = "line: score · strokes: plus noise", "z line, z + G strokes"
SOFT_WORDS = "line: chance · strokes: soft choice", "chance line, y strokes"
WINS_WORDS = "frequency over chance · ○ neighbours", "frequency over chance"
LEADERS_WORDS = "dark line: whoever wins · colours: top", "dark line: whoever wins"


@dataclass(frozen=True, slots=True)
class Stage:
    """One column: its id in scene files, heading, controls, and its two pictures with their labels."""

    id: str
    title: StageTitle
    head: QWidget
    this_draw: QFrame
    all_draws: QFrame
    labels: tuple[QLabel, QLabel]

    @property
    def rows(self) -> tuple[tuple[str, QLabel, QFrame], ...]:
        """The two rows by their ids."""
        return ("draw", self.labels[0], self.this_draw), ("stream", self.labels[1], self.all_draws)


class PipelinePage(Page):
    """Shows a frame stage by stage, and passes on what a person wishes."""

    page_id = "pipeline"

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._settings: Settings | None = None
        self._frame: Frame | None = None
        self._highlight: frozenset[str] = frozenset()
        self._build_charts()
        self._many = Many(self._logits, self._shares, self._noise_bars, self._switches)
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
        self._scores_head, self._noise_head, self._hard_head = ScoresHead(), NoiseHead(), HardHead()
        self._temperature = ParameterRow(TEMPERATURE, strong=True, marks=TEMPERATURE_MARKS)
        self._score_pages = Turns(self._logits, self._shares)
        ranked = self._many.plots
        self._below_pages = Turns(
            self._chances, self._scores_below,
            captioned(ranked.chances, "chance to win, by rank"), captioned(ranked.scores, "score z, by rank"),
        )  # fmt: skip
        self._noisy_pages = Turns(self._noisy_bars, captioned(ranked.race, *RACE_WORDS))
        self._win_pages = Turns(self._frequencies, captioned(ranked.wins, *WINS_WORDS))
        self._soft_pages = Turns(self._soft_bars, captioned(ranked.soft, *SOFT_WORDS))
        self._noisy_words = Caption(DENSITY_WORDS)
        self._mean_pages = Turns(
            captioned(self._soft_plot, "◆ mean · line: exact · area: simulated", "◆ mean · line: exact"),
            captioned(ranked.means, "line: chance · strokes: mean soft choice", "chance line, mean y"),
        )  # fmt: skip
        return (
            _stage("scores", StageTitle("Scores", "scores"), self._scores_head,
                  card(beside(self._score_pages, self._many.scroll_bar)), card(self._below_pages)),
            _stage("noise", StageTitle("+ Gumbel noise", "noise"), self._noise_head,
                  card(self._noise_bars), card(self._noise_plot, DENSITY_WORDS)),
            _stage("noisy", StageTitle("= Noisy scores", "noisy"),
                  paragraph("The same noise curve, moved by each score. The largest noisy score wins."),
                  card(self._noisy_pages), card(self._noisy_plot, self._noisy_words)),
            _stage("hard", StageTitle("→ Hard choice", "hard"), self._hard_head,
                  card(self._switches), card(self._win_pages)),
            _stage("soft", StageTitle("→ Soft choice", "soft"), self._temperature,
                  card(self._soft_pages), card(self._mean_pages)),
        )  # fmt: skip

    def _lay_out(self) -> None:
        grid = QGridLayout(self.body)
        for column, stage in enumerate(self._stages):
            grid.setColumnStretch(column, 1)
            # Equal columns, whatever their controls would like.
            stage.head.setSizePolicy(QSizePolicy.Policy.Ignored, stage.head.sizePolicy().verticalPolicy())
            stage.head.setMinimumWidth(1)
            grid.addWidget(stage.title, 0, column)
            grid.addWidget(stage.head, 1, column)
            for row, (_, label, picture) in enumerate(stage.rows):
                grid.addWidget(label, 2 + 2 * row, column)
                grid.addWidget(picture, 3 + 2 * row, column)
        self._grid = grid
        self._set_form(ranked=False)

    def _set_form(self, ranked: bool) -> None:
        """Bars for a few options; a list and plots on logarithmic axes for many."""
        shares = self._settings is not None and self._settings.score_input == "probabilities"
        self._score_pages.setCurrentIndex(int(shares))
        self._below_pages.setCurrentIndex(int(shares) + 2 * ranked)
        for pages in (self._noisy_pages, self._win_pages, self._soft_pages):
            pages.setCurrentIndex(int(ranked))
        self._scores_head.set_ranked(ranked)
        self._noisy_words.say(*(LEADERS_WORDS if ranked else (DENSITY_WORDS,)))
        # Of many options each soft choice is next to 0 nearly always: their means say more than histograms.
        self._mean_pages.setCurrentIndex(int(ranked))
        # A list of twenty needs more room than a few bars.
        self._grid.setRowStretch(3, 15 if ranked else 10)
        self._grid.setRowStretch(5, 11 if ranked else 14)

    def _connect(self) -> None:
        for source in (self._scores_head, self._noise_head, self._hard_head, self._temperature):
            source.wished.connect(self.wished)
        self._many.connect_finder(self._scores_head.finder)
        self._many.changed.connect(self._draw_again)
        for chart in (self._logits, self._shares, self._noise_bars):
            chart.wished.connect(self._pass_on)
        for chart in (self._logits, self._shares):
            chart.menuRequested.connect(self._show_menu)
        self._noise_bars.menuRequested.connect(self._show_noise_menu)
        self._noise_plot.wished.connect(self._pass_on)

    # Wishes that need a menu, or the frame on display.

    def _pass_on(self, name: str, value: object, final: bool) -> None:
        self._many.touch(value)
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
            more = self._many.menu_entry(place) if self._is_ranked(self._settings) else None
            show_option_menu(self, self._look, self._settings, place, where, self.wished.emit, more)

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

    def take_look(self, look: Look) -> None:
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
        narrow = not self.reduced and (self.width() - 6 * self._look.px(20)) / 5 < self._look.px(212)
        for part in (self._scores_head, self._noise_head, self._temperature):
            part.set_narrow(narrow)

    def show_scene(self, scene: Scene) -> None:
        """Show what was chosen: controls and scores, before the engine has answered."""
        settings = scene.settings
        self._settings = settings
        self._scores_head.show_settings(settings)
        self._noise_head.show_settings(settings)
        self._temperature.set_value(settings.temperature)
        self._set_form(self._is_ranked(settings))
        frame = self._frame if self._fits(settings) else None
        shown = self._shown(settings, frame)
        self._set_score_range(settings, shown, frame)
        scores = rows.score_rows(settings, shown, frame.theory.ranking if frame is not None else None)
        for chart in (self._logits, self._scores_below):
            chart.set_rows(scores)
        highlight = frozenset({scene.highlight} if scene.highlight is not None else ())
        if highlight != self._highlight:
            self._highlight = highlight
            self._light_up()

    @staticmethod
    def _is_ranked(settings: Settings) -> bool:
        return len(settings.options) > MOST_BARS

    def _shown(self, settings: Settings, frame: Frame | None) -> tuple[int, ...]:
        """Which options have a row: all of a few, or those that the list holds."""
        if not self._is_ranked(settings):
            self._many.leave()
            return tuple(range(len(settings.options)))
        return self._many.list_options(settings, frame)

    def _set_score_range(self, settings: Settings, shown: tuple[int, ...], frame: Frame | None) -> None:
        ranking = frame.theory.ranking if frame is not None else None
        low, high = rows.score_range(settings, self._many.in_view or shown)
        for chart in (self._logits, self._scores_below, self._noise_bars, self._noisy_bars):
            chart.set_range(low, high)
        # Among very many options the largest probability may be small.
        best = float(frame.theory.probabilities[ranking.order[0]]) if frame is not None and ranking is not None else 1.0
        self._shares.set_range(0.0, best)

    def _draw_again(self) -> None:
        """The list holds other options now."""
        if self._settings is not None and self._frame is not None and self._fits(self._settings):
            self.draw(self._settings, self._frame)

    def close_editors(self) -> None:
        """Forget what is half typed: the option that it was meant for may be another one now."""
        for chart in (self._logits, self._shares, self._noise_bars):
            chart.close_editor()

    def _fits(self, settings: Settings) -> bool:
        return self._frame is not None and len(self._frame.wins) == len(settings.options)

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame that answers these settings; without `words` only what is watched, not what is read."""
        newest, self._frame = self._frame, frame
        self._settings = settings
        shown = self._shown(settings, frame)
        if words or newest is None or newest.draw.index != frame.draw.index:
            self._draw_rows(settings, frame, shown)
            self._many.plots.draw(settings, frame, shown)
        plots.draw_noise(self._noise_plot, self._look, settings, frame, shown)
        plots.draw_noisy(self._noisy_plot, self._look, settings, frame, shown)
        plots.draw_soft(self._soft_plot, self._look, settings, frame)

    def _draw_rows(self, settings: Settings, frame: Frame, shown: tuple[int, ...]) -> None:
        self._set_score_range(settings, shown, frame)
        scores = rows.score_rows(settings, shown, frame.theory.ranking)
        self._logits.set_rows(scores)
        self._scores_below.set_rows(scores)
        self._scores_below.set_caption("scores z with these probabilities")
        chances = rows.probability_rows(settings, frame, shown)
        self._shares.set_rows(chances)
        self._chances.set_rows(chances)
        formula = "softmax(z)" if settings.scale == 1.0 else "softmax(z / β)"
        self._chances.set_caption(f"chance to win, {formula}", rows.without_noise(settings, frame))
        self._noise_bars.set_rows(rows.noise_rows(settings, frame, shown))
        self._noisy_bars.set_rows(rows.noisy_rows(settings, frame, shown))
        self._switches.set_rows(rows.hard_rows(settings, frame, shown))
        self._switches.set_caption(self._switches.caption, rows.tie_words(settings, frame))
        self._frequencies.set_rows(rows.frequency_rows(settings, frame, shown))
        self._frequencies.set_caption("how often each won · line: exact", rows.count_words(settings, frame))
        self._soft_bars.set_rows(rows.soft_rows(settings, frame, shown))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Dashed lines between the stages."""
        if self.reduced:
            return
        with QPainter(self) as painter:
            pen = QPen(self._look.color("line"), 1.0, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            for left, right in zip(self._stages, self._stages[1:], strict=False):
                x = (left.this_draw.geometry().right() + right.this_draw.geometry().left()) // 2
                painter.drawLine(x, self._look.px(10), x, self.height() - self._look.px(8))

    # Parts alone.

    def pieces(self, shown: tuple[str, ...]) -> tuple[Piece, ...]:
        """The columns and rows that are shown; with one row, it needs no label."""
        both = {"draw", "stream"} <= set(shown)
        wide = COLUMN[max(sum(stage.id in shown for stage in self._stages), 1)]
        pieces: list[Piece] = []
        for place, (row, _, _) in enumerate(self._stages[0].rows):
            if row not in shown:
                continue
            first = not pieces
            for stage in self._stages:
                if stage.id in shown:
                    _, label, picture = stage.rows[place]
                    headings = (*(((stage.title, TITLE),) if first else ()), *(((label, LABEL),) if both else ()))
                    pieces.append(Piece(picture, wide, ROW, place, headings))
        return tuple(pieces)

    def levers(self, shown: tuple[str, ...]) -> dict[str, Lever]:
        """Scores and noise are dragged in their pictures, or beside the others where those are not shown."""
        scores, noise = (
            Piece(stage.this_draw, COLUMN[4], ROW, headings=() if stage.id in shown else ((stage.title, TITLE),))
            for stage in self._stages[:2]
        )
        return {
            "scores": Lever((self._logits, self._shares), side=(scores,)),
            "noise": Lever(
                (self._noise_bars, self._noise_plot),
                line=(Piece(self._noise_head, 240, HEAD, grows=False),),
                side=() if "noise" in shown else (noise,),
            ),
            "temperature": Lever(line=(Piece(self._temperature, 260, HEAD),)),
        }

    def pointed(self, highlight: frozenset[str]) -> tuple[QWidget, ...]:
        """Columns and rows, or what they have in common; without any, the column that the scene points at."""
        highlight = highlight or self._highlight
        columns = [stage for stage in self._stages if stage.id in highlight]
        rows = highlight & {"draw", "stream"}
        if not columns and not rows:
            return ()
        cards = [
            picture for stage in columns or self._stages for row, _, picture in stage.rows if row in rows or not rows
        ]
        return (*cards, *(stage.title for stage in columns))


def _stage(id: str, title: StageTitle, head: QWidget, this_draw: QFrame, all_draws: QFrame) -> Stage:
    labels = QLabel("THIS DRAW"), QLabel("ALL DRAWS")
    for label in labels:
        label.setProperty("role", "row")
    return Stage(id, title, head, this_draw, all_draws, labels)


def _share(typed: float) -> float:
    """People type 62 as well as 0.62 for a probability."""
    return typed / 100.0 if 1.0 < typed <= 100.0 else typed
