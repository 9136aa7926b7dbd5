"""Every profile against its own packets, broken ones and noise: values come back, wrong bytes never stop a stream."""

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import firmware_profiles
from firmware_profiles import FormatError, Reading, open_codec

G = 9.80665
NAMES = firmware_profiles.names()
IMU = [n for n in NAMES if firmware_profiles.get(n).kind == "imu"]

# What the packets are made of: profile, options, samples per packet, steps of acceleration (m/s2) and rate (deg/s).
FORMS = {
    "movesense-3": ("movesense", {"sensors": 3}, 16, 0.0, 0.0),
    "movesense-6": ("movesense", {"sensors": 6, "rate_hz": 104}, 8, 0.0, 0.0),
    "movesense-9": ("movesense", {"sensors": 9, "rate_hz": 52}, 4, 0.0, 0.0),
    "movesense-9-parts": ("movesense", {"sensors": 9, "rate_hz": 104}, 8, 0.0, 0.0),
    "movesense-33": ("movesense", {"sensors": 33}, 16, 0.0, 0.0),
    "polar_h10": ("polar_h10", {}, 36, G / 1000, 0.0),
    "polar_verity_sense": ("polar_verity_sense", {}, 57, G / 1000, 0.0),
    "polar_verity_sense-6": ("polar_verity_sense", {"gyro": 1}, 30, G / 1000, 2000 / 32768),
    "witmotion_wt901ble": ("witmotion_wt901ble", {}, 4, 16 / 32768 * G, 2000 / 32768),
    "metamotion_bmi160": ("metamotion_bmi160", {}, 3, 16 / 32768 * G, 0.0),
    "metamotion_bmi160-6": ("metamotion_bmi160", {"gyro": 1}, 3, 16 / 32768 * G, 2000 / 32800),
    "metamotion_bmi160-single": ("metamotion_bmi160", {"gyro": 1, "packed": 0}, 1, 16 / 32768 * G, 2000 / 32800),
    "metamotion_bmi270": ("metamotion_bmi270", {"acc_range_g": 8}, 3, 8 / 32768 * G, 0.0),
    "metamotion_bmi270-6": ("metamotion_bmi270", {"gyro": 1}, 3, 16 / 32768 * G, 2000 / 32800),
    "xsens_dot": ("xsens_dot", {}, 1, 0.0, 0.0),
    "capture2go": ("capture2go", {}, 8, 16 / 32768 * 9.81, 2000 / 32768),
    "thingy52": ("thingy52", {}, 1, G / 1024, 1 / 32),
    "bluest": ("bluest", {}, 1, G / 1000, 0.1),
    "sensortag_cc2650": ("sensortag_cc2650", {}, 1, 16 / 32768 * G, 500 / 65536),
    "microbit": ("microbit", {}, 1, G / 1000, 0.0),
    "arduino_nano33": ("arduino_nano33", {}, 1, 0.0, 0.0),
    "espruino": ("espruino", {}, 2, G / 100, 0.0),
    "espruino-line": ("espruino", {}, 1, G / 100, 0.0),
    "open_packet": ("open_packet", {}, 8, 16 / 32768 * G, 2000 / 32768),
}


# Elsewhere a packet of fewer whole samples is a packet as well; that samples are missing shows in the next one's time.
FIXED_LENGTH = {"xsens_dot", "thingy52", "bluest", "sensortag_cc2650", "microbit", "arduino_nano33", "open_packet",
                "capture2go"}  # fmt: skip


def make(form, seed=0, ticks=1_000_000, counter=7):
    """A codec, and a packet of random values within the sensor's range."""
    name, options, n, acc_step, gyr_step = FORMS[form]
    profile = firmware_profiles.get(name)
    codec = open_codec(profile, **options)
    rng = np.random.default_rng(seed)
    reach = min(profile.limits.acc_range_g or 16, codec.acc_range_g or 16) * G * 0.99
    samples = rng.uniform(-reach, reach, (n, codec.width))
    if codec.width == 6:
        samples[:, 3:] = rng.uniform(-0.99, 0.99, (n, 3)) * (profile.limits.gyr_range_dps or 2000)
    has_ticks = profile.clock.kind == "device"
    reading = Reading(
        samples, counter if profile.loss.kind == "counter" else None, ticks % 2**16 if has_ticks else None
    )
    steps = np.array(([acc_step] * 3 + [gyr_step] * 3)[: codec.width])
    return codec, reading, codec.encode(reading), steps


def run(codec, notifications):
    readings, errors, offsets = [], [], []
    for characteristic, data in notifications:
        try:
            readings += codec.decode(characteristic, data)
        except FormatError as error:
            errors.append(error)
            offsets.append((error.offset, len(data)))
    assert all(0 <= offset <= length for offset, length in offsets)
    return readings, errors


