"""The spectrum against its definition, a known sine, and gaps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_spectrum import density

from imu.acquisition.simulation import Simulation
from imu.acquisition.simulator import simulate_recording
from imu.dsp.spectrum import HIGHEST_HZ, WINDOW_S, vertical_spectrum


@given(
    rate=st.sampled_from([25.0, 50.0, 52.0, 104.0]),
    seconds=st.floats(0.0, 6.0),
    hole=st.floats(0.0, 6.0),
    seed=st.integers(0, 1000),
)
@settings(max_examples=25)
def test_it_is_the_mean_of_whole_windows(rate: float, seconds: float, hole: float, seed: int) -> None:
    signal = np.random.default_rng(seed).normal(1.0, 0.7, round(seconds * rate))
    if hole < seconds:
        signal[int(hole * rate) : int(hole * rate) + 3] = math.nan
    found = vertical_spectrum(signal, rate)
    n = round(WINDOW_S * rate)
    expected = density(signal.tolist(), rate, 0.0, n)
    if found is None:
        assert expected is None
        return
    assert found.frequency_hz[-1] == pytest.approx(min(HIGHEST_HZ, rate / 2.0), abs=0.5)
    for k in (0, 1, 7, len(found.frequency_hz) - 1):
        f = float(found.frequency_hz[k])
        assert found.density_g2_hz[k] == pytest.approx(density(signal.tolist(), rate, f, n), rel=1e-6, abs=1e-12)


def test_a_sine_stands_at_its_frequency_with_its_size() -> None:
    t = np.arange(0.0, 10.0, 1.0 / 208.0)
    found = vertical_spectrum(1.0 + 0.8 * np.sin(2.0 * np.pi * 12.3 * t), 208.0)
    assert found.windows == 9
    assert found.frequency_hz[np.argmax(found.density_g2_hz)] == pytest.approx(12.3, abs=0.25)
    assert found.rms_g(10.0, 15.0) == pytest.approx(0.8 / math.sqrt(2.0), rel=0.01)
    assert found.rms_g(0.0, 10.0) < 0.02
    assert found.rms_g(15.0, 50.0) < 0.02


def test_the_bands_of_noise_make_up_its_size() -> None:
    noise = np.random.default_rng(3).normal(0.0, 0.5, 100_000)
    found = vertical_spectrum(noise, 100.0)
    parts = [found.rms_g(low, low + 5.0) for low in range(0, 50, 5)]
    assert math.sqrt(sum(p * p for p in parts)) == pytest.approx(0.5, rel=0.02)
    assert parts[3] == pytest.approx(0.5 / math.sqrt(10.0), rel=0.03)


def test_a_runner_has_lines_at_the_step_rate_and_its_multiples() -> None:
    recording, _ = simulate_recording(Simulation(seed=2, standing_s=0.0, walking_s=0.0, cadence_spm=168.0), 20.0)
    up = np.concatenate([b.samples[:, 1] for b in recording.blocks])[-10 * 208 :] / 9.81  # mounted +y-x+z
    found = vertical_spectrum(up, 208.0)
    first = found.frequency_hz[np.argmax(found.density_g2_hz)]
    assert first == pytest.approx(2.8, abs=0.3)
    assert found.rms_g(2.0, 3.5) > 2.0 * found.rms_g(3.5, 4.5)


def test_too_little_signal_has_none() -> None:
    assert vertical_spectrum(np.empty(0), 208.0) is None
    assert vertical_spectrum(np.ones(415), 208.0) is None
    holed = np.ones(830)
    holed[[300, 600]] = math.nan
    assert vertical_spectrum(holed, 208.0) is None
