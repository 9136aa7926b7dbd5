"""What is missing, seen by device time alone, by a counter alone, or by nothing but arrivals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_profiles import Counts, RecordCodec
from imu.acquisition.decode import make_decoder
from imu.acquisition.loss_rate import ArrivalOrder
from imu.acquisition.loss_time import StampOrder
from imu.acquisition.order import Arrived
from imu.acquisition.profiles import get_profile
from imu.errors import DecodeError
from imu.types import LINK_RESTORED, RawPacket

OPEN = get_profile("open_packet")
CODEC = RecordCodec(OPEN)
UUID = OPEN.gatt.notify[0]
NO_CLOCK = type(OPEN.clock)(kind="none")


def by(kind, clock=OPEN.clock):
    return OPEN.model_copy(update={"loss": type(OPEN.loss)(kind=kind), "clock": clock})


BY_TIME, BY_COUNTER, BY_RATE = by("timestamp"), by("counter", NO_CLOCK), by("rate", NO_CLOCK)


def stream(n_packets, n=8, *, rate=208.0, seed=0, latency_s=0.01, interval_s=0.0075, ticks_0=0, counter_0=0):
    """Packets as a radio delivers them: at the next connection event after some delay, never before the last one."""
    rng = np.random.default_rng(seed)
    packets, last = [], 0.0
    values = rng.integers(-3000, 3000, (n_packets * n, 6))
    delays = rng.exponential(latency_s, n_packets)
    for k in range(n_packets):
        ready = (k + 1) * n / rate + delays[k]
        last = max(last + 3e-4, np.ceil(ready / interval_s) * interval_s)
        ticks = (ticks_0 + round(k * n / rate * 1e6)) % 2**32
        payload = CODEC.encode(Counts(values[k * n : k * n + n], (counter_0 + k) % 65536, ticks))
        packets.append(RawPacket(round(last * 1e9), UUID, payload))
    return packets


def stalled(packets, start_s, stop_s):
    """The radio holds everything back for a while, then delivers it at once."""
    stop_ns = round(stop_s * 1e9)
    out = []
    for k, p in enumerate(packets):
        late = start_s * 1e9 < p.t_arrival_ns < stop_ns
        out.append(p._replace(t_arrival_ns=stop_ns + k) if late else p)
    return out


def run(profile, packets, **kwargs):
    decoder = make_decoder(profile, **kwargs)
    blocks, errors = [], 0
    for p in packets:
        try:
            blocks += decoder.push(p)
        except DecodeError:
            errors += 1
    blocks += decoder.flush()
    stop = 0
    for block in blocks:
        assert block.start_index == stop + block.gap_before
        stop = block.stop_index
    assert stop == decoder.received + decoder.lost
    return decoder, blocks


def gaps(blocks):
    return [(b.start_index - b.gap_before, b.gap_before) for b in blocks if b.gap_before]


def places(packets, blocks):
    """Packet number of each block, by its samples."""
    known = {CODEC.samples(CODEC.parse(p.payload)).tobytes(): k for k, p in enumerate(packets)}
    return [known[b.samples.tobytes()] for b in blocks]


# -- device time ---------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(
    st.lists(st.booleans(), min_size=6, max_size=150),
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 3, 8, 36]),
    st.floats(0.95, 1.05),
    st.sampled_from([BY_TIME, BY_COUNTER]),
)
def test_lost_packets_become_gaps_of_exactly_their_samples(lost, ticks_0, n, fast, profile):
    """The sensor's own rate is up to 5 % off; time or counter roll over anywhere; the first two packets arrive."""
    lost[0] = lost[1] = False
    packets = stream(len(lost), n, rate=208.0 * fast, ticks_0=ticks_0, counter_0=ticks_0 % 65536)
    kept = [k for k, is_lost in enumerate(lost) if not is_lost]
    decoder, blocks = run(profile, [packets[k] for k in kept])
    assert [b.start_index for b in blocks] == [k * n for k in kept]
    assert places(packets, blocks) == kept
    assert decoder.lost == (kept[-1] + 1 - len(kept)) * n


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 63), st.integers(1, 27))
def test_a_flipped_bit_in_the_header_shifts_nothing(bit, at):
    packets = stream(30)
    damaged = bytearray(packets[at].payload)
    damaged[bit // 8] ^= 1 << (bit % 8)
    sent = [*packets[:at], packets[at]._replace(payload=bytes(damaged)), *packets[at + 1 :]]
    for profile in (BY_TIME, BY_COUNTER):
        decoder, blocks = run(profile, sent)
        assert [b.start_index for b in blocks] == [8 * k for k in places(packets, blocks)]
        assert decoder.received in {240, 232}
        assert decoder.received + decoder.lost + 8 * (blocks[-1].stop_index < 240) == 240


@settings(deadline=None)
@given(st.permutations(range(5)), st.lists(st.integers(0, 9), max_size=3))
def test_late_and_repeated_packets_invent_nothing(order, again):
    packets = stream(30)
    numbers = [*range(10), *(10 + i for i in order), *(10 + i for i in again if i < 5), *range(15, 30)]
    for profile in (BY_TIME, BY_COUNTER):
        decoder, blocks = run(profile, [packets[k] for k in numbers])
        assert [b.start_index for b in blocks] == [8 * k for k in places(packets, blocks)]
        assert blocks[-1].stop_index == 240
        assert len(blocks) + decoder.late + decoder.duplicates + decoder.errors == len(numbers)


def test_two_packets_that_change_places_are_put_right():
    packets = stream(30)
    swapped = [*packets[:12], packets[13], packets[12], *packets[14:]]
    decoder, blocks = run(BY_TIME, swapped)
    assert decoder.lost == decoder.late == 0
    assert places(packets, blocks) == list(range(30))


@pytest.mark.parametrize("away_s", [1.0, 60.0, 3600.0])
def test_a_long_gap_is_exact_where_the_clock_went_on(away_s):
    away = round(away_s * 208 / 8)
    packets = stream(20 + 20)
    after = [
        p._replace(
            t_arrival_ns=p.t_arrival_ns + round(away * 8 / 208 * 1e9),
            payload=CODEC.encode(CODEC.parse(p.payload)._replace(ticks=round((k + 20 + away) * 8 / 208 * 1e6) % 2**32)),
        )
        for k, p in enumerate(packets[20:])
    ]
    back = RawPacket(after[0].t_arrival_ns - 1, LINK_RESTORED, b"")
    for sent in ([*packets[:20], *after], [*packets[:20], back, *after]):
        decoder, _ = run(BY_TIME, sent)
        assert decoder.lost == away * 8
        assert decoder.errors == 0


def test_a_clock_that_is_set_while_it_streams_is_followed_by_host_time():
    """Arrivals go on as before, so the jump is none of the stream: two packets until three agree."""
    packets = stream(60)
    for jump_s in (-3600.0, -5.0, 5.0, 3600.0):
        sent = [
            p._replace(payload=CODEC.encode(c._replace(ticks=(c.ticks + round(jump_s * 1e6)) % 2**32)))
            if k >= 30
            else p
            for k, (p, c) in enumerate((p, CODEC.parse(p.payload)) for p in packets)
        ]
        decoder, blocks = run(BY_TIME, sent)
        assert decoder.restarts == 1
        assert decoder.lost == pytest.approx(16, abs=4)
        assert len(blocks) == 58


def test_a_device_that_streams_at_half_the_rate_loses_nothing():
    decoder, blocks = run(BY_TIME, stream(200, rate=104.0))
    assert decoder.lost == 0
    assert len(blocks) == 200
    assert decoder.clock.rate_hz == pytest.approx(104.0, rel=2e-3)
    assert decoder.clock.is_off


@settings(deadline=None)
@given(
    rate=st.floats(50.0, 60.0),
    n=st.integers(4, 16),
    seed=st.integers(0, 99),
    last=st.booleans(),
    lost=st.sets(st.integers(6, 190), max_size=20),
)
def test_milliseconds_and_packets_of_any_size_are_enough(rate, n, seed, last, lost):
    """Stamps rounded down to milliseconds; each packet holds up to four samples more than the smallest."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(n, n + 5, 200)
    first = np.concatenate([[0], np.cumsum(sizes)])
    order = StampOrder(ticks_period=2**32, ticks_per_sample=1000 / 55.0, tick_s=1e-3, stamps_last=last)
    placed = []
    for k in range(200):
        if k in lost:
            continue
        stamped = first[k] + (sizes[k] - 1 if last else 0)
        samples = np.arange(first[k], first[k + 1], dtype=float)[:, None] * np.ones(3)
        arrived = Arrived(round(first[k + 1] / rate * 1e9), samples, int(stamped / rate * 1e3))
        placed += order.place(arrived)
    at = 0
    for part in [*placed, *order.flush()]:
        at += part.missing
        assert part.samples[0, 0] == at
        at += len(part.samples)
    assert at == first[-1]


# -- arrivals alone --------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(
    rate=st.floats(0.93, 1.07),
    n=st.sampled_from([1, 4, 8]),
    seed=st.integers(0, 999),
    interval_s=st.sampled_from([0.0075, 0.015, 0.03]),
    stalls=st.lists(st.tuples(st.floats(2.0, 35.0), st.floats(0.1, 2.5)), max_size=3),
)
def test_late_bunches_and_a_rate_that_is_off_invent_no_loss(rate, n, seed, interval_s, stalls):
    packets = stream(round(40 * 104 / n), n, rate=104.0 * rate, seed=seed, interval_s=interval_s)
    for start, length in stalls:
        packets = stalled(packets, start, start + length)
    decoder, blocks = run(BY_RATE, packets, options={"rate_hz": 104})
    assert decoder.lost == 0
    assert len(blocks) == len(packets)
    assert decoder.clock.rate_hz == pytest.approx(104.0 * rate, rel=0.01)


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 999),
    interval_s=st.sampled_from([0.0075, 0.015]),
    first=st.integers(300, 500),
    lost=st.integers(1, 60),
    rate=st.floats(0.98, 1.02),
)
def test_what_arrivals_prove_is_declared_where_it_was(seed, interval_s, first, lost, rate):
    packets = stream(900, 4, rate=100.0 * rate, seed=seed, interval_s=interval_s)
    decoder, blocks = run(BY_RATE, [*packets[:first], *packets[first + lost :]], options={"rate_hz": 100})
    assert decoder.lost == 4 * lost
    (at, n_missing), *more = gaps(blocks)
    assert not more
    assert n_missing == 4 * lost
    assert abs(at - 4 * first) <= 4 * 3  # a packet that was late just before it belongs to the same bunch


def test_nothing_is_declared_before_the_rate_is_known():
    packets = stream(400, 4, rate=99.26)
    decoder, _ = run(BY_RATE, [*packets[:10], *packets[13:]], options={"rate_hz": 100})
    assert decoder.lost == 0


def test_samples_wait_only_while_it_is_open_whether_they_are_late():
    packets = stream(1200, 4, rate=100.0)
    sent = [*packets[:700], *packets[703:]]
    decoder = make_decoder(BY_RATE, {"rate_hz": 100})
    behind = []
    for k, p in enumerate(sent):
        decoder.push(p)
        behind.append(4 * (k + 1) - decoder.received)
    assert max(behind[:700]) <= 12
    assert max(behind[700:]) <= 4 * 30  # a little over a second, until the loss is proved
    assert behind[-1] <= 12


def test_a_repeated_packet_is_dropped_but_a_frozen_sensor_is_not():
    packets = stream(600, 4, rate=100.0)
    again = [
        p
        for k, p in enumerate(packets)
        for p in ([p, p._replace(t_arrival_ns=p.t_arrival_ns + 10**5)] if k % 50 == 7 else [p])
    ]
    decoder, blocks = run(BY_RATE, again, options={"rate_hz": 100})
    assert decoder.duplicates == 12
    assert len(blocks) == 600
    frozen = [p if k < 300 else p._replace(payload=packets[300].payload) for k, p in enumerate(packets)]
    decoder, blocks = run(BY_RATE, frozen, options={"rate_hz": 100})
    assert len(blocks) + decoder.duplicates == 600
    assert decoder.duplicates <= 1
    assert decoder.lost <= 4


def test_after_a_lost_link_the_hosts_clock_says_how_long_it_was():
    packets = stream(900, 4, rate=99.26)
    back = RawPacket(packets[620].t_arrival_ns - 1000, LINK_RESTORED, b"")
    decoder, blocks = run(BY_RATE, [*packets[:400], back, *packets[620:]], options={"rate_hz": 100})
    assert decoder.lost == pytest.approx(4 * 220, abs=4)
    assert [at for at, _ in gaps(blocks)] == [1600]


def test_the_same_arrivals_give_the_same_blocks_however_they_are_fed():
    """A stored session is decoded again in exactly the same way."""
    packets = stalled(stream(900, 4, rate=99.0, seed=3), 20.0, 20.6)
    packets = [*packets[:500], *packets[504:]]
    _, one = run(BY_RATE, packets, options={"rate_hz": 100})
    _, two = run(BY_RATE, packets, options={"rate_hz": 100})
    assert [b.start_index for b in one] == [b.start_index for b in two]
    order = ArrivalOrder(sampling_rate_hz=100.0)
    placed = []
    for p in packets:  # without the quick way
        placed += order.place(Arrived(p.t_arrival_ns, CODEC.samples(CODEC.parse(p.payload))))
    placed += order.flush()
    assert [part.missing for part in placed] == [b.gap_before for b in one]


# -- the clock -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ppm", [-200.0, 0.0, 200.0])
@pytest.mark.parametrize("profile", [OPEN, BY_TIME], ids=["counter", "time"])
def test_drift_of_the_devices_clock_is_measured_against_the_host(profile, ppm):
    packets = stream(200 * 26, rate=208.0, seed=1)
    drifting = [
        p._replace(t_arrival_ns=round(p.t_arrival_ns / (1 + ppm * 1e-6))) for p in packets
    ]  # the device counts 1 + ppm seconds in one of the host's
    decoder, _ = run(profile, drifting)
    report = decoder.clock
    assert decoder.lost == 0
    assert report.drift_ppm == pytest.approx(ppm, abs=max(10.0, 4 * report.drift_error_ppm))
    assert report.rate_hz == pytest.approx(208.0 * (1 + ppm * 1e-6), abs=4 * report.rate_error_hz)
    assert not report.is_off


def test_nothing_is_known_of_a_clock_after_a_second():
    decoder, _ = run(BY_TIME, stream(26))
    assert decoder.clock.rate_hz is None
    assert decoder.clock.drift_ppm is None
    assert not decoder.clock.is_off


def test_what_a_radio_holds_back_does_not_turn_the_clock():
    packets = stalled(stalled(stream(60 * 26, seed=2), 20.0, 24.0), 40.0, 41.0)
    decoder, _ = run(BY_RATE, packets)
    assert decoder.clock.rate_hz == pytest.approx(208.0, rel=1e-3)
    assert decoder.clock.drift_ppm is None  # there is no device clock
