"""How a sensor is worn, told while it runs: as in the finished recording, however the stream is cut."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu.acquisition.simulation import Simulation
from imu.acquisition.simulator import simulate_recording
from imu.api import Library, Session, analyze, full_summary, movement, read
from imu.frames import parse_mounting
from imu.metrics.asymmetry import tilt_error_pct
from imu.metrics.movement import segments
from imu.metrics.worn import BACK_TO_FRONT, UPSIDE_DOWN, USUAL_LATERAL_G, WornWatch
from imu.settings import Settings
from imu.types import Place, SampleBlock, Worn


@lru_cache(maxsize=4)
def run(seconds: float = 34.0):
    recording, _ = simulate_recording(Simulation(standing_s=2.0, walking_s=3.0, seed=5), seconds)
    chosen = Settings().with_suggestions(recording.suggested)
    return recording, chosen, analyze(recording, chosen).steps


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=12), st.data())
@settings(max_examples=12, deadline=None)
def test_any_partition_gives_the_segments_of_the_finished_recording(sizes: list[int], data) -> None:
    recording, chosen, steps = run()
    samples = np.concatenate([b.samples for b in recording.blocks])
    whole = segments(recording, steps, parse_mounting(chosen.mounting))
    watch = WornWatch(chosen, recording.stream)
    at, given_out = 0, 0
    rate = recording.stream.sampling_rate_hz
    for size in [*sizes, len(samples)]:
        stop = min(at + size, len(samples))
        ready = [s for s in steps if s.ic_s + (s.step_time_s or 2.0) + 0.06 <= stop / rate]
        if stop == len(samples):
            ready = list(steps)
        watch.push(SampleBlock(at, samples[at:stop]), ready[given_out:])
        at, given_out = stop, len(ready)
    assert len(whole) >= 3
    assert [repr(s) for s in watch.segments] == [repr(s) for s in whole]
    found = movement(recording, steps, chosen)
    assert watch.worn() == Worn((), found.residual_tilt_deg, found.tilt_pct)


@pytest.mark.parametrize(
    ("stated", "warnings"),
    [({}, ()), ({"mounting": "-y-x-z"}, (UPSIDE_DOWN,)), ({"mounting": "+y+x-z"}, (BACK_TO_FRONT,))],
    ids=["as stated", "upside down", "back to front"],
)
def test_a_session_says_how_the_sensor_is_worn_while_it_runs(stated: dict, warnings: tuple[str, ...]) -> None:
    simulation = Simulation(standing_s=2.0, walking_s=2.0, seed=3)
    with Session.simulate(simulation, Settings(**stated), duration_s=30.0, realtime=False) as session:
        assert session.wait(180.0)
    worn = session.status().worn
    assert worn.warnings == warnings
    assert worn.residual_tilt_deg is not None
    assert session.status().gyroscope is True


def test_nothing_is_said_of_a_sensor_on_a_leg() -> None:
    recording, chosen, steps = run()
    watch = WornWatch(replace(chosen, place=Place.SHANK), recording.stream)
    assert not watch.push(recording.blocks[0], steps)
    assert watch.worn(2.0) == Worn()


def test_a_tilt_that_nobody_checked_is_reckoned_with() -> None:
    recording, chosen, steps = run()
    plain = movement(recording, steps, chosen).tilt_pct
    wider = movement(recording, steps, replace(chosen, least_tilt_deg=2.0)).tilt_pct
    assert wider > plain
    loads = [s.load_peak_g for s in steps if s.load_peak_g is not None]
    watch = WornWatch(chosen, recording.stream)
    watch.push(SampleBlock(0, np.zeros((1, 6))), [s for s in steps if s.load_peak_g is not None][:8])
    assert watch.segments == []  # before anything is measured: the usual lateral acceleration
    assert watch.worn(2.0).tilt_pct == pytest.approx(tilt_error_pct(2.0, USUAL_LATERAL_G, float(np.median(loads[:8]))))


def test_a_session_reckons_with_the_stated_tilt_live_and_when_it_is_read_again(tmp_path) -> None:
    path = tmp_path / "s.stride"
    simulation = Simulation(standing_s=2.0, walking_s=2.0, seed=3)
    session = Session.simulate(simulation, out=path, duration_s=30.0, realtime=False)
    session.on_step(lambda step: session.set_least_tilt(2.0) if step.index == 5 else None)
    with session:
        assert session.wait(120.0)
    recording = read(path)
    stated = Settings().with_suggestions(recording.suggested)
    assert stated.least_tilt_deg == 2.0
    found = full_summary(recording, analyze(recording), stated)["movement"]
    plain = full_summary(recording, analyze(recording), replace(stated, least_tilt_deg=0.0))["movement"]
    assert found["tilt_pct"] > 1.0 > plain["tilt_pct"]
    assert session.status().worn.tilt_pct == pytest.approx(
        found["tilt_pct"], rel=0.02
    )  # the last steps come with the end
    assert session.status().worn.least_tilt_deg == 2.0


def test_the_library_knows_the_tilt_that_was_stated(tmp_path) -> None:
    with Library.open(tmp_path / "x.stride-library") as library:
        session = Session.simulate(
            Simulation(standing_s=1.0, walking_s=0.0), out=library.record(), duration_s=8.0, realtime=False
        )
        session.on_step(lambda step: session.set_least_tilt(3.5) if step.index == 2 else None)
        with session:
            assert session.wait(120.0)
        assert library.session(1).settings["least_tilt_deg"] == 3.5
