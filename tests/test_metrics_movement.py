"""Bounce, regularity, tilt and stiffness of a run: against slow versions, the simulator, and what must not be shown."""

from __future__ import annotations

import cmath
import json
import math
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu.acquisition.simulation import Simulation, Truth
from imu.acquisition.simulator import simulate_recording
from imu.api import analyze, full_summary, movement
from imu.cli.steps_table import summary_lines
from imu.constants import G_MPS2
from imu.frames import mounting_names
from imu.metrics.segment import describe, levelled, low_passed, stride_oscillation
from imu.metrics.stiffness import leg_stiffness
from imu.metrics.worn import BACK_TO_FRONT, SLIPPED, UPSIDE_DOWN
from imu.settings import Settings
from imu.types import Analysis, Place, Quality, Recording


@lru_cache(maxsize=8)
def run(**simulation: Any) -> tuple[Recording, Truth, Analysis, Settings]:
    recording, truth = simulate_recording(Simulation(walking_s=0.0, seed=3, **simulation), 40.0)
    settings = Settings(body_height_m=1.8).with_suggestions(recording.suggested)
    return recording, truth, analyze(recording, settings), settings


def slow_height(acc: np.ndarray, fs: float) -> np.ndarray:
    """Trapezoid twice, each time what makes the stride end where it began taken off."""
    velocity = np.concatenate([[0.0], np.cumsum((acc[1:] + acc[:-1]) / 2.0) / fs])
    velocity -= np.linspace(0.0, velocity[-1], len(velocity))
    velocity -= (velocity[1:] + velocity[:-1]).mean() / 2.0
    height: np.ndarray = np.concatenate([[0.0], np.cumsum((velocity[1:] + velocity[:-1]) / 2.0) / fs])
    return height


@pytest.mark.parametrize("speed", [2.5, 3.5])
def test_bounce_is_that_of_the_simulated_sensor_within_5_mm(speed: float) -> None:
    fine, truth = simulate_recording(
        Simulation(
            walking_s=0.0, seed=3, speed_mps=speed, noise_g=0.0, sampling_rate_hz=2000.0, variability=0.0,
            pitch_deg=0.0, roll_deg=0.0,
        ),
        20.0,
    )  # fmt: skip
    acc = np.concatenate([b.acc for b in fine.blocks])[:, 1]  # +y points up
    steps = truth.steps[20:30]
    first, second, last = (round(s.ic_s * 2000.0) for s in steps[:3])
    height = slow_height(acc[first : last + 1], 2000.0)
    true = 0.5 * (np.ptp(height[: second - first]) + np.ptp(height[second - first :]))
    recording, _, result, settings = run(speed_mps=speed)
    found = movement(recording, result.steps, settings).vertical_oscillation_m
    assert found.value == pytest.approx(true, abs=0.005)
    assert found.n >= 32


def test_bounce_of_a_sine_is_its_height() -> None:
    fs, n = 200.0, 144
    t = np.arange(n) / fs
    acc = -0.04 * (2 * math.pi / 0.36) ** 2 * np.cos(2 * math.pi * t / 0.36) + G_MPS2
    assert stride_oscillation(acc, n // 2, fs) == pytest.approx(0.08, rel=2e-3)
    assert stride_oscillation(acc + 0.3, n // 2, fs) == pytest.approx(stride_oscillation(acc, n // 2, fs))


def test_low_pass_equals_the_slow_version() -> None:
    fs, x = 100.0, np.random.default_rng(1).normal(size=31)
    n = len(x)
    slow = []
    for i in range(n):
        total = 0j
        for k in range(n):
            hz = min(k, n - k) * fs / n
            term = sum(v * cmath.exp(-2j * math.pi * k * j / n) for j, v in enumerate(x))
            total += term / math.sqrt(1.0 + (hz / 20.0) ** 4) * cmath.exp(2j * math.pi * k * i / n)
        slow.append(total.real / n)
    assert low_passed(x[:, None], fs)[:, 0] == pytest.approx(np.array(slow), abs=1e-9)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=3))
def test_levelling_turns_up_to_up_and_keeps_lengths(direction: list[float]) -> None:
    up = np.array(direction) + np.array([1e-3, 0.0, 0.0])
    up /= np.linalg.norm(up)
    acc = np.random.default_rng(2).normal(size=(5, 3))
    turned = levelled(np.vstack([acc, up]), up)
    assert np.linalg.norm(turned[:5], axis=1) == pytest.approx(np.linalg.norm(acc, axis=1), rel=1e-4)
    if up[0] > -0.999:
        assert turned[5] == pytest.approx([1.0, 0.0, 0.0], abs=1e-9)


@pytest.mark.parametrize("mounting", mounting_names()[::5])
def test_lean_is_found_whatever_the_mounting(mounting: str) -> None:
    recording, _, result, settings = run(mounting=mounting, pitch_deg=8.0, roll_deg=2.0)
    found = movement(recording, result.steps, settings)
    assert found.lean_forward_deg == pytest.approx(8.0, abs=0.5)
    assert found.lean_right_deg == pytest.approx(-2.0, abs=0.5)  # right edge up
    assert found.residual_tilt_deg is not None
    assert found.residual_tilt_deg < 1.0
    assert 0.0 < found.tilt_pct < 2.0
    assert found.warnings == ()


