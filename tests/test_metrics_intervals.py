"""Intervals of means: equal to the slow version, exact where a formula exists, and true to their 95 %."""

from __future__ import annotations

import math

import naive_metrics
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu.metrics.intervals import (
    MIN_VALUES,
    PAIRS,
    STEPS,
    STRIDES,
    Drift,
    components,
    long_run,
    mean_of,
    ratio_of,
    steps_needed,
    t_factor,
)


def ar1(rng: np.random.Generator, runs: int, n: int, rho: float) -> np.ndarray:
    """Standard normal series with autocorrelation rho^lag, one per row."""
    x = rng.standard_normal((runs, n))
    for i in range(1, n):
        x[:, i] = rho * x[:, i - 1] + math.sqrt(1 - rho * rho) * x[:, i]
    return x


def drifting(rng: np.random.Generator, runs: int, n: int, drift: Drift) -> np.ndarray:
    """Standard normal series of the usual shape, one per row."""
    slow = ar1(rng, runs, n, drift.memory)
    white: np.ndarray = rng.standard_normal((runs, n))
    return math.sqrt(drift.share) * slow + math.sqrt(1.0 - drift.share) * white


@pytest.mark.parametrize("dof", [1, 2, 3, 4, 7, 12, 30, 200])
def test_t_factor_is_the_students_quantile(dof: int) -> None:
    from scipy import stats

    assert t_factor(dof) == pytest.approx(stats.t.ppf(0.975, dof), rel=2e-3)


@pytest.mark.parametrize("n", [3, 4, 9, 20, 51, 100])
def test_equals_the_slow_version(n: int) -> None:
    x = np.random.default_rng(n).normal(2.6, 0.2, n)
    mean = mean_of(x)
    assert mean.value == pytest.approx(x.mean())
    for drift in (STEPS, STRIDES, PAIRS):
        slow = naive_metrics.error_of_mean(list(x), components(n), *drift)
        least = naive_metrics.error_of_neighbours(list(x))
        error, dof = max((slow, components(n)), (least, n // 2 - 1), key=lambda e: e[0] and t_factor(e[1]) * e[0])
        assert mean_of(x, drift).standard_error == pytest.approx(error)
        assert mean_of(x, drift).dof == dof


def test_few_steps_never_promise_what_scatter_denies() -> None:
    rng = np.random.default_rng(12)
    needed = 1.96 / math.sqrt(14)
    halves = np.array([mean_of(x, PAIRS).half_width for x in rng.standard_normal((4000, 14))])
    assert np.mean(halves < 0.5 * needed) < 0.002
    slow_alone = [naive_metrics.error_of_mean(list(x), 2, *PAIRS) for x in rng.standard_normal((1000, 14))]
    assert np.mean(t_factor(2) * np.array(slow_alone) < 0.5 * needed) > 0.01  # what it would be without the floor


@pytest.mark.parametrize("n", [1, 2, 7, 200])
def test_long_run_variance_is_the_double_sum(n: int) -> None:
    lags = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    covariance = STEPS.share * STEPS.memory**lags + (1.0 - STEPS.share) * (lags == 0)
    assert long_run(n, STEPS) == pytest.approx(covariance.sum() / n)


@pytest.mark.parametrize("n", [3, 5, 20, 100])
def test_error_is_right_on_average_for_the_usual_shape(n: int) -> None:
    rng = np.random.default_rng(n)
    found = np.mean([mean_of(x).standard_error ** 2 for x in drifting(rng, 4000, n, STEPS)])
    assert found == pytest.approx(long_run(n, STEPS) / n, rel=0.1)


@pytest.mark.parametrize("n", [10, 50, 125, 260])
@pytest.mark.parametrize("drift", [STEPS, STRIDES, PAIRS], ids=["steps", "strides", "pairs"])
def test_coverage_is_about_95_percent_for_the_usual_shape(n: int, drift: Drift) -> None:
    rng = np.random.default_rng(1000 * n + round(100 * drift.memory))
    runs = 1500
    inside = sum(abs(m.value) <= m.half_width for m in (mean_of(x, drift) for x in drifting(rng, runs, n, drift)))
    # Binomial error of 1500 runs: 0.6 % (one sigma).
    assert 0.935 <= inside / runs <= 0.975


@pytest.mark.parametrize("n", [20, 100, 200])
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_shorter_memory_is_covered_too(n: int, rho: float) -> None:
    rng = np.random.default_rng(1000 * n + round(10 * rho))
    runs = 1000
    for drift, widest in ((STEPS, 3.6), (PAIRS, 2.5)):
        means = [mean_of(x, drift) for x in ar1(rng, runs, n, rho)]
        assert sum(abs(m.value) <= m.half_width for m in means) / runs >= 0.95
        lags = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
        needed = 1.96 * math.sqrt((rho**lags).mean())
        assert float(np.median([m.half_width for m in means])) < widest * needed


def test_textbook_interval_would_fail_that_test() -> None:
    rng = np.random.default_rng(5)
    x = ar1(rng, 1500, 100, 0.6)
    half = 1.984 * x.std(axis=1, ddof=1) / 10.0
    assert np.mean(abs(x.mean(axis=1)) <= half) < 0.75


def test_measurement_noise_on_a_slow_drift_is_covered() -> None:
    # Lag-1 autocorrelation is small here although the mean wanders: what a fit of one lag would miss.
    rng = np.random.default_rng(6)
    x = ar1(rng, 1500, 100, 0.6) + rng.standard_normal((1500, 100))
    inside = np.mean([abs(m.value) <= m.half_width for m in map(mean_of, x)])
    assert inside >= 0.93


def test_alternation_of_the_sides_does_not_widen_the_interval() -> None:
    rng = np.random.default_rng(7)
    x = rng.normal(2.6, 0.05, 100)
    lame = x + 0.3 * (np.arange(100) % 2)
    assert mean_of(lame).half_width == pytest.approx(mean_of(x).half_width, rel=0.15)


def test_long_series_are_reduced_without_changing_the_error() -> None:
    rng = np.random.default_rng(8)
    halves = [mean_of(x).half_width for x in drifting(rng, 200, 5000, STEPS)]
    true_error = math.sqrt(long_run(5000, STEPS) / 5000)
    assert np.mean(halves) == pytest.approx(t_factor(30) * true_error, rel=0.05)


@given(st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(math.nan)), max_size=80))
def test_any_series(values: list[float]) -> None:
    mean = mean_of(values)
    good = [v for v in values if math.isfinite(v)]
    assert mean.n == len(good)
    estimate = mean.as_estimate()
    assert (estimate.value is None) == (not good)
    assert (estimate.half_width is None) == (len(good) < MIN_VALUES)
    if estimate.half_width is not None:
        assert estimate.half_width >= 0.0


