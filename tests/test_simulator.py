"""The simulated runner obeys physics, tells the truth about itself, and is the same every time."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu.acquisition.contact import exponent_for, mean_over_peak
from imu.acquisition.decode import make_decoder
from imu.acquisition.profiles import get_profile
from imu.acquisition.simulator import (
    PACKET_SAMPLES,
    PacketStream,
    SimulatedRunner,
    Simulation,
    simulate_packets,
    simulate_recording,
)
from imu.constants import G_MPS2
from imu.errors import SettingsError
from imu.frames import parse_mounting
from imu.types import ActivityKind, Side

SLOW = {"sampling_rate_hz": 20.0}  # the truth does not depend on it, and it is quick
LEVEL = {"pitch_deg": 0.0, "roll_deg": 0.0, "noise_g": 0.0}


def body_frame(recording, simulation):
    """(t, acceleration in g, rate in deg/s), axes up, right, forward, of a recording without gaps or lean."""
    (block,) = recording.blocks
    m = parse_mounting(simulation.mounting)
    t = np.arange(block.start_index, block.stop_index) / recording.stream.sampling_rate_hz
    return t, block.acc @ m.T / G_MPS2, block.gyr @ m.T


def running(truth):
    return [s for s in truth.steps if s.activity is ActivityKind.RUNNING]


def mean_between(t, x, start, stop):
    """Mean of x between two times that need not fall on samples."""
    grid = np.linspace(start, stop, 20001)
    return np.interp(grid, t, x).mean()


@settings(max_examples=15, deadline=None)
@given(
    st.floats(1.5, 6.0),
    st.floats(140.0, 200.0),
    st.sampled_from([100.0, 208.0, 1000.0]),
    st.floats(-15.0, 15.0),
    st.sampled_from(["rear", "mid", "fore"]),
)
def test_mean_vertical_over_strides_is_one_g(speed, cadence, rate, asymmetry, strike):
    simulation = Simulation(
        speed_mps=speed,
        cadence_spm=cadence,
        sampling_rate_hz=rate,
        asymmetry_pct=asymmetry,
        foot_strike=strike,
        standing_s=1.0,
        walking_s=0.0,
        seed=3,
        **LEVEL,
    )
    recording, truth = simulate_recording(simulation, 25.0)
    t, acc, gyr = body_frame(recording, simulation)
    steps = running(truth)
    first, last = steps[4], steps[4 + 2 * ((len(steps) - 6) // 2)]
    assert mean_between(t, acc[:, 0], first.ic_s, last.ic_s) == pytest.approx(1.0, abs=0.01)
    for axis in (1, 2):
        assert mean_between(t, acc[:, axis], first.ic_s, last.ic_s) == pytest.approx(0.0, abs=0.02)
    for axis in range(3):
        assert mean_between(t, gyr[:, axis], first.ic_s, last.ic_s) == pytest.approx(0.0, abs=1.5)
    got = 60.0 * (len(steps) - 11) / (steps[-1].ic_s - steps[10].ic_s)
    assert got == pytest.approx(cadence, rel=0.02)


@pytest.mark.parametrize("cadence", [140.0, 165.0, 200.0])
def test_the_signal_shows_what_the_truth_says(cadence):
    simulation = Simulation(cadence_spm=cadence, sampling_rate_hz=1000.0, foot_strike="fore", seed=7, **LEVEL)
    recording, truth = simulate_recording(simulation, 30.0)
    t, acc, gyr = body_frame(recording, simulation)
    steps = running(truth)
    assert len(steps) > 40
    for step, following in itertools.pairwise(steps[6:]):
        assert step.contact_time_s == pytest.approx(step.tc_s - step.ic_s)
        assert following.ic_s == pytest.approx(step.ic_s + step.step_time_s)
        assert following.side is step.side.other
        flight = np.abs(t - (step.tc_s + following.ic_s) / 2).argmin()
        assert -1.0 < acc[flight, 0] < 0.0  # the pelvis falls away from the centre of mass
        middle = np.abs(t - (step.ic_s + step.tc_s) / 2).argmin()
        assert acc[middle, 0] == pytest.approx(step.vgrf_peak_bw, abs=0.5)
        sign = 1.0 if step.side is Side.RIGHT else -1.0
        early = (t > step.ic_s) & (t < step.ic_s + 0.3 * step.contact_time_s)
        assert sign * gyr[early, 2].mean() < -10.0  # drops towards the swinging leg
        third = step.contact_time_s / 3
        braking = (t > step.ic_s) & (t < step.ic_s + 0.26 * step.contact_time_s)
        pushing = (t > step.ic_s + third) & (t < step.tc_s)
        assert acc[braking, 2].mean() < -0.1 < 0.1 < acc[pushing, 2].mean()


def test_standing_walking_running_standing_in_that_order():
    simulation = Simulation(standing_s=3.0, walking_s=5.0, running_s=6.0, seed=2, **LEVEL)
    recording, truth = simulate_recording(simulation, 20.0)
    t, acc, _ = body_frame(recording, simulation)
    assert acc[t < 2.9, 0] == pytest.approx(1.0, abs=0.01)
    assert acc[t > truth.steps[-1].tc_s + 1.0, 0] == pytest.approx(1.0, abs=0.01)
    assert truth.steps[0].ic_s == 3.0
    kinds = [s.activity for s in truth.steps]
    assert kinds == sorted(kinds, reverse=True)  # "walking" before "running"
    walking = [s for s in truth.steps if s.activity is ActivityKind.WALKING]
    assert all(s.contact_time_s > s.step_time_s for s in walking)  # double support
    assert all(1.0 < s.vgrf_peak_bw < 1.3 for s in walking)
    assert mean_between(t, acc[:, 0], walking[2].ic_s, walking[6].ic_s) == pytest.approx(1.0, abs=0.02)
    assert running(truth)[0].ic_s >= 8.0
    assert truth.steps[-1].ic_s < 14.0


@pytest.mark.parametrize("asymmetry", [-10.0, 0.0, 10.0])
def test_asymmetry_comes_out_as_asked(asymmetry):
    _, truth = simulate_recording(Simulation(asymmetry_pct=asymmetry, seed=4, **SLOW), 150.0)
    peak = {side: np.array([s.vgrf_peak_bw for s in running(truth) if s.side is side]) for side in Side}
    right, left = peak[Side.RIGHT], peak[Side.LEFT]
    index = 200 * (right.mean() - left.mean()) / (right.mean() + left.mean())
    assert index == pytest.approx(asymmetry, abs=0.7)
    assert 0.02 < right.std() < 0.06


def test_step_to_step_variation_is_that_of_people():
    memory = []
    for seed in range(6):
        _, truth = simulate_recording(Simulation(seed=seed, standing_s=0.0, walking_s=0.0, **SLOW), 150.0)
        steps = running(truth)[12:]
        assert np.std([s.contact_time_s for s in steps]) == pytest.approx(0.004, rel=0.25)
        times = np.array([s.step_time_s for s in steps])
        assert 0.01 < times.std() / times.mean() < 0.02
        leg = times[::2] - times[::2].mean()
        memory.append([leg[:-lag] @ leg[lag:] / (leg @ leg) for lag in (1, 2)])
    assert 0.15 < np.mean(memory, axis=0)[1] < np.mean(memory, axis=0)[0] < 0.45


def test_without_variability_every_step_of_a_leg_is_alike():
    _, truth = simulate_recording(Simulation(variability=0.0, asymmetry_pct=6.0, timing_asymmetry_pct=4.0), 60.0)
    steps = running(truth)[14:]
    for name, index in (("vgrf_peak_bw", 6.0), ("step_time_s", 4.0)):
        value = {
            side: np.array([getattr(s, name) for s in steps if s.side is side]) for side in (Side.LEFT, Side.RIGHT)
        }
        left, right = value[Side.LEFT], value[Side.RIGHT]
        assert np.ptp(left) < 0.01 * left.mean()
        assert np.ptp(right) < 0.01 * right.mean()
        assert 200 * (right.mean() - left.mean()) / (right.mean() + left.mean()) == pytest.approx(index, abs=0.05)


def test_contact_and_peak_pass_through_what_was_measured():
    """Means of set A (level, one runner) and set K (37 runners), at their speed and cadence."""
    measured = [
        (2.5, 185.6, 0.259, 2.12),
        (3.33, 196.0, 0.222, 2.24),
        (3.8, 184.2, 0.202, 2.84),
        (4.9, 197.8, 0.175, 2.94),
    ]
    for speed, cadence, contact_s, peak_bw in measured:
        contact, peak = [], []
        for seed in range(12):
            simulation = Simulation(
                speed_mps=speed, cadence_spm=cadence, seed=seed, standing_s=0.0, walking_s=0.0, **SLOW
            )
            steps = running(simulate_recording(simulation, 15.0)[1])[10:]
            contact.append(np.mean([s.contact_time_s for s in steps]))
            peak.append(np.mean([s.vgrf_peak_bw for s in steps]))
        assert np.mean(contact) == pytest.approx(contact_s, rel=0.07)
        assert np.mean(peak) == pytest.approx(peak_bw, rel=0.12)
        assert 0.03 < np.std(contact) / np.mean(contact) < 0.09


def level_run(**settings):
    """Running steps in the middle of a level, straight run without an asked change."""
    _, truth = simulate_recording(Simulation(standing_s=0.0, walking_s=0.0, seed=3, **SLOW, **settings), 40.0)
    return running(truth)[12:]


def mean_of(steps, name):
    return np.mean([getattr(s, name) for s in steps])


def test_downhill_hits_harder_and_flies_longer():
    up, level, down = (level_run(grade_pct=g) for g in (10.0, 0.0, -10.0))
    flight = [mean_of(s, "step_time_s") - mean_of(s, "contact_time_s") for s in (up, level, down)]
    assert flight == sorted(flight)
    impact = [np.mean([s.impact_peak_bw or 0.0 for s in steps]) for steps in (up, level, down)]
    assert impact == sorted(impact)
    assert impact[2] > impact[1] + 0.3


def test_fatigue_comes_slowly_and_stays():
    _, truth = simulate_recording(Simulation(fatigue_pct=10.0, standing_s=0.0, walking_s=0.0, **SLOW), 2400.0)
    steps = running(truth)
    early = [s for s in steps if 10.0 < s.ic_s < 100.0]
    late = [s for s in steps if s.ic_s > 1900.0]
    assert mean_of(late, "contact_time_s") / mean_of(early, "contact_time_s") == pytest.approx(1.10, abs=0.015)
    assert mean_of(late, "step_time_s") / mean_of(early, "step_time_s") == pytest.approx(1.05, abs=0.015)


def test_a_run_starts_and_ends_gently_and_turns_are_half_turns():
    simulation = Simulation(
        standing_s=1.0, walking_s=0.0, running_s=33.0, turn_every_s=15.0, sampling_rate_hz=200.0, **LEVEL
    )
    recording, truth = simulate_recording(simulation, 40.0)
    t, acc, gyr = body_frame(recording, simulation)
    steps = running(truth)
    middle = mean_of([s for s in steps if 6.0 < s.ic_s < 12.0], "contact_time_s")
    assert steps[0].contact_time_s > 1.1 * middle
    assert steps[-1].contact_time_s > 1.05 * middle
    starting = (t > 1.0) & (t < 4.0)
    assert acc[starting, 2].mean() > 0.02  # gathers speed
    for turn, sign in ((16.0, 1.0), (31.0, -1.0)):
        around = np.abs(t - turn) < 1.5
        assert sign * gyr[around, 0].sum() / 200.0 == pytest.approx(180.0, abs=25.0)


def test_rearfoot_has_an_impact_peak_and_forefoot_has_none():
    for strike, low, high in (("rear", 0.7, 1.0), ("fore", 0.0, 0.0)):
        has = []
        for seed in range(8):
            _, truth = simulate_recording(Simulation(foot_strike=strike, seed=seed, speed_mps=3.3, **SLOW), 20.0)
            has += [s.impact_peak_bw is not None for s in running(truth)]
        assert low <= np.mean(has) <= high


def test_the_same_seed_gives_the_same_packets_and_another_seed_does_not():
    one, truth_one = simulate_packets(Simulation(seed=11, loss_pct=5), 12.0)
    two, truth_two = simulate_packets(Simulation(seed=11, loss_pct=5), 12.0)
    other, _ = simulate_packets(Simulation(seed=12, loss_pct=5), 12.0)
    assert one == two
    assert truth_one == truth_two
    assert one != other


@given(st.lists(st.integers(1, 300), min_size=1, max_size=12))
@settings(deadline=None)
def test_samples_do_not_depend_on_how_they_are_asked_for(sizes):
    simulation = Simulation(standing_s=0.5, walking_s=0.5)
    whole = SimulatedRunner(simulation).next_counts(sum(sizes))
    runner = SimulatedRunner(simulation)
    pieces = np.concatenate([runner.next_counts(n) for n in sizes])
    np.testing.assert_array_equal(whole, pieces)


@pytest.mark.parametrize("loss_pct", [0.0, 3.0, 30.0])
def test_packets_decode_to_the_recording_with_the_very_same_gaps(loss_pct):
    simulation = Simulation(loss_pct=loss_pct, seed=6)
    packets, truth = simulate_packets(simulation, 20.0)
    decoder = make_decoder(get_profile("open_packet"), None, 208.0)
    blocks = [b for p in packets for b in decoder.push(p)]
    recording, truth_too = simulate_recording(simulation, 20.0)
    assert truth == truth_too
    np.testing.assert_array_equal(
        np.concatenate([b.samples for b in blocks]), np.concatenate([b.samples for b in recording.blocks])
    )
    got = [i for b in blocks for i in range(b.start_index, b.stop_index)]
    assert got == [i for b in recording.blocks for i in range(b.start_index, b.stop_index)]
    trailing = round(truth.duration_s * 208) - blocks[-1].stop_index
    assert decoder.lost + trailing == truth.lost_samples
    assert (truth.lost_samples > 0) == (loss_pct > 0)


def test_the_sensor_is_mounted_and_leans_as_asked():
    for mounting in ("+x-y-z", "-z+x-y"):
        straight = Simulation(mounting=mounting, **LEVEL)
        leaning = Simulation(mounting=mounting, noise_g=0.0, pitch_deg=10.0, roll_deg=0.0)
        up = {}
        for name, simulation in (("straight", straight), ("leaning", leaning)):
            recording, _ = simulate_recording(simulation, 2.0)
            up[name] = recording.blocks[0].acc.mean(axis=0)
        assert parse_mounting(mounting)[0] @ up["straight"] == pytest.approx(G_MPS2, rel=0.01)
        cosine = up["straight"] @ up["leaning"] / np.linalg.norm(up["straight"]) / np.linalg.norm(up["leaning"])
        assert np.degrees(np.arccos(cosine)) == pytest.approx(10.0, abs=0.1)


def test_a_hip_sensor_makes_a_symmetric_runner_look_different_left_and_right():
    peaks = {}
    for place in ("sacrum", "hip"):
        simulation = Simulation(place=place, seed=5, sampling_rate_hz=500.0, variability=0.2, **LEVEL)
        recording, truth = simulate_recording(simulation, 40.0)
        t, acc, _ = body_frame(recording, simulation)
        by_side = {Side.LEFT: [], Side.RIGHT: []}
        for s in running(truth):
            by_side[s.side].append(acc[(t > s.ic_s + 0.3 * s.contact_time_s) & (t < s.tc_s), 0].max())
        peaks[place] = np.mean(by_side[Side.RIGHT]) - np.mean(by_side[Side.LEFT])
    assert abs(peaks["sacrum"]) < 0.05
    assert abs(peaks["hip"]) > 0.1


def test_truth_is_json_with_the_agreed_names():
    _, truth = simulate_recording(Simulation(asymmetry_pct=4), 20.0)
    data = json.loads(json.dumps(truth.as_dict()))
    assert {"ic_s", "tc_s", "side", "contact_time_s", "step_time_s", "vgrf_peak_bw"} <= set(data["steps"][0])
    assert data["settings"]["asymmetry_pct"] == 4
    assert data["steps"][0]["side"] in {"left", "right"}
    assert all(s["tc_s"] < data["duration_s"] for s in data["steps"])


def test_a_stream_goes_on_for_ever_and_its_truth_grows():
    stream = PacketStream(Simulation(standing_s=0.0, walking_s=0.0))
    for _ in range(26 * 10):
        assert len(stream.next_packet().payload) == 8 + 12 * PACKET_SAMPLES
    early = stream.truth()
    for _ in range(26 * 10):
        stream.next_packet()
    late = stream.truth()
    assert late.duration_s == pytest.approx(20.0)
    assert late.steps[: len(early.steps)] == early.steps
    assert len(late.steps) > 1.8 * len(early.steps)


@given(st.floats(0.5, 4.0))
def test_pulse_exponent_inverts_its_mean(exponent):
    assert exponent_for(mean_over_peak(exponent)) == pytest.approx(exponent, rel=1e-6)
    u = (np.arange(4000) + 0.5) / 4000
    assert mean_over_peak(exponent) == pytest.approx((np.sin(np.pi * u) ** exponent).mean(), rel=1e-4)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("speed_mps", 20.0),
        ("speed_mps", float("nan")),
        ("cadence_spm", 20.0),
        ("loss_pct", -1.0),
        ("seed", -1),
        ("place", "foot"),
        ("mounting", "up"),
        ("foot_strike", "toe"),
        ("contact_time_s", 0.4),
        ("grade_pct", 45.0),
        ("variability", -1.0),
        ("turn_every_s", 3.0),
    ],
)
def test_impossible_runners_are_refused_by_name(field, value):
    with pytest.raises(SettingsError) as caught:
        Simulation(**{field: value})
    assert caught.value.path == field
    assert caught.value.hint
