"""Sensors that come apart: the compiled join gives what the one in Python gives, to the last bit, whatever happens."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec_fuzz import FORMS
from test_decode_quick import damage, run, slow_decoder, stream

from firmware_profiles.codecs import polar_pmd
from imu.acquisition.decode import make_decoder
from imu.acquisition.decode_join import JoinDecoder
from imu.acquisition.profiles import get_profile
from imu.types import LINK_RESTORED, RawPacket

JOINED = ["movesense-33", "polar_verity_sense-6"]
PACKETS = 60
RATE_HZ = 208.0
"""Of both forms."""


def quick_decoder(form):
    name, options, *_ = FORMS[form]
    decoder = make_decoder(get_profile(name), options)
    assert isinstance(decoder, JoinDecoder)
    return decoder


def packets_of(form, sensor, n, time_s, rng):
    """The notifications of one packet of one sensor, whose last sample was taken at that time."""
    name = FORMS[form][0]
    uuid = get_profile(name).gatt.notify[0]
    if name == "movesense":
        first_ms = max(0, round(1000 * (time_s - (n - 1) / RATE_HZ)))
        values = rng.normal(0.0, 20.0, (n, 3)).astype("<f4").tobytes()
        body = struct.pack("<I", first_ms) + values
        ref = (0x63, 0x67)[sensor]
        return [(uuid, bytes([2 + i, ref]) + body[150 * i : 150 * i + 150]) for i in range(-(-len(body) // 150))]
    head = struct.pack("<BQB", (2, 5)[sensor], round(1e9 * time_s), (0x81, 0x80)[sensor])
    return [(uuid, head + polar_pmd._compress(rng.integers(-900, 900, (n, 3))))]


@st.composite
def streams(draw, form):
    """Two sensors with packets, times and clocks of their own, on a radio that is not kind to them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rate = RATE_HZ * draw(st.sampled_from([1.0, 1.0, 0.98, 1.04, 1.3]))
    offset = draw(st.sampled_from([0.0, 0.0, 0.1, 0.3, 0.5, 0.9, 4.0, -7.0])) / rate
    jitter = draw(st.sampled_from([0.0, 0.0, 0.05, 0.3, 2.0])) / rate
    most = draw(st.sampled_from([1, 4, 12, 16, 30]))
    is_even = draw(st.booleans())
    sent = []
    for sensor in range(2):
        n = draw(st.integers(1, most))
        period = 1.0 / rate * (1.0 + (0.003 * sensor if draw(st.booleans()) else 0.0))
        index = 0
        while index * period < PACKETS * most / rate / 2 and index < PACKETS * n:
            size = n if is_even else int(rng.integers(1, most + 1))
            index += size
            time = 2.0 + index * period + offset * sensor
            arrival = time + 0.01 + 0.002 * sensor + (rng.exponential(0.01) if jitter else 0.0)
            sent.append((arrival, packets_of(form, sensor, size, time + rng.uniform(-jitter, jitter), rng)))
    sent.sort(key=lambda item: item[0])
    bunch = draw(st.sampled_from([0.0, 0.0, 0.05, 0.4]))
    packets = []
    for arrival, notifications in sent:
        held_s = np.ceil(arrival / bunch) * bunch if bunch else arrival
        packets += [RawPacket(round(1e9 * held_s), *item) for item in notifications]
    for _ in range(draw(st.integers(0, 6))):
        damage(draw, packets)
    for at in draw(st.lists(st.integers(0, len(packets)), max_size=3 if packets else 0)):
        packets.insert(at, RawPacket(packets[max(0, at - 1)].t_arrival_ns, LINK_RESTORED, b""))
    return packets


@pytest.mark.parametrize("form", JOINED)
@settings(deadline=None, max_examples=12)
@given(st.data())
def test_both_ways_say_the_same(form, data):
    packets = list(stream(form))
    for _ in range(data.draw(st.integers(0, 8))):
        damage(data.draw, packets)
    assert run(quick_decoder(form), packets) == run(slow_decoder(form), packets)


@pytest.mark.parametrize("form", JOINED)
@settings(deadline=None, max_examples=60)
@given(st.data())
def test_both_ways_say_the_same_of_sensors_that_do_not_run_in_step(form, data):
    packets = data.draw(streams(form))
    assert run(quick_decoder(form), packets) == run(slow_decoder(form), packets)


@pytest.mark.parametrize("form", JOINED)
@settings(deadline=None, max_examples=15)
@given(st.data())
def test_the_state_goes_to_and_fro_at_any_moment(form, data):
    """Also where nothing but a half has come since: whoever asks meanwhile changes nothing."""
    packets = data.draw(streams(form))
    quick, slow = quick_decoder(form), slow_decoder(form)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    push = quick.push

    def push_and_ask(packet):
        if rng.random() < 0.3:
            quick._tell_order()
            quick._ask_order()
        return push(packet)

    quick.push = push_and_ask
    assert run(quick, packets) == run(slow, packets)


def slowly(decoder, packets):
    """How many packets go the slow way."""
    slow = []
    push_slowly = decoder._push_slowly
    decoder._push_slowly = lambda packet: slow.append(packet) or push_slowly(packet)
    for packet in packets:
        decoder.push(packet)
    assert decoder.lost == decoder.errors == 0
    return len(slow)


@pytest.mark.parametrize("form", JOINED)
def test_what_comes_as_expected_goes_the_quick_way(form):
    packets = stream(form)
    start = 10 * len(packets) // len({p.t_arrival_ns for p in packets})  # until the order has begun
    assert slowly(quick_decoder(form), packets) <= start


@pytest.mark.parametrize("form", JOINED)
@pytest.mark.parametrize("offset", [0.1, 5.15])  # farther off, the whole milliseconds of a Movesense leave holes
def test_so_do_packets_that_do_not_run_in_step(form, offset):
    rng = np.random.default_rng(1)
    sent = []
    for sensor, n in enumerate((12, 10)):
        times = [2.0 + ((k + 1) * n + offset * sensor) / RATE_HZ for k in range(1200 // n)]
        sent += [(time, packets_of(form, sensor, n, time, rng)) for time in times]
    sent.sort(key=lambda item: item[0])
    packets = [RawPacket(round(1e9 * time), *item) for time, notifications in sent for item in notifications]
    decoder = quick_decoder(form)
    assert slowly(decoder, packets) <= 24
    assert decoder.received > 1150
    assert run(quick_decoder(form), packets) == run(slow_decoder(form), packets)


def test_a_range_that_the_sensor_tells_counts_at_once():
    """The start's answer of a Polar says what a count is worth: from the next frame on, in the compiled way as well."""
    form = "polar_verity_sense-6"
    profile = get_profile("polar_verity_sense")
    packets = list(stream(form))
    factor = struct.pack("<f", 0.07)
    for at, kind in ((40, 2), (90, 5)):
        answer = bytes([0xF0, 2, kind, 0, 0, 5, 1]) + factor
        packets.insert(at, RawPacket(packets[at].t_arrival_ns, profile.gatt.indicate[0], answer))
    said = run(quick_decoder(form), packets)
    assert said == run(slow_decoder(form), packets)
    assert said != run(slow_decoder(form), stream(form))
