"""Finding an option among very many by a part of its name, or by its rank."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gumbelviz.model.frame import Ranking

_RANK = re.compile(r"#\s*([0-9][0-9,]{0,8})")


class NameIndex:
    """The names of the options as one searches them: without regard to capitals.

    Parameters
    ----------
    names
        The names, (K,). Folding 131,072 of them takes some milliseconds, so one index serves many searches.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._folded = [name.casefold() for name in names]

    def find(self, text: str, ranking: Ranking, most: int) -> tuple[tuple[int, ...], int]:
        """Return the places of at most `most` options whose names contain `text`, and how many there are in all.

        Names that are the whole text come first, then those that begin with it, then the others, each the most
        probable first. "#12" finds the option of rank 12 as well, before all others. White space counts, as
        tokens may begin with some; a text of nothing else finds nothing.
        """
        wanted, folded = text.casefold(), self._folded
        if not wanted.strip():
            return (), 0
        found = [i for i, name in enumerate(folded) if wanted in name]
        best: list[int] = []
        ranked = _RANK.fullmatch(wanted.strip())
        rank = int(ranked[1].replace(",", "")) if ranked else 0
        if 1 <= rank <= len(folded):
            best = [int(ranking.order[rank - 1])]
        count = len(found) + sum(wanted not in folded[i] for i in best)
        begins = [i for i in found if folded[i].startswith(wanted)]
        whole = [i for i in begins if len(folded[i]) == len(wanted)]
        for level in (whole, begins, found):
            if len(best) < most:
                best = list(dict.fromkeys([*best, *_leading(level, ranking, most)]))
        return tuple(best[:most]), count


def _leading(places: list[int], ranking: Ranking, most: int) -> list[int]:
    """Return the `most` of `places` with the best ranks, best first."""
    ranks = ranking.ranks[np.array(places, np.int64)]
    best = np.partition(ranks, most)[:most] if len(ranks) > most else ranks
    leading: list[int] = ranking.order[np.sort(best) - 1].tolist()
    return leading
