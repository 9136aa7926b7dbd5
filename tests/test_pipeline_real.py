"""Real recordings, with their real gaps, frozen stretches and missing axes: any cut gives the same bits."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipeline_tools import Stream, bits, check_promises, push_all, stream_of
from strategies import FEW, cuts

from imu.api import read
from imu.settings import Settings

RECORDINGS = {
    "sacrum, two axes, 500 Hz": ("A_sacrum_grf_treadmill/trial03_v3.33_s+0.npz", {}),
    "hip, freezes, 100 Hz": ("C_hip_foot_outdoor_run/adept_outdoor_run_25min_part1.npz", {"place": "hip"}),
    "sacrum, standing and running, 512 Hz": ("D_sacrum_512Hz_sample/sacrum_start_of_run_512Hz.npz", {}),
    "low back, walking, lost packets, 100 Hz": ("G_lowback_feet_walk_LR_events/1-1.npz", {}),
    "the same without a mounting": ("G_lowback_feet_walk_LR_events/8-2.npz", {"mounting": None}),
}

pytestmark = pytest.mark.needs_data


@lru_cache(maxsize=8)
def recorded(folder: Path, name: str) -> Stream:
    path, chosen = RECORDINGS[name]
    recording = read(folder / path)
    stream = stream_of(recording, Settings(**chosen), last_s=40.0)
    if "mounting" in chosen:
        stream = Stream(stream.samples, stream.info, Settings(), stream.first)
    return stream


@pytest.mark.parametrize("name", RECORDINGS)
def test_steps_keep_their_promises(stride_data, name):
    steps = push_all(recorded(stride_data, name)).steps
    check_promises(steps)
    assert len(steps) > 10


@pytest.mark.parametrize("name", RECORDINGS)
def test_packets_and_single_samples_equal_the_whole(stride_data, name):
    stream = recorded(stride_data, name)
    wanted = bits(push_all(stream))
    for size in (1, 8):
        pieces = [(a, min(stream.n, a + size)) for a in range(0, stream.n, size)]
        assert bits(push_all(stream, pieces, drop_missing=size == 8)) == wanted


@FEW
@given(data=st.data(), name=st.sampled_from(list(RECORDINGS)))
def test_any_cut_of_a_real_recording_gives_the_same_bits(stride_data, data, name):
    stream = recorded(stride_data, name)
    pieces = data.draw(cuts(stream.n))
    assert bits(push_all(stream, pieces)) == bits(push_all(stream))
