"""Is a frame fit to be drawn? What a fault makes is stopped here, before it reaches a picture."""

from __future__ import annotations

import numpy as np

from gumbelviz.model.frame import Frame


def check_frame(frame: Frame, options: int) -> Frame:
    """Return `frame`, or raise.

    Parameters
    ----------
    frame
        What a simulation made.
    options
        How many options its settings have, K.

    Raises
    ------
    ValueError
        Where an array has another shape than its options ask for, or holds what is not a finite number. Noisy scores
        may be minus infinity, which is a masked option; what is not known may be None.
    """
    draw, theory = frame.draw, frame.theory
    for what, array in (
        ("wins", frame.wins), ("mean soft choice", frame.soft_mean),
        ("variance of the soft choice", frame.soft_variance),
        ("noise", draw.noise), ("quantiles", draw.quantile), ("densities", draw.density),
        ("noisy scores", draw.perturbed), ("soft choice", draw.soft), ("probabilities", theory.probabilities),
        ("bands", theory.frequency_band), ("exact soft mean", theory.soft_mean),
    ):  # fmt: skip
        if array is None:
            continue
        if array.shape != (options,):
            raise ValueError(f"the {what} have the shape {array.shape} for {options:,} options")
        least = float(array.sum())
        if not np.isfinite(least) and not (what == "noisy scores" and least < 0.0 and array.max() < np.inf):
            raise ValueError(f"the {what} are not all numbers")
    watched = len(frame.watched)
    for what, rows in (
        ("histograms of the noise", frame.noise_histograms.counts),
        ("histograms of the soft choice", frame.soft_histograms.counts),
        ("shares of exactly 0 and 1", frame.soft_exact),
    ):
        if rows.shape[0] != watched:
            raise ValueError(f"the {what} have {rows.shape[0]:,} rows for {watched:,} options")
    if not 0 <= draw.winner < options:
        raise ValueError(f"option {draw.winner + 1:,} has won, of {options:,}")
    return frame
