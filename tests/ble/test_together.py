"""Sensors together through `Session.connect`: treadmill, heart-rate belt, sacrum and foot, two feet."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import replace

import pytest

from imu import api
from imu.acquisition import ble, link
from imu.acquisition.simulation import Simulation
from imu.acquisition.virtual.world import SensorSpec
from imu.api import Session
from imu.settings import Settings
from imu.store.reader import read_session
from imu.types import LinkState, Place, Side

RUNNER = Simulation(standing_s=2.0, walking_s=0.0, seed=4)
SENSOR = SensorSpec("open_packet", RUNNER)
RUN_S = 12.0


def settings(**further):
    return replace(Settings().with_suggestions(RUNNER.suggested()), speed_mps=None, **further)


def finished(radio, *sessions):
    radio.together(len(sessions))
    for session in sessions:
        session.start()
    for session in sessions:
        assert session.wait(250.0)
        session.stop()
    return [session.status() for session in sessions]


def at_packet(sensor, wanted, act):
    """Do something when so many notifications of a sensor have passed."""

    def mangle(number, value):
        if number == wanted:
            act()
        return [(0.0, value)]

    sensor.weather.mangle = mangle


def test_a_treadmills_speed_and_incline_reach_the_steps_and_the_file(around, tmp_path):
    radio = around(SENSOR, "treadmill")
    sensor, belt = radio.world.sensors
    at_packet(sensor, 200, lambda: belt.firmware.context.update(speed_mps=3.4, incline_pct=2.5))
    path = tmp_path / "run.stride"
    session = Session.connect("first", settings(), treadmill="first", out=path, duration_s=RUN_S, radio=radio)
    (status,) = finished(radio, session)
    assert status.speed_mps == pytest.approx(3.4, abs=0.01)
    assert status.incline_pct == pytest.approx(2.5)
    steps = session.steps()
    assert len(steps) > 15
    assert steps[-2].vgrf_peak_bw is not None
    markers = read_session(path).markers
    said = [float(m.value) for m in markers if m.kind == "speed"]
    assert said == pytest.approx([2.8, 3.4], abs=0.01)
    assert [json.loads(m.value)["incline_pct"] for m in markers if m.kind == "context"][-1] == pytest.approx(2.5)
    again = api.analyze(api.read(path))
    assert [s.as_dict() for s in again.steps] == [s.as_dict() for s in steps]


def test_a_speed_that_is_typed_stands_where_there_is_no_treadmill(around):
    radio = around(SENSOR)
    session = Session.connect("first", replace(settings(), speed_mps=3.1), duration_s=RUN_S, radio=radio)
    (status,) = finished(radio, session)
    assert status.speed_mps == 3.1
    assert session.steps()[-2].vgrf_peak_bw is not None
    assert status.incline_pct is None


def test_a_treadmill_that_falls_silent_gives_no_speed_any_more(around):
    radio = around(SENSOR, "treadmill")
    sensor, belt = radio.world.sensors
    at_packet(sensor, 150, lambda: setattr(belt.firmware, "hung", True))
    session = Session.connect("first", settings(), treadmill="first", duration_s=20.0, radio=radio)
    (status,) = finished(radio, session)
    assert status.speed_mps is None
    assert status.incline_pct is None
    assert status.lost == 0


def test_a_treadmill_that_goes_away_does_not_disturb_the_sensor(around):
    radio = around(SENSOR, "treadmill")
    sensor, belt = radio.world.sensors
    at_packet(sensor, 150, belt.leave_range)
    session = Session.connect("first", settings(), treadmill="first", duration_s=RUN_S, radio=radio)
    (status,) = finished(radio, session)
    assert (status.lost, status.reconnects, status.detail) == (0, 0, "")


def test_a_heart_rate_belt_joins(around, tmp_path):
    radio = around(SENSOR, "heart_rate")
    path = tmp_path / "run.stride"
    session = Session.connect("first", settings(), heart_rate="first", out=path, duration_s=5.0, radio=radio)
    (status,) = finished(radio, session)
    assert (status.heart_rate_bpm, status.unreached) == (152.0, ())
    said = [json.loads(m.value) for m in read_session(path).markers if m.kind == "context"]
    assert said
    assert all(s["heart_rate_bpm"] == 152.0 for s in said)


def test_what_joins_the_first_of_two_sensors_reaches_both_recordings(around, tmp_path):
    other = SensorSpec("movesense", replace(RUNNER, seed=5))
    radio = around(SENSOR, other, "treadmill", "heart_rate")
    addresses = [sensor.peripheral.address for sensor in radio.world.sensors]
    belt = radio.world.sensors[2]
    at_packet(radio.world.sensors[0], 200, lambda: belt.firmware.context.update(speed_mps=3.4, incline_pct=2.5))
    files = [tmp_path / "first.stride", tmp_path / "second.stride"]
    first = Session.connect(
        addresses[0], settings(), treadmill=addresses[2], heart_rate=addresses[3], out=files[0], duration_s=RUN_S,
        radio=radio,
    )  # fmt: skip
    second = Session.connect(addresses[1], settings(), out=files[1], duration_s=RUN_S, radio=radio)
    first.share_context(second)
    first.share_context(second)  # once is enough
    first.share_context(first)
    for status in finished(radio, first, second):
        assert (status.lost, status.heart_rate_bpm) == (0, 152.0)
        assert status.incline_pct == pytest.approx(2.5)
        assert status.speed_mps == pytest.approx(3.4, abs=0.01)
    said = [joined_values(file) for file in files]
    assert said[0]["speed_mps"] == said[1]["speed_mps"] == pytest.approx([2.8, 3.4], abs=0.01)
    assert sorted(set(said[0]["incline_pct"])) == sorted(set(said[1]["incline_pct"])) == [1.0, 2.5]
    for name in ("incline_pct", "heart_rate_bpm"):  # once each; one begins or ends a reading earlier
        assert abs(len(said[0][name]) - len(said[1][name])) <= 3
        assert len(said[1][name]) >= 8
    again = api.analyze(api.read(files[1]))
    assert [s.as_dict() for s in again.steps] == [s.as_dict() for s in second.steps()]


def joined_values(file):
    """What a recording holds of treadmill and belt, by name."""
    out = {}
    for marker in read_session(file).markers:
        if marker.kind == "speed":
            out.setdefault("speed_mps", []).append(float(marker.value))
        elif marker.kind == "context":
            for name, value in json.loads(marker.value).items():
                out.setdefault(name, []).append(value)
    return out


def test_a_session_that_has_ended_hears_no_more_of_it(around):
    radio = around(SENSOR, SensorSpec("movesense", replace(RUNNER, seed=5)), "heart_rate")
    belt = radio.world.sensors[2]
    first = Session.connect("Stride", settings(), heart_rate="first", duration_s=RUN_S, radio=radio)
    second = Session.connect("Movesense", settings(), duration_s=4.0, radio=radio)

    def beat_faster():
        assert second.wait(50.0)  # it closes in its own time, not the radio's
        belt.firmware.context.update(heart_rate_bpm=171.0)

    at_packet(radio.world.sensors[0], 250, beat_faster)
    first.share_context(second)
    rates = [status.heart_rate_bpm for status in finished(radio, first, second)]
    assert rates == [171.0, 152.0]


def test_sensors_worn_together_do_not_disturb_each_other(around):
    """Sacrum and two feet: one Bluetooth thread, one session each. The runner knows no foot: its samples count."""
    worn = [
        (SENSOR, settings()),
        (
            SensorSpec("movesense", replace(RUNNER, seed=5), {"sensors": 6}),
            settings(place=Place.FOOT, sensor_side=Side.LEFT),
        ),
        (
            SensorSpec("witmotion_wt901ble", replace(RUNNER, seed=6)),
            settings(place=Place.FOOT, sensor_side=Side.RIGHT),
        ),
    ]

    radio = around(*(spec for spec, _ in worn))
    sessions = [
        Session.connect(sensor.peripheral.address, own, options=spec.options, duration_s=6.0, radio=radio)
        for (spec, own), sensor in zip(worn, radio.world.sensors, strict=True)
    ]
    for status in finished(radio, *sessions):
        assert (status.lost, status.decode_errors, status.detail) == (0, 0, "")
        assert status.received == pytest.approx(6.0 * status.nominal_rate_hz, abs=70)  # from its first answer on
    assert len(sessions[0].steps()) > 5


def two_feet(radio, treadmill, heart_rate, **second):
    """Sessions of two sensors; a treadmill and a belt join the first."""
    addresses = [sensor.peripheral.address for sensor in radio.world.sensors]
    first = Session.connect(
        addresses[0], settings(), treadmill=addresses[treadmill], heart_rate=addresses[heart_rate], radio=radio
    )
    other = Session.connect(addresses[1], settings(), radio=radio, **second)
    first.share_context(other)
    return first, other


def test_what_joined_a_sensor_whose_battery_dies_stays_with_the_other(around, tmp_path, monkeypatch):
    monkeypatch.setattr(link, "_GIVE_UP_S", 2.0)  # not half an hour
    monkeypatch.setattr(ble, "CONNECT_S", 2.0)
    radio = around(SENSOR, SensorSpec("movesense", replace(RUNNER, seed=5)), "treadmill", "heart_rate")
    empty, other, treadmill, belt = radio.world.sensors
    file = tmp_path / "second.stride"
    first, second = two_feet(radio, 2, 3, out=file, duration_s=30.0)

    def go_faster():
        assert first.wait(50.0)
        treadmill.firmware.context.update(speed_mps=3.4, incline_pct=2.5)
        belt.firmware.context.update(heart_rate_bpm=171.0)

    at_packet(empty, 100, empty.leave_range)
    at_packet(other, 25 * 26, go_faster)
    for session in (first, second):
        session.start()
    assert second.wait(250.0)
    for session in (second, first):
        session.stop()
    assert (first.status().state, second.status().state) == (LinkState.FAILED, LinkState.FINISHED)
    assert (first.status().speed_mps, first.status().heart_rate_bpm) == (pytest.approx(2.8, abs=0.01), 152.0)
    assert (second.status().speed_mps, second.status().heart_rate_bpm) == (pytest.approx(3.4, abs=0.01), 171.0)
    assert joined_values(file)["speed_mps"] == pytest.approx([2.8, 3.4], abs=0.01)  # never silent in between
    assert joined_values(file)["incline_pct"][-1] == pytest.approx(2.5)
    assert not treadmill.peripheral.is_connected
    assert not belt.peripheral.is_connected


@pytest.mark.parametrize("first_to_stop", [0, 1])
def test_what_joins_is_let_go_of_when_the_last_sensor_is_stopped_and_not_before(around, first_to_stop):
    radio = around(SENSOR, SensorSpec("movesense", replace(RUNNER, seed=5)), "treadmill", "heart_rate")
    joined = [sensor.peripheral for sensor in radio.world.sensors[2:]]
    sessions = list(two_feet(radio, 2, 3))
    steps = [threading.Event(), threading.Event()]
    for session, seen in zip(sessions, steps, strict=True):
        session.on_step(lambda _, seen=seen: seen.set())
        session.start()
    for seen in steps:
        assert seen.wait(50.0)
    early, last = sessions[first_to_stop], sessions[1 - first_to_stop]
    before = time.monotonic()
    early.stop()
    assert [p.is_connected for p in joined] == [True, True]
    last.stop()
    assert [p.is_connected for p in joined] == [False, False]
    assert time.monotonic() - before < 10.0  # the next run may begin
    assert [s.status().state for s in sessions] == [LinkState.FINISHED] * 2
    assert last.status().heart_rate_bpm == 152.0


def test_a_sensor_that_is_gone_does_not_hold_up_the_others_way_back(around):
    """One link is opened at a time, and nobody knows that the first sensor's battery is empty."""
    radio = around(SENSOR, SensorSpec("movesense", replace(RUNNER, seed=5)))
    empty, other = radio.world.sensors
    first = Session.connect(empty.peripheral.address, settings(), radio=radio)
    second = Session.connect(other.peripheral.address, settings(), duration_s=60.0, radio=radio)
    at_packet(empty, 50, empty.leave_range)
    at_packet(other, 30 * 26, lambda: asyncio.ensure_future(other.peripheral.drop()))
    radio.together(2)
    for session in (first, second):
        session.start()
    assert second.wait(250.0)
    assert first.status().state is LinkState.RECONNECTING
    for session in (second, first):
        session.stop()
    status = second.status()
    assert status.reconnects == 1
    assert 0 < status.lost < 8.0 * 208.0  # at most a search and a turn of the sensor that is gone


def test_what_is_wrong_with_a_device_that_joins_is_said_once(around, caplog):
    radio = around(SENSOR, "heart_rate")
    belt = radio.world.sensors[1].peripheral.address
    session = Session.connect("Stride", settings(), treadmill=belt, duration_s=120.0, radio=radio)
    with caplog.at_level("INFO", "imu.acquisition.treadmill"):
        (status,) = finished(radio, session)
    assert (status.lost, status.speed_mps) == (0, None)
    said = [r for r in caplog.records if r.name == "imu.acquisition.treadmill"]
    assert [r.levelname for r in said[:2]] == ["WARNING", "INFO"]
    assert len([r for r in said if r.levelname == "WARNING"]) == 1
    assert status.unreached == ("Virtual belt 2",)
    assert said[0].getMessage().startswith("Virtual belt 2 is not what the profile treadmill describes")
