"""Places in texts that are filled with numbers: the closed list of them, for notes of scenes and texts of lectures.

A place stands in braces, such as ``{soft:2}`` or ``{temperature}``; whatever else stands in braces is shown as it
is, because the file may come from a stranger. What each place means is in the tables below;
`gumbelviz.app.place_numbers` computes them.
"""

from __future__ import annotations

import re

from gumbelviz.model.gradient_choices import COLORS as _ESTIMATORS
from gumbelviz.model.papers import ARTICLE_PRINTS, PAPERS

OF_OPTION: dict[str, str] = {
    "name": "its name",
    "score": "its score z",
    "noise": "its noise G",
    "noisy": "its noisy score z + G",
    "soft": "its share in the soft choice of this draw, in per cent",
    "slope": "slope of that share against its own score",
    "softmax": "softmax(z / τ): its share without noise, in per cent",
    "probability": "the chance that it wins, in per cent",
    "mean_soft": "the mean of its soft choice over all noise, in per cent",
    "frequency": "how often it won so far, in per cent",
    "gradient": "exact gradient of the objective of the Gradients page with respect to its score",
    **{f"mean_{name}": f"mean of the estimator {name} of that gradient" for name in _ESTIMATORS},
    **{f"bias_{name}": f"mean of the estimator {name} minus that gradient" for name in _ESTIMATORS},
}
"""Places with the number of an option, counted from 1."""

WHOLE: dict[str, str] = {
    "temperature": "the temperature τ",
    "location": "the location μ of the noise",
    "scale": "the scale β of the noise",
    "options": "how many options there are",
    "estimators": "how many estimators the program knows",
    "draw": "which draw is on display, from 0",
    "draws": "how many draws were made",
    "winner": "the name of the option that won this draw",
    "margin": "how far the winner is ahead of the second",
    "favourite": "the name of the option that wins most often",
    "surprise": "the chance that another one wins, in per cent",
    "gap": "how far the best score is ahead of the second",
    "entropy": "entropy of the chances to win, in bits",
    "soft_entropy": "entropy of the soft choice of this draw, in bits",
    "most_entropy": "the largest entropy that so many options can have, in bits",
    "noise_mean": "mean of the noise",
    "noise_deviation": "standard deviation of the noise",
    "difference_deviation": "standard deviation of the difference of two noises",
    "level": "the uniform number u of the Noise page",
    "level_noise": "the noise that the inverse map makes of it",
    "peak": "where that noise is densest, its location",
    "median": "the value that half of the noise stays below",
    "edge": "the temperature 1 / (K − 1) below which soft choices crowd at the edges of the simplex",
    "target": "the target of the bit on the Gradients page",
    "bit_start": "the chance of a one at which the bit of the Learning page starts, in per cent",
    "rest": "the chance of a one at which the bit of the Learning page rests, trained on the mean Gumbel-Softmax "
    "gradient at this temperature, in per cent",
    "floor": "the temperature that the schedule of the Learning page falls to",
    "goal": "the number that the task of the step waits for",
}
"""Places that stand for themselves."""

OF_WORD: dict[str, tuple[str, tuple[str, ...]]] = {
    "paper": ("authors and year of a paper, in short", tuple(PAPERS)),
    "authors": ("all authors and the year of a paper", tuple(PAPERS)),
    "title": ("the title of a paper", tuple(PAPERS)),
    "article": ("what the article prints for one of its examples", tuple(ARTICLE_PRINTS)),
}
"""Places with a word of a list."""


def _either(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, words))


PLACES = re.compile(
    r"\{(?:"
    rf"(?P<of>{_either(tuple(OF_OPTION))}):(?P<option>[1-9][0-9]{{0,5}})"
    rf"|(?P<whole>{_either(tuple(WHOLE))})"
    + "".join(rf"|{name}:(?P<{name}>{_either(words)})" for name, (_, words) in OF_WORD.items())
    + r")\}"
)
