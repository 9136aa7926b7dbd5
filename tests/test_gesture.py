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
from imu.api import Session, analyze, full_summary, read, stored_session
from imu.constants import G_MPS2
from imu.errors import SettingsError
from imu.events.gesture import Gesture, KneeLiftDetector
from imu.frames import mounting_names, parse_mounting, turned_round
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


@pytest.mark.parametrize("mounting", mounting_names()[::3])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_lifts_tell_which_way_is_left(mounting: str, seed: int) -> None:
    samples = standing(mounting=mounting, seed=seed)
    assert KneeLiftDetector(FS, mounting).push(samples) == Gesture(3, True, True, 0.97)
    assert KneeLiftDetector(FS, turned_round(mounting)).push(samples) == Gesture(3, True, False, 0.97)


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


@pytest.mark.parametrize(("worn", "as_stated"), [(MOUNTING, True), (turned_round(MOUNTING), False)])
def test_a_session_sees_the_gesture(worn: str, as_stated: bool) -> None:
    simulation = Simulation(standing_s=8.0, knee_lifts=3, mounting=MOUNTING)
    session = Session.simulate(simulation, Settings(mounting=worn), duration_s=7.5, realtime=False)
    assert session.lifts() is None
    assert session.watch_lifts()
    with session:
        assert session.wait(180.0)
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
        assert session.wait(180.0)
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


def run_after_lifts(tmp_path, worn: str, *, seed: int = 2, **options):  # type: ignore[no-untyped-def]
    simulation = Simulation(standing_s=9.0, walking_s=4.0, knee_lifts=3, mounting=MOUNTING, seed=seed)
    path = tmp_path / f"{worn}.stride"
    session = Session.simulate(
        simulation, Settings(mounting=worn), out=path, duration_s=36.0, realtime=False, **options
    )
    assert session.watch_lifts()
    with session:
        assert session.wait(180.0)
    return session, path


def right_sides(session: Session, steps) -> tuple[int, int, float]:  # type: ignore[no-untyped-def]
    """Known sides that are true, that are false, and the least confidence of those that are known."""
    true = {round(s.ic_s, 2): s.side for s in session.truth().steps}
    times = np.array(list(true))
    good = bad = 0
    for step in steps:
        nearest = times[np.argmin(abs(times - step.ic_s))]
        if step.side and abs(nearest - step.ic_s) < 0.12:
            good += step.side is true[nearest]
            bad += step.side is not true[nearest]
    return good, bad, min(s.side_confidence for s in steps if s.side)


@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize(("worn", "as_stated"), [(MOUNTING, True), (turned_round(MOUNTING), False)])
def test_the_left_knee_decides_left_and_right_of_the_steps_live_stored_replayed_and_analysed(
    tmp_path,
    worn: str,
    as_stated: bool,
    seed: int,  # type: ignore[no-untyped-def]
) -> None:
    session, path = run_after_lifts(tmp_path, worn, seed=seed)
    steps = session.steps()
    good, bad, least = right_sides(session, steps)
    assert bad == 0
    assert good > 60
    assert 0.9 <= least <= 1.0
    anchor = session.status().worn.anchor
    assert anchor is not None
    assert (anchor.as_stated, anchor.confidence) == (as_stated, 0.97)
    said = {"as_stated": as_stated, "confidence": 0.97}
    assert session.summary()["side"]["anchor"] == said
    recording = read(path)
    result = analyze(recording)
    assert full_summary(recording, result, session.settings)["movement"]["warnings"] == []
    assert session.status().worn.warnings == ()
    assert result.steps == steps == stored_session(path).steps
    assert result.summary["side"]["anchor"] == said
    again = Session.replay(path, speed=None)
    with again:
        assert again.wait(180.0)
    assert again.steps() == steps
    assert again.status().worn.anchor == anchor


def test_a_sensor_worn_back_to_front_gives_the_same_steps_once_the_knee_was_lifted(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = [run_after_lifts(tmp_path, worn)[0].steps() for worn in (MOUNTING, turned_round(MOUNTING))]
    assert len(found[0]) > 60
    assert found[0] == found[1]  # bit for bit


@pytest.mark.parametrize("mounting", mounting_names()[::7])
def test_half_a_turn_keeps_up(mounting: str) -> None:
    is_, ml, pa = parse_mounting(turned_round(mounting)).tolist()
    was = parse_mounting(mounting).tolist()
    assert is_ == was[0]
    assert [-v for v in ml] == was[1]
    assert [-v for v in pa] == was[2]
    assert turned_round(turned_round(mounting)) == mounting


def test_a_swap_after_the_gesture_is_the_users_word(tmp_path) -> None:  # type: ignore[no-untyped-def]
    plain, _ = run_after_lifts(tmp_path, MOUNTING)
    session = Session.simulate(
        Simulation(standing_s=9.0, walking_s=4.0, knee_lifts=3, mounting=MOUNTING, seed=2),
        Settings(mounting=MOUNTING), out=tmp_path / "swapped.stride", duration_s=36.0, realtime=False,
    )  # fmt: skip
    session.watch_lifts()
    swapped_at: list[float] = []

    def swap(step) -> None:  # type: ignore[no-untyped-def]
        if len(session.steps()) == 20:
            session.swap_sides()
            swapped_at.append(step.ic_s)

    session.on_step(swap)
    with session:
        assert session.wait(180.0)
    before = [s.side for s in plain.steps()]
    after = [s.side for s in session.steps()]
    assert after[:20] == before[:20]
    assert after[25:] == [side.other for side in before[25:]]
    assert analyze(read(tmp_path / "swapped.stride")).steps == session.steps()
