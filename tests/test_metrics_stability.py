"""Regularity and RMS ratio: equal to the slow version, and what they must be for signals that one can think of."""

from __future__ import annotations

import math

import naive_metrics
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu.metrics.stability import regularity, rms_ratio, step_and_stride_regularity

FS = 200.0


def gait(seconds: float, *, limp: float = 0.0, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    """Vertical acceleration, step time 0.36 s; `limp` is the part that repeats every second step only."""
    t = np.arange(round(seconds * FS)) / FS
    x = np.sin(2 * math.pi * t / 0.36) + limp * np.sin(math.pi * t / 0.36)
    return x + noise * np.random.default_rng(seed).standard_normal(len(t))


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=60), st.integers(1, 30))
def test_regularity_equals_the_slow_version(values: list[float], lag: int) -> None:
    found = regularity(values, lag)
    if len(values) < 2 * lag or np.ptp(values) == 0.0:
        assert found is None or np.ptp(values) < 1e-12
    elif np.ptp(values) > 1e-6:
        assert found == pytest.approx(naive_metrics.unbiased_autocorrelation(values, lag), abs=1e-9)


def test_even_steps_are_regular_and_a_limp_shows_in_the_step_alone() -> None:
    step, stride = step_and_stride_regularity(gait(20.0), 0.36, FS)
    assert step == pytest.approx(1.0, abs=0.01)
    assert stride == pytest.approx(1.0, abs=0.01)
    step, stride = step_and_stride_regularity(gait(20.0, limp=0.6), 0.36, FS)
    assert step is not None
    assert stride == pytest.approx(1.0, abs=0.01)
    # Power of the limp against the whole: at one step it counts with the opposite sign.
    assert step == pytest.approx((1 - 0.36) / (1 + 0.36), abs=0.03)


def test_noise_lowers_both_alike() -> None:
    step, stride = step_and_stride_regularity(gait(60.0, noise=0.5), 0.36, FS)
    expected = 0.5 / (0.5 + 0.25)
    assert step == pytest.approx(expected, abs=0.03)
    assert stride == pytest.approx(expected, abs=0.03)


def test_a_slightly_wrong_step_time_does_no_harm() -> None:
    right = step_and_stride_regularity(gait(20.0), 0.36, FS)
    wrong = step_and_stride_regularity(gait(20.0), 0.37, FS)
    assert wrong == pytest.approx(right, abs=1e-6)


@pytest.mark.parametrize("values", [[], [1.0], [2.0] * 50, [math.nan] * 50, [1.0, math.nan] * 25])
def test_what_cannot_be_known(values: list[float]) -> None:
    assert regularity(values, 10) is None
    assert step_and_stride_regularity(values, 0.36, FS) == (None, None)


def test_no_step_time_no_regularity() -> None:
    assert step_and_stride_regularity(gait(5.0), math.nan, FS) == (None, None)
    assert step_and_stride_regularity(gait(5.0), 0.0, FS) == (None, None)


def test_rms_ratio_equals_the_slow_version_and_its_squares_add_up() -> None:
    acc = np.random.default_rng(3).normal([9.81, 0.0, 0.0], [6.0, 2.0, 3.0], (500, 3))
    found = rms_ratio(acc)
    assert found is not None
    for i in range(3):
        others = [list(acc[:, k]) for k in range(3) if k != i]
        assert found[i] == pytest.approx(naive_metrics.rms_ratio(list(acc[:, i]), others))
    assert sum(r * r for r in found) == pytest.approx(1.0)


@pytest.mark.parametrize("acc", [np.empty((0, 3)), np.ones((5, 3)), np.full((5, 3), np.nan), np.ones((5, 2))])
def test_rms_ratio_of_nothing(acc: np.ndarray) -> None:
    assert rms_ratio(acc) is None
