"""A sensor that was not set as noted: it is said, and its stored packets are read rightly afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from redecode_tools import mislabel, record_at

from imu import api
from imu.acquisition.profiles import get_profile_text
from imu.acquisition.source import WireFormat
from imu.cli import main
from imu.settings import Settings
from imu.store.fresh import StreamHeader
from imu.store.reader import read_session
from imu.store.writer import Marker, SessionWriter
from imu.types import Recording, Step

SAYS = "note: The sensor samples at 104 Hz and not at the 208 Hz it was set to: times and cadence are wrong"


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session of a sensor at 104 Hz, stored as such."""
    return record_at(tmp_path_factory.mktemp("redecode") / "right.stride", 104.0)


@pytest.fixture(scope="module")
def wrong_rate(right: Path) -> Path:
    """The same packets, of a sensor that was believed to be at 208 Hz."""
    return mislabel(right, right.with_name("wrong_rate.stride"), options={"rate_hz": 208})


@pytest.mark.parametrize("command", [["replay", "--headless", "--speed", "max"], ["analyze"]], ids=["live", "analyze"])
def test_a_rate_that_is_not_as_set_is_said(
    command: list[str], right: Path, wrong_rate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*command, str(wrong_rate)])
    assert SAYS in capsys.readouterr().out
    assert main([*command, str(right)]) == 0
    assert "was set to" not in capsys.readouterr().out


def test_the_status_says_it_too(wrong_rate: Path) -> None:
    session = api.Session.replay(wrong_rate, speed=None)
    with session:
        assert session.wait(60.0)
    status = session.status()
    assert status.clock is not None
    assert status.clock.is_off
    assert len(status.warnings) == 1
    assert status.warnings[0].startswith("The sensor samples at 104 Hz")


