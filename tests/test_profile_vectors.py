"""Published packets, most of them captured from real devices, decode to their published values."""

import json

import numpy as np
import pytest

import firmware_profiles
from firmware_profiles import FormatError, open_codec
from firmware_profiles.codecs import movesense_gsp as gsp

G = 9.80665
KMH = 1 / 3.6


@pytest.fixture(scope="module")
def vectors(stride_data):
    path = stride_data.parent / "devices" / "vectors.json"
    if not path.is_file():
        pytest.skip(f"the published packets are not at {path}")
    return json.loads(path.read_text(encoding="utf-8"))


def find(vectors, device, part=""):
    found = [v for v in vectors if v["device"].startswith(device) and part in v["characteristic"]]
    assert found
    return found


def decode(profile_name, *packets, characteristic=None, **options):
    profile = firmware_profiles.get(profile_name)
    codec = open_codec(profile, **options)
    readings = []
    for packet in packets:
        data = bytes.fromhex(packet) if isinstance(packet, str) else packet
        readings += codec.decode(characteristic or profile.gatt.notify[0], data)
    assert codec.pending_bytes == 0
    return readings + codec.flush()


def close(got, wanted, digits=6):
    np.testing.assert_allclose(got, wanted, rtol=0, atol=0.5 * 10.0**-digits)


def test_every_vector_is_of_a_device_that_is_tested_here(vectors):
    tested = {
        "Movesense", "Polar Verity Sense", "Polar H10", "WitMotion WT901BLE67 (WT9011DCL family)", "WitMotion",
        "Xsens/Movella DOT", "BBC micro:bit", "Nordic Thingy:52", "TI CC2650 SensorTag",
        "ST BlueST (SensorTile.box, BLUECOIN…)", "Arduino Nano 33 BLE Sense dashboard sketch", "Espruino Bangle.js",
        "SIG RSC", "SIG Heart Rate", "SIG Treadmill", "SIG Treadmill (True treadmill)",
        "Foot pod custom 0xFF00 (MilestonePod / Zwift RunPod family)", "Capture2Go",
    }  # fmt: skip
    assert {v["device"] for v in vectors} == tested
    assert len(vectors) == 44


@pytest.mark.parametrize("sensors", [0, 9])
def test_movesense_samples(vectors, sensors):
    (vector,) = find(vectors, "Movesense", "SUBSCRIBE /Meas/IMU9/52")
    (reading,) = decode("movesense", "0263" + vector["hex"], sensors=sensors)
    expected = vector["expected"]
    assert reading.ticks == expected["timestamp_ms"]
    close(reading.samples[:, :3], expected["acc_mps2"])
    close(reading.samples[:, 3:], expected["gyro_dps"])


def test_movesense_parts_are_joined(vectors):
    (vector,) = find(vectors, "Movesense", "reassembly")
    first, second = vector["hex"].split("|")
    (reading,) = decode("movesense", first, second, sensors=9)
    assert len(reading.samples) == (vector["expected"]["joined_len"] - 4) / 36
    body = bytes.fromhex(first)[2:] + bytes.fromhex(second)[2:]
    floats = np.frombuffer(body, "<f4", offset=4).reshape(3, -1, 3)
    np.testing.assert_array_equal(reading.samples, np.hstack([floats[0], floats[1]]))


@pytest.mark.parametrize(
    ("path", "ref", "names"),
    [
        ("/Meas/Acc/Info", gsp.REF_ACC_INFO, {"SampleRates": "rates_hz", "Ranges": "acc_ranges_g"}),
        ("/Meas/Gyro/Info", gsp.REF_GYRO_INFO, {"SampleRates": "rates_hz", "Ranges": "gyr_ranges_dps"}),
        (
            "/Meas/IMU/Info",
            gsp.REF_IMU_INFO,
            {
                "SampleRates": "rates_hz",
                "AccRanges": "acc_ranges_g",
                "GyroRanges": "gyr_ranges_dps",
                "MagnRanges": "mag_ranges_ut",
            },
        ),
        ("/Time/Detailed", gsp.REF_TIME, {k: k for k in ("utc_us", "relative_ms", "tick_rate", "accuracy")}),
    ],
)
def test_movesense_answers(vectors, path, ref, names):
    (vector,) = find(vectors, "Movesense", path)
    codec = open_codec(firmware_profiles.get("movesense"))
    reply = codec.reply("", bytes([1, ref]) + (200).to_bytes(2, "little") + bytes.fromhex(vector["hex"]))
    assert reply.ok
    assert reply.values == {names[k]: v for k, v in vector["expected"].items()}


