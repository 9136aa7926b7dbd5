"""Slow, obvious versions of the statistics in imu.metrics: loops and textbook formulas only."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence


def error_of_mean(values: Sequence[float], n_components: int, share: float, memory: float) -> float:
    """Standard error of the mean from the slowest cosine coefficients, one by one (type II cosines).

    Divided by what the same recipe gives on average for white scatter beside a slow part, times the true error of that.
    """
    n = len(values)
    mean = math.fsum(values) / n

    def covariance(i: int, j: int) -> float:
        return (1.0 - share) * (i == j) + share * memory ** abs(i - j)

    power = expected = 0.0
    for k in range(1, n_components + 1):
        wave = [math.sqrt(2.0 / n) * math.cos(math.pi * k * (i + 0.5) / n) for i in range(n)]
        power += sum(w * (v - mean) for w, v in zip(wave, values, strict=True)) ** 2
        expected += sum(wave[i] * wave[j] * covariance(i, j) for i in range(n) for j in range(n))
    variance_of_mean = sum(covariance(i, j) for i in range(n) for j in range(n)) / n**2
    return math.sqrt(power / expected * variance_of_mean)


def symmetry_index(left: Sequence[float], right: Sequence[float]) -> float:
    """200 (R - L) / (R + L) of the means."""
    mean_left, mean_right = sum(left) / len(left), sum(right) / len(right)
    return 200.0 * (mean_right - mean_left) / (mean_right + mean_left)


def symmetry_series(left: Sequence[float], right: Sequence[float]) -> list[float]:
    """What each left-right pair adds to the error of the symmetry index: numerical derivatives of its formula."""
    mean_left, mean_right = sum(left) / len(left), sum(right) / len(right)
    h = 1e-6 * mean_left

    def si(a: float, b: float) -> float:
        return 200.0 * (b - a) / (b + a)

    by_left = (si(mean_left + h, mean_right) - si(mean_left - h, mean_right)) / (2 * h)
    by_right = (si(mean_left, mean_right + h) - si(mean_left, mean_right - h)) / (2 * h)
    return [by_left * (a - mean_left) + by_right * (b - mean_right) for a, b in zip(left, right, strict=False)]


def unbiased_autocorrelation(x: Sequence[float], lag: int) -> float:
    """Autocorrelation of a series at one lag, each sum divided by its own number of terms (Moe-Nilssen 2004)."""
    n = len(x)
    mean = sum(x) / n
    d = [v - mean for v in x]
    at_lag = sum(d[i] * d[i + lag] for i in range(n - lag)) / (n - lag)
    at_zero = sum(v * v for v in d) / n
    return at_lag / at_zero


def rms_ratio(axis: Sequence[float], others: Sequence[Sequence[float]]) -> float:
    """RMS of one axis about its mean over the RMS of all axes together."""

    def mean_square(x: Sequence[float]) -> float:
        mean = sum(x) / len(x)
        return sum((v - mean) ** 2 for v in x) / len(x)

    return math.sqrt(mean_square(axis) / (mean_square(axis) + sum(mean_square(o) for o in others)))


def error_of_neighbours(values: Sequence[float]) -> float:
    """Textbook standard error of the mean over the means of neighbouring values; 0 with fewer than three pairs."""
    means = [(a + b) / 2.0 for a, b in zip(values[::2], values[1::2], strict=False)]
    if len(means) < 3:
        return 0.0
    return statistics.stdev(means) / math.sqrt(len(means))
