"""How sure a mean over steps is: 95 % intervals from step-to-step variation that respect its autocorrelation.

Steps are not independent: a runner drifts, settles and tires, so n steps hold less than n pieces of information and
the textbook s / sqrt(n) is too narrow. The error of a mean is governed by the slowest part of the variation; the few
slowest cosine components of the series measure exactly that, each one independently, without a model of the
autocorrelation (equal-weighted cosine estimator: Lazarus, Lewis, Stock and Watson 2018,
doi:10.1080/07350015.2018.1506926). An alternation between left and right is fast and so, rightly, costs nothing.

A few components can all happen to be small: of 14 pairs two are looked at, and once in a hundred times they promise a
tenth of the true error. So no interval is narrower than the textbook one over the means of neighbouring values (whose
alternation cancels), which takes the series for white and is the least that there can be.

In a minute of running even the slowest components are not slow enough: recordings keep a correlation of 0.1 to 0.4 over
ten steps. What lies below them is carried on by the shape that the recordings show, white scatter beside a slow part
(`Drift`): where a series has that shape the interval holds its 95 %, where it is whiter the interval is wider than it
need be.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from imu.types import Estimate, FloatArray

MIN_VALUES = 3
"""Fewest values that get an interval: with two, the t factor is 12.7 and says nothing."""

MAX_COMPONENTS = 30
"""With 30 components the t factor is 2.04 (1.96 for infinitely many): more would only let faster variation in."""


class Drift(NamedTuple):
    """Usual shape of a series: white scatter, and a slow part that forgets geometrically.

    Attributes
    ----------
    share : float
        Part of the variance that is slow.
    memory : float
        Correlation of the slow part from one value to the next.
    """

    share: float
    memory: float


STEPS = Drift(0.45, 0.94)
"""Steps of both legs: correlations of 0.25 to 0.8 over two steps, 0.1 to 0.7 over twenty (sets C and E)."""

STRIDES = Drift(0.45, 0.94**2)
"""Steps of one leg."""

PAIRS = Drift(0.25, 0.94**2)
"""Differences of neighbouring left and right steps: most of the drift is common to both legs (0.03 to 0.26 over one
pair, 0 to 0.18 over two)."""

SMOOTHED = 6
"""Fewest values of which the scatter between neighbouring pairs says anything."""

_MAX_LENGTH = 512  # longer series are first averaged over equal batches, which leaves their slow part as it is
_Z = 1.959963984540054  # 97.5 % point of the normal distribution


class Mean(NamedTuple):
    """A mean with what its interval is made of.

    Attributes
    ----------
    value : float
        NaN without values.
    standard_error : float
        Of the mean, same unit; NaN with fewer than `MIN_VALUES` values.
    dof : int
        Degrees of freedom of the standard error (number of cosine components; pairs of neighbours less one where their
        scatter gives the wider interval).
    n : int
        Number of values.
    """

    value: float
    standard_error: float
    dof: int
    n: int

    @property
    def half_width(self) -> float:
        """Half of the 95 % interval; NaN where the standard error is unknown."""
        return t_factor(self.dof) * self.standard_error if self.dof else math.nan

    def as_estimate(self) -> Estimate:
        """Return the same as `Estimate`; what cannot be known is None."""
        return Estimate(known(self.value), known(self.half_width), self.n)


NO_MEAN = Mean(math.nan, math.nan, 0, 0)


def known(value: float) -> float | None:
    """NaN and infinity become None: what cannot be known is not a number."""
    return float(value) if math.isfinite(value) else None


@lru_cache(maxsize=256)
def t_factor(dof: int) -> float:
    """97.5 % point of Student's t distribution.

    Exact for 1 and 2 degrees of freedom, else the expansion 26.7.5 of Abramowitz and Stegun (error below 0.2 % from 3
    degrees of freedom on).

    Parameters
    ----------
    dof : int
        Degrees of freedom, at least 1.
    """
    if dof == 1:
        return math.tan(0.475 * math.pi)
    if dof == 2:
        return 0.95 * math.sqrt(2.0 / (1.0 - 0.95**2))
    z = _Z
    return (
        z
        + (z**3 + z) / (4 * dof)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * dof**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * dof**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * dof**4)
    )


def components(n: int) -> int:
    """Count the slow components for a series of n values: 0.4 n^(2/3) (Lazarus et al. 2018), 2 to 30, below n."""
    wanted = round(0.4 * math.pow(n, 2.0 / 3.0))
    return max(1, min(n - 1, MAX_COMPONENTS, max(2, wanted)))


def slow_sum(n: int, memory: float) -> float:
    """Variance of the sum of n values of the slow part alone, over n: 1 + 2 sum (1 - k / n) memory^k."""
    r = memory
    return (1.0 + r) / (1.0 - r) - 2.0 * r * (1.0 - r**n) / (n * (1.0 - r) ** 2)


def long_run(n: int, drift: Drift) -> float:
    """Variance of the mean of n values of the usual shape times n, over the variance of one value."""
    return 1.0 - drift.share + drift.share * slow_sum(n, drift.memory)


def _autocovariance(n: int, drift: Drift, size: int) -> FloatArray:
    """Autocovariance of the means of batches of `size` values of the usual shape, lags 0 ... n - 1."""
    r, share = drift.memory, drift.share
    lags = np.arange(n, dtype=float)
    out: FloatArray = share * ((1.0 - r**size) / (1.0 - r) / size) ** 2 * r ** ((lags - 1.0) * size + 1.0)
    out[0] = long_run(size, drift) / size
    return out


@lru_cache(maxsize=1024)
def _cosines(n: int, drift: Drift, size: int) -> FloatArray:
    """Rows 1 ... components(n) of the cosine transform of length n, rescaled as below, shape (components, n)."""
    k = np.arange(1, components(n) + 1)[:, None]
    out = math.sqrt(2.0 / n) * np.cos(math.pi * k * (np.arange(n) + 0.5) / n)
    # The components are not slow enough to see all of the drift: rescaled so that the error is right on average for a
    # series of the usual shape.
    by_lag = _autocovariance(n, drift, size)
    covariance = by_lag[np.abs(np.subtract.outer(np.arange(n), np.arange(n)))]
    seen = float(np.einsum("ki,ij,kj->", out, covariance, out, optimize=True)) / len(out)
    out *= math.sqrt(float(covariance.sum()) / n / seen)
    out.flags.writeable = False
    return out


def _error_of_mean(deviations: FloatArray, drift: Drift) -> tuple[float, int]:
    """Return the standard error of the mean, and its degrees of freedom, of values in order with mean zero."""
    n, size = len(deviations), 1
    white, white_dof = _white_error(deviations)
    if n > _MAX_LENGTH:
        size = -(-n // _MAX_LENGTH)
        rows = n // size
        deviations = deviations[: rows * size].reshape(rows, size).mean(axis=1)
        n = rows
    slow = _cosines(n, drift, size) @ deviations
    error = math.sqrt(float(slow @ slow) / (len(slow) * n))
    if white_dof and t_factor(white_dof) * white > t_factor(len(slow)) * error:
        return white, white_dof
    return error, len(slow)


def _white_error(deviations: FloatArray) -> tuple[float, int]:
    """Return the standard error of the mean by the scatter of the means of neighbours, and its degrees of freedom."""
    pairs = len(deviations) // 2
    if 2 * pairs < SMOOTHED:
        return 0.0, 0
    # numpy's mean of rows of two is the same and takes ten times as long
    means = (deviations[0 : 2 * pairs : 2] + deviations[1 : 2 * pairs : 2]) / 2.0
    return float(means.std(ddof=1)) / math.sqrt(pairs), pairs - 1


def mean_of(values: npt.ArrayLike, drift: Drift = STEPS) -> Mean:
    """Mean of a series in the order of time, with its standard error.

    The variance of the mean is the average of the squared slowest cosine coefficients over n; autocorrelation,
    drift and measurement noise are all in it.

    Parameters
    ----------
    values : array_like, shape (n,)
        In the order of time; NaN = unknown, left out.
    drift : Drift
        Usual shape of such a series.

    Returns
    -------
    Mean
    """
    x = np.asarray(values, dtype=float)
    good = np.isfinite(x)
    if not good.all():
        x = x[good]
    n = len(x)
    if n == 0:
        return NO_MEAN
    value = float(x.mean())
    if n < MIN_VALUES:
        return Mean(value, math.nan, 0, n)
    error, dof = _error_of_mean(x - value, drift)
    return Mean(value, error, dof, n)


def ratio_of(numerator: npt.ArrayLike, denominator: npt.ArrayLike, drift: Drift = STEPS) -> Mean:
    """Ratio of two means over the same steps (sum over sum), with its standard error.

    The error is that of the mean of the linearised series (a_i - r b_i) / mean(b) (delta method).

    Parameters
    ----------
    numerator, denominator : array_like, shape (n,)
        In the order of time; a pair with a NaN is left out.
    drift : Drift
        Usual shape of such a series.
    """
    a, b = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    good = np.isfinite(a) & np.isfinite(b)
    a, b = a[good], b[good]
    n = len(a)
    total = float(b.sum())
    if n == 0 or total == 0.0:
        return NO_MEAN
    ratio = float(a.sum()) / total
    if n < MIN_VALUES:
        return Mean(ratio, math.nan, 0, n)
    error, dof = _error_of_mean((a - ratio * b) * (n / total), drift)
    return Mean(ratio, error, dof, n)


@lru_cache(maxsize=4096)
def _of_length(n: int, drift: Drift) -> tuple[float, float]:
    """Student's factor and `long_run` of a series of n values."""
    return t_factor(components(n)), long_run(n, drift)


def steps_needed(mean: Mean, half_width: float, drift: Drift = STEPS, *, most: int = 1_000_000) -> int | None:
    """Find how many values a 95 % half-width would take, if the variation stays as it is.

    Parameters
    ----------
    mean : Mean
        What has been seen so far.
    half_width : float
        Wanted, same unit, above 0.
    drift : Drift
        As given to `mean_of`.
    most : int
        Give up above this many.

    Returns
    -------
    int or None
        None = unknown (no interval yet) or more than `most`.
    """
    if not math.isfinite(mean.standard_error) or half_width <= 0.0:
        return None
    seen = mean.standard_error**2 * mean.n / long_run(mean.n, drift)

    def wide(n: int) -> bool:
        factor, run = _of_length(n, drift)
        return factor * math.sqrt(seen * run / n) > half_width

    low, high = MIN_VALUES - 1, MIN_VALUES
    while wide(high):
        low, high = high, 2 * high
        if low > most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        if wide(middle):
            low = middle
        else:
            high = middle
    return high if high <= most else None
