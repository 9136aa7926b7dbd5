"""A whole session over the virtual radio: what the user sees of it."""

import asyncio

from imu.acquisition.simulation import Simulation
from imu.acquisition.virtual.source import VirtualSource
from imu.acquisition.virtual.world import SensorSpec
from imu.api import Session
from imu.settings import Settings
from imu.types import LinkState


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
