"""A link in real time, for as long as a test wants it."""

from __future__ import annotations

import asyncio

from imu.acquisition.ble import BleakTransport
from imu.acquisition.link import Link, Target
from imu.acquisition.profiles import get_profile
from imu.acquisition.scan import find
from imu.acquisition.simulation import Simulation
from imu.acquisition.source import WireFormat
from imu.acquisition.virtual.world import SensorSpec

SPEC = SensorSpec("open_packet", Simulation(), interval_s=0.015)


async def target_from(transport: BleakTransport) -> Target:
    found = await find(transport, "first", seconds=5.0)
    profile = get_profile(found.profiles[0])
    return Target(found.handle, profile, profile.choose())  # type: ignore[arg-type]


async def stream(transport, target, seconds, trouble=None):
    """Packets of a link that is cancelled after so long, and its report."""
    packets = []
    link = Link(transport, target)
    task = asyncio.ensure_future(link.run(packets.append))
    async with asyncio.timeout(20.0 + 10.0 * seconds):
        while not packets:
            assert not task.done(), task.exception()
            await asyncio.sleep(0.01)
        await asyncio.sleep(seconds)
        if trouble is not None:
            await trouble()
            await asyncio.sleep(0.1)
            while len(packets) < 10 or not link.report.reconnects:
                await asyncio.sleep(0.01)
            await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return packets, link.report


def decoded(packets):
    decoder = WireFormat.of("open_packet").decoder(None)
    blocks = [block for packet in packets for block in decoder.push(packet)]
    return decoder, blocks