def test_every_sensor_is_here():
    assert {form[0] for form in FORMS.values()} == set(IMU)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**16 - 1))
def test_samples_survive_the_way_to_bytes_and_back(form, seed, ticks):
    codec, reading, sent, steps = make(form, seed, ticks)
    readings, errors = run(codec, sent)
    readings += codec.flush()
    assert errors == []
    assert codec.pending_bytes == 0
    got = np.concatenate([r.samples for r in readings])
    assert got.shape == reading.samples.shape
    assert (np.abs(got - reading.samples) <= steps / 2 + np.abs(reading.samples) * 1e-6 + 1e-9).all()
    assert readings[0].ticks == reading.ticks
    assert readings[0].counter == reading.counter
    assert all(r.flags == frozenset() for r in readings)
    again = open_codec(codec.profile, **codec.options)  # what was read is written as the same bytes
    assert again.encode(readings[0]._replace(samples=got)) == sent


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=20, deadline=None)
@given(st.data())
def test_a_packet_cut_short_or_too_long_gives_no_sample_of_its_own(form, data):
    codec, reading, sent, _ = make(form)
    which = data.draw(st.integers(0, len(sent) - 1))
    characteristic, packet = sent[which]
    cut = data.draw(st.integers(0, len(packet) - 1))
    readings, errors = run(codec, [*sent[:which], (characteristic, packet[:cut]), *sent[which + 1 :]])
    whole = {tuple(row) for r in run(make(form)[0], sent)[0] for row in r.samples}
    lost = len(reading.samples) - sum(len(r.samples) for r in readings)
    rows = [tuple(row) for r in readings for row in r.samples]
    if codec.profile.name in FIXED_LENGTH and cut > 1:  # one byte alone is a notification of Capture2Go without content
        assert errors or codec.pending_bytes
    if codec.profile.name not in {"espruino"}:  # text cut between digits is another number
        assert all(row in whole for row in rows) or codec.width == 6
    assert lost >= 0


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(max_size=260), min_size=1, max_size=4))
def test_noise_never_breaks_a_codec_and_the_next_packets_are_read(form, noise):
    codec, reading, sent, _ = make(form)
    characteristics = list(dict.fromkeys(c for c, _ in sent))
    run(codec, [(c, data) for data in noise for c in characteristics])
    codec.reset()
    readings, errors = run(codec, sent)
    readings += codec.flush()
    assert errors == []
    assert sum(len(r.samples) for r in readings) == len(reading.samples)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=20, deadline=None)
