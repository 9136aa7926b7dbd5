"""Filter design: the stated cut-off and the stated delay are those of the filter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal
from strategies import MODEST

from imu.dsp.design import ACTIVE_HZ, DETECTION_HZ, LOAD_HZ, SHOCK_HZ, low_pass
from imu.errors import SettingsError
from imu.events.sacral import SECTIONS, filters
from imu.kernels import rows

cutoffs = st.sampled_from([ACTIVE_HZ, LOAD_HZ, DETECTION_HZ, SHOCK_HZ, 3.3])
rates = st.sampled_from([50.0, 100.0, 104.0, 208.0, 400.0, 512.0, 1000.0])


@MODEST
@given(cutoffs, rates)
def test_the_delay_is_the_lag_behind_a_slow_ramp(cutoff, fs):
    # A ramp leaves a low-pass unchanged but late: by exactly the delay at 0 Hz.
    design = low_pass(cutoff, fs)
    n = int(20 * fs / design.cutoff_hz) + 50
    ramp = np.arange(n) / fs
    lag = ramp[-1] - signal.sosfilt(design.sos, ramp)[-1]
    assert design.delay_s == pytest.approx(lag, rel=1e-4)


@MODEST
@given(cutoffs, rates)
def test_the_delay_is_scipys_group_delay(cutoff, fs):
    design = low_pass(cutoff, fs)
    w = np.array([0.0, 1e-4])  # rad per sample
    _, h = signal.sosfreqz(design.sos, worN=w)
    by_phase = -(np.angle(h[1]) - np.angle(h[0])) / (w[1] - w[0]) / fs
    assert design.delay_s == pytest.approx(by_phase, rel=1e-4)
    b, a = signal.butter(2, design.cutoff_hz, fs=fs)
    _, samples = signal.group_delay((b, a), w=[1e-4])
    assert design.delay_s == pytest.approx(samples[0] / fs, rel=1e-4)


@MODEST
@given(cutoffs, rates)
def test_the_cut_off_is_where_half_of_the_power_passes_and_nothing_slow_is_changed(cutoff, fs):
    design = low_pass(cutoff, fs)
    _, h = signal.sosfreqz(design.sos, worN=[0.0, design.cutoff_hz], fs=fs)
    np.testing.assert_allclose(np.abs(h), [1.0, math.sqrt(0.5)], rtol=1e-9)


@given(cutoffs, rates)
def test_the_cut_off_stays_below_what_the_rate_can_carry_and_says_so(cutoff, fs):
    used = low_pass(cutoff, fs).cutoff_hz
    assert used == min(cutoff, 0.45 * fs)


@MODEST
@given(cutoffs, rates)
def test_the_section_is_scipys(cutoff, fs):
    design = low_pass(cutoff, fs)
    np.testing.assert_allclose(design.sos, signal.butter(2, design.cutoff_hz, fs=fs, output="sos"), rtol=1e-12)


def test_a_second_order_low_pass_delays_by_the_textbook_value():
    assert low_pass(10.0, 1000.0).delay_s == pytest.approx(math.sqrt(2.0) / (2 * math.pi * 10.0), rel=2e-3)


@pytest.mark.parametrize("fs", [0.0, -100.0, float("nan"), float("inf")])
def test_what_is_no_rate_is_refused(fs):
    with pytest.raises(SettingsError):
        low_pass(10.0, fs)


@pytest.mark.parametrize("fs", [50.0, 208.0, 512.0])
def test_every_filtered_row_has_one_section_of_its_own_cut_off(fs):
    designs = filters(fs)
    assert set(designs) == set(range(rows.FILTERED, rows.FILTERED + rows.N_FILTERED))
    for row, design in designs.items():
        assert design.sos.shape == (1, 6)
        assert design.cutoff_hz == min(SECTIONS[row], 0.45 * fs)
