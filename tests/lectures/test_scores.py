"""What a prediction is worth."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumbelviz.lectures.scores import CLOSE, Mark, Score, add_mark, mark_answer, mark_frequencies
from gumbelviz.model.lecture import Question

shares = st.lists(st.floats(0.0, 1.0), min_size=3, max_size=8).filter(lambda row: sum(row) > 0.01)


def normalised(row: list[float]) -> list[float]:
    return [share / math.fsum(row) for share in row]


@given(shares, shares)
def test_the_gap_is_the_largest_error_in_any_event(left: list[float], right: list[float]) -> None:
    size = min(len(left), len(right))
    p, q = left[:size], right[:size]
    if sum(p) < 0.01 or sum(q) < 0.01:
        return
    exact = normalised(q)
    gap = mark_frequencies(p, exact).gap
    # The slow way: every set of options, and how wrong its chance is.
    events = [
        abs(math.fsum(a - b for i, (a, b) in enumerate(zip(normalised(p), exact, strict=True)) if event >> i & 1))
        for event in range(2**size)
    ]
    assert gap == pytest.approx(max(events), abs=1e-12)
    assert -1e-12 <= gap <= 1.0 + 1e-12


def test_only_proportions_count() -> None:
    exact = [0.5, 0.3, 0.2]
    assert mark_frequencies([0.5, 0.3, 0.2], exact) == Mark(0.0, True)
    assert mark_frequencies([1.0, 0.6, 0.4], exact).gap == pytest.approx(0.0, abs=1e-15)
    assert mark_frequencies([0.0, 0.0, 0.0], exact).gap == pytest.approx(0.5 - 1 / 3)
    assert mark_frequencies([0.0, 0.0, 1.0], [1.0, 0.0, 0.0]) == Mark(1.0, False)


def test_close_enough_is_right() -> None:
    near = 0.9 * CLOSE
    assert mark_frequencies([0.5 + near, 0.3 - near, 0.2], [0.5, 0.3, 0.2]).right
    far = 1.1 * CLOSE
    assert not mark_frequencies([0.5 + far, 0.3 - far, 0.2], [0.5, 0.3, 0.2]).right


@pytest.mark.parametrize("predicted", [[], [0.5, 0.5], [0.5, 0.6, -0.1]])
def test_what_is_no_prediction_is_refused(predicted: list[float]) -> None:
    with pytest.raises(ValueError, match="one share for each option"):
        mark_frequencies(predicted, [0.5, 0.3, 0.2])


def test_an_answer_is_right_or_not() -> None:
    question = Question(text="x", kind="answers", answers=("a", "b", "c"), right=2)
    assert [mark_answer(question, place) for place in range(3)] == [Mark(1.0, False), Mark(1.0, False), Mark(0.0, True)]


def test_a_score_counts_each_question_once() -> None:
    score = Score()
    assert (score.asked, score.mean_gap) == (0, 0.0)
    score = add_mark(score, 5, Mark(0.25, False))
    score = add_mark(score, 6, Mark(0.0, True))
    assert add_mark(score, 5, Mark(0.0, True)) == score
    assert (score.asked, score.right, score.mean_gap) == (2, 1, 0.125)
    # It can be kept in a file.
    assert msgspec.json.decode(msgspec.json.encode(score), type=Score) == score
