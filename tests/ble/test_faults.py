"""Every fault of the radio and of the sensor: no crash, no invented sample, the loss counted exactly, steps kept."""

import asyncio
import math

import pytest
from ble import faults
from ble.faults import (
    CUT,
    DOUBLED,
    DROPPED,
    FAST_CLOCK,
    FAULTS,
    FROZEN,
    LATE,
    LOSES_NOTHING,
    LOST,
    MID_PACKET,
    SLOW,
    TWICE,
    UNREADABLE,
    compared,
    outcome_of,
    unseen,
)
from ble.outcome import CONTACT_S, MEMORY_S, Fault, alike, run
from ble.table import PAGE, table

from imu.types import LINK_RESTORED, LinkState, Quality

CASES = [(profile, fault.name) for profile, them in FAULTS.items() for fault in them]
FROZEN_S = faults.TROUBLE_S
"""Of the stream's own time: it begins when the sensor is found, and so does the trouble."""
RECONNECTS = {DROPPED.name: 1, MID_PACKET.name: 1, TWICE.name: 2, faults.AWAY.name: 1, faults.SILENT.name: 1}


@pytest.fixture(params=[case for case in CASES if case not in UNREADABLE], ids=": ".join)
def case(request):
    return *request.param, compared(*request.param)


def test_no_sample_is_invented(case):
    _, _, against = case
    assert against.invented == 0
    assert against.outcome.error == ""


def test_each_sample_is_in_its_place(case):
    profile, name, against = case
    starts = [b.start_index - b.gap_before for b in against.outcome.blocks]
    assert starts == [0, *(b.stop_index for b in against.outcome.blocks[:-1])]
    if name == FROZEN.name:  # it sends once more what it has measured before, for as long as it is frozen
        wrong = [b for b in against.outcome.blocks if (against.true_samples(b) != b.samples).any()]
        assert sum(len(b.samples) for b in wrong) == pytest.approx(1.5 * against.outcome.info.sampling_rate_hz, abs=36)
        assert all((b.samples == wrong[0].samples[-1]).all() for b in wrong)
    elif not unseen(profile, name):
        assert against.misplaced == 0


def test_what_is_missing_is_counted_exactly(case):
    profile, name, against = case
    outcome = against.outcome
    size = outcome.firmware.packet_samples
    lost = {LOST.name: 4 * size, CUT.name: size, LATE.name: size, faults.HEADER: size}.get(name)
    if (profile, name) == ("polar_h10", LATE.name):
        lost = 0  # a packet of 180 ms that comes after the next is still in time to be put in its place
    if (profile, name) == ("witmotion_wt901ble", faults.HEADER):
        lost = 1  # of four frames: the others have headers of their own
    if name == SLOW.name:
        lost = size * outcome.overflowed
    assert outcome.decoder.lost == outcome.counted
    if unseen(profile, name):  # no counter and no clock: nothing can show it exactly
        assert abs(outcome.counted - against.lost) <= size
        return
    assert outcome.counted == against.lost
    if name in RECONNECTS:
        assert len(outcome.gaps_s) == RECONNECTS[name]
    else:
        assert outcome.counted == (lost or 0)


def test_what_happened_is_told(case):
    profile, name, against = case
    outcome = against.outcome
    assert outcome.report.reconnects == RECONNECTS.get(name, 0)
    assert outcome.decoder.duplicates == (20 if name == DOUBLED.name else 0)
    if not unseen(profile, name):
        assert outcome.decoder.late == (1 if name == LATE.name and against.lost else 0)
    damaged = name in {CUT.name, MID_PACKET.name, faults.HEADER} and profile != "witmotion_wt901ble"
    assert outcome.decoder.errors == damaged
    if name == faults.UNASKED.name:
        assert outcome.report.early > 0


