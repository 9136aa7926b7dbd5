"""A peripheral with a GATT server: advertises, is connected, notifies. What it does is its firmware's business."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol

from bumble import data_types
from bumble.att import ATT_Error, ErrorCode
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address
from bumble.host import Host

from imu.acquisition.virtual.air import Air, AirController

_QUEUE: Final = 12
"""Notifications that a small sensor can hold back; what comes then is lost at the source."""
_ADVERTISE_MS: Final = 50


class Entry(NamedTuple):
    """One characteristic: its UUID, what can be done with it, and its first value."""

    uuid: str
    does: str  # of the letters r(ead), w(rite), c(ommand: write without response), n(otify), i(ndicate)
    value: bytes = b""


class Firmware(Protocol):
    """What a sensor does.

    Attributes
    ----------
    services : dict
        Service UUID to its characteristics.
    """

    services: dict[str, Sequence[Entry]]

    def attach(self, peripheral: Peripheral) -> None:
        """Take the peripheral, which notifies; called once."""

    def connected(self) -> None:
        """Hear that a central has connected."""

    def disconnected(self) -> None:
        """Hear that the central has gone."""

    def subscribed(self, uuid: str) -> None:
        """Hear that notifications of a characteristic were switched on."""

    async def written(self, uuid: str, data: bytes) -> None:
        """Take what was written."""


class Peripheral:
    """One virtual sensor on the air.

    Parameters
    ----------
    air : Air
    firmware : Firmware
    name, address : str
    max_mtu : int
        23 = the smallest that Bluetooth allows.
    advertised : sequence of str
        Service UUIDs in the advertisement.
    company_id : int or None
    """

    def __init__(
        self,
        air: Air,
        firmware: Firmware,
        *,
        name: str,
        address: str,
        max_mtu: int = 247,
        advertised: Sequence[str] = (),
        company_id: int | None = None,
    ) -> None:
        self.name = name
        self.address = address
        self.air = air
        self.firmware = firmware
        self.overflowed = 0
        self.deaf = False
        self._connection: Connection | None = None
        self._device = Device(name=name, address=Address(address), host=Host())
        self._device.host.controller = AirController(name, link=air)
        self._device.gatt_server.max_mtu = max_mtu
        self._device.advertising_interval_min = self._device.advertising_interval_max = _ADVERTISE_MS
        self._characteristics: dict[str, Characteristic[Any]] = {}
        self._values: dict[str, bytes] = {}
        self._device.add_services([self._service(u, entries) for u, entries in firmware.services.items()])
        self._device.advertising_data = _advertisement(name, advertised, company_id)
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)
        firmware.attach(self)

    async def power_on(self) -> None:
        """Switch on and advertise."""
        await self._device.power_on()
        await self._device.start_advertising(auto_restart=True)

    async def power_off(self) -> None:
        """Let go of the central and be silent."""
        await self._device.stop_advertising()
        await self.drop()
        await self._device.power_off()

    @property
    def is_connected(self) -> bool:
        """Whether a central is connected."""
        return self._connection is not None

    @property
    def mtu(self) -> int:
        """ATT MTU of the present connection."""
        return 23 if self._connection is None else int(self._connection.att_mtu)

    async def drop(self) -> None:
        """End the connection from this side."""
        if self._connection is not None:
            await self._connection.disconnect()

    async def notify(self, uuid: str, data: bytes) -> bool:
        """Send a notification; False = not sent, because nobody listens or the queue is full."""
        connection = self._connection
        if connection is None:
            return False
        queue = self._device.host.le_acl_packet_queue
        if queue is not None and queue.pending >= _QUEUE:
            self.overflowed += 1
            return False
        characteristic = self._characteristics[uuid]
        if Characteristic.Properties.INDICATE in characteristic.properties:
            # not awaited: the confirmation must not hold up the firmware
            asyncio.get_running_loop().create_task(
                self._device.gatt_server.indicate_subscriber(connection, characteristic, data)
            )
        else:
            await self._device.gatt_server.notify_subscriber(connection, characteristic, data)
        return True

    def set_value(self, uuid: str, data: bytes) -> None:
        """Change what is read."""
        self._values[uuid] = data

    # -- GATT --------------------------------------------------------------------------------------------------------

    def _service(self, uuid: str, entries: Sequence[Entry]) -> Service:
        return Service(UUID(uuid), [self._characteristic(entry) for entry in entries])

    def _characteristic(self, entry: Entry) -> Characteristic[Any]:
        p, x = Characteristic.Properties, Characteristic.Permissions
        letters = {
            "r": (p.READ, x.READABLE),
            "w": (p.WRITE, x.WRITEABLE),
            "c": (p.WRITE_WITHOUT_RESPONSE, x.WRITEABLE),
            "n": (p.NOTIFY, x(0)),
            "i": (p.INDICATE, x(0)),
        }
        properties, permissions = p(0), x(0)
        for letter in entry.does:
            properties |= letters[letter][0]
            permissions |= letters[letter][1]
        self._values[entry.uuid] = entry.value

        async def read(_: Connection | None) -> bytes:
            await self._hear()
            if "r" not in entry.does:
                raise ATT_Error(ErrorCode.READ_NOT_PERMITTED)
            return self._values[entry.uuid]

        async def write(_: Connection | None, data: bytes) -> None:
            await self._hear()
            await self.firmware.written(entry.uuid, bytes(data))

        made: Characteristic[Any] = Characteristic(
            UUID(entry.uuid), properties, permissions, CharacteristicValue(read=read, write=write)
        )

        def changed(_: Any, notify: bool, indicate: bool) -> None:
            if notify or indicate:
                self.firmware.subscribed(entry.uuid)

        made.on(Characteristic.EVENT_SUBSCRIPTION, changed)
        self._characteristics[entry.uuid] = made
        return made

    async def _hear(self) -> None:
        """Wait for ever if the sensor is deaf: it takes commands and never answers them."""
        if self.deaf:
            await asyncio.Event().wait()

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
        self.firmware.connected()

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        self.firmware.disconnected()


def _advertisement(name: str, services: Sequence[str], company_id: int | None) -> bytes:
    """31 bytes at most: what does not fit is left out, as real sensors do."""
    parts: list[Any] = [
        data_types.Flags(
            AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
        ),
        data_types.CompleteLocalName(name),
    ]
    for uuid in services:
        short = uuid.endswith("-0000-1000-8000-00805f9b34fb")
        parts.append(
            data_types.CompleteListOf16BitServiceUUIDs([UUID(uuid[4:8])])
            if short
            else data_types.CompleteListOf128BitServiceUUIDs([UUID(uuid)])
        )
    if company_id is not None:
        parts.append(data_types.ManufacturerSpecificData(company_id, b"\0\0"))
    while len(bytes(AdvertisingData(parts))) > 31 and len(parts) > 2:
        parts.pop()
    return bytes(AdvertisingData(parts))
