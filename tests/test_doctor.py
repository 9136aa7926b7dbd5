"""`stride doctor`: every finding has a state, a sentence, and something to do where something is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from imu.cli import doctor, machine
from imu.cli.machine import Check


@pytest.mark.parametrize(
    ("python", "pyside", "state"),
    [
        ((3, 11), "6.12.0", "missing"),
        ((3, 11), "6.11.3", "ok"),
        ((3, 12), "6.12.0", "ok"),
        ((3, 14), "6.13.1", "ok"),
        ((3, 11), "", "missing"),
    ],
)
def test_the_pair_that_ends_the_process_is_told(python: tuple[int, int], pyside: str, state: str) -> None:
    check = doctor.qt_pair_check(python, pyside)
    assert check.state == state
    assert check.needed
    assert bool(check.todo) == (state == "missing")


@pytest.mark.parametrize(
    ("python", "state"), [((3, 10), "missing"), ((3, 11), "ok"), ((3, 14), "ok"), ((3, 15), "missing")]
)
def test_python_versions(python: tuple[int, int], state: str) -> None:
    assert doctor.python_check(python).state == state


@pytest.mark.parametrize(
    ("environment", "system", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "minimal:enable_fonts"}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "win32", False),
    ],
)
def test_a_display(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], system: str, expected: bool) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", system)
    assert machine.has_display() is expected


def test_missing_qt_libraries_name_their_debian_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "probe_qt", lambda _: (None, "libEGL.so.1: cannot open shared object file"))
    monkeypatch.setattr(
        machine, "missing_libraries", lambda names: [n for n in names if n in {"libEGL.so.1", "libGL.so.1"}]
    )
    check = doctor.qt_check()
    assert (check.state, check.needed) == ("missing", True)
    assert "apt-get install libegl1 libgl1" in check.todo


def test_a_library_that_is_not_there_is_found_missing() -> None:
    assert machine.missing_libraries(("libno-such-thing.so.7",)) in (["libno-such-thing.so.7"], [])


@pytest.mark.parametrize(
    ("result", "said", "state", "words"),
    [
        (None, "FileNotFoundError: [Errno 2] No such file or directory", "warn", "no system D-Bus"),
        ({"error": "org.freedesktop.DBus.Error.ServiceUnknown"}, "", "warn", "BlueZ does not answer"),
        ({"adapters": 0, "powered": 0}, "", "warn", "no adapter"),
        ({"adapters": 1, "powered": 0}, "", "warn", "switched off"),
        ({"adapters": 1, "powered": 1}, "", "ok", "switched on"),
    ],
)
def test_each_bluetooth_failure_has_its_sentence(
    monkeypatch: pytest.MonkeyPatch, result: dict[str, Any] | None, said: str, state: str, words: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(machine, "probe_bluez", lambda: (result, said))
    check = doctor.bluetooth_check()
    assert check.state == state
    assert words in check.found
    assert bool(check.todo) == (state != "ok")
    assert not check.needed, "the demo runs without Bluetooth"


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.is_writable(tmp_path / "not" / "yet" / "there")
    monkeypatch.setattr(machine, "is_writable", lambda _: False)
    assert doctor.store_check().state == "warn"
    assert doctor.store_check().todo


def test_a_probe_that_dies_is_a_finding() -> None:
    assert machine.probe("print('{\"a\": 1}')") == ({"a": 1}, "")
    result, said = machine.probe("import no_such_module_at_all")
    assert result is None
    assert "no_such_module_at_all" in said
    result, said = machine.probe("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert result is None
    assert said
    assert machine.probe("pass")[0] is None


def _fine() -> Check:
    return Check("Fine", "ok", "it is there")


def _warned() -> Check:
    return Check("Sound", "warn", "no [sound]", "buy a loudspeaker")


def _lacking() -> Check:
    return Check("Qt", "missing", "gone", "install it", needed=True)


def _broken_check() -> Check:
    raise RuntimeError("of its own")


def test_warnings_do_not_stop_the_demo_but_missing_needs_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.report(as_json=False, checks=(_fine, _warned, _broken_check)) == 0
    out = capsys.readouterr().out
    assert "no [sound]" in out
    assert "of its own" in out
    assert "The demo can run here" in out
    assert doctor.report(as_json=True, checks=(_fine, _lacking)) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["can_run_demo"] is False
    assert [c["state"] for c in found["checks"]] == ["ok", "missing"]


def test_on_this_machine_every_check_says_something() -> None:
    found = list(doctor.run_checks())
    assert len(found) == len(doctor.CHECKS)
    for check in found:
        assert check.found, check.name
        assert "could not be looked at" not in check.found, check
        assert check.todo or check.state == "ok", check


@pytest.mark.parametrize(
    ("there", "result", "said", "state", "words"),
    [
        ("", None, "", "warn", "stride-impact[audio]"),
        ("6.11.3", None, "libpulse.so.0: cannot open", "warn", "libpulse0"),
        ("6.11.3", {"outputs": []}, "", "warn", "Connect speakers"),
        ("6.11.3", {"outputs": ["Loudspeaker"]}, "", "ok", ""),
    ],
)
def test_sound_says_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, there: str, result: dict[str, Any] | None, said: str, state: str, words: str
) -> None:
    monkeypatch.setattr(machine, "installed", lambda _name: there)
    monkeypatch.setattr(machine, "probe_audio", lambda: (result, said))
    check = doctor.audio_check()
    assert (check.state, check.needed) == (state, False)
    assert words in check.todo
