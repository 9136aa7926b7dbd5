"""The radio of this computer, through bleak.

Traps that this module takes care of (all seen with bleak 3.1):

- bleak wants one event loop for the life of the program, and on Windows a thread without a window: see `radio`.
- A device is connected by the object that the scan gave, never by its address.
- On BlueZ notifications come as signals (StartNotify), which queue; the socket of AcquireNotify drops what does not
  fit when the loop stands still for 0.2 s.
- On macOS a write that crosses another one to the same characteristic never returns: one lock per connection, and a
  time-out on every command.
- After any loss of the link `disconnect` is called before connecting anew, or BlueZ delivers everything twice.
- An adapter opens one connection at a time: a second attempt beside it is refused, or ends the first.
- Callbacks are plain functions: bleak makes one task per notification of a coroutine, and tasks may overtake.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_str

from imu.acquisition.ble_errors import explain
from imu.acquisition.profiles import get_profile, profile_names
from imu.acquisition.transport import Advert, OnData
from imu.errors import ImuError, WrongDeviceError

_log = logging.getLogger(__name__)

COMMAND_S: Final = 5.0
CONNECT_S: Final = 30.0
_DISCONNECT_S: Final = 10.0
"""BlueZ takes more than two seconds to let go."""
_HELD_S: Final = 2.0
_EVERYWHERE: Final = ("1800", "1801", "180a", "180f")
"""Services that a system is asked by for what it is connected to: generic access, attributes, information, charge."""

_FORESEEN: Final = (BleakError, OSError, TimeoutError, EOFError, AssertionError)
"""What bleak's back ends raise; AssertionError: CoreBluetooth, when the link dies within a call."""

T = TypeVar("T")


