"""The kernel that turns detector rows into steps, against its slow twin; and the table that holds them."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_steps import NaivePelvisSteps
from strategies import FEW

from imu.acquisition.simulator import Simulation, simulate_recording
from imu.events.front import MAX_BLOCK
from imu.kernels import steps as kernel
from imu.pipeline import Pipeline
from imu.settings import Settings
from imu.types import ActivityKind, LiveEvent, Quality, SampleBlock, Side, Step, StreamInfo
from imu.types.step_table import N_COLUMNS, StepTable, numbers_of, of_activity


def test_columns_are_the_fields_of_a_step_and_bits_those_of_quality():
    names = [f.name for f in fields(Step)][:N_COLUMNS]
    wanted = {
        "T_INDEX": "index", "T_RUNNING": "activity", "T_SIDE": "side", "T_CONFIDENCE": "side_confidence",
        "T_IC": "ic_s", "T_TC": "tc_s", "T_CONTACT": "contact_time_s", "T_FLIGHT": "flight_time_s",
        "T_STEP": "step_time_s", "T_STRIDE": "stride_time_s", "T_DUTY": "duty_factor", "T_LOAD": "load_peak_g",
        "T_LOAD_AT": "load_peak_s", "T_SHOCK": "shock_peak_g", "T_FORCE": "vgrf_peak_bw", "T_IMPULSE": "impulse_bw_s",
        "T_QUALITY": "quality", "T_IC_LATENCY": "ic_latency_s", "T_TC_LATENCY": "tc_latency_s",
        "T_LOAD_LATENCY": "load_latency_s",
    }  # fmt: skip
    assert {slot: names[getattr(kernel, slot)] for slot in wanted} == wanted
    assert kernel.T_IC_INDEX == N_COLUMNS
    for flag in ("AFTER_GAP", "SATURATED", "NO_TOE_OFF", "EDGE", "WALKING", "SIDE_CORRECTED", "FROZEN"):
        assert getattr(kernel, flag) == Quality[flag], flag
    assert len(LiveEvent._fields) == kernel.N_EVENT


def feed(target, samples: np.ndarray, pieces: list[tuple[int, int, bool]]) -> list[Step]:
    """Push pieces to a pipeline or to the slow twin, leaving out the lost ones."""
    steps: list[Step] = []
    head = 0
    for start, stop, lost in pieces:
        if lost:
            continue
        if isinstance(target, Pipeline):
            steps += target.push(SampleBlock(start, samples[start:stop]))
        else:
            if start > head:
                steps += target.gap(head, start - head)
            steps += target.push(samples[start:stop], start)
        head = stop
    return steps + (target.flush() if isinstance(target, Pipeline) else target.finish(head))


@FEW
@given(
    seed=st.integers(0, 50),
    rate=st.sampled_from([52.0, 100.0, 208.0]),
    mounting=st.sampled_from([None, "+y-x+z"]),
    speed=st.sampled_from([None, 3.0]),
    walking_s=st.sampled_from([0.0, 6.0]),
    loss=st.sampled_from([0.0, 0.02, 0.1]),
    longest=st.sampled_from([8, 60, MAX_BLOCK]),
    clip_g=st.sampled_from([None, 2.0]),
)
def test_steps_and_events_equal_the_slow_twin(seed, rate, mounting, speed, walking_s, loss, longest, clip_g):
    made = Simulation(
        standing_s=1.0, walking_s=walking_s, sampling_rate_hz=rate, noise_g=0.05, asymmetry_pct=8.0, seed=seed
    )
    recording, _ = simulate_recording(made, 16.0)
    samples = np.ascontiguousarray(np.concatenate([b.samples for b in recording.blocks]))
    if clip_g is not None:
        np.clip(samples[:, :3], -9.81 * clip_g, 9.81 * clip_g, out=samples[:, :3])
    stream = replace(recording.stream, acc_range_g=clip_g, t0_s=0.7)
    settings = Settings(mounting=mounting, speed_mps=speed, first_side=Side.LEFT if seed % 2 else Side.UNKNOWN)
    rng = np.random.default_rng(seed)
    pieces = []
    at = 0
    while at < len(samples):
        stop = min(len(samples), at + int(rng.integers(1, longest + 1)))
        pieces.append((at, stop, bool(at > 0 and rng.uniform() < loss)))
        at = stop
    pipeline, slow = Pipeline(settings, stream), NaivePelvisSteps(settings, stream)
    steps = feed(pipeline, samples, pieces)
    assert repr(steps) == repr(feed(slow, samples, pieces))
    assert repr(pipeline.drain_events()) == repr(slow.events)
    whole = Pipeline(settings, stream, live_events=False, whole=True)
    assert feed(whole, samples, pieces) == []
    assert whole.table() == steps
    assert whole.activity() == pipeline.activity()


# -- the table -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both():
    recording, _ = simulate_recording(Simulation(standing_s=1.0, walking_s=6.0), 20.0)
    samples = np.concatenate([b.samples for b in recording.blocks])
    one, whole = Pipeline(Settings(), recording.stream), Pipeline(Settings(), recording.stream, whole=True)
    steps = feed(one, samples, [(0, len(samples), False)])
    feed(whole, samples, [(0, len(samples), False)])
    return steps, whole.table()


def test_a_table_is_a_sequence_of_steps(both):
    steps, table = both
    assert len(table) == len(steps) > 30
    assert table == steps
    assert table == tuple(steps)
    assert table != steps[1:]
    assert table != 3
    assert table[3] == steps[3]
    assert table[-1] == steps[-1]
    assert table[2:7] == steps[2:7]
    assert list(reversed(table)) == steps[::-1]
    assert hash(table) == hash(tuple(steps))
    assert repr(table) == repr(tuple(steps))
    with pytest.raises(IndexError):
        table[len(steps)]


def test_columns_of_a_table_are_those_of_its_steps(both):
    steps, table = both
    for f in fields(Step)[:N_COLUMNS]:
        np.testing.assert_array_equal(numbers_of(table, f.name), numbers_of(steps, f.name), err_msg=f.name)
    for kind in (ActivityKind.RUNNING, ActivityKind.WALKING):
        assert of_activity(table, kind) == of_activity(steps, kind) != []


def test_no_steps_are_an_empty_table():
    assert Pipeline(Settings(), StreamInfo(100.0), whole=True).table() == ()
    assert StepTable(np.empty((0, kernel.N_STEP))) == ()
