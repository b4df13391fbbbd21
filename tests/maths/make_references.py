"""Reference numbers of 30 digits for the maths room, made with mpmath: where `references.json` comes from.

    python -m tests.maths.make_references

writes the file again (some minutes). Arguments are float64 numbers, stored as such; results are strings of 30 digits,
computed with 50. Every formula is written down as in its source, and where the program uses a clever one, another
is used here:

* noise: Gumbel 1954; the functions of (x - mu) / beta as they stand.
* soft choices: exp and sum, in 50 digits (and more where exp(1e6) must be told from exp(1e6 + 1)).
* log density: Maddison, Mnih and Teh 2017, definition 1.
* means of two options: y = sigmoid((gap + L) / tau), one integral over the logistic L.
* means of more options: E[y_i] = P(argmax_j X_j = i) with X_j = z_j + G_j + tau G'_j (Gumbel 1954), by the
  trapezoidal rule in fixed-point arithmetic of 170 bits. The program mixes over the smaller of the two noises, here it
  is over the larger; the expected entropy is taken as a derivative of E[max_j X_j], not as a mean of noise.
  For three options the mean was besides compared with a double integral over the differences of the scores.
* law of a share: with E_j = exp(-p_j), exponential of rate w_j = exp(z_j), and ratios r_j to the last of the others,
  P(y_i <= y) = Gamma(K - 1) prod_(j != i) w_j  integral of  (sum_j w_j r_j + w_i ((1 - y) / y)^tau
  (sum_j r_j^(-1/tau))^(-tau))^-(K-1) dr: one integral for three options, with 30 digits; three for five options, in
  double precision, 13 digits.
"""

from __future__ import annotations

import itertools
import json
import operator
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
from mpmath import mp, mpf

FILE = Path(__file__).with_name("references.json")
DIGITS = 30
WORKING = 50

Row = dict[str, Any]


def write(value: Any) -> str:
    text: str = mpmath.nstr(value, DIGITS, min_fixed=0, max_fixed=0)
    return text


# ------------------------------------------------------------------------------------------------ noise

PLACES = [(0.0, 1.0), (0.5772156649015329, 3.7), (-120.0, 0.03), (1000.0, 25.0), (2.5, 0.001), (-1.5, 40.0)]
STEPS = [-10, -8, -6.6, -6.5, -5, -3.3, -2, -1, -0.5, -0.01, 0, 0.01, 0.3665, 0.5772, 1, 2, 3.7, 6, 10, 20, 36.7]
STEPS += [37, 50, 99.9, 200, 350, 500, 650, 690, 699.5, 700]


def gumbel_row(x: float, loc: float, scale: float) -> Row:
    z = (mpf(x) - mpf(loc)) / mpf(scale)
    hazard = mp.exp(-z)
    return {
        "x": x,
        "loc": loc,
        "scale": scale,
        "pdf": write(mp.exp(-z - hazard) / mpf(scale)),
        "logpdf": write(-z - hazard - mp.log(mpf(scale))),
        "cdf": write(mp.exp(-hazard)),
        "logcdf": write(-hazard),
        "sf": write(-mp.expm1(-hazard)),
    }


def make_gumbel() -> Iterator[Row]:
    for loc, scale in PLACES:
        for step in STEPS:
            yield gumbel_row(loc + scale * step, loc, scale)


CHANCES = [5e-324, 1e-300, 1e-100, 1e-16, 1e-8, 0.001, 0.0499, 0.25, 0.36, 0.367879441, 0.36787944117144233, 0.37, 0.5]
CHANCES += [0.561, 0.632, 0.6321205588285577, 0.64, 0.75, 0.9, 0.999, 1 - 1e-8, 1 - 1e-12, 1 - 2**-53]


def quantile_row(q: float, loc: float, scale: float) -> Row:
    below, above = -mp.log(-mp.log(mpf(q))), -mp.log(-mp.log1p(-mpf(q)))
    ppf, isf = mpf(loc) + mpf(scale) * below, mpf(loc) + mpf(scale) * above
    return {"q": q, "loc": loc, "scale": scale, "ppf": write(ppf), "isf": write(isf)}


