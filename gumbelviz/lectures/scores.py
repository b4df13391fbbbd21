"""How well somebody predicts: what one answer is worth, and the score of a lecture, which stays on the machine."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from gumbelviz.model.lecture import Question


class Mark(msgspec.Struct, frozen=True):
    """What one prediction was worth.

    Attributes
    ----------
    gap
        For frequencies the total variation distance to what is right, from 0 to 1: the largest error that the
        prediction makes in the chance of any event. For answers 0 or 1.
    right
        For answers whether it was the right one; for frequencies whether every bar was within `CLOSE`.
    """

    gap: float
    right: bool


CLOSE = 0.05
"""A bar that is no farther off counts as right."""


def mark_frequencies(predicted: Sequence[float], exact: Sequence[float]) -> Mark:
    """Return the mark for predicted shares (K,), of which only the proportions count.

    Parameters
    ----------
    predicted
        At least 0 each; where all are 0 nothing was predicted, and all shares count as equal.
    exact
        What they are compared with, (K,), adding up to 1: the exact chances, or frequencies that were observed.

    Raises
    ------
    ValueError
        For different lengths, or shares below 0.
    """
    if len(predicted) != len(exact) or not predicted or min(predicted) < 0.0:
        raise ValueError("A prediction has one share for each option, and none below 0.")
    total = math.fsum(predicted)
    shares = [share / total for share in predicted] if total > 0.0 else [1.0 / len(predicted)] * len(predicted)
    gaps = [abs(p - q) for p, q in zip(shares, exact, strict=True)]
    return Mark(0.5 * math.fsum(gaps), max(gaps) <= CLOSE)


def mark_answer(question: Question, picked: int) -> Mark:
    """Return the mark for the answer at the place `picked`."""
    right = picked == question.right
    return Mark(0.0 if right else 1.0, right)


class Score(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The marks of a lecture: how many questions were answered, how many rightly, and the sum of the gaps.

    A plain value with two numbers and a list, so that it can be kept in a file. A question counts once: `steps` are
    the places of those that were answered.
    """

    right: int = 0
    gaps: float = 0.0
    steps: tuple[int, ...] = ()

    @property
    def asked(self) -> int:
        """How many questions were answered."""
        return len(self.steps)

    @property
    def mean_gap(self) -> float:
        """The mean of all gaps, from 0 to 1; 0 before the first question."""
        return self.gaps / self.asked if self.steps else 0.0


def add_mark(score: Score, step: int, mark: Mark) -> Score:
    """Return `score` with the mark of the question at the place `step`; only the first prediction counts."""
    if step in score.steps:
        return score
    return Score(score.right + mark.right, score.gaps + mark.gap, (*score.steps, step))
