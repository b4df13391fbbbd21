"""Finding options by name and by rank."""

from __future__ import annotations

import numpy as np

from gumbelviz.engine.ranking import make_ranking
from gumbelviz.model.find import NameIndex
from gumbelviz.model.frame import Ranking

NAMES = ("the", "Theory", " then", "other", "a", "breathe", "THE", "#3", "Straße", "x")
SCORES = (1.0, 2.0, 9.0, 8.0, 5.0, 7.0, 0.5, 0.1, 4.0, 3.0)


def ranking() -> Ranking:
    return make_ranking(np.array(SCORES), 1.0)


def found(text: str, most: int = 20) -> tuple[list[str], int]:
    places, count = NameIndex(NAMES).find(text, ranking(), most)
    return [NAMES[i] for i in places], count


def test_whole_names_come_first_then_beginnings_then_parts_each_by_rank() -> None:
    assert found("the") == (["the", "THE", "Theory", " then", "other", "breathe"], 6)
    assert found("the", 3) == (["the", "THE", "Theory"], 6)
    assert found("THE") == found("the")


def test_white_space_counts_beside_letters() -> None:
    assert found(" the") == ([" then"], 1)
    assert found("  ") == ([], 0)
    assert found("") == ([], 0)


def test_other_letters_are_folded() -> None:
    assert found("STRASSE")[0] == ["Straße"]


def test_a_rank_is_found_before_names() -> None:
    assert found("#1") == ([" then"], 1)
    assert found("#3") == (["breathe", "#3"], 2)
    assert found("#11") == ([], 0)
    assert found("#0") == ([], 0)
    assert found("#1,000") == ([], 0)


def test_nothing_is_a_pattern() -> None:
    for text in (".*", "[a-z]", "\\", "(", "%"):
        assert found(text) == ([], 0)


def test_very_many_names() -> None:
    names = tuple(f"Option {i + 1}" for i in range(20_000))
    scores = np.random.default_rng(1).normal(size=20_000)
    many = make_ranking(scores, 1.0)
    places, count = NameIndex(names).find("option 1", many, 5)
    expected = [i for i in range(20_000) if names[i].startswith("Option 1")]
    assert count == len(expected)
    best = sorted((i for i in expected if i != 0), key=lambda i: -scores[i])
    assert places == (0, *best[:4])
