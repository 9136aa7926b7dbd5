"""`stride live` and `stride record` over a virtual radio, in virtual time: what is shown, kept and said."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ble.conftest import Around, Run
from ble.virtual_radio import VirtualRadio

from imu import api
from imu.acquisition.simulation import Simulation
from imu.acquisition.virtual.world import SensorSpec
from imu.cli.watch import Watched
from imu.settings import Settings
from imu.store.reader import read_session
from imu.types import LinkState, Place, Side, Status

RUNNER = Simulation(standing_s=2.5, walking_s=0.0, seed=3)
RUN_S = 10


def worn(profile: str, **further: Any) -> SensorSpec:
    return SensorSpec(profile, RUNNER, **further)


def steps_in(out: str) -> list[str]:
    return [line for line in out.splitlines() if line.split()[1:2] == ["run"]]


def test_live_prints_steps_as_a_table_and_what_the_link_does(run: Run, around: Around) -> None:
    radio = around(worn("movesense"))
    code, out, err = run("live", "--headless", "--device", "movesense", "--mounting", "+y-x+z", "--seconds", RUN_S)
    assert code == 0
    assert len(steps_in(out)) > 15
    assert "Summary:" in out
    assert "not a medical device" in out
    assert "Looking for 'movesense'" in err
    assert "Found Movesense 174230000001: profile movesense, signal strong (-50 dBm), worn at the sacrum." in err
    assert re.search(r"Movesense 174230000001: stream(ing|ed) at 208 Hz, battery 87 %, firmware virtual 1\.0\.", err)
    firmware = radio.world.sensors[0].firmware
    assert not firmware.streaming, "the sensor is told to stop"
    assert not radio.world.sensors[0].peripheral.is_connected


def test_what_is_recorded_analyze_and_verify_read_the_same(run: Run, around: Around, tmp_path: Path) -> None:
    around(worn("polar_h10"))
    target = tmp_path / "run.stride"
    code, out, _ = run("record", "--out", target, "--mass-kg", "70", "--speed-mps", "2.8", "--seconds", RUN_S)
    assert code == 0
    assert f"Session: {target}" in out
    said = len([line for line in out.splitlines() if line.split()[1:2] in (["run"], ["walk"])])
    code, again, _ = run("analyze", target, "--json")
    assert code == 0
    result = json.loads(again)
    assert len(result["steps"]) == said > 15
    recording = api.read(target)
    assert recording.duration_s == pytest.approx(RUN_S, abs=0.5)
    assert recording.suggested["body_mass_kg"] == 70
    assert run("verify", target)[0] == 0


def test_without_a_display_live_says_so_and_prints_the_table(run: Run, around: Around) -> None:
    around(worn("open_packet"))
    code, out, err = run("live", "--seconds", "2")
    assert code == 0
    assert "No display: the steps as a table" in err
    assert "contact s" in out


def test_with_a_picture_live_paints_the_dashboard(run: Run, around: Around, tmp_path: Path) -> None:
    around(worn("open_packet"))
    picture, target = tmp_path / "live.png", tmp_path / "run.stride"
    code, out, _ = run("live", "--seconds", "8", "--screenshot", picture, "--out", target, "--language", "nl")
    assert code == 0
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert f"Picture of the dashboard: {picture}" in out
    assert api.read(target).duration_s == pytest.approx(8.0, abs=0.5)


def test_two_sensors_are_shown_beside_each_other_in_the_dashboard(
    run: Run, around: Around, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    around(worn("open_packet"), worn("movesense"))
    shown: list[api.Session] = []

    def show_live(make: Any, *, second: Any, **_: Any) -> int:
        shown.extend((make(), second[0]()))
        assert second[1].place is Place.SHANK
        for session in shown:
            session.start()
        for session in shown:
            session.wait()
        return 0

    monkeypatch.setattr("imu.cli.dashboard.load", lambda *_, **__: SimpleNamespace(show_live=show_live))
    code, out, _ = run(
        *("live", "-d", "Stride", "-d", "Movesense", "--place", "sacrum", "--place", "shank", "--side", "left"),
        *("--seconds", "6", "--screenshot", tmp_path / "both.png", "--out", tmp_path / "both.stride"),
    )
    assert code == 0
    assert [session.stream.name.split()[0] for session in shown] == ["Stride", "Movesense"]
    assert "Session of the left shank:" in out
    places = [api.read(tmp_path / f"both-{i}.stride").suggested["place"] for i in (1, 2)]
    assert places == [Place.SACRUM, Place.SHANK]


def test_two_feet_side_by_side_each_in_a_file_of_its_own(run: Run, around: Around, tmp_path: Path) -> None:
    around(worn("open_packet"), worn("movesense"), "treadmill", "heart_rate")
    code, out, err = run(
        *("record", "-d", "first", "-d", "first", "--place", "foot", "--side", "left", "--side", "right"),
        *("--treadmill", "first", "--heart-rate", "first", "--seconds", RUN_S, "--out", tmp_path / "run.stride"),
    )
    assert code == 0
    assert "Found Virtual treadmill 3." in err
    assert "Found Virtual belt 4." in err
    left, right = (api.read(tmp_path / f"run-{i}.stride") for i in (1, 2))
    assert [r.suggested["place"] for r in (left, right)] == [Place.FOOT, Place.FOOT]
    assert {left.suggested["sensor_side"], right.suggested["sensor_side"]} == {Side.LEFT, Side.RIGHT}
    assert {left.stream.name.split()[0], right.stream.name.split()[0]} == {"Stride", "Movesense"}
    assert any(line.startswith("left foot ") for line in out.splitlines())
    assert any(line.startswith("right foot ") for line in out.splitlines())
    assert "Session of the right foot:" in out
    for i in (1, 2):  # what joins is linked with the first, and heard by both
        markers = [
            m.value for m in read_session(tmp_path / f"run-{i}.stride").markers if m.kind in {"context", "speed"}
        ]
        assert any("incline_pct" in value for value in markers)
        assert any("heart_rate_bpm" in value for value in markers)
        assert any(value.startswith("2.8") or value.startswith("2.7") for value in markers)


def test_record_keeps_in_the_library_under_a_client(run: Run, around: Around, tmp_path: Path) -> None:
    around(worn("open_packet"))
    path = tmp_path / "l.stride-library"
    with api.Library.open(path) as library:
        library.add_client("K-017")
    code, _, err = run("record", "--library", path, "--client", "K-071")
    assert code == 2
    assert "There is no client K-071. Did you mean K-017?" in err
    code, out, _ = run("record", "--library", path, "--client", "K-017", "--seconds", RUN_S)
    assert code == 0
    assert "Session 1 in the library: stride analyze 1, stride report 1" in out
    with api.Library.open(path) as library:
        (row,) = library.sessions()
    assert row.client_code == "K-017"
    assert (row.n_steps or 0) > 15
    assert not row.unfinished


def test_ctrl_c_ends_a_recording_cleanly_and_keeps_it(
    run: Run, around: Around, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    radio = around(worn("open_packet"))
    wait = api.Session.wait

    def interrupted(self: api.Session, timeout_s: float | None = None) -> bool:
        if len(self.steps()) > 5:
            raise KeyboardInterrupt
        return wait(self, timeout_s)

    monkeypatch.setattr(api.Session, "wait", interrupted)
    target = tmp_path / "kept.stride"
    code, out, err = run("record", "--out", target)
    monkeypatch.undo()
    assert code == 0
    assert "Stopped." in err
    assert "Summary:" in out
    assert api.read(target).n_samples > 0
    assert not radio.world.sensors[0].firmware.streaming


@pytest.mark.parametrize("command", ["live", "record"])
def test_ctrl_c_while_searching_is_130(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "find_sensor", interrupted)
    code, out, err = run(command, "--out", tmp_path / "run.stride")
    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "Stopped."
    assert list(tmp_path.iterdir()) == []


def test_a_lost_link_is_told_and_its_gap_counted(run: Run, around: Around, tmp_path: Path) -> None:
    sensor = around(worn("open_packet")).world.sensors[0]
    dropped = []

    def drop_at_150(number: int, value: bytes) -> list[tuple[float, bytes]]:
        if number == 150:
            dropped.append(asyncio.ensure_future(sensor.peripheral.drop()))
        return [(0.0, value)]

    sensor.weather.mangle = drop_at_150
    target = tmp_path / "run.stride"
    code, out, _ = run("record", "--out", target, "--seconds", RUN_S)
    assert code == 0
    assert dropped
    assert "lost on the way:" in out
    assert "the link was lost and came back once" in out
    assert "after gap" in out
    assert len(api.read(target).blocks) > 1


@pytest.mark.parametrize(
    ("profile", "options", "words"),
    [
        ("movesense", (), "--set sensors=6 adds it"),
        ("movesense", ("--set", "sensors=6", "--set", "rate_hz=104"), ""),
        ("polar_h10", (), "it measures no angular rate"),
        ("open_packet", (), ""),
        ("movesense", ("--place", "foot"), ""),
    ],
)
def test_a_sensor_without_angular_rate_is_said_with_what_adds_it(
    run: Run, around: Around, profile: str, options: tuple[str, ...], words: str
) -> None:
    around(worn(profile))
    code, _, err = run("live", "--headless", "--seconds", "1", *options)
    assert code == 0
    assert words in err
    assert ("angular rate" in err) == bool(words)


@pytest.mark.parametrize(
    ("settings", "gyroscope", "words"),
    [
        (Settings(mounting="+y-x+z"), True, ["Stand still for five seconds"]),
        (Settings(), True, ["left and right need --mounting"]),
        (Settings(mounting="+y-x+z"), False, []),
        (Settings(place="foot"), True, []),
    ],
)
def test_at_the_start_it_is_said_what_left_and_right_need(
    around: Around, settings: Settings, gyroscope: bool, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    around(worn("open_packet"))
    session = api.Session.connect("first", settings)
    monkeypatch.setattr(api.Session, "status", lambda _: Status(LinkState.STREAMING, gyroscope=gyroscope))
    _, *advice = Watched(session, "X", linked=True, advise=True).link_news()
    assert len(advice) == len(words)
    for line, word in zip(advice, words, strict=True):
        assert word in line


def test_what_happens_to_a_link_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    states = [
        Status(LinkState.PREPARING),
        Status(LinkState.CONNECTING, detail="Connecting to X ..."),
        Status(LinkState.STREAMING, nominal_rate_hz=208.0, battery_pct=87.0),
        Status(LinkState.STREAMING, nominal_rate_hz=208.0, battery_pct=87.0),
        Status(LinkState.RECONNECTING, detail="The link to X broke. Connecting again (attempt 1)."),
        Status(LinkState.RECONNECTING, detail="The link to X broke. Connecting again (attempt 2)."),
        Status(LinkState.STREAMING, lost=104, lost_pct=2.0),
        Status(LinkState.FAILED, detail="X is gone."),
    ]
    monkeypatch.setattr(api.Session, "status", lambda _: states.pop(0))
    watched = Watched(api.Session.simulate(), "X", linked=True)
    said = [line for _ in range(8) for line in watched.link_news()]
    assert said == [
        "Connecting to X ...",
        "X: streaming at 208 Hz, battery 87 %. Ctrl-C ends it.",
        "The link to X broke. Connecting again (attempt 1).",
        "X: the stream is back; 104 samples lost so far (2.0 %).",
        "X is gone.",
    ]


def test_a_stream_that_was_over_before_anybody_looked_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    states = [
        Status(LinkState.CONNECTING, detail="Connecting to X ..."),
        Status(LinkState.FINISHED, received=1872, nominal_rate_hz=208.0, battery_pct=87.0),
    ]
    monkeypatch.setattr(api.Session, "status", lambda _: states.pop(0))
    watched = Watched(api.Session.simulate(), "X", linked=True)
    assert [line for _ in range(2) for line in watched.link_news()] == [
        "Connecting to X ...",
        "X: streamed at 208 Hz, battery 87 %.",
    ]


def refused(outcome: tuple[int, str, str], words: tuple[str, ...]) -> None:
    code, out, err = outcome
    assert (code, out) == (2, "")
    assert len([line for line in err.splitlines() if line.startswith("stride: ")]) == 1
    for word in words:
        assert word in err


WRONG = [
    (("--profile", "movesens"), ("no profile 'movesens'", "Did you mean 'movesense'?")),
    (("--profile", "movesense", "--set", "rate_hz=200"), ("rate_hz", "208")),
    (("--set", "rate=200"), ("No sensor has an option 'rate'",)),
    (("--set", "rate_hz"), ("'rate_hz' is not a setting",)),
    (("--side", "left", "--side", "right"), ("given 2 times for 1 sensor", "in the order of --device")),
    (("--mounting", "up"), ("mounting",)),
    (("--mass-kg", "7"), ("body_mass_kg", "outside")),
    (("--out", "run.npz"), ("ends in .stride", "run.stride")),
    (("--out", "no/such/run.stride"), ("no folder",)),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=" ".join)
@pytest.mark.parametrize("command", ["live", "record"])
def test_what_is_typed_wrong_is_said_before_anything_is_searched_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, arguments: Any, words: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STRIDE_LIBRARY", str(tmp_path / "l.stride-library"))
    monkeypatch.setattr("imu.acquisition.radio._shared", [None])  # a search would fail
    refused(run(command, *arguments), words)
    assert not list(tmp_path.glob("*.stride"))


NOT_FOUND = [
    (("--device", "Movesens 174230000001"), ("No sensor 'Movesens 174230000001' was found.", "Did you mean 'Move")),
    (("--device", "17"), ("A part of a name has 3 letters at least. There are: Movesense 174230000001, Virtual",)),
    (("--device", "treadmill"), ("measures no movement", "--treadmill")),
    (("--device", "first", "--profile", "polar_h10"), (
        "No movement sensor that the profile polar_h10 fits was found.",
        "There are: Movesense 174230000001 (movesense), Virtual treadmill 2 (treadmill).",
    )),
    (("--device", "phone"), ("no profile fits", "--profile")),
    (("--treadmill", "T-1000"), ("No sensor 'T-1000' was found",)),
    (("--treadmill", "Movesense"), (
        "No other sensor 'Movesense' was found: Movesense 174230000001 is used already. There is: Virtual",
    )),
    (("--heart-rate", "first"), ("No heart-rate belt was found. There is: Virtual treadmill 2 (treadmill).",)),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), NOT_FOUND, ids=" ".join)
def test_what_is_not_around_or_cannot_be_read_is_said(run: Run, around: Around, arguments: Any, words: Any) -> None:
    around(worn("movesense"), "treadmill", phones=("phone",))
    refused(run("live", *arguments, "--search-seconds", "1"), words)


def test_a_device_that_does_not_say_that_it_is_a_treadmill_is_tried_all_the_same(run: Run, around: Around) -> None:
    around(worn("movesense"), "heart_rate")
    code, out, err = run("live", "--treadmill", "belt", "--seconds", "3", "--headless")
    assert code == 0
    assert "does not say that it is a treadmill; it is tried all the same." in err
    assert "Summary:" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--library", "run.npz"), ("run.npz is a recording or a table, not a library.",)),
        (("--library", "l.stride-library", "--client", "K-017"), ("There is no library at l.stride-library yet.",)),
    ],
    ids=" ".join,
)
def test_a_wrong_name_makes_no_library(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: Any, words: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("imu.acquisition.radio._shared", [None])  # a search would fail
    refused(run("record", *arguments), words)
    assert list(tmp_path.iterdir()) == []


def test_only_one_is_around(run: Run, around: Around) -> None:
    around(worn("movesense"))
    refused(run("live", "-d", "Movesense", "-d", "Movesense"), ("is used already. Each sensor is asked for once.",))
    refused(run("live", "--treadmill", "first"), ("No treadmill was found. Nothing else was seen. Wake",))
    radio = around(phones=("phone",))
    refused(run("live"), ("No movement sensor was found. Seen: 1 other Bluetooth device, none that is known.",))
    assert not radio.world.sensors


def test_a_failed_link_is_said_once(run: Run, around: Around) -> None:
    radio: VirtualRadio = around(worn("movesense"))
    radio.world.sensors[0].peripheral.deaf = True
    code, _, err = run("live", "--headless")
    assert code == 2
    assert err.count(err.splitlines()[-1].removeprefix("stride: ")) == 1


def test_a_file_that_is_there_is_never_replaced(run: Run, around: Around, tmp_path: Path) -> None:
    around(worn("movesense"))
    target = tmp_path / "mine.stride"
    target.write_bytes(b"something of mine")
    for command in ("live", "record"):
        code, _, err = run(command, "--out", target)
        assert code == 2
        assert "exists already" in err
    assert target.read_bytes() == b"something of mine"


def test_a_sensor_that_does_not_answer_is_given_up_and_leaves_no_empty_file(
    run: Run, around: Around, tmp_path: Path
) -> None:
    radio: VirtualRadio = around(worn("movesense"))
    radio.world.sensors[0].peripheral.deaf = True
    target = tmp_path / "empty.stride"
    code, _, err = run("record", "--out", target)
    assert code == 2
    assert "does not answer" in err.splitlines()[-1]
    assert not target.exists()


def test_a_sensor_that_does_not_answer_leaves_no_session_in_the_library(
    run: Run, around: Around, tmp_path: Path
) -> None:
    radio: VirtualRadio = around(worn("movesense"))
    radio.world.sensors[0].peripheral.deaf = True
    path = tmp_path / "l.stride-library"
    code, out, err = run("record", "--library", path)
    assert code == 2
    assert "does not answer" in err.splitlines()[-1]
    assert "in the library" not in out
    with api.Library.open(path) as library:
        assert library.sessions() == []


def test_a_session_that_holds_packets_is_never_dropped(run: Run, around: Around, tmp_path: Path) -> None:
    around(worn("open_packet"))
    path = tmp_path / "l.stride-library"
    assert run("record", "--library", path, "--seconds", "3")[0] == 0
    with api.Library.open(path) as library:
        assert not library.drop_empty(1)
        assert len(library.sessions()) == 1


def test_a_rate_too_slow_for_steps_leaves_nothing_behind(run: Run, around: Around, tmp_path: Path) -> None:
    around(worn("movesense"))
    code, _, err = run("record", "--set", "rate_hz=26", "--out", tmp_path / "slow.stride")
    assert code == 2
    assert "26 Hz is too slow" in err
    assert list(tmp_path.iterdir()) == []


def test_no_device_at_all_says_what_to_do(run: Run, around: Around) -> None:
    around()
    code, _, err = run("live", "--search-seconds", "2")
    assert code == 2
    assert "No movement sensor was found. Nothing at all was seen. Wake the sensor" in err
