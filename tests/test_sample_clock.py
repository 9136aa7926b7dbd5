"""The sample clock's quick arithmetic against the plain one: rollovers of the device's time, earliest packets."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imu.acquisition.clock import SampleClock
from imu.acquisition.envelope import Envelope
from imu.kernels import clock as kernel
from imu.kernels._jit import plain

SECOND_NS = 1_000_000_000
CLOCKS = [(1e-3, 1 << 16), (1e-3, 1 << 32), (1e-6, 1 << 32), (1 / 32768, 1 << 24), (1e-9, 1 << 64)]


@st.composite
def notes(draw):
    """Packets as they come, with device times that mostly go with the host's clock, and gaps up to many rollovers."""
    tick_s, period = draw(st.sampled_from(CLOCKS))
    start = draw(st.integers(0, period - 1))
    arrival_ns, device_s, out = 5 * SECOND_NS, 0.0, []
    for _ in range(draw(st.integers(1, 25))):
        step_s = draw(st.floats(0.001, 0.2) | st.floats(0.0, 200.0))
        arrival_ns += round(step_s * SECOND_NS)
        device_s += step_s * draw(st.floats(0.99, 1.01))
        ticks = (start + round(device_s / tick_s)) % period
        off = draw(st.just(0.0) | st.floats(-0.7, 0.7))  # of a rollover: a time that cannot be
        out.append((arrival_ns, (ticks + round(off * period)) % period))
    return tick_s, period, out


@given(notes())
def test_rollovers_in_between_are_those_that_arrivals_say(drawn):
    tick_s, period, packets = drawn
    clock = SampleClock(50.0, tick_s=tick_s, ticks_period=period)
    device, before = 0, None
    for k, (arrival_ns, ticks) in enumerate(packets):
        clock.note(arrival_ns, k, ticks)
        if before is not None:
            moved = (ticks - before[1]) % period
            device += moved + period * round(((arrival_ns - before[0]) / SECOND_NS / tick_s - moved) / period)
        before = arrival_ns, ticks
        assert clock._device_ticks == device


@given(st.lists(st.tuples(st.floats(0.0, 0.2), st.floats(-0.1, 0.1)), max_size=60), st.booleans())
def test_each_stretch_keeps_its_earliest_packet(packets, thin):
    """Whether the envelope is called for every packet, or only for what it does not decide by its own attributes."""
    asked, spared = (Envelope(stretch_s=0.25, keep=5, thin=thin) for _ in range(2))
    stream_s = 0.0
    for step_s, late_s in packets:
        stream_s += step_s
        asked.note(stream_s, late_s)
        if stream_s >= spared.end_s:
            spared.note(stream_s, late_s)
        elif late_s < spared.best_s:
            spared.best_at_s, spared.best_s = stream_s, late_s
        assert (asked.end_s, asked.best_at_s, asked.best_s) == (spared.end_s, spared.best_at_s, spared.best_s)
    assert asked._points == spared._points
    assert all(math.isfinite(late_s) for _, late_s in asked._points)


KERNEL_ALL_ALONG = ["kernel"] * 25
JUMPS = [  # of a clock of 64 bits: backwards by half its range, and on
    (5_125_000_000, 5 << 61), (5_250_000_000, 1 << 62), (5_375_000_000, 375_000_000), (5_500_000_000, 7 << 61),
]  # fmt: skip


def all_of(clock):
    envelopes = [(e._points, e.end_s, e.best_at_s, e.best_s) for e in (clock._by_index, clock._by_device)]
    return clock.note_at_ns, clock._start, clock._last, clock._device_ticks, envelopes, clock.report()


@pytest.mark.parametrize("by_time", [True, False])
@given(notes(), st.lists(st.sampled_from(["kernel", "kernel", "kernel", "python", "link"]), min_size=25, max_size=25))
@example((1e-9, 1 << 64, JUMPS), KERNEL_ALL_ALONG)
def test_the_kernel_notes_as_python_does(by_time, drawn, ways):
    tick_s, period, packets = drawn
    wanted, clock = (SampleClock(50.0, tick_s=tick_s, ticks_period=period) for _ in range(2))
    note = plain(kernel.note)
    plan, floats = np.zeros(kernel.INTS + 3, dtype=np.int64), np.zeros(kernel.FLOATS + 3)
    clock.give_state(plan, floats, 0, by_time=by_time)
    index = 0
    for k, ((arrival_ns, ticks), way) in enumerate(zip(packets, ways, strict=False)):
        n = 4 + k % 3
        index += n
        said = ticks if by_time else None
        if way == "link":
            wanted.new_epoch()
        if arrival_ns >= wanted.note_at_ns:
            wanted.note(arrival_ns, index, said)
        if way == "kernel" and ticks < 1 << 62:
            if note(arrival_ns, n, ticks, plan, floats):
                clock.take_state(plan, floats)
                clock.note(arrival_ns, index, said)
                clock.give_state(plan, floats, index, by_time=by_time)
            assert plan[kernel.INDEX] == index
        else:
            clock.take_state(plan, floats)
            if way == "link":
                clock.new_epoch()
            if arrival_ns >= clock.note_at_ns:
                clock.note(arrival_ns, index, said)
            clock.give_state(plan, floats, index, by_time=by_time)
    clock.take_state(plan, floats)
    assert all_of(clock) == all_of(wanted)
    assert not plan[:3].any()
    assert not floats[:3].any()
