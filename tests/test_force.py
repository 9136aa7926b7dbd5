"""Peak-force model: formula, physics, limits, and what it scores on the recordings with a force plate."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_force import StrideMean

from imu.dsp import design
from imu.kernels import force as kernel
from imu.metrics.force import Coefficients, ForceEstimator, ForceModel, shipped_model
from imu.types import Place

MODEL = shipped_model()
times = st.floats(0.26, 0.42)
levels = st.floats(0.9, 1.3)
bounces = st.floats(0.7, 2.4)
speeds = st.one_of(st.none(), st.floats(2.3, 5.4))


def active_peak(bounce: float, mean: float, step_time: float) -> float:
    """5 Hz peak that a bounce of this size leaves."""
    return mean + bounce / math.sqrt(1 + (1 / (5.0 * step_time)) ** 4)


def test_the_model_is_for_the_filter_that_the_pipeline_uses() -> None:
    assert MODEL.cutoff_hz == design.ACTIVE_HZ


@pytest.mark.parametrize("rate", [100.0, 208.0, 512.0])
@pytest.mark.parametrize("step_time", [0.28, 0.34, 0.4])
def test_the_gain_taken_back_is_that_of_the_real_filter(rate: float, step_time: float) -> None:
    from scipy import signal

    t = np.arange(round(20 * rate)) / rate
    wave = 1.0 + 1.3 * np.sin(2 * math.pi * t / step_time)
    filtered = signal.sosfilt(design.low_pass(design.ACTIVE_HZ, rate).sos, wave)[round(5 * rate) :]
    assert MODEL.bounce(float(filtered.max()), 1.0, step_time) == pytest.approx(1.3, rel=0.01)


@given(bounces, levels, times, speeds)
def test_formula_for_even_steps(bounce: float, mean: float, step_time: float, speed: float | None) -> None:
    k = MODEL.without_speed if speed is None else MODEL.with_speed
    expected = k.intercept_bw + k.per_bounce_bw_g * bounce + k.per_speed_bw_s_m * (speed or 0.0)
    estimator = ForceEstimator(Place.SACRUM)
    found = [estimator.push(active_peak(bounce, mean, step_time), mean, step_time, speed) for _ in range(4)]
    assert found == [None, *[pytest.approx(expected)] * 3]


@given(bounces, levels, times, speeds, st.floats(-0.3, 0.3))
def test_an_offset_of_the_sensor_changes_nothing(
    bounce: float, mean: float, step_time: float, speed: float | None, offset: float
) -> None:
    peak = active_peak(bounce, mean, step_time)
    plain, shifted = ForceEstimator(Place.SACRUM), ForceEstimator(Place.SACRUM)
    for i in range(4):
        expected = plain.push(peak, mean, step_time, speed)
        assert shifted.push(peak + offset, mean + offset, step_time, speed) == (
            None if i == 0 else pytest.approx(expected)
        )


def test_a_difference_between_the_legs_is_passed_on_in_full() -> None:
    estimator = ForceEstimator(Place.SACRUM)
    found = [estimator.push(active_peak(1.2 + 0.05 * (-1) ** i, 1.0, 0.34), 1.0, 0.34, 3.0) for i in range(12)]
    even, odd = found[-2], found[-1]
    assert even is not None
    assert odd is not None
    assert even - odd == pytest.approx(0.1)
    level = (
        MODEL.with_speed.intercept_bw + MODEL.with_speed.per_bounce_bw_g * 1.2 + MODEL.with_speed.per_speed_bw_s_m * 3
    )
    assert (even + odd) / 2 == pytest.approx(level)


def test_known_speed_has_the_narrower_interval() -> None:
    assert MODEL.with_speed.half_width_95_bw < MODEL.without_speed.half_width_95_bw
    assert MODEL.coefficients(None) is MODEL.without_speed
    assert MODEL.coefficients(3.0) is MODEL.with_speed


@pytest.mark.parametrize(
    ("peak", "mean", "step_time", "speed"),
    [
        (2.3, 1.0, 0.33, 1.5),  # slower than any recording
        (2.3, 1.0, 0.33, 7.0),
        (2.3, 1.0, 0.6, 3.0),  # a step that was missed
        (2.3, 1.0, 0.2, 3.0),
        (1.3, 1.0, 0.33, 3.0),  # no bounce: not running
        (5.0, 1.0, 0.33, 3.0),
        (math.nan, 1.0, 0.33, 3.0),
        (2.3, 1.0, math.nan, None),
        (2.3, 1.0, 0.33, math.nan),
    ],
)
def test_no_value_outside_the_fitted_range(peak: float, mean: float, step_time: float, speed: float | None) -> None:
    estimator = ForceEstimator(Place.SACRUM)
    sound = [estimator.push(2.3, 1.0, 0.33, 3.0) for _ in range(3)]
    assert sound[-1] is not None
    assert estimator.push(peak, mean, step_time, speed) is None


class Mean:
    """The kernel's mean over whole strides."""

    def __init__(self, memory_s: float = 8.0) -> None:
        self.params = MODEL.packed()
        self.params[kernel.P_TAU] = memory_s
        self.state = np.zeros(kernel.N_STATE)
        self.interrupt()

    def interrupt(self) -> None:
        kernel.interrupt(self.state)

    def push(self, step_mean_g: float, step_time_s: float) -> float | None:
        mean = kernel.stride_mean(step_mean_g, step_time_s, self.params, self.state)
        return None if math.isnan(mean) else mean


