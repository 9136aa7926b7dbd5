"""bleak's Linux back end with the real bluetoothd and kernel; collected by `make test-bluez` only."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager

import pytest
from ble.streaming import SPEC, decoded, stream, target_from
from bumble.transport import open_transport
from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.auth import AuthExternal

from imu.acquisition.ble import BleakTransport
from imu.acquisition.virtual.air import Air, AirController
from imu.acquisition.virtual.world import sensors_on
from imu.types import LINK_RESTORED

PORT = os.environ.get("STRIDE_BLUEZ_ADAPTER", "")
pytestmark = pytest.mark.skipif(not PORT, reason="needs the virtual machine of `make test-bluez`")


@asynccontextmanager
async def adapter_in_the_kernel():
    """Sensors in the air of the kernel's own adapter."""
    air = Air()
    async with await open_transport(f"tcp-client:127.0.0.1:{PORT}") as hci, sensors_on(air, [SPEC]) as sensors:
        AirController("adapter", host_source=hci.source, host_sink=hci.sink, link=air)
        await switch_on()
        yield sensors[0]


async def switch_on():
    """Wait until bluetoothd has taken the adapter, and switch it on; an emulated machine takes its time."""
    bus = await MessageBus(bus_type=BusType.SYSTEM, auth=AuthExternal(uid=0)).connect()
    said = ""
    try:
        async with asyncio.timeout(60.0):
            while True:
                reply = await bus.call(
                    Message(
                        destination="org.bluez",
                        path="/org/bluez/hci0",
                        interface="org.freedesktop.DBus.Properties",
                        member="Set",
                        signature="ssv",
                        body=["org.bluez.Adapter1", "Powered", Variant("b", True)],
                    )
                )
                if reply.message_type is MessageType.METHOD_RETURN:
                    return
                said = f"{reply.error_name} {reply.body}"
                await asyncio.sleep(0.5)
    except TimeoutError:
        pytest.fail(f"bluetoothd does not switch the adapter on: {said}")
    finally:
        bus.disconnect()


def test_it_streams_survives_a_lost_link_hears_nothing_twice_and_is_told_to_stop():
    async def main():
        async with adapter_in_the_kernel() as sensor:
            transport = BleakTransport()
            target = await target_from(transport)
            return *await stream(transport, target, 4.0, sensor.peripheral.drop), sensor

    packets, report, sensor = asyncio.run(main())
    decoder, blocks = decoded(packets)
    print(f"{decoder.received} samples received, {decoder.lost} missing in {report.reconnects} gap")
    assert report.firmware == "virtual 1.0"
    assert report.reconnects == 1
    assert [p.characteristic for p in packets].count(LINK_RESTORED) == 1
    assert decoder.duplicates == decoder.errors == 0
    assert sensor.peripheral.overflowed or sum(b.gap_before > 0 for b in blocks) == 1
    assert decoder.received > 800
    assert not sensor.firmware.streaming
