"""The virtual radio in real time; most tests of this folder run in virtual time."""

from __future__ import annotations

import asyncio
import time

from ble.streaming import SPEC, decoded, stream, target_from

from imu.acquisition.virtual.world import virtual_world


def test_in_process_in_real_time():
    async def main():
        async with virtual_world([SPEC]) as world:
            target = await target_from(world.transport)
            began = time.perf_counter()
            packets, _ = await stream(world.transport, target, 1.0)
            return packets, time.perf_counter() - began, world.sensors[0]

    packets, took_s, sensor = asyncio.run(main())
    decoder, _ = decoded(packets)
    assert decoder.lost == decoder.errors == 0
    assert 100 <= decoder.received <= took_s * 208 + 16
    assert not sensor.firmware.streaming


def test_two_searches_at_once_do_not_disturb_each_other():
    async def main():
        heard = ([], [])
        async with virtual_world([SPEC]) as world, world.transport.scan(heard[0].append):
            async with world.transport.scan(heard[1].append):
                await asyncio.sleep(0.3)
            before = len(heard[0])
            await asyncio.sleep(0.3)
        return before, len(heard[0]), len(heard[1])

    before, after, other = asyncio.run(main())
    assert other
    assert 0 < before < after