def make_quantiles() -> Iterator[Row]:
    for loc, scale in PLACES:
        for q in CHANCES:
            yield quantile_row(q, loc, scale)


# ----------------------------------------------------------------------------------------- soft choices


def soft_row(scores: list[float], tau: float) -> Row:
    with mp.workdps(WORKING + 500):
        exponents = [mpf(s) / mpf(tau) for s in scores]
        top = max(exponents)
        total = sum(mp.exp(e - top) for e in exponents)
        # log1p of what the winner leaves: log y of the winner may be far below the working precision
        others = sum(mp.exp(e - top) for i, e in enumerate(exponents) if i != exponents.index(top))
        logs = [(e - top) - mp.log1p(others) for e in exponents]
        shares = [mp.exp(e - top) / total for e in exponents]
    return {"scores": scores, "tau": tau, "log_y": [write(v) for v in logs], "y": [write(v) for v in shares]}


def make_soft() -> Iterator[Row]:
    rng = np.random.default_rng(2026)
    for tau in (0.001, 0.01, 0.1, 0.5, 1.0, 3.0, 30.0, 1000.0):
        for spread in (1.0, 30.0, 1000.0):
            for options in (2, 3, 5):
                logits = rng.uniform(-spread, spread, options)
                if spread == 1000.0:
                    logits[:2] = 1000.0, -1000.0
                # what `perturb` makes of them, in double precision: the scores are the argument
                yield soft_row((logits - logits.max() + rng.gumbel(size=options)).tolist(), tau)


# ------------------------------------------------------------------------------------------ log density


def density_row(log_y: list[float], logits: list[float], tau: float) -> Row:
    options, t = len(logits), mpf(tau)
    logs = [mpf(v) for v in log_y]
    steps = [mpf(z) - t * v for z, v in zip(logits, logs, strict=True)]
    top = max(steps)
    total = top + mp.log(sum(mp.exp(s - top) for s in steps))
    value = mp.loggamma(options) + (options - 1) * mp.log(t) + sum(steps) - sum(logs) - options * total
    return {"log_y": log_y, "logits": logits, "tau": tau, "log_density": write(value)}


def make_log_density() -> Iterator[Row]:
    rng = np.random.default_rng(2027)
    for options in (2, 3, 5):
        for tau in (0.01, 0.1, 1 / (options - 1), 0.5, 1.0, 3.0, 10.0):
            for smallest in (0.05, 1e-3, 1e-16, 1e-100, 1e-300):
                for scale in (0.5, 5.0):
                    y = rng.dirichlet(np.ones(options))
                    y[rng.integers(options)] = smallest
                    log_y = np.log(y)
                    log_y -= np.log(np.exp(log_y - log_y.max()).sum()) + log_y.max()
                    yield density_row(log_y.tolist(), (scale * rng.normal(size=options)).tolist(), tau)


# ------------------------------------------------------------------------------------------------ means


def two_means_row(gap: float, tau: float) -> Row:
    """Integrals over the logistic law, by the trapezoidal rule with a step that its poles allow."""
    t, g = mpf(tau), mpf(gap)
    step = mp.pi * min(t, 1) * 2 * mp.pi / (mp.log(10) * (DIGITS + 4))
    reach = int(mp.ceil((80 + abs(g)) / step))
    first = second = entropy = mpf(0)
    for k in range(-reach, reach + 1):
        l = k * step  # noqa: E741 - the name in the formula
        weight = step / (4 * mp.cosh(l / 2) ** 2)
        lead = (g + l) / t
        small = mp.exp(-abs(lead))
        low = small / (1 + small)
        y = low if lead < 0 else 1 / (1 + small)
        first += weight * y
        second += weight * y * y
        entropy += weight * (mp.log1p(small) + abs(lead) * low)
    return {
        "gap": gap,
        "tau": tau,
        "mean": write(first),
        "variance": write(second - first**2),
        "entropy": write(entropy),
    }


