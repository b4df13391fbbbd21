"""The law of a single share y_i: its distribution function and density.

y_i <= y exactly if D = p_i - V <= tau log(y / (1 - y)), with p_i = z_i + G_i the option's own score and V =
tau logsumexp_(j != i)(p_j / tau) the score of all others together. With two options V is one score and D is
logistic. With more, both laws are known by their characteristic functions:

    E exp(itG) = Gamma(1 - it),    E exp(itV) = E exp(itX) / Gamma(1 - i tau t),    X = max_(j != i) (p_j +
    tau G'_j),

since V + tau G'' has the law of X (max-stability; Gumbel 1954). The distribution function of X is a product
of those of W_j = z_j + G + tau G', whose characteristic functions are again Gammas. Dividing by Gamma(1 - i
tau t), of size exp(-pi tau t / 2), would amplify rounding; so X is looked at on the line x + i pi tau / 2,
where its transform is larger by that very factor. Everything between is Fourier sums on one grid, which
converge exponentially.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gumbelviz.maths import special
from gumbelviz.maths.gumbel import EULER_GAMMA
from gumbelviz.maths.refusals import check_logits, check_scale, check_temperature

Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]

MOST_OPTIONS = 100
HIGHEST_TEMPERATURE = 100.0  # in units of the noise scale; the grid grows with it

_STEP = 0.16  # of the grid of scores: frequencies up to pi / step = 19.6, where exp(-pi t / 2) is 4e-14
_CROWDED = 0.7  # over the root of the number of options: a finer step for many of them, see `_Crowd`
_TAIL = 40.0  # exp(-40) is nothing
_HIGHEST_PITCH = 14.0  # frequencies of D: Gamma(1 - 14i) times that of V is below 1e-13
_PERIOD = 100.0  # of the Fourier sum for D: two tails and some room
_NEVER = 1e-13


def marginal_cdf(y: ArrayLike, i: int, logits: ArrayLike, temperature: float, scale: float = 1.0) -> Reals:
    """Return P(y_i <= y), elementwise; the error is at most about 2e-11.

    About 1 ms for one of three options, 2 ms for one of twelve up to temperature 2, growing with it from there.

    Parameters
    ----------
    y : array
        Shares; below 0 the answer is 0, from 1 on it is 1.
    i : int
        The option, counted from 0.
    logits : (K,)
    temperature : float
        From 0 to 100 times the scale, or infinity.
    scale : float
        Scale of the noise.

    Raises
    ------
    ValueError
        Above 100 unmasked options or at higher finite temperatures (simulate instead), if there is no
        option i, if y is NaN, or for logits, temperature or scale without meaning.
    """
    shares = np.asarray(y, dtype=np.float64)
    if np.isnan(shares).any():
        raise ValueError("A share is not a number.")
    own, others, tau = _split(i, logits, temperature, scale)
    if own == -math.inf:
        chance = np.where(shares >= 0, 1.0, 0.0)
    elif others.size == 0:
        chance = np.where(shares >= 1, 1.0, 0.0)
    elif tau == math.inf:
        chance = np.where(shares >= 1 / (others.size + 1), 1.0, 0.0)
    elif tau == 0:
        loss = special.expit(special.logsumexp(others) - own)
        chance = np.where(shares >= 1, 1.0, np.where(shares >= 0, loss, 0.0))
    else:
        inside = (shares > 0) & (shares < 1)
        lead = _Lead.between(own, others, tau)
        chance = np.where(shares >= 1, 1.0, 0.0)
        chance[inside] = lead.cdf(tau * special.logit(shares[inside]))
    answer: Reals = chance[()]
    return answer


def marginal_pdf(y: ArrayLike, i: int, logits: ArrayLike, temperature: float, scale: float = 1.0) -> Reals:
    """Return the density of y_i at 0 < y < 1, elementwise; the error is at most about 1e-11 tau / (y (1 -
    y)).

    Parameters and errors as `marginal_cdf`; besides, ValueError for a y not strictly between 0 and 1 (there
    the density tends to infinity, a constant or 0), and where y_i has no density: temperatures 0 and
    infinity, a masked option, a single option.
    """
    shares = np.asarray(y, dtype=np.float64)
    if not np.all((shares > 0) & (shares < 1)):
        raise ValueError("The density of a share is asked for strictly between 0 and 1.")
    own, others, tau = _split(i, logits, temperature, scale)
    if own == -math.inf or others.size == 0 or tau in (0, math.inf):
        raise ValueError("This share takes single values only: it has no density.")
    lead = _Lead.between(own, others, tau)
    density: Reals = lead.pdf(tau * special.logit(shares)) * tau / (shares * (1 - shares))
    return density


def largest_sf(share: float, logits: ArrayLike, temperature: float, scale: float = 1.0) -> float:
    """Return P(max y > share) for a share of at least 1/2.

    No two shares exceed one half together, so this is the sum over i of P(y_i > share). The laws of all
    options are found on one grid: about 2 ms for three options, 4 ms for twelve, 30 ms for a hundred. The
    error is that of `marginal_cdf` times the number of options.

    Raises
    ------
    ValueError
        For a share below 1/2 or not below 1; otherwise as `marginal_cdf`.
    """
    if not 0.5 <= share < 1.0:
        raise ValueError("The law of the largest share is known here from one half to below one.")
    z, beta = check_logits(logits), check_scale(scale)
    tau = check_temperature(temperature) / beta
    z = (z[z > -math.inf] - z.max()) / beta
    if z.size > MOST_OPTIONS:
        raise ValueError(f"Laws of shares are computed for up to {MOST_OPTIONS} options; beyond, simulate them.")
    if z.size == 1 or tau == 0:
        return 1.0
    lead = tau * float(special.logit(share))
    if tau == math.inf or _odds_of_a_lead(z, lead) < _NEVER:
        return 0.0
    if tau > HIGHEST_TEMPERATURE and z.size > 2:
        raise ValueError("The law of a share is computed up to temperature 100; beyond, simulate it.")
    if z.size == 2:
        return float(special.expit(z[0] - z[1] - lead) + special.expit(z[1] - z[0] - lead))
    crowd = _Crowd(z, tau)
    leads = (_Lead.over(own, *crowd.score(slope)) for own, slope in zip(z, crowd.slopes_without_each(), strict=True))
    return float(min(sum(1.0 - lead_of_one.cdf(np.asarray(lead)) for lead_of_one in leads), 1.0))


def _odds_of_a_lead(z: Reals, lead: float) -> float:
    """Return more than the chance that some option leads every other alone, let alone all together, by `lead`."""
    best = z.max()
    rival = np.full(z.size, best)
    rival[np.argmax(z)] = np.partition(z, -2)[-2]
    return float(special.expit(z - rival - lead).sum())


def _split(i: int, logits: ArrayLike, temperature: float, scale: float) -> tuple[float, Reals, float]:
    """Return the own logit, those of the unmasked others and the temperature, in units of the noise scale."""
    z, beta = check_logits(logits), check_scale(scale)
    tau = check_temperature(temperature) / beta
    if not 0 <= i < z.size:
        raise ValueError(f"There is no option {i + 1} among {z.size}.")
    unmasked = z > -math.inf
    if np.count_nonzero(unmasked) > MOST_OPTIONS:
        raise ValueError(f"Laws of shares are computed for up to {MOST_OPTIONS} options; beyond, simulate them.")
    if HIGHEST_TEMPERATURE < tau < math.inf and np.count_nonzero(unmasked) > 2:
        raise ValueError("The law of a share is computed up to temperature 100; beyond, simulate it.")
    unmasked[i] = False
    return float(z[i]) / beta, z[unmasked] / beta, tau


@dataclass(frozen=True, slots=True)
class _Lead:
    """The law of D = p_i - V: a logistic around `centre`, and a Fourier sum for what it lacks."""

    centre: float
    frequencies: Reals  # (T,), evenly spaced from the first
    missing: Complexes  # (T,), E exp(it(D - centre)) less that of the logistic

    @classmethod
    def between(cls, own: float, others: Reals, tau: float) -> "_Lead":
        if others.size == 1:
            return cls(own - float(others[0]), np.zeros(0), np.zeros(0, np.complex128))
        top = float(others.max())
        crowd = _Crowd(others - top, tau)
        return cls.over(own - top, *crowd.score(crowd.slope()))

    @classmethod
    def over(cls, own: float, frequencies: Reals, rivals: Complexes, mean: float) -> "_Lead":
        """Return the lead over rivals of whose common score E exp(itV), (T,), and the mean are known."""
        centre = own + EULER_GAMMA - mean
        own_part = np.exp(special.loggamma(1 - 1j * frequencies) + 1j * frequencies * (own - centre))
        logistic = math.pi * frequencies / np.sinh(math.pi * frequencies)
        return cls(centre, frequencies, own_part * rivals.conj() - logistic)

    def cdf(self, lead: Reals) -> Reals:
        """Return P(D <= lead), lead (M,)."""
        x = lead - self.centre
        chance: Reals = special.expit(x) + self._sum(x, self.missing / (-1j * self.frequencies))
        return np.clip(chance, 0.0, 1.0)

    def pdf(self, lead: Reals) -> Reals:
        """Return the density of D, any shape."""
        x = lead - self.centre
        density: Reals = special.expit(x) * special.expit(-x) + self._sum(x, self.missing)
        return np.maximum(density, 0.0)

    def _sum(self, x: Reals, coefficients: Complexes) -> Reals:
        if self.frequencies.size == 0:
            return np.zeros(x.shape)
        spacing = self.frequencies[0]
        waves = np.exp(-1j * np.clip(x, -_TAIL, _TAIL)[..., np.newaxis] * self.frequencies)
        total: Reals = (waves @ coefficients).real * spacing / math.pi
        return np.where(abs(x) < _TAIL, total, 0.0)  # the sum is periodic, the law is not


class _Crowd:
    """Options in a race with tau times a second noise, seen on a line above the real axis.

    There the distribution function of the largest is the characteristic function of S = sum_j exp(p_j / tau) at
    u = exp(-x / tau). Its phase turns at a rate up to r before its size, exp(-0.82 r^2 / J) at high temperatures, has
    died out; what turns faster than 2 pi / step would come back as a slow wave.

    Parameters
    ----------
    z : (J,)
        Logits, largest 0, J >= 2.
    tau : float
    """

    def __init__(self, z: Reals, tau: float) -> None:
        widest = max(1.0, tau)
        self._z = np.maximum(z, -_TAIL * widest)  # lower ones do not count, nor do they here
        self._tau = tau
        self._step = step = min(_STEP, _CROWDED / math.sqrt(z.size))
        self._lowest = lowest = float(self._z.min()) - (1 + tau) * (4 + math.log1p(tau))
        self._size = size = _quick_size(max(_PERIOD, _TAIL * widest + 5 - lowest) / step)
        self._t = np.asarray(2 * math.pi * np.fft.fftfreq(size, step), dtype=np.float64)
        self._turned = math.pi * tau / 2  # the line is x + i turned
        self._audible = np.flatnonzero(self._t > -25 / (1 + 2 * tau))  # below, the transform there has died out
        s = self._t[self._audible]
        self._noises = np.exp(special.loggamma(1 - 1j * s) + special.loggamma(1 - 1j * tau * s) + self._turned * s)
        stride = int(size * step / _PERIOD)
        self._kept = np.flatnonzero((self._t > 0) & (self._t < _HIGHEST_PITCH))[stride - 1 :: stride]
        s = self._t[self._kept]
        self._turn_back = np.exp(1j * s * lowest - self._turned * s - special.loggamma(1 - 1j * tau * s))

    def _laws(self) -> Iterator[tuple[Complexes, Complexes]]:
        """Yield distribution function and density, (M,), of each option."""
        s = self._t[self._audible]
        for logit in self._z:
            transform = np.zeros(self._size, np.complex128)
            transform[self._audible] = self._noises * np.exp(1j * s * (logit - self._lowest))
            yield _on_the_line(transform, self._t, self._step)

    def slope(self) -> Complexes:
        """Return the density of the largest, (M,): the derivative of the product of all distribution functions."""
        product, slope = np.ones(self._size, np.complex128), np.zeros(self._size, np.complex128)
        for chance, density in self._laws():
            slope = slope * chance + product * density
            product *= chance
        return slope

    def slopes_without_each(self) -> Iterator[Complexes]:
        """Yield the density of the largest of all but one, (M,), for each option to leave out.

        From the products of those before and of those after it: a division would fail where a chance is 0.
        """
        laws = list(self._laws())
        after = [(np.ones(self._size, np.complex128), np.zeros(self._size, np.complex128))]
        for chance, density in laws[:0:-1]:
            product, slope = after[-1]
            after.append((product * chance, slope * chance + product * density))
        product, slope = after[0]
        for chance, density in laws:
            later, later_slope = after.pop()
            yield slope * later + product * later_slope
            product, slope = product * chance, slope * chance + product * density

    def score(self, slope: Complexes) -> tuple[Reals, Complexes, float]:
        """Return frequencies t > 0, (T,), and E exp(itV), (T,), and E[V] of the common score V of a crowd."""
        x = self._lowest + self._step * np.arange(self._size)
        mean = self._step * float((x * slope.real).sum()) - self._tau * EULER_GAMMA
        waves = self._step * self._size * np.fft.ifft(slope)[self._kept] * self._turn_back
        return self._t[self._kept], waves, mean


def _quick_size(least: float) -> int:
    """Return a length of at least this for which Fourier sums are quick: a small number times a power of two."""
    power = 1 << max(math.ceil(math.log2(least)) - 4, 0)
    return next(small * power for small in (8, 9, 10, 12, 15, 16) if small * power >= least)


def _on_the_line(transform: Complexes, t: Reals, step: float) -> tuple[Complexes, Complexes]:
    """Return distribution function and density on the grid; the transform is seen from its first point."""
    size = transform.size
    density = np.fft.fft(transform) / (size * step)
    rising = np.divide(transform, -1j * t, out=np.zeros_like(transform), where=t != 0)
    waves = np.fft.fft(rising) / (size * step)
    return np.arange(size) / size + waves - waves[0], density
