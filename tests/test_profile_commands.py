"""What a profile's commands say becomes bytes, pauses, reads and changes; what cannot be read is named."""

import re

import pytest

import firmware_profiles
from firmware_profiles import FirmwareProfile, Patch, ProfileFileError, Read, Wait, Write

MICROBIT = firmware_profiles.profile_text("microbit")
UUID = "e95dfb24-251d-470a-a062-fa1922dfa9a8"


def with_init(line):
    assert 'init = ["{rate_hz}"]' in MICROBIT
    return MICROBIT.replace('init = ["{rate_hz}"]', f"init = ['''{line}''']")


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("{rate_hz}", Write(UUID, b"\x14\x00")),
        ("ff aa{rate_hz:u8} {rate_hz:u16}", Write(UUID, bytes.fromhex("ffaa323200"))),
        ('01 "/rate/" {rate_hz:text} 00', Write(UUID, b"\x01/rate/50\0")),
        (f"write {UUID[:-1]}9 01", Write(UUID[:-1] + "9", b"\x01")),
        ("wait 250 ms", Wait(0.25)),
        (f"read {UUID}", Read(UUID)),
        (f"patch {UUID} 0=10 24={{rate_hz:u16}}", Patch(UUID, ((0, b"\x10"), (24, b"\x32\x00")))),
        ("if rate_hz=50: 01", Write(UUID, b"\x01")),
        ("if rate_hz=100: 01", None),
        ("if rate_hz=100: wait 10 ms", None),
    ],
)
def test_lines_become_actions(line, action):
    script = FirmwareProfile.from_toml(with_init(line)).script("init")
    assert script == (() if action is None else (action,))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0z", "neither pairs of hexadecimal digits"),
        ("0", "neither pairs of hexadecimal digits"),
        ("{speed}", "unknown option 'speed'"),
        ("wait 5 s", "like 'wait 100 ms'"),
        ("read 2a19", "'2a19' is not a 128-bit UUID"),
        (f"read {UUID} 00", "nothing may follow"),
        (f"patch {UUID}", "at least one"),
        (f"patch {UUID} x=00", "not like 24="),
        ("if speed=1: 00", "unknown option 'speed'"),
        ("if rate_hz=fast: 00", "'if rate_hz=1:'"),
        ('"é"', "must be ASCII"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_place(line, said):
    with pytest.raises(ProfileFileError, match=re.escape(said)) as caught:
        FirmwareProfile.from_toml(with_init(line))
    assert "commands.init[0]" in str(caught.value)


def test_long_text_is_cut_into_what_the_device_takes():
    profile = firmware_profiles.get("espruino")
    writes = profile.script("start", rate_hz=25)
    assert all(len(w.data) == 20 for w in writes[:-1])
    text = b"".join(w.data for w in writes)
    assert text.startswith(b"\x03\x10Bangle.setPollInterval(40);")
    assert text.endswith(b"\n")


def test_a_default_gives_way_to_what_was_chosen():
    profile = firmware_profiles.get("polar_verity_sense")
    assert profile.choose()["rate_hz"] == 208
    assert profile.choose(sdk_mode=0)["rate_hz"] == 52
    with pytest.raises(ProfileFileError, match="possible are 52"):
        profile.choose(sdk_mode=0, rate_hz=208)
    assert firmware_profiles.get("metamotion_bmi160").choose(rate_hz=400)["gyr_rate"] == 400


def test_after_a_lost_link_the_lists_run_that_the_profile_names():
    dot = firmware_profiles.get("xsens_dot")
    assert dot.script("on_reconnect") == dot.script("stop") + dot.script("init") + dot.script("start")
    movesense = firmware_profiles.get("movesense")
    assert movesense.script("on_reconnect") == movesense.script("init") + movesense.script("start")


def test_a_sensor_that_offers_a_standard_service_too_is_a_sensor_first():
    heart_rate = "0000180d-0000-1000-8000-00805f9b34fb"
    for name, profile in (("Movesense 123456789012", "movesense"), ("Polar H10 ABCD1234", "polar_h10")):
        assert [p.name for p in firmware_profiles.match(name, [heart_rate])] == [profile, "heart_rate"]
    both = firmware_profiles.match("MetaWear", ["326a9000-85cb-9195-d9dd-464cfbbae75a"])
    assert [p.name for p in both] == ["metamotion_bmi160", "metamotion_bmi270"]


def test_the_wrong_chip_says_which_profile_to_use():
    codec = firmware_profiles.open_codec(firmware_profiles.get("metamotion_bmi160"))
    assert codec.reply("", bytes.fromhex("03800101")).ok
    refused = codec.reply("", bytes.fromhex("03800400"))
    assert not refused.ok
    assert "metamotion_bmi270" in refused.text
    assert codec.decode(codec.profile.gatt.notify[0], bytes.fromhex("03800101")) == []


@pytest.mark.parametrize(("volts", "percent"), [(396, 100), (400, 100), (368, 52.5), (340, 5), (300, 5)])
def test_a_battery_voltage_becomes_per_cent(volts, percent):
    codec = firmware_profiles.open_codec(firmware_profiles.get("witmotion_wt901ble"))
    answer = bytes.fromhex("55716400") + volts.to_bytes(2, "little") + bytes(14)
    assert codec.reply("", answer).values == {"battery_pct": pytest.approx(percent)}
    assert codec.decode(codec.profile.gatt.notify[0], answer) == []


def test_movesense_and_polar_say_when_they_refuse():
    movesense = firmware_profiles.open_codec(firmware_profiles.get("movesense"))
    assert movesense.acc_range_g is None
    assert movesense.reply("", bytes.fromhex("0142c80008")).values == {"acc_range_g": 8}
    assert movesense.acc_range_g == 8
    assert "404" in movesense.reply("", bytes.fromhex("01639401")).text
    assert "507" in movesense.reply("", bytes.fromhex("016301fb")).text
    polar = firmware_profiles.open_codec(firmware_profiles.get("polar_h10"))
    control = polar.profile.gatt.indicate[0]
    assert polar.reply(control, bytes.fromhex("f002020500")).text == "a parameter is wrong"
    assert not polar.reply(control, b"\x01\x02").ok
    assert polar.reply(control, bytes.fromhex("0f0402")).text == "acceleration, SDK mode"
