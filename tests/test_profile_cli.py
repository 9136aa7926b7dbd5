"""`stride profiles`: what a person types to look at a sensor's bytes, and what comes back."""

import json
import re
from pathlib import Path

import pytest

import firmware_profiles
from imu.cli import main


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("STRIDE_PROFILES", str(tmp_path / "mine"))

    def call(*arguments):
        code = main(["profiles", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def decoded(run, *arguments):
    code, out, err = run("decode", *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_decode_gives_what_the_packet_holds(run):
    assert decoded(run, "microbit", "0001a0032001") == {"acc_mps2": [[2.5105024, 9.100571200000001, 2.8243152]]}
    assert decoded(run, "heart_rate", "0x0050") == {"heart_rate_bpm": 80.0}
    assert decoded(run, "treadmill", "0201e204b0049b", "--characteristic", "2ACD")["speed_mps"] == pytest.approx(
        12.5 / 3.6
    )
    assert decoded(run, "battery", "64") == {"battery_pct": 100.0}
    assert decoded(run, "device_information", "57 54 39", "--characteristic", "2a24") == {"model": "WT9"}
    rsc = decoded(run, "running_speed_cadence", "008002b4", "--set", "cadence_multiplier=2")
    assert (rsc["speed_mps"], rsc["cadence_spm"]) == (2.5, 360.0)
    dot = decoded(run, "xsens_dot", "1b410000cdcccc3dcdcc4cbec3f51c410000c03f000020c00000604000000000" + "00" * 8)
    assert dot["timestamp_s"] == pytest.approx(0.016667)
    assert dot["gyr_dps"] == [[1.5, -2.5, 3.5]]
    tag = "83007dff00000010000000f0010002000300"
    half = decoded(run, "sensortag_cc2650", tag, "--set", "acc_range_g=8")["acc_mps2"][0][0]
    assert decoded(run, "sensortag_cc2650", tag)["acc_mps2"][0][0] == 2 * half == pytest.approx(2 * 9.80665)
    assert set(decoded(run, "metamotion_bmi160", "1305010002000300")) == {"gyr_dps"}
    assert len(decoded(run, "metamotion_bmi270", "0305" + "0100" * 9)["acc_mps2"]) == 3
    assert decoded(run, "movesense", "83c813439601")["rr_s"] == [0.406]  # a body without its header


def test_packets_that_belong_together(run):
    line = "412c2d332c31322c2d39390d0a"
    wanted = decoded(run, "espruino", line)
    for split in (f"{line[:10]} {line[10:]}", f"{line[:4]},{line[4:]}"):
        assert decoded(run, "espruino", split) == wanted
    assert decoded(run, "espruino", line[:10], line[10:]) == wanted


def test_the_start_response_pasted_before_a_polar_frame_counts(run):
    frame = "02" + "00" * 8 + "80" + "e80300000000" + "0803" + "00" * 9
    assumed = decoded(run, "polar_verity_sense", frame)["acc_mps2"]
    assert assumed[0][0] == pytest.approx(1000 * 8 / 32768 * 9.80665)
    assert assumed == decoded(run, "polar_verity_sense", frame, "--set", "acc_range_g=8")["acc_mps2"]
    told = decoded(run, "polar_verity_sense", "f0020200000501bd37863a", frame)["acc_mps2"]  # FACTOR = 0.001024
    assert told[0][0] == pytest.approx(1000 * 0.001024 * 9.80665, rel=1e-4)


def test_decode_for_people(run):
    code, out, _ = run("decode", "xsens_dot", "1b410000" + "00" * 36)
    assert code == 0
    assert "device time of the first sample: 0.016667 s" in out
    assert "m/s²" in out
    code, out, _ = run("decode", "metamotion_bmi160", "118c5a0e10")
    assert (code, "battery: 90 %" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["microbt", "00"], "Did you mean 'microbit'?"),
        (["microbit", "0001a00320"], "5 bytes are not one record of 6 bytes (byte 5 of 0001a00320)"),
        (["microbit", "0001a003200"], "half a byte is missing"),
        (["microbit", "zz"], "'z' at digit 1"),
        (["microbit", ""], "no bytes"),
        (["microbit", "0001a0032001", "--set", "volume=11"], "unknown; the options are rate_hz"),
        (["microbit", "0001a0032001", "--set", "rate"], "is not a setting"),
        (["microbit", "0001a0032001", "--characteristic", "acc"], "not the UUID"),
        (["movesense", "0263159e01"], "not whole samples"),
        (["movesense", "0263" + "00" * 150], "wait for the rest"),
        (["witmotion_wt901ble", "5561270600"], "wait for the rest"),
        (["battery", "c8"], "200 % is not possible"),
        (["polar_h10", "00"], "a frame begins with 10 bytes"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(run, arguments, said):
    code, out, err = run("decode", *arguments, "--json")
    assert (code, out) == (2, "")
    assert said in err


def test_commands(run):
    code, out, _ = run("commands", "polar_verity_sense", "--set", "sdk_mode=0", "--json")
    commands = json.loads(out)
    assert code == 0
    assert commands["start"] == ["0202000134000101100002010800040103"]  # bytes of a capture at 52 Hz
    assert commands["options"]["rate_hz"] == 52
    _, out, _ = run("commands", "xsens_dot", "--json")
    assert json.loads(out)["steps"]["init"][0]["patch"] == {"0": "10", "24": "3c00"}
    _, out, _ = run("commands", "thingy52", "--set", "rate_hz=50", "--json")
    assert json.loads(out)["init"] == ["e803f401f401320000"]
    _, out, _ = run("commands", "sensortag_cc2650", "--json")
    assert json.loads(out)["start"] == ["7f03"]
    code, out, _ = run("commands", "witmotion_wt901ble", "--set", "rate_hz=100")
    assert (code, "ffaa030900" in out, "wait 0.1 s" in out) == (0, True, True)
    code, _, err = run("commands", "polar_verity_sense", "--set", "sdk_mode=0", "--set", "rate_hz=104")
    assert (code, "not possible with sdk_mode=0" in err) == (2, True)
    for name in firmware_profiles.names():
        code, out, _ = run("commands", name, "--json")
        commands = json.loads(out)
        for kind in ("init", "start", "stop"):
            assert all(bytes.fromhex(data) for data in commands[kind])


MINE = firmware_profiles.profile_text("microbit").replace('name = "microbit"', 'name = "mine"')


def test_profiles_of_ones_own(run, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    good, wrong, shadow = folder / "mine.toml", folder / "wrong.toml", folder / "microbit.toml"
    good.write_text(MINE, encoding="utf-8")
    code, out, err = run("list")
    assert (code, err) == (0, "")
    assert "Your own profiles: mine" in out
    assert decoded(run, "mine", "0001a0032001")["acc_mps2"]
    code, out, _ = run("check", good)
    assert (code, "mine.toml is right" in out) == (0, True)
    wrong.write_text("schema = 1\n", encoding="utf-8")
    shadow.write_text(firmware_profiles.profile_text("microbit"), encoding="utf-8")
    code, out, err = run("list")
    assert code == 2
    assert "mine" in out
    assert "wrong.toml cannot be used" in err
    assert "microbit.toml is not used: a shipped profile has that name" in err
    assert decoded(run, "mine", "0001a0032001")["acc_mps2"]
    code, _, err = run("check", wrong)
    assert (code, "mistake(s)" in err) == (2, True)
    code, _, err = run("check", shadow)
    assert (code, "name of a shipped profile" in err) == (2, True)
    code, out, err = run("list", "--json")
    listed = json.loads(out)
    assert len(listed["problems"]) == 2
    assert "mine" in {p["name"] for p in listed["profiles"]}


def test_a_plug_in_brings_profiles_and_a_broken_one_is_told(monkeypatch, tmp_path):
    class Entry:
        def __init__(self, name, found):
            self.name, self.value, self._found = name, "package.module", found

        def load(self):
            if isinstance(self._found, Exception):
                raise self._found
            return self._found

    entries = [Entry("good", tmp_path), Entry("broken", ImportError("no such thing")), Entry("gone", tmp_path / "x")]
    monkeypatch.setattr("firmware_profiles.plugins.entry_points", lambda group: entries)
    folders, problems = firmware_profiles.plugins.plugin_folders()
    assert folders == (tmp_path,)
    assert len(problems) == 2
    assert "no such thing" in problems[0]


DOCS = Path(__file__).parents[1] / "docs" / "firmware-profiles.md"


def test_the_made_up_sensor_of_the_documentation_works_from_its_file(run, tmp_path):
    text = DOCS.read_text(encoding="utf-8")
    file = tmp_path / "kneepod.toml"
    file.write_text(re.search(r"```toml\n(.*?)```", text, re.DOTALL)[1], encoding="utf-8")
    code, out, err = run("check", file)
    assert (code, err) == (0, "")
    assert "will not" not in out
    code, out, _ = run("commands", file, "--set", "rate_hz=100,acc_range_g=8")
    assert "a0010800" in out
    packet = re.search(r"decode kneepod.toml (\w+)` says: counter 1, 0.01 s, 1 g along x", text)[1]
    found = decoded(run, file, packet)
    assert (found["counter"], found["timestamp_s"]) == (1, 0.01)
    assert found["acc_mps2"][0] == pytest.approx([9.80665, 0.0, 0.0])
    code, out, _ = run("show", file)
    assert out.startswith("schema = 1")
    code, _, err = run("decode", tmp_path / "none.toml", packet)
    assert (code, "Check the path" in err) == (2, True)


def test_mistakes_behind_mistakes_are_found_as_well(run, tmp_path):
    """Whether names fit each other can only be checked once each value is right."""
    wrong = (
        MINE.replace("e95d0753", "E95D0753")
        .replace('evidence = "captured"', 'evidence = "seen"')
        .replace('"0a00", 200', '"0a00", 300')
        .replace("max_records = 1", "max_records = 1\nrecords = 2")
        .replace('init = ["{rate_hz}"]', 'init = ["{rate_hz}", "0g", "{speed}"]')
        .replace('[loss]\nkind = "rate"', '[loss]\nkind = "counter"')
    )
    file = tmp_path / "mine.toml"
    file.write_text(wrong, encoding="utf-8")
    code, _, err = run("check", file)
    assert code == 2
    for said in (
        "has 7 mistake(s)", "gatt.service: ", "about.evidence: 'seen' is not one of 'captured', 'spec', 'demo'",
        "200 has none", "300 is none", "stream.records: there is no such field", "commands.init[1]: '0g'",
        "commands.init[2]: unknown option 'speed'", "loss.kind = 'counter' needs stream.counter",
        "\ndocs/firmware-profiles.md explains every field.",
    ):  # fmt: skip
        assert said in err


def test_what_will_be_missed_is_said(run, tmp_path):
    bare = re.sub(r"\[match\]\n.*\n", "[match]\n", MINE)
    bare = bare.replace("acc_range_g = 8\nacc_range_is_set = false\n", "")
    file = tmp_path / "mine.toml"
    file.write_text(bare, encoding="utf-8")
    code, out, _ = run("check", file)
    assert code == 0
    for said in ("no match rule", "limits.acc_range_g is not given", "loss.kind is 'rate'"):
        assert said in out


def test_an_unknown_option_names_the_nearest(run):
    code, _, err = run("commands", "movesense", "--set", "rate=208")
    assert code == 2
    assert "rate: unknown; did you mean rate_hz? The options are rate_hz, sensors\nSee `" in err
