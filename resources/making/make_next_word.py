"""Make the scene "Next word": as many options as a language model has tokens, all of them generated.

Run it from the top folder: ``python resources/making/make_next_word.py``. No model stands behind the scores: they
follow a Zipf-Mandelbrot law, as the frequencies of words do in every language, with some scatter; the words are
strings of syllables, short ones for frequent options. The scene file is committed; a test makes it again and compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

TOP = Path(__file__).resolve().parents[2]
if str(TOP) not in sys.path:
    sys.path.insert(0, str(TOP))

from gumbelviz.model.scene import Scene, write_scene  # noqa: E402
from gumbelviz.model.settings import make_settings  # noqa: E402

WORDS = 50_257
SEED = 2017
EXPONENT, OFFSET = 1.12, 1.6
SCATTER = 0.12
HIGHEST = 9.0
CONSONANTS, VOWELS, ENDS = "lmnrstvkd", "aeiou", ("", "n", "l", "r", "s")
NOTE = (
    "Which word comes next? A vocabulary as large as a language model’s. "
    "The scores are generated, Zipf-like, and the words are made up."
)


def make_scores(generator: np.random.Generator) -> list[float]:
    """Return falling scores, z = HIGHEST - EXPONENT ln(rank + OFFSET) and scatter, with two decimals."""
    ranks = np.arange(1, WORDS + 1)
    scores = -EXPONENT * np.log(ranks + OFFSET) + SCATTER * generator.standard_normal(WORDS)
    scores = np.sort(scores)[::-1]
    return [round(float(z), 2) for z in scores - scores[0] + HIGHEST]


def make_words(generator: np.random.Generator) -> list[str]:
    """Return different words, the shorter ones first by and large."""
    syllables = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
    words: dict[str, None] = {}
    while len(words) < WORDS:
        # The more words there are, the longer a new one is.
        longest = 1 + (len(words) >= 24) + (len(words) >= 1_500)
        count = int(generator.integers(max(longest - 1, 1), longest + 1))
        chosen = generator.integers(len(syllables), size=count)
        end = ENDS[int(generator.integers(len(ENDS)))]
        words["".join(syllables[i] for i in chosen) + end] = None
    return list(words)


def make_scene() -> Scene:
    """Return the scene."""
    generator = np.random.default_rng(SEED)
    settings = make_settings(make_scores(generator), make_words(generator), temperature=0.5)
    return Scene(title="Next word", note=NOTE, highlight="scores", settings=settings)


def main() -> None:
    """Write the scene file."""
    (TOP / "resources" / "scenes" / "next-word.gumbel").write_bytes(write_scene(make_scene()))


if __name__ == "__main__":
    main()