def test_steps_are_those_of_the_same_samples_bit_for_bit(case):
    profile, name, against = case
    if against.misplaced:
        assert name == FROZEN.name or unseen(profile, name)
        return
    expected = [step.as_dict() for step in against.steps_of_the_same_samples()]
    assert [step.as_dict() for step in against.outcome.steps] == expected


def test_steps_outside_a_gap_are_those_of_the_undisturbed_run(case):
    """Before the first loss to the last bit; after it but for what the tracked direction of gravity has missed."""
    profile, name, against = case
    pairs = against.pairs()
    assert len(pairs) >= 15
    if unseen(profile, name):
        return
    first_s = min([start for start, _ in against.troubles_s], default=1e9)
    moved = 0
    for a, b in pairs:
        if against.is_near_trouble(a):
            continue
        assert b is not None
        assert a.quality == b.quality
        after_s = against.seconds_after(a)
        assert alike(a, b, after_s)
        moved += not alike(a, b, after_s, CONTACT_S * math.exp(-after_s / MEMORY_S))
        if a.ic_s < first_s and not against.first:
            assert a.as_dict() == b.as_dict()
    assert moved <= 1
    whole_s = [step.ic_s - against.first / against.outcome.info.sampling_rate_hz for step in against.whole.steps]
    for step in against.outcome.steps:
        if not any(start - 1.0 <= step.ic_s <= stop + 1.0 for start, stop in against.troubles_s):
            assert min(abs(step.ic_s - at) for at in whole_s) < 0.02, "nobody made this step"


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        (profile, fault.name)
        for profile in FAULTS
        for fault in LOSES_NOTHING
        if (profile, fault.name) not in UNREADABLE and not unseen(profile, fault.name)
    ],
)
def test_where_no_sample_is_lost_every_step_is_that_of_the_undisturbed_run_bit_for_bit(profile, name):
    """Also when the same packet came twice, twelve came at once, each was cut into pieces, or all came late."""
    against = compared(profile, name)
    outcome, rate = against.outcome, against.outcome.info.sampling_rate_hz
    assert outcome.counted == against.lost == against.misplaced == 0
    if against.first:  # with another clock it begins some samples later: then the same steps of these samples
        assert (profile, name) == ("witmotion_wt901ble", FAST_CLOCK.name)
        expected = against.steps_of_the_same_samples()
    else:
        expected = against.whole.steps
    until_s = outcome.stop / rate - 1.0  # what waits for its next step when the run ends is not finished there
    steps = [step.as_dict() for step in outcome.steps if step.ic_s < until_s]
    assert len(steps) >= 15
    assert steps == [step.as_dict() for step in expected if step.ic_s < until_s]


def test_a_frozen_sensor_is_flagged_not_counted_as_steps():
    outcome = compared("open_packet", FROZEN.name).outcome
    assert not [s for s in outcome.steps if FROZEN_S + 0.3 < s.ic_s < FROZEN_S + 1.4]
    assert any(Quality.EDGE in s.quality or Quality.FROZEN in s.quality for s in outcome.steps)


def test_after_a_lost_link_the_stream_is_marked_where_it_begins_anew():
    outcome = compared("open_packet", TWICE.name).outcome
    marks = [i for i, p in enumerate(outcome.packets) if p.characteristic == LINK_RESTORED]
    assert len(marks) == 2
    for i in marks:
        assert outcome.packets[i].t_arrival_ns == outcome.packets[i + 1].t_arrival_ns


@pytest.mark.parametrize(("profile", "name"), sorted(UNREADABLE))
def test_packets_that_cannot_be_read_give_no_sample_and_no_crash(profile, name):
    outcome = outcome_of(profile, name)
    assert outcome.blocks == outcome.steps == []
    assert outcome.decoder.errors >= len(outcome.packets) - 3 > 50


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


@pytest.mark.parametrize("profile", FAULTS)
def test_the_table_in_the_documentation_is_true(profile):
    page = PAGE.read_text("utf-8")
    for line in table(profile):
        assert line in page, "run `python -m tests.ble.table --write`"
