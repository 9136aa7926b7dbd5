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
from imu.acquisition.scan import find, scan
from imu.acquisition.virtual.air import Air, AirController
from imu.acquisition.virtual.world import sensors_on
from imu.errors import DeviceHeldHereError
from imu.types import LINK_RESTORED

PORT = os.environ.get("STRIDE_BLUEZ_ADAPTER", "")
pytestmark = pytest.mark.skipif(not PORT, reason="needs the virtual machine of `make test-bluez`")


@asynccontextmanager
async def adapter_in_the_kernel():
    """Sensors in the air of the kernel's own adapter."""
    air = Air()
    # Sensors first: the adapter comes with the connection, and the kernel gives up what has no answer in two seconds.
    async with sensors_on(air, [SPEC]) as sensors, await open_transport(f"tcp-client:127.0.0.1:{PORT}") as hci:
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


async def who_asks_for_what_is_held(target):
    """Hold the sensor as one program, and look for it as another; what it is told, and what stays when it is let go."""
    holder, other = BleakTransport(), BleakTransport()
    connection = await holder.connect(target.advert, lambda: None)
    try:
        listed = await scan(other, 5.0)
        with pytest.raises(DeviceHeldHereError) as refused:
            await find(other, "stride", seconds=5.0)
        own = await holder.held()
    finally:
        await connection.disconnect()
    return listed, refused.value, own, await other.held()


def test_it_streams_survives_a_lost_link_hears_nothing_twice_and_is_told_to_stop():
    async def main():
        async with adapter_in_the_kernel() as sensor:
            transport = BleakTransport()
            target = await target_from(transport)
            told = await who_asks_for_what_is_held(target)
            return *await stream(transport, target, 4.0, sensor.peripheral.drop), sensor, told

    packets, report, sensor, (listed, refused, own, after) = asyncio.run(main())
    assert [(s.name, s.profiles[0], s.held) for s in listed if s.held] == [("Stride 01", "open_packet", True)]
    assert "Stride 01 is connected to this computer already" in str(refused)
    assert own == after == []
    print("bluetoothd tells that a sensor is connected, and this program tells whose it is")
    decoder, blocks = decoded(packets)
    print(f"{decoder.received} samples received, {decoder.lost} missing in {report.reconnects} gap")
    assert report.firmware == "virtual 1.0"
    assert report.reconnects == 1
    assert [p.characteristic for p in packets].count(LINK_RESTORED) == 1
    assert decoder.duplicates == decoder.errors == 0
    assert sensor.peripheral.overflowed or sum(b.gap_before > 0 for b in blocks) == 1
    assert decoder.received > 800
    assert not sensor.firmware.streaming