@pytest.mark.parametrize(
    ("path", "ref", "names"),
    [
        ("/Meas/HR", gsp.REF_HEART_RATE, {"average": "heart_rate_bpm", "rr_ms": "rr_s"}),
        ("/Meas/Temp", gsp.REF_TEMPERATURE, {"timestamp_ms": "timestamp_ms", "kelvin": "temperature_k"}),
        ("/Meas/ECG", gsp.REF_ECG, {"timestamp_ms": "timestamp_ms", "ecg_uV": "ecg_uv"}),
    ],
)
def test_movesense_context(vectors, path, ref, names):
    (vector,) = find(vectors, "Movesense", path)
    (reading,) = decode("movesense", bytes([2, ref]) + bytes.fromhex(vector["hex"]))
    assert set(reading.context) == set(names.values())
    for theirs, ours in names.items():
        scale = 1000.0 if theirs == "rr_ms" else 1.0
        close(np.multiply(reading.context[ours], scale), vector["expected"][theirs], 3)


def test_polar_frames(vectors):
    counts, milli, cut = find(vectors, "Polar Verity Sense")
    (reading,) = decode("polar_verity_sense", counts["hex"])
    expected = counts["expected"]
    assert (reading.ticks, len(reading.samples)) == (expected["timestamp_ns"], expected["n"])
    np.testing.assert_allclose(reading.samples / (16 / 32768 * G), expected["raw"], rtol=1e-12)
    (reading,) = decode("polar_verity_sense", milli["hex"])
    expected = milli["expected"]
    assert (reading.ticks, len(reading.samples)) == (expected["timestamp_ns"], expected["n"])
    np.testing.assert_allclose(reading.samples / G * 1000, expected["mg"], rtol=1e-12)
    with pytest.raises(FormatError, match="59 differences of 6 bits is cut short") as caught:
        decode("polar_verity_sense", cut["hex"])
    assert caught.value.offset == len(cut["hex"]) // 2


