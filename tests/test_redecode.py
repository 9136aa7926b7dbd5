"""A sensor that was not set as noted: it is said, and its stored packets are read rightly afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from redecode_tools import mislabel, record_at

from imu import api
from imu.cli import main

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