@given(st.lists(st.tuples(st.floats(0.5, 1.5), times), min_size=2, max_size=30))
def test_stride_mean_is_the_weighted_mean_of_whole_strides(steps: list[tuple[float, float]]) -> None:
    mean = Mean(1e12)
    found = [mean.push(*step) for step in steps]
    assert found[0] is None
    strides = [(a[0] * a[1] + b[0] * b[1], a[1] + b[1]) for a, b in pairwise(steps)]
    assert found[-1] == pytest.approx(sum(s[0] for s in strides) / sum(s[1] for s in strides))


@given(st.lists(st.tuples(st.one_of(st.just(math.nan), st.floats(0.5, 1.5)), times, st.booleans()), max_size=30))
def test_stride_mean_equals_its_slow_twin(steps: list[tuple[float, float, bool]]) -> None:
    mean, slow = Mean(), StrideMean()
    for step_mean, step_time, stop in steps:
        if stop:
            mean.interrupt()
            slow.interrupt()
        assert mean.push(step_mean, step_time) == slow.push(step_mean, step_time)


def test_stride_mean_of_lame_steps_does_not_swing() -> None:
    mean = Mean()
    found = [mean.push(1.2 if i % 2 else 0.8, 0.35) for i in range(40)]
    assert found[1:] == pytest.approx([1.0] * 39)


def test_stride_mean_follows_a_change_and_never_joins_over_a_gap() -> None:
    mean = Mean()
    for _ in range(20):
        mean.push(1.2, 0.35)
    for _ in range(200):
        last = mean.push(1.0, 0.35)
    assert last == pytest.approx(1.0, abs=0.001)
    mean.interrupt()
    assert mean.push(5.0, 0.35) == last  # alone it is no stride
    mean.push(math.nan, 0.35)
    assert mean.push(5.0, 0.35) == last


def test_estimator_waits_for_a_stride_and_keeps_to_its_places() -> None:
    sacrum = ForceEstimator(Place.SACRUM)
    assert sacrum.push(2.3, 1.0, 0.33, 3.0) is None
    bounce = MODEL.bounce(2.3, 1.0, 0.33)
    assert sacrum.push(2.3, 1.0, 0.33, 3.0) == MODEL.estimate(bounce, bounce, 3.0)
    assert sacrum.push(2.3, math.nan, math.nan, 3.0) is None  # last step of a bout
    for place in (Place.HIP, Place.FOOT, Place.SHANK):
        other = ForceEstimator(place)
        assert [other.push(2.3, 1.0, 0.33, 3.0) for _ in range(3)] == [None] * 3


def test_a_stop_does_not_join_two_bouts() -> None:
    estimator = ForceEstimator(Place.SACRUM)
    for _ in range(6):
        estimator.push(2.2, 1.0, 0.33, 3.0)
    estimator.interrupt()
    bounce = MODEL.bounce(2.6, 1.0, 0.33)  # the sensor's mean is kept, the step before is not
    assert estimator.push(2.6, 1.0, 0.33, 3.0) == pytest.approx(MODEL.estimate(bounce, bounce, 3.0))


def test_another_model_can_be_given() -> None:
    fixed = Coefficients(intercept_bw=2.0, per_bounce_bw_g=0.0, per_speed_bw_s_m=0.0, half_width_95_bw=0.3)
    model: ForceModel = dataclasses.replace(MODEL, with_speed=fixed, without_speed=fixed)
    estimator = ForceEstimator(Place.SACRUM, model)
    estimator.push(2.3, 1.0, 0.33)
    assert estimator.push(2.3, 1.0, 0.33) == 2.0
