"""Every fault of the radio and of the sensor: no crash, no invented sample, the loss counted exactly, steps kept."""

import asyncio
import functools

import numpy as np
import pytest
from ble import faults
from ble.faults import FAULTS, TROUBLE_S, Fault, alike, near_a_gap, run, same_step, truth

from imu.types import LINK_RESTORED, LinkState, Quality

BY_NAME = {fault.name: fault for fault in FAULTS}
ONE_PACKET = 8


@functools.cache  # tests come in any order
def outcome_of(name):
    return run("open_packet", BY_NAME[name])


@pytest.fixture(scope="module")
def whole():
    return run("open_packet", Fault("nothing", duration_s=24.0))


@pytest.fixture(params=[f.name for f in FAULTS])
def case(request):
    return request.param, outcome_of(request.param)


def test_no_sample_is_invented_and_each_one_is_in_its_place(case):
    name, outcome = case
    true = truth(outcome)
    changed = 0
    for block in outcome.blocks:
        ours = true[block.start_index : block.stop_index]
        changed += not np.allclose(ours, block.samples, atol=1e-9)
    # a frozen sensor does send what it has not measured
    assert changed == (39 if name == "frozen for 1.5 s" else 0)
    starts = [b.start_index - b.gap_before for b in outcome.blocks]
    assert starts == [0, *(b.stop_index for b in outcome.blocks[:-1])]


def test_what_is_missing_is_counted_exactly(case):
    name, outcome = case
    expected = {
        "lost notifications": 4 * ONE_PACKET,
        "a late notification": ONE_PACKET,
        "a flipped bit": ONE_PACKET,
        "a truncated notification": ONE_PACKET,
        "slow connection interval": ONE_PACKET * outcome.overflowed,
    }.get(name)
    reconnects = {"disconnect, reconnect": 1, "disconnect twice": 2, "out of range for 5 s": 1, "silent for 11 s": 1}
    assert outcome.report.reconnects == reconnects.get(name, 0)
    if name in reconnects:
        assert outcome.lost > 0  # how many, the samples themselves show: each lies in its place (above)
        assert len(outcome.gaps_s) == reconnects[name]
    else:
        assert outcome.lost == (expected or 0)
    assert outcome.decoder.lost == outcome.lost
    assert outcome.decoder.duplicates == (75 if name == "duplicated notifications" else 0)
    assert outcome.decoder.late == (1 if name == "a late notification" else 0)


def test_steps_outside_a_gap_are_those_of_the_undisturbed_run(case, whole):
    name, outcome = case
    if name == "streams before it is started":
        assert outcome.report.early > 0
        assert len(outcome.steps) > 45
        return
    first_gap_s = min([start for start, _ in outcome.gaps_s], default=1e9)
    if name == "frozen for 1.5 s":
        first_gap_s = TROUBLE_S
    end_s = outcome.blocks[-1].stop_index / 208.0
    compared = 0
    for step in outcome.steps:
        if near_a_gap(step, outcome) or step.ic_s > end_s - 1.0 or abs(step.ic_s - first_gap_s) < 3.0:
            continue
        other = same_step(whole.steps, step)
        compared += 1
        if step.ic_s < first_gap_s:
            assert step.as_dict() == other.as_dict()
        else:
            assert alike(step, other)
    assert compared >= 8


def test_a_frozen_sensor_is_flagged_not_counted_as_steps():
    outcome = outcome_of("frozen for 1.5 s")
    assert not [s for s in outcome.steps if TROUBLE_S + 0.3 < s.ic_s < TROUBLE_S + 1.4]
    assert any(Quality.EDGE in s.quality or Quality.FROZEN in s.quality for s in outcome.steps)


def test_after_a_lost_link_the_stream_is_marked_where_it_begins_anew():
    outcome = outcome_of("disconnect twice")
    marks = [i for i, p in enumerate(outcome.packets) if p.characteristic == LINK_RESTORED]
    assert len(marks) == 2
    for i in marks:
        assert outcome.packets[i].t_arrival_ns == outcome.packets[i + 1].t_arrival_ns


def test_a_sensor_that_never_answers_is_given_up_with_a_sentence():
    fault = Fault("deaf", faults.go_deaf, duration_s=600.0)
    outcome = run("open_packet", fault)
    assert "does not answer" in outcome.error
    assert outcome.report.state is LinkState.FAILED
    assert outcome.packets == []


def test_a_sensor_that_is_never_found_again_ends_the_session_with_what_it_has(monkeypatch):
    monkeypatch.setattr("imu.acquisition.link._GIVE_UP_S", 60.0)

    async def gone(world):
        await asyncio.sleep(5.0)
        world.sensors[0].leave_range()

    outcome = run("open_packet", Fault("gone", gone, duration_s=300.0))
    assert "no longer" in outcome.error or "broke" in outcome.error or "answer" in outcome.error
    assert outcome.received == pytest.approx(5.0 * 208, abs=16)


def test_a_sensor_is_told_to_stop_at_the_end():
    outcome = run("open_packet", Fault("nothing", duration_s=5.0))
    assert not outcome.firmware.streaming
