"""The Simplex page: where do soft choices live?"""

from __future__ import annotations

import heapq
import math

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.frame import Frame
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings
from gumbelviz.model.simplex_choices import CORNERS, SimplexChoices, corner_options
from gumbelviz.model.simplex_report import SimplexReport
from gumbelviz.views.look import Look
from gumbelviz.views.pages import simplex_words as words_of
from gumbelviz.views.pages.layout import Turns
from gumbelviz.views.pages.page import Page
from gumbelviz.views.pages.showcase import Lever, Piece
from gumbelviz.views.pages.simplex_panel import SimplexPanel
from gumbelviz.views.plots.segment_plot import SegmentPlot
from gumbelviz.views.plots.simplex_canvas import Corner, SimplexCanvas
from gumbelviz.views.plots.tetrahedron_plot import TetrahedronPlot
from gumbelviz.views.plots.triangle_plot import TrianglePlot

MOST_LISTED = 40
"""How many options a menu lists; of more, the most probable ones."""


class SimplexPage(Page):
    """Shows the simplex of up to four options, with what can be changed beside it."""

    page_id = "simplex"

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._settings: Settings | None = None
        self._choices = SimplexChoices()
        self._frame: Frame | None = None
        self._report: SimplexReport | None = None
        self._corners: tuple[int, ...] = ()
        self._base: tuple[float, ...] | None = None
        self.panel = SimplexPanel()
        self._segment, self._triangle, self._solid = SegmentPlot(), TrianglePlot(), TetrahedronPlot()
        self._alone = self._build_alone()
        self._pictures = Turns(self._alone, self._segment, self._triangle, self._solid)
        self._caption = QLabel()
        self._caption.setProperty("role", "quiet")
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._caption.setWordWrap(True)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._right = QVBoxLayout()
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.addWidget(self._pictures, 1)
        self._right.addWidget(self._caption)
        self._line = QHBoxLayout(self.body)
        self._line.addWidget(self.panel)
        self._line.addLayout(self._right, 1)
        self.panel.wished.connect(self.wished)
        self.panel.choosing.connect(self._choose_corner)
        for picture in (self._segment, self._triangle, self._solid):
            picture.placed.connect(self._place)
            picture.released.connect(lambda: self.wished.emit("unpin all", None, True))
            picture.cornerClicked.connect(self._choose_corner)

    def _build_alone(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = QLabel("One point")
        title.setProperty("role", "stage")
        self._alone_words = QLabel()
        self._alone_words.setProperty("role", "quiet")
        self._alone_words.setTextFormat(Qt.TextFormat.PlainText)
        add = QPushButton("+ Add option")
        add.setToolTip("Add one more option at the end")
        add.clicked.connect(lambda: self.wished.emit("add", None, True))
        for widget in (title, self._alone_words, add):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignCenter)
        return holder

    @property
    def picture(self) -> SimplexCanvas | None:
        """The picture in front; None where there is only one option to choose."""
        shown = self._pictures.currentWidget()
        return shown if isinstance(shown, SimplexCanvas) else None

    # Size.

    def take_look(self, look: Look) -> None:
        """Take another theme or size; the next `draw` shows the frame in it."""
        self._look = look
        self._line.setContentsMargins(look.px(20), look.px(14), look.px(20), look.px(10))
        self._line.setSpacing(look.px(18))
        self._right.setSpacing(look.px(4))
        for layout in self.findChildren(QLayout):
            layout.invalidate()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.panel.setFixedWidth(min(self._look.px(312), round(0.38 * self.width())))
        self.panel.set_room(self.height() - 2 * self._look.px(14))
        self._fit_caption()

    def _fit_caption(self) -> None:
        """Room for the lines there are; it changes with what is shown, not with the numbers in it."""
        line = QFontMetricsF(self._look.font(14)).lineSpacing()
        wide = self._look.px(820)
        rows = 2 if self.width() - self.panel.width() < 1.25 * wide else 1
        lines = rows + int(self._has_subset_words()) * rows
        choices = self._choices
        lines += rows * int(choices.arrows) + (rows + 1) * int(choices.means)
        lines += rows * int(choices.streamed and len(self._corners) == CORNERS)
        most = 0.3 * self.height()
        if not self.reduced:
            self._caption.setFixedHeight(round(min(lines * line + 4, most)))

    def _has_subset_words(self) -> bool:
        return self._settings is not None and len(self._settings.options) > max(len(self._corners), 1)

    # Parts alone.

    def pieces(self, shown: tuple[str, ...]) -> tuple[Piece, ...]:
        """The picture, this draw in numbers, and the words."""
        found = {
            "picture": Piece(self._pictures, 470, 330),
            "draw": Piece(self.panel.this_draw, 290, 84, row=1, grows=False),
            "words": Piece(self._caption, 420, 64, row=1, grows=False),
        }
        return tuple(found[name] for name in shown)

    def levers(self, shown: tuple[str, ...]) -> dict[str, Lever]:
        """The cards of the panel; this draw is dragged in the picture."""
        return {
            "scores": Lever(side=(Piece(self.panel.scores_card, 290, self.panel.scores_height, grows=False),)),
            "temperature": Lever(line=(Piece(self.panel.temperature, 280, 92),)),
            "layers": Lever(side=(Piece(self.panel.layers_card, 290, self.panel.layers_height, grows=False),)),
            "draw": Lever((self._segment, self._triangle, self._solid)),
        }

    # Showing.

    def show_scene(self, scene: Scene) -> None:
        """Show the settings of `scene` at once; the frame that answers them comes a little later."""
        self._take(scene.settings)

    def _take(self, settings: Settings) -> None:
        if settings is self._settings:
            return
        self._settings, self._choices = settings, settings.pages.simplex
        self._corners = corner_options(self._choices, settings.logits)
        self.panel.show_settings(settings, self._choices, self._corners)
        self._pictures.setCurrentIndex(min(len(self._corners), 4) - 1)
        if len(self._corners) == 1:
            name = settings.options[self._corners[0]].name
            masked = " The others are masked." if len(settings.options) > 1 else ""
            self._alone_words.setText(
                f"Only {name} can be chosen, so every soft choice is {name}, all of it.{masked}\n"
                "With a second option there is a segment to live on, with a third a triangle."
            )
        picture = self.picture
        if picture is not None:
            named = tuple(Corner(i, settings.options[i].name, settings.options[i].color) for i in self._corners)
            picture.set_corners(named, self._can_choose())
        self._fit_caption()

    def _can_choose(self) -> bool:
        settings = self._settings
        return settings is not None and len(self._corners) == CORNERS and self._live(settings) > CORNERS

    @staticmethod
    def _live(settings: Settings) -> int:
        return sum(logit > -math.inf for logit in settings.logits)

    def close_editors(self) -> None:
        """Forget what is half typed."""
        self.panel.close_editors()

    def draw(self, settings: Settings, frame: Frame, words: bool = True) -> None:
        """Show a frame that answers these settings; without `words` only what is watched, not what is read."""
        self._take(settings)
        self._frame = frame
        report = frame.study if isinstance(frame.study, SimplexReport) else None
        if report is not None and (report.options != len(settings.options) or report.corners != self._corners):
            # It answers settings of a moment ago, with other corners: keep the picture that is there.
            report = None
        newest = self._report
        picture = self.picture
        if report is not None:
            self._report = report
            if picture is not None:
                pinned = all(settings.options[i].pinned is not None for i in report.corners)
                picture.set_report(report, self._choices, pinned)
        if words or (report is not None and newest is not None and newest.point is not report.point):
            fits = frame.draw.winner < len(settings.options)
            if fits:
                self.panel.show_draw(settings, frame, report)
            if report is not None:
                self._show_caption(settings, report)

    def _show_caption(self, settings: Settings, report: SimplexReport) -> None:
        if len(report.corners) == 1:
            self._caption.setText("")
            return
        lines = [words_of.shape_words(settings, report), words_of.subset_words(settings, report)]
        if self._choices.means:
            lines.append(words_of.means_words(report))
        if report.slopes is not None:
            lines.append(words_of.slope_words(settings, report.slopes))
        if report.streamed is not None:
            lines.append(words_of.streamed_words(report.streamed))
        text = "\n".join(lines := self._fitting([line for line in lines if line]))
        # A line or two belong under the picture; more are a paragraph.
        side = Qt.AlignmentFlag.AlignHCenter if len(lines) <= 2 else Qt.AlignmentFlag.AlignLeft
        self._caption.setAlignment(side | Qt.AlignmentFlag.AlignTop)
        if text != self._caption.text():
            self._caption.setText(text)

    def _fitting(self, lines: list[str]) -> list[str]:
        """As many of the lines as there is room for: at large sizes on small screens not all are whole."""
        metrics = QFontMetricsF(self._look.font(14))
        room = QRectF(0.0, 0.0, max(self._caption.width(), self._look.px(200)), 1e6)
        used, most, kept = 0.0, self._caption.height() + 2.0, 0
        for line in lines:
            used += metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), line).height()
            if used > most and kept:
                break
            kept += 1
        return lines[:kept]

    # Wishes.

    def _place(self, shares: object, final: bool) -> None:
        """This draw was dragged: its noise shall change least from what it was when the drag began."""
        frame = self._frame
        if frame is None or self._settings is None or not isinstance(shares, tuple):
            return
        if len(shares) != len(self._corners) or max(self._corners) >= len(frame.draw.noise):
            return
        if self._base is None:
            self._base = tuple(float(frame.draw.noise[i]) for i in self._corners)
        self.wished.emit("place draw", (self._corners, shares, self._base), final)
        if final:
            self._base = None

    def _choose_corner(self, corner: int, where: QPoint) -> None:
        settings = self._settings
        if settings is None or not self._can_choose():
            return
        live = [i for i, logit in enumerate(settings.logits) if logit > -math.inf]
        listed = live
        if len(live) > MOST_LISTED:
            listed = sorted(heapq.nlargest(MOST_LISTED, live, key=settings.logits.__getitem__))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for option in listed:
            action = menu.addAction(settings.options[option].name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(option == self._corners[corner])
            action.triggered.connect(lambda _checked=False, option=option: self._set_corner(corner, option))
        if len(listed) < len(live):
            menu.addSeparator()
            menu.addAction("By its number …", lambda: self._ask_corner(corner))
        menu.popup(where)

    def _ask_corner(self, corner: int) -> None:
        assert self._settings is not None
        count = len(self._settings.options)
        number, ok = QInputDialog.getInt(
            self, "Choose an option", f"Number of the option, from 1 to {count:,}:", self._corners[corner] + 1, 1, count
        )
        if ok:
            self._set_corner(corner, number - 1)

    def _set_corner(self, corner: int, option: int) -> None:
        self.wished.emit("simplex corner", (self._corners, corner, option), True)