class BleakTransport:
    """Scans and connects with bleak.

    Parameters
    ----------
    scanner_backend, client_backend, adapter_backend : class or None
        Other back ends than the system's own: the virtual radio. With a scanner of its own and no adapter, the system
        is not asked what it is connected to.
    now_ns : callable
        Clock of the arrivals.
    """

    def __init__(
        self,
        *,
        scanner_backend: type[Any] | None = None,
        client_backend: type[Any] | None = None,
        adapter_backend: type[Any] | None = None,
        now_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self._scanner_backend = scanner_backend
        self._client_backend = client_backend
        self._adapter_backend = adapter_backend
        self._own: set[str] = set()
        self.now_ns = now_ns
        self._connecting = asyncio.Lock()

    @asynccontextmanager
    async def scan(self, on_advert: Callable[[Advert], None]) -> AsyncIterator[None]:
        """Listen for advertisements while the context is open.

        Raises
        ------
        DeviceError
            No adapter, switched off, no permission.
        """

        def seen(device: BLEDevice, data: AdvertisementData) -> None:
            on_advert(_advert(device, data))

        try:
            scanner = BleakScanner(seen, backend=self._scanner_backend)
            await scanner.start()
        except _FORESEEN as error:
            raise explain(error) from error
        try:
            yield
        finally:
            with contextlib.suppress(*_FORESEEN):
                await scanner.stop()

    async def held(self) -> list[Advert]:
        """Return devices that this computer is connected to already, but not through here.

        Another program holds them, or the system itself does because they are paired: they may not advertise. Asked is
        the system; what it does not tell is not known, so an error is no trouble here.
        """
        if self._scanner_backend is not None and self._adapter_backend is None:
            return []
        services = [normalize_uuid_str(u) for u in _EVERYWHERE] + _services()
        try:
            async with asyncio.timeout(_HELD_S):
                adapter = await BleakAdapter.get(backend=self._adapter_backend)
                devices = await adapter.get_connected_devices(services)
        except (*_FORESEEN, NotImplementedError) as error:  # bleak raises the last where a system cannot be asked
            _log.info("what this computer is connected to is not known: %r", error)
            return []
        return [Advert(d, d.address, d.name, _uuids(d)) for d in devices if d.address not in self._own]

    async def connect(
        self, advert: Advert, on_lost: Callable[[], None], *, patience_s: float | None = None
    ) -> BleakConnection:
        """Connect to a device that a scan has found.

        Raises
        ------
        DeviceError
            It is gone, held by another program, or does not answer.
        """
        name = advert.name or advert.address
        target = advert.handle if isinstance(advert.handle, BLEDevice) else advert.address
        patience_s = CONNECT_S if patience_s is None else patience_s
        client = BleakClient(target, lambda _: on_lost(), timeout=patience_s, backend=self._client_backend)
        connection = BleakConnection(client, name, self.now_ns, lambda: self._own.discard(advert.address))
        self._own.add(advert.address)
        try:
            async with self._connecting, asyncio.timeout(patience_s):
                await client.connect()
        except _FORESEEN as error:
            await connection.disconnect()
            raise explain(error, name) from error
        except asyncio.CancelledError:
            await connection.disconnect()
            raise
        return connection


class BleakConnection:
    """One connected client; every command holds the lock and has a time-out."""

    def __init__(
        self, client: BleakClient, name: str, now_ns: Callable[[], int], on_end: Callable[[], None] = lambda: None
    ) -> None:
        self._on_end = on_end
        self._client = client
        self._name = name
        self._now_ns = now_ns
        self._lock = asyncio.Lock()

    @property
    def characteristics(self) -> frozenset[str]:
        """UUIDs that the device has."""
        return frozenset(c.uuid.lower() for c in self._client.services.characteristics.values())

    async def read(self, characteristic: str) -> bytes:
        """Return the value of a characteristic."""
        return bytes(await self._do(lambda: self._client.read_gatt_char(self._find(characteristic))))

    async def write(self, characteristic: str, data: bytes, *, response: bool) -> None:
        """Write a value."""
        await self._do(lambda: self._client.write_gatt_char(self._find(characteristic), data, response=response))

    async def subscribe(self, characteristic: str, on_data: OnData) -> None:
        """Call back for every notification or indication from now on."""
        now_ns = self._now_ns

        def arrived(_: BleakGATTCharacteristic, data: bytearray) -> None:
            on_data(now_ns(), bytes(data))

        await self._do(
            lambda: self._client.start_notify(self._find(characteristic), arrived, bluez={"use_start_notify": True})
        )

    async def disconnect(self) -> None:
        """Let go; never raises, and is needed after a lost link too."""
        try:
            async with asyncio.timeout(_DISCONNECT_S):
                await self._client.disconnect()
        except _FORESEEN as error:
            _log.info("disconnecting from %s: %r", self._name, error)
        finally:
            self._on_end()

    def _find(self, uuid: str) -> BleakGATTCharacteristic:
        # WitMotion's UUIDs look like assigned ones but are not: always all 128 bits.
        services = self._client.services
        found = next((c for c in services.characteristics.values() if c.uuid.lower() == uuid), None)
        if found is None:
            raise WrongDeviceError(
                f"{self._name} has no characteristic {uuid}.", hint="Choose another profile, or look at its firmware."
            )
        return found

    async def _do(self, command: Callable[[], Awaitable[T]]) -> T:
        try:
            async with self._lock, asyncio.timeout(COMMAND_S):
                return await command()
        except _FORESEEN as error:
            raise explain(error, self._name) from error


def _services() -> list[str]:
    """Services of the profiles: some sensors have none of the usual ones."""
    found = []
    for name in profile_names():
        with contextlib.suppress(ImuError):  # `stride profiles list` tells of a file that is wrong
            found.append(get_profile(name).gatt.service)
    return found


def _uuids(device: BLEDevice) -> tuple[str, ...]:
    """Services of a connected device, where the system says them (BlueZ)."""
    details = device.details
    props = details.get("props") if isinstance(details, dict) else None
    return tuple(u.lower() for u in props.get("UUIDs", ())) if isinstance(props, dict) else ()


def _advert(device: BLEDevice, data: AdvertisementData) -> Advert:
    return Advert(
        handle=device,
        address=device.address,
        name=data.local_name or device.name,
        services=tuple(u.lower() for u in data.service_uuids),
        company_ids=tuple(data.manufacturer_data),
        rssi_dbm=data.rssi,
    )
