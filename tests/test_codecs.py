"""What every codec promises: readings in SI units, nothing shifted by wrong bytes, and a way back to bytes."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import firmware_profiles
from firmware_profiles import Counts, FirmwareProfile, FormatError, Reading, RecordCodec, open_codec

OPEN = firmware_profiles.get("open_packet")
UUID = OPEN.gatt.notify[0]


@given(hnp.arrays(np.int64, st.tuples(st.integers(1, 18), st.just(6)), elements=st.integers(-32768, 32767)))
def test_records_are_read_alike_by_both_doors(values):
    codec, records = open_codec(OPEN), RecordCodec(OPEN)
    payload = records.encode(Counts(values, 7, 9))
    (reading,) = codec.decode(UUID, payload)
    np.testing.assert_array_equal(reading.samples, records.samples(records.parse(payload)))
    assert (reading.counter, reading.ticks, reading.context, reading.flags) == (7, 9, {}, frozenset())
    assert codec.encode(reading) == [(UUID, payload)]


RESYNC = """
schema = 1
name = "frames"
about = { title = "", evidence = "demo", sources = ["here"] }
gatt = { service = "0000ffe5-0000-1000-8000-00805f9a34fb", notify = ["0000ffe4-0000-1000-8000-00805f9a34fb"] }
options = { rate_hz = { default = 100, allowed = [100] } }
[stream]
framing = "resync"
header = "5561"
header_bytes = 2
record = "hhh"
channels = ["ax", "ay", "az"]
max_records = 1
acc = { unit = "m/s2", scale = 1.0 }
skip = [{ header = "5571", bytes = 12 }]
"""
FRAMES = FirmwareProfile.from_toml(RESYNC)
FRAME = FRAMES.gatt.notify[0]


def frames(values):
    codec = open_codec(FRAMES)
    return codec.encode(Reading(np.asarray(values, float)))[0][1] if len(values) else b""


def feed(chunks):
    codec = open_codec(FRAMES)
    rows, flags, errors = [], set(), 0
    for chunk in chunks:
        try:
            for reading in codec.decode(FRAME, chunk):
                rows += reading.samples.tolist()
                flags |= reading.flags
        except FormatError:
            errors += 1
    return rows, flags, errors, codec.pending_bytes


@given(
    hnp.arrays(np.int64, st.tuples(st.integers(1, 12), st.just(3)), elements=st.integers(-32768, 32767)),
    st.lists(st.integers(0, 200), max_size=8),
    st.integers(0, 12),
)
def test_frames_survive_any_cut_and_an_answer_between_them(values, cuts, at):
    at = min(at, len(values))
    stream = frames(values[:at]) + b"\x55\x71" + bytes(10) + frames(values[at:])
    edges = [0, *sorted(min(c, len(stream)) for c in cuts), len(stream)]
    rows, flags, errors, pending = feed([stream[a:b] for a, b in itertools.pairwise(edges)])
    assert rows == values.tolist()
    assert (flags, errors, pending) == (set(), 0, 0)


@given(st.integers(0, 10 * 8 * 8 - 1))
def test_a_flipped_bit_costs_one_frame_at_most(bit):
    values = np.arange(30).reshape(10, 3) + 1000
    stream = bytearray(frames(values))
    stream[bit // 8] ^= 1 << bit % 8
    rows, *_ = feed([bytes(stream[i : i + 16]) for i in range(0, 80, 16)])
    wrong = [v for v in values.tolist() if v not in rows]
    assert len(wrong) <= 1
    assert 9 <= len(rows) <= 10


def test_foreign_bytes_are_left_out_and_told():
    rows, flags, errors, _ = feed([b"\x00\x55" + frames([[1, 2, 3], [4, 5, 6]])])
    assert (rows, flags, errors) == ([[1, 2, 3], [4, 5, 6]], {"resynced"}, 0)
    assert feed([b"\x00" * 30])[2] == 1
    assert feed([frames([[1, 2, 3]])[:5]])[3] == 5


PAIRED = """
schema = 1
name = "paired"
about = { title = "", evidence = "demo", sources = ["here"] }
gatt = { service = "0000ffe5-0000-1000-8000-00805f9a34fb", notify = ["0000ffe4-0000-1000-8000-00805f9a34fb"] }
options = { rate_hz = { default = 100, allowed = [100] }, gyro = { default = 1, allowed = [0, 1] } }
[[streams]]
header = "0304"
header_bytes = 2
record = "hhh"
channels = ["ax", "ay", "az"]
max_records = 3
acc = { unit = "m/s2", scale = 1.0 }
[[streams]]
header = "1305"
when = { gyro = 1 }
header_bytes = 2
record = "hhh"
channels = ["gx", "gy", "gz"]
max_records = 3
gyr = { unit = "dps", scale = 1.0 }
"""


def test_two_streams_are_paired_by_order_and_heal_after_a_loss():
    profile = FirmwareProfile.from_toml(PAIRED)
    values = np.arange(3 * 6 * 40.0).reshape(-1, 3, 6)
    sent = [open_codec(profile).encode(Reading(v)) for v in values]
    codec = open_codec(profile)
    rows = []
    for i, pair in enumerate(sent):
        order = reversed(pair) if i in {3, 6} else pair
        for characteristic, data in order:
            if i == 10 and data[0] == 0x13:  # lost
                continue
            rows += [r.samples for r in codec.decode(characteristic, data)]
    joined = np.concatenate(rows)
    np.testing.assert_array_equal(joined[:, :3], values.reshape(-1, 6)[:, :3])
    np.testing.assert_array_equal(joined[:30], values[:10].reshape(-1, 6))
    np.testing.assert_array_equal(joined[60:], values[20:].reshape(-1, 6))
    assert np.isnan(joined[:, 3]).sum() == 3


def test_a_stream_that_an_option_switches_off_is_not_expected():
    codec = open_codec(FirmwareProfile.from_toml(PAIRED), gyro=0)
    assert codec.width == 3
    assert codec.decode(FRAME, bytes.fromhex("0304010002000300"))[0].samples.tolist() == [[1, 2, 3]]


def test_frames_of_24_bits_are_read_whole():
    text = firmware_profiles.profile_text("witmotion_wt901ble").replace('"hhh hhh hhh"', '"ttt ttt ttt"')
    codec = open_codec(FirmwareProfile.from_toml(text))
    samples = np.arange(12.0).reshape(2, 6) * 100.0 - 300.0
    ((characteristic, data),) = codec.encode(Reading(samples))
    (reading,) = codec.decode(characteristic, data)
    np.testing.assert_allclose(reading.samples, samples, atol=0.05)
