"""The quick way through a decoder gives what the slow one gives, to the last bit, whatever happens on the way."""

import struct
import zlib
from functools import cache

import naive_decode
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec_fuzz import FORMS, make

from firmware_profiles import FirmwareProfile, Reading
from firmware_profiles.layout import Column, Layout
from imu.acquisition import decode_quick
from imu.acquisition.decode import make_decoder
from imu.acquisition.decode_readings import ReadingDecoder
from imu.acquisition.profiles import get_profile, open_codec
from imu.errors import DecodeError
from imu.kernels import delta
from imu.kernels import packet as kernel
from imu.types import LINK_RESTORED, RawPacket

QUICK = [form for form, (name, options, *_) in FORMS.items() if open_codec(get_profile(name), options).layouts()]
SECONDS = 12.0
"""Long enough for a line through the arrivals, which takes five."""


@cache
def stream(form):
    """Notifications of a sensor that loses nothing; radio jitter included."""
    name, _, n, _, _ = FORMS[form]
    profile = get_profile(name)
    codec, reading, _, _ = make(form)
    clock, rate = profile.clock, codec.sampling_rate_hz
    rng = np.random.default_rng(1)
    packets = []
    for k in range(min(400, round(SECONDS * rate / n))):
        ticks = None
        if clock.tick_s is not None:
            ticks = round((k * n + (n - 1 if clock.stamps == "last" else 0)) / rate / clock.tick_s)
        sent = codec.encode(reading._replace(samples=reading.samples * (0.2 + 0.1 * (k % 7)), counter=k, ticks=ticks))
        arrival_ns = round(((k + 1) * n / rate + rng.exponential(0.004)) * 1e9)
        packets += [RawPacket(max(arrival_ns, packets[-1].t_arrival_ns if packets else 0), *item) for item in sent]
    return packets


def slow_decoder(form):
    name, options, *_ = FORMS[form]
    return ReadingDecoder(get_profile(name), open_codec(get_profile(name), options))


def run(decoder, packets):
    """All that a decoder says, packet by packet."""
    said = []
    for packet in packets:
        try:
            blocks = decoder.push(packet)
        except DecodeError as error:
            said.append(str(error))
            blocks = []
        said += [(b.start_index, b.gap_before, b.samples.shape, b.samples.tobytes()) for b in blocks]
        said.append((decoder.lost, decoder.errors, decoder.duplicates, decoder.late, decoder.restarts))
    said += [(b.start_index, b.gap_before, b.samples.tobytes()) for b in decoder.flush()]
    return [*said, decoder.flags, decoder.clock]


