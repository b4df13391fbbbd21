"""Train the classifier whose logits the scene "Ten digits" shows, and write that scene.

A softmax classifier on the 8 x 8 digits that come with scikit-learn: every fourth digit is kept aside, the
others train it. Of the digits kept aside, the one is taken where the two best scores are closest and the true
digit is one of them. Nothing is random, and the optimum is unique because of the penalty on the weights, so
every machine finds the same scores up to rounding. scikit-learn is needed only to run this::

    python resources/training/train_digits.py
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gumbelviz.model.scene import Scene, write_scene  # noqa: E402
from gumbelviz.model.settings import make_settings  # noqa: E402

SCENE = ROOT / "resources" / "scenes" / "ten-digits.gumbel"
KEPT_ASIDE = 4
PENALTY = 30.0
"""Strong, so that the scores stay small and the classifier has doubts that a picture can show."""


@dataclass(frozen=True)
class Ambiguous:
    """One digit that the classifier is unsure about: its place in the data, what it is, its ten logits."""

    place: int
    truth: int
    logits: tuple[float, ...]
    accuracy: float


def find_ambiguous() -> Ambiguous:
    """Train, and return the digit kept aside with the closest decision that the truth is part of."""
    pixels, truths = load_digits(return_X_y=True)
    pixels = pixels / 16.0
    aside = np.arange(len(truths)) % KEPT_ASIDE == 0
    model = LogisticRegression(C=1.0 / PENALTY, tol=1e-10, max_iter=10_000)
    model.fit(pixels[~aside], truths[~aside])
    logits = model.decision_function(pixels[aside])
    # Adding the same number to all ten changes nothing; make their mean 0.
    logits -= logits.mean(axis=1, keepdims=True)
    ranked = np.argsort(-logits, axis=1)
    rows = np.arange(len(logits))
    gap = logits[rows, ranked[:, 0]] - logits[rows, ranked[:, 1]]
    torn = (ranked[:, :2] == truths[aside][:, None]).any(axis=1)
    row = int(np.argmin(np.where(torn, gap, np.inf)))
    return Ambiguous(
        place=int(np.flatnonzero(aside)[row]),
        truth=int(truths[aside][row]),
        logits=tuple(round(float(z), 2) + 0.0 for z in logits[row]),
        accuracy=float((ranked[:, 0] == truths[aside]).mean()),
    )


def make_scene(digit: Ambiguous) -> Scene:
    """Return the scene "Ten digits" for the digit that was found."""
    best, second = (int(i) for i in np.argsort(-np.array(digit.logits), kind="stable")[:2])
    note = (
        f"A classifier's scores for one handwritten digit from scikit-learn, in truth a {digit.truth}. "
        f"It says {{name:{best + 1}}} with {{probability:{best + 1}}} and "
        f"{{name:{second + 1}}} with {{probability:{second + 1}}}."
    )
    return Scene(
        title="Ten digits",
        note=note,
        settings=make_settings(digit.logits, [str(i) for i in range(10)], temperature=1.0),
    )


if __name__ == "__main__":
    found = find_ambiguous()
    SCENE.write_bytes(write_scene(make_scene(found)))
    print(f"digit number {found.place}, in truth {found.truth}, accuracy {found.accuracy:.1%}: {found.logits}")
