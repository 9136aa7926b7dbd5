"""Sensors around the computer of a test, and the command line as a user meets it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ble.quiet_bumble import be_quiet
from ble.virtual_radio import VirtualRadio

from imu.acquisition.virtual.world import SensorSpec
from imu.cli import main

collect_ignore = [] if sys.platform.startswith("linux") else ["test_bluez.py"]

be_quiet()

Around = Callable[..., VirtualRadio]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Around]:
    """Put sensors (profiles or specs) and phones around; the program's radio finds them; no library but the test's."""
    monkeypatch.setenv("STRIDE_LIBRARY", str(tmp_path / "own.stride-library"))
    radios: list[VirtualRadio] = []

    def make(*sensors: str | SensorSpec, phones: tuple[str, ...] = ()) -> VirtualRadio:
        specs = [SensorSpec(s) if isinstance(s, str) else s for s in sensors]
        radios.append(VirtualRadio(specs, phones))
        monkeypatch.setattr("imu.acquisition.radio._shared", [radios[-1]])
        return radios[-1]

    yield make
    for radio in radios:
        radio.close()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; return its exit code and what it printed."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(a) for a in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return call
