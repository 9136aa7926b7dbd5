"""bleak's own Linux back end, with a BlueZ of ours behind it; on other systems these tests are not collected."""

from __future__ import annotations

import asyncio
import shutil

import pytest
from ble.fake_bluez import fake_bluez, private_bus
from ble.streaming import SPEC, decoded, stream, target_from

from imu.acquisition.ble import BleakTransport
from imu.acquisition.scan import find, scan
from imu.errors import DeviceBusyError, DeviceNotFoundError, NoAdapterError
from imu.types import LINK_RESTORED

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None, reason="BlueZ lives on a D-Bus: this needs dbus-daemon (apt-get install dbus)"
)


def test_bleaks_linux_back_end_streams_and_survives_a_lost_link_without_hearing_anything_twice():
    async def main():
        async with fake_bluez([SPEC]) as (service, sensors):
            service.plug_in()
            transport = BleakTransport()
            target = await target_from(transport)
            return *await stream(transport, target, 0.6, sensors[0].peripheral.drop), sensors[0]

    packets, report, sensor = asyncio.run(main())
    decoder, blocks = decoded(packets)
    assert report.reconnects == 1
    assert report.firmware == "virtual 1.0"
    assert report.battery_pct == 87.0
    assert [p.characteristic for p in packets].count(LINK_RESTORED) == 1
    assert decoder.duplicates == decoder.errors == 0
    assert sum(b.gap_before > 0 for b in blocks) == 1
    assert decoder.received > 100
    assert not sensor.firmware.streaming


def test_a_sensor_that_another_program_holds_is_listed_and_refused_and_our_own_is_not():
    async def main():
        async with fake_bluez([SPEC]) as (service, _):
            service.plug_in()
            await service.hold()
            transport = BleakTransport()
            listed = await scan(transport, 0.3)
            with pytest.raises(DeviceBusyError, match="Stride 01 is connected to this computer already"):
                await find(transport, "stride", seconds=0.3)
            with pytest.raises(DeviceNotFoundError):
                await find(transport, "first", seconds=0.3, profile="movesense")
            return listed

    (sensor,) = asyncio.run(main())
    assert (sensor.name, sensor.profiles[0], sensor.held, sensor.rssi_dbm) == ("Stride 01", "open_packet", True, None)


def test_what_this_program_holds_itself_is_not_called_held():
    async def main():
        async with fake_bluez([SPEC]) as (service, _):
            service.plug_in()
            transport = BleakTransport()
            target = await target_from(transport)
            connection = await transport.connect(target.advert, lambda: None)
            during, elsewhere = await transport.held(), await BleakTransport().held()
            await connection.disconnect()
            return during, elsewhere, await transport.held()

    during, elsewhere, after = asyncio.run(main())
    assert (during, [a.name for a in elsewhere], after) == ([], ["Stride 01"], [])


@pytest.mark.parametrize(
    ("situation", "kind", "words"),
    [
        ("no service", NoAdapterError, "Bluetooth service does not run"),
        ("no adapter", NoAdapterError, "no Bluetooth adapter"),
        ("switched off", NoAdapterError, "Bluetooth is switched off"),
        ("held", DeviceBusyError, "Stride 01 is held by another program or phone"),
        ("out of range", DeviceNotFoundError, "No movement sensor was found"),
    ],
)
def test_each_trouble_as_bleaks_linux_back_end_tells_it(situation, kind, words):
    async def main():
        if situation == "no service":
            async with private_bus():
                await find(BleakTransport(), "first", seconds=0.3)
            return
        async with fake_bluez([SPEC]) as (service, sensors):
            if situation != "no adapter":
                service.plug_in(powered=situation != "switched off")
            if situation == "out of range":
                sensors[0].leave_range()
                await find(BleakTransport(), "first", seconds=0.3)
            target = await target_from(BleakTransport())
            service.refuse_connect = ("InProgress", "In Progress")
            await BleakTransport().connect(target.advert, lambda: None)

    with pytest.raises(kind) as caught:
        asyncio.run(main())
    assert words in caught.value.message