def damage(draw, packets):
    """One thing that goes wrong somewhere, where there is something left."""
    if len(packets) < 2:
        return
    at = draw(st.integers(0, len(packets) - 2))
    packet = packets[at]
    kind = draw(st.sampled_from(["flip", "gone", "again", "cut", "exchange", "link", "late", "early", "foreign"]))
    if kind == "flip" and packet.payload:
        bit = draw(st.integers(0, 8 * len(packet.payload) - 1))
        damaged = bytearray(packet.payload)
        damaged[bit // 8] ^= 1 << bit % 8
        packets[at] = packet._replace(payload=bytes(damaged))
    elif kind == "gone":
        del packets[at : at + draw(st.integers(1, 3))]
    elif kind == "again":
        packets.insert(at, packet)
    elif kind == "cut":
        packets[at] = packet._replace(payload=packet.payload[: draw(st.integers(0, len(packet.payload)))])
    elif kind == "exchange":
        packets[at], packets[at + 1] = packets[at + 1], packet
    elif kind == "link":
        packets.insert(at, RawPacket(packet.t_arrival_ns, LINK_RESTORED, b""))
    elif kind == "foreign":
        packets.insert(at, packet._replace(characteristic="0000fff0-0000-1000-8000-00805f9b34fb"))
    elif kind in {"late", "early"}:
        late_ns = draw(st.integers(1, 400)) * 1_000_000
        packets[at] = packet._replace(t_arrival_ns=packet.t_arrival_ns + (late_ns if kind == "late" else -late_ns))


@pytest.mark.parametrize("form", QUICK)
@settings(deadline=None, max_examples=12)
@given(st.data())
def test_both_ways_say_the_same(form, data):
    packets = list(stream(form))
    for _ in range(data.draw(st.integers(0, 8))):
        damage(data.draw, packets)
    name, options, *_ = FORMS[form]
    quick = make_decoder(get_profile(name), options)
    assert isinstance(quick, decode_quick.QuickDecoder)
    assert run(quick, packets) == run(slow_decoder(form), packets)


@pytest.mark.parametrize("form", QUICK)
def test_what_comes_as_expected_goes_the_quick_way(form):
    name, options, *_ = FORMS[form]
    decoder = make_decoder(get_profile(name), options)
    slow = []
    push_slowly = decoder._push_slowly
    decoder._push_slowly = lambda packet: slow.append(packet) or push_slowly(packet)
    packets = stream(form)
    for packet in packets:
        decoder.push(packet)
    # Until the order has begun; by arrivals, what the radio held up is looked at closely as well.
    start = 10 * len(packets) // len({p.t_arrival_ns for p in packets})
    assert len(slow) <= start + 6 * (get_profile(name).loss.kind == "rate")
    assert decoder.lost == decoder.errors == 0


LETTERS = {"b": 1, "B": 1, "h": 2, "H": 2, "t": 3, "i": 4, "I": 4, "f": 4}


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("endian", ["little", "big"])
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_the_kernel_reads_values_as_the_naive_decoder_does(letter, endian, data):
    size = LETTERS[letter]
    n = data.draw(st.integers(1, 5))
    together = data.draw(st.booleans())  # all of a sample, or all of an axis
    raw = data.draw(st.binary(min_size=3 * n * size, max_size=3 * n * size))
    step = 3 * size if together else size
    columns = tuple(Column(c, c * size * together, c * size * (not together), 0.5 + c, 1e30) for c in range(3))
    layout = Layout("", columns, 3, letter, (), 0, step, 0, 3 * size, 9, endian=endian)
    plan, floats = decode_quick._plan(layout, None)
    out = np.full((n, 3), np.nan)
    taken = kernel.take_packet(raw, 0, plan, floats, out, np.empty((0, 0)))
    expected = naive_decode.values(raw, n, letter, endian, together)
    expected = [[value * (0.5 + c) for c, value in enumerate(row)] for row in expected]
    assert taken == all(abs(value) <= 1e30 for row in expected for value in row)
    if taken:
        np.testing.assert_array_equal(out, expected)


@settings(deadline=None)
@given(data=st.data())
def test_the_kernel_knows_fixed_bytes_checksum_and_range(data):
    n = data.draw(st.integers(1, 4))
    body = data.draw(st.binary(min_size=2 * n, max_size=2 * n))
    packet = bytearray(b"\xaa" + struct.pack("<I", zlib.crc32(body + b"\0")) + b"\x07" + body + b"\0")
    bit = data.draw(st.none() | st.integers(0, 8 * len(packet) - 1))
    if bit is not None:
        packet[bit // 8] ^= 1 << bit % 8
    limit = data.draw(st.integers(0, 40000))
    fixed = ((0, 0xAA), (5, 7), (-1, 0))
    layout = Layout("", (Column(0, 0, 0, 1.0, limit),), 3, "h", fixed, 6, 2, 7, 2, 9, crc_at=1)
    plan, floats = decode_quick._plan(layout, None)
    taken = kernel.take_packet(bytes(packet), 0, plan, floats, np.empty((n, 1)), np.empty((0, 0)))
    within = all(abs(v) <= limit for (v,) in struct.iter_unpack("<h", body))
    assert taken == (bit is None and within)


@given(st.integers(1, 4), st.none() | st.integers(0, 7))
def test_the_kernel_looks_at_the_header_of_every_frame(n, wrong):
    frames = bytearray(struct.pack("<BBh", 0x55, 0x61, -5) * n)
    if wrong is not None and wrong < 2 * n:
        frames[4 * (wrong // 2) + wrong % 2] ^= 1
    layout = Layout("", (Column(0, 0, 0, 1.0, 9.0),), 3, "h", ((0, 0x55), (1, 0x61)), 2, 4, 0, 4, 9, repeats=True)
    plan, floats = decode_quick._plan(layout, None)
    out = np.zeros((n, 1))
    taken = kernel.take_packet(bytes(frames), 0, plan, floats, out, np.empty((0, 0)))
    assert taken == (wrong is None or wrong >= 2 * n)
    assert not taken or (out == -5.0).all()


BLOCK = st.tuples(st.integers(1, 17), st.integers(1, 12)).flatmap(
    lambda head: st.binary(min_size=(3 * head[0] * head[1] + 7) // 8, max_size=(3 * head[0] * head[1] + 7) // 8).map(
        lambda body: bytes(head) + body
    )
)


@settings(deadline=None, max_examples=150)
@given(st.binary(min_size=16, max_size=16), st.lists(BLOCK, max_size=4), st.integers(0, 40), st.integers(1, 10**6))
def test_differences_are_undone_as_the_naive_decoder_does(head, blocks, cut, limit):
    frame = head + b"".join(blocks)
    frame = frame[: max(0, len(frame) - cut)]
    out = np.full((30, 3), np.nan)
    n = delta.unpack_delta(frame, 0.25, limit * 0.25, out)
    rows = naive_decode.delta(frame)
    wanted = rows if rows is not None and len(rows) <= 30 and np.abs(rows).max() <= limit else []
    assert n == len(wanted)
    np.testing.assert_array_equal(out[:n], 0.25 * np.array(wanted).reshape(-1, 3))


@pytest.mark.parametrize("form", ["polar_verity_sense", "polar_verity_sense-6"])
@settings(deadline=None, max_examples=8)
@given(st.data())
def test_the_compiled_way_of_differences_gives_what_the_codec_gives(form, data):
    packets = list(stream(form))
    for _ in range(data.draw(st.integers(0, 6))):
        damage(data.draw, packets)
    name, options, *_ = FORMS[form]
    quick = make_decoder(get_profile(name), options)
    assert quick._codec.unpack is not None
    assert run(quick, packets) == run(slow_decoder(form), packets)


@st.composite
def profiles(draw):
    """Profiles of sensors that do not exist: every way to lay out a plain packet."""
    letter = draw(st.sampled_from(list(LETTERS)))
    is_frame = draw(st.booleans())
    header = draw(st.sampled_from(["5a61", "0102", "a0b1c2"] if is_frame else ["", "", "07", "5a61"]))
    by_time = not is_frame and draw(st.booleans())
    at = len(header) // 2
    lines = [f'header = "{header}"']
    if not is_frame and draw(st.booleans()):
        lines.append(f'constant = {{ at = {at}, type = "H", value = 258 }}')
        at += 2
    if by_time:
        lines.append(f'time = {{ at = {at}, type = "I" }}')
        at += 4
    has_gyr = draw(st.booleans())
    channels = draw(st.permutations(["ax", "ay", "az", *(["gx", "gy", "gz"] if has_gyr else []), "mx"]))
    if draw(st.booleans()):
        channels.remove("mx")
    names = ", ".join(f'"{name}"' for name in channels)
    lines += [
        f"header_bytes = {at + draw(st.integers(0, 2))}",
        f'endian = "{draw(st.sampled_from(["little", "big"]))}"',
        f'record = "{letter * len(channels)}"',
        f"channels = [{names}]",
        f"max_records = {1 if is_frame else draw(st.sampled_from([1, 4, 9]))}",
        f"padding_bytes = {draw(st.integers(0, 3))}",
        f'framing = "{"resync" if is_frame else "notification"}"',
        'acc = { unit = "m/s2", scale = 0.25 }',
        'gyr = { unit = "rad/s", scale = 0.01 }' if has_gyr else "",
    ]
    limits = draw(st.sampled_from(["", "acc_range_g = 3", "acc_range_g = 3\ngyr_range_dps = 40"]))
    uuid = "a1b2c3d5-0000-1000-8000-00805f9b34fb"
    clock = '[clock]\nkind = "device"\ntick_s = 1e-3\nbits = 32\nstamps = "last"\n' if by_time else ""
    text = "\n".join(
        [
            'schema = 1\nname = "made_up"\n[about]\ntitle = "None"\nevidence = "spec"\nsources = ["a test"]',
            f'[gatt]\nservice = "{uuid}"\nnotify = ["{uuid}"]\n[options.rate_hz]\ndefault = 100\nallowed = [100]',
            "[stream]", *lines, f'{clock}[loss]\nkind = "{"timestamp" if by_time else "rate"}"\n[limits]', limits,
        ]
    )  # fmt: skip
    return FirmwareProfile.from_toml(text)


@settings(deadline=None, max_examples=60)
@given(profile=profiles(), data=st.data())
def test_both_ways_say_the_same_of_any_sensor_that_a_file_can_describe(profile, data):
    codec = open_codec(profile)
    n = min(3, profile.stream.max_records)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    packets = []
    for k in range(30):
        size = n if data.draw(st.integers(0, 9)) else data.draw(st.integers(1, profile.stream.max_records))
        samples = rng.normal(0.0, data.draw(st.sampled_from([2.0, 2.0, 2.0, 60.0])), (size, codec.width))
        ticks = 10 * (k * n + n - 1) if profile.clock.tick_s else None
        for characteristic, payload in codec.encode(Reading(np.abs(samples), None, ticks)):
            packets.append(RawPacket(10**7 * (k + 1) * n, characteristic, payload))
    for _ in range(data.draw(st.integers(0, 3))):
        damage(data.draw, packets)
    quick = make_decoder(profile)
    assert isinstance(quick, decode_quick.QuickDecoder)
    assert run(quick, packets) == run(ReadingDecoder(profile, open_codec(profile)), packets)
