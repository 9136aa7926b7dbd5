"""How sure a mean over steps is: 95 % intervals from step-to-step variation that respect its autocorrelation.

Steps are not independent: a runner drifts, settles and tires, so n steps hold less than n pieces of information and
the textbook s / sqrt(n) is too narrow. The error of a mean is governed by the slowest part of the variation; the few
slowest cosine components of the series measure exactly that, each one independently, without a model of the
autocorrelation (equal-weighted cosine estimator: Lazarus, Lewis, Stock and Watson 2018,
doi:10.1080/07350015.2018.1506926). An alternation between left and right is fast and so, rightly, costs nothing.
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

REFERENCE_AUTOCORRELATION = 0.6
"""Correlation of neighbouring values for which the error of a short series is right on average. Recordings of running
show 0.0 to 0.6 between steps of one leg, with a long tail (lag 5 still 0.1 to 0.4)."""

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
        Degrees of freedom of the standard error (number of cosine components).
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


@lru_cache(maxsize=1024)
def _cosines(n: int) -> FloatArray:
    """Rows 1 ... components(n) of the cosine transform of length n, rescaled as below, shape (components, n)."""
    k = np.arange(1, components(n) + 1)[:, None]
    out = math.sqrt(2.0 / n) * np.cos(math.pi * k * (np.arange(n) + 0.5) / n)
    # Components of a short series are not slow enough to see the whole of an autocorrelation. Rescaled so that the
    # error is right on average at REFERENCE_AUTOCORRELATION; below it the interval is a little too wide.
    lags = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    covariance = REFERENCE_AUTOCORRELATION**lags
    seen = float(np.einsum("ki,ij,kj->", out, covariance, out, optimize=True)) / len(out)
    out *= math.sqrt(float(covariance.sum()) / n / seen)
    out.flags.writeable = False
    return out


def _error_of_mean(deviations: FloatArray) -> tuple[float, int]:
    """Return the standard error of the mean, and its degrees of freedom, of values in order with mean zero."""
    n = len(deviations)
    if n > _MAX_LENGTH:
        size = -(-n // _MAX_LENGTH)
        rows = n // size
        deviations = deviations[: rows * size].reshape(rows, size).mean(axis=1)
        n = rows
    slow = _cosines(n) @ deviations
    return math.sqrt(float(slow @ slow) / (len(slow) * n)), len(slow)


def mean_of(values: npt.ArrayLike) -> Mean:
    """Mean of a series in the order of time, with its standard error.

    The variance of the mean is the average of the squared slowest cosine coefficients over n; autocorrelation,
    drift and measurement noise are all in it.

    Parameters
    ----------
    values : array_like, shape (n,)
        In the order of time; NaN = unknown, left out.

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
    error, dof = _error_of_mean(x - value)
    return Mean(value, error, dof, n)


def ratio_of(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Mean:
    """Ratio of two means over the same steps (sum over sum), with its standard error.

    The error is that of the mean of the linearised series (a_i - r b_i) / mean(b) (delta method).

    Parameters
    ----------
    numerator, denominator : array_like, shape (n,)
        In the order of time; a pair with a NaN is left out.
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
    error, dof = _error_of_mean((a - ratio * b) * (n / total))
    return Mean(ratio, error, dof, n)


def steps_needed(mean: Mean, half_width: float, *, most: int = 1_000_000) -> int | None:
    """Find how many values a 95 % half-width would take, if the variation stays as it is.

    Parameters
    ----------
    mean : Mean
        What has been seen so far.
    half_width : float
        Wanted, same unit, above 0.
    most : int
        Give up above this many.

    Returns
    -------
    int or None
        None = unknown (no interval yet) or more than `most`.
    """
    if not math.isfinite(mean.standard_error) or half_width <= 0.0:
        return None
    spread = mean.standard_error * math.sqrt(mean.n)  # falls with the square root of n from here on
    low, high = MIN_VALUES - 1, MIN_VALUES
    while t_factor(components(high)) * spread / math.sqrt(high) > half_width:
        low, high = high, 2 * high
        if low > most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        if t_factor(components(middle)) * spread / math.sqrt(middle) > half_width:
            low = middle
        else:
            high = middle
    return high if high <= most else None
