"""One wrong bit anywhere: refused or at worst a wrong value, and every sample outside its packet stays in its place."""

import json
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec_fuzz import FORMS, make

import firmware_profiles
from firmware_profiles import FormatError, open_codec
from imu.acquisition.decode import make_decoder
from imu.acquisition.profiles import get_profile
from imu.errors import DecodeError
from imu.types import RawPacket

GROUPS = 20
HEADER_BITS = 8 * 19
NEAR_S = 0.6 / 52 + 0.05 * 30 / 52
"""Device time of the Verity Sense is believed within so many seconds (`firmware_profiles.stamps`)."""
NEAR_MS = (0.6 + 0.05 * 16) / 208 * 1e3
"""That of a Movesense with two subscriptions within so many milliseconds."""


@cache
def stream(form):
    """Groups of notifications, one packet of samples each, and what they decode to."""
    name, _, n, _, _ = FORMS[form]
    profile = get_profile(name)
    clock = profile.clock
    groups = []
    for k in range(GROUPS):
        codec, reading, _, _ = make(form, seed=k)
        ticks = None
        if clock.tick_s is not None:
            stamped = k * n + (n - 1 if clock.stamps == "last" else 0)
            ticks = (round(stamped / codec.sampling_rate_hz / clock.tick_s) + 50000) % 2 ** min(clock.bits or 32, 63)
        sent = codec.encode(reading._replace(samples=reading.samples * 0.5, counter=k, ticks=ticks))
        arrival_ns = round((k + 1) * n / codec.sampling_rate_hz * 1e9)
        groups.append([RawPacket(arrival_ns + i, *item) for i, item in enumerate(sent)])
    _, rows = run(form, groups)
    assert list(rows) == list(range(GROUPS * n))
    return groups, rows


def run(form, groups):
    """The decoder, and the samples by their index."""
    name, options, *_ = FORMS[form]
    decoder = make_decoder(get_profile(name), options)
    blocks, errors = [], []
    for packet in (packet for group in groups for packet in group):
        try:
            blocks += decoder.push(packet)
        except DecodeError as error:
            errors.append((packet.payload, error))
    blocks += decoder.flush()
    assert decoder.errors >= len(errors)
    for payload, error in errors:
        assert 0 <= error.offset <= len(payload)
        assert f"(byte {error.offset} of {payload.hex()})" in str(error)
    return decoder, {b.start_index + i: tuple(row) for b in blocks for i, row in enumerate(b.samples.tolist())}


