"""What was predicted on a step, whether it is revealed, and how it is judged in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gumbelviz.lectures.scores import Mark, mark_answer, mark_frequencies
from gumbelviz.model.numbers import write_number, write_percent
from gumbelviz.model.prediction import MOST_PREDICTED, farthest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gumbelviz.model.lecture import Question
    from gumbelviz.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Prediction:
    """One step's: whole per cents or an answer, None where nobody has said anything; and whether it is revealed."""

    percents: tuple[int, ...] | None = None
    picked: int | None = None
    revealed: bool = False

    def with_percents(self, percents: tuple[int, ...]) -> Prediction:
        """Return the prediction with bars moved; what is revealed stays as it was predicted."""
        return self if self.revealed else replace(self, percents=percents)

    def with_picked(self, picked: int) -> Prediction:
        """Return the prediction with an answer picked."""
        return self if self.revealed else replace(self, picked=picked)

    def reveal(self) -> Prediction:
        """Return it revealed."""
        return replace(self, revealed=True)


def has_bars(question: Question | None, settings: Settings) -> bool:
    """Tell whether bars can be dragged: more than a dozen options could not be told apart."""
    return question is not None and question.kind == "frequencies" and len(settings.options) <= MOST_PREDICTED


def judge(question: Question, prediction: Prediction, exact: Sequence[float]) -> Mark | None:
    """Return the mark of a prediction against the exact chances, or None where nothing was predicted.

    Parameters
    ----------
    exact
        The chance of each option, (K,).
    """
    if question.kind == "answers":
        return None if prediction.picked is None else mark_answer(question, prediction.picked)
    if prediction.percents is None or len(prediction.percents) != len(exact):
        return None
    return mark_frequencies(prediction.percents, exact)


def judge_words(question: Question, prediction: Prediction, exact: Sequence[float], names: Sequence[str]) -> str:
    """Return how near a revealed prediction was, in a sentence or two; nothing where nothing was predicted."""
    mark = judge(question, prediction, exact)
    if mark is None:
        return ""
    if question.kind == "answers" or prediction.percents is None:
        if mark.right or question.right is None:
            return "Right." if mark.right else "Not this time."
        return f"Not this time: it is answer {question.right + 1}."
    points = f"{write_number(100.0 * (1.0 - mark.gap), 0)} of 100 points."
    if len(exact) == 1:
        return points
    place = farthest([percent / 100.0 for percent in prediction.percents], exact)
    own, true = f"{prediction.percents[place]}%", write_percent(exact[place])
    return f"{points} Farthest off: {names[place]}, {own} predicted, {true} exact."
