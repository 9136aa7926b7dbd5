"""Levelling against matrices, one sample at a time; gravity ends up, and bad samples are flagged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_engine import NaiveLevel
from strategies import MODEST, cuts, directions, mountings, rotations

from imu.constants import G_MPS2
from imu.events.front import FROZEN_S, GRAVITY_TIME_CONSTANT_S, RANGE_SHARE, Front
from imu.events.sacral import filters
from imu.frames import mounting_names, parse_mounting
from imu.kernels import level as slots
from imu.kernels import rows
from imu.kernels.level import level
from imu.types import StreamInfo

FS = 208.0
BODY = [rows.IS, rows.ML, rows.PA]
GYRO = [rows.GYR_IS, rows.GYR_ML, rows.GYR_PA]


class Levelled:
    """Runs the kernel with the parameters and the state that the product's front end gives it."""

    def __init__(self, *, mounting="+x+y+z", up_hint=None, measured=(True, True, True), acc_range_g=None, fs=FS):
        stream = StreamInfo(sampling_rate_hz=fs, acc_range_g=acc_range_g)
        front = Front(
            stream,
            filters(fs),
            mounting=mounting,
            up_hint=up_hint,
            measured=measured,
            detector_floats=0,
            detector_ints=0,
        )
        self.fs = fs
        self.params, self.state = front.level_params, front.level_state
        self.saturated = 0

    def __call__(self, samples):
        sig = np.full((rows.N_ROWS, len(samples)), -1.0)
        count = level(samples, self.params, self.state, sig, 0, self.fs)
        self.refused = count < 0
        self.saturated += max(count, 0)
        return sig


def shaken(n: int, seed: int, tilt: np.ndarray | None = None, channels: int = 6) -> np.ndarray:
    """A runner-like six-axis signal, seen in a sensor frame turned by `tilt`."""
    rng = np.random.default_rng(seed)
    body = rng.normal(0.0, 4.0, (n, 3))
    body[:, 0] += G_MPS2
    gyro = rng.normal(0.0, 100.0, (n, 3))
    turn = np.eye(3) if tilt is None else tilt
    return np.hstack([body @ turn, gyro @ turn])[:, :channels]


def compare(run: Levelled, samples: np.ndarray) -> None:
    naive = NaiveLevel(run.params.copy(), run.state)
    sig = run(samples)
    written = [*range(7), rows.FAULT]
    wanted = [naive.sample(sample, run.fs) for sample in samples]
    expected = np.array([[one[row] for one in wanted] for row in written])
    np.testing.assert_allclose(sig[written], expected, rtol=1e-9, atol=1e-7, err_msg="rows by samples")
    assert run.saturated == naive.saturated
    untouched = [r for r in range(rows.N_ROWS) if r not in written]
    assert (sig[untouched] == -1.0).all()


@MODEST
@given(
    mounting=st.one_of(st.none(), mountings),
    up_hint=st.one_of(st.none(), st.sampled_from(["+x", "-x", "+y", "-y", "+z", "-z"])),
    tilt=rotations(),
    channels=st.sampled_from([3, 6]),
    seed=st.integers(0, 99),
)
def test_equals_matrices_on_random_input(mounting, up_hint, tilt, channels, seed):
    compare(Levelled(mounting=mounting, up_hint=up_hint), shaken(60, seed, tilt, channels))


@MODEST
@given(measured=st.tuples(st.booleans(), st.booleans(), st.booleans()), mounting=mountings, seed=st.integers(0, 99))
def test_equals_matrices_with_missing_axes(measured, mounting, seed):
    samples = shaken(40, seed)
    samples[:, :3][:, ~np.array(measured)] = np.nan
    compare(Levelled(mounting=mounting, measured=measured), samples)


def test_equals_matrices_on_constant_saturated_and_empty_input():
    compare(Levelled(acc_range_g=16.0), np.tile([156.9, -156.9, 3.0, 0.0, 0.0, 0.0], (60, 1)))
    compare(Levelled(), np.zeros((60, 6)))
    compare(Levelled(), np.empty((0, 6)))
    compare(Levelled(), shaken(1, 0))


