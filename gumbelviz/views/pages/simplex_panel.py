"""The left column of the Simplex page: scores, temperature, what is shown, this draw."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.frame import Frame
from gumbelviz.model.numbers import write_count, write_number, write_tenth
from gumbelviz.model.parameters import TEMPERATURE
from gumbelviz.model.settings import Settings
from gumbelviz.model.simplex_choices import CORNERS, FEWEST_DOTS, MOST_DOTS, SimplexChoices
from gumbelviz.model.simplex_report import SimplexReport
from gumbelviz.views.controls.check_box import CheckBox
from gumbelviz.views.controls.number_field import NumberField
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.controls.score_slider import TYPICAL, ScoreSlider
from gumbelviz.views.look import Look

TEMPERATURE_MARKS = ((0.0, "0 hard"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"), (math.inf, "∞ flat"))
_DOTS = "Between 500 and 20,000. At high speed the newest of each picture take the places of the oldest dots."
_LAYERS = (
    ("heat", "exact density", "density", "How likely each soft choice is: exact, on a logarithmic scale of colours."),
    ("dots", "newest draws", "dots", "Soft choices of the newest draws. Their noise is kept while you drag."),
    ("trail", "trail of this draw, τ → 0", "trail", "From the centre, at τ = ∞, to its corner, at τ = 0."),
    ("arrows", "gradient arrows ∂y/∂z", "arrows", "How each dot would move if one score rose a little."),
    ("means", "P(win), E[y], mean of dots", "means", "Three points that are taken for one."),
    ("streamed", "density as drawn, beside it", "as drawn", "Draws counted in small triangles, beside the exact ones."),
    ("solid", "all four, as a tetrahedron", "solid", "All four options at once; drag to turn it."),
)  # fmt: skip


class SimplexPanel(QScrollArea):
    """Cards, one below the other; they scroll only where even their short form does not fit.

    Signals
    -------
    wished(name, value, final)
    choosing(corner, where)
        Another option is asked for at a corner.
    """

    wished = Signal(str, object, bool)
    choosing = Signal(int, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._corners: tuple[int, ...] = ()
        self._rows: list[ScoreSlider] = []
        self._ordered = (0, False)
        self._cards: list[QVBoxLayout] = []
        self._frames: list[QFrame] = []
        self._compact: tuple[bool, tuple[str, ...]] | None = None
        self._room = 10_000
        self._settings: Settings | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._build_scores()
        self._build_temperature()
        self._build_layers()
        self._build_this_draw()
        self._column.addStretch(1)
        self.setWidget(holder)
        holder.setAutoFillBackground(False)

    def _card(self) -> QVBoxLayout:
        frame = QFrame()
        frame.setProperty("role", "card")
        frame.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(frame)
        self._column.addWidget(frame)
        self._cards.append(layout)
        self._frames.append(frame)
        return layout

    @property
    def scores_card(self) -> QFrame:
        """The sliders of the scores."""
        return self._frames[0]

    @property
    def layers_card(self) -> QFrame:
        """What is shown."""
        return self._frames[2]

    @property
    def this_draw(self) -> QFrame:
        """This draw in numbers."""
        return self._frames[3]

    @property
    def scores_height(self) -> float:
        """What the scores need, in units of the look."""
        return 48.0 + 34.0 * max(sum(not row.isHidden() for row in self._rows), 1)

    @property
    def layers_height(self) -> float:
        """What the list of what is shown needs, in units of the look, one below the other."""
        return 46.0 + 27.0 * sum(not holder.property("absent") for holder in self._holders.values())

    def _title(self, words: str) -> QLabel:
        label = QLabel(words)
        label.setProperty("role", "strong")
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    def _build_scores(self) -> None:
        self._scores = self._card()
        self._scores.addWidget(self._title("Scores"))

    def _build_temperature(self) -> None:
        layout = self._card()
        self.temperature = ParameterRow(TEMPERATURE, strong=True, marks=TEMPERATURE_MARKS)
        self.temperature.wished.connect(self.wished)
        layout.addWidget(self.temperature)

    def _build_layers(self) -> None:
        layout = self._card()
        layout.addWidget(self._title("Show"))
        self._layer_grid = QGridLayout()
        self._layer_grid.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._layer_grid)
        self.boxes: dict[str, CheckBox] = {}
        self._holders: dict[str, QWidget] = {}
        self.dots_shown = NumberField("Number of dots", 0, self._stepped_dots)
        self.dots_shown.setToolTip(_DOTS)
        self.dots_shown.entered.connect(lambda value: self.wished.emit("simplex dots", value, True))
        self.dots_shown.refused.connect(lambda sentence: self.wished.emit("complain", sentence, True))
        self.slope_of = QPushButton()
        self.slope_of.setProperty("role", "compact")
        self.slope_of.setToolTip("Whose score z is raised")
        self.slope_of.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slope_of.clicked.connect(self._choose_slope)
        beside = {"dots": self.dots_shown, "arrows": self.slope_of}
        for name, words, short, help_text in _LAYERS:
            box = CheckBox(words, short, help_text)
            box.clicked.connect(lambda checked, name=name: self.wished.emit("simplex layer", (name, checked), True))
            # In the page from the start, so that it is dressed with it.
            holder = QWidget(layout.parentWidget())
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(box, 1)
            if name in beside:
                line.addWidget(beside[name])
            self.boxes[name], self._holders[name] = box, holder

    def _build_this_draw(self) -> None:
        layout = self._card()
        self._draw_title = self._title("This draw")
        self.unpin = QPushButton("Unpin")
        self.unpin.setProperty("role", "compact")
        self.unpin.setToolTip("Hand this draw's noise back to the stream")
        self.unpin.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.unpin.clicked.connect(lambda: self.wished.emit("unpin all", None, True))
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._draw_title, 1)
        head.addWidget(self.unpin)
        layout.addLayout(head)
        self._draw_words, self._draw_shares = QLabel(), QLabel()
        # Names come from strangers; the shares are numbers of ours.
        self._draw_words.setTextFormat(Qt.TextFormat.PlainText)
        self._draw_shares.setTextFormat(Qt.TextFormat.RichText)
        for label in (self._draw_words, self._draw_shares):
            label.setProperty("role", "quiet")
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            layout.addWidget(label)

    # Size.

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        font = look.font(14)
        self.dots_shown.setFont(font)
        self.dots_shown.setFixedWidth(round(QFontMetricsF(font).horizontalAdvance("20,000")) + look.px(22))
        self.dots_shown.setFixedHeight(look.px(24))
        self.slope_of.setFixedHeight(look.px(24))
        self.slope_of.setMaximumWidth(look.px(104))
        self.unpin.setFixedHeight(look.px(24))
        self._compact = None
        self._fit()

    def set_room(self, height: int) -> None:
        """Take the short form where the page is not high enough for the long one."""
        self._room = height
        self._fit()

    def _fit(self) -> None:
        compact = self._room < self._look.px(608)
        layers = tuple(name for name, *_ in _LAYERS if not self._holders[name].property("absent"))
        if (compact, layers) == self._compact:
            return
        self._compact = compact, layers
        look, edge = self._look, self._look.px(6 if compact else 9)
        self._column.setSpacing(look.px(8 if compact else 12))
        for layout in self._cards:
            layout.setContentsMargins(look.px(14), edge, look.px(14), edge)
            layout.setSpacing(look.px(2 if compact else 4))
        for holder in self._holders.values():
            self._layer_grid.removeWidget(holder)
            holder.hide()
        columns = 2 if compact else 1
        for i, name in enumerate(layers):
            holder = self._holders[name]
            self.boxes[name].set_narrow(compact)
            self._layer_grid.addWidget(holder, i // columns, i % columns)
            self._layer_grid.setColumnStretch(i % columns, 1)
            holder.show()
        self._layer_grid.setColumnStretch(1, int(compact))
        self._layer_grid.setVerticalSpacing(self._look.px(2 if compact else 3))
        self._layer_grid.setHorizontalSpacing(self._look.px(8))

    # Showing.

    def show_settings(self, settings: Settings, choices: SimplexChoices, corners: tuple[int, ...]) -> None:
        """Show what was chosen, with these options at the corners."""
        self._settings, self._corners = settings, corners
        self.temperature.set_value(settings.temperature)
        many = len(settings.options) > CORNERS and not (choices.solid and len(corners) == CORNERS + 1)
        listed = corners if many and len(corners) == CORNERS else tuple(range(len(settings.options)))[: CORNERS + 1]
        self._show_scores(settings, listed, choosable=many and len(corners) == CORNERS)
        can_be_solid = len(settings.options) == CORNERS + 1 and min(settings.logits) > -math.inf
        for name, box in self.boxes.items():
            box.setChecked(getattr(choices, name))
        absent = {"solid": not can_be_solid, "streamed": len(corners) != CORNERS}
        for name, away in absent.items():
            self._holders[name].setProperty("absent", away)
        self._fit()
        self.dots_shown.set_value(choices.dots_shown)
        self.dots_shown.setEnabled(choices.dots or choices.means or choices.arrows)
        self.slope_of.setVisible(choices.arrows and len(corners) > 1)
        slope = corners[choices.slope_of if choices.slope_of < len(corners) else 0]
        name = settings.options[slope].name
        metrics = QFontMetricsF(self._look.font(14))
        elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, self._look.px(66))
        self.slope_of.setText(f"{elided} ▼".replace("&", "&&"))
        self.slope_of.setAccessibleName(f"Slopes by the score of {name}")
        self.unpin.setVisible(any(settings.options[i].pinned is not None for i in range(len(settings.options))))

    def _put_scores_first(self) -> None:
        """Let Tab come to the scores before what stands below them, although they are made later."""
        following = self.temperature.controls[0]
        before = following.previousInFocusChain()
        assert before is not None
        own = {part for row in self._rows for part in row.controls}
        while before is not following and (before in own or before.focusPolicy() == Qt.FocusPolicy.NoFocus):
            before = before.previousInFocusChain()
            assert before is not None
        if before is following:
            return
        for part in (part for row in self._rows for part in row.controls):
            # What takes no keyboard now may do so later, but has no place of its own till then.
            if part.focusPolicy() != Qt.FocusPolicy.NoFocus:
                QWidget.setTabOrder(before, part)
                before = part

    def _show_scores(self, settings: Settings, listed: tuple[int, ...], choosable: bool) -> None:
        while len(self._rows) < len(listed):
            row = ScoreSlider()
            row.set_look(self._look)
            for part in row.findChildren(QWidget):
                if hasattr(part, "set_look"):
                    part.set_look(self._look)
            row.wished.connect(self.wished)
            corner = len(self._rows)
            row.choosing.connect(lambda where, corner=corner: self.choosing.emit(corner, where))
            self._rows.append(row)
            self._scores.addWidget(row)
        finite = [settings.logits[i] for i in listed if settings.logits[i] > -math.inf]
        low, high = min(-TYPICAL, math.floor(min(finite))), max(TYPICAL, math.ceil(max(finite)))
        for row, place in zip(self._rows, listed, strict=False):
            row.set_option(place, settings.options[place], low, high, choosable)
        for i, row in enumerate(self._rows):
            row.setVisible(i < len(listed))
        if (len(self._rows), choosable) != self._ordered:
            self._ordered = len(self._rows), choosable
            self._put_scores_first()

    def show_draw(self, settings: Settings, frame: Frame, report: SimplexReport | None) -> None:
        """Say what this draw is."""
        draw = frame.draw
        self._draw_title.setText(f"This draw #{write_count(draw.index)}")
        winner = settings.options[draw.winner].name
        if draw.tied:
            words = f"An exact tie: argmax keeps {winner}"
        elif len(settings.options) == 1 or math.isinf(draw.margin):
            words = f"{winner} wins alone"
        else:
            words = f"{winner} wins by {write_tenth(draw.margin)}"
        metrics = QFontMetricsF(self._look.font(14))
        room = max(self._draw_words.width(), self._look.px(120))
        self._draw_words.setText(metrics.elidedText(words, Qt.TextElideMode.ElideRight, room))
        if report is None:
            return
        best = max(range(len(report.corners)), key=lambda i: float(report.point[i]))
        shares = [write_number(float(share), 3 if 0.0 < share < 0.005 else 2) for share in report.point]
        shares[best] = f"<b>{shares[best]}</b>"
        start = "y = " if len(report.corners) == len(settings.options) else "y of these = "
        self._draw_shares.setText(start + " · ".join(shares))

    def close_editors(self) -> None:
        """Forget what is half typed."""
        for row in self._rows:
            row.close_editor()

    def _stepped_dots(self, value: float, by: int) -> float:
        return float(min(max(500 * round(value / 500 + by), FEWEST_DOTS), MOST_DOTS))

    def _choose_slope(self) -> None:
        if self._settings is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for corner, option in enumerate(self._corners):
            text = self._settings.options[option].name.replace("&", "&&")
            menu.addAction(text, lambda corner=corner: self.wished.emit("simplex slope", corner, True))
        menu.popup(self.slope_of.mapToGlobal(self.slope_of.rect().bottomLeft()))
