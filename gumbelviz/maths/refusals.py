"""What has no meaning is refused, with one sentence a person can read.

Every function returns its argument as float64, ready for arithmetic, or raises ValueError. The sentences
are shown to users.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Reals = NDArray[np.float64]

LARGEST = 1e100  # quotients of such numbers cannot overflow


def check_logits(logits: ArrayLike) -> Reals:
    """Return logits (K,) as float64; minus infinity masks an option and is legal, unless all are masked."""
    values = np.asarray(logits, dtype=np.float64)
    if values.ndim != 1:
        raise ValueError(f"Logits are a list, one number per option, not an array of shape {values.shape}.")
    if values.size == 0:
        raise ValueError("There are no options: give at least one logit.")
    # Which one is at fault is looked for only where one is: looking takes 20 ms for a vocabulary.
    legal = (np.abs(values) <= LARGEST) | (values == -math.inf)
    for i in np.flatnonzero(~legal):
        value = values[i]
        if math.isnan(value):
            raise ValueError(f"The logit of option {i + 1} is not a number.")
        if value == math.inf:
            raise ValueError(f"The logit of option {i + 1} is plus infinity: nothing could compete with it.")
        if abs(value) > LARGEST:
            raise ValueError(f"The logit of option {i + 1} is too large to compute with (beyond 1e100).")
    if np.all(values == -math.inf):
        raise ValueError("Every option is masked (logit minus infinity), so there is nothing to choose from.")
    return values


def check_scores(perturbed: ArrayLike) -> Reals:
    """Return perturbed scores (K, N) or (K,) as float64; minus infinity masks, but not a whole column."""
    scores = np.asarray(perturbed, dtype=np.float64)
    if scores.ndim not in (1, 2):
        raise ValueError(f"Scores are an array of options by draws, not of shape {scores.shape}.")
    if scores.shape[0] == 0:
        raise ValueError("There are no options: give at least one score per draw.")
    if np.isnan(scores).any():
        raise ValueError("A perturbed score is not a number.")
    largest = scores.max(axis=0)
    if np.any(largest == math.inf):
        raise ValueError("A perturbed score is plus infinity: the noise must be finite.")
    if np.any(largest == -math.inf):
        raise ValueError("Every option of a draw is masked, so there is nothing to choose from.")
    return scores


def check_temperature(temperature: float) -> float:
    """Return a temperature from 0 (hard) to infinity (uniform), both included."""
    tau = float(temperature)
    if math.isnan(tau):
        raise ValueError("The temperature is not a number.")
    if tau < 0:
        raise ValueError(f"The temperature cannot be negative (it is {tau:g}).")
    return tau


def check_scale(scale: float) -> float:
    """Return a noise scale, above zero and finite."""
    beta = float(scale)
    if not 0 < beta < math.inf:
        raise ValueError(f"The noise scale must be a finite number above zero (it is {beta:g}).")
    if not 1 / LARGEST <= beta <= LARGEST:
        raise ValueError("The noise scale is too extreme to compute with (beyond 1e-100 or 1e100).")
    return beta