@MODEST
@given(tilt=rotations(), mounting=mountings, seed=st.integers(0, 99))
def test_levelling_turns_and_does_not_stretch(tilt, mounting, seed):
    samples = shaken(300, seed, tilt)
    sig = Levelled(mounting=mounting)(samples)
    lengths = np.linalg.norm(samples[:, :3], axis=1)
    np.testing.assert_allclose(np.linalg.norm(sig[BODY], axis=0), lengths, rtol=1e-6)
    np.testing.assert_allclose(sig[rows.RESULTANT], lengths, rtol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(sig[GYRO], axis=0), np.linalg.norm(samples[:, 3:], axis=1), rtol=1e-6)


@MODEST
@given(tilt=rotations(), mounting=st.one_of(st.none(), mountings), seed=st.integers(0, 99))
def test_acceleration_and_angular_rate_are_turned_by_one_and_the_same_rotation(tilt, mounting, seed):
    samples = shaken(30, seed, tilt)
    columns = []
    for axis in range(3):  # the same acceleration, the angular rate along one sensor axis after the other
        samples[:, 3:] = np.eye(3)[axis]
        sig = Levelled(mounting=mounting)(samples)
        columns.append(sig[GYRO])
    for i in range(len(samples)):
        matrix = np.stack([c[:, i] for c in columns], axis=1)
        np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-5)
        assert np.linalg.det(matrix) > 0.0  # no mirror image
        np.testing.assert_allclose(matrix @ samples[i, :3], sig[BODY, i], atol=1e-6)


@pytest.mark.parametrize("mounting", mounting_names())
def test_standing_still_in_any_mounting_reads_one_g_up(mounting):
    sensor = parse_mounting(mounting).T @ np.array([G_MPS2, 0.0, 0.0])
    rng = np.random.default_rng(3)
    still = sensor + rng.normal(0.0, 1e-6, (200, 3))  # a little noise: an exact repeat is a frozen sensor
    sig = Levelled(mounting=mounting)(still)
    np.testing.assert_allclose(sig[BODY].T, np.tile([G_MPS2, 0.0, 0.0], (200, 1)), atol=1e-4)


@pytest.mark.compiled
@MODEST
@given(direction=directions(), mounting=st.one_of(st.none(), mountings), seed=st.integers(0, 99))
def test_standing_still_in_any_tilt_ends_at_one_g_up(direction, mounting, seed):
    rng = np.random.default_rng(seed)
    fs = 100.0
    still = direction * G_MPS2 + rng.normal(0.0, 1e-5, (12_000, 3))
    sig = Levelled(mounting=mounting, fs=fs)(still)
    np.testing.assert_allclose(
        sig[BODY, -1], [G_MPS2, 0.0, 0.0], atol=3e-3 * G_MPS2
    )  # 0.2 degrees when mounted upside down, else far less


def test_without_a_mounting_the_first_second_is_level_already():
    rng = np.random.default_rng(0)
    tilt = np.array([0.6, -0.64, 0.48]) * G_MPS2
    sig = Levelled(mounting=None)(tilt + rng.normal(0.0, 1e-4, (208, 3)))
    np.testing.assert_allclose(sig[rows.IS], G_MPS2, rtol=1e-4)


@pytest.mark.parametrize("tilt_deg", [-10.0, 5.0, 20.0])
def test_a_stated_mounting_counts_as_a_second_of_data_and_as_none_after_the_memory_of_gravity(tilt_deg):
    fs = 100.0
    tilt = np.radians(tilt_deg)
    rng = np.random.default_rng(0)
    still = G_MPS2 * np.array([np.cos(tilt), 0.0, np.sin(tilt)]) + rng.normal(0.0, 1e-6, (1000, 3))
    sig = Levelled(mounting="+x+y+z", fs=fs)(still)
    off_deg = np.degrees(np.arctan2(sig[rows.PA], sig[rows.IS]))
    assert off_deg[0] == pytest.approx(tilt_deg, abs=0.01 * abs(tilt_deg))  # by the mounting alone
    for after_s in (1, 2, 4):
        share = (1.0 - after_s / GRAVITY_TIME_CONSTANT_S) / after_s  # of the stated axis, beside one second of data
        assert off_deg[round(after_s * fs) - 1] == pytest.approx(tilt_deg * share / (1.0 + share), rel=0.03)
    assert np.abs(off_deg[round(GRAVITY_TIME_CONSTANT_S * fs) :]).max() < 1e-4


