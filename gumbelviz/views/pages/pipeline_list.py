"""Which of very many options are listed: a window on the ranking, what a person picked, this draw's winner."""

from __future__ import annotations

from dataclasses import dataclass, field

from gumbelviz.model.find import NameIndex
from gumbelviz.model.frame import Ranking
from gumbelviz.model.numbers import write_count
from gumbelviz.model.settings import Settings

MOST_LISTED = 20
"""The top of the list, where there is room for it."""
MOST_PICKED = 5


@dataclass(slots=True)
class RankedList:
    """Where the list stands. Works on what the engine ranked, and computes nothing itself.

    Attributes
    ----------
    offset
        How many ranks lie above the list.
    picked
        Options that stay in the list wherever it stands, the newest first.
    sought
        The text that is looked for; while there is some, the list holds what was found.
    settled
        How many of the options that were listed last are there whatever the draw.
    """

    offset: int = 0
    picked: tuple[int, ...] = ()
    sought: str = ""
    settled: int = 0
    _index: NameIndex | None = None
    _names: tuple[str, ...] = ()
    _found: tuple[Ranking, tuple[str, int], tuple[tuple[int, ...], int]] | None = field(default=None, repr=False)

    def meet(self, settings: Settings) -> None:
        """Forget what belonged to other options."""
        if settings.names is not self._names:
            if settings.names != self._names:
                self.offset, self.picked, self._index, self._found = 0, (), None, None
            self._names = settings.names

    def look_for(self, ranking: Ranking, most: int) -> tuple[tuple[int, ...], int]:
        """Return the first options that are found, and how many there are."""
        question = (self.sought, most)
        # Rankings are known by identity: they hold arrays.
        if self._found is not None and self._found[0] is ranking and self._found[1] == question:
            return self._found[2]
        if self._index is None:
            self._index = NameIndex(self._names)
        found = self._index.find(self.sought, ranking, most)
        self._found = (ranking, question, found)
        return found

    def pick(self, option: int, ranking: Ranking, room: int) -> None:
        """Keep `option` in the list, and bring its neighbours into view."""
        self.keep(option)
        rank = int(ranking.ranks[option])
        last = self.offset + room
        if not self.offset < rank <= last:
            self.offset = max(rank - 1 - room // 2, 0)

    def keep(self, option: int) -> None:
        """Keep `option` in the list, wherever that stands."""
        if option not in self.picked:
            self.picked = (option, *self.picked)[:MOST_PICKED]

    def drop(self, option: int) -> None:
        """Keep `option` in the list no longer."""
        self.picked = tuple(other for other in self.picked if other != option)

    def shown(self, ranking: Ranking, winner: int, room: int) -> tuple[int, ...]:
        """Return the options to list in at most `room` rows, the row for the rest not counted.

        The number of rows does not depend on the draw, so that the list stands still: where the winner is in
        view already, the next one in rank takes its row.
        """
        if self.sought.strip():
            found, _ = self.look_for(ranking, room)
            if found:
                self.settled = len(found)
                return found
        count = len(ranking.order)
        room = min(room, count, MOST_LISTED + len(self.picked) + 1)
        window = room
        # In a very small window the ranking keeps a row, and the winner has one.
        picked = self.picked[: max(room - 2, 0)]
        while True:
            start = min(self.offset, count - window)
            view = tuple(int(i) for i in ranking.order[start : start + window])
            extra = tuple(i for i in dict.fromkeys((*picked, winner)) if i not in view)
            if len(view) + len(extra) <= room:
                # The row of the winner comes last, and is another one in each draw.
                self.settled = max(room - 1, 1)
                return (*view, *extra)
            window = room - len(extra)

    def heading(self, ranking: Ranking, shown: int) -> str:
        """Say in a line what is listed."""
        if self.sought.strip():
            found, count = self.look_for(ranking, shown)
            if not found:
                return f"no name contains “{self.sought}”"
            return f"{write_count(count)} {'name contains' if count == 1 else 'names contain'} “{self.sought}”"
        if self.offset == 0:
            return f"top of {write_count(len(ranking.order))} options"
        return f"from rank {write_count(self.offset + 1)} of {write_count(len(ranking.order))}"