def flip(packet, bit):
    damaged = bytearray(packet.payload)
    damaged[bit // 8] ^= 1 << bit % 8
    return packet._replace(payload=bytes(damaged))


def is_believable(form, packet, damaged, bit):
    """Whether the bit made another packet of what the sensor sends, which nothing in the format can show."""
    before, after = packet.payload, damaged.payload
    if form.startswith("metamotion") and FORMS[form][1].get("gyro"):
        heads = [s.header for _, s in get_profile(FORMS[form][0]).named_streams()]
        return after[:2].hex() != before[:2].hex() and after[:2].hex() in heads
    if form == "witmotion_wt901ble":  # the answer to a question, which holds no sample
        return after.count(b"\x55\x71") > before.count(b"\x55\x71")
    if form.startswith("espruino"):
        # A line of another word, which holds no sample; or a line end, which is the next one's as well.
        return (
            bit // 8 < 2 or after.count(b"A,") != before.count(b"A,") or after.count(b"\r\n") != before.count(b"\r\n")
        )
    return False


def check(form, bad, which, bit):
    groups, clean = stream(form)
    n = FORMS[form][2]
    packet = groups[bad][which]
    damaged = flip(packet, bit)
    hurt = [*groups[bad][:which], damaged, *groups[bad][which + 1 :]]
    decoder, got = run(form, [*groups[:bad], hurt, *groups[bad + 1 :]])
    if is_believable(form, packet, damaged, bit):
        assert len(set(clean.values()) - set(got.values())) <= 2 * n
        return
    assert decoder.received <= GROUPS * n
    is_late = form == "polar_verity_sense-6" and 8 <= bit < 72 and 2 ** (bit - 8) * 1e-9 <= NEAR_S
    is_late |= form == "movesense-33" and 16 <= bit < 48 and 2 ** (bit - 16) <= NEAR_MS
    for index, row in clean.items():
        if not bad * n <= index < (bad + 1) * n:
            if is_late:  # the angular rate of the sample beside it, at most
                assert got[index][:3] == row[:3]
                beside = [clean[i][3:] for i in range(index - 2, index + 3) if i in clean]
                assert got[index][3:] in beside or np.isnan(got[index][3])
            else:
                assert got[index] == row, (form, bad, which, bit, index)


@pytest.mark.parametrize("form", FORMS)
def test_each_bit_of_each_header_stays_in_its_packet(form):
    groups, _ = stream(form)
    for which, packet in enumerate(groups[9]):
        for bit in range(min(HEADER_BITS, 8 * len(packet.payload))):
            if bit % 3 == 0 or len(packet.payload) < 60 or bit < 80:
                check(form, 9, which, bit)


@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_any_bit_stays_in_its_packet(form, data):
    groups, _ = stream(form)
    bad = data.draw(st.integers(6, GROUPS - 6))
    which = data.draw(st.integers(0, len(groups[bad]) - 1))
    check(form, bad, which, data.draw(st.integers(0, 8 * len(groups[bad][which].payload) - 1)))


OF_VECTORS = {
    "Movesense": [("movesense", {"sensors": k}, prefix) for k, prefix in ((0, "0263"), (9, "0263"), (3, "0265"))],
    "Polar Verity Sense": [("polar_verity_sense", {"gyro": 1}, "")],
    "Polar H10": [("polar_h10", {}, "")],
    "WitMotion": [("witmotion_wt901ble", {}, "")],
    "Xsens/Movella DOT": [("xsens_dot", {}, "")],
    "BBC micro:bit": [("microbit", {}, "")],
    "Nordic Thingy:52": [("thingy52", {}, "")],
    "TI CC2650 SensorTag": [("sensortag_cc2650", {}, "")],
    "ST BlueST": [("bluest", {}, "")],
    "Arduino Nano 33": [("arduino_nano33", {}, "")],
    "Espruino Bangle.js": [("espruino", {}, "")],
    "SIG RSC": [("running_speed_cadence", {}, "")],
    "SIG Heart Rate": [("heart_rate", {}, "")],
    "SIG Treadmill": [("treadmill", {}, "")],
    "Capture2Go": [("capture2go", {}, "")],
}  # fmt: skip


def say(codec, packets):
    """What a codec makes of packets on any of its characteristics; answers as well."""
    said = []
    gatt = codec.profile.gatt
    for characteristic in {*gatt.notify, *gatt.indicate, *gatt.read}:
        for packet in packets:
            for call in (codec.decode, codec.reply):
                try:
                    result = call(characteristic, packet)
                except FormatError as error:
                    said.append((error.message, min(max(0, error.offset), len(packet)) == error.offset))
                else:
                    said.append(repr(result))
        codec.reset()
    return said


def test_each_bit_of_each_published_packet_is_read_or_refused_and_forgotten(stride_data):
    """No crash, no warning; and the packet itself is read after its damaged twin as if that had never come."""
    path = stride_data.parent / "devices" / "vectors.json"
    if not path.is_file():
        pytest.skip(f"the published packets are not at {path}")
    tried = 0
    for vector in json.loads(path.read_text(encoding="utf-8")):
        found = next((f for device, f in OF_VECTORS.items() if vector["device"].startswith(device)), None)
        if found is None:
            assert vector["device"].startswith("Foot pod custom")  # a closed device: not read
            continue
        for name, options, prefix in found:
            packets = [bytes.fromhex(prefix + part) for part in vector["hex"].replace(" ", "").split("|")]
            profile = firmware_profiles.get(name)
            wanted = say(open_codec(profile, **options), packets)
            codec = open_codec(profile, **options)
            for which, packet in enumerate(packets):
                for bit in range(8 * len(packet)):
                    damaged = bytearray(packet)
                    damaged[bit // 8] ^= 1 << bit % 8
                    hurt = say(codec, [*packets[:which], bytes(damaged), *packets[which + 1 :]])
                    assert all(is_within for _, is_within in (s for s in hurt if isinstance(s, tuple)))
                    tried += 1
            if (
                not vector["characteristic"].startswith("34800002")
                and "control" not in vector["characteristic"].lower()
            ):
                assert say(codec, packets) == wanted, vector["device"]
    assert tried > 10000
