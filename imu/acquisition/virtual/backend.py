"""bleak's back end over a bumble central: `BleakScanner` and `BleakClient` take these classes as `backend`."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, TypeVar, cast

from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble.att import ATT_Error
from bumble.core import UUID, AdvertisingData
from bumble.core import TimeoutError as BumbleTimeoutError
from bumble.device import Connection, Device, Peer

T = TypeVar("T")

_SERVICE_LISTS = (
    AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)


def backends(central: Device, *, mtu: int = 517) -> tuple[type[BaseBleakScanner], type[BaseBleakClient]]:
    """Scanner and client class of one bumble central that is switched on."""

    class VirtualScanner(_Scanner):
        _central = central
        _open: ClassVar[set[_Scanner]] = set()
        _turn: ClassVar[asyncio.Lock] = asyncio.Lock()

    class VirtualClient(_Client):
        _central = central
        _mtu = mtu

    return VirtualScanner, VirtualClient


def u128(short_or_long: UUID) -> str:
    """Return a UUID as bleak writes it."""
    return str(uuid.UUID(bytes=short_or_long.to_bytes(force_128=True)[::-1]))


def advertised(data: AdvertisingData) -> tuple[str | None, list[str], dict[int, bytes]]:
    """Name, services and manufacturer data of an advertisement."""
    name = data.get(AdvertisingData.COMPLETE_LOCAL_NAME) or data.get(AdvertisingData.SHORTENED_LOCAL_NAME)
    services = [
        u128(u) for kind in _SERVICE_LISTS for group in cast(list[list[UUID]], data.get_all(kind)) for u in group
    ]
    makers = {k: bytes(v) for k, v in data.get_all(AdvertisingData.MANUFACTURER_SPECIFIC_DATA)}
    return (str(name) if name else None), services, makers


class _Scanner(BaseBleakScanner):
    """One of perhaps several that listen at once: the controller scans while there is any."""

    _central: Device
    _open: ClassVar[set[_Scanner]]
    _turn: ClassVar[asyncio.Lock]

    def __init__(self, detection_callback: Any, service_uuids: Any, scanning_mode: str, **_: Any) -> None:
        super().__init__(detection_callback, service_uuids)
        self._is_active = scanning_mode == "active"

    async def start(self) -> None:
        self.seen_devices = {}
        self._central.on(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        async with self._turn:
            self._open.add(self)
            if not self._central.scanning:
                await self._central.start_scanning(active=self._is_active)

    async def stop(self) -> None:
        self._central.remove_listener(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        async with self._turn:
            self._open.discard(self)
            if not self._open:
                await self._central.stop_scanning()

    def _on_advertisement(self, advertisement: Any) -> None:
        name, services, makers = advertised(advertisement.data)
        data = AdvertisementData(
            local_name=name,
            manufacturer_data=makers,
            service_data={},
            service_uuids=services,
            tx_power=None,
            rssi=advertisement.rssi,
            platform_data=(advertisement,),
        )
        if self.is_allowed_uuid(services):
            address = advertisement.address.to_string(False)
            device = self.create_or_update_device(address, address, name, advertisement.address, data)
            self.call_detection_callbacks(device, data)


class _Client(BaseBleakClient):
    _central: Device
    _mtu: int

    def __init__(self, address_or_ble_device: BLEDevice | str, services: Any = None, **kwargs: Any) -> None:
        super().__init__(
            address_or_ble_device,
            disconnected_callback=kwargs["disconnected_callback"],
            timeout=kwargs["timeout"],
        )
        self._device = address_or_ble_device if isinstance(address_or_ble_device, BLEDevice) else None
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._forwarders: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        return (self._device.name if self._device else None) or self.address

    @property
    def mtu_size(self) -> int:
        return int(self._connected().att_mtu)

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool = False, **_: Any) -> None:
        if self._device is None:
            raise BleakDeviceNotFoundError(self.address, f"Device {self.address} was not found.")
        async with asyncio.timeout(self._timeout):
            self._connection = connection = await self._open()
            connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
            try:
                self._peer = Peer(connection)
                await self._answer(self._peer.request_mtu(self._mtu))
                await self._answer(self._discover(self._peer))
            except BaseException:
                with contextlib.suppress(Exception):
                    await connection.disconnect()
                raise

    async def _open(self) -> Connection:
        """Connect, and clean the controller up when the caller gives up."""
        assert self._device is not None  # the caller has looked
        connecting = asyncio.ensure_future(self._central.connect(self._device.details, timeout=None))
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):
                await self._central.cancel_connection()  # type: ignore[no-untyped-call]
            connecting.add_done_callback(lambda done: done.cancelled() or done.exception())
            raise

    async def _discover(self, peer: Peer) -> None:
        found = BleakGATTServiceCollection()
        await peer.discover_services()
        for service in peer.services:
            made = BleakGATTService(service, service.handle, u128(service.uuid))
            found.add_service(made)
            await service.discover_characteristics()
            for characteristic in service.characteristics:
                owner = BleakGATTCharacteristic(
                    characteristic,
                    characteristic.handle,
                    u128(characteristic.uuid),
                    list(gatt_char_props_to_strs(int(characteristic.properties))),
                    lambda: self.mtu_size - 3,
                    made,
                )
                found.add_characteristic(owner)
                await characteristic.discover_descriptors()
                for d in characteristic.descriptors:
                    found.add_descriptor(BleakGATTDescriptor(d, d.handle, u128(d.type), owner))
        self.services = found

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = self._peer = None
        self._forwarders.clear()
        if self._disconnected_callback:
            self._disconnected_callback()

    async def disconnect(self) -> None:
        if self._connection is not None:
            await self._connection.disconnect()

    async def pair(self, *_: Any, **__: Any) -> None:
        await self._connected().pair()

    async def unpair(self) -> None:
        raise NotImplementedError

    def _connected(self) -> Connection:
        if self._connection is None:
            raise BleakError("Not connected")
        return self._connection

    async def _answer(self, request: Awaitable[T]) -> T:
        """Wait for an answer; what bumble raises becomes what bleak raises."""
        try:
            return await request
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except BumbleTimeoutError as error:
            raise BleakError("GATT time-out") from error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            # bumble cancels a request whose link has died
            raise BleakError("Not connected") from None

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        self._connected()
        return bytearray(await self._answer(characteristic.obj.read_value()))

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_: Any) -> bytearray:
        self._connected()
        return bytearray(await self._answer(descriptor.obj.read_value()))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: Any, response: bool) -> None:
        self._connected()
        await self._answer(characteristic.obj.write_value(bytes(data), with_response=response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: Any) -> None:
        self._connected()
        await self._answer(descriptor.obj.write_value(bytes(data), with_response=True))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: Callable[[bytearray], None], **_: Any
    ) -> None:
        self._connected()
        if characteristic.handle in self._forwarders:
            raise BleakError("Characteristic notifications already started")

        def forward(value: bytes) -> None:
            callback(bytearray(value))

        self._forwarders[characteristic.handle] = forward
        await self._answer(characteristic.obj.subscribe(forward))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        self._connected()
        forward = self._forwarders.pop(characteristic.handle, None)
        if forward is not None:
            await self._answer(characteristic.obj.unsubscribe(forward))