def test_a_sensor_worn_wrongly_is_said() -> None:
    recording, _, result, settings = run()
    steps = result.steps
    assert UPSIDE_DOWN in movement(recording, steps, replace(settings, mounting="-y-x-z")).warnings
    assert movement(recording, steps, replace(settings, mounting="+y+x-z")).warnings == (BACK_TO_FRONT,)
    assert movement(recording, steps, replace(settings, mounting=None, up_axis="-y")).warnings == (UPSIDE_DOWN,)
    blocks = []
    for block in recording.blocks:
        samples = block.samples.copy()
        late = (block.start_index + np.arange(block.n)) / recording.stream.sampling_rate_hz > 22.0
        x, y = samples[late, 0], samples[late, 1]
        samples[late, 0], samples[late, 1] = (
            math.cos(0.3) * x - math.sin(0.3) * y,
            math.sin(0.3) * x + math.cos(0.3) * y,
        )
        blocks.append(block._replace(samples=samples))
    slipped = movement(replace(recording, blocks=tuple(blocks)), steps, settings)
    assert SLIPPED in slipped.warnings
    assert slipped.moved_deg == pytest.approx(math.degrees(0.3), abs=1.0)


def test_what_needs_more_is_left_out() -> None:
    recording, _, result, settings = run()
    full = movement(recording, result.steps, settings)
    assert json.loads(json.dumps(full.as_dict(), allow_nan=False)) == full.as_dict()
    assert full.leg_stiffness_kn_m.value is not None
    assert full.rms_ratio_ml.value is not None
    squares = [full.rms_ratio_is.value, full.rms_ratio_ml.value, full.rms_ratio_pa.value]
    assert sum((v or 0.0) ** 2 for v in squares) == pytest.approx(1.0, abs=0.02)
    vertical_only = movement(recording, result.steps, replace(settings, mounting=None))
    assert vertical_only.vertical_oscillation_m.value == pytest.approx(full.vertical_oscillation_m.value, rel=0.01)
    assert (vertical_only.rms_ratio_ml.value, vertical_only.lean_right_deg, vertical_only.tilt_pct) == (None, None, 0.0)
    for less in (
        movement(recording, result.steps, replace(settings, body_height_m=None)),
        movement(recording, result.steps, replace(settings, speed_mps=None)),
        movement(recording, result.steps, settings, one_speed=False),
    ):
        assert less.leg_stiffness_kn_m.value is None
    few = movement(recording, result.steps[:12], settings)
    assert (few.vertical_oscillation_m.value, few.residual_tilt_deg) == (None, None)
    spoiled = [replace(s, quality=Quality.SATURATED) if s.index % 10 == 0 else s for s in result.steps]
    assert movement(recording, spoiled, settings).step_regularity.value is None
    foot = movement(recording, result.steps, replace(settings, place=Place.FOOT))
    assert (foot.load, foot.vertical_oscillation_m.value) == (None, None)
    assert movement(replace(recording, blocks=()), (), settings).vertical_oscillation_m.n == 0


def test_a_missing_sample_leaves_the_segment_out() -> None:
    acc = np.random.default_rng(1).normal([9.8, 0, 0], 3.0, (400, 3))
    contacts, peaks = np.arange(0.0, 340.0, 20.0), np.arange(10.0, 330.0, 20.0)
    assert describe(acc, contacts, peaks, 50.0, np.eye(3)) is not None
    acc[100, 1] = np.nan
    assert describe(acc, contacts, peaks, 50.0, np.eye(3)) is None
    acc[:, 1] = np.nan
    flat = describe(acc, contacts, peaks, 50.0, np.eye(3))
    assert flat is not None
    assert (flat.rms_ratio, flat.lateral_g) == (None, None)


def test_leg_stiffness_is_the_formula() -> None:
    tc, tf, v, m, h = 0.24, 0.12, 3.0, 70.0, 1.75
    force = m * G_MPS2 * math.pi / 2 * (tf / tc + 1)
    sink = force * tc**2 / (m * math.pi**2) - G_MPS2 * tc**2 / 8
    leg = 0.53 * h
    expected = force / (sink + leg - math.sqrt(leg**2 - (v * tc / 2) ** 2)) / 1000
    assert leg_stiffness(tc, tf, v, m, h) == pytest.approx(expected)
    assert 5.0 < expected < 20.0
    assert leg_stiffness(0.24, math.nan, v, m, h) is None
    assert leg_stiffness(0.9, 0.1, 8.0, m, h) is None
    ratio = leg_stiffness(tc * 1.05, tf - 0.05 * tc, v, m, h)
    assert ratio is not None
    assert 0.85 < ratio / expected < 0.92


def test_the_command_line_says_it_in_its_summary() -> None:
    recording, _, result, settings = run()
    full = full_summary(recording, result, settings)
    lines = list(summary_lines(replace(result, summary=full), settings))
    bounce = full["movement"]["vertical_oscillation_m"]["value"]
    assert any(line.startswith(f"  vertical movement (est.)    {100 * bounce:.1f} +- ") for line in lines)
    assert any("leg stiffness, trend only" in line for line in lines)
    assert any("load of the session" in line and "left" in line and "right" in line for line in lines)
    plain = list(summary_lines(result, settings))
    assert not any("vertical movement" in line for line in plain)
    wider = full["symmetry_index_pct"]["load_peak_g"]["half_width_95"]
    narrow = result.summary["symmetry_index_pct"]["load_peak_g"]["half_width_95"]
    assert wider == pytest.approx(narrow + full["movement"]["tilt_pct"])
