"""Firmware profiles: what a file may say, what is refused, and that packets survive a round trip."""

import re
import struct

import naive_decode
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import firmware_profiles
from firmware_profiles import Counts, FirmwareProfile, FormatError, ProfileFileError, RecordCodec
from imu.acquisition.profiles import get_profile, make_codec, parse_profile
from imu.errors import ProfileError

TEXT = firmware_profiles.profile_text("open_packet")
CODEC = RecordCodec(firmware_profiles.get("open_packet"))

counts = hnp.arrays(np.int64, st.tuples(st.integers(1, 41), st.just(6)), elements=st.integers(-32768, 32767))


def test_every_shipped_profile_is_valid_and_says_where_its_numbers_come_from():
    assert "open_packet" in firmware_profiles.names()
    for name in firmware_profiles.names():
        profile = firmware_profiles.get(name)
        assert profile.name == name
        assert profile.about.sources


def test_a_device_is_recognised_by_service_or_name_and_strangers_are_not():
    service = firmware_profiles.get("open_packet").gatt.service
    assert [p.name for p in firmware_profiles.match(service_uuids=[service])] == ["open_packet"]
    assert [p.name for p in firmware_profiles.match("Stride 0042")] == ["open_packet"]
    assert firmware_profiles.match("Toaster", ["00001800-0000-1000-8000-00805f9b34fb"]) == []


def test_start_command_carries_rate_and_ranges():
    profile = firmware_profiles.get("open_packet")
    assert profile.command_bytes("start", rate_hz=416, acc_range_g=8) == [struct.pack("<HHHB", 416, 8, 2000, 1)]
    assert profile.command_bytes("stop") == [struct.pack("<HHHB", 208, 16, 2000, 0)]


def test_all_mistakes_of_a_file_are_reported_at_once():
    broken = (
        TEXT.replace('service = "7d1e', 'service = "XYZ', 1)
        .replace('evidence = "spec"', 'evidence = "rumour"')
        .replace("tick_s = 1e-6", "tick_s = -1")
        .replace('name = "open_packet"', 'name = "Open Packet"')
    )
    with pytest.raises(ProfileFileError) as caught:
        FirmwareProfile.from_toml(broken, where="mine.toml")
    text = str(caught.value)
    assert text.startswith("mine.toml has 4 mistake(s):")
    for path in ("about.evidence", "gatt.service", "clock.tick_s", "name"):
        assert path in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('record = "hhh hhh"', 'record = "hhh hh"', "5 values but 6 channels"),
        ('record = "hhh hhh"', 'record = "hhh hhi"', "alike"),
        ("header_bytes = 8", "header_bytes = 6", "time lies beyond"),
        ("{rate_hz:u16}", "{speed:u16}", "unknown option 'speed'"),
        ("{rate_hz:u16}", "{rate_hz}", "has no codes: write {rate_hz:u8}, :u16, :u32 or :text"),
        ("tick_s = 1e-6", 'tick_s = "1 us"', "clock.tick_s: '1 us' is not a number"),
        ("header_bytes = 8", "header_bytes = 8.5", "stream.header_bytes: 8.5 is not a whole number"),
        ("header_bytes = 8", "header_bytes = -1", "stream.header_bytes: it has to be greater than or equal to 0"),
        ('record = "hhh hhh"', "record = 6", "stream.record: 6 is not text in quotes"),
        ('record = "hhh hhh"', 'record = ["h"]', "stream.record: ['h'] is not text in quotes"),
        ("max_records", "# max_records", "stream.max_records: is missing"),
        ('full_scale = "acc_range_g", bits', 'full_scale = "nothing", bits', "unknown option 'nothing'"),
        ("default = 208", "default = 20800", "default 20800"),
        ("counter = { at = 2", "# counter = { at = 2", "needs stream.counter"),
        ("schema = 1", "schema = 2", "schema"),
        ("schema = 1", "schema = ", "not valid TOML"),
        ("[loss]", "[lost]", "lost: there is no such field"),
    ],
)
def test_a_contradiction_in_a_file_is_named(old, new, said):
    assert old in TEXT
    with pytest.raises(ProfileFileError, match=re.escape(said)):
        FirmwareProfile.from_toml(TEXT.replace(old, new))


def test_what_is_missing_hides_no_wrong_command():
    broken = TEXT.replace("max_records", "# max_records").replace("{rate_hz:u16}", "{speed:u16}")
    with pytest.raises(ProfileFileError, match=r"(?s)max_records: is missing.*unknown option 'speed'"):
        FirmwareProfile.from_toml(broken)


@pytest.mark.parametrize(("orders", "sent"), [("bb", "0064"), ("ll", "6400"), ("bl", "6400")])
def test_numbers_in_commands_have_the_byte_order_of_the_streams(orders, sent):
    """Of one stream and of several alike; little where they differ."""
    names = {"b": "big", "l": "little"}
    for count in (1, 2):
        blocks = [
            f'[[streams]]\nheader = "a{k}"\nheader_bytes = 1\nrecord = "hhh"\nchannels = ["{c}x", "{c}y", "{c}z"]\n'
            f'max_records = 4\nendian = "{names[orders[k]]}"\n{what}\n'
            for k, (c, what) in enumerate(
                [("a", 'acc = { unit = "g", scale = 0.001 }'), ("g", 'gyr = { unit = "dps", scale = 0.07 }')]
            )
        ]
        text = "".join(blocks) if count == 2 else blocks[0].replace("[[streams]]", "[stream]")
        profile = FirmwareProfile.from_toml(
            'schema = 1\nname = "pod"\n[about]\ntitle = "Pod"\nevidence = "demo"\nsources = ["none"]\n'
            '[gatt]\nservice = "a1b2c3d4-0000-1000-8000-00805f9b34fb"\n'
            'notify = ["a1b2c3d5-0000-1000-8000-00805f9b34fb"]\nwrite = "a1b2c3d6-0000-1000-8000-00805f9b34fb"\n'
            '[options.rate_hz]\ndefault = 100\nallowed = [100]\n[commands]\nstart = ["{rate_hz:u16}"]\n' + text
        )
        wanted = sent if count == 2 else {"b": "0064", "l": "6400"}[orders[0]]
        assert [c.hex() for c in profile.command_bytes("start")] == [wanted]


