"""From bytes to blocks: exact values, exact gaps, nothing guessed."""

import naive_decode
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_profiles import Counts, RecordCodec
from imu.acquisition.decode import make_decoder
from imu.acquisition.profiles import get_profile
from imu.errors import DecodeError
from imu.kernels import decode as kernel
from imu.types import LINK_RESTORED, RawPacket

PROFILE = get_profile("open_packet")
CODEC = RecordCodec(PROFILE)
UUID = PROFILE.gatt.notify[0]
RATE = 208.0
RNG = np.random.default_rng(5)
VALUES = RNG.integers(-32768, 32768, (40000, 6))


def packet(number, n=8, *, first=None, counter_0=0, ticks_0=0, late_ms=0.0, rate=RATE):
    """Packet `number` of a stream of `n` samples each."""
    first = number * n if first is None else first
    ticks = (ticks_0 + round(first / rate * 1e6)) % 2**32
    values = VALUES[np.arange(first, first + n) % len(VALUES)]
    payload = CODEC.encode(Counts(values, (counter_0 + number) % 65536, ticks))
    return RawPacket(round((first + n) / rate * 1e9 + late_ms * 1e6), UUID, payload)


def run(packets, **kwargs):
    decoder = make_decoder(PROFILE, **kwargs)
    blocks, errors = [], 0
    for p in packets:
        try:
            blocks += decoder.push(p)
        except DecodeError:
            errors += 1
    assert decoder.flush() == []
    assert decoder.errors == errors
    return decoder, blocks


def check_blocks(blocks):
    """Blocks neither overlap nor hide a hole."""
    stop = blocks[0].start_index
    for block in blocks:
        assert block.start_index == stop + block.gap_before
        stop = block.stop_index


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("n", [0, 1, 8])
def test_kernel_equals_the_naive_decoder(size, n):
    raw = RNG.integers(0, 256, 5 + n * 6 * size, dtype=np.uint8).tobytes()
    if n == 8:  # both ends of the range
        raw = raw[:5] + b"\x00" * (size - 1) + b"\x80" + b"\xff" * (size - 1) + b"\x7f" + raw[5 + 2 * size :]
    scales = RNG.normal(size=6)
    plan = np.array([0, 0, 0, 0, 0, 5, 6, size, -1, 0, -1, 0, 0, 0, 0, 3, 4, 5, 0, 1, 2])
    out = np.full((n, 6), np.nan)
    kernel.decode_records(raw, 5, n, plan, scales, out)
    expected = naive_decode.records(raw, 5, n, 6, size, scales)
    np.testing.assert_array_equal(out, expected[:, [3, 4, 5, 0, 1, 2]])


def test_kernel_leaves_out_channels_that_are_not_used():
    raw = np.arange(12, dtype="<i2").tobytes()
    plan = np.array([0, 0, 0, 0, 0, 0, 6, 2, -1, 0, -1, 0, 0, 0, 0, 0, 1, 2, -1, -1, -1])
    out = np.full((2, 3), np.nan)
    kernel.decode_records(raw, 0, 2, plan, np.ones(6), out)
    np.testing.assert_array_equal(out, [[0, 1, 2], [6, 7, 8]])


def test_samples_are_those_of_the_naive_decoder():
    packets = [packet(i) for i in range(20)]
    decoder, blocks = run(packets)
    got = np.concatenate([b.samples for b in blocks])
    expected = np.concatenate([naive_decode.open_packet(p.payload)[2] for p in packets])
    np.testing.assert_allclose(got, expected, rtol=1e-14)
    reference = np.concatenate([CODEC.samples(CODEC.parse(p.payload)) for p in packets])
    np.testing.assert_array_equal(got, reference)
    assert (decoder.received, decoder.lost) == (160, 0)
    assert decoder.info.sampling_rate_hz == RATE
    assert decoder.info.acc_range_g == 16.0


@settings(deadline=None)
@given(
    st.lists(st.booleans(), min_size=1, max_size=200),
    st.integers(0, 65535),
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 3, 8, 18]),
)
def test_lost_packets_become_gaps_of_exactly_their_samples(lost, counter_0, ticks_0, n):
    kept = [i for i, is_lost in enumerate(lost) if not is_lost or i == 0]
    decoder, blocks = run([packet(i, n, counter_0=counter_0, ticks_0=ticks_0) for i in kept])
    check_blocks(blocks)
    assert [b.start_index for b in blocks] == [i * n for i in kept]
    assert decoder.lost == (kept[-1] + 1 - len(kept)) * n
    assert decoder.received == len(kept) * n


