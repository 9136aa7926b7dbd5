"""Angular rate joined to acceleration by time: the quick way gives what a search through all of them gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_profiles.pairing import TimePairing
from firmware_profiles.readings import Reading
from firmware_profiles.stamps import Stamped, StampLine
from firmware_profiles.streams import Pairing

PERIOD = 1000


def nearest(times, rate_times, rates):
    """Look at every angular rate for every sample."""
    out = np.full((len(times), 3), np.nan)
    for i, time in enumerate(times):
        apart = np.abs(rate_times - time)
        if len(apart) and apart.min() <= PERIOD // 2 + 1:
            out[i] = rates[int(np.argmin(apart))]
    return out


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 14000)), min_size=1, max_size=5),
    st.integers(1, 12),
    st.integers(-6000, 40000),
)
def test_each_sample_gets_the_angular_rate_nearest_in_time(packets, n, at):
    pairing = TimePairing(PERIOD)
    last = 20000
    for k, (size, step) in enumerate(packets):
        last += step
        pairing.add_rates(last, np.arange(3.0 * size).reshape(size, 3) + 100 * k)
    rate_times, rates = pairing.rates()
    times = 20000 + at - PERIOD * np.arange(n - 1, -1, -1)
    pairing.add_acceleration(int(times[-1]), np.ones((n, 3)))
    [(tick, samples)] = pairing.ready(all_of_them=True)
    assert tick == times[-1]
    np.testing.assert_array_equal(samples[:, :3], 1.0)
    np.testing.assert_array_equal(samples[:, 3:], nearest(times, rate_times, rates))


def test_packets_that_run_in_step_go_the_quick_way():
    pairing = TimePairing(PERIOD)
    pairing._nearest = None  # would fail
    for k in range(1, 20):
        pairing.add_rates(8 * PERIOD * k + 90, np.full((8, 3), float(k)))
        pairing.add_acceleration(8 * PERIOD * k, np.zeros((8, 3)))
        [(_, samples)] = pairing.ready()
        np.testing.assert_array_equal(samples[:, 3:], k)


def test_angular_rate_without_acceleration_does_not_pile_up():
    pairing = TimePairing(PERIOD)
    for k in range(1, 1000):
        pairing.add_rates(8 * PERIOD * k, np.full((8, 3), float(k)))
    assert len(pairing.give_state().rates) < 100
    pairing.add_acceleration(8 * PERIOD * 999, np.zeros((8, 3)))  # it comes back
    [(_, samples)] = pairing.ready()
    np.testing.assert_array_equal(samples[:, 3:], 999.0)


PAIR = [(True, False), (False, True)]


def half(stream, k):
    """Batch `k` of three samples of one stream."""
    samples = np.full((3, 6), np.nan)
    samples[:, 3 * stream : 3 * stream + 3] = 10.0 * k + stream
    return Reading(samples)


def joined(events):
    """Batch numbers of acceleration and angular rate of each reading that comes out; None = that half is missing."""
    pairing = Pairing(PAIR)
    out = [r for stream, k in events for r in pairing.push(stream, half(stream, k))] + pairing.flush()
    numbers = []
    for reading in out:
        acc, gyr = reading.samples[0, 0], reading.samples[0, 3]
        numbers.append((None if np.isnan(acc) else int(acc // 10), None if np.isnan(gyr) else int(gyr // 10)))
    return numbers


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_a_lost_half_costs_its_own_batch_alone(data):
    """Also where two notifications change places, or acceleration comes second."""
    leader = data.draw(st.integers(0, 1))
    n = data.draw(st.integers(3, 16))
    batches = [[(leader, k), (1 - leader, k)] for k in range(n)]
    hurt = data.draw(st.lists(st.integers(1, n - 2), unique=True, max_size=4))
    hurt = [k for k in hurt if k - 1 not in hurt]  # two that touch cannot be told apart
    wanted = [(k, k) for k in range(n)]
    for k in hurt:
        kind = data.draw(st.sampled_from(["first lost", "second lost", "exchanged"]))
        if kind == "exchanged":
            batches[k].reverse()
            continue
        lost = batches[k].pop(kind == "second lost")[0]
        wanted[k] = (None, k) if lost == 0 else (k, None)
    assert joined([event for batch in batches for event in batch]) == wanted


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9)), max_size=40))
def test_no_half_is_lost_or_used_twice(events):
    numbers = joined(events)
    assert sorted(a for a, _ in numbers if a is not None) == sorted(k for stream, k in events if stream == 0)
    assert sorted(g for _, g in numbers if g is not None) == sorted(k for stream, k in events if stream == 1)


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_one_damaged_time_moves_no_other_packet(data):
    n = data.draw(st.integers(6, 12))
    rate = data.draw(st.floats(0.97, 1.03))
    packets = [Stamped(round(10**7 + 30 * PERIOD * rate * k), np.full((30, 3), float(k))) for k in range(n)]
    lost = data.draw(st.sampled_from([None, 2, 3]))
    bad = data.draw(st.none() | st.integers(4, n - 2))
    line = StampLine(PERIOD)
    out = []
    for k, packet in enumerate(packets):
        if k == lost:
            continue
        off = data.draw(st.integers(-(10**6), 10**6)) if k == bad else 0
        out += line.push(packet._replace(last=packet.last + off))
        is_told = k == bad and abs(off) > 3 * PERIOD
        assert len(out) >= k - 1 - (lost is not None) - is_told
    out += line.flush()
    for k, packet in enumerate(packets):
        taken = [p for p in out if p.values[0, 0] == k]
        assert len(taken) == (k != lost) or (k == bad and len(taken) <= 1)
        assert k == bad or all(p.last == packet.last for p in taken)


def test_times_that_never_follow_lose_nothing():
    line = StampLine(PERIOD)
    packets = [Stamped(7 * k, np.zeros((30, 3))) for k in range(9)]
    assert [p for packet in packets for p in line.push(packet)] + line.flush() == packets
