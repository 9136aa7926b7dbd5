"""org.bluez on a private message bus, with virtual sensors in its air: bleak's own Linux back end talks to it.

Only what bleak asks for: ObjectManager, Properties, Adapter1 (discovery), Device1 (connect), GattCharacteristic1 (read,
write, StartNotify). As in bluetoothd a notification session belongs to the client that asked for it and lives until its
connection to the bus ends: who reconnects without letting go hears every value twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bleak.assigned_numbers import gatt_char_props_to_strs
from bumble.att import ATT_Error
from bumble.device import Connection, Device, Peer
from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from imu.acquisition.virtual.air import Air
from imu.acquisition.virtual.backend import advertised, u128
from imu.acquisition.virtual.world import SensorSpec, VirtualSensor, central_on, sensors_on

ADAPTER, DEVICE = "org.bluez.Adapter1", "org.bluez.Device1"
SERVICE, CHARACTERISTIC = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"
OBJECTS, PROPERTIES = "org.freedesktop.DBus.ObjectManager", "org.freedesktop.DBus.Properties"
HCI0 = "/org/bluez/hci0"


class BluezError(Exception):
    """An answer that is an error of BlueZ: its name and its text."""


class FakeBluez:
    """The service; `powered` and `refuse_connect` make trouble."""

    def __init__(self, bus: MessageBus, central: Device) -> None:
        self.bus = bus
        self.central = central
        self.refuse_connect: tuple[str, str] | None = None
        self._objects: dict[str, dict[str, dict[str, Variant]]] = {}
        self._addresses: dict[str, Any] = {}
        self._connections: dict[str, Connection] = {}
        self._remote: dict[str, Any] = {}
        self._listeners: dict[str, set[str]] = defaultdict(set)
        self._tasks: set[asyncio.Task[None]] = set()
        bus.add_message_handler(self._on_message)
        central.on(Device.EVENT_ADVERTISEMENT, self._on_advertisement)

    def plug_in(self, *, powered: bool = True) -> None:
        """Add the adapter."""
        self._add(HCI0, ADAPTER, Address=("s", "00:00:5E:00:53:01"), Powered=("b", powered), Discovering=("b", False),
                  Roles=("as", ["central"]), Name=("s", "fake"), Alias=("s", "fake"), UUIDs=("as", []))  # fmt: skip

    def power(self, *, on: bool) -> None:
        """Switch the adapter on or off."""
        self._change(HCI0, ADAPTER, Powered=("b", on))

    async def hold(self) -> None:
        """Connect to the one device in range for another program."""
        await self.central.start_scanning()
        while not self._addresses:
            await asyncio.sleep(0.01)
        await self.central.stop_scanning()
        (path,) = self._addresses
        await self._open(path)

    async def close(self) -> None:
        """End the service."""
        for task in self._tasks:
            task.cancel()
        self.bus.disconnect()
        await self.bus.wait_for_disconnect()

    # -- objects -----------------------------------------------------------------------------------------------------

    def _signal(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        self.bus.send(
            Message(
                message_type=MessageType.SIGNAL,
                path=path,
                interface=interface,
                member=member,
                signature=signature,
                body=body,
            )
        )

    def _add(self, path: str, interface: str, **values: tuple[str, Any]) -> None:
        if path not in self._objects:
            self._objects[path] = {interface: {k: Variant(*v) for k, v in values.items()}}
            self._signal("/", OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [path, self._objects[path]])

    def _change(self, path: str, interface: str, **values: tuple[str, Any]) -> None:
        changed = {k: Variant(*v) for k, v in values.items()}
        self._objects[path][interface].update(changed)
        self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, changed, []])

    def _on_advertisement(self, advertisement: Any) -> None:
        name, services, makers = advertised(advertisement.data)
        address = advertisement.address.to_string(False).upper()
        path = f"{HCI0}/dev_{address.replace(':', '_')}"
        self._addresses[path] = advertisement.address
        if path in self._objects:
            self._change(path, DEVICE, RSSI=("n", advertisement.rssi))
            return
        maker_values = {k: Variant("ay", v) for k, v in makers.items()}
        self._add(path, DEVICE, Address=("s", address), AddressType=("s", "random"), Alias=("s", name or address),
                  Name=("s", name or address), Paired=("b", False), Connected=("b", False), Adapter=("o", HCI0),
                  ServicesResolved=("b", False), UUIDs=("as", services), RSSI=("n", advertisement.rssi),
                  ManufacturerData=("a{qv}", maker_values))  # fmt: skip

    # -- methods -----------------------------------------------------------------------------------------------------

    def _on_message(self, message: Message) -> Message | bool | None:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _, owner = message.body
            if not owner:
                for listeners in self._listeners.values():
                    listeners.discard(name)
            return None
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.interface == OBJECTS:
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._objects])
        if message.path not in self._objects:
            return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownObject", "no such object")
        task = asyncio.get_running_loop().create_task(self._answer(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _answer(self, message: Message) -> None:
        try:
            method = getattr(self, f"_{message.member}")
            value = await method(message)
        except BluezError as error:
            reply = Message.new_error(message, f"org.bluez.Error.{error.args[0]}", error.args[1])
        except ATT_Error as error:
            reply = Message.new_error(message, "org.bluez.Error.Failed", f"ATT error: 0x{error.error_code:02x}")
        else:
            signature = "" if value is None else "ay"
            reply = Message.new_method_return(message, signature, [] if value is None else [value])
        if self.bus.connected:
            self.bus.send(reply)

    async def _SetDiscoveryFilter(self, _: Message) -> None: ...  # noqa: N802  (D-Bus names)

    async def _StartDiscovery(self, _: Message) -> None:  # noqa: N802
        if not self._objects[HCI0][ADAPTER]["Powered"].value:
            raise BluezError("NotReady", "Resource Not Ready")
        await self.central.start_scanning()
        self._change(HCI0, ADAPTER, Discovering=("b", True))

    async def _StopDiscovery(self, _: Message) -> None:  # noqa: N802
        await self.central.stop_scanning()
        self._change(HCI0, ADAPTER, Discovering=("b", False))

    async def _Connect(self, message: Message) -> None:  # noqa: N802
        path = message.path or ""
        if self.refuse_connect is not None:
            raise BluezError(*self.refuse_connect)
        await self._open(path)

    async def _open(self, path: str) -> None:
        connection = await self.central.connect(self._addresses[path], timeout=20)
        self._connections[path] = connection
        connection.on(Connection.EVENT_DISCONNECTION, lambda _: self._gone(path))
        self._change(path, DEVICE, Connected=("b", True))
        await self._resolve(path, Peer(connection))

    def _gone(self, path: str) -> None:
        del self._connections[path]
        self._remote = {p: r for p, r in self._remote.items() if not p.startswith(path)}
        self._change(path, DEVICE, Connected=("b", False), ServicesResolved=("b", False))

    async def _Disconnect(self, message: Message) -> None:  # noqa: N802
        connection = self._connections.get(message.path or "")
        if connection is None:
            raise BluezError("NotConnected", "Not Connected")
        await connection.disconnect()

    async def _resolve(self, path: str, peer: Peer) -> None:
        await peer.request_mtu(247)
        await peer.discover_services()
        for service in peer.services:
            at = f"{path}/service{service.handle:04x}"
            self._add(at, SERVICE, UUID=("s", u128(service.uuid)), Device=("o", path), Primary=("b", True))
            await service.discover_characteristics()
            for found in service.characteristics:
                own = f"{at}/char{found.handle:04x}"
                self._remote[own] = found
                flags = list(gatt_char_props_to_strs(int(found.properties)))
                self._add(own, CHARACTERISTIC, UUID=("s", u128(found.uuid)), Service=("o", at), Flags=("as", flags),
                          Value=("ay", b""), MTU=("q", 247))  # fmt: skip
                await found.discover_descriptors()
                if self._listeners[own]:  # sessions of clients that never let go
                    await self._subscribe(own)
        uuids = [u128(service.uuid) for service in peer.services]
        self._change(path, DEVICE, ServicesResolved=("b", True), UUIDs=("as", uuids))

    async def _subscribe(self, path: str) -> None:
        def value(data: bytes) -> None:
            for _ in self._listeners[path]:
                self._change(path, CHARACTERISTIC, Value=("ay", bytes(data)))

        await self._remote[path].subscribe(value)

    async def _StartNotify(self, message: Message) -> None:  # noqa: N802
        path = message.path or ""
        if not self._listeners[path]:
            await self._subscribe(path)
        self._listeners[path].add(message.sender or "")

    async def _ReadValue(self, message: Message) -> bytes:  # noqa: N802
        return bytes(await self._remote[message.path or ""].read_value())

    async def _WriteValue(self, message: Message) -> None:  # noqa: N802
        value, options = message.body
        wait = options["type"].value != "command"
        await self._remote[message.path or ""].write_value(bytes(value), with_response=wait)


@asynccontextmanager
async def private_bus() -> AsyncIterator[str]:
    """A dbus-daemon of our own, in the place of the system's for everybody in this process."""
    with tempfile.TemporaryDirectory(prefix="bluez-") as folder:
        address = f"unix:path={Path(folder) / 'bus'}"
        daemon = await asyncio.create_subprocess_exec(
            *("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}", "--print-address"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        before = os.environ.get("DBUS_SYSTEM_BUS_ADDRESS")
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = address
        try:
            assert daemon.stdout is not None
            await daemon.stdout.readline()
            yield address
        finally:
            os.environ.pop("DBUS_SYSTEM_BUS_ADDRESS")
            if before is not None:
                os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = before
            with contextlib.suppress(ProcessLookupError):
                daemon.terminate()
            await daemon.communicate()


@asynccontextmanager
async def fake_bluez(specs: list[SensorSpec]) -> AsyncIterator[tuple[FakeBluez, list[VirtualSensor]]]:
    """The service on a bus of its own, with sensors around."""
    air = Air()
    async with private_bus(), sensors_on(air, specs) as sensors:
        bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        service = FakeBluez(bus, await central_on(air))
        await bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=["type='signal',member='NameOwnerChanged'"],
            )
        )
        await bus.request_name("org.bluez")
        try:
            yield service, sensors
        finally:
            await service.close()
