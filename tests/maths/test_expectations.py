"""Exact means against 30-digit references, a brute-force sum over the noise, and a slow second formula."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gumbelviz.maths import concrete
from gumbelviz.maths.expectations import MOST_OPTIONS, expectations

Reals = NDArray[np.float64]
INF = math.inf
TOLERANCE = 1e-10

# K = 2, logits (gap, 0): y_1 = sigmoid((gap + L) / tau), L logistic. Columns: tau, gap, E[y_1], variance of
# y_1, E[entropy]. mpmath 1.4.1, mp.dps = 30, with s = lambda u: 1 / (1 + mp.exp(-u)):
#   mp.quad(lambda l: h(s((gap + l) / tau)) * s(l) * s(-l), points), h(y) = y, y**2, -y ln y - (1-y) ln(1-y),
# points: -100, -30, -10, -3, 0, ... 100 and the same steps in units of min(tau, 1) around -gap.
TWO_OPTIONS = [
    (0.01, 0.5, 0.622449865471968677, 0.232656151798710218, 0.00773058237697781863),
    (0.01, -3, 0.0474325999265429961, 0.0447309276249393519, 0.00148650202092778047),
    (0.1, 0.5, 0.621531675803363355, 0.211885669560508834, 0.0765986758637690088),
    (0.1, -3, 0.0481019788349885912, 0.0412164527198158732, 0.0151113073427911527),
    (0.5, 0.5, 0.605803174841841244, 0.135952111948517661, 0.324464878038392567),
    (0.5, -3, 0.0652997507619893677, 0.0325922286301493874, 0.0994550408154474553),
    (1, 0.5, 0.582645038020416402, 0.0806085098300215151, 0.489712261129095471),
    (1, -3, 0.113027320014923338, 0.0277762311120560975, 0.248134524759268935),
    (2, 0.5, 0.553461066588563109, 0.0348069258587275058, 0.611785716220221013),
    (2, -3, 0.214097420202268533, 0.0196978016091637943, 0.463123744858286623),
    (10, 0.5, 0.512396939669778464, 0.00200836973123413705, 0.688798568924532648),
    (10, -3, 0.426143374834087917, 0.00192637898711112769, 0.678239992019559597),
    (100, 0.5, 0.501249894611982336, 0.000020556685926769429, 0.693102940089085254),
    (100, -3, 0.492501178972733302, 0.0000205476989741633039, 0.692993604704223695),
]


def noise_grid(step: float = 0.25) -> tuple[Reals, Reals]:
    noise = np.arange(-4.0, 40.0, step)
    return noise, step * np.exp(-noise - np.exp(-noise))


def by_brute_force(logits: Reals, tau: float) -> tuple[Reals, Reals, float]:
    """Return E[y], E[y y'] and E[entropy] of three options by summing over all three noises."""
    noise, weight = noise_grid()
    rest = np.stack(np.meshgrid(noise, noise, indexing="ij")).reshape(2, -1)
    rest_weight = np.outer(weight, weight).ravel()
    first, second, entropy = np.zeros(3), np.zeros((3, 3)), 0.0
    for g, w in zip(noise, weight, strict=True):
        scores = np.concatenate([np.full((1, rest_weight.size), g), rest]) + logits[:, np.newaxis]
        exponents = (scores - scores.max(axis=0)) / tau
        y = np.exp(exponents)
        total = y.sum(axis=0)
        y /= total
        first += w * (y @ rest_weight)
        second += w * ((y * rest_weight) @ y.T)
        entropy += w * float(((np.log(total) - (y * exponents).sum(axis=0)) * rest_weight).sum())
    return first, second, entropy


def by_the_other_noise(logits: Reals, tau: float) -> tuple[Reals, Reals]:
    """Return E[y] and E[y y'] for tau < 1 with G + tau G' mixed over G instead of G', on finer grids."""
    noise, weight = noise_grid(tau / 8)
    x = np.arange(-10.0, 60.0, 0.125)
    chance, density = np.empty((logits.size, x.size)), np.empty((logits.size, x.size))
    for j, logit in enumerate(logits):
        u = np.maximum((x[:, np.newaxis] - logit - noise) / tau, -8.0)
        rate = np.exp(-u)
        chance[j] = np.exp(-rate) @ weight
        density[j] = (rate * np.exp(-rate)) @ weight / tau
    first, second = np.zeros(logits.size), np.zeros((logits.size, logits.size))
    for i in range(logits.size):
        others = np.prod(np.delete(chance, i, axis=0), axis=0)
        first[i] = 0.125 * density[i] @ others
        for j in range(i):
            others = np.prod(np.delete(chance, [i, j], axis=0), axis=0)
            second[i, j] = second[j, i] = 0.125 * tau * (density[i] * density[j]) @ others
    np.fill_diagonal(second, first - second.sum(axis=0))
    return first, second


@pytest.mark.parametrize(("tau", "gap", "mean", "variance", "entropy"), TWO_OPTIONS)
def test_two_options(tau: float, gap: float, mean: float, variance: float, entropy: float) -> None:
    found = expectations([gap, 0], tau)
    # a hundred times tighter than promised: it is met
    np.testing.assert_allclose(found.mean, [mean, 1 - mean], atol=1e-12)
    np.testing.assert_allclose(found.variance, [variance, variance], atol=1e-12)
    np.testing.assert_allclose(found.covariance[0, 1], -variance, atol=1e-12)
    assert found.entropy == pytest.approx(entropy, abs=1e-12)


def test_the_mean_is_not_the_chance_of_winning() -> None:
    # mathematics.md, rule 7
    assert concrete.probabilities([3.0, 2.5])[0] == pytest.approx(0.622459, abs=5e-7)
    assert concrete.mean([3.0, 2.5], 1)[0] == pytest.approx(0.582645, abs=5e-7)
    assert concrete.mean([3.0, 2.5], 0.5)[0] == pytest.approx(0.605803, abs=5e-7)


@pytest.mark.parametrize("tau", [0.7, 1.0, 3.0])
def test_three_options_by_brute_force(tau: float) -> None:
    logits = np.array([1.0, 0.2, -0.9])
    found = expectations(logits, tau)
    first, second, entropy = by_brute_force(logits, tau)
    np.testing.assert_allclose(found.mean, first, atol=TOLERANCE)
    np.testing.assert_allclose(found.covariance, second - np.outer(first, first), atol=TOLERANCE)
    assert found.entropy == pytest.approx(entropy, abs=TOLERANCE)


@pytest.mark.parametrize("tau", [0.03, 0.2, 0.9])
def test_ten_options_by_the_slow_formula(tau: float) -> None:
    logits = np.array([2.0, 1.5, 1.5, 0.3, 0.0, -0.4, -1.0, -5.0, -20.0, -300.0])
    found = expectations(logits, tau)
    first, second = by_the_other_noise(logits, tau)
    np.testing.assert_allclose(found.mean, first, atol=TOLERANCE)
    np.testing.assert_allclose(found.covariance, second - np.outer(first, first), atol=TOLERANCE)


@pytest.mark.parametrize("logits", [[1.0, 0.5, 0.0, -2.0], [0.0] * 10, [5.0, -5.0, 4.0]])
@pytest.mark.parametrize("tau", [0.05, 0.5, 0.99, 1.01, 4.0, 60.0])
def test_derivatives_join_mean_covariance_and_entropy(logits: list[float], tau: float) -> None:
    # dE[y_i] / dz_j = (delta_ij E[y_i] - E[y_i y_j]) / tau; with S(z, tau) = tau E[logsumexp(p / tau)],
    # dS/dz_i = E[y_i] and dS/dtau = E[entropy], so dE[entropy] / dz_i = dE[y_i] / dtau
    found, step = expectations(logits, tau), 1e-3 * min(tau, 1)
    nudge = step * np.eye(len(logits))[0]

    def slope(plus: Any, minus: Any, twice: Any, minus_twice: Any) -> Any:
        return (8 * (plus - minus) - (twice - minus_twice)) / (12 * step)

    means = [concrete.mean(logits + k * nudge, tau) for k in (1, -1, 2, -2)]
    products = found.covariance + np.outer(found.mean, found.mean)
    expected = (np.eye(len(logits))[0] * found.mean[0] - products[0]) / tau
    np.testing.assert_allclose(slope(*means), expected, atol=1e-9)
    entropies = [concrete.expected_entropy(logits + k * nudge, tau) for k in (1, -1, 2, -2)]
    along_tau = [concrete.mean(logits, tau + k * step)[0] for k in (1, -1, 2, -2)]
    assert slope(*entropies) == pytest.approx(slope(*along_tau), abs=1e-8)


@pytest.mark.parametrize("options", [2, 3, 30, MOST_OPTIONS])
@pytest.mark.parametrize("tau", [0.01, 0.3, 1.0, 7.0, 100.0])
def test_equal_options_share_equally(options: int, tau: float) -> None:
    found = expectations(np.full(options, 3.3), tau)
    np.testing.assert_allclose(found.mean, 1 / options, atol=1e-13)
    # exchangeable shares that sum to 1: Cov(y_i, y_j) = -Var / (K - 1)
    off = found.covariance[~np.eye(options, dtype=bool)]
    np.testing.assert_allclose(off, -found.variance[0] / (options - 1), atol=1e-13)
    assert 0 < found.entropy < math.log(options)


def test_a_hundred_options_against_draws() -> None:
    # n = 40 000; 201 scores, each allowed 5 standard errors: alpha = 1.2e-4; sees 2.5 % of a deviation
    logits, tau, count = np.linspace(-3, 3, 100), 0.6, 40_000
    found = expectations(logits, tau)
    noise = np.random.default_rng(8).gumbel(size=(100, count))
    y = concrete.relax(concrete.perturb(logits, noise), tau)
    entropy = -np.sum(y * concrete.log_relax(concrete.perturb(logits, noise), tau), axis=0)
    assert np.all(abs(y.mean(axis=1) - found.mean) < 5 * y.std(axis=1) / math.sqrt(count))
    squares = (y - found.mean[:, np.newaxis]) ** 2
    assert np.all(abs(squares.mean(axis=1) - found.variance) < 5 * squares.std(axis=1) / math.sqrt(count))
    assert abs(entropy.mean() - found.entropy) < 5 * entropy.std() / math.sqrt(count)


def test_the_exact_ends() -> None:
    logits = [1.0, -INF, 0.0, 0.5]
    chances = concrete.probabilities(logits)
    cold, hot = expectations(logits, 0), expectations(logits, INF)
    np.testing.assert_allclose(cold.mean, chances, rtol=1e-14)
    np.testing.assert_allclose(cold.covariance, np.diag(chances) - np.outer(chances, chances), atol=1e-15)
    assert cold.entropy == 0
    np.testing.assert_array_equal(hot.mean, [1 / 3, 0, 1 / 3, 1 / 3])
    np.testing.assert_array_equal(hot.covariance, np.zeros((4, 4)))
    assert hot.entropy == math.log(3)
    for near, end in ((expectations(logits, 1e-7), cold), (expectations(logits, 1e7), hot)):
        np.testing.assert_allclose(near.mean, end.mean, atol=1e-6)
        np.testing.assert_allclose(near.covariance, end.covariance, atol=1e-6)
        assert near.entropy == pytest.approx(end.entropy, abs=1e-6)


def test_masked_and_hopeless_options() -> None:
    full, reduced = expectations([1.0, -INF, 0.0], 0.7), expectations([1.0, 0.0], 0.7)
    np.testing.assert_array_equal(full.mean[[0, 2]], reduced.mean)
    assert (full.mean[1], full.variance[1], full.entropy) == (0, 0, reduced.entropy)
    np.testing.assert_allclose(concrete.mean([1000.0, 0.0, -1000.0], 0.01), [1, 0, 0], atol=1e-14)
    np.testing.assert_allclose(concrete.mean([1000.0, 0.0, -1000.0], 10), [1, 0, 0], atol=1e-13)
    assert np.all(concrete.variance([1000.0, 0.0, -1000.0], 1) >= 0)
    alone = expectations([5.0], 0.3)
    assert (alone.mean[0], alone.variance[0], alone.entropy) == (1, 0, 0)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(st.floats(-20, 20), min_size=3, max_size=8),
    st.floats(0.01, 100),
    st.floats(0.1, 10),
    st.randoms(),
)
def test_laws(logits: list[float], tau: float, scale: float, random: Any) -> None:
    found = expectations(logits, tau, scale)
    assert found.mean.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(found.covariance.sum(axis=1), 0, atol=1e-12)
    shifted = expectations(np.add(logits, 7.0), tau, scale)
    np.testing.assert_allclose(shifted.mean, found.mean, atol=1e-12)
    standard = expectations(np.divide(logits, scale), tau / scale)
    np.testing.assert_allclose(standard.mean, found.mean, atol=1e-12)
    assert standard.entropy == pytest.approx(found.entropy, abs=1e-11)
    order = list(range(len(logits)))
    random.shuffle(order)
    permuted = expectations(np.take(logits, order), tau, scale)
    np.testing.assert_allclose(permuted.variance, found.variance[order], atol=1e-12)
    # a soft choice is less extreme than the chances, and more so the higher the temperature
    assert found.entropy <= math.log(len(logits)) + 1e-12
    assert found.mean.max() <= concrete.probabilities(logits, scale).max() + 1e-12


