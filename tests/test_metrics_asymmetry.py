"""Symmetry index: formula, sign, interval, and the rate at which a symmetric runner is called different."""

from __future__ import annotations

import math

import naive_metrics
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu.metrics.asymmetry import (
    SIDE_UNKNOWN,
    TOO_FEW_STEPS,
    balance_left_pct,
    symmetry_index,
    tilt_error_pct,
)
from imu.metrics.intervals import PAIRS, components, t_factor

positive = st.lists(st.floats(0.1, 10.0), min_size=3, max_size=40)


def runner(
    rng: np.random.Generator, strides: int, rho: float, *, drift: float = 0.0, si_pct: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Left and right load peaks: own variation per leg (7 %, autocorrelated), common drift, a true difference."""
    noise = rng.standard_normal((2, strides))
    for i in range(1, strides):
        noise[:, i] = rho * noise[:, i - 1] + math.sqrt(1 - rho * rho) * noise[:, i]
    level = 2.6 * (1.0 + drift * np.linspace(-1, 1, strides))
    pair = level * (1.0 + 0.07 * noise)
    return pair[0] * (1 - si_pct / 200), pair[1] * (1 + si_pct / 200)


@given(positive, positive)
def test_value_is_the_formula_and_antisymmetric(left: list[float], right: list[float]) -> None:
    si = symmetry_index(left, right)
    back = symmetry_index(right, left)
    assert si.value == pytest.approx(naive_metrics.symmetry_index(left, right), abs=1e-9)
    assert back.value == pytest.approx(-si.value, abs=1e-9)
    assert back.half_width == pytest.approx(si.half_width, abs=1e-9)
    assert back.larger_than_error == si.larger_than_error


@given(positive, positive)
def test_balance_relation(left: list[float], right: list[float]) -> None:
    si = symmetry_index(left, right)
    mean_left, mean_right = np.mean(left), np.mean(right)
    assert si.value is not None
    assert balance_left_pct(si.value) == pytest.approx(100 * mean_left / (mean_left + mean_right))


@pytest.mark.parametrize("n", [3, 10, 41])
def test_interval_equals_the_slow_version(n: int) -> None:
    rng = np.random.default_rng(n)
    left, right = rng.normal(2.5, 0.2, n), rng.normal(2.7, 0.2, n)
    series = naive_metrics.symmetry_series(list(left), list(right))
    error = naive_metrics.error_of_mean(series, components(n), *PAIRS)
    assert symmetry_index(left, right).half_width == pytest.approx(t_factor(components(n)) * error, rel=1e-5)


@pytest.mark.parametrize("strides", [10, 25, 50, 200])
@pytest.mark.parametrize(("rho", "drift"), [(0.0, 0.0), (0.3, 0.0), (0.6, 0.0), (0.3, 0.1)])
def test_symmetric_runner_is_seldom_called_different(strides: int, rho: float, drift: float) -> None:
    rng = np.random.default_rng(100 * strides + round(10 * rho))
    runs = 600
    called = sum(bool(symmetry_index(*runner(rng, strides, rho, drift=drift)).larger_than_error) for _ in range(runs))
    assert called / runs <= 0.05 + 2.0 * math.sqrt(0.05 * 0.95 / runs)  # two binomial standard errors


def test_a_real_difference_is_found() -> None:
    rng = np.random.default_rng(3)
    found = [symmetry_index(*runner(rng, 50, 0.2, si_pct=10.0)) for _ in range(300)]
    assert np.mean([bool(s.larger_than_error) for s in found]) > 0.9
    assert np.mean([s.value for s in found if s.value is not None]) == pytest.approx(10.0, abs=0.3)


def test_common_drift_does_not_widen_the_interval() -> None:
    rng = np.random.default_rng(4)
    still = np.mean([symmetry_index(*runner(rng, 50, 0.0)).half_width for _ in range(200)])
    tired = np.mean([symmetry_index(*runner(rng, 50, 0.0, drift=0.2)).half_width for _ in range(200)])
    assert tired == pytest.approx(still, rel=0.15)


def test_steps_wanted_are_enough() -> None:
    rng = np.random.default_rng(8)
    wanted = [symmetry_index(*runner(rng, 60, 0.2)).steps_wanted for _ in range(100)]
    typical = float(np.median([w for w in wanted if w is not None]))
    halves = [symmetry_index(*runner(rng, round(typical / 2), 0.2)).half_width for _ in range(100)]
    assert np.median([h for h in halves if h is not None]) <= 2.1
    assert symmetry_index(*runner(rng, 60, 0.2), tilt_pct=2.5).steps_wanted is None


def test_tilt_is_added_in_full() -> None:
    rng = np.random.default_rng(5)
    left, right = runner(rng, 50, 0.0)
    plain, tilted = symmetry_index(left, right), symmetry_index(left, right, tilt_pct=4.7)
    assert plain.half_width is not None
    assert tilted.half_width == pytest.approx(plain.half_width + 4.7)


def test_symmetric_runner_with_a_tilted_sensor_is_seldom_called_different() -> None:
    rng = np.random.default_rng(6)
    tilt, lateral = 5.0, 0.8
    called = 0
    for _ in range(600):
        left, right = runner(rng, 50, 0.2)
        angle = math.radians(tilt)
        seen = [f * math.cos(angle) + s * lateral * math.sin(angle) for f, s in ((left, -1), (right, 1))]
        bound = tilt_error_pct(tilt, lateral, 2.6)
        called += bool(symmetry_index(*seen, tilt_pct=bound).larger_than_error)
    assert called / 600 <= 0.05


@pytest.mark.parametrize(("degrees", "percent"), [(2, 1.9), (3, 2.8), (5, 4.7), (8, 7.5), (10, 9.4)])
def test_tilt_error_of_the_evidence_table(degrees: float, percent: float) -> None:
    assert tilt_error_pct(degrees, 0.8, 3.0) == pytest.approx(percent, abs=0.05)


def test_what_cannot_be_known() -> None:
    assert symmetry_index([], [2.0, 2.1]).reason == SIDE_UNKNOWN
    assert symmetry_index([], []).value is None
    assert symmetry_index([math.nan], [2.0]).reason == SIDE_UNKNOWN
    few = symmetry_index([2.0, 2.1], [2.2, 2.0])
    assert few.reason == TOO_FEW_STEPS
    assert few.value is not None
    assert few.half_width is None
    assert few.larger_than_error is None


def test_equal_constant_sides_are_not_different() -> None:
    assert symmetry_index([2.6] * 50, [2.6] * 49).larger_than_error is False
