"""The Pipeline page for more options than bars: one list across its columns, its search field and its scroll bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QScrollBar

from gumbelviz.model.frame import Frame, Ranking
from gumbelviz.model.numbers import write_count
from gumbelviz.model.settings import Settings
from gumbelviz.views.controls.finder import Finder
from gumbelviz.views.pages import pipeline_rows as rows
from gumbelviz.views.pages.pipeline_list import RankedList
from gumbelviz.views.pages.pipeline_ranked import RankedPlots
from gumbelviz.views.plots.bars import BarChart
from gumbelviz.views.plots.rows import RowChart
from gumbelviz.views.plots.switches import SwitchChart


class Many(QObject):
    """Lists the same options in several charts, which scroll together.

    Parameters
    ----------
    logits, shares
        The charts of the first column, of which one is in front.
    noise, switches
        The charts of other columns with a row for each listed option.

    Signals
    -------
    changed()
        The list stands elsewhere, or holds other options.
    """

    changed = Signal()

    def __init__(self, logits: BarChart, shares: BarChart, noise: BarChart, switches: SwitchChart) -> None:
        super().__init__()
        self.plots = RankedPlots()
        self.scroll_bar = QScrollBar(Qt.Orientation.Vertical)
        self.scroll_bar.setAccessibleName("Ranks")
        self.scroll_bar.hide()
        self._scores: tuple[BarChart, ...] = (logits, shares)
        self._charts: tuple[RowChart, ...] = (logits, shares, noise, switches)
        self._held: tuple[BarChart, ...] = (logits, shares, noise)
        self._list = RankedList()
        self._finder: Finder | None = None
        self._ranking: Ranking | None = None
        self._listed: tuple[int, ...] = ()
        self._room = 1
        self.scroll_bar.valueChanged.connect(self._go_to)
        self.plots.picked.connect(self._pick)
        for chart in self._charts:
            chart.scrolled.connect(lambda by: self._go_to(self._list.offset + by))
            chart.resized.connect(self._measure)

    def connect_finder(self, finder: Finder) -> None:
        """Take what is typed into `finder`."""
        self._finder = finder
        finder.sought.connect(self._seek)
        finder.taken.connect(self._take)

    # What is listed.

    def list_options(self, settings: Settings, frame: Frame | None) -> tuple[int, ...]:
        """Return the options to list, in their order, and head the charts accordingly."""
        self._list.meet(settings)
        for chart in self._charts:
            chart.scrolls = True
        for chart in self._scores:
            chart.can_move = False
            chart.widest_rank = write_count(len(settings.options))
        self._ranking = frame.theory.ranking if frame is not None else None
        self._head(frame)
        self._room = self._measured()
        count = len(settings.options)
        if any(chart.busy for chart in self._held) and max(self._listed, default=count) < count:
            # Under a hand that drags, ranks change; the rows wait until it lets go.
            return self._listed
        if self._ranking is None or frame is None:
            self._listed = rows.leading_options(settings, self._room)
        else:
            self._listed = self._list.shown(self._ranking, frame.draw.winner, self._room)
        self._show_place(count)
        return self._listed

    @property
    def in_view(self) -> tuple[int, ...]:
        """The listed options without this draw's winner, where only having won brought it here."""
        return self._listed[: self._list.settled] if self._ranking is not None else self._listed

    def leave(self) -> None:
        """A few options: they need no list."""
        self._ranking = None
        self._listed = ()
        self.scroll_bar.hide()
        for chart in self._charts:
            chart.scrolls = False
            chart.set_caption("", chart.remark)
        for chart in self._scores:
            chart.can_move = True
            chart.widest_rank = ""

    def _head(self, frame: Frame | None) -> None:
        """A line over each list; also before the first frame, so that the rows do not jump when it comes."""
        heading, winner = "top options", " "
        if self._ranking is not None and frame is not None:
            heading = self._list.heading(self._ranking, self._room)
            winner = f"winner: rank {write_count(int(self._ranking.ranks[frame.draw.winner]))}"
        for chart in self._scores:
            chart.set_caption(heading)
        self._charts[2].set_caption("noise of the listed")
        self._charts[3].set_caption(winner, self._charts[3].remark)

    def _measured(self) -> int:
        """How many options fit, beside one row for the rest."""
        chart = next((chart for chart in self._scores if chart.isVisible()), self._scores[0])
        return max(chart.capacity - 1, 2)

    def _measure(self) -> None:
        if self._ranking is not None and self._measured() != self._room:
            self.changed.emit()

    def _show_place(self, count: int) -> None:
        most = max(count - len(self._listed), 0)
        bar = self.scroll_bar
        bar.blockSignals(True)
        bar.setRange(0, most)
        bar.setPageStep(len(self._listed))
        bar.setValue(self._list.offset)
        bar.blockSignals(False)
        bar.setVisible(most > 0)

    # What a person does.

    def _go_to(self, offset: int) -> None:
        if self._ranking is None:
            return
        offset = min(max(offset, 0), self.scroll_bar.maximum())
        if offset != self._list.offset:
            self._list.offset = offset
            self.changed.emit()

    def _seek(self, text: str) -> None:
        self._list.sought = text
        if self._ranking is not None and self._finder is not None:
            found = not text.strip() or bool(self._list.look_for(self._ranking, self._room)[1])
            self._finder.set_found(found)
            self.changed.emit()

    def _take(self) -> None:
        """Keep the first option that was found, and show where it stands."""
        if self._ranking is None or self._finder is None or not self._list.sought.strip():
            return
        found, _ = self._list.look_for(self._ranking, self._room)
        if found:
            self._list.sought = ""
            self._finder.clear()
            self._pick(found[0])

    def _pick(self, option: int) -> None:
        if self._ranking is not None:
            self._list.pick(option, self._ranking, self._room)
            self.changed.emit()
            for chart in self._charts:
                chart.choose(option)

    def touch(self, value: object) -> None:
        """An option that is edited stays in the list, wherever its rank goes; `value` is that of the wish."""
        option = value[0] if isinstance(value, tuple) and value else value
        if self._ranking is not None and isinstance(option, int) and option in self._listed:
            self._list.keep(option)

    def menu_entry(self, option: int) -> tuple[str, Callable[[], None]]:
        """What the menu of an option offers about the list."""
        if option in self._list.picked:
            return "Leave the list to its ranks", lambda: self._drop(option)
        return "Keep in the list", lambda: self._pick(option)

    def _drop(self, option: int) -> None:
        self._list.drop(option)
        self.changed.emit()
