"""What a run adds up to, as CSV, JSON or NPZ."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from gumbelviz import __version__
from gumbelviz.app.numbers_file import exact_number, safe_text
from gumbelviz.app.report import dump, tally_content

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gumbelviz.model.frame import Frame
    from gumbelviz.model.settings import Settings

HEAD = ("option", "name", "logit", "probability", "wins", "frequency", "two_standard_errors", "soft_mean",
        "exact_soft_mean", "soft_variance")  # fmt: skip


def write_tallies(settings: Settings, frame: Frame, kind: str) -> bytes:
    """Return the bytes of a file of that kind, ``"csv"``, ``"json"`` or ``"npz"``.

    CSV (RFC 4180) has a line for each option; JSON the keys of `simulate --json` and the histograms of the watched
    options; NPZ the same as arrays, without pickles. Every number comes back exactly.
    """
    return {"csv": _csv, "json": _json, "npz": _npz}[kind](settings, frame)


def _csv(settings: Settings, frame: Frame) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEAD)
    draws = max(frame.draws, 1)
    theory = frame.theory
    exact = np.full(len(frame.wins), np.nan) if theory.soft_mean is None else theory.soft_mean
    columns = zip(
        settings.names, settings.logits, theory.probabilities.tolist(), frame.wins.tolist(),
        (theory.frequency_band / np.sqrt(draws)).tolist(), frame.soft_mean.tolist(), exact.tolist(),
        frame.soft_variance.tolist(), strict=True,
    )  # fmt: skip
    for place, (name, logit, chance, wins, band, mean, known, variance) in enumerate(columns):
        numbers = map(exact_number, (wins / draws, band, mean, known, variance))
        writer.writerow([place, safe_text(name), exact_number(logit), exact_number(chance), wins, *numbers])
    return buffer.getvalue().encode()


def _json(settings: Settings, frame: Frame) -> bytes:
    content = tally_content(settings, frame)
    content["histograms"] = {name: array.tolist() for name, array in _histograms(frame).items()}
    return dump(content, len(settings.options)).encode()


def _npz(settings: Settings, frame: Frame) -> bytes:
    draws = max(frame.draws, 1)
    exact = frame.theory.soft_mean
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        version=np.array(__version__),
        seed=np.array(settings.seed),
        draws=np.array(frame.draws),
        **setting_arrays(settings),
        probabilities=frame.theory.probabilities,
        wins=frame.wins,
        frequencies=frame.wins / draws,
        soft_mean=frame.soft_mean,
        soft_variance=frame.soft_variance,
        exact_soft_mean=np.full(len(frame.wins), np.nan) if exact is None else exact,
        noise_mean=np.array(frame.noise_mean),
        noise_variance=np.array(frame.noise_variance),
        **_histograms(frame),
    )
    return buffer.getvalue()


def setting_arrays(settings: Settings) -> dict[str, NDArray[np.generic]]:
    """Return what was drawn from, as arrays under the keys of the report."""
    return {
        "labels": np.array(settings.names),
        "logits": settings.scores,
        "temperature": np.array(settings.temperature),
        "location": np.array(settings.location),
        "scale": np.array(settings.scale),
    }


def _histograms(frame: Frame) -> dict[str, NDArray[np.generic]]:
    """Return counts and edges; noise is that of location 0 and scale 1."""
    found: dict[str, NDArray[np.generic]] = {
        "watched": frame.watched,
        "noise_edges": frame.noise_histograms.edges,
        "noise_counts": frame.noise_histograms.counts,
        "soft_edges": frame.soft_histograms.edges,
        "soft_counts": frame.soft_histograms.counts,
        "soft_exactly_0_and_1": frame.soft_exact,
    }
    if frame.grid is not None:
        found["soft_grid"] = frame.grid
    return found