def test_what_is_there_of_the_cut_frame_would_read_as_published(vectors):
    cut = find(vectors, "Polar Verity Sense")[2]
    data = bytearray.fromhex(cut["hex"])
    wanted = cut["expected"]["first_samples_mg"]
    fields = (len(data) - 18) * 8 // 18
    data[17] = fields
    data = data[: 18 + (fields * 18 + 7) // 8]
    (reading,) = decode("polar_verity_sense", bytes(data))
    n = min(len(wanted), len(reading.samples))
    assert n > 45
    np.testing.assert_allclose(reading.samples[:n] / G * 1000, wanted[:n], rtol=1e-12, atol=1e-9)


def test_the_start_response_says_what_a_count_is_worth(vectors):
    counts = find(vectors, "Polar Verity Sense")[0]
    codec = open_codec(firmware_profiles.get("polar_verity_sense"))
    factor = np.float32(2.44e-4)
    answer = bytes.fromhex("f0020200000501") + factor.tobytes()
    assert codec.reply("", answer).values == {"factor": float(factor)}
    (reading,) = codec.decode("", bytes.fromhex(counts["hex"]))
    np.testing.assert_allclose(reading.samples / G, np.array(counts["expected"]["raw"]) * float(factor), rtol=1e-12)


@pytest.mark.parametrize(
    ("device", "profile", "kind", "options"),
    [
        ("Polar H10", "polar_h10", "start", {"rate_hz": 200, "acc_range_g": 8}),
        ("WitMotion", "witmotion_wt901ble", "init", {"rate_hz": 100}),
        ("WitMotion", "witmotion_wt901ble", "init", {"rate_hz": 200}),
        ("Xsens/Movella DOT", "xsens_dot", "start", {}),
        ("Xsens/Movella DOT", "xsens_dot", "stop", {}),
        ("Nordic Thingy:52", "thingy52", "init", {"rate_hz": 200}),
    ],
)
def test_commands(vectors, device, profile, kind, options):
    published = [v["hex"] for v in vectors if v["device"] == device and v["kind"] == "command"]
    if device == "WitMotion":  # rates other than the one asked for are not written, nor is it saved each time
        published = [
            h for h in published if h[4:6] not in {"03", "00"} or h[6:8] == {100: "09", 200: "0b"}[options["rate_hz"]]
        ]
    if device.startswith("Xsens"):
        published = [h for h in published if h == {"start": "010115", "stop": "010000"}[kind]]
    written = [data.hex() for data in firmware_profiles.get(profile).command_bytes(kind, **options)]
    assert written == published


def test_witmotion_frames(vectors):
    for vector in find(vectors, "WitMotion WT901BLE67"):
        (reading,) = decode("witmotion_wt901ble", vector["hex"])
        close(reading.samples[:, :3] / G, [frame["acc_g"] for frame in vector["expected"]])
        close(reading.samples[:, 3:], [frame["gyr_dps"] for frame in vector["expected"]])


def test_dot_samples_and_messages(vectors):
    (vector,) = find(vectors, "Xsens", "rate quantities (mode")
    (reading,) = decode("xsens_dot", vector["hex"])
    expected = vector["expected"]
    assert reading.ticks == expected["timestamp_us"]
    close(reading.samples, [expected["acc_mps2"] + expected["gyro_dps"]])
    codec = open_codec(firmware_profiles.get("xsens_dot"))
    uuid = "15177002-4947-11e9-8646-d663bd873d93"
    for message in (*find(vectors, "Xsens", "GetState"), *find(vectors, "Xsens", "acknowledge")):
        data = bytes.fromhex(message["hex"])
        assert codec.reply(uuid, data).ok
        for bit in range(8 * len(data)):
            wrong = bytearray(data)
            wrong[bit // 8] ^= 1 << bit % 8
            with pytest.raises(FormatError):
                codec.reply(uuid, bytes(wrong))
    reply = codec.reply(uuid, bytes.fromhex(find(vectors, "Xsens", "GetState")[0]["hex"]))
    assert reply.values == {"message_id": 1, "content": [2]}


@pytest.mark.parametrize(
    ("device", "profile", "part", "options", "acc", "gyr"),
    [
        ("BBC", "microbit", "", {}, lambda e: np.array(e["mg"]) / 1000, None),
        ("Nordic", "thingy52", "ef680406", {}, lambda e: e["acc_g"], lambda e: e["gyro_dps"]),
        ("TI", "sensortag_cc2650", "", {"acc_range_g": 8}, lambda e: e["acc_g_range8"], lambda e: e["gyro_dps"]),
        ("ST", "bluest", "", {}, lambda e: np.array(e["acc_mg"]) / 1000, lambda e: e["gyro_dps"]),
        ("Arduino", "arduino_nano33", "", {}, lambda e: e["acc_g"], None),
        ("Espruino", "espruino", "", {}, lambda e: e["acc_g"], None),
    ],
)
def test_plain_records(vectors, device, profile, part, options, acc, gyr):
    for vector in find(vectors, device, part):
        (reading,) = decode(profile, vector["hex"], **options)
        close(reading.samples[:, :3] / G, [acc(vector["expected"])])
        if gyr is not None:
            close(reading.samples[:, 3:], [gyr(vector["expected"])], 4)
        else:
            assert np.isnan(reading.samples[:, 3:]).all()
        assert reading.ticks == vector["expected"].get("ts_raw")


def test_running_speed_and_cadence(vectors):
    names = {"speed_mps": "speed_mps", "cadence_raw": "cadence_spm", "running": "is_running",
             "stride_length_m": "stride_length_m", "total_distance_m": "distance_m"}  # fmt: skip
    for vector in find(vectors, "SIG RSC"):
        (reading,) = decode("running_speed_cadence", vector["hex"])
        assert reading.context == {names[k]: v for k, v in vector["expected"].items()}
    (reading,) = decode("running_speed_cadence", vector["hex"], cadence_multiplier=2)
    assert reading.context["cadence_spm"] == 170
    for vector in find(vectors, "Foot pod"):
        expected = vector["expected"]
        uuid = vector["characteristic"]
        (reading,) = decode("running_speed_cadence", vector["hex"], characteristic=uuid)
        assert reading.context["contact_time_s"] == expected["stance_ms"] / 1000
        ratings = {f"{k}_rating": expected[k] for k in ("strike", "swing", "impact")}
        assert {**reading.context, "contact_time_s": 0} == {
            **ratings, "byte3_4": expected["byte3_4"], "contact_time_s": 0
        }  # fmt: skip


def test_heart_rate(vectors):
    for vector in find(vectors, "SIG Heart Rate"):
        (reading,) = decode("heart_rate", vector["hex"])
        expected = vector["expected"]
        assert reading.context["heart_rate_bpm"] == expected["hr_bpm"]
        assert reading.context.get("rr_s", []) == expected["rr_1024"]
        assert reading.context.get("energy_kj") == expected.get("energy_kj")
        if "contact" in expected:
            assert bool(reading.context["skin_contact"]) == expected["contact"]


def test_treadmill(vectors):
    names = {
        "speed_kmh": ("speed_mps", KMH), "avg_speed_kmh": ("average_speed_mps", KMH),
        "elev_pos_m": ("elevation_gain_m", 1),
        "elev_neg_m": ("elevation_loss_m", 1), "avg_pace_raw": ("average_pace_raw", 1), "hr_bpm": ("heart_rate_bpm", 1),
        "energy_per_h": ("energy_kcal_per_h", 1), "energy_per_min": ("energy_kcal_per_min", 1),
        "force_N": ("force_n", 1), "power_W": ("power_w", 1),
    }  # fmt: skip
    for vector in find(vectors, "SIG Treadmill"):
        data, expected = bytes.fromhex(vector["hex"]), dict(vector["expected"])
        flags = expected.pop("flags")
        assert int.from_bytes(data[:2], "little") == flags
        if vector["note"] == "prefix only":  # refused as it is; with the fields that were cut off it is whole
            with pytest.raises(FormatError) as caught:
                decode("treadmill", data)
            assert caught.value.offset == len(data)
            data += bytes(36 - len(data) - (2 if not flags >> 11 & 1 else 0))
        else:
            assert expected.pop("consumed") == len(data)
        (reading,) = decode("treadmill", data)
        for theirs, value in expected.items():
            ours, scale = names.get(theirs, (theirs, 1))
            assert reading.context[ours] == pytest.approx(value * scale, abs=1e-12)
        if vector["note"] != "prefix only":
            assert len(reading.context) == len(expected)


def test_capture2go(vectors):
    (vector,) = find(vectors, "Capture2Go")
    (reading,) = decode("capture2go", vector["hex"])
    expected = vector["expected"]
    assert reading.ticks == expected["timestamp_ns"]
    assert reading.samples.shape == (expected["samples"], 6)
    np.testing.assert_allclose(reading.samples[0, :3], expected["acc_mps2_first"], atol=1e-12)
    np.testing.assert_allclose(reading.samples[1, 3:], expected["gyr_dps_second"], atol=1e-12)
    data = bytes.fromhex(vector["hex"])
    codec = open_codec(firmware_profiles.get("capture2go"))
    rows = [r for cut in (data[:40], b"\xff" + data[40:]) for r in codec.decode("", cut)]
    np.testing.assert_array_equal(rows[0].samples, reading.samples)