@settings(deadline=None)
@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=4))
def test_late_and_repeated_packets_are_dropped_and_counted(order, again):
    numbers = [0, *(i + 1 for i in order), *(i + 1 for i in again), 7]
    decoder, blocks = run([packet(i) for i in numbers])
    check_blocks(blocks)
    taken = {b.start_index // 8 for b in blocks}
    assert taken == {n for i, n in enumerate(numbers) if n > max(numbers[:i], default=-1)}
    assert decoder.late + decoder.duplicates == len(numbers) - len(blocks)
    assert decoder.received + decoder.lost == 64
    assert decoder.errors == 0


@pytest.mark.parametrize("missing", [65535, 65536, 70000, 150000, 400000])
def test_a_gap_longer_than_the_counter_and_the_clock_reach_is_still_exact(missing):
    decoder, blocks = run([packet(0), packet(1), packet(2 + missing, late_ms=700.0), packet(3 + missing)])
    assert [b.gap_before for b in blocks] == [0, 0, missing * 8, 0]
    assert decoder.lost == missing * 8


@pytest.mark.parametrize("drift", [-0.05, 0.05])
def test_a_sensor_that_runs_fast_or_slow_has_no_gaps(drift):
    decoder, blocks = run([packet(i, rate=RATE * (1 + drift)) for i in range(300)])
    assert decoder.lost == decoder.errors == 0
    assert len(blocks) == 300


def test_arrival_times_do_not_matter():
    late = RNG.uniform(0, 900, 100)
    _, calm = run([packet(i) for i in range(100)])
    _, bunched = run([packet(i, late_ms=late[i]) for i in range(100)])
    assert [b.start_index for b in calm] == [b.start_index for b in bunched]


def test_lost_packets_of_unknown_size_are_counted_by_the_clock():
    sizes = [8, 8, 8, 5, 8, 8]
    first = np.concatenate([[0], np.cumsum(sizes)])
    everything = [packet(i, n, first=int(first[i])) for i, n in enumerate(sizes)]
    decoder, blocks = run(everything)
    assert [b.n for b in blocks] == sizes
    assert decoder.lost == 0
    decoder, blocks = run([everything[i] for i in (0, 3, 5)])
    assert [b.start_index for b in blocks] == [0, 24, 37]
    assert [b.gap_before for b in blocks] == [0, 16, 8]
    assert decoder.lost == 24


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 8 * 8 - 1), st.integers(2, 17))
def test_a_flipped_bit_in_the_header_neither_shifts_nor_stops_the_stream(bit, at):
    packets = [packet(i, counter_0=65530) for i in range(20)]
    damaged = bytearray(packets[at].payload)
    damaged[bit // 8] ^= 1 << (bit % 8)
    packets[at] = packets[at]._replace(payload=bytes(damaged))
    decoder, blocks = run(packets)
    check_blocks(blocks)
    whole = np.concatenate([VALUES[i * 8 : i * 8 + 8] for i in range(20)])
    for block in blocks:
        expected = CODEC.samples(Counts(whole[block.start_index : block.stop_index], None, None))
        np.testing.assert_array_equal(block.samples, expected)
    assert blocks[-1].stop_index == 160
    assert decoder.received >= 160 - 8


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=130), st.integers(1, 18))
def test_foreign_bytes_never_stop_the_stream(garbage, at):
    packets = [packet(i) for i in range(20)]
    decoder, blocks = run([*packets[:at], RawPacket(packets[at].t_arrival_ns, UUID, garbage), *packets[at:]])
    assert len(blocks) == 20
    assert decoder.errors + decoder.duplicates + decoder.late == 1


def test_a_wrong_packet_says_where_and_shows_itself():
    decoder = make_decoder(PROFILE)
    with pytest.raises(DecodeError) as caught:
        decoder.push(RawPacket(0, UUID, b"\x02\x08\x00\x00"))
    assert caught.value.offset == 4
    assert caught.value.hex == "02080000"
    with pytest.raises(DecodeError) as caught:
        decoder.push(RawPacket(0, UUID, b"\x02" + packet(0).payload[1:]))
    assert caught.value.offset == 0
    assert decoder.errors == 2