def test_unknown_names_and_options_tell_what_there_is():
    with pytest.raises(ProfileError, match="stride profiles list"):
        get_profile("qqq")
    with pytest.raises(ProfileError, match="2, 4, 8, 16, 32"):
        make_codec(get_profile("open_packet"), {"acc_range_g": 3})
    with pytest.raises(ProfileError, match="rate_hz"):
        make_codec(get_profile("open_packet"), {"volume": 3})


def test_a_profile_survives_being_stored_as_text():
    assert parse_profile(TEXT) == get_profile("open_packet")
    with pytest.raises(ProfileError):
        parse_profile("nonsense = [")


@given(counts, st.integers(0, 65535), st.integers(0, 2**32 - 1))
def test_packets_survive_a_round_trip(values, counter, ticks):
    payload = CODEC.encode(Counts(values, counter, ticks))
    back = CODEC.parse(payload)
    assert (back.counter, back.ticks) == (counter, ticks)
    np.testing.assert_array_equal(back.values, values)
    seen = naive_decode.open_packet(payload)
    assert seen is not None
    assert seen[:2] == (counter, ticks)
    np.testing.assert_allclose(CODEC.samples(back), seen[2], rtol=1e-14)


@given(st.binary(max_size=600))
def test_random_bytes_are_decoded_only_if_they_are_a_packet(payload):
    expected = naive_decode.open_packet(payload)
    if expected is None:
        with pytest.raises(FormatError) as caught:
            CODEC.parse(payload)
        assert 0 <= caught.value.offset <= len(payload)
    else:
        assert CODEC.parse(payload).counter == expected[0]


@given(counts, st.data())
def test_a_packet_of_the_wrong_length_is_refused(values, data):
    payload = CODEC.encode(Counts(values, 1, 2))
    cut = data.draw(st.integers(0, len(payload) - 1))
    extra = data.draw(st.binary(min_size=1, max_size=40))
    for wrong in (payload[:cut], payload + extra):
        with pytest.raises(FormatError):
            CODEC.parse(wrong)


@given(counts, st.integers(0, 15))
def test_a_flipped_bit_in_version_or_count_is_refused(values, bit):
    payload = bytearray(CODEC.encode(Counts(values, 1, 2)))
    payload[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(FormatError):
        CODEC.parse(bytes(payload))


def variant(**changes):
    text = TEXT
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return FirmwareProfile.from_toml(text)


@given(hnp.arrays(np.int64, (3, 6), elements=st.integers(-(2**23), 2**23 - 1)))
def test_24_bit_records_survive_a_round_trip_in_both_byte_orders(values):
    for order in ("little", "big"):
        codec = RecordCodec(
            variant(
                record=('record = "hhh hhh"', 'record = "ttt ttt"'),
                order=('endian = "little"', f'endian = "{order}"'),
            )
        )
        np.testing.assert_array_equal(codec.parse(codec.encode(Counts(values, 1, 2))).values, values)


def test_acceleration_only_profiles_and_unused_channels():
    codec = RecordCodec(
        variant(
            channels=('["ax", "ay", "az", "gx", "gy", "gz"]', '["mx", "ax", "ay", "az", "my", "mz"]'),
            gyr=('gyr = { unit = "dps", full_scale = "gyr_range_dps", bits = 16 }', ""),
            acc=('{ unit = "g", full_scale = "acc_range_g", bits = 16 }', '{ unit = "m/s2", scale = 0.5 }'),
        )
    )
    samples = codec.samples(codec.parse(codec.encode(Counts(np.array([[9, 2, -4, 6, 9, 9]]), 0, 0))))
    np.testing.assert_array_equal(samples, [[1.0, -2.0, 3.0]])
    assert codec.acc_range_g is None
    assert codec.width == 3


def test_float_records_that_are_not_numbers_are_refused():
    codec = RecordCodec(variant(record=('record = "hhh hhh"', 'record = "fff fff"')))
    good = codec.encode(Counts(np.arange(12.0).reshape(2, 6), 0, 0))
    np.testing.assert_array_equal(codec.parse(good).values, np.arange(12.0).reshape(2, 6))
    with pytest.raises(FormatError) as caught:
        codec.parse(good[:12] + struct.pack("<f", float("nan")) + good[16:])
    assert caught.value.offset == 12


def test_a_users_folder_adds_profiles_and_a_misnamed_file_is_named(tmp_path):
    shipped = firmware_profiles.registry.SHIPPED
    (tmp_path / "mine.toml").write_text(TEXT.replace('name = "open_packet"', 'name = "mine"'), encoding="utf-8")
    (tmp_path / "other.toml").write_text(TEXT, encoding="utf-8")
    folders = (shipped, tmp_path)
    assert {"mine", "open_packet"} <= set(firmware_profiles.names(folders))
    assert firmware_profiles.get("mine", folders).name == "mine"
    with pytest.raises(ProfileFileError, match="must agree"):
        firmware_profiles.get("other", folders)
