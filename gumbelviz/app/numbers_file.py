"""The numbers of a training as a CSV file: one line for each recorded step of each estimator."""

from __future__ import annotations

import csv
import io
import math

from gumbelviz.model.learning_report import LearningReport
from gumbelviz.model.settings import Settings

_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet could take for the beginning of a formula."""
HEAD = ("step", "temperature", "estimator", "loss_lower_quartile", "loss_median", "loss_upper_quartile")
ACCURACY = ("accuracy_lower_quartile", "accuracy_median", "accuracy_upper_quartile")


def write_training(settings: Settings, report: LearningReport) -> bytes:
    """Return the bytes of a CSV file (RFC 4180) with every recorded step.

    Numbers have a decimal point and come back exactly; one that is not known is left empty. Text that a spreadsheet
    could take for a formula gets a leading apostrophe.

    Raises
    ------
    ValueError
        Where nothing is recorded.
    """
    if report.refused or not len(report.at):
        raise ValueError(report.refused or "Nothing has been trained yet, so there are no numbers to save.")
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    accuracy = () if report.accuracy is None else ACCURACY
    shares = [safe_text(f"probability {name}") for name in _columns(settings, report)]
    writer.writerow([*HEAD, *accuracy, "least_possible_loss", "signal_to_noise", *shares])
    for place, step in enumerate(report.at.tolist()):
        for e, estimator in enumerate(report.estimators):
            scores = report.loss[e, place].tolist()
            if report.accuracy is not None:
                scores += report.accuracy[e, place].tolist()
            numbers = [*scores, report.best, float(report.signal_to_noise[e, place]), *report.river[e, place].tolist()]
            tau = float(report.taus[place])
            writer.writerow([step, exact_number(tau), safe_text(estimator), *map(exact_number, numbers)])
    return buffer.getvalue().encode()


def safe_text(text: str) -> str:
    """Return text as no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text


def exact_number(value: float) -> str:
    """Return a number with a decimal point that comes back exactly; what is not known is empty."""
    if math.isnan(value):
        return ""
    return repr(float(value)) if math.isfinite(value) else ("inf" if value > 0 else "-inf")


def _columns(settings: Settings, report: LearningReport) -> list[str]:
    if report.task == "bit":
        return ["b = 1", "b = 0"]
    if report.task == "router":
        return [f"expert {i + 1}" for i in range(report.river.shape[2])]
    names = [settings.options[i].name for i in report.shown]
    return names if len(names) == report.river.shape[2] else [*names, "all others"]