def make_two_means() -> Iterator[Row]:
    for gap in (0.0, 0.5, -3.0, 12.0):
        for tau in (0.01, 0.1, 0.5, 1.0, 2.0, 10.0, 100.0):
            yield two_means_row(gap, tau)


BITS = 170
ONE = 1 << BITS
STEPS_PER_UNIT = 8  # of the outer rule: its error is exp(-8 pi^2) = 5e-35


def _fixed(value: Any) -> int:
    return int(mp.floor(mp.ldexp(value, BITS)))


class Mixture:
    """F and f of W = G + tau U at the multiples of 1/8, tau <= 1, mixed over G: the larger noise.

    F(w) = integral of g(u) exp(-exp(-(w - u) / tau)) du with step 1 / (8 m), m about 1 / tau, so that everything is a
    table in steps of 1 / (8 m), and F a sum of products of whole numbers of 170 bits.
    """

    LOW, HIGH = -12 * STEPS_PER_UNIT, 100 * STEPS_PER_UNIT

    def __init__(self, tau: Any) -> None:
        fine = max(1, int(mp.ceil(1 / mpf(tau))))
        per_unit = STEPS_PER_UNIT * fine
        first, last = -5 * per_unit, 85 * per_unit
        noise = [mpf(k) / per_unit for k in range(first, last)]
        weights = [_fixed(mp.exp(-u - mp.exp(-u)) / per_unit) for u in noise]
        start = self.LOW * fine - last + 1
        stop = (self.HIGH - 1) * fine - first + 1
        below, slope = [], []
        for k in range(start, stop):
            v = mpf(k) / (per_unit * mpf(tau))
            hazard = mp.exp(-v) if v > -6 else mpf(1000)
            chance = mp.exp(-hazard)
            below.append(_fixed(chance))
            slope.append(_fixed(hazard * chance / mpf(tau)))
        weights.reverse()  # the largest noise meets the smallest v
        self._chance, self._density = [], []
        for n in range(self.LOW, self.HIGH):
            at = n * fine - last + 1 - start
            part = slice(at, at + len(weights))
            self._chance.append(sum(map(operator.mul, weights, below[part])) >> BITS)
            self._density.append(sum(map(operator.mul, weights, slope[part])) >> BITS)

    def chance(self, n: int) -> int:
        return 0 if n < self.LOW else self._chance[n - self.LOW] if n < self.HIGH else ONE

    def density(self, n: int) -> int:
        return self._density[n - self.LOW] if self.LOW <= n < self.HIGH else 0


mixture = cache(Mixture)


def _product(numbers: list[int]) -> int:
    result = ONE
    for number in numbers:
        result = result * number >> BITS
    return result


def _largest(law: Mixture, places: list[int]) -> Any:
    """Return E[max_j (places_j / 8 + W_j)]: the highest place less the integral of P(max <= x)."""
    low, high = min(places) + Mixture.LOW, max(places) + 95 * STEPS_PER_UNIT
    inside = sum(_product([law.chance(n - p) for p in places]) for n in range(low, high)) + ONE // 2
    return (mpf(high) - mp.ldexp(mpf(inside), -BITS)) / STEPS_PER_UNIT


