"""Pelvis angles per stride: against a known motion, a slow reference, any partition, gaps; and what a session says."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_orientation import FS, known_motion

from imu.acquisition.simulation import Simulation
from imu.api import Session
from imu.dsp.orientation import PelvisAngles
from imu.metrics.pelvis import FEWEST, NEWEST, SETTLE_S, PelvisStrides
from imu.settings import Settings
from imu.types import ActivityKind, PelvisMotion, Place, SampleBlock, Side, Step, StreamInfo

STREAM = StreamInfo(FS, 6, t0_s=3.0)
STEP_S = 0.5 / 1.35


def steps_from(start_s: float, n: int, first: int = 0) -> list[Step]:
    """Contacts of a runner whose stride is that of the known motion."""
    return [
        Step(
            index=k,
            activity=ActivityKind.RUNNING,
            side=Side.RIGHT if k % 2 else Side.LEFT,
            side_confidence=0.99,
            ic_s=STREAM.t0_s + start_s + k * STEP_S,
            step_time_s=STEP_S,
        )
        for k in range(first, first + n)
    ]


def follow(cuts: list[int], steps: list[Step], missing: tuple[int, int] = (0, 0)) -> PelvisMotion:
    """Feed the known motion in pieces, each step as soon as the samples up to the next contact are there."""
    samples, _ = known_motion()
    watch = PelvisStrides(STREAM, "+x+y+z")
    waiting = list(steps)
    samples = samples.copy()
    samples[slice(*missing)] = np.nan
    for a, b in pairwise([0, *sorted(set(cuts)), len(samples)]):
        watch.push(SampleBlock(a, samples[a:b]))
        ready = [s for s in waiting if (s.ic_s + STEP_S - STREAM.t0_s) * FS + 1 < b]
        waiting = waiting[len(ready) :]
        watch.take(ready)
    return watch.motion()


PIECES = list(range(400, 40 * 208, 400))


def test_the_ranges_of_a_known_motion() -> None:
    found = follow(PIECES, steps_from(15.0, 60))
    assert found.strides == 29
    assert found.by_side
    ranges = [e.value for e in found.range_deg]
    assert ranges == pytest.approx([6.0, 10.0, 16.0], abs=1.5)
    true = known_motion()[1][round(15.0 * FS) : round(38.0 * FS)]
    assert found.mean_deg[0].value == pytest.approx(true[:, 0].mean(), abs=1.5)
    assert found.mean_deg[1].value == pytest.approx(true[:, 1].mean(), abs=1.0)
    assert all(0.0 < e.half_width < 1.5 for e in (*found.range_deg, *found.mean_deg))


def test_the_mean_curve_is_that_of_the_strides_one_by_one() -> None:
    samples, _ = known_motion()
    angles = PelvisAngles(FS, "+x+y+z").push(samples)
    steps = steps_from(15.0, 40)
    found = follow(PIECES, steps)
    for k in range(3):
        for percent in (0, 13, 50, 100):
            values = []
            for first, third in zip(steps[:-2:2], steps[2::2], strict=True):
                at = first.ic_s + percent / 100.0 * (third.ic_s - first.ic_s) - STREAM.t0_s
                i = int(at * FS)
                part = at * FS - i
                values.append((1.0 - part) * angles[i, k] + part * angles[i + 1, k])
            assert found.curve_deg[k, percent] == pytest.approx(np.mean(values), abs=1e-9)
            assert found.spread_deg[k, percent] == pytest.approx(np.std(values, ddof=1), abs=1e-9)


@given(cuts=st.lists(st.integers(1, 40 * 208 - 1), max_size=6))
@settings(max_examples=8, deadline=None)
def test_any_partition_gives_the_same(cuts: list[int]) -> None:
    steps = steps_from(16.0, 30)
    whole, parts = follow(PIECES, steps), follow([*PIECES, *cuts], steps)
    assert whole.strides == parts.strides
    np.testing.assert_array_equal(whole.curve_deg, parts.curve_deg)
    assert whole.range_deg == parts.range_deg


def test_no_stride_holds_a_gap_or_what_follows_it_too_soon() -> None:
    lost = (round(20.0 * FS), round(20.0 * FS) + 8)
    steps = steps_from(15.0, 60)
    found = follow(PIECES, steps, lost)
    ends = [(s.ic_s - STREAM.t0_s, s.ic_s - STREAM.t0_s + 2 * STEP_S) for s in steps[:-2:2]]
    whole = [e for e in ends if e[1] < 20.0 or e[0] >= 20.0 + 8 / FS + SETTLE_S]
    assert found.strides == len(whole) < 29


def test_walking_swapped_and_missing_steps_make_no_stride() -> None:
    steps = steps_from(15.0, 40)
    assert follow(PIECES, [replace(s, activity=ActivityKind.WALKING) for s in steps]).strides == 0
    assert follow(PIECES, [replace(s, side=Side.LEFT) for s in steps]).strides == 0
    assert follow(PIECES, steps[::2]).strides == 0
    nameless = follow(PIECES, [replace(s, side=Side.UNKNOWN) for s in steps])
    assert not nameless.by_side
    assert nameless.strides == 38
    few = follow(PIECES, steps[: 2 * FEWEST])
    assert few.strides == FEWEST - 1
    assert few.curve_deg is None


def session(**more: object) -> Session:
    made = Simulation(seed=2, standing_s=6.0, walking_s=0.0)
    given: dict[str, object] = {"duration_s": 60.0, "realtime": False, **more}
    return Session.simulate(made, **given)  # type: ignore[arg-type]


def test_a_session_follows_the_pelvis_while_it_is_asked() -> None:
    run = session()
    run.start()
    while not run.wait(0.02):
        run.pelvis()
    found = run.pelvis()
    assert found.reason == ""
    assert found.motion.strides <= NEWEST
    assert found.motion.strides > 10
    assert found.motion.mean_deg[0].value == pytest.approx(8.0, abs=4.0)  # the simulated sensor leans by 8 degrees
    run.stop()


@pytest.mark.parametrize(("place", "reason"), [(Place.HIP, "not_pelvis"), (Place.SACRUM, "no_filter")])
def test_a_session_says_why_it_cannot(monkeypatch: pytest.MonkeyPatch, place: Place, reason: str) -> None:
    monkeypatch.setitem(sys.modules, "vqf", None)
    run = session(settings=Settings(place=place))
    assert run.pelvis().reason == reason
    assert run.pelvis().motion.curve_deg is None
