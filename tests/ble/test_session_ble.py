"""A whole session over the virtual radio: what the user sees of it."""

import asyncio

import pytest

from imu import api
from imu.acquisition.simulation import Simulation
from imu.acquisition.virtual.source import VirtualSource
from imu.acquisition.virtual.world import SensorSpec
from imu.api import Session
from imu.settings import Settings
from imu.types import LinkState, Quality


def test_packets_that_cannot_be_read_are_said():
    seen = []

    async def look(_):
        await asyncio.sleep(6.0)
        seen.append(session.status())

    spec = SensorSpec("movesense", Simulation(), max_mtu=23)
    source = VirtualSource(spec, duration_s=8.0, realtime=False, script=look)
    session = Session(source, Settings(), name="virtual")
    with session:
        assert session.wait(30.0)
    (status,) = seen
    assert status.state is LinkState.STALLED
    assert "none could be read: the profile does not fit" in status.detail
    assert status.decode_errors >= 20
    assert status.received == 0


@pytest.mark.parametrize("range_g", [2, 16])
def test_a_range_that_can_only_be_asked_for_is_and_clipping_is_flagged(range_g, tmp_path):
    runner = Simulation(standing_s=3.0, walking_s=0.0)
    spec = SensorSpec("movesense", runner, {"sensors": 6}, firmware={"acc_range_g": range_g})
    source = VirtualSource(spec, duration_s=12.0, realtime=False)
    path = tmp_path / "run.stride"
    session = Session(source, Settings().with_suggestions(runner.suggested()), name="virtual", out=path)
    assert source.info.acc_range_g is None  # the protocol cannot set it
    with session:
        assert session.wait(250.0)
    clipped = [s for s in session.steps() if Quality.SATURATED in s.quality]
    assert (session.status().clipped > 20) == (len(clipped) > 5) == (range_g == 2)
    recording = api.read(path)
    assert recording.stream.acc_range_g == range_g
    assert [s.as_dict() for s in api.analyze(recording).steps] == [s.as_dict() for s in session.steps()]
