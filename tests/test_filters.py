"""The causal filters against the difference equation, one sample at a time, and against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_engine import biquad
from scipy import signal
from strategies import MODEST, arrays, cuts, finite

from imu.dsp.design import low_pass
from imu.kernels.filters import biquad_row, biquad_six, settle, sos_rows

CUTOFFS = (0.5, 5.0, 10.0, 20.0, 50.0)
CLOSE = 4e-15  # of the greatest value: what two orders of the same additions may differ by


def near(a: np.ndarray, b: np.ndarray, tolerance: float = CLOSE) -> None:
    size = max(1e-300, float(np.max(np.abs(b), initial=0.0)))
    np.testing.assert_allclose(a, b, rtol=0.0, atol=tolerance * size)


def runner(n: int, seed: int = 0, fs: float = 208.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    t = np.arange(n) / fs
    return 9.81 + 12.0 * np.sin(2 * np.pi * 2.8 * t) + rng.normal(0.0, 2.0, n)


@pytest.mark.parametrize("cutoff", CUTOFFS)
@pytest.mark.parametrize("fs", [100.0, 208.0, 512.0])
def test_equals_scipy_on_a_running_signal(cutoff, fs):
    sos = low_pass(cutoff, fs).sos
    x = runner(5000, fs=fs)
    y, z = np.empty_like(x), np.zeros(2)
    biquad_row(sos[0], z, x, y)
    wanted, zf = signal.sosfilt(sos, x, zi=np.zeros((1, 2)))
    near(y, wanted)
    near(z, zf[0])


@pytest.mark.parametrize("order", [2, 4, 6])
def test_a_cascade_on_several_channels_equals_scipy(order):
    sos = signal.butter(order, 20.0, fs=208.0, output="sos")
    x = np.stack([runner(1000, seed) for seed in range(6)])
    zi = np.random.default_rng(1).normal(size=(len(sos), 6, 2))
    wanted, zf = signal.sosfilt(sos, x, axis=1, zi=zi.copy())
    y = np.empty_like(x)
    sos_rows(sos, zi, x, y)
    near(y, wanted)
    near(zi, zf)


@MODEST
@given(x=arrays(finite), before=st.tuples(finite, finite, finite, finite), cutoff=st.sampled_from(CUTOFFS))
def test_equals_the_difference_equation_from_any_past(x, before, cutoff):
    sos = low_pass(cutoff, 208.0).sos[0]
    _, b1, b2, _, a1, a2 = sos
    x1, x2, y1, y2 = before
    z = np.array([b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2, b2 * x1 - a2 * y1])
    y = np.empty_like(x)
    biquad_row(sos, z, x, y)
    wanted = np.array(biquad(sos, x, before))
    np.testing.assert_allclose(y, wanted, rtol=0.0, atol=1e-12 * max(1.0, *map(abs, before), np.abs(x).max(initial=0)))


@MODEST
@given(data=st.data(), n=st.integers(0, 200))
def test_any_cut_gives_the_same_bits(data, n):
    sos = signal.butter(4, 20.0, fs=208.0, output="sos")
    x = np.stack([runner(n), runner(n, 1)])
    whole, zi = np.empty_like(x), np.zeros((len(sos), 2, 2))
    sos_rows(sos, zi, x, whole)
    pieces, zp = np.empty_like(x), np.zeros((len(sos), 2, 2))
    for a, b in data.draw(cuts(n)):
        sos_rows(sos, zp, x[:, a:b], pieces[:, a:b])
    np.testing.assert_array_equal(pieces, whole)
    np.testing.assert_array_equal(zp, zi)


@MODEST
@given(data=st.data(), n=st.integers(0, 200))
def test_six_at_once_give_the_bits_of_one_by_one_however_cut(data, n):
    sections = np.array([low_pass(cutoff, 208.0).sos[0] for cutoff in (*CUTOFFS, 30.0)])
    x = [runner(n, seed) for seed in range(3)]
    y, z = [np.empty(n) for _ in sections], np.random.default_rng(2).normal(size=12)
    past = z.copy()
    for a, b in data.draw(cuts(n)):
        biquad_six(sections.ravel(), z, tuple(row[a:b] for row in x), tuple(row[a:b] for row in y))
    for k, (source, section) in enumerate(zip((0, 1, 2, 0, 0, 0), sections, strict=True)):
        wanted, state = np.empty(n), past[2 * k : 2 * k + 2].copy()
        biquad_row(section, state, x[source], wanted)
        np.testing.assert_array_equal(y[k], wanted)
        np.testing.assert_array_equal(z[2 * k : 2 * k + 2], state)


def test_in_place_gives_the_same_bits():
    sos = low_pass(10.0, 208.0).sos
    x = runner(300)
    y = np.empty_like(x)
    biquad_row(sos[0], np.zeros(2), x, y)
    biquad_row(sos[0], np.zeros(2), x, x)
    np.testing.assert_array_equal(x, y)


def test_an_empty_block_changes_nothing():
    z = np.array([1.0, -2.0])
    biquad_row(low_pass(10.0, 208.0).sos[0], z, np.empty(0), np.empty(0))
    np.testing.assert_array_equal(z, [1.0, -2.0])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_bad_sample_spoils_what_follows_and_nothing_before(bad):
    # The same as scipy's. So bad samples must never reach a filter: the engine's own tests see to that.
    sos = low_pass(10.0, 208.0).sos
    x = runner(100)
    x[40] = bad
    y = np.empty_like(x)
    biquad_row(sos[0], np.zeros(2), x, y)
    assert np.isfinite(y[:40]).all()
    assert not np.isfinite(y[40:]).any()


def test_saturated_square_waves_stay_within_scipys_result():
    sos = low_pass(50.0, 208.0).sos
    x = np.where(np.arange(2000) // 25 % 2, 156.9, -156.9)
    y = np.empty_like(x)
    biquad_row(sos[0], np.zeros(2), x, y)
    near(y, signal.sosfilt(sos, x))


@MODEST
@given(value=finite, cutoff=st.sampled_from(CUTOFFS), fs=st.sampled_from([50.0, 100.0, 208.0, 1000.0]))
def test_settled_equals_scipys_steady_state_and_a_constant_stays_constant(value, cutoff, fs):
    sos = low_pass(cutoff, fs).sos
    z = np.full(2, np.nan)
    settle(sos[0], value, z)
    near(z, signal.sosfilt_zi(sos)[0] * value, 1e-11)
    y = np.empty(300)
    biquad_row(sos[0], z, np.full(300, value), y)
    np.testing.assert_allclose(y, value, rtol=1e-9, atol=1e-12)


def test_settled_at_nan_is_nan():
    z = np.zeros(2)
    settle(low_pass(10.0, 208.0).sos[0], np.nan, z)
    assert np.isnan(z).all()