def test_ratio_of_sums() -> None:
    times = np.array([0.36, 0.35, 0.37, 0.36, np.nan, 0.35])
    assert ratio_of(times, times).value == pytest.approx(1.0)
    assert ratio_of(times, times).standard_error == pytest.approx(0.0, abs=1e-12)
    assert ratio_of(2 * times, times).value == pytest.approx(2.0)
    assert math.isnan(ratio_of([], []).value)


def test_ratio_error_by_simulation() -> None:
    rng = np.random.default_rng(9)
    ratios = []
    for _ in range(1500):
        b = rng.normal(0.36, 0.02, 60)
        ratios.append(ratio_of(1.1 * b + rng.normal(0, 0.02, 60), b))
    inside = np.mean([abs(r.value - 1.1) <= r.half_width for r in ratios])
    assert inside >= 0.935


def test_steps_needed_is_reached() -> None:
    rng = np.random.default_rng(10)
    seen = mean_of(ar1(rng, 1, 200, 0.3)[0])
    n = steps_needed(seen, seen.half_width / 2)
    assert n is not None
    assert 750 <= n <= 950  # half the width: four times the steps, and a little more as short series hide some drift
    assert steps_needed(seen, seen.half_width * 1.0001) in range(190, 201)
    assert steps_needed(seen, 0.0) is None
    assert steps_needed(mean_of([1.0, 2.0]), 1.0) is None
    assert steps_needed(seen, 1e-9, most=10_000) is None


def test_as_many_steps_as_needed_give_the_width() -> None:
    rng = np.random.default_rng(11)
    wanted = [steps_needed(mean_of(x), 0.5) for x in drifting(rng, 200, 100, STEPS)]
    typical = int(np.median([w for w in wanted if w is not None]))
    halves = [mean_of(x).half_width for x in drifting(rng, 200, typical, STEPS)]
    assert np.median(halves) == pytest.approx(0.5, rel=0.12)
