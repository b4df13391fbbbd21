"""What `gradients` prints: a table for people, or JSON that scripts rest on."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from gumbelviz import __version__
from gumbelviz.app.arguments import GradientsOrder
from gumbelviz.app.report import MOST_ROWS, number_to_json, numbers_to_json, table_of
from gumbelviz.engine.gradient_stream import CONDITIONAL, GradientStream
from gumbelviz.maths.gradient_moments import Moments, exact_moments
from gumbelviz.maths.gradients import ESTIMATORS, EstimatorId, exact
from gumbelviz.maths.objectives import Bit, Linear, Objective, Quadratic, corner_values, make_objective
from gumbelviz.model.numbers import write_count, write_rate, write_short, write_signed
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings

Floats = NDArray[np.float64]
MOST_OPTIONS = 20_000
"""With more options a table of every estimator would be longer than anybody needs."""
_NOTHING = 1e-12
COMPONENTS = 8
"""Components for people; with more options those of the largest exact gradient."""


@dataclass(frozen=True)
class GradientsReport:
    """One finished run: what was asked, what is exact, what came out, and how long it took."""

    scene: Scene
    objective: Objective
    exact: Floats
    known: dict[EstimatorId, Moments]
    stream: GradientStream
    seconds: float


def check_order(order: GradientsOrder) -> None:
    """Raise `ValueError` with a sentence where the objective and its numbers do not belong together."""
    if order.values is not None and order.targets is not None:
        raise ValueError("Give --values for a linear objective or --targets for a quadratic one, not both.")
    if order.values is not None and order.objective not in (None, "linear"):
        raise ValueError(f"--values belong to the linear objective; the {order.objective} one has none.")
    if order.targets is not None and order.objective in ("linear", "cubic"):
        raise ValueError(f"--targets belong to the quadratic objective; the {order.objective} one has none.")


def objective_of(order: GradientsOrder, settings: Settings) -> Objective:
    """Return the objective that is asked for: by name, by its numbers, or by the scene.

    Raises
    ------
    ValueError
        With a sentence, where its numbers do not fit the options, or there are too many options.
    """
    options, chosen = len(settings.options), settings.pages.gradients
    if options > MOST_OPTIONS:
        raise ValueError(f"Gradients are reported for up to {MOST_OPTIONS:,} options, not {options:,}.")
    kind = order.objective
    if kind is None:
        kind = "linear" if order.values is not None else "quadratic" if order.targets is not None else chosen.objective
    values = order.values if order.values is not None else chosen.values_for(options)
    targets = order.targets if order.targets is not None else chosen.targets_for(options)
    if kind == "bit":
        if order.targets is not None and len(order.targets) != 1:
            raise ValueError(f"The bit has one target, not {len(order.targets)}.")
        targets = order.targets if order.targets is not None else (chosen.bit_target,)
    return make_objective(kind, options, values, targets)  # type: ignore[arg-type]


def report_gradients(scene: Scene, objective: Objective, draws: int, as_json: bool) -> int:
    """Draw, and print the report; return the exit code."""
    settings = scene.settings
    scale, options = settings.scale, len(settings.options)
    logits, tau = settings.scores / scale, settings.temperature / scale
    stream = GradientStream(settings.logits, settings.temperature, scale, objective, settings.seed)
    start = perf_counter()
    stream.advance(draws)
    seconds = perf_counter() - start
    gradient = exact(logits, corner_values(objective, options)) / scale
    known = {key: _scaled(row, scale) for key, row in exact_moments(logits, tau, objective, CONDITIONAL).items()}
    report = GradientsReport(scene, objective, gradient, known, stream, seconds)
    sys.stdout.write(report_as_json(report) if as_json else report_as_text(report))
    return 0


def report_as_json(report: GradientsReport) -> str:
    """Return the report as JSON. Keys stay as they are: users' scripts rest on them.

    Lists have one number per option. What needs a second draw, or is not known exactly, is null.
    """
    settings, stream, objective = report.scene.settings, report.stream, report.objective
    content: dict[str, object] = {
        "version": __version__,
        "seed": settings.seed,
        "draws": stream.draws,
        "labels": list(settings.names),
        "logits": [None if z == -math.inf else z for z in settings.logits],
        "temperature": number_to_json(settings.temperature),
        "scale": settings.scale,
        "objective": objective.id,
        "values": objective.values.tolist() if isinstance(objective, Linear) else None,
        "targets": _targets(objective),
        "conditional_draws": CONDITIONAL,
        "exact": numbers_to_json(report.exact.tolist()),
    }
    for row in ESTIMATORS:
        variance = stream.variance(row.id)
        moments = report.known[row.id]
        content[row.id] = {
            "mean": numbers_to_json(stream.mean(row.id).tolist()),
            "variance": numbers_to_json(variance.tolist()),
            "standard_error": numbers_to_json(np.sqrt(variance / stream.draws).tolist()),
            "exact_mean": None if moments.mean is None else numbers_to_json(moments.mean.tolist()),
            "exact_variance": None if moments.variance is None else numbers_to_json(moments.variance.tolist()),
        }
    content["seconds"] = report.seconds
    content["draws_per_second"] = stream.draws / max(report.seconds, 1e-9)
    return json.dumps(content, indent=2 if len(settings.options) <= MOST_ROWS else None, allow_nan=False) + "\n"


def report_as_text(report: GradientsReport) -> str:
    """Return the report as lines for people: a table for each component."""
    settings, stream = report.scene.settings, report.stream
    lines = [
        f"{report.scene.title}: gradient of E f(choice) with respect to the scores, {_formula(report.objective)}",
        f"{write_count(stream.draws)} draws, seed {settings.seed}, temperature {write_short(settings.temperature)}",
    ]
    shown = list(range(len(settings.options)))
    if len(shown) > COMPONENTS:
        shown = sorted(shown, key=lambda k: -abs(float(report.exact[k])))[:COMPONENTS]
        lines.append(f"The {COMPONENTS} of {len(settings.options):,} options with the largest exact gradient:")
    for k in shown:
        lines += ["", f"{settings.options[k].name}: exact {write_signed(report.exact[k], 6)}"]
        lines += [f"  {line}" for line in table_of(_rows(report, k))]
    rate = write_rate(stream.draws / max(report.seconds, 1e-9)).replace("/s", " draws per second")
    lines += ["", f"{report.seconds:.2f} s, {rate}"]
    return "\n".join(lines) + "\n"


def _rows(report: GradientsReport, k: int) -> list[tuple[str, ...]]:
    head = ("estimator", "mean", "± error", "exact mean", "bias", "spread per draw", "exact spread")
    rows: list[tuple[str, ...]] = [head]
    for row in ESTIMATORS:
        mean = float(report.stream.mean(row.id)[k])
        variance = float(report.stream.variance(row.id)[k])
        moments = report.known[row.id]
        known = None if moments.mean is None else float(moments.mean[k])
        spread = None if moments.variance is None else math.sqrt(moments.variance[k])
        rows.append(
            (
                row.name,
                write_signed(mean, 6),
                _plain(math.sqrt(variance / report.stream.draws)),
                "–" if known is None else write_signed(known, 6),
                "0" if not row.biased else "–" if known is None else _bias(known - float(report.exact[k])),
                _plain(math.sqrt(variance)),
                "–" if spread is None else _plain(spread),
            )
        )
    return rows


def _bias(value: float) -> str:
    return "0" if abs(value) < _NOTHING else write_signed(value, 6)


def _plain(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.6f}"


def _formula(objective: Objective) -> str:
    if isinstance(objective, Linear):
        return f"f(y) = sum of c·y, c = {_listed(objective.values)}"
    if isinstance(objective, Quadratic):
        return f"f(y) = sum of (y − t)², t = {_listed(objective.targets)}"
    if isinstance(objective, Bit):
        return f"f(y) = (y of the first − {write_short(objective.target)})²"
    return "f(y) = cube of the first y"


def _listed(numbers: Floats) -> str:
    words = [write_short(float(number)) for number in numbers[:COMPONENTS]]
    return ", ".join(words) + (", …" if len(numbers) > COMPONENTS else "")


def _targets(objective: Objective) -> list[float] | None:
    if isinstance(objective, Quadratic):
        return [float(t) for t in objective.targets]
    return [objective.target] if isinstance(objective, Bit) else None


def _scaled(moments: Moments, scale: float) -> Moments:
    """Return moments with respect to the scores: those of `scale` times smaller gradients."""
    mean, variance = moments.mean, moments.variance
    return Moments(None if mean is None else mean / scale, None if variance is None else variance / scale**2)
