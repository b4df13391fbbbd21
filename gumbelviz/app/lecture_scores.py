"""The score of the lecture that is presented, kept on this machine alone, and summed up in a line."""

from __future__ import annotations

from collections.abc import Callable

from gumbelviz.lectures.scores import Mark, Score, add_mark
from gumbelviz.model.numbers import write_number


class ScoreBook:
    """Holds the score of one lecture.

    Parameters
    ----------
    score
        What was reached before.
    keep
        Told of every new score, so that it can be written somewhere.
    """

    def __init__(self, score: Score | None = None, keep: Callable[[Score], object] | None = None) -> None:
        self.score = score or Score()
        self._keep = keep

    def note(self, step: int, mark: Mark) -> None:
        """Take down the mark of a step; the first prediction counts."""
        self.score = add_mark(self.score, step, mark)
        if self._keep is not None:
            self._keep(self.score)

    def summary(self) -> str:
        """Return all of it in a line, or nothing where nothing was predicted."""
        score = self.score
        if not score.asked:
            return ""
        points = write_number(100.0 * (1.0 - score.mean_gap), 0)
        average = " on average" if score.asked > 1 else ""
        return f"Your score: {score.right} of {score.asked} predictions right, {points} of 100 points{average}."
