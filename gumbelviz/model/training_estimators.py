"""What people read about each estimator that can train: names, colours, one line of help.

The formulas are in `gumbelviz.maths.through`, under the same ids.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EstimatorWords:
    """One estimator.

    Attributes
    ----------
    id
    name, short
        In full, and for where there is little room.
    color
        Its place in the palette, which also gives it a marker.
    tempered
        True where the temperature matters to it.
    help
        One line: what runs forward, what backward.
    """

    id: str
    name: str
    short: str
    color: int
    tempered: bool
    help: str


ESTIMATORS: tuple[EstimatorWords, ...] = (
    EstimatorWords(
        "gumbel_softmax", "Gumbel-Softmax", "Gumbel-Softmax", 5, True,
        "Forward the soft choice, backward its own slope. Little noise, but biased.",
    ),
    EstimatorWords(
        "straight_through_gumbel_softmax", "Straight-through GS", "ST-GS", 0, True,
        "Forward the hard choice, backward the slope of the soft one. Biased.",
    ),
    EstimatorWords(
        "straight_through", "Straight-through", "Straight-through", 4, False,
        "Forward the hard choice, backward the slope of softmax(z), without noise. Biased.",
    ),
    EstimatorWords(
        "rao_blackwell", "Rao-Blackwell ST-GS", "RB ST-GS", 6, True,
        "Straight-through GS, averaged over other noise that gives the same hard choice. The same bias, less noise.",
    ),
    EstimatorWords(
        "reinmax", "ReinMax", "ReinMax", 3, False,
        "Forward the hard choice, backward a second-order rule. Unbiased for every quadratic loss.",
    ),
    EstimatorWords(
        "reinforce", "REINFORCE", "REINFORCE", 2, False,
        "Forward the hard choice; its loss pushes its own score down. Unbiased, but noisy.",
    ),
    EstimatorWords(
        "reinforce_mean_baseline", "REINFORCE, baseline", "REINFORCE, base", 9, False,
        "REINFORCE with the expected loss taken off first. Unbiased, and less noisy.",
    ),
    EstimatorWords(
        "reinforce_optimal", "REINFORCE, best base", "REINFORCE, best", 16, False,
        "REINFORCE with the constant of least variance taken off first. Unbiased.",
    ),
    EstimatorWords(
        "exact", "Exact gradient", "Exact", -1, False,
        "No choice is drawn: the gradient of the expected loss itself. Possible only where every option can be tried.",
    ),
)  # fmt: skip
BY_ID: dict[str, EstimatorWords] = {row.id: row for row in ESTIMATORS}
DEFAULT: tuple[str, ...] = (
    "gumbel_softmax", "straight_through_gumbel_softmax", "reinmax", "reinforce_mean_baseline"
)  # fmt: skip