@given(st.data())
def test_a_flipped_bit_is_caught_or_changes_this_packet_alone(form, data):
    codec, _, _, _ = make(form)
    packets = [make(form, seed, ticks=1000 + seed, counter=seed)[2] for seed in range(6)]
    which = data.draw(st.integers(0, len(packets[2]) - 1))
    characteristic, packet = packets[2][which]
    bit = data.draw(st.integers(0, 8 * len(packet) - 1))
    wrong = bytearray(packet)
    wrong[bit // 8] ^= 1 << bit % 8
    packets[2] = [*packets[2][:which], (characteristic, bytes(wrong)), *packets[2][which + 1 :]]
    readings, errors = run(codec, [p for packet in packets for p in packet])
    readings += codec.flush()
    clean = [row for i in (0, 1, 4, 5) for r in run(make(form)[0], make(form, i)[2])[0] for row in r.samples]
    got = np.concatenate([r.samples for r in readings])
    found = {tuple(row[:3]) for row in got}
    missing = [row for row in clean if tuple(row[:3]) not in found]
    assert not missing, "packets before and well after the damaged one are read as ever"
    if codec.profile.name == "capture2go":
        told = errors or any("resynced" in r.flags for r in readings)
        every = np.concatenate([run(codec, make(form, i)[2])[0][0].samples for i in range(6)])
        assert told or np.array_equal(got, every)


@pytest.mark.parametrize("form", FORMS)
def test_each_bit_of_a_packet_may_be_wrong_and_none_breaks_the_codec(form):
    """Every single bit in turn, not a draw of them: one may stand for a number that nothing can count with."""
    codec, _, sent, _ = make(form)
    for which, (characteristic, data) in enumerate(sent):
        for bit in range(8 * len(data)):
            damaged = bytearray(data)
            damaged[bit // 8] ^= 1 << bit % 8
            run(codec, [*sent[:which], (characteristic, bytes(damaged)), *sent[which + 1 :]])
            codec.reset()
    readings, errors = run(codec, sent)
    readings += codec.flush()
    assert errors == []
    assert sum(len(r.samples) for r in readings if r.samples is not None) == FORMS[form][2]


@pytest.mark.parametrize("name", ["movesense", "xsens_dot", "arduino_nano33"])
def test_values_beyond_the_sensor_are_flagged_and_what_is_no_number_is_refused(name):
    form = "movesense-6" if name == "movesense" else name
    codec, reading, _, _ = make(form)
    for column, value in ((0, 200.0 * G), (3, 9000.0)):
        samples = np.zeros_like(reading.samples)
        samples[0, column] = value
        readings, _ = run(codec, codec.encode(reading._replace(samples=samples)))
        assert any("out_of_range" in r.flags for r in readings + codec.flush())
    samples[0, 0] = np.inf
    assert run(codec, codec.encode(reading._replace(samples=samples)))[1]


CONTEXTS = {
    "heart_rate": st.fixed_dictionaries(
        {"heart_rate_bpm": st.integers(20, 250).map(float)},
        optional={
            "skin_contact": st.sampled_from([0.0, 1.0]),
            "energy_kj": st.integers(0, 65535).map(float),
            "rr_s": st.lists(st.integers(0, 65535).map(lambda v: v / 1024), max_size=9),
        },
    ),
    "running_speed_cadence": st.fixed_dictionaries(
        {
            "speed_mps": st.integers(0, 13 * 256).map(lambda v: v / 256),
            "cadence_spm": st.integers(0, 255).map(float),
            "is_running": st.sampled_from([0.0, 1.0]),
        },
        optional={
            "stride_length_m": st.integers(0, 65535).map(lambda v: v / 100),
            "distance_m": st.integers(0, 2**32 - 1).map(lambda v: v / 10),
        },
    ),
    "treadmill": st.fixed_dictionaries(
        {},
        optional={
            "speed_mps": st.integers(0, 4000).map(lambda v: v * (0.01 / 3.6)),
            "incline_pct": st.integers(-450, 450).map(lambda v: v / 10),
            "distance_m": st.integers(0, 2**24 - 1).map(float),
            "heart_rate_bpm": st.integers(1, 255).map(float),
            "elapsed_s": st.integers(0, 65535).map(float),
            "power_w": st.integers(-3000, 3000).map(float),
        },
    ),
    "battery": st.fixed_dictionaries({"battery_pct": st.integers(0, 100).map(float)}),
    "device_information": st.fixed_dictionaries({"model": st.text("abc XYZ09-é®", max_size=30)}),
}


@pytest.mark.parametrize("name", CONTEXTS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_context_survives_and_no_byte_may_be_missing_or_added(name, data):
    codec = open_codec(firmware_profiles.get(name))
    context = data.draw(CONTEXTS[name])
    ((characteristic, packet),) = codec.encode(Reading(context=context))
    (reading,) = codec.decode(characteristic, packet)
    assert context.keys() <= reading.context.keys()
    for key, value in context.items():
        assert reading.context[key] == (value if isinstance(value, str) else pytest.approx(value))
    assert reading.flags == frozenset()
    if name == "device_information":
        return
    for wrong in (packet + b"\0", packet[:-1]):
        with pytest.raises(FormatError):
            codec.decode(characteristic, wrong)


@pytest.mark.parametrize("name", CONTEXTS)
@given(noise=st.binary(max_size=60))
def test_noise_never_breaks_a_context_stream(name, noise):
    codec = open_codec(firmware_profiles.get(name))
    for characteristic in (*codec.profile.gatt.notify, *codec.profile.gatt.read):
        run(codec, [(characteristic, noise)])
        codec.reply(characteristic, b"") if name != "battery" else None


def test_the_checksums_in_the_capture2go_profile_are_right():
    profile = firmware_profiles.get("capture2go")
    for rate in profile.options["rate_hz"].allowed:
        for kind in ("init", "start", "stop"):
            for data in profile.command_bytes(kind, rate_hz=rate):
                assert int.from_bytes(data[1:5], "little") == zlib.crc32(data[6:])
                assert len(data) == 8 + data[5]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.one_of(st.integers(-1100, 1100), st.decimals(-900, 900, places=2)), min_size=3, max_size=4),
    st.sampled_from([b"\n", b"\r\n", b"\r\r\n", b";\n"]),
    st.integers(1, 30),
)
def test_a_line_of_text_says_the_same_whole_and_in_pieces(numbers, end, cut):
    codec = open_codec(firmware_profiles.get("espruino"))
    line = b"A," + b",".join(str(number).encode() for number in numbers) + end
    characteristic = codec.profile.gatt.notify[0]
    said = []
    for pieces in ([line], [line[:cut], line[cut:]]):
        codec.reset()
        readings, errors = run(codec, [(characteristic, piece) for piece in pieces if piece])
        said.append(
            ([r.samples.tobytes() for r in readings], [r._replace(samples=None) for r in readings], len(errors))
        )
    assert said[0] == said[1]
