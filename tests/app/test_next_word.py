"""The scene "Next word": made by the script beside the scenes, as large as a vocabulary, and Zipf-like."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np

import resources
from gumbelviz.app.library import builtin_title, load_builtin
from gumbelviz.model.scene import write_scene

SCRIPT = Path(__file__).parents[2] / "resources" / "making" / "make_next_word.py"


def test_making_it_again_gives_the_same_file() -> None:
    made = runpy.run_path(str(SCRIPT))["make_scene"]()
    assert write_scene(made) == resources.read_bytes("scenes", "next-word.gumbel")


def test_it_is_a_vocabulary_and_says_that_it_is_made_up() -> None:
    scene = load_builtin("next-word")
    names, scores = scene.settings.names, scene.settings.scores
    assert len(set(names)) == len(names) == 50_257
    assert all(name.isascii() and name.isalpha() and name.islower() for name in names)
    assert "generated" in scene.note
    assert "made up" in scene.note
    # Frequent words are short, and the scores fall as the logarithm of the rank does.
    assert np.mean([len(name) for name in names[:20]]) < 4 < np.mean([len(name) for name in names[-20:]])
    ranks = np.arange(1, len(scores) + 1)
    slope = np.polyfit(np.log(ranks[10:]), scores[10:], 1)[0]
    assert -1.3 < slope < -1.0


def test_its_title_is_read_without_its_options() -> None:
    assert builtin_title("next-word") == "Next word"
    assert builtin_title("ice-cream") == load_builtin("ice-cream").title
