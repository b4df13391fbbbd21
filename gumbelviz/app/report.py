"""What `simulate` prints: a table for people, or JSON that scripts rest on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from gumbelviz import __version__
from gumbelviz.model.numbers import write_count, write_number, write_rate, write_short
from gumbelviz.model.settings import Settings

if TYPE_CHECKING:
    from gumbelviz.model.frame import Draw, Frame

MOST_ROWS = 40
"""Options in the table for people; with more of them the most probable ones are shown."""
ROWS_OF_MANY = 20
WIDEST_NAME = 32
DRAWN_OPTIONS = 8
"""Options whose numbers are listed draw by draw in the report for people."""


@dataclass(frozen=True)
class Report:
    """One finished simulation: what was asked, what came out, and how long it took."""

    title: str
    settings: Settings
    frame: Frame
    shown: Sequence[Draw]
    seconds: float

    @property
    def rate(self) -> float:
        """Draws per second."""
        return self.frame.draws / max(self.seconds, 1e-9)


def report_as_json(report: Report) -> str:
    """Return the report as JSON. Keys stay as they are: users' scripts rest on them.

    A masked logit is null, an infinite number the string "inf" or "-inf", and what is not a number null.
    """
    content = {
        **tally_content(report.settings, report.frame),
        "seconds": number_to_json(report.seconds),
        "draws_per_second": number_to_json(report.rate),
        "first_draws": [
            {
                "noise": numbers_to_json(draw.noise.tolist()),
                "perturbed": masked_to_json(draw.perturbed.tolist()),
                "winner": draw.winner,
                "soft": numbers_to_json(draw.soft.tolist()),
            }
            for draw in report.shown
        ],
    }
    return dump(content, len(report.settings.options))


def dump(content: dict[str, object], options: int) -> str:
    """Return `content` as JSON, for people to read where there are few options."""
    return json.dumps(content, indent=2 if options <= MOST_ROWS else None, allow_nan=False) + "\n"


def setting_content(settings: Settings) -> dict[str, object]:
    """Return what was drawn from, under the keys of the report."""
    return {
        "labels": [option.name for option in settings.options],
        "logits": masked_to_json(settings.logits),
        "temperature": number_to_json(settings.temperature),
        "noise": {
            "kind": "gumbel",
            "location": number_to_json(settings.location),
            "scale": number_to_json(settings.scale),
        },
    }


def tally_content(settings: Settings, frame: Frame) -> dict[str, object]:
    """Return what a run adds up to, under the keys of the report."""
    exact = frame.theory.soft_mean
    draws = max(frame.draws, 1)
    return {
        "version": __version__,
        "seed": settings.seed,
        "draws": frame.draws,
        **setting_content(settings),
        "probabilities": numbers_to_json(frame.theory.probabilities.tolist()),
        "wins": [int(count) for count in frame.wins],
        "frequencies": [int(count) / draws for count in frame.wins],
        "soft_mean": numbers_to_json(frame.soft_mean.tolist()),
        "soft_variance": numbers_to_json(frame.soft_variance.tolist()),
        "exact_soft_mean": None if exact is None else numbers_to_json(exact.tolist()),
        "noise_mean": number_to_json(frame.noise_mean),
        "noise_variance": number_to_json(frame.noise_variance),
        "agreement": {
            "chi_square": number_to_json(frame.agreement.chi_square),
            "p_value": number_to_json(frame.agreement.p_value),
            "largest_difference": number_to_json(frame.agreement.largest_difference),
        },
    }


def report_as_text(report: Report) -> str:
    """Return the report as lines for people."""
    frame, settings = report.frame, report.settings
    location, scale = write_short(settings.location), write_short(settings.scale)
    lines = [
        f"{report.title}: {write_count(frame.draws)} draws, seed {settings.seed}, "
        f"temperature {write_short(settings.temperature)}, "
        f"Gumbel noise with location {location} and scale {scale}",
        "",
        *table_of(_option_rows(report)),
        "",
        _agreement(frame),
        f"{report.seconds:.2f} s, {write_rate(report.rate).replace('/s', ' draws per second')}",
    ]
    if report.shown:
        lines += ["", *_draw_lines(report)]
    return "\n".join(lines) + "\n"


def _option_rows(report: Report) -> Iterable[tuple[str, ...]]:
    frame, settings = report.frame, report.settings
    yield "option", "score", "probability", "won", "frequency", "mean soft choice"
    count = len(settings.options)
    chosen = list(range(count))
    if count > MOST_ROWS:
        probabilities = frame.theory.probabilities
        chosen = sorted(range(count), key=lambda i: -float(probabilities[i]))[:ROWS_OF_MANY]
    for i in chosen:
        option = settings.options[i]
        yield (
            option.name,
            "masked" if option.logit == -math.inf else write_short(option.logit),
            f"{frame.theory.probabilities[i]:.6f}",
            write_count(int(frame.wins[i])),
            f"{int(frame.wins[i]) / frame.draws:.6f}",
            f"{frame.soft_mean[i]:.6f}",
        )
    if count > len(chosen):
        won = frame.draws - sum(int(frame.wins[i]) for i in chosen)
        yield (
            f"{write_count(count - len(chosen))} others",
            "",
            "",
            write_count(won),
            f"{won / frame.draws:.6f}",
            "",
        )


def _agreement(frame: Frame) -> str:
    agreement = frame.agreement
    figures = f"largest difference of a frequency from its probability {agreement.largest_difference:.6f}"
    if math.isfinite(agreement.p_value):
        figures += f", chi-square {agreement.chi_square:.2f}, p {write_number(agreement.p_value, 3)}"
    words = {"agrees": "agrees with theory", "disagrees": "disagrees with theory"}
    verdict = words.get(agreement.verdict, agreement.verdict).capitalize()
    if agreement.disagreeing:
        verdict += f" in {', '.join(agreement.disagreeing)}"
    return f"{verdict}: {figures}"


def _draw_lines(report: Report) -> list[str]:
    rows = [
        (
            str(draw.index),
            report.settings.options[draw.winner].name,
            _several(draw.noise.tolist(), 2),
            _several(draw.perturbed.tolist(), 2),
            _several(draw.soft.tolist(), 3),
        )
        for draw in report.shown
    ]
    return table_of([("draw", "winner", "noise", "noisy scores", "soft choice"), *rows], left=5)


def _several(values: list[float], decimals: int) -> str:
    words = ["masked" if value == -math.inf else write_number(value, decimals) for value in values[:DRAWN_OPTIONS]]
    return "  ".join(words) + ("  …" if len(values) > DRAWN_OPTIONS else "")


def table_of(rows: Iterable[tuple[str, ...]], left: int = 1) -> list[str]:
    """Return `rows` as lines with aligned columns, the first `left` of them to the left."""
    cut = [tuple(_cut(cell) if i < 2 else cell for i, cell in enumerate(row)) for row in rows]
    widths = [max(_width(row[i]) for row in cut) for i in range(len(cut[0]))]
    lines = []
    for row in cut:
        cells = []
        for i, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - _width(cell))
            cells.append(cell + space if i < left else space + cell)
        lines.append("  ".join(cells).rstrip())
    return lines


def _cut(name: str) -> str:
    return name if len(name) <= WIDEST_NAME else name[: WIDEST_NAME - 1] + "…"


def _width(text: str) -> int:
    """How many columns of a terminal `text` takes: Chinese, Japanese and Korean signs take two."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def number_to_json(value: float) -> float | str | None:
    """Return a number as JSON can hold it: infinity as a word, and null for what is not a number."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(value)


def numbers_to_json(values: Iterable[float]) -> list[float | str | None]:
    """Return a list of such numbers."""
    return [number_to_json(value) for value in values]


def masked_to_json(values: Iterable[float]) -> list[float | str | None]:
    """Return a list of scores, null where one is masked."""
    return [None if value == -math.inf else number_to_json(value) for value in values]
