"""The anchor gesture: seen in simulated standing whatever the mounting, and never in gait or at rest."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu.acquisition.lift import add_lifts
from imu.acquisition.simulation import Simulation
from imu.acquisition.simulator import simulate_recording
from imu.api import Session, read
from imu.constants import G_MPS2
from imu.errors import SettingsError
from imu.events.gesture import Gesture, KneeLiftDetector
from imu.frames import mounting_names
from imu.settings import Settings

FS = 208.0
MOUNTING = "+y-x+z"


@lru_cache(maxsize=64)
def standing(lifts: int = 3, *, seed: int = 1, mounting: str = MOUNTING, seconds: float = 8.0, noise_g: float = 0.03):
    simulation = Simulation(
        seed=seed, standing_s=8.0, knee_lifts=lifts, mounting=mounting, noise_g=noise_g, pitch_deg=12.0, roll_deg=3.0
    )
    recording, _ = simulate_recording(simulation, seconds)
    return np.concatenate([b.samples for b in recording.blocks])


def back_to_front(name: str) -> str:
    flip = str.maketrans("+-", "-+")
    return name[:2] + name[2:].translate(flip)


@pytest.mark.parametrize("mounting", mounting_names()[::3])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_lifts_tell_which_way_is_left(mounting: str, seed: int) -> None:
    samples = standing(mounting=mounting, seed=seed)
    assert KneeLiftDetector(FS, mounting).push(samples) == Gesture(3, True, True, 0.97)
    assert KneeLiftDetector(FS, back_to_front(mounting)).push(samples) == Gesture(3, True, False, 0.97)


@pytest.mark.parametrize("noise_g", [0.0, 0.06])
def test_noise_does_not_matter(noise_g: float) -> None:
    assert KneeLiftDetector(FS, MOUNTING).push(standing(noise_g=noise_g)).as_stated is True


@pytest.mark.parametrize("lifts", [0, 1, 2])
def test_fewer_lifts_are_no_gesture_and_are_forgotten(lifts: int) -> None:
    detector = KneeLiftDetector(FS, MOUNTING)
    samples = standing(lifts)
    assert detector.push(samples[: round((1.5 + 1.6 * lifts) * FS)]) == Gesture(lifts, False, None, 0.5)
    assert not detector.push(samples[round((1.5 + 1.6 * lifts) * FS) :]).done


def test_walking_and_running_are_no_gesture() -> None:
    for seed in range(6):
        recording, _ = simulate_recording(Simulation(seed=seed, standing_s=4.0, walking_s=10.0), 30.0)
        detector = KneeLiftDetector(FS, MOUNTING)
        for block in recording.blocks:
            assert not detector.push(block.samples).done


@given(st.lists(st.integers(1, 400), min_size=1, max_size=12))
@settings(max_examples=20)
def test_any_partition_sees_the_same(sizes: list[int]) -> None:
    samples, detector, at = standing(), KneeLiftDetector(FS, MOUNTING), 0
    for size in sizes:
        detector.push(samples[at : at + size])
        at += size
    assert detector.push(samples[at:]) == KneeLiftDetector(FS, MOUNTING).push(samples)


def test_witnesses_that_disagree_say_nothing() -> None:
    samples = standing().copy()
    level = np.zeros((len(samples), 6))
    add_lifts(np.arange(len(samples)) / FS, 3, level)  # without gravity nothing but the sideways movement is left
    samples[:, 0] += 2.0 * level[:, 1] * G_MPS2  # -x points right in this mounting: the movement is turned round
    found = KneeLiftDetector(FS, MOUNTING).push(samples)
    assert (found.done, found.as_stated, found.confidence) == (True, None, 0.5)


def test_no_gyroscope_a_hole_and_another_try() -> None:
    samples = standing()
    assert KneeLiftDetector(FS, MOUNTING).push(samples[:, :3]) == Gesture(0, False, None, 0.5)
    holed = samples.copy()
    holed[900] = np.nan
    assert not KneeLiftDetector(FS, MOUNTING).push(holed).done
    detector = KneeLiftDetector(FS, MOUNTING)
    assert detector.push(samples).done
    detector.reset()
    assert detector.state.lifts == 0


def test_the_simulator_says_when_lifts_do_not_fit() -> None:
    with pytest.raises(SettingsError) as error:
        Simulation(standing_s=4.0, knee_lifts=3)
    assert "6.3 s" in error.value.hint


@pytest.mark.parametrize(("worn", "as_stated"), [(MOUNTING, True), (back_to_front(MOUNTING), False)])
def test_a_session_sees_the_gesture(worn: str, as_stated: bool) -> None:
    simulation = Simulation(standing_s=8.0, knee_lifts=3, mounting=MOUNTING)
    session = Session.simulate(simulation, Settings(mounting=worn), duration_s=7.5, realtime=False)
    assert session.lifts() is None
    assert session.watch_lifts()
    with session:
        assert session.wait(60.0)
    assert session.lifts() == Gesture(3, True, as_stated, 0.97)
    stance = session.stance(1.0)
    assert stance is not None
    assert (stance.lifts_watched, stance.lifts, stance.left_as_stated) == (True, 3, as_stated)


def test_without_a_mounting_nobody_looks(tmp_path) -> None:  # type: ignore[no-untyped-def]
    recording, _ = simulate_recording(Simulation(), 6.0)
    np.savez(tmp_path / "x.npz", t=np.arange(1000) / FS, acc=recording.blocks[0].acc[:1000])
    session = Session.replay(tmp_path / "x.npz", speed=None)
    assert not session.watch_lifts()
    with session:
        assert session.wait(60.0)
    stance = session.stance(1.0)
    assert stance is not None
    assert (stance.lifts_watched, stance.left_as_stated) == (False, None)


@pytest.mark.needs_data
def test_recorded_walking_and_jogging_are_no_gesture(stride_data) -> None:  # type: ignore[no-untyped-def]
    paths = sorted(stride_data.glob("G_*/*.npz"))[::12] + sorted(stride_data.glob("E_*/*.npz"))[::12]
    assert paths
    for path in paths:
        recording = read(path)
        mounting = recording.suggested.get("mounting") or "-y+x+z"
        detector = KneeLiftDetector(recording.stream.sampling_rate_hz, mounting)
        for block in recording.blocks:
            assert not detector.push(block.samples).done, path.name