def test_a_subset_renormalised_is_concrete_again() -> None:
    # n = 200 000, three means, 4.5 standard errors: alpha = 2e-5; sees 1 % of a standard deviation
    logits, tau, count = np.array([0.7, 0.0, -0.5, 1.2]), 0.8, 200_000
    y = concrete.relax(concrete.perturb(logits, np.random.default_rng(9).gumbel(size=(4, count))), tau)
    three = y[:3] / y[:3].sum(axis=0)
    exact = expectations(logits[:3], tau)
    assert np.all(abs(three.mean(axis=1) - exact.mean) < 4.5 * np.sqrt(exact.variance / count))


def test_too_many_options_are_refused_but_masked_ones_do_not_count() -> None:
    with pytest.raises(ValueError, match="up to 100 options"):
        expectations(np.zeros(101), 1)
    crowd = np.full(500, -INF)
    crowd[:3] = [1, 2, 3]
    np.testing.assert_array_equal(concrete.mean(crowd, 1)[:3], concrete.mean([1, 2, 3], 1))


def test_results_are_read_by_name_and_frozen() -> None:
    found = expectations([0.0, 1.0], 1)
    with pytest.raises(AttributeError):
        found.entropy = 3.0  # type: ignore[misc]
    np.testing.assert_array_equal(concrete.covariance([0.0, 1.0], 1), found.covariance)