def test_the_measured_rate_is_stored_and_shown(
    right: Path, wrong_rate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decoded = read_session(right).decoded
    assert decoded is not None
    assert decoded.clock is not None
    assert decoded.clock.rate_hz == pytest.approx(104.0, rel=1e-3)
    assert decoded.clock == api.read(right).clock  # live, and read again
    assert main(["verify", str(right)]) == 0
    assert "Sampling rate: set to 104 Hz, measured 10" in capsys.readouterr().out
    assert main(["analyze", "--json", str(wrong_rate)]) == 0
    found = json.loads(capsys.readouterr().out)
    found = found[0] if isinstance(found, list) else found
    assert found["sampling_rate_hz"] == 208.0
    assert found["measured_rate_hz"] == pytest.approx(104.0, rel=1e-3)
    assert 0.0 < found["measured_rate_error_hz"] < 1.0


def analyse(path: Path, **again: object) -> tuple[Recording, tuple[Step, ...]]:
    recording = api.read(path, **again)  # type: ignore[arg-type]
    return recording, api.analyze(recording).steps


def test_with_the_right_rate_the_steps_are_those_of_a_session_that_was_right(right: Path, wrong_rate: Path) -> None:
    _, true = analyse(right)
    assert len(true) > 30
    _, wrong = analyse(wrong_rate)
    assert [s.as_dict() for s in wrong] != [s.as_dict() for s in true]
    before = wrong_rate.read_bytes()
    recording, found = analyse(wrong_rate, options={"rate_hz": 104})
    assert [s.as_dict() for s in found] == [s.as_dict() for s in true]
    assert recording.stream.sampling_rate_hz == 104.0
    assert recording.warnings[-1].startswith("Decoded again from its packets as open_packet: rate_hz = 104,")
    assert not any("was set to" in w for w in recording.warnings)
    assert wrong_rate.read_bytes() == before


def test_with_the_right_range_the_peaks_are_right(right: Path) -> None:
    _, true = analyse(right)
    path = mislabel(right, right.with_name("wrong_range.stride"), options={"acc_range_g": 8, "rate_hz": 104})
    recording, found = analyse(path, options={"acc_range_g": 16})
    assert [s.as_dict() for s in found] == [s.as_dict() for s in true]
    assert (recording.stream.acc_range_g, recording.stream.sampling_rate_hz) == (16.0, 104.0)


@pytest.fixture
def wrong_profile(right: Path, tmp_path: Path) -> Path:
    """The same packets beside a profile of one's own that takes the gyroscope for the acceleration."""
    text = get_profile_text("open_packet").replace('name = "open_packet"', 'name = "my_sensor"')
    text = text.replace('["ax", "ay", "az", "gx", "gy", "gz"]', '["gx", "gy", "gz", "ax", "ay", "az"]')
    return mislabel(right, tmp_path / "wrong_profile.stride", profile=("my_sensor", text), options={"rate_hz": 104})


def test_with_the_right_profile_the_steps_are_those_of_a_session_that_was_right(
    right: Path, wrong_profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, true = analyse(right)
    main(["analyze", str(wrong_profile), "--json"])
    said = capsys.readouterr().out
    assert not said or len(json.loads(said)["steps"]) != len(true)
    command = ["analyze", str(wrong_profile), "--profile", "open_packet", "--set", "rate_hz=104", "--json"]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert [s["ic_s"] for s in found["steps"]] == [s.ic_s for s in true]
    assert [s["load_peak_g"] for s in found["steps"]] == [s.load_peak_g for s in true]
    assert any("as open_packet: rate_hz = 104" in w for w in found["warnings"])


def test_what_was_typed_stays_at_the_packet_at_which_it_was_typed(right: Path) -> None:
    _, true = analyse(right)
    between = 0.5 * (true[20].ic_s + true[21].ic_s)
    packet_stop = 8 * 100
    markers = (Marker(between * 104 / 208, "swap_sides"), Marker(packet_stop / 208, "speed", "3.0"))
    path = mislabel(right, right.with_name("typed.stride"), options={"rate_hz": 208}, markers=markers)
    recording, found = analyse(path, options={"rate_hz": 104})
    assert [s.side for s in found[:21]] == [s.side for s in true[:21]]
    assert [s.side for s in found[21:]] == [s.side.other for s in true[21:]]
    assert recording.suggested["speed_changes"] == [(packet_stop, 3.0)]
    assert packet_stop in [b.start_index for b in recording.blocks]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--set", "rate=104"], "rate"),
        (["--set", "rate_hz=9999"], "9999"),
        (["--set", "rate_hz"], "Write it like --set rate_hz=200"),
        (["--profile", "movesens"], "Did you mean 'movesense'?"),
        (["--profile", "heart_rate"], "holds no acceleration"),
        (["--profile", "thingy52"], "stride profiles list"),
        (["--profile", "open_packet", "--sensor", "left"], "--sensor is not for sessions"),
    ],
)
def test_what_cannot_be_is_said_once(
    words: list[str], says: str, right: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", str(right), *words]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert said.err.startswith("stride: ")
    assert "\nstride: " not in said.err
    assert said.out == ""


def test_only_sessions_can_be_decoded_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "run.csv"
    log.write_text("t,x,y,z\n")
    assert main(["analyze", str(log), "--set", "rate_hz=104"]) == 2
    assert "leave out --profile, --set and --measured-rate" in capsys.readouterr().err


@pytest.fixture(scope="module")
def fast(right: Path) -> Path:
    """The same packets, of a sensor that runs 1.5 % faster than it is set to: each arrives earlier, by its own time."""
    stored = read_session(right)
    path = right.with_name("fast.stride")
    header = StreamHeader(stored.info, stored.profile_name, stored.profile_text, stored.options, None)
    writer = SessionWriter(path, Settings(**stored.settings), header)
    start_ns = stored.packets[0].t_arrival_ns
    for packet in stored.packets:
        data = bytearray(packet.payload)
        data[4:8] = round(int.from_bytes(data[4:8], "little") / 1.015).to_bytes(4, "little")
        arrival_ns = start_ns + round((packet.t_arrival_ns - start_ns) / 1.015)
        writer.append(packet._replace(t_arrival_ns=arrival_ns, payload=bytes(data)))
    writer.close()
    return path


def test_times_can_be_computed_with_the_measured_rate(
    fast: Path, right: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    as_set, steps = analyse(fast)
    assert as_set.warnings[-1] == (
        "The sensor sampled at 105.6 Hz and times are computed with 104 Hz: they are 1.5 % too long."
    )
    measured, again = analyse(fast, measured_rate=True)
    assert measured.stream.sampling_rate_hz == pytest.approx(1.015 * 104.0, rel=2e-4)
    assert len(again) == pytest.approx(len(steps), abs=1)
    assert not any("too long" in w for w in measured.warnings)
    assert "times at the measured 105.5" in measured.warnings[-1] or "105.6" in measured.warnings[-1]
    assert again[-1].ic_s == pytest.approx(steps[-1].ic_s / 1.015, rel=2e-3)
    assert main(["analyze", str(fast), "--measured-rate"]) == 0
    assert "times at the measured" in capsys.readouterr().out
    assert "too" not in " ".join(analyse(right)[0].warnings)


def test_a_session_of_a_second_has_no_rate_to_measure(right: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored = read_session(right)
    path = right.with_name("short.stride")
    header = StreamHeader(stored.info, stored.profile_name, stored.profile_text, stored.options, None)
    writer = SessionWriter(path, Settings(**stored.settings), header)
    for packet in stored.packets[:8]:
        writer.append(packet)
    writer.close()
    assert main(["analyze", str(path), "--measured-rate"]) == 2
    assert "too short to measure" in capsys.readouterr().err


def test_a_profile_may_be_a_file_and_its_own_name_is_what_counts(right: Path) -> None:
    file = right.with_name("mine.toml")
    file.write_text(get_profile_text("open_packet").replace('name = "open_packet"', 'name = "mine"'), encoding="utf-8")
    wire = WireFormat.of(str(file), {"rate_hz": 104})
    assert (wire.profile_name, wire.decoder(None).info.sampling_rate_hz) == ("mine", 104.0)
    recording = api.read(right, profile=str(file), options={"rate_hz": 104})
    assert recording.warnings[-1].startswith("Decoded again from its packets as mine: rate_hz = 104,")
    assert [s.as_dict() for s in api.analyze(recording).steps] == [s.as_dict() for s in analyse(right)[1]]
