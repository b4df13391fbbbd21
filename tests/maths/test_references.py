"""Every function of the maths room against references of 30 digits: `references.json`, made by make_references.py.

The tolerances are those of the project: relative error 1e-13 for the noise, the soft choice, its logarithm and its log
density; 1e-10 for means, variances, entropies and laws of shares. Some rows of each table are made again here, so that
the file cannot drift from the script.

    python -m tests.maths.test_references

prints the worst error of each function.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf, workdps

from gumbelviz.maths import concrete, gumbel
from gumbelviz.maths.expectations import expectations
from gumbelviz.maths.marginals import marginal_cdf, marginal_pdf
from tests.maths import make_references as made

SMALLEST_NORMAL = 2.3e-308  # below, float64 has fewer digits
RELATIVE = 1e-13
ABSOLUTE = 1e-10

Errors = Iterator[tuple[str, float, float]]  # function, error, tolerance


@cache
def references() -> dict[str, Any]:
    tables: dict[str, Any] = json.loads(made.FILE.read_text(encoding="utf-8"))
    return tables


def relative(value: Any, text: str) -> float:
    """Return the relative error; of results below all normal float64, whether they are as near 0 as they should be."""
    exact, found = mpf(text), mpf(float(value))
    if abs(exact) < SMALLEST_NORMAL:
        return 0.0 if abs(found) <= 2 * SMALLEST_NORMAL else 1.0
    return float(abs((found - exact) / exact))


def absolute(value: Any, text: str) -> float:
    return float(abs(mpf(float(value)) - mpf(text)))


def noise_errors() -> Errors:
    for row in references()["gumbel"]:
        for name in ("pdf", "logpdf", "cdf", "logcdf", "sf"):
            value = getattr(gumbel, name)(row["x"], row["loc"], row["scale"])
            yield f"gumbel.{name}", relative(value, row[name]), RELATIVE
    for row in references()["quantiles"]:
        for name in ("ppf", "isf"):
            value = getattr(gumbel, name)(row["q"], row["loc"], row["scale"])
            yield f"gumbel.{name}", relative(value, row[name]), RELATIVE


def soft_errors() -> Errors:
    for row in references()["soft"]:
        scores = np.array(row["scores"])
        for name, key in (("relax", "y"), ("log_relax", "log_y")):
            for value, text in zip(getattr(concrete, name)(scores, row["tau"]), row[key], strict=True):
                yield f"concrete.{name}", relative(value, text), RELATIVE


def density_errors() -> Errors:
    for row in references()["log_density"]:
        value = concrete.log_density(row["log_y"], row["logits"], row["tau"])
        yield "concrete.log_density", relative(value, row["log_density"]), RELATIVE


def mean_errors() -> Errors:
    for row in references()["two_means"]:
        found = expectations([row["gap"], 0.0], row["tau"])
        yield "concrete.mean, K = 2", absolute(found.mean[0], row["mean"]), ABSOLUTE
        yield "concrete.variance, K = 2", absolute(found.variance[0], row["variance"]), ABSOLUTE
        yield "concrete.expected_entropy, K = 2", absolute(found.entropy, row["entropy"]), ABSOLUTE
    for row in references()["means"]:
        found, options = expectations(row["logits"], row["tau"]), len(row["logits"])
        for value, text in zip(found.mean, row["mean"], strict=True):
            yield f"concrete.mean, K = {options}", absolute(value, text), ABSOLUTE
        for i, text in zip(row["chosen"], row["variance"], strict=True):
            yield f"concrete.variance, K = {options}", absolute(found.variance[i], text), ABSOLUTE
        yield f"concrete.expected_entropy, K = {options}", absolute(found.entropy, row["entropy"]), ABSOLUTE


def law_errors() -> Errors:
    """The density is allowed what a wrong distribution function would do to it: the slope of y in log odds."""
    for table, options in (("two_laws", 2), ("three_laws", 3), ("five_laws", 5)):
        for row in references()[table]:
            logits = row.get("logits") or [row["gap"], 0.0]
            y, tau = row["y"], row["tau"]
            yield f"marginal_cdf, K = {options}", absolute(marginal_cdf(y, 0, logits, tau), row["cdf"]), ABSOLUTE
            slope = y * (1 - y) / tau
            error = absolute(slope * marginal_pdf(y, 0, logits, tau), str(slope * mpf(row["pdf"])))
            yield f"marginal_pdf y (1 - y) / tau, K = {options}", error, ABSOLUTE


PARTS = {
    "noise": noise_errors,
    "soft choice": soft_errors,
    "log density": density_errors,
    "means": mean_errors,
    "laws of a share": law_errors,
}


@pytest.mark.parametrize("part", PARTS)
def test_the_references_are_met(part: str) -> None:
    with workdps(40):
        errors = list(PARTS[part]())
    assert len(errors) > 100
    missed = [(name, error) for name, error, tolerance in errors if not error <= tolerance]
    assert missed == []


def test_the_references_reach_as_far_as_the_project_asks() -> None:
    """Tails from mu - 10 beta to mu + 700 beta, shares down to 1e-300, temperatures and logits to both ends."""
    tables = references()
    z = [(row["x"] - row["loc"]) / row["scale"] for row in tables["gumbel"]]
    assert (round(min(z)), round(max(z))) == (-10, 700)
    assert len({(row["loc"], row["scale"]) for row in tables["gumbel"]}) >= 5
    assert min(min(row["log_y"]) for row in tables["log_density"]) < np.log(1.1e-300)
    assert {len(row["logits"]) for row in tables["log_density"]} == {2, 3, 5}
    for name, ends in (("log_density", (0.01, 10)), ("soft", (0.001, 1000)), ("means", (0.01, 100))):
        taus = [row["tau"] for row in tables[name]]
        assert (min(taus), max(taus)) == ends
    assert {len(row["logits"]) for row in tables["means"]} == {3, 10, 100}
    assert max(max(row["scores"]) - min(row["scores"]) for row in tables["soft"]) > 1990
    assert len(tables["gumbel"][0]["pdf"].split("e")[0]) >= 30


REMADE: dict[str, tuple[Callable[..., made.Row], tuple[str, ...], int]] = {
    "gumbel": (made.gumbel_row, ("x", "loc", "scale"), 17),
    "quantiles": (made.quantile_row, ("q", "loc", "scale"), 17),
    "soft": (made.soft_row, ("scores", "tau"), 11),
    "log_density": (made.density_row, ("log_y", "logits", "tau"), 19),
    "two_means": (made.two_means_row, ("gap", "tau"), 14),
    "means": (made.means_row, ("places", "tau", "chosen"), 12),
    "two_laws": (made.two_laws_row, ("y", "gap", "tau"), 17),
    "three_laws": (made.three_laws_row, ("y", "logits", "tau"), 40),
    "five_laws": (made.five_laws_row, ("y", "logits", "tau"), 17),
}


@pytest.mark.parametrize("table", REMADE)
def test_some_rows_are_made_again(table: str) -> None:
    """The file says what the script makes: some rows of each table, digit for digit but for the last ones."""
    make, arguments, stride = REMADE[table]
    rows = references()[table][stride - 3 :: stride]
    assert rows
    with workdps(made.WORKING):
        for row in rows:
            again = make(*(row[key] for key in arguments))
            assert again.keys() == row.keys()
            for key in row.keys() - set(arguments) - {"logits"}:
                for one, other in zip(np.ravel(again[key]), np.ravel(row[key]), strict=True):
                    digits = 11 if table == "five_laws" else 18 if key == "entropy" else 26
                    assert abs(mpf(str(one)) - mpf(str(other))) <= abs(mpf(str(other))) * mpf(10) ** -digits


def test_plainer_formulas_miss_them() -> None:
    """What the references are for: 1 - cdf, a quotient rounded once, a softmax that forms y before its logarithm."""
    survival, density, shares = [], [], []
    with workdps(40), np.errstate(all="ignore"):
        for row in references()["gumbel"]:
            z = (row["x"] - row["loc"]) / row["scale"]
            survival.append(relative(1 - gumbel.cdf(row["x"], row["loc"], row["scale"]), row["sf"]))
            density.append(relative(np.exp(-z - np.exp(-z)) / row["scale"], row["pdf"]))
        for row in references()["soft"]:
            weights = np.exp(np.array(row["scores"]) / row["tau"])
            values = np.nan_to_num(np.log(weights / weights.sum()), neginf=-1e308)
            shares += [relative(value, text) for value, text in zip(values, row["log_y"], strict=True)]
    for errors in (survival, density, shares):
        assert max(errors) > RELATIVE


@pytest.mark.parametrize(("loc", "scale"), made.PLACES[1:])
def test_a_quantile_that_cancels_against_the_location_is_right_to_the_location(loc: float, scale: float) -> None:
    """Where loc + scale z is near 0 no relative digits can be left; the error stays below 1e-15 of the location."""
    around = float(gumbel.cdf(0.0, loc, scale))
    shares = [q for q in around + np.linspace(-1e-3, 1e-3, 41) if 0 < q < 1]
    with workdps(40):
        for q in shares:
            row = made.quantile_row(float(q), loc, scale)
            for name in ("ppf", "isf"):
                value = getattr(gumbel, name)(float(q), loc, scale)
                assert absolute(value, row[name]) <= 1e-15 * max(abs(loc), abs(value))


def test_a_wrong_digit_would_be_seen() -> None:
    """The measure itself: an error of 2e-13 of the value is seen, and a flushed result is no error."""
    assert relative(1.0 + 2e-13, "1.0") > RELATIVE
    assert relative(1.0 + 2**-52, "1.0") < RELATIVE
    assert relative(0.0, "1e-320") == 0.0
    assert relative(0.0, "1e-300") == 1.0
    assert relative(1e-300, "1e-320") == 1.0


def worst() -> dict[str, float]:
    found: dict[str, float] = {}
    with workdps(40):
        for part in PARTS.values():
            for name, error, _ in part():
                found[name] = max(found.get(name, 0.0), error)
    return found


if __name__ == "__main__":
    mp.dps = 40
    for name, error in worst().items():
        print(f"{name:50} {error:.1e}")