def means_row(places: list[int], tau: float, chosen: list[int]) -> Row:
    """Means of options whose logits are `places` / 8, times tau above temperature 1; variances of the chosen ones."""
    t = mpf(tau)
    spread, unit = min(t, 1 / t), max(t, mpf(1))
    law, options = mixture(spread), len(places)
    grid = range(min(places) + Mixture.LOW, max(places) + Mixture.HIGH)
    first = [0] * options
    mixed = {i: [0] * options for i in chosen}
    for n in grid:
        chances, densities = [law.chance(n - p) for p in places], [law.density(n - p) for p in places]
        for i in range(options):
            others = chances[:i] + chances[i + 1 :]
            if i not in mixed:
                first[i] += densities[i] * _product(others) >> BITS
                continue
            ahead = list(itertools.accumulate(others, lambda a, b: a * b >> BITS, initial=ONE))
            behind = list(itertools.accumulate(reversed(others), lambda a, b: a * b >> BITS, initial=ONE))[::-1]
            first[i] += densities[i] * ahead[-1] >> BITS
            for k, j in enumerate([*range(i), *range(i + 1, options)]):
                rest = ahead[k] * behind[k + 1] >> BITS
                mixed[i][j] += (densities[i] * densities[j] >> BITS) * rest >> BITS
    means = [mp.ldexp(mpf(v), -BITS) / STEPS_PER_UNIT for v in first]
    variances = []
    for i in chosen:
        products = [min(t, mpf(1)) * mp.ldexp(mpf(v), -BITS) / STEPS_PER_UNIT for v in mixed[i]]
        variances.append(means[i] - sum(products) - means[i] ** 2)

    # E[max X] is homogeneous of degree 1 in (logits, scale of G, tau); above temperature 1 the noises change places
    nudge = mpf(10) ** -12
    along = (_largest(mixture(spread + nudge), places) - _largest(mixture(spread - nudge), places)) / (2 * nudge)
    if tau > 1:
        scores = sum(m * p for m, p in zip(means, places, strict=True)) / STEPS_PER_UNIT
        along = _largest(law, places) - scores - spread * along
    return {
        "logits": [float(unit * p / STEPS_PER_UNIT) for p in places],
        "tau": tau,
        "places": places,
        "chosen": chosen,
        "mean": [write(m) for m in means],
        "variance": [write(v) for v in variances],
        "entropy": mpmath.nstr(along - mp.euler, 20),
    }


def make_means() -> Iterator[Row]:
    hundred = np.random.default_rng(2028).integers(-24, 17, 100).tolist()
    for tau in (0.01, 0.125, 0.5, 1.0, 2.0, 10.0, 100.0):
        yield means_row([8, 0, -7], tau, [0, 1, 2])
        yield means_row([12, 8, 8, 3, 0, -2, -5, -16, -40, -90], tau, [0, 3, 8])
        yield means_row(hundred, tau, [0, 57])


def double_integral(logits: list[float], tau: float, digits: int = 24) -> list[Any]:
    """Return E[y] of three options from the density of the differences u = p_2 - p_1, v = p_3 - p_1:

    2 w_1 w_2 w_3 exp(u + v) / (w_1 exp(u + v) + w_2 exp(v) + w_3 exp(u))^3 with w = exp(z).
    """
    t = mpf(tau)
    w = [mp.exp(mpf(z)) for z in logits]
    step = 2 * mp.pi**2 * min(t, 1) / (mp.log(10) * digits)
    reach = int((digits * mp.log(10) + 5) / step)
    places = [mp.exp(k * step) for k in range(-reach, reach + 1)]
    cooled = [mp.exp(k * step / t) for k in range(-reach, reach + 1)]
    total = [mpf(0)] * 3
    for a, soft_a in zip(places, cooled, strict=True):
        for b, soft_b in zip(places, cooled, strict=True):
            weight = (a * b) ** 2 / (w[0] * a * b + w[1] * b + w[2] * a) ** 3 / (1 + soft_a + soft_b)
            total[0] += weight
            total[1] += weight * soft_a
            total[2] += weight * soft_b
    return [2 * w[0] * w[1] * w[2] * step**2 * v for v in total]


# --------------------------------------------------------------------------------------- laws of a share

SHARES = [1e-12, 0.001, 0.05, 0.25, 1 / 3, 0.5, 0.7, 0.95, 0.999]


def two_laws_row(y: float, gap: float, tau: float) -> Row:
    t, share = mpf(tau), mpf(y)
    lead = t * mp.log(share / (1 - share)) - mpf(gap)
    below, above = 1 / (1 + mp.exp(-lead)), 1 / (1 + mp.exp(lead))
    pdf = below * above * t / (share * (1 - share))
    return {"y": y, "gap": gap, "tau": tau, "cdf": write(below), "pdf": write(pdf)}


def make_two_laws() -> Iterator[Row]:
    for gap in (0.0, 0.7, -4.0):
        for tau in (0.05, 0.5, 1.0, 10.0):
            for y in SHARES:
                yield two_laws_row(y, gap, tau)


