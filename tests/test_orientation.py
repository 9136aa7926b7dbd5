"""Pelvis angles against a motion that is known, and the sentence where the filter is not installed."""

from __future__ import annotations

import sys
from functools import lru_cache

import numpy as np
import pytest

from imu.acquisition.simulation import Simulation
from imu.acquisition.simulator import simulate_recording
from imu.dsp.orientation import LEAN, ROTATION, TILT, PelvisAngles, range_per_stride
from imu.errors import ImuError

FS = 208.0


def turn(axis: int, angle: np.ndarray) -> np.ndarray:
    """Rotation about one body axis (is, ml, pa), shape (n, 3, 3)."""
    a, b = (axis + 1) % 3, (axis + 2) % 3
    out = np.tile(np.eye(3), (len(angle), 1, 1))
    out[:, a, a] = out[:, b, b] = np.cos(angle)
    out[:, a, b], out[:, b, a] = -np.sin(angle), np.sin(angle)
    return out


@lru_cache(maxsize=1)
def known_motion() -> tuple[np.ndarray, np.ndarray]:
    """Samples of a sensor mounted +x+y+z and its true angles: standing, then running with a pelvis that turns."""
    recording, _ = simulate_recording(
        Simulation(seed=2, standing_s=8.0, walking_s=0.0, noise_g=0.0, pitch_deg=0.0, roll_deg=0.0), 40.0
    )
    raw = np.concatenate([b.samples for b in recording.blocks])
    earth = np.stack([raw[:, 1], -raw[:, 0], raw[:, 2]], axis=1)  # mounted +y-x+z
    t = np.arange(len(raw)) / FS
    on = np.clip((t - 8.0) / 2.0, 0.0, 1.0)
    w = 2.0 * np.pi * 1.35
    forward = np.radians(6.0 + on * (6.0 + 3.0 * np.sin(2.0 * w * t)))
    right = np.radians(on * 5.0 * np.sin(w * t + 0.5))
    left = np.radians(on * 8.0 * np.sin(w * t))
    pose = turn(0, left) @ turn(1, forward) @ turn(2, right)
    acc = np.einsum("nji,nj->ni", pose, earth)
    step = np.einsum("nji,njk->nik", pose[:-1], pose[1:])
    rate = (
        0.5
        * FS
        * np.stack(
            [step[:, 2, 1] - step[:, 1, 2], step[:, 0, 2] - step[:, 2, 0], step[:, 1, 0] - step[:, 0, 1]], axis=1
        )
    )
    gyr = np.degrees(np.vstack([rate, rate[-1:]])) + 0.5  # an offset of the sensor
    rng = np.random.default_rng(1)
    samples = np.hstack([acc, gyr]) + rng.normal(0.0, [0.3] * 3 + [1.0] * 3, (len(raw), 6))
    up = pose[:, 0, :]
    tilt, lean = np.arctan2(-up[:, 2], up[:, 0]), np.arctan2(-up[:, 1], up[:, 0])
    return samples, np.degrees(np.stack([tilt, lean, left], axis=1))


def test_angles_of_a_known_motion() -> None:
    samples, true = known_motion()
    found = PelvisAngles(FS, "+x+y+z").push(samples)
    late = slice(round(15.0 * FS), None)
    error = found[late] - true[late]
    assert np.sqrt((error[:, TILT] ** 2).mean()) < 1.5
    assert np.sqrt((error[:, LEAN] ** 2).mean()) < 1.0
    assert np.sqrt((error[:, ROTATION] ** 2).mean()) < 2.5
    strides = np.arange(15.0, 38.0, 0.5 / 1.35) * FS
    ranges = [np.median(range_per_stride(found[:, k], strides)) for k in (TILT, LEAN, ROTATION)]
    assert ranges == pytest.approx([6.0, 10.0, 16.0], abs=1.5)


def test_any_mounting_and_any_partition_give_the_same() -> None:
    samples, _ = known_motion()
    whole = PelvisAngles(FS, "+x+y+z").push(samples[:4000])
    other = np.concatenate([samples[:4000, [1, 0, 2]] * [-1, 1, 1], samples[:4000, [4, 3, 5]] * [-1, 1, 1]], axis=1)[
        :, [0, 1, 2, 3, 4, 5]
    ]
    turned = PelvisAngles(FS, "+y-x+z")
    pieces = [turned.push(other[a:b]) for a, b in ((0, 1), (1, 1), (1, 700), (700, 4000))]
    assert np.array_equal(np.concatenate(pieces), whole)


def test_what_cannot_be_followed_is_refused() -> None:
    angles = PelvisAngles(FS, "+x+y+z")
    for samples in (np.ones((5, 3)), np.full((5, 6), np.nan)):
        with pytest.raises(ValueError, match="six numbers"):
            angles.push(samples)


def test_without_the_package_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vqf", None)
    with pytest.raises(ImuError) as error:
        PelvisAngles(FS, "+x+y+z")
    assert "stride-impact[angles]" in error.value.hint