def test_a_device_that_starts_anew_is_followed_after_three_packets():
    before = [packet(i, counter_0=500, ticks_0=10**9) for i in range(10)]
    away_s = 5.0
    after = [
        packet(i)._replace(t_arrival_ns=round(packet(i).t_arrival_ns + (80 / RATE + away_s) * 1e9)) for i in range(10)
    ]
    decoder, blocks = run([*before, *after])
    check_blocks(blocks)
    assert decoder.restarts == 1
    assert decoder.errors == 2
    gap = [b.gap_before for b in blocks if b.gap_before]
    assert gap == [round(away_s * RATE) + 16]
    assert decoder.received == 80 + 64


@given(
    rate=st.floats(203.0, 213.0),
    away=st.integers(1, 400),
    ticks_0=st.integers(0, 2**32 - 1),
    late_ms=st.lists(st.floats(0.0, 400.0), min_size=2, max_size=2),
)
@settings(max_examples=50, deadline=None)
def test_after_a_lost_link_device_time_says_the_gap_though_the_counter_begins_anew(rate, away, ticks_0, late_ms):
    """However late the packets around it came, and though the sensor samples 2 % off the nominal rate."""
    n = 400  # 15 s, from which the rate is learnt
    sent = [packet(i, ticks_0=ticks_0, rate=rate, counter_0=7) for i in range(n - 1)]
    sent.append(packet(n - 1, ticks_0=ticks_0, rate=rate, counter_0=7, late_ms=late_ms[0]))
    after = [
        packet(i, first=(n + away + i) * 8, ticks_0=ticks_0, rate=rate, late_ms=late_ms[1] if i == 0 else 400.0)
        for i in range(20)
    ]
    back = RawPacket(after[0].t_arrival_ns, LINK_RESTORED, b"")
    decoder, blocks = run([*sent, back, *after])
    check_blocks(blocks)
    assert decoder.lost == away * 8
    assert decoder.restarts == decoder.errors == 0


def test_a_device_at_half_the_rate_it_was_set_to_is_read_and_said_not_refused():
    packets = [packet(i, rate=RATE / 2) for i in range(200)]
    decoder, blocks = run(packets)
    check_blocks(blocks)
    assert blocks[-1].stop_index == 1600
    assert decoder.errors == 2  # until three packets agreed
    assert decoder.lost == 16
    assert decoder.restarts == 0
    assert decoder.clock.rate_hz == pytest.approx(RATE / 2, rel=1e-3)
    assert decoder.clock.is_off


@settings(deadline=None)
@given(st.integers(1, 40), st.booleans(), st.sampled_from([0.1, 3.0, 30.0, 400.0]))
def test_after_a_lost_link_a_gap_is_marked_in_any_case(lost, keeps_counting, away_s):
    """Counter and time that went on give the exact gap; a device that began anew is placed by the host's clock."""
    before = [packet(i, counter_0=500, ticks_0=10**9) for i in range(10)]
    away = round(away_s * RATE / 8) + lost
    if keeps_counting:
        after = [packet(10 + away + i, counter_0=500, ticks_0=10**9) for i in range(10)]
    else:
        after = [packet(i) for i in range(10)]
        shift = round((80 + away * 8) / RATE * 1e9)
        after = [p._replace(t_arrival_ns=p.t_arrival_ns + shift) for p in after]
    back = RawPacket(after[0].t_arrival_ns - 5_000_000, LINK_RESTORED, b"")
    decoder, blocks = run([*before, back, *after])
    check_blocks(blocks)
    assert decoder.received == 160
    assert decoder.lost == pytest.approx(away * 8, abs=0 if keeps_counting else 1)
    assert decoder.errors == 0


def test_after_a_lost_link_a_gap_is_marked_even_where_nothing_seems_missing():
    back = RawPacket(packet(10).t_arrival_ns, LINK_RESTORED, b"")
    _, blocks = run([*(packet(i) for i in range(10)), back, *(packet(i) for i in range(10, 20))])
    assert [b.gap_before for b in blocks if b.gap_before] == [1]


def test_answers_to_commands_are_no_errors():
    decoder = make_decoder(PROFILE)
    assert decoder.push(RawPacket(0, "7d1e0003-5c3b-4c8e-9f0a-2b6d1f4a9c35", b"\x01")) == []
    assert decoder.errors == 0
