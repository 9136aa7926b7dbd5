"""`stride scan` over a virtual radio: what is listed, what is said when nothing is, and each trouble's sentence."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ble.conftest import Around, Run
from bleak.backends.device import BLEDevice
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakDBusError, BleakError
from rich.console import Console

from imu import api
from imu.acquisition.ble import BleakTransport
from imu.acquisition.simulation import Simulation
from imu.acquisition.virtual.world import SensorSpec
from imu.cli import main, scan
from imu.cli.scan import charge_text, sensor_table, signal_text
from imu.types import Charge, FoundSensor


def test_sensors_are_listed_with_profile_signal_and_what_comes_next(run: Run, around: Around) -> None:
    around("movesense", "heart_rate", phones=("Anna's phone",))
    code, out, _ = run("scan", "--seconds", "2")
    assert code == 0
    rows = out.splitlines()
    assert rows[0].split() == ["name", "profile", "signal", "battery", "address"]
    assert "Movesense 174230000001  movesense   strong (-50 dBm)  –" in out
    assert "Virtual belt 2" in out
    assert "phone" not in out.replace("--all", "").split("\n\n")[0]
    assert "1 other Bluetooth device was seen: --all lists it." in out
    assert 'Next: stride live --device "Movesense 174230000001"' in out


def test_all_lists_what_cannot_be_read_too(run: Run, around: Around) -> None:
    around("open_packet", phones=("Anna's phone", "TV"))
    _, out, _ = run("scan", "--all", "--seconds", "2")
    assert [r for r in out.splitlines() if r.startswith("Anna's phone") and "cannot be read" in r]
    assert [r for r in out.splitlines() if r.startswith("TV") and "cannot be read" in r]


def test_battery_is_asked_for_and_the_sensor_is_let_go(run: Run, around: Around) -> None:
    radio = around("movesense", "treadmill")
    code, out, err = run("scan", "--battery", "--seconds", "2")
    assert code == 0
    assert "Asking Movesense" in err
    assert [r for r in out.splitlines() if r.startswith("Movesense") and "87 %" in r]
    assert not any(s.peripheral.is_connected for s in radio.world.sensors)


def test_the_last_charge_is_remembered_with_its_age(run: Run, around: Around) -> None:
    around(SensorSpec("movesense", Simulation()), "polar_h10")
    assert run("record", "--device", "Movesense", "--seconds", "3")[0] == 0
    out = run("scan", "--seconds", "2")[1]
    assert [r for r in out.splitlines() if r.startswith("Movesense") and "87 % (just now)" in r]
    assert [r for r in out.splitlines() if r.startswith("Polar") and "–" in r]
    assert "--battery asks each" in out
    found = json.loads(run("scan", "--json", "--seconds", "2")[1])["sensors"]
    movesense, polar = sorted(found, key=lambda s: s["name"])
    assert (movesense["battery_pct"], movesense["last_battery_pct"]) == (None, 87.0)
    assert (polar["last_battery_pct"], polar["last_battery_utc"]) == (None, None)


def test_a_library_that_cannot_be_read_does_not_stop_the_search(run: Run, around: Around, tmp_path: Path) -> None:
    around("movesense")
    (tmp_path / "own.stride-library").write_bytes(b"no library at all" * 100)
    code, out, _ = run("scan", "--seconds", "2")
    assert code == 0
    assert "strong (-50 dBm)  –" in out


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "80 % (just now)"),
        (timedelta(seconds=59), "80 % (just now)"),
        (timedelta(minutes=1), "80 % (1 minute ago)"),
        (timedelta(hours=23, minutes=59), "80 % (23 hours ago)"),
        (timedelta(days=2, hours=3), "80 % (2 days ago)"),
    ],
)
def test_a_charge_has_its_age(age: timedelta, words: str) -> None:
    now = datetime(2026, 3, 3, tzinfo=UTC)
    assert charge_text(None, Charge(80.0, (now - age).isoformat()), now) == words
    assert charge_text(55.0, Charge(80.0, (now - age).isoformat()), now) == "55 %"


def test_the_growing_table_shows_the_remembered_charge_too(run: Run, around: Around, monkeypatch) -> None:
    """In a terminal, from the first row on; each sensor is looked up once."""
    around(SensorSpec("movesense", Simulation()), "polar_h10")
    assert run("record", "--device", "Movesense", "--seconds", "3")[0] == 0
    asked: list[list[str]] = []
    last_charges = scan._last_charges

    def counted(names: Iterable[str]) -> dict[str, Charge]:
        asked.append(list(names))
        return last_charges(asked[-1])

    monkeypatch.setattr(scan, "_last_charges", counted)
    remembered = scan._Remembered()
    around_now = api.scan(2.0)
    for sensors in (around_now[:1], around_now, around_now):
        pictured = console_text(scan._growing(8.0, sensors, 2, remembered.of(sensors)))
        assert ("87 % (just now)" in pictured) == any(s.name.startswith("Movesense") for s in sensors)
        assert "Looking for sensors for 8 s" in pictured
    assert sorted(name for names in asked for name in names) == sorted(s.name for s in around_now)


def console_text(renderable: Any) -> str:
    out = Console(width=100, file=io.StringIO())
    out.print(renderable)
    return out.file.getvalue()


def test_json_holds_every_field(run: Run, around: Around) -> None:
    around("polar_h10", phones=("TV",))
    code, out, _ = run("scan", "--json", "--seconds", "2")
    assert code == 0
    found = json.loads(out)
    assert found["others"] == 1
    (sensor,) = found["sensors"]
    assert sensor["name"].startswith("Polar H10")
    assert (sensor["profile"], sensor["kind"], sensor["rssi_dbm"]) == ("polar_h10", "imu", -50)
    assert sensor["battery_pct"] is None


def held_by_another_program(around: Around, *names: str) -> None:
    class Adapter:
        @classmethod
        async def get(cls, **_: Any) -> Adapter:
            return cls()

        async def get_connected_devices(self, _: frozenset[str]) -> list[BLEDevice]:
            return [BLEDevice(f"AA:{n:02X}", name, None) for n, name in enumerate(names)]

    world = around("open_packet").world
    backends = world.transport._scanner_backend, world.transport._client_backend
    world.transport = BleakTransport(
        scanner_backend=backends[0], client_backend=backends[1], adapter_backend=Adapter, now_ns=world.transport.now_ns
    )


def test_a_sensor_that_is_held_here_is_listed_last_and_said(run: Run, around: Around) -> None:
    held_by_another_program(around, "Movesense 174230000009", "a mouse")
    code, out, _ = run("scan", "--battery", "--seconds", "2")
    assert code == 0
    rows = out.splitlines()
    assert rows[1].startswith("Stride 01")
    assert rows[2].rstrip().split(None, 3) == [
        "Movesense",
        "174230000009",
        "movesense",
        "held here already  –        AA:00",
    ]
    assert "bluetoothctl disconnect AA:00" in out
    assert 'Next: stride live --device "Stride 01"' in out
    sensors = json.loads(run("scan", "--json", "--seconds", "2")[1])["sensors"]
    assert [s["held"] for s in sensors] == [False, True]


def test_who_names_a_sensor_that_is_held_here_is_told(run: Run, around: Around) -> None:
    held_by_another_program(around, "Movesense 174230000009")
    code, _, err = run("live", "--device", "Movesense", "--search-seconds", "2", "--headless", "--seconds", "2")
    assert code == 2
    assert "Movesense 174230000009 is connected to this computer already" in err
    assert "bluetoothctl disconnect AA:00" in err


def test_nothing_found_says_what_to_try(run: Run, around: Around) -> None:
    around(phones=("TV",))
    code, out, _ = run("scan", "--seconds", "3")
    assert code == 0
    assert "No sensor that can be read was found in 3 s; 1 other Bluetooth device was seen" in out
    for word in ("Wake it", "maker's app", "--all", "stride doctor", "stride demo"):
        assert word in out
    assert json.loads(run("scan", "--json", "--seconds", "2")[1])["sensors"] == []


def test_only_a_belt_is_no_movement_sensor(run: Run, around: Around) -> None:
    around("heart_rate")
    assert "None of them measures movement" in run("scan", "--seconds", "2")[1]


def test_ctrl_c_ends_the_search_with_what_was_found(run: Run, around: Around, monkeypatch: pytest.MonkeyPatch) -> None:
    around("movesense")
    from imu import api

    real = api.scan

    def interrupted(seconds: float, on_change: Any) -> Any:
        real(2.0, on_change)
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "scan", interrupted)
    code, out, err = run("scan", "--battery", "--seconds", "2")
    assert code == 0
    assert "Stopped." in err
    assert "Movesense" in out


def test_ctrl_c_ends_the_asking_with_what_was_told(run: Run, around: Around, monkeypatch: pytest.MonkeyPatch) -> None:
    around("movesense", "polar_h10")
    from imu import api

    real = api.read_battery

    def interrupted(sensor: FoundSensor) -> Any:
        if "Polar" in sensor.name:
            raise KeyboardInterrupt
        return real(sensor)

    monkeypatch.setattr(api, "read_battery", interrupted)
    code, out, err = run("scan", "--battery", "--seconds", "2", "--json")
    assert code == 0
    assert err.splitlines()[-1] == "Stopped."
    charges = {s["profile"]: s["battery_pct"] for s in json.loads(out)["sensors"]}
    assert charges == {"movesense": 87.0, "polar_h10": None}


def test_in_a_terminal_the_table_grows(around: Around, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    around("movesense")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["scan", "--seconds", "2"]) == 0
    out = capsys.readouterr().out
    assert "Movesense 174230000001" in out


@pytest.mark.parametrize(("rssi", "text"), [(None, "–"), (-50, "strong (-50 dBm)"), (-70, "good (-70 dBm)"),
                                            (-80, "fair (-80 dBm)"), (-95, "weak (-95 dBm)")])  # fmt: skip
def test_signal_in_words(rssi: int | None, text: str) -> None:
    assert signal_text(rssi) == text


def test_a_name_with_brackets_is_not_markup(capsys: pytest.CaptureFixture[str]) -> None:
    from imu.cli.text import console

    console().print(sensor_table([FoundSensor("[red]X[/red]", "AA", ("movesense",), battery_pct=55.0)]))
    out = capsys.readouterr().out
    assert "[red]X[/red]" in out
    assert "55 %" in out


Reason = BleakBluetoothNotAvailableReason
TROUBLES = [
    (BleakBluetoothNotAvailableError("", Reason.POWERED_OFF), "switched off", "Switch it on"),
    (BleakBluetoothNotAvailableError("", Reason.NO_BLUETOOTH), "no Bluetooth adapter", "Plug one in"),
    (BleakBluetoothNotAvailableError("", Reason.DENIED_BY_USER), "does not let this program", ""),
    (BleakBluetoothNotAvailableError("", Reason.NO_BLE_CENTRAL_ROLE), "too old", "4.0"),
    (FileNotFoundError(2, "No such file"), "Bluetooth service does not run", "bluez"),
    (BleakDBusError("org.bluez.Error.InProgress", []), "another program searches", "try again"),
    (BleakDBusError("org.bluez.Error.NotReady", []), "switched off", "Switch it on"),
    (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), "does not let this program", ""),
    (BleakDBusError("org.freedesktop.DBus.Error.NoReply", []), "does not answer", "stride doctor"),
    (TimeoutError(), "does not answer", "stride doctor"),
    (BleakError("something new"), "search failed (something new)", "stride doctor"),
]


@pytest.mark.parametrize("command", [("scan",), ("scan", "--json")])
@pytest.mark.parametrize(("error", "what", "todo"), TROUBLES, ids=str)
def test_each_trouble_of_the_adapter_is_one_sentence_and_exit_code_2(
    run: Run, around: Around, error: Exception, what: str, todo: str, command: tuple[str, ...]
) -> None:
    class Broken:
        def __init__(self, *_: Any, **__: Any) -> None:
            raise error

    around().world.transport = BleakTransport(scanner_backend=Broken)
    code, out, err = run(*command)
    assert (code, out) == (2, "")
    said = [line for line in err.splitlines() if line.startswith("stride: ")]
    assert len(said) == 1
    assert what in said[0]
    assert todo in said[0]