def test_running_keeps_the_gravity_axis_within_a_degree():
    # 2.8 steps per second of +-2 g vertical and +-0.5 g fore-aft: the mean over strides is gravity
    t = np.arange(int(60 * FS)) / FS
    body = np.zeros((len(t), 3))
    body[:, 0] = G_MPS2 * (1.0 + 1.5 * np.sin(2 * np.pi * 2.8 * t))
    body[:, 2] = G_MPS2 * 0.4 * np.cos(2 * np.pi * 2.8 * t)
    run = Levelled()
    run(body)
    up = run.state[slots.UP : slots.UP + 3]
    assert np.degrees(np.arccos(up[0] / np.linalg.norm(up))) < 1.0


@MODEST
@given(data=st.data(), seed=st.integers(0, 99))
def test_any_cut_gives_the_same_bits(data, seed):
    samples = shaken(120, seed)
    samples[40:75] = samples[40]  # frozen for a while
    samples[90:95, 0] = 200.0
    whole = Levelled(acc_range_g=16.0)
    wanted = whole(samples)
    pieces = Levelled(acc_range_g=16.0)
    parts = [pieces(samples[a:b]) for a, b in data.draw(cuts(len(samples)))]
    np.testing.assert_array_equal(np.hstack(parts), wanted)
    carried = slice(0, slots.SCRATCH)
    np.testing.assert_array_equal(pieces.state[carried], whole.state[carried])
    assert pieces.saturated == whole.saturated


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_reading_at_the_range_limit_is_flagged_and_counted(axis, sign):
    samples = shaken(50, 1)
    samples[10:13, axis] = sign * 16.0 * G_MPS2
    samples[20, axis] = sign * 16.0 * G_MPS2 * (RANGE_SHARE - 0.01)  # high, but below the limit
    run = Levelled(acc_range_g=16.0)
    sig = run(samples)
    np.testing.assert_array_equal(np.flatnonzero(sig[rows.FAULT] == 1.0), [10, 11, 12])
    assert run.saturated == 3


def test_with_an_unknown_range_nothing_is_called_clipped():
    run = Levelled(acc_range_g=None)
    assert not run(np.full((20, 3), 1e4) + np.arange(20)[:, None])[rows.FAULT].any()
    assert run.saturated == 0


def test_a_repeating_sample_is_flagged_after_the_stated_time_and_does_not_teach_gravity():
    fs = 100.0
    run = Levelled(fs=fs)
    run(shaken(500, 2))
    stuck = np.tile([1.0, 30.0, -4.0], (400, 1))
    fault = run(stuck[:20])[rows.FAULT]
    first = int(np.argmax(fault == 2.0))
    assert first / fs == pytest.approx(FROZEN_S, abs=2.5 / fs)
    gravity = run.state[slots.UP : slots.UP + 3].copy()
    assert (run(stuck[20:])[rows.FAULT] == 2.0).all()
    np.testing.assert_array_equal(run.state[slots.UP : slots.UP + 3], gravity)
    assert run(shaken(5, 3))[rows.FAULT].tolist() == [0.0] * 5


def test_a_frozen_reading_at_the_limit_carries_both_flags():
    run = Levelled(acc_range_g=16.0, fs=100.0)
    assert run(np.tile([160.0, 0.0, 0.0], (60, 1)))[rows.FAULT, -1] == 3.0


def test_three_axes_only_leave_the_angular_rate_unknown():
    sig = Levelled()(shaken(10, 0, channels=3))
    assert np.isnan(sig[GYRO]).all()
    assert np.isfinite(sig[BODY]).all()


@MODEST
@given(
    measured=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    at=st.integers(0, 9),
    column=st.integers(0, 5),
    bad=st.sampled_from([np.nan, np.inf, -np.inf]),
)
def test_only_a_measured_acceleration_that_is_no_number_counts_as_missing(measured, at, column, bad):
    samples = shaken(10, 0)
    run = Levelled(measured=measured)
    run(samples)
    assert not run.refused
    before = run.state[: slots.SCRATCH].copy()
    samples[at, column] = bad
    run(samples)
    assert run.refused == (column <= 2 and measured[column])
    assert run.refused == (run.state[: slots.SCRATCH].tobytes() == before.tobytes())
    run(samples[:0])
    assert not run.refused


def test_a_reading_too_large_to_be_added_is_a_number():
    run = Levelled()
    run(np.full((3, 6), 1e308))
    assert not run.refused