def three_laws_row(y: float, logits: list[float], tau: float) -> Row:
    t, share = mpf(tau), mpf(y)
    own, second, third = (mp.exp(mpf(z)) for z in logits)
    against = own * ((1 - share) / share) ** t
    step = 2 * mp.pi * mp.pi / 2 * min(t, 1) / (mp.log(10) * (DIGITS + 4))
    reach = int((78 + max(abs(z) for z in logits)) / step)
    cdf = slope = mpf(0)
    for k in range(-reach, reach + 1):
        r = mp.exp(k * step)
        rival = against * (1 + r ** (-1 / t)) ** -t
        total = second * r + third + rival
        cdf += r / total**2
        slope += 2 * rival * r / total**3
    pdf = second * third * step * slope * t / (share * (1 - share))
    return {"y": y, "logits": logits, "tau": tau, "cdf": write(second * third * step * cdf), "pdf": write(pdf)}


def make_three_laws() -> Iterator[Row]:
    for logits in ([1.0, 0.0, -1.0], [-2.0, 1.5, 1.0]):
        for tau in (0.05, 0.3, 1.0, 4.0, 50.0):
            for y in SHARES:
                yield three_laws_row(y, logits, tau)


def five_laws_row(y: float, logits: list[float], tau: float, step: float = 0.25) -> Row:
    """Return the law of the first of five shares, by a triple sum in double precision."""
    w = np.exp(np.array(logits))
    logs = np.arange(-36.0, 36.0, step * min(tau, 1.0))
    r = np.exp(logs)
    cooled = np.exp(-logs / tau)
    against = w[0] * ((1 - y) / y) ** tau
    cdf = slope = 0.0
    for a, soft_a in zip(r, cooled, strict=True):
        rival = against * (1 + soft_a + cooled[:, np.newaxis] + cooled) ** -tau
        total = w[1] * a + w[2] * r[:, np.newaxis] + w[3] * r + w[4] + rival
        # r_1 r_2 r_3 / total^4, as four factors below 1 / w: none of them may overflow
        part = (a / total) * (r[:, np.newaxis] / total) * (r / total) / total
        cdf += float(part.sum())
        slope += float((part * 4 * rival / total).sum())
    front = 6 * float(np.prod(w[1:])) * (step * min(tau, 1.0)) ** 3
    pdf = front * slope * tau / (y * (1 - y))
    return {"y": y, "logits": logits, "tau": tau, "cdf": f"{front * cdf:.13e}", "pdf": f"{pdf:.13e}"}


def make_five_laws() -> Iterator[Row]:
    for tau in (0.6, 1.0, 3.0, 20.0):
        for y in (0.01, 0.1, 0.2, 0.5, 0.9):
            yield five_laws_row(y, [0.5, 1.0, 0.0, -0.4, 0.2], tau)


MAKERS: dict[str, Callable[[], Iterator[Row]]] = {
    "gumbel": make_gumbel,
    "quantiles": make_quantiles,
    "soft": make_soft,
    "log_density": make_log_density,
    "two_means": make_two_means,
    "means": make_means,
    "two_laws": make_two_laws,
    "three_laws": make_three_laws,
    "five_laws": make_five_laws,
}


def main() -> None:
    mp.dps = WORKING
    tables: dict[str, Any] = {
        "source": "tests/maths/make_references.py; formulas and sources are there",
        "made_with": f"mpmath {mpmath.__version__}, {WORKING} digits, {DIGITS} kept",
    }
    for name, make in MAKERS.items():
        tables[name] = list(make())
        print(name, len(tables[name]), file=sys.stderr, flush=True)
    for row in tables["means"]:
        if len(row["logits"]) == 3 and row["tau"] == 1.0:
            for one, other in zip(row["mean"], double_integral(row["logits"], row["tau"]), strict=True):
                assert abs(mpf(one) - other) < mpf(10) ** -20, (one, other)
    lines = (f'"{k}": {json.dumps(v)}' if isinstance(v, str) else _listed(k, v) for k, v in tables.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _listed(name: str, rows: list[Row]) -> str:
    return f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]"


if __name__ == "__main__":
    main()
